"""
The one way a case changes: open a draft, do things to it, take the change, commit it.

    draft = Draft.new(portfolio, "A-17", name=name, actor="upload:upl_1", now=now)
    draft.put_debt(debt, source="upload", reference="upl_1")
    cases.commit(draft.change())

A draft is made from what one query opened and lives for one commit. It keeps the ledger,
chains the timeline, derives status and head, and reckons how the counters move; a store only
writes what it says. Nothing here reads a clock or a table.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.domain.book import REVERSIBLE
from chalicelib.domain.case import (
    CaseStatus,
    Debt,
    Instalment,
)
from chalicelib.domain.committed import after
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_forgetting import DraftForgetting
from chalicelib.domain.draft_work import MAX_TAGS
from chalicelib.domain.errors import (
    AgreementInForce,
    BadField,
    DebtNotFound,
)
from chalicelib.domain.ledger import Balance, reversals
from chalicelib.domain.payment import ProviderPayment
from chalicelib.domain.received import Received
from chalicelib.domain.timeline import Event

__all__ = ["MAX_TAGS", "Draft", "after", "local_day"]


class Draft(DraftForgetting):
    """
    A case being changed: opened by what is below it, undone and merged by what is here.

    ``DraftState`` says how it is made, ``DraftChange`` what it becomes, ``DraftWork`` what can be
    done to it, ``DraftContact`` what contact does, ``DraftPlan`` what the daily plan does,
    ``DraftField`` how visits are planned, ``DraftVisits`` what those that were made do,
    ``DraftPromises`` what is promised and kept, ``DraftOffers`` what paying an offer does,
    ``DraftMoney`` what paying does beside the ledger,
    ``DraftDisputes`` what is done about what a debtor does not agree with,
    ``DraftReported`` what debtors say they paid,
    ``DraftCash`` what cash does that was taken on a visit,
    ``DraftErasing`` how what somebody said is forgotten,
    ``DraftPapers`` what the creditor puts beside it as proof,
    ``DraftChargeOffs`` what the creditor no longer counts on, ``DraftBooked`` what its files say,
    ``DraftRights`` what its person asks about their own data by law,
    ``DraftForgetting`` how all that says who the person is goes.
    """

    # Undoing and merging

    def built_on(self, upload_id: str) -> bool:
        """Say whether anybody but the upload did anything to the case since it touched it."""
        ours = f"upload:{upload_id}"
        first = next((event.seq for event in self._events if event.actor == ours), None)
        return first is not None and any(
            event.seq > first and event.actor != ours for event in self._events
        )

    def undo_upload(self, upload_id: str, *, most_items: int = sys.maxsize) -> bool:
        """
        Take back all an upload did to the debts and ledger of this case.

        Entries it posted are reversed, debts it added become void, debts it changed get
        their earlier values back from the timeline, charge-offs are as they were; a case it
        created that has no other debt becomes void. Contacts stay. Safe to repeat; says whether
        anything changed.

        Args:
            most_items: Stop when the change holds so many rows (see ``items``); to be called
                again once it is committed, until nothing changes.
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
            if self.items >= most_items:
                break
            if key not in undone and key not in reversals(self._book.added):
                self._book.reverse(key, reason="", source="undo")
                changed = True
        for event in reversed(self._events):
            if event.actor != ours:
                continue
            for debt_id, before in _written(event):
                if self.items < most_items:
                    changed |= self._put_back(debt_id, before, upload_id)
        changed |= self._unbook(upload_id, most_items=most_items)
        if not changed:
            return False
        self._review_promises()
        self._review_agreements()
        self._release_erased(upload_id)
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
        if (agreed := self.agreement_in_force()) is not None:
            # It is held to the ledger it was signed on: finish it or call it off first.
            raise AgreementInForce(agreement_id=agreed.agreement_id)
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
        self._pass_on(into)
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

    def bring_after(
        self, into: "Draft", payment: ProviderPayment, *, follow: Callable[[Received], None]
    ) -> int:
        """
        Undo, or post anew, a payment of this merged case; what that moves goes to *into*.

        Both changes are to be committed together. This case stays void and owes nothing.

        Args:
            follow: Called with what is known of the payment now, once it is posted.

        Returns:
            By how much what is owed in *into* went up; 0 where nothing of it was news.

        Raises:
            DebtNotFound: *into* no longer has the debt.
        """
        into._alive()
        merged, known = self._head, self._received_as(payment)
        self._head = replace(merged, status=CaseStatus.OPEN, merged_into=None)
        void = [
            debt
            for debt in self._book.debts.values()
            if debt.void and self.balance(debt.debt_id) == Balance()
        ]
        for debt in void:
            self._book.debts[debt.debt_id] = replace(debt, void=False)
        received = self.receive_payment(payment, asks=False)
        if received is not None:
            follow(received)
        moved = 0
        for debt in void:
            owed = self.balance(debt.debt_id)
            if owed != Balance() and received is not None:
                here = into._book.debts.get(debt.debt_id)
                if here is None or here.void:
                    raise DebtNotFound(debt_id=debt.debt_id)
                reference = f"{received.received_id}~{received.revision}:{received.posted_minor}"
                self._move(debt, owed, reference, out=True)
                into._move(here, owed, reference, out=False)
                moved += owed.total_minor
            self._book.debts[debt.debt_id] = replace(debt, void=True)
        self._head = merged
        if received is not None:
            into.take_news(received, known)
        return moved

    # Private

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


def _read(before: Mapping[str, Any]) -> dict[str, Any]:
    """Turn ``_differences`` back into values of a Debt."""
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
