"""
Every figure told the slow, obvious way: from ledgers and timelines, nothing of the lake.

Files of cases come in pieces: what each piece counts is added up, and only then divided.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, timedelta

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import EntryKind
from tests import forecasts_world
from tests.facts_by_hand import NEVER, ZONE, Facts

Sums = dict[tuple[str, ...], tuple[int, ...]]
Told = dict[tuple[str, str], tuple[int, int]]  # groups: numerator and denominator


def told(
    codes: Iterable[str],
    pieces: Iterable[Iterable[CaseFile]],
    first: date,
    last: date,
    shifts: Mapping[tuple[str, str], int] | None = None,
) -> dict[str, Told]:
    """
    Tell figures, reading every piece once.

    Args:
        shifts: What is of people and in no file of a case (``shifts_world.by_hand``).
    """
    found: dict[str, Sums] = {code: {} for code in codes}
    for piece in pieces:
        by_hand = ByHand(list(piece), first, last)
        for code, sums in found.items():
            for key, parts in getattr(by_hand, code)().items():
                before = sums.get(key, (0,) * len(parts))
                sums[key] = tuple(a + b for a, b in zip(before, parts, strict=True))
    if "unit_cost" in found:
        found["unit_cost"] |= {key: (number,) for key, number in (shifts or {}).items()}
    return {code: ENDS.get(code, lambda sums, _: sums)(sums, last) for code, sums in found.items()}


class ByHand(Facts):
    """What some cases add to each figure: sums by the figure's groups."""

    def coverage(self, wanted=("direct", "indirect", "none")):
        days = [self.first + timedelta(days=n) for n in range(self.length)]
        assigned = {
            file.head.case_id
            for file in self.files
            if any(self.owed(file, debt, day) > 0 for day in days for debt in file.debts)
        }
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
        found = list(self.promises())
        paid, promised = sum(p for _, _, p, _ in found), sum(o.amount_minor for o, *_ in found)
        return {("", ""): (paid, promised)}

    def slippage(self):
        days = [(day - one.due_on).days for one, _, _, day in self.promises() if day]
        return {("", ""): (sum(days), len(days))}

    def recovery(self):
        return {("", ""): (self.paid_within(), self.total(self.before))}

    def recovery_overdue(self):
        paid = 0
        for file, entry, minor in self.paid():
            if not self.within(entry.effective_on):
                continue
            (debt,) = (one for one in file.debts if one.debt_id == entry.debt_id)
            owed = sum(
                e.amount_minor
                for e in file.entries
                if e.debt_id == entry.debt_id and e.recorded_at < entry.recorded_at
            )
            if owed > 0 and entry.effective_on > self.since(debt, owed):
                paid += minor
        return {("", ""): (paid, self.total(self.before, 0))}

    def liquidation(self):
        sums: dict[tuple[str, ...], int] = defaultdict(int)
        vintages = {}
        for file, debt in self.debts():
            if (came := self.came(file, debt)) <= self.last:
                vintages[debt.debt_id] = f"{came:%Y-%m}"
                sums[vintages[debt.debt_id], "placed"] += self.placed(file, debt)
        for _, entry, minor in self.paid():
            if self.within(entry.effective_on) and entry.debt_id in vintages:
                sums[vintages[entry.debt_id], f"{entry.effective_on:%Y-%m}"] += minor
        return {key: (minor,) for key, minor in sums.items()}

    def _band(self, days: int) -> str:
        ends = {-11: "current", 0: "preventiva", 7: "1-7", 30: "8-30", 60: "31-60"}
        ends |= {90: "61-90", 120: "91-120", 180: "121-180", 99_999: "180+"}
        return next(code for upto, code in ends.items() if days <= upto)

    def roll_matrix(self):
        cells: Counter[tuple[str, str]] = Counter()
        for file, debt in self.debts():
            if (owed := self.owed(file, debt, self.before)) <= 0:
                continue
            then = self._band(self.late(file, debt, self.before))
            if self.charged_off(debt, self.before):
                then = "charged_off"
            days = self.late(file, debt, self.last)
            now = "charged_off" if self.charged_off(debt, self.last) else self._band(days)
            cells[then, "paid" if days == NEVER else now] += owed
        return {key: (minor,) for key, minor in cells.items()}

    def _written_off(self):
        gross = held = ever = 0
        for file, debt in self.debts():
            if one := self.charged_off(debt, self.last):
                ever += one.amount_minor
                gross += one.amount_minor if self.within(one.on) else 0
            if not self.charged_off(debt, self.before):
                held += self.owed(file, debt, self.before)
        return gross, held, ever

    def charge_off_rate(self):
        gross, held, _ = self._written_off()
        return {("", ""): (gross, held)}

    def net_charge_off_rate(self):
        gross, held, _ = self._written_off()
        return {("", ""): (gross - self.recovered(), held)}

    def recovered_after_charge_off(self):
        return {("", ""): (self.recovered(), self._written_off()[2])}

    def cure_rate(self):
        late = [
            (file, debt)
            for file, debt in self.debts()
            if self.late(file, debt, self.before) > 0 and not self.renewed(file, debt, self.last)
        ]
        cured = sum(self.late(file, debt, self.last) <= 0 for file, debt in late)
        return {("", ""): (cured, len(late))}

    def par30(self, more_than=30):
        return {("", ""): (self.total(self.last, more_than), self.total(self.last))}

    def overdue_index(self):
        return self.par30(0)

    def _sold(self) -> int:
        return sum(
            self.placed(file, debt)
            for file, debt in self.debts()
            if self.came(file, debt) <= self.last
            and self.within(debt.issued_on or self.came(file, debt))
        )

    def dso(self):
        return {("", ""): (self.total(self.last) * self.length, self._sold())}

    def add(self):
        return {("", ""): (self.total(self.last, 0) * self.length, self._sold())}

    def dso_best(self):
        current = self.total(self.last) - self.total(self.last, 0)
        return {("", ""): (current * self.length, self._sold())}

    def cei(self):
        begun = self.total(self.before) + self._sold()
        late, total = self.total(self.last, 0), self.total(self.last)
        return {("", ""): (begun - total, begun - (total - late))}

    def payment_delay(self):
        weighted = total = 0
        due = {}
        for file, debt in self.debts():
            if self.within(debt.due_on) and self.came(file, debt) <= self.last:
                due[debt.debt_id] = debt.due_on
                owed = self.owed(file, debt, self.last)
                weighted += owed * (self.last - debt.due_on).days
                total += owed
        for _, entry, minor in self.paid():
            if entry.debt_id in due and entry.effective_on <= self.last:
                weighted += minor * (entry.effective_on - due[entry.debt_id]).days
                total += minor
        return {("", ""): (weighted, total)}

    def _visits(self):
        for file in self.files:
            for one in file.visits:
                if self.within(local_day(one.at, ZONE)) and one.standing.value != "rejected":
                    yield one.findings.verdict.verdict == "verified", one.report.met.who

    def visit_effectiveness(self):
        met = [who for verified, who in self._visits() if verified]
        return {("", ""): (sum(who in ("holder", "codebtor") for who in met), len(met))}

    def visits_verified(self):
        found = [verified for verified, _ in self._visits()]
        return {("", ""): (sum(found), len(found))}

    def _weeks_of_visits(self):
        """What was paid in the week of each visit that has had its week."""
        week = timedelta(days=7)
        paid = defaultdict(list)
        for file, e, minor in self.paid():
            paid[file.head.case_id].append((e, minor))
        for file in self.files:
            for one in file.visits:
                day = local_day(one.at, ZONE)
                if one.standing.value != "rejected" and self.within(day + week):
                    yield {
                        e.entry_id: minor
                        for e, minor in paid[file.head.case_id]
                        if day <= e.effective_on <= day + week
                    }

    def visits_paid(self):
        weeks = list(self._weeks_of_visits())
        return {("", ""): (sum(bool(soon) for soon in weeks), len(weeks))}

    def visit_collected(self):
        weeks = list(self._weeks_of_visits())
        once = {entry: minor for soon in weeks for entry, minor in soon.items()}
        return {("", ""): (sum(once.values()), len(weeks))}

    def message_cost(self):
        spent = sum(
            one.cost_micros
            for file in self.files
            for one in file.attempts
            if one.sent_at and self.within(local_day(one.sent_at, ZONE))
        )
        return {("USD", ""): (spent, self.paid_within())}

    def unit_cost(self):
        """What was done, each in its own measure; shifts are added after (``told``)."""
        sums = {("collected", ""): (self.paid_within(),)}
        sums["messages", "USD"] = (self.message_cost()["USD", ""][0],)
        calls = [
            one
            for file in self.files
            for one in file.attempts
            if one.channel is Channel.CALL and self.within(local_day(one.created_at, ZONE))
        ]
        sums["calls", ""] = (
            sum(int((one.ended_at - one.created_at).total_seconds()) for one in calls),
        )
        sums["visits", ""] = (len(list(self._visits())),)
        return sums

    def channel_funnel(self, group=lambda one: one.channel.value):
        cells: Counter[tuple[str, str]] = Counter()
        for file, one, _, result in self.made():
            at = (one.sent_at or one.created_at).astimezone(UTC)
            for step, true in (
                ("1 made", True),
                ("2 delivered", one.delivered_at is not None),
                ("3 read", one.read_at is not None),
                ("4 answered", self.answered(file, one, at)),
                ("5 direct", result == "direct"),
            ):
                cells[group(one), step] += true
        return {key: (number,) for key, number in cells.items()}

    def template_funnel(self):
        def of(one):
            return one.content.template if one.content else one.template_id

        return {key: sums for key, sums in self.channel_funnel(of).items() if key[0]}

    def contact_hours(self):
        cells = defaultdict(lambda: [0, 0])
        for _, _, there, result in self.made():
            cell = cells[str(there.isoweekday()), str(there.hour)]
            cell[0] += result == "direct"
            cell[1] += 1
        return {key: tuple(cell) for key, cell in cells.items()}

    def dso_countback(self):
        sums: Counter[tuple[str, ...]] = Counter({("owed",): self.total(self.last)})
        for file, debt in self.debts():
            sold_on = debt.issued_on or self.came(file, debt)
            if self.came(file, debt) <= self.last and sold_on <= self.last:
                sums["sold", f"{sold_on:%Y-%m}"] += self.placed(file, debt)
        return {key: (minor,) for key, minor in sums.items()}

    def _cures(self, first: date, last: date):
        """Debts that were late one day and not the next: how they were on both."""
        for file, debt in self.debts():
            came = self.came(file, debt)
            day = max(first, came + timedelta(days=1))
            before = self.late(file, debt, day - timedelta(days=1))
            while day <= last:
                now = self.late(file, debt, day)
                if before > 0 >= now and not self.renewed(file, debt, day):
                    yield file, debt, day, before
                before, day = now, day + timedelta(days=1)

    def time_to_cure(self):
        days: Counter[tuple[str, ...]] = Counter()
        for file, debt, day, late in self._cures(self.first, self.last):
            fell_due = day - timedelta(days=1 + late)
            days[(str((day - max(fell_due, self.came(file, debt))).days),)] += 1
        return {key: (number,) for key, number in days.items()}

    def redefault(self):
        ago = timedelta(days=90)
        cures = again = 0
        for file, debt, day, _ in self._cures(self.first - ago, self.last - ago):
            cures += 1
            again += any(self.late(file, debt, day + timedelta(days=n)) > 0 for n in range(1, 91))
        return {("", ""): (again, cures)}

    def at_risk(self):
        owed = placed = 0
        for file, debt in self.debts():
            day = debt.due_on + timedelta(days=90)
            if self.within(day) and self.came(file, debt) <= day:
                owed += self.owed(file, debt, day)
                placed += self.placed(file, debt)
        return {("", ""): (owed, placed)}

    def attribution(self):
        """Every payment to the last direct contact of the seven days before it."""
        week = timedelta(days=7)
        whole = ByHand(self.files, self.first - week, self.last)
        spoken = defaultdict(list)
        for file, one, there, result in whole.made():
            if result == "direct":
                spoken[file.head.case_id].append((there, one.channel.value))
        sums: Counter[tuple[str, ...]] = Counter({("all", ""): self.paid_within()})
        for file in self.files:
            undone = {entry.reverses for entry in file.entries}
            for e in file.entries:
                if e.kind is not EntryKind.PAYMENT or not self.within(e.effective_on):
                    continue
                near = [
                    (there, channel)
                    for there, channel in spoken[file.head.case_id]
                    if e.effective_on - week <= there.date() <= e.effective_on
                ]
                if near:
                    sums[max(near)[1], ""] += 0 if e.entry_id in undone else -e.amount_minor
        return {key: (minor,) for key, minor in sums.items()}

    def _foretold(self):
        """What was told, and whether it was paid in time, of debts whose days are over."""
        more = timedelta(days=15)
        for file in self.files:
            there = [e for e in file.entries if min(e.effective_on, self.learned(e)) <= self.last]
            undone = {e.reverses for e in there}
            standing = [e for e in there if e.entry_id not in undone]
            for telling in forecasts_world.tellings(file, self.first - more, self.last - more):
                for one in telling.debts:
                    (debt,) = (each for each in file.debts if each.debt_id == one.debt_id)
                    days = [
                        e.effective_on
                        for e in standing
                        if e.debt_id == one.debt_id and e.kind is EntryKind.PAYMENT
                    ]
                    owes = self.owed(file, debt, self.last) > 0
                    paid_on = None if owes else max(days, default=None)
                    if one.percent is not None and (paid_on is None or paid_on >= telling.on):
                        yield one.percent, paid_on is not None and paid_on <= telling.on + more

    def _by_tenth(self, parts):
        sums = defaultdict(lambda: (0, 0))
        for percent, paid in self._foretold():
            key = str(min(percent // 10, 9)), ""
            sums[key] = tuple(map(sum, zip(sums[key], parts(percent, paid), strict=True)))
        return dict(sums)

    def forecast_told(self):
        return self._by_tenth(lambda percent, _: (percent, 100))

    def forecast_paid(self):
        return self._by_tenth(lambda _, paid: (int(paid), 1))

    def strategy_ab(self):
        fortnight = timedelta(days=14)
        before = ByHand(self.files, self.first - fortnight, self.last - fortnight)
        began = {}
        for file, one, there, _ in before.made():
            if one.cause.strategy and one.cause.variant:
                key = file.head.case_id, one.cause.strategy, one.cause.variant
                began[key] = min(there.date(), began.get(key, date.max))
        paid = defaultdict(list)
        for file, entry, _ in self.paid():
            paid[file.head.case_id].append(entry.effective_on)
        arms = defaultdict(lambda: [0, 0])
        for (case_id, strategy, variant), day in began.items():
            arm = arms[strategy, variant]
            arm[0] += any(day <= one <= day + fortnight for one in paid[case_id])
            arm[1] += 1
        return {key: tuple(arm) for key, arm in arms.items()}


def codes() -> set[str]:
    """Which figures are told by hand."""
    return {name for name in vars(ByHand) if not name.startswith("_")}


# What cannot be added up as it is divided


def _vintages(sums: Sums, _: date) -> Told:
    found = {}
    for vintage, month in sums:
        if month != "placed":
            upto = sum(
                minor
                for (of, one), (minor,) in sums.items()
                if of == vintage and one != "placed" and one <= month
            )
            found[vintage, month] = (upto, sums[vintage, "placed"][0])
    return found


def _rows(sums: Sums, _: date) -> Told:
    rows: Counter[str] = Counter()
    for (then, _now), (minor,) in sums.items():
        rows[then] += minor
    return {(then, now): (minor, rows[then]) for (then, now), (minor,) in sums.items()}


def _steps(sums: Sums, _: date) -> Told:
    return {key: (n, sums[key[0], "1 made"][0]) for key, (n,) in sums.items()}


def _middle(sums: Sums, _: date) -> Told:
    days = sorted(int(one) for (one,), (number,) in sums.items() for _n in range(number))
    half = len(days) // 2
    middle = days[half : half + 1] if len(days) % 2 else days[half - 1 : half + 1]
    return {("", ""): (sum(middle), len(middle))}


def _counted_back(sums: Sums, last: date) -> Told:
    """Month by month backwards, as one does on paper."""
    owed, days, day = sums["owed",][0], 0, last
    months = sorted((key[1] for key in sums if key != ("owed",)), reverse=True)
    while True:
        month = f"{day:%Y-%m}"
        sold = sums.get(("sold", month), (0,))[0]
        if sold and (owed <= sold or month == months[-1]):
            return {("", ""): (days * sold + min(owed, sold) * day.day, sold)}
        owed -= sold
        days += day.day
        day = day.replace(day=1) - timedelta(days=1)


def _shares(sums: Sums, _: date, of: str = "all") -> Told:
    total = sums[of, ""][0]
    return {key: (minor, total) for key, (minor,) in sums.items() if key != (of, "")}


def _work(sums: Sums, last: date) -> Told:
    return _shares(sums, last, "collected")


ENDS: dict[str, Callable[[Sums, date], Told]] = {
    "liquidation": _vintages,
    "roll_matrix": _rows,
    "channel_funnel": _steps,
    "template_funnel": _steps,
    "time_to_cure": _middle,
    "dso_countback": _counted_back,
    "attribution": _shares,
    "unit_cost": _work,
}
