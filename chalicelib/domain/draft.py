"""
The one way a case changes: open a draft, do things to it, take the change, commit it.

    draft = Draft.new(portfolio, "A-17", name=name, actor="upload:upl_1", now=now)
    draft.put_debt(debt, source="upload", reference="upl_1")
    cases.commit(draft.change())

A draft is made from what one query opened and lives for one commit. It keeps the ledger,
chains the timeline, derives status and head, and reckons how the counters move; a store only
writes what it says. Nothing here reads a clock or a table.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain import counters, timeline
from chalicelib.domain.book import REVERSIBLE, Book, of_component
from chalicelib.domain.case import (
    Address,
    CaseChange,
    CaseFile,
    CaseHead,
    CaseStatus,
    ContactKind,
    ContactPoint,
    Debt,
    PromiseState,
    PromiseToPay,
)
from chalicelib.domain.errors import (
    BadField,
    CaseVoid,
    DebtNotFound,
    PromiseNotFound,
    PromiseSettled,
)
from chalicelib.domain.ids import case_id as case_id_of
from chalicelib.domain.ids import derived_id
from chalicelib.domain.ledger import Balance, Entry, EntryKind, reversals
from chalicelib.domain.names import folded
from chalicelib.domain.portfolio import Component, Portfolio
from chalicelib.domain.standing import standing
from chalicelib.domain.timeline import ChainHead, Event

MAX_TAGS = 20
# Fields of a debt that only say which file wrote it: changing them is not a change of the debt.
_BOOKKEEPING = ("fingerprint", "upload_id", "upload_outcome", "seen_upload_id")


class Draft:
    """
    A case being changed.

    Args:
        file: The case as read, or None for one that does not exist yet (use ``Draft.new``).
        actor: ``user:<id>``, ``upload:<id>``, ``service:<id>`` or ``system``.
        now: UTC; the day is the portfolio's own.
        salt: Where the timeline's salts come from.

    Raises:
        CaseVoid: From every method that adds to a void case, but ``restore``.
    """

    def __init__(
        self,
        file: CaseFile,
        portfolio: Portfolio,
        *,
        actor: str,
        now: datetime,
        salt: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._before: CaseHead | None = file.head
        self._head = file.head
        self._portfolio = portfolio
        self._actor = actor
        self._now = now
        self._salt = salt
        self._events = file.events
        self._contacts = {point.contact_id: point for point in file.contacts}
        self._addresses = {address.address_id: address for address in file.addresses}
        self._promises = {promise.promise_id: promise for promise in file.promises}
        self._book = Book(
            portfolio.portfolio_id,
            portfolio.policies,
            file.debts,
            file.entries,
            actor=actor,
            now=now,
        )
        self._put_debts: dict[str, Debt] = {}
        self._put_contacts: dict[str, ContactPoint] = {}
        self._put_addresses: dict[str, Address] = {}
        self._put_promises: dict[str, PromiseToPay] = {}
        self._gone_contacts: list[str] = []
        self._gone_addresses: list[str] = []
        self._told: list[tuple[str, dict[str, Any], dict[str, str]]] = []

    @classmethod
    def new(
        cls,
        portfolio: Portfolio,
        debtor_key: str,
        *,
        name: str,
        tax_id: str = "",
        city: str = "",
        upload_id: str | None = None,
        actor: str,
        now: datetime,
        salt: Callable[[int], bytes] = os.urandom,
    ) -> "Draft":
        """
        Start the case of a debtor that the portfolio does not have yet.

        Safe to repeat: the case id comes from portfolio and key, so a second commit meets the
        first and is refused with ``CaseMoved``.

        Args:
            debtor_key: The creditor's id of the debtor, or a key made from tax id or name.
            upload_id: The upload that creates it, when one does.
        """
        head = CaseHead(
            case_id=case_id_of(portfolio.portfolio_id, debtor_key),
            portfolio_id=portfolio.portfolio_id,
            currency=portfolio.currency,
            debtor_key=debtor_key,
            name=name,
            tax_id=tax_id,
            status=CaseStatus.OPEN,
            balance_minor=0,
            oldest_due_on=None,
            due_buckets={},
            due_debts={},
            city=city,
            tags=(),
            debts=0,
            version=0,
            chain=ChainHead(),
            created_at=now,
            updated_at=now,
            created_by_upload=upload_id,
        )
        empty = CaseFile(
            head=head, debts=(), contacts=(), addresses=(), entries=(), promises=(), events=()
        )
        draft = cls(empty, portfolio, actor=actor, now=now, salt=salt)
        draft._before = None
        personal = {"name": name}
        if tax_id:
            personal["tax_id"] = tax_id
        facts = {"upload_id": upload_id} if upload_id else {}
        draft._tell("case.created", facts, personal)
        return draft

    # Reading

    @property
    def case_id(self) -> str:
        return self._head.case_id

    @property
    def today(self) -> date:
        return local_day(self._now, self._portfolio.time_zone)

    @property
    def items(self) -> int:
        """
        About how many rows the change will write: keep a change under 80 and split beyond.

        A transaction holds 100; the rest is for the counters.
        """
        return (
            8  # head, name tokens and their like
            + len(self._put_debts)
            + len(self._put_contacts)
            + len(self._put_addresses)
            + len(self._put_promises)
            + len(self._gone_contacts)
            + len(self._gone_addresses)
            + 2 * len(self._book.added)
            + len(self._told)
        )

    @property
    def tags(self) -> tuple[str, ...]:
        return self._head.tags

    def debt(self, debt_id: str) -> Debt | None:
        return self._book.debts.get(debt_id)

    def balance(self, debt_id: str) -> Balance:
        return self._book.balance(debt_id)

    def payment(self, source: str, reference: str) -> tuple[Entry, ...]:
        """The entries of a payment this case has under the key; empty when it has none."""
        return self._book.payment(source, reference)

    # Debtor

    def restore(self) -> bool:
        """
        Bring a case back that was void because the upload that made it was undone.

        Says whether there was anything to do; a case that was merged stays where it went.

        Raises:
            CaseVoid: It was merged into another.
        """
        if self._head.status is not CaseStatus.VOID:
            return False
        if self._head.merged_into is not None:
            raise CaseVoid(merged_into=self._head.merged_into)
        self._head = replace(self._head, status=CaseStatus.OPEN)
        self._tell("case.restored", {}, {})
        return True

    def describe(
        self, *, name: str | None = None, tax_id: str | None = None, city: str | None = None
    ) -> bool:
        """Correct who the debtor is; None leaves a value. Says whether anything changed."""
        self._alive()
        given = {"name": name, "tax_id": tax_id, "city": city}
        changed = {
            field: value
            for field, value in given.items()
            if value is not None and value != getattr(self._head, field)
        }
        if not changed:
            return False
        old = {f"old_{field}": str(getattr(self._head, field)) for field in changed}
        self._head = replace(self._head, **changed)  # type: ignore[arg-type]
        if set(changed) - {"city"}:
            self._tell("debtor.changed", {"fields": sorted(changed)}, {**changed, **old})
        return True

    def put_contact(
        self,
        kind: ContactKind,
        value: str,
        *,
        party: str = "debtor",
        quality: str = "unverified",
        detail: str = "",
        source: str = "",
    ) -> bool:
        """
        Add a phone (E.164) or e-mail (lower case), or correct what is known of it.

        What a person found out stands: a later file that knows nothing (``unverified``)
        does not take away a better-known quality. Says whether anything changed.
        """
        self._alive()
        key = derived_id("con", self.case_id, kind.value, value)
        known = self._contacts.get(key)
        if known is not None and quality == "unverified":
            quality = known.quality
        point = ContactPoint(
            contact_id=key,
            kind=kind,
            value=value,
            party=party,
            quality=quality,
            detail=detail or (known.detail if known else ""),
            source=known.source if known else source,
        )
        if point == known:
            return False
        self._contacts[key] = self._put_contacts[key] = point
        facts = {"contact_id": key, "kind": kind.value, "party": party, "quality": quality}
        self._tell("contact.changed" if known else "contact.added", facts, {"value": value})
        return True

    def remove_contact(self, contact_id: str) -> None:
        self._alive()
        point = self._contacts.pop(contact_id, None)
        if point is not None:
            self._gone_contacts.append(contact_id)
            self._put_contacts.pop(contact_id, None)
            self._tell("contact.removed", {"contact_id": contact_id}, {"value": point.value})

    def put_address(self, address: Address) -> bool:
        """
        Add an address, or correct the point of one with the same text.

        ``address_id`` is made here from the text, whatever it holds. The first address gives
        the case its city when it has none. Says whether anything changed.
        """
        self._alive()
        text = folded(f"{address.lines} {address.city} {address.postal_code}")
        key = derived_id("adr", self.case_id, text)
        address = replace(address, address_id=key)
        known = self._addresses.get(key)
        if address == known:
            return False
        self._addresses[key] = self._put_addresses[key] = address
        if address.city and not self._head.city:
            self._head = replace(self._head, city=address.city)
        facts = {"address_id": key, "quality": address.quality.value}
        personal = {"lines": address.lines, "city": address.city}
        self._tell("address.changed" if known else "address.added", facts, personal)
        return True

    def remove_address(self, address_id: str) -> None:
        self._alive()
        address = self._addresses.pop(address_id, None)
        if address is not None:
            self._gone_addresses.append(address_id)
            self._put_addresses.pop(address_id, None)
            facts = {"address_id": address_id}
            self._tell("address.removed", facts, {"lines": address.lines})

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
        stated = _stated(debt)
        self._book.debts[debt.debt_id] = self._put_debts[debt.debt_id] = debt
        if known is None:
            on = debt.issued_on if debt.issued_on and debt.issued_on < debt.due_on else debt.due_on
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
        added = self._book.settle(debt_id, on=self.today, source=source, reference=reference)
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
    ) -> tuple[Entry, ...]:
        """
        Post a payment, allocated by the portfolio's policy; see ``allocation.allocate``.

        The caller asks ``payment(source, reference)`` first; the store refuses a key that
        another case has.

        Raises:
            BadField: Not positive, dated after today, or the case has no debt.
            DebtNotFound: *debt_id* is not of this case.
        """
        self._alive()
        if paid_on > self.today:
            raise BadField(field="paid_on", reason="in_the_future")
        added = self._book.pay(
            amount_minor, on=paid_on, source=source, reference=reference, debt_id=debt_id
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
        added = self._book.reverse(entry_id, reason=reason, source=source)
        self._review_promises()
        facts = {
            "entry_id": entry_id,
            "entries": [entry.entry_id for entry in added],
            "amount_minor": sum(entry.amount_minor for entry in added if entry.reverses),
        }
        self._tell("entry.reversed", facts, {"reason": reason} if reason else {})
        return added

    # Notes, tags, promises

    def note(self, text: str) -> None:
        self._alive()
        self._tell("note.added", {}, {"text": text})

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

    def promise(self, promise_id: str, amount_minor: int, due_on: date, *, channel: str) -> None:
        """
        Record a promise to pay; it takes the place of one that is open.

        Raises:
            BadField: Not positive, or due before today.
        """
        self._alive()
        if amount_minor <= 0:
            raise BadField(field="amount_minor", reason="not_positive")
        if due_on < self.today:
            raise BadField(field="due_on", reason="in_the_past")
        for earlier in list(self._promises.values()):
            if earlier.state is PromiseState.OPEN:
                self._keep_promise(replace(earlier, state=PromiseState.CANCELLED))
                self._tell("promise.replaced", {"promise_id": earlier.promise_id}, {})
        self._keep_promise(
            PromiseToPay(
                promise_id=promise_id,
                amount_minor=amount_minor,
                due_on=due_on,
                state=PromiseState.OPEN,
                made_at=self._now,
                made_by=self._actor,
                channel=channel,
            )
        )
        facts = {
            "promise_id": promise_id,
            "amount_minor": amount_minor,
            "due_on": due_on.isoformat(),
            "channel": channel,
        }
        self._tell("promise.made", facts, {})

    def cancel_promise(self, promise_id: str) -> None:
        """
        Take back an open promise. Safe to repeat.

        Raises:
            PromiseNotFound: No such promise in this case.
            PromiseSettled: It was kept or broken.
        """
        self._alive()
        known = self._promises.get(promise_id)
        if known is None:
            raise PromiseNotFound(promise_id=promise_id)
        if known.state is PromiseState.CANCELLED:
            return
        if known.state is not PromiseState.OPEN:
            raise PromiseSettled(promise_id=promise_id, state=known.state.value)
        self._keep_promise(replace(known, state=PromiseState.CANCELLED))
        self._tell("promise.cancelled", {"promise_id": promise_id}, {})

    # Undoing and merging

    def built_on(self, upload_id: str) -> bool:
        """Say whether anybody but the upload did anything to the case since it touched it."""
        ours = f"upload:{upload_id}"
        first = next((event.seq for event in self._events if event.actor == ours), None)
        return first is not None and any(
            event.seq > first and event.actor != ours for event in self._events
        )

    def undo_upload(self, upload_id: str) -> bool:
        """
        Take back all an upload did to the debts and ledger of this case.

        Entries it posted are reversed, debts it added become void, debts it changed get
        their earlier values back from the timeline; a case it created that has no other debt
        becomes void. Contacts stay. Safe to repeat; says whether anything changed.
        """
        if self._head.status is CaseStatus.VOID:
            return False
        ours = f"upload:{upload_id}"
        undone = reversals(self._book.entries())
        posted = [
            entry.entry_id
            for entry in self._book.entries()
            if entry.actor == ours and entry.kind in REVERSIBLE
        ]
        changed = False
        for key in posted:
            if key not in undone and key not in reversals(self._book.added):
                self._book.reverse(key, reason="", source="undo")
                changed = True
        for event in reversed(self._events):
            if event.actor != ours:
                continue
            for debt_id, before in _written(event):
                changed |= self._put_back(debt_id, before, upload_id)
        if not changed:
            return False
        self._review_promises()
        self._tell("upload.undone", {"upload_id": upload_id, "entries": len(posted)}, {})
        only_ours = self._head.created_by_upload == upload_id
        if only_ours and all(debt.void for debt in self._book.debts.values()):
            self._head = replace(self._head, status=CaseStatus.VOID)
        return True

    def hand_over(self, into: "Draft", *, reference: str) -> None:
        """
        Merge this case into another: debts, contacts and addresses go there, this one is void.

        Both changes are to be committed together. The debts keep their ids; here they are
        void and their balances are moved out by adjustments, there they are added with the
        same balances, so that the portfolio's sums stand still.

        Args:
            reference: The merge's id, by which it can be undone with ``take_back``.
        """
        self._alive()
        into._alive()
        for debt in list(self._book.debts.values()):
            if debt.void:
                continue
            owed = self.balance(debt.debt_id)
            self._move(debt, owed, reference, out=True)
            into._move(debt, owed, reference, out=False)
        for point in self._contacts.values():
            into.put_contact(
                point.kind,
                point.value,
                party=point.party,
                quality=point.quality,
                detail=point.detail,
                source=point.source,
            )
        for address in self._addresses.values():
            into.put_address(address)
        self._tell("case.merged", {"merge_id": reference, "into": into.case_id}, {})
        into._tell("case.absorbed", {"merge_id": reference, "from": self.case_id}, {})
        self._head = replace(self._head, status=CaseStatus.VOID, merged_into=into.case_id)

    def take_back(self, from_: "Draft", *, reference: str) -> None:
        """
        Undo ``hand_over``: this void case gets its debts back, as they stand in *from_* now.

        Payments made meanwhile stay in the other case's ledger and come along as the balance.
        """
        if self._head.merged_into != from_.case_id:
            raise BadField(field="merge_id", reason="not_merged")
        self._head = replace(self._head, status=CaseStatus.OPEN, merged_into=None)
        moved = {
            entry.debt_id
            for entry in self._book.entries()
            if entry.source == "merge" and entry.reference == f"{reference}:out"
        }
        for debt_id in sorted(moved):
            debt = from_._book.debts.get(debt_id)
            if debt is None or debt.void:
                continue
            owed = from_.balance(debt_id)
            from_._move(debt, owed, f"{reference}:undo", out=True)
            self._move(debt, owed, f"{reference}:undo", out=False)
        self._tell("merge.undone", {"merge_id": reference, "from": from_.case_id}, {})
        from_._tell("merge.undone", {"merge_id": reference, "to": self.case_id}, {})

    # Taking the change

    def change(self) -> CaseChange | None:
        """
        Give what is to be committed; None when nothing was done.

        Does not alter the draft: asking twice gives the same change but for the salts.
        """
        touched = self._told or self._put_debts or self._put_contacts or self._put_addresses
        if not touched and self._head == self._before:
            return None
        events, chain = self._chained()
        head = self._derived(chain)
        days = counters.flows(self._book.added, self._earlier_payments())
        return CaseChange(
            before=self._before,
            after=head,
            debts=tuple(self._put_debts.values()),
            contacts=tuple(self._put_contacts.values()),
            addresses=tuple(self._put_addresses.values()),
            removed_contacts=tuple(self._gone_contacts),
            removed_addresses=tuple(self._gone_addresses),
            entries=tuple(self._book.added),
            promises=tuple(self._put_promises.values()),
            events=events,
            counters=counters.moves(self._before, head, days),
        )

    # Private

    def _alive(self) -> None:
        if self._head.status is CaseStatus.VOID:
            raise CaseVoid(merged_into=self._head.merged_into)

    def _tell(self, kind: str, facts: dict[str, Any], personal: dict[str, str]) -> None:
        self._told.append((kind, facts, personal))

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

    def _put_back(self, debt_id: str, before: dict[str, Any] | None, upload_id: str) -> bool:
        debt = self._book.debts.get(debt_id)
        if debt is None:
            raise DebtNotFound(debt_id=debt_id)
        # An empty fingerprint makes the next file that holds the debt look at it again.
        earlier = replace(debt, fingerprint="", upload_id=None, upload_outcome=None)
        earlier = (
            replace(earlier, void=True) if before is None else replace(earlier, **_read(before))
        )
        if debt.upload_id != upload_id or earlier == debt:
            return False
        self._book.debts[debt_id] = self._put_debts[debt_id] = earlier
        return True

    def _move(self, debt: Debt, owed: Balance, reference: str, *, out: bool) -> None:
        key, on = debt.debt_id, self.today
        if not out:
            self._book.debts[key] = self._put_debts[key] = replace(debt, void=False)
        if owed != Balance():
            signed = (
                Balance(-owed.principal_minor, -owed.interest_minor, -owed.fees_minor)
                if out
                else owed
            )
            # The two sides of a move are two entries: their references tell them apart.
            side = f"{reference}:out" if out else reference
            self._book.adjust(key, signed, on=on, source="merge", reference=side)
        if out:
            self._book.debts[key] = self._put_debts[key] = replace(debt, void=True)

    def _keep_promise(self, promise: PromiseToPay) -> None:
        self._promises[promise.promise_id] = self._put_promises[promise.promise_id] = promise

    def _review_promises(self) -> None:
        """Keep what has been paid, and re-open what a reversal took away."""
        undone = reversals(self._book.entries())
        payments = [
            entry
            for entry in self._book.entries()
            if entry.kind is EntryKind.PAYMENT and entry.entry_id not in undone
        ]
        for promise in list(self._promises.values()):
            if promise.state not in (PromiseState.OPEN, PromiseState.KEPT):
                continue
            since = local_day(promise.made_at, self._portfolio.time_zone)
            paid = sum(
                -entry.amount_minor
                for entry in payments
                if since <= entry.effective_on <= promise.due_on
                and entry.recorded_at >= promise.made_at
            )
            kept = paid >= promise.amount_minor
            state = PromiseState.KEPT if kept else PromiseState.OPEN
            if state is not promise.state:
                self._keep_promise(replace(promise, state=state))
                kind = "promise.kept" if kept else "promise.reopened"
                self._tell(kind, {"promise_id": promise.promise_id}, {})

    def _earlier_payments(self) -> Iterable[Entry]:
        if any(entry.reverses for entry in self._book.added):
            return self._book.entries()
        return ()

    def _chained(self) -> tuple[tuple[Event, ...], ChainHead]:
        told = _told_at_once(self._told) if self._before is None else self._told
        chain = self._head.chain
        events = []
        for kind, facts, personal in told:
            event = timeline.append(
                chain,
                kind,
                at=self._now,
                actor=self._actor,
                facts=facts,
                personal=personal,
                salt=self._salt,
            )
            events.append(event)
            chain = timeline.head_after(event)
        return tuple(events), chain

    def _derived(self, chain: ChainHead) -> CaseHead:
        now = standing(self._book)
        status = self._head.status
        if status is not CaseStatus.VOID:
            promised = any(p.state is PromiseState.OPEN for p in self._promises.values())
            if now.oldest_due_on is None:
                status = CaseStatus.SETTLED
            elif status is not CaseStatus.HELD:
                status = CaseStatus.PROMISED if promised else CaseStatus.OPEN
        return replace(
            self._head,
            status=status,
            balance_minor=now.balance_minor,
            oldest_due_on=now.oldest_due_on,
            due_buckets=now.due_buckets,
            due_debts=now.due_debts,
            debts=now.debts,
            version=self._head.version + 1,
            chain=chain,
            updated_at=self._now,
        )


def local_day(now: datetime, time_zone: str) -> date:
    """The day it is in a time zone, such as ``America/Bogota``."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def after(file: CaseFile | None, change: CaseChange) -> CaseFile:
    """Give the case as it is once *change* is committed, without reading it again."""

    def put(old: Iterable[Any], new: Iterable[Any], key: str, gone: Iterable[str] = ()) -> Any:
        rows = {getattr(row, key): row for row in (*old, *new)}
        return tuple(row for name, row in rows.items() if name not in set(gone))

    return CaseFile(
        head=change.after,
        debts=put(file.debts if file else (), change.debts, "debt_id"),
        contacts=put(
            file.contacts if file else (), change.contacts, "contact_id", change.removed_contacts
        ),
        addresses=put(
            file.addresses if file else (), change.addresses, "address_id", change.removed_addresses
        ),
        entries=(*(file.entries if file else ()), *change.entries),
        promises=put(file.promises if file else (), change.promises, "promise_id"),
        events=(*(file.events if file else ()), *change.events),
    )


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


