"""What a creditor's files say of charge-offs in its own books, and taking such a file back."""

import sys
from dataclasses import replace
from datetime import date

from chalicelib.domain.case import Debt
from chalicelib.domain.charge_off import (
    Booked,
    ChargeOff,
    ChargeOffReason,
    ChargeOffState,
    in_force,
    undecided,
)
from chalicelib.domain.draft_charge_offs import MOST, DraftChargeOffs
from chalicelib.domain.ids import derived_id
from chalicelib.domain.timeline import Event

CHARGED_OFF, REINSTATED = "debt.charged_off", "debt.reinstated"
WITHDRAWN = "charge_off.withdrawn"
_KINDS = frozenset({CHARGED_OFF, REINSTATED, WITHDRAWN})


class DraftBooked(DraftChargeOffs):
    """A draft that takes what files say of charge-offs; see ``domain.draft``."""

    def put_booked(self, debt_id: str, said: Booked, *, upload_id: str, loaded_by: str) -> bool:
        """
        Have a debt charged off, or no longer, as a creditor's file says; says whether that is news.

        It is the creditor's fact, and waits for nobody. What people decided here stays as it is;
        what they took back comes again only of a later day; what they asked for and nobody decided
        is withdrawn. A debt that owes nothing is not charged off.

        Args:
            loaded_by: Who loaded the file, an actor.
        """
        self._alive()
        debt = self._book.debts[debt_id]
        known = in_force(debt.charge_offs)
        if known is not None:
            return bool(known.upload_id) and self._rebook(debt, known, said)
        if not said.charged_off or self._book.oldest_due_on(debt_id) is None:
            return False
        if self._people_took_back(debt, said.on) or len(debt.charge_offs) >= MOST:
            return False
        if (waits := undecided(debt.charge_offs)) is not None:
            self.withdraw_charge_off(waits.charge_off_id)
        owed_minor = self.balance(debt_id).total_minor
        one = ChargeOff(
            charge_off_id=derived_id("cho", debt_id, upload_id),
            state=ChargeOffState.STANDING,
            reason=ChargeOffReason.CREDITOR,
            on=said.on or self.today,
            amount_minor=owed_minor if said.amount_minor is None else said.amount_minor,
            asked_by=loaded_by,
            asked_at=self._now,
            decided_by=self._actor,
            decided_at=self._now,
            interest_stops=not self._portfolio.policies.charge_off.interest_goes_on,
            upload_id=upload_id,
        )
        self._put(self._book.debts[debt_id], one)
        self._told_of(CHARGED_OFF, debt, one)
        return True

    def booked_by(self, upload_id: str, debt_id: str) -> bool:
        """Say whether an upload changed a debt's charge-off; until it is undone, and after."""
        return any(event.facts["debt_id"] == debt_id for event in self._booked_events(upload_id))

    def _rebook(self, debt: Debt, known: ChargeOff, said: Booked) -> bool:
        if not said.charged_off:
            back = replace(
                known,
                state=ChargeOffState.UNDONE,
                returned_by=self._actor,
                returned_at=self._now,
                returned_on=self.today,
            )
            self._put(debt, back)
            self._told_of(REINSTATED, debt, back)
            return True
        amount_minor = known.amount_minor if said.amount_minor is None else said.amount_minor
        moved = replace(known, on=said.on or known.on, amount_minor=amount_minor)
        if moved == known:
            return False
        self._put(debt, moved)
        before = {"on": known.on.isoformat(), "amount_minor": known.amount_minor}
        self._told_of(CHARGED_OFF, debt, moved, before=before)
        return True

    @staticmethod
    def _people_took_back(debt: Debt, on: date | None) -> bool:
        """Whether people said that it is not charged off, as of the day a file tells or later."""
        return any(
            one.state is ChargeOffState.UNDONE
            and not one.returned_by.startswith("upload:")
            and one.returned_on is not None
            and (on is None or on <= one.returned_on)
            for one in debt.charge_offs
        )

    # Undoing an upload

    def _unbook(self, upload_id: str, *, most_items: int = sys.maxsize) -> bool:
        """Put charge-offs back as they were before an upload; says whether anything changed."""
        changed = False
        for event in reversed(self._booked_events(upload_id)):
            if self.items < most_items:
                changed |= self._unbook_one(event)
        return changed

    def _booked_events(self, upload_id: str) -> list[Event]:
        actor = f"upload:{upload_id}"
        return [one for one in self._events if one.actor == actor and one.kind in _KINDS]

    def _unbook_one(self, event: Event) -> bool:
        debt = self._book.debts.get(event.facts["debt_id"])
        key = event.facts["charge_off_id"]
        one = (
            next((one for one in debt.charge_offs if one.charge_off_id == key), None)
            if debt
            else None
        )
        if debt is None or one is None:
            return False
        others = tuple(each for each in debt.charge_offs if each is not one)
        earlier: tuple[ChargeOff, ...]
        if event.kind == CHARGED_OFF:
            before = event.facts.get("before")
            now = {"on": one.on.isoformat(), "amount_minor": one.amount_minor}
            if before is None:
                earlier = ()
            elif now == {name: event.facts[name] for name in before}:
                on = date.fromisoformat(before["on"])
                earlier = (replace(one, on=on, amount_minor=before["amount_minor"]),)
            else:
                return False
        elif event.kind == REINSTATED and one.returned_by == event.actor:
            asked = one.return_asked_at is not None
            state = ChargeOffState.RETURNING if asked else ChargeOffState.STANDING
            earlier = (
                replace(one, state=state, returned_by="", returned_at=None, returned_on=None),
            )
        elif event.kind == WITHDRAWN and one.state is ChargeOffState.WITHDRAWN:
            earlier = (replace(one, state=ChargeOffState.WAITING),)
        else:
            return False
        # An empty fingerprint makes the next file that holds the debt look at it again.
        put = replace(debt, charge_offs=(*others, *earlier), fingerprint="")
        self._book.debts[debt.debt_id] = self._put_debts[debt.debt_id] = put
        return True
