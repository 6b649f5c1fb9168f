"""A case's ledger while it is being added to: who posts what, and what interest that touches."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from chalicelib.domain import ageing, allocation, interest
from chalicelib.domain.case import Debt
from chalicelib.domain.errors import BadField, DebtNotFound, EntryNotFound, NotReversible
from chalicelib.domain.ids import entry_id
from chalicelib.domain.ledger import (
    NOTHING,
    Balance,
    Entry,
    EntryKind,
    of_component,
    reversals,
)
from chalicelib.domain.portfolio import Component, Policies

REVERSIBLE = (EntryKind.CHARGE, EntryKind.PAYMENT, EntryKind.ADJUSTMENT, EntryKind.WAIVER)


class Book:
    """
    The debts and entries of one case, with the few ways of adding to them.

    Every method returns the entries it added. Entry ids come from what caused them, so the
    same call on the same book gives the same ids. Balances are kept in step as entries are
    added and are always the sum of the entries.

    Args:
        actor, now: Who posts, and when it is recorded (UTC).
    """

    def __init__(
        self,
        portfolio_id: str,
        policies: Policies,
        debts: Iterable[Debt],
        entries: Iterable[Entry],
        *,
        actor: str,
        now: datetime,
    ) -> None:
        self.debts = {debt.debt_id: debt for debt in debts}
        self.added: list[Entry] = []
        self._portfolio_id = portfolio_id
        self._policies = policies
        self._actor = actor
        self._now = now
        self._by_debt: dict[str, list[Entry]] = {}
        self._balances: dict[str, Balance] = {}
        self._total_minor = 0
        for entry in entries:
            self._keep(entry)

    # Reading

    def balance(self, debt_id: str) -> Balance:
        return self._balances.get(debt_id, NOTHING)

    def total_minor(self) -> int:
        return self._total_minor

    def entries(self, debt_id: str | None = None) -> Sequence[Entry]:
        if debt_id is not None:
            return self._by_debt.get(debt_id, [])
        return [entry for own in self._by_debt.values() for entry in own]

    def accrued(self, debt_id: str, on: date) -> int:
        """Moratory interest of a debt by the end of *on* that is not in the ledger yet."""
        return interest.accrued(
            self.debts[debt_id], self.entries(debt_id), self._policies.moratory, on
        )

    def moratory_open(self, debt_id: str) -> int:
        """How much of what a debt owes is default interest already in the ledger."""
        own = self._by_debt.get(debt_id, [])
        if not any(entry.kind is EntryKind.INTEREST for entry in own):
            return 0
        return max(0, min(interest.realised(own), self.balance(debt_id).interest_minor))

    def oldest_due_on(self, debt_id: str) -> date | None:
        debt = self.debts[debt_id]
        return ageing.oldest_due_on(
            debt,
            self.balance(debt_id).total_minor,
            self._policies.tolerance_minor,
            self.moratory_open(debt_id) if debt.instalments else 0,  # it only shifts between parts
        )

    def payment(self, source: str, reference: str) -> tuple[Entry, ...]:
        """The entries of a payment recorded before under this key; empty when there is none."""
        return tuple(
            entry
            for entry in self.entries()
            if entry.kind is EntryKind.PAYMENT
            and entry.source == source
            and entry.reference == reference
        )

    # Adding

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

    def closed(self) -> None:
        """Take what was added for written: ``added`` begins anew."""
        self.added = []

    # Interest

    def _realise(self, debt_id: str, amount_minor: int, *, on: date, cause: str) -> None:
        if not amount_minor:
            return
        principal, part = interest.split(self.balance(debt_id), amount_minor)
        self._post(
            EntryKind.INTEREST,
            debt_id,
            Balance(principal, part, 0),
            on=on,
            source="interest",
            reference=cause,
        )

    def _true_up(self, debt_id: str, *, cause: str) -> None:
        # A payment recorded late, or a reversal, changes what should have been realised on
        # later days: one entry on the last of them puts the whole right.
        last = interest.realised_until(self.entries(debt_id))
        if last is not None:
            amount = self.accrued(debt_id, last)
            self._realise(debt_id, amount, on=last, cause=f"correction:{cause}")

    # Private

    def _owed(self, debt: Debt, accrued_minor: int) -> allocation.Owed:
        held = self.balance(debt.debt_id)
        principal, part = interest.split(held, accrued_minor)
        balance = Balance(
            held.principal_minor + principal, held.interest_minor + part, held.fees_minor
        )
        moratory = self.moratory_open(debt.debt_id) + max(0, accrued_minor)
        return allocation.Owed(
            debt.debt_id, balance, ageing.parts(debt, balance.total_minor, moratory)
        )

    def _late_days(self, debt_id: str, on: date) -> int:
        """Of a debt that owes nothing more, since its own due date."""
        due_on = self.oldest_due_on(debt_id) or self.debts[debt_id].due_on
        return ageing.days_from_due(due_on, on)

    def _known(self, debt_id: str) -> None:
        if debt_id not in self.debts or self.debts[debt_id].void:
            raise DebtNotFound(debt_id=debt_id)

    def _post(
        self,
        kind: EntryKind,
        debt_id: str,
        amount: Balance,
        *,
        on: date,
        source: str,
        reference: str,
        reason: str = "",
        reverses: str | None = None,
        credited: str = "",
        late_days: int | None = None,
    ) -> Entry:
        entry = Entry(
            entry_id=entry_id(self._portfolio_id, source, reference, debt_id),
            debt_id=debt_id,
            kind=kind,
            amount_minor=amount.total_minor,
            principal_minor=amount.principal_minor,
            interest_minor=amount.interest_minor,
            fees_minor=amount.fees_minor,
            effective_on=on,
            recorded_at=self._now,
            source=source,
            reference=reference,
            actor=self._actor,
            reason=reason,
            reverses=reverses,
            credited=credited,
            late_days=late_days,
        )
        self._keep(entry)
        self.added.append(entry)
        return entry

    def _keep(self, entry: Entry) -> None:
        self._by_debt.setdefault(entry.debt_id, []).append(entry)
        self._balances[entry.debt_id] = self.balance(entry.debt_id).plus(entry)
        self._total_minor += entry.amount_minor
