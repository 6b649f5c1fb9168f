"""What a strategy may know of a case on a day: read from the case file, never stored."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain import ageing, holds, promises
from chalicelib.domain.agreed import Agreed, agreed
from chalicelib.domain.agreements import AgreementState
from chalicelib.domain.case import (
    CaseFile,
    CaseStatus,
    ContactKind,
    ContactPoint,
    PromiseState,
    PromiseToPay,
)
from chalicelib.domain.collectable import Collectable, collectable
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Channel,
    ConsentState,
    Direction,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_contact import UNUSABLE, standing_word
from chalicelib.domain.ledger import EntryKind, reversals
from chalicelib.domain.portfolio import Band, Portfolio
from chalicelib.domain.task import Task
from chalicelib.prediction import forecast
from chalicelib.strategies.model import CaseEvent

REALLY_SENT = frozenset(
    {AttemptState.SENT, AttemptState.DELIVERED, AttemptState.READ, AttemptState.DONE}
)
PENDING = frozenset({AttemptState.PLANNED, AttemptState.RESERVED})
NOT_SENT = frozenset({AttemptState.FAILED, AttemptState.DENIED})
# How long a message may be on its way before it is taken to have arrived.
UNKNOWN_DAYS = 2
# More days than anybody asks of: nobody ever turned to the debtor.
NEVER_TOUCHED = 9_999
# What a provider says of an address that will never work.
BOUNCES = frozenset({"bounced", "invalid_recipient"})
# Machines write to the debtor; whom else people may talk to is the rule pack's.
PARTIES = frozenset({"debtor", "codebtor"})


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The last time something happened. ``key`` names it; ``on`` is the portfolio's day."""

    key: str
    on: date


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt a strategy made before, with the local day it was sent or ended."""

    attempt: Attempt
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """
    A case on a day, as strategies and segments see it: without debts whose collection is stopped.

    Args:
        anchor: Due date of the oldest thing unpaid, which is the next payment of an agreement in
            force; steps count from it.
        paused_days: Days since the due date on which a hold stopped treatment; steps after the
            due date move on by them.
        values: What rules compare; see ``rules.FIELDS``. None = does not apply.
        channels: Those that some point can be used on, with the point; see ``reachable``.
        tried: Earlier attempts that any strategy made, oldest first.
        last_message_on: Day of the last message a strategy really sent.
        strategy: What the case follows whatever its segment says; see ``CaseHead.strategy``.
    """

    case_id: str
    today: date
    status: CaseStatus
    anchor: date | None
    paused_days: int
    held_until: date | None
    held: bool
    promise: PromiseToPay | None
    values: Mapping[str, Any]
    bands: tuple[Band, ...]
    channels: Mapping[Channel, str]
    events: Mapping[CaseEvent, Occurrence] = field(default_factory=dict)
    tried: tuple[Tried, ...] = ()
    tasks: tuple[Task, ...] = ()
    last_message_on: date | None = None
    strategy: str = ""

    @property
    def owes(self) -> bool:
        return self.anchor is not None


def facts_of(file: CaseFile, portfolio: Portfolio, today: date) -> Facts:
    """
    Read a case as it stands on *today*, a day of the portfolio's calendar.

    A day in the future shows the case as it will be if nothing happens until then.
    """
    head = file.head
    zone = portfolio.time_zone
    tried = tuple(
        _tried(attempt, zone, today)
        for attempt in file.attempts
        if attempt.cause.kind == "strategy" and attempt.direction is Direction.OUT
    )
    sent = [one.on for one in tried if one.attempt.state in REALLY_SENT]
    left = collectable(file, portfolio, today)
    active = left.stopped
    ends = [hold.until for hold in active]
    open_promise = promises.next_open(file.promises)
    channels = reachable(file)
    anchor = left.oldest_due_on
    return Facts(
        case_id=head.case_id,
        today=today,
        status=head.status,
        anchor=anchor,
        paused_days=_paused(file, left, today, zone),
        held=bool(active),
        held_until=max((day for day in ends if day), default=None) if all(ends) else None,
        promise=open_promise,
        values=_values(file, portfolio, left, today, channels=channels),
        bands=portfolio.policies.bands,
        channels=channels,
        events=_events(file, agreed(file, portfolio), zone, today),
        tried=tried,
        tasks=file.tasks,
        last_message_on=max(sent, default=None),
        strategy=head.strategy,
    )


def reachable(file: CaseFile) -> dict[Channel, str]:
    """
    Tell by which channels the debtor can be reached at all, and the point to use first.

    On file, not known to be bad, not refused. Hours, caps and what the law of the country wants
    authorised are not asked here.

    Returns:
        Id of the contact point or address by channel; the best known point of the debtor's own.
    """
    found: dict[Channel, str] = {}
    points = [
        point for point in file.contacts if point.quality not in UNUSABLE and point.party in PARTIES
    ]
    points.sort(key=lambda p: (p.party != "debtor", p.quality != "valid"))
    offers = [(channel, p.contact_id) for p in points for channel in _channels_of(p)]
    offers += [
        (channel, address.address_id)
        for address in file.addresses
        for channel in (Channel.LETTER, Channel.VISIT)
    ]
    for channel, key in offers:
        word = standing_word(file.consents, key, channel)
        if channel not in found and (word is None or word.state is not ConsentState.REFUSED):
            found[channel] = key
    return found


def _channels_of(point: ContactPoint) -> tuple[Channel, ...]:
    if point.kind is ContactKind.EMAIL:
        return (Channel.EMAIL,)
    if point.detail.startswith("fixed_line") and "mobile" not in point.detail:
        return (Channel.CALL,)
    return (Channel.WHATSAPP, Channel.SMS, Channel.CALL)


def _tried(attempt: Attempt, zone: str, today: date) -> Tried:
    """
    Give an attempt as strategies count it.

    One that has been on its way for days may have arrived, and nobody may be told twice: it
    counts as sent, so that the next step has its turn.
    """
    on = local_day(_moment(attempt), zone)
    if attempt.state is AttemptState.RESERVED and (today - on).days >= UNKNOWN_DAYS:
        attempt = replace(attempt, state=AttemptState.SENT)
    return Tried(attempt, on)


def _moment(attempt: Attempt) -> datetime:
    decided_at = attempt.ruling.at if attempt.ruling is not None else None
    return attempt.sent_at or attempt.ended_at or decided_at or attempt.created_at


def _paused(file: CaseFile, left: Collectable, today: date, zone: str) -> int:
    pauses = holds.pauses(file.holds, zone, left.oldest_debt)
    legal = ageing.legal_dpd(left.oldest_due_on, today)
    return legal - ageing.treatment_dpd(left.oldest_due_on, today, pauses)


def _values(
    file: CaseFile,
    portfolio: Portfolio,
    left: Collectable,
    today: date,
    *,
    channels: Iterable[Channel],
) -> dict[str, Any]:
    anchor = left.oldest_due_on
    band = ageing.band_of(anchor, today, portfolio.policies.bands)
    head, zone = file.head, portfolio.time_zone
    alive = [debt for debt in file.debts if not debt.void and debt.debt_id not in left.held]
    states = [promise.state for promise in file.promises]
    out = [a for a in file.attempts if a.direction is Direction.OUT and a.state in REALLY_SENT]
    came_in = [a for a in file.attempts if a.direction is Direction.IN]
    last_out = max(out, key=_moment, default=None)
    broken = sum(state is PromiseState.BROKEN for state in states)
    late = None if anchor is None else ageing.days_from_due(anchor, today)
    paid_on = head.last_payment_on
    replied_at = max((attempt.created_at for attempt in came_in), default=None)
    foretold = forecast.told(file, portfolio.forecast, today)
    return {
        "days_from_due": late,
        "band": band.code if band else None,
        "balance": left.balance_minor,
        "debts": head.debts - len(left.held),
        "products": frozenset(debt.product for debt in alive if debt.product),
        "instalments": any(debt.instalments for debt in alive),
        "tags": frozenset(head.tags),
        "city": head.city,
        "regions": frozenset(address.region for address in file.addresses if address.region),
        "channels": frozenset(channel.value for channel in channels),
        "promise_open": PromiseState.OPEN in states,
        "broken_promises": broken,
        "kept_promises": sum(state is PromiseState.KEPT for state in states),
        "agreement_open": any(one.state is AgreementState.ACTIVE for one in file.agreements),
        "broken_agreements": sum(one.state is AgreementState.DEFAULTED for one in file.agreements),
        "charged_off": head.charged_off > 0,
        "days_since_payment": None if paid_on is None else (today - paid_on).days,
        "days_since_message": (
            None if last_out is None else (today - local_day(_moment(last_out), zone)).days
        ),
        "days_since_reply": (
            None if replied_at is None else (today - local_day(replied_at, zone)).days
        ),
        "days_untouched": untouched(head.touched_on, today),
        "messages": len(out),
        "opened_last": last_out is not None and last_out.state is AttemptState.READ,
        "score": score(left.balance_minor, late, broken, paid=paid_on is not None, new=not out),
        "pay_chance": foretold.percent if foretold else None,
    }


def untouched(touched_on: date | None, today: date) -> int:
    """
    Say for how many days nobody wrote to the debtor, called or visited, as the list of cases does.

    Whom nobody ever turned to is there whatever number of days is asked for.

    >>> untouched(date(2026, 11, 20), date(2026, 11, 23))
    3
    """
    return NEVER_TOUCHED if touched_on is None else (today - touched_on).days


def score(balance_minor: int, late: int | None, broken: int, *, paid: bool, new: bool) -> int:
    """
    Rank a case from 0 to 100: how much an effort on it today is likely to bring.

    Half is the balance on a logarithmic scale, so that small debts are not forgotten; the rest
    is youth of the debt, a broken promise to follow, having paid before, and never having been
    written to.

    >>> score(100_000, 10, 0, paid=True, new=True)
    70
    """
    if late is None or balance_minor <= 0:
        return 0
    size = min(50, round(6 * math.log10(balance_minor)))
    youth = 20 if late <= 30 else 12 if late <= 90 else 6 if late <= 180 else 0
    return min(100, size + youth + min(10, 5 * broken) + 10 * paid + 10 * new)


def _events(
    file: CaseFile, plan: Agreed | None, zone: str, today: date
) -> dict[CaseEvent, Occurrence]:
    found: dict[CaseEvent, Occurrence] = {}

    def happened(event: CaseEvent, key: str, on: date) -> None:
        known = found.get(event)
        if on <= today and (known is None or (on, key) >= (known.on, known.key)):
            found[event] = Occurrence(key, on)

    for event, key, on in _promise_events(file, zone):
        happened(event, key, on)
    undone = reversals(file.entries)
    for entry in file.entries:
        if entry.kind is EntryKind.PAYMENT and entry.entry_id not in undone:
            key = f"{entry.source}:{entry.reference}"
            happened(CaseEvent.PARTIAL_PAYMENT, key, local_day(entry.recorded_at, zone))
    for attempt in file.attempts:
        if attempt.state is AttemptState.FAILED and attempt.problem in BOUNCES:
            happened(CaseEvent.BOUNCED, attempt.attempt_id, local_day(_moment(attempt), zone))
    for hold in file.holds:
        if hold.lifted_at is not None:
            happened(CaseEvent.HOLD_ENDED, hold.hold_id, local_day(hold.lifted_at, zone))
        elif hold.until is not None:
            happened(CaseEvent.HOLD_ENDED, hold.hold_id, hold.until + timedelta(days=1))
    for event, key, on in _agreement_events(file, zone):
        happened(event, key, on)
    return found | _promise_due(file) | _instalment_due(plan)


def _promise_due(file: CaseFile) -> dict[CaseEvent, Occurrence]:
    """The promise that is due next: the one event that is counted from before it happens."""
    due = promises.next_open(file.promises)
    return {CaseEvent.PROMISE_DUE: Occurrence(due.promise_id, due.due_on)} if due else {}


def _promise_events(file: CaseFile, zone: str) -> Iterator[tuple[CaseEvent, str, date]]:
    ended = {
        event.facts.get("promise_id"): local_day(event.at, zone)
        for event in file.events
        if event.kind in ("promise.broken", "promise.kept")
    }
    for promise in file.promises:
        key = promise.promise_id
        day = ended.get(key, promise.due_on)
        if promise.state is PromiseState.OPEN:
            yield CaseEvent.PROMISE_MADE, key, local_day(promise.made_at, zone)
        elif promise.state is PromiseState.BROKEN:
            yield CaseEvent.PROMISE_BROKEN, key, day
        elif promise.state is PromiseState.KEPT:
            yield CaseEvent.PROMISE_KEPT, key, day


def _instalment_due(plan: Agreed | None) -> dict[CaseEvent, Occurrence]:
    if plan is None or plan.standing.next is None:
        return {}
    share = plan.standing.next.share
    key = f"{plan.agreement.agreement_id}:{share.number}"
    return {CaseEvent.INSTALMENT_DUE: Occurrence(key, share.due_on)}


def _agreement_events(file: CaseFile, zone: str) -> Iterable[tuple[CaseEvent, str, date]]:
    for one in file.agreements:
        if one.state is AgreementState.ACTIVE and one.signed_at is not None:
            yield CaseEvent.AGREEMENT_SIGNED, one.agreement_id, local_day(one.signed_at, zone)
        elif one.state is AgreementState.DEFAULTED and one.ended_at is not None:
            key = f"{one.agreement_id}:{one.broken}"
            yield CaseEvent.AGREEMENT_BROKEN, key, local_day(one.ended_at, zone)
