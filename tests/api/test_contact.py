"""Contact with a debtor through the API: consents, holds, what is allowed, unsubscription."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.case import ContactKind
from chalicelib.domain.contact import AttemptState, Channel
from chalicelib.domain.draft import Draft, local_day
from chalicelib.domain.people import Role
from tests.api.cloud import put_case
from tests.api.conftest import sign_in
from tests.builders import an_attempt


@pytest.fixture
def case_id(portfolio_id):
    case_id = put_case(portfolio_id, date(2026, 1, 15))
    change(case_id, lambda d: d.put_contact(ContactKind.EMAIL, "ana@example.mx"))
    return case_id


def change(case_id, *steps):
    file = wiring.cases().open(case_id)
    portfolio = wiring.portfolios().get(file.head.portfolio_id)
    draft = Draft(file, portfolio, actor="system", now=datetime.now(UTC))
    for step in steps:
        step(draft)
    wiring.cases().commit(draft.change())


def contact(case_id, kind):
    return next(c.contact_id for c in wiring.cases().open(case_id).contacts if c.kind == kind)


def planned(case_id, key, channel, contact_id):
    change(case_id, lambda d: d.plan(an_attempt(key, channel=channel, contact_id=contact_id)))


def state_of(case_id, key):
    attempts = wiring.cases().open(case_id).attempts
    return next(one.state for one in attempts if one.attempt_id == key)


def ways(page, contact_id):
    return {way["channel"]: way for way in page["ways"] if way["contact_id"] == contact_id}


def test_every_place_says_what_is_allowed_or_why_not(api, admin, case_id):
    page = api(f"GET /cases/{case_id}/contact", token=admin).body

    phone = ways(page, contact(case_id, "phone"))
    assert set(phone) == {"call", "sms", "whatsapp"}
    for way in page["ways"]:
        # Whatever the hour of this test is, the answer is whole.
        assert way["rules"].startswith("MX/")
        assert way["next_allowed_at"] is not None
        assert way["allowed"] == (way["reason_code"] == "OK")
    assert page["holds"] == page["consents"] == page["attempts"] == []
    assert all(page["can"].values())


def test_a_refusal_counts_at_once_and_stops_what_waits(api, admin, case_id):
    phone = contact(case_id, "phone")
    planned(case_id, "att_1", Channel.SMS, phone)
    planned(case_id, "att_2", Channel.EMAIL, contact(case_id, "email"))
    refusal = {
        "contact_id": phone, "channel": "sms", "state": "refused", "source": "call",
        "words": "No me escriban",
    }  # fmt: skip

    page = api(f"POST /cases/{case_id}/consents", refusal, token=admin).body

    way = ways(page, phone)["sms"]
    assert (way["reason_code"], way["consent"], way["next_allowed_at"]) == (
        "OPT_OUT", "refused", None,
    )  # fmt: skip
    assert page["consents"][0]["words"] == "No me escriban"
    assert state_of(case_id, "att_1") is AttemptState.WITHDRAWN
    assert state_of(case_id, "att_2") is AttemptState.PLANNED
    timeline = api(f"GET /cases/{case_id}/timeline?kind=consent.", token=admin).body
    assert [event["kind"] for event in timeline["items"]] == ["consent.refused"]


def test_a_refusal_may_be_of_everything_but_of_nothing_unknown(api, admin, case_id):
    everything = {"contact_id": "*", "state": "refused"}
    page = api(f"POST /cases/{case_id}/consents", everything, token=admin).body
    unknown = api(
        f"POST /cases/{case_id}/consents",
        {"contact_id": "con_0", "state": "given"},
        token=admin,
    )

    assert {way["reason_code"] for way in page["ways"]} == {"OPT_OUT"}
    assert (unknown.status, unknown.code) == (404, "contact.not_found")


@pytest.mark.parametrize(
    ("found", "code"),
    [({"quality": "wrong_person"}, "WRONG_PERSON"), ({"party": "minor"}, "MINOR")],
)
def test_what_was_found_out_of_a_number_stops_it(api, admin, case_id, found, code):
    phone = contact(case_id, "phone")

    page = api(f"PATCH /cases/{case_id}/contacts/{phone}", found, token=admin).body

    assert {way["reason_code"] for way in ways(page, phone).values()} == {code}


def test_a_hold_stops_and_starts_collection(api, admin, case_id):
    planned(case_id, "att_1", Channel.SMS, "")
    until = local_day(datetime.now(UTC), "America/Mexico_City") + timedelta(days=9)
    ask = {"reason": "illness", "until": until.isoformat(), "note": "Está hospitalizada"}

    placed = api(f"POST /cases/{case_id}/holds", ask, token=admin, idempotency_key="hold-0001").body
    again = api(f"POST /cases/{case_id}/holds", ask, token=admin, idempotency_key="hold-0001").body

    (hold,) = again["holds"]
    assert (hold["reason"], hold["active"], hold["note"]) == (
        "illness", True, "Está hospitalizada",
    )  # fmt: skip
    assert {way["reason_code"] for way in placed["ways"]} == {"ON_HOLD"}
    assert state_of(case_id, "att_1") is AttemptState.WITHDRAWN
    assert api(f"GET /cases/{case_id}", token=admin).body["case"]["status"] == "held"

    path = f"PATCH /cases/{case_id}/holds/{hold['hold_id']}"
    lifted = api(path, {"state": "lifted"}, token=admin).body
    assert lifted["holds"][0]["active"] is False
    assert api(f"GET /cases/{case_id}", token=admin).body["case"]["status"] == "open"


def test_an_agent_reports_and_a_supervisor_decides(api, cloud, portfolio_id, case_id):
    agent = sign_in(api, cloud, "ag@example.com", Role.AGENT, portfolios=(portfolio_id,))
    path = f"/cases/{case_id}/holds"

    told = api(f"POST {path}", {"reason": "dispute"}, token=agent)
    decided = api(f"POST {path}", {"reason": "supervisor"}, token=agent)
    lifted = api(
        f"PATCH {path}/{told.body['holds'][0]['hold_id']}", {"state": "lifted"}, token=agent
    )

    assert (told.status, told.body["can"]["lift"]) == (201, False)
    assert [one.code for one in (decided, lifted)] == ["actor.not_allowed"] * 2


def test_a_hold_in_the_past_is_refused(api, admin, case_id):
    refused = api(
        f"POST /cases/{case_id}/holds",
        {"reason": "dispute", "until": "2020-01-01"},
        token=admin,
    )

    assert (refused.status, refused.body["details"]["field"]) == (422, "until")


@pytest.fixture
def link(case_id):
    url = wiring.unsubscribe_url(
        case_id, contact(case_id, "email"), Channel.EMAIL, datetime.now(UTC).date()
    )
    return url.partition("/api/v1")[2]


def test_one_click_stops_messages_and_looking_does_not(api, admin, case_id, link):
    email = contact(case_id, "email")
    planned(case_id, "att_1", Channel.EMAIL, email)

    looked = api(f"GET {link}", accept_language="pt-BR,pt;q=0.9")
    assert state_of(case_id, "att_1") is AttemptState.PLANNED
    clicked = api(
        f"POST {link}",
        raw=b"List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    again = api(f"POST {link}", raw=b"", content_type="application/x-www-form-urlencoded")

    assert (looked.status, clicked.status, again.status) == (200, 200, 200)
    assert "Parar de receber" in looked.body
    assert "Listo" in clicked.body
    assert state_of(case_id, "att_1") is AttemptState.WITHDRAWN
    page = api(f"GET /cases/{case_id}/contact", token=admin).body
    assert len(page["consents"]) == 1
    assert page["consents"][0]["source"] == "unsubscribe_link"
    assert ways(page, email)["email"]["reason_code"] == "OPT_OUT"


def test_the_page_of_a_link_shows_nothing_personal_and_runs_nothing(api, case_id, link):
    looked = api(f"GET {link}")

    file = wiring.cases().open(case_id)
    for secret in (file.head.name, *(c.value for c in file.contacts)):
        assert secret not in looked.body
    assert "<script" not in looked.body
    assert looked.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert looked.headers["Cache-Control"] == "no-store"
    assert looked.headers["Referrer-Policy"] == "no-referrer"


def test_a_changed_link_stops_nothing(api, case_id, link):
    wrong = link[:-2] + ("AA" if link[-2:] != "AA" else "BB")

    answers = [
        api(f"GET {wrong}"),
        api(f"POST {wrong}", raw=b"", content_type="application/x-www-form-urlencoded"),
    ]

    assert [answer.status for answer in answers] == [404, 404]
    assert wiring.cases().open(case_id).consents == ()
