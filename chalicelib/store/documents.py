"""Small things of the work table kept whole as JSON, under a version."""

import base64
from dataclasses import replace
from typing import Any, Generic, TypeVar

import orjson

from chalicelib.domain.errors import BadField
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.wire import Item, Wire, WireError

CONDITION_FAILED = "ConditionalCheckFailedException"

T = TypeVar("T")


class Documents(Generic[T]):
    """
    Dataclasses with a ``version`` in the work table, one row each.

    Args:
        made: The dataclass.
        name: First part of the sort key, such as ``EXPORT``; also the row's ``kind``.
        key: Field that is the rest of it.
        owner: Partition of what belongs to no portfolio: ``portfolio_id`` is "" then.
    """

    def __init__(
        self, wire: Wire, table: str, made: type[T], *, name: str, key: str, owner: str = ""
    ) -> None:
        self._wire, self._table = wire, table
        self._made, self._name, self._key, self._owner = made, name, key, owner

    def add(self, document: T) -> bool:
        """Keep a new one; False, with nothing changed, when its id is taken."""
        return self._put(document, "attribute_not_exists(pk)", {})

    def get(self, portfolio_id: str, key: str) -> T | None:
        item = self._wire.call(
            "GetItem",
            {
                "TableName": self._table,
                "Key": self._keys(portfolio_id, key),
                "ConsistentRead": True,
            },
        ).get("Item")
        return self._read(item) if item else None

    def save(self, document: T) -> T | None:
        """Write over the version it was read at; None when somebody else has since."""
        version: int = document.version  # type: ignore[attr-defined]
        stored: T = replace(document, version=version + 1)  # type: ignore[type-var]
        if self._put(stored, "version = :read", {":read": {"N": str(version)}}):
            return stored
        return None

    def page(
        self, portfolio_id: str, *, limit: int, cursor: str | None, state: str | None = None
    ) -> tuple[list[T], str | None]:
        """Read in the order of their keys, those of one *state* only if given."""
        body: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
            "ExpressionAttributeValues": {
                ":pk": {"S": self._pk(portfolio_id)},
                ":sk": {"S": f"{self._name}#"},
            },
            "Limit": limit,
        }
        if state is not None:
            body["FilterExpression"] = "#state = :state"
            body["ExpressionAttributeNames"] = {"#state": "state"}
            body["ExpressionAttributeValues"][":state"] = {"S": state}
        if cursor:
            body["ExclusiveStartKey"] = self._keys(portfolio_id, opened(cursor))
        found: list[T] = []
        while True:
            answer = self._wire.call("Query", body)
            found += [self._read(item) for item in answer["Items"]]
            last = answer.get("LastEvaluatedKey")
            if last is None:
                return found, None
            if len(found) >= limit:
                return found, sealed(last["sk"]["S"].partition("#")[2])
            body["ExclusiveStartKey"] = last

    def _put(self, document: T, condition: str, values: dict[str, Any]) -> bool:
        item = self._item(document)
        body = {"TableName": self._table, "Item": item, "ConditionExpression": condition}
        if values:
            body["ExpressionAttributeValues"] = values
        try:
            self._wire.call("PutItem", body)
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            # The write may have been ours, its answer lost and the request repeated.
            owner = getattr(document, "portfolio_id", "")
            return self.get(owner, getattr(document, self._key)) == document
        return True

    def _item(self, document: T) -> Item:
        plain = to_plain(document)
        return self._keys(plain.get("portfolio_id", ""), plain[self._key]) | {
            "kind": {"S": self._name.lower()},
            "state": {"S": plain.get("state", "live")},
            "version": {"N": str(plain["version"])},
            "body": {"S": orjson.dumps(plain).decode()},
        }

    def _keys(self, portfolio_id: str, key: str) -> dict[str, Any]:
        return {"pk": {"S": self._pk(portfolio_id)}, "sk": {"S": f"{self._name}#{key}"}}

    def _pk(self, portfolio_id: str) -> str:
        return self._owner or f"P#{portfolio_id}"

    def _read(self, item: dict[str, Any]) -> T:
        return from_plain(self._made, orjson.loads(item["body"]["S"]))


def sealed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


def opened(cursor: str, *, within: str = "") -> str:
    """
    Read ``sealed``'s answer back.

    Args:
        within: How each key of the list begins: a cursor of another list leads nowhere else.

    Raises:
        BadField: It is none of this list's.
    """
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
    except ValueError as error:  # no base 64, or no text
        raise BadField(field="cursor", reason="foreign") from error
    # The decoder leaves out what is no digit of its own, so nothing may be left.
    if not text or not text.startswith(within):
        raise BadField(field="cursor", reason="foreign")
    return text
