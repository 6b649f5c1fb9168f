"""
What agents show at doors, and turns at asking, as rows of the work table.

``CREDENTIAL#<code or token>`` / ``-`` finds it; ``PERSON#<id>`` / ``CREDENTIAL`` is the person's.
Both go away by themselves (TTL), some time after they stopped working.
"""

from datetime import datetime
from typing import Any

import orjson

from chalicelib.domain.credential import Credential
from chalicelib.domain.ids import derived_id
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.wire import TransactionCancelled, Wire

Item = dict[str, Any]


class CredentialStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    def of(self, person_id: str) -> Credential | None:
        return self._get(f"PERSON#{person_id}", "CREDENTIAL")

    def find(self, value: str) -> Credential | None:
        return self._get(f"CREDENTIAL#{value}", "-")

    def put(self, credential: Credential, *, now: datetime) -> bool:
        free = "attribute_not_exists(pk) OR expires_at < :now"
        known = self.of(credential.person_id)
        code = self._put(f"CREDENTIAL#{credential.code}", "-", credential)
        code["Put"] |= {
            "ConditionExpression": free,
            "ExpressionAttributeValues": {":now": {"N": str(int(now.timestamp()))}},
        }
        writes = [
            code,
            self._put(f"CREDENTIAL#{credential.token}", "-", credential),
            self._put(f"PERSON#{credential.person_id}", "CREDENTIAL", credential),
            *self._gone(known, but=credential.code),
        ]
        try:
            self._wire.transact(writes)
        except TransactionCancelled:
            return False
        return True

    def end(self, person_id: str) -> None:
        known = self.of(person_id)
        if known is not None:
            mine = self._delete(f"PERSON#{person_id}", "CREDENTIAL")
            self._wire.transact([mine, *self._gone(known)])

    # Private

    def _gone(self, known: Credential | None, *, but: str = "") -> list[Item]:
        values = (known.code, known.token) if known else ()
        return [self._delete(f"CREDENTIAL#{one}", "-") for one in values if one != but]

    def _get(self, pk: str, sk: str) -> Credential | None:
        item = self._wire.call(
            "GetItem",
            {"TableName": self._table, "Key": _key(pk, sk), "ConsistentRead": True},
        ).get("Item")
        return from_plain(Credential, orjson.loads(item["body"]["S"])) if item else None

    def _put(self, pk: str, sk: str, credential: Credential) -> Item:
        item = _key(pk, sk) | {
            "kind": {"S": "credential"},
            "expires_at": {"N": str(int(credential.expires_at.timestamp()))},
            "body": {"S": orjson.dumps(to_plain(credential)).decode()},
        }
        return {"Put": {"TableName": self._table, "Item": item}}

    def _delete(self, pk: str, sk: str) -> Item:
        return {"Delete": {"TableName": self._table, "Key": _key(pk, sk)}}


class TurnStore:
    """How often somebody asked for something, in rows that go away by themselves."""

    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    def take(self, name: str, *, most: int, within_s: int, now: datetime) -> bool:
        return self._add(1, name, within_s, now) <= most

    def give_back(self, name: str, *, within_s: int, now: datetime) -> None:
        self._add(-1, name, within_s, now)

    def _add(self, number: int, name: str, within_s: int, now: datetime) -> int:
        at = int(now.timestamp())
        # Hashed: a name may hold an address.
        pk = f"TURN#{derived_id('trn', name)}"
        answer = self._wire.call(
            "UpdateItem",
            {
                "TableName": self._table,
                "Key": _key(pk, str(at // within_s)),
                "UpdateExpression": "ADD turns :number SET expires_at = :gone",
                "ExpressionAttributeValues": {
                    ":number": {"N": str(number)},
                    ":gone": {"N": str(at + 2 * within_s)},
                },
                "ReturnValues": "UPDATED_NEW",
            },
        )
        return int(answer["Attributes"]["turns"]["N"])


def _key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
