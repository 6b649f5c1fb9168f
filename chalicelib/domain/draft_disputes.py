"""What a dispute does to a case: collection of what is disputed stops while somebody looks."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chalicelib.domain.case import PromiseState
from chalicelib.domain.dispute import (
    VERDICTS,
    WITH_CARE,
    Dispute,
    DisputeKind,
    DisputeState,
    Evidence,
    Resolution,
)
from chalicelib.domain.draft_contact import DraftContact
from chalicelib.domain.draft_money import DraftMoney
from chalicelib.domain.errors import (
    BadField,
    DebtNotFound,
    DisputeNotFound,
    DisputeSettled,
)

MOST_EVIDENCE = 20


class DraftDisputes(DraftMoney):
    """
    A draft on which disputes are opened and settled; see ``domain.draft``.

    The hold is placed by the very change that opens the dispute, so there is no moment at which
    one is on record and collection of it goes on.
    """

    # Reading

    @property
    def disputes(self) -> Iterable[Dispute]:
        return self._disputes.values()

    def dispute(self, dispute_id: str) -> Dispute:
        """
        Raises:
            DisputeNotFound: Not of this case.
        """
        known = self._disputes.get(dispute_id)
        if known is None:
            raise DisputeNotFound(dispute_id=dispute_id)
        return known

    def live_dispute(self, kind: DisputeKind, debt_ids: tuple[str, ...]) -> Dispute | None:
        """The dispute of this kind and about the same that is under way, if one is."""
        return next(
            (
                one
                for one in self._disputes.values()
                if one.live and one.kind is kind and set(one.debt_ids) == set(debt_ids)
            ),
            None,
        )

    # Its life

    def open_dispute(self, dispute: Dispute) -> bool:
        """
        Open a dispute and stop collection of what it is about, in one change.

        Says whether it was new. Promises made of what may not be asked for any more are
        cancelled: nobody breaks one while it is looked into.

        Raises:
            DebtNotFound: It names a debt that the case does not have.
        """
        self._alive()
        if dispute.dispute_id in self._disputes:
            return False
        for debt_id in dispute.debt_ids:
            debt = self._book.debts.get(debt_id)
            if debt is None or debt.void:
                raise DebtNotFound(debt_id=debt_id)
        self._put_dispute(dispute)
        facts: dict[str, Any] = {
            "dispute_id": dispute.dispute_id,
            "kind": dispute.kind.value,
            "debts": list(dispute.debt_ids),
            "source": dispute.source,
            "due_on": dispute.due_on.isoformat(),
            "owner": dispute.owner,
            "claimed_minor": dispute.claimed_minor,
        }
        facts = {name: value for name, value in facts.items() if value not in ("", [], None)}
        self._tell("dispute.opened", facts, {"text": dispute.text} if dispute.text else {})
        self._hold_for(dispute)
        return True

    def say_more(self, dispute_id: str, text: str) -> bool:
        """
        Note what the debtor adds to a dispute that is under way. Says whether it was news.

        Raises:
            DisputeNotFound: Not of this case.
        """
        known = self.dispute(dispute_id)
        if not text or not known.live or text in known.text.split("\n"):
            return False
        self._put_dispute(replace(known, text=f"{known.text}\n{text}".strip()))
        self._tell("dispute.said_more", {"dispute_id": dispute_id}, {"text": text})
        return True

    def take_up_dispute(self, dispute_id: str, owner: str) -> bool:
        """
        Note who looks into it; says whether that was news.

        Raises:
            DisputeNotFound: Not of this case.
            DisputeSettled: It has ended.
        """
        known = self._live_one(dispute_id)
        if known.owner == owner and known.state is DisputeState.INVESTIGATING:
            return False
        self._put_dispute(
            replace(
                known,
                owner=owner,
                state=DisputeState.INVESTIGATING,
                taken_up_at=known.taken_up_at or self._now,
            )
        )
        self._tell("dispute.taken_up", {"dispute_id": dispute_id, "owner": owner}, {})
        return True

    def classify_dispute(self, dispute_id: str, kind: DisputeKind) -> bool:
        """
        Say what kind it is, where it was told in words; the hold changes with it.

        Raises:
            DisputeNotFound: Not of this case.
            DisputeSettled: It has ended.
        """
        known = self._live_one(dispute_id)
        if known.kind is kind:
            return False
        changed = replace(known, kind=kind)
        self._tell(
            "dispute.classified",
            {"dispute_id": dispute_id, "before": known.kind.value, "kind": kind.value},
            {},
        )
        if (known.hold_reason, known.held_debts) != (changed.hold_reason, changed.held_debts):
            # The new hold first: there is no moment without one.
            changed = replace(changed, hold_id=f"{known.hold_id}-{kind.value}")
            self._hold_for(changed)
            self._lift_for(known)
        self._put_dispute(changed)
        return True

    def add_evidence(self, dispute_id: str, evidence: Evidence) -> bool:
        """
        Put a file beside a dispute; says whether it was new. Also after its end: it is history.

        Raises:
            DisputeNotFound: Not of this case.
            BadField: There are too many.
        """
        self._alive()
        known = self.dispute(dispute_id)
        if any(one.evidence_id == evidence.evidence_id for one in known.evidence):
            return False
        if len(known.evidence) >= MOST_EVIDENCE:
            raise BadField(field="evidence", reason="too_many", most=MOST_EVIDENCE)
        self._put_dispute(replace(known, evidence=(*known.evidence, evidence)))
        facts = {
            "dispute_id": dispute_id,
            "evidence_id": evidence.evidence_id,
            "side": evidence.side.value,
            "sha256": evidence.sha256,
        }
        self._tell("dispute.evidence", facts, {"name": evidence.name})
        return True

    def resolve_dispute(
        self,
        dispute_id: str,
        verdict: DisputeState,
        *,
        reason: str,
        entries: tuple[str, ...] = (),
        adjusted_minor: int = 0,
    ) -> bool:
        """
        End a dispute by a verdict; says whether that was news. Its hold is lifted with it.

        Not where contact stays wrong whatever the papers say: when it is accepted that the
        debtor has died, or that another used their name.

        Args:
            entries, adjusted_minor: What the ledger was corrected by, in the same change.

        Raises:
            DisputeNotFound: Not of this case.
            DisputeSettled: It ended another way.
        """
        if verdict not in VERDICTS:
            raise BadField(field="verdict", reason="not_one_of")
        known = self.dispute(dispute_id)
        if known.state is verdict:
            return False
        known = self._live_one(dispute_id)
        ended = replace(
            known,
            state=verdict,
            resolution=Resolution(
                at=self._now,
                by=self._actor,
                reason=reason,
                adjusted_minor=adjusted_minor,
                entries=entries,
            ),
        )
        self._put_dispute(ended)
        facts = {
            "dispute_id": dispute_id,
            "kind": known.kind.value,
            "verdict": verdict.value,
            "adjusted_minor": adjusted_minor,
            "entries": list(entries),
        }
        self._tell("dispute.resolved", facts, {"reason": reason})
        if not (known.kind in WITH_CARE and verdict is not DisputeState.REJECTED):
            self._lift_for(known)
        return True

    def withdraw_dispute(self, dispute_id: str, reason: str) -> bool:
        """
        End a dispute that the debtor takes back; says whether that was news.

        Raises:
            DisputeNotFound: Not of this case.
            DisputeSettled: It ended by a verdict.
        """
        if self.dispute(dispute_id).state is DisputeState.WITHDRAWN:
            return False
        known = self._live_one(dispute_id)
        ended = Resolution(at=self._now, by=self._actor, reason=reason)
        self._put_dispute(replace(known, state=DisputeState.WITHDRAWN, resolution=ended))
        facts = {"dispute_id": dispute_id, "kind": known.kind.value}
        self._tell("dispute.withdrawn", facts, {"reason": reason} if reason else {})
        self._lift_for(known)
        return True

    def letter_issued(self, dispute_id: str, *, document_id: str, code: str) -> bool:
        """Note the letter that tells the debtor how it ended; says whether that was news."""
        known = self.dispute(dispute_id)
        if known.resolution is None or known.resolution.document_id == document_id:
            return False
        told = replace(known.resolution, document_id=document_id, code=code)
        self._put_dispute(replace(known, resolution=told))
        self._tell("dispute.letter", {"dispute_id": dispute_id, "document_id": document_id}, {})
        return True

    # Private

    def _hold_for(self, dispute: Dispute) -> None:
        self.hold(
            dispute.hold_id, dispute.hold_reason, debt_ids=dispute.held_debts, note=dispute.text
        )
        status, _ = self._standing()
        if status.value != "held":
            return
        for promise in list(self._promises.values()):
            if promise.state is PromiseState.OPEN:
                self.cancel_promise(promise.promise_id, why="disputed")

    def _lift_for(self, dispute: Dispute) -> None:
        """Lift its hold, unless another dispute stands on the same one."""
        if dispute.hold_id in self._holds:
            self.lift(dispute.hold_id)

    def _live_one(self, dispute_id: str) -> Dispute:
        self._alive()
        known = self.dispute(dispute_id)
        if not known.live:
            raise DisputeSettled(dispute_id=dispute_id, state=known.state.value)
        return known

    def _put_dispute(self, dispute: Dispute) -> None:
        key = dispute.dispute_id
        self._disputes[key] = self._put_disputes[key] = dispute

    def _pass_on(self, into: DraftContact) -> None:
        """Disputes go on where the debts went; here they are history."""
        super()._pass_on(into)
        if not isinstance(into, DraftDisputes):
            return
        for dispute in list(self._disputes.values()):
            if dispute.dispute_id not in into._disputes:
                into._put_dispute(dispute)
            if dispute.live:
                moved = Resolution(at=self._now, by=self._actor, reason="")
                self._put_dispute(replace(dispute, state=DisputeState.WITHDRAWN, resolution=moved))
