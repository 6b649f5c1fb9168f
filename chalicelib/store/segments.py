"""
Points to a few bytes and back: a batch of a trail is one small row.

Whole numbers by column, each as the difference to the one before, deflated: a hundred points are
about a kilobyte, so that writing them takes two write units instead of a hundred.
"""

import base64
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise

import orjson

from chalicelib.domain.tracking import Fix

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
# A ten-millionth of a degree is a centimetre.
DEGREE = 10_000_000
WORDS = ("network", "activity")
# Field, units in one.
NUMBERS = (("accuracy_m", 10), ("speed_ms", 100), ("heading", 10), ("battery", 1000))
FLAGS = ("charging", "mock")


def packed(fixes: Sequence[Fix]) -> str:
    """Write points, oldest first. Times keep milliseconds, places centimetres."""
    columns: dict[str, list[object]] = {
        "at": _steps((fix.at - EPOCH) // MILLISECOND for fix in fixes),
        "lat": _steps(round(fix.lat * DEGREE) for fix in fixes),
        "lng": _steps(round(fix.lng * DEGREE) for fix in fixes),
    }
    for name, units in NUMBERS:
        values = [getattr(fix, name) for fix in fixes]
        if any(value is not None for value in values):
            columns[name] = [None if v is None else round(v * units) for v in values]
    for name in (*FLAGS, *WORDS):
        values = [getattr(fix, name) for fix in fixes]
        if any(value is not None for value in values):
            columns[name] = values if len(set(values)) > 1 else values[:1]
    return base64.b64encode(zlib.compress(orjson.dumps(columns), 6)).decode()


def unpacked(text: str) -> list[Fix]:
    """Read what ``packed`` wrote."""
    columns = orjson.loads(zlib.decompress(base64.b64decode(text)))
    ats, lats, lngs = (list(accumulate(columns[name])) for name in ("at", "lat", "lng"))
    count = len(ats)
    rest: dict[str, list[object]] = {}
    for name, units in NUMBERS:
        if name in columns:
            rest[name] = [None if v is None else v / units for v in columns[name]]
    for name in (*FLAGS, *WORDS):
        if name in columns:
            values = columns[name]
            rest[name] = values * count if len(values) == 1 else values
    return [
        Fix(
            at=EPOCH + ats[i] * MILLISECOND,
            lat=lats[i] / DEGREE,
            lng=lngs[i] / DEGREE,
            **{name: values[i] for name, values in rest.items()},  # type: ignore[arg-type]
        )
        for i in range(count)
    ]


def _steps(values: Iterable[int]) -> list[object]:
    listed = list(values)
    return [listed[0], *(b - a for a, b in pairwise(listed))]
