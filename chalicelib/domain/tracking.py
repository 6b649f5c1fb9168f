"""An agent's working day as the server knows it: shifts, points, the latest position, alarms."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.geo.movement import Movement
from chalicelib.geo.point import Point

# Nobody collects for longer: a shift that was forgotten open ends by itself then.
LONGEST_SHIFT = timedelta(hours=14)
# Above this a fix says little more than the town: it neither draws a trail nor moves anybody.
MOST_ACCURACY_M = 200.0
# How far a phone's clock may be ahead before its points are called of the future.
MOST_AHEAD = timedelta(minutes=5)
# A phone that was without signal may be this late; the rest is refused.
LATEST = timedelta(days=7)
SILENT_AFTER = timedelta(minutes=5)
VISIT_LASTS = timedelta(hours=2)


class Refusal(StrEnum):
    """Why a point was not kept."""

    NO_FIX = "no_fix"  # 0,0 is what phones without a fix send
    FUTURE = "future"
    TOO_OLD = "too_old"
    DUPLICATE = "duplicate"
    POOR_ACCURACY = "poor_accuracy"
    OFF_SHIFT = "off_shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """
    One point of a trail, in SI units; None = the phone did not say.

    Args:
        at: When the phone took it; aware.
        heading: Degrees from north, clockwise.
        battery: 0 to 1.
        network, activity: In the client's words.
        mock: The system told the client that the position is simulated.
    """

    at: datetime
    lat: float
    lng: float
    accuracy_m: float | None = None
    speed_ms: float | None = None
    heading: float | None = None
    battery: float | None = None
    charging: bool | None = None
    network: str | None = None
    activity: str | None = None
    mock: bool | None = None

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lng)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """
    A stretch of work, clocked in and out by the agent: positions are taken in it, never outside.

    Args:
        shift_id: Made by the phone, so that a repeat meets itself.
        ended_at: None while it was not clocked out.
        portfolios: The agent's when it began: whose work it was. Empty in one from before
            shifts said so.
        told_at: When the server was last told of it; None likewise.
    """

    shift_id: str
    person_id: str
    started_at: datetime
    ended_at: datetime | None = None
    portfolios: tuple[str, ...] = ()
    told_at: datetime | None = None

    def end(self, now: datetime) -> datetime | None:
        """When it ended, by the agent or by itself; None while it is open."""
        last = self.started_at + LONGEST_SHIFT
        if self.ended_at is not None:
            return min(self.ended_at, last)
        return last if now >= last else None

    def is_open(self, now: datetime) -> bool:
        return self.end(now) is None

    def holds(self, at: datetime) -> bool:
        """Whether a point of this moment was taken at work."""
        until = self.started_at + LONGEST_SHIFT
        if self.ended_at is not None:
            until = min(until, self.ended_at)
        return self.started_at <= at <= until


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """
    What the map knows of one agent now: one row, overwritten.

    Args:
        name, team, portfolios: As they were when the shift began.
        shift: The latest one, open or not.
        fix: The newest point of the open shift; None before the first, and after clocking out.
        heard_at: When the server last heard anything, by its own clock.
        unfixed_at: When it last heard of a phone that did not know where it was.
        device_id, device_on: The device of the newest batch, and the day it was noted.
        case_id, visit_at: The visit he is at, as his phone says, and since when.
        alarm_id: An alarm that nobody has closed.
    """

    person_id: str
    name: str = ""
    team: str = ""
    portfolios: tuple[str, ...] = ()
    shift: Shift | None = None
    fix: Fix | None = None
    movement: Movement | None = None
    heard_at: datetime | None = None
    unfixed_at: datetime | None = None
    device_id: str = ""
    device_on: str = ""
    case_id: str | None = None
    visit_at: datetime | None = None
    alarm_id: str | None = None
    version: int = 0


class AgentState(StrEnum):
    MOVING = "moving"
    STOPPED = "stopped"
    VISITING = "visiting"
    SILENT = "silent"
    OFF = "off"


class AlarmState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """
    Somebody pressed SOS.

    Args:
        at: By the phone.
        received_at: By the server.
        told: How many were reached by e-mail and SMS; None while nobody was tried.
        taken_by, closed_by: Person ids.
    """

    alarm_id: str
    person_id: str
    name: str
    team: str
    portfolios: tuple[str, ...]
    at: datetime
    received_at: datetime
    lat: float | None = None
    lng: float | None = None
    accuracy_m: float | None = None
    state: AlarmState = AlarmState.OPEN
    told: int | None = None
    taken_by: str | None = None
    taken_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    note: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """
    The right of one tracking app to send one agent's positions; only a hash of its token is kept.

    Args:
        portfolios: The agent's when it was issued: whose supervisors see to it.
        sees_team: Whether the app is shown team mates (OwnTracks can).
    """

    tracker_id: str
    person_id: str
    name: str
    created_at: datetime
    created_by: str
    portfolios: tuple[str, ...] = ()
    sees_team: bool = False
    last_seen_at: datetime | None = None
    revoked_at: datetime | None = None
