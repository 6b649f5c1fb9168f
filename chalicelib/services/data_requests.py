"""
The register of what people ask about their own data by law: taken in, looked into, answered.

A request is of one person and one portfolio, whose creditor answers for the data. Every step is
kept with it, and told on the timeline of each case of the person; the deadline is the law's, as
``compliance.data_terms`` has it for the day it came in, and somebody is reminded before it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.data_request import (
    DataRequest,
    IdentityProof,
    RequestKind,
    RequestState,
    RequestWay,
    Step,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    BadField,
    DataRequestMoved,
    DataRequestNotFound,
)
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework, request_persons, tasks
from chalicelib.services.access import MANAGERS, STAFF, Portfolios, managed, open_portfolio
from chalicelib.services.request_persons import of_person
from chalicelib.services.request_steps import MOST_WORDS, Do
from chalicelib.services.request_terms import reminded_on, term_for

MOST_NAME = 120
FURTHEST_BACK_DAYS = 366


class Requests(Protocol):
    def add(self, document: DataRequest) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> DataRequest | None: ...
    def save(self, document: DataRequest) -> DataRequest | None: ...
    def listed(
        self, portfolio_id: str, *, live: bool, limit: int, cursor: str | None
    ) -> tuple[list[DataRequest], str | None]: ...
    def due(self, portfolio_id: str, until: date, *, most: int) -> list[date]: ...
    def of_case(self, portfolio_id: str, case_id: str) -> list[DataRequest]: ...


class Cases(casework.Cases, request_persons.Cases, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    requests: Requests
    cases: Cases
    portfolios: Portfolios
    people: tasks.People


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked for, as it was told; see ``DataRequest``."""

    kind: RequestKind
    way: RequestWay
    received_on: date | None = None
    case_ids: tuple[str, ...] = ()
    name: str = ""
    words: str = ""
    reply_to: str = ""
    proof: IdentityProof | None = None


def take_in(
    portfolio_id: str, asked: Asked, *, key: str, actor: Actor, means: Means, now: datetime
) -> DataRequest:
    """
    Put a request into the register. Safe to repeat under the same *key*.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
        BadField: Of nobody, a day to come or long gone, too many words, too many cases.
        CaseNotFound: Of another portfolio, or none.
    """
    portfolio = open_portfolio(actor, portfolio_id, means.portfolios, *STAFF)
    return register(
        portfolio, asked, key=key, by=actor.actor_id, owner=_own(actor), means=means, now=now
    )


def register(
    portfolio: Portfolio,
    asked: Asked,
    *,
    key: str,
    by: str,
    owner: str = "",
    means: Means,
    now: datetime,
) -> DataRequest:
    """
    Do the same where the person asks by themself; the caller has made sure of who it is.

    Args:
        by: Who says so: an actor as on the timeline.
    """
    request_id = derived_id("drq", portfolio.portfolio_id, by, key)
    known = means.requests.get(portfolio.portfolio_id, request_id)
    if known is None:
        known = _new(portfolio, request_id, asked, by=by, owner=owner, means=means, now=now)
        if not means.requests.add(known):
            known = _found(portfolio.portfolio_id, request_id, means)
    return tell(known, portfolio, means=means, now=now)


def opened(
    portfolio_id: str, request_id: str, *, actor: Actor, means: Means, now: datetime
) -> tuple[DataRequest, Portfolio]:
    """
    Open a request; what its cases' timelines do not tell yet is told now.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
        DataRequestNotFound: None of this portfolio.
    """
    missing = DataRequestNotFound(request_id=request_id)
    known = managed(means.requests.get, portfolio_id, request_id, actor=actor, missing=missing)
    portfolio = open_portfolio(actor, portfolio_id, means.portfolios, *MANAGERS)
    return tell(known, portfolio, means=means, now=now), portfolio


