"""
Better points for addresses, learned from visits: proposed to supervisors, never applied by itself.

A visit that completes the evidence leaves a mark; the tray opens the marked cases and reckons anew,
so what it shows is what would be accepted.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.case import Address, CaseFile, PointQuality
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import AddressNotFound, OwnRequest
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.visit import Mark, Standing, Visit, VisitKind
from chalicelib.geo.cells import cell_of
from chalicelib.geo.point import Point
from chalicelib.services import casework
from chalicelib.services.access import MANAGERS, Portfolios, need, need_portfolio
from chalicelib.services.casework import Cases
from chalicelib.services.visit_judging import best_fix
from chalicelib.visits.learned import Proposal, Seen, propose
from chalicelib.visits.radius import radius_of
from chalicelib.visits.verdict import Reason, Verdict

SOURCE = "visits"
MOST = 50
# What only says that the address's own point is not good: the visits are what makes it better.
OF_THE_POINT = {Reason.NO_POINT.value, Reason.ROUGH_POINT.value}


class PointCases(Cases, Protocol):
    def marked(self, family: str, value: str, *, most: int = 10) -> frozenset[str]: ...
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...


def proposal(address: Address, visits: Iterable[Visit]) -> Proposal | None:
    """Reckon a better point from a case's visits to an address, if they agree on one."""
    there = [one for one in visits if one.report.address_id == address.address_id]
    seen = [
        Seen(
            visit_id=visit.visit_id,
            agent_id=visit.person_id,
            point=Point(fix.lat, fix.lng),
            accuracy_m=fix.accuracy_m,
        )
        for visit in sorted(there, key=lambda one: one.at, reverse=True)
        for fix in [best_fix(visit.report)]
        if fix is not None and _tells(visit)
    ]
    current = (
        Point(address.lat, address.lng)
        if address.lat is not None and address.lng is not None
        else None
    )
    found = propose(seen, current)
    if found is None or _known(address, found):
        return None
    return found


def mark_of(file: CaseFile, address: Address) -> Mark:
    return Mark(
        family="point",
        value=file.head.portfolio_id,
        of=f"{file.head.case_id}#{address.address_id}",
    )


def listed(
    portfolio_id: str, *, actor: Actor, cases: PointCases, portfolios: Portfolios
) -> list[dict[str, Any]]:
    """
    List the points that are proposed in a portfolio, up to fifty.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = portfolios.get(portfolio_id)
    if portfolio is None:
        return []
    return [_shown(*one, portfolio) for one in waiting(portfolio_id, cases)]


def waiting(portfolio_id: str, cases: PointCases) -> list[tuple[CaseFile, Address, Proposal]]:
    """Reckon the points that are proposed in a portfolio, up to fifty."""
    keys = [key.partition("#") for key in cases.marked("point", portfolio_id, most=MOST)]
    files = cases.open_many(case_id for case_id, _, _ in keys)
    return [
        (file, address, found)
        for case_id, _, address_id in sorted(keys)
        for file in [files.get(case_id)]
        if file is not None
        for address in file.addresses
        if address.address_id == address_id
        for found in [proposal(address, file.visits)]
        if found is not None
    ]


def made_by(file: CaseFile, found: Proposal) -> list[Visit]:
    """Give the visits that a proposal rests on, the newest last."""
    return sorted(
        (visit for visit in file.visits if visit.visit_id in found.visits),
        key=lambda visit: visit.at,
    )


def decide(
    case_id: str,
    address_id: str,
    *,
    accept: bool,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> None:
    """
    Take a proposed point into the address, or leave the address as it is. Safe to repeat.

    Raises:
        AddressNotFound: Not of this case.
        OwnRequest: One of the visits that propose it is the actor's own.
    """
    need(actor, *MANAGERS)

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        address = next((a for a in file.addresses if a.address_id == address_id), None)
        if address is None:
            raise AddressNotFound(address_id=address_id)
        found = proposal(address, file.visits)
        if found is None:
            return
        if any(visit.person_id == actor.person_id for visit in made_by(file, found)):
            raise OwnRequest
        if accept:
            learned = replace(
                address,
                lat=round(found.point.lat, 6),
                lng=round(found.point.lng, 6),
                cell=cell_of(found.point.lat, found.point.lng),
                quality=PointQuality.ROOFTOP,
                radius_m=round(found.radius_m, 1),
                source=SOURCE,
            )
            draft.put_address(learned)
        draft.settle_point(mark_of(file, address), address_id, accepted=accept, visits=found.visits)

    casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def _tells(visit: Visit) -> bool:
    """Whether a visit is evidence: nothing but the law's hour or the point itself was doubted."""
    if visit.report.kind is not VisitKind.VISIT or visit.standing is Standing.REJECTED:
        return False
    if visit.standing is Standing.ACCEPTED:
        return True
    verdict = visit.findings.verdict
    there = verdict.verdict == Verdict.VERIFIED.value or (
        verdict.verdict == Verdict.UNSURE.value and set(verdict.reasons) <= OF_THE_POINT
    )
    return there and not set(visit.findings.doubts) - {"not_allowed"}


def _known(address: Address, found: Proposal) -> bool:
    """Whether the address has just this already."""
    return (
        address.radius_m is not None
        and (found.moved_m or 0.0) < 1.0
        and found.radius_m >= address.radius_m - 1.0
    )


def _shown(
    file: CaseFile, address: Address, found: Proposal, portfolio: Portfolio
) -> dict[str, Any]:
    return {
        "case_id": file.head.case_id,
        "case_name": file.head.name,
        "address_id": address.address_id,
        "lines": address.lines,
        "lat": address.lat,
        "lng": address.lng,
        "radius_m": radius_of(address, portfolio),
        "proposed_lat": round(found.point.lat, 6),
        "proposed_lng": round(found.point.lng, 6),
        "proposed_radius_m": round(found.radius_m, 1),
        "moved_m": None if found.moved_m is None else round(found.moved_m, 1),
        "evidence": found.evidence,
    }
