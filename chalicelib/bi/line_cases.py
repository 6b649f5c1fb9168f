# ruff: noqa: S608 - the SQL is the catalogue's; keys enter written by number
"""
The cases behind a line of a report, for one of its measures, and how much of it is each one's.

Every source has a case in each of its rows and every measure is a sum over them, so each can be
told case by case; what cases have of a line sums to it.
"""

from collections.abc import Sequence

from chalicelib.bi import reports
from chalicelib.bi.measures import MEASURES, SOURCES, unit_of
from chalicelib.bi.reports import Report
from chalicelib.bi.sent import LONGEST
from chalicelib.bi.sql import literal
from chalicelib.domain.errors import BadField


def checked(report: Report, keys: Sequence[str]) -> None:
    """
    Let a line through that a report of the catalogue can have.

    Raises:
        BadField: By dotted name; ``measures``, where it is not one alone.
    """
    reports.checked(report)
    if len(report.measures) != 1:
        raise BadField(field="measures", reason="too_long", most=1)
    if len(keys) != len(report.dimensions):
        raise BadField(field="keys", reason="out_of_range", least=len(report.dimensions))
    if any(len(key) > LONGEST for key in keys):
        raise BadField(field="keys", reason="too_long")


def part_of(report: Report, *, hit: bool) -> str:
    """Say what cases are told with: ``count``, ``money`` or ``micros``."""
    measure = MEASURES[report.measures[0]]
    return unit_of(measure.value if hit or not measure.over else measure.over)


def text(report: Report, keys: Sequence[str], *, hit: bool) -> str:
    """
    Write the SQL of a checked line: each case with how often it counts, and what that comes to.

    Args:
        hit: Those with something in the numerator; else those that are in the denominator alone.
            A plain sum has none of these.
    """
    measure = MEASURES[report.measures[0]]
    source = SOURCES[measure.source]
    only = [
        f"{reports.as_text(reports.column(source, one))} = {literal(key)}"
        for one, key in zip(report.dimensions, keys, strict=True)
    ]
    side = "above" if hit else "below"
    times = side if part_of(report, hit=hit) == "count" else "things"
    return (
        f"SELECT case_id, {times} AS times, {side} AS worth FROM (SELECT case_id,"
        f" {measure.value} AS above, {measure.over or '0'} AS below, count(*) AS things"
        f" FROM {reports.rows(source, report, only)} GROUP BY case_id) AS told"
        f" WHERE {side} <> 0{'' if hit else ' AND above = 0'}"
    )
