"""
One tray of all that waits for a second person: what it is, how old, who asked, who may decide.

Each kind is decided where it always was; here it is found. Whoever made a thing is never who
decides on it: the services of each kind refuse that, and the tray says so beforehand.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from chalicelib.domain.agreement_policy import Approver
from chalicelib.domain.agreements import Agreement
from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.cash import Deposit, DepositState
from chalicelib.domain.errors import NotAllowed, OverLimit
from chalicelib.domain.merge import Merge
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.reported import ReportedState
from chalicelib.services import (
    agreements,
    charge_offs,
    corrections,
    data_requests,
    erasures,
    ledger,
    payment_pages,
    visit_points,
)
from chalicelib.services.access import MANAGERS, Portfolios, open_portfolio

MOST = 100  # of a kind; a tray that is longer says so


class Kind(StrEnum):
    AGREEMENT = "agreement"
    CORRECTION = "correction"
    CASH = "cash"
    POINT = "point"
    MERGE = "merge"
    REPORTED = "reported"
    CHARGE_OFF = "charge_off"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """
    One thing that waits.

    Args:
        key: Its id within its kind.
        asked_by: Who made it, an actor as on the timeline; empty where a machine did.
        until: When it lapses, if it does.
        detail: What tells it from others of its kind, JSON-safe.
        may: Whether the actor's role may decide on it; a maker never may.
    """

    kind: Kind
    key: str
    case_id: str
    name: str
    asked_by: str
    asked_at: datetime
    amount_minor: int | None = None
    until: datetime | None = None
    detail: dict[str, Any]
    may: bool = True


class Deposits(Protocol):
    def deposits(self, portfolio_id: str) -> list[Deposit]: ...


class Merges(Protocol):
    def proposed(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[Merge], str | None]: ...


class Cases(
    agreements.Queue, charge_offs.Queue, visit_points.PointCases, payment_pages.Cases, Protocol
):
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    cases: Cases
    portfolios: Portfolios
    corrections: corrections.Corrections
    cash: Deposits
    merges: Merges
    requests: data_requests.Requests


def tray(
    portfolio_id: str,
    *,
    kind: Kind | None,
    actor: Actor,
    means: Means,
    people: Callable[[set[str]], Mapping[str, str]],
    now: datetime,
) -> dict[str, Any]:
    """
    Count what waits by kind, and list it, the oldest first.

    Args:
        kind: Lists this one only; all are counted.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    portfolio = open_portfolio(actor, portfolio_id, means.portfolios, *MANAGERS)
    found = {each: _SOURCES[each](portfolio, actor, means, now) for each in Kind}
    listed = [one for each, items in found.items() if kind in (None, each) for one in items]
    listed.sort(key=lambda one: (one.asked_at, one.key))
    who = people({one.asked_by for one in listed if one.asked_by})
    return {
        "kinds": [
            {
                "kind": each,
                "count": len(items),
                "more": len(items) >= MOST,
                "oldest_at": min((one.asked_at for one in items), default=None),
                "yours": sum(one.may and one.asked_by != actor.actor_id for one in items),
            }
            for each, items in found.items()
        ],
        "items": [_shown(one, portfolio, actor, who) for one in listed],
    }


def for_decision(
    portfolio: Portfolio, *, actor: Actor, means: Means, now: datetime
) -> dict[Kind, tuple[Sequence[Waiting], bool]]:
    """
    Find what waits for the actor's own decision: what they may decide on and did not make.

    Returns:
        By kind: what was found, and whether there may be more.
    """
    found = {each: _SOURCES[each](portfolio, actor, means, now) for each in Kind}
    return {
        each: (
            [one for one in items if one.may and one.asked_by != actor.actor_id],
            len(items) >= MOST,
        )
        for each, items in found.items()
    }


# Each kind


def _agreements(
    portfolio: Portfolio, actor: Actor, means: Means, now: datetime
) -> Sequence[Waiting]:
    def of(file: CaseFile, one: Agreement) -> Waiting:
        return Waiting(
            kind=Kind.AGREEMENT,
            key=one.agreement_id,
            case_id=file.head.case_id,
            name=file.head.name,
            asked_by=one.made_by,
            asked_at=one.made_at,
            amount_minor=sum(share.amount_minor for share in one.shares),
            until=one.until,
            detail={"reason": one.reason},
            may=one.approver is Approver.SUPERVISOR or actor.role is Role.ADMIN,
        )

    found = agreements.waiting(
        portfolio.portfolio_id, actor=actor, cases=means.cases, now=now, limit=MOST
    )
    return [of(file, one) for file, one in found]


def _corrections(
    portfolio: Portfolio, actor: Actor, means: Means, _: datetime
) -> Sequence[Waiting]:
    found = corrections.waiting(
        portfolio.portfolio_id, actor=actor, corrections=means.corrections, most=MOST
    )
    heads = means.cases.heads(dict.fromkeys(one.case_id for one in found))
    return [
        Waiting(
            kind=Kind.CORRECTION,
            key=one.correction_id,
            case_id=one.case_id,
            name=heads[one.case_id].name if one.case_id in heads else "",
            asked_by=one.asked_by,
            asked_at=one.asked_at,
            amount_minor=one.amount_minor,
            detail={
                "correction": one.kind.value,
                "component": one.component.value,
                "reason": one.reason,
            },
            may=_within_limit(actor, one.amount_minor, portfolio),
        )
        for one in found[:MOST]
    ]


