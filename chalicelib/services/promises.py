"""Promises to pay: made and cancelled by a person, kept by payments."""

from datetime import date, datetime

from chalicelib.domain.case import CaseFile
from chalicelib.domain.draft import Draft
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services.casework import Cases, Portfolios
from chalicelib.services.working_days import next_working_day


def make(
    case_id: str,
    *,
    amount_minor: int,
    due_on: date,
    channel: str,
    key: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    Record that the debtor promised to pay; it takes the place of an open promise.

    What is paid up to the working day after *due_on* still keeps it.

    Args:
        key: Names this request; a second one with the same key changes nothing.

    Raises:
        BadField: Not positive, or due before today.
    """
    promise_id = derived_id("pro", case_id, key)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        if all(promise.promise_id != promise_id for promise in file.promises):
            grace_on = next_working_day(portfolio, due_on)
            draft.promise(promise_id, amount_minor, due_on, channel=channel[:20], grace_on=grace_on)

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
