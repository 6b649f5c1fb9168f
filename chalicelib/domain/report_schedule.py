"""A kept report that goes by e-mail again and again, and each time that it was due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.due_times import Days, Rhythm

MOST_RECIPIENTS = 20  # of one schedule
MOST_OUTSIDE = 20  # addresses outside that a portfolio writes to in a month, by all its schedules
MOST_SCHEDULES = 50  # of one portfolio
LEASE = timedelta(minutes=3)  # longer than a worker lives
STOPS_FOR = timedelta(days=730)  # the link that ends it for who gets it
OPENS_FOR_DAYS = 30  # the link that somebody outside gets
EVERYTHING = "*"


class ScheduleState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"


class MailingState(StrEnum):
    WAITING = "waiting"  # its days are not in the lake yet, or the engine failed
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # nobody got anything


class LetterState(StrEnum):
    WAITING = "waiting"
    HANDING = "handing"  # about to be handed over; found like this afterwards: ``unknown``
    SENT = "sent"
    UNKNOWN = "unknown"  # it may have gone: it is not sent again
    REFUSED = "refused"  # the provider took it not, or a report for outside cannot be told
    NO_ACCESS = "no_access"
    STOPPED = "stopped"  # they do not want it
    OVER_LIMIT = "over_limit"


GONE = (LetterState.SENT, LetterState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSchedule:
    """
    ``P#<portfolio>`` / ``RSCHEDULE#<id>``.

    Args:
        file: ``pdf`` or ``xlsx``.
        compare: Whether the days before stand beside them.
        people: Ids of who is to get it as a file.
        outside: Addresses that get a link to it as it was.
        next_at: When it is due, UTC; while it is being sent, the moment it was due.
    """

    schedule_id: str
    portfolio_id: str
    report_id: str
    rhythm: Rhythm
    days: Days
    file: str
    compare: bool
    people: tuple[str, ...]
    outside: tuple[str, ...]
    next_at: datetime
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    state: ScheduleState = ScheduleState.ACTIVE
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """
    An e-mail to one recipient.

    Args:
        to: A person's id, or an address outside.
        code: Why it was refused.
    """

    to: str
    outside: bool = False
    state: LetterState = LetterState.WAITING
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """
    One time that a schedule was due, or was asked for: ``P#<portfolio>`` / ``RMAIL#<key>``.

    Args:
        key: ``<schedule>#<when it was due, or the minute it was asked for>#<who asked, or "">``.
        until: Until when it waits for its days.
        first, last: The days that it tells, fewer than were asked for where the others are missing.
        problem: Why it waits or failed: a code of a refusal.
        days, days_there: How many days were told of, and how many of them are in the lake.
        link_id: Of the link for outside.
        lease_until: Until when a worker has it to itself.
    """

    key: str
    portfolio_id: str
    schedule_id: str
    due_at: datetime
    until: datetime
    first: date
    last: date
    asked_first: date
    asked_last: date
    asked_by: str = ""
    state: MailingState = MailingState.WAITING
    problem: str = ""
    letters: tuple[Letter, ...] = ()
    days: int = 0
    days_there: int = 0
    link_id: str = ""
    lease_until: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1

    @property
    def over(self) -> bool:
        return self.state in (MailingState.SENT, MailingState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """
    What a recipient does not want any more: ``P#<portfolio>`` / ``RSTOP#<recipient>``.

    Args:
        recipient: A person's id, or the hash of an address outside.
        schedules: Ids; ``*``: every report of the portfolio.
    """

    portfolio_id: str
    recipient: str
    schedules: tuple[str, ...] = ()
    version: int = 1

    def wants(self, schedule_id: str) -> bool:
        return not {EVERYTHING, schedule_id} & set(self.schedules)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOutside:
    """
    Whom a portfolio wrote to outside in a month: ``P#<portfolio>`` / ``RMONTH#<yyyy-mm>``.

    Args:
        recipients: Hashes of addresses.
    """

    portfolio_id: str
    month: str
    recipients: tuple[str, ...] = ()
    version: int = 1
