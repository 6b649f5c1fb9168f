"""What an engine found of a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What an engine found.

    Args:
        rows: In the order of *columns*; texts, whole numbers and None.
        engine: ``duckdb`` or ``athena``.
        bytes_read: Of the lake's files.
        days: The period's days that are in the lake, of every table that was read.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    engine: str
    bytes_read: int
    days: tuple[date, ...]

    def plain(self) -> dict[str, Any]:
        """Write it as JSON has it; ``of`` reads it back."""
        return {
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "engine": self.engine,
            "bytes": self.bytes_read,
            "days": [day.isoformat() for day in self.days],
        }

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        return cls(
            columns=tuple(told["columns"]),
            rows=tuple(tuple(row) for row in told["rows"]),
            engine=told["engine"],
            bytes_read=told["bytes"],
            days=tuple(date.fromisoformat(day) for day in told["days"]),
        )
