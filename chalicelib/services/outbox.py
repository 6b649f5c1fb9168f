"""The outbox as people see it: what waits, hangs or failed, and what they may do about it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain import prices
from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.contact import Attempt, AttemptState, Cause, Channel, Direction, Ruling
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_attempts import GONE_OUT
from chalicelib.domain.draft_cash import CASH
from chalicelib.domain.errors import AttemptNotFound, AttemptSettled, BadField
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import instant
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import budgets, casework, enclosures
from chalicelib.services.access import (
    MANAGERS,
    STAFF,
    Portfolios,
    need,
    need_portfolio,
    open_portfolio,
)
from chalicelib.services.case_pages import event_item
from chalicelib.services.case_search import Page

STATES = (
    AttemptState.PLANNED,
    AttemptState.RESERVED,
    AttemptState.FAILED,
    AttemptState.DENIED,
)
COUNTED_UP_TO = 100
# Handing a message over takes seconds; what is reserved longer hangs, and a person decides.
HANGS_AFTER = timedelta(minutes=15)
PERSON = "person"
TRACKING = re.compile(r"[A-Z0-9-]{5,40}")  # S10 of the postal union, and what couriers use


class Tray(Protocol):
    def tray(
        self, portfolio_id: str, state: AttemptState, *, cursor: str | None = ..., limit: int = ...
    ) -> Page[tuple[str, Attempt]]: ...
    def tray_count(self, portfolio_id: str, state: AttemptState, *, most: int) -> int: ...
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


def listed(
    portfolio_id: str,
    state: AttemptState,
    *,
    cursor: str | None,
    limit: int,
    actor: Actor,
    cases: Tray,
    now: datetime,
) -> dict[str, Any]:
    """
    Page through a portfolio's messages in one state.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    page = cases.tray(portfolio_id, state, cursor=cursor, limit=limit)
    heads = cases.heads({case_id for case_id, _ in page.items})
    return {
        "items": [
            line(case_id, attempt, heads.get(case_id), now=now) for case_id, attempt in page.items
        ],
        "cursor": page.cursor,
    }


