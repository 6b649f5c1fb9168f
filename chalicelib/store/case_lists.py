"""Lists of cases a page at a time: eight shards merged in order, with bounded work."""

import base64
import heapq
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson

from chalicelib.domain import names
from chalicelib.domain.case_list import CaseFilter, CaseLine
from chalicelib.domain.errors import BadField
from chalicelib.store.case_keys import (
    HEAD,
    LIST_SHARDS,
    NO_DUE_DATE,
    balance_text,
    case_of,
    list_pk,
    lookup_pk,
    touched_pk,
)
from chalicelib.store.case_rows import head_of, line_of
from chalicelib.store.wire import BATCH_GET_LIMIT, Wire

ROWS_READ_LIMIT = 2_000
_HIGHEST = "~"  # sorts after every digit, letter and '#' used in keys

# Each sort's index and its range key. ``touched`` has the cases that owe alone, and keys alone.
_SORTS = {
    "due": ("by_due", "due_sk"),
    "balance": ("by_balance", "balance_sk"),
    "name": ("by_name", "name_sk"),
    "touched": ("near", "near_sk"),
}

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Page(Generic[_T]):
    """
    Part of a list.

    Args:
        cursor: Where the next page starts; None at the end. A page may hold less than was
            asked for, even nothing, and still have a cursor: the work of a page is bounded.
    """

    items: tuple[_T, ...]
    cursor: str | None = None


class CaseLists:
    """
    The lists of one cases table.

    Args:
        rows_read: Most rows that one page may read from the index before it stops.
    """

    def __init__(self, wire: Wire, table: str, *, rows_read: int = ROWS_READ_LIMIT) -> None:
        self._wire = wire
        self._table = table
        self._rows_read = rows_read

    def list(
        self,
        portfolio_id: str,
        *,
        sort: str = "due",
        where: CaseFilter | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CaseLine]:
        """
        List cases in order of due date, balance or name; ``-`` before the sort turns it round.

        ``touched`` lists cases that owe, those first that nobody turned to for the longest.

        Filters on what the sort orders by narrow the range that is read; the others are
        applied to rows as they pass.

        Raises:
            BadField: An unknown sort, or a cursor that is not one of this list's.
        """
        where = where or CaseFilter()
        descending, name = sort.startswith("-"), sort.removeprefix("-")
        if name not in _SORTS:
            raise BadField(field="sort", reason="unknown")
        _, range_key = _SORTS[name]
        low, high = _range(name, where)
        after = _opened(cursor, sort) if cursor else None
        if after is not None:
            low, high = (low, min(high, after)) if descending else (max(low, after), high)
        size = 200 if where != CaseFilter() else limit // 4 + 2
        pk_of = touched_pk if name == "touched" else list_pk
        shards = [
            self._asked(pk_of(portfolio_id, shard), sort, (low, high), size)
            for shard in range(LIST_SHARDS)
        ]
        # The first page of every shard is needed before the first row is known: side by side.
        with ThreadPoolExecutor(LIST_SHARDS) as pool:
            firsts = list(pool.map(self._query, shards)) if low <= high else []
        rows = heapq.merge(
            *(
                self._shard(asked, first, sort)
                for asked, first in zip(shards, firsts, strict=False)
            ),
            key=lambda item: item[range_key]["S"],
            reverse=descending,
        )
        judged = self._with_heads(rows, where) if name == "touched" else self._judged(rows, where)
        taken = self._take(judged, range_key, limit, after)
        sealed = None if taken.cursor is None else _sealed(taken.cursor, sort)
        return Page(tuple(line_of(item) for item in taken.items), sealed)

    def by_name(
        self, portfolio_id: str, words: str, *, cursor: str | None = None, limit: int = 50
    ) -> Page[tuple[str, str]]:
        """
        Find (word, case id) by the beginning of a word of the debtor's name, in that order.

        The longest word of *words* is looked up, the others are for the caller to check
        against the heads. A word needs three letters, unless the name's is as short. A name
        with several such words is found by each of them.

        Raises:
            BadField: No word to look for, or a foreign cursor.
        """
        typed = names.tokens(words)
        if not typed:
            raise BadField(field="q", reason="too_short")
        token = max(typed, key=len)
        after = _opened(cursor, "q") if cursor else None
        items = self._wire.query(
            {
                "TableName": self._table,
                "IndexName": "lookup",
                "KeyConditionExpression": "lookup_pk = :pk AND lookup_sk BETWEEN :low AND :high",
                "ExpressionAttributeValues": {
                    ":pk": {"S": lookup_pk(portfolio_id, "N", token[:3])},
                    ":low": {"S": after or token},
                    ":high": {"S": token + _HIGHEST},
                },
                "Limit": limit + 2,
            }
        )
        taken = self._take(((item, True) for item in items), "lookup_sk", limit, after)
        sealed = None if taken.cursor is None else _sealed(taken.cursor, "q")
        return Page(tuple((_word(item), case_of(item)) for item in taken.items), sealed)

    def _judged(
        self, rows: Iterator[dict[str, Any]], where: CaseFilter
    ) -> Iterator[tuple[dict[str, Any], bool]]:
        """Pass rows on, each with whether it is one of those: heads are asked what lines lack."""
        if not where.asks_heads:
            yield from ((item, where.holds(line_of(item))) for item in rows)
            return
        while some := list(itertools.islice(rows, BATCH_GET_LIMIT)):
            likely = [(item["pk"]["S"], HEAD) for item in some if where.holds(line_of(item))]
            heads = self._wire.get_many(self._table, likely)
            owned = {item["pk"]["S"] for item in heads if where.holds(head_of(item))}
            yield from ((item, item["pk"]["S"] in owned) for item in some)

    def _with_heads(
        self, rows: Iterator[dict[str, Any]], where: CaseFilter
    ) -> Iterator[tuple[dict[str, Any], bool]]:
        """As ``_judged``, of keys alone: each row comes back with what its head holds."""
        while some := list(itertools.islice(rows, BATCH_GET_LIMIT)):
            likely = [(item["pk"]["S"], HEAD) for item in some if _due_within(item, where)]
            heads = {item["pk"]["S"]: item for item in self._wire.get_many(self._table, likely)}
            for item in some:
                head = heads.get(item["pk"]["S"])
                # The index lags behind: the place in the list is the row's, the rest the head's.
                yield (head or {}) | item, head is not None and where.holds(head_of(head))

    def _take(
        self,
        rows: Iterator[tuple[dict[str, Any], bool]],
        key: str,
        limit: int,
        after: str | None,
    ) -> Page[dict[str, Any]]:
        kept: list[dict[str, Any]] = []
        last = after
        for read, (item, holds) in enumerate(rows):
            here = item[key]["S"]
            if here == after:
                continue
            # Whatever is beyond `last` has not been looked at: the next page starts there.
            if len(kept) == limit or read >= self._rows_read:
                return Page(tuple(kept), last)
            last = here
            if holds:
                kept.append(item)
        return Page(tuple(kept))

    def _asked(self, pk: str, sort: str, between: tuple[str, str], size: int) -> dict[str, Any]:
        name = sort.removeprefix("-")
        index, range_key = _SORTS[name]
        hash_key = "near_pk" if name == "touched" else "list_pk"
        return {
            "TableName": self._table,
            "IndexName": index,
            "KeyConditionExpression": f"{hash_key} = :pk AND {range_key} BETWEEN :low AND :high",
            "ExpressionAttributeValues": {
                ":pk": {"S": pk},
                ":low": {"S": between[0]},
                ":high": {"S": between[1]},
            },
            "ScanIndexForward": name == sort,
            "Limit": size,
        }

    def _query(self, asked: dict[str, Any]) -> dict[str, Any]:
        return self._wire.call("Query", asked)

    def _shard(
        self, asked: dict[str, Any], answer: dict[str, Any], sort: str
    ) -> Iterator[dict[str, Any]]:
        _, key = _SORTS[sort.removeprefix("-")]
        bound = ":high" if sort.startswith("-") else ":low"
        last: str | None = None
        while True:
            yield from (item for item in answer["Items"] if item[key]["S"] != last)
            if "LastEvaluatedKey" not in answer:
                return
            # Range keys end in the case id, or 40 bits of it: they say alone where to go on.
            last = answer["LastEvaluatedKey"][key]["S"]
            values = asked["ExpressionAttributeValues"] | {bound: {"S": last}}
            answer = self._query(asked | {"ExpressionAttributeValues": values})


