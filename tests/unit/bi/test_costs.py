"""What a unit collected costs, on work and rates small enough to reckon on paper."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from chalicelib.bi import costs, tables
from chalicelib.bi.kpis import Figure
from chalicelib.bi.questions import OfCases, OfKpi, Question
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.contact import AttemptState, Cause, Channel
from chalicelib.domain.people import Person, Role
from chalicelib.domain.portfolio import CostRates
from chalicelib.domain.visit import Standing
from chalicelib.services import shifts
from lake.engine import Engine
from lake.shelf import Shelf
from tests.builders import an_attempt
from tests.lake_world import a_lake, reader

MAY_1, DAY = date(2026, 5, 1), timedelta(days=1)
PESO = 1_000_000  # micros
ALL = CostRates(
    call_hour_minor=9_000, field_hour_minor=12_000, visit_minor=1_500, km_minor=400,
    dollar_minor=1_800,
)  # fmt: skip
# 2 dollars of messages, 40 minutes of calls, 3 visits, 5 hours and 10 km alone, 4 h and 6 km
# shared by two: 1,000 pesos were collected.
WORK = [
    Figure("calls", "", 2_400, 100_000, 12),
    Figure("field", "1", 5 * 3600, 100_000, 1),
    Figure("field", "2", 4 * 3600, 100_000, 1),
    Figure("km", "1", 10_000, 100_000, 1),
    Figure("km", "2", 6_000, 100_000, 1),
    Figure("messages", "USD", 2 * PESO, 100_000, 40),
    Figure("visits", "", 3, 100_000, 3),
]


def told(found):
    return {line.group_1: (line.numerator / PESO, line.sample) for line in found.lines}


def test_each_part_is_its_work_at_its_rate_and_the_total_their_sum():
    found = costs.priced(WORK, ALL, "MXN")

    assert told(found) == {
        "total": (36 + 60 + (600 + 240) + 45 + (40 + 12), 59),
        "messages": (36, 40),
        "calls": (60, 12),
        "field": (840, 2),
        "visits": (45, 3),
        "km": (52, 2),
    }
    assert found.left_out == ()
    assert {line.denominator for line in found.lines} == {100_000}
    assert found.lines[0].value / PESO * 100 == Fraction(1_033, 1_000)  # 1.033 pesos a peso


def test_what_has_no_rate_is_left_out_by_name():
    found = costs.priced(WORK, CostRates(call_hour_minor=9_000), "MXN")

    assert told(found) == {"total": (60, 12), "calls": (60, 12)}
    assert {one.group_1 for one in found.left_out} == {"messages", "field", "visits", "km"}
    nothing = costs.priced(WORK, CostRates(), "MXN")
    assert (nothing.lines, len(nothing.left_out)) == ((), len(WORK))


def test_a_rate_of_nothing_is_a_rate():
    found = costs.priced(WORK, CostRates(visit_minor=0), "MXN")

    assert told(found) == {"total": (0, 3), "visits": (0, 3)}


def test_messages_in_the_portfolios_own_currency_need_no_rate():
    found = costs.priced([Figure("messages", "USD", 5, 100, 1)], CostRates(), "USD")

    assert told(found)["total"] == (5 / PESO, 1)
    other = costs.priced([Figure("messages", "BRL", 5, 100, 1)], ALL, "MXN")
    assert [one.group_2 for one in other.left_out] == ["BRL"]


def test_currencies_without_cents_are_reckoned_in_their_own_units():
    found = costs.priced([Figure("visits", "", 2, 100, 2)], CostRates(visit_minor=500), "CLP")

    assert told(found)["visits"] == (1_000, 2)


def test_nothing_collected_has_no_cost_each():
    (total, *_) = costs.priced([Figure("visits", "", 2, 0, 2)], ALL, "MXN").lines

    assert total.value is None


@pytest.fixture
def world():
    with a_lake() as made:
        yield made


def ask(world, about):
    shelf = Shelf(world.disk.at.with_name(f"{world.disk.at.name}-shelf"), most=1 << 30)
    question = Question(
        about=about, portfolio_id="prt_test", first=MAY_1, last=MAY_1 + 2 * DAY,
        bands=tuple(DEFAULT_BANDS),
    )  # fmt: skip
    return Engine(files=world.disk, shelf=shelf).ask(question).rows


def worked(world):
    """
    A call of 5 minutes, one of 10, one left open for a night, one a machine made; a message; two
    visits, one refused; a shift of 6 hours; 800 collected and 300 that bounced.
    """
    one, two = (world.debtor(n, MAY_1, minor=100_000, due_on=MAY_1) for n in (1, 2))
    at = world.at(MAY_1 + DAY, hour=10)
    by = Cause(kind="call", by="user:ana")
    world.call(one, at, "conversation", seconds=300, cause=by)
    world.call(two, at, "unanswered", seconds=600, cause=by)
    world.call(two, at + timedelta(hours=2), "", seconds=9 * 3600, cause=by)
    world.call(one, at + timedelta(hours=3), "", seconds=60, cause=Cause(kind="strategy"))
    sent = an_attempt(
        "att_sms", channel=Channel.SMS, state=AttemptState.SENT, created_at=at, sent_at=at,
        cost_micros=45_000, cost_currency="USD",
    )  # fmt: skip
    world.change(one, at, lambda draft: draft._keep(sent, "attempt.sent", {}))
    world.visit(two, at)
    world.visit(two, at + timedelta(hours=1), standing=Standing.REJECTED)
    ana = Person(
        person_id="ana", email="a@example.com", name="", role=Role.AGENT, portfolios=("prt_test",)
    )
    shifts.start("shf_1", at, person=ana, tracking=world.agents, now=at)
    done = at + timedelta(hours=6)
    shifts.end("shf_1", done, person_id="ana", tracking=world.agents, now=done)
    world.pay(one, 80_000, MAY_1 + DAY)
    world.pay(two, 30_000, MAY_1 + DAY)
    paid = world.cases.open(two).entries[-1]
    world.change(two, world.at(MAY_1 + 2 * DAY), lambda d: d.reverse(paid.entry_id, reason="x"))
    world.export(MAY_1 + 2 * DAY, since=MAY_1)
    return one, two


def test_work_is_what_was_done_in_the_days(world):
    worked(world)

    assert sorted(ask(world, OfKpi(code="unit_cost"))) == [
        ("calls", "", 900, 80_000, 2),
        ("field", "1", 6 * 3600, 80_000, 1),
        ("km", "1", 0, 80_000, 1),
        ("messages", "USD", 45_000, 80_000, 1),
        ("visits", "", 1, 80_000, 1),
    ]


def test_work_leads_to_the_cases_it_was_done_for(world):
    one, two = worked(world)

    def behind(part, of="", *, hit=True):
        return ask(world, OfCases(code="unit_cost", group_1=part, group_2=of, hit=hit))

    assert [(case, worth) for case, _, worth in behind("calls")] == [(two, 600), (one, 300)]
    assert [(case, worth) for case, _, worth in behind("messages", "USD")] == [(one, 45_000)]
    assert [(case, worth) for case, _, worth in behind("visits")] == [(two, 1)]
    # Who paid and was never visited; what bounced is nothing.
    assert [(case, worth) for case, _, worth in behind("visits", hit=False)] == [(one, 80_000)]
    assert not behind("field", "1")


def test_a_day_from_before_calls_were_timed_is_read_without_them(world):
    worked(world)
    for day in (MAY_1, MAY_1 + DAY):
        path = world.disk.at / tables.part_key("attempts", "prt_test", day.isoformat())
        older = reader().read_parquet(str(path)).project("* EXCLUDE (seconds)")
        older.write_parquet(f"{path}.older")
        path.with_name(f"{path.name}.older").rename(path)
    found = {row[0]: row[2] for row in ask(world, OfKpi(code="unit_cost"))}

    assert "calls" not in found
    assert found["messages"] == 45_000
