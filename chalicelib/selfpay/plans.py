"""Ways to pay in parts, laid side by side, and the agreement that came of one."""

import re
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.agreement import Simulation
from chalicelib.domain.agreements import Agreement, AgreementKind, AgreementState, standing
from chalicelib.domain.case import CaseFile
from chalicelib.domain.ids import derived_id
from chalicelib.messages.formats import Amount

_CODE = re.compile(r"(plan|settlement|extension)-(\d{1,3})-(weekly|fortnightly|monthly)-(\d{1,15})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """One payment; number 0 is the one at the beginning."""

    number: int
    due_on: date
    amount: Amount
    paid: bool = False
    next: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """
    An offer to compare.

    Args:
        code: Names it in an address: kind, payments, rhythm, and what the debtor can afford.
        terms: Changes when anything of it does; a code that was sent is for these terms only.
    """

    code: str
    kind: AgreementKind
    frequency: str
    count: int
    first: ShareView
    last: ShareView
    total: Amount
    owed: Amount
    saving: Amount
    shares: tuple[ShareView, ...]
    terms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """An agreement that was signed, as far as it is paid."""

    agreement_id: str
    kind: AgreementKind
    state: AgreementState
    total: Amount
    paid: Amount
    saving: Amount
    shares: tuple[ShareView, ...]
    document_id: str

    @property
    def next(self) -> ShareView | None:
        return next((one for one in self.shares if one.next), None)


def offered(
    kind: AgreementKind, simulation: Simulation, currency: str, *, affordable_minor: int = 0
) -> PlanView:
    """Lay out one offer."""
    offer = simulation.offer
    shares = tuple(
        ShareView(number=one.number, due_on=one.due_on, amount=Amount(one.amount_minor, currency))
        for one in simulation.shares
    )
    terms = [f"{one.number}:{one.due_on}:{one.amount.minor}" for one in shares]
    return PlanView(
        code=f"{kind.value}-{offer.instalments}-{offer.frequency.value}-{affordable_minor}",
        kind=kind,
        frequency=offer.frequency.value,
        count=len(shares),
        first=shares[0],
        last=shares[-1],
        total=Amount(simulation.to_pay_minor, currency),
        owed=Amount(simulation.owed.total_minor, currency),
        saving=Amount(simulation.saved_minor, currency),
        shares=shares,
        terms=derived_id("trm", kind.value, str(simulation.owed.total_minor), *terms),
    )


def affordable_of(code: str) -> int | None:
    """
    Read out of an offer's code what the debtor can afford; None when it is no code.

    >>> affordable_of("plan-12-monthly-50000"), affordable_of("plan-12"), affordable_of("")
    (50000, None, None)
    """
    found = _CODE.fullmatch(code)
    return int(found[4]) if found else None


def signed(file: CaseFile, agreement: Agreement, *, tolerance_minor: int) -> AgreementView:
    """Lay out an agreement that was accepted, with what of it is paid by the ledger."""
    currency = file.head.currency
    now = standing(agreement, file.entries, tolerance_minor=tolerance_minor)
    active = agreement.state is AgreementState.ACTIVE
    owed = sum(one.owed.total_minor for one in agreement.covered)
    return AgreementView(
        agreement_id=agreement.agreement_id,
        kind=agreement.kind,
        state=agreement.state,
        total=Amount(agreement.to_pay_minor, currency),
        paid=Amount(min(now.paid_minor, agreement.to_pay_minor), currency),
        saving=Amount(owed - agreement.to_pay_minor, currency),
        shares=tuple(
            ShareView(
                number=one.share.number,
                due_on=one.share.due_on,
                amount=Amount(one.share.amount_minor, currency),
                paid=one.paid_on is not None,
                next=active and one is now.next,
            )
            for one in now.shares
        ),
        document_id=agreement.document_id,
    )
