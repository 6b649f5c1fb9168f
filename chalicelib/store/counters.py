"""
The portfolio's counters: sums moved in the same transaction as the fact that moves them.

Rows of the work table, pk ``KPI#<portfolio>``:

    AGENT#<person>#<shard>     promises_matured, promises_kept...: of those they agreed
    BOARD#<yyyy-mm-dd>#<person>#<shard>, BOARD#<yyyy-mm>#<person>#<shard>
                               what a person did and brought in (``domain.effort``)
    CASES#<person>#<shard>     open_cases: that owe and that the person answers for
    TOTAL#<shard>              balance_minor, debts, cases_<status>
    DUE#<yyyy-mm>#<shard>      b<dd> outstanding minor units, n<dd> debts, by due day of the month
    DUE#none#<shard>           b00, n00: what owes no more than the tolerance
    DAY#<yyyy-mm-dd>#<shard>   paid_minor, payments; messages, cost_micros, by_<channel>

A sum is that of its shards. Eight shards, since one item takes 1,000 writes a second at most
and two transactions may not touch it at once. Due days share an item a month: it stays under
1 KB, so a move costs one write unit, and the whole ageing histogram of five years is 480 items.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from chalicelib.domain.case import CounterMoves
from chalicelib.domain.counters import NO_DATE
from chalicelib.domain.effort import Sums as Effort
from chalicelib.domain.effort import key as effort_key
from chalicelib.domain.effort import with_months
from chalicelib.store.wire import Wire

SHARDS = 8

Sums = dict[str, dict[str, int]]


def any_shard() -> int:
    return random.randrange(SHARDS)  # noqa: S311 - spreads load, guards nothing


def sums_by_row(moves: CounterMoves) -> Sums:
    """
    Say which attribute of which row (sort key without shard) moves by how much.

    >>> moves = CounterMoves(totals={}, due={"2026-10-05": 7}, due_debts={"2026-10-05": 1}, days={})
    >>> sums_by_row(moves)
    {'DUE#2026-10': {'b05': 7, 'n05': 1}}
    """
    rows: Sums = defaultdict(dict)
    for name, by in moves.totals.items():
        rows["TOTAL"][name] = by
    for prefix, histogram in (("b", moves.due), ("n", moves.due_debts)):
        for key, by in histogram.items():
            month, day = (NO_DATE, "00") if key == NO_DATE else (key[:7], key[8:])
            rows[f"DUE#{month}"][f"{prefix}{day}"] = by
    for key, flows in moves.days.items():
        rows[f"DAY#{key}"].update(flows)
    for person, by in moves.owners.items():
        rows[f"CASES#{person}"]["open_cases"] = by
    for person, figures in moves.people.items():
        rows[f"AGENT#{person}"].update(figures)
    if moves.effort:
        for when, figures in with_months(moves.effort).items():
            rows[f"BOARD#{when}"].update(figures)
    return {sk: sums for sk, sums in rows.items() if any(sums.values())}


def updates(
    table: str, portfolio_id: str, sums: Mapping[str, Mapping[str, int]], shard: int
) -> list[dict[str, Any]]:
    """Give the operations that add *sums* to one shard, for a transaction."""
    operations = []
    for sk, row in sums.items():
        moved = {name: by for name, by in row.items() if by}
        if not moved:
            continue
        operations.append(
            {
                "Update": {
                    "TableName": table,
                    "Key": {"pk": {"S": f"KPI#{portfolio_id}"}, "sk": {"S": f"{sk}#{shard}"}},
                    "UpdateExpression": "ADD " + ",".join(f"{name} :{name}" for name in moved),
                    "ExpressionAttributeValues": {
                        f":{name}": {"N": str(by)} for name, by in moved.items()
                    },
                }
            }
        )
    return operations


class CounterStore:
    """Reads counters; they are written by ``CaseStore`` only."""

    def __init__(self, wire: Wire, table: str) -> None:
        self._wire = wire
        self._table = table

    def read(self, portfolio_id: str, *, days_since: date | None = None) -> CounterMoves:
        """
        Sum a portfolio's counters over their shards: one query, whatever the portfolio's size.

        Args:
            days_since: First day of the flows wanted; all days by default.
        """
        since = days_since.isoformat() if days_since else ""
        items = self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND sk BETWEEN :from AND :to",
                "ExpressionAttributeValues": {
                    ":pk": {"S": f"KPI#{portfolio_id}"},
                    ":from": {"S": f"DAY#{since}"},
                    ":to": {"S": "TOTAL#~"},
                },
            }
        )
        return summed(items)

    def totals(self, portfolio_id: str) -> dict[str, int]:
        """Sum a portfolio's level counters alone: one query of as many rows as there are shards."""
        items = self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
                "ExpressionAttributeValues": {
                    ":pk": {"S": f"KPI#{portfolio_id}"},
                    ":sk": {"S": "TOTAL#"},
                },
            }
        )
        return summed(items).totals

    def people(self, portfolio_id: str) -> dict[str, dict[str, int]]:
        """Sum what is known of everybody who agreed something: one query."""
        items = self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
                "ExpressionAttributeValues": {
                    ":pk": {"S": f"KPI#{portfolio_id}"},
                    ":sk": {"S": "AGENT#"},
                },
            }
        )
        return _by_key(items, "AGENT#")

    def owners(self, portfolio_id: str) -> dict[str, int]:
        """Say how many open cases everybody answers for who has any: one query."""
        items = self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
                "ExpressionAttributeValues": {
                    ":pk": {"S": f"KPI#{portfolio_id}"},
                    ":sk": {"S": "CASES#"},
                },
            }
        )
        return _owned(items)

    def owned_by(self, portfolio_id: str, people: Iterable[str]) -> dict[str, int]:
        """The same for some people: eight rows each; who has none is left out."""
        keys = [
            (f"KPI#{portfolio_id}", f"CASES#{person}#{shard}")
            for person in dict.fromkeys(people)
            for shard in range(SHARDS)
        ]
        return _owned(self._wire.get_many(self._table, keys))

    def effort(self, portfolio_id: str, first: str, last: str) -> Effort:
        """
        Sum what people did in days ``yyyy-mm-dd``, or in months ``yyyy-mm``, from one to another.

        One query: a row for each shard of each person who did anything on each of them.
        """
        items = self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
                "ExpressionAttributeValues": {
                    ":pk": {"S": f"KPI#{portfolio_id}"},
                    ":first": {"S": f"BOARD#{first}#"},
                    ":last": {"S": f"BOARD#{last}#~"},
                },
            }
        )
        wanted = len(first)
        return {
            when: figures
            for when, figures in _by_key(items, "BOARD#").items()
            if when.index("#") == wanted
        }

    def effort_of(self, portfolio_id: str, person_id: str, whens: Iterable[str]) -> Effort:
        """The same for one person: eight rows for each day or month."""
        keys = [
            (f"KPI#{portfolio_id}", f"BOARD#{effort_key(when, person_id)}#{shard}")
            for when in whens
            for shard in range(SHARDS)
        ]
        return _by_key(self._wire.get_many(self._table, keys), "BOARD#")


