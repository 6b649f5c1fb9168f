"""A case's ledger while it is being added to: who posts what, and what interest that touches."""

from collections.abc import Sequence
from datetime import date

from chalicelib.domain import allocation
from chalicelib.domain.book_state import BookState
from chalicelib.domain.errors import BadField, EntryNotFound, NotReversible
from chalicelib.domain.ids import entry_id
from chalicelib.domain.ledger import NOTHING, Balance, Entry, EntryKind, of_component, reversals
from chalicelib.domain.portfolio import Component

REVERSIBLE = (EntryKind.CHARGE, EntryKind.PAYMENT, EntryKind.ADJUSTMENT, EntryKind.WAIVER)


class Book(BookState):
    """
    The debts and entries of one case, with the few ways of adding to them.

    Every method returns the entries it added. Entry ids come from what caused them, so the
    same call on the same book gives the same ids. ``BookState`` says what it is made of.
    """

    def charge(
        self, debt_id: str, amount: Balance, *, on: date, source: str, reference: str
    ) -> None:
        """Post what the creditor says is owed."""
        self._post(EntryKind.CHARGE, debt_id, amount, on=on, source=source, reference=reference)

    def adjust(
        self,
        debt_id: str,
        amount: Balance,
        *,
        on: date,
        source: str,
        reference: str,
        reason: str = "",
    ) -> Entry:
        """Correct a debt by a signed *amount* of each component."""
        self._known(debt_id)
        return self._post(
            EntryKind.ADJUSTMENT,
            debt_id,
            amount,
            on=on,
            source=source,
            reference=reference,
            reason=reason,
        )

    def pay(
        self,
        amount_minor: int,
        *,
        on: date,
        source: str,
        reference: str,
        debt_id: str | None = None,
        agreed: Sequence[allocation.Owed] = (),
        credited: str = "",
    ) -> tuple[Entry, ...]:
        """
        Post a payment: one PAYMENT entry a debt it reaches, with the interest it touches.

        Args:
            agreed: What is left to pay of debts under an agreement; it is paid before others.
            credited: Whose work it is put down to.

        Raises:
            BadField: The amount is not positive, or the case has no debt to pay.
            DebtNotFound: *debt_id* is not of this case.
        """
        if amount_minor <= 0:
            raise BadField(field="amount_minor", reason="not_positive")
        if debt_id is not None:
            self._known(debt_id)
        payable = {key: debt for key, debt in self.debts.items() if not debt.void}
        if not payable:
            raise BadField(field="debt_id", reason="no_debt")
        due = {key: self.accrued(key, on) for key in payable}
        left = {one.debt_id: one for one in agreed}
        owed = [left.get(key) or self._owed(debt, due[key]) for key, debt in payable.items()]
        shares = allocation.allocate(
            amount_minor, owed, self._policies.allocation_order, first=debt_id, before=left
        )
        before = len(self.added)
        for share in shares:
            key = entry_id(self._portfolio_id, source, reference, share.debt_id)
            self._realise(share.debt_id, due[share.debt_id], on=on, cause=key)
            self._post(
                EntryKind.PAYMENT,
                share.debt_id,
                Balance(-share.principal_minor, -share.interest_minor, -share.fees_minor),
                on=on,
                source=source,
                reference=reference,
                credited=credited,
                late_days=self._late_days(share.debt_id, on) if credited else None,
            )
            self._true_up(share.debt_id, cause=key)
        return tuple(self.added[before:])

    def waive(
        self,
        debt_id: str,
        component: Component,
        amount_minor: int,
        *,
        on: date,
        source: str,
        reference: str,
        reason: str,
        beyond: bool = False,
    ) -> tuple[Entry, ...]:
        """
        Forgive part of what a debt owes; interest includes what accrued by *on*.

        Args:
            beyond: More than is owed may be forgiven: what was paid of it is a credit then.

        Raises:
            BadField: Not positive, or more than the component owes.
            DebtNotFound: *debt_id* is not of this case.
        """
        self._known(debt_id)
        if amount_minor <= 0:
            raise BadField(field="amount_minor", reason="not_positive")
        key = entry_id(self._portfolio_id, source, reference, debt_id)
        due = self.accrued(debt_id, on) if component is Component.INTEREST else 0
        owed = getattr(self.balance(debt_id), f"{component.value}_minor") + due
        if amount_minor > owed and not beyond:
            raise BadField(field="amount_minor", reason="more_than_owed")
        before = len(self.added)
        self._realise(debt_id, due, on=on, cause=key)
        self._post(
            EntryKind.WAIVER,
            debt_id,
            of_component(component, -amount_minor),
            on=on,
            source=source,
            reference=reference,
            reason=reason,
        )
        self._true_up(debt_id, cause=key)
        return tuple(self.added[before:])

    def capitalise(
        self, debt_id: str, minor: Balance, *, on: date, source: str, reference: str, reason: str
    ) -> Entry | None:
        """
        Make principal of interest, what accrued by *on* included, and of fees: what is owed in
        all stays as it is. None when there is nothing of them.

        Args:
            minor: How much of each at most; its principal is left out of account.
        """
        key = entry_id(self._portfolio_id, source, reference, debt_id)
        self._known(debt_id)
        due = self.accrued(debt_id, on)
        held = self.balance(debt_id)
        interest_minor = max(0, min(minor.interest_minor, held.interest_minor + due))
        fees_minor = max(0, min(minor.fees_minor, held.fees_minor))
        if not interest_minor + fees_minor:
            return None
        self._realise(debt_id, due, on=on, cause=key)
        moved = Balance(interest_minor + fees_minor, -interest_minor, -fees_minor)
        return self.adjust(debt_id, moved, on=on, source=source, reference=reference, reason=reason)

    def settle(
        self, debt_id: str, *, on: date, source: str, reference: str, credited: str = ""
    ) -> tuple[Entry, ...]:
        """
        Close a debt that the creditor says is paid: its balance is posted as a payment.

        Interest that accrued beside it is realised and waived: the creditor asks nothing more.
        """
        self._known(debt_id)
        owed = self.balance(debt_id)
        key = entry_id(self._portfolio_id, source, reference, debt_id)
        due = self.accrued(debt_id, on)
        before = len(self.added)
        if owed.total_minor > 0:
            paid = Balance(-owed.principal_minor, -owed.interest_minor, -owed.fees_minor)
            self._post(
                EntryKind.PAYMENT,
                debt_id,
                paid,
                on=on,
                source=source,
                reference=reference,
                credited=credited,
                late_days=self._late_days(debt_id, on) if credited else None,
            )
        if due > 0:
            self._realise(debt_id, due, on=on, cause=key)
            self._post(
                EntryKind.WAIVER,
                debt_id,
                Balance(0, -due, 0),
                on=on,
                source="settlement",
                reference=key,
            )
        return tuple(self.added[before:])

    def close(self, debt_id: str, *, on: date, source: str, reference: str) -> None:
        """Take all a debt owes out of it, what accrued by *on* included: it lives on elsewhere."""
        self._known(debt_id)
        key = entry_id(self._portfolio_id, source, reference, debt_id)
        self._realise(debt_id, self.accrued(debt_id, on), on=on, cause=key)
        owed = self.balance(debt_id)
        if owed != NOTHING:
            out = Balance(-owed.principal_minor, -owed.interest_minor, -owed.fees_minor)
            self.adjust(debt_id, out, on=on, source=source, reference=reference)

    def reverse(self, entry_key: str, *, reason: str, source: str = "manual") -> tuple[Entry, ...]:
        """
        Undo an entry to the cent, as if it had never been: a payment, in all its entries.

        The reversal counts for the same day as what it undoes, so interest runs as though
        the money had not come.

        Raises:
            EntryNotFound: No such entry in this case.
            NotReversible: Its kind cannot be, or it was reversed before.
        """
        entries = self.entries()
        target = next((entry for entry in entries if entry.entry_id == entry_key), None)
        if target is None:
            raise EntryNotFound(entry_id=entry_key)
        if target.kind not in REVERSIBLE:
            raise NotReversible(entry_id=entry_key, reason="kind")
        undone = reversals(entries)
        if entry_key in undone:
            raise NotReversible(entry_id=entry_key, reason="already_reversed")
        targets = [target]
        if target.kind is EntryKind.PAYMENT:
            targets = [
                entry
                for entry in self.payment(target.source, target.reference)
                if entry.entry_id not in undone
            ]
        before = len(self.added)
        for entry in targets:
            self._post(
                EntryKind.REVERSAL,
                entry.debt_id,
                Balance(-entry.principal_minor, -entry.interest_minor, -entry.fees_minor),
                on=entry.effective_on,
                source=source,
                reference=f"reversal:{entry.entry_id}",
                reason=reason,
                reverses=entry.entry_id,
                credited=entry.credited,
                late_days=entry.late_days,
            )
            self._true_up(entry.debt_id, cause=f"reversal:{entry.entry_id}")
        return tuple(self.added[before:])
