"""Promises to pay: made and cancelled by a person, kept by payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.agreement import due_days
from chalicelib.domain.agreement_policy import Frequency
from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_promises import Part
from chalicelib.domain.errors import BadField, PromiseTooLate
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services.access import MANAGERS, Portfolios
from chalicelib.services.casework import Cases
from chalicelib.services.working_days import grace_on, next_working_day, working_day

MOST_CHANNEL = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """
    One promise of a series that is being thought of.

    Args:
        meant_for: The day it would be by the calendar alone; *due_on* is a working day.
    """

    amount_minor: int
    due_on: date
    meant_for: date


def in_parts(
    case_id: str,
    *,
    amount_minor: int,
    first_on: date,
    frequency: Frequency,
    parts: int,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[tuple[Proposed, ...], Portfolio]:
    """
    Divide an amount into promises a rhythm apart, on working days; changes nothing.

    The first ones are equal and the last is what is left. What ``make`` would refuse of them is
    refused here, so that nobody reads dates out that cannot be agreed.

    Raises:
        BadField: As ``make``; or there is less than one unit for each part.
        PromiseTooLate: As ``make``.
    """
    _, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    today = local_day(now, portfolio.time_zone)
    if not 1 <= parts <= amount_minor:
        raise BadField(field="parts", reason="out_of_range", least=1, most=amount_minor)
    if first_on < today:
        raise BadField(field="first_on", reason="in_the_past")
    each = -(-amount_minor // parts)
    found: list[Proposed] = []
    for n, day in enumerate(due_days(first_on, parts, frequency, lambda day: day)):
        due_on = working_day(portfolio, day)
        if found and due_on <= found[-1].due_on:
            due_on = next_working_day(portfolio, found[-1].due_on)
        amount = min(each, amount_minor - each * n)
        found.append(Proposed(amount_minor=amount, due_on=due_on, meant_for=day))
    found = [one for one in found if one.amount_minor > 0]
    _within([(one.amount_minor, one.due_on) for one in found], today, portfolio, actor)
    return tuple(found), portfolio


def make(
    case_id: str,
    *,
    amount_minor: int,
    due_on: date,
    channel: str,
    then: Sequence[tuple[int, date]] = (),
    key: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    Record that the debtor promised to pay; it takes the place of what was promised before.

    What is paid within the portfolio's tolerance after *due_on* still keeps it.

    Args:
        then: Further (amount, day) of the same series.
        key: Names this request; a second one with the same key changes nothing.

    Raises:
        BadField: Not positive, due before today, twice on a day, or more than may be made at once.
        PromiseTooLate: Later than the portfolio wants; a supervisor may agree it.
    """
    promise_id = derived_id("pro", case_id, key)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        if any(promise.promise_id == promise_id for promise in file.promises):
            return
        days = sorted([(amount_minor, due_on), *then], key=lambda part: part[1])
        _within(days, draft.today, portfolio, actor)
        ids = [promise_id, *(derived_id("pro", case_id, key, str(n)) for n in range(1, len(days)))]
        parts = [
            Part(one, amount, day, grace_on(portfolio, day))
            for one, (amount, day) in zip(ids, days, strict=True)
        ]
        series = derived_id("ser", case_id, key) if len(parts) > 1 else ""
        draft.promise_series(series, parts, channel=channel[:MOST_CHANNEL])

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def cancel(
    case_id: str,
    promise_id: str,
    *,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    Take back an open promise. Safe to repeat.

    Raises:
        PromiseNotFound: Not of this case.
        PromiseSettled: It was kept or broken.
    """
    return casework.change(
        case_id,
        lambda draft, *_: draft.cancel_promise(promise_id),
        actor=actor,
        cases=cases,
        portfolios=portfolios,
        now=now,
    )


def _within(
    days: Sequence[tuple[int, date]], today: date, portfolio: Portfolio, actor: Actor
) -> None:
    limits = portfolio.policies.promises
    if len(days) > limits.most_together:
        raise BadField(field="then", reason="too_many", most=limits.most_together)
    latest = today + timedelta(days=limits.most_days * len(days))
    if actor.role not in MANAGERS and days[-1][1] > latest:
        raise PromiseTooLate(latest=latest.isoformat())
