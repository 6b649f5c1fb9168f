"""A visit that comes in: judged anew, recorded once, with all that follows from it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.assignment import Assignment, AssignmentState, Why
from chalicelib.domain.case import CaseStatus, PromiseState
from chalicelib.domain.contact import AttemptState, Cause, Channel, ConsentState, HoldReason
from chalicelib.domain.dispute import DisputeKind
from chalicelib.domain.errors import CaseNotFound, VisitInvalid, VisitNotFound, VisitTaken
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import to_plain
from chalicelib.domain.questionnaire import NO_SUCH_PHOTO
from chalicelib.domain.reported import ReportedSource
from chalicelib.domain.visit import Standing, VisitState
from chalicelib.geo.point import Point
from chalicelib.services import payment_tellings, visits
from chalicelib.visits.trust import Ping
from tests.builders import NOW, a_debt, a_draft, change_of, reopened
from tests.visit_world import ANA, DOOR, METRE, PHOTO, STARTED, Street, Trail, a_door

PROMISE = {"promise_id": "pro_phone_1", "amount_minor": 50_000, "due_on": "2026-11-30"}
EXCEPTION = {"reason": "moved", "text": "Lo dice el portero"}


@pytest.fixture
def street():
    return Street()


def signs(visit):
    return {one.sign for one in visit.findings.trust.signs}


def clashes(visit):
    return [one.code for one in visit.findings.clashes]


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


# Effects


def test_a_promise_is_noted_in_the_same_moment(street):
    street.visit(promise=PROMISE, met={"who": "holder", "name": ""})

    (promise,) = street.file.promises
    assert (promise.promise_id, promise.channel) == ("pro_phone_1", "visit")
    assert street.file.head.status is CaseStatus.PROMISED


@pytest.mark.parametrize(
    ("due_on", "code"), [("2026-11-20", "promise.past"), ("2027-11-30", "promise.too_late")]
)
def test_a_promise_outside_the_policy_is_told_and_not_made(street, due_on, code):
    visit = street.visit(promise=PROMISE | {"due_on": due_on})

    assert clashes(visit) == [code]
    assert visit.report.promise.due_on.isoformat() == due_on
    assert street.file.promises == ()


def test_a_newer_promise_stands(street):
    street.do(lambda draft: draft.promise("pro_call", 100, street.today, channel="call"))

    visit = street.visit(promise=PROMISE, finished_at=to_plain(NOW - timedelta(minutes=5)))

    assert clashes(visit) == ["promise.newer"]
    assert [p.state for p in street.file.promises] == [PromiseState.OPEN]


def test_paid_meanwhile_is_told_and_the_visit_is_kept():
    street = Street(debt=False)

    visit = street.visit(
        promise=PROMISE,
        payment_report={"amount_minor": 100, "paid_on": "2026-11-20", "reference": "",
                        "photo_id": None},
    )  # fmt: skip

    assert clashes(visit) == ["case.settled"]
    assert (street.file.promises, street.file.holds) == ((), ())
    assert street.file.visits == (visit,)


def test_a_payment_reported_pauses_contact_and_asks_for_a_look(street):
    street.visit(
        payment_report={"amount_minor": 100, "paid_on": "2026-11-20", "reference": "x",
                        "photo_id": None}
    )  # fmt: skip

    (hold,) = street.file.holds
    assert hold.reason is HoldReason.REPORTED_PAYMENT
    assert hold.until == street.today + timedelta(days=3)
    assert [task.cause.step for task in street.file.tasks] == ["reported_payment"]
    (told,) = street.file.reported
    assert (told.amount_minor, told.paid_on.isoformat()) == (100, "2026-11-20")
    assert (told.source, told.reference, told.by) == ("visit", "x", ANA.actor_id)


def test_what_the_bot_was_told_and_the_agent_hears_again_is_one(street):
    draft = reopened(street.file, street.portfolio)
    payment_tellings.take(
        draft, street.file,
        payment_tellings.Telling(
            key=("wamid.1",), source=ReportedSource.WHATSAPP, cause=Cause(kind="reply"),
            at=NOW, by="debtor:x",
        ),
    )  # fmt: skip
    street.cases.commit(change_of(draft))

    street.visit(
        payment_report={"amount_minor": 100, "paid_on": "2026-11-20", "reference": "x",
                        "photo_id": None}
    )  # fmt: skip

    (told,) = street.file.reported
    assert (told.source, told.amount_minor) == ("whatsapp", 100)
    assert len(street.file.holds) == 1


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("amount", HoldReason.DISPUTE), ("deceased", HoldReason.DECEASED),
     ("supervisor", HoldReason.DISPUTE), ("illness", HoldReason.ILLNESS)],
)  # fmt: skip
def test_a_dispute_holds(street, kind, reason):
    street.visit(dispute={"kind": kind, "text": "No es mía"})

    assert [hold.reason for hold in street.file.holds] == [reason]


def test_what_is_disputed_at_the_door_waits_for_an_answer(street):
    street.visit(dispute={"kind": "identity_theft", "text": "Usaron mi INE"})

    (dispute,) = street.file.disputes
    assert (dispute.kind, dispute.source) == (DisputeKind.FRAUD, "visit")
    assert (dispute.text, dispute.hold_id) == ("Usaron mi INE", street.file.holds[0].hold_id)
    assert dispute.due_on > street.today
    assert [task.cause.step for task in street.file.tasks] == ["identity_theft"]


def test_contacts_an_address_and_a_refusal_are_noted(street):
    visit = street.visit(
        contacts=[
            {"kind": "phone", "value": "5587654321", "party": "debtor"},
            {"kind": "phone", "value": "abc", "party": "debtor"},
            {"kind": "email", "value": "Ana@Example.MX", "party": "family"},
        ],
        address={"lines": "Otra calle 4", "city": "Puebla", "lat": 19.04, "lng": -98.2},
        opt_outs=["visit"],
    )

    assert clashes(visit) == ["contact.unreadable"]
    values = {point.value: point.party for point in street.file.contacts}
    assert values["+525587654321"] == "debtor"
    assert values["ana@example.mx"] == "family"
    assert [a.source for a in street.file.addresses if a.city == "Puebla"] == ["visit"]
    (word,) = street.file.consents
    assert (word.channel, word.state) == (Channel.VISIT, ConsentState.REFUSED)


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


class Forms:
    """One questionnaire whose question ``motivo`` may not be empty; version 2 is in use."""

    def problems(self, portfolio_id, report, language):
        if report.form.form_id != "frm_1":
            return None
        wrong = not report.form.answers.get("motivo")
        photo = report.form.answers.get("foto")
        lost = photo and photo not in {one.photo_id for one in report.photos}
        return [
            *[{"question": "motivo", "path": "motivo", "code": "answer.required"}] * wrong,
            *[{"question": "foto", "path": "foto", "code": NO_SUCH_PHOTO}] * bool(lost),
        ]

    def newest(self, portfolio_id, form_id):
        return 2


@pytest.mark.parametrize(
    ("form_id", "version", "code"),
    [("frm_1", 2, []), ("frm_1", 1, ["form.older"]), ("frm_9", 1, ["form.unknown"])],
)
def test_answers_are_held_against_the_version_they_were_filled_with(street, form_id, version, code):
    street.forms = Forms()

    visit = street.visit(
        form={"form_id": form_id, "version": version, "answers": {"motivo": "viaje"}}
    )

    assert clashes(visit) == code
    assert visit.report.form.answers == {"motivo": "viaje"}


def test_a_forbidden_answer_is_refused_by_its_question(street):
    street.forms = Forms()

    with pytest.raises(VisitInvalid) as refused:
        street.visit(form={"form_id": "frm_1", "version": 2, "answers": {}})

    assert refused.value.details["fields"] == [
        {"field": "form.answers.motivo", "reason": "answer.required", "question": "motivo"}
    ]


@pytest.mark.parametrize(("photo", "code"), [("pho_1", []), ("pho_2", ["form.no_such_photo"])])
def test_an_answer_whose_photo_is_not_there_is_told_and_the_rest_is_kept(street, photo, code):
    street.forms = Forms()
    answers = {"motivo": "viaje", "foto": photo}

    visit = street.visit(
        form={"form_id": "frm_1", "version": 2, "answers": answers}, photos=[PHOTO]
    )

    assert clashes(visit) == code
    assert visit.report.form.answers == answers
    assert ("result" in visit.findings.doubts) is bool(code)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"disposition": "message_left"}, []),
        ({"disposition": "gone_fishing"}, ["disposition.unknown"]),
        ({"disposition": "refuses"}, ["disposition.incomplete"]),
        ({"disposition": "refuses", "note": "Dice que no"}, []),
        ({"disposition": "nobody_home"}, ["disposition.incomplete"]),
        ({"disposition": "nobody_home", "photos": [PHOTO]}, []),
    ],
)
def test_a_result_is_held_to_the_portfolios_list(street, values, found):
    visit = street.visit(**values)

    assert clashes(visit) == found
    assert ("result" in visit.findings.doubts) is bool(found)
