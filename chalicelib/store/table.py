"""The cases table and its rows: PynamoDB models are the schema, docs/data-model.md says why."""

import base64
import zlib
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Generic, TypeVar

import orjson
from pynamodb.attributes import (
    Attribute,
    BooleanAttribute,
    DiscriminatorAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.constants import NUMBER, STRING
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.domain.case import (
    CaseStatus,
    ContactKind,
    Instalment,
    PointQuality,
    PromiseState,
)
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
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.task import TaskKind, TaskState
from chalicelib.domain.timeline import ChainHead

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

_E = TypeVar("_E", bound=Enum)


# How values lie in a row


class DayAttribute(Attribute[date]):
    """A date as ``yyyy-mm-dd``."""

    attr_type = STRING

    def serialize(self, value: date) -> str:
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        return date.fromisoformat(value)


@lru_cache(maxsize=64)
def instant_text(value: datetime) -> str:
    """Write an instant as ISO 8601 in UTC, always with microseconds, so that text sorts."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


class InstantAttribute(Attribute[datetime]):
    """An aware instant as ISO 8601 in UTC, always with microseconds, so that text sorts."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        return instant_text(value)

    def deserialize(self, value: str) -> datetime:
        return datetime.fromisoformat(value)


class EnumAttribute(Attribute[_E], Generic[_E]):
    """An enum's value, which is text."""

    attr_type = STRING

    def __init__(self, kind: type[_E], **options: Any) -> None:
        super().__init__(**options)
        self._kind = kind

    def serialize(self, value: _E) -> str:
        return str(value.value)

    def deserialize(self, value: str) -> _E:
        return self._kind(value)


class DegreesAttribute(Attribute[float]):
    attr_type = NUMBER

    def serialize(self, value: float) -> str:
        return repr(value)

    def deserialize(self, value: str) -> float:
        return float(value)


class JsonAttribute(Attribute[Any]):
    """A small structure as JSON text: one attribute to write and read instead of a tree of them."""

    attr_type = STRING

    def serialize(self, value: Any) -> str:
        return orjson.dumps(value).decode()

    def deserialize(self, value: str) -> Any:
        return orjson.loads(value)


class TextsAttribute(JsonAttribute):
    """A tuple of texts."""

    def deserialize(self, value: str) -> tuple[str, ...]:
        return tuple(orjson.loads(value))


class InstalmentsAttribute(JsonAttribute):
    """Instalments as ``[[number, due_on, amount_minor], ...]``."""

    def serialize(self, value: tuple[Instalment, ...]) -> str:
        rows = [[part.number, part.due_on.isoformat(), part.amount_minor] for part in value]
        return orjson.dumps(rows).decode()

    def deserialize(self, value: str) -> tuple[Instalment, ...]:
        return tuple(
            Instalment(number=number, due_on=date.fromisoformat(due_on), amount_minor=minor)
            for number, due_on, minor in orjson.loads(value)
        )


class ChannelsAttribute(JsonAttribute):
    """A tuple of channels."""

    def deserialize(self, value: str) -> tuple[Channel, ...]:
        return tuple(Channel(name) for name in orjson.loads(value))


class PartAttribute(JsonAttribute):
    """A dataclass as JSON text; what is long (an e-mail's HTML) is deflated."""

    LONG = 1_500

    def __init__(self, made: type[Any], **options: Any) -> None:
        super().__init__(**options)
        self._made = made

    def serialize(self, value: Any) -> str:
        text = orjson.dumps(to_plain(value))
        if len(text) < self.LONG:
            return text.decode()
        return base64.b64encode(zlib.compress(text)).decode()

    def deserialize(self, value: str) -> Any:
        deflated = not value.startswith("{")
        text = zlib.decompress(base64.b64decode(value)) if deflated else value
        return from_plain(self._made, orjson.loads(text))


class ChainAttribute(Attribute[ChainHead]):
    """The head of a timeline as ``<seq>#<hash>``."""

    attr_type = STRING

    def serialize(self, value: ChainHead) -> str:
        return f"{value.seq}#{value.hash}"

    def deserialize(self, value: str) -> ChainHead:
        seq, _, digest = value.partition("#")
        return ChainHead(seq=int(seq), hash=digest)


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
    lookup = LookupIndex()
    by_due = DueIndex()
    by_balance = BalanceIndex()
    by_name = NameIndex()
    agenda = AgendaIndex()


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


class PromiseRow(CaseRow, discriminator="promise"):
    amount_minor = NumberAttribute()
    due_on = DayAttribute()
    state = EnumAttribute(PromiseState)
    made_at = InstantAttribute()
    made_by = UnicodeAttribute()
    channel = UnicodeAttribute()
    grace_on = DayAttribute(null=True)


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


class TaskRow(CaseRow, discriminator="task"):
    task_kind = EnumAttribute(TaskKind)
    state = EnumAttribute(TaskState)
    cause = PartAttribute(Cause)
    due_on = DayAttribute()
    created_at = InstantAttribute()
    ended_at = InstantAttribute(null=True)
    ended_by = UnicodeAttribute(null=True)


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
