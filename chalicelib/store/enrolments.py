"""
Who takes part in an A/B test: ``AB#<portfolio>#<strategy>@<version>#<shard>`` / ``<case>``; one of
the forecast has ``forecast@<test>`` in the place of the strategy, and what a model told of cases
in a month ``told@<model>@<month>``, with the chance in the place of the arm (of whom it told
nothing: ``silent@...``).

One row a case, in sixteen partitions; counting reads them, never the cases of the portfolio. What
was told under which names stands in ``AB#<portfolio>#told`` / ``<month>@<name>``, before the first
row of each.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from datetime import date, datetime

from chalicelib.domain.experiment import Enrolment
from chalicelib.domain.foretold import Telling, ToldOfDebt
from chalicelib.store.wire import Item, Wire, WireError

CONDITION_FAILED = "ConditionalCheckFailedException"
SHARDS = 16


class EnrolmentStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire = wire
        self._table = table
        self._named: set[tuple[str, str]] = set()

    def enrol(self, portfolio_id: str, strategy: str, arm: str, case_id: str, on: date) -> None:
        """Note that a case takes part from a day on; the first word stands. Safe to repeat."""
        self._put(portfolio_id, strategy, arm, case_id, on)

    def tell(self, portfolio_id: str, telling: Telling) -> None:
        """Keep what was told of a case, of each name the first; safe to repeat."""
        if (portfolio_id, telling.name) not in self._named:
            name = {
                "pk": {"S": _told_pk(portfolio_id)},
                "sk": {"S": f"{telling.on:%Y-%m}@{telling.name}"},
                "kind": {"S": "told"},
            }
            self._wire.call("PutItem", {"TableName": self._table, "Item": name})
            self._named.add((portfolio_id, telling.name))
        arm = telling.basis if telling.percent is None else str(telling.percent)
        self._put(portfolio_id, telling.name, arm, telling.case_id, telling.on, _written(telling))

    def told_in(self, portfolio_id: str, first: date, last: date) -> list[str]:
        """Name the parts in which lies what was told on some days, in an order that stays."""
        named = self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
                "ExpressionAttributeValues": {
                    ":pk": {"S": _told_pk(portfolio_id)},
                    ":first": {"S": f"{first:%Y-%m}@"},
                    ":last": {"S": f"{last:%Y-%m}@~"},
                },
            }
        )
        names = [item["sk"]["S"].partition("@")[2] for item in named]
        return sorted(_pk(portfolio_id, one, shard) for one in names for shard in range(SHARDS))

    def tellings(self, part: str, first: date, last: date) -> Iterator[Telling]:
        """Read what was told on some days, of one of the parts of ``told_in``."""
        for item in self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk",
                # Those from before debts were kept with what was told have none.
                "FilterExpression": "since BETWEEN :first AND :last AND attribute_exists(told)",
                "ExpressionAttributeValues": {
                    ":pk": {"S": part},
                    ":first": {"S": first.isoformat()},
                    ":last": {"S": last.isoformat()},
                },
            }
        ):
            yield _read(item)

    def _put(  # noqa: PLR0917 - the parts of a row
        self, portfolio_id: str, name: str, arm: str, case_id: str, on: date, told: str = ""
    ) -> None:
        item: Item = {
            "pk": {"S": _pk(portfolio_id, name, _shard(case_id))},
            "sk": {"S": case_id},
            "kind": {"S": "enrolment"},
            "arm": {"S": arm},
            "since": {"S": on.isoformat()},
        }
        if told:
            item["told"] = {"S": told}
        try:
            self._wire.call(
                "PutItem",
                {
                    "TableName": self._table,
                    "Item": item,
                    "ConditionExpression": "attribute_not_exists(pk)",
                },
            )
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise

    def known(self, portfolio_id: str, strategy: str, case_ids: Iterable[str]) -> set[str]:
        """Say which of some cases take part."""
        keys = [(_pk(portfolio_id, strategy, _shard(one)), one) for one in case_ids]
        return {item["sk"]["S"] for item in self._wire.get_many(self._table, keys)}

    def enrolled(self, portfolio_id: str, strategy: str, *, after: str = "") -> Iterator[Enrolment]:
        """
        Read who takes part, in no order that has to do with what became of them.

        Args:
            after: Go on behind this case.
        """
        for shard in range(_shard(after) if after else 0, SHARDS):
            behind = after if after and shard == _shard(after) else " "
            for item in self._wire.query(
                {
                    "TableName": self._table,
                    "KeyConditionExpression": "pk = :pk AND sk > :behind",
                    "ExpressionAttributeValues": {
                        ":pk": {"S": _pk(portfolio_id, strategy, shard)},
                        ":behind": {"S": behind},
                    },
                }
            ):
                yield Enrolment(
                    case_id=item["sk"]["S"],
                    arm=item["arm"]["S"],
                    since=date.fromisoformat(item["since"]["S"]),
                )


def _shard(case_id: str) -> int:
    return hashlib.sha256(case_id.encode()).digest()[1] % SHARDS


def _pk(portfolio_id: str, strategy: str, shard: int) -> str:
    return f"AB#{portfolio_id}#{strategy}#{shard}"


def _told_pk(portfolio_id: str) -> str:
    return f"AB#{portfolio_id}#told"


def _written(telling: Telling) -> str:
    return json.dumps(
        {
            "at": telling.at.isoformat(),
            "model": [telling.model, telling.model_id],
            "basis": telling.basis,
            "test": [telling.test_id, telling.arm],
            "percent": telling.percent,
            "debts": [astuple(one) for one in telling.debts],
        },
        separators=(",", ":"),
    )


def _read(item: Item) -> Telling:
    told = json.loads(item["told"]["S"])
    return Telling(
        case_id=item["sk"]["S"],
        on=date.fromisoformat(item["since"]["S"]),
        at=datetime.fromisoformat(told["at"]),
        model=told["model"][0],
        model_id=told["model"][1],
        basis=told["basis"],
        percent=told["percent"],
        test_id=told["test"][0],
        arm=told["test"][1],
        debts=tuple(_debt(*one) for one in told["debts"]),
    )


def _debt(debt_id: str, late_days: int, *told: int | None) -> ToldOfDebt:
    percent, usual, low, high = told
    return ToldOfDebt(
        debt_id=debt_id, late_days=late_days, percent=percent, usual=usual, low=low, high=high
    )
