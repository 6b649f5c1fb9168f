"""What the figures of the panel's home answer."""

from chalicelib.handlers.models import Answer
from chalicelib.handlers.models.cases import Band
from chalicelib.handlers.models.common import DayText, Instant, Money


class BandFigures(Band):
    balance: Money
    debts: int


class Cases(Answer):
    open: int
    promised: int
    held: int
    settled: int


class Recovered(Answer):
    today: Money
    this_week: Money
    this_month: Money
    last_month_to_date: Money
    last_month: Money


class Payments(Answer):
    today: int
    this_month: int


class PromiseFigures(Answer):
    """Promises whose day was this month and of which it is known what became."""

    matured: int
    kept: int
    partial: int
    broken: int


class AgreementsOf(Answer):
    """
    Agreements of a span by what became of them in it, and of the money agreed.

    Of their payments only those that matured count: ``kept`` in time of ``matured``; ``paid`` in
    time of what was ``due``.
    """

    offered: int
    accepted: int
    completed: int
    broken: int
    agreed: Money
    matured: int
    kept: int
    due: Money
    paid: Money


class AgreementFigures(Answer):
    this_week: AgreementsOf
    this_month: AgreementsOf
    last_month: AgreementsOf


class DayFigures(Answer):
    day: DayText
    paid: Money
    payments: int


class DisputesEnded(Answer):
    opened: int
    accepted: int
    partly: int
    rejected: int
    withdrawn: int


class DisputeFigures(Answer):
    """``open`` disputes are under way in ``cases``; ``balance`` is what they are about."""

    open: int
    cases: int
    balance: Money
    this_month: DisputesEnded


class Kpis(Answer):
    as_of: Instant
    today: DayText
    currency: str
    balance: Money
    overdue: Money
    debts: int
    cases: Cases
    bands: list[BandFigures]
    recovered: Recovered
    payments: Payments
    agreements: AgreementFigures
    disputes: DisputeFigures
    promises: PromiseFigures
    days: list[DayFigures]


class AllKpis(Answer):
    """By currency: amounts of two currencies are never added."""

    currencies: list[Kpis]
