"""Reports that go by e-mail."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, Email, Id, Instant
from chalicelib.handlers.models.visits import Named

Every = Literal["day", "week", "month"]
Days = Literal["yesterday", "last_7", "last_week", "month", "last_month"]
File = Literal["pdf", "xlsx"]


class ScheduleTerms(Body):
    """
    ``weekday``: of what is weekly, 1 = Monday. ``month_day``: of what is monthly; from 29 on the
    month's last day. ``hour``: in the portfolio's time zone. ``days``: ``last_week`` is the last
    Monday to Sunday, ``month`` from the first of yesterday's month to yesterday. ``people``: who
    gets a file; ``outside``: addresses that get a link to the report as it was, for 30 days.
    """

    every: Every
    weekday: Annotated[int, Field(ge=1, le=7)] = 1
    month_day: Annotated[int, Field(ge=1, le=31)] = 1
    hour: Annotated[int, Field(ge=0, le=23)]
    days: Days
    file: File
    compare: bool = False
    people: Annotated[list[Id], Field(default_factory=list, max_length=20)]
    outside: Annotated[list[Email], Field(default_factory=list, max_length=20)]
    state: Literal["active", "paused"] = "active"


class NewReportSchedule(ScheduleTerms):
    report_id: Id


class ReportScheduleChange(ScheduleTerms):
    """``version``: the one that was read."""

    version: int


class PersonOnSchedule(Answer):
    """``reads``: they manage the portfolio still; who does not gets nothing."""

    id: str
    name: str
    reads: bool
    stopped: bool


class AddressOnSchedule(Answer):
    """``stopped``: whoever is there does not want reports of this portfolio."""

    address: str
    stopped: bool


class ReportSchedule(Answer):
    """``next_at`` null: it is paused. ``mine``: one is on it oneself."""

    schedule_id: str
    report_id: str
    every: Every
    weekday: int
    month_day: int
    hour: int
    days: Days
    file: File
    compare: bool
    people: list[PersonOnSchedule]
    outside: list[AddressOnSchedule]
    mine: bool
    state: Literal["active", "paused"]
    next_at: Instant | None
    updated_by: Named
    updated_at: Instant
    version: int


class ReportSchedules(Answer):
    """``most_recipients``: of one; ``most_outside``: addresses outside, of all in a month."""

    items: list[ReportSchedule]
    most_recipients: int
    most_outside: int


class Letter(Answer):
    """``unknown``: it may have gone, so it is not sent again. ``code``: why it was refused."""

    to: str
    outside: bool
    state: Literal[
        "waiting", "handing", "sent", "unknown", "refused", "no_access", "stopped", "over_limit"
    ]
    code: str


class ReportMailing(Answer):
    """
    A time that a report was due, or that somebody asked for it.

    ``problem``: why it waits (until ``until``) or failed: a code of a refusal or
    ``report_mail.*``. ``days_there``: days with data, of ``days`` that were asked for.
    """

    key: str
    due_at: Instant
    asked_by: Named | None
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    asked_from: Day
    asked_to: Day
    days: int
    days_there: int
    state: Literal["waiting", "sending", "sent", "failed"]
    problem: str
    until: Instant
    ended_at: Instant | None
    letters: list[Letter]


class ReportMailings(Answer):
    items: list[ReportMailing]
