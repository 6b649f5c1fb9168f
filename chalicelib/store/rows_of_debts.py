"""Rows of a case that say who owes what since when, what was paid of it, and what happened."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.case import CaseStatus, ContactKind, PointQuality
from chalicelib.domain.charge_off import ChargeOff
from chalicelib.domain.checkout import CheckoutState, Discount, Target
from chalicelib.domain.dispute import Evidence
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.payment import ProviderPayment
from chalicelib.domain.reported import ReportedState
from chalicelib.domain.wish import ContactWish
from chalicelib.store.attributes import (
    ChainAttribute,
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
from chalicelib.store.table import CaseRow


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
    charged_off = NumberAttribute(null=True)
    charged_off_minor = NumberAttribute(null=True)
    counted_for = UnicodeAttribute(null=True)
    erased = UnicodeAttribute(null=True)


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
    charge_offs = PartsAttribute(ChargeOff, null=True)


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
