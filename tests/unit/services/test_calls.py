"""A call takes its place under the law when it begins, and ends with a result and what follows."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import calls as catalogue
from chalicelib.domain.agreement import Offer
from chalicelib.domain.agreements import AgreementKind, Proof, ProofKind
from chalicelib.domain.call_turn import Place, Why
from chalicelib.domain.case import CaseStatus
from chalicelib.domain.contact import AttemptState, Cause, Channel, HoldReason
from chalicelib.domain.errors import (
    AttemptNotFound,
    AttemptSettled,
    BadField,
    CallNotAllowed,
    CallUnfinished,
    ContactNotFound,
    TurnTaken,
)
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.services import agreements, calls, case_pages, contacting
from tests.builders import a_portfolio
from tests.queue_world import ANA, BOSS, LUIS, NOON, TODAY, CallWorld


class Caller(CallWorld):
    def end_call(self, case_id, attempt_id, disposition, actor=ANA, **values):
        file, _ = calls.end(
            case_id,
            attempt_id,
            disposition=disposition,
            means=self.means,
            **self.stores(actor),
            **values,
        )
        return file

    def sheet(self, case_id):
        return calls.sheet(case_id, **self.stores(ANA))


@pytest.fixture
def world():
    return Caller()


@pytest.fixture
def case_id(world):
    made = world.debtor(1)
    world.rank()
    world.next()
    return made


def of(file, attempt_id):
    return next(one for one in file.attempts if one.attempt_id == attempt_id)


def test_a_call_that_nobody_answers_is_written_and_the_case_rests_for_the_day(world, case_id):
    call = world.begin(case_id)
    assert world.sheet(case_id)["open"]["attempt_id"] == call
    world.now += timedelta(seconds=40)

    file = world.end_call(case_id, call, "no_answer")

    done = of(file, call)
    assert (done.state, done.outcome, done.disposition) == (
        AttemptState.DONE,
        "unanswered",
        "no_answer",
    )
    told = file.events[-1]
    assert (told.kind, told.facts["disposition"], told.facts["seconds"]) == (
        "attempt.done",
        "no_answer",
        40,
    )
    assert world.turns.get(case_id).place is Place.DONE
    assert world.sheet(case_id)["open"] is None


def test_the_timeline_says_what_a_call_came_to_as_its_portfolio_calls_it(world, case_id):
    called = catalogue.labels(world.portfolio.policies.calls)

    def results():
        events = world.cases.open(case_id).events
        return [case_pages.told(event, {}, called)["result"] for event in events]

    world.end_call(case_id, world.begin(case_id), "not_made")
    assert results()[-1] == called["not_made"]
    world.end_call(case_id, world.begin(case_id, key="again"), "no_answer")
    assert results()[-1] == called["no_answer"]
    assert results()[-2] is None, "what has only begun has come to nothing yet"


def test_a_call_counts_under_the_laws_caps_from_its_beginning(world):
    world.portfolio = a_portfolio(country="CL")
    world.now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    case_id = world.debtor(1)
    point = world.cases.open(case_id).contacts[0]
    world.begin(case_id)

    file = world.cases.open(case_id)
    reach = contacting.reaches(file, Channel.CALL)[0]

    assert reach.contact_id == point.contact_id
    assert not contacting.rule(file, world.portfolio, reach, now=world.now).allowed


def test_at_night_no_call_begins(world, case_id):
    world.now = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)

    with pytest.raises(CallNotAllowed) as refused:
        world.begin(case_id)

    assert refused.value.details["reason_code"] == "OUTSIDE_HOURS"
    assert refused.value.details["next_allowed_at"] == "2026-11-25T13:00:00Z"
    assert world.cases.open(case_id).attempts == ()


def test_a_call_that_is_open_is_gone_on_with_and_is_nobody_elses(world, case_id):
    call = world.begin(case_id)

    assert world.begin(case_id, key="again") == call
    with pytest.raises(TurnTaken):
        world.begin(case_id, LUIS)
    with pytest.raises(AttemptNotFound):
        world.end_call(case_id, call, "no_answer", LUIS)
    assert of(world.end_call(case_id, call, "no_answer", BOSS), call).disposition == "no_answer"


def test_a_forgotten_call_is_ended_without_a_result_by_the_next(world, case_id):
    forgotten = world.begin(case_id)
    world.now += timedelta(days=1)  # it counts for its own day all the same

    call = world.begin(case_id, LUIS, key="his")

    file = world.cases.open(case_id)
    assert of(file, forgotten).disposition == "unwritten"
    assert (of(file, call).state, of(file, call).cause.by) == (AttemptState.RESERVED, "user:luis")


def test_a_promise_is_made_during_the_call_that_ends_with_one(world, case_id):
    world.change(case_id, lambda d: d.promise("prm_0", 100, TODAY, channel="call"))
    world.now += timedelta(minutes=1)
    call = world.begin(case_id)
    with pytest.raises(CallUnfinished) as refused:
        world.end_call(case_id, call, "promise")
    assert refused.value.details == {"wants": "promise"}

    world.change(case_id, lambda d: d.promise("prm_1", 50_000, TODAY, channel="call"))
    file = world.end_call(case_id, call, "promise")

    assert of(file, call).outcome == "conversation"
    assert file.head.status is CaseStatus.PROMISED
    assert file.contacts[0].quality == "valid"


@pytest.mark.parametrize("accepted", [False, True], ids=["made in the call", "accepted in it"])
def test_an_agreement_is_of_the_call_that_ends_with_one(world, case_id, accepted):
    def propose(key):
        agreements.propose(
            case_id,
            offer=Offer(instalments=3),
            kind=AgreementKind.PLAN,
            channel="call",
            key=key,
            **world.stores(ANA),
        )

    propose("before")
    world.now += timedelta(minutes=1)
    call = world.begin(case_id)
    with pytest.raises(CallUnfinished) as refused:
        world.end_call(case_id, call, "agrees")
    assert refused.value.details == {"wants": "agreement"}

    if accepted:
        [known] = world.cases.open(case_id).agreements
        proof = Proof(kind=ProofKind.CALL, reference="rec_1")
        agreements.accept(case_id, known.agreement_id, proof=proof, **world.stores(ANA))
    else:
        propose("now")
    file = world.end_call(case_id, call, "agrees")

    assert of(file, call).outcome == "conversation"


def test_a_call_back_is_put_into_the_queue_and_again_changes_nothing(world, case_id):
    call, at = world.begin(case_id), NOON + timedelta(hours=3)
    with pytest.raises(BadField):
        world.end_call(case_id, call, "call_back")
    with pytest.raises(BadField):
        world.end_call(case_id, call, "call_back", call_back_at=NOON)

    for _ in range(2):
        world.end_call(case_id, call, "call_back", call_back_at=at)

    turn = world.turns.get(case_id)
    assert (turn.why, turn.until, turn.person_id) == (Why.CALL_BACK, at, "ana")
    ended = [one for one in world.cases.open(case_id).events if one.kind == "attempt.done"]
    assert len(ended) == 1


def test_what_the_strategy_asked_for_is_done_when_the_debtor_was_spoken_with(world, case_id):
    task = Task(
        task_id="tsk_1",
        kind=TaskKind.CALL,
        state=TaskState.OPEN,
        cause=Cause(kind="strategy"),
        due_on=TODAY,
        created_at=NOON,
    )
    world.change(case_id, lambda d: d.ask(task))
    missed = world.end_call(case_id, world.begin(case_id), "busy")
    assert missed.tasks[0].state is TaskState.OPEN

    world.now += timedelta(days=1)
    met = world.end_call(case_id, world.begin(case_id, key="2"), "refuses", note="Que no.")

    assert met.tasks[0].state is TaskState.DONE
    assert any(one.kind == "note.added" for one in met.events)


@pytest.mark.parametrize(
    ("disposition", "seen"),
    [
        ("wrong_person", lambda file: file.contacts[0].quality == "wrong_person"),
        ("out_of_service", lambda file: file.contacts[0].quality == "invalid"),
        ("no_calls", lambda file: file.consents[0].channel is Channel.CALL),
        ("already_paid", lambda file: file.holds[0].reason is HoldReason.REPORTED_PAYMENT),
        ("already_paid", lambda file: [one.source for one in file.reported] == ["call"]),
        ("deceased", lambda file: file.holds[0].reason is HoldReason.DECEASED),
        ("vulnerable", lambda file: file.holds[0].reason is HoldReason.VULNERABLE),
    ],
)
def test_what_follows_of_a_result_is_done_with_it(world, case_id, disposition, seen):
    file = world.end_call(case_id, world.begin(case_id), disposition, note="Lo dijo su hija.")

    assert seen(file)
    assert not contacting.rule(
        file, world.portfolio, contacting.reaches(file, Channel.CALL)[0], now=world.now
    ).allowed


def test_a_call_that_was_not_made_leaves_its_place_free(world, case_id):
    call = world.begin(case_id)

    file = world.end_call(case_id, call, "not_made")

    assert of(file, call).state is AttemptState.FAILED
    assert world.turns.get(case_id).place is Place.TAKEN


def test_a_result_is_of_the_closed_list_and_stays(world, case_id):
    call = world.begin(case_id)
    with pytest.raises(BadField):
        world.end_call(case_id, call, "mood")
    with pytest.raises(BadField):
        world.end_call(case_id, call, "refuses")  # wants a note
    world.end_call(case_id, call, "busy")
    with pytest.raises(AttemptSettled):
        world.end_call(case_id, call, "no_answer")


def test_only_a_telephone_of_the_case_is_called(world, case_id):
    with pytest.raises(ContactNotFound):
        calls.begin(case_id, "con_none", key="k", **world.stores(ANA))


def test_in_colombia_nobody_is_asked_why_they_did_not_pay(world, case_id):
    codes = {one.code for one in calls.results_of(a_portfolio(country="CO"))}

    assert "cannot_pay" not in codes
    assert "cannot_pay" in {one.code for one in calls.results_of(world.portfolio)}


def test_the_script_goes_by_how_late_the_debt_is(world):
    def stage(late):
        return world.sheet(world.debtor(late, late=late))["stage"]

    assert [stage(-3), stage(4), stage(45)] == ["before_due", "early", "late"]
    sheet = world.sheet(world.debtor(8, late=8))
    assert sheet["language"] == "es"
    assert sheet["script"][0].startswith("Hola, habla {agent}")


@pytest.mark.parametrize("stage", catalogue.Stage)
@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_nothing_is_said_of_the_debt_before_the_debtor_is_known(stage, language):
    first, *rest = catalogue.script(stage, language)

    assert all(mark in first for mark in ("{name}", "{agent}", "{brand}"))
    assert not any(mark in first for mark in ("{total}", "{due_on}"))
    # What is agreed is asked for share by share; what is in dispute is not asked for.
    silent = (catalogue.Stage.AGREED, catalogue.Stage.DISPUTED)
    assert any("{total}" in line for line in rest) is (stage not in silent)


def test_every_result_has_words_in_every_language():
    for one in catalogue.results():
        assert {code for code, label in one.label.items() if label} == {"es", "en", "pt"}
