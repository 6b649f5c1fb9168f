"""Which forecast a portfolio goes by, and what a test of another against it came to."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import forecast_quality, forecast_tests

bp = Blueprint(__name__)

BASE = "/portfolios/{portfolio_id}/forecast"
MODEL = web.Query(name="model", about="`first` (as it is without this) or `second`.")
COUNTED = web.Query(name="cursor", about="Of the answer before: goes on counting from there.")


@web.route(bp, f"GET {BASE}", answer="forecast_tests:ForecastSettings")
def settings(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Show which forecast is gone by, what is deployed, and the tests there were."""
    return _shown(call, portfolio_id)


@web.route(
    bp,
    f"PUT {BASE}",
    body="forecast_tests:ChooseForecast",
    answer="forecast_tests:ForecastSettings",
)
def choose(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Choose the forecast, and begin, change or end a test; admins only."""
    forecast_tests.choose(
        portfolio_id,
        champion=call.body.champion,
        challenger=call.body.challenger,
        percent=call.body.percent,
        version=call.body.version,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        tests=wiring.forecast_tests(),
        now=call.now,
    )
    return _shown(call, portfolio_id)


@web.route(
    bp,
    f"GET {BASE}/{{test_id}}",
    answer="forecast_tests:ForecastResult",
    query=(COUNTED,),
)
def result(call: web.Call, portfolio_id: str, test_id: str) -> dict[str, Any]:
    """Tell what became of a test's cases within thirty days, by arm."""
    return forecast_tests.result(
        portfolio_id,
        test_id,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        tests=wiring.forecast_tests(),
        enrolments=wiring.enrolments(),
        cases=wiring.cases(),
        now=call.now,
        cursor=call.query.get("cursor"),
    )


@web.route(
    bp,
    "GET /portfolios/{portfolio_id}/forecast-quality",
    answer="forecast_tests:ForecastQuality",
    query=(MODEL, COUNTED),
)
def quality(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Count how good what was told of cases was: chances against what came of them."""
    return forecast_quality.quality(
        portfolio_id,
        model=call.query.get("model") or "first",
        actor=call.actor,
        portfolios=wiring.portfolios(),
        enrolments=wiring.enrolments(),
        cases=wiring.cases(),
        now=call.now,
        cursor=call.query.get("cursor"),
    )


def _shown(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    return forecast_tests.settings(
        portfolio_id,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        tests=wiring.forecast_tests(),
        people=wiring.actor_names,
    )
