"""
Every figure of a seeded year of the generator's debts is what ledgers and timelines tell by hand.

Small here; ``RECOBRO_KPI_DEBTS=100000 RECOBRO_KPI_DAYS=365 pytest tests/unit/bi/test_a_year.py``
compares the whole, in under 2 GB of memory.
"""

import pytest

from chalicelib.bi.kpis import KPIS
from chalicelib.domain.recoveries import recoveries
from lake.engine import Engine
from lake.shelf import Shelf
from tests import kpis_by_hand, shifts_world, year_figures
from tests.lake_world import a_lake
from tests.year_world import BEGAN, FIRST, LAST, Year, exported


@pytest.fixture(scope="module")
def year():
    with a_lake() as world:
        world.cases = Year()
        exported(world)
        yield world


@pytest.fixture(scope="module")
def engine(year, tmp_path_factory):
    shelf = Shelf(tmp_path_factory.mktemp("shelf"), most=1 << 40)
    return Engine(files=year.disk, shelf=shelf, only="duckdb")


@pytest.fixture(scope="module")
def by_hand(year):
    return kpis_by_hand.told(
        KPIS, year.cases.pieces(), FIRST, LAST, shifts_world.by_hand(FIRST, LAST, BEGAN)
    )


@pytest.mark.parametrize("code", sorted(KPIS))
def test_a_figure_of_the_year_is_what_is_counted_by_hand(code, engine, by_hand):
    year_figures.compare(code, engine.ask(year_figures.asked(code)), by_hand)


def test_work_at_a_portfolios_rates_costs_what_is_reckoned_by_hand(engine, by_hand):
    year_figures.compare_priced(engine.ask(year_figures.asked("unit_cost")), by_hand)


def test_no_figure_of_the_catalogue_is_left_uncompared():
    """Whoever adds one tells it by hand too, and says of its lines what the year has to hold."""
    assert kpis_by_hand.codes() == set(KPIS)
    assert set(year_figures.LIVED) | set(year_figures.REACHED) <= set(KPIS)


def test_the_year_holds_charge_offs_in_every_state_and_payments_after_them():
    states, recovered, again = set(), 0, 0
    for file in Year().files():
        recovered += bool(recoveries(file.debts, file.entries))
        for debt in file.debts:
            states |= {one.state for one in debt.charge_offs}
            again += len(debt.charge_offs) > 1

    assert {state.value for state in states} == {"standing", "undone", "refused", "waiting"}
    assert recovered
    assert again
