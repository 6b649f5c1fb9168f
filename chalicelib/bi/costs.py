"""
What work costs: its quantities, as ``kpis`` tells them, at the rates of a portfolio.

Exact until the last step: hours that are shared between portfolios are fractions.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.bi.kpis import Figure
from chalicelib.domain.money import DECIMALS
from chalicelib.domain.portfolio import CostRates

CODE = "unit_cost"
TOTAL = "total"
PARTS = ("messages", "calls", "field", "visits", "km")
DOLLARS = "USD"
Line = tuple[str, str]  # a part, and the currency of messages
_HOUR_S = 3600
_KM_M = 1000


@dataclass(frozen=True, slots=True)
class Costs:
    """
    Args:
        lines: The total, then its parts that there are rates for (messages by the currency that
            they are paid in), in millionths of the portfolio's currency.
        left_out: Work that was done and is in no line: as a figure's row tells it, unpriced.
    """

    lines: tuple[Figure, ...]
    left_out: tuple[Figure, ...]


def priced(work: Sequence[Figure], rates: CostRates, currency: str) -> Costs:
    """
    Price work.

    Args:
        work: Rows of ``unit_cost``.
        currency: Of the portfolio, in which its rates are.
    """
    micros: dict[Line, Fraction] = {}
    sample: Counter[Line] = Counter()
    left_out = []
    collected = max((one.denominator for one in work), default=0)
    for one in work:
        each = _micros_each(one, rates, currency)
        if each is None:
            left_out.append(one)
            continue
        line = (one.group_1, one.group_2 if one.group_1 == "messages" else "")
        micros[line] = micros.get(line, Fraction()) + one.numerator * each
        sample[line] += one.sample
    if not micros:
        return Costs((), tuple(left_out))
    parts = sorted(micros, key=lambda line: (PARTS.index(line[0]), line[1]))
    lines = [Figure(*line, round(micros[line]), collected, sample[line]) for line in parts]
    whole = sum(micros.values(), Fraction())
    total = Figure(TOTAL, "", round(whole), collected, sum(sample.values()))
    return Costs((total, *lines), tuple(left_out))


def _micros_each(one: Figure, rates: CostRates, currency: str) -> Fraction | None:
    """Millionths of the currency for one of what a row counts; None where no rate says it."""
    if one.group_1 == "messages":
        if one.group_2 == currency:
            return Fraction(1)
        minor, per = (rates.dollar_minor if one.group_2 == DOLLARS else None), 10**6
    else:
        shared = int(one.group_2 or 1)
        minor, per = {
            "calls": (rates.call_hour_minor, _HOUR_S),
            "field": (rates.field_hour_minor, _HOUR_S * shared),
            "visits": (rates.visit_minor, 1),
            "km": (rates.km_minor, _KM_M * shared),
        }[one.group_1]
    return None if minor is None else Fraction(minor * 10**6, 10 ** DECIMALS[currency] * per)
