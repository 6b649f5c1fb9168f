"""A case's ledger as it stands: balances in step with entries, and how an entry comes in."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from chalicelib.domain import ageing, allocation, interest
from chalicelib.domain.case import Debt
from chalicelib.domain.errors import DebtNotFound
from chalicelib.domain.ids import entry_id
from chalicelib.domain.ledger import NOTHING, Balance, Entry, EntryKind
from chalicelib.domain.portfolio import Policies


class BookState:
    """
    The debts and entries of one case, read and posted to; see ``domain.book``.

    Balances are kept in step as entries are added and are always the sum of the entries.

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
