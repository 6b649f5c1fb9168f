"""A case (expediente): one debtor in one portfolio, and everything known of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.agreements import Agreement
from chalicelib.domain.assignment import Assignment
from chalicelib.domain.cash import Written
from chalicelib.domain.charge_off import ChargeOff
from chalicelib.domain.checkout import Checkout
from chalicelib.domain.contact import Attempt, Consent, Hold
from chalicelib.domain.creditor_paper import CreditorPaper
from chalicelib.domain.dispute import Dispute
from chalicelib.domain.document import IssuedDocument
from chalicelib.domain.ledger import Entry
from chalicelib.domain.quick import quick
from chalicelib.domain.received import Received
from chalicelib.domain.reported import Reported
from chalicelib.domain.task import Task
from chalicelib.domain.timeline import ChainHead, Event
from chalicelib.domain.unspent import Unspent
from chalicelib.domain.visit import Mark, Visit
from chalicelib.domain.wish import ContactWish


class CaseStatus(StrEnum):
    """
    What state a case is in; derived from its facts, stored for lists and counters.

    OPEN owes and nothing is arranged; PROMISED has an open promise or an agreement in
    force; HELD is on hold; SETTLED owes nothing above tolerance; VOID had its upload undone or was
    merged into another case.
    """

    OPEN = "open"
    PROMISED = "promised"
    HELD = "held"
    SETTLED = "settled"
    VOID = "void"


# Of a case that no strategy is to work on.
NO_STRATEGY = "none"
# Cases whose addresses are found by place: those that still owe.
ON_THE_MAP = frozenset({CaseStatus.OPEN, CaseStatus.PROMISED, CaseStatus.HELD})


class ContactKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


class PointQuality(StrEnum):
    """How well a coordinate stands for the door; the visit fence depends on it."""

    ROOFTOP = "rooftop"
    STREET = "street"
    TOWN = "town"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    number: int
    due_on: date
    amount_minor: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """
    What the creditor says is owed; amounts live in the ledger, not here.

    Args:
        debt_id: Derived from portfolio and external id (``ids.debt_id``), so that a row finds it.
        external_id: The creditor's own id, as text.
        due_on: First due date; with instalments, the first instalment's.
        stated_principal_minor, stated_interest_minor, stated_fees_minor: What the creditor's file
            last said; the ledger is only corrected when that statement changes, so that a
            payment recorded in between is not undone by a file that repeats the old figure.
        fingerprint: Hash of the row it was last written from; equal = nothing to do.
        upload_id, upload_outcome: The upload that wrote it last and what that did
            ("created" | "updated"), so that a redone chunk counts it the same way.
        seen_upload_id: The last upload whose file contained it, changed or not.
        charge_offs: Oldest first, at most one in force; who restates a debt leaves them.
    """

    debt_id: str
    external_id: str
    product: str
    issued_on: date | None
    due_on: date
    instalments: tuple[Instalment, ...] = ()
    documents: tuple[str, ...] = ()
    stated_principal_minor: int = 0
    stated_interest_minor: int = 0
    stated_fees_minor: int = 0
    fingerprint: str = ""
    upload_id: str | None = None
    upload_outcome: str | None = None
    seen_upload_id: str | None = None
    void: bool = False
    charge_offs: tuple[ChargeOff, ...] = ()

    @property
    def charged_on(self) -> date:
        """The day from which the ledger holds what was stated first."""
        return self.issued_on if self.issued_on and self.issued_on < self.due_on else self.due_on


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """
    Args:
        value: E.164 phone or lower-case e-mail.
        party: Whose it is: debtor, codebtor, guarantor, reference...
        quality: ``valid``, ``unverified``, ``invalid``, ``wrong_person``.
        detail: Phone type or extension, as known ("mobile", "fixed_line", "ext 12").
    """

    contact_id: str
    kind: ContactKind
    value: str
    party: str = "debtor"
    quality: str = "unverified"
    detail: str = ""
    source: str = ""

    @property
    def unproven(self) -> bool:
        """
        Whether somebody said it on the debtor's page and nobody has found it right since.

        It may be written to, but proves nothing: who was in once is not to be in for good.
        """
        return self.source == "self_pay" and self.quality != "valid"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """
    Args:
        lat, lng: WGS 84 degrees, or None.
        cell: H3 index (hex string) at ``geo.cells.INDEX_RESOLUTION`` when there is a point.
        radius_m: Learned from visits, with the point; None = by *quality*.
    """

    address_id: str
    lines: str
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    lat: float | None = None
    lng: float | None = None
    cell: str | None = None
    quality: PointQuality = PointQuality.NONE
    source: str = ""
    radius_m: float | None = None


class PromiseState(StrEnum):
    """
    PARTIAL was kept in part only; REPLACED gave way to a newer one. See ``domain.promises``.

    CANCELLED and REPLACED say nothing of the debtor: no rate counts them.
    """

    OPEN = "open"
    KEPT = "kept"
    PARTIAL = "partial"
    BROKEN = "broken"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


MATURED = frozenset({PromiseState.KEPT, PromiseState.PARTIAL, PromiseState.BROKEN})
# Nothing that is paid changes these any more.
GIVEN_UP = frozenset({PromiseState.CANCELLED, PromiseState.REPLACED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseToPay:
    """
    Args:
        grace_on: The last day on which a payment still counts, when it is later than *due_on*:
            so many working days after it as the portfolio tolerates.
        kept_percent, partial_percent: From which part of it on it counts as kept, or as partly
            kept, as the portfolio had it when it was made.
        series_id: Of promises that were made together; they are open at once, and what is paid
            counts for the one that ends first.
        paid_minor: What was paid towards it, once it has matured.
    """

    promise_id: str
    amount_minor: int
    due_on: date
    state: PromiseState
    made_at: datetime
    made_by: str
    channel: str = ""
    grace_on: date | None = None
    kept_percent: int = 95
    partial_percent: int = 30
    series_id: str = ""
    paid_minor: int = 0

    @property
    def matured(self) -> bool:
        """Whether it is known what became of it."""
        return self.state in MATURED

    @property
    def last_day(self) -> date:
        return max(self.due_on, self.grace_on or self.due_on)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHead:
    """
    The one row that lists, searches and dashboards read.

    Args:
        debtor_key: The creditor's id of the debtor, or a key made from tax id or name.
        balance_minor: Sum of every ledger entry of the case.
        oldest_due_on: Due date of the oldest debt or instalment still owing more than
            the tolerance; None when none is.
        due_buckets: Outstanding minor units by due date (ISO) of each debt's oldest unpaid
            part (``none`` when it owes no more than the tolerance); what the portfolio's
            ageing counters are moved by. Always sums to ``balance_minor``.
        due_debts: Number of debts by the same keys.
        version: Grows by one with every change; writers condition on it.
        agenda_on: The next day, of the portfolio's calendar, on which the plan must look at the
            case; None when nothing is left to do for it.
        language: In which the debtor wants to be written to, where somebody said so.
        wish: Hours and days in which the debtor wants to be contacted, if they said so.
        disputes: How many are under way.
        disputed_minor: What the debts they are about owe, each counted once.
        owner: Who answers for the case: a person's id; empty = nobody in particular.
        strategy: The strategy it follows whatever its segment says; ``NO_STRATEGY`` = none at
            all, empty = its segment's.
        touched_on: The last day, of the portfolio's calendar, on which the debtor was written
            to, called or visited; None = never.
        charged_off: How many debts are charged off and still owe.
        charged_off_minor: What those owe.
        counted_for: In whose open cases the counters hold it: its owner while it owes, else empty;
            also of an owned case that nobody changed since there are such counters.
        erased: The number of the request by law at which the person's data were erased; the
            name is empty then.
    """

    case_id: str
    portfolio_id: str
    currency: str
    debtor_key: str
    name: str
    tax_id: str
    status: CaseStatus
    balance_minor: int
    oldest_due_on: date | None
    due_buckets: dict[str, int]
    city: str
    tags: tuple[str, ...]
    debts: int
    version: int
    chain: ChainHead
    created_at: datetime
    updated_at: datetime
    due_debts: dict[str, int] = field(default_factory=dict)
    last_payment_on: date | None = None
    created_by_upload: str | None = None
    merged_into: str | None = None
    agenda_on: date | None = None
    language: str | None = None
    wish: ContactWish | None = None
    disputes: int = 0
    disputed_minor: int = 0
    owner: str = ""
    strategy: str = ""
    touched_on: date | None = None
    charged_off: int = 0
    charged_off_minor: int = 0
    counted_for: str = ""
    erased: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """Everything of a case: what one query opens."""

    head: CaseHead
    debts: tuple[Debt, ...]
    contacts: tuple[ContactPoint, ...]
    addresses: tuple[Address, ...]
    entries: tuple[Entry, ...]
    promises: tuple[PromiseToPay, ...]
    events: tuple[Event, ...]  # oldest first
    attempts: tuple[Attempt, ...] = ()  # oldest first
    consents: tuple[Consent, ...] = ()
    holds: tuple[Hold, ...] = ()
    tasks: tuple[Task, ...] = ()
    assignments: tuple[Assignment, ...] = ()  # oldest first
    visits: tuple[Visit, ...] = ()  # in the order they ended
    documents: tuple[IssuedDocument, ...] = ()  # oldest first
    disputes: tuple[Dispute, ...] = ()  # oldest first
    agreements: tuple[Agreement, ...] = ()  # oldest first
    checkouts: tuple[Checkout, ...] = ()  # oldest first
    received: tuple[Received, ...] = ()  # oldest first
    reported: tuple[Reported, ...] = ()  # oldest first
    papers: tuple[CreditorPaper, ...] = ()  # oldest first


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """
    One atomic change of one case: written whole or not at all.

    Made by ``domain.draft``; a store must not compute, only write. ``before`` is None
    for a new case. ``counters`` moves in the same transaction. ``erased`` are events
    that were there, without their personal values. ``unspent`` is not written: it is told to
    who keeps the budgets, once the rest is.
    """

    before: CaseHead | None
    after: CaseHead
    debts: tuple[Debt, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()
    addresses: tuple[Address, ...] = ()
    removed_contacts: tuple[str, ...] = ()
    removed_addresses: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    promises: tuple[PromiseToPay, ...] = ()
    events: tuple[Event, ...] = ()
    erased: tuple[Event, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    consents: tuple[Consent, ...] = ()
    holds: tuple[Hold, ...] = ()
    tasks: tuple[Task, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    visits: tuple[Visit, ...] = ()
    documents: tuple[IssuedDocument, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    checkouts: tuple[Checkout, ...] = ()
    received: tuple[Received, ...] = ()
    reported: tuple[Reported, ...] = ()
    papers: tuple[CreditorPaper, ...] = ()
    marks: tuple[Mark, ...] = ()
    removed_marks: tuple[Mark, ...] = ()
    cash: tuple[Written, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    counters: "CounterMoves | None" = None
    unspent: tuple[Unspent, ...] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CounterMoves:
    """
    What a change adds to the portfolio's counters (all are sums; deltas may be negative).

    Args:
        totals: Level counters: ``balance_minor``, ``cases_open``, ``cases_settled``, ``debts``...
        due: Outstanding minor units by due date (ISO, or ``none``): the ageing histogram.
        due_debts: Number of debts by due date, the same keys.
        days: Flow counters by local day of the portfolio: ``{"2026-11-22": {"paid_minor": 500,
            "payments": 1}}``.
        people: What is known of those who agreed something, by person id.
        effort: What people did and brought in, by ``<day>#<person id>``; see ``domain.effort``.
        owners: Cases that owe, by the id of the person who answers for them.
    """

    totals: dict[str, int]
    due: dict[str, int]
    due_debts: dict[str, int]
    days: dict[str, dict[str, int]]
    people: dict[str, dict[str, int]] = field(default_factory=dict)
    effort: dict[str, dict[str, int]] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
