"""The outline of the world: Natural Earth's, public domain, as npm's ``world-atlas`` packs it."""

import itertools
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from local.basemap.city import Feature, feature

ATLAS = Path("node_modules/world-atlas/countries-50m.json")  # below frontend/
LAST_ZOOM = 6  # from there on only the drawn cities have ground
# ISO 3166-1 numbers, which the atlas speaks, of the countries that get a name
NAMED = {
    "032": "AR", "068": "BO", "076": "BR", "152": "CL", "170": "CO", "188": "CR", "192": "CU",
    "214": "DO", "218": "EC", "222": "SV", "320": "GT", "340": "HN", "484": "MX", "558": "NI",
    "591": "PA", "600": "PY", "604": "PE", "630": "PR", "840": "US", "858": "UY", "862": "VE",
}  # fmt: skip

Ring = list[list[float]]


def world(frontend: Path) -> Iterator[Feature]:
    """Countries' ground, borders and names, to be seen from far."""
    atlas = json.loads((frontend / ATLAS).read_text("utf-8"))
    arcs = _arcs(atlas)
    for country in atlas["objects"]["countries"]["geometries"]:
        polygons = _polygons(country, arcs)
        yield feature(
            "earth", {"type": "MultiPolygon", "coordinates": polygons}, 0, LAST_ZOOM, kind="earth"
        )
        borders = [ring for polygon in polygons for ring in polygon]
        yield feature(
            "boundaries", {"type": "MultiLineString", "coordinates": borders}, 0, LAST_ZOOM,
            kind="country", kind_detail=2,
        )  # fmt: skip
        code = NAMED.get(country.get("id", ""))
        if code:
            largest = max((polygon[0] for polygon in polygons), key=_area)
            yield feature(
                "places", {"type": "Point", "coordinates": _centre(largest)}, 2, 6,
                kind="country", **_names(code),
            )  # fmt: skip


@cache
def _locale(language: str) -> Any:
    return Locale(language)


def _names(code: str) -> dict[str, str]:
    names = {f"name:{language}": _locale(language).territories[code] for language in ("en", "pt")}
    return {"name": _locale("es").territories[code], **names}


def _arcs(atlas: dict[str, Any]) -> list[Ring]:
    """TopoJSON's arcs: steps of whole numbers, each from the point before."""
    (scale_x, scale_y), (move_x, move_y) = (
        atlas["transform"]["scale"],
        atlas["transform"]["translate"],
    )
    arcs = []
    for steps in atlas["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append([round(x * scale_x + move_x, 5), round(y * scale_y + move_y, 5)])
        arcs.append(arc)
    return arcs


def _polygons(country: dict[str, Any], arcs: list[Ring]) -> list[list[Ring]]:
    of = country.get("arcs", [])
    listed = of if country["type"] == "MultiPolygon" else [of]
    return [[_ring(indices, arcs) for indices in polygon] for polygon in listed if polygon]


def _ring(indices: list[int], arcs: list[Ring]) -> Ring:
    """Arcs joined end to end; ``~i`` is arc ``i`` walked backwards."""
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _area(ring: Ring) -> float:
    pairs = itertools.pairwise(ring)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _centre(ring: Ring) -> list[float]:
    lngs, lats = [p[0] for p in ring], [p[1] for p in ring]
    return [round(sum(lngs) / len(lngs), 3), round(sum(lats) / len(lats), 3)]
