"""
Where a debtor is, as far as hours and holidays go: time zones and subdivision of a place.

An answer of several zones means that the place may be in any of them, and all must allow; an
empty one that nothing is known. Sources: coordinates (``tzfpy``'s map of the zones), a region's
name, a phone's area code; ``zones.json`` says from where.
"""

import functools
import json
from collections.abc import Iterable
from importlib import resources
from typing import Any

from chalicelib.compliance import packs
from chalicelib.domain.names import folded

# Five kilometres each way: the map's borders are simplified, and a geocoded point is not a door.
NEAR_DEGREES = 0.05
_LONGEST_PREFIX = 6


def zones_at(country: str, *, lat: float, lng: float) -> frozenset[str]:
    """
    Give the zones of *country* at a point (WGS 84 degrees) and close to it.

    >>> sorted(zones_at("MX", lat=21.16, lng=-86.85))
    ['America/Cancun']
    """
    import tzfpy  # its map takes a quarter of a second: only where a decision is made

    around = [(lat, lng)]
    around += [(lat + NEAR_DEGREES * y, lng + NEAR_DEGREES * x) for y in (-1, 1) for x in (-1, 1)]
    found = {zone for y, x in around for zone in tzfpy.get_tzs(x, y)}
    return frozenset(found & _zones(country))


def zones_of_region(country: str, region: str) -> frozenset[str]:
    """
    Give the zones of a region by its name or abbreviation.

    >>> sorted(zones_of_region("BR", "amazonas")), sorted(zones_of_region("BR", "?"))
    (['America/Manaus', 'America/Rio_Branco'], [])
    """
    return _regions(country).get(_key(region), frozenset())


def zones_of_phone(country: str, e164: str) -> frozenset[str]:
    """
    Give the zones of a number's area; numbers whose area says nothing give none.

    >>> sorted(zones_of_phone("MX", "+526641234567")), sorted(zones_of_phone("CO", "+573001234567"))
    (['America/Tijuana'], [])
    """
    prefixes = _phones(country)
    digits = e164.removeprefix("+")
    for length in range(_LONGEST_PREFIX, 1, -1):
        if (zones := prefixes.get(digits[:length])) is not None:
            return zones
    return frozenset()


def together(*known: Iterable[str]) -> tuple[str, ...]:
    """
    Make one answer of what several sources say: what they agree on, else all they say.

    >>> together(["America/Manaus", "America/Rio_Branco"], ["America/Manaus"], [])
    ('America/Manaus',)
    >>> together(["America/Cancun"], ["America/Tijuana"])
    ('America/Cancun', 'America/Tijuana')
    """
    said = [frozenset(zones) for zones in known if zones]
    if not said:
        return ()
    agreed = frozenset.intersection(*said)
    return tuple(sorted(agreed or frozenset.union(*said)))


def subdivision_of(country: str, region: str) -> str:
    """
    Give the part of the ISO 3166-2 code after the dash; empty when the name is not known.

    >>> subdivision_of("BR", "São Paulo"), subdivision_of("AR", "CABA"), subdivision_of("MX", "?")
    ('SP', 'C', '')
    """
    return _subdivisions(country).get(_key(region), "")


def _key(region: str) -> str:
    return folded(region).replace(" ", "")


@functools.cache
def _zones(country: str) -> frozenset[str]:
    try:
        return frozenset(packs.document(country)["time_zones"])
    except packs.UnknownPack:
        return frozenset()


@functools.cache
def _document() -> dict[str, Any]:
    file = resources.files(__package__) / "zones.json"
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


@functools.cache
def _regions(country: str) -> dict[str, frozenset[str]]:
    said = _document()["regions"].get(country, {})
    return {
        _key(name): frozenset(zones.split()) for zones, names in said.items()
        for name in names.split("|")
    }  # fmt: skip


@functools.cache
def _phones(country: str) -> dict[str, frozenset[str]]:
    said = _document()["phones"].get(country, {})
    return {
        prefix: frozenset(zones.split()) for zones, prefixes in said.items()
        for prefix in prefixes.split()
    }  # fmt: skip


@functools.cache
def _subdivisions(country: str) -> dict[str, str]:
    import holidays  # slow to import

    try:
        calendar = holidays.country_holidays(country)
    except NotImplementedError:
        return {}
    known = {_key(code): code for code in calendar.subdivisions}
    known |= {_key(name): code for name, code in calendar.subdivisions_aliases.items()}
    if country == "AR":
        known |= {"CABA": "C", "CAPITALFEDERAL": "C", "CIUDADDEBUENOSAIRES": "C"}
    return known
