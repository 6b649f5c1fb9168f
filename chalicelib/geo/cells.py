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
