"""What agreements do to the ledger of a case: what they forgive, take back and let be paid."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from chalicelib.domain import agreement_money, agreements, allocation
from chalicelib.domain.ageing import Part
from chalicelib.domain.agreements import SOURCE, Agreement, AgreementStanding
from chalicelib.domain.case import Debt, Instalment
from chalicelib.domain.draft_debtor import DraftDebtor
from chalicelib.domain.ids import debt_id as debt_id_of
from chalicelib.domain.ledger import Balance, EntryKind, reversals
from chalicelib.domain.portfolio import Component

# Why an agreement's entries are in the ledger; what pages show is theirs to say.
EARNED, COMPLETED, BROKEN, TAKEN_BACK, CAPITAL = (
    "agreement_earned",
    "agreement_completed",
    "agreement_broken",
    "agreement_undone",
    "agreement_capitalised",
)
_PARTS = (
    (Component.INTEREST, "interest_minor"),
    (Component.FEES, "fees_minor"),
    (Component.PRINCIPAL, "principal_minor"),
)


class DraftAgreed(DraftDebtor):
    """A draft whose ledger is kept in step with agreements; see ``domain.draft_agreements``."""

    def agreement_in_force(self) -> Agreement | None:
        return agreements.in_force(self._agreements.values())

    def _owed_under_agreement(self) -> tuple[allocation.Owed, ...]:
        """
        What a payment finds of the debts under an agreement: what is left to pay of each
        component as agreed, so that what was forgiven and not yet earned is not paid instead.
        """
        known = self.agreement_in_force()
        if known is None or known.new_debt_id:
            return ()
        now = self._standing_of(known)
        found = []
        for one in known.covered:
            debt = self._book.debts.get(one.debt_id)
            if debt is None or debt.void:
                continue
            paid, due = now.paid.get(one.debt_id, Balance()), one.to_pay
            if known.capitalised:
                due = Balance(due.total_minor)
            left = Balance(
                max(0, due.principal_minor - paid.principal_minor),
                max(0, due.interest_minor - paid.interest_minor),
                max(0, due.fees_minor - paid.fees_minor),
            )
            parts = (Part(0, debt.due_on, left.total_minor, left.total_minor),)
            found.append(allocation.Owed(one.debt_id, left, parts))
        return tuple(found)

    def _bring_waivers(self, known: Agreement, target: Mapping[str, Balance]) -> None:
        """Have the ledger forgive what is earned by now: no more, and no less if it is owed."""
        held = self._forgiven(known)
        more = any(
            getattr(held.get(key, Balance()), name) > getattr(wanted, name)
            for key, wanted in target.items()
            for _, name in _PARTS
        )
        if more:
            self._take_back(known, TAKEN_BACK)
            held = {}
        for debt_id, wanted in target.items():
            for component, name in _PARTS:
                minor = getattr(wanted, name) - getattr(held.get(debt_id, Balance()), name)
                self._forgive(known, debt_id, component, minor, EARNED)

    def _forgive(
        self,
        known: Agreement,
        debt_id: str,
        component: Component,
        minor: int,
        reason: str,
        *,
        beyond: bool = False,
    ) -> int:
        """
        Waive so much of a component, or what there is of it; says how much it was.

        Args:
            beyond: Waive it all, whatever there is.
        """
        debt = self._book.debts.get(debt_id)
        if debt is None or debt.void or minor <= 0:
            return 0
        if not beyond:
            owed: int = getattr(self._owed_today(debt_id), f"{component.value}_minor")
            minor = min(minor, owed)
        if minor <= 0:
            return 0
        self._book.waive(
            debt_id,
            component,
            minor,
            on=self.today,
            source=SOURCE,
            reference=self._next_reference(known),
            reason=reason,
            beyond=beyond,
        )
        return minor

    def _forgive_rest(self, known: Agreement) -> int:
        """
        Forgive all that is left of the debts when what was agreed is paid: the discount that
        was not earned yet, and interest that ran on beside the agreement.
        """
        forgiven = 0
        to_pay = {one.debt_id: one.to_pay.total_minor for one in known.covered}
        paid = self._standing_of(known).paid
        for debt_id in known.debt_ids:
            # What was paid beyond the agreement stays a credit; it buys nothing back.
            agreed = to_pay.get(debt_id, known.to_pay_minor)
            over = max(0, paid.get(debt_id, Balance()).total_minor - agreed)
            owed = self._owed_today(debt_id)
            left = owed.total_minor + over - self._charged_since(known, debt_id)
            for component, name in _PARTS:
                beyond = component is Component.PRINCIPAL
                part = left if beyond else min(left, getattr(owed, name))
                done = self._forgive(known, debt_id, component, part, COMPLETED, beyond=beyond)
                left, forgiven = left - done, forgiven + done
        return forgiven

    def _take_back(self, known: Agreement, reason: str) -> int:
        """Reverse every entry by which an agreement forgave something; says how much."""
        restored = 0
        for entry in agreement_money.waivers(known.agreement_id, self._book.entries()):
            self._book.reverse(entry.entry_id, reason=reason, source=SOURCE)
            restored -= entry.amount_minor
        return restored

    def _bring_capital(self, known: Agreement) -> None:
        """Have what an agreement made principal of be principal, once."""
        entries = self._book.entries()
        if not known.capitalised or agreement_money.capital(known.agreement_id, entries):
            return
        before = sum(
            entry.kind is EntryKind.ADJUSTMENT
            and entry.source == SOURCE
            and entry.reference.startswith(f"{known.agreement_id}:")
            for entry in entries
        )
        for one in known.covered:
            debt = self._book.debts.get(one.debt_id)
            if debt is None or debt.void:
                continue
            self._book.capitalise(
                one.debt_id,
                one.to_pay,
                on=self.today,
                source=SOURCE,
                reference=f"{known.agreement_id}:capital{before + 1}",
                reason=CAPITAL,
            )

    def _take_capital_back(self, known: Agreement, reason: str) -> None:
        """Nobody owes interest on interest by terms that no longer hold."""
        for entry in agreement_money.capital(known.agreement_id, self._book.entries()):
            self._book.reverse(entry.entry_id, reason=reason, source=SOURCE)

    def _forgiven(self, known: Agreement) -> dict[str, Balance]:
        held: dict[str, Balance] = {}
        for entry in agreement_money.waivers(known.agreement_id, self._book.entries()):
            before = held.get(entry.debt_id, Balance())
            held[entry.debt_id] = Balance(
                before.principal_minor - entry.principal_minor,
                before.interest_minor - entry.interest_minor,
                before.fees_minor - entry.fees_minor,
            )
        return held

    def _next_reference(self, known: Agreement) -> str:
        # By how many there are already: the same case gives the same id, whoever tries again.
        before = sum(
            entry.kind is EntryKind.WAIVER
            and entry.source == SOURCE
            and entry.reference.partition(":")[0] == known.agreement_id
            for entry in self._book.entries()
        )
        return f"{known.agreement_id}:{before + 1}"

    def _owed_today(self, debt_id: str) -> Balance:
        held = self._book.balance(debt_id)
        debt = self._book.debts.get(debt_id)
        due = 0 if debt is None or debt.void else self._book.accrued(debt_id, self.today)
        return Balance(held.principal_minor, held.interest_minor + due, held.fees_minor)

    def _charged_since(self, known: Agreement, debt_id: str) -> int:
        """What was added to a debt after the agreement: charged, or an older payment undone."""
        signed_at = known.signed_at
        entries = self._book.entries(debt_id)
        if signed_at is None:
            return 0
        undone = reversals(entries)
        older = {
            entry.entry_id
            for entry in entries
            # A payment of that very moment was the yes, and is one of the agreement's own.
            if entry.recorded_at < signed_at
            or (entry.recorded_at == signed_at and entry.kind is not EntryKind.PAYMENT)
        }
        since = [entry for entry in entries if entry.recorded_at > signed_at]
        charged = sum(
            entry.amount_minor
            for entry in since
            if entry.kind in (EntryKind.CHARGE, EntryKind.ADJUSTMENT)
            and entry.source != SOURCE
            and entry.entry_id not in undone
        )
        reopened = sum(
            entry.amount_minor
            for entry in since
            if entry.reverses in older and entry.source != SOURCE
        )
        return max(0, charged + reopened)

    def _refinanced(self, signed: Agreement) -> Agreement:
        """Close the covered debts and open the new one, with the plan as its instalments."""
        portfolio_id = self._portfolio.portfolio_id
        for one in signed.covered:
            for component, name in _PARTS:
                self._forgive(signed, one.debt_id, component, getattr(one.discount, name), EARNED)
            self._book.close(
                one.debt_id, on=self.today, source=SOURCE, reference=signed.agreement_id
            )
        external_id = f"RF-{signed.agreement_id.rpartition('_')[2][-8:].upper()}"
        products = {self._book.debts[one.debt_id].product for one in signed.covered}
        new = Debt(
            debt_id=debt_id_of(portfolio_id, external_id),
            external_id=external_id,
            product=products.pop() if len(products) == 1 else "",
            issued_on=self.today,
            due_on=min(share.due_on for share in signed.shares),
            instalments=tuple(
                Instalment(
                    number=share.number, due_on=share.due_on, amount_minor=share.amount_minor
                )
                for share in signed.shares
            ),
            stated_principal_minor=signed.to_pay_minor,
        )
        self._book.debts[new.debt_id] = self._put_debts[new.debt_id] = new
        self._book.charge(
            new.debt_id,
            Balance(signed.to_pay_minor),
            on=self.today,
            source=SOURCE,
            reference=signed.agreement_id,
        )
        facts = {"debt_id": new.debt_id, "amount_minor": signed.to_pay_minor}
        self._tell("debt.added", facts, {})
        return replace(signed, new_debt_id=new.debt_id)

    # Private

    def _standing_of(self, known: Agreement) -> AgreementStanding:
        tolerance = self._portfolio.policies.tolerance_minor
        return agreements.standing(known, self._book.entries(), tolerance_minor=tolerance)

    def _put_agreement(self, agreement: Agreement) -> None:
        key = agreement.agreement_id
        self._agreements[key] = self._put_agreements[key] = agreement


def owed_on(draft: "DraftAgreed", debt_id: str, on: date) -> Balance:
    """
    What a debt owes by the end of a day, as an agreement divides it: nothing below zero.

    A credit on one component (money paid beyond it) is taken off the others.
    """
    held = draft.balance(debt_id)
    debt = draft.debt(debt_id)
    due = 0 if debt is None or debt.void else draft._book.accrued(debt_id, on)
    return netted(Balance(held.principal_minor, held.interest_minor + due, held.fees_minor))


def netted(owed: Balance) -> Balance:
    """
    Take credits off what else is owed, fees first.

    >>> netted(Balance(100, -30, 10))
    Balance(principal_minor=80, interest_minor=0, fees_minor=0)
    """
    parts = {"fees": owed.fees_minor, "interest": owed.interest_minor}
    parts["principal"] = owed.principal_minor
    credit = -sum(min(0, minor) for minor in parts.values())
    left: dict[str, int] = {}
    for name, minor in parts.items():
        taken = min(credit, max(0, minor))
        left[name], credit = max(0, minor) - taken, credit - taken
    return Balance(left["principal"], left["interest"], left["fees"])
