"""The cases table, its indexes and its rows' common base; docs/data-model.md says why."""

from typing import Any

from pynamodb.attributes import DiscriminatorAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

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
