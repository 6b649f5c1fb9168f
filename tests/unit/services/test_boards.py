"""Boards: figures by person and period, against their part of the goals; who sees what."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import (
    BadField,
    GoalsMoved,
    NotAllowed,
    PersonNotFound,
    PortfolioNotFound,
)
from chalicelib.domain.goals import Goals, part
from chalicelib.domain.people import Person, Role
from chalicelib.domain.tracking import Presence, Shift
from chalicelib.services import boards, coaching, commissions, coverage
from tests.counter_fakes import MemoryCounters
from tests.queue_world import ANA, BOSS, LUIS, NOON, TODAY
from tests.unit.services.test_calls import Caller

STRANGER = replace(BOSS, actor_id="user:otro", portfolios=("prt_other",))


class MemoryGoals:
    def __init__(self):
        self.kept = {}

    def get(self, portfolio_id, key):
        return self.kept.get((portfolio_id, key))

    def add(self, goals):
        return self.kept.setdefault((goals.portfolio_id, goals.month), goals) is goals

    def save(self, goals):
        key = goals.portfolio_id, goals.month
        if self.kept[key].version != goals.version:
            return None
        self.kept[key] = replace(goals, version=goals.version + 1)
        return self.kept[key]


@dataclass
class People:
    several_: dict

    def several(self, ids):
        return {one: self.several_[one] for one in ids if one in self.several_}


class Tracking:
    def __init__(self, *shifts):
        self.kept = shifts

    def heard(self, *, since, until=None):
        return [
            Presence(person_id=one.person_id, name="", team="", portfolios=("prt_test",), shift=one)
            for one in self.kept
        ]

    def shifts(self, person_id):
        return [one for one in self.kept if one.person_id == person_id]


def a_person(actor, team):
    return Person(
        person_id=actor.actor_id.removeprefix("user:"),
        email="x@example.com",
        name=actor.name,
        role=actor.role,
        portfolios=("prt_test",),
        team=team,
    )


class Office(Caller):
    def __init__(self):
        super().__init__()
        self.goals = MemoryGoals()
        self.tracking = Tracking(
            Shift(shift_id="s", person_id="ana", started_at=NOON - timedelta(hours=2))
        )
        people = a_person(ANA, "Norte"), a_person(LUIS, "Sur"), a_person(BOSS, "")
        self.people = People({one.person_id: one for one in people})
        self.board_means = boards.Means(
            counters=MemoryCounters(self.cases),
            people=self.people,
            portfolios=self.portfolios,
            goals=self.goals,
            tracking=self.tracking,
        )

    def called(self, number, disposition, actor=ANA):
        case_id = self.debtor(number)
        call = self.begin(case_id, actor)
        self.now += timedelta(seconds=30)
        self.end_call(case_id, call, disposition, actor, note="nota")
        return case_id

    def board(self, period="day", actor=BOSS):
        return boards.team("prt_test", period, actor=actor, means=self.board_means, now=self.now)

    def figures(self, person, **values):
        rows = {row["person"]["id"]: row for row in self.board(**values)["rows"]}
        return rows[person]["figures"]

    def day(self, person, on=None, actor=BOSS):
        return coaching.day_of(
            "prt_test",
            person,
            on,
            actor=actor,
            means=self.board_means,
            cases=self.cases,
            tracking=self.tracking,
            now=self.now,
        )

    def set(self, version=0, month="2026-11", **goals):
        return boards.set_goals(
            Goals(portfolio_id="prt_test", month=month, version=version, goals=goals),
            actor=BOSS,
            means=self.board_means,
        )


@pytest.fixture
def office():
    return Office()


def test_each_person_has_a_row_with_their_own_figures(office):
    office.called(1, "undecided")
    office.called(2, "no_answer")
    office.called(3, "message_left", LUIS)

    board = office.board()

    assert [(row["person"]["id"], row["team"]) for row in board["rows"]] == [
        ("ana", "Norte"),
        ("luis", "Sur"),
    ]
    ana, luis = office.figures("ana"), office.figures("luis")
    assert (ana["calls"], ana["contacts"], ana["rpc"], ana["talk_s"]) == (2, 1, 1, 60)
    assert (luis["calls"], luis["contacts"], luis["rpc"]) == (1, 1, 0)
    assert [(one["team"], one["figures"]["calls"]) for one in board["teams"]] == [
        ("Norte", 2),
        ("Sur", 1),
    ]
    assert board["total"]["figures"]["calls"] == 3
    assert [row["shift_s"] for row in board["rows"]] == [2 * 3600 + 90, None]


def test_periods_hold_their_days_and_whoever_did_nothing_today_is_still_shown(office):
    office.now -= timedelta(days=1)  # Monday
    office.called(1, "undecided")
    office.now = NOON

    assert office.figures("ana")["calls"] == 0
    assert office.figures("ana", period="week")["calls"] == 1
    assert office.figures("ana", period="month")["calls"] == 1
    office.now += timedelta(days=7)  # in December
    assert office.board("month")["rows"] == []


def test_a_call_that_was_called_off_counts_nothing(office):
    office.called(1, "not_made")

    assert office.board()["rows"] == [] or office.figures("ana")["attempts"] == 0


def test_an_agent_sees_their_own_row_and_day_and_no_others(office):
    office.called(1, "undecided")
    office.called(2, "undecided", LUIS)

    board = office.board(actor=ANA)

    assert [row["person"]["id"] for row in board["rows"]] == ["ana"]
    assert (board["teams"], board["total"]["figures"]["calls"]) == ([], 1)
    assert office.day("ana", actor=ANA)["figures"]["calls"] == 1
    with pytest.raises(PersonNotFound):
        office.day("luis", actor=ANA)
    with pytest.raises(PortfolioNotFound):
        office.board(actor=STRANGER)


def test_a_persons_day_tells_each_act_with_its_result_and_time(office):
    case_id = office.called(1, "no_answer")

    day = office.day("ana")

    (act,) = day["acts"]
    assert (act["kind"], act["result"], act["met"], act["case_id"]) == (
        "call",
        "no_answer",
        "unanswered",
        case_id,
    )
    assert act["label"]["es"] == "No contesta"
    assert act["ended_at"] > act["at"]
    assert [one["ended_at"] for one in day["shifts"]] == [None]
    yesterday = office.day("ana", TODAY - timedelta(days=1))
    assert (yesterday["acts"], yesterday["shifts"]) == ([], [])
    with pytest.raises(BadField):
        office.day("ana", TODAY + timedelta(days=1))


def test_goals_are_set_under_a_version_and_shown_by_their_part(office):
    office.called(1, "undecided")
    first = office.set(portfolio={"collected_minor": 2_100_000}, **{"person:ana": {"calls": 210}})
    with pytest.raises(GoalsMoved):
        office.set(portfolio={})
    second = office.set(version=first.version, **{"person:ana": {"calls": 420}})
    assert (first.version, second.version) == (1, 2)

    def goal(period):
        return office.board(period)["rows"][0]["goals"]["calls"]

    # November 2026 in Mexico: 20 working days, for the third Monday is a holiday.
    assert (goal("day"), goal("week"), goal("month")) == (21, 105, 420)
    assert office.board()["total"]["goals"] is None
    got = boards.goals_of("prt_test", "2026-11", actor=BOSS, means=office.board_means)
    assert got == second
    with pytest.raises(NotAllowed):
        boards.goals_of("prt_test", "2026-11", actor=ANA, means=office.board_means)


@pytest.mark.parametrize(
    ("month", "goals", "field"),
    [
        ("2026-13", {}, "month"),
        ("2026-11", {"person:": {"calls": 1}}, "goals.person:"),
        ("2026-11", {"todos": {"calls": 1}}, "goals.todos"),
        ("2026-11", {"portfolio": {"llamadas": 1}}, "goals.portfolio.llamadas"),
        ("2026-11", {"team:Sur": {"calls": -1}}, "goals.team:Sur.calls"),
    ],
)
def test_goals_that_make_no_sense_are_refused_by_field(office, month, goals, field):
    with pytest.raises(BadField) as refused:
        office.set(month=month, **goals)

    assert refused.value.details["field"] == field


def test_the_parts_of_a_months_days_come_to_no_less_than_its_goal():
    assert sum(part({"calls": 100}, 1, 21)["calls"] for _ in range(21)) >= 100
    assert part({"calls": 100}, 21, 21) == {"calls": 100}


def test_coverage_counts_by_band_who_was_left_alone_and_pages(office, monkeypatch):
    office.called(1, "no_answer")
    office.debtor(2, late=10)
    office.debtor(3, late=45)

    def untouched(days=1, cursor=None, actor=BOSS):
        return coverage.untouched(
            "prt_test",
            days,
            cursor=cursor,
            actor=actor,
            cases=office.cases,
            portfolios=office.portfolios,
            now=office.now,
        )

    found = untouched()
    counted = {one["code"]: (one["cases"], one["never"]) for one in found["bands"] if one["cases"]}
    assert counted == {"8-30": (1, 1), "31-60": (1, 1)}
    assert [one["touched_on"] for one in found["items"]] == [None, None]
    office.now += timedelta(days=3)
    assert sum(one["cases"] for one in untouched(3)["bands"]) == 3
    monkeypatch.setattr(coverage, "COUNTED", 2)
    pages = [untouched(3)]
    while pages[-1]["cursor"]:
        pages.append(untouched(3, pages[-1]["cursor"]))
    assert [sum(one["cases"] for one in page["bands"]) for page in pages] == [2, 1]
    with pytest.raises(BadField):
        untouched(0)
    with pytest.raises(NotAllowed):
        untouched(actor=ANA)


def earned(office, person, actor=BOSS):
    return commissions.of_person(
        "prt_test", person, "2026-11", actor=actor, means=office.board_means, cases=office.cases
    )


@pytest.mark.parametrize("look", [Office.day, earned], ids=["what they did", "what they earned"])
def test_one_decision_says_who_may_see_what_a_person_did(office, look):
    def without(actor, person_id):
        office.people.several_[person_id] = replace(
            a_person(actor, ""), person_id=person_id, portfolios=("prt_other",), role=Role.AGENT
        )

    assert look(office, "ana", actor=ANA)["person"]["id"] == "ana"
    assert look(office, "ana", actor=BOSS)["person"]["id"] == "ana"
    with pytest.raises(PersonNotFound):
        look(office, "ana", actor=LUIS)
    with pytest.raises(PersonNotFound):
        look(office, "nobody", actor=BOSS)
    with pytest.raises(PortfolioNotFound):
        look(office, "ana", actor=STRANGER)
    without(ANA, "rosa")  # people of no portfolio of the board are nobody
    with pytest.raises(PersonNotFound):
        look(office, "rosa", actor=BOSS)
    without(ANA, "ana")  # who was taken off keeps what they did themselves
    assert look(office, "ana", actor=ANA)["person"]["id"] == "ana"
