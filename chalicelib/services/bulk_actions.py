"""
What a job of many cases does to one of them, and how that is taken back.

Every event a job causes names it (``job_id``), with what was there before: that is all that
undoing needs, and what tells a redelivered message that a case was done already.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.domain.bulk import BulkAction, Outcome, Verdict
from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.charge_off import ChargeOffReason, ChargeOffState, in_force, undecided
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    Channel,
    Direction,
    Hold,
    HoldReason,
)
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ids import derived_id
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.timeline import Event
from chalicelib.services import charge_offs, dispatch_choices

# How long a message of today may wait for an hour that the law allows.
LONGEST_WAIT = timedelta(days=3)
# Holds that begin and end with something else: a dispute, a payment that was reported.
ELSEWHERE = frozenset({HoldReason.DISPUTE, HoldReason.REPORTED_PAYMENT})
# Holds that are not to be lifted by the dozen: what the debtor asked for, and death.
FOR_GOOD = frozenset({HoldReason.CEASE, HoldReason.ATTORNEY, HoldReason.DECEASED})


class _Asked(NamedTuple):
    """What an action is done with, beside its case."""

    portfolio: Portfolio
    terms: Mapping[str, Any]
    job_id: str
    now: datetime


DONE = Verdict(Outcome.DONE)
UNCHANGED = Verdict(Outcome.SKIPPED, "unchanged")
MOVED_ON = Verdict(Outcome.SKIPPED, "moved_on")


def act(
    draft: Draft,
    file: CaseFile,
    portfolio: Portfolio,
    action: BulkAction,
    terms: Mapping[str, Any],
    *,
    job_id: str,
    now: datetime,
) -> Verdict:
    """
    Do the job's action to a draft of one case; safe to repeat.

    Args:
        terms: Checked when the job was asked for; of a case that is handed out, its taker's.
    """
    if any(_of_job(event, job_id) for event in file.events):
        return DONE
    if file.head.status is CaseStatus.VOID:
        return Verdict(Outcome.REFUSED, "case.void")
    draft.within(job_id=job_id)
    try:
        return _ACTS[action](draft, file, _Asked(portfolio, terms, job_id, now))
    except DomainError as error:
        # A field that is too long for this case, such as a twenty-first tag, says which and why.
        parts = (error.details.get("field"), error.details.get("reason"))
        return Verdict(Outcome.REFUSED, ".".join(str(p) for p in parts if p) or error.code)


def take_back(draft: Draft, file: CaseFile, action: BulkAction, *, job_id: str) -> Verdict:
    """Undo what a job did to one case, unless it has moved on since; safe to repeat."""
    if any(_of_job(event, job_id, undone=True) for event in file.events):
        return DONE
    own = [event for event in file.events if _of_job(event, job_id)]
    if not own:
        return Verdict(Outcome.SKIPPED, "not_done")
    if file.head.status is CaseStatus.VOID:
        return MOVED_ON
    draft.within(job_id=job_id, undone=True)
    try:
        return _BACK[action](draft, file, own, job_id)
    except DomainError as error:
        return Verdict(Outcome.REFUSED, error.code)


# Each action


def _assign(draft: Draft, _: CaseFile, asked: _Asked) -> Verdict:
    return DONE if draft.give_to(asked.terms["person_id"]) else UNCHANGED


def _hand_out(draft: Draft, file: CaseFile, asked: _Asked) -> Verdict:
    if file.head.status is CaseStatus.SETTLED:  # since it was counted
        return Verdict(Outcome.SKIPPED, "settled")
    return _assign(draft, file, asked)


def _assign_back(draft: Draft, file: CaseFile, own: list[Event], _: str) -> Verdict:
    told = _last(own, "case.assigned")
    if file.head.owner != told["after"]:
        return MOVED_ON
    return DONE if draft.give_to(told["before"]) else UNCHANGED


def _strategy(draft: Draft, file: CaseFile, asked: _Asked) -> Verdict:
    if file.head.status is CaseStatus.SETTLED and asked.terms["strategy_id"]:
        return Verdict(Outcome.SKIPPED, "settled")
    return DONE if draft.follow(asked.terms["strategy_id"]) else UNCHANGED


def _strategy_back(draft: Draft, file: CaseFile, own: list[Event], _: str) -> Verdict:
    told = _last(own, "case.strategy")
    if file.head.strategy != told["after"]:
        return MOVED_ON
    return DONE if draft.follow(told["before"]) else UNCHANGED


def _tag(draft: Draft, file: CaseFile, asked: _Asked) -> Verdict:
    return DONE if draft.set_tags([*file.head.tags, *asked.terms["tags"]]) else UNCHANGED


def _untag(draft: Draft, file: CaseFile, asked: _Asked) -> Verdict:
    left = [tag for tag in file.head.tags if tag not in asked.terms["tags"]]
    return DONE if draft.set_tags(left) else UNCHANGED


def _tags_back(draft: Draft, file: CaseFile, own: list[Event], _: str) -> Verdict:
    told = _last(own, "tags.changed")
    before, after, now = set(told["before"]), set(told["after"]), set(file.head.tags)
    added, removed = after - before, before - after
    if not added <= now or removed & now:
        return MOVED_ON
    return DONE if draft.set_tags((now - added) | removed) else UNCHANGED


def _hold(draft: Draft, file: CaseFile, asked: _Asked) -> Verdict:
    reason = HoldReason(asked.terms["reason"])
    if any(one.reason is reason and not one.debt_ids for one in _standing(file, draft.today)):
        return Verdict(Outcome.SKIPPED, "on_hold")
    until = date.fromisoformat(asked.terms["until"]) if asked.terms.get("until") else None
    hold_id = derived_id("hld", file.head.case_id, asked.job_id)
    placed = draft.hold(hold_id, reason, until=until, note=asked.terms.get("note", ""))
    return DONE if placed else UNCHANGED


def _hold_back(draft: Draft, file: CaseFile, own: list[Event], _: str) -> Verdict:
    hold_id = _last(own, "hold.placed")["hold_id"]
    known = next((one for one in file.holds if one.hold_id == hold_id), None)
    if known is None or not draft.lift(hold_id):
        return MOVED_ON
    return DONE


def _release(draft: Draft, file: CaseFile, asked: _Asked) -> Verdict:
    reason = HoldReason(asked.terms["reason"])
    found = [one for one in _standing(file, draft.today) if one.reason is reason]
    if not found:
        return Verdict(Outcome.SKIPPED, "no_hold")
    for one in found:
        draft.lift(one.hold_id)
    return DONE


def _release_back(draft: Draft, file: CaseFile, own: list[Event], job_id: str) -> Verdict:
    lifted = {event.facts["hold_id"] for event in own if event.kind == "hold.lifted"}
    again = [
        one
        for one in file.holds
        if one.hold_id in lifted and (one.until is None or one.until >= draft.today)
    ]
    standing = {one.reason for one in _standing(file, draft.today)}
    if not again or standing & {one.reason for one in again}:
        return MOVED_ON
    for one in again:
        draft.hold(
            derived_id("hld", one.hold_id, job_id),
            one.reason,
            until=one.until,
            note=one.note,
            debt_ids=one.debt_ids,
        )
    return DONE


def _message(draft: Draft, file: CaseFile, asked: _Asked) -> Verdict:
    """Plan a message as a strategy does; whether it may go is the gate's word, now and then."""
    if file.head.status is CaseStatus.SETTLED:
        return Verdict(Outcome.REFUSED, "settled")
    if _standing(file, draft.today):
        return Verdict(Outcome.REFUSED, "ON_HOLD")
    attempt = Attempt(
        attempt_id=derived_id("att", file.head.case_id, asked.job_id),
        channel=Channel(asked.terms["channel"]),
        direction=Direction.OUT,
        state=AttemptState.PLANNED,
        cause=Cause(kind=dispatch_choices.BULK, step=asked.job_id, by=draft.actor),
        created_at=asked.now,
        template_id=asked.terms["template_id"],
        not_before=asked.now,
    )
    reach, ruling = dispatch_choices.place(file, asked.portfolio, attempt, now=asked.now)
    waits = ruling.next_allowed_at
    late = waits is None or waits - asked.now > LONGEST_WAIT
    if reach is None or (not ruling.allowed and late):
        return Verdict(Outcome.REFUSED, ruling.reason_code)
    return DONE if draft.plan(attempt) else UNCHANGED


