"""Which cases a question is about: those of some places, or of a segment; all when none is said."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.bi.places import SIZES
from chalicelib.domain.errors import BadField
from chalicelib.geo.cells import children_of, parent_of, resolution_of

MOST_CELLS = 5_000  # their text has to fit into a query, which Athena bounds at 256 KB
LONGEST = 120
_CELL = re.compile(r"8[0-9a-f]{14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """
    Args:
        cells, districts: Hexagons of the two sizes (``places.SIZES``); a case in any of them.
        segment: Its id; empty = the cases in no segment, None = of all.
    """

    cells: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    segment: str | None = None

    @property
    def everywhere(self) -> bool:
        return not self.cells and not self.districts and self.segment is None


EVERYWHERE = Where()


def of_cells(cells: Iterable[str], segment: str | None = None) -> Where:
    """
    Name the hexagons that cells of any resolution touch: a finer one stands for the hexagon it is
    in, a coarser one for all that it holds.

    Raises:
        BadField: More than can be asked for at once, or no cell; field ``cell``.
    """
    near, far = SIZES["cell"], SIZES["district"]
    found: dict[int, dict[str, None]] = {near: {}, far: {}}
    for cell in cells:
        if not _CELL.fullmatch(cell):
            raise BadField(field="cell", reason="bad_format")
        size = resolution_of(cell)
        if size >= near:
            found[near][parent_of(cell, near)] = None
        elif size < far:
            found[far] |= dict.fromkeys(children_of(cell, far))
        else:
            own = far if size == far else near
            found[own] |= dict.fromkeys(children_of(cell, own))
        if len(found[near]) + len(found[far]) > MOST_CELLS:
            raise BadField(field="cell", reason="too_long", most=MOST_CELLS)
    return Where(cells=tuple(found[near]), districts=tuple(found[far]), segment=segment)


def plain(where: Where) -> dict[str, Any]:
    """Write it as JSON has it; ``parse`` reads it back."""
    told = {"cells": list(where.cells), "districts": list(where.districts)}
    return told if where.segment is None else {**told, "segment": where.segment}


def parse(told: Any) -> Where:
    """
    Read what was sent.

    Raises:
        BadField: What is wrong with it, by dotted name.
    """
    if not isinstance(told, Mapping):
        raise BadField(field="where", reason="invalid")
    lists = {name: _cells(told.get(f"{name}s", []), name) for name in SIZES}
    segment = told.get("segment")
    if segment is not None and (not isinstance(segment, str) or len(segment) > LONGEST):
        raise BadField(field="where.segment", reason="not_text")
    if sum(map(len, lists.values())) > MOST_CELLS:
        raise BadField(field="where.cells", reason="too_long", most=MOST_CELLS)
    return Where(cells=lists["cell"], districts=lists["district"], segment=segment)


def _cells(told: Any, name: str) -> tuple[str, ...]:
    field = f"where.{name}s"
    if not isinstance(told, (list, tuple)):
        raise BadField(field=field, reason="invalid")
    for cell in told:
        if not isinstance(cell, str) or not _CELL.fullmatch(cell):
            raise BadField(field=field, reason="bad_format")
        if resolution_of(cell) != SIZES[name]:
            raise BadField(field=field, reason="not_one_of")
    return tuple(told)
