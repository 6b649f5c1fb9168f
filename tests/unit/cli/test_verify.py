"""The operator's proof: it agrees with what is true, and names what was altered behind its back."""

import json
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain import ids
from cli import __main__ as command
from cli import stack
from tests.builders import a_debt, a_draft, a_portfolio, change_of
from tests.counter_fakes import MemoryCounters
from tests.fakes import MemoryCases


class World:
    """Three cases of a portfolio, one of which paid something and has a note."""

    def __init__(self):
        self.portfolio = a_portfolio()
        self.cases = MemoryCases()
        for number in range(3):
            draft = a_draft(a_debt(f"F-{number}"), portfolio=self.portfolio, key=f"D-{number}")
            if number == 1:
                draft.note("pagará el viernes")
                draft.pay(500, paid_on=draft.today, source="manual", reference="r-1")
            self.cases.commit(change_of(draft))
        self.case_id = ids.case_id(self.portfolio.portfolio_id, "D-1")

    def get(self, portfolio_id):
        return self.portfolio if portfolio_id == self.portfolio.portfolio_id else None

    def all(self):
        return [self.portfolio]

    def alter(self, **changes):
        """Change a case as somebody would who has the table and not the program."""
        self.cases.files[self.case_id] = replace(self.cases.files[self.case_id], **changes)

    @property
    def file(self):
        return self.cases.files[self.case_id]


@pytest.fixture
def world(monkeypatch):
    world = World()
    monkeypatch.setattr(stack, "connect", lambda _: True)
    monkeypatch.setattr(wiring, "portfolios", lambda: world)
    monkeypatch.setattr(wiring, "cases", lambda: world.cases)
    monkeypatch.setattr(wiring, "counters", lambda: MemoryCounters(world.cases))
    return world


def differences(capsys) -> list[dict[str, object]]:
    assert command.main(["verify", "--json"]) == 1
    (report,) = json.loads(capsys.readouterr().out)["portfolios"]
    return report["differences"]


def test_what_the_program_wrote_agrees(world, capsys):
    assert command.main(["verify"]) == 0

    said = capsys.readouterr().out
    assert "3 cases, 4 entries" in said
    assert said.rstrip().endswith("agrees")


def test_the_first_altered_event_of_a_case_is_named(world, capsys):
    first, second, *others = world.file.events
    world.alter(events=(first, replace(second, actor="user:nobody"), *others))

    assert differences(capsys) == [
        {"what": "timeline", "case_id": world.case_id, "found": 2, "should_be": None}
    ]


def test_an_event_taken_away_is_named(world, capsys):
    world.alter(events=world.file.events[1:])

    (found,) = differences(capsys)
    assert (found["what"], found["found"]) == ("timeline", 1)


def test_an_entry_that_is_gone_shows_in_the_balance(world, capsys):
    owed = world.file.head.balance_minor
    world.alter(entries=tuple(e for e in world.file.entries if e.kind.value != "payment"))

    found = {one["what"]: one for one in differences(capsys) if "case_id" in one}
    assert found["case.balance"]["found"] == owed
    assert found["case.balance"]["should_be"] == owed + 500


def test_a_counter_that_was_not_moved_is_named(world, capsys):
    moves = world.cases.moves[world.portfolio.portfolio_id]
    lost = moves.pop()

    found = {one["counter"]: one for one in differences(capsys)}
    assert found["totals.debts"] == {
        "what": "counter", "counter": "totals.debts", "found": 2, "should_be": 3
    }  # fmt: skip
    assert (
        found["totals.balance_minor"]["should_be"] - found["totals.balance_minor"]["found"]
        == (lost.totals["balance_minor"])
    )


def test_one_portfolio_may_be_asked_about(world, capsys):
    assert command.main(["verify", "--json", "--portfolio", world.portfolio.portfolio_id]) == 0

    (report,) = json.loads(capsys.readouterr().out)["portfolios"]
    assert (report["ok"], report["cases"], report["differences"]) == (True, 3, [])
