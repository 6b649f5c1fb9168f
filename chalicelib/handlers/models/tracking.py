"""An agent's positions: shifts, batches of points, trails, the live map."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, Id, Instant

Word = Annotated[str, Field(max_length=40)]
State = Literal["moving", "stopped", "visiting", "silent", "off"]


class Point(Body):
    """As the phone has it; what it does not know is null or left out."""

    at: AwareDatetime
    # Not bounded here: one impossible place must not keep a whole batch back.
    lat: float
    lng: float
    accuracy_m: float | None = None
    speed_ms: float | None = None
    heading: float | None = None
    battery: Annotated[float | None, Field(ge=0, le=1)] = None
    charging: bool | None = None
    network: Word | None = None
    activity: Word | None = None
    mock: bool | None = None


class Pings(Body):
    """``case_id``: the case at whose door he is now, while a visit is being made."""

    device_id: Id
    points: Annotated[list[Point], Field(min_length=1, max_length=1000)]
    case_id: Id | None = None


class RefusedPoint(Answer):
    index: int
    code: Literal["no_fix", "future", "too_old", "duplicate", "poor_accuracy", "off_shift"]


class PassVisit(Answer):
    case_id: str
    visit_id: str
    at: Instant


class Pass(Answer):
    """
    A time that somebody was there; ``visits``: those he reported from there then.

    ``distance_m`` and ``accuracy_m`` are the nearest point's.
    """

    person_id: str
    name: str
    team: str
    since: Instant
    until: Instant
    distance_m: float
    accuracy_m: float | None
    points: int
    visits: list[PassVisit]


class Passes(Answer):
    """``kept_days``: for so long it is known who was where."""

    items: list[Pass]
    kept_days: int


class PingsTaken(Answer):
    accepted: int
    refused: list[RefusedPoint]


class StartShift(Body):
    shift_id: Id
    started_at: AwareDatetime
    device_id: Id = "app"
    point: Point | None = None


class EndShift(Body):
    ended_at: AwareDatetime


class Shift(Answer):
    """``ends_by``: when it closes by itself if nobody clocks out."""

    shift_id: str
    started_at: Instant
    ended_at: Instant | None
    ends_by: Instant


class CurrentShift(Answer):
    """``kept_days``: for how long positions are kept; ``server_time`` shows a phone's skew."""

    shift: Shift | None
    server_time: Instant
    kept_days: int


class TrailPoint(Answer):
    at: Instant
    lat: float
    lng: float
    accuracy_m: float | None
    speed_ms: float | None
    heading: float | None
    battery: float | None
    charging: bool | None
    network: str | None
    activity: str | None
    mock: bool | None


class TrailStop(Answer):
    started_at: Instant
    finished_at: Instant
    lat: float
    lng: float
    duration_s: int


class TrailTrip(Answer):
    started_at: Instant
    finished_at: Instant
    distance_m: float


class TrailVisit(Answer):
    visit_id: str
    case_id: str
    at: Instant
    lat: float | None
    lng: float | None
    verdict: str
    disposition: str


class Trail(Answer):
    """
    A day, in the time zone of the agent's first portfolio.

    ``points`` are without jumps and simplified to 10 m; ``received`` counts all that are kept,
    until ``kept_until``.
    """

    person_id: str
    date: Day
    time_zone: str
    points: list[TrailPoint]
    stops: list[TrailStop]
    trips: list[TrailTrip]
    shifts: list[Shift]
    visits: list[TrailVisit]
    received: int
    distance_m: float
    kept_days: int
    kept_until: Instant


class LiveAgent(Answer):
    """``why`` explains the state; ``since`` is when it began. Off shift there is no position."""

    person_id: str
    name: str
    team: str
    state: State
    why: str
    since: Instant | None
    at: Instant | None
    heard_at: Instant | None
    lat: float | None
    lng: float | None
    accuracy_m: float | None
    speed_ms: float | None
    heading: float | None
    battery: float | None
    charging: bool | None
    network: str | None
    activity: str | None
    case_id: str | None
    alarm: str | None


class Live(Answer):
    """
    What changed since ``mark``; ask again with it.

    ``whole``: these are all agents, so that who is missing is to be taken off the map.
    """

    items: list[LiveAgent]
    mark: str
    whole: bool
    server_time: Instant


class CallForHelp(Body):
    alarm_id: Id
    at: AwareDatetime
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None
    lng: Annotated[float | None, Field(ge=-180, le=180)] = None
    accuracy_m: float | None = None


class SettleAlarm(Body):
    state: Literal["taken", "closed"]
    note: Annotated[str, Field(max_length=500)] = ""


class Alarm(Answer):
    """``told``: how many messages went to supervisors; null while nobody was tried."""

    alarm_id: str
    person_id: str
    name: str
    team: str
    at: Instant
    received_at: Instant
    lat: float | None
    lng: float | None
    accuracy_m: float | None
    state: Literal["open", "taken", "closed"]
    told: int | None
    taken_by: str | None
    taken_by_name: str | None
    taken_at: Instant | None
    closed_by: str | None
    closed_by_name: str | None
    closed_at: Instant | None
    note: str


class AlarmPage(Answer):
    items: list[Alarm]
