"""Strategies, segments, dry runs and A/B results."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, Instant
from chalicelib.strategies.model import CaseEvent

Code = Annotated[str, Field(max_length=40)]
DayText = Annotated[str, Field(description="ISO day, yyyy-mm-dd.")]
Channel = Literal["call", "sms", "whatsapp", "email", "letter", "visit"]
Work = Literal["call", "visit", "legal", "review"]
State = Literal["draft", "published", "archived"]
Value = int | bool | Annotated[str, Field(max_length=120)]
Ppm = Annotated[int, Field(description="Parts per million: 50 % is 500000.")]


class Rule(Body):
    """A comparison, or ``all``, ``any``, ``not`` of others; see ``GET /strategy-vocabulary``."""

    op: Annotated[str, Field(max_length=10)]
    field: Code = ""
    value: Value | Annotated[list[Value], Field(max_length=60)] | None = None
    parts: Annotated[list["Rule"], Field(default_factory=list, max_length=40)]


class Trigger(Body):
    """``days`` after the oldest unpaid due date, the step before really sent, or the event."""

    kind: Literal["due", "previous", "event"]
    days: int = 0
    event: CaseEvent | None = None


class Offer(Body):
    """A discount on each component, and how many days it is good for."""

    principal_ppm: Ppm = 0
    interest_ppm: Ppm = 0
    fees_ppm: Ppm = 0
    valid_days: int = 10


class Step(Body):
    code: Code
    trigger: Trigger
    condition: Rule | None = None
    channels: Annotated[list[Channel], Field(default_factory=list, max_length=6)]
    template_id: Code = ""
    work: Annotated[list[Work], Field(default_factory=list, max_length=4)]
    call_back: Annotated[
        Literal["never", "answered", "unanswered"],
        Field(description="After which end of its voice message a person is asked to call."),
    ] = "never"
    offer: Offer | None = None
    late_days: int | None = None
    arms: Annotated[list[Code], Field(default_factory=list, max_length=6)]


class Arm(Body):
    code: Code
    weight: int = 1
    holdout: bool = False


class Content(Body):
    """What a draft holds; it may be wrong in any way until it is published."""

    name: Annotated[str, Field(max_length=120)]
    steps: Annotated[list[Step], Field(max_length=100)]
    min_gap_days: int = 2
    stop: Rule | None = None
    pause_on_promise: bool = True
    arms: Annotated[list[Arm], Field(default_factory=list, max_length=10)]


class NewStrategy(Body):
    """From a ready-made strategy, from content, or empty."""

    ready_made: Code = ""
    content: Content | None = None


class ChangeStrategy(Body):
    """``edit``: of the newest version, as it was read."""

    edit: int
    content: Content


class Publication(Body):
    """``valid_from``: today when it is not given."""

    edit: int
    valid_from: Day | None = None


class Problem(Answer):
    """What is wrong: ``where`` is a step's or segment's code, or empty for the whole."""

    where: str
    field: str
    reason: str


class Strategy(Content, Answer):
    strategy_id: str
    portfolio_id: str
    version: int
    edit: int
    state: State
    valid_from: DayText | None
    ready_made: str
    created_at: Instant | None
    created_by: str
    published_at: Instant | None
    problems: list[Problem]


class Versions(Answer):
    """Every version, newest first."""

    items: list[Strategy]


class Segment(Body):
    segment_id: Code
    name: Annotated[str, Field(max_length=120)]
    priority: int
    strategy_id: Annotated[str, Field(max_length=80)]
    rule: Rule | None = None
    daily_quota: int | None = None


OwnPrices = Annotated[
    dict[str, int],
    Field(description="By channel: millionths of ``budget_currency`` that a unit really costs."),
]


class ListPrice(Answer):
    """What a unit costs where the portfolio states no price of its own."""

    channel: str
    unit: str
    micros: int
    basis: Annotated[str, Field(description="``list``: published; ``estimate``: ours.")]


class ChangePlaybook(Body):
    """
    ``version``: as it was read. Budgets are in millionths of ``budget_currency``; without one
    there is no limit. Only admins change ``own_prices``; without them they stay.
    """

    version: int
    segments: Annotated[list[Segment], Field(max_length=60)]
    monthly_budget_micros: int | None = None
    daily_budget_micros: int | None = None
    own_prices: OwnPrices | None = None


class Playbook(Answer):
    portfolio_id: str
    segments: list[Segment]
    monthly_budget_micros: int | None
    daily_budget_micros: int | None
    budget_currency: str
    own_prices: OwnPrices
    updated_at: Instant | None
    updated_by: str
    version: int


class Strategies(Answer):
    """``lacking``: what the portfolio has to state before anybody is written to, by path."""

    items: list[Strategy]
    playbook: Playbook
    prices: list[ListPrice]
    lacking: list[str]


class ReadyMade(Answer):
    """A strategy to start from; ``names`` and ``texts`` by language."""

    code: str
    names: dict[str, str]
    texts: dict[str, str]
    rule: Rule | None
    steps: list[Step]


class FieldOfRule(Answer):
    """A fact that rules may ask: its kind, and the operators it takes."""

    name: str
    kind: Literal["number", "money", "text", "flag", "set"]
    ops: list[str]


class Vocabulary(Answer):
    """Everything a strategy may be made of."""

    fields: list[FieldOfRule]
    events: list[str]
    channels: list[Channel]
    work: list[Work]
    ready_made: list[ReadyMade]


class CountSegments(Body):
    segments: Annotated[list[Segment], Field(max_length=60)]


class SegmentCount(Answer):
    """``segment_id`` empty: cases in none."""

    segment_id: str
    cases: int
    balance_minor: int


class SegmentCounts(Answer):
    """``sampled``: only ``seen`` cases were counted, the first by name."""

    items: list[SegmentCount]
    seen: int
    sampled: bool


class NewDryRun(Body):
    """``strategy_id``: whose draft is tried. ``sample``: cases to look at; all when null."""

    day: Day
    strategy_id: Annotated[str, Field(max_length=80)] = ""
    sample: int | None = None


class DryLine(Answer):
    """What one case would get; ``at`` is when it goes or may go next."""

    case_id: str
    name: str
    outcome: Literal["goes", "waits", "denied", "asks", "nothing"]
    segment: str
    strategy: str
    arm: str
    step: str
    channel: str
    template_id: str
    offer: Offer | None
    at: Instant | None
    code: str
    article: str
    cost_micros: int
    balance_minor: int


class DryRun(Answer):
    """
    Figures grow while it is ``running``; ``urls`` are CSV files, once it is ``done``.
    ``daily_budget_micros``: what a day may cost, as it was when the run was asked for.
    """

    dry_run_id: str
    portfolio_id: str
    state: Literal["running", "done"]
    day: DayText
    strategy_id: str
    sample: int | None
    cases: int
    outcomes: dict[str, int]
    channels: dict[str, int]
    codes: dict[str, int]
    cost_micros: int
    daily_budget_micros: int | None
    cost_currency: str
    lines: list[DryLine]
    created_at: Instant
    updated_at: Instant
    urls: list[str]


class Interval(Answer):
    """A share or difference with its 95 % interval, as fractions of one."""

    value: float
    low: float
    high: float


class ArmResult(Answer):
    """``rate``: Wilson's interval. ``against``: difference to the base arm, Newcombe's."""

    code: str
    holdout: bool
    cases: int
    paid: int
    rate: Interval | None
    against: Interval | None


class Experiment(Answer):
    """``cursor``: there are more cases than these figures hold; ask again with it."""

    strategy: str
    base: str
    arms: list[ArmResult]
    cursor: str | None
