"""
What is decided of a planned message before it goes, without writing anything.

Whether it is still wanted, where it goes, when it goes instead, which message takes its place.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.agreed import agreed
from chalicelib.domain.agreements import AgreementState
from chalicelib.domain.case import CaseFile, CaseStatus, PromiseState
from chalicelib.domain.collectable import collectable
from chalicelib.domain.contact import Attempt, AttemptState, Ruling
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_cash import CASH
from chalicelib.domain.draft_contact import UNUSABLE
from chalicelib.domain.ids import derived_id, share_of
from chalicelib.domain.paid import fell_due_and_is_paid
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import contacting
from chalicelib.services.contacting import Reach

# Messages that have to wait for a morning do not all go at its first minute.
SPREAD = timedelta(minutes=90)
RECEIPT = "receipt"
BULK = "bulk"  # a person had it sent to many cases at once


def unwanted(file: CaseFile, portfolio: Portfolio, attempt: Attempt, *, now: datetime) -> str:
    """Why a planned message is no longer wanted; empty when it still is."""
    status, planned_by_strategy = file.head.status, attempt.cause.kind == "strategy"
    by_many = attempt.cause.kind == BULK
    reasons = {
        "void": status is CaseStatus.VOID,
        "archived": portfolio.archived,
        "paid": (
            (by_many and status is CaseStatus.SETTLED)
            or (
                planned_by_strategy
                and (status is CaseStatus.SETTLED or _paid(file, portfolio, attempt, now))
            )
        ),
        # A promise or agreement made since speaks for itself until the plan has looked.
        "promised": planned_by_strategy and _promised_since(file, attempt.created_at),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _promised_since(file: CaseFile, at: datetime) -> bool:
    made = [one.made_at for one in file.promises if one.state is PromiseState.OPEN]
    made += [
        one.signed_at
        for one in file.agreements
        if one.state is AgreementState.ACTIVE and one.signed_at is not None
    ]
    return any(moment > at for moment in made)


def _paid(file: CaseFile, portfolio: Portfolio, attempt: Attempt, now: datetime) -> bool:
    """
    Say whether what fell due on the attempt's anchor is paid, or is not asked for any more; other
    anchors are events.
    """
    left = collectable(file, portfolio, local_day(now, portfolio.time_zone))
    oldest = left.oldest_due_on
    debts = [debt for debt in file.debts if not debt.void]
    due = {debt.due_on for debt in debts}
    due |= {part.due_on for debt in debts for part in debt.instalments}
    plan = agreed(file, portfolio)
    due |= {share.due_on for share in plan.agreement.shares} if plan else set()
    return fell_due_and_is_paid(attempt.cause.anchor, due, oldest)


def place(
    file: CaseFile, portfolio: Portfolio, attempt: Attempt, *, now: datetime
) -> tuple[Reach | None, Ruling]:
    """
    Find where the message goes: the point it names, else the best that may be used now, else
    the one that may be used soonest.
    """
    found = [
        reach
        for reach in contacting.reaches(file, attempt.channel)
        if attempt.contact_id in ("", reach.contact_id)
    ]
    ruled = [(reach, _ruled(file, portfolio, attempt, reach, now)) for reach in found]
    if not ruled:
        return None, Ruling(at=now, allowed=False, reason_code="NO_CONTACT")
    for reach, ruling in ruled:
        if ruling.allowed:
            return reach, ruling
    waiting = [(ruling.next_allowed_at, n) for n, (_, ruling) in enumerate(ruled)]
    soonest = min(((at, n) for at, n in waiting if at is not None), default=(None, 0))
    return ruled[soonest[1]]


def _ruled(
    file: CaseFile, portfolio: Portfolio, attempt: Attempt, reach: Reach, now: datetime
) -> Ruling:
    """
    Ask the gate; the receipt of what was just paid by the debtor's own doing is an answer, and
    the question whether cash was paid no collection.
    """
    if attempt.cause.kind == RECEIPT and attempt.cause.answers:
        paid_at = attempt.created_at
        return contacting.rule_receipt(file, portfolio, reach, paid_at=paid_at, now=now)
    if attempt.cause.kind == CASH:
        return contacting.rule_service(file, portfolio, reach, now=now)
    return contacting.rule(file, portfolio, reach, now=now, leaving_out=attempt.attempt_id)


def fallback(attempt: Attempt, file: CaseFile, *, now: datetime) -> Attempt | None:
    """
    Make the message that takes the place of one that could not go: on the next channel of its
    list on which the case can be reached. None when there is none.

    Its id comes from the first one's, so that there is one of it however often this is asked.
    """
    for number, channel in enumerate(attempt.fallback):
        usable = [r for r in contacting.reaches(file, channel) if r.quality not in UNUSABLE]
        if not usable:
            continue
        return replace(
            attempt,
            attempt_id=derived_id("att", attempt.attempt_id, "fallback", channel.value),
            channel=channel,
            fallback=attempt.fallback[number + 1 :],
            state=AttemptState.PLANNED,
            created_at=now,
            not_before=now,
            contact_id="",
            ruling=None,
            content=None,
            problem="",
            ended_at=None,
        )
    return None


def later(attempt_id: str, moment: datetime, allowed: Callable[[datetime], bool]) -> datetime:
    """
    Spread what has to wait for one moment over the time after it, each message at its own place.

    Args:
        allowed: Whether the gate would let it go at a moment; half the way is tried, and half
            of that, until it does.
    """
    wait = SPREAD * share_of(attempt_id)
    while wait > timedelta(minutes=1):
        if allowed(moment + wait):
            return moment + wait
        wait /= 2
    return moment
