"""The cases table and its rows: PynamoDB models are the schema, docs/data-model.md says why."""

from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    DiscriminatorAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.domain.agreement import Breach, Share
from chalicelib.domain.agreement_policy import Approver, Earned, Frequency
from chalicelib.domain.agreements import AgreementKind, AgreementState, Covered, Judged, Proof
from chalicelib.domain.assignment import AssignmentState, Why
from chalicelib.domain.case import (
    CaseStatus,
    ContactKind,
    PointQuality,
    PromiseState,
)
from chalicelib.domain.checkout import CheckoutState, Discount, Target
from chalicelib.domain.contact import (
    AttemptState,
    Cause,
    Channel,
    ConsentState,
    Content,
    Direction,
    HoldReason,
    Ruling,
)
from chalicelib.domain.creditor_paper import PaperKind
from chalicelib.domain.dispute import DisputeKind, DisputeState, Evidence, Resolution
from chalicelib.domain.document import DocumentKind
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.payment import ProviderPayment
from chalicelib.domain.reported import ReportedState
from chalicelib.domain.task import TaskKind, TaskState
from chalicelib.domain.visit import Arrived, Findings, Report, Review, Standing, VisitState
from chalicelib.domain.wish import ContactWish
from chalicelib.store.attributes import (
    ChainAttribute,
    ChannelsAttribute,
    DayAttribute,
    DegreesAttribute,
    EnumAttribute,
    InstalmentsAttribute,
    InstantAttribute,
    JsonAttribute,
    PairsAttribute,
    PartAttribute,
    PartsAttribute,
    TextsAttribute,
)

LIST_COLUMNS = [
    "portfolio_id",
    "currency",
    "name",
    "tax_id",
    "status",
    "balance_minor",
    "oldest_due_on",
    "city",
    "tags",
    "debts",
    "last_payment_on",
    "updated_at",
]

# Indexes


class LookupIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """From something a person or a file knows to the case that has it."""

    class Meta:
        index_name = "lookup"
        projection = KeysOnlyProjection()

    lookup_pk = UnicodeAttribute(hash_key=True)
    lookup_sk = UnicodeAttribute(range_key=True)


class DueIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_due"
        projection = IncludeProjection(LIST_COLUMNS)

    list_pk = UnicodeAttribute(hash_key=True)
    due_sk = UnicodeAttribute(range_key=True)


class BalanceIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_balance"
        projection = IncludeProjection(LIST_COLUMNS)

    list_pk = UnicodeAttribute(hash_key=True)
    balance_sk = UnicodeAttribute(range_key=True)


class NameIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_name"
        projection = IncludeProjection(LIST_COLUMNS)

    list_pk = UnicodeAttribute(hash_key=True)
    name_sk = UnicodeAttribute(range_key=True)


class AgendaIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """What is to be looked at on a day, and which messages are to go when."""

    class Meta:
        index_name = "agenda"
        projection = KeysOnlyProjection()

    agenda_pk = UnicodeAttribute(hash_key=True)
    agenda_sk = UnicodeAttribute(range_key=True)


class NearIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """
    Which addresses of cases that still owe lie in a cell of the map; beside them what a person
    did in the order of the day, what is put down to them, and cases by when they were touched.
    """

    class Meta:
        index_name = "near"
        projection = KeysOnlyProjection()

    near_pk = UnicodeAttribute(hash_key=True)
    near_sk = UnicodeAttribute(range_key=True)


# Rows of the cases table


class CaseRow(Model):
    """
    A row of the cases table.

    Keys:
        pk: ``CASE#<case_id>``: one query opens a case. ``PAY#<portfolio>#<hash>`` beside it.
        sk: What hangs off the case: ``HEAD``, ``DEBT#<id>``, ``ENTRY#<id>``, ``EVENT#<seq>``...
    """

    class Meta:
        table_name = "unbound"
        # API Gateway hangs up after 29 s; PynamoDB alone would wait 30 s for one read.
        connect_timeout_seconds = 2
        read_timeout_seconds = 5

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    lookup_pk = UnicodeAttribute(null=True)
    lookup_sk = UnicodeAttribute(null=True)
    list_pk = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)
    balance_sk = UnicodeAttribute(null=True)
    name_sk = UnicodeAttribute(null=True)
    agenda_pk = UnicodeAttribute(null=True)
    agenda_sk = UnicodeAttribute(null=True)
    near_pk = UnicodeAttribute(null=True)
    near_sk = UnicodeAttribute(null=True)
    lookup = LookupIndex()
    by_due = DueIndex()
    by_balance = BalanceIndex()
    by_name = NameIndex()
    agenda = AgendaIndex()
    near = NearIndex()


