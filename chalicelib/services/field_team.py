"""Who goes out and where: profiles of agents, zones of the map."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from chalicelib.domain import agent as agent_rules
from chalicelib.domain import zone as zone_rules
from chalicelib.domain.agent import AgentProfile
from chalicelib.domain.errors import (
    BadField,
    PersonNotFound,
    ProfileMoved,
    ZoneMoved,
    ZoneNotFound,
)
from chalicelib.domain.people import Actor, Person, Role
from chalicelib.domain.plain import to_plain
from chalicelib.domain.zone import Zone
from chalicelib.geo import areas
from chalicelib.services.access import MANAGERS, STAFF, need
from chalicelib.services.field_ports import FieldCases

PAGE = 200
FINEST, COARSEST = 10, 5
CELL = re.compile(r"[0-9a-f]{15}")
MOST_GRID = 400  # cells on one screen


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...
    def page(self, *, limit: int, cursor: str | None) -> tuple[list[Person], str | None]: ...


class Zones(Protocol):
    def zones(self) -> list[Zone]: ...
    def zone(self, zone_id: str) -> Zone | None: ...
    def add_zone(self, zone: Zone) -> bool: ...
    def save_zone(self, zone: Zone) -> Zone | None: ...


class Profiles(Protocol):
    def profiles(self) -> dict[str, AgentProfile]: ...
    def profile(self, person_id: str) -> AgentProfile | None: ...
    def save_profile(self, profile: AgentProfile) -> AgentProfile | None: ...


# Agents


def team(*, actor: Actor, people: People) -> list[Person]:
    """List the people who may visit for the actor's portfolios, by name; not who is disabled."""
    need(actor, *MANAGERS)
    found: list[Person] = []
    cursor: str | None = None
    while True:
        page, cursor = people.page(limit=PAGE, cursor=cursor)
        found += [one for one in page if one.role is Role.AGENT and not one.disabled]
        if cursor is None:
            break
    return sorted((one for one in found if shares(actor, one)), key=lambda one: one.name)


def shares(actor: Actor, person: Person) -> bool:
    """Say whether the actor looks after a portfolio of that person."""
    return "*" in actor.portfolios or any(actor.sees(pid) for pid in person.portfolios)


def agents(
    on: date, *, actor: Actor, people: People, profiles: Profiles, cases: FieldCases
) -> dict[str, Any]:
    """List a supervisor's agents with profile, and how many visits each has on a day."""
    known = profiles.profiles()
    items = []
    for person in team(actor=actor, people=people):
        profile = known.get(person.person_id) or AgentProfile(person_id=person.person_id)
        items.append(
            {
                "person_id": person.person_id,
                "name": person.name,
                "team": person.team,
                "portfolios": list(person.portfolios),
                "profile": shown(profile),
                "works": profile.works_on(on),
                "visits": len(cases.agenda_of(person.person_id, on)),
            }
        )
    return {"items": items}


def profile(person_id: str, *, actor: Actor, people: People, profiles: Profiles) -> dict[str, Any]:
    """
    Give a profile: an agent's own, or one of a supervisor's people.

    Raises:
        PersonNotFound: None that the actor may see.
    """
    need(actor, *STAFF)
    if actor.person_id != person_id:
        _his(person_id, actor, people)
    return shown(profiles.profile(person_id) or AgentProfile(person_id=person_id))


def put_profile(
    wanted: AgentProfile, *, actor: Actor, people: People, profiles: Profiles
) -> dict[str, Any]:
    """
    Say how an agent works.

    Raises:
        PersonNotFound: None that the actor may see.
        BadField: The first thing that makes no sense.
        ProfileMoved: Somebody else changed it meanwhile.
    """
    need(actor, *MANAGERS)
    person = _his(wanted.person_id, actor, people)
    for field, reason in agent_rules.faults(wanted):
        raise BadField(field=field, reason=reason)
    if set(wanted.portfolios) - set(person.portfolios) and "*" not in person.portfolios:
        raise BadField(field="portfolios", reason="not_found")
    stored = profiles.save_profile(wanted)
    if stored is None:
        raise ProfileMoved(person_id=wanted.person_id)
    return shown(stored)


def shown(profile: AgentProfile) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(profile)
    del plain["state"]
    for name in ("start", "end"):
        if plain[name]:
            plain[name] = {"lat": plain[name][0], "lng": plain[name][1]}
    return plain


def _his(person_id: str, actor: Actor, people: People) -> Person:
    need(actor, *MANAGERS)
    person = people.get(person_id)
    if person is None or not shares(actor, person):
        raise PersonNotFound(person_id=person_id)
    return person


# Zones


