"""Planning field work: zones, profiles, proposals, assignments, routes, debts nearby."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, DayText, Id, Instant, Minor, Money

Lat = Annotated[float, Field(ge=-90, le=90)]
Lng = Annotated[float, Field(ge=-180, le=180)]
Cell = Annotated[str, Field(pattern=r"^[0-9a-f]{15}$")]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Ids = Annotated[list[Id], Field(max_length=200, default_factory=list)]
Seconds = Annotated[int, Field(description="After the portfolio's midnight.")]
Why = Literal["promise", "task", "zone", "rule", "manual"]


class Corner(Body):
    lat: Lat
    lng: Lng


class NewZone(Body):
    """Either ``polygon`` (corners, not closed) or ``cells`` (H3, resolutions 5 to 10)."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] = "#1f5f5b"
    polygon: Annotated[list[Corner], Field(max_length=200, default_factory=list)]
    cells: Annotated[list[Cell], Field(max_length=2000, default_factory=list)]
    people: Ids
    portfolios: Ids


class ZoneChange(Body):
    """What is left out stays; a polygon takes the place of cells, and the other way round."""

    version: int
    name: Annotated[str, Field(min_length=1, max_length=60)] = ""
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] = "#1f5f5b"
    polygon: Annotated[list[Corner], Field(max_length=200, default_factory=list)]
    cells: Annotated[list[Cell], Field(max_length=2000, default_factory=list)]
    people: Ids
    portfolios: Ids


class Place(Answer):
    lat: float
    lng: float


class Zone(Answer):
    """
    ``people``: who visits there first. ``portfolios``: empty = of every portfolio.

    Of cells: ``outline`` draws round them (polygons, each its outer ring and those of its holes),
    ``cell_size`` is their H3 resolution; empty and null of a polygon.
    """

    zone_id: str
    name: str
    colour: str
    polygon: list[Place]
    cells: list[str]
    outline: list[list[list[Place]]]
    cell_size: int | None
    people: list[str]
    portfolios: list[str]
    version: int


class GridCell(Answer):
    """``border``: its corners, not closed."""

    cell: str
    border: list[Place]


class Grid(Answer):
    """``too_many``: that part of the map is too large for cells of that size; none are given."""

    items: list[GridCell]
    too_many: bool


class Zones(Answer):
    items: list[Zone]


class NewProfile(Body):
    """``version`` as it was read. ``end`` null: where the day began. Monday is 0."""

    version: int
    weekdays: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(max_length=7)]
    opens: Clock
    closes: Clock
    start: Corner | None = None
    end: Corner | None = None
    visits_max: Annotated[int, Field(ge=1, le=60)]
    visit_minutes: Annotated[int, Field(ge=1, le=240)] = 10
    skills: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=40)]],
        Field(max_length=20, default_factory=list),
    ]
    portfolios: Ids


class Profile(Answer):
    person_id: str
    weekdays: list[int]
    opens: str
    closes: str
    start: Place | None
    end: Place | None
    visits_max: int
    visit_minutes: int
    skills: list[str]
    portfolios: list[str]
    version: int


class Agent(Answer):
    """``works``: on that day. ``visits``: planned, made and withdrawn of that day."""

    person_id: str
    name: str
    team: str
    portfolios: list[str]
    profile: Profile
    works: bool
    visits: int


class Agents(Answer):
    items: list[Agent]


class Which(Body):
    """What the cases must be."""

    band: Annotated[str, Field(max_length=20)] = ""
    city: Annotated[str, Field(max_length=80)] = ""
    tag: Annotated[str, Field(max_length=40)] = ""
    min_minor: Minor | None = None
    max_minor: Minor | None = None


class Proposal(Body):
    """
    ``how``: ``due`` (promises and strategies' visits due by the day), ``zone`` (``zone_id``), or
    ``rule`` (``where``, in the order of ``sort``). ``where`` and ``segment_id`` (of the portfolio's
    segments) hold for all three. ``cursor``: of an earlier answer, to look on from there.
    """

    portfolio_id: Id
    date: Day
    how: Literal["due", "zone", "rule"]
    zone_id: Annotated[str, Field(max_length=80)] = ""
    people: Ids
    where: Which = Which()
    sort: Literal["due", "-balance"] = "due"
    segment_id: Annotated[str, Field(max_length=80)] = ""
    most: Annotated[int, Field(ge=1, le=200)] = 200
    cursor: Annotated[str, Field(max_length=300)] | None = None


class ProposedVisit(Answer):
    case_id: str
    address_id: str
    person_id: str
    name: str
    city: str
    lat: float
    lng: float
    balance: Money
    dpd: int
    why: Why
    task_id: str
    opens: Seconds
    closes: Seconds
    place: Annotated[int, Field(description="Of the agent's visits that are proposed; 0: none.")]
    arrives: Seconds