class HeadRow(CaseRow, discriminator="head"):
    portfolio_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    debtor_key = UnicodeAttribute()
    name = UnicodeAttribute()
    tax_id = UnicodeAttribute()
    status = EnumAttribute(CaseStatus)
    balance_minor = NumberAttribute()
    oldest_due_on = DayAttribute(null=True)
    due_buckets = JsonAttribute()
    due_debts = JsonAttribute()
    city = UnicodeAttribute()
    tags = TextsAttribute()
    debts = NumberAttribute()
    version = NumberAttribute()
    chain = ChainAttribute()
    created_at = InstantAttribute()
    updated_at = InstantAttribute()
    last_payment_on = DayAttribute(null=True)
    created_by_upload = UnicodeAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    wish = PartAttribute(ContactWish, null=True)
    disputes = NumberAttribute(null=True)
    disputed_minor = NumberAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    strategy = UnicodeAttribute(null=True)
    touched_on = DayAttribute(null=True)


class DebtRow(CaseRow, discriminator="debt"):
    external_id = UnicodeAttribute()
    product = UnicodeAttribute()
    issued_on = DayAttribute(null=True)
    due_on = DayAttribute()
    instalments = InstalmentsAttribute()
    documents = TextsAttribute()
    stated_principal_minor = NumberAttribute()
    stated_interest_minor = NumberAttribute()
    stated_fees_minor = NumberAttribute()
    fingerprint = UnicodeAttribute()
    upload_id = UnicodeAttribute(null=True)
    upload_outcome = UnicodeAttribute(null=True)
    seen_upload_id = UnicodeAttribute(null=True)
    void = BooleanAttribute()


class ContactRow(CaseRow, discriminator="contact"):
    contact_kind = EnumAttribute(ContactKind)
    value = UnicodeAttribute()
    party = UnicodeAttribute()
    quality = UnicodeAttribute()
    detail = UnicodeAttribute()
    source = UnicodeAttribute()


class AddressRow(CaseRow, discriminator="address"):
    lines = UnicodeAttribute()
    city = UnicodeAttribute()
    region = UnicodeAttribute()
    postal_code = UnicodeAttribute()
    country = UnicodeAttribute()
    lat = DegreesAttribute(null=True)
    lng = DegreesAttribute(null=True)
    cell = UnicodeAttribute(null=True)
    quality = EnumAttribute(PointQuality)
    source = UnicodeAttribute()
    radius_m = DegreesAttribute(null=True)


class EntryRow(CaseRow, discriminator="entry"):
    debt_id = UnicodeAttribute()
    entry_kind = EnumAttribute(EntryKind)
    amount_minor = NumberAttribute()
    principal_minor = NumberAttribute()
    interest_minor = NumberAttribute()
    fees_minor = NumberAttribute()
    effective_on = DayAttribute()
    recorded_at = InstantAttribute()
    source = UnicodeAttribute()
    reference = UnicodeAttribute()
    actor = UnicodeAttribute()
    reverses = UnicodeAttribute(null=True)
    reason = UnicodeAttribute()
    credited = UnicodeAttribute(null=True)
    late_days = NumberAttribute(null=True)


class PromiseRow(CaseRow, discriminator="promise"):
    amount_minor = NumberAttribute()
    due_on = DayAttribute()
    state = EnumAttribute(PromiseState)
    made_at = InstantAttribute()
    made_by = UnicodeAttribute()
    channel = UnicodeAttribute()
    grace_on = DayAttribute(null=True)
    kept_percent = NumberAttribute(null=True)
    partial_percent = NumberAttribute(null=True)
    series_id = UnicodeAttribute(null=True)
    paid_minor = NumberAttribute(null=True)


class AttemptRow(CaseRow, discriminator="attempt"):
    channel = EnumAttribute(Channel)
    direction = EnumAttribute(Direction)
    state = EnumAttribute(AttemptState)
    cause = PartAttribute(Cause)
    created_at = InstantAttribute()
    contact_id = UnicodeAttribute(null=True)
    party = UnicodeAttribute(null=True)
    template_id = UnicodeAttribute(null=True)
    fallback = ChannelsAttribute(null=True)
    not_before = InstantAttribute(null=True)
    ruling = PartAttribute(Ruling, null=True)
    content = PartAttribute(Content, null=True)
    outcome = UnicodeAttribute(null=True)
    provider = UnicodeAttribute(null=True)
    provider_id = UnicodeAttribute(null=True)
    cost_micros = NumberAttribute(null=True)
    cost_currency = UnicodeAttribute(null=True)
    sent_at = InstantAttribute(null=True)
    delivered_at = InstantAttribute(null=True)
    read_at = InstantAttribute(null=True)
    ended_at = InstantAttribute(null=True)
    problem = UnicodeAttribute(null=True)
    tracking = UnicodeAttribute(null=True)
    disposition = UnicodeAttribute(null=True)


