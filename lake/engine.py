"""Answering questions: DuckDB here below a size that the days themselves tell, Athena above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.bi import questions
from chalicelib.bi.answers import Answer
from chalicelib.bi.questions import Plan, Question
from chalicelib.domain.errors import BadField, DayMissing, FigureNotTold
from lake import query
from lake.days import LakeReading, Needed, needed
from lake.shelf import Shelf

# Of compressed files: what one core reads in some seconds, and fetches in as many.
MOST_HERE = 256 << 20


class Elsewhere(Protocol):
    """An engine for what is too large for this one."""

    def rows(
        self, question: Question, plan: Plan, read: Needed
    ) -> tuple[Sequence[tuple[Any, ...]], int]:
        """
        Give the rows, and the bytes that were read for them.

        Raises:
            FigureNotTold: It reads too much, takes too long, or failed.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Engine:
    """
    Args:
        elsewhere: None where there is no other engine.
        most_here: Bytes of files that are still read here.
        only: ``duckdb`` or ``athena``: that one, whatever the size.
    """

    files: LakeReading
    shelf: Shelf
    elsewhere: Elsewhere | None = None
    most_here: int = MOST_HERE
    only: str = ""

    def ask(self, question: Question) -> Answer:
        """
        Answer a question (``services.figures.FigureEngine``).

        Raises:
            DayMissing: A day it begins or ends with is not in the lake.
            FigureNotTold: It reads too much, takes too long, or the engine failed.
        """
        plan = questions.plan(question)
        read = needed(question, plan, self.files)
        found: Sequence[tuple[Any, ...]]
        if self._here(read):
            engine, size = "duckdb", read.size
            try:
                found = query.rows(plan, read.parts, files=self.files, shelf=self.shelf)
            finally:
                self.shelf.tidy()
        elif self.elsewhere is None:
            raise FigureNotTold(reason="too_much")
        else:
            engine = "athena"
            found, size = self.elsewhere.rows(question, plan, read)
        return Answer(
            columns=plan.columns,
            rows=tuple(found),
            engine=engine,
            bytes_read=size,
            days=read.days,
        )

    def _here(self, read: Needed) -> bool:
        return self.only == "duckdb" or (self.only == "" and read.size <= self.most_here)


def told(question: Mapping[str, Any], engine: Engine) -> dict[str, Any]:
    """
    Answer a question that came as JSON, as JSON; or ``{"problem": {"code", "details"}}``.

    Args:
        question: As ``questions.plain`` writes it.
    """
    try:
        return engine.ask(questions.parse(question)).plain()
    except (BadField, DayMissing, FigureNotTold) as error:
        return {"problem": {"code": error.code, "details": dict(error.details)}}