def _cash(portfolio: Portfolio, _: Actor, means: Means, __: datetime) -> Sequence[Waiting]:
    return [
        Waiting(
            kind=Kind.CASH,
            key=one.deposit_id,
            case_id="",
            name="",
            asked_by=f"user:{one.person_id}",
            asked_at=one.declared_at,
            amount_minor=one.amount_minor,
            detail={"way": one.way},
        )
        for one in means.cash.deposits(portfolio.portfolio_id)
        if one.state is DepositState.DECLARED
    ][:MOST]


def _points(portfolio: Portfolio, actor: Actor, means: Means, _: datetime) -> Sequence[Waiting]:
    found = []
    for file, address, proposal in visit_points.waiting(portfolio.portfolio_id, means.cases):
        visits = visit_points.made_by(file, proposal)
        own = any(visit.person_id == actor.person_id for visit in visits)
        moved = proposal.moved_m
        found.append(
            Waiting(
                kind=Kind.POINT,
                key=address.address_id,
                case_id=file.head.case_id,
                name=file.head.name,
                asked_by=actor.actor_id if own else f"user:{visits[-1].person_id}",
                asked_at=visits[-1].at,
                detail={
                    "evidence": proposal.evidence,
                    "moved_m": None if moved is None else round(moved),
                },
            )
        )
    return found


def _merges(portfolio: Portfolio, _: Actor, means: Means, __: datetime) -> Sequence[Waiting]:
    found, _more = means.merges.proposed(portfolio.portfolio_id, limit=MOST, cursor=None)
    heads = means.cases.heads({case_id for one in found for case_id in one.case_ids})
    return [
        Waiting(
            kind=Kind.MERGE,
            key=one.merge_id,
            case_id=one.case_ids[0],
            name=" · ".join(heads[case_id].name for case_id in one.case_ids),
            asked_by="",
            asked_at=one.created_at,
            detail={"score": one.score, "reasons": list(one.reasons)},
        )
        for one in found[:MOST]
        if all(case_id in heads for case_id in one.case_ids)
    ]


def _reported(portfolio: Portfolio, _: Actor, means: Means, __: datetime) -> Sequence[Waiting]:
    page = means.cases.reported(
        portfolio.portfolio_id, (ReportedState.WAITING,), cursor=None, limit=MOST
    )
    heads = means.cases.heads(dict.fromkeys(case_id for case_id, _ in page.items))
    return [
        Waiting(
            kind=Kind.REPORTED,
            key=one.reported_id,
            case_id=case_id,
            name=heads[case_id].name if case_id in heads else "",
            asked_by="",
            asked_at=one.at,
            amount_minor=one.amount_minor,
            detail={
                "paid_on": one.paid_on.isoformat() if one.paid_on else "",
                "source": one.source,
                "files": len(one.evidence),
            },
        )
        for case_id, one in page.items
    ]


def _charge_offs(
    portfolio: Portfolio, actor: Actor, means: Means, _: datetime
) -> Sequence[Waiting]:
    found = charge_offs.waiting(portfolio.portfolio_id, actor=actor, cases=means.cases, limit=MOST)
    return [
        Waiting(
            kind=Kind.CHARGE_OFF,
            key=one.charge_off_id,
            case_id=file.head.case_id,
            name=file.head.name,
            asked_by=charge_offs.asker(one),
            asked_at=one.since,
            amount_minor=one.amount_minor,
            detail={
                "what": charge_offs.what(one),
                "charge_off": one.reason.value,
                "on": one.on.isoformat(),
                "debt": debt.external_id,
                "reason": one.return_note or one.note,
            },
            may=_within_limit(actor, one.amount_minor, portfolio),
        )
        for file, debt, one in found
    ]


def _erasures(portfolio: Portfolio, actor: Actor, means: Means, _: datetime) -> Sequence[Waiting]:
    found = erasures.waiting(
        portfolio.portfolio_id, actor=actor, requests=means.requests, most=MOST
    )
    return [
        Waiting(
            kind=Kind.ERASURE,
            key=one.request_id,
            case_id=one.case_ids[0] if one.case_ids else "",
            name=one.number,  # never the person's: it is to go
            asked_by=asked.asked_by,
            asked_at=asked.asked_at,
            detail={"number": one.number, "cases": len(one.case_ids), "note": asked.note},
        )
        for one, asked in found
    ]


_SOURCES: dict[Kind, Callable[[Portfolio, Actor, Means, datetime], Sequence[Waiting]]] = {
    Kind.AGREEMENT: _agreements,
    Kind.CORRECTION: _corrections,
    Kind.CASH: _cash,
    Kind.POINT: _points,
    Kind.MERGE: _merges,
    Kind.REPORTED: _reported,
    Kind.CHARGE_OFF: _charge_offs,
    Kind.ERASURE: _erasures,
}


# Private


def _within_limit(actor: Actor, amount_minor: int, portfolio: Portfolio) -> bool:
    try:
        ledger.need_limit(actor, amount_minor, portfolio)
    except (NotAllowed, OverLimit):
        return False
    return True


def _shown(
    one: Waiting, portfolio: Portfolio, actor: Actor, who: Mapping[str, str]
) -> dict[str, Any]:
    own = one.asked_by == actor.actor_id
    money = None
    if one.amount_minor is not None:
        money = {"minor": one.amount_minor, "currency": portfolio.currency}
    asked_by = {"id": one.asked_by, "name": who.get(one.asked_by, "")} if one.asked_by else None
    return {
        "kind": one.kind,
        "key": one.key,
        "case_id": one.case_id,
        "name": one.name,
        "asked_by": asked_by,
        "asked_at": one.asked_at,
        "until": one.until,
        "amount": money,
        "detail": one.detail,
        "own": own,
        "can_decide": one.may and not own,
    }
