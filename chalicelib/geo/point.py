"""A place on earth."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """
    A place in WGS 84 degrees, latitude first as h3 has it (GeoJSON is lng, lat).

    Raises:
        ValueError: Outside -90..90 or -180..180.
    """

    lat: float
    lng: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lng <= 180):
            raise ValueError(f"not a latitude and longitude: {self.lat}, {self.lng}")