class ConsentRow(CaseRow, discriminator="consent"):
    contact_id = UnicodeAttribute()
    channel = EnumAttribute(Channel, null=True)
    state = EnumAttribute(ConsentState)
    source = UnicodeAttribute()
    at = InstantAttribute()
    by = UnicodeAttribute()
    words = UnicodeAttribute(null=True)


class HoldRow(CaseRow, discriminator="hold"):
    reason = EnumAttribute(HoldReason)
    since = DayAttribute()
    until = DayAttribute(null=True)
    placed_at = InstantAttribute()
    placed_by = UnicodeAttribute()
    lifted_at = InstantAttribute(null=True)
    ended_at = InstantAttribute(null=True)
    note = UnicodeAttribute(null=True)
    debt_ids = TextsAttribute(null=True)


class TaskRow(CaseRow, discriminator="task"):
    task_kind = EnumAttribute(TaskKind)
    state = EnumAttribute(TaskState)
    cause = PartAttribute(Cause)
    due_on = DayAttribute()
    created_at = InstantAttribute()
    ended_at = InstantAttribute(null=True)
    ended_by = UnicodeAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    text = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(null=True)


class AssignmentRow(CaseRow, discriminator="assignment"):
    person_id = UnicodeAttribute()
    address_id = UnicodeAttribute()
    day = DayAttribute()
    state = EnumAttribute(AssignmentState)
    why = EnumAttribute(Why)
    created_at = InstantAttribute()
    created_by = UnicodeAttribute()
    place = NumberAttribute(null=True)
    arrives = NumberAttribute(null=True)
    task_id = UnicodeAttribute(null=True)
    batch_id = UnicodeAttribute(null=True)
    ruling = PartAttribute(Ruling, null=True)
    withdrawn = UnicodeAttribute(null=True)
    ended_at = InstantAttribute(null=True)


class VisitRow(CaseRow, discriminator="visit"):
    person_id = UnicodeAttribute()
    at = InstantAttribute()
    received_at = InstantAttribute()
    state = EnumAttribute(VisitState)
    standing = EnumAttribute(Standing)
    report = PartAttribute(Report)
    findings = PartAttribute(Findings)
    digest = UnicodeAttribute(null=True)
    signature = UnicodeAttribute(null=True)
    arrived = PartsAttribute(Arrived, null=True)
    review = PartAttribute(Review, null=True)
    told_at = InstantAttribute(null=True)


class DocumentRow(CaseRow, discriminator="document"):
    portfolio_id = UnicodeAttribute()
    document_kind = EnumAttribute(DocumentKind)
    code = UnicodeAttribute()
    of = UnicodeAttribute()
    sha256 = UnicodeAttribute()
    size_bytes = NumberAttribute()
    key = UnicodeAttribute()
    filename = UnicodeAttribute()
    language = UnicodeAttribute()
    issued_at = InstantAttribute()
    issued_by = UnicodeAttribute()
    facts = JsonAttribute()
    annulled_at = InstantAttribute(null=True)
    annulled_why = UnicodeAttribute(null=True)


class DisputeRow(CaseRow, discriminator="dispute"):
    dispute_kind = EnumAttribute(DisputeKind)
    state = EnumAttribute(DisputeState)
    source = UnicodeAttribute()
    opened_at = InstantAttribute()
    opened_by = UnicodeAttribute()
    due_on = DayAttribute()
    hold_id = UnicodeAttribute()
    debt_ids = TextsAttribute(null=True)
    text = UnicodeAttribute(null=True)
    claimed_minor = NumberAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    taken_up_at = InstantAttribute(null=True)
    evidence = PartsAttribute(Evidence, null=True)
    resolution = PartAttribute(Resolution, null=True)


class AgreementRow(CaseRow, discriminator="agreement"):
    agreement_kind = EnumAttribute(AgreementKind)
    state = EnumAttribute(AgreementState)
    covered = PartsAttribute(Covered)
    shares = PartsAttribute(Share)
    frequency = EnumAttribute(Frequency)
    earned = EnumAttribute(Earned)
    missed = NumberAttribute()
    grace_days = NumberAttribute()
    made_at = InstantAttribute()
    made_by = UnicodeAttribute()
    until = InstantAttribute()
    channel = UnicodeAttribute(null=True)
    breaches = PartsAttribute(Breach, null=True)
    approver = EnumAttribute(Approver, null=True)
    reason = UnicodeAttribute(null=True)
    replaces = UnicodeAttribute(null=True)
    restructured = NumberAttribute(null=True)
    new_debt_id = UnicodeAttribute(null=True)
    decided_at = InstantAttribute(null=True)
    decided_by = UnicodeAttribute(null=True)
    signed_at = InstantAttribute(null=True)
    signed_by = UnicodeAttribute(null=True)
    proof = PartAttribute(Proof, null=True)
    ended_at = InstantAttribute(null=True)
    ended_by = UnicodeAttribute(null=True)
    broken = NumberAttribute(null=True)
    document_id = UnicodeAttribute(null=True)
    letter_id = UnicodeAttribute(null=True)
    capitalised = BooleanAttribute(null=True)
    judged = PartsAttribute(Judged, null=True)


