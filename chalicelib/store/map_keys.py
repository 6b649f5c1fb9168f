"""
Keys of the index ``near``: from a part of the map to the addresses in it.

An address lies in the partition of its portfolio and resolution 6 cell (some 36 km²), sorted by
its resolution 10 cell (some 0.015 km²). The cells inside a larger one are one range of numbers,
so an area is a few ranges of a few partitions.
"""

from collections.abc import Iterable
from itertools import groupby

from chalicelib.domain.case import Address
from chalicelib.geo.cells import cell_of

PARTITION, FINEST = 6, 10


def place_keys(portfolio_id: str, case_id: str, address: Address) -> dict[str, str]:
    """
    Give the keys by which an address with a point is found.

    Raises:
        TypeError: It has no point.
    """
    import h3

    if address.lat is None or address.lng is None:
        raise TypeError("an address without a point is not on the map")
    cell = cell_of(address.lat, address.lng, FINEST)
    return {
        "near_pk": near_pk(portfolio_id, h3.cell_to_parent(cell, PARTITION)),
        "near_sk": f"{cell}#{case_id}#{address.address_id}",
    }


def near_pk(portfolio_id: str, cell: str) -> str:
    return f"P#{portfolio_id}#{cell}"


def ranges(cells: Iterable[str]) -> list[tuple[str, str, str]]:
    """
    Give what to read for an area: (partition's cell, first, last finest cell) each.

    Args:
        cells: H3 cells of resolutions 0 to 10, in any mixture; duplicates do no harm.

    Returns:
        Neighbouring ranges of a partition made one.
    """
    import h3

    spans = []
    for cell in set(cells):
        if h3.get_resolution(cell) < PARTITION:
            spans += [_span(child) for child in h3.cell_to_children(cell, PARTITION)]
        else:
            spans.append(_span(cell))
    merged: list[tuple[str, str, str]] = []
    for partition, group in groupby(sorted(spans), key=lambda span: span[0]):
        first, last = "", ""
        for _, low, high in group:
            if first and _follows(last, low):
                last = max(last, high)
                continue
            if first:
                merged.append((partition, first, last))
            first, last = low, high
        merged.append((partition, first, last))
    return merged


def _span(cell: str) -> tuple[str, str, str]:
    import h3

    resolution = h3.get_resolution(cell)
    if resolution > FINEST:
        cell, resolution = h3.cell_to_parent(cell, FINEST), FINEST
    # The digits below a cell's own are 0 for its first child and 6 for its last.
    below = (FINEST - resolution) * 3
    lowest = (15 - FINEST) * 3
    number = int(cell, 16) & ~(0xF << 52) | FINEST << 52
    digits = ((1 << below) - 1) << lowest
    first, last = number & ~digits, number & ~digits | _sixes(FINEST - resolution) << lowest
    return h3.cell_to_parent(cell, PARTITION), f"{first:015x}", f"{last:015x}"


def _sixes(digits: int) -> int:
    return int("6" * digits, 8) if digits else 0


def _follows(last: str, low: str) -> bool:
    """Whether no finest cell lies between: 6 is followed by a carry."""
    if low <= last:
        return True
    lowest = (15 - FINEST) * 3
    gap = (int(low, 16) >> lowest) - (int(last, 16) >> lowest)
    return gap == 1 or (gap == 2 and (int(last, 16) >> lowest) & 7 == 6)