def _by_key(items: Iterable[Mapping[str, Any]], family: str) -> dict[str, dict[str, int]]:
    """Add up the shards of rows of a family, by what their keys say between it and the shard."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for item in items:
        key = item["sk"]["S"].removeprefix(family).rpartition("#")[0]
        for name, typed in item.items():
            if "N" in typed:
                found[key][name] += int(typed["N"])
    return {
        key: {name: by for name, by in of.items() if by}
        for key, of in found.items()
        if any(of.values())
    }


def _owned(items: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return {person: of["open_cases"] for person, of in _by_key(items, "CASES#").items()}


def summed(items: Iterable[Mapping[str, Any]]) -> CounterMoves:
    """Add up counter rows of all shards. Sums that came back to nothing are left out."""
    totals: dict[str, int] = defaultdict(int)
    due: dict[str, int] = defaultdict(int)
    debts: dict[str, int] = defaultdict(int)
    days: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for item in items:
        family, *where, _shard = item["sk"]["S"].split("#")
        for name, typed in item.items():
            if "N" not in typed:
                continue
            by = int(typed["N"])
            if family == "TOTAL":
                totals[name] += by
            elif family == "DAY":
                days[where[0]][name] += by
            else:
                key = NO_DATE if where[0] == NO_DATE else f"{where[0]}-{name[1:]}"
                (due if name[0] == "b" else debts)[key] += by
    return CounterMoves(
        totals={name: by for name, by in totals.items() if by},
        due={key: by for key, by in due.items() if by},
        due_debts={key: by for key, by in debts.items() if by},
        days={day: dict(flows) for day, flows in days.items() if any(flows.values())},
    )
