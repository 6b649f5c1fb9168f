"""Debts that are charged off, and taken back: asked for by one person, decided by another."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.case import Debt
from chalicelib.domain.charge_off import (
    ChargeOff,
    ChargeOffReason,
    ChargeOffState,
    in_force,
    undecided,
)
from chalicelib.domain.draft_papers import DraftPapers
from chalicelib.domain.errors import (
    BadField,
    ChargeOffNotFound,
    ChargeOffSettled,
    DebtNotFound,
    NothingToChargeOff,
)
from chalicelib.domain.ids import derived_id

MOST_PROPOSED = 20  # in one look of the plan: each is a row and an event of its change
MOST = 50  # of a debt, with those that were refused: they lie in its row


class DraftChargeOffs(DraftPapers):
    """A draft whose debts can be charged off; see ``domain.draft``."""

    def charge_off(self, charge_off_id: str) -> tuple[Debt, ChargeOff]:
        """
        Find a charge-off of the case and its debt, in whatever state.

        Raises:
            ChargeOffNotFound: Not of this case.
        """
        for debt in self._book.debts.values():
            for one in debt.charge_offs:
                if one.charge_off_id == charge_off_id and not debt.void:
                    return debt, one
        raise ChargeOffNotFound(charge_off_id=charge_off_id)

    def ask_charge_off(
        self, debt_id: str, charge_off_id: str, *, reason: ChargeOffReason, on: date, note: str = ""
    ) -> bool:
        """
        Ask a second person to charge a debt off; says whether that is news.

        Safe to repeat under one id. Nothing of the ledger moves.

        Raises:
            DebtNotFound: Not of this case.
            ChargeOffSettled: It is charged off already, or that waits for somebody.
            NothingToChargeOff: It owes nothing.
            BadField: A day to come, or one before there was the debt; too many by now.
        """
        self._alive()
        debt = self._book.debts.get(debt_id)
        if debt is None or debt.void:
            raise DebtNotFound(debt_id=debt_id)
        if any(one.charge_off_id == charge_off_id for one in debt.charge_offs):
            return False
        other = in_force(debt.charge_offs) or undecided(debt.charge_offs)
        if other is not None:
            raise ChargeOffSettled(state=other.state.value, debt_id=debt_id)
        self._need_owing(debt)
        if on > self.today:
            raise BadField(field="on", reason="in_the_future")
        # Where it is not known when the debt began, its due date says nothing: it may be to come.
        if debt.issued_on is not None and on < min(debt.issued_on, self.today):
            raise BadField(field="on", reason="before_start")
        if len(debt.charge_offs) >= MOST:
            raise BadField(field="charge_offs", reason="too_many", most=MOST)
        asked = ChargeOff(
            charge_off_id=charge_off_id,
            state=ChargeOffState.WAITING,
            reason=reason,
            on=on,
            amount_minor=self.balance(debt_id).total_minor,
            note=note,
            asked_by=self._actor,
            asked_at=self._now,
        )
        self._put(debt, asked)
        self._told_of("charge_off.asked", debt, asked, note)
        return True

    def withdraw_charge_off(self, charge_off_id: str) -> bool:
        """Take back what was asked for and nobody decided on; says whether it still could be."""
        self._alive()
        debt, known = self.charge_off(charge_off_id)
        if known.state is not ChargeOffState.WAITING:
            return False
        gone = replace(known, state=ChargeOffState.WITHDRAWN)
        self._put(debt, gone)
        self._told_of("charge_off.withdrawn", debt, gone)
        return True

    def decide_charge_off(self, charge_off_id: str, *, approved: bool, answer: str = "") -> bool:
        """
        Charge the debt off, or say no; says whether that is news. Safe to repeat.

        Raises:
            ChargeOffNotFound: Not of this case.
            ChargeOffSettled: It was decided otherwise, or withdrawn.
            NothingToChargeOff: The debt was paid meanwhile.
        """
        self._alive()
        debt, known = self.charge_off(charge_off_id)
        done = known.state in (ChargeOffState.STANDING, ChargeOffState.RETURNING)
        if (approved and done) or (not approved and known.state is ChargeOffState.REFUSED):
            return False
        if known.state is not ChargeOffState.WAITING:
            raise ChargeOffSettled(state=known.state.value, debt_id=debt.debt_id)
        decided = replace(known, decided_by=self._actor, decided_at=self._now)
        if not approved:
            refused = replace(decided, state=ChargeOffState.REFUSED, answer=answer)
            self._put(debt, refused)
            self._told_of("charge_off.refused", debt, refused, answer)
            return True
        self._need_owing(debt)
        stands = replace(
            decided,
            state=ChargeOffState.STANDING,
            amount_minor=self.balance(debt.debt_id).total_minor,
            interest_stops=not self._portfolio.policies.charge_off.interest_goes_on,
        )
        self._put(debt, stands)
        self._told_of("debt.charged_off", debt, stands)
        return True

    def ask_reinstatement(self, charge_off_id: str, *, note: str) -> bool:
        """
        Ask a second person to take a charge-off back; says whether that is news.

        Raises:
            ChargeOffNotFound: Not of this case.
            ChargeOffSettled: It does not stand.
        """
        self._alive()
        debt, known = self.charge_off(charge_off_id)
        if known.state is ChargeOffState.RETURNING:
            return False
        if known.state is not ChargeOffState.STANDING:
            raise ChargeOffSettled(state=known.state.value, debt_id=debt.debt_id)
        asked = replace(
            known,
            state=ChargeOffState.RETURNING,
            return_note=note,
            return_asked_by=self._actor,
            return_asked_at=self._now,
        )
        self._put(debt, asked)
        self._told_of("reinstatement.asked", debt, asked, note)
        return True

    def decide_reinstatement(self, charge_off_id: str, *, approved: bool, answer: str = "") -> bool:
        """
        Take a charge-off back, or leave it; says whether that is news. Safe to repeat.

        Raises:
            ChargeOffNotFound: Not of this case.
            ChargeOffSettled: Nobody asked for it.
        """
        self._alive()
        debt, known = self.charge_off(charge_off_id)
        done = ChargeOffState.UNDONE if approved else ChargeOffState.STANDING
        if known.state is done:
            return False
        if known.state is not ChargeOffState.RETURNING:
            raise ChargeOffSettled(state=known.state.value, debt_id=debt.debt_id)
        if not approved:
            stands = replace(
                known,
                state=ChargeOffState.STANDING,
                return_note="",
                return_asked_by="",
                return_asked_at=None,
            )
            self._put(debt, stands)
            self._told_of("reinstatement.refused", debt, stands, answer)
            return True
        undone = replace(
            known,
            state=ChargeOffState.UNDONE,
            returned_by=self._actor,
            returned_at=self._now,
            returned_on=self.today,
        )
        self._put(debt, undone)
        self._told_of("debt.reinstated", debt, undone, known.return_note)
        return True

    # By the portfolio's policy

    def propose_charge_offs(self) -> int:
        """
        Ask for what is so many days past due as the portfolio says; gives how many it was.

        Each debt once for all: what people asked for, refused or took back is their word. Not
        what is disputed or under an agreement. ``next_proposal_on`` says when there is more.
        """
        due = sorted((day, key) for key, day in self._proposals().items() if day <= self.today)
        for _, key in due[:MOST_PROPOSED]:
            self.ask_charge_off(
                key, derived_id("cho", key, "policy"), reason=ChargeOffReason.AGE, on=self.today
            )
        return len(due[:MOST_PROPOSED])

    def next_proposal_on(self) -> date | None:
        """The next day on which the policy proposes something; tomorrow where it already would."""
        day = min(self._proposals().values(), default=None)
        return None if day is None else max(day, self.today + timedelta(days=1))

    # Private

    def _proposals(self) -> dict[str, date]:
        """The day each debt is to be proposed that nobody said anything of."""
        after_days = self._portfolio.policies.charge_off.after_days
        if after_days is None or self.agreement_in_force() is not None:
            return {}
        live = [one for one in self._disputes.values() if one.live]
        found = {}
        for key, debt in self._book.debts.items():
            if debt.void or debt.charge_offs or any(one.covers(key) for one in live):
                continue
            if (due_on := self._book.oldest_due_on(key)) is not None:
                found[key] = due_on + timedelta(days=after_days)
        return found

    def _need_owing(self, debt: Debt) -> None:
        if self._book.oldest_due_on(debt.debt_id) is None:
            raise NothingToChargeOff(debt_id=debt.debt_id)

    def _put(self, debt: Debt, one: ChargeOff) -> None:
        others = tuple(each for each in debt.charge_offs if each.charge_off_id != one.charge_off_id)
        put = replace(debt, charge_offs=(*others, one))
        self._book.debts[debt.debt_id] = self._put_debts[debt.debt_id] = put

    def _told_of(self, kind: str, debt: Debt, one: ChargeOff, words: str = "", **more: Any) -> None:
        facts: dict[str, Any] = {
            "charge_off_id": one.charge_off_id,
            "debt_id": debt.debt_id,
            "charge_off": one.reason.value,
            "on": one.on.isoformat(),
            "amount_minor": one.amount_minor,
        } | more
        self._tell(kind, facts, {"reason": words} if words else {})
