"""The register of requests by law: taken in, held to its term, answered, told on the timelines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.data_request import (
    Ground,
    IdentityProof,
    RequestKind,
    RequestState,
    Verdict,
)
from chalicelib.domain.errors import (
    BadField,
    CaseNotFound,
    DataRequestMoved,
    DataRequestNotFound,
    DataRequestSettled,
    NotAllowed,
    NotOfPortfolio,
    PortfolioNotFound,
)
from chalicelib.domain.task import TaskState
from chalicelib.services import data_requests, request_pages, request_steps
from tests.builders import NOW
from tests.rights_world import EVA, PID, ROOT, STRANGER, TEO, World

WHO = {"actor": EVA, "now": NOW}


@pytest.fixture
def world():
    return World()


def answered(world, one, verdict=Verdict.GRANTED, **values):
    said = {"ground": None, "article": "", "text": "Va"} | values
    return world.do(one, request_steps.answer(verdict, **said, **WHO))


def proven(world, one):
    return world.do(one, request_steps.identify(IdentityProof.DOCUMENT, "INE", **WHO))


def page(world, one, by=EVA):
    return request_pages.page(one, actor=by, means=world.means, people=lambda ids: {}, now=NOW)


def listed(world, by=EVA, now=NOW, **values):
    asked = {"live": True, "kind": None, "words": "", "cursor": None, "limit": 50} | values
    return request_pages.listed(
        PID, **asked, actor=by, means=world.means, people=lambda ids: {}, now=now
    )


def test_a_request_has_the_laws_term_in_working_days(world):
    one = world.ask(world.case(), kind=RequestKind.ERASURE)

    # Twenty working days from Sunday the 22nd of November; Christmas and weekends are none.
    assert one.term.answer_by == date(2026, 12, 18)
    assert (one.term.days, one.term.unit) == (20, "business")
    assert one.term.article.startswith("LFPDPPP")
    assert (one.state, one.owner) == (RequestState.RECEIVED, "eva")


def test_the_term_counts_from_the_day_it_came_in(world):
    one = world.ask(world.case(), received_on=date(2026, 11, 16))

    assert one.term.answer_by == date(2026, 12, 14)
    other = world.case("D-2")
    for day, reason in ((date(2026, 11, 23), "in_the_future"), (date(2025, 1, 1), "too_old")):
        with pytest.raises(BadField) as refused:
            world.ask(other, received_on=day, key="other")
        assert refused.value.details["reason"] == reason


def test_asked_again_under_the_same_key_it_is_one(world):
    case_id = world.case()
    first = world.ask(case_id)

    assert world.ask(case_id) == first
    assert len(world.told(case_id)) == 1
    assert world.ask(case_id, key="other").request_id != first.request_id


def test_all_cases_of_the_same_tax_id_are_the_persons(world):
    one, same, other = (
        world.case("D-1", tax_id="IAMO800101AB1"),
        world.case("D-2", tax_id="IAMO800101AB1"),
        world.case("D-3", tax_id="XXXX800101AB1"),
    )

    asked = world.ask(one)

    assert set(asked.case_ids) == {one, same}
    assert world.told(same)
    assert not world.told(other)


def test_who_shares_a_phone_may_be_the_same_and_is_added_by_a_person(world):
    one = world.case("D-1", phone="+525599990000")
    other = world.case("D-2", phone="+525599990000", name="O. Ibarra")
    asked = world.ask(one)
    assert [each["case_id"] for each in page(world, asked)["alike"]] == [other]

    added = world.do(asked, request_steps.add_case(other, cases=world.cases, **WHO))

    assert added.case_ids == (one, other)
    assert [event.kind for event in world.told(other)] == ["rights.received", "rights.case_added"]
    assert [event.kind for event in world.told(one)] == ["rights.received", "rights.case_added"]
    assert page(world, added)["alike"] == []


def test_somebody_of_no_case_is_taken_in_by_name(world):
    one = world.ask(name="Ofelia Ibarra")

    assert page(world, one)["name"] == "Ofelia Ibarra"
    with pytest.raises(BadField):
        world.ask(name=" ", key="b")
    with pytest.raises(CaseNotFound):
        world.ask("cas_none", key="c")


def test_the_timeline_tells_each_step_once_and_still_verifies(world):
    case_id = world.case()
    one = answered(world, proven(world, world.ask(case_id, words="Quiero mis datos")))
    data_requests.tell(replace(one, told=0), world.portfolio, means=world.means, now=NOW)
    file = world.cases.open(case_id)

    told = world.told(case_id)
    assert [event.kind for event in told] == [
        "rights.received", "rights.identified", "rights.answered",
    ]  # fmt: skip
    assert told[0].facts["due_on"] == "2026-12-18"
    assert not any(event.personal for event in told)  # what was said is with the request alone
    assert timeline.verify(file.events, file.head.chain).ok


def test_a_step_that_was_cut_off_before_it_was_told_is_told_when_it_is_opened(world):
    case_id = world.case()
    one = world.ask(case_id)
    stepped = one.stepped("identified", actor="user:eva", now=NOW, state=RequestState.WORK)
    world.requests.save(stepped)
    assert len(world.told(case_id)) == 1

    again, _ = data_requests.opened(PID, one.request_id, actor=EVA, means=world.means, now=NOW)

    assert again.told == 2
    assert [event.kind for event in world.told(case_id)] == ["rights.received", "rights.identified"]


def test_somebody_is_reminded_two_working_days_before(world):
    case_id = world.case()
    one = world.ask(case_id)
    (task,) = world.cases.open(case_id).tasks
    assert (task.due_on, task.owner, task.cause.kind) == (date(2026, 12, 16), "eva", "data_request")

    world.do(one, request_steps.extend("Son muchos papeles", **WHO))

    (task,) = world.cases.open(case_id).tasks
    assert task.due_on > date(2026, 12, 18)
    assert task.state is TaskState.OPEN


def test_once_it_has_ended_nobody_is_reminded(world):
    case_id = world.case()
    one = answered(world, proven(world, world.ask(case_id)))
    done = world.do(one, request_steps.carry_out("Se entregó el expediente", **WHO))

    (task,) = world.cases.open(case_id).tasks
    assert task.state is TaskState.DONE
    assert (done.state, done.ended_at) == (RequestState.DONE, NOW)
    with pytest.raises(DataRequestSettled):
        world.do(done, request_steps.want_identity("¿Quién?", **WHO))


def test_what_is_granted_is_carried_out_within_its_own_term(world):
    one = proven(world, world.ask(world.case()))

    granted = answered(world, one)

    assert granted.state is RequestState.ANSWERED
    assert granted.due_on == date(2026, 12, 11)  # fifteen working days from the answer
    assert granted.late_on(date(2026, 12, 12))


def test_nobody_is_answered_before_it_is_known_who_asks(world):
    one = world.ask(world.case())

    with pytest.raises(BadField) as refused:
        answered(world, one)
    assert refused.value.details == {"field": "proof", "reason": "missing"}
    ended = answered(world, one, Verdict.REFUSED, ground=Ground.NOT_PROVEN)
    assert ended.state is RequestState.REFUSED


def test_a_refusal_wants_its_lawful_ground(world):
    one = proven(world, world.ask(world.case(), kind=RequestKind.ERASURE))

    with pytest.raises(BadField) as refused:
        answered(world, one, Verdict.RESTRICTED)
    assert refused.value.details["field"] == "ground"
    kept = answered(
        world, one, Verdict.RESTRICTED, ground=Ground.DEBT_IN_FORCE, article="LFPDPPP art. 25"
    )
    assert kept.answer.ground is Ground.DEBT_IN_FORCE
    assert page(world, kept)["in_force"]


def test_the_answer_is_put_off_once_and_only_where_the_law_allows(world):
    one = world.do(world.ask(world.case()), request_steps.extend("Muchos papeles", **WHO))
    assert one.term.extended_to > one.term.answer_by
    with pytest.raises(BadField):
        world.do(one, request_steps.extend("Más", **WHO))

    uruguay = World("UY")
    short = uruguay.ask(uruguay.case())
    with pytest.raises(BadField) as refused:
        uruguay.do(short, request_steps.extend("Más", **WHO))
    assert refused.value.details["reason"] == "not_extendable"


def test_of_two_who_act_at_once_one_reads_it_again(world):
    one = world.ask(world.case())
    proven(world, one)

    with pytest.raises(DataRequestMoved):
        world.do(one, request_steps.want_identity("Mande su INE", **WHO))


def test_only_who_works_on_the_portfolio_is_given_it(world):
    one = world.ask(world.case())

    with pytest.raises(NotOfPortfolio):
        world.do(one, request_steps.give("nobody", people=world.means.people, **WHO))
    free = world.do(one, request_steps.give("", people=world.means.people, **WHO))
    assert (free.owner, free.state) == ("", RequestState.WORK)


def test_the_register_comes_the_first_due_first_and_counts_what_is_late(world):
    soon = world.ask(world.case("D-1", name="Rubén Salas"), received_on=date(2026, 10, 20), key="a")
    later = world.ask(world.case("D-2", name="Marta Güemes"), kind=RequestKind.ERASURE, key="b")

    found = listed(world)

    assert [one["request_id"] for one in found["items"]] == [soon.request_id, later.request_id]
    assert found["items"][0]["late"]
    assert found["counts"] == {"late": 1, "soon": 0, "more": False}
    assert found["kinds"] == ["access", "rectification", "erasure", "opposition"]
    near = NOW + timedelta(days=24)
    assert listed(world, now=near)["counts"] == {"late": 1, "soon": 1, "more": False}


def test_it_is_searched_by_name_number_and_right(world):
    one = world.ask(world.case("D-1", name="Rubén Salas"), key="a")
    other = world.ask(world.case("D-2", name="Marta Güemes"), kind=RequestKind.ERASURE, key="b")

    def ids(**values):
        return [each["request_id"] for each in listed(world, **values)["items"]]

    assert ids(words="ruben") == [one.request_id]
    assert ids(words=other.number.replace("-", "").lower()) == [other.request_id]
    assert ids(kind=RequestKind.ERASURE) == [other.request_id]
    assert ids(words="nadie") == []
    assert ids(live=False) == []


def test_a_case_shows_its_own(world):
    case_id = world.case()
    one = world.ask(case_id)

    found = request_pages.of_case(PID, case_id, actor=EVA, means=world.means, now=NOW)

    assert [each["number"] for each in found["items"]] == [one.number]


def test_who_may(world):
    one = world.ask(world.case(), by=TEO)
    assert one.owner == ""
    assert listed(world, by=ROOT)["items"]
    for by, refusal in ((TEO, NotAllowed), (STRANGER, PortfolioNotFound)):
        with pytest.raises(refusal):
            listed(world, by=by)
        with pytest.raises(refusal):
            data_requests.opened(PID, one.request_id, actor=by, means=world.means, now=NOW)
    with pytest.raises(PortfolioNotFound):
        world.ask(world.case("D-2"), by=STRANGER)
    with pytest.raises(DataRequestNotFound):
        data_requests.opened(PID, "drq_none", actor=EVA, means=world.means, now=NOW)