def _read(before: Mapping[str, Any]) -> dict[str, Any]:
    """Turn ``_differences`` back into values of a Debt."""
    from chalicelib.domain.case import Instalment

    values = dict(before)
    for field in ("issued_on", "due_on"):
        if values.get(field):
            values[field] = date.fromisoformat(values[field])
    if "instalments" in values:
        values["instalments"] = tuple(
            Instalment(**{**part, "due_on": date.fromisoformat(part["due_on"])})
            for part in values["instalments"]
        )
    if "documents" in values:
        values["documents"] = tuple(values["documents"])
    return values


def _written(event: Event) -> list[tuple[str, dict[str, Any] | None]]:
    """The debts an event added (None) or changed (their earlier values)."""
    if event.kind == "case.created":
        return [(debt["debt_id"], None) for debt in event.facts.get("debts", [])]
    if event.kind == "debt.added":
        return [(event.facts["debt_id"], None)]
    if event.kind == "debt.changed":
        return [(event.facts["debt_id"], event.facts["before"])]
    return []


def _told_at_once(
    told: list[tuple[str, dict[str, Any], dict[str, str]]],
) -> list[tuple[str, dict[str, Any], dict[str, str]]]:
    """Fold what a new case starts with into its one first event; the rest follows."""
    kind, facts, personal = told[0]
    debts = [what for name, what, _ in told if name == "debt.added"]
    first = {**facts, "debts": debts} if debts else facts
    folded_in = ("debt.added", "contact.added", "address.added")
    return [(kind, first, personal), *(one for one in told[1:] if one[0] not in folded_in)]
