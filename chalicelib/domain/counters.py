"""What a case adds to its portfolio's counters, and how a change moves them."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from chalicelib.domain.case import ON_THE_MAP, CaseHead, CaseStatus, CounterMoves
from chalicelib.domain.contact import Attempt, Direction
from chalicelib.domain.days import local_day
from chalicelib.domain.dispute import Dispute
from chalicelib.domain.ledger import Entry, EntryKind
from chalicelib.domain.visit import Standing, Visit, VisitKind

NO_DATE = "none"  # the bucket of what owes no more than the tolerance

_Key = TypeVar("_Key")


def contribution(head: CaseHead | None) -> CounterMoves:
    """
    Say what a case counts for as it stands: the counters are the sum of this over all cases.

    ``totals`` holds ``balance_minor``, ``debts``, ``cases_<status>``, and what is disputed. A void
    case counts for nothing.
    """
    if head is None or head.status is CaseStatus.VOID:
        return CounterMoves(totals={}, due={}, due_debts={}, days={})
    disputed = {
        "disputes": head.disputes,
        "disputed_minor": head.disputed_minor,
        "cases_disputed": int(head.disputes > 0),
    }
    return CounterMoves(
        totals={
            "balance_minor": head.balance_minor,
            "debts": head.debts,
            f"cases_{head.status.value}": 1,
        }
        | (disputed if head.disputes else {}),
        due=head.due_buckets,
        due_debts=head.due_debts,
        days={},
        owners={head.counted_for: 1} if head.counted_for else {},
    )


def counts_for(owner: str, status: CaseStatus) -> str:
    """Say in whose open cases a case counts: its owner's while it owes; empty = nobody's."""
    return owner if status in ON_THE_MAP else ""


def moves(
    before: CaseHead | None,
    after: CaseHead,
    days: Mapping[str, Mapping[str, int]],
    people: Mapping[str, Mapping[str, int]] | None = None,
    effort: Mapping[str, Mapping[str, int]] | None = None,
) -> CounterMoves:
    """Say what a change adds to the counters: what the case counts for now, less what it did."""
    old, new = contribution(before), contribution(after)
    return CounterMoves(
        totals=_less(new.totals, old.totals),
        due=_less(new.due, old.due),
        due_debts=_less(new.due_debts, old.due_debts),
        days={day: dict(flows) for day, flows in days.items() if any(flows.values())},
        people={key: dict(of) for key, of in (people or {}).items() if any(of.values())},
        effort={key: dict(of) for key, of in (effort or {}).items() if any(of.values())},
        owners=_less(new.owners, old.owners),
    )


def flows(added: Iterable[Entry], earlier: Iterable[Entry] = ()) -> dict[str, dict[str, int]]:
    """
    Sum payments by the day they count for: ``{"2026-11-22": {"paid_minor": 500, "payments": 1}}``.

    A reversed payment is taken off the day it was counted on.

    Args:
        added: Entries to count.
        earlier: Entries that reversals among *added* may refer to.
    """
    added = list(added)
    if not any(entry.kind in (EntryKind.PAYMENT, EntryKind.REVERSAL) for entry in added):
        return {}
    payments = {
        entry.entry_id: entry for entry in (*earlier, *added) if entry.kind is EntryKind.PAYMENT
    }
    days: dict[str, dict[str, int]] = {}
    counted: set[tuple[str, str, int]] = set()
    for entry in added:
        payment = payments.get(entry.reverses or entry.entry_id)
        if payment is None:
            continue
        sign = -1 if entry.reverses else 1
        day = days.setdefault(entry.effective_on.isoformat(), {"paid_minor": 0, "payments": 0})
        day["paid_minor"] -= entry.amount_minor
        key = (payment.source, payment.reference, sign)
        if key not in counted:  # one payment may reach several debts
            counted.add(key)
            day["payments"] += sign
    return days


def messages(attempts: Iterable[Attempt], time_zone: str) -> dict[str, dict[str, int]]:
    """
    Sum the messages that went out, and what they cost, by the portfolio's day they went on.

    One that failed after it was taken stays: it was paid for.

    Returns:
        ``{"2026-11-22": {"messages": 2, "cost_micros": 1500, "by_sms": 1, "by_whatsapp": 1}}``.
    """
    days: dict[str, dict[str, int]] = {}
    for attempt in attempts:
        if attempt.direction is not Direction.OUT or attempt.sent_at is None:
            continue
        day = days.setdefault(local_day(attempt.sent_at, time_zone).isoformat(), {})
        # The prefix, for CALL is a word of DynamoDB's own.
        by_channel = f"by_{attempt.channel.value}"
        _add(day, {"messages": 1, "cost_micros": attempt.cost_micros, by_channel: 1})
    return days


def visits(made: Iterable[Visit], time_zone: str) -> dict[str, dict[str, int]]:
    """
    Sum the visits that count, by the portfolio's day they ended on; exceptions beside them.

    Returns:
        ``{"2026-11-22": {"visits": 2, "visits_verified": 1}}``.
    """
    days: dict[str, dict[str, int]] = {}
    for visit in made:
        day = days.setdefault(local_day(visit.at, time_zone).isoformat(), {})
        verified = visit.findings.verdict.verdict == "verified"
        excepted = visit.report.kind is VisitKind.EXCEPTION
        _add(
            day,
            {
                "visits": int(visit.counts),
                "visits_verified": int(visit.counts and verified),
                "visit_exceptions": int(excepted and visit.standing is not Standing.REJECTED),
            },
        )
    return days


def disputes(made: Iterable[Dispute], time_zone: str) -> dict[str, dict[str, int]]:
    """
    Sum the disputes opened by the portfolio's day of that, and those that ended by the day and way.

    Returns:
        ``{"2026-11-22": {"disputes_opened": 2, "disputes_accepted": 1}}``.
    """
    days: dict[str, dict[str, int]] = {}
    for one in made:
        opened = days.setdefault(local_day(one.opened_at, time_zone).isoformat(), {})
        _add(opened, {"disputes_opened": 1})
        if one.ended_at is not None:
            ended = days.setdefault(local_day(one.ended_at, time_zone).isoformat(), {})
            _add(ended, {f"disputes_{one.state.value}": 1})
    return days


def moved(
    before: Mapping[str, Mapping[str, int]], after: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    """Give what came to each day between two sums by day."""
    return {
        day: _less(after.get(day, {}), before.get(day, {})) for day in before.keys() | after.keys()
    }


def joined(*several: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Put flows of several kinds together, day by day."""
    days: dict[str, dict[str, int]] = {}
    for one in several:
        for day, flow in one.items():
            _add(days.setdefault(day, {}), flow)
    return days


def merged(several: Iterable[CounterMoves]) -> CounterMoves:
    """Add up the moves of several changes."""
    total = CounterMoves(totals={}, due={}, due_debts={}, days={})
    for one in several:
        _add(total.totals, one.totals)
        _add(total.due, one.due)
        _add(total.due_debts, one.due_debts)
        for day, flow in one.days.items():
            _add(total.days.setdefault(day, {}), flow)
        for person, figures in one.people.items():
            _add(total.people.setdefault(person, {}), figures)
        for key, figures in one.effort.items():
            _add(total.effort.setdefault(key, {}), figures)
        _add(total.owners, one.owners)
    return total


def _add(into: dict[_Key, int], more: Mapping[_Key, int]) -> None:
    for key, value in more.items():
        into[key] = into.get(key, 0) + value


def _less(new: Mapping[str, int], old: Mapping[str, int]) -> dict[str, int]:
    moved = dict(new)
    for key, value in old.items():
        moved[key] = moved.get(key, 0) - value
    return {key: value for key, value in moved.items() if value}
