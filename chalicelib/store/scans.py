"""
What a scanner said of objects, as rows of the work table; and reading GuardDuty's event.

``SCAN#<key of the object>`` / ``-``: no two of our buckets have a folder of the same name.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.scan import MOST_NAME, MOST_THREATS, Scan, ScanState
from chalicelib.store import audit as audit_rows
from chalicelib.store.attributes import instant_text
from chalicelib.store.wire import Item, TransactionCancelled, Wire

# As Malware Protection for S3 names them, in its event and in the object's tag alike.
RESULTS = {
    "NO_THREATS_FOUND": ScanState.CLEAN,
    "THREATS_FOUND": ScanState.INFECTED,
    "UNSUPPORTED": ScanState.UNKNOWN,
    "ACCESS_DENIED": ScanState.UNKNOWN,
    "FAILED": ScanState.UNKNOWN,
}
_PREFIX = "SCAN#"


class ScanStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    def note(self, scan: Scan, *, audit: AuditEvent | None = None) -> bool:
        """
        Keep a result, with what the audit says of it; says whether it was news.

        Results come twice and out of order. What was found infected once stays so: whatever is
        said of it later, nobody is given the file.
        """
        row = {
            "TableName": self._table,
            "Item": {
                "pk": {"S": f"{_PREFIX}{scan.key}"},
                "sk": {"S": "-"},
                "state": {"S": scan.state.value},
                "at": {"S": instant_text(scan.at)},
                "threats": {"L": [{"S": name} for name in scan.threats]},
            },
            "ConditionExpression": "attribute_not_exists(pk) OR NOT #state IN (:bad, :same)",
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": {
                ":bad": {"S": ScanState.INFECTED.value},
                ":same": {"S": scan.state.value},
            },
        }
        writes = [{"Put": row}]
        if audit is not None:
            told = audit_rows.row_of(audit).serialize()
            writes.append({"Put": {"TableName": self._table, "Item": told}})
        try:
            self._wire.transact(writes)
        except TransactionCancelled as cancelled:
            if cancelled.reasons and cancelled.reasons[0][0] == "ConditionalCheckFailed":
                return False
            raise
        return True

    def get(self, keys: Collection[str]) -> Mapping[str, Scan]:
        """Find what is known of objects; nothing of those that no result came of."""
        wanted = [(f"{_PREFIX}{key}", "-") for key in dict.fromkeys(keys)]
        found = (_scan(item) for item in self._wire.get_many(self._table, wanted))
        return {one.key: one for one in found}


def heard(detail: Mapping[str, Any], at: datetime) -> tuple[str, Scan] | None:
    """
    Read an event ``GuardDuty Malware Protection Object Scan Result``.

    Args:
        detail: The event's own part.

    Returns:
        (bucket, result); None for a result whose name we do not know.
    """
    of, told = detail["s3ObjectDetails"], detail["scanResultDetails"]
    state = RESULTS.get(str(told.get("scanResultStatus")))
    if state is None:
        return None
    threats = [str(one.get("name", ""))[:MOST_NAME] for one in told.get("threats") or ()]
    return str(of["bucketName"]), Scan(
        key=str(of["objectKey"]), state=state, at=at, threats=tuple(threats[:MOST_THREATS])
    )


def _scan(item: Item) -> Scan:
    return Scan(
        key=item["pk"]["S"].removeprefix(_PREFIX),
        state=ScanState(item["state"]["S"]),
        at=datetime.fromisoformat(item["at"]["S"]),
        threats=tuple(one["S"] for one in item["threats"]["L"]),
    )
