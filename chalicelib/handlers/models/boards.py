"""Boards of people and teams: figures, goals, a person's day."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import DayText, Instant, Money
from chalicelib.handlers.models.policies import CommissionRules
from chalicelib.handlers.models.visits import Named

Month = Annotated[str, Field(max_length=7, description="`yyyy-mm` of the portfolio's calendar.")]


class Figures(Answer):
    """
    What somebody did. ``contacts``: calls and visits that met anybody, ``rpc`` the debtor.
    ``talk_s``: seconds on the telephone. ``promises_kept``, ``kept``: of those that were for
    these days. ``collected``: payments put down to them (docs/boards.md says how).
    """

    attempts: int
    calls: int
    talk_s: int
    messages: int
    contacts: int
    rpc: int
    visits: int
    visits_verified: int
    promises: int
    promised: Money
    promises_matured: int
    promises_kept: int
    kept: Money
    collected: Money


class PartOfGoals(Answer):
    """What part of the month's goals the period is; null where none is set."""

    attempts: int | None = None
    calls: int | None = None
    rpc: int | None = None
    visits_verified: int | None = None
    promises: int | None = None
    promises_kept: int | None = None
    collected: Money | None = None


class BoardRow(Answer):
    """``shift_s``: seconds on the shift begun today, of field agents; null otherwise."""

    person: Named
    team: str
    role: Literal["admin", "supervisor", "agent", "service"]
    figures: Figures
    goals: PartOfGoals | None
    shift_s: int | None


class TeamRow(Answer):
    team: str
    people: int
    figures: Figures
    goals: PartOfGoals | None


class BoardTotal(Answer):
    people: int
    figures: Figures
    goals: PartOfGoals | None


class Board(Answer):
    """``ranking``: the portfolio puts people in an order. ``own``: your person id."""

    portfolio_id: str
    period: Literal["day", "week", "month"]
    first: DayText
    last: DayText
    month: Month
    currency: str
    as_of: Instant
    ranking: bool
    own: str
    rows: list[BoardRow]
    teams: list[TeamRow]
    total: BoardTotal


class ShiftSpan(Answer):
    started_at: Instant
    ended_at: Instant | None


class Act(Answer):
    """
    ``result``: the code of what it came to, or its state. ``met``: of a call ``conversation``,
    ``answered``, ``unanswered``, of a visit who opened, of a message its channel.
    """

    kind: Literal["call", "message", "visit", "promise"]
    at: Instant
    ended_at: Instant | None
    case_id: str
    name: str
    result: str
    label: dict[str, str] | None
    met: str
    verified: bool | None
    amount: Money | None
    due_on: DayText | None


class CreditedPayment(Answer):
    """``late_days``: how late its debt was; negative = not yet due."""

    case_id: str
    name: str
    entry_id: str
    amount: Money
    late_days: int | None
    reversal: bool


class PersonDay(Answer):
    """``acts`` newest first; ``more``: there were more than are shown."""

    person: Named
    team: str
    date: DayText
    today: DayText
    time_zone: str
    figures: Figures
    shifts: list[ShiftSpan]
    acts: list[Act]
    more: bool
    payments: list[CreditedPayment]


class CommissionLine(Answer):
    """``earned`` = ``collected`` x ``ppm`` x the month's ``percent``, rounded by itself."""

    case_id: str
    name: str
    entry_id: str
    day: DayText
    late_days: int | None
    reversal: bool
    collected: Money
    ppm: int
    earned: Money


class Commission(Answer):
    """
    What somebody earned in a month. ``rules`` null: none hold, nothing is earned. ``more``: there
    are more payments than are shown, and no total is told.
    """

    person: Named
    month: Month
    rules: CommissionRules | None
    collected: Money | None
    goal: Money | None
    percent: int
    earned: Money | None
    lines: list[CommissionLine]
    more: bool


class CommissionBand(Answer):
    """``up_to_days`` null: however late."""

    up_to_days: int | None
    ppm: int
    payments: int
    collected_minor: int
    earned_minor: int


class CommissionRow(Answer):
    """``collected_minor``, ``earned_minor`` null: more payments than are counted for one person."""

    person: Named
    team: str
    payments: int
    collected_minor: int | None
    goal_minor: int | None
    percent: int
    earned_minor: int | None
    bands: list[CommissionBand]


class TeamCommission(Answer):
    """What people earned in a month. ``rules`` null: none hold, nothing is earned."""

    month: Month
    currency: str
    rules: CommissionRules | None
    rows: list[CommissionRow]
    cursor: str | None


class CommissionFile(Body):
    month: Month


class SetGoals(Body):
    """
    ``goals``: figures by whose they are - ``portfolio``, ``team:<name>``, ``person:<id>``;
    amounts in minor units. ``version`` 0: none were set.
    """

    month: Month
    version: Annotated[int, Field(ge=0)]
    goals: Annotated[dict[str, dict[str, int]], Field(max_length=500)]


class Goals(Answer):
    month: Month
    version: int
    goals: dict[str, dict[str, int]]


class BandCoverage(Answer):
    """``code`` empty: due further ahead than any band. ``never``: of them, not once."""

    code: str
    cases: int
    never: int


class UntouchedCase(Answer):
    case_id: str
    name: str
    balance: Money
    touched_on: DayText | None
    due_on: DayText | None


class Coverage(Answer):
    """Add up ``bands`` over pages. ``items``: the first of them, on the first page."""

    days: int
    bands: list[BandCoverage]
    items: list[UntouchedCase]
    cursor: str | None
