"""What cash does to a case: credit at once, and the agent's book in the same commit."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.case import CaseStatus
from chalicelib.domain.cash import SOURCE, Move, MoveKind, Receipt, ReceiptState, Word, Written
from chalicelib.domain.contact import AttemptState, Cause
from chalicelib.domain.draft_reported import DraftReported
from chalicelib.domain.errors import ReceiptVoid
from chalicelib.domain.ids import derived_id
from chalicelib.domain.ledger import reversals
from chalicelib.domain.task import Task, TaskKind, TaskState

# Why a message asks the debtor about a receipt: its cause answers the receipt's key.
CASH = "cash"


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
                taken_by=receipt.person_id,
            )
        else:
            receipt = replace(receipt, doubts=(*receipt.doubts, "not_posted"))
        self._write(receipt, MoveKind.RECEIPT, receipt.amount_minor, receipt.at)
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
        self._write(void, MoveKind.VOID, -void.amount_minor, self._now, before=receipt)
        facts = {"receipt": receipt.number, "amount_minor": receipt.amount_minor}
        self._tell("cash.voided", facts, {"reason": reason})
        self._asked_enough(receipt)
        return void

    def answer_cash(
        self, receipt: Receipt, *, how: str, said_minor: int | None = None, words: str = ""
    ) -> Receipt:
        """
        Note what the debtor says of a receipt afterwards; the ledger stays as it is.

        What was denied is for a person to look at, today. The same again changes nothing.

        Args:
            how: ``page`` or ``call``.
            said_minor: What was paid as the debtor says; None: just what the receipt says.

        Raises:
            ReceiptVoid: It was taken back.
        """
        if receipt.state is ReceiptState.VOID:
            raise ReceiptVoid(number=receipt.number)
        denied = None if said_minor == receipt.amount_minor else said_minor
        if denied is None and receipt.word is Word.CONFIRMED:
            return receipt  # by whichever way
        if denied is not None and denied == receipt.said_minor:
            return receipt
        heard = replace(
            receipt,
            confirmed="" if denied is not None else how,
            said_minor=denied,
            said_at=self._now,
        )
        self._put_cash += (Written(receipt=heard, move=None, before=receipt),)
        facts = {"receipt": receipt.number, "amount_minor": receipt.amount_minor, "how": how}
        if denied is not None:
            facts["said_minor"] = denied
        personal = {"words": words} if words else {}
        self._tell("cash.confirmed" if denied is None else "cash.denied", facts, personal)
        self._asked_enough(receipt)
        if denied is not None:
            self.ask(
                Task(
                    task_id=derived_id("tsk", receipt.key, CASH, str(denied)),
                    kind=TaskKind.REVIEW,
                    state=TaskState.OPEN,
                    cause=Cause(kind=CASH, step="cash_denied", answers=receipt.key),
                    due_on=self.today,
                    created_at=self._now,
                )
            )
        return heard

    def note_cash_call(self, receipt: Receipt, *, words: str = "") -> None:
        """Note that the debtor was called about a receipt and nobody answered."""
        facts = {"receipt": receipt.number, "amount_minor": receipt.amount_minor}
        self._tell("cash.unreached", facts, {"words": words} if words else {})

    # Private

    def _asked_enough(self, receipt: Receipt) -> None:
        """Nobody is asked about it any more: neither the debtor nor, of what was said, a person."""
        for one in list(self._attempts.values()):
            about = (one.cause.kind, one.cause.answers) == (CASH, receipt.key)
            if about and one.state is AttemptState.PLANNED:
                self.withdraw(one.attempt_id, "answered")
        for task in list(self._tasks.values()):
            about = (task.cause.kind, task.cause.answers) == (CASH, receipt.key)
            if about and task.state is TaskState.OPEN:
                self.end_task(task.task_id, TaskState.DONE)

    def _write(
        self,
        receipt: Receipt,
        kind: MoveKind,
        held_minor: int,
        at: datetime,
        *,
        before: Receipt | None = None,
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
        self._put_cash += (Written(receipt=receipt, move=move, before=before),)
