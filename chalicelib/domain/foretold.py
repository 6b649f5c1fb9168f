"""What a forecast told of a case and its debts, as it was told: kept once a month of the case."""

from dataclasses import dataclass
from datetime import date, datetime

TENTHS = 10
MODEL = "model"  # a model told it; else why rules had to do, as ``prediction.forecast.silence``


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOfDebt:
    """
    Args:
        late_days: Days from its due date to the day it was told; negative = not yet due.
        percent: Chance that it is paid in full within the days a forecast speaks of; None where
            nothing was told.
        usual, low, high: When, in days after the due date; None where nobody could say.
    """

    debt_id: str
    late_days: int
    percent: int | None = None
    usual: int | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """
    Args:
        on: The day of the portfolio's calendar; at: the moment.
        model, model_id: The name it was deployed under, and what it had learned.
        basis: ``model``, or why it told nothing.
        percent: Chance that something of the case is paid; None where nothing was told.
        test_id, arm: Of the test that ran, if one did.
        debts: The open ones that are asked about.
    """

    case_id: str
    on: date
    at: datetime
    model: str
    model_id: str
    basis: str
    percent: int | None
    test_id: str
    arm: str
    debts: tuple[ToldOfDebt, ...]

    @property
    def name(self) -> str:
        """Under what it is kept: one of a model, a month and a case, and one of its silence."""
        return kept_as(self.model_id, self.on, told=self.basis == MODEL)


def kept_as(model_id: str, day: date, *, told: bool = True) -> str:
    """
    Name what a model told in a month, or of whom it told nothing.

    >>> kept_as("2026-10-31-a", date(2026, 11, 22))
    'told@2026-10-31-a@2026-11'
    """
    return f"{'told' if told else 'silent'}@{model_id}@{day:%Y-%m}"


def tenth(percent: int) -> int:
    """
    Put a chance into its tenth, 0 to 9; the sure ones are of the last.

    >>> tenth(0), tenth(39), tenth(100)
    (0, 3, 9)
    """
    return min(percent // TENTHS, TENTHS - 1)
