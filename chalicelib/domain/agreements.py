"""
Agreements (convenios) of a case: what was agreed, what of it is paid, and what becomes of it.

Nothing here is counted twice: what is paid of an agreement is read off the ledger each time, so
a payment taken back opens its instalment again, and one whose news comes late closes it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.agreement import Breach, Share
from chalicelib.domain.agreement_policy import Approver, Earned, Frequency
from chalicelib.domain.ledger import Balance, Entry, EntryKind, reversals
from chalicelib.domain.plain import to_plain

SOURCE = "agreement"  # of the ledger entries that an agreement makes


class AgreementKind(StrEnum):
    """
    PLAN pays in instalments. SETTLEMENT pays less at once. EXTENSION gives the whole more time.
    RESTRUCTURE takes the place of an agreement with new terms. REFINANCE closes the debts and
    opens one new debt with its own instalments.
    """

    PLAN = "plan"
    SETTLEMENT = "settlement"
    EXTENSION = "extension"
    RESTRUCTURE = "restructure"
    REFINANCE = "refinance"


class AgreementState(StrEnum):
    """
    PENDING waits for a second person. PROPOSED can be accepted. ACTIVE is in force. The others
    are how it ended: paid, broken, called off, not accepted in time, refused by the second
    person, or given new terms.
    """

    PENDING = "pending"
    PROPOSED = "proposed"
    ACTIVE = "active"
    COMPLETED = "completed"
    DEFAULTED = "defaulted"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    REPLACED = "replaced"


WAITING = frozenset({AgreementState.PENDING, AgreementState.PROPOSED})
SIGNED = frozenset(
    {
        AgreementState.ACTIVE,
        AgreementState.COMPLETED,
        AgreementState.DEFAULTED,
        AgreementState.REPLACED,
    }
)


class ProofKind(StrEnum):
    """
    How the debtor said yes: a one-time CODE, a SIGNATURE in the field, a recorded CALL, or the
    PAYMENT itself of what was offered.
    """

    CODE = "code"
    SIGNATURE = "signature"
    CALL = "call"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """
    How it is known that the debtor accepted.

    Args:
        reference: The code's id, the recording's, the visit's or the checkout's; names nobody.
        evidence: Key of a stored file, with its SHA-256 in hex; empty where there is none.
        to: Where the code went, masked as it was shown.
    """

    kind: ProofKind
    reference: str
    evidence: str = ""
    sha256: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """
    One debt under an agreement, in minor units: what it owed that day, interest until then
    included, and what of each component is forgiven.

    Args:
        moratory_minor: How much of the interest is default interest.
    """

    debt_id: str
    principal_minor: int = 0
    interest_minor: int = 0
    fees_minor: int = 0
    less_principal_minor: int = 0
    less_interest_minor: int = 0
    less_fees_minor: int = 0
    moratory_minor: int = 0

    @property
    def owed(self) -> Balance:
        return Balance(self.principal_minor, self.interest_minor, self.fees_minor)

    @property
    def discount(self) -> Balance:
        return Balance(self.less_principal_minor, self.less_interest_minor, self.less_fees_minor)

    @property
    def to_pay(self) -> Balance:
        return Balance(
            self.principal_minor - self.less_principal_minor,
            self.interest_minor - self.less_interest_minor,
            self.fees_minor - self.less_fees_minor,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """
    What became of one payment of an agreement, for the figures.

    Args:
        on: The day that completed it in time, or the last one on which it would have been.
        paid_minor: What was paid of it by then.
    """

    number: int
    on: date
    kept: bool
    paid_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """
    Args:
        shares: The payments in order; they add up to what the covered debts are to pay.
        breaches: Where it goes beyond the limits; then a second person had to agree.
        until: The moment after which it can no longer be accepted or decided.
        approver: Who may decide on it, while it is PENDING.
        replaces: The agreement it takes the place of once it is accepted.
        restructured: How often the debts were given new terms before.
        new_debt_id: REFINANCE: the debt it opens.
        broken: How often it was found broken; a payment whose news came late puts it back.
        document_id, letter_id: What was issued for it; empty until it is.
        capitalised: What is to be paid of interest and fees is principal once it is signed.
        judged: Its payments that have matured, in their order; see ``agreement_sums``.
    """

    agreement_id: str
    kind: AgreementKind
    state: AgreementState
    covered: tuple[Covered, ...]
    shares: tuple[Share, ...]
    frequency: Frequency
    earned: Earned
    missed: int
    grace_days: int
    made_at: datetime
    made_by: str
    until: datetime
    channel: str = ""
    breaches: tuple[Breach, ...] = ()
    approver: Approver = Approver.SUPERVISOR
    reason: str = ""
    replaces: str = ""
    restructured: int = 0
    new_debt_id: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""
    signed_at: datetime | None = None
    signed_by: str = ""
    proof: Proof | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    broken: int = 0
    document_id: str = ""
    letter_id: str = ""
    capitalised: bool = False
    judged: tuple[Judged, ...] = ()

    @property
    def debt_ids(self) -> tuple[str, ...]:
        """The debts whose payments count for it."""
        if self.new_debt_id:
            return (self.new_debt_id,)
        return tuple(one.debt_id for one in self.covered)

    @property
    def to_pay_minor(self) -> int:
        return sum(one.to_pay.total_minor for one in self.covered)

    @property
    def capital_minor(self) -> int:
        """What it makes principal of: interest and fees that are to be paid."""
        if not self.capitalised:
            return 0
        return sum(one.to_pay.interest_minor + one.to_pay.fees_minor for one in self.covered)

    @property
    def saved_minor(self) -> int:
        return sum(one.discount.total_minor for one in self.covered)

    def may_be_late_until(self, share: Share, held_until: date | None = None) -> date:
        since = max(share.due_on, held_until or share.due_on)
        return since + timedelta(days=self.grace_days)


def terms_digest(agreement: Agreement) -> str:
    """SHA-256 in hex of what is agreed: what a debtor's code or signature stands for."""
    said = {
        "agreement_id": agreement.agreement_id,
        "kind": agreement.kind.value,
        "covered": to_plain(agreement.covered),
        "shares": to_plain(agreement.shares),
        "earned": agreement.earned.value,
        "missed": agreement.missed,
        "grace_days": agreement.grace_days,
    }
    if agreement.capitalised:
        said["capitalised"] = True
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


