"""What is foretold of a case and of its debts."""

from typing import Literal

from chalicelib.handlers.models import Answer


class ForecastReason(Answer):
    """
    ``paid_before``: debts paid; ``open_others``: others that are open. ``mean_days`` after their
    due dates. ``speaks_for``: it makes payment likelier than is usual.
    """

    code: Literal["paid_before", "open_others"]
    speaks_for: bool
    debts: int
    late: int
    mean_days: int


class ForecastDays(Answer):
    """
    When payment may be expected, in days after the due date; negative = before it. Half come by
    ``usual``; three of five come between ``low`` and ``high``.
    """

    usual: int
    low: int
    high: int


class Forecast(Answer):
    """
    The chance in per cent that at least one open debt is paid in full within so many days.
    ``expected``: when the oldest one is; null where it is open for longer than any habit explains.
    """

    percent: int
    days: int
    expected: ForecastDays | None
    reasons: list[ForecastReason]


class DebtForecast(Answer):
    """The same of one debt."""

    percent: int
    days: int
    expected: ForecastDays | None


Silence = Literal["", "rules", "no_model", "nothing_open", "too_few_paid"]
