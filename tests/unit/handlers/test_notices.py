import json
from dataclasses import replace

import pytest
from chalice.app import SQSEvent

from chalicelib import wiring
from chalicelib.domain.contact import AttemptState, Channel
from chalicelib.domain.errors import CaseMoved
from chalicelib.domain.task import TaskKind
from chalicelib.handlers import notices
from chalicelib.services import conversations
from chalicelib.strategies.model import CallBack
from tests.builders import LATER, a_portfolio
from tests.document_fakes import MemoryDocuments
from tests.unit.services.test_channel_events import World

RECEIPT = {"eventType": "TEXT_DELIVERED", "eventTimestamp": 1795370400000, "messageId": "sms-1"}


class Queue:
    def __init__(self):
        self.back = []

    def hand_back(self, receipt, *, tries):
        self.back.append((receipt, tries))


@pytest.fixture
def world(monkeypatch):
    world = World()
    world.queue = Queue()
    portfolios = type("One", (), {"get": lambda *_: a_portfolio()})()
    monkeypatch.setattr(wiring, "cases", lambda: world.cases)
    monkeypatch.setattr(wiring, "portfolios", lambda: portfolios)
    monkeypatch.setattr(wiring, "channel_events", lambda: world.queue)
    monkeypatch.setattr(wiring, "now", lambda: LATER)
    heard = world.heard = []
    monkeypatch.setattr(wiring, "conversing", lambda: "means")

    def receive(said, *, means, now):
        heard.append(said)
        return conversations.Heard(outcome="answered")

    monkeypatch.setattr(conversations, "receive", receive)
    return world


def hear(*bodies):
    records = [
        {
            "messageId": f"m{number}",
            "receiptHandle": f"r{number}",
            "body": body if isinstance(body, str) else json.dumps(body),
            "attributes": {"SentTimestamp": "1795370400000", "ApproximateReceiveCount": "2"},
        }
        for number, body in enumerate(bodies)
    ]
    return notices.hear(SQSEvent({"Records": records}, None))


def test_a_receipt_reaches_its_message(world):
    receipt = RECEIPT | {"context": {"reference": f"{world.case_id}:att_1"}}

    assert hear(receipt) == {"batchItemFailures": []}
    assert world.attempt.state is AttemptState.DELIVERED


def test_a_voice_message_that_was_answered_leads_to_a_persons_call(world, monkeypatch):
    (sent,) = world.file.attempts
    spoken = replace(sent, channel=Channel.CALL, provider="aws-voice", provider_id="v-1")
    world.cases.files[world.case_id] = replace(world.file, attempts=(spoken,))
    monkeypatch.setattr(wiring, "call_back_of", lambda *_: CallBack.ANSWERED)
    answered = RECEIPT | {"eventType": "VOICE_ANSWERED", "messageId": "v-1"}
    answered["context"] = {"reference": f"{world.case_id}:att_1"}

    for name in ("VOICE_ANSWERED", "VOICE_COMPLETED", "VOICE_ANSWERED"):
        assert hear(answered | {"eventType": name}) == {"batchItemFailures": []}

    (task,) = world.file.tasks
    assert (task.kind, task.cause.kind) == (TaskKind.CALL, "voice_heard")


def test_nonsense_and_strangers_receipts_come_once(world):
    assert hear("nonsense", "{}", RECEIPT) == {"batchItemFailures": []}
    assert world.attempt.state is AttemptState.SENT


def test_what_failed_comes_again_and_the_rest_does_not(world, monkeypatch):
    commit = world.cases.commit

    def moved_once(*changes):
        monkeypatch.setattr(world.cases, "commit", commit)
        raise CaseMoved(case_id=world.case_id)

    broken = RECEIPT | {"context": {"reference": "cas_x:att_1"}}
    good = RECEIPT | {"context": {"reference": f"{world.case_id}:att_1"}}
    monkeypatch.setattr(world.cases, "commit", moved_once)
    opened = world.cases.open

    def open_(case_id):
        if case_id == "cas_x":
            raise RuntimeError("throttled")
        return opened(case_id)

    monkeypatch.setattr(world.cases, "open", open_)

    assert hear(broken, good) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert world.queue.back == [("r0", 2)]
    assert world.attempt.state is AttemptState.DELIVERED


def test_a_log_holds_no_number_and_nothing_that_was_said(world, caplog):
    caplog.set_level("INFO", logger="recobro")
    stop = {
        "originationNumber": "+525512345678", "destinationNumber": "+525500000000",
        "messageBody": "BAJA ya", "inboundMessageId": "in-1",
    }  # fmt: skip

    hear(RECEIPT | {"destinationPhoneNumber": "+525512345678"}, stop)

    said = "".join(f"{r.getMessage()}{r.__dict__}" for r in caplog.records)
    assert caplog.records
    assert "5512345678" not in said
    assert "BAJA" not in said


def test_what_a_debtor_writes_reaches_the_conversation_with_its_photo(world, monkeypatch):
    photo = {
        "from": "5215512345678", "id": "wamid.2", "timestamp": "1795370400", "type": "image",
        "image": {"id": "77", "mime_type": "image/jpeg", "caption": "Ya pagué"},
    }  # fmt: skip
    value = {"metadata": {"display_phone_number": "525500000000"}, "messages": [photo]}
    changes = [{"field": "messages", "value": value}]
    update = {"object": "whatsapp_business_account", "entry": [{"changes": changes}]}
    kept = (("image/jpeg", "inbound/x/77.jpeg"),)
    media = type("Media", (), {"fetched": lambda _, said: replace(said, media=kept)})
    monkeypatch.setattr(wiring, "whatsapp_media", media)

    assert hear(update) == {"batchItemFailures": []}

    (said,) = world.heard
    assert (said.text, said.media) == ("Ya pagué", kept)


def test_what_failed_goes_on_the_next_channel(world):
    hear(RECEIPT | {"eventType": "TEXT_UNREACHABLE",
                    "context": {"reference": f"{world.case_id}:att_1"}})  # fmt: skip

    following = [a for a in world.file.attempts if a.attempt_id != "att_1"]
    assert [(a.channel, a.state) for a in following] == [(Channel.SMS, AttemptState.PLANNED)]


def test_news_of_a_reports_letter_reaches_no_case_but_who_should_get_no_more(world, monkeypatch):
    stops = MemoryDocuments("recipient")
    monkeypatch.setattr(wiring, "report_stops", lambda: stops)
    tags = {"case": ["prt_test"], "attempt": ["rsc_1.adr_1"]}
    bounce = {
        "eventType": "Bounce",
        "mail": {"messageId": "m1", "timestamp": "2026-11-23T14:00:00Z", "tags": tags},
        "bounce": {"bounceType": "Permanent", "timestamp": "2026-11-23T14:00:05Z"},
    }

    assert hear(bounce) == {"batchItemFailures": []}
    assert stops.get("prt_test", "adr_1").schedules == ("*",)
