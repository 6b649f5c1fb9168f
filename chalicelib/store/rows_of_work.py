"""Rows of a case that say what was said, promised, agreed, visited and disputed, and by whom."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.agreement import Breach, Share
from chalicelib.domain.agreement_policy import Approver, Earned, Frequency
from chalicelib.domain.agreements import AgreementKind, AgreementState, Covered, Judged, Proof
from chalicelib.domain.assignment import AssignmentState, Why
from chalicelib.domain.case import PromiseState
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
from chalicelib.domain.task import TaskKind, TaskState
from chalicelib.domain.visit import Arrived, Findings, Report, Review, Standing, VisitState
from chalicelib.store.attributes import (
    ChannelsAttribute,
    DayAttribute,
    EnumAttribute,
    InstantAttribute,
    JsonAttribute,
    PartAttribute,
    PartsAttribute,
    TextsAttribute,
)
from chalicelib.store.table import CaseRow


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
