"""What agreements do to a case: proposed, decided on, signed, paid, broken, done. See ``draft``."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain import agreement_money, agreement_sums, agreements
from chalicelib.domain.agreements import (
    SIGNED,
    WAITING,
    Agreement,
    AgreementKind,
    AgreementStanding,
    AgreementState,
    Proof,
    ProofKind,
)
from chalicelib.domain.case import PromiseState
from chalicelib.domain.days import local_day
from chalicelib.domain.document import DocumentKind
from chalicelib.domain.draft_agreed import BROKEN, TAKEN_BACK, DraftAgreed, owed_on
from chalicelib.domain.errors import (
    AgreementInForce,
    AgreementNotFound,
    AgreementOutdated,
    AgreementSettled,
)


class DraftAgreements(DraftAgreed):
    """A draft on which agreements are made and kept; see ``domain.draft``."""

    def agreement(self, agreement_id: str) -> Agreement:
        """
        Raises:
            AgreementNotFound: Not of this case.
        """
        known = self._agreements.get(agreement_id)
        if known is None:
            raise AgreementNotFound(agreement_id=agreement_id)
        return known

    def propose(self, agreement: Agreement) -> bool:
        """
        Put an agreement on the table, to be accepted or first decided on by a second person.

        The same id is proposed once. Says whether it was new.

        Raises:
            AgreementInForce: One is, and this is not said to replace it.
        """
        self._alive()
        if agreement.agreement_id in self._agreements:
            return False
        self._refuse_beside(agreement)
        self._put_agreement(agreement)
        asked = agreement.state is AgreementState.PENDING
        kind = "agreement.asked" if asked else "agreement.proposed"
        personal = {"reason": agreement.reason} if agreement.reason else {}
        self._tell(kind, _facts(agreement), personal)
        return True

    def decide(self, agreement_id: str, *, approved: bool, until: datetime, reason: str) -> bool:
        """
        Note what the second person said. Safe to repeat; says whether it was news.

        Raises:
            AgreementNotFound: Not of this case.
            AgreementSettled: It no longer waits for a word, or was decided the other way.
        """
        self._alive()
        known = self.agreement(agreement_id)
        wanted = AgreementState.PROPOSED if approved else AgreementState.REJECTED
        if known.state is wanted and known.decided_at is not None:
            return False
        self._need_waiting(known, AgreementState.PENDING)
        ended = {} if approved else {"ended_at": self._now, "ended_by": self._actor}
        self._put_agreement(
            replace(
                known,
                state=wanted,
                until=until if approved else known.until,
                decided_at=self._now,
                decided_by=self._actor,
                **ended,  # type: ignore[arg-type]
            )
        )
        kind = "agreement.approved" if approved else "agreement.rejected"
        facts = {"agreement_id": agreement_id, "asked_by": known.made_by}
        self._tell(kind, facts, {"reason": reason} if reason else {})
        return True

    def sign(self, agreement_id: str, proof: Proof, *, document_id: str = "") -> bool:
        """
        Put an agreement in force that the debtor accepted. Safe to repeat: signed once.

        It takes the place of open promises, of what else was proposed, and of the agreement it
        replaces; a payment that is the yes keeps promises instead.

        Raises:
            AgreementNotFound: Not of this case.
            AgreementSettled: It cannot be accepted any more, or not yet.
            AgreementOutdated: What the debts owe has changed since it was worked out.
            AgreementInForce: Another one is.
        """
        self._alive()
        known = self.agreement(agreement_id)
        if known.state in SIGNED:
            return False
        self._need_waiting(known, AgreementState.PROPOSED)
        self._refuse_beside(known)
        self._need_unmoved(known)
        self._step_aside(known, promises=proof.kind is not ProofKind.PAYMENT)
        signed = replace(
            known,
            state=AgreementState.ACTIVE,
            signed_at=self._now,
            signed_by=self._actor,
            proof=proof,
            document_id=document_id or known.document_id,
        )
        if known.kind is AgreementKind.REFINANCE:
            signed = self._refinanced(signed)
        self._put_agreement(signed)
        facts = _facts(signed) | {"proof": proof.kind.value, "proof_reference": proof.reference}
        if signed.document_id:
            facts["document_id"] = signed.document_id
        self._tell("agreement.signed", facts, {"sent_to": proof.to} if proof.to else {})
        self._review_agreements()
        return True

    def note_refused_at_door(self, visit_id: str, *, code: str) -> None:
        """Note that what the debtor signed at the door could not be put in force, and why."""
        self._alive()
        self._tell("agreement.not_taken", {"visit_id": visit_id, "problem": code}, {})

    def cancel_agreement(self, agreement_id: str, *, reason: str) -> bool:
        """
        Call an agreement off; what it forgave is owed again. Safe to repeat.

        Raises:
            AgreementNotFound: Not of this case.
            AgreementSettled: It has ended otherwise.
        """
        self._alive()
        known = self.agreement(agreement_id)
        if known.state is AgreementState.CANCELLED:
            return False
        novated = known.kind is AgreementKind.REFINANCE and known.signed_at is not None
        if novated or (known.state is not AgreementState.ACTIVE and known.state not in WAITING):
            raise AgreementSettled(agreement_id=agreement_id, state=known.state.value)
        restored = self._take_back(known, TAKEN_BACK)
        self._take_capital_back(known, TAKEN_BACK)
        self._end_agreement(known, AgreementState.CANCELLED)
        facts = {"agreement_id": agreement_id, "restored_minor": restored}
        self._tell("agreement.cancelled", facts, {"reason": reason} if reason else {})
        self._annul_documents(agreement_id, DocumentKind.AGREEMENT, "cancelled")
        return True

    def settle_agreements(self) -> bool:
        """
        Say what became of agreements by today: offers that lapsed, plans that were not kept.

        Says whether anything changed; safe to repeat.
        """
        changed = False
        for known in list(self._agreements.values()):
            if known.state in WAITING and known.until < self._now:
                self._end_agreement(known, AgreementState.EXPIRED)
                self._tell("agreement.expired", {"agreement_id": known.agreement_id}, {})
                changed = True
            elif known.state is AgreementState.ACTIVE:
                active = self._judge(known, self._standing_of(known))
                changed |= self._break(active) or active is not known
        return changed

    def note_issued(self, agreement_id: str, *, document_id: str = "", letter_id: str = "") -> bool:
        """Keep which documents were issued for an agreement; says whether that is new."""
        known = self.agreement(agreement_id)
        noted = replace(
            known,
            document_id=document_id or known.document_id,
            letter_id=letter_id or known.letter_id,
        )
        if noted == known:
            return False
        self._put_agreement(noted)
        return True

    # What payments do

    def _review_agreements(self) -> None:
        """
        Bring agreements in step with the ledger: what a payment closes, a reversal opens again.

        A payment whose news comes late, paid in time, puts a broken agreement back.
        """
        for known in list(self._agreements.values()):
            now = self._standing_of(known)
            active = self._as_it_stands(known, now)
            if active is None:
                continue
            active = self._judge(active, now)
            self._tell_shares(active, now)
            if active.kind is not AgreementKind.REFINANCE:
                self._bring_capital(active)
                self._bring_waivers(active, agreement_money.earned(active, now))
            self._finish_if_paid(active, now)

    def _as_it_stands(self, known: Agreement, now: AgreementStanding) -> Agreement | None:
        """The agreement if it is in force by what is paid; put back into force where it was not."""
        if known.state is AgreementState.ACTIVE:
            return known
        if self.agreement_in_force() is not None:
            return None
        if known.state is AgreementState.DEFAULTED and not self._broken_by_day(known, now):
            return self._resume(known, "agreement.reinstated")
        if known.state is AgreementState.COMPLETED and now.next is not None:
            return self._resume(known, "agreement.reopened")
        return None

    def _finish_if_paid(self, known: Agreement, now: AgreementStanding) -> None:
        if now.next is not None:
            return
        forgiven = self._forgive_rest(known)
        self._end_agreement(known, AgreementState.COMPLETED)
        facts = {
            "agreement_id": known.agreement_id,
            "paid_minor": now.paid_minor,
            "forgiven_minor": forgiven,
        }
        self._tell("agreement.completed", facts, {})

    def _resume(self, known: Agreement, kind: str) -> Agreement:
        active = replace(
            known, state=AgreementState.ACTIVE, ended_at=None, ended_by="", letter_id=""
        )
        self._put_agreement(active)
        for one in list(self._documents.values()):
            if one.document_id == known.letter_id:
                self._annul_documents(one.of, DocumentKind.SETTLEMENT, "reopened")
        self._tell(kind, {"agreement_id": known.agreement_id}, {})
        return active

    def _judge(self, known: Agreement, now: AgreementStanding) -> Agreement:
        """Note what became of its payments, for the figures; the same one when that is no news."""
        judged = agreement_sums.judged(
            known, now, self._book.entries(), self.today, held_until=self._held_until(known)
        )
        if judged == known.judged:
            return known
        noted = replace(known, judged=judged)
        self._put_agreement(noted)
        return noted

    def _tell_shares(self, known: Agreement, now: AgreementStanding) -> None:
        """Put on the timeline which payments of the plan were completed, or opened again."""
        paid = {one.share.number for one in now.shares if one.paid_on is not None}
        for number in sorted(paid ^ self._shares_told(known.agreement_id)):
            kind = "agreement.share_paid" if number in paid else "agreement.share_reopened"
            self._tell(kind, {"agreement_id": known.agreement_id, "number": number}, {})

    def _shares_told(self, agreement_id: str) -> set[int]:
        told: set[int] = set()
        lines = [(event.kind, event.facts) for event in self._events]
        for kind, facts in (*lines, *((kind, facts) for kind, facts, _ in self._told)):
            if facts.get("agreement_id") != agreement_id:
                continue
            if kind == "agreement.share_paid":
                told.add(facts["number"])
            elif kind == "agreement.share_reopened":
                told.discard(facts["number"])
        return told

    # Breaking

    def _break(self, known: Agreement) -> bool:
        now = self._standing_of(known)
        held_until = self._held_until(known)
        if held_until is not None and held_until >= self.today:
            return False  # nobody is asked to pay now
        missed = agreements.late(known, now, self.today, held_until=held_until)
        if len(missed) < known.missed:
            return False
        # A refinanced debt is another debt: it stays, as it is.
        old = known.kind is AgreementKind.REFINANCE
        restored = 0 if old else self._take_back(known, BROKEN)
        self._take_capital_back(known, BROKEN)
        broken = replace(known, broken=known.broken + 1)
        self._end_agreement(broken, AgreementState.DEFAULTED)
        facts = {
            "agreement_id": known.agreement_id,
            "missed": [share.number for share in missed],
            "paid_minor": now.paid_minor,
            "restored_minor": restored,
        }
        self._tell("agreement.broken", facts, {})
        self._annul_documents(known.agreement_id, DocumentKind.AGREEMENT, "broken")
        return True

    def _broken_by_day(self, known: Agreement, now: AgreementStanding) -> bool:
        """Whether it was broken also by the days on which money was really paid."""
        held_until = self._held_until(known)
        missed = agreements.late(known, now, self.today, held_until=held_until, by_day=True)
        return len(missed) >= known.missed

    def _held_until(self, known: Agreement) -> date | None:
        """
        The last day up to today on which collection of what it covers was stopped.

        A hold that was lifted held up to the day before.
        """
        within = set(known.debt_ids)
        days = []
        for hold in self._holds.values():
            if hold.debt_ids and not within & set(hold.debt_ids):
                continue
            until = min(hold.until or self.today, self.today)
            if hold.lifted_at is not None:
                lifted = local_day(hold.lifted_at, self._portfolio.time_zone)
                until = min(until, lifted - timedelta(days=1))
            if hold.since <= until:
                days.append(until)
        return max(days, default=None)

    # Private

    def _need_waiting(self, known: Agreement, state: AgreementState) -> None:
        if known.state is not state:
            raise AgreementSettled(agreement_id=known.agreement_id, state=known.state.value)
        if known.until < self._now:
            expired = AgreementState.EXPIRED.value
            raise AgreementSettled(agreement_id=known.agreement_id, state=expired)

    def _refuse_beside(self, agreement: Agreement) -> None:
        other = self.agreement_in_force()
        if other is not None and other.agreement_id != agreement.replaces:
            raise AgreementInForce(agreement_id=other.agreement_id)

    def _need_unmoved(self, known: Agreement) -> None:
        """What accrued since the day of the offer is not added to it; anything else is news."""
        made_on = local_day(known.made_at, self._portfolio.time_zone)
        for one in known.covered:
            if owed_on(self, one.debt_id, made_on) != one.owed:
                raise AgreementOutdated(agreement_id=known.agreement_id)

    def _step_aside(self, signed: Agreement, *, promises: bool) -> None:
        for promise in list(self._promises.values()):
            if promises and promise.state is PromiseState.OPEN:
                gone = replace(promise, state=PromiseState.CANCELLED)
                self._promises[promise.promise_id] = self._put_promises[promise.promise_id] = gone
                self._tell("promise.replaced", {"promise_id": promise.promise_id}, {})
        for other in list(self._agreements.values()):
            if other.agreement_id == signed.agreement_id:
                continue
            if other.agreement_id == signed.replaces and other.state is AgreementState.ACTIVE:
                # What the earlier one had earned stays forgiven; the new terms start from there.
                self._end_agreement(other, AgreementState.REPLACED)
                facts = {"agreement_id": other.agreement_id, "by": signed.agreement_id}
                self._tell("agreement.replaced", facts, {})
                self._annul_documents(other.agreement_id, DocumentKind.AGREEMENT, "replaced")
            elif other.state in WAITING:
                self._end_agreement(other, AgreementState.CANCELLED)
                self._tell("agreement.cancelled", {"agreement_id": other.agreement_id}, {})

    def _annul_documents(self, agreement_id: str, kind: DocumentKind, why: str) -> None:
        """What was issued for an agreement that no longer holds stands no more."""
        for one in list(self._documents.values()):
            if (one.kind, one.of, one.annulled_at) != (kind, agreement_id, None):
                continue
            gone = replace(one, annulled_at=self._now, annulled_why=why)
            self._documents[one.document_id] = self._put_documents[one.document_id] = gone
            facts = {"document_id": one.document_id, "document": kind.value, "why": why}
            self._tell("document.annulled", facts, {})

    def _end_agreement(self, known: Agreement, state: AgreementState) -> None:
        self._put_agreement(replace(known, state=state, ended_at=self._now, ended_by=self._actor))


def _facts(agreement: Agreement) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "agreement_id": agreement.agreement_id,
        "agreement": agreement.kind.value,
        "to_pay_minor": agreement.to_pay_minor,
        "saved_minor": agreement.saved_minor,
        "shares": len(agreement.shares),
        "first_on": agreement.shares[0].due_on.isoformat(),
        "last_on": agreement.shares[-1].due_on.isoformat(),
    }
    if agreement.capitalised:
        facts["capitalised_minor"] = agreement.capital_minor
    if agreement.replaces:
        facts["replaces"] = agreement.replaces
    return facts
