"""Tasks through the API: asked for from a case, found in the list, taken, done, taken back."""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.days import local_day
from chalicelib.domain.people import Role
from tests.api.conftest import sign_in


@pytest.fixture
def tomorrow(portfolio_id):
    zone = wiring.portfolios().get(portfolio_id).time_zone
    return str(local_day(wiring.now(), zone) + timedelta(days=1))


@pytest.fixture
def made(api, admin, case_id, tomorrow):
    """One that was asked for twice by the same request."""
    first = asked(api, admin, case_id, tomorrow)
    assert asked(api, admin, case_id, tomorrow) == first
    return first | {"case_id": case_id}


@pytest.fixture
def agent(api, cloud, portfolio_id):
    return sign_in(api, cloud, "luis@example.com", Role.AGENT, portfolios=(portfolio_id,))


def asked(api, token, case_id, tomorrow, **more):
    body = {"text": "Pedir el pagaré", "due_on": tomorrow} | more
    answer = api(f"POST /cases/{case_id}/tasks", body, token=token, idempotency_key="k-0000001")
    assert answer.status == 201, answer.body
    return answer.body["tasks"][0]


def test_it_goes_from_the_case_to_who_takes_it_and_is_done_with_words(
    api, agent, made, case_id, portfolio_id
):
    free = f"GET /tasks?whose=nobody&portfolio={portfolio_id}&when=later"
    (line,) = api(free, token=agent).body["items"]
    assert (line["task_id"], line["text"], line["owner"]) == (
        made["task_id"],
        "Pedir el pagaré",
        None,
    )
    assert (line["when"], line["days"]) == ("later", 1)

    me = api("GET /me", token=agent).body["person_id"]
    path = f"/cases/{case_id}/tasks/{made['task_id']}"
    taken = api(f"PATCH {path}", {"owner": me}, token=agent).body["tasks"][0]
    assert taken["owner"]["id"] == me
    assert api(free, token=agent).body["items"] == []
    assert [one["task_id"] for one in api("GET /tasks", token=agent).body["items"]] == [
        made["task_id"]
    ]
    assert api("GET /tasks/late", token=agent).body == {"late": 0, "more": False}

    done = api(f"PATCH {path}", {"state": "done", "outcome": "Lo mandó"}, token=agent).body
    assert (done["tasks"][0]["state"], done["tasks"][0]["outcome"]) == ("done", "Lo mandó")
    assert api("GET /tasks", token=agent).body["items"] == []
    again = api(f"PATCH {path}", {"state": "open"}, token=agent).body
    assert (again["tasks"][0]["state"], again["tasks"][0]["ended_at"]) == ("open", None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "request.bad_field"),
        ({"owner": "", "state": "done"}, "request.bad_field"),
        ({"state": "open", "outcome": "x"}, "request.bad_field"),
        ({"owner": "nobody-here"}, "person.not_of_portfolio"),
        ({"due_on": "2020-01-01"}, "request.bad_field"),
    ],
)
def test_what_cannot_be_done_with_one_is_refused(api, admin, made, body, code):
    answer = api(f"PATCH /cases/{made['case_id']}/tasks/{made['task_id']}", body, token=admin)
    assert (answer.status, answer.code) == (422, code)


def test_a_list_of_others_needs_a_portfolio(api, admin):
    for whose in ("team", "nobody"):
        assert api(f"GET /tasks?whose={whose}", token=admin).code == "request.bad_field"


def test_a_colleague_is_mentioned_and_a_stranger_refused(api, admin, agent, case_id):
    me = api("GET /me", token=agent).body["person_id"]
    note = {"text": "@Luis revisa la firma", "mentions": [me]}
    assert api(f"POST /cases/{case_id}/notes", note, token=admin).status == 201

    (found,) = api("GET /tasks?kind=mention", token=agent).body["items"]
    assert (found["owner"]["id"], found["text"], found["when"]) == (me, "", "today")

    refused = api(f"POST /cases/{case_id}/notes", note | {"mentions": ["sub-none"]}, token=admin)
    assert (refused.status, refused.code) == (422, "person.not_of_portfolio")


def box_of(api, token, portfolio_id):
    me = api("GET /me", token=token).body["person_id"]
    return wiring.notice_boxes().get(portfolio_id, me)


def test_whom_a_note_mentions_is_told_by_e_mail_once_however_often_it_is_sent(
    api, admin, agent, case_id, portfolio_id
):
    me = api("GET /me", token=agent).body["person_id"]
    note = {"text": "@Luis revisa la firma", "mentions": [me]}
    for _ in range(2):
        sent = api(f"POST /cases/{case_id}/notes", note, token=admin, idempotency_key="n-0000001")
        assert sent.status == 201

    (waits,) = box_of(api, agent, portfolio_id).waiting
    assert (waits.kind, waits.case_id) == ("mention", case_id)
    assert wiring.notice_boxes().due(waits.at, limit=10)


def test_who_is_given_a_task_is_told_and_who_takes_one_is_not(
    api, admin, agent, made, portfolio_id
):
    me = api("GET /me", token=agent).body["person_id"]
    one = f"PATCH /cases/{made['case_id']}/tasks/{made['task_id']}"
    assert api(one, {"owner": me}, token=agent).status == 200
    assert box_of(api, agent, portfolio_id) is None

    assert api(one, {"owner": ""}, token=agent).status == 200
    for _ in range(2):
        assert api(one, {"owner": me}, token=admin).status == 200
    assert [one.kind for one in box_of(api, agent, portfolio_id).waiting] == ["task"]


def test_one_says_oneself_what_is_told_by_e_mail(api, admin, agent, case_id, portfolio_id):
    me = api("GET /me", token=agent).body
    assert (me["mention_mail"], me["task_mail"]) == ("now", "daily")
    changed = api("PATCH /me", {"mention_mail": "never"}, token=agent).body
    assert (changed["mention_mail"], changed["task_mail"]) == ("never", "daily")
    assert (changed["call_back_mail"], changed["approval_mail"]) == ("now", "daily")
    more = api("PATCH /me", {"call_back_mail": "never", "approval_mail": "now"}, token=agent).body
    assert (more["call_back_mail"], more["approval_mail"]) == ("never", "now")
    assert api("PATCH /me", {"mention_mail": "often"}, token=agent).status == 422

    note = {"text": "@Luis revisa la firma", "mentions": [me["person_id"]]}
    assert api(f"POST /cases/{case_id}/notes", note, token=admin).status == 201
    assert box_of(api, agent, portfolio_id) is None
