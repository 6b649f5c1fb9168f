"""H3 cells: the index that finds what is near. A cell is a place to look, never a verdict."""

# Edges of about 200 m: a ring of k=1 covers a visit's reach; see performance notes in docs.
INDEX_RESOLUTION = 9


def cell_of(lat: float, lng: float, resolution: int = INDEX_RESOLUTION) -> str:
    """
    Name the H3 cell that holds a point.

    Args:
        lat, lng: WGS 84 degrees.
        resolution: 0 (continents) to 15 (a metre); what is stored uses ``INDEX_RESOLUTION``.

    Returns:
        The index as a 15-digit hex string.

    Raises:
        ValueError: Not a latitude and longitude.

    >>> cell_of(19.43625311, -99.21262376)
    '894995bac2bffff'
    """
    import h3  # 50 ms to import, and most requests need no cell

    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise ValueError("not a latitude and longitude")
    return str(h3.latlng_to_cell(lat, lng, resolution))


def parent_of(cell: str, resolution: int) -> str:
    """
    Name the cell of a coarser resolution that holds a cell's middle; the cell itself of its own.

    By the bits of the index, as H3 lays them out: without importing h3.

    >>> parent_of("894995bac2bffff", 6)
    '864995bafffffff'
    """
    index = int(cell, 16)
    if resolution > resolution_of(cell):
        raise ValueError("a parent is no finer than its cell")
    unused = (1 << 3 * (15 - resolution)) - 1  # three bits a digit, all set where there is none
    return f"{index & ~(0xF << 52) | resolution << 52 | unused:x}"


def resolution_of(cell: str) -> int:
    """
    Tell a cell's resolution.

    >>> resolution_of("894995bac2bffff")
    9
    """
    return (int(cell, 16) >> 52) & 0xF


def children_of(cell: str, resolution: int) -> list[str]:
    """Name the cells of a finer resolution that a cell is made of; the cell itself of its own."""
    import h3

    return [str(one) for one in h3.cell_to_children(cell, resolution)]
