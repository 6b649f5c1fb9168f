"""Recorded trails: GeoLife ``.plt``, OwnTracks ``.rec`` and CSV with named columns."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from chalicelib.geo.motion import Timed
from chalicelib.geo.point import Point
from chalicelib.tracking.formats import Request, owntracks
from chalicelib.tracking.position import Refused
from chalicelib.tracking.values import instant, number

PLT_HEADER_LINES = 6
LAT_NAMES = frozenset({"lat", "latitude", "latitud", "y"})
LNG_NAMES = frozenset({"lon", "lng", "long", "longitude", "longitud", "x"})
TIME_NAMES = frozenset({"time", "tracked_at", "timestamp", "datetime", "t", "fecha", "at"})


class BadTrace(ValueError):
    """The file is no trail that can be read; the message says what is missing."""


def read(name: str, text: str) -> list[Timed]:
    """
    Read a trail, sorted by time; records without a place or time are left out.

    Args:
        name: The file's name; its ending says which format it is.

    Raises:
        BadTrace: Another format, or columns for time and place are missing.
    """
    lines = text.splitlines()
    ending = name.lower().rpartition(".")[2]
    if ending == "plt":
        fixes = _plt(lines)
    elif ending == "rec":
        fixes = _rec(lines)
    elif ending in {"csv", "txt", "tsv"}:
        fixes = _csv(lines)
    else:
        raise BadTrace(f"{ending!r} is not one of plt, rec, csv")
    return sorted(fixes, key=lambda fix: fix.at)


def _plt(lines: list[str]) -> Iterator[Timed]:
    for line in lines[PLT_HEADER_LINES:]:
        cells = line.split(",")
        if len(cells) >= 7:
            at = datetime.fromisoformat(f"{cells[5]}T{cells[6].strip()}").replace(tzinfo=UTC)
            yield Timed(at, Point(float(cells[0]), float(cells[1])))


def _rec(lines: list[str]) -> Iterator[Timed]:
    for line in lines:
        message = line.rpartition("\t")[2]
        try:
            [position] = owntracks(Request(body=message))
        except (Refused, json.JSONDecodeError):
            continue
        if position.has_fix and position.at and position.lat and position.lng:
            yield Timed(position.at, Point(position.lat, position.lng))


def _csv(lines: list[str]) -> Iterator[Timed]:
    if not lines:
        raise BadTrace("the file is empty")
    delimiter = max(";\t,", key=lines[0].count)
    rows = csv.reader(lines, delimiter=delimiter)
    header = [name.strip().lower() for name in next(rows)]
    lat, lng, when = (_column(header, names) for names in (LAT_NAMES, LNG_NAMES, TIME_NAMES))
    for row in rows:
        if len(row) <= max(lat, lng, when):
            continue
        north, east = (number(row[i].replace(",", ".")) for i in (lat, lng))
        at = instant(row[when])
        if north is not None and east is not None and at is not None:
            yield Timed(at, Point(north, east))


def _column(header: list[str], names: Iterable[str]) -> int:
    for index, name in enumerate(header):
        if name in names:
            return index
    raise BadTrace(f"no column is named {' or '.join(sorted(names))}")