class CheckoutRow(CaseRow, discriminator="checkout"):
    target = PartAttribute(Target)
    amount_minor = NumberAttribute()
    currency = UnicodeAttribute()
    provider = UnicodeAttribute()
    state = EnumAttribute(CheckoutState)
    started_at = InstantAttribute()
    started_by = UnicodeAttribute()
    expires_at = InstantAttribute()
    language = UnicodeAttribute(null=True)
    contact_id = UnicodeAttribute(null=True)
    method = UnicodeAttribute(null=True)
    provider_id = UnicodeAttribute(null=True)
    url = UnicodeAttribute(null=True)
    instructions = PairsAttribute(null=True)
    paid_minor = NumberAttribute(null=True)
    ended_at = InstantAttribute(null=True)
    problem = UnicodeAttribute(null=True)
    discount = PartAttribute(Discount, null=True)


class ReceivedRow(CaseRow, discriminator="received"):
    payment = PartAttribute(ProviderPayment)
    at = InstantAttribute()
    updated_at = InstantAttribute()
    checkout_id = UnicodeAttribute(null=True)
    posted_minor = NumberAttribute(null=True)
    revision = NumberAttribute(null=True)
    over_minor = NumberAttribute(null=True)


class ReportedRow(CaseRow, discriminator="reported"):
    state = EnumAttribute(ReportedState)
    amount_minor = NumberAttribute(null=True)
    paid_on = DayAttribute(null=True)
    source = UnicodeAttribute()
    at = InstantAttribute()
    by = UnicodeAttribute()
    reference = UnicodeAttribute(null=True)
    words = UnicodeAttribute(null=True)
    hold_id = UnicodeAttribute(null=True)
    task_id = UnicodeAttribute(null=True)
    evidence = PartsAttribute(Evidence, null=True)
    answer = UnicodeAttribute(null=True)
    ended_at = InstantAttribute(null=True)
    ended_by = UnicodeAttribute(null=True)
    also = TextsAttribute(null=True)


class PaperRow(CaseRow, discriminator="paper"):
    paper_kind = EnumAttribute(PaperKind)
    name = UnicodeAttribute()
    media_type = UnicodeAttribute()
    size_bytes = NumberAttribute()
    sha256 = UnicodeAttribute()
    key = UnicodeAttribute(null=True)
    at = InstantAttribute()
    by = UnicodeAttribute()
    debt_id = UnicodeAttribute(null=True)
    shown = BooleanAttribute()
    replaces = UnicodeAttribute(null=True)
    replaced_by = UnicodeAttribute(null=True)
    ended_at = InstantAttribute(null=True)
    ended_by = UnicodeAttribute(null=True)
    why = UnicodeAttribute(null=True)
    erased = BooleanAttribute(null=True)


class MarkRow(CaseRow, discriminator="mark"):
    """What a visit left to be found by: ``<FAMILY>#<value>`` / what was there."""


class EventRow(CaseRow, discriminator="event"):
    event_kind = UnicodeAttribute()
    at = InstantAttribute()
    actor = UnicodeAttribute()
    facts = JsonAttribute()
    personal = JsonAttribute()
    salts = JsonAttribute()
    commitments = JsonAttribute()
    prev_hash = UnicodeAttribute()
    hash = UnicodeAttribute()


class NameRow(CaseRow, discriminator="name"):
    """A word of the debtor's name, for the search; nothing but keys."""


class PaymentRow(CaseRow, discriminator="payment"):
    """That a payment with this source and reference exists in the portfolio, and where."""

    case_id = UnicodeAttribute()
    content = UnicodeAttribute()


def bind(table_name: str) -> None:
    """Point every row class at the deployed table; wiring calls this once."""
    CaseRow.Meta.table_name = table_name


# The tracking table


class LiveIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """What the map asks every few seconds: of whom was something heard since."""

    class Meta:
        index_name = "live"
        projection = IncludeProjection(["body", "version"])

    live_pk = UnicodeAttribute(hash_key=True)
    live_sk = UnicodeAttribute(range_key=True)


class TrackingRow(Model):
    """
    A row of the tracking table; ``store/tracking.py`` reads and writes them.

    Keys:
        pk: ``AGENT#<person>``, ``TRAIL#<person>#<day>``, ``DEVICE#<device>#<day>``, ``ALARMS``.
        sk: What it is of it: ``NOW``, ``SHIFT#<id>``, ``<first point>#<hash>``...
    """

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    live_pk = UnicodeAttribute(null=True)
    live_sk = UnicodeAttribute(null=True)
    live = LiveIndex()
