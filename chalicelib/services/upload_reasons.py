"""Why rows were rejected, summed up for the review: most frequent first, with rows to look at."""

from typing import Any

from chalicelib.intake.rows import Rejected

REASONS_SHOWN = 12
ROWS_SHOWN = 10


class ReasonTally:
    """
    Counts reasons while the rejected rows pass by once; memory grows with reasons, not rows.

    A row with two reasons counts under both, so the counts may add up to more than the rows.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._rows: dict[tuple[str, str], list[int]] = {}

    def add(self, rejected: Rejected) -> None:
        for key in dict.fromkeys((reason.code, reason.field) for reason in rejected.reasons):
            self._counts[key] = self._counts.get(key, 0) + 1
            rows = self._rows.setdefault(key, [])
            if len(rows) < ROWS_SHOWN:
                rows.append(rejected.row_number)

    def top(self) -> list[dict[str, Any]]:
        """
        List the reasons, most frequent first.

        Returns:
            ``{"code", "field" (or None), "count", "rows": first row numbers as a spreadsheet
            shows them}``, JSON-safe.
        """
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return [
            {"code": code, "field": field or None, "count": count, "rows": self._rows[code, field]}
            for (code, field), count in ordered[:REASONS_SHOWN]
        ]
