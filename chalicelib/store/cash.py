"""
Cash that agents took, in the work table: receipts by series, hands, and the book of moves.

Rows (docs/data-model.md): ``RECEIPTS#<series>`` / ``<number>``, or ``<number>!<visit>`` for one
whose number was taken; ``CASH#<portfolio>`` / ``HAND#<person>`` (sums that transactions add to),
``SERIES#<series>``, ``MOVE#<instant>#<id>``, ``SETTLED#<id>``, ``DEPOSIT#<id>``; and what debtors
say of receipts that stand: ``WORD#<word>#<instant>#<key>`` (the receipt once more, so that a list
of one word is one query) with how many there are of each agent, ``WORDS#<person>``.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import orjson

from chalicelib.domain.cash import Deposit, Hand, Move, Receipt, ReceiptState, Word, Words, Written
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.attributes import instant_text
from chalicelib.store.documents import opened, sealed
from chalicelib.store.wire import Item, TransactionCancelled, Wire

_SUMS = ("held_minor", "declared_minor", "owed_minor")
_HIGHEST = "~"

T = TypeVar("T")


def operations(table: str, written: Iterable[Written]) -> list[dict[str, Any]]:
    """
    Give what receipts write beside their case, to be part of its transaction.

    A new one is written where there is none, one that is taken back over one that stands.
    """
    found: list[dict[str, Any]] = []
    for one in written:
        put = _receipt_put(table, one.receipt)
        if one.new:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            put["ConditionExpression"] = "#state = :issued"
            put["ExpressionAttributeNames"] = {"#state": "state"}
            put["ExpressionAttributeValues"] = {":issued": {"S": "issued"}}
        put["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        found += [{"Put": put}, *_word_operations(table, one)]
        if one.move is not None:
            found += [_series(table, one.receipt), *move_operations(table, one.move)]
    return found


def _word_operations(table: str, written: Written) -> list[dict[str, Any]]:
    """Move a receipt from the list of what the debtor said of it to the one of what is said now."""
    now, before = written.receipt, written.before
    listed = now if now.state is ReceiptState.ISSUED else None
    found: list[dict[str, Any]] = []
    moved: dict[str, int] = {}
    if before is not None:
        found.append({"Delete": {"TableName": table, "Key": _word_key(before)}})
        moved[before.word.value] = -1
    if listed is not None:
        item = _word_key(listed) | {"kind": {"S": "cash_word"}, "body": _body(listed)}
        found.append({"Put": {"TableName": table, "Item": item}})
        moved[listed.word.value] = moved.get(listed.word.value, 0) + 1
    changed = {name: by for name, by in moved.items() if by}
    if changed:
        add = {
            "TableName": table,
            "Key": _keys(f"CASH#{now.portfolio_id}", f"WORDS#{now.person_id}"),
            "UpdateExpression": "ADD " + ",".join(f"#{name} :{name}" for name in changed),
            "ExpressionAttributeNames": {f"#{name}": name for name in changed},
            "ExpressionAttributeValues": {
                f":{name}": {"N": str(by)} for name, by in changed.items()
            },
        }
        found.append({"Update": add})
    if before is not None and listed is not None and _word_key(before) == _word_key(listed):
        return [one for one in found if "Delete" not in one]  # one item, written over
    return found


def _word_key(receipt: Receipt) -> Item:
    """Where a receipt lies among those of which the debtor says the same."""
    place = f"WORD#{receipt.word.value}#{instant_text(receipt.at)}#{receipt.key}"
    return _keys(f"CASH#{receipt.portfolio_id}", place)


def move_operations(table: str, move: Move) -> list[dict[str, Any]]:
    """Give what writes a line into an agent's book, and adds it to the sums."""
    owner = f"CASH#{move.portfolio_id}"
    put = {
        "TableName": table,
        "Item": _keys(owner, f"MOVE#{instant_text(move.at)}#{move.move_id}")
        | {"kind": {"S": "cash_move"}, "body": _body(move)},
    }
    moved = {name: getattr(move, name) for name in _SUMS if getattr(move, name)}
    if not moved:
        return [{"Put": put}]
    add = {
        "TableName": table,
        "Key": _keys(owner, f"HAND#{move.person_id}"),
        "UpdateExpression": "ADD " + ",".join(f"{name} :{name}" for name in moved),
        "ExpressionAttributeValues": {f":{name}": {"N": str(by)} for name, by in moved.items()},
    }
    return [{"Put": put}, {"Update": add}]


