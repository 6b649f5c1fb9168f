"""Conversations through the API: lists that are asked again and again, and a person's turn."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from chalicelib import wiring
from chalicelib.domain.contact import Channel, Inbound
from chalicelib.services import conversations, suppression
from chalicelib.wiring import contacting
from tests.api.cloud import put_case, put_conversation
from tests.api.conftest import NEW
from tests.conversation_fakes import Phone

ANA = "+525512345678"  # the phone of every case that ``put_case`` has


@pytest.fixture
def phone(monkeypatch):
    phone = Phone()
    monkeypatch.setattr(contacting, "sender", lambda channel: phone)
    return phone


@pytest.fixture
def desk(api, admin, portfolio_id, phone):
    return Desk(api, admin, portfolio_id)


class Desk:
    def __init__(self, api, token, portfolio_id):
        self._api, self._token, self.portfolio_id = api, token, portfolio_id
        self.said = 0

    def hears(self, text, sender=ANA, hours_ago=0.0, media=()):
        self.said += 1
        at = datetime.now(UTC) - timedelta(hours=hours_ago)
        said = Inbound(
            provider="whatsapp", provider_id=f"w{self.said}", channel=Channel.WHATSAPP,
            sender=sender, recipient="+525500000000", at=at - timedelta(seconds=1), text=text,
            name="Ana", media=media, extras={"kind": "image" if media else "text"},
        )  # fmt: skip
        heard = conversations.receive(said, means=wiring.conversing(), now=at)
        return heard.conversation.conversation_id

    def __call__(self, call, body=None, **headers):
        return self._api(call, body, token=self._token, **headers)

    def list(self, query=""):
        return self(f"GET /portfolios/{self.portfolio_id}/conversations{query}").body


def test_a_conversation_is_listed_with_its_case_and_opened_as_a_chat(desk):
    case_id = put_case(desk.portfolio_id, date(2026, 1, 15))

    key = desk.hears("cuánto debo")

    (line,) = desk.list()["items"]
    assert (line["conversation_id"], line["case"]["case_id"]) == (key, case_id)
    assert (line["phone"], line["unread"], line["desk"]) == (ANA, 1, "bot")
    page = desk(f"GET /conversations/{key}").body
    assert [(m["by"]["kind"], m["state"]) for m in page["messages"]] == [
        ("debtor", "received"), ("bot", "sent"),
    ]  # fmt: skip
    assert page["messages"][0]["text"] == "cuánto debo"
    assert page["identified"] == ""
    assert page["can"] == {
        "take": True, "hand_back": False, "reply": True, "attach": False, "erase": True,
    }  # fmt: skip


def test_asking_again_with_the_mark_gives_what_moved(desk):
    put_case(desk.portfolio_id, date(2026, 1, 15))
    desk.hears("hola", hours_ago=1)
    first = desk.list()

    assert [one["messages"] for one in desk.list(f"?since={first['mark']}")["items"]] == [2]
    key = desk.hears("cuánto debo")
    (moved,) = desk.list(f"?since={first['mark']}")["items"]

    assert moved["messages"] == 4
    newer = desk(f"GET /conversations/{key}?after=2").body["messages"]
    assert [one["seq"] for one in newer] == [3, 4]


def test_what_was_said_is_erased_on_request_and_the_case_verifies(desk, monkeypatch):
    gone = []
    monkeypatch.setattr(wiring, "evidence_files", lambda: SimpleNamespace(erase=gone.append))
    case_id = put_case(desk.portfolio_id, date(2026, 1, 15))
    key = desk.hears("ya pagué, fue Raúl", media=(("image/jpeg", "inbound/a.jpg"),))

    answer = desk(f"POST /conversations/{key}/erasure", {"reason": "Solicitud 12"})

    assert (answer.status, gone) == (204, ["inbound/a.jpg"])
    page = desk(f"GET /conversations/{key}").body
    assert {(m["kind"], m["text"]) for m in page["messages"]} == {("erased", "")}
    assert "Raúl" not in str(desk(f"GET /cases/{case_id}").body)
    assert desk(f"GET /cases/{case_id}/verification").body["ok"] is True


def test_who_looked_has_nothing_unread(desk):
    put_case(desk.portfolio_id, date(2026, 1, 15))
    key = desk.hears("hola")

    desk(f"POST /conversations/{key}/reading")

    assert desk.list()["items"][0]["unread"] == 0


def test_a_person_takes_over_answers_and_hands_back(desk, phone):
    case_id = put_case(desk.portfolio_id, date(2026, 1, 15))
    key = desk.hears("quiero hablar con una persona")
    assert desk.list("?desk=waiting")["items"][0]["reason"] == "asked"

    page = desk(f"POST /conversations/{key}/takeover").body
    assert (page["conversation"]["desk"], page["conversation"]["taken_by"]["name"]) == (
        "person", "Ana",
    )  # fmt: skip
    sent = desk(f"POST /conversations/{key}/messages", {"text": "Hola, soy Ana."})
    assert sent.status == 201
    assert phone.sent[-1].content.text == "Hola, soy Ana."
    last = sent.body["messages"][-1]
    assert (last["by"], last["state"]) == ({"kind": "user", "name": "Ana"}, "sent")

    desk.hears("gracias, cuánto debo?")
    assert phone.sent[-1].content.text == "Hola, soy Ana."
    desk(f"DELETE /conversations/{key}/takeover")
    desk.hears("cuánto debo?")
    assert "RFC" in phone.sent[-1].content.text
    timeline = desk(f"GET /cases/{case_id}/timeline").body["items"]
    assert {"attempt.received", "attempt.sent"} <= {event["kind"] for event in timeline}


def test_an_answer_sent_twice_goes_once(desk, phone):
    put_case(desk.portfolio_id, date(2026, 1, 15))
    key = desk.hears("asesor")

    for _ in range(2):
        answer = desk(
            f"POST /conversations/{key}/messages", {"text": "Hola"}, idempotency_key="answer-0001-a"
        )
        assert answer.status == 201

    assert [one.content.text for one in phone.sent][1:] == ["Hola"]


def test_after_a_day_only_templates_go(desk, phone):
    put_case(desk.portfolio_id, date(2026, 1, 15))
    key = desk.hears("asesor", hours_ago=25)

    refused = desk(f"POST /conversations/{key}/messages", {"text": "Hola"})
    assert (refused.status, refused.code) == (409, "conversation.not_sent")
    assert refused.body["details"]["reason"] == "window_closed"

    page = desk(f"GET /conversations/{key}").body
    assert (page["can"]["reply"], page["why_not"]) == (False, "window_closed")
    assert "reminder_friendly" in page["templates"]
    sent = desk(f"POST /conversations/{key}/messages", {"template_id": "reminder_friendly"})
    assert (sent.body["messages"][-1]["kind"], sent.body["messages"][-1]["state"]) == (
        "template", "planned",
    )  # fmt: skip
    assert len(phone.sent) == 1


def test_what_the_provider_refuses_is_told(desk, phone):
    put_case(desk.portfolio_id, date(2026, 1, 15))
    key = desk.hears("asesor")
    phone.refuse = "invalid_recipient"

    refused = desk(f"POST /conversations/{key}/messages", {"text": "Hola"})

    assert refused.body["details"]["reason"] == "invalid_recipient"
    assert desk(f"GET /conversations/{key}").body["messages"][-1]["state"] == "failed"


def test_an_unknown_sender_is_attached_to_a_case(desk):
    case_id = put_case(desk.portfolio_id, date(2026, 1, 15))
    key = desk.hears("soy Eva", sender="+525599990000")
    assert desk.list()["items"] == []
    (waiting,) = desk.list("?tray=unknown")["items"]
    assert (waiting["conversation_id"], waiting["case"]) == (key, None)

    body = {"case_id": case_id, "party": "guarantor"}
    page = desk(f"POST /conversations/{key}/attachment", body).body

    assert page["conversation"]["case"]["case_id"] == case_id
    assert desk.list("?tray=unknown")["items"] == []
    points = desk(f"GET /cases/{case_id}").body["contacts"]
    assert ("+525599990000", "guarantor") in [(p["value"], p["party"]) for p in points]
    assert desk.hears("hola", sender="+525599990000") == key


def test_who_writes_from_a_number_that_they_had_erased_is_answered_and_kept_by_no_case(desk):
    case_id = put_case(desk.portfolio_id, date(2026, 1, 15))
    suppression.suppress(
        desk.portfolio_id,
        [("phone", "+525599990000")],
        request_id="drq_1",
        now=wiring.now(),
        means=wiring.suppression_means(),
    )
    key = desk.hears("soy Eva", sender="+525599990000")

    refused = desk(f"POST /conversations/{key}/attachment", {"case_id": case_id, "party": "debtor"})

    assert (refused.status, refused.code) == (409, "suppressed.phone")
    assert refused.body["details"] == {"field": "phone"}
    desk(f"POST /conversations/{key}/takeover")
    assert desk(f"POST /conversations/{key}/messages", {"text": "Buen día"}).status < 300
    points = desk(f"GET /cases/{case_id}").body["contacts"]
    assert "+525599990000" not in [point["value"] for point in points]


def test_numbers_that_several_answer_at_have_a_tray_of_their_own(api, admin, desk):
    api("POST /portfolios", NEW, token=admin)

    key = desk.hears("hola", sender="+525599990000")

    shared = api("GET /portfolios/-/conversations?tray=unknown", token=admin).body["items"]
    assert [one["conversation_id"] for one in shared] == [key]
    case_id = put_case(desk.portfolio_id, date(2026, 1, 15))
    desk(f"POST /conversations/{key}/attachment", {"case_id": case_id})
    assert desk.hears("hola", sender="+525599990000") == key
    assert [one["conversation_id"] for one in desk.list()["items"]] == [key]


def test_nobody_elses_case_can_be_attached(api, admin, desk):
    other = api("POST /portfolios", NEW, token=admin).body["portfolio_id"]
    key = put_conversation(desk.portfolio_id)

    refused = desk(
        f"POST /conversations/{key}/attachment", {"case_id": put_case(other, date(2026, 1, 1))}
    )

    assert (refused.status, refused.body["details"]["reason"]) == (422, "other_portfolio")


def test_a_cases_conversations_are_found_from_the_case(desk):
    case_id = put_case(desk.portfolio_id, date(2026, 1, 15))
    assert desk(f"GET /cases/{case_id}/conversations").body["items"] == []

    key = desk.hears("hola")

    (found,) = desk(f"GET /cases/{case_id}/conversations").body["items"]
    assert found["conversation_id"] == key


def test_a_photo_that_came_can_be_opened_once_it_is_ours(desk):
    put_case(desk.portfolio_id, date(2026, 1, 15))
    key = desk.hears("", media=(("image/jpeg", "inbound/w1/77.jpeg"), ("image/jpeg", "78")))

    (photo,) = desk(f"GET /conversations/{key}").body["messages"][:1]
    assert [one["stored"] for one in photo["media"]] == [True, False]
    link = desk(f"GET /conversations/{key}/file?seq=1&number=0").body["url"]
    assert "77.jpeg" in link
    for query in ("seq=1&number=1", "seq=2&number=0", "seq=9&number=0"):
        assert desk(f"GET /conversations/{key}/file?{query}").status == 404
