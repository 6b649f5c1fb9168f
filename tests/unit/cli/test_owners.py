"""``./recobro owners``: owned cases that no counter knows are looked for, and counted."""

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
    """Three cases in two pages; each owned and not counted."""

    def __init__(self):
        self.lacking = {"cas_1", "cas_2", "cas_3"}

    def list(self, portfolio_id, *, sort, cursor, limit):
        if cursor is None:
            return Page((Line("cas_1"), Line("cas_2")), "more")
        return Page((Line("cas_3"),), None)

    def count_owners(self, portfolio_id, case_ids, *, write):
        found = self.lacking & set(case_ids)
        if write:
            self.lacking -= found
        return len(found)


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


def told(capsys, *arguments):
    status = recobro.main(["owners", "--json", *arguments])
    return status, json.loads(capsys.readouterr().out)


def test_they_are_counted_then_written_and_then_none_is_left(cases, capsys):
    line = {"portfolio_id": "prt_1", "cases": 3, "lacking": 3}
    assert told(capsys, "--check") == (1, {"written": False, "portfolios": [line]})
    assert told(capsys) == (0, {"written": True, "portfolios": [line]})
    assert told(capsys, "--portfolio", "prt_1")[1]["portfolios"] == [line | {"lacking": 0}]
    assert told(capsys, "--check")[0] == 0


def test_people_read_a_line_a_portfolio(cases, capsys):
    assert recobro.main(["owners"]) == 0
    assert capsys.readouterr().out == "prt_1  3 cases, 3 counted now\n"


def test_without_a_stack_nothing_is_said_to_be_well(monkeypatch):
    monkeypatch.setattr(stack, "connect", lambda _: False)
    assert recobro.main(["owners"]) == 3
