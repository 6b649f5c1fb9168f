"""How figures of the invented year are asked for, and what has to be in it for each to say much."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from chalicelib.bi import costs
from chalicelib.bi.answers import Answer
from chalicelib.bi.kpis import Figure
from chalicelib.bi.questions import OfKpi, Question
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.portfolio import CostRates
from tests.kpis_by_hand import Told
from tests.year_world import FIRST, LAST

RATES = CostRates(
    call_hour_minor=9_137, field_hour_minor=12_011, visit_minor=1_503, km_minor=417,
    dollar_minor=1_829,
)  # fmt: skip
# First groups that have to be among a figure's rows: else it is the same only for want of them.
LIVED = {
    "roll_matrix": {"charged_off", "current", "180+"},
    "unit_cost": set(costs.PARTS),
    "channel_funnel": {"call", "sms", "whatsapp"},
    "attribution": {"call", "sms", "whatsapp"},
}
REACHED = {"roll_matrix": {"charged_off", "paid"}}  # and second groups


def asked(code: str) -> Question:
    return Question(
        about=OfKpi(code=code),
        portfolio_id="prt_test",
        first=FIRST,
        last=LAST,
        bands=tuple(DEFAULT_BANDS),
    )


def compare(code: str, answer: Answer, by_hand: Mapping[str, Told]) -> None:
    """Hold what an engine found to the hand, and see that there was something to find."""
    found = {(one, two): (above, below) for one, two, above, below, _ in answer.rows}
    assert found == by_hand[code]
    assert any(above for above, _ in found.values())
    assert all(sample > 0 for *_, sample in answer.rows)
    assert LIVED.get(code, set()) <= {one for one, _ in found}
    assert REACHED.get(code, set()) <= {two for _, two in found}


def compare_priced(answer: Answer, by_hand: Mapping[str, Told]) -> None:
    """Hold what work costs at the rates, and what is collected for it, to the hand."""
    found = costs.priced([Figure(*row) for row in answer.rows], RATES, "MXN")
    each = {
        "messages": Fraction(RATES.dollar_minor * 10_000, 10**6),
        "calls": Fraction(RATES.call_hour_minor * 10_000, 3600),
        "field": Fraction(RATES.field_hour_minor * 10_000, 3600),
        "visits": Fraction(RATES.visit_minor * 10_000),
        "km": Fraction(RATES.km_minor * 10_000, 1000),
    }  # of a cent, 10,000 millionths of a peso
    micros: Counter[str] = Counter()
    for (part, of), (amount, _) in by_hand["unit_cost"].items():
        shared = int(of) if part in ("field", "km") else 1
        micros[part] += each[part] * amount / shared
    ((_, collected),) = {(0, below) for _, below in by_hand["unit_cost"].values()}

    assert found.left_out == ()
    assert {line.group_1: line.numerator for line in found.lines} == {
        "total": round(sum(micros.values())),
        **{part: round(cost) for part, cost in micros.items()},
    }
    assert {line.denominator for line in found.lines} == {collected}
    assert all(line.numerator > 0 for line in found.lines)
