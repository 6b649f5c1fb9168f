"""The template and the functions' bundles, made again only when what goes into them has changed."""

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
    "lake",
    "planner",
    "frontend/pages/pages.json",
    "requirements.in",
    "requirements.txt",
    "requirements-lake.in",
    "requirements-lake.txt",
    "requirements-planner.in",
    "requirements-planner.txt",
)


def packaged(state: Path, root: Path = build.ROOT) -> tuple[Path, dict[str, Path], str]:
    """
    Have all of them, as of the sources of now.

    Args:
        state: Where the laptop's stack keeps its things; the template is made there.

    Returns:
        The template, the bundles by their handlers' module, and what was done.
    """
    stamp = state / "packaged.json"
    key = _digest(root)
    known = json.loads(stamp.read_text()) if stamp.is_file() else {}
    template = Path(known.get("template", ""))
    bundles = {module: Path(path) for module, path in known.get("bundles", {}).items()}
    there = all(one.is_file() for one in (template, *bundles.values()))
    # Tests of other sources write the bundles to the same place.
    if there and known.get("key") == key and known["digests"] == _digests(bundles):
        return template, bundles, "unchanged"
    template, bundles = build.build(state / "build"), package.bundles("host")
    made = {
        "key": key,
        "digests": _digests(bundles),
        "template": str(template),
        "bundles": {module: str(path) for module, path in bundles.items()},
    }
    stamp.write_text(json.dumps(made))
    return template, bundles, package.sizes(bundles)


def _digests(bundles: dict[str, Path]) -> dict[str, str]:
    return {module: package.digest(path) for module, path in bundles.items()}


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
