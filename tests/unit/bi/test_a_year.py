"""
Every figure of a seeded year of the generator's debts is what ledgers and timelines tell by hand.

Small here; ``RECOBRO_KPI_DEBTS=100000 RECOBRO_KPI_DAYS=365 pytest tests/unit/bi/test_a_year.py``
compares the whole, in under 2 GB of memory.
"""

import pytest

from chalicelib.bi.kpis import KPIS
from chalicelib.bi.questions import OfKpi, Question
from chalicelib.domain.ageing import DEFAULT_BANDS
from lake.engine import Engine
from lake.shelf import Shelf
from tests import kpis_by_hand, shifts_world
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
    question = Question(
        about=OfKpi(code=code),
        portfolio_id="prt_test",
        first=FIRST,
        last=LAST,
        bands=tuple(DEFAULT_BANDS),
    )
    rows = engine.ask(question).rows
    found = {(one, two): (above, below) for one, two, above, below, _ in rows}

    assert found == by_hand[code]
    assert any(above for above, _ in found.values())
    assert all(sample > 0 for *_, sample in rows)
