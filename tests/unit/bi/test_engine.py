"""A question that comes as JSON is answered as JSON, from files that are fetched once."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chalicelib.bi import questions, tables
from chalicelib.domain.errors import FigureNotTold
from lake import engine
from lake.engine import Engine
from lake.shelf import Shelf
from tests.lake_world import a_lake

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
BANDS = [{"code": "1-30", "from_dpd": 1, "to_dpd": 30}]


@pytest.fixture
def world():
    with a_lake() as made:
        made.debtor(1, MONDAY, minor=100_000, due_on=date(2026, 1, 1))
        made.debtor(2, MONDAY, minor=300_000, due_on=date(2026, 3, 1))
        made.export(MONDAY)
        yield made


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "shelf", most=10 << 20)


class Counting:
    """Files that remember what was fetched."""

    def __init__(self, disk):
        self.fetched = []
        self._disk = disk
        self.listing = disk.listing

    def get_file(self, key: str, path: Path) -> None:
        self.fetched.append(key)
        self._disk.get_file(key, path)


def ask(files, shelf, **changed):
    question = {
        "kind": "kpi",
        "code": "par30",
        "portfolio_id": "prt_test",
        "first": "2026-03-02",
        "last": "2026-03-02",
        "bands": BANDS,
    }
    told = engine.told(question | changed, Engine(files=files, shelf=shelf))
    assert json.loads(json.dumps(told)) == told
    return told


def test_a_figure_is_told_with_what_was_read(world, shelf):
    told = ask(world.disk, shelf)
    part = world.disk.read(tables.part_key("debts", "prt_test", "2026-03-02"))

    assert told == {
        "columns": ["group_1", "group_2", "numerator", "denominator", "sample"],
        "rows": [["", "", 100_000, 400_000, 2]],
        "engine": "duckdb",
        "bytes": len(part),
        "days": ["2026-03-02"],
    }


def test_a_day_that_is_not_there_is_named(world, shelf):
    there = {"first": "2026-03-02", "last": "2026-03-02"}
    assert ask(world.disk, shelf, last="2026-03-09") == {
        "problem": {"code": "lake.day_missing", "details": {"day": "2026-03-09"} | there}
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"code": "no such"},
        {"first": "yesterday"},
        {"portfolio_id": "x' OR 'a'='a"},
        {"first": "2026-03-09"},
        {"bands": [{"from_dpd": 1}]},
    ],
)
def test_what_cannot_be_asked_is_refused(world, shelf, changed):
    assert ask(world.disk, shelf, **changed)["problem"]["code"] == "request.bad_field"


def test_a_file_is_fetched_once_and_again_when_it_was_written_again(world, shelf):
    files = Counting(world.disk)
    first = ask(files, shelf)
    ask(files, shelf)
    assert len(files.fetched) == 1

    world.debtor(3, MONDAY, minor=600_000, due_on=date(2026, 1, 1))
    world.export(MONDAY, whole=True)
    again = ask(files, shelf)

    assert len(files.fetched) == 2
    assert first["rows"][0][2] == 100_000
    assert again["rows"][0][2] == 700_000


def test_what_is_too_large_to_read_here_goes_elsewhere_or_nowhere(world, shelf):
    asked = []

    class Elsewhere:
        def rows(self, question, plan, read):
            asked.append(sum(part.size for part in read.parts))
            return [("", "", 1, 2, 3)], 77

    question = questions.parse(
        {"kind": "kpi", "code": "par30", "portfolio_id": "prt_test", "first": "2026-03-02",
         "last": "2026-03-02", "bands": BANDS}
    )  # fmt: skip
    small = Engine(files=world.disk, shelf=shelf, most_here=10)
    with pytest.raises(FigureNotTold):
        small.ask(question)
    answer = replace(small, elsewhere=Elsewhere()).ask(question)

    assert (answer.engine, answer.rows, answer.bytes_read) == ("athena", (("", "", 1, 2, 3),), 77)
    assert asked == [len(world.disk.read(tables.part_key("debts", "prt_test", "2026-03-02")))]
    assert replace(small, only="duckdb").ask(question).engine == "duckdb"


def test_a_period_reads_its_days_and_the_day_before_when_it_begins_with_it(world, shelf):
    for day in range(3, 10):
        world.export(date(2026, 3, day))
    files = Counting(world.disk)

    told = ask(files, shelf, code="intensity", first="2026-03-04", last="2026-03-06")
    assert told["days"] == ["2026-03-04", "2026-03-05", "2026-03-06"]
    assert [key.split("day=")[1][:10] for key in files.fetched] == told["days"]
    files.fetched.clear()
    ask(files, shelf, code="cure_rate", first="2026-03-04", last="2026-03-06")
    assert [key.split("day=")[1][:10] for key in files.fetched] == ["2026-03-03", "2026-03-06"]


def test_the_shelf_keeps_within_its_bound(world, tmp_path):
    one = world.disk.at / tables.part_key("debts", "prt_test", "2026-03-02")
    shelf = Shelf(tmp_path / "small", most=one.stat().st_size + 100)
    world.export(TUESDAY)
    ask(world.disk, shelf)
    ask(world.disk, shelf, first="2026-03-03", last="2026-03-03")

    (kept,) = shelf.at.rglob("*.parquet")
    assert kept.parent.name == "day=2026-03-03"
