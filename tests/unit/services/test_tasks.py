"""Tasks as people have them: whose, for when, given on, put off, done and taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import (
    BadField,
    CaseNotFound,
    NotAllowed,
    NotOfPortfolio,
    PortfolioNotFound,
    TaskEnded,
    TaskNotFound,
)
from chalicelib.domain.people import Person, Role
from chalicelib.domain.task import TaskKind, TaskState
from chalicelib.services import notes, task_pages, tasks
from chalicelib.services.tasks import When, Whose
from tests.builders import NOW, TODAY
from tests.unit.services.desk import ANA, LUIS, PID, STRANGER, Desk

DAY = timedelta(days=1)
MAYA = replace(LUIS, actor_id="user:maya")


class People:
    def __init__(self, **teams):
        every = {
            "ana": (Role.SUPERVISOR, (PID,)),
            "luis": (Role.AGENT, (PID,)),
            "maya": (Role.AGENT, (PID,)),
            "eva": (Role.SUPERVISOR, ("prt_other",)),
        }
        self.people = {
            name: Person(
                person_id=name,
                email=f"{name}@example.com",
                name=name.title(),
                role=role,
                portfolios=portfolios,
                team=teams.get(name, ""),
            )
            for name, (role, portfolios) in every.items()
        }

    def get(self, person_id):
        return self.people.get(person_id)

    def page(self, *, limit, cursor):
        return list(self.people.values()), None


class TaskDesk(Desk):
    def __init__(self, **teams):
        super().__init__()
        self.people = People(**teams)

    def some(self, portfolio_ids):
        return [one for one in (self.get(key) for key in portfolio_ids) if one]

    def ask(self, case_id, *, actor=ANA, key="k-1", **values):
        given = {"kind": TaskKind.OTHER, "text": "Pedir el pagaré", "owner": "", "due_on": TODAY}
        file, _ = tasks.make(
            case_id, key=key, people=self.people, now=NOW, **self.ports(actor), **given | values
        )
        return file.tasks[-1]

    def seen(self, whose=Whose.MINE, *, actor=ANA, portfolio_id=PID, when=None, **values):
        given = {"kind": None, "cursor": None, "limit": 50} | values
        found, cursor = tasks.listed(
            whose=whose, portfolio_id=portfolio_id, when=when, people=self.people, now=NOW,
            **self.ports(actor), **given,
        )  # fmt: skip
        assert cursor is None
        return [one.task.task_id for one in found]

    def give(self, case_id, task, owner, *, actor=ANA):
        return tasks.give(
            case_id,
            task.task_id,
            owner=owner,
            people=self.people,
            now=NOW,
            **self.ports(actor),
        )

    def late(self, actor=ANA, now=NOW):
        return tasks.late(now=now, **self.ports(actor))


@pytest.fixture
def desk():
    return TaskDesk()


def test_a_task_by_hand_is_asked_for_once_and_told_without_its_words_in_the_facts(desk):
    case_id = desk.made()
    first = desk.ask(case_id, owner="luis", due_on=TODAY + DAY)
    desk.ask(case_id, owner="luis", due_on=TODAY + DAY)

    file = desk.cases.open(case_id)
    assert file.tasks == (first,)
    event = file.events[-1]
    assert (event.kind, event.personal) == ("task.asked", {"text": "Pedir el pagaré"})
    assert "Pedir" not in str(event.facts)
    assert event.facts["owner"] == "luis"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"due_on": TODAY - DAY}, "due_on"),
        ({"due_on": TODAY + 400 * DAY}, "due_on"),
        ({"kind": TaskKind.MENTION}, "kind"),
    ],
)
def test_what_makes_no_task_is_refused_by_its_field(desk, values, field):
    case_id = desk.made()
    with pytest.raises(BadField) as refused:
        desk.ask(case_id, **values)
    assert refused.value.details["field"] == field
    assert desk.cases.open(case_id).tasks == ()


@pytest.mark.parametrize("owner", ["eva", "nobody"])
def test_nobody_is_asked_who_may_not_see_the_case(desk, owner):
    case_id = desk.made()
    with pytest.raises(NotOfPortfolio):
        desk.ask(case_id, owner=owner)
    task = desk.ask(case_id)
    with pytest.raises(NotOfPortfolio):
        desk.give(case_id, task, owner)
    assert desk.cases.open(case_id).tasks[0].owner == ""


def test_the_disabled_are_asked_for_nothing(desk):
    desk.people.people["luis"] = replace(desk.people.people["luis"], disabled=True)
    with pytest.raises(NotOfPortfolio):
        desk.ask(desk.made(), owner="luis")


def test_each_finds_their_own_the_team_s_and_those_of_nobody(desk):
    mine = desk.ask(desk.made("D-1"), owner="luis")
    hers = desk.ask(desk.made("D-2"), owner="maya")
    free = desk.ask(desk.made("D-3"))

    assert desk.seen(actor=LUIS) == [mine.task_id]
    assert desk.seen(actor=LUIS, portfolio_id="") == [mine.task_id]
    assert desk.seen(Whose.NOBODY, actor=LUIS) == [free.task_id]
    assert desk.seen(Whose.TEAM, actor=LUIS) == [mine.task_id]  # he is of no team
    assert set(desk.seen(Whose.TEAM)) == {mine.task_id, hers.task_id}


def test_a_team_sees_its_own_and_no_other_s():
    desk = TaskDesk(luis="norte", maya="sur", ana="norte")
    mine = desk.ask(desk.made("D-1"), owner="luis")
    desk.ask(desk.made("D-2"), owner="maya")

    assert desk.seen(Whose.TEAM) == desk.seen(Whose.TEAM, actor=LUIS) == [mine.task_id]


def test_they_are_told_apart_by_day_and_kind(desk):
    case_id = desk.made()
    call = desk.ask(case_id, owner="ana", kind=TaskKind.CALL)
    later = desk.ask(case_id, owner="ana", key="k-2", due_on=TODAY + DAY)

    assert desk.seen(when=When.TODAY) == [call.task_id]
    assert desk.seen(when=When.LATER) == desk.seen(when=When.LATER, portfolio_id="")
    assert desk.seen(when=When.LATER) == [later.task_id]
    assert desk.seen(when=When.LATE) == []
    assert desk.seen(kind=TaskKind.CALL) == [call.task_id]
    assert desk.late() == (0, False)
    assert desk.late(now=NOW + DAY) == (1, False)
    assert desk.late(now=NOW + 2 * DAY) == (2, False)
    assert desk.late(LUIS, NOW + 2 * DAY) == (0, False)


def test_a_stranger_finds_and_changes_nothing(desk):
    case_id = desk.made()
    task = desk.ask(case_id)
    with pytest.raises(PortfolioNotFound):
        desk.seen(Whose.NOBODY, actor=STRANGER)
    assert desk.seen(actor=STRANGER, portfolio_id="") == []
    with pytest.raises(CaseNotFound):
        desk.ask(case_id, actor=STRANGER)
    with pytest.raises(CaseNotFound):
        desk.give(case_id, task, "eva", actor=STRANGER)
    with pytest.raises(BadField):
        desk.seen(Whose.NOBODY, portfolio_id="")


def test_who_left_the_portfolio_finds_no_task_of_it_any_more(desk):
    desk.ask(desk.made(), owner="luis")
    gone = replace(LUIS, portfolios=("prt_other",))

    assert desk.seen(actor=gone, portfolio_id="") == []
    assert desk.late(gone, NOW + 5 * DAY) == (0, False)


def test_a_free_one_is_taken_and_given_back_and_another_s_is_not_taken_away(desk):
    case_id = desk.made()
    task = desk.ask(case_id)
    desk.give(case_id, task, "luis", actor=LUIS)
    before = desk.cases.open(case_id)
    desk.give(case_id, task, "luis", actor=LUIS)
    assert desk.cases.open(case_id) == before

    with pytest.raises(NotAllowed):
        desk.give(case_id, task, "maya", actor=MAYA)
    desk.give(case_id, task, "", actor=LUIS)
    assert desk.seen(Whose.NOBODY) == [task.task_id]
    desk.give(case_id, task, "maya", actor=MAYA)
    file, _ = desk.give(case_id, task, "luis")  # who answers for the portfolio may
    assert file.tasks[0].owner == "luis"
    assert [event.kind for event in file.events[1:]] == ["task.asked", *["task.given"] * 4]


def test_who_asked_for_it_may_give_it_to_another(desk):
    case_id = desk.made()
    task = desk.ask(case_id, actor=MAYA, owner="luis")
    file, _ = desk.give(case_id, task, "maya", actor=MAYA)
    assert file.tasks[0].owner == "maya"


def test_it_is_put_off_done_with_what_was_done_and_taken_back(desk):
    case_id = desk.made()
    task = desk.ask(case_id, owner="luis")
    ports = {"now": NOW, **desk.ports(LUIS)}
    file, _ = tasks.put_off(case_id, task.task_id, due_on=TODAY + 3 * DAY, **ports)
    assert file.tasks[0].due_on == TODAY + 3 * DAY
    with pytest.raises(BadField):
        tasks.put_off(case_id, task.task_id, due_on=TODAY - DAY, **ports)
    with pytest.raises(BadField):
        tasks.put_off(case_id, task.task_id, due_on=TODAY + 400 * DAY, **ports)

    done = {"state": TaskState.DONE, "outcome": " Ya lo mandó ", **ports}
    file, _ = tasks.end(case_id, task.task_id, **done)
    again, _ = tasks.end(case_id, task.task_id, **done)
    assert again == file
    assert (file.tasks[0].outcome, file.events[-1].personal) == (
        "Ya lo mandó",
        {"text": "Ya lo mandó"},
    )
    assert desk.seen(actor=LUIS) == []
    with pytest.raises(TaskEnded):
        tasks.end(case_id, task.task_id, state=TaskState.DROPPED, **ports)
    with pytest.raises(TaskEnded):
        desk.give(case_id, task, "ana")
    with pytest.raises(TaskEnded):
        tasks.put_off(case_id, task.task_id, due_on=TODAY, **ports)

    file, _ = tasks.end(case_id, task.task_id, state=TaskState.OPEN, **ports)
    assert file.tasks[0] == replace(task, due_on=TODAY + 3 * DAY)
    assert desk.seen(actor=LUIS) == [task.task_id]
    with pytest.raises(TaskNotFound):
        tasks.end(case_id, "tsk_none", state=TaskState.DONE, **ports)
    with pytest.raises(BadField):
        tasks.end(case_id, task.task_id, state=TaskState.DONE, outcome="x" * 501, **ports)


def test_a_line_names_whose_it_is_of_what_case_and_for_when(desk):
    case_id = desk.made()
    desk.ask(case_id, owner="luis", due_on=TODAY + DAY)
    found, _ = tasks.listed(
        whose=Whose.MINE, portfolio_id="", when=None, kind=None, cursor=None, limit=5,
        people=desk.people, now=NOW + 3 * DAY, **desk.ports(LUIS),
    )  # fmt: skip

    (line,) = task_pages.lines(found, people=lambda _: {"user:luis": "Luis", "user:ana": "Ana"})

    assert (line["owner"], line["asked_by"]["name"]) == ({"id": "luis", "name": "Luis"}, "Ana")
    assert (line["case_id"], line["when"], line["days"]) == (case_id, "late", -2)
    assert (line["text"], line["cause"]) == ("Pedir el pagaré", "manual")


# Mentions


def mention(desk, case_id, *people, key="n-1", actor=ANA, text="@Luis revisa esto: debe 300"):
    file, _ = notes.add(
        case_id, text, key=key, mentions=people, people=desk.people, now=NOW, **desk.ports(actor)
    )
    return file


def test_who_is_mentioned_finds_it_among_their_tasks_without_a_word_of_the_note(desk):
    case_id = desk.made()
    file = mention(desk, case_id, "luis", "maya", "luis", "ana")
    assert mention(desk, case_id, "luis", "maya") == file  # the same request again

    assert [one.owner for one in file.tasks] == ["luis", "maya"]  # nobody mentions themself
    assert {one.kind for one in file.tasks} == {TaskKind.MENTION}
    assert "300" not in str(file.tasks)
    told = [event for event in file.events if event.kind == "task.asked"]
    assert all(event.personal == {} for event in told)
    (found,) = desk.seen(actor=LUIS, portfolio_id="")
    assert found == file.tasks[0].task_id


@pytest.mark.parametrize("person", ["eva", "nobody", ""])
def test_a_mention_of_who_may_not_see_the_case_writes_nothing(desk, person):
    case_id = desk.made()
    before = desk.cases.open(case_id)
    with pytest.raises(NotOfPortfolio):
        mention(desk, case_id, "luis", person)
    assert desk.cases.open(case_id) == before


def test_a_note_to_everybody_is_refused(desk):
    with pytest.raises(BadField):
        mention(desk, desk.made(), *(f"p{number}" for number in range(21)))
