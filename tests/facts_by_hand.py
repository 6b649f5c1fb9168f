"""What files of cases say, the slow and obvious way: nothing of the lake."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.case import CaseFile, Debt
from chalicelib.domain.contact import Channel, Direction
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, EntryKind

ZONE = "America/Mexico_City"
NEVER = -1_000  # days late of what owes nothing
NEW_TERMS = ("extension", "restructure", "refinance")


def said_yes(charge_off) -> bool:
    """Whether a second person agreed to it, whatever came after."""
    return charge_off.state.value in {"standing", "returning", "undone"}


@dataclass
class Facts:
    """Of some cases, and of the days between two."""

    files: list[CaseFile]
    first: date
    last: date
    _days: dict[str, date] = field(default_factory=dict)

    @property
    def before(self) -> date:
        return self.first - timedelta(days=1)

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def within(self, day: date) -> bool:
        return self.first <= day <= self.last

    def made(self):
        states = {"sent", "delivered", "read", "done"}
        for file in self.files:
            for one in file.attempts:
                at = (one.sent_at or one.created_at).astimezone(UTC)
                there = at - timedelta(hours=6)
                if (
                    one.direction is Direction.OUT
                    and one.state.value in states
                    and self.within(there.date())
                ):
                    yield file, one, there, self.result(file, one, at)

    def result(self, file, one, at) -> str:
        own = one.party in ("debtor", "codebtor", "guarantor")
        if one.channel is Channel.CALL:
            if one.outcome == "unanswered":
                return "none"
            return "direct" if own and one.outcome == "conversation" else "indirect"
        return "direct" if self.answered(file, one, at) else "none"

    def answered(self, file, one, at) -> bool:
        return any(
            other.direction is Direction.IN
            and other.channel is one.channel
            and at <= other.created_at <= at + timedelta(days=7)
            for other in file.attempts
        )

    def debts(self):
        for file in self.files:
            for debt in file.debts:
                yield file, debt

    def known(self, file: CaseFile, day: date) -> list[Entry]:
        return [e for e in file.entries if self.learned(e) <= day]

    def learned(self, entry: Entry) -> date:
        if entry.entry_id not in self._days:
            self._days[entry.entry_id] = local_day(entry.recorded_at, ZONE)
        return self._days[entry.entry_id]

    def owed(self, file: CaseFile, debt: Debt, day: date) -> int:
        own = (e for e in file.entries if e.debt_id == debt.debt_id)
        return sum(e.amount_minor for e in own if self.learned(e) <= day)

    def since(self, debt: Debt, owed: int) -> date:
        """Since when something is owed: what was paid went to the oldest parts."""
        paid = sum(one.amount_minor for one in debt.instalments) - owed
        for one in sorted(debt.instalments, key=lambda one: one.due_on):
            paid -= one.amount_minor
            if paid < 0:
                return one.due_on
        return debt.due_on

    def late(self, file: CaseFile, debt: Debt, day: date) -> int:
        owed = self.owed(file, debt, day)
        return (day - self.since(debt, owed)).days if owed > 0 else NEVER

    def came(self, file: CaseFile, debt: Debt) -> date:
        return min(self.learned(e) for e in file.entries if e.debt_id == debt.debt_id)

    def placed(self, file: CaseFile, debt: Debt) -> int:
        return sum(
            e.amount_minor
            for e in file.entries
            if e.debt_id == debt.debt_id and e.kind is EntryKind.CHARGE
        )

    def renewed(self, file: CaseFile, debt: Debt, day: date) -> bool:
        return any(
            one.kind.value in NEW_TERMS
            and debt.debt_id in one.debt_ids
            and one.signed_at is not None
            and local_day(one.signed_at, ZONE) <= day
            for one in file.agreements
        )

    def charged_off(self, debt: Debt, day: date):
        """The charge-off it was under at the end of a day."""
        for one in debt.charge_offs:
            back = one.returned_on
            if said_yes(one) and local_day(one.decided_at, ZONE) <= day < (back or date.max):
                return one
        return None

    def recovered(self) -> int:
        """What was paid within of debts that were charged off when it was learned of."""
        return sum(
            minor
            for file, entry, minor in self.paid()
            for debt in file.debts
            for one in debt.charge_offs
            if debt.debt_id == entry.debt_id
            and self.within(entry.effective_on)
            and said_yes(one)
            and one.decided_at <= entry.recorded_at
            and (one.returned_at is None or entry.recorded_at < one.returned_at)
        )

    def paid(self):
        for file in self.files:
            undone = {entry.reverses for entry in file.entries}
            for entry in file.entries:
                if entry.kind is EntryKind.PAYMENT and entry.entry_id not in undone:
                    yield file, entry, -entry.amount_minor

    def paid_within(self) -> int:
        return sum(minor for _, e, minor in self.paid() if self.within(e.effective_on))

    def total(self, day: date, more_than: int = NEVER - 1) -> int:
        return sum(
            self.owed(file, debt, day)
            for file, debt in self.debts()
            if self.late(file, debt, day) > more_than
        )

    def promises(self):
        """Those whose last day is within: the promise, its state, and what was paid in time."""
        end = datetime(self.last.year, self.last.month, self.last.day, 6, tzinfo=UTC)
        end += timedelta(days=1)
        for file in self.files:
            ended = {
                e.facts["promise_id"]
                for e in file.events
                if e.kind in ("promise.replaced", "promise.cancelled") and e.at < end
            }
            known = self.known(file, self.last)
            undone = {entry.reverses for entry in known}
            for one in file.promises:
                if one.promise_id in ended or not self.within(one.due_on):
                    continue
                made_on = local_day(one.made_at, ZONE)
                payments = sorted(
                    (e.effective_on, -e.amount_minor)
                    for e in known
                    if e.kind is EntryKind.PAYMENT
                    and e.entry_id not in undone
                    and e.effective_on >= made_on
                    and e.recorded_at >= one.made_at
                )
                paid = sum(minor for day, minor in payments if day <= one.due_on)
                share = paid * 100 / one.amount_minor
                state = "kept" if share >= 95 else "partial" if share >= 30 else "broken"
                if state != "kept" and one.due_on >= self.last:
                    continue  # still open
                reached, so_far = None, 0
                for day, minor in payments:
                    so_far += minor
                    if reached is None and so_far * 100 >= one.amount_minor * 95:
                        reached = day
                yield one, state, min(paid, one.amount_minor), reached
