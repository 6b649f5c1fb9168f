"""
The suppression list of each portfolio, in the work table.

``GONE#<portfolio>`` / ``HEAD`` how many there are; ``ONE#<digest>`` one value's keyed hash, for
which request and since when; ``PAGE#<its first two digits>`` the hashes alone, in a tenth of the
room, for who asks about many at once. All of a change is one transaction.
"""

from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.suppressed import SuppressedKind, Suppression, SuppressionHead
from chalicelib.store import audit as audit_rows
from chalicelib.store.attributes import instant_text
from chalicelib.store.wire import Item, TransactionCancelled, Wire

# So many are looked for one by one, in one request; for more the pages are read.
MOST_ONE_BY_ONE = 25
# Entries of one transaction: each is a row, at most a page of its own, and the head is one more.
AT_ONCE = 40
LISTS_KEPT = 4
_FAILED = "ConditionalCheckFailed"


class SuppressionStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table
        # Of the last portfolios that many were asked about: the list, and of which version it is.
        self._lists: OrderedDict[str, tuple[int, frozenset[bytes]]] = OrderedDict()

    def head(self, portfolio_id: str) -> SuppressionHead:
        item = self._wire.call(
            "GetItem",
            {
                "TableName": self._table,
                "Key": _key(portfolio_id, "HEAD"),
                "ConsistentRead": True,
            },
        ).get("Item")
        if item is None:
            return SuppressionHead()
        return SuppressionHead(count=int(item["count"]["N"]), version=int(item["version"]["N"]))

    def known(
        self, portfolio_id: str, digests: Collection[bytes], head: SuppressionHead
    ) -> frozenset[bytes]:
        if len(digests) <= MOST_ONE_BY_ONE:
            return frozenset(one.digest for one in self._read(portfolio_id, digests))
        return self._list(portfolio_id, head) & frozenset(digests)

    def add(self, portfolio_id: str, entries: Iterable[Suppression]) -> int:
        left = {one.digest: one for one in entries}
        added = 0
        while left:
            batch = dict(islice(left.items(), AT_ONCE))
            there = {one.digest for one in self._read(portfolio_id, batch)}
            new = [one for digest, one in batch.items() if digest not in there]
            if new and not self._add(portfolio_id, new):
                continue  # somebody else put one of them there meanwhile
            added += len(new)
            for digest in batch:
                del left[digest]
        return added

    def remove(
        self, portfolio_id: str, digest: bytes, *, audit: AuditEvent | None = None
    ) -> Suppression | None:
        known = next(iter(self._read(portfolio_id, [digest])), None)
        if known is None:
            return None
        there = {
            "TableName": self._table,
            "Key": _one_key(portfolio_id, digest),
            "ConditionExpression": "attribute_exists(pk)",
        }
        gone: list[Item] = [
            {"Delete": there},
            self._page(portfolio_id, [digest], "DELETE"),
            self._counted(portfolio_id, -1),
        ]
        if audit is not None:
            told = audit_rows.row_of(audit).serialize()
            gone.append({"Put": {"TableName": self._table, "Item": told}})
        return known if self._transact(gone) else None

    # Private

    def _add(self, portfolio_id: str, new: Sequence[Suppression]) -> bool:
        pages: dict[str, list[bytes]] = {}
        for one in new:
            pages.setdefault(_page_of(one.digest), []).append(one.digest)
        operations: list[Item] = [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": _item(portfolio_id, one),
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            }
            for one in new
        ]
        operations += [self._page(portfolio_id, digests, "ADD") for digests in pages.values()]
        return self._transact([*operations, self._counted(portfolio_id, len(new))])

    def _transact(self, operations: list[Item]) -> bool:
        try:
            self._wire.transact(operations)
        except TransactionCancelled as cancelled:
            if not any(code == _FAILED for code, _ in cancelled.reasons):
                raise
            return False
        return True

    def _page(self, portfolio_id: str, digests: Sequence[bytes], change: str) -> Item:
        return {
            "Update": {
                "TableName": self._table,
                "Key": _key(portfolio_id, f"PAGE#{_page_of(digests[0])}"),
                "UpdateExpression": f"SET kind = :kind {change} digests :digests",
                "ExpressionAttributeValues": {
                    ":kind": {"S": "suppression"},
                    ":digests": {"BS": [_written(one) for one in digests]},
                },
            }
        }

    def _counted(self, portfolio_id: str, number: int) -> Item:
        return {
            "Update": {
                "TableName": self._table,
                "Key": _key(portfolio_id, "HEAD"),
                "UpdateExpression": "SET kind = :kind ADD #count :number, version :one",
                "ExpressionAttributeNames": {"#count": "count"},
                "ExpressionAttributeValues": {
                    ":kind": {"S": "suppression"},
                    ":number": {"N": str(number)},
                    ":one": {"N": "1"},
                },
            }
        }

    def _list(self, portfolio_id: str, head: SuppressionHead) -> frozenset[bytes]:
        kept = self._lists.get(portfolio_id)
        if kept is not None and kept[0] == head.version:
            return kept[1]
        # The head was read first: what is added meanwhile is in the pages, or the next head tells.
        body: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :page)",
            "ExpressionAttributeValues": {
                ":pk": {"S": _pk(portfolio_id)},
                ":page": {"S": "PAGE#"},
            },
            "ConsistentRead": True,
        }
        found = frozenset(
            _read_digest(text)
            for page in self._wire.query(body)
            for text in page.get("digests", {}).get("BS", ())
        )
        self._lists[portfolio_id] = (head.version, found)
        self._lists.move_to_end(portfolio_id)
        while len(self._lists) > LISTS_KEPT:
            self._lists.popitem(last=False)
        return found

    def _read(self, portfolio_id: str, digests: Iterable[bytes]) -> list[Suppression]:
        keys = [(_pk(portfolio_id), f"ONE#{digest.hex()}") for digest in digests]
        return [
            Suppression(
                digest=bytes.fromhex(item["sk"]["S"].partition("#")[2]),
                kind=SuppressedKind(item["of"]["S"]),
                request_id=item["request_id"]["S"],
                at=datetime.fromisoformat(item["at"]["S"]),
            )
            for item in self._wire.get_many(self._table, keys)
        ]


def _item(portfolio_id: str, one: Suppression) -> Item:
    return _one_key(portfolio_id, one.digest) | {
        "kind": {"S": "suppression"},
        "of": {"S": one.kind.value},
        "request_id": {"S": one.request_id},
        "at": {"S": instant_text(one.at)},
    }


def _page_of(digest: bytes) -> str:
    return digest[:1].hex()


def _one_key(portfolio_id: str, digest: bytes) -> Item:
    return _key(portfolio_id, f"ONE#{digest.hex()}")


def _key(portfolio_id: str, sk: str) -> Item:
    return {"pk": {"S": _pk(portfolio_id)}, "sk": {"S": sk}}


def _pk(portfolio_id: str) -> str:
    return f"GONE#{portfolio_id}"


def _written(digest: bytes) -> str:
    return b64encode(digest).decode()


def _read_digest(text: str) -> bytes:
    return b64decode(text)
