"""Places, agendas and what asks for a visit: the same of every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.assignment import Assignment, AssignmentKey, AssignmentState, PlaceKey, Why
from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.contact import Cause, Ruling
from chalicelib.domain.errors import CaseMoved
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.geo.near import cells_around
from chalicelib.geo.point import Point
from tests.builders import NOW, TODAY, a_debt, a_draft, change_of, reopened

HERE = Point(19.4326, -99.1332)


def an_address(metres_north: float = 0, **values):
    base = {
        "address_id": "",
        "lines": f"Calle {metres_north}",
        "city": "México",
        "lat": HERE.lat + metres_north / 111_195,
        "lng": HERE.lng,
        "quality": PointQuality.ROOFTOP,
    }
    return Address(**base | values)


def an_assignment(address_id, key="asg_1", **values):
    base = {
        "assignment_id": key,
        "person_id": "ana",
        "address_id": address_id,
        "day": TODAY,
        "state": AssignmentState.PLANNED,
        "why": Why.MANUAL,
        "created_at": NOW,
        "created_by": "user:eva",
    }
    return Assignment(**base | values)


@pytest.fixture
def put(cases, portfolio):
    """Have a case with an address so many metres north of here; gives both ids."""

    def put(key, metres_north=0.0, **address):
        draft = a_draft(
            a_debt(f"F-{key}", portfolio.portfolio_id), portfolio=portfolio, key=f"D-{key}"
        )
        draft.put_address(an_address(metres_north, **address))
        change = change_of(draft)
        cases.commit(change)
        return PlaceKey(case_id=draft.case_id, address_id=change.addresses[0].address_id)

    return put


@pytest.fixture
def found(cases, portfolio):
    def found(reach_m=500, resolution=9):
        return set(cases.places(portfolio.portfolio_id, cells_around(HERE, reach_m, resolution)))

    return found


@pytest.fixture
def work(cases, portfolio):
    """Open a case, do something to it, commit."""

    def work(case_id, do, now=NOW):
        draft = reopened(cases.open(case_id), portfolio, now)
        do(draft)
        cases.commit(change_of(draft))
        return cases.open(case_id)

    return work


@pytest.mark.parametrize("resolution", [8, 9, 10])
def test_what_lies_near_is_found_and_what_is_far_away_is_not(put, found, resolution):
    near = {put("1", 0), put("2", 480)}
    put("far", 40_000)
    put("nowhere", lat=None, lng=None)

    assert found(500, resolution) == near


def test_a_whole_part_of_the_map_is_found_by_its_one_cell(cases, portfolio, put):
    from chalicelib.geo.cells import cell_of

    near = put("1")

    assert list(cases.places(portfolio.portfolio_id, [cell_of(HERE.lat, HERE.lng, 4)])) == [near]
    assert not cases.places("prt_other", [cell_of(HERE.lat, HERE.lng, 4)])


def test_a_case_leaves_the_map_when_it_is_paid_and_is_back_when_that_is_undone(put, found, work):
    place = put("1")

    paid = work(
        place.case_id,
        lambda d: d.pay(100_000, paid_on=TODAY, source="manual", reference="P-1"),
    )
    assert found() == set()

    entry = next(e for e in paid.entries if e.amount_minor < 0)
    work(place.case_id, lambda d: d.reverse(entry.entry_id, reason="error"))
    assert found() == {place}


def test_an_address_that_is_removed_leaves_the_map(put, found, work):
    place = put("1")
    work(place.case_id, lambda d: d.remove_address(place.address_id))

    assert found() == set()


def test_addresses_are_read_by_place(cases, put):
    place = put("1", 30)

    read = cases.addresses([place, PlaceKey(case_id="cas_none", address_id="adr_none")])

    assert {key: one.lines for key, one in read.items()} == {place: "Calle 30"}


def test_an_assignment_is_read_as_it_was_written(cases, put, work):
    place = put("1")
    ruling = Ruling(at=NOW, allowed=True, reason_code="OK", rules="MX/1")
    made = an_assignment(place.address_id, ruling=ruling, task_id="tsk_1", place=3, arrives=36_000)

    file = work(place.case_id, lambda d: d.assign(made))

    assert file.assignments == (made,)
    key = AssignmentKey(case_id=place.case_id, assignment_id="asg_1")
    assert cases.assignments([key]) == {key: made}


def test_an_agenda_holds_the_persons_day_and_nothing_else(cases, portfolio, put, work):
    ana = f"ana_{portfolio.portfolio_id}"  # an agenda is of all portfolios, and so of all tests
    for key, person, day in (
        ("1", ana, TODAY),
        ("2", ana, TODAY + timedelta(days=1)),
        ("3", f"luz_{portfolio.portfolio_id}", TODAY),
    ):
        place = put(key)
        made = an_assignment(place.address_id, f"asg_{key}", person_id=person, day=day)
        work(place.case_id, lambda d, made=made: d.assign(made))

    def ids(*days):
        return [key.assignment_id for key in cases.agenda_of(ana, *days)]

    assert ids(TODAY) == ["asg_1"]
    assert ids(TODAY, TODAY + timedelta(days=6)) == ["asg_1", "asg_2"]


def test_a_visit_that_was_withdrawn_stays_on_the_agenda_for_its_agent_to_be_told(
    cases, portfolio, put, work
):
    ana = f"ana_{portfolio.portfolio_id}"
    place = put("1")
    work(place.case_id, lambda d: d.assign(an_assignment(place.address_id, person_id=ana)))
    work(place.case_id, lambda d: d.pay(100_000, paid_on=TODAY, source="m", reference="P"))

    [key] = cases.agenda_of(ana, TODAY)

    withdrawn = cases.assignments([key])[key]
    assert (withdrawn.state, withdrawn.withdrawn) == (AssignmentState.WITHDRAWN, "paid")


def test_promises_and_tasks_ask_for_visits_until_they_are_settled(cases, portfolio, put, work):
    promised, tasked, later = put("1"), put("2"), put("3")
    task = Task(
        task_id="tsk_1", kind=TaskKind.VISIT, state=TaskState.OPEN, cause=Cause(kind="strategy"),
        due_on=TODAY - timedelta(days=1), created_at=NOW,
    )  # fmt: skip
    work(promised.case_id, lambda d: d.promise("prm_1", 500, TODAY, channel="call"))
    work(tasked.case_id, lambda d: d.ask(task))
    work(
        tasked.case_id,
        lambda d: d.ask(replace(task, task_id="tsk_2", kind=TaskKind.CALL)),
    )
    work(
        later.case_id,
        lambda d: d.promise("prm_2", 500, TODAY + timedelta(days=3), channel="call"),
    )
    pid = portfolio.portfolio_id

    assert cases.asking_for_visits(pid, TODAY).items == (tasked.case_id, promised.case_id)

    work(tasked.case_id, lambda d: d.end_task("tsk_1", TaskState.DONE))
    work(promised.case_id, lambda d: d.cancel_promise("prm_1"))
    assert cases.asking_for_visits(pid, TODAY).items == ()


def test_of_two_who_assign_at_the_same_moment_one_is_refused(cases, portfolio, put):
    place = put("1")
    file = cases.open(place.case_id)
    first, second = reopened(file, portfolio, actor="user:a"), reopened(file, portfolio)
    first.assign(an_assignment(place.address_id, "asg_a"))
    second.assign(an_assignment(place.address_id, "asg_b", person_id="luz"))

    cases.commit(change_of(first))
    with pytest.raises(CaseMoved):
        cases.commit(change_of(second))

    assert [a.assignment_id for a in cases.open(place.case_id).assignments] == ["asg_a"]
