"""What becomes of one invented debtor, day by day, in the shapes that a file of a case has."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from chalicelib.domain.agreement_policy import Earned, Frequency
from chalicelib.domain.agreements import Agreement, AgreementKind, AgreementState, Covered
from chalicelib.domain.case import (
    CaseFile,
    CaseHead,
    CaseStatus,
    Debt,
    Instalment,
    PromiseState,
    PromiseToPay,
)
from chalicelib.domain.charge_off import ChargeOff, ChargeOffReason, ChargeOffState
from chalicelib.domain.contact import Attempt, Hold, HoldReason
from chalicelib.domain.ledger import Entry, EntryKind
from chalicelib.domain.promises import paid_towards, verdict
from chalicelib.domain.timeline import ChainHead, Event
from chalicelib.domain.visit import Visit
from tests import year_contacts as contacts
from tests.year_contacts import at, case_id

ZONE = "America/Mexico_City"
_BECAME = {
    PromiseState.KEPT: "promise.kept",
    PromiseState.PARTIAL: "promise.partly_kept",
    PromiseState.BROKEN: "promise.broken",
    PromiseState.OPEN: "promise.reopened",
}


@dataclass(frozen=True, slots=True)
class Given:
    """A debt as the generator's file has it, its dates as days before its assignment."""

    folio: str
    product: str
    issued: int
    due: int
    minor: int