def _range(sort: str, where: CaseFilter) -> tuple[str, str]:
    """The part of an index that the filter leaves, as bounds of its range key."""
    low, high = "", ""
    if sort == "due":
        low = where.due_from.isoformat() if where.due_from else ""
        high = where.due_to.isoformat() if where.due_to else ""
    elif sort == "balance":
        low = "" if where.min_minor is None else balance_text(where.min_minor)
        high = "" if where.max_minor is None else balance_text(where.max_minor)
    elif sort == "touched" and where.untouched_before:
        return " ", where.untouched_before.isoformat()  # keys of that day go on, and sort after
    return low or " ", high + _HIGHEST


def _due_within(item: dict[str, Any], where: CaseFilter) -> bool:
    """Say of a row of ``near``, by its key alone, whether its due date may be one of those."""
    _, due_on, _ = item["near_sk"]["S"].split("#")
    if where.due_from is None and where.due_to is None:
        return True
    low = where.due_from.isoformat() if where.due_from else ""
    high = where.due_to.isoformat() if where.due_to else ""
    return low <= due_on != NO_DUE_DATE and (not high or due_on <= high)


def _word(item: dict[str, Any]) -> str:
    return str(item["lookup_sk"]["S"]).partition("#")[0]


def _sealed(key: str, sort: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([sort, key])).decode().rstrip("=")


def _opened(cursor: str, sort: str) -> str:
    try:
        raw = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        known, key = raw if isinstance(raw, list) and len(raw) == 2 else ("", "")
    except ValueError:  # not base64, or not JSON
        known, key = "", ""
    if known != sort or not isinstance(key, str) or not key:
        raise BadField(field="cursor", reason="foreign")
    return key
