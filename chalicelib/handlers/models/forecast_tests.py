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