class CashStore:
    """What agents hold, and why. Receipts of visits are written by ``CaseStore.commit``."""

    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    # Receipts

    def receipt(self, key: str) -> Receipt | None:
        """Find a receipt by its number, or by its key (``Receipt.key``)."""
        item = self._get(f"RECEIPTS#{key.partition('-')[0]}", key)
        return _read(Receipt, item) if item else None

    def receipts(self, series: str) -> list[Receipt]:
        """All of a series, in the order of their numbers."""
        return [_read(Receipt, item) for item in self._query(f"RECEIPTS#{series}")]

    def add_void(self, receipt: Receipt, move: Move) -> bool:
        """Keep a receipt that was voided before it became money; False when the number is taken."""
        put = _receipt_put(self._table, receipt)
        put["ConditionExpression"] = "attribute_not_exists(pk)"
        return self._transact(
            [
                {"Put": put},
                _series(self._table, receipt),
                *move_operations(self._table, move),
            ]
        )

    def said(
        self,
        portfolio_id: str,
        word: Word,
        *,
        person_id: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> tuple[list[Receipt], str | None]:
        """Page through receipts that stand and of which debtors say one thing, the oldest first."""
        start = f"WORD#{word.value}#"
        low = opened(cursor, within=start) if cursor else start
        kept: list[Receipt] = []
        last = ""
        for item in self._query(f"CASH#{portfolio_id}", low=low, high=f"{start}{_HIGHEST}"):
            if cursor and item["sk"]["S"] == low:
                continue
            receipt = _read(Receipt, item)
            if person_id not in ("", receipt.person_id):
                continue
            if len(kept) == limit:
                return kept, sealed(last)
            kept.append(receipt)
            last = item["sk"]["S"]
        return kept, None

    def words(self, portfolio_id: str) -> list[Words]:
        """Say of each agent how many receipts debtors confirmed, denied, said nothing of."""
        return [
            Words(
                person_id=item["sk"]["S"][6:],
                **{one.value: int(item[one.value]["N"]) for one in Word if one.value in item},
            )
            for item in self._query(f"CASH#{portfolio_id}", low="WORDS#")
        ]

    def series(self, portfolio_id: str) -> list[tuple[str, str, str]]:
        """Give (series, person id, device id) of each that has a receipt of the portfolio."""
        return [
            (item["sk"]["S"][7:], item["person_id"]["S"], item["device_id"]["S"])
            for item in self._query(f"CASH#{portfolio_id}", low="SERIES#")
        ]

    # Hands

    def hand(self, portfolio_id: str, person_id: str) -> Hand:
        item = self._get(f"CASH#{portfolio_id}", f"HAND#{person_id}") or {}
        return _hand(portfolio_id, person_id, item)

    def hands(self, portfolio_id: str) -> list[Hand]:
        return [
            _hand(portfolio_id, item["sk"]["S"][5:], item)
            for item in self._query(f"CASH#{portfolio_id}", low="HAND#")
        ]

    # The book

    def moves(
        self,
        portfolio_id: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        where: Callable[[Move], bool] = lambda _: True,
        cursor: str | None = None,
        limit: int = 50,
    ) -> tuple[list[Move], str | None]:
        """
        Page through a portfolio's book, the last line first.

        Args:
            until: Not within.
        """
        low = f"MOVE#{instant_text(since) if since else ''}"
        high = f"MOVE#{instant_text(until) if until else _HIGHEST}"
        at = opened(cursor, within="MOVE#") if cursor else high
        if min(at, high) < low:  # days in the wrong order: nothing lies between
            return [], None
        kept: list[Move] = []
        last = ""
        for item in self._query(f"CASH#{portfolio_id}", low=low, high=min(at, high), newest=True):
            sk = item["sk"]["S"]
            if sk in (at, high):
                continue
            move = _read(Move, item)
            if not where(move):
                continue
            if len(kept) == limit:
                return kept, sealed(last)
            kept.append(move)
            last = sk
        return kept, None

    def settled(self, portfolio_id: str, move_id: str) -> bool:
        """Say whether ``settle`` has written the line."""
        return self._get(f"CASH#{portfolio_id}", f"SETTLED#{move_id}") is not None

    def settle(self, move: Move) -> bool:
        """Write a line that no receipt and no deposit makes; False when it was written before."""
        once = {
            "TableName": self._table,
            "Item": _keys(f"CASH#{move.portfolio_id}", f"SETTLED#{move.move_id}")
            | {"kind": {"S": "cash_settled"}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return self._transact([{"Put": once}, *move_operations(self._table, move)])

    # Deposits

    def deposit(self, portfolio_id: str, deposit_id: str) -> Deposit | None:
        item = self._get(f"CASH#{portfolio_id}", f"DEPOSIT#{deposit_id}")
        return _read(Deposit, item) if item else None

    def deposits(self, portfolio_id: str) -> list[Deposit]:
        """All, oldest first."""
        found = [
            _read(Deposit, item) for item in self._query(f"CASH#{portfolio_id}", low="DEPOSIT#")
        ]
        return sorted(found, key=lambda one: one.declared_at)

    def declare(self, deposit: Deposit, move: Move) -> bool:
        """Keep a new deposit; False, with nothing changed, when its id is taken."""
        put = self._deposit_put(deposit) | {"ConditionExpression": "attribute_not_exists(pk)"}
        return self._transact([{"Put": put}, *move_operations(self._table, move)])

    def count(self, deposit: Deposit, move: Move) -> bool:
        """Write a count over the deposit as it was read; False when somebody else has since."""
        put = self._deposit_put(deposit) | {
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": {":read": {"N": str(deposit.version - 1)}},
        }
        return self._transact([{"Put": put}, *move_operations(self._table, move)])

    # Private

    def _deposit_put(self, deposit: Deposit) -> dict[str, Any]:
        keys = _keys(f"CASH#{deposit.portfolio_id}", f"DEPOSIT#{deposit.deposit_id}")
        return {
            "TableName": self._table,
            "Item": keys
            | {
                "kind": {"S": "cash_deposit"},
                "state": {"S": deposit.state.value},
                "version": {"N": str(deposit.version)},
                "body": _body(deposit),
            },
        }

    def _transact(self, operations: list[dict[str, Any]]) -> bool:
        try:
            self._wire.transact(operations)
        except TransactionCancelled as cancelled:
            if cancelled.reasons[0][0] != "ConditionalCheckFailed":
                raise
            return False
        return True

    def _get(self, pk: str, sk: str) -> Item | None:
        asked = {"TableName": self._table, "Key": _keys(pk, sk), "ConsistentRead": True}
        return self._wire.call("GetItem", asked).get("Item")

    def _query(
        self, pk: str, *, low: str = "", high: str = "", newest: bool = False
    ) -> Iterable[Item]:
        """Query a partition: all of it, what begins with *low*, or what lies between the two."""
        body: dict[str, Any] = {
            "TableName": self._table,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
            "ScanIndexForward": not newest,
        }
        values = body["ExpressionAttributeValues"]
        if high:
            body["KeyConditionExpression"] += " AND sk BETWEEN :low AND :high"
            values |= {":low": {"S": low}, ":high": {"S": high}}
        elif low:
            body["KeyConditionExpression"] += " AND begins_with(sk, :low)"
            values[":low"] = {"S": low}
        return self._wire.query(body)


def _receipt_put(table: str, receipt: Receipt) -> dict[str, Any]:
    return {
        "TableName": table,
        "Item": _keys(f"RECEIPTS#{receipt.series}", receipt.key)
        | {
            "kind": {"S": "cash_receipt"},
            "state": {"S": receipt.state.value},
            "visit_id": {"S": receipt.visit_id},
            "body": _body(receipt),
        },
    }


def _series(table: str, receipt: Receipt) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": table,
            "Key": _keys(f"CASH#{receipt.portfolio_id}", f"SERIES#{receipt.series}"),
            "UpdateExpression": "SET person_id = :person, device_id = :device",
            "ExpressionAttributeValues": {
                ":person": {"S": receipt.person_id},
                ":device": {"S": receipt.device_id},
            },
        }
    }


def _hand(portfolio_id: str, person_id: str, item: Item) -> Hand:
    sums = {name: int(item[name]["N"]) for name in _SUMS if name in item}
    return Hand(portfolio_id=portfolio_id, person_id=person_id, **sums)


def _keys(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _body(document: Any) -> Item:
    return {"S": orjson.dumps(to_plain(document)).decode()}


def _read(made: type[T], item: Item) -> T:
    return from_plain(made, orjson.loads(item["body"]["S"]))
