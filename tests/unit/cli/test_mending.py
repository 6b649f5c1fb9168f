"""``./recobro owners`` and ``tasks``: what older cases lack is counted, and written once."""

import json
from dataclasses import dataclass

import pytest

from chalicelib import wiring
from chalicelib.store.case_lists import Page
from cli import __main__ as recobro
from cli import stack


@dataclass
class Line:
    case_id: str


class Cases:
    """Three cases in two pages; each lacks what a command mends."""

    def __init__(self):
        self.lacking = {"cas_1", "cas_2", "cas_3"}

    def list(self, portfolio_id, *, sort, cursor, limit):
        if cursor is None:
            return Page((Line("cas_1"), Line("cas_2")), "more")
        return Page((Line("cas_3"),), None)

    def _mended(self, portfolio_id, case_ids, *, write):
        found = self.lacking & set(case_ids)
        if write:
            self.lacking -= found
        return len(found)

    count_owners = list_tasks = _mended


class Portfolios:
    def all(self):
        return [type("P", (), {"portfolio_id": "prt_1"})()]


@pytest.fixture
def cases(monkeypatch):
    made = Cases()
    monkeypatch.setattr(stack, "connect", lambda _: True)
    monkeypatch.setattr(wiring, "cases", lambda: made)
    monkeypatch.setattr(wiring, "portfolios", Portfolios)
    return made


def told(capsys, command, *arguments):
    status = recobro.main([command, "--json", *arguments])
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(("command", "name"), [("owners", "lacking"), ("tasks", "tasks")])
def test_they_are_counted_then_written_and_then_none_is_left(cases, capsys, command, name):
    line = {"portfolio_id": "prt_1", "cases": 3, name: 3}
    assert told(capsys, command, "--check") == (1, {"written": False, "portfolios": [line]})
    assert told(capsys, command) == (0, {"written": True, "portfolios": [line]})
    assert told(capsys, command, "--portfolio", "prt_1")[1]["portfolios"] == [line | {name: 0}]
    assert told(capsys, command, "--check")[0] == 0


@pytest.mark.parametrize(
    ("command", "looked", "mended"),
    [
        ("owners", "3 not counted", "3 counted now"),
        ("tasks", "3 tasks lack their list", "3 tasks put into their list"),
    ],
)
def test_people_read_a_line_a_portfolio(cases, capsys, command, looked, mended):
    assert recobro.main([command, "--check"]) == 1
    assert capsys.readouterr().out == f"prt_1  3 cases, {looked}\n"
    assert recobro.main([command]) == 0
    assert capsys.readouterr().out == f"prt_1  3 cases, {mended}\n"


@pytest.mark.parametrize("command", ["owners", "tasks"])
def test_without_a_stack_nothing_is_said_to_be_well(monkeypatch, command):
    monkeypatch.setattr(stack, "connect", lambda _: False)
    assert recobro.main([command]) == 3
