"""What cash does to a case: credit at once, and the agent's book in the same commit."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.case import CaseStatus
from chalicelib.domain.cash import SOURCE, Move, MoveKind, Receipt, ReceiptState, Written
from chalicelib.domain.draft_reported import DraftReported
from chalicelib.domain.errors import ReceiptVoid
from chalicelib.domain.ids import derived_id
from chalicelib.domain.ledger import reversals


class DraftCash(DraftReported):
    """A draft to which cash is paid; see ``domain.draft``."""

    def take_cash(self, receipt: Receipt, *, paid_on: date) -> Receipt:
        """
        Credit the debtor with cash an agent took, and the agent's hand with the same.

        The store refuses a receipt whose number another has (``AlreadyRecorded``), unless it is
        said to be the ``twin_of`` one. A void case, or one without a debt, takes no payment: the
        receipt is kept as not posted, for a person to see to.

        Returns:
            The receipt as it will be written.
        """
        payable = self._head.status is not CaseStatus.VOID and any(
            not debt.void for debt in self.debts
        )
        if payable:
            receipt = replace(receipt, reference=receipt.key)
            self.pay(
                receipt.amount_minor,
                paid_on=min(paid_on, self.today),
                source=SOURCE,
                reference=receipt.key,
                method=SOURCE,
            )
        else:
            receipt = replace(receipt, doubts=(*receipt.doubts, "not_posted"))
        self._write(receipt, MoveKind.RECEIPT, receipt.amount_minor, receipt.at, new=True)
        facts = {
            "receipt": receipt.number,
            "visit_id": receipt.visit_id,
            "person_id": receipt.person_id,
            "amount_minor": receipt.amount_minor,
            "confirmed": receipt.confirmed,
            "doubts": list(receipt.doubts),
        }
        facts = {name: value for name, value in facts.items() if value not in ("", [])}
        self._tell("cash.received", facts, {})
        return receipt

    def void_cash(self, receipt: Receipt, *, reason: str) -> Receipt:
        """
        Take a receipt back: its payment is reversed and leaves the agent's hand.

        Raises:
            ReceiptVoid: It was taken back before.
        """
        if receipt.state is ReceiptState.VOID:
            raise ReceiptVoid(number=receipt.number)
        undone = reversals(self.entries())
        paid = self.payment(SOURCE, receipt.reference) if receipt.reference else ()
        standing = [entry for entry in paid if entry.entry_id not in undone]
        if standing:
            self.reverse(standing[0].entry_id, reason=reason, source=SOURCE)
        void = replace(
            receipt,
            state=ReceiptState.VOID,
            voided_at=self._now,
            by=self._actor,
            reason=reason,
        )
        self._write(void, MoveKind.VOID, -void.amount_minor, self._now, new=False)
        facts = {"receipt": receipt.number, "amount_minor": receipt.amount_minor}
        self._tell("cash.voided", facts, {"reason": reason})
        return void

    # Private

    def _write(
        self, receipt: Receipt, kind: MoveKind, held_minor: int, at: datetime, *, new: bool
    ) -> None:
        move = Move(
            move_id=derived_id("mov", kind.value, receipt.key),
            kind=kind,
            portfolio_id=receipt.portfolio_id,
            person_id=receipt.person_id,
            at=at,
            by=self._actor,
            currency=receipt.currency,
            held_minor=held_minor,
            receipt=receipt.number,
            case_id=self.case_id,
            visit_id=receipt.visit_id,
            reason=receipt.reason,
        )
        self._put_cash += (Written(receipt=receipt, move=move, new=new),)
