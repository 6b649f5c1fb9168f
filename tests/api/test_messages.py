"""Messages on their way and what queues gave up on, through the API."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.contact import Content, Ruling
from chalicelib.domain.draft import Draft
from chalicelib.domain.people import Role
from tests.api.cloud import client_of, make_dead_queues
from tests.api.conftest import sign_in
from tests.builders import an_attempt, change_of

I18N = Path(__file__).resolve().parents[2] / "frontend" / "i18n"


def do(case_id, *steps):
    for step in steps:
        file = wiring.cases().open(case_id)
        portfolio = wiring.portfolios().get(file.head.portfolio_id)
        draft = Draft(file, portfolio, actor="system", now=wiring.now())
        step(draft)
        wiring.cases().commit(change_of(draft))


def plan(draft):
    draft.plan(an_attempt("att_1"))


def reserve(draft):
    long_ago = wiring.now() - timedelta(hours=1)
    ruling = Ruling(at=long_ago, allowed=True, reason_code="OK", rules="MX/1")
    content = Content(to="+525512345678", text="Hola", template="reminder@1")
    draft.reserve("att_1", ruling=ruling, content=content, contact_id="con_1", party="debtor")


def test_a_failed_message_is_found_read_and_tried_again(api, admin, portfolio_id, case_id):
    do(case_id, plan, reserve, lambda d: d.failed("att_1", "unreachable"))

    (line,) = api(f"GET /portfolios/{portfolio_id}/messages?state=failed", token=admin).body[
        "items"
    ]
    assert (line["attempt_id"], line["problem"], line["channel"]) == (
        "att_1", "unreachable", "whatsapp",
    )  # fmt: skip
    page = api(f"GET /cases/{case_id}/messages/att_1", token=admin).body
    assert (page["content"]["text"], page["ruling"]["rules"]) == ("Hola", "MX/1")
    assert page["can"]["retry"]

    again = api(f"POST /cases/{case_id}/messages/att_1/retry", token=admin)

    assert again.status == 201
    told = api(f"GET /portfolios/{portfolio_id}/outbox", token=admin).body
    assert told["states"] == {"planned": 1, "reserved": 0, "failed": 1, "denied": 0}
    assert told["month"]["spent_micros"] == 0


def test_a_message_that_hangs_is_settled_by_a_person(api, admin, portfolio_id, case_id):
    do(case_id, plan, reserve)

    (line,) = api(f"GET /portfolios/{portfolio_id}/messages?state=reserved", token=admin).body[
        "items"
    ]
    page = api(f"PUT /cases/{case_id}/messages/att_1/settlement", {"went": False}, token=admin).body

    assert line["hangs"] is True
    assert (page["message"]["state"], page["message"]["problem"]) == ("failed", "not_sent")
    twice = api(f"PUT /cases/{case_id}/messages/att_1/settlement", {"went": True}, token=admin)
    assert (twice.status, twice.code) == (409, "attempt.settled")


def test_a_planned_message_is_taken_back(api, admin, case_id):
    do(case_id, plan)

    page = api(f"DELETE /cases/{case_id}/messages/att_1", token=admin).body

    assert (page["message"]["state"], page["message"]["problem"]) == ("withdrawn", "by_hand")


def test_refusals(api, admin, portfolio_id, case_id):
    for call, status, code in (
        (f"GET /portfolios/{portfolio_id}/messages?state=sent", 422, "request.bad_field"),
        (f"GET /cases/{case_id}/messages/att_9", 404, "attempt.not_found"),
        ("POST /dead-letters/nope/return", 404, "queue.not_found"),
    ):
        answer = api(call, token=admin)
        assert (answer.status, answer.code) == (status, code)


def test_what_a_queue_gave_up_on_goes_back_once(api, admin):
    make_dead_queues()
    sqs, url = client_of("sqs"), settings().exports_queue_url
    for number in range(12):
        sqs.send_message(QueueUrl=f"{url}-dead", MessageBody=f'{{"n": {number}}}')

    depths = {q["name"]: q["dead"] for q in api("GET /dead-letters", token=admin).body["items"]}
    assert depths["exports"] == 12
    assert api("POST /dead-letters/exports/return", token=admin).body == {
        "name": "exports", "sent": 12,
    }  # fmt: skip
    assert api("POST /dead-letters/exports/return", token=admin).body["sent"] == 0


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_queue_has_a_name_for_people(api, admin, language):
    make_dead_queues()
    texts = json.loads((I18N / f"sendings.{language}.json").read_text("utf-8"))
    names = [one["name"] for one in api("GET /dead-letters", token=admin).body["items"]]

    assert [name for name in names if f"queue.{name}" not in texts] == []


def test_queues_are_an_admins_business(api, cloud):
    token = sign_in(api, cloud, "boss@x.mx", Role.SUPERVISOR, portfolios=("*",))

    assert api("GET /dead-letters", token=token).status == 403
