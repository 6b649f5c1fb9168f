"""
Where a case is, for what is told by place.

A hexagon and never a point: the smaller is about 0.7 square kilometres, some forty blocks. Unlike
other states this is not kept by day: the address is that of the case as it was when it last
changed, and so is the segment beside it, whichever day is exported.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from chalicelib.domain.case import Address, CaseFile, PointQuality
from chalicelib.geo.cells import parent_of

# Columns of hexagons by their H3 resolution: about 0.7 and 36 square kilometres.
SIZES: Mapping[str, int] = MappingProxyType({"cell": 8, "district": 6})
_BEST_FIRST = (PointQuality.ROOFTOP, PointQuality.STREET, PointQuality.TOWN, PointQuality.NONE)


def row(file: CaseFile, segment: str) -> dict[str, Any]:
    """
    Tell where a case is; texts are empty where no address of it has a point.

    Args:
        segment: Its id; empty when the case is in none.
    """
    home = _home(file)
    cells = {name: parent_of(home, size) if home else "" for name, size in SIZES.items()}
    return {"case_id": file.head.case_id, **cells, "segment": segment}


def _home(file: CaseFile) -> str:
    """Name the cell of the address that is known best, as visits choose it."""
    placed = [one for one in file.addresses if one.cell]
    best = min(placed, key=_precision, default=None)
    return (best.cell or "") if best else ""


def _precision(address: Address) -> int:
    return _BEST_FIRST.index(address.quality)
