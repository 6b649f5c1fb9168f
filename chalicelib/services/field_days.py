"""An agent's day as his phone takes it: stops in order, what may be done, what lies near."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.domain.assignment import (
    Assignment,
    AssignmentKey,
    AssignmentState,
    PlaceKey,
    Why,
)
from chalicelib.domain.case import Address, CaseFile, CaseHead, CaseStatus
from chalicelib.domain.cash import limit_of
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.geo.distance import metres_between
from chalicelib.geo.near import cells_around
from chalicelib.geo.point import Point
from chalicelib.routes.day import Agent, Visit, order_day
from chalicelib.routes.travel import CIRCUITY
from chalicelib.services import assigning, cash_rules
from chalicelib.services.access import STAFF, need
from chalicelib.services.field_places import place_of
from chalicelib.services.field_ports import FieldCases, FieldPortfolios
from chalicelib.services.field_stops import stop

NEAREST = 20
MOST_PORTFOLIOS = 20
# How far a look around goes, wider until there is enough; each with the size of its cells.
REACHES = ((300, 9), (1_000, 8), (3_000, 7))
WORTH_A_VISIT = frozenset({CaseStatus.OPEN, CaseStatus.PROMISED})

Asked = Mapping[str, int]  # published version by form


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """
    What a day is put together from.

    Args:
        dispositions: What a visit of a portfolio may come to, as phones take it.
        asked: The published questionnaires of a portfolio.
        forms: Those questionnaires whole.
        starts: Where a person's day begins, if that is known.
    """

    cases: FieldCases
    portfolios: FieldPortfolios
    dispositions: Callable[[Portfolio, Asked], list[dict[str, Any]]] = lambda *_: []
    asked: Callable[[str], Asked] = lambda _: {}
    forms: Callable[[Portfolio, Asked], list[dict[str, Any]]] = lambda *_: []
    starts: Callable[[str], Point | None] = lambda _: None


def day(
    on: date | None = None, mark: str = "", *, actor: Actor, field: Field, now: datetime
) -> dict[str, Any]:
    """
    Give a person's day: one query and one batch read when nothing moved since *mark*.

    Args:
        on: None = today, where his portfolios are.

    Returns:
        As in docs/api.md. Withdrawn visits are named in ``dropped`` with the reason's code, and
        nothing else is told of them.
    """
    need(actor, *STAFF)
    portfolios = _portfolios(actor, field)
    on = on or _today(portfolios, now)
    person_id = actor.person_id
    keys = field.cases.agenda_of(person_id, on)
    known = field.cases.assignments(keys)
    heads = field.cases.heads(dict.fromkeys(key.case_id for key in known))
    asked = {pid: field.asked(pid) for pid in portfolios}
    answer = {
        "date": on.isoformat(),
        "mark": _mark(on, known, heads, portfolios, asked),
        "unchanged": False,
        "server_time": to_plain(now),
        "person": {"person_id": person_id, "name": actor.name},
        "portfolios": {},
        "stops": [],
        "forms": [],
        "dropped": [],
    }
    if mark and mark == answer["mark"]:
        return answer | {"unchanged": True}
    mine = {
        key: one
        for key, one in known.items()
        if key.case_id in heads and heads[key.case_id].portfolio_id in portfolios
    }
    return answer | {
        "portfolios": {
            pid: _portfolio(portfolio, field.dispositions(portfolio, asked[pid]))
            for pid, portfolio in portfolios.items()
        },
        "stops": _stops(
            mine, portfolios, on=on, start=field.starts(person_id), field=field, now=now
        ),
        "forms": [
            form
            for pid, portfolio in portfolios.items()
            for form in field.forms(portfolio, asked[pid])
        ],
        "dropped": [
            {"assignment_id": one.assignment_id, "code": one.withdrawn if key in mine else "access"}
            for key, one in known.items()
            if key not in mine or one.state is AssignmentState.WITHDRAWN
        ],
    }


def near(lat: float, lng: float, *, actor: Actor, field: Field, now: datetime) -> dict[str, Any]:
    """
    Give the nearest addresses of open cases of a person's portfolios, as stops.

    What is planned for anybody already is left out.
    """
    need(actor, *STAFF)
    here = _point(lat, lng)
    portfolios = _portfolios(actor, field)
    found: list[tuple[float, PlaceKey, Address]] = []
    for reach_m, resolution in REACHES:
        cells = cells_around(here, reach_m, resolution)
        keys = [key for pid in portfolios for key in field.cases.places(pid, cells, limit=200)]
        found = _within(here, reach_m, field.cases.addresses(keys))
        if len(found) >= NEAREST:
            break
    nearest = found[: 2 * NEAREST]
    files = field.cases.open_many(dict.fromkeys(key.case_id for _, key, _ in nearest))
    items: list[dict[str, Any]] = []
    for metres, key, address in nearest:
        file = files.get(key.case_id)
        portfolio = portfolios.get(file.head.portfolio_id) if file else None
        if file is None or portfolio is None or not _free(file, portfolio, now):
            continue
        today = local_day(now, portfolio.time_zone)
        items.append(
            stop(
                file,
                portfolio,
                address,
                now=now,
                day=today,
                order=len(items) + 1,
                distance_m=round(metres),
            )
        )
    return {"items": items[:NEAREST]}


def add(
    assignment_id: str,
    case_id: str,
    address_id: str,
    *,
    actor: Actor,
    field: Field,
    now: datetime,
) -> dict[str, Any]:
    """
    Let a person add a visit near him to his own day; gives the stop. Safe to repeat.

    Raises:
        CaseNotFound, AddressNotFound: None that he may see.
        AlreadyAssigned: A visit of the case is planned.
        VisitNotAllowed: Not today.
        NotAssignable: The case owes nothing or is on hold.
    """
    file, portfolio, made = assigning.one(
        assigning.Wanted(
            assignment_id=assignment_id,
            case_id=case_id,
            address_id=address_id,
            person_id=actor.person_id,
            day=None,
            why=Why.NEAR,
        ),
        actor=actor,
        cases=field.cases,
        portfolios=field.portfolios,
        now=now,
    )
    address = next(one for one in file.addresses if one.address_id == made.address_id)
    return stop(
        file,
        portfolio,
        address,
        now=now,
        day=made.day,
        assignment=made,
        order=made.place,
    )


# Private


def _portfolios(actor: Actor, field: Field) -> dict[str, Portfolio]:
    if "*" in actor.portfolios:
        found = field.portfolios.all()
    else:
        found = [one for pid in actor.portfolios if (one := field.portfolios.get(pid)) is not None]
    living = [one for one in found if not one.archived]
    return {one.portfolio_id: one for one in living[:MOST_PORTFOLIOS]}


def _today(portfolios: Mapping[str, Portfolio], now: datetime) -> date:
    zone = next((one.time_zone for one in portfolios.values()), "UTC")
    return local_day(now, zone)


def _mark(
    on: date,
    known: Mapping[AssignmentKey, Assignment],
    heads: Mapping[str, CaseHead],
    portfolios: Mapping[str, Portfolio],
    asked: Mapping[str, Asked],
) -> str:
    """A digest of all that the day is made of, but for the time."""
    parts = [on.isoformat()]
    parts += sorted(
        f"{one.assignment_id} {one.state.value} {one.place} "
        f"{heads[key.case_id].version if key.case_id in heads else ''}"
        for key, one in known.items()
    )
    parts += [f"{pid} {portfolio.version}" for pid, portfolio in sorted(portfolios.items())]
    parts += sorted(f"{key} {number}" for forms in asked.values() for key, number in forms.items())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def _portfolio(portfolio: Portfolio, dispositions: list[dict[str, Any]]) -> dict[str, Any]:
    policies = portfolio.policies
    return {
        "name": portfolio.branding.display_name,
        "creditor": portfolio.identification.creditor or portfolio.creditor,
        "agency": portfolio.identification.agency,
        "colour": portfolio.branding.colour,
        "country": portfolio.country,
        "currency": portfolio.currency,
        "time_zone": portfolio.time_zone,
        "language": portfolio.language,
        "cash_allowed": cash_rules.allowed(portfolio),
        "cash_limit_minor": limit_of(portfolio),
        "show_amount": policies.field.show_amount.value,
        "promise": {
            "most_days": policies.promises.most_days,
            "least_minor": max(1, policies.tolerance_minor),
        },
        "dispositions": dispositions,
    }


def _stops(
    mine: Mapping[AssignmentKey, Assignment],
    portfolios: Mapping[str, Portfolio],
    *,
    on: date,
    start: Point | None,
    field: Field,
    now: datetime,
) -> list[dict[str, Any]]:
    wanted = [(key, one) for key, one in mine.items() if one.state is not AssignmentState.WITHDRAWN]
    files = field.cases.open_many(dict.fromkeys(key.case_id for key, _ in wanted))
    placed = []
    for key, one in wanted:
        file = files[key.case_id]
        address = next((a for a in file.addresses if a.address_id == one.address_id), None)
        if address is not None:
            placed.append((file, one, address))
    stops, here = [], start
    for order, (file, one, address) in enumerate(_in_order(placed, start), start=1):
        there = place_of(address)
        way = metres_between(here, there) * CIRCUITY if here and there else None
        here = there or here
        portfolio = portfolios[file.head.portfolio_id]
        stops.append(
            stop(
                file,
                portfolio,
                address,
                now=now,
                day=on,
                assignment=one,
                order=order,
                distance_m=None if way is None else round(way),
            )
        )
    return stops


Placed = tuple[CaseFile, Assignment, Address]


def _in_order(stops: Sequence[Placed], start: Point | None) -> list[Placed]:
    """As the route has them; what no route has yet comes after, along a short way."""
    routed = sorted((s for s in stops if s[1].place), key=lambda s: s[1].place)
    rest = sorted((s for s in stops if not s[1].place), key=lambda s: s[1].assignment_id)
    points = {s[1].assignment_id: place for s in rest if (place := place_of(s[2])) is not None}
    if not points:
        return routed + rest
    last = place_of(routed[-1][2]) if routed else None
    agent = Agent(
        agent_id="", start=last or start or next(iter(points.values())), opens=0, closes=86_400 * 2
    )
    visits = [Visit(visit_id=key, point=point, closes=86_400 * 2) for key, point in points.items()]
    ordered = [made.visit_id for made in order_day(agent, visits).stops[""]]
    at = {key: number for number, key in enumerate(ordered)}
    return routed + sorted(rest, key=lambda s: at.get(s[1].assignment_id, len(at)))


def _point(lat: float, lng: float) -> Point:
    try:
        return Point(lat, lng)
    except ValueError as error:
        raise BadField(field="lat", reason="out_of_range") from error


def _within(
    here: Point, reach_m: float, addresses: Mapping[PlaceKey, Address]
) -> list[tuple[float, PlaceKey, Address]]:
    found = []
    for key, address in addresses.items():
        there = place_of(address)
        if there is not None and (metres := metres_between(here, there)) <= reach_m:
            found.append((metres, key, address))
    return sorted(found, key=lambda one: (one[0], one[1].address_id))


def _free(file: CaseFile, portfolio: Portfolio, now: datetime) -> bool:
    today = local_day(now, portfolio.time_zone)
    taken = any(
        one.state is AssignmentState.PLANNED and one.day >= today for one in file.assignments
    )
    return file.head.status in WORTH_A_VISIT and not taken