def _message_back(draft: Draft, _: CaseFile, own: list[Event], __: str) -> Verdict:
    attempt_id = _last(own, "attempt.planned")["attempt_id"]
    known = draft.attempt(attempt_id)
    if known is None or known.state is not AttemptState.PLANNED:
        return Verdict(Outcome.SKIPPED, "already_sent")
    return DONE if draft.withdraw(attempt_id, "undone") else MOVED_ON


def _charge_off(draft: Draft, file: CaseFile, asked: _Asked) -> Verdict:
    """Ask a second person for every debt that owes and of which nothing stands or waits."""
    owing = [
        debt.debt_id
        for debt in file.debts
        if not debt.void
        and draft.balance(debt.debt_id).total_minor > asked.portfolio.policies.tolerance_minor
        and in_force(debt.charge_offs) is None
        and undecided(debt.charge_offs) is None
    ]
    if not owing:
        settled = file.head.status is CaseStatus.SETTLED
        return Verdict(Outcome.SKIPPED, "settled") if settled else UNCHANGED
    if len(owing) > charge_offs.MOST_AT_ONCE:
        return Verdict(Outcome.REFUSED, "debts.too_many")
    for debt_id in owing:
        draft.ask_charge_off(
            debt_id,
            derived_id("cho", debt_id, asked.job_id),
            reason=ChargeOffReason(asked.terms["reason"]),
            on=draft.today,
            note=asked.terms["note"],
        )
    return DONE


