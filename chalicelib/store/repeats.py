"""Requests that carried an Idempotency-Key: begun, or done and with what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DeleteError, PutError
from pynamodb.models import Model

LEASE = timedelta(seconds=60)  # longer than API Gateway lets any request run
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """
    What is known of the first request with a key.

    Args:
        request_hash: Of its method, path and body.
        receipt: Small facts by which its answer can be made again; None while it runs.
    """

    request_hash: str
    receipt: dict[str, Any] | None


class RepeatRow(Model):
    """A row of the idempotency table; ``expiration`` is its time to live."""

    class Meta:
        table_name = "unbound"
        connect_timeout_seconds = 2
        read_timeout_seconds = 5

    id = UnicodeAttribute(hash_key=True)
    request_hash = UnicodeAttribute()
    lease_until = NumberAttribute()
    expiration = NumberAttribute()
    receipt = JSONAttribute(null=True)


class RepeatStore:
    def begin(self, key: str, *, request_hash: str, now: datetime) -> Earlier | None:
        """
        Claim *key* for a request, unless an earlier one has it.

        A claim whose request died with its function is free again after ``LEASE``.
        """
        at = int(now.timestamp())
        row = RepeatRow(
            key,
            request_hash=request_hash,
            lease_until=at + int(LEASE.total_seconds()),
            expiration=at + int(REMEMBERED.total_seconds()),
        )
        free = (
            RepeatRow.id.does_not_exist()
            | (RepeatRow.expiration < at)
            | (RepeatRow.receipt.does_not_exist() & (RepeatRow.lease_until < at))
        )
        try:
            row.save(condition=free)
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
        else:
            return None
        earlier = RepeatRow.get(key, consistent_read=True)
        return Earlier(request_hash=earlier.request_hash, receipt=earlier.receipt)

    def finish(self, key: str, *, receipt: dict[str, Any]) -> None:
        """Keep what a repeat is to be answered with."""
        RepeatRow(key).update(actions=[RepeatRow.receipt.set(receipt)])

    def release(self, key: str) -> None:
        """Forget a claim whose request was refused: the next try may be right."""
        try:
            RepeatRow(key).delete(condition=RepeatRow.receipt.does_not_exist())
        except DeleteError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise


def bind(table_name: str) -> None:
    """Point the row class at the deployed table; wiring calls this once."""
    RepeatRow.Meta.table_name = table_name