class Load(Answer):
    """``visits``: he has that day; ``added``: by the proposal."""

    person_id: str
    name: str
    visits: int
    added: int
    visits_max: int


class LeftOut(Answer):
    """
    ``taken``, ``no_point``, ``not_allowed``, ``case_closed``, ``rule``, ``skills`` (none of these
    agents has what they ask), ``no_room`` (nobody has time), ``most`` (more than wanted).
    """

    reason: str
    cases: int


class Proposed(Answer):
    """
    ``cursor``: there are more cases; assign these, then ask again with it.

    ``without_room``: visits that nobody has time for, with ``person_id`` empty. ``metres`` and
    ``seconds``: of all ways together. ``plan_id``: a better division is sought now; null where
    there is too little to divide.
    """

    date: DayText
    portfolio_id: str
    items: list[ProposedVisit]
    agents: list[Load]
    left_out: list[LeftOut]
    considered: int
    cursor: str | None
    without_room: list[ProposedVisit]
    metres: int
    seconds: int
    plan_id: str | None


class Division(Answer):
    """``metres``, ``seconds``: of all ways together, back home included."""

    visits: int
    left_out: int
    metres: int
    seconds: int


class DividedStop(Answer):
    case_id: str
    place: int
    arrives: Seconds


class DividedRoute(Answer):
    person_id: str
    stops: list[DividedStop]


class MissedVisit(Answer):
    """
    ``reason``: ``no_room`` (others took the time or the places), ``hours`` (nobody can be there in
    its hours), ``skills`` (nobody who has room has what it asks).
    """

    case_id: str
    reason: Literal["no_room", "hours", "skills"]


class BetterDivision(Division):
    routes: list[DividedRoute]
    missed: list[MissedVisit]


class TeamPlan(Answer):
    """
    ``first``: what the proposal said. ``found``: what is better, counted anew; null while it is
    sought (``waiting``, ``planning``), and where there is nothing better (``done``).
    ``problem`` of one that ``failed``: ``overdue``, ``crashed``, ``unsolved`` or ``unsent``; the
    first division stands, and the same proposal again has it sought anew.
    """

    plan_id: str
    date: DayText
    state: Literal["waiting", "planning", "done", "failed"]
    problem: str
    asked_at: Instant
    first: Division
    found: BetterDivision | None


class WantedVisit(Body):
    """``instead_of``: the open assignment it takes the place of, as it was seen."""

    case_id: Id
    address_id: Id
    person_id: Id
    why: Why = "manual"
    task_id: Annotated[str, Field(max_length=80)] = ""
    instead_of: Annotated[str, Field(max_length=80)] = ""


class NewAssignments(Body):
    """``batch_id`` is made by the client (``bat_`` and a random rest)."""

    portfolio_id: Id
    batch_id: Annotated[str, Field(pattern=r"^bat_[A-Za-z0-9_\-]{8,60}$")]
    date: Day
    items: Annotated[list[WantedVisit], Field(min_length=1, max_length=300)]


class RefusedVisit(Answer):
    case_id: str
    code: str
    details: dict[str, object]


class Assigned(Answer):
    batch_id: str
    assigned: int
    refused: list[RefusedVisit]


class Undone(Answer):
    withdrawn: int


class AssignmentItem(Answer):
    assignment_id: str
    case_id: str
    address_id: str
    person_id: str
    person_name: str
    day: DayText
    state: Literal["planned", "done", "withdrawn"]
    why: str
    place: int
    arrives: Seconds
    withdrawn: str | None
    batch_id: str
    portfolio_id: str
    name: str
    status: str
    balance: Money
    dpd: int
    band: str | None
    lines: str
    city: str
    lat: float | None
    lng: float | None


class Assignments(Answer):
    date: DayText
    items: list[AssignmentItem]


class NewPlan(Body):
    """``people``: empty = all of the caller's."""

    date: Day
    people: Annotated[list[Id], Field(max_length=20, default_factory=list)]


class PlannedStop(Answer):
    assignment_id: str
    place: int
    arrives: Seconds


class Route(Answer):
    """``metres``: of the whole way. ``left_out``: visits that do not fit into the day."""

    person_id: str
    name: str
    made: int
    stops: list[PlannedStop]
    left_out: list[str]
    without_point: int
    metres: int
    back: Seconds


class RoutePlan(Answer):
    date: DayText
    routes: list[Route]
    later: list[str]


class NearItem(Answer):
    """``radius_m``: within it a visit is at the address."""

    case_id: str
    address_id: str
    name: str
    status: str
    balance: Money
    dpd: int
    band: str | None
    debts: int
    lat: float
    lng: float
    quality: str
    radius_m: float
    distance_m: int | None


class Near(Answer):
    items: list[NearItem]
    more: bool
