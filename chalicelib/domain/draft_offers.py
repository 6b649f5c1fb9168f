"""What taking an offer does to a case: the payment is the yes, and what it saves is forgiven."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from chalicelib.domain.agreement import Share
from chalicelib.domain.agreement_policy import Earned, Frequency
from chalicelib.domain.agreements import (
    Agreement,
    AgreementKind,
    AgreementState,
    Covered,
    Proof,
    ProofKind,
)
from chalicelib.domain.checkout import Checkout, Discount
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_agreed import owed_on
from chalicelib.domain.draft_visits import DraftVisits
from chalicelib.domain.ids import derived_id
from chalicelib.domain.ledger import Balance, EntryKind, reversals

CHANNEL = "self_pay"
# The order in which what is forgiven moves on from a component that was paid meanwhile.
_PARTS = ("interest", "fees", "principal")


class DraftOffers(DraftVisits):
    """
    A draft on which offers are taken by paying them; see ``domain.draft``.

    An offer that is paid whole and in time is a settlement: agreed to by the payment and kept by
    it, in one change. So its money goes where the offer says, what is left is forgiven by
    entries that name it, and a payment that goes back opens it again, as of every agreement.
    """

    def _take_offer(self, checkout: Checkout, kept_minor: int, paid_on: date) -> None:
        """
        Agree to what a payment that is about to be posted settles, if it does.

        Paid in part or too late nothing is agreed to, and the money is a payment like any other.
        What a second payment of the same page completes in time is the whole.
        """
        discount = checkout.discount
        agreement_id = derived_id("agr", self.case_id, checkout.checkout_id)
        if discount is None or agreement_id in self._agreements:
            return
        covered = self._as_now(checkout, discount)
        to_pay = sum(one.to_pay.total_minor for one in covered)
        days = [paid_on, *self._days_of(checkout)]
        if max(days) > discount.until:
            missed = "late"
        elif self.agreement_in_force() is not None:
            missed = "agreement"
        elif not 0 < to_pay <= kept_minor:
            missed = "short" if to_pay else "paid"
        else:
            missed = ""
        if missed:
            facts = {"checkout_id": checkout.checkout_id, "why": missed}
            self._tell("offer.missed", facts | {"until": discount.until.isoformat()}, {})
            return
        self.propose(
            Agreement(
                agreement_id=agreement_id,
                kind=AgreementKind.SETTLEMENT,
                state=AgreementState.PROPOSED,
                covered=covered,
                shares=(Share(number=0, due_on=discount.until, amount_minor=to_pay),),
                frequency=Frequency.MONTHLY,
                earned=Earned.END,
                missed=1,
                grace_days=0,
                made_at=self._now,
                made_by=checkout.started_by,
                until=self._now + timedelta(days=1),
                channel=CHANNEL,
            )
        )
        self.sign(agreement_id, Proof(kind=ProofKind.PAYMENT, reference=checkout.checkout_id))

    def _days_of(self, checkout: Checkout) -> list[date]:
        """The days on which other payments of a checkout were made."""
        return [
            local_day(one.payment.paid_at or one.at, self._portfolio.time_zone)
            for one in self._received.values()
            if one.checkout_id == checkout.checkout_id and one.posted_minor
        ]

    def _interest_paid(self, debt_id: str, since: datetime) -> int:
        entries = self._book.entries(debt_id)
        undone = reversals(entries)
        return -sum(
            entry.interest_minor
            for entry in entries
            if entry.kind is EntryKind.PAYMENT
            and entry.recorded_at >= since
            and entry.entry_id not in undone
        )

    def _as_now(self, checkout: Checkout, discount: Discount) -> tuple[Covered, ...]:
        """
        The debts of an offer as they stand now; those that owe nothing any more are left out.

        No more is forgiven than was offered, and the interest that ran on beside it. What a
        payment took of a component or a debt meanwhile, its part of the discount moves on.
        """
        owes, less, left = [], [], 0
        for one in discount.covered:
            debt = self.debt(one.debt_id)
            if debt is None or debt.void:
                continue
            owed = owed_on(self, one.debt_id, self.today)
            paid = self._interest_paid(one.debt_id, checkout.started_at)
            grown = max(0, owed.interest_minor + paid - one.interest_minor)
            wanted = {name: getattr(one, f"less_{name}_minor") for name in _PARTS}
            wanted["interest"] += grown
            part = {name: min(wanted[name], getattr(owed, f"{name}_minor")) for name in _PARTS}
            left += sum(wanted.values()) - sum(part.values())
            owes.append((one.debt_id, owed))
            less.append(part)
        for (_, owed), part in zip(owes, less, strict=True):
            for name in _PARTS:
                more = min(left, getattr(owed, f"{name}_minor") - part[name])
                part[name], left = part[name] + more, left - more
        return tuple(
            self._covered(debt_id, owed, part)
            for (debt_id, owed), part in zip(owes, less, strict=True)
            if owed.total_minor > 0
        )

    def _covered(self, debt_id: str, owed: Balance, less: Mapping[str, int]) -> Covered:
        due = self._book.moratory_open(debt_id) + self._book.accrued(debt_id, self.today)
        return Covered(
            debt_id=debt_id,
            principal_minor=owed.principal_minor,
            interest_minor=owed.interest_minor,
            fees_minor=owed.fees_minor,
            less_principal_minor=less["principal"],
            less_interest_minor=less["interest"],
            less_fees_minor=less["fees"],
            moratory_minor=min(owed.interest_minor, max(0, due)),
        )
