"""What a forecast told as the lake has it: a row of each debt, in the day it was told."""

from collections.abc import Iterator
from typing import Any

from chalicelib.bi.facts import moment
from chalicelib.domain.foretold import Telling, tenth


def rows(telling: Telling) -> Iterator[dict[str, Any]]:
    """Tell what was told of each debt of a case; without a chance where rules had to do."""
    for debt in telling.debts:
        yield {
            "case_id": telling.case_id,
            "debt_id": debt.debt_id,
            "told_at": moment(telling.at),
            "model": telling.model,
            "model_id": telling.model_id,
            "basis": telling.basis,
            "percent": debt.percent,
            "tenth": None if debt.percent is None else tenth(debt.percent),
            "usual_days": debt.usual,
            "low_days": debt.low,
            "high_days": debt.high,
            "dpd": debt.late_days,
            "case_percent": telling.percent,
            "test_id": telling.test_id,
            "arm": telling.arm,
        }
