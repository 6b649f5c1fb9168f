"""Two supervisors at the same moment: one wins, the other is told who has it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.assignment import AssignmentState, Why
from chalicelib.domain.people import Actor, Person, Role
from chalicelib.services import assignments
from chalicelib.services.assigning import Wanted
from tests.builders import a_debt, a_draft, a_portfolio, change_of, reopened
from tests.contract.test_field import an_address
from tests.fakes import MemoryCases

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
DAY = NOON.date()
EVA = Actor(actor_id="user:eva", role=Role.SUPERVISOR, portfolios=("prt_test",), name="Eva")
IVO = replace(EVA, actor_id="user:ivo", name="Ivo")


class Batches:
    def __init__(self):
        self.kept = {}

    def add_batch(self, batch):
        return self.kept.setdefault(batch.batch_id, batch) is batch

    def batch(self, portfolio_id, batch_id):
        return self.kept.get(batch_id)

    def save_batch(self, batch):
        self.kept[batch.batch_id] = batch
        return batch


class People:
    def get(self, person_id):
        return Person(
            person_id=person_id, email="", name=person_id, role=Role.AGENT, portfolios=("prt_test",)
        )


class Portfolios:
    def get(self, portfolio_id):
        return a_portfolio(portfolio_id)


class World:
    def __init__(self):
        self.cases = MemoryCases()
        self.batches = Batches()

    def case(self, key="D-1"):
        draft = a_draft(a_debt(f"F-{key}"), key=key)
        draft.put_address(an_address())
        change = change_of(draft)
        self.cases.commit(change)
        return draft.case_id, change.addresses[0].address_id

    def wanted(self, case, person, batch):
        return Wanted(
            assignment_id=f"asg_{batch}_{case[0]}", case_id=case[0], address_id=case[1],
            person_id=person, day=DAY, why=Why.MANUAL, batch_id=batch,
        )  # fmt: skip

    def apply(self, cases, person, batch, actor=EVA):
        return assignments.apply(
            "prt_test", batch, DAY, [self.wanted(case, person, batch) for case in cases],
            actor=actor, cases=self.cases, portfolios=Portfolios(), people=People(),
            batches=self.batches, now=NOON,
        )  # fmt: skip

    def planned(self, case):
        return [
            one.person_id
            for one in self.cases.open(case[0]).assignments
            if one.state is AssignmentState.PLANNED
        ]


@pytest.fixture
def world():
    return World()


def test_who_commits_second_is_told_who_has_the_case(world, monkeypatch):
    both, free = world.case("D-1"), world.case("D-2")
    commit = world.cases.commit_many

    def after_another(changes):
        """Between reading and writing, the other supervisor was faster."""
        monkeypatch.setattr(world.cases, "commit_many", commit)
        assert world.apply([both], "luz", "bat_ivo", IVO)["assigned"] == 1
        return commit(changes)

    monkeypatch.setattr(world.cases, "commit_many", after_another)
    answer = world.apply([both, free], "ana", "bat_eva")

    assert answer["assigned"] == 1
    [refused] = answer["refused"]
    assert (refused["case_id"], refused["code"]) == (both[0], "assignment.taken")
    assert refused["details"]["person_id"] == "luz"
    assert (world.planned(both), world.planned(free)) == (["luz"], ["ana"])


def test_a_case_that_moved_for_another_reason_is_assigned_all_the_same(world, monkeypatch):
    case = world.case()
    commit = world.cases.commit_many

    def after_a_note(changes):
        monkeypatch.setattr(world.cases, "commit_many", commit)
        draft = reopened(world.cases.open(case[0]), now=NOON)
        draft.note("Llamó")
        world.cases.commit(change_of(draft))
        return commit(changes)

    monkeypatch.setattr(world.cases, "commit_many", after_a_note)

    assert world.apply([case], "ana", "bat_eva")["assigned"] == 1
    assert world.planned(case) == ["ana"]


def test_undoing_leaves_what_was_visited_or_given_to_another(world):
    cases = [world.case(f"D-{n}") for n in range(3)]
    world.apply(cases, "ana", "bat_eva")
    visited = reopened(world.cases.open(cases[0][0]), now=NOON)
    visited.finish_assignment(f"asg_bat_eva_{cases[0][0]}")
    world.cases.commit(change_of(visited))

    gone = assignments.undo(
        "prt_test", "bat_eva", actor=EVA, cases=world.cases, portfolios=Portfolios(),
        batches=world.batches, now=NOON,
    )  # fmt: skip

    assert gone == {"withdrawn": 2}
    assert world.batches.kept["bat_eva"].state == "undone"
    assert [one.state for one in world.cases.open(cases[0][0]).assignments] == [
        AssignmentState.DONE
    ]
