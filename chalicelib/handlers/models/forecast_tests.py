"""Tests of one forecast against another."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import DayText, Instant, Money
from chalicelib.handlers.models.queue_policy import EditedBy
from chalicelib.handlers.models.strategies import Interval

Model = Literal["rules", "first", "second"]


class ForecastPolicy(Answer):
    """What a portfolio goes by; an admin sets it (`PUT /portfolios/{id}/forecast`)."""

    champion: Model
    challenger: Literal["", "rules", "first", "second"]
    percent: int
    test_id: str
    champion_id: str
    challenger_id: str


class ChooseForecast(Body):
    """
    ``challenger``: tried on ``percent`` of the cases, 1 to 50; null ends the test. ``version``: of
    the portfolio, as the settings told it.
    """

    champion: Model
    challenger: Model | None = None
    percent: int = 0
    version: Annotated[int, Field(ge=1)]


class DeployedModel(Answer):
    """``model_id`` null: none ships under the name. ``until``: all it learned was known then."""

    name: Literal["first", "second"]
    model_id: str | None
    until: DayText | None


class ForecastTest(Answer):
    test_id: str
    champion: Model
    champion_id: str
    challenger: Model
    challenger_id: str
    percent: int
    started_at: Instant
    started_by: EditedBy
    running: bool


class ForecastSettings(Answer):
    """
    ``version``: of the portfolio. ``current`` false: another model was deployed since the test
    began, and no more cases take part in it.
    """

    version: int
    models: list[DeployedModel]
    champion: Model
    challenger: Model | None
    percent: int
    test_id: str | None
    current: bool
    can_change: bool
    tests: list[ForecastTest]


class ForecastArm(Answer):
    """``watched``: cases whose days are over; only they count in what follows."""

    code: Literal["champion", "challenger"]
    model: Model
    cases: int
    watched: int
    paid: int
    rate: Interval | None
    collected: Money
    promises: int
    kept: int


class ForecastResult(Answer):
    """
    ``paid``, ``kept``, ``collected_minor``: the challenger's difference to the champion, with its
    95 % interval; of cases that paid, of promises, of the amount a case. ``needed``: cases watched
    in each arm with which five points would mostly be seen. ``cursor``: ask again with it.
    """

    test_id: str
    days: int
    arms: list[ForecastArm]
    paid: Interval | None
    kept: Interval | None
    collected_minor: Interval | None
    needed: int
    enough: bool
    cursor: str | None


class ForecastMonth(Answer):
    """How many cases were told a chance in a month."""

    month: str
    cases: int


class ForecastBin(Answer):
    """
    Cases by what they were told, in per cent, and how many paid. ``small``: too few to say.
    ``predicted``: mean of the chances.
    """

    low: int
    high: int
    cases: int
    predicted: float | None
    observed: Interval | None
    small: bool


class ForecastGroup(Answer):
    """The same of those alike in something: where it errs more for some than for others."""

    by: Literal["open_debts", "paid_debts", "product"]
    name: str
    cases: int
    predicted: float
    observed: Interval
    small: bool


class ForecastQuality(Answer):
    """
    What a model told of cases in three months against what came of them: whether a debt was paid
    in full within ``days``.

    ``cases``: those whose days are over; ``paid`` of them. ``sampled``: there are more, these are
    drawn. ``auc``: how often who paid had been told the higher chance of two. ``brier``: mean
    squared error; ``usual_brier`` that of who always says the share that paid. ``verdict``:
    ``small`` = too few, ``high`` and ``low`` = told more or less than came. ``drift``: how far
    chances told now differ from those told first; null = too few.
    """

    model: Literal["first", "second"]
    model_id: str | None
    until: DayText | None
    days: int
    months: list[ForecastMonth]
    sampled: bool
    cases: int
    paid: int
    predicted: float | None
    observed: Interval | None
    auc: float | None
    brier: float | None
    usual_brier: float | None
    verdict: Literal["small", "good", "high", "low"]
    bins: list[ForecastBin]
    groups: list[ForecastGroup]
    drift: float | None
    drifted: bool
    cursor: str | None