def summary(
    portfolio_id: str,
    *,
    actor: Actor,
    cases: Tray,
    portfolios: Portfolios,
    counters: budgets.Counters,
    limits: budgets.Limits,
    now: datetime,
) -> dict[str, Any]:
    """
    Say how many wait, hang, failed or were denied, and what day and month have cost.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    budget = budgets.of_now(portfolio, counters=counters, limits=limits, now=now)
    return {
        "states": {
            state.value: cases.tray_count(portfolio_id, state, most=COUNTED_UP_TO)
            for state in STATES
        },
        "counted_up_to": COUNTED_UP_TO,
        "month": {"month": budget.month.name, **_spending(budget.month)},
        "day": {"day": budget.day.name, **_spending(budget.day)},
    }


def _spending(span: budgets.Span) -> dict[str, Any]:
    return {
        "messages": span.messages,
        "spent_micros": span.spent_micros,
        "limit_micros": span.limit_micros,
        "currency": prices.currency(),
    }


def page(
    case_id: str,
    attempt_id: str,
    *,
    actor: Actor,
    cases: casework.OpenCases,
    portfolios: Portfolios,
    people: Callable[[set[str]], Mapping[str, str]],
    files: enclosures.Links,
    now: datetime,
) -> dict[str, Any]:
    """
    Show one message: why it went, what it said, what became of it.

    Raises:
        CaseNotFound: None that the actor may see.
        AttemptNotFound: Not of this case.
    """
    file, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    attempt = _attempt(file, attempt_id)
    events = [event for event in file.events if event.facts.get("attempt_id") == attempt_id]
    who = people({event.actor for event in events} | {attempt.cause.by})
    content = attempt.content
    return {
        "message": line(case_id, attempt, file.head, now=now),
        "portfolio": {
            "id": portfolio.portfolio_id,
            "name": portfolio.name,
            "time_zone": portfolio.time_zone,
        },
        "cause": {
            "kind": attempt.cause.kind,
            "strategy": attempt.cause.strategy,
            "step": attempt.cause.step,
            "anchor": attempt.cause.anchor.isoformat() if attempt.cause.anchor else None,
            "variant": attempt.cause.variant,
            "by": {"id": attempt.cause.by, "name": who.get(attempt.cause.by, "")},
        },
        "ruling": _ruling(attempt.ruling),
        "content": None
        if content is None
        else {
            "to": content.to,
            "subject": content.subject,
            "text": content.text,
            "language": content.language,
            "template": content.template,
            "buttons": [title for _, title in content.buttons],
            "attachments": list(content.attachments),
            "files": enclosures.shown(case_id, attempt_id, events, files),
        },
        "events": [event_item(event, who) for event in events],
        "can": _can(attempt, actor, now),
    }


def line(case_id: str, attempt: Attempt, head: CaseHead | None, *, now: datetime) -> dict[str, Any]:
    """Lay out what a list shows of a message; what it said is on its own page only."""
    return {
        "case_id": case_id,
        "attempt_id": attempt.attempt_id,
        "name": head.name if head else "",
        "channel": attempt.channel.value,
        "direction": attempt.direction.value,
        "state": attempt.state.value,
        "hangs": _hangs(attempt, now),
        "template_id": attempt.template_id,
        "problem": attempt.problem,
        "reason_code": attempt.ruling.reason_code if attempt.ruling else "",
        "not_before": _instant(attempt.not_before),
        "created_at": instant(attempt.created_at),
        "sent_at": _instant(attempt.sent_at),
        "delivered_at": _instant(attempt.delivered_at),
        "read_at": _instant(attempt.read_at),
        "ended_at": _instant(attempt.ended_at),
        "cost_micros": attempt.cost_micros,
        "cost_currency": attempt.cost_currency,
        "provider": attempt.provider,
        "provider_id": attempt.provider_id,
        "tracking": attempt.tracking,
    }


def retry(
    case_id: str,
    attempt_id: str,
    *,
    actor: Actor,
    cases: casework.Cases,
    portfolios: Portfolios,
    now: datetime,
) -> None:
    """
    Put a message that failed into the outbox once more; the gate decides on it anew.

    It becomes a message of its own, so that what became of the first stays told. Safe to repeat.

    Raises:
        AttemptNotFound: Not of this case.
        AttemptSettled: It did not fail.
    """
    need(actor, *MANAGERS)

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        failed = _attempt(file, attempt_id)
        if failed.state is not AttemptState.FAILED:
            raise AttemptSettled(state=failed.state.value)
        draft.plan(_again(failed, by=actor.actor_id, now=now))

    casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def settle(
    case_id: str,
    attempt_id: str,
    *,
    went: bool,
    actor: Actor,
    cases: casework.Cases,
    portfolios: Portfolios,
    now: datetime,
) -> None:
    """
    Say what became of a message that hangs: no machine may send it again, a person looked it up.

    Raises:
        AttemptNotFound: Not of this case.
        AttemptSettled: It does not hang (any more).
    """
    need(actor, *MANAGERS)

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        attempt = _attempt(file, attempt_id)
        if not _hangs(attempt, now):
            raise AttemptSettled(state=attempt.state.value)
        if went:
            draft.sent(attempt_id, provider=attempt.provider or PERSON, provider_id="")
        else:
            draft.failed(attempt_id, "not_sent")

    casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def withdraw(
    case_id: str,
    attempt_id: str,
    *,
    actor: Actor,
    cases: casework.Cases,
    portfolios: Portfolios,
    now: datetime,
) -> None:
    """
    Take back a message that has not gone. Safe to repeat.

    Raises:
        AttemptNotFound: Not of this case.
        AttemptSettled: It went, or is going.
    """
    need(actor, *MANAGERS)

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        attempt = _attempt(file, attempt_id)
        if attempt.state is AttemptState.WITHDRAWN:
            return
        if not draft.withdraw(attempt_id, "by_hand"):
            raise AttemptSettled(state=attempt.state.value)

    casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def post(
    case_id: str,
    attempt_id: str,
    tracking: str,
    *,
    actor: Actor,
    cases: casework.Cases,
    portfolios: Portfolios,
    now: datetime,
) -> None:
    """
    Keep the post's number of a letter that was certified. Safe to repeat.

    Raises:
        AttemptNotFound: Not of this case.
        AttemptSettled: It is no letter that went.
        BadField: No such number.
    """
    need(actor, *MANAGERS)
    number = "".join(tracking.upper().split())
    if not TRACKING.fullmatch(number):
        raise BadField(field="tracking", reason="format")

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        attempt = _attempt(file, attempt_id)
        if not _may_be_posted(attempt):
            raise AttemptSettled(state=attempt.state.value)
        draft.posted(attempt_id, number)

    casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def _may_be_posted(attempt: Attempt) -> bool:
    return attempt.channel is Channel.LETTER and attempt.state in GONE_OUT


def _attempt(file: CaseFile, attempt_id: str) -> Attempt:
    for attempt in file.attempts:
        if attempt.attempt_id == attempt_id:
            return attempt
    raise AttemptNotFound(attempt_id=attempt_id)


def _again(failed: Attempt, *, by: str, now: datetime) -> Attempt:
    return replace(
        failed,
        attempt_id=derived_id("att", failed.attempt_id, "again"),
        state=AttemptState.PLANNED,
        cause=replace(failed.cause, kind="manual", by=by)
        if failed.cause.kind == "strategy"
        else replace(failed.cause, by=by)
        if failed.cause.kind == CASH
        else Cause(kind=failed.cause.kind, by=by),
        created_at=now,
        not_before=now,
        # Whether cash was paid is asked where the agent has no hand in, and nowhere else.
        contact_id=failed.contact_id if failed.cause.kind == CASH else "",
        ruling=None,
        content=None,
        provider="",
        provider_id="",
        cost_micros=0,
        cost_currency="",
        sent_at=None,
        delivered_at=None,
        read_at=None,
        ended_at=None,
        problem="",
    )


def _hangs(attempt: Attempt, now: datetime) -> bool:
    if attempt.state is not AttemptState.RESERVED or attempt.direction is not Direction.OUT:
        return False
    since = attempt.ruling.at if attempt.ruling else attempt.created_at
    return now - since >= HANGS_AFTER


def _can(attempt: Attempt, actor: Actor, now: datetime) -> dict[str, bool]:
    may = actor.role in MANAGERS
    return {
        "retry": may and attempt.state is AttemptState.FAILED and bool(attempt.template_id),
        "settle": may and _hangs(attempt, now),
        "withdraw": may and attempt.state is AttemptState.PLANNED,
        "post": may and _may_be_posted(attempt),
    }


def _ruling(ruling: Ruling | None) -> dict[str, Any] | None:
    if ruling is None:
        return None
    return {
        "at": instant(ruling.at),
        "allowed": ruling.allowed,
        "reason_code": ruling.reason_code,
        "article": ruling.article,
        "rules": ruling.rules,
        "next_allowed_at": _instant(ruling.next_allowed_at),
    }


def _instant(at: datetime | None) -> str | None:
    return instant(at) if at else None