class Life:
    """
    Args:
        began, last: The days of the portfolio that something may come about on.
    """

    def __init__(
        self, number: int, given: tuple[Given, ...], *, began: date, last: date, chance: Random
    ) -> None:
        self.number, self.chance, self.last = number, chance, last
        self.came = began + timedelta(days=chance.randrange((last - began).days - 14))
        self.debts: list[Debt] = []
        self.placed: dict[str, date] = {}
        for one in given:
            self._debt(one)
        self.entries: list[Entry] = []
        self.told: list[tuple[datetime, str, dict[str, Any]]] = []
        self.attempts: list[Attempt] = []
        self.visits: list[Visit] = []
        self.promises: dict[str, PromiseToPay] = {}
        self.agreements: list[Agreement] = []
        self.holds: list[Hold] = []
        self.bounces: dict[date, list[Entry]] = {}
        self.owed: dict[str, int] = {}
        self.keeps: dict[date, int] = {}

    def lived(self) -> CaseFile:
        acts_on = self.came + timedelta(days=self.chance.randrange(1, 9))
        day = self.came
        while day <= self.last + timedelta(days=3):
            self._settle(day)
            for debt in self.debts:
                if self.placed[debt.debt_id] == day:
                    self._post(debt.debt_id, EntryKind.CHARGE, debt.stated_principal_minor, day, 1)
                    self._tell(at(day, 1), "debt.added")
            if day == acts_on:
                acts_on += timedelta(days=self.chance.randrange(1, 24))
                self._act(day)
            if self.number % 5 == 0:
                self._write_off(day)
            if (minor := self.keeps.pop(day, 0)) and day > self.came:
                self._keep(minor, day)
            for entry in self.bounces.pop(day, ()):
                self._reverse(entry, day)
            day += timedelta(days=1)
        return self._file()

    def _debt(self, one: Given) -> None:
        chance = self.chance
        placed = self.came
        if self.debts:  # others may come later
            placed += timedelta(days=chance.choice([0, 0, chance.randrange(40)]))
        due_on = placed - timedelta(days=one.due)
        issued = chance.choice([None, placed - timedelta(days=chance.randrange(30)), due_on])
        number = chance.choice([0, 0, 3, 5])
        share = one.minor // number if number else 0
        debt = Debt(
            debt_id=f"deb_{one.folio}",
            external_id=one.folio,
            product=one.product,
            issued_on=issued,
            due_on=due_on,
            instalments=tuple(
                Instalment(
                    number=n + 1,
                    due_on=due_on + timedelta(days=30 * n),
                    amount_minor=share if n else one.minor - share * (number - 1),
                )
                for n in range(number)
            ),
            stated_principal_minor=one.minor,
        )
        self.debts.append(debt)
        self.placed[debt.debt_id] = placed

    def _act(self, day: date) -> None:
        match self.chance.randrange(20):
            case 0 | 1 | 2 | 3 | 4:
                self._pay(day)
            case 5 | 6 | 7 | 8:
                self._tried(contacts.call(self.number, day, self.chance))
            case 9 | 10 | 11 | 12 | 13:
                self._tried(*contacts.message(self.number, day, self.chance))
            case 14 | 15:
                self._visited(contacts.visit(self.number, day, self.chance))
            case 16 | 17 | 18:
                self._promise(day)
            case _:
                self._arrange(day)

    # Money

    def _post(self, debt_id: str, kind: EntryKind, minor: int, day: date, hour: int, **how: Any):
        told = day - timedelta(days=how.pop("late", 0))
        entry = Entry(
            entry_id=f"ent_{self.number}_{len(self.entries)}",
            debt_id=debt_id,
            kind=kind,
            amount_minor=minor,
            principal_minor=minor,
            interest_minor=0,
            fees_minor=0,
            effective_on=how.pop("on", told),
            recorded_at=at(day, hour),
            source=how.pop("source", "upload"),
            reference=how.pop("reference", f"{self.number}-{len(self.entries)}"),
            actor="system",
            **how,
        )
        self.entries.append(entry)
        self.owed[debt_id] = self.owed.get(debt_id, 0) + minor
        return entry

    def _pay(self, day: date) -> None:
        chance = self.chance
        open_debts = [debt for debt in self.debts if self.owed.get(debt.debt_id, 0) > 0]
        if not open_debts:
            return
        debt = chance.choice(open_debts)
        owed = self.owed[debt.debt_id]
        part = debt.instalments[-1].amount_minor if debt.instalments else owed // 3
        minor = chance.choice([owed, part, part, chance.randrange(1, owed + 1)])
        late = min(chance.choice([0, 0, 0, 2, 6]), (day - self.placed[debt.debt_id]).days)
        reference = f"pay-{self.number}-{day}"
        paid = [(debt, min(max(1, minor), owed))]
        others = [one for one in open_debts if one is not debt]
        if others and chance.random() < 0.3:
            other = chance.choice(others)
            paid.append((other, max(1, self.owed[other.debt_id] // 2)))
            late = 0
        made = [
            self._post(
                one.debt_id, EntryKind.PAYMENT, -share, day, 13, late=late, source="manual",
                reference=reference,
            )
            for one, share in paid
        ]  # fmt: skip
        self._tell(at(day, 13), "payment.posted")
        self._judge(at(day, 13))
        if chance.random() < 0.2:
            on = day + timedelta(days=chance.choice([0, 0, 3, 12, 25]))
            self.bounces.setdefault(on, []).extend(made)

    def _keep(self, minor: int, day: date) -> None:
        """Pay towards what was promised."""
        for debt in self.debts:
            if part := min(minor, self.owed.get(debt.debt_id, 0)):
                self._post(
                    debt.debt_id, EntryKind.PAYMENT, -part, day, 14, source="manual",
                    reference=f"kept-{self.number}-{day}",
                )  # fmt: skip
                minor -= part
        self._tell(at(day, 14), "payment.posted")
        self._judge(at(day, 14))

    def _reverse(self, entry: Entry, day: date) -> None:
        self._post(
            entry.debt_id, EntryKind.REVERSAL, -entry.amount_minor, day, 22,
            on=entry.effective_on, source="manual", reverses=entry.entry_id, reason="rebotado",
        )  # fmt: skip
        self._tell(at(day, 22), "payment.reversed")
        self._judge(at(day, 22))

    # Promises

    def _promise(self, day: date) -> None:
        self._close_promises(at(day, 11))
        minor = self.chance.randrange(1_000, 200_000)
        due_on = day + timedelta(days=self.chance.randrange(1, 12))
        if self.chance.random() < 0.6:  # whole, in part or late
            self.keeps[due_on + timedelta(days=self.chance.choice([0, -1, 0, 3]))] = (
                minor // self.chance.choice([1, 1, 1, 2])
            )
        one = PromiseToPay(
            promise_id=f"pro_{self.number}_{day}",
            amount_minor=minor,
            due_on=due_on,
            state=PromiseState.OPEN,
            made_at=at(day, 11, 1),
            made_by="user:ana",
            channel=self.chance.choice(["call", "whatsapp"]),
        )
        self.promises[one.promise_id] = one
        self._tell(one.made_at, "promise.made", promise_id=one.promise_id)

    def _close_promises(self, moment: datetime) -> None:
        for one in self.promises.values():
            if one.state is PromiseState.OPEN:
                self._became(one, PromiseState.REPLACED, "promise.replaced", moment)

    def _settle(self, day: date) -> None:
        """As the plan does each morning."""
        if any(
            one.state is PromiseState.OPEN and one.last_day < day for one in self.promises.values()
        ):
            self._judge(at(day, 6))

    def _judge(self, moment: datetime) -> None:
        over = (moment - timedelta(hours=6)).date()
        for one in self.promises.values():
            if one.state is PromiseState.REPLACED:
                continue
            found = verdict(one, paid_towards(one, self.entries, ZONE))
            if found is not PromiseState.KEPT and one.last_day >= over:
                found = PromiseState.OPEN
            if found is not one.state:
                self._became(one, found, _BECAME[found], moment)

    def _became(self, one: PromiseToPay, state: PromiseState, kind: str, moment: datetime) -> None:
        self.promises = self.promises | {one.promise_id: replace(one, state=state)}
        self._tell(moment, kind, promise_id=one.promise_id)

    # Contact

    def _tried(self, *made: Attempt) -> None:
        self.attempts += made
        for one in made:
            self._tell(one.created_at, "attempt.kept")

    def _visited(self, one: Visit) -> None:
        self.visits.append(one)
        self._tell(one.at, "visit.reported")

    # Terms

    def _arrange(self, day: date) -> None:
        """A restructure of the first debt that owes, or a hold of the whole case."""
        owing = [debt for debt in self.debts if self.owed.get(debt.debt_id, 0) > 0]
        if not owing or self.agreements or self.chance.random() < 0.5:
            until = day + timedelta(days=self.chance.randrange(2, 20))
            self.holds.append(
                Hold(
                    hold_id=f"hol_{self.number}_{day}",
                    reason=HoldReason.ILLNESS,
                    since=day,
                    until=until,
                    placed_at=at(day, 15),
                    placed_by="user:ana",
                )
            )
            self._tell(at(day, 15), "hold.placed")
            return
        debt = owing[0]
        self.agreements.append(
            Agreement(
                agreement_id=f"agr_{self.number}_{day}",
                kind=AgreementKind.RESTRUCTURE,
                state=AgreementState.ACTIVE,
                covered=(Covered(debt_id=debt.debt_id, principal_minor=self.owed[debt.debt_id]),),
                shares=(),
                frequency=Frequency.MONTHLY,
                earned=Earned.END,
                missed=1,
                grace_days=5,
                made_at=at(day, 15),
                made_by="user:ana",
                until=at(day + timedelta(days=5)),
                signed_at=at(day + timedelta(days=1), 15),
            )
        )
        self._tell(at(day, 15), "agreement.proposed")

    # The creditor's books

    def _write_off(self, day: date) -> None:
        """
        What became of a charge-off is drawn by nothing: of six, two stand, one was taken back, one
        was refused, one waits, and one was taken back and came again, of the end of a month.
        """
        days, fate, debt = (day - self.came).days, self.number // 5 % 6, self.debts[0]
        if days in (35, 70) and self.owed.get(debt.debt_id, 0) > 0 and (days == 35 or fate == 5):
            self._charge_off(debt, day, fate)
        elif days == 50 and debt.charge_offs and fate in (2, 5):
            back = replace(
                debt.charge_offs[0], state=ChargeOffState.UNDONE, returned_by="user:eva",
                returned_at=at(day, 10), returned_on=day,
            )  # fmt: skip
            self.debts[0] = replace(debt, charge_offs=(back,))
            self._tell(at(day, 10), "debt.reinstated")

    def _charge_off(self, debt: Debt, day: date, fate: int) -> None:
        one = ChargeOff(
            charge_off_id=f"cho_{self.number}_{day}", state=ChargeOffState.STANDING,
            reason=ChargeOffReason.AGE, on=day, amount_minor=self.owed[debt.debt_id],
            asked_by="user:ana", asked_at=at(day, 9), decided_by="user:eva",
            decided_at=at(day, 10),
        )  # fmt: skip
        if fate == 3:
            one = replace(one, state=ChargeOffState.REFUSED)
        elif fate == 4:
            one = replace(one, state=ChargeOffState.WAITING, decided_by="", decided_at=None)
        elif debt.charge_offs:
            one = replace(one, on=day.replace(day=1) - timedelta(days=1))
        self.debts[0] = replace(debt, charge_offs=(*debt.charge_offs, one))
        self._tell(at(day, 10), "debt.charged_off")

    # The file

    def _tell(self, moment: datetime, kind: str, **facts: Any) -> None:
        self.told.append((moment, kind, facts))

    def _file(self) -> CaseFile:
        events = tuple(
            Event(
                seq=seq, kind=kind, at=moment, actor="system", facts=facts, prev_hash="",
                hash=f"{seq:064x}",
            )
            for seq, (moment, kind, facts) in enumerate(
                sorted(self.told, key=lambda one: one[0]), start=1
            )
        )  # fmt: skip
        return CaseFile(
            head=self._head(events[-1]),
            debts=tuple(one for one in self.debts if one.debt_id in self.owed),
            contacts=(),
            addresses=(),
            entries=tuple(self.entries),
            promises=tuple(self.promises.values()),
            events=events,
            attempts=tuple(sorted(self.attempts, key=lambda one: one.created_at)),
            holds=tuple(self.holds),
            visits=tuple(self.visits),
            agreements=tuple(self.agreements),
        )

    def _head(self, last: Event) -> CaseHead:
        return CaseHead(
            case_id=case_id(self.number),
            portfolio_id="prt_test",
            currency="MXN",
            debtor_key=f"C{self.number}",
            name="",
            tax_id="",
            status=CaseStatus.OPEN,
            balance_minor=sum(self.owed.values()),
            oldest_due_on=None,
            due_buckets={},
            city="",
            tags=(),
            debts=len(self.debts),
            version=last.seq,
            chain=ChainHead(seq=last.seq, hash=last.hash),
            created_at=at(self.came, 1),
            updated_at=last.at,
        )
