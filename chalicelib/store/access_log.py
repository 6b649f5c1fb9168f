"""
The access log in the work table: two rows a look, gone by themselves after two years.

``SEEN#<portfolio>#<day, UTC>`` / ``<slot>#<who>#<kind>#<what>`` and the same under ``SEEN#<case>``,
for what is asked of a case. The key is made of what was looked at and of the five minutes it was
in, so that looking again writes the same rows.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.looked import Look, LookKind
from chalicelib.store.attributes import instant_text
from chalicelib.store.documents import opened, sealed
from chalicelib.store.wire import Item, Wire

KEPT = timedelta(days=730)
# Rows that one page may read before it stops: what is sought may be rare.
ROWS_READ = 2_000
_PAGE = 500
_HIGHEST = "~"


class AccessLogStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    def note(self, look: Look) -> None:
        """Keep that somebody looked; within five minutes the same look is one."""
        slot = f"{look.slot:%Y-%m-%dT%H:%M}"
        sk = f"{slot}#{look.actor}#{look.kind.value}#{look.case_id or look.of}"
        owners = [f"SEEN#{look.portfolio_id}#{slot[:10]}"]
        if look.case_id:
            owners.append(f"SEEN#{look.case_id}")
        body = {
            "kind": {"S": "look"},
            "look": {"S": look.kind.value},
            "actor": {"S": look.actor},
            "portfolio_id": {"S": look.portfolio_id},
            "case_id": {"S": look.case_id},
            "of": {"S": look.of},
            "at": {"S": instant_text(look.at)},
            "expires_at": {"N": str(int((look.at + KEPT).timestamp()))},
        }
        self._wire.put_many(
            self._table, [{"pk": {"S": owner}, "sk": {"S": sk}} | body for owner in owners]
        )

    def page(
        self,
        portfolio_id: str,
        *,
        first: datetime,
        last: datetime,
        case_id: str = "",
        actor: str = "",
        kind: LookKind | None = None,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[Look], str | None]:
        """
        Read what was looked at from *first* until before *last*, the newest first.

        A page may hold less than was asked for, even nothing, and still have a cursor.
        """
        wanted = {"portfolio_id": portfolio_id, "actor": actor, "look": kind.value if kind else ""}
        owners = [f"SEEN#{case_id}"] if case_id else _days(portfolio_id, first, last)
        low, high = f"{first.astimezone(UTC):%Y-%m-%dT%H:%M}", _last_slot(last)
        begun, after = 0, ""
        if cursor:
            number, _, after = opened(cursor).partition("|")
            begun = int(number) if number.isdecimal() else 0
        found: list[Look] = []
        read = 0
        for place, owner in enumerate(owners[begun:], begun):
            start: str | None = after or None
            after = ""
            while True:
                answer = self._wire.call(
                    "Query",
                    self._asked(owner, (low, high), start, wanted),
                )
                read += answer["ScannedCount"]
                for item in answer["Items"]:
                    found.append(_look(item))
                    if len(found) == limit:
                        return found, sealed(f"{place}|{item['sk']['S']}")
                rest = answer.get("LastEvaluatedKey")
                if rest is None:
                    break
                start = rest["sk"]["S"]
                if read >= ROWS_READ:
                    return found, sealed(f"{place}|{start}")
        return found, None

    def _asked(
        self, owner: str, between: tuple[str, str], start: str | None, wanted: dict[str, str]
    ) -> dict[str, Any]:
        wanted = {name: value for name, value in wanted.items() if value}
        low, high = between
        body: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
            "FilterExpression": " AND ".join(f"#{name} = :{name}" for name in wanted),
            "ExpressionAttributeNames": {f"#{name}": name for name in wanted},
            "ExpressionAttributeValues": {
                ":pk": {"S": owner},
                ":low": {"S": low},
                ":high": {"S": high},
            }
            | {f":{name}": {"S": value} for name, value in wanted.items()},
            "ScanIndexForward": False,
            "Limit": _PAGE,
        }
        if start is not None:
            body["ExclusiveStartKey"] = {"pk": {"S": owner}, "sk": {"S": start}}
        return body


def _days(portfolio_id: str, first: datetime, last: datetime) -> list[str]:
    """The partitions of a span of time, the newest first."""
    day, until = first.astimezone(UTC).date(), (last - timedelta(seconds=1)).astimezone(UTC).date()
    days = [day + timedelta(days=n) for n in range((until - day).days + 1)]
    return [f"SEEN#{portfolio_id}#{one.isoformat()}" for one in reversed(days)]


def _last_slot(last: datetime) -> str:
    return f"{(last - timedelta(minutes=1)).astimezone(UTC):%Y-%m-%dT%H:%M}{_HIGHEST}"


def _look(item: Item) -> Look:
    return Look(
        kind=LookKind(item["look"]["S"]),
        at=datetime.fromisoformat(item["at"]["S"]),
        actor=item["actor"]["S"],
        portfolio_id=item["portfolio_id"]["S"],
        case_id=item["case_id"]["S"],
        of=item["of"]["S"],
    )
