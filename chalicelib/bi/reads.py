"""Which days of which tables a figure reads, as it declares them; a test holds its SQL to it."""

from dataclasses import dataclass
from enum import StrEnum


class Span(StrEnum):
    """
    PERIOD every day of it. BEFORE the day before it, LAST its last day, ENDS those two. TO_DATE
    everything there is up to its last day.
    """

    PERIOD = "period"
    BEFORE = "before"
    LAST = "last"
    ENDS = "ends"
    TO_DATE = "to_date"


@dataclass(frozen=True, slots=True)
class Reading:
    """
    Args:
        back: Of a PERIOD: how many days before the first are read with it.
        short: Of a PERIOD: how many of its last days are not.
    """

    table: str
    span: Span
    back: int = 0
    short: int = 0


def period(table: str, back: int = 0, *, short: int = 0) -> Reading:
    return Reading(table, Span.PERIOD, back, short)


def before(table: str) -> Reading:
    return Reading(table, Span.BEFORE)


def last(table: str) -> Reading:
    return Reading(table, Span.LAST)


def ends(table: str) -> Reading:
    return Reading(table, Span.ENDS)


def to_date(table: str) -> Reading:
    return Reading(table, Span.TO_DATE)
