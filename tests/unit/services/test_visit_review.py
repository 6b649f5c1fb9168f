"""Supervisors look at visits, and say whether they stand."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.case import PromiseState
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.errors import BadField, NotAllowed, PortfolioNotFound, VisitOwn, VisitSettled
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.visit import Standing
from chalicelib.handlers.models import model
from chalicelib.services import visit_review
from tests.builders import NOW
from tests.unit.services.test_visit_photos import Bucket
from tests.visit_world import ANA, PHOTO, Street

SUP = Actor(actor_id="user:sup", role=Role.SUPERVISOR, portfolios=("prt_test",))
PROMISE = {"promise_id": "pro_phone_1", "amount_minor": 50_000, "due_on": "2026-11-30"}
VISIT = "vis_0000000001"


@pytest.fixture
def street():
    return Street()


def reviewed(street, accept, reason="", actor=SUP):
    return visit_review.review(
        street.case_id, VISIT, accept=accept, reason=reason, actor=actor,
        cases=street.cases, portfolios=street, now=NOW,
    )[2]  # fmt: skip


def listed(street, actor=SUP, **asked):
    base = {"state": None, "person_id": "", "first": None, "last": None, "cursor": None}
    return visit_review.listed(
        "prt_test", **base | asked, limit=50, actor=actor, cases=street.cases,
        portfolios=street, people=lambda _: {"user:ana": "Ana"},
    )["items"]  # fmt: skip


def page(street, actor=SUP):
    return visit_review.page(
        street.case_id, VISIT, language="es", actor=actor, cases=street.cases,
        portfolios=street, files=Bucket(), trails=None, questions=None,
        people=lambda _: {"user:ana": "Ana"},
    )  # fmt: skip


def counted(street):
    moves = street.cases.moves["prt_test"]
    return sum(one.days.get("2026-11-22", {}).get("visits", 0) for one in moves)


def test_a_rejected_visit_counts_no_more_and_stays_under_the_caps(street):
    street.visit(promise=PROMISE)
    assert counted(street) == 1

    visit = reviewed(street, accept=False, reason="La foto es de otra puerta")

    assert (visit.standing, visit.review.by) == (Standing.REJECTED, "user:sup")
    assert counted(street) == 0
    assert [one.state for one in street.file.attempts] == [AttemptState.DONE]
    assert [one.state for one in street.file.promises] == [PromiseState.CANCELLED]


def test_an_accepted_one_leaves_the_queue_and_the_same_word_twice_is_one(street):
    street.visit(metres=900)
    assert [one["visit_id"] for one in listed(street, state=Standing.REVIEW)] == [VISIT]

    first, again = reviewed(street, accept=True), reviewed(street, accept=True)

    assert first == again
    assert listed(street, state=Standing.REVIEW) == []
    with pytest.raises(VisitSettled):
        reviewed(street, accept=False, reason="no")


def test_the_maker_is_no_checker(street):
    street.visit(actor=Actor(actor_id="user:sup", role=Role.SUPERVISOR, portfolios=("prt_test",)))

    with pytest.raises(VisitOwn):
        reviewed(street, accept=True)
    with pytest.raises(NotAllowed):
        reviewed(street, accept=True, actor=ANA)
    assert page(street)["can"] == {"review": False}


def test_a_rejection_says_why(street):
    street.visit()

    with pytest.raises(BadField):
        reviewed(street, accept=False, reason="  ")


def test_lists_are_by_day_of_the_portfolio_and_person(street):
    street.visit()
    today = date(2026, 11, 22)

    assert len(listed(street, first=today, last=today, person_id="ana")) == 1
    assert listed(street, person_id="luis") == []
    assert listed(street, first=today + timedelta(days=1)) == []
    stranger = Actor(actor_id="user:x", role=Role.SUPERVISOR, portfolios=())
    with pytest.raises(PortfolioNotFound):
        listed(street, actor=stranger)


def test_the_page_shows_what_speaks_for_and_against_it(street):
    street.visit(
        metres=900, photos=[PHOTO], promise=PROMISE, disposition="promise",
        form={"form_id": "frm_1", "version": 1, "answers": {}},
    )  # fmt: skip

    shown = page(street)

    model("visit_review:VisitPage").model_validate(shown)
    assert shown["person"] == {"id": "ana", "name": "Ana"}
    assert shown["phone_verdict"]["verdict"] == "verified"
    assert shown["server_verdict"]["verdict"] == "outside"
    assert shown["evidence"]["radius_m"] == 100
    assert shown["photos_taken"][0]["url"] is None  # it has not come
    assert shown["disposition"]["label"]["es"]
