"""Where the shared real-world test data lies: beside the project, or where RECOBRO_SHARED says."""

import os
from pathlib import Path

import pytest

SHARED = Path(
    os.environ.get("RECOBRO_SHARED", Path(__file__).resolve().parents[1].parent / "shared")
)

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared test data is not beside this checkout"
)
