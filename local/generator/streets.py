"""Doors on real streets: ``data/streets.csv`` holds where each street starts and ends."""

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "streets.csv"
METRES_PER_DEGREE = 111_320  # of latitude; of longitude at the equator
KERB_M = 9  # from the middle of the street to a door


@dataclass(frozen=True, slots=True)
class Street:
    """
    A straight stretch of a street, with the house numbers at its two ends.

    Args:
        lat1, lng1, lat2, lng2: WGS 84 degrees of the first and the last number.
        side_lat, side_lng: Degrees from the middle of the street to the even side.
    """

    name: str
    first_number: int
    last_number: int
    district: str
    city: str
    region: str
    postal_code: str
    lat1: float
    lng1: float
    lat2: float
    lng2: float
    side_lat: float
    side_lng: float


@dataclass(frozen=True, slots=True)
class Door:
    street: Street
    number: int
    lat: float
    lng: float

    @property
    def lines(self) -> str:
        return f"{self.street.name} {self.number}, {self.street.district}"


@cache
def streets(country: str) -> tuple[Street, ...]:
    """The streets we know of a country (ISO alpha-2); empty for one we know none of."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(_street(row) for row in csv.DictReader(file) if row["country"] == country)


def _street(row: dict[str, str]) -> Street:
    lat1, lng1, lat2, lng2 = (float(row[key]) for key in ("lat1", "lng1", "lat2", "lng2"))
    shrink = math.cos(math.radians(lat1))
    north, east = (lat2 - lat1) * METRES_PER_DEGREE, (lng2 - lng1) * METRES_PER_DEGREE * shrink
    length = math.hypot(north, east)
    return Street(
        name=row["street"],
        first_number=int(row["first_number"]),
        last_number=int(row["last_number"]),
        district=row["district"],
        city=row["city"],
        region=row["region"],
        postal_code=row["postal_code"],
        lat1=lat1,
        lng1=lng1,
        lat2=lat2,
        lng2=lng2,
        side_lat=-east / length * KERB_M / METRES_PER_DEGREE,
        side_lng=north / length * KERB_M / METRES_PER_DEGREE / shrink,
    )


def door(street: Street, number: int) -> Door:
    """
    Lay a house number on its street: along it by the number, across it by odd or even.

    >>> amores = next(s for s in streets("MX") if s.name == "Amores")
    >>> round(door(amores, 1450).lat, 3)  # half-way from 1155 to 1746
    19.372
    """
    part = (number - street.first_number) / (street.last_number - street.first_number)
    side = 1 if number % 2 == 0 else -1
    return Door(
        street,
        number,
        round(street.lat1 + (street.lat2 - street.lat1) * part + side * street.side_lat, 6),
        round(street.lng1 + (street.lng2 - street.lng1) * part + side * street.side_lng, 6),
    )