def change(
    portfolio_id: str,
    request_id: str,
    version: int,
    do: Do,
    *,
    actor: Actor,
    means: Means,
    now: datetime,
) -> DataRequest:
    """
    Let *do* take a request a step on, over the version that was read.

    Raises:
        DataRequestMoved: Somebody else did something about it since.
        DataRequestSettled: It has ended.
    """
    known, portfolio = opened(portfolio_id, request_id, actor=actor, means=means, now=now)
    if known.version != version:
        raise DataRequestMoved(version=known.version)
    changed = do(known, portfolio)
    if changed == known:
        return known
    stored = means.requests.save(changed)
    if stored is None:
        raise DataRequestMoved(version=_found(portfolio_id, request_id, means).version)
    return tell(stored, portfolio, means=means, now=now)


# Telling


def tell(one: DataRequest, portfolio: Portfolio, *, means: Means, now: datetime) -> DataRequest:
    """
    Tell each case's timeline of the steps that it does not tell of yet, and remind.

    Safe to repeat: a step is told once, by its number.
    """
    if one.told >= len(one.steps):
        return one
    for case_id in one.case_ids:
        casework.change_by_machine(
            case_id,
            lambda draft, _, its: _tell_case(one, draft, its),
            cases=means.cases,
            portfolios=means.portfolios,
            now=now,
            by=one.steps[-1].actor,
        )
    return means.requests.save(replace(one, told=len(one.steps))) or _found(
        portfolio.portfolio_id, one.request_id, means
    )


def _tell_case(one: DataRequest, draft: Draft, portfolio: Portfolio) -> None:
    for number, step in enumerate(one.steps, start=1):
        facts: dict[str, Any] = {"kind": one.kind.value, "number": one.number}
        if step.act == "received":
            facts |= {"way": one.way.value, "due_on": one.term.answer_by.isoformat()}
        if step.act in ("answered", "refused") and one.answer is not None:
            facts |= {"verdict": one.answer.verdict.value, "article": one.answer.article}
        if step.act == "extended" and one.term.extended_to is not None:
            facts |= {"due_on": one.term.extended_to.isoformat()}
        draft.request_told(one.request_id, number, step.act, facts)
    if one.live:
        draft.remind_of_request(one.request_id, reminded_on(portfolio, one.due_on), one.owner)
    else:
        draft.request_ended(one.request_id)


# Private


def _new(
    portfolio: Portfolio,
    request_id: str,
    asked: Asked,
    *,
    by: str,
    owner: str,
    means: Means,
    now: datetime,
) -> DataRequest:
    today = local_day(now, portfolio.time_zone)
    on = asked.received_on or today
    if on > today:
        raise BadField(field="received_on", reason="in_the_future")
    if on < today - timedelta(days=FURTHEST_BACK_DAYS):
        raise BadField(field="received_on", reason="too_old")
    name = asked.name.strip()
    if not asked.case_ids and not name:
        raise BadField(field="name", reason="missing")
    for field, value, most in (
        ("name", name, MOST_NAME),
        ("words", asked.words, MOST_WORDS),
        ("reply_to", asked.reply_to, MOST_NAME),
    ):
        if len(value) > most:
            raise BadField(field=field, reason="too_long", most=most)
    proven = asked.proof is not None
    steps = [Step(at=now, actor=by, act="received")]
    if proven:
        steps.append(Step(at=now, actor=by, act="identified"))
    return DataRequest(
        request_id=request_id,
        portfolio_id=portfolio.portfolio_id,
        kind=asked.kind,
        way=asked.way,
        state=RequestState.RECEIVED,
        received_on=on,
        made_at=now,
        made_by=by,
        term=term_for(portfolio, asked.kind, on),
        case_ids=of_person(portfolio.portfolio_id, asked.case_ids, means.cases),
        name="" if asked.case_ids else name,
        words=asked.words.strip(),
        reply_to=asked.reply_to.strip(),
        proof=asked.proof,
        proven_at=now if proven else None,
        proven_by=by if proven else "",
        owner=owner,
        steps=tuple(steps),
    )


def _found(portfolio_id: str, request_id: str, means: Means) -> DataRequest:
    known = means.requests.get(portfolio_id, request_id)
    if known is None:
        raise DataRequestNotFound(request_id=request_id)
    return known


def _own(actor: Actor) -> str:
    return actor.person_id if actor.role in MANAGERS else ""