# What is paid


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareStanding:
    """
    Args:
        paid_on: The day that completed it; None while it is open.
    """

    share: Share
    paid_minor: int
    paid_on: date | None

    @property
    def open_minor(self) -> int:
        return 0 if self.paid_on else self.share.amount_minor - self.paid_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementStanding:
    """
    Args:
        paid_minor: All that was paid since it was signed, also beyond what was agreed.
    """

    shares: tuple[ShareStanding, ...]
    paid_minor: int
    paid: Mapping[str, Balance] = field(default_factory=dict)

    @property
    def next(self) -> ShareStanding | None:
        """The oldest payment that is still open."""
        return next((one for one in self.shares if one.paid_on is None), None)

    @property
    def open_minor(self) -> int:
        return sum(one.open_minor for one in self.shares)


def standing(
    agreement: Agreement,
    entries: Iterable[Entry],
    *,
    tolerance_minor: int = 0,
    until: date | None = None,
) -> AgreementStanding:
    """
    Read off the ledger what is paid of an agreement: money covers the oldest payment first.

    What was recorded since it was signed counts, for whatever day it was paid; a payment that
    was taken back does not. One that lacks no more than the tolerance is paid.

    Args:
        until: Only what was paid by the end of that day.
    """
    signed_at = agreement.signed_at
    known = tuple(entries)
    undone = reversals(known)
    mine = frozenset(agreement.debt_ids)
    payments = [
        entry
        for entry in known
        if entry.kind is EntryKind.PAYMENT
        and signed_at is not None
        and entry.debt_id in mine
        and entry.recorded_at >= signed_at
        and entry.entry_id not in undone
        and (until is None or entry.effective_on <= until)
    ]
    payments.sort(key=lambda entry: (entry.effective_on, entry.recorded_at, entry.entry_id))
    paid: dict[str, Balance] = {}
    for entry in payments:
        before = paid.get(entry.debt_id, Balance())
        paid[entry.debt_id] = Balance(
            before.principal_minor - entry.principal_minor,
            before.interest_minor - entry.interest_minor,
            before.fees_minor - entry.fees_minor,
        )
    return AgreementStanding(
        shares=_covered_by(agreement.shares, payments, tolerance_minor),
        paid_minor=-sum(entry.amount_minor for entry in payments),
        paid=paid,
    )


def _covered_by(
    shares: Sequence[Share], payments: Sequence[Entry], tolerance_minor: int
) -> tuple[ShareStanding, ...]:
    found = []
    left = [(entry.effective_on, -entry.amount_minor) for entry in payments]
    for share in shares:
        paid, paid_on = 0, None
        while left and paid < share.amount_minor:
            day, minor = left[0]
            taken = min(minor, share.amount_minor - paid)
            paid += taken
            left[0] = (day, minor - taken)
            if share.amount_minor - paid <= tolerance_minor:
                paid_on = paid_on or day
            if taken == minor:
                left.pop(0)
        found.append(ShareStanding(share=share, paid_minor=paid, paid_on=paid_on))
    return tuple(found)


def late(
    agreement: Agreement,
    now: AgreementStanding,
    today: date,
    *,
    held_until: date | None = None,
    by_day: bool = False,
) -> tuple[Share, ...]:
    """
    List the payments whose grace is over and which are not paid.

    Args:
        held_until: The last day on which collection was stopped, as by a dispute: nobody was to
            pay until then, and the grace of what fell due before begins after it.
        by_day: Count as late also what is paid by now and was not when its grace ended.
    """
    return tuple(
        one.share
        for one in now.shares
        if (last := agreement.may_be_late_until(one.share, held_until)) < today
        and (one.paid_on is None or (by_day and one.paid_on > last))
    )


def look_on(agreement: Agreement, now: AgreementStanding, today: date) -> date | None:
    """The next day on which an agreement in force may become broken; None when none may."""
    tomorrow = today + timedelta(days=1)  # for what is late already, and held
    days = [
        max(tomorrow, agreement.may_be_late_until(one.share) + timedelta(days=1))
        for one in now.shares
        if one.paid_on is None
    ]
    return min(days, default=None)


def in_force(agreements: Iterable[Agreement]) -> Agreement | None:
    """The agreement of a case that is in force, if one is; there is never more than one."""
    return next((one for one in agreements if one.state is AgreementState.ACTIVE), None)