def zones(*, actor: Actor, zones: Zones) -> list[Zone]:
    """List the zones of the actor's portfolios, and those of all."""
    need(actor, *STAFF)
    return sorted((one for one in zones.zones() if _seen(actor, one)), key=lambda one: one.name)


def zone(zone_id: str, *, actor: Actor, zones: Zones) -> Zone:
    """
    Raises:
        ZoneNotFound: None that the actor may see.
    """
    need(actor, *STAFF)
    found = zones.zone(zone_id)
    if found is None or found.state != "live" or not _seen(actor, found):
        raise ZoneNotFound(zone_id=zone_id)
    return found


def add_zone(wanted: Zone, *, actor: Actor, zones: Zones) -> Zone:
    """
    Keep a new zone.

    Raises:
        BadField: The first thing that makes no sense.
    """
    need(actor, *MANAGERS)
    _check(wanted, actor)
    if not zones.add_zone(wanted):
        raise ZoneMoved(zone_id=wanted.zone_id)
    return wanted


def change_zone(
    zone_id: str, changes: dict[str, Any], version: int, *, actor: Actor, zones_: Zones
) -> Zone:
    """
    Change what is given of a zone; a polygon takes the place of cells, and the other way round.

    Raises:
        ZoneNotFound, BadField: As above.
        ZoneMoved: It is not of *version* any more.
    """
    need(actor, *MANAGERS)
    known = zone(zone_id, actor=actor, zones=zones_)
    if changes.get("polygon"):
        changes = changes | {"cells": ()}
    elif changes.get("cells"):
        changes = changes | {"polygon": ()}
    changed = replace(known, **changes)
    _check(changed, actor)
    stored = zones_.save_zone(replace(changed, version=version))
    if stored is None:
        raise ZoneMoved(zone_id=zone_id)
    return stored


def remove_zone(zone_id: str, *, actor: Actor, zones_: Zones) -> None:
    """Take a zone away; what was assigned by it stays."""
    need(actor, *MANAGERS)
    known = zone(zone_id, actor=actor, zones=zones_)
    if zones_.save_zone(replace(known, state="removed")) is None:
        raise ZoneMoved(zone_id=zone_id)


def grid(
    *, south: float, west: float, north: float, east: float, size: int, actor: Actor
) -> dict[str, Any]:
    """
    Give the cells of a part of the map with their borders, to be picked for a zone.

    Returns:
        ``items`` of cell and border; none, and ``too_many``, when the part is too large for them.

    Raises:
        BadField: No part of the map, or cells that no zone is made of.
    """
    need(actor, *MANAGERS)
    if not COARSEST <= size <= FINEST:
        raise BadField(field="size", reason="out_of_range", least=COARSEST, most=FINEST)
    if not (-85 <= south < north <= 85 and -180 <= west < east <= 180):
        raise BadField(field="north", reason="out_of_range")
    cells = areas.cells_in_view(south, west, north, east, size, most=MOST_GRID)
    return {
        "items": [{"cell": cell, "border": _points(areas.border_of(cell))} for cell in cells or ()],
        "too_many": cells is None,
    }


def outline(zone: Zone) -> dict[str, Any]:
    """Give what draws a zone of cells: their ``outline``, and ``cell_size``; empty of a polygon."""
    return {
        "outline": [
            [_points(ring) for ring in polygon] for polygon in areas.outline_of(zone.cells)
        ],
        "cell_size": areas.size_of(zone.cells),
    }


def _points(corners: Sequence[tuple[float, float]]) -> list[dict[str, float]]:
    return [{"lat": round(lat, 6), "lng": round(lng, 6)} for lat, lng in corners]


def checked(wanted: Zone, *, actor: Actor) -> Zone:
    """
    Give an area that somebody drew, if it makes sense.

    Raises:
        BadField: The first thing that makes none.
    """
    _check(wanted, actor)
    return wanted


def _seen(actor: Actor, zone: Zone) -> bool:
    return not zone.portfolios or any(actor.sees(pid) for pid in zone.portfolios)


def _check(wanted: Zone, actor: Actor) -> None:
    for field, reason in zone_rules.faults(wanted):
        raise BadField(field=field, reason=reason)
    if any(not actor.sees(pid) for pid in wanted.portfolios):
        raise BadField(field="portfolios", reason="not_found")
    if wanted.cells and not _cells_hold(wanted.cells):
        raise BadField(field="cells", reason="invalid")


def _cells_hold(cells: Sequence[str]) -> bool:
    import h3

    return all(
        CELL.fullmatch(cell)  # h3 reads any number, and cannot read a negative one
        and h3.is_valid_cell(cell)
        and COARSEST <= h3.get_resolution(cell) <= FINEST
        for cell in cells
    )
