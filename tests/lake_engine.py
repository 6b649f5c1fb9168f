# ruff: noqa: S608 - the SQL is the catalogue's and our own
"""Answers from a lake on a directory, as the product's engine gives them."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from chalicelib.bi import questions, tables
from chalicelib.bi.answers import Answer
from chalicelib.bi.questions import Question
from chalicelib.bi.tables import TABLES
from chalicelib.domain.errors import DayMissing
from lake import query
from tests.lake_world import Disk


@dataclass
class DiskEngine:
    """
    The files are read once, when a table is first asked for: they have to lie there by then.

    Args:
        asked: The questions it was asked, in order.
    """

    disk: Disk
    asked: list[Question] = field(default_factory=list)
    _connection: duckdb.DuckDBPyConnection = field(
        default_factory=lambda: duckdb.connect(config={"threads": 1})
    )
    _known: dict[str, set[date]] = field(default_factory=dict)

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        plan = questions.plan(question)
        there: set[date] | None = None
        for read in plan.reads:
            known = self._table(read.table, question.portfolio_id)
            if missing := set(read.must) - known:
                raise DayMissing(
                    day=min(missing).isoformat(),
                    first=min(known).isoformat() if known else None,
                    last=max(known).isoformat() if known else None,
                )
            there = known if there is None else there & known
            # Nothing that the plan does not ask for is there to be read.
            days = ", ".join(f"'{day}'" for day in sorted(known) if read.wants(day)) or "''"
            self._connection.execute(
                f"CREATE OR REPLACE VIEW {read.table} AS"
                f" SELECT * FROM whole_{read.table} WHERE day IN ({days})"
            )
        rows = self._connection.execute(plan.sql).fetchall()
        within = (day for day in there or () if question.first <= day <= question.last)
        # Through JSON's shapes, as an answer comes from a function.
        return Answer.of(
            Answer(
                columns=plan.columns,
                rows=tuple(rows),
                engine="duckdb",
                bytes_read=1,
                days=tuple(sorted(within)),
            ).plain()
        )

    def _table(self, name: str, portfolio_id: str) -> set[date]:
        if name not in self._known:
            prefix = tables.manifests_prefix(name, portfolio_id)
            keys = self.disk.keys(prefix, most=1_000)
            days = {date.fromisoformat(Path(key).stem) for key in keys}
            paths = [
                self.disk.at / tables.part_key(name, portfolio_id, day.isoformat()) for day in days
            ]
            rows = query._rows(TABLES[name], paths)
            self._connection.execute(f"CREATE TABLE whole_{name} AS {rows}")
            self._known[name] = days
        return self._known[name]
