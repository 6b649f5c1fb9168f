"""
How likely something of a case is paid soon, and each debt, by the model in service, if any.

``./recobro predict serve`` puts what was learned into service, under one of two names, so that
one can be tried against the other (``services.forecast_tests``); ``train ... --ship`` puts it
beside this file instead, for the next deployment. An installation without a model, or a debtor of
whom too little is known, has no forecast: rules do then, and say so.
A debt is paid or not by its debtor's habit, and several of one debtor are put together habit by
habit, for they are not independent. What is asked is the debtor's own record of paying in this
portfolio, and how long debts are open; nothing about who somebody is.
"""

import functools
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from chalicelib.domain.case import CaseFile, Debt
from chalicelib.domain.forecast_test import CHALLENGER, MODELS, RULES, ForecastPolicy, arm_of
from chalicelib.domain.ledger import EntryKind, reversals
from chalicelib.prediction import artefact, served
from chalicelib.prediction.artefact import Artefact
from chalicelib.prediction.habit import Days, Habit, Reason
from chalicelib.prediction.history import MOST, Seen

FOLDER = Path(__file__).parent
WITHIN_DAYS = 15
LEAST_SETTLED = 2  # of the debtor's own; with fewer it would be the portfolio that speaks
# How long debts are open counts by whole weeks: a figure that moved daily would have every
# case that a rule asks about looked at daily.
STEP_DAYS = 7
_LEAST, _TOLD = 1e-4, 0.05
_ASTRAY = 0.5  # likelier than not that no habit explains it


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """
    Args:
        percent: Chance that at least one open debt is paid in full within ``WITHIN_DAYS``.
        reasons: What moved it from what is usual in the portfolio of who owes the oldest one
            alone, the heaviest first; a positive weight speaks for payment. ``paid_before`` and
            ``open_others``.
    """

    percent: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDebt:
    """
    Args:
        percent: Chance that this debt is paid in full within ``WITHIN_DAYS``.
        days: When, in days after its due date; None where it is open for longer than any
            habit explains.
    """

    percent: int
    days: Days | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """
    What of a case the model is asked with.

    Args:
        known_on: The day as of which it is told; see ``STEP_DAYS``.
        settled: The debtor's paid debts, the newest last.
        still: Open ones that are asked about, the oldest due first.
    """

    known_on: date
    settled: list[Seen]
    still: list[Debt]

    def open_days(self, debt: Debt) -> int:
        return (self.known_on - debt.due_on).days

    def seen(self, debts: Iterable[Debt]) -> list[Seen]:
        return [Seen(self.open_days(one), False, False) for one in debts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """
    A model in service.

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


def deployed(name: str = MODELS[0]) -> Deployed | None:
    """
    Give the model under a name: the one put into service (``prediction.served``), else what ships.

    None when none was trained, and for rules.
    """
    if name not in MODELS:
        return None
    text = served.text(name)
    return _served(text) if text else _shipped(name)


def made_of(learned: Artefact) -> Deployed:
    """Give what a training left behind as it tells."""
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


def name_of(file: CaseFile, policy: ForecastPolicy) -> str:
    """Name the model of the arm that a case is in; ``rules`` for rules."""
    challenged = arm_of(policy, file.head.case_id) == CHALLENGER
    return policy.challenger if challenged else policy.champion


def told(file: CaseFile, policy: ForecastPolicy, today: date) -> Forecast | None:
    """Foretell a case by the model of the arm it is in; None where rules have to do."""
    return of_case(file, today, _model_of(file, policy))


def told_by_debt(file: CaseFile, policy: ForecastPolicy, today: date) -> dict[str, OfDebt]:
    """Foretell each open debt of a case by the model of the arm it is in, by its id."""
    return by_debt(file, today, _model_of(file, policy))


def expected(file: CaseFile, policy: ForecastPolicy, today: date) -> Days | None:
    """Tell when the oldest open debt of a case may be expected; None where nobody can say."""
    known, model = _known(file, today), _model_of(file, policy)
    return _of_debts(known, known.still[:1], model)[0].days if known and model else None


def silence(file: CaseFile, policy: ForecastPolicy, today: date) -> str:
    """
    Say why a case has no forecast: ``rules`` (the portfolio goes by them), ``no_model``,
    ``nothing_open`` or ``too_few_paid``; empty where it has one.
    """
    if name_of(file, policy) == RULES:
        return "rules"
    if _model_of(file, policy) is None:
        return "no_model"
    paid, still = _debts(file, today)
    if not still:
        return "nothing_open"
    return "too_few_paid" if len(paid) < LEAST_SETTLED else ""


def tellable(file: CaseFile, policy: ForecastPolicy, today: date) -> bool:
    """Whether either model of a test says anything of a case: asked of both arms alike."""
    models = (deployed(name) for name in (policy.champion, policy.challenger))
    return any(model is not None for model in models) and _known(file, today) is not None


def of_case(file: CaseFile, today: date, model: Deployed | None) -> Forecast | None:
    """
    Foretell a case as it stands on *today*; None where rules have to do.

    Nothing is told without a model, an open debt, or ``LEAST_SETTLED`` paid ones.
    """
    known = _known(file, today)
    if model is None or known is None:
        return None
    habit, (oldest, *others) = model.habit, known.still

    def chance(settled: list[Seen], still: list[Debt]) -> float:
        return habit.any_paid_within(
            habit.belief([*settled, *known.seen(still)]),
            WITHIN_DAYS,
            [known.open_days(one) for one in still],
            paperless=False,
        )

    steps = [
        chance([], [oldest]),
        chance(known.settled, [oldest]),
        chance(known.settled, known.still),
    ]
    told = (("paid_before", known.settled), ("open_others", known.seen(others)))
    reasons = [
        Reason(code=code, weight=_odds(after) - _odds(before), figures=_summed(history))
        for (code, history), before, after in zip(told, steps, steps[1:], strict=False)
    ]
    heavy = sorted(
        (one for one in reasons if abs(one.weight) > _TOLD), key=lambda one: -abs(one.weight)
    )
    return Forecast(percent=round(100 * steps[-1]), reasons=tuple(heavy))


def by_debt(file: CaseFile, today: date, model: Deployed | None) -> dict[str, OfDebt]:
    """Foretell each open debt that is asked about, by its id; none where rules have to do."""
    known = _known(file, today)
    if model is None or known is None:
        return {}
    told = _of_debts(known, known.still, model)
    return {debt.debt_id: one for debt, one in zip(known.still, told, strict=True)}


def asked_about(file: CaseFile, today: date) -> list[Debt]:
    """Give the open debts of a case that a model is asked about, the oldest due first."""
    _, still = _debts(file, today)
    return [*still[:1], *still[1:][-(MOST - 1) :]]


# Private


@functools.lru_cache(maxsize=4)
def _served(text: str) -> Deployed:
    return made_of(artefact.parse(text))


@functools.cache
def _shipped(name: str) -> Deployed | None:
    return made_of(artefact.read(shipped(name))) if shipped(name).exists() else None


def _model_of(file: CaseFile, policy: ForecastPolicy) -> Deployed | None:
    return deployed(name_of(file, policy))


def _known(file: CaseFile, today: date) -> _Known | None:
    paid, still = _debts(file, today)
    if not still or len(paid) < LEAST_SETTLED:
        return None
    oldest = still[0]
    late = (today - oldest.due_on).days
    known_on = today - timedelta(days=late % STEP_DAYS) if late > 0 else oldest.due_on
    return _Known(
        known_on=known_on,
        settled=[one for _, one in sorted(paid, key=lambda each: each[0])][-MOST:],
        still=[oldest, *still[1:][-(MOST - 1) :]],
    )


def _of_debts(known: _Known, debts: Sequence[Debt], model: Deployed) -> list[OfDebt]:
    habit = model.habit
    belief = habit.belief([*known.settled, *known.seen(known.still)])

    def one(open_days: int) -> OfDebt:
        chance = habit.paid_within(belief, WITHIN_DAYS, paperless=False, open_days=open_days)
        astray = habit.astray(belief, paperless=False, open_days=open_days)
        days = habit.days(belief, paperless=False, open_days=open_days)
        return OfDebt(percent=round(100 * chance), days=days if astray < _ASTRAY else None)

    return [one(known.open_days(debt)) for debt in debts]


def _debts(file: CaseFile, today: date) -> tuple[list[tuple[date, Seen]], list[Debt]]:
    """What the debtor paid before *today*, by due date; and what is open, the oldest due first."""
    undone = reversals(file.entries)
    owed: dict[str, int] = defaultdict(int)
    last: dict[str, date] = {}
    for entry in file.entries:
        owed[entry.debt_id] += entry.amount_minor
        if entry.kind is EntryKind.PAYMENT and entry.entry_id not in undone:
            last[entry.debt_id] = max(entry.effective_on, last.get(entry.debt_id, date.min))
    alive = [one for one in file.debts if not one.void]
    paid = [
        (debt.due_on, Seen((on - debt.due_on).days, True, False))
        for debt in alive
        if owed[debt.debt_id] <= 0 and (on := last.get(debt.debt_id)) is not None and on < today
    ]
    still = [debt for debt in alive if owed[debt.debt_id] > 0]
    return paid, sorted(still, key=lambda one: (one.due_on, one.debt_id))


def _summed(history: list[Seen]) -> dict[str, float]:
    late = sum(one.days > 0 for one in history)
    mean = round(sum(one.days for one in history) / len(history)) if history else 0
    return {"debts": float(len(history)), "late": float(late), "mean_days": float(mean)}


def _odds(chance: float) -> float:
    kept = min(max(chance, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))
