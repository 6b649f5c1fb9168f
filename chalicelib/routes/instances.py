"""
Routing problems as the research world writes them, and days of real addresses.

CVRPLIB (``.vrp``, and VRPTW in the same form), Solomon and Homberger (``.txt``), TSPLIB
(``.tsp``, ``.atsp``), and our own JSON of stops. Each kind rounds distances in its own way; the
best known costs are counted so.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.geo.distance import metres_between
from chalicelib.geo.point import Point
from chalicelib.routes.problem import FOREVER, Call, Crew, Problem

XY = tuple[float, float]


class BadInstance(ValueError):
    """The file is no instance that we read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """
    Args:
        scale: Units of our whole numbers in one of the file's: 10 where it counts tenths.
        names: How the file calls each call; its routes are printed so.
        reference: Cost that the file itself gives for the best plan known.
    """

    name: str
    kind: str
    problem: Problem
    scale: int
    names: tuple[int, ...]
    reference: float | None = None


def read(filename: str, text: str) -> Instance:
    """
    Raises:
        BadInstance: Another format, or a part of one that we do not support.
    """
    stem = re.sub(r".*[/\\]|\.\w+$", "", filename)
    try:
        if text.lstrip().startswith("{"):
            return _json(stem, text)
        if re.search(r"^\s*(DIMENSION|EDGE_WEIGHT_TYPE)\s*:", text, re.MULTILINE):
            return _vrplib(stem, text)
        if re.search(r"^\s*VEHICLE\s*$", text, re.MULTILINE):
            return _solomon(stem, text)
    except (KeyError, ValueError, IndexError) as error:
        raise BadInstance(f"{filename}: {type(error).__name__} {error}") from error
    raise BadInstance(f"{filename}: none of CVRPLIB, Solomon, TSPLIB, JSON of stops")


def _json(stem: str, text: str) -> Instance:
    """Read a day of stops: ``lat``, ``lon``; minutes of ``service`` and ``window`` if given."""
    document = json.loads(text)
    stops: list[dict[str, Any]] = document["stops"]
    points = [
        Point(float(stop["lat"]), float(stop["lon"] if "lon" in stop else stop["lng"]))
        for stop in stops
    ]
    depot = int(document.get("depot_index", 0))
    distances = [[round(metres_between(a, b)) for b in points] for a in points]
    calls = [
        Call(
            place=place,
            demand=1,
            service=int(stop.get("service", 0)),
            opens=int(stop.get("window", (0, FOREVER))[0]),
            closes=int(stop.get("window", (0, FOREVER))[1]),
        )
        for place, stop in enumerate(stops)
        if place != depot
    ]
    crew = Crew(
        number=int(document.get("vehicles_max", 1)),
        capacity=document.get("capacity_stops"),
        start=depot,
        end=depot,
    )
    reference = document.get("reference_cost_m")
    return Instance(
        name=str(document.get("name", stem)),
        kind="addresses",
        problem=Problem(
            distances=distances, durations=distances, calls=tuple(calls), crews=(crew,)
        ),
        scale=1,
        names=tuple(call.place for call in calls),
        reference=None if reference is None else float(reference),
    )


def _solomon(stem: str, text: str) -> Instance:
    numbers = [
        [float(word) for word in line.split()]
        for line in text.splitlines()
        if line.strip() and re.fullmatch(r"[\d\s.+-]+", line)
    ]
    (number, capacity), rows = numbers[0][:2], [row for row in numbers[1:] if len(row) >= 7]
    # The DIMACS convention: distances and times in tenths, cut off.
    places = [(row[1], row[2]) for row in rows]
    distances = [[int(10 * math.dist(a, b)) for b in places] for a in places]
    calls = tuple(
        Call(
            place=place,
            demand=int(row[3]),
            service=int(10 * row[6]),
            opens=int(10 * row[4]),
            closes=int(10 * row[5]),
        )
        for place, row in enumerate(rows)
        if place > 0
    )
    crew = Crew(number=int(number), capacity=int(capacity), closes=int(10 * rows[0][5]))
    return Instance(
        name=stem,
        kind="VRPTW",
        problem=Problem(distances=distances, durations=distances, calls=calls, crews=(crew,)),
        scale=10,
        names=tuple(int(rows[call.place][0]) for call in calls),
    )


_SECTION = re.compile(r"^\s*([A-Z_]+_SECTION)\s*:?\s*$")
_KEY = re.compile(r"^\s*([A-Za-z_]+)\s*:\s*(.*?)\s*$")
_READ = {
    "NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION", "EDGE_WEIGHT_SECTION",
    "SERVICE_TIME_SECTION", "TIME_WINDOW_SECTION", "DISPLAY_DATA_SECTION", "FIXED_EDGES_SECTION",
}  # fmt: skip
_KINDS = {"CVRP", "VRPTW", "VRP", "DCVRP", "TSP", "ATSP"}


