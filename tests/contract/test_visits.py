"""What every case store promises of visits: kept whole, found by id, mark and standing."""

from datetime import timedelta

import pytest

from chalicelib.domain.contact import Ruling
from chalicelib.domain.draft import after
from chalicelib.domain.plain import from_plain
from chalicelib.domain.visit import (
    Arrived,
    Clash,
    Findings,
    Judgement,
    Mark,
    Report,
    Sign,
    Standing,
    Trusted,
    Visit,
    VisitState,
)
from chalicelib.store.case_keys import list_shard
from tests.builders import NOW, a_debt, a_draft, change_of, reopened
from tests.visit_world import PHOTO, a_report

FINDINGS = Findings(
    verdict=Judgement(verdict="unsure", distance_m=12.5, radius_m=100.0, reasons=("short_stay",)),
    trust=Trusted(score=60, signs=(Sign(sign="mock", weight=60, figure=1.0),)),
    counted=True,
    doubts=("trust",),
    ruling=Ruling(at=NOW, allowed=False, reason_code="HOLIDAY"),
    clashes=(Clash(code="promise.too_late", details={"latest": "2026-12-01"}),),
)


@pytest.fixture
def case(stores):
    pid = stores.portfolio.portfolio_id
    change = change_of(a_draft(a_debt("F-1", pid), portfolio=stores.portfolio))
    stores.cases.commit(change)
    return change.after.case_id


def a_visit(number=1, *, standing=Standing.REVIEW, person="ana", at=NOW):
    body = a_report(
        photos=[PHOTO],
        form={"form_id": "frm_1", "version": 3, "answers": {"grupo": {"a": "ñ"}, "veces": [{}]}},
        note="Ladra el perro. " * 200,
    )
    return Visit(
        visit_id=f"vis_{number:010d}",
        person_id=person,
        at=at,
        received_at=at,
        state=VisitState.PHOTOS_WANTED,
        standing=standing,
        report=from_plain(Report, body),
        findings=FINDINGS,
        digest="d" * 64,
        signature="dev_1.x",
    )


def do(stores, case, step):
    file = stores.cases.open(case)
    draft = reopened(file, stores.portfolio)
    step(draft)
    change = change_of(draft)
    stores.cases.commit(change)
    told, read = after(file, change), stores.cases.open(case)
    assert read.visits == told.visits
    return read


def test_all_of_a_visit_comes_back_as_it_was_written(stores, case):
    visit = a_visit()

    assert do(stores, case, lambda d: d.visit(visit)).visits == (visit,)
    assert stores.cases.visit(case, visit.visit_id) == visit
    assert stores.cases.visit(case, "vis_none000000") is None


def test_photos_and_reviews_change_it_in_place(stores, case):
    do(stores, case, lambda d: d.visit(a_visit()))
    do(
        stores,
        case,
        lambda d: d.photo_arrived("vis_0000000001", Arrived(photo_id="pho_1", at=NOW)),
    )
    read = do(stores, case, lambda d: d.review_visit("vis_0000000001", accepted=False))

    (visit,) = read.visits
    assert (visit.state, visit.wanted) == (VisitState.COMPLETE, ())
    assert (visit.standing, visit.counts) == (Standing.REJECTED, False)


def test_what_it_left_is_found(stores, case):
    pid = stores.portfolio.portfolio_id  # tables are shared between tests
    do(
        stores,
        case,
        lambda d: d.visit(
            a_visit(),
            (
                Mark(family="spot", value=pid, of="adr_1"),
                Mark(family="spot", value=pid, of="adr_2"),
            ),
        ),
    )

    assert stores.cases.marked("spot", pid) == {"adr_1", "adr_2"}
    assert stores.cases.marked("spot", pid, most=1) <= {"adr_1", "adr_2"}
    assert stores.cases.marked("photo", pid) == frozenset()
    assert case in stores.cases.marked("visit", "vis_0000000001", most=100)


def test_a_mark_is_taken_away_again(stores, case):
    mark = Mark(family="point", value=stores.portfolio.portfolio_id, of=f"{case}#adr_1")
    do(stores, case, lambda d: d.visit(a_visit(), (mark,)))
    assert stores.cases.marked("point", mark.value) == {mark.of}

    do(stores, case, lambda d: d.settle_point(mark, "adr_1", accepted=False, visits=()))

    assert stores.cases.marked("point", mark.value) == frozenset()


def test_lists_give_the_last_first_and_only_what_was_asked(stores, case):
    pid = stores.portfolio.portfolio_id
    for number in range(1, 6):
        made = a_visit(
            number,
            standing=Standing.REVIEW if number % 2 else Standing.RECEIVED,
            person="ana" if number < 4 else "luis",
            at=NOW + timedelta(hours=number),
        )
        do(stores, case, lambda d, made=made: d.visit(made))

    def numbers(*standings, **asked):
        page = stores.cases.visits(pid, standings or tuple(Standing), **asked)
        return [int(visit.visit_id[4:]) for _, visit in page.items], page.cursor

    assert numbers() == ([5, 4, 3, 2, 1], None)
    assert numbers(Standing.REVIEW) == ([5, 3, 1], None)
    assert numbers(person_id="ana") == ([3, 2, 1], None)
    assert numbers(since=NOW + timedelta(hours=2), until=NOW + timedelta(hours=4)) == ([3, 2], None)
    first, cursor = numbers(limit=2)
    second, cursor = numbers(limit=2, cursor=cursor)
    third, end = numbers(limit=2, cursor=cursor)
    assert (first, second, third, end) == ([5, 4], [3, 2], [1], None)
    assert {case_id for case_id, _ in stores.cases.visits(pid, tuple(Standing)).items} == {case}


def test_those_whose_photos_are_looked_for_are_found_until_they_have_come(stores, case):
    shard = list_shard(case)
    for number in (1, 2):
        made = a_visit(number, at=NOW + timedelta(hours=number))
        do(stores, case, lambda d, made=made: d.visit(made))

    def found(until=NOW + timedelta(hours=3)):
        mine, cursor = [], None
        while True:  # tables are shared between tests
            page = stores.cases.visits_without_photos(shard, until, cursor=cursor, limit=1)
            mine += [int(visit_id[4:]) for case_id, visit_id in page.items if case_id == case]
            cursor = page.cursor
            if cursor is None:
                return mine

    assert found() == [1, 2]
    assert found(until=NOW + timedelta(minutes=61)) == [1]
    come = Arrived(photo_id="pho_1", at=NOW)
    do(stores, case, lambda d: d.photo_arrived("vis_0000000001", come))
    assert found() == [2]
    do(stores, case, lambda d: d.photos_late("vis_0000000002"))
    assert found() == []