def _charge_off_back(draft: Draft, _: CaseFile, own: list[Event], __: str) -> Verdict:
    keys = [one.facts["charge_off_id"] for one in own if one.kind == "charge_off.asked"]
    if any(draft.charge_off(key)[1].state is not ChargeOffState.WAITING for key in keys):
        return MOVED_ON  # somebody decided on it: that is taken back by two people, too
    for key in keys:
        draft.withdraw_charge_off(key)
    return DONE


_ACTS: dict[BulkAction, Callable[[Draft, CaseFile, _Asked], Verdict]] = {
    BulkAction.ASSIGN: _assign,
    BulkAction.HAND_OUT: _hand_out,
    BulkAction.TAG: _tag,
    BulkAction.UNTAG: _untag,
    BulkAction.STRATEGY: _strategy,
    BulkAction.HOLD: _hold,
    BulkAction.RELEASE: _release,
    BulkAction.MESSAGE: _message,
    BulkAction.CHARGE_OFF: _charge_off,
}
# With the job's own events, and its id.
_BACK: dict[BulkAction, Callable[[Draft, CaseFile, list[Event], str], Verdict]] = {
    BulkAction.ASSIGN: _assign_back,
    BulkAction.HAND_OUT: _assign_back,
    BulkAction.TAG: _tags_back,
    BulkAction.UNTAG: _tags_back,
    BulkAction.STRATEGY: _strategy_back,
    BulkAction.HOLD: _hold_back,
    BulkAction.RELEASE: _release_back,
    BulkAction.MESSAGE: _message_back,
    BulkAction.CHARGE_OFF: _charge_off_back,
}


def _of_job(event: Event, job_id: str, *, undone: bool = False) -> bool:
    facts = event.facts
    return facts.get("job_id") == job_id and bool(facts.get("undone")) is undone


def _last(own: list[Event], kind: str) -> dict[str, Any]:
    return next(event.facts for event in reversed(own) if event.kind == kind)


def _standing(file: CaseFile, today: date) -> list[Hold]:
    return [one for one in file.holds if one.ended_at is None and one.active_on(today)]
