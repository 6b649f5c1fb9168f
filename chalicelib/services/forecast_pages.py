"""How the forecast of a case and of its debts is laid out for a page, and why there is none."""

from datetime import date
from typing import Any

from chalicelib.domain.case import CaseFile
from chalicelib.domain.portfolio import Portfolio
from chalicelib.prediction import forecast
from chalicelib.prediction.forecast import OfDebt
from chalicelib.prediction.habit import Days


def of_case(file: CaseFile, portfolio: Portfolio, today: date) -> dict[str, Any] | None:
    """
    Tell how likely something of a case is paid soon, why, and when the oldest debt may be expected.

    None where rules have to do; ``forecast.silence`` says why.
    """
    found = forecast.told(file, portfolio.forecast, today)
    if found is None:
        return None
    return {
        "percent": found.percent,
        "days": forecast.WITHIN_DAYS,
        "expected": _days(forecast.expected(file, portfolio.forecast, today)),
        "reasons": [
            {
                "code": one.code,
                "speaks_for": one.weight > 0,
                "debts": int(one.figures["debts"]),
                "late": int(one.figures["late"]),
                "mean_days": int(one.figures["mean_days"]),
            }
            for one in found.reasons
        ],
    }


def of_debts(file: CaseFile, portfolio: Portfolio, today: date) -> dict[str, dict[str, Any]]:
    """Tell the same of each debt that is asked about, by its id."""
    told = forecast.told_by_debt(file, portfolio.forecast, today)
    return {debt_id: _of_debt(one) for debt_id, one in told.items()}


def _of_debt(one: OfDebt) -> dict[str, Any]:
    return {"percent": one.percent, "days": forecast.WITHIN_DAYS, "expected": _days(one.days)}


def _days(days: Days | None) -> dict[str, int] | None:
    return None if days is None else {"usual": days.usual, "low": days.low, "high": days.high}
