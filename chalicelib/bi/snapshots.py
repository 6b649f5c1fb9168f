"""
How a case stood at the end of a day, told from what is only ever added.

Balances come from the entries that were recorded by then, the states of promises and
agreements from the timeline and their own dates. So the states of a day are the same whenever
they are told: exporting a day again gives what the first export gave.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.bi import tables
from chalicelib.bi.facts import person_of
from chalicelib.domain import holds
from chalicelib.domain import promises as paying
from chalicelib.domain.agreements import (
    Agreement,
    AgreementKind,
    AgreementState,
)
from chalicelib.domain.book import Book
from chalicelib.domain.case import (
    MATURED,
    CaseFile,
    CaseHead,
    CaseStatus,
    PromiseState,
    PromiseToPay,
)
from chalicelib.domain.charge_off import stood_at
from chalicelib.domain.contact import Hold
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, EntryKind, reversals
from chalicelib.domain.portfolio import Portfolio

_PROMISE_BECAME: Mapping[str, PromiseState] = {
    "promise.kept": PromiseState.KEPT,
    "promise.partly_kept": PromiseState.PARTIAL,
    "promise.broken": PromiseState.BROKEN,
    "promise.reopened": PromiseState.OPEN,
    "promise.cancelled": PromiseState.CANCELLED,
    "promise.replaced": PromiseState.REPLACED,
}
_NEW_TERMS = frozenset(
    {AgreementKind.EXTENSION, AgreementKind.RESTRUCTURE, AgreementKind.REFINANCE}
)


@dataclass(frozen=True, slots=True)
class State:
    """A row of how something stood."""

    table: str
    row: dict[str, Any]


def begins(day: date, time_zone: str) -> datetime:
    """
    Tell the instant a portfolio's day begins.

    >>> begins(date(2026, 11, 22), "America/Mexico_City").isoformat()
    '2026-11-22T06:00:00+00:00'
    """
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def of_case(file: CaseFile, portfolio: Portfolio, day: date) -> Iterator[State]:
    """
    Tell how a case, its debts, promises and agreements stood at the end of *day*.

    Nothing for a case that was not there yet, or is void now: an undone upload never was.
    """
    head, zone = file.head, portfolio.time_zone
    end = begins(day + timedelta(days=1), zone)
    if head.status is CaseStatus.VOID or head.created_at >= end:
        return
    known = tuple(entry for entry in file.entries if entry.recorded_at < end)
    alive = [debt for debt in file.debts if not debt.void]
    book = Book(head.portfolio_id, portfolio.policies, alive, known, actor="", now=end)
    agreements = tuple(_agreements(file, end))
    yield from _debts(book, agreements, head, zone, end)
    promises = tuple(_promises(file, known, end, zone))
    for promise in promises:
        yield _promise(promise, known, head.case_id, zone)
    for agreement in agreements:
        yield _agreement(agreement, head.case_id, zone)
    placed = [debt_id for debt_id in book.debts if book.entries(debt_id)]
    since = [due for debt_id in placed if (due := book.oldest_due_on(debt_id)) is not None]
    oldest = min(since, default=None)
    arranged = any(one.state is PromiseState.OPEN for one in promises) or any(
        one.state is AgreementState.ACTIVE for one in agreements
    )
    yield State(
        tables.CASES.name,
        {
            "case_id": head.case_id,
            "status": _status(file, book, arranged, day=day, end=end, oldest=oldest).value,
            "balance_minor": book.total_minor(),
            "currency": head.currency,
            "oldest_due_on": _iso(oldest),
            "debts": len(placed),
            "created_on": local_day(head.created_at, zone).isoformat(),
        },
    )


def moves(file: CaseFile, zone: str) -> frozenset[date]:
    """
    Give the days whose states ``of_case`` may tell otherwise than the day before's: those on
    which something came to be known, and those on which a hold begins or is over.
    """
    told = [file.head.created_at, *(one.recorded_at for one in file.entries)]
    told += [one.at for one in file.events] + [one.made_at for one in file.promises]
    ends = [at for one in file.agreements for at in (one.made_at, one.signed_at, one.ended_at)]
    ends += [at for one in file.holds for at in (one.placed_at, one.lifted_at)]
    days = {local_day(at, zone) for at in (*told, *ends) if at is not None}
    days |= {one.since for one in file.holds}
    return frozenset(days | {one.until + timedelta(days=1) for one in file.holds if one.until})


def _debts(
    book: Book, agreements: tuple[Agreement, ...], head: CaseHead, zone: str, end: datetime
) -> Iterator[State]:
    renewed = {
        debt_id
        for one in agreements
        if one.kind in _NEW_TERMS and one.state in (AgreementState.ACTIVE, AgreementState.COMPLETED)
        for debt_id in one.debt_ids
    }
    for debt_id, debt in book.debts.items():
        own = book.entries(debt_id)
        if not own:
            continue  # it came later
        undone = reversals(own)
        standing = [entry for entry in own if entry.entry_id not in undone]
        oldest = book.oldest_due_on(debt_id)
        gone = stood_at(debt.charge_offs, end - timedelta(microseconds=1))
        yield State(
            tables.DEBTS.name,
            {
                "debt_id": debt_id,
                "case_id": head.case_id,
                "product": debt.product,
                "issued_on": _iso(debt.issued_on),
                "due_on": debt.due_on.isoformat(),
                "placed_on": local_day(min(e.recorded_at for e in own), zone).isoformat(),
                "placed_minor": _placed(standing),
                "paid_minor": -_sum(standing, EntryKind.PAYMENT),
                "balance_minor": book.balance(debt_id).total_minor,
                "currency": head.currency,
                "oldest_due_on": _iso(oldest),
                "restructured": debt_id in renewed,
                "charged_off_on": _iso(gone.on if gone else None),
                "charged_off_minor": gone.amount_minor if gone else None,
            },
        )


def _placed(entries: list[Entry]) -> int:
    """What came in to be collected: charges, and what a merge brought from another case."""
    return sum(
        entry.amount_minor
        for entry in entries
        if entry.kind is EntryKind.CHARGE or (entry.source == "merge" and entry.amount_minor > 0)
    )


def _sum(entries: list[Entry], kind: EntryKind) -> int:
    return sum(entry.amount_minor for entry in entries if entry.kind is kind)


def _promises(
    file: CaseFile, known: tuple[Entry, ...], end: datetime, zone: str
) -> Iterator[PromiseToPay]:
    """The promises made before *end* in the state they had then, with what was paid by then."""
    state: dict[str, PromiseState] = {}
    for event in file.events:
        if event.kind in _PROMISE_BECAME and event.at < end:
            state[event.facts["promise_id"]] = _PROMISE_BECAME[event.kind]
    made = [one for one in file.promises if one.made_at < end]
    then = [replace(one, state=state.get(one.promise_id, PromiseState.OPEN)) for one in made]
    paid = paying.credited(then, known, zone)
    for one in then:
        counted = min(paid[one.promise_id], one.amount_minor) if one.state in MATURED else 0
        yield replace(one, paid_minor=counted)


def _promise(promise: PromiseToPay, known: tuple[Entry, ...], case_id: str, zone: str) -> State:
    return State(
        tables.PROMISES.name,
        {
            "promise_id": promise.promise_id,
            "case_id": case_id,
            "amount_minor": promise.amount_minor,
            "made_on": local_day(promise.made_at, zone).isoformat(),
            "due_on": promise.due_on.isoformat(),
            "last_day": promise.last_day.isoformat(),
            "state": promise.state.value,
            "paid_minor": promise.paid_minor,
            "paid_on": _iso(paid_on(promise, known, zone)),
            "channel": promise.channel,
            "by_id": person_of(promise.made_by),
        },
    )


def paid_on(promise: PromiseToPay, known: tuple[Entry, ...], zone: str) -> date | None:
    """
    Tell the day on which payments since a promise reached what keeps it, in its time or late.

    A promise of a series is told as if it stood alone.
    """
    undone = reversals(known)
    since, paid = local_day(promise.made_at, zone), 0
    payments = sorted(
        (entry.effective_on, -entry.amount_minor)
        for entry in known
        if entry.kind is EntryKind.PAYMENT
        and entry.entry_id not in undone
        and entry.effective_on >= since
        and entry.recorded_at >= promise.made_at
    )
    for day, minor in payments:
        paid += minor
        if paid * 100 >= promise.amount_minor * promise.kept_percent:
            return day
    return None


def _agreements(file: CaseFile, end: datetime) -> Iterator[Agreement]:
    for one in file.agreements:
        if one.made_at >= end:
            continue
        state, ended_at = one.state, one.ended_at
        if ended_at is not None and ended_at >= end:
            state, ended_at = AgreementState.ACTIVE, None
        signed_at = one.signed_at
        if signed_at is not None and signed_at >= end:
            state, signed_at = AgreementState.PROPOSED, None
        elif signed_at is None and state is AgreementState.ACTIVE:
            state = AgreementState.PROPOSED
        yield replace(one, state=state, signed_at=signed_at, ended_at=ended_at)


def _agreement(one: Agreement, case_id: str, zone: str) -> State:
    return State(
        tables.AGREEMENTS.name,
        {
            "agreement_id": one.agreement_id,
            "case_id": case_id,
            "kind": one.kind.value,
            "state": one.state.value,
            "made_on": local_day(one.made_at, zone).isoformat(),
            "signed_on": _day_of(one.signed_at, zone),
            "ended_on": _day_of(one.ended_at, zone),
            "to_pay_minor": one.to_pay_minor,
            "saved_minor": one.saved_minor,
            "shares": len(one.shares),
            "channel": one.channel,
        },
    )


def _status(
    file: CaseFile,
    book: Book,
    arranged: bool,
    *,
    day: date,
    end: datetime,
    oldest: date | None,
) -> CaseStatus:
    """What ``domain.draft_state`` makes of the facts there were then."""
    if oldest is None:
        return CaseStatus.SETTLED
    then = tuple(_hold(one, end) for one in file.holds if one.placed_at < end)

    def owing() -> set[str]:
        return {debt_id for debt_id in book.debts if book.oldest_due_on(debt_id) is not None}

    if holds.stopping(then, day, owing):
        return CaseStatus.HELD
    return CaseStatus.PROMISED if arranged else CaseStatus.OPEN


def _hold(hold: Hold, end: datetime) -> Hold:
    lifted = hold.lifted_at
    return replace(hold, lifted_at=None) if lifted is not None and lifted >= end else hold


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day_of(at: datetime | None, zone: str) -> str | None:
    return None if at is None else local_day(at, zone).isoformat()
