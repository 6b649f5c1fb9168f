"""The template and the functions' bundle, made again only when what goes into them has changed."""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from infra import build, package

# Folders and files that ``infra.build`` and ``infra.package`` read.
SOURCES = (
    "app.py",
    "chalicelib",
    "infra",
    "frontend/pages/pages.json",
    "requirements.in",
    "requirements.txt",
)


def packaged(state: Path, root: Path = build.ROOT) -> tuple[Path, Path, str]:
    """
    Have both, as of the sources of now.

    Args:
        state: Where the laptop's stack keeps its things; the template is made there.

    Returns:
        The template, the bundle, and what was done.
    """
    stamp = state / "packaged.json"
    key = _digest(root)
    known = json.loads(stamp.read_text()) if stamp.is_file() else {}
    template, bundle = Path(known.get("template", "")), Path(known.get("bundle", ""))
    there = known.get("key") == key and template.is_file() and bundle.is_file()
    # Tests of other sources write the bundle to the same place.
    if there and known["digest"] == package.digest(bundle):
        return template, bundle, "unchanged"
    template, bundle = build.build(state / "build"), package.bundle("host")
    made = {"key": key, "digest": package.digest(bundle)}
    stamp.write_text(json.dumps(made | {"template": str(template), "bundle": str(bundle)}))
    return template, bundle, f"{bundle.stat().st_size / 1e6:.1f} MB"


def _digest(root: Path) -> str:
    whole = hashlib.sha256(sys.version.encode())
    for path in sorted(_sources(root)):
        whole.update(str(path.relative_to(root)).encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        source = root / name
        if source.is_dir():
            yield from (
                path
                for path in source.rglob("*")
                if path.is_file() and "__pycache__" not in path.parts
            )
        else:
            yield source
