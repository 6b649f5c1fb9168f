"""A visit that comes in: judged anew, recorded once, with all that follows from it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.assignment import Assignment, AssignmentState, Why
from chalicelib.domain.contact import AttemptState, Channel, HoldReason
from chalicelib.domain.errors import CaseNotFound, VisitInvalid, VisitNotFound, VisitTaken
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import to_plain
from chalicelib.domain.visit import Standing, VisitState
from chalicelib.geo.point import Point
from chalicelib.services import visits
from chalicelib.visits.trust import Ping
from tests.builders import NOW, a_debt, a_draft, change_of, reopened
from tests.visit_world import (
    ANA,
    DOOR,
    METRE,
    PHOTO,
    PROMISE,
    STARTED,
    Street,
    Trail,
    a_door,
    clashes,
)

EXCEPTION = {"reason": "moved", "text": "Lo dice el portero"}


@pytest.fixture
def street():
    return Street()


def signs(visit):
    return {one.sign for one in visit.findings.trust.signs}


def days(street):
    moves = street.cases.moves["prt_test"]
    total = {}
    for one in moves:
        for name, value in one.days.get("2026-11-22", {}).items():
            total[name] = total.get(name, 0) + value
    return total


# Verdicts


def test_at_the_door_it_is_verified_and_counted_and_nobody_need_look(street):
    visit = street.visit()

    assert visit.findings.verdict.verdict == "verified"
    assert visit.findings.verdict.distance_m == pytest.approx(5, abs=0.1)
    assert visit.findings.counted
    assert visit.standing is Standing.RECEIVED or visit.findings.doubts == ("not_allowed",)
    assert days(street)["visits"] == days(street)["visits_verified"] == 1


def test_outside_it_is_kept_and_marked_and_counts_as_no_visit(street):
    visit = street.visit(metres=900)

    assert visit.findings.verdict.verdict == "outside"
    assert visit.report.verdict.verdict == "verified"  # the phone's own word is kept beside it
    assert not visit.findings.counted
    assert visit.standing is Standing.REVIEW
    assert "outside" in visit.findings.doubts
    assert days(street).get("visits", 0) == 0


def test_a_short_stay_is_unsure_and_looked_at(street):
    visit = street.visit(started_at=to_plain(NOW - timedelta(seconds=50)), fixes=[
        {"at": to_plain(NOW - timedelta(seconds=50)), "lat": DOOR[0], "lng": DOOR[1],
         "accuracy_m": 8.0, "mock": None},
    ])  # fmt: skip

    assert visit.findings.verdict.verdict == "unsure"
    assert visit.findings.verdict.reasons == ("short_stay",)
    assert "unsure" in visit.findings.doubts


def test_an_address_without_a_point_makes_no_doubt_of_the_visit():
    street = Street(door=a_door(lat=None, lng=None))

    visit = street.visit()

    assert visit.findings.verdict.reasons == ("no_point",)
    assert visit.findings.counted
    assert "unsure" not in visit.findings.doubts


def test_a_learned_radius_counts_before_the_portfolios(street):
    address = replace(street.file.addresses[0], radius_m=40.0)
    street.do(lambda draft: draft.put_address(address))

    assert street.visit(metres=70).findings.verdict.verdict == "outside"


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        pytest.param({"clock_offset_ms": 400_000}, "clock", id="the clock is off"),
        pytest.param(
            {"fixes": [{"at": to_plain(STARTED), "lat": DOOR[0], "lng": DOOR[1],
                        "accuracy_m": 5.0, "mock": True}]}, "mock", id="simulated"),
        pytest.param({"metres": 20, "accuracy_m": 150.0}, "poor_accuracy", id="poor signal"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_told(street, change, sign):
    assert sign in signs(street.visit(**change))


def test_a_trail_that_was_elsewhere_sends_it_to_review(street):
    far = Point(DOOR[0] + 5_000 * METRE, DOOR[1])
    street.trail = Trail([Ping(at=STARTED + timedelta(minutes=1), point=far)])

    visit = street.visit(tracked=True)

    assert "trail_elsewhere" in signs(visit)
    assert visit.findings.trust.score == 60
    assert "trust" in visit.findings.doubts


def test_a_trail_that_agrees_says_nothing(street):
    street.trail = Trail([Ping(at=STARTED, point=Point(*DOOR))])

    assert signs(street.visit(tracked=True)) == set()


def test_a_picture_of_another_visit_is_told(street):
    street.visit(photos=[PHOTO])

    again = street.visit(visit_id="vis_0000000002", photos=[PHOTO | {"photo_id": "pho_2"}])

    assert "photo_reused" in signs(again)
    assert "trust" in again.findings.doubts


def test_two_people_on_a_phone_in_a_day_are_told(street):
    street.visit()
    luis = Actor(actor_id="user:luis", role=Role.AGENT, portfolios=("prt_test",))

    assert "shared_device" in signs(street.visit(visit_id="vis_0000000002", actor=luis))


def test_the_same_spot_at_three_doors_is_told(street):
    for number in (1, 2, 3):
        visit = street.visit(visit_id=f"vis_000000000{number}", address_id=f"adr_{number}")

    assert "same_spot" in signs(visit)


# Once


def test_the_same_report_again_changes_nothing(street):
    first, new = street.report(promise=PROMISE)
    version = street.file.head.version

    again, second = street.report(promise=PROMISE)

    assert (new, second) == (True, False)
    assert again == first
    assert street.file.head.version == version


def test_another_report_under_the_same_id_is_refused(street):
    street.visit()

    with pytest.raises(VisitTaken):
        street.visit(note="otra cosa")


def test_what_took_place_is_an_attempt_and_the_chain_holds(street):
    visit = street.visit(met={"who": "holder", "name": "José"})

    (attempt,) = street.file.attempts
    assert (attempt.channel, attempt.state) == (Channel.VISIT, AttemptState.DONE)
    assert attempt.outcome == "conversation"
    assert attempt.ruling == visit.findings.ruling
    assert timeline.verify(street.file.events, street.file.head.chain).ok
    received = next(e for e in street.file.events if e.kind == "visit.received")
    assert received.facts["digest"] == visit.digest
    assert not any(isinstance(value, float) for value in received.facts.values())


def test_a_moment_the_law_forbids_is_flagged_and_recorded(street):
    street.do(lambda draft: draft.hold("hol_1", HoldReason.CEASE))

    visit = street.visit()

    assert not visit.findings.ruling.allowed
    assert "not_allowed" in visit.findings.doubts
    assert street.file.visits == (visit,)


# Assignments and merges


def assignment(person="ana", **values):
    base = {
        "assignment_id": "asg_1",
        "person_id": person,
        "address_id": "",
        "day": NOW.date(),
        "state": AssignmentState.PLANNED,
        "why": Why.MANUAL,
        "created_at": NOW,
        "created_by": "user:sup",
    }
    return Assignment(**base | values)


def test_an_assignment_is_done_by_its_visit(street):
    street.do(lambda draft: draft.assign(assignment(address_id=street.address_id)))

    visit = street.visit(assignment_id="asg_1")

    assert clashes(visit) == []
    assert [one.state for one in street.file.assignments] == [AssignmentState.DONE]


def test_one_that_is_another_persons_by_now_is_told(street):
    street.do(lambda draft: draft.assign(assignment("luis", address_id=street.address_id)))

    visit = street.visit(assignment_id="asg_1")

    assert clashes(visit) == ["assignment.reassigned"]
    assert [one.state for one in street.file.assignments] == [AssignmentState.PLANNED]


def test_a_visit_of_a_merged_case_is_kept_where_it_went(street):
    into = change_of(a_draft(a_debt("F-9"), key="D-2"))
    street.cases.commit(into)
    there = reopened(street.cases.open(into.after.case_id))
    here = reopened(street.file)
    here.hand_over(there, reference="mrg_1")
    street.cases.commit(change_of(here), change_of(there))

    visit = street.visit()

    assert clashes(visit) == ["case.merged"]
    assert visit.findings.verdict.verdict == "verified"
    assert street.cases.open(into.after.case_id).visits == (visit,)
    assert visits.own(visit.visit_id, actor=ANA, cases=street.cases) == visit


# What is refused


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"kind": "exception", "photos": [PHOTO]}, "exception", id="no reason"),
        pytest.param({"kind": "exception", "exception": EXCEPTION}, "photos", id="no photo"),
        pytest.param({"exception": EXCEPTION}, "exception", id="a visit that was none"),
        pytest.param({"fixes": []}, "fixes", id="a visit without a position"),
        pytest.param(
            {"kind": "exception", "exception": EXCEPTION, "photos": [PHOTO], "promise": PROMISE},
            "promise", id="promised where nobody was"),
        pytest.param({"finished_at": "2020-01-01T00:00:00Z"}, "finished_at", id="ends before"),
        pytest.param({"notice_photo_id": "pho_9"}, "notice_photo_id", id="no such photo"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_field(street, change, field):
    with pytest.raises(VisitInvalid) as refused:
        street.visit(**change)

    assert [one["field"] for one in refused.value.details["fields"]] == [field]
    assert street.file.visits == ()


def test_an_exception_is_kept_looked_at_and_no_visit(street):
    visit = street.visit(
        metres=900, kind="exception", exception=EXCEPTION, photos=[PHOTO], met=None
    )

    assert visit.state is VisitState.PHOTOS_WANTED
    assert visit.findings.doubts[:1] == ("exception",)
    assert not visit.findings.counted
    assert days(street)["visit_exceptions"] == 1


def test_another_portfolios_case_is_not_there(street):
    stranger = Actor(actor_id="user:x", role=Role.AGENT, portfolios=("prt_other",))

    with pytest.raises(CaseNotFound):
        street.visit(actor=stranger)


def test_nobody_elses_visit_is_told(street):
    street.visit()
    other = Actor(actor_id="user:luis", role=Role.AGENT, portfolios=("prt_test",))

    with pytest.raises(VisitNotFound):
        visits.own("vis_0000000001", actor=other, cases=street.cases)
