"""The work table: portfolios, people, tokens, uploads and counters; its rows' common base."""

import base64
import binascii
import json
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.models import Model

from chalicelib.domain.errors import BadField


class WorkRow(Model):
    """
    A row of the work table (docs/data-model.md has every key).

    Keys:
        pk: What is listed together: ``ORG``, ``P#<portfolio_id>``...
        sk: What it is, in the order it is listed: ``PERSON#<id>``.
    """

    class Meta:
        table_name = "unbound"
        # API Gateway hangs up after 29 s; PynamoDB alone would wait 30 s for one read.
        connect_timeout_seconds = 2
        read_timeout_seconds = 5

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


def bind(table_name: str) -> None:
    """Point every row class at the deployed table; wiring calls this once."""
    WorkRow.Meta.table_name = table_name
    # Made on the base, the connection is everybody's: a client per row class would cost each
    # cold start some 50 ms apiece.
    WorkRow._get_connection()


def connection() -> Connection:
    """The one connection, for transactions."""
    return WorkRow._get_connection().connection


def lost_race(error: TransactWriteError) -> bool:
    """Tell a failed condition, or another transaction on the same rows, from a fault."""
    codes = {reason.code for reason in error.cancellation_reasons if reason is not None}
    return bool(codes & {"ConditionalCheckFailed", "TransactionConflict"})


def write_cursor(last: dict[str, Any] | None) -> str | None:
    """Make an opaque cursor of DynamoDB's last key; None on the last page."""
    if last is None:
        return None
    keys = {name: next(iter(value.values())) for name, value in last.items()}
    return base64.urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *, pk: str) -> dict[str, Any] | None:
    """
    Read ``write_cursor``'s answer back.

    Args:
        pk: The partition being listed; a cursor of another one is refused, so that a cursor
            never opens what its bearer may not see.

    Raises:
        BadField: It is none of ours.
    """
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        keys = json.loads(raw)
        mine = keys["pk"] == pk and set(keys) == {"pk", "sk"} and isinstance(keys["sk"], str)
    except (binascii.Error, ValueError, KeyError, TypeError):
        mine = False
    if not mine:
        raise BadField(field="cursor", reason="invalid")
    return {name: {"S": value} for name, value in keys.items()}
