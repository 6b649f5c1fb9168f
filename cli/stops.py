"""``./recobro stops TRACE...``: where somebody stayed, out of recorded trails."""

import argparse
import json
import sys
from pathlib import Path

from chalicelib.geo.stops import find_stops
from chalicelib.tracking import traces


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="TRACE", help=".plt, .rec or .csv; one person's"
    )
    parser.add_argument("--radius-m", type=float, default=100.0, help="how far away ends a stop")
    parser.add_argument("--minutes", type=float, default=5.0, help="how long makes a stop")
    parser.add_argument(
        "--gap-minutes", type=float, default=15.0, help="a longer silence is not counted"
    )
    parser.add_argument(
        "--leaving-kmh", type=float,
        help="leave out the way to the first fix away, at this speed; the map says 36",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    trail = []
    for file in options.files:
        try:
            trail += traces.read(file.name, file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            print(f"{file}: {error}", file=sys.stderr)
            return 2
    stops = find_stops(
        sorted(trail, key=lambda fix: fix.at),
        radius_m=options.radius_m,
        duration_s=options.minutes * 60,
        gap_s=options.gap_minutes * 60,
        leaving_ms=options.leaving_kmh and options.leaving_kmh / 3.6,
    )
    if options.json:
        listed = [
            {
                "started_at": stop.started_at.isoformat(),
                "finished_at": stop.finished_at.isoformat(),
                "duration_s": stop.duration_s,
                "lat": round(stop.point.lat, 7),
                "lon": round(stop.point.lng, 7),
            }
            for stop in stops
        ]
        print(json.dumps({"fixes": len(trail), "stops": listed}))
        return 0
    for stop in stops:
        minutes = stop.duration_s / 60
        where = f"{stop.point.lat:.6f}, {stop.point.lng:.6f}"
        print(f"{stop.started_at:%Y-%m-%d %H:%M:%S}  {minutes:7.1f} min  {where}")
    print(f"{len(stops)} stops in {len(trail)} fixes")
    return 0
