"""Every figure is what ledgers and timelines tell by hand; and what the books' examples say."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from chalicelib.bi import kpis
from chalicelib.bi.kpis import KPIS, Asked, Figure
from chalicelib.bi.questions import OfKpi, Question
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.errors import DayMissing
from lake.engine import Engine
from lake.shelf import Shelf
from tests import kpi_world, kpis_by_hand, shifts_world
from tests.kpi_world import BEGAN, FIRST, LAST
from tests.lake_world import a_lake


def asked(first=FIRST, last=LAST, **values):
    base = {"portfolio_id": "prt_test", "first": first, "last": last, "bands": DEFAULT_BANDS}
    return Asked(**base | values)


def told(code, world, wanted):
    question = Question(
        about=OfKpi(code=code),
        portfolio_id=wanted.portfolio_id,
        first=wanted.first,
        last=wanted.last,
        bands=tuple(wanted.bands),
    )
    shelf = Shelf(world.disk.at.with_name(f"{world.disk.at.name}-shelf"), most=1 << 30)
    answer = Engine(files=world.disk, shelf=shelf).ask(question)
    return [Figure(*row) for row in answer.rows]


def one(code, world, wanted):
    (figure,) = told(code, world, wanted)
    return figure


@pytest.fixture(scope="module")
def quarter():
    with a_lake() as world:
        kpi_world.fill(world)
        world.export(LAST, since=BEGAN, now=world.at(LAST + timedelta(days=9)))
        yield world


LOOKS_BACK = (FIRST - BEGAN).days  # further than this the month does not go; ``test_a_year`` does


@pytest.mark.parametrize(
    "code", sorted(k.code for k in KPIS.values() if all(r.back < LOOKS_BACK for r in k.reads))
)
def test_a_figure_is_what_is_counted_by_hand(code, quarter):
    files = list(quarter.cases.files.values())
    shifts = shifts_world.by_hand(FIRST, LAST, BEGAN)
    by_hand = kpis_by_hand.told([code], [files], FIRST, LAST, shifts)[code]
    rows = told(code, quarter, asked())
    found = {(row.group_1, row.group_2): (row.numerator, row.denominator) for row in rows}

    assert found == by_hand
    assert any(numerator for numerator, _ in found.values())
    assert all(row.sample > 0 for row in rows)


def test_rows_of_the_roll_matrix_sum_to_one(quarter):
    rows: dict[str, Fraction] = {}
    for cell in told("roll_matrix", quarter, asked()):
        rows[cell.group_1] = rows.get(cell.group_1, Fraction()) + cell.value

    assert len(rows) > 3
    assert set(rows.values()) == {Fraction(1)}


def test_kept_partial_and_broken_are_all_that_matured(quarter):
    kept, broken = one("kept_count", quarter, asked()), one("broken_rate", quarter, asked())

    assert kept.denominator == broken.denominator
    assert 0 < kept.value + broken.value < 1  # the rest was kept in part


def test_payment_delay_is_that_of_the_book():
    """Upflow's example: 140 paid after 7 days and 85 after 55 are 25.1 days."""
    due_on = date(2026, 1, 10)
    with a_lake() as world:
        last = date(2026, 3, 31)
        for number, (minor, days) in enumerate(((14_000, 7), (8_500, 55))):
            case_id = world.debtor(number, date(2026, 1, 5), minor=minor, due_on=due_on)
            world.pay(case_id, minor, due_on + timedelta(days=days))
        for day in (due_on + timedelta(days=7), due_on + timedelta(days=55), last):
            world.export(day)
        figure = one("payment_delay", world, asked(date(2026, 1, 1), last))

    assert round(float(figure.value), 1) == 25.1


def test_add_is_dso_less_the_best_possible(quarter):
    dso, best, add = (one(code, quarter, asked()).value for code in ("dso", "dso_best", "add"))

    assert add == dso - best


def test_what_is_not_in_the_lake_is_not_told_as_nothing(quarter):
    with pytest.raises(DayMissing, match="2026-11-30"):
        told("par30", quarter, asked(last=date(2026, 11, 30)))


@pytest.mark.parametrize("portfolio_id", ["x' OR 'a'='a", "", "a b"])
def test_what_is_no_id_never_reaches_the_sql(portfolio_id):
    with pytest.raises(ValueError, match="no such"):
        kpis.text(KPIS["par30"], asked(portfolio_id=portfolio_id))
