"""What paying does to a case: checkouts, payments of providers, documents issued for them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.case import CaseStatus, Debt
from chalicelib.domain.checkout import LIVE, PAID_OTHERWISE, Checkout, CheckoutState
from chalicelib.domain.contact import Cause
from chalicelib.domain.days import local_day
from chalicelib.domain.document import DocumentKind, IssuedDocument
from chalicelib.domain.draft_offers import DraftOffers
from chalicelib.domain.errors import CheckoutNotFound, DocumentNotFound
from chalicelib.domain.ids import derived_id
from chalicelib.domain.ledger import EntryKind, reversals
from chalicelib.domain.paid import fell_due_and_is_paid
from chalicelib.domain.payment import Back, BackKind, PaymentState, ProviderPayment, together
from chalicelib.domain.received import Received, ledger_reference, received_id
from chalicelib.domain.task import Task, TaskKind, TaskState

STRATEGY = "strategy"
# A voucher's three days, the end of the last one, and a bank's to tell of it.
UNDER_WAY = timedelta(days=5)
_ENDS = {PaymentState.FAILED: CheckoutState.FAILED, PaymentState.EXPIRED: CheckoutState.EXPIRED}
_GONE = {BackKind.REFUND: "payment.refunded", BackKind.CHARGEBACK: "payment.charged_back"}


class DraftMoney(DraftOffers):
    """
    A draft on which providers' payments are posted; see ``domain.draft``.

    What a payment makes needless - messages that wait, pages that ask for more than is owed - is
    taken back by the very change that posts it, as planned visits are (``DraftField``).
    """

    # Checkouts

    def owed_today(self) -> int:
        """All that may be asked for today, with the interest that accrued."""
        return sum(
            max(0, self.balance(debt_id).total_minor + self._book.accrued(debt_id, self.today))
            for debt_id, debt in self._book.debts.items()
            if not debt.void
        )

    @property
    def checkouts(self) -> Collection[Checkout]:
        return self._checkouts.values()

    def checkout(self, checkout_id: str) -> Checkout | None:
        return self._checkouts.get(checkout_id)

    def open_checkout(self, checkout: Checkout) -> bool:
        """Note that the debtor sets out to pay; says whether it was new."""
        self._alive()
        if checkout.checkout_id in self._checkouts:
            return False
        self._put_checkout(checkout)
        target = checkout.target
        facts = {
            "checkout_id": checkout.checkout_id,
            "pays": target.pays.value,
            "debt_id": target.debt_id,
            "of": target.of,
            "number": target.number,
            "amount_minor": checkout.amount_minor,
            "provider": checkout.provider,
        }
        self._tell("checkout.started", {name: v for name, v in facts.items() if v}, {})
        return True

    def checkout_asked(
        self,
        checkout_id: str,
        *,
        provider_id: str,
        url: str,
        instructions: tuple[tuple[str, str], ...] = (),
        expires_at: datetime | None = None,
    ) -> bool:
        """
        Note where the provider lets it be paid; says whether that was news.

        Raises:
            CheckoutNotFound: None such of this case.
        """
        known = self._known_checkout(checkout_id)
        asked = replace(
            known,
            provider_id=provider_id,
            url=url,
            instructions=instructions,
            expires_at=min(known.expires_at, expires_at or known.expires_at),
        )
        if asked == known:
            return False
        self._put_checkout(asked)
        return True

    def end_checkout(self, checkout_id: str, state: CheckoutState, problem: str = "") -> bool:
        """
        Note that a checkout will not be paid any more; one that was, or ended, stays as it is.

        Raises:
            CheckoutNotFound: None such of this case.
        """
        known = self._known_checkout(checkout_id)
        if known.state not in LIVE:
            return False
        self._put_checkout(replace(known, state=state, ended_at=self._now, problem=problem))
        facts = {"checkout_id": checkout_id, "state": state.value, "problem": problem}
        self._tell("checkout.ended", {name: v for name, v in facts.items() if v}, {})
        return True

    # Payments of providers

    def receive_payment(
        self,
        payment: ProviderPayment,
        *,
        checkout_id: str = "",
        debt_id: str | None = None,
        asks: bool = True,
    ) -> Received | None:
        """
        Bring the case in step with how a payment stands at its provider.

        Put together with all that was told of it before: news that comes twice, late or out of
        order changes nothing more. What came in is posted; what went back is taken out again,
        whole, and what is left of it posted anew, so that every balance is as if only that had
        come. Money beyond what is owed is posted too: a credit, and somebody is asked to give
        it back.

        Args:
            debt_id: The debt it is for, where that is known.
            asks: Whether people are asked about what only they can settle.

        Returns:
            What is now known of it; None when nothing of that is news, or no money was in it.
        """
        known = self._received_as(payment)
        if payment.payment_id == "" or (known is None and payment.state is not PaymentState.PAID):
            self._without_money(payment, checkout_id)
            return None
        now_stands = together(known.payment, payment) if known else payment
        if known is not None and now_stands == known.payment:
            return None
        fresh = known or Received(
            received_id=received_id(
                self._portfolio.portfolio_id, payment.provider, payment.payment_id
            ),
            payment=now_stands,
            at=self._now,
            updated_at=self._now,
            checkout_id=checkout_id if checkout_id in self._checkouts else "",
        )
        told = {back.back_id: back for back in (known.payment.backs if known else ())}
        posted = self._brought_to(
            replace(fresh, payment=now_stands, updated_at=self._now), fresh.posted_minor, debt_id
        )
        self._received[posted.received_id] = self._put_received[posted.received_id] = posted
        for back in now_stands.backs:
            self._tell_of(back, told.get(back.back_id), posted)
        self._paid_checkout(posted)
        if asks:
            self._ask_about(posted, known)
        return posted

    def take_news(self, received: Received, known: Received | None) -> None:
        """Review what hangs on the balance, after another case's payment moved it; see there."""
        self._review_promises()
        self._review_agreements()
        told = {back.back_id: back for back in (known.payment.backs if known else ())}
        for back in received.payment.backs:
            self._tell_of(back, told.get(back.back_id), received)
        self._ask_about(received, known)

    # Documents

    @property
    def documents(self) -> Collection[IssuedDocument]:
        return self._documents.values()

    def document(self, kind: DocumentKind, of: str) -> IssuedDocument | None:
        """The document of a kind that was issued for something; None when none was."""
        found = (one for one in self._documents.values() if (one.kind, one.of) == (kind, of))
        return next(found, None)

    def issue(self, document: IssuedDocument) -> bool:
        """
        Put a document that was made and kept on file; see ``services.issued``.

        A void case takes it too: what was issued is in somebody's hands. Says whether it was new.
        """
        if document.document_id in self._documents:
            return False
        self._put_document(document)
        facts = {
            "document_id": document.document_id,
            "document": document.kind.value,
            "of": document.of,
            "sha256": document.sha256,
        }
        self._tell("document.issued", facts, {})
        return True

    def annul(self, document_id: str, why: str) -> bool:
        """
        Note that a document stands no more. Says whether it still did; it stays on file.

        Args:
            why: A stable code: ``refunded``, ``charged_back``, ``broken``, ``replaced``.

        Raises:
            DocumentNotFound: None such of this case.
        """
        known = self._documents.get(document_id)
        if known is None:
            raise DocumentNotFound(document_id=document_id)
        if known.annulled_at is not None:
            return False
        self._put_document(replace(known, annulled_at=self._now, annulled_why=why))
        facts = {"document_id": document_id, "document": known.kind.value, "why": why}
        self._tell("document.annulled", facts, {})
        return True

    # Private

    def _received_as(self, payment: ProviderPayment) -> Received | None:
        owner = self._portfolio.portfolio_id
        return self._received.get(received_id(owner, payment.provider, payment.payment_id))

    def _brought_to(self, received: Received, posted_minor: int, debt_id: str | None) -> Received:
        """Make the ledger hold what of a payment was kept, and nothing else of it."""
        payment, kept = received.payment, received.payment.kept_minor
        if kept == posted_minor:
            return received
        if posted_minor and not self._take_out(received):
            # Somebody undid it by hand, and knows why: nothing of it is posted anew.
            return replace(received, posted_minor=kept, over_minor=0)
        revision = received.revision + 1 if posted_minor or received.revision else 0
        over = 0
        if kept:
            paid_on = local_day(payment.paid_at or self._now, self._portfolio.time_zone)
            # A provider's clock may be ahead of ours by a moment, at midnight by a day.
            paid_on = min(paid_on, self.today)
            checkout = self._checkouts.get(received.checkout_id)
            if checkout is not None:
                self._take_offer(checkout, kept, paid_on)
            self.pay(
                kept,
                paid_on=paid_on,
                source=payment.provider,
                reference=ledger_reference(payment.payment_id, revision),
                method=payment.method,
                debt_id=debt_id or self._debt_of(received),
            )
            over = min(kept, max(0, -self._book.total_minor()))
        return replace(received, posted_minor=kept, revision=revision, over_minor=over)

    def _take_out(self, received: Received) -> bool:
        """Undo what is posted of a payment; says whether there was anything left to undo."""
        undone = reversals(self._book.entries())
        standing = [
            entry
            for entry in self._book.payment(received.payment.provider, received.reference)
            if entry.entry_id not in undone
        ]
        if standing:
            last = max(received.payment.backs, key=lambda back: back.at, default=None)
            reason = f"{last.kind.value}:{last.reason}".rstrip(":") if last else "corrected"
            self.reverse(standing[0].entry_id, reason=reason, source=received.payment.provider)
        return bool(standing)

    def _debt_of(self, received: Received) -> str | None:
        """The debt that its checkout was for, if that still is one."""
        checkout = self._checkouts.get(received.checkout_id)
        debt: Debt | None = self.debt(checkout.target.debt_id) if checkout else None
        return debt.debt_id if debt is not None and not debt.void else None

    def _tell_of(self, back: Back, told: Back | None, received: Received) -> None:
        if told is not None and told.returned is back.returned:
            return
        facts = {
            "received_id": received.received_id,
            "payment_id": received.payment.payment_id,
            "provider": received.payment.provider,
            "back_id": back.back_id,
            "amount_minor": back.amount_minor,
            "at": back.at.isoformat(),
            "reason": back.reason,
        }
        kind = "payment.reinstated" if back.returned else _GONE[back.kind]
        self._tell(kind, {name: v for name, v in facts.items() if v}, {})

    def _paid_checkout(self, received: Received) -> None:
        known = self._checkouts.get(received.checkout_id)
        if known is None:
            return
        paid = sum(
            one.payment.amount_minor
            for one in self._received.values()
            if one.checkout_id == known.checkout_id
        )
        if (known.state, known.paid_minor) == (CheckoutState.PAID, paid):
            return
        method = received.payment.method or known.method
        self._put_checkout(
            replace(
                known,
                state=CheckoutState.PAID,
                paid_minor=paid,
                method=method,
                problem="",
                ended_at=known.ended_at or self._now,
            )
        )

    def _without_money(self, payment: ProviderPayment, checkout_id: str) -> None:
        """News of a payment that has brought nothing (yet): it only moves its checkout."""
        known = self._checkouts.get(checkout_id)
        if known is None or known.state not in LIVE:
            return
        if payment.state in _ENDS:
            self.end_checkout(checkout_id, _ENDS[payment.state], payment.problem)
        elif payment.state is PaymentState.PENDING and known.state is CheckoutState.OPEN:
            method = payment.method or known.method
            # What is under way outlives the page it was begun on: a voucher has days.
            until = max(known.expires_at, self._now + UNDER_WAY)
            pending = replace(known, state=CheckoutState.PENDING, method=method, expires_at=until)
            self._put_checkout(pending)
            self._tell("checkout.pending", {"checkout_id": checkout_id, "method": method}, {})

    def _ask_about(self, received: Received, known: Received | None) -> None:
        """Ask people to look at what only they can settle: money over, money taken back."""
        if received.over_minor and not (known and known.over_minor):
            self._want("overpaid", received.received_id)
        taken = [
            back
            for back in received.payment.backs
            if back.kind is BackKind.CHARGEBACK and not back.returned
        ]
        for back in taken:
            self._want("charged_back", f"{received.received_id}:{back.back_id}")

    def _want(self, what: str, of: str) -> None:
        self.ask(
            Task(
                task_id=derived_id("tsk", self.case_id, what, of),
                kind=TaskKind.REVIEW,
                state=TaskState.OPEN,
                cause=Cause(kind="payment", step=what),
                due_on=self.today,
                created_at=self._now,
            )
        )

    def _withdraw_unwanted(self) -> None:
        super()._withdraw_unwanted()
        if not any(entry.kind is EntryKind.PAYMENT for entry in self._book.added):
            return
        status, oldest = self._standing()
        debts = [debt for debt in self._book.debts.values() if not debt.void]
        due = {debt.due_on for debt in debts}
        due |= {part.due_on for debt in debts for part in debt.instalments}
        self._withdraw_where(
            "paid",
            lambda waiting: (
                waiting.cause.kind == STRATEGY
                and (
                    status is CaseStatus.SETTLED
                    or fell_due_and_is_paid(waiting.cause.anchor, due, oldest)
                )
            ),
        )
        owed = self.owed_today()
        for one in list(self._checkouts.values()):
            if one.state in LIVE and one.amount_minor > owed:
                self.end_checkout(one.checkout_id, CheckoutState.CLOSED, PAID_OTHERWISE)

    def _known_checkout(self, checkout_id: str) -> Checkout:
        known = self._checkouts.get(checkout_id)
        if known is None:
            raise CheckoutNotFound(checkout_id=checkout_id)
        return known

    def _put_checkout(self, checkout: Checkout) -> None:
        key = checkout.checkout_id
        self._checkouts[key] = self._put_checkouts[key] = checkout

    def _put_document(self, document: IssuedDocument) -> None:
        key = document.document_id
        self._documents[key] = self._put_documents[key] = document
