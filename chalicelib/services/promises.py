"""Promises to pay: made and cancelled by a person, kept by payments."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from chalicelib.domain.case import CaseFile
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_work import Part
from chalicelib.domain.errors import BadField, PromiseTooLate
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services.access import MANAGERS
from chalicelib.services.casework import Cases, Portfolios
from chalicelib.services.working_days import grace_on

MOST_CHANNEL = 20


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
