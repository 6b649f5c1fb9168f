"""Every figure is the same by DuckDB and by Athena, over the same files and tables."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.bi.kpis import KPIS
from chalicelib.bi.questions import OfKpi, Question, parse, plain
from chalicelib.bi.where import Where
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.errors import FigureNotTold
from lake.engine import Engine
from lake.shelf import Shelf
from tests import athena_world, kpi_world
from tests.athena_world import WORKGROUP
from tests.kpi_world import BEGAN, FIRST, LAST
from tests.lake_world import a_lake

pytestmark = pytest.mark.stack
FAR, LATER = (BEGAN + timedelta(days=n) for n in (91, 115))  # for what looks back three months


@pytest.fixture(scope="module")
def cloud():
    if not athena_world.there():
        pytest.skip("needs .venv-cloud: make venv makes it")
    with athena_world.emulator() as made:
        yield made


@pytest.fixture(scope="module")
def engine(cloud, tmp_path_factory):
    with a_lake() as world:
        kpi_world.fill(world)
        world.export(LATER, since=BEGAN, now=world.at(LATER + timedelta(days=9)))
        # Only debts are asked for so long after.
        keys = [key for key in world.disk.objects() if "/debts/" in key or _day_of(key) <= LAST]
        files = athena_world.laid(cloud, world.disk, keys)
    elsewhere = athena_world.asking(cloud, files, patience_s=60)
    shelf = Shelf(tmp_path_factory.mktemp("shelf"), most=1 << 30)
    return Engine(files=files, shelf=shelf, elsewhere=elsewhere)


def _day_of(key):
    return date.fromisoformat(re.findall(r"\d{4}-\d\d-\d\d", key)[-1])


def asked(code):
    far = any(one.back > (FIRST - BEGAN).days for one in KPIS[code].reads)
    return Question(
        about=OfKpi(code=code),
        portfolio_id="prt_test",
        first=FAR if far else FIRST,
        last=LATER if far else LAST,
        bands=tuple(DEFAULT_BANDS),
    )


def both(engine, question):
    return [replace(engine, only=only).ask(question) for only in ("duckdb", "athena")]


@pytest.mark.parametrize("code", sorted(KPIS))
def test_a_figure_is_the_same_on_both_engines(code, engine):
    here, there = both(engine, asked(code))

    assert (here.engine, there.engine) == ("duckdb", "athena")
    assert here.rows
    assert sorted(here.rows) == sorted(there.rows)
    assert here.columns == there.columns
    assert here.days == there.days


def test_a_report_is_the_same_on_both_engines(engine):
    told = plain(asked("par30")) | {
        "kind": "report",
        "measures": ["attempts", "contacts"],
        "dimensions": ["channel"],
        "filters": [],
        "limit": 50,
    }
    here, there = both(engine, parse(told))

    assert here.rows
    assert sorted(here.rows) == sorted(there.rows)


@pytest.mark.parametrize("measure", ["collected", "contact_rate", "balance_late", "kept_rate"])
@pytest.mark.parametrize("hit", [True, False])
def test_the_cases_behind_a_line_are_the_same_on_both_engines(measure, hit, engine):
    line = plain(asked("par30")) | {
        "kind": "line",
        "measures": [measure],
        "dimensions": [],
        "filters": [],
        "keys": [],
        "hit": hit,
        "most": 2,
    }
    here, there = both(engine, parse(line))
    assert here.rows == there.rows
    assert here.rows or not hit
    if len(here.rows) > 2:
        case_id, _, worth = here.rows[1]
        beyond = line | {"after": {"worth": worth, "case_id": case_id}}
        more, others = both(engine, parse(beyond))
        assert more.rows == others.rows
        assert more.rows[0] == here.rows[2]


def test_places_are_the_same_on_both_engines(engine):
    """Nobody in the invented month has an address: all is of no place."""
    by_cell = plain(asked("par30")) | {
        "kind": "report",
        "measures": ["attempts", "collected", "cases"],
        "dimensions": ["cell"],
        "filters": [],
        "limit": 50,
    }
    here, there = both(engine, parse(by_cell))
    assert here.rows
    assert here.rows == there.rows

    of_none = replace(asked("contact_hours"), where=Where(segment=""))
    here, there = both(engine, of_none)
    assert here.rows
    assert here.rows == there.rows


def test_what_was_asked_before_is_not_run_again(engine, cloud):
    athena = cloud.client("athena")

    def number():
        return len(athena.list_query_executions(WorkGroup=WORKGROUP)["QueryExecutionIds"])

    both(engine, asked("dso"))
    before = number()
    again = both(engine, asked("dso"))

    assert again[0].rows == again[1].rows
    assert number() == before


def test_what_athena_cannot_run_is_refused(engine):
    class Broken:
        sql, most_rows = "SELECT nothing FROM nowhere", 10

    class Nothing:
        parts = ()

    with pytest.raises(FigureNotTold):
        engine.elsewhere.rows(asked("dso"), Broken, Nothing)
