"""
A seeded year of the generator's debts: every figure by both engines, and as it is counted by hand.

Small here; ``RECOBRO_KPI_DEBTS=100000 RECOBRO_KPI_DAYS=365 pytest -n 0 -s
tests/contract/test_athena_year.py`` compares the whole and says what it took.
"""

import resource
import time

import pytest

from chalicelib.bi.kpis import KPIS
from lake.engine import Engine
from lake.shelf import Shelf
from tests import athena_world, kpis_by_hand, shifts_world, year_figures
from tests.lake_world import a_lake, reader
from tests.year_world import BEGAN, DAYS, DEBTS, FIRST, LAST, Year, exported

pytestmark = pytest.mark.stack
PATIENCE_S = 900.0  # one figure reads every debt of every day


@pytest.fixture(scope="module")
def took():
    """Seconds by what they went to; printed at the end."""
    spent: dict[str, float] = {}
    yield spent
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in spent.items())
    print(f"\n{DEBTS} debts, {DAYS} days from {BEGAN}: {told}; peak {peak_mb:.0f} MB here")


def _timed(spent, name, do):
    began = time.monotonic()
    found = do()
    spent[name] = spent.get(name, 0.0) + time.monotonic() - began
    return found


@pytest.fixture(scope="module")
def year(took):
    with a_lake() as world:
        world.cases = Year()
        _timed(took, "export", lambda: exported(world))
        yield world
        print(f"\n{len(KPIS)} figures; rows of the lake: {_rows(world)}")


def _rows(world) -> str:
    tables = sorted({key.split("/")[1] for key in world.disk.objects() if ".parquet" in key})
    counts = {
        one: reader()
        .execute("SELECT count(*) FROM read_parquet(?)", [f"{world.disk.at}/*/{one}/**/*.parquet"])
        .fetchone()
        for one in tables
    }
    return ", ".join(f"{name} {count:,}" for name, (count,) in counts.items())


@pytest.fixture(scope="module")
def engines(year, took, tmp_path_factory):
    """The two, over the same days: one on the disk, one on the emulator."""
    if not athena_world.there():
        pytest.skip("needs .venv-cloud: make venv makes it")
    shelf = Shelf(tmp_path_factory.mktemp("shelf"), most=1 << 40)
    with athena_world.emulator() as cloud:
        disk = year.disk
        files = _timed(took, "upload", lambda: athena_world.laid(cloud, disk, disk.objects()))
        there = athena_world.asking(cloud, files, patience_s=PATIENCE_S)
        yield {
            "duckdb": Engine(files=disk, shelf=shelf, only="duckdb"),
            "athena": Engine(files=files, shelf=shelf, elsewhere=there, only="athena"),
        }


@pytest.fixture(scope="module")
def by_hand(year, took):
    return _timed(
        took,
        "by hand",
        lambda: kpis_by_hand.told(
            KPIS, year.cases.pieces(), FIRST, LAST, shifts_world.by_hand(FIRST, LAST, BEGAN)
        ),
    )


@pytest.fixture(scope="module")
def answers(engines, took):
    """What each engine found of a figure, asked once."""
    known = {}

    def told(code):
        if code not in known:
            question = year_figures.asked(code)
            known[code] = {
                name: _timed(took, name, lambda engine=engine: engine.ask(question))
                for name, engine in engines.items()
            }
            assert {one.engine for one in known[code].values()} == set(engines)
        return known[code]

    return told


@pytest.mark.parametrize("code", sorted(KPIS))
def test_a_figure_of_the_year_is_the_same_by_both_engines_and_by_hand(code, answers, by_hand):
    found = answers(code)

    for answer in found.values():
        year_figures.compare(code, answer, by_hand)
    assert sorted(found["duckdb"].rows) == sorted(found["athena"].rows)


def test_work_at_a_portfolios_rates_costs_the_same_by_both_engines_and_by_hand(answers, by_hand):
    for answer in answers("unit_cost").values():
        year_figures.compare_priced(answer, by_hand)
