"""Figures and reports from the lake."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, Instant, Name
from chalicelib.handlers.models.field_planning import Place
from chalicelib.handlers.models.visits import Named

Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
Unit = Literal["ratio", "times", "days", "micros", "count", "money"]


class KpiOffered(Answer):
    """
    ``lines``: what its rows are of, empty for one figure. ``cases``: whether it lists them.
    ``parts``: what numerator and denominator count; ``by_channel``: whether it knows one alone;
    ``by_place``: whether it knows the cases of a zone, a hexagon or a segment alone.
    """

    code: str
    group: str
    unit: Unit
    version: int
    lines: str
    parts: list[Literal["count", "money", "days", "money_days", "micros", "points"]]
    by_channel: bool
    by_place: bool
    cases: bool


class MeasureOffered(Answer):
    """
    ``needs``: a dimension (or one value of it) without which it adds up currencies. ``over``: what
    it is divided by counts, null where it is a plain sum.
    """

    code: str
    group: str
    unit: Unit
    over: Literal["count", "money", "micros"] | None
    needs: str | None
    dimensions: list[str]


class DimensionOffered(Answer):
    code: str
    kind: Literal[
        "day", "week", "month", "number", "code", "band", "person", "yes_no", "cell", "text"
    ]


class FilterTold(Answer):
    dimension: str
    values: list[str]


class ReportOffered(Answer):
    """A report as it would be asked for."""

    measures: list[str]
    dimensions: list[str]
    filters: list[FilterTold]
    limit: int


class BoardOffered(Answer):
    code: str
    reports: list[ReportOffered]


class Catalogue(Answer):
    """
    What can be asked for. What each is called is the reader's business: codes are stable.

    ``boards``: reports that every portfolio has, ready to be asked for.
    """

    kpis: list[KpiOffered]
    measures: list[MeasureOffered]
    dimensions: list[DimensionOffered]
    boards: list[BoardOffered]


class Told(Answer):
    """
    ``days_there``: the period's days that are in the lake, of ``days``; fewer say that the
    numbers are of fewer. ``bytes``: what was read for it.
    """

    portfolio_id: str
    currency: str
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    days: int
    days_there: int
    engine: Literal["duckdb", "athena"]
    bytes: int


class FigureLine(Answer):
    """
    ``value`` null: nothing to divide by. ``few``: the sample is too small to conclude from.
    ``smoothed``: of hours, drawn to the rate of the whole where there are few tries. ``low`` and
    ``high``: of shares of a count, between which the true one is with 95 % certainty. ``sure``: of
    the arms of a test, how sure it is that one does otherwise than the others, 0 to 1.
    """

    group_1: str
    group_2: str
    numerator: int
    denominator: int
    sample: int
    value: float | None
    few: bool
    smoothed: float | None = None
    low: float | None = None
    high: float | None = None
    sure: float | None = None


class LeftOut(Answer):
    """
    Work that was done and has no rate.

    ``of``: the currency of messages; of shifts, between how many portfolios they are.
    """

    part: Literal["messages", "calls", "field", "visits", "km"]
    of: str
    sample: int


class Figure(Told):
    """``left_out``: of the cost of work, what is not in it."""

    kpi: str
    version: int
    unit: Unit
    lines: list[FigureLine]
    left_out: list[LeftOut]


class CaseBehind(Answer):
    """
    A case as it stands now.

    ``times``: how many of its things the figure counts. ``worth``: what they come to, in what
    that part of the figure counts (``parts`` of the catalogue).
    """

    case_id: str
    name: str
    status: str
    times: int
    worth: int


class CasesBehind(Answer):
    """``more``: there are others that were not listed; ``cursor``: where they go on."""

    items: list[CaseBehind]
    more: bool
    cursor: str | None


class LakeColumn(Answer):
    """A column of a table. ``type``: as the Parquet file has it."""

    name: str
    type: str
    about: str


class LakeTable(Answer):
    """``by_day``: ``facts`` that happened on a day, or the ``state`` of things at its end."""

    name: str
    version: str
    about: str
    by_day: Literal["facts", "state"]
    columns: list[LakeColumn]


class LakeFile(Answer):
    """
    A day of a table, as Parquet.

    ``whole``: everything of that day is in it. ``sha256``: of the file. ``url``: where
    addresses were asked for.
    """

    day: Day
    rows: int
    size_bytes: int
    sha256: str
    whole: bool
    exported_at: Instant
    url: str | None


class LakeFiles(Answer):
    """Days that are not in the lake, or not over, are not among the ``items``."""

    portfolio_id: str
    portfolio: str
    country: str
    time_zone: str
    currency: str
    tables: list[LakeTable]
    items: list[LakeFile]


class ReportFilter(Body):
    """Only lines with one of these values; an empty text is "none"."""

    dimension: Code
    values: Annotated[
        list[Annotated[str, Field(max_length=120)]], Field(min_length=1, max_length=50)
    ]


class ReportDefinition(Body):
    """Codes of the catalogue. ``limit``: lines at most."""

    measures: Annotated[list[Code], Field(min_length=1, max_length=8)]
    dimensions: Annotated[list[Code], Field(max_length=3)] = Field(default_factory=list)
    filters: Annotated[list[ReportFilter], Field(max_length=6)] = Field(default_factory=list)
    limit: Annotated[int, Field(ge=1, le=2000)] = 2000


class CasesAsked(Body):
    """
    Which number's cases: a figure's (``kpi``, with its line's groups), or a measure's in a line of
    a report (``measure``, ``dimensions``, ``filters`` and, of each dimension, a value: ``keys``).
    """

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    side: Literal["counted", "rest"] = "counted"
    kpi: Code | None = None
    channel: Code | None = None
    zone: Annotated[str, Field(max_length=80)] | None = None
    cell: Annotated[str, Field(max_length=20)] | None = None
    segment: Annotated[str, Field(max_length=120)] | None = None
    group_1: Annotated[str, Field(max_length=120)] | None = None
    group_2: Annotated[str, Field(max_length=120)] | None = None
    measure: Code | None = None
    dimensions: Annotated[list[Code], Field(max_length=3)] = Field(default_factory=list)
    filters: Annotated[list[ReportFilter], Field(max_length=6)] = Field(default_factory=list)
    keys: Annotated[list[Annotated[str, Field(max_length=120)]], Field(max_length=3)] = Field(
        default_factory=list
    )
    cursor: Annotated[str, Field(max_length=120)] | None = None


class ReportAsked(ReportDefinition):
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")


class BestHour(Answer):
    """``weekday``: 1 is Monday."""

    weekday: int
    hour: int


class ChannelHours(Answer):
    """
    What was learned of a channel. ``best``: hours of the whole portfolio, the best first; beside
    it ``zones`` and ``segments`` of zones have hours of their own.
    """

    channel: str
    tries: int
    direct: int
    best: list[BestHour]
    zones: int
    segments: int


class LearnedHours(Answer):
    """``since``: when there was first anything to say; null = too little yet."""

    since: Instant | None
    made_at: Instant
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    days: int
    channels: list[ChannelHours]


class HoursUsed(Answer):
    """``queue``: points at most in the queue of calls; ``messages``: whether they wait for it."""

    queue: int
    messages: bool


class GoodHours(Answer):
    """``learned`` null: no night has learned yet."""

    learned: LearnedHours | None
    used: HoursUsed


class DaysWanted(Body):
    since: Day | None = Field(default=None, alias="from")


class DaysOrdered(Answer):
    """``running``: a run was under way already. ``done``: no day lacks. ``day``: the last one."""

    state: Literal["ordered", "running", "done"]
    day: Day


class ReportFile(ReportAsked):
    """``compare``: with as many days right before. ``name``: empty, what it is made of."""

    name: Annotated[str, Field(max_length=120)] = ""
    compare: bool = False
    kind: Literal["xlsx", "pdf"] = "xlsx"


class MeasureTold(Answer):
    """``denominator`` null: a plain sum. ``value`` null: nothing to divide by."""

    numerator: int
    denominator: int | None
    value: float | None


class ReportLine(Answer):
    """``keys`` in the order of the dimensions, ``names`` where people are known by one."""

    keys: list[str]
    names: list[str]
    values: list[MeasureTold]


class ReportTold(Told):
    """
    ``more``: there are more lines than were asked for. ``borders``: of the hexagons that are keys,
    their corners, not closed.
    """

    measures: list[str]
    dimensions: list[str]
    lines: list[ReportLine]
    more: bool
    borders: dict[str, list[Place]] | None = None


Picked = Literal["week", "days30", "month", "last_month", "days90"]


class NewReport(ReportDefinition):
    """``period``: its days are counted from the day on which it is read."""

    name: Name
    period: Picked
    compare: bool = False


class ReportChange(NewReport):
    """``version``: the one that was read."""

    version: int


class SavedReport(ReportOffered):
    """A definition: it holds no numbers."""

    report_id: str
    name: str
    period: Picked
    compare: bool
    updated_by: Named
    updated_at: Instant
    version: int


class HomeReport(SavedReport):
    portfolio_id: str


class HomeReports(Answer):
    """``most``: how many there is room for."""

    items: list[HomeReport]
    most: int


class SavedReports(Answer):
    items: list[SavedReport]
    cursor: str | None


class NewReportLink(Body):
    """``lasts_days``: how long it works."""

    report_id: Annotated[str, Field(max_length=60)]
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    lasts_days: Annotated[int, Field(ge=1, le=90)]


class ReportLink(Answer):
    """``opened``: how often; ``works``: it was not ended, and its time is not over."""

    link_id: str
    report_id: str
    name: str
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    made_by: Named
    made_at: Instant
    until: Instant
    opened: int
    opened_at: Instant | None
    revoked_at: Instant | None
    works: bool


class ReportLinks(Answer):
    items: list[ReportLink]
    cursor: str | None


class ReportLinkMade(ReportLink):
    """``url``: for whoever is to read it; it stands in no list."""

    url: str


class ReportLinkOpened(Body):
    """``token``: what stands behind the # of the link."""

    token: Annotated[str, Field(min_length=1, max_length=400)]


class MeasureOfShared(Answer):
    code: str
    unit: Unit
    over: Literal["count", "money", "micros"] | None


class ValueShared(Answer):
    """``hidden``: it is of fewer than ``least_cases`` cases."""

    value: float | None
    denominator: int | None
    hidden: bool


class LineShared(Answer):
    keys: list[str]
    names: list[str]
    values: list[ValueShared]


class SharedReport(Answer):
    """
    A report as it was at ``made_at``: sums of a portfolio's days, nothing of anybody.

    ``left_out``: lines whose very name could say whose they are, being of few cases.
    """

    name: str
    portfolio: str
    country: str
    made_at: Instant
    until: Instant
    currency: str
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    days: int
    days_there: int
    measures: list[MeasureOfShared]
    dimensions: list[str]
    lines: list[LineShared]
    left_out: int
    more: bool
    least_cases: int
