"""
How likely a case's oldest debt is paid soon, by the model that ships with the product, if any.

``./recobro predict train ... --ship`` puts what it learned beside this file, under one of two
names, so that one can be tried against the other (``services.forecast_tests``); a deployment
without it, or a debtor of whom too little is known, has no forecast: rules do then, and say so.
What is asked is the debtor's own record of paying in this portfolio, and how long debts are open;
nothing about who somebody is.
"""

import functools
import hashlib
import json
import math
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from chalicelib.domain.case import CaseFile, Debt
from chalicelib.domain.forecast_test import CHALLENGER, MODELS, RULES, ForecastPolicy, arm_of
from chalicelib.domain.ledger import EntryKind, reversals
from chalicelib.prediction import artefact
from chalicelib.prediction.habit import Habit, Reason
from chalicelib.prediction.history import MOST, Seen

FOLDER = Path(__file__).parent
WITHIN_DAYS = 15
LEAST_SETTLED = 2  # of the debtor's own; with fewer it would be the portfolio that speaks
# How long debts are open counts by whole weeks: a figure that moved daily would have every
# case that a rule asks about looked at daily.
STEP_DAYS = 7
_LEAST, _TOLD = 1e-4, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """
    Args:
        percent: Chance that the oldest open debt is paid within ``WITHIN_DAYS``.
        reasons: What moved it from what is usual in the portfolio, the heaviest first; a
            positive weight speaks for payment. ``paid_before`` and ``open_others``.
    """

    percent: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """
    A model that ships.

    Args:
        until: The day before which all it learned was known.
        model_id: Of what it learned: the same figures have the same one, wherever deployed.
    """

    habit: Habit
    until: date
    model_id: str = ""


def shipped(name: str) -> Path:
    """Where a model lies that ships under one of ``MODELS``."""
    return FOLDER / ("model.json" if name == MODELS[0] else f"model-{name}.json")


@functools.cache
def deployed(name: str = MODELS[0]) -> Deployed | None:
    """Give the model that ships under a name; None when none was trained, and for rules."""
    if name not in MODELS or not shipped(name).exists():
        return None
    learned = artefact.read(shipped(name))
    figures = json.dumps(asdict(learned.figures), sort_keys=True).encode()
    return Deployed(
        habit=Habit(learned.figures),
        until=learned.until,
        model_id=f"{learned.until}-{hashlib.sha256(figures).hexdigest()[:12]}",
    )


def id_of(name: str) -> str:
    """Name what is deployed under a name; ``rules`` for rules, empty where nothing is."""
    if name == RULES:
        return RULES
    model = deployed(name)
    return model.model_id if model else ""


def told(file: CaseFile, policy: ForecastPolicy, today: date) -> Forecast | None:
    """Foretell a case by the model of the arm it is in; None where rules have to do."""
    challenged = arm_of(policy, file.head.case_id) == CHALLENGER
    name = policy.challenger if challenged else policy.champion
    return of_case(file, today, deployed(name))


def tellable(file: CaseFile, policy: ForecastPolicy, today: date) -> bool:
    """Whether either model of a test says anything of a case: asked of both arms alike."""
    models = (deployed(name) for name in (policy.champion, policy.challenger))
    return any(of_case(file, today, model) is not None for model in models)


def of_case(file: CaseFile, today: date, model: Deployed | None) -> Forecast | None:
    """
    Foretell a case as it stands on *today*; None where rules have to do.

    Nothing is told without a model, an open debt, or ``LEAST_SETTLED`` paid ones.
    """
    if model is None:
        return None
    undone = reversals(file.entries)
    paid: list[tuple[date, Seen]] = []
    still: list[Debt] = []
    for debt in file.debts:
        if debt.void:
            continue
        lines = [one for one in file.entries if one.debt_id == debt.debt_id]
        if sum(one.amount_minor for one in lines) > 0:
            still.append(debt)
            continue
        last = max(
            (
                one.effective_on
                for one in lines
                if one.kind is EntryKind.PAYMENT and one.entry_id not in undone
            ),
            default=None,
        )
        if last is not None and last < today:
            paid.append((debt.due_on, Seen((last - debt.due_on).days, True, False)))
    if not still or len(paid) < LEAST_SETTLED:
        return None
    oldest = min(still, key=lambda one: (one.due_on, one.debt_id))
    late = (today - oldest.due_on).days
    known_on = today - timedelta(days=late % STEP_DAYS) if late > 0 else oldest.due_on
    settled = [one for _, one in sorted(paid, key=lambda each: each[0])][-MOST:]
    others = [
        Seen((known_on - one.due_on).days, False, False) for one in still if one is not oldest
    ][-MOST:]
    open_days = max(0, (known_on - oldest.due_on).days)

    def chance(history: list[Seen]) -> float:
        return model.habit.paid_within(history, WITHIN_DAYS, paperless=False, open_days=open_days)

    steps = [chance([]), chance(settled), chance([*settled, *others])]
    told = (("paid_before", settled), ("open_others", others))
    reasons = [
        Reason(code=code, weight=_odds(after) - _odds(before), figures=_summed(history))
        for (code, history), before, after in zip(told, steps, steps[1:], strict=False)
    ]
    heavy = sorted(
        (one for one in reasons if abs(one.weight) > _TOLD), key=lambda one: -abs(one.weight)
    )
    return Forecast(percent=round(100 * steps[-1]), reasons=tuple(heavy))


def _summed(history: list[Seen]) -> dict[str, float]:
    late = sum(one.days > 0 for one in history)
    mean = round(sum(one.days for one in history) / len(history)) if history else 0
    return {"debts": float(len(history)), "late": float(late), "mean_days": float(mean)}


def _odds(chance: float) -> float:
    kept = min(max(chance, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))
