"""What people and files do to a case: debts, ledger, notes, tags."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from chalicelib.domain.agreements import SOURCE
from chalicelib.domain.case import Debt
from chalicelib.domain.draft_promises import DraftPromises
from chalicelib.domain.errors import BadField, NotReversible
from chalicelib.domain.ledger import Balance, Entry, EntryKind, of_component
from chalicelib.domain.portfolio import Component

MAX_TAGS = 20
# Fields of a debt that only say which file wrote it: changing them is not a change of the debt.
_BOOKKEEPING = ("fingerprint", "upload_id", "upload_outcome", "seen_upload_id")


class DraftWork(DraftPromises):
    """A draft that can be worked on; see ``domain.draft``."""

    # Debts

    def put_debt(self, debt: Debt, *, source: str, reference: str, outstanding: bool = True) -> str:
        """
        Add a debt as the creditor states it (``stated_*``), or bring a known one up to date.

        The ledger of a known debt moves only when the statement differs from the last one:
        to the stated figures when they are what is *outstanding*, or by the difference when
        they are what was lent (``outstanding=False``: payments count on top).

        Returns:
            ``created``, ``updated``, or ``unchanged`` when nothing but bookkeeping differs.
        """
        self._alive()
        known = self._book.debts.get(debt.debt_id)
        if known is not None and known.charge_offs:
            debt = replace(debt, charge_offs=known.charge_offs)
        stated = _stated(debt)
        self._book.debts[debt.debt_id] = self._put_debts[debt.debt_id] = debt
        if known is None:
            on = debt.charged_on
            self._book.charge(debt.debt_id, stated, on=on, source=source, reference=reference)
            self._tell(
                "debt.added", {"debt_id": debt.debt_id, "amount_minor": stated.total_minor}, {}
            )
            return "created"
        moved = self._restate(known, debt, stated, source, reference, outstanding=outstanding)
        before = _differences(known, debt)
        if not before and not moved:
            return "unchanged"
        facts = {"debt_id": debt.debt_id, "before": before, "adjusted_minor": moved}
        if known.void:
            facts["restored"] = True
        self._tell("debt.changed", facts, {})
        return "updated"

    def settle_debt(self, debt_id: str, *, source: str, reference: str) -> None:
        """Close a debt that the creditor's file no longer holds, as paid today."""
        self._alive()
        added = self._book.settle(
            debt_id,
            on=self.today,
            source=source,
            reference=reference,
            credited=self._credited(self.today),
        )
        paid = sum(-entry.amount_minor for entry in added if entry.kind is EntryKind.PAYMENT)
        self._paid(added)
        self._tell("debt.settled", {"debt_id": debt_id, "amount_minor": paid}, {})

    # Ledger

    def pay(
        self,
        amount_minor: int,
        *,
        paid_on: date,
        source: str,
        reference: str,
        method: str = "",
        debt_id: str | None = None,
        taken_by: str = "",
    ) -> tuple[Entry, ...]:
        """
        Post a payment, allocated by the portfolio's policy; see ``allocation.allocate``.

        The caller asks ``payment(source, reference)`` first; the store refuses a key that
        another case has.

        Args:
            taken_by: The person who took it in the hand; it is theirs (``domain.credit``).

        Raises:
            BadField: Not positive, dated after today, or the case has no debt.
            DebtNotFound: *debt_id* is not of this case.
        """
        self._alive()
        if paid_on > self.today:
            raise BadField(field="paid_on", reason="in_the_future")
        added = self._book.pay(
            amount_minor,
            on=paid_on,
            source=source,
            reference=reference,
            debt_id=debt_id,
            agreed=self._owed_under_agreement(),
            credited=taken_by or self._credited(paid_on),
        )
        self._paid(added)
        facts = {
            "amount_minor": amount_minor,
            "paid_on": paid_on.isoformat(),
            "source": source,
            "reference": reference,
            "method": method,
            "entries": [entry.entry_id for entry in added],
        }
        self._tell("payment.posted", facts, {})
        return added

    def adjust(
        self,
        debt_id: str,
        component: Component,
        amount_minor: int,
        *,
        reason: str,
        source: str,
        reference: str,
    ) -> Entry:
        """Correct one component of a debt by a signed amount, counted from today."""
        self._alive()
        if not amount_minor:
            raise BadField(field="amount_minor", reason="zero")
        entry = self._book.adjust(
            debt_id,
            of_component(component, amount_minor),
            on=self.today,
            source=source,
            reference=reference,
            reason=reason,
        )
        self._posted("adjustment.posted", entry, component, reason)
        return entry

    def waive(
        self,
        debt_id: str,
        component: Component,
        amount_minor: int,
        *,
        reason: str,
        source: str,
        reference: str,
    ) -> tuple[Entry, ...]:
        """Forgive part of a debt (positive amount), counted from today."""
        self._alive()
        added = self._book.waive(
            debt_id,
            component,
            amount_minor,
            on=self.today,
            source=source,
            reference=reference,
            reason=reason,
        )
        waiver = next(entry for entry in added if entry.kind is EntryKind.WAIVER)
        self._posted("waiver.posted", waiver, component, reason)
        return added

    def reverse(self, entry_id: str, *, reason: str, source: str = "manual") -> tuple[Entry, ...]:
        """Undo an entry (a payment: all its entries); see ``Book.reverse``."""
        self._alive()
        if any(e.entry_id == entry_id and e.source == SOURCE for e in self._book.entries()):
            raise NotReversible(entry_id=entry_id, reason="agreement")
        added = self._book.reverse(entry_id, reason=reason, source=source)
        self._review_promises()
        self._review_agreements()
        facts = {
            "entry_id": entry_id,
            "entries": [entry.entry_id for entry in added],
            "amount_minor": sum(entry.amount_minor for entry in added if entry.reverses),
        }
        self._tell("entry.reversed", facts, {"reason": reason} if reason else {})
        return added

    # Notes, tags, language

    def note(self, text: str, *, note_id: str = "") -> None:
        """Write a note; one that the timeline has already under *note_id* is not written twice."""
        self._alive()
        if note_id and any(event.facts.get("note_id") == note_id for event in self._events):
            return
        self._tell("note.added", {"note_id": note_id} if note_id else {}, {"text": text})

    def set_tags(self, tags: Iterable[str]) -> bool:
        """Replace the tags; says whether anything changed."""
        self._alive()
        wanted = tuple(sorted({tag.strip().lower() for tag in tags if tag.strip()}))
        if len(wanted) > MAX_TAGS:
            raise BadField(field="tags", reason="too_many")
        if wanted == self._head.tags:
            return False
        self._tell("tags.changed", {"before": list(self._head.tags), "after": list(wanted)}, {})
        self._head = replace(self._head, tags=wanted)
        return True

    def set_language(self, language: str | None) -> bool:
        """Note in which language the debtor wants to be written to; says whether that is new."""
        self._alive()
        if language == self._head.language:
            return False
        facts = {"before": self._head.language or "", "after": language or ""}
        self._tell("language.changed", facts, {})
        self._head = replace(self._head, language=language)
        return True

    # Private

    def _posted(self, kind: str, entry: Entry, component: Component, reason: str) -> None:
        facts = {
            "entry_id": entry.entry_id,
            "debt_id": entry.debt_id,
            "component": component.value,
            "amount_minor": entry.amount_minor,
        }
        self._tell(kind, facts, {"reason": reason})

    def _paid(self, added: Iterable[Entry]) -> None:
        days = [entry.effective_on for entry in added if entry.kind is EntryKind.PAYMENT]
        if days:
            last = self._head.last_payment_on
            newest = max([*days, last] if last else days)
            self._head = replace(self._head, last_payment_on=newest)
            self._review_promises()
            self._review_agreements()

    def _restate(
        self,
        known: Debt,
        debt: Debt,
        stated: Balance,
        source: str,
        reference: str,
        *,
        outstanding: bool,
    ) -> int:
        if stated == _stated(known) and not known.void:
            return 0
        base = self.balance(debt.debt_id) if outstanding or known.void else _stated(known)
        delta = Balance(
            stated.principal_minor - base.principal_minor,
            stated.interest_minor - base.interest_minor,
            stated.fees_minor - base.fees_minor,
        )
        if delta != Balance():
            self._book.adjust(
                debt.debt_id, delta, on=self.today, source=source, reference=reference
            )
        return delta.total_minor


def _stated(debt: Debt) -> Balance:
    return Balance(debt.stated_principal_minor, debt.stated_interest_minor, debt.stated_fees_minor)


def _differences(known: Debt, debt: Debt) -> dict[str, Any]:
    """The earlier value, JSON-safe, of every field of substance that changed."""
    if known == debt:
        return {}
    old, new = asdict(known), asdict(debt)
    return {
        field: _json(value)
        for field, value in old.items()
        if field not in _BOOKKEEPING and value != new[field]
    }


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _json(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_json(part) for part in value]
    return value
