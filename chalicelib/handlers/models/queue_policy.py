"""How a portfolio orders its calls, what they can come to, what is said in them."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Instant

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Stage = Literal["before_due", "early", "late", "broken", "agreed", "disputed"]


class SegmentPart(Body):
    """An empty ``segment``: the cases in none."""

    segment: Annotated[str, Field(max_length=80)]
    percent: int


class QueuePolicy(Body):
    """
    How calls are ordered: most points of a factor by its code, and what part of the calls each
    segment gets at least, or has of its own (``segment_parts``, 100 per cent together at most).
    `GET /portfolios/{id}/call-settings` tells the codes.
    """

    weights: Annotated[dict[str, int], Field(default_factory=dict, max_length=20)]
    least_percent: int = 10
    hold_minutes: int = 30
    fill: int = 200
    segment_parts: Annotated[list[SegmentPart], Field(default_factory=list, max_length=50)]


class CallLabels(Body):
    es: Annotated[str, Field(max_length=80)]
    en: Annotated[str, Field(max_length=80)]
    pt: Annotated[str, Field(max_length=80)]


class OwnResult(Body):
    """A result of the portfolio's own; ``visits``: visits can come to it too."""

    code: Code
    label: CallLabels
    met: Literal["holder", "third", "nobody"]
    wants: Annotated[
        list[Literal["promise", "agreement", "dispute", "callback", "note"]],
        Field(default_factory=list, max_length=4),
    ]
    does: (
        Literal[
            "reported_payment",
            "refuse_calls",
            "wrong_person",
            "invalid",
            "deceased",
            "vulnerable",
        ]
        | None
    ) = None
    again_hours: int = 0
    visits: bool = False


class OwnScript(Body):
    """What is said at a stage instead of the base script, a line a step; `{name}` and others."""

    stage: Stage
    language: Literal["es", "en", "pt"]
    lines: Annotated[
        list[Annotated[str, Field(max_length=400)]], Field(min_length=1, max_length=10)
    ]


class CallPolicy(Body):
    """How calls differ from the base: own results, base ones hidden, own scripts."""

    results: Annotated[list[OwnResult], Field(default_factory=list, max_length=20)]
    hidden: Annotated[list[Code], Field(default_factory=list, max_length=60)]
    scripts: Annotated[list[OwnScript], Field(default_factory=list, max_length=18)]


class BaseResult(Answer):
    """``always``: a debtor may always say it, so that it cannot be hidden."""

    code: str
    label: dict[str, str]
    met: Literal["holder", "third", "nobody", "none"]
    wants: list[str]
    does: str | None
    again_hours: int
    visits: bool
    always: bool


class BaseScript(Answer):
    stage: Stage
    language: Literal["es", "en", "pt"]
    lines: list[str]


class EditedBy(Answer):
    id: str
    name: str


class SettingsBefore(Answer):
    """What held until somebody changed it."""

    portfolio_version: int
    replaced_at: Instant
    replaced_by: EditedBy
    queue: QueuePolicy
    calls: CallPolicy


class SegmentToday(Answer):
    """``given``: cases of it that were given out today; an empty ``segment``: of none."""

    segment: str
    name: str
    given: int


class CallSettings(Answer):
    """
    ``segments``: what of today's calls each segment had, in the order of the segments.
    What the settings of calls start from, and what they were before, the newest first.
    ``forecast_until``: up to when the forecast learned; null = there is none, rules rank alone.
    ``hours_until``: the same of the good hours to call.
    """

    results: list[BaseResult]
    scripts: list[BaseScript]
    variables: list[str]
    of_the_debt: list[str]
    weights: dict[str, int]
    most_weight: int
    forecast_until: str | None
    hours_until: str | None
    segments: list[SegmentToday]
    history: list[SettingsBefore]


class PreviewQueue(Body):
    weights: Annotated[dict[str, int], Field(max_length=20)]


class PreviewReason(Answer):
    code: str
    points: int
    value: int | None
    basis: str


class PreviewCase(Answer):
    """``was``: its place with the weights that hold now, from 1."""

    case_id: str
    name: str
    was: int
    score: int
    reasons: list[PreviewReason]


class QueuePreview(Answer):
    """``looked``: how many cases were ranked; ``all``: whether that is all that are ready."""

    items: list[PreviewCase]
    looked: int
    all: bool
