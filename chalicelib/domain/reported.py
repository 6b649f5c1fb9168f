"""Payments that a debtor says they made: looked for by a person, found or not."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.dispute import Evidence


class ReportedState(StrEnum):
    """WAITING for a person to look; FOUND or NOT_FOUND by them; MOVED on with a merged case."""

    WAITING = "waiting"
    FOUND = "found"
    NOT_FOUND = "not_found"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """
    Args:
        paid_on: The day it was paid, as the debtor says.
        reference: As on their receipt, in their words; personal.
        source: ``self_pay``.
        hold_id: The pause it brought; empty when there was none left to give.
        task_id: What asks a person to look; ended with it.
        evidence: Photos and files of the receipt.
        answer: What the debtor is told when it was not found.
    """

    reported_id: str
    state: ReportedState
    amount_minor: int
    paid_on: date
    source: str
    at: datetime
    by: str
    reference: str = ""
    hold_id: str = ""
    task_id: str = ""
    evidence: tuple[Evidence, ...] = ()
    answer: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
