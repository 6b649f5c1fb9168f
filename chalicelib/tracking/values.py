"""Numbers and times as tracking clients write them."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from chalicelib.tracking.position import Refused

KNOT_MPS = 1852 / 3600
KMH_MPS = 1 / 3.6
# Seconds have ten digits until 2286; a larger number of a Unix time is milliseconds.
MILLISECONDS_FROM = 100_000_000_000


def number(value: Any) -> float | None:
    """Read a finite number; empty, absent or nonsense is None."""
    if value is None or isinstance(value, bool):
        return None
    try:
        read = float(value)
    except (TypeError, ValueError):
        return None
    return read if math.isfinite(read) else None


def not_negative(value: Any) -> float | None:
    """Read a number that is unknown when negative, as phones write speed and course."""
    read = number(value)
    return None if read is None or read < 0 else read


def scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def flag(value: Any) -> bool | None:
    """Read true and false in words; anything else is None."""
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower())


def text(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None


def percent(level: Any) -> float | None:
    """Read a battery level of 0..1 as a percentage."""
    read = not_negative(level)
    return None if read is None else round(read * 100, 4)


def first(values: Iterable[Any]) -> Any:
    """Give the first value that is there."""
    return next((value for value in values if value not in (None, "")), None)


def instant(value: Any) -> datetime | None:
    """
    Read a Unix time in seconds or milliseconds, or an ISO time with or without its colon.

    A time without an offset is UTC.

    Raises:
        Refused: It is none of these.
    """
    if value in (None, ""):
        return None
    stamp = number(value)
    try:
        if stamp is not None:
            seconds = stamp / 1000 if abs(stamp) >= MILLISECONDS_FROM else stamp
            return datetime.fromtimestamp(seconds, UTC)
        read = datetime.fromisoformat(str(value).strip())
    except (ValueError, OverflowError, OSError) as error:
        raise Refused("unreadable") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)
