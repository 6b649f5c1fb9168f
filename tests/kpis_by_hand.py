"""Every figure told the slow, obvious way: from ledgers and timelines, nothing of the lake."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel, Direction
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import EntryKind
from tests.kpi_world import FIRST, LAST

ZONE = "America/Mexico_City"


@dataclass
class ByHand:
    """Answers ``(group_1, group_2) -> (numerator, denominator)``, sums of what files hold."""

    files: list[CaseFile]
    first: date = FIRST
    last: date = LAST

    @property
    def before(self) -> date:
        return self.first - timedelta(days=1)

    def within(self, day: date) -> bool:
        return self.first <= day <= self.last

    # What there is

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

    def known(self, file, day: date):
        return [e for e in file.entries if local_day(e.recorded_at, ZONE) <= day]

    def owed(self, file, day: date) -> int:
        return sum(entry.amount_minor for entry in self.known(file, day))

    def there(self, file, day: date) -> bool:
        return bool(self.known(file, day))

    def late(self, file, day: date) -> int:
        """Days late; -1000 for what owes nothing."""
        return (day - file.debts[0].due_on).days if self.owed(file, day) > 0 else -1000

    def paid(self):
        for file in self.files:
            undone = {entry.reverses for entry in file.entries}
            for entry in file.entries:
                if entry.kind is EntryKind.PAYMENT and entry.entry_id not in undone:
                    yield file, entry, -entry.amount_minor

    def paid_within(self) -> int:
        return sum(minor for _, e, minor in self.paid() if self.within(e.effective_on))

    def placed(self, file) -> int:
        return sum(e.amount_minor for e in file.entries if e.kind is EntryKind.CHARGE)

    def came(self, file) -> date:
        return min(local_day(e.recorded_at, ZONE) for e in file.entries)

    def total(self, day: date, more_than: int | None = None) -> int:
        return sum(
            self.owed(file, day)
            for file in self.files
            if more_than is None or self.late(file, day) > more_than
        )

    def promises(self):
        """Those whose last day is within: the promise, its state, and what was paid in time."""
        for file in self.files:
            end = datetime(LAST.year, LAST.month, LAST.day, 6, tzinfo=UTC) + timedelta(days=1)
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

    # Figures

    def coverage(self, wanted=("direct", "indirect", "none")):
        days = [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
        assigned = {f.head.case_id for f in self.files if any(self.owed(f, d) > 0 for d in days)}
        worked = {file.head.case_id for file, _, _, result in self.made() if result in wanted}
        return {("", ""): (len(assigned & worked), len(assigned))}

    def rpc_accounts(self):
        return self.coverage(("direct",))

    def intensity(self):
        made = list(self.made())
        return {("", ""): (len(made), len({file.head.case_id for file, *_ in made}))}

    def _results(self):
        results = [result for *_, result in self.made()]
        direct, indirect = results.count("direct"), results.count("indirect")
        return direct, direct + indirect, len(results)

    def contact_rate(self):
        _, contacts, attempts = self._results()
        return {("", ""): (contacts, attempts)}

    def rpc_attempts(self):
        direct, _, attempts = self._results()
        return {("", ""): (direct, attempts)}

    def rpc_contacts(self):
        direct, contacts, _ = self._results()
        return {("", ""): (direct, contacts)}

    def ptp_rate(self):
        made = sum(
            self.within(local_day(p.made_at, ZONE)) for file in self.files for p in file.promises
        )
        return {("", ""): (made, self._results()[0])}

    def kept_count(self, wanted="kept"):
        states = [state for _, state, _, _ in self.promises()]
        return {("", ""): (states.count(wanted), len(states))}

    def broken_rate(self):
        return self.kept_count("broken")

    def kept_amount(self):
        told = list(self.promises())
        paid, promised = sum(p for _, _, p, _ in told), sum(o.amount_minor for o, *_ in told)
        return {("", ""): (paid, promised)}

    def slippage(self):
        days = [(day - one.due_on).days for one, _, _, day in self.promises() if day]
        return {("", ""): (sum(days), len(days))}

    def recovery(self):
        return {("", ""): (self.paid_within(), self.total(self.before))}

    def recovery_overdue(self):
        paid = 0
        for file, entry, minor in self.paid():
            earlier = [e for e in file.entries if e.recorded_at < entry.recorded_at]
            owed = sum(e.amount_minor for e in earlier)
            if self.within(entry.effective_on) and owed > 0:
                paid += minor if entry.effective_on > file.debts[0].due_on else 0
        return {("", ""): (paid, self.total(self.before, 0))}

    def liquidation(self):
        placed, months, paid = defaultdict(int), defaultdict(int), defaultdict(int)
        for file in self.files:
            if self.came(file) <= self.last:
                placed[f"{self.came(file):%Y-%m}"] += self.placed(file)
        for file, entry, minor in self.paid():
            if self.within(entry.effective_on) and self.came(file) <= self.last:
                months[f"{self.came(file):%Y-%m}", f"{entry.effective_on:%Y-%m}"] += minor
        for (vintage, month), _ in sorted(months.items()):
            upto = sum(m for (v, one), m in months.items() if v == vintage and one <= month)
            paid[vintage, month] = (upto, placed[vintage])
        return dict(paid)

    def band(self, days: int) -> str:
        ends = {-11: "current", 0: "preventiva", 7: "1-7", 30: "8-30", 60: "31-60"}
        ends |= {90: "61-90", 120: "91-120", 180: "121-180", 99_999: "180+"}
        return next(code for upto, code in ends.items() if days <= upto)

    def roll_matrix(self):
        cells, rows = defaultdict(int), defaultdict(int)
        for file in self.files:
            if (owed := self.owed(file, self.before)) <= 0:
                continue
            then = self.band(self.late(file, self.before))
            left = self.owed(file, self.last)
            cells[then, self.band(self.late(file, self.last)) if left > 0 else "paid"] += owed
            rows[then] += owed
        return {key: (minor, rows[key[0]]) for key, minor in cells.items()}

    def cure_rate(self):
        late = [file for file in self.files if self.late(file, self.before) > 0]
        cured = sum(self.late(file, self.last) <= 0 for file in late)
        return {("", ""): (cured, len(late))}

    def par30(self, more_than=30):
        return {("", ""): (self.total(self.last, more_than), self.total(self.last))}

    def overdue_index(self):
        return self.par30(0)

    def _sold(self) -> int:
        return sum(
            self.placed(file)
            for file in self.files
            if self.came(file) <= self.last
            and self.within(file.debts[0].issued_on or self.came(file))
        )

    def dso(self):
        return {("", ""): (self.total(self.last) * 15, self._sold())}

    def add(self):
        return {("", ""): (self.total(self.last, 0) * 15, self._sold())}

    def dso_best(self):
        current = self.total(self.last) - self.total(self.last, 0)
        return {("", ""): (current * 15, self._sold())}

    def cei(self):
        begun = self.total(self.before) + self._sold()
        late, total = self.total(self.last, 0), self.total(self.last)
        return {("", ""): (begun - total, begun - (total - late))}

    def payment_delay(self):
        weighted = total = 0
        due = [
            file for file in self.files
            if self.within(file.debts[0].due_on) and self.came(file) <= self.last
        ]  # fmt: skip
        for file in due:
            owed = self.owed(file, self.last)
            weighted += owed * (self.last - file.debts[0].due_on).days
            total += owed
        for file, entry, minor in self.paid():
            if file in due and entry.effective_on <= self.last:
                weighted += minor * (entry.effective_on - file.debts[0].due_on).days
                total += minor
        return {("", ""): (weighted, total)}

    def _visits(self):
        for file in self.files:
            for one in file.visits:
                if self.within(local_day(one.at, ZONE)) and one.standing.value != "rejected":
                    yield one.findings.verdict.verdict == "verified", one.report.met.who

    def visit_effectiveness(self):
        met = [who for verified, who in self._visits() if verified]
        return {("", ""): (met.count("holder"), len(met))}

    def visits_verified(self):
        found = [verified for verified, _ in self._visits()]
        return {("", ""): (sum(found), len(found))}

    def message_cost(self):
        spent = sum(
            one.cost_micros
            for file in self.files
            for one in file.attempts
            if one.sent_at and self.within(local_day(one.sent_at, ZONE))
        )
        return {("USD", ""): (spent, self.paid_within())}

    def channel_funnel(self):
        made, cells = defaultdict(int), defaultdict(int)
        for file, one, _, result in self.made():
            channel = one.channel.value
            made[channel] += 1
            at = (one.sent_at or one.created_at).astimezone(UTC)
            for step, true in (
                ("1 made", True),
                ("2 delivered", one.delivered_at is not None),
                ("3 read", one.read_at is not None),
                ("4 answered", self.answered(file, one, at)),
                ("5 direct", result == "direct"),
            ):
                cells[channel, step] += true
        return {key: (number, made[key[0]]) for key, number in cells.items()}

    def contact_hours(self):
        cells = defaultdict(lambda: [0, 0])
        for _, _, there, result in self.made():
            cell = cells[str(there.isoweekday()), str(there.hour)]
            cell[0] += result == "direct"
            cell[1] += 1
        return {key: tuple(cell) for key, cell in cells.items()}
