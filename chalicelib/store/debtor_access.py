"""
Debtors at their page, as rows of the work table; all of them go away by themselves (TTL).

``DEBTOR#<digest of the cookie>`` / ``SESSION``, ``KNOCK`` and ``ONCE#<key of a form>``;
``LINKS#<case>`` / ``-`` says which links of a case no longer work.
"""

from datetime import datetime, timedelta
from typing import Any, TypeVar

import orjson

from chalicelib.domain.debtor_link import MOST_DAYS
from chalicelib.domain.debtor_session import DebtorSession, Knock, Once
from chalicelib.domain.links_of_case import LinksOfCase
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.documents import CONDITION_FAILED
from chalicelib.store.wire import Wire, WireError

ONCE_KEPT = timedelta(days=1)
MOST_TRIES = 8

T = TypeVar("T")


class DebtorAccessStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    # Who is in

    def session(self, session_id: str) -> DebtorSession | None:
        return self._get(f"DEBTOR#{session_id}", "SESSION", DebtorSession)

    def keep_session(self, session: DebtorSession) -> None:
        self._put(f"DEBTOR#{session.session_id}", "SESSION", session, session.expires_at)

    def end_session(self, session_id: str) -> None:
        key = _key(f"DEBTOR#{session_id}", "SESSION")
        self._wire.call("DeleteItem", {"TableName": self._table, "Key": key})

    # Who knocks

    def knock(self, knock_id: str) -> Knock | None:
        return self._get(f"DEBTOR#{knock_id}", "KNOCK", Knock)

    def keep_knock(self, knock: Knock) -> None:
        self._put(f"DEBTOR#{knock.knock_id}", "KNOCK", knock, knock.expires_at)

    # What was sent once

    def begin(self, session_id: str, form_key: str, *, now: datetime) -> Once | None:
        """Take a form on; gives what became of it when somebody has already."""
        sk = f"ONCE#{form_key}"
        try:
            self._put(
                f"DEBTOR#{session_id}",
                sk,
                Once(at=now),
                now + ONCE_KEPT,
                ConditionExpression="attribute_not_exists(pk)",
            )
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return self._get(f"DEBTOR#{session_id}", sk, Once)
        return None

    def finish(self, session_id: str, form_key: str, leads_to: str, *, now: datetime) -> None:
        once = Once(at=now, leads_to=leads_to)
        self._put(f"DEBTOR#{session_id}", f"ONCE#{form_key}", once, now + ONCE_KEPT)

    def give_up(self, session_id: str, form_key: str) -> None:
        """Let a form that was refused be sent again."""
        key = _key(f"DEBTOR#{session_id}", f"ONCE#{form_key}")
        self._wire.call("DeleteItem", {"TableName": self._table, "Key": key})

    def once(self, session_id: str, form_key: str) -> Once | None:
        return self._get(f"DEBTOR#{session_id}", f"ONCE#{form_key}", Once)

    # Links of a case

    def links(self, case_id: str) -> LinksOfCase:
        return self._get(f"LINKS#{case_id}", "-", LinksOfCase) or LinksOfCase()

    def change_links(self, before: LinksOfCase, after: LinksOfCase, *, case_id: str) -> bool:
        """Write what is known of a case's links; False when somebody else has since."""
        expires = max((one.until for one in after.made), default=None)
        floor = after.revoked_before
        if floor is not None:
            last = floor + timedelta(days=MOST_DAYS)
            expires = max(expires or last, last)
        condition: dict[str, Any] = (
            {
                "ConditionExpression": "version = :read",
                "ExpressionAttributeValues": {":read": {"N": str(before.version)}},
            }
            if before.version
            else {"ConditionExpression": "attribute_not_exists(pk)"}
        )
        try:
            self._put(f"LINKS#{case_id}", "-", after, expires, after.version, **condition)
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            return False
        return True

    # Private

    def _get(self, pk: str, sk: str, kind: type[T]) -> T | None:
        item = self._wire.call(
            "GetItem", {"TableName": self._table, "Key": _key(pk, sk), "ConsistentRead": True}
        ).get("Item")
        return from_plain(kind, orjson.loads(item["body"]["S"])) if item else None

    def _put(
        self,
        pk: str,
        sk: str,
        kept: Any,
        expires_at: datetime | None,
        version: int = 0,
        **condition: Any,
    ) -> None:
        item: dict[str, Any] = _key(pk, sk) | {
            "kind": {"S": "debtor_access"},
            "body": {"S": orjson.dumps(to_plain(kept)).decode()},
        }
        if expires_at is not None:
            item["expires_at"] = {"N": str(int(expires_at.timestamp()) + 60)}
        if version:
            item["version"] = {"N": str(version)}
        self._wire.call("PutItem", {"TableName": self._table, "Item": item} | condition)


def _key(pk: str, sk: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
