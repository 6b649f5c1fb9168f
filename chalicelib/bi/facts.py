"""
A case's facts as flat records, each in the day it happened on.

Nothing here names anybody: ids of cases and debts are derived keys, people are their ids, and
texts, phones, addresses and coordinates stay where they are.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.bi import tables
from chalicelib.domain import ageing, interest
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Attempt, AttemptState, Channel, Direction
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import NOTHING, Balance, Entry, EntryKind, in_order
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.recoveries import recoveries
from chalicelib.domain.visit import Visit

# Who may be told of the debt: speaking with them is a right-party contact.
OBLIGED = frozenset({"debtor", "codebtor", "guarantor"})
ANSWERED_WITHIN = timedelta(days=7)  # as the caps count an answer (services.contacting)
LEFT_OPEN = timedelta(hours=4)  # a call is forgotten then (services.calls)
MADE = frozenset(
    {
        AttemptState.SENT,
        AttemptState.DELIVERED,
        AttemptState.READ,
        AttemptState.RECEIVED,
        AttemptState.DONE,
    }
)
_EXPORTED = MADE | {AttemptState.FAILED, AttemptState.DENIED}
_SPOKEN = frozenset({Channel.CALL, Channel.VISIT})


@dataclass(frozen=True, slots=True)
class Fact:
    """
    Args:
        day: The portfolio's day it happened on; where it lies in the lake.
        known_at: When the last was learned of it. A fact can become known on a later day.
    """

    table: str
    day: date
    known_at: datetime
    row: dict[str, Any]


def of_case(file: CaseFile, portfolio: Portfolio) -> Iterator[Fact]:
    """Give every fact of a case, whatever its day."""
    yield from _events(file, portfolio)
    yield from _entries(file, portfolio)
    yield from _attempts(file, portfolio)
    yield from _visits(file, portfolio)


def moment(at: datetime | None) -> str | None:
    """
    Write an instant as the lake's files have it: UTC, without a zone.

    >>> moment(datetime(2026, 11, 22, 18, tzinfo=UTC))
    '2026-11-22T18:00:00'
    """
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None).isoformat()


def person_of(actor: str) -> str:
    """
    Name the person behind an actor; nobody for whatever is no person.

    >>> person_of("user:9f2c"), person_of("upload:upl_1"), person_of("system")
    ('9f2c', '', '')
    """
    kind, _, key = actor.partition(":")
    return key if kind == "user" else ""


def _events(file: CaseFile, portfolio: Portfolio) -> Iterator[Fact]:
    for event in file.events:
        kind, _, key = event.actor.partition(":")
        row = {
            "case_id": file.head.case_id,
            "seq": event.seq,
            "kind": event.kind,
            "happened_at": moment(event.at),
            "actor_kind": kind,
            "actor_id": key,
            "hash": event.hash,
        }
        day = local_day(event.at, portfolio.time_zone)
        yield Fact(tables.EVENTS.name, day, event.at, row)


def _entries(file: CaseFile, portfolio: Portfolio) -> Iterator[Fact]:
    kinds = {entry.entry_id: entry.kind for entry in file.entries}
    recovered = recoveries(file.debts, file.entries)
    for entry, dpd in _with_lateness(file, portfolio):
        undone = kinds.get(entry.reverses) if entry.reverses else None
        row = {
            "entry_id": entry.entry_id,
            "case_id": file.head.case_id,
            "debt_id": entry.debt_id,
            "kind": entry.kind.value,
            "amount_minor": entry.amount_minor,
            "principal_minor": entry.principal_minor,
            "interest_minor": entry.interest_minor,
            "fees_minor": entry.fees_minor,
            "currency": file.head.currency,
            "effective_on": entry.effective_on.isoformat(),
            "recorded_at": moment(entry.recorded_at),
            "source": entry.source,
            "payment_key": _payment_key(entry),
            "reverses": entry.reverses or "",
            "reverses_kind": undone.value if undone else "",
            "dpd": dpd,
            "recovered": entry.entry_id in recovered,
        }
        # A payment counts on the day it was made; a debt on the day it came, whenever it is due.
        paid = entry.kind is EntryKind.PAYMENT or undone is EntryKind.PAYMENT
        learned = local_day(entry.recorded_at, portfolio.time_zone)
        day = min(entry.effective_on, learned) if paid else learned
        yield Fact(tables.ENTRIES.name, day, entry.recorded_at, row)


def _with_lateness(file: CaseFile, portfolio: Portfolio) -> Iterator[tuple[Entry, int]]:
    """Give every entry with how late its debt was before it, on the day it counts for."""
    debts = {debt.debt_id: debt for debt in file.debts}
    owed: dict[str, Balance] = {}
    earlier: dict[str, list[Entry]] = {}
    found: dict[str, int] = {}
    for entry in in_order(file.entries):
        balance = owed.get(entry.debt_id, NOTHING)
        own = earlier.setdefault(entry.debt_id, [])
        debt, dpd = debts.get(entry.debt_id), 0
        if debt is not None and own:
            oldest = ageing.oldest_due_on(
                debt,
                balance.total_minor,
                portfolio.policies.tolerance_minor,
                max(0, min(interest.realised(own), balance.interest_minor)),
            )
            dpd = ageing.legal_dpd(oldest, entry.effective_on)
        if entry.reverses:  # it takes back what was counted at that lateness
            dpd = found.get(entry.reverses, dpd)
        found[entry.entry_id] = dpd
        yield entry, dpd
        own.append(entry)
        owed[entry.debt_id] = balance.plus(entry)


def _payment_key(entry: Entry) -> str:
    if entry.kind is not EntryKind.PAYMENT:
        return ""
    return hashlib.sha256(f"{entry.source}\n{entry.reference}".encode()).hexdigest()[:24]


def moment_of(attempt: Attempt) -> datetime:
    """When an attempt was made: it never moves afterwards, so neither does its day."""
    decided = attempt.ruling.at if attempt.ruling is not None else None
    if attempt.channel in _SPOKEN or attempt.direction is Direction.IN:
        return attempt.sent_at or attempt.created_at
    return attempt.sent_at or decided or attempt.created_at


def _attempts(file: CaseFile, portfolio: Portfolio) -> Iterator[Fact]:
    heard = sorted(
        (one.created_at, one.channel) for one in file.attempts if one.direction is Direction.IN
    )
    zone = ZoneInfo(portfolio.time_zone)
    for attempt in file.attempts:
        if attempt.state not in _EXPORTED:
            continue
        at = moment_of(attempt)
        answered = next(
            (
                when
                for when, channel in heard
                if attempt.direction is Direction.OUT
                and channel is attempt.channel
                and at <= when <= at + ANSWERED_WITHIN
            ),
            None,
        )
        there = at.astimezone(zone)
        made = attempt.state in MADE
        row = {
            "attempt_id": attempt.attempt_id,
            "case_id": file.head.case_id,
            "channel": attempt.channel.value,
            "direction": attempt.direction.value,
            "state": attempt.state.value,
            "made": made,
            "result": _result(attempt, answered is not None) if made else "",
            "outcome": attempt.disposition or attempt.outcome,
            "party": attempt.party,
            "cause": attempt.cause.kind,
            "strategy": attempt.cause.strategy,
            "step": attempt.cause.step,
            "variant": attempt.cause.variant,
            "template": attempt.content.template if attempt.content else attempt.template_id,
            "by_id": person_of(attempt.cause.by),
            "happened_at": moment(at),
            "weekday": there.isoweekday(),
            "hour": there.hour,
            "delivered_at": moment(attempt.delivered_at),
            "read_at": moment(attempt.read_at),
            "answered_at": moment(answered),
            "cost_micros": attempt.cost_micros,
            "cost_currency": attempt.cost_currency,
            "problem": attempt.problem or _refusal(attempt),
            "seconds": _seconds(attempt),
        }
        yield Fact(tables.ATTEMPTS.name, there.date(), _known_at(attempt, answered), row)


def _result(attempt: Attempt, answered: bool) -> str:
    """
    Say whom an attempt reached: ``direct`` (CD), ``indirect`` (CI) or ``none``.

    A call or visit by how it ended; a message reached somebody when it was answered on its
    channel. What came in is direct if it comes from the debtor's own side.
    """
    obliged = attempt.party in OBLIGED
    if attempt.direction is Direction.IN:
        return "direct" if obliged else "indirect"
    if attempt.channel in _SPOKEN:
        if attempt.outcome == "conversation":
            return "direct" if obliged else "indirect"
        return "indirect" if attempt.outcome == "answered" else "none"
    if not answered:
        return "none"
    return "direct" if obliged else "indirect"


def _refusal(attempt: Attempt) -> str:
    if attempt.state is AttemptState.DENIED and attempt.ruling is not None:
        return attempt.ruling.reason_code
    return ""


def _seconds(attempt: Attempt) -> int | None:
    """How long a person was on a call; not of one that was left open and ended by another."""
    own = attempt.channel is Channel.CALL and attempt.direction is Direction.OUT
    if not own or attempt.ended_at is None or not person_of(attempt.cause.by):
        return None
    lasted = attempt.ended_at - moment_of(attempt)
    return int(lasted.total_seconds()) if timedelta() <= lasted < LEFT_OPEN else None


def _known_at(attempt: Attempt, answered: datetime | None) -> datetime:
    told = (
        attempt.created_at,
        attempt.sent_at,
        attempt.delivered_at,
        attempt.read_at,
        attempt.ended_at,
        attempt.ruling.at if attempt.ruling is not None else None,
        answered,
    )
    return max(at for at in told if at is not None)


def _visits(file: CaseFile, portfolio: Portfolio) -> Iterator[Fact]:
    zone = ZoneInfo(portfolio.time_zone)
    for visit in file.visits:
        report = visit.report
        there = visit.at.astimezone(zone)
        row = {
            "visit_id": visit.visit_id,
            "case_id": file.head.case_id,
            "person_id": visit.person_id,
            "happened_at": moment(visit.at),
            "received_at": moment(visit.received_at),
            "weekday": there.isoweekday(),
            "hour": there.hour,
            "kind": report.kind.value,
            "standing": visit.standing.value,
            "counted": visit.counts,
            "verified": visit.counts and visit.findings.verdict.verdict == "verified",
            "trust": visit.findings.trust.score,
            "met": report.met.who if report.met else "nobody",
            "disposition": report.disposition,
            "stay_s": round(report.stay_s),
            "promised_minor": report.promise.amount_minor if report.promise else None,
            "cash_minor": report.cash.amount_minor if report.cash else None,
        }
        yield Fact(tables.VISITS.name, there.date(), _visit_known_at(visit), row)


def _visit_known_at(visit: Visit) -> datetime:
    told = [visit.received_at, *(one.at for one in visit.arrived)]
    if visit.review is not None:
        told.append(visit.review.at)
    return max(told)
