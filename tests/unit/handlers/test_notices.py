import json

import pytest
from chalice.app import SQSEvent

from chalicelib import wiring
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.errors import CaseMoved
from chalicelib.handlers import notices
from tests.builders import LATER, a_portfolio
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