def _vrplib(stem: str, text: str) -> Instance:
    keys, sections = _parts(text)
    kind = keys.get("TYPE", "CVRP").split()[0].upper()
    unread = set(sections) - _READ
    if kind not in _KINDS or unread or sections.get("FIXED_EDGES_SECTION", [[-1.0]])[0][0] != -1:
        raise BadInstance(f"{stem}: {kind} {' '.join(sorted(unread))} is not supported")
    size = int(keys["DIMENSION"])
    places = [(row[1], row[2]) for row in sections.get("NODE_COORD_SECTION", [])]
    distances = _distances(keys, sections, places, size)
    if len(distances) != size:
        raise BadInstance(f"{stem}: {len(distances)} places, DIMENSION {size}")
    single = kind in ("TSP", "ATSP")
    depot = int(next((row[0] for row in sections.get("DEPOT_SECTION", [])), 1)) - 1
    demand = _column(sections.get("DEMAND_SECTION", []), size)
    fixed = float(keys.get("SERVICE_TIME", 0))
    service = _column(sections.get("SERVICE_TIME_SECTION", []), size, default=fixed)
    windows = {int(row[0]) - 1: row[1:3] for row in sections.get("TIME_WINDOW_SECTION", [])}
    calls = tuple(
        Call(
            place=place,
            demand=int(demand[place]),
            service=int(service[place]),
            opens=int(windows[place][0]) if place in windows else 0,
            closes=int(windows[place][1]) if place in windows else FOREVER,
        )
        for place in range(size)
        if place != depot
    )
    hours = windows.get(depot, [0, FOREVER])
    longest = float(keys.get("DISTANCE", FOREVER))
    stops = sum(call.service for call in calls) / max(1, len(calls))
    crew = Crew(
        number=1 if single else int(keys.get("VEHICLES", len(calls))),
        capacity=int(float(keys["CAPACITY"])) if "CAPACITY" in keys and not single else None,
        start=depot,
        end=depot,
        opens=int(hours[0]),
        closes=min(int(hours[1]), int(longest) if "DISTANCE" in keys and stops else FOREVER),
        longest=int(longest) if not stops else FOREVER,
    )
    offset = 1 if single else 0
    return Instance(
        name=keys.get("NAME", stem).strip() or stem,
        kind=kind,
        problem=Problem(distances=distances, durations=distances, calls=calls, crews=(crew,)),
        scale=1,
        names=tuple(call.place + offset for call in calls),
        reference=_told(keys.get("COMMENT", "")),
    )


def _parts(text: str) -> tuple[dict[str, str], dict[str, list[list[float]]]]:
    keys: dict[str, str] = {}
    sections: dict[str, list[list[float]]] = {}
    current: list[list[float]] | None = None
    for line in text.splitlines():
        section, key = _SECTION.match(line), _KEY.match(line)
        if line.strip() == "EOF":
            break
        if section:
            current = sections.setdefault(section[1], [])
        elif key and not line.strip()[:1].isdigit():
            current = None
            keys[key[1].upper()] = key[2].strip().strip('"')
        elif current is not None and line.strip():
            current.append([float(word) for word in line.split()])
    return keys, sections


def _told(comment: str) -> float | None:
    """Find "Optimal value: 784" or "best known 784" in a comment."""
    found = re.search(
        r"(?:optimal|best)[\s\w-]*?(?:value|known|:)\D{0,5}(\d+(?:\.\d+)?)", comment, re.I
    )
    return float(found[1]) if found else None


def _column(rows: list[list[float]], size: int, *, default: float = 0) -> list[float]:
    values = [default] * size
    if not rows:
        values[0] = 0
    for row in rows:
        values[int(row[0]) - 1] = row[1]
    return values


def _distances(
    keys: dict[str, str], sections: dict[str, list[list[float]]], places: list[XY], size: int
) -> list[list[int]]:
    kind = keys.get("EDGE_WEIGHT_TYPE", "EUC_2D").upper()
    if kind == "EXPLICIT":
        cells = [int(cell) for row in sections["EDGE_WEIGHT_SECTION"] for cell in row]
        return _explicit(keys["EDGE_WEIGHT_FORMAT"].upper(), cells, size)
    measure = _MEASURES.get(kind)
    if measure is None:
        raise BadInstance(f"EDGE_WEIGHT_TYPE {kind} is not supported")
    return [
        [0 if i == j else measure(a, b) for j, b in enumerate(places)] for i, a in enumerate(places)
    ]


def _explicit(form: str, cells: list[int], size: int) -> list[list[int]]:
    if form == "FULL_MATRIX":
        return [cells[row * size : (row + 1) * size] for row in range(size)]
    upper = form.startswith("UPPER") != form.endswith("COL")
    diagonal = "DIAG" in form
    if not form.endswith(("ROW", "COL")):
        raise BadInstance(f"EDGE_WEIGHT_FORMAT {form} is not supported")
    table = [[0] * size for _ in range(size)]
    left = iter(cells)
    for row in range(size):
        columns = range(row, size) if upper else range(row + 1)
        for column in columns:
            if row != column or diagonal:
                table[row][column] = table[column][row] = next(left)
    return table


def _euclid(a: XY, b: XY) -> int:
    return int(math.dist(a, b) + 0.5)


def _att(a: XY, b: XY) -> int:
    exact = math.sqrt(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) / 10.0)
    rounded = int(exact + 0.5)
    return rounded + 1 if rounded < exact else rounded


def _geo(a: XY, b: XY) -> int:
    """TSPLIB's own idea of the earth: degrees and minutes, and pi = 3.141592."""
    (lat_a, lng_a), (lat_b, lng_b) = _radians(a), _radians(b)
    q1, q2, q3 = math.cos(lng_a - lng_b), math.cos(lat_a - lat_b), math.cos(lat_a + lat_b)
    return int(6378.388 * math.acos(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3)) + 1.0)


def _radians(place: XY) -> XY:
    def angle(value: float) -> float:
        degrees = int(value)
        return 3.141592 * (degrees + 5.0 * (value - degrees) / 3.0) / 180.0

    return angle(place[0]), angle(place[1])


_MEASURES: dict[str, Callable[[XY, XY], int]] = {
    "EUC_2D": _euclid,
    "CEIL_2D": lambda a, b: math.ceil(math.dist(a, b)),
    "MAN_2D": lambda a, b: int(abs(a[0] - b[0]) + abs(a[1] - b[1]) + 0.5),
    "MAX_2D": lambda a, b: max(int(abs(a[0] - b[0]) + 0.5), int(abs(a[1] - b[1]) + 0.5)),
    "ATT": _att,
    "GEO": _geo,
}
