"""The operator's dry run, on a portfolio in memory."""

import json
from datetime import timedelta

import pytest

from chalicelib import wiring
from cli import __main__ as command
from cli import stack
from tests.builders import NOW
from tests.plan_world import PlanWorld

TUESDAY = NOW + timedelta(days=2)  # the builders' own day is a Sunday


@pytest.fixture
def world(monkeypatch):
    world = PlanWorld(now=TUESDAY)
    world.follow()
    for number in range(12):
        world.debtor(number, due_on=TUESDAY.date() + timedelta(days=10 * (number % 2)))
    monkeypatch.setattr(stack, "connect", lambda _: True)
    for name in ("portfolios", "strategies", "cases"):
        monkeypatch.setattr(wiring, name, lambda one=name: getattr(world, one))
    monkeypatch.setattr(wiring, "now", lambda: world.now)
    monkeypatch.setattr(wiring, "hours_of", lambda *_: None)
    return world


def plan(*more: str) -> int:
    return command.main(["plan", "--portfolio", "prt_test", "--dry-run", *more])


def test_who_gets_what_is_one_line_each_and_nothing_is_written(world, capsys):
    before = dict(world.cases.files)

    assert plan("--date", str(TUESDAY.date())) == 0

    said = capsys.readouterr()
    rows = said.out.splitlines()
    assert rows[0].startswith("expediente,nombre,segmento")
    assert len(rows) == 7
    assert all(",day,,goes,whatsapp," in row for row in rows[1:])
    assert "12 cases; 6 nothing, 6 goes; 0.05 USD" in said.err
    assert world.cases.files == before


def test_machines_get_json_for_any_coming_day(world, capsys):
    assert plan("--json", "--sample", "8", "--date", str(TUESDAY.date() + timedelta(days=5))) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["cases"] <= 8
    assert {line["step"] for line in told["lines"]} <= {"after", "before"}


@pytest.mark.parametrize("wrong", [["--date", "2026-11-01"], ["--date", "mañana"]])
def test_a_day_that_is_over_is_refused(world, capsys, wrong):
    assert plan(*wrong) == 2


def test_only_dry_runs_are_done_from_here(world, capsys):
    assert command.main(["plan", "--portfolio", "prt_test"]) == 2
    assert command.main(["plan", "--portfolio", "prt_none", "--dry-run"]) == 2
