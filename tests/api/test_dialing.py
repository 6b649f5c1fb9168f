"""A call that Amazon Connect rings for, through the app's own doors."""

from datetime import date

import pytest

from chalicelib import wiring
from chalicelib.domain.case import ContactKind
from tests.api.cloud import put_case
from tests.queue_world import NOON


class Exchange:
    provider = "connect"

    def __init__(self):
        self.rung = []

    def ring(self, number, *, agent, reference):
        self.rung.append((number, agent, reference))
        return "contact-1"


@pytest.fixture
def case_id(api, admin, monkeypatch):
    monkeypatch.setattr(wiring, "now", lambda: NOON)
    new = {"name": "A", "creditor": "B", "country": "MX"}
    pid = api("POST /portfolios", new, token=admin).body["portfolio_id"]
    return put_case(pid, date(2026, 10, 1))


def begun(api, admin, case_id):
    file = wiring.cases().open(case_id)
    phone = next(one for one in file.contacts if one.kind is ContactKind.PHONE)
    answer = api(f"POST /cases/{case_id}/calls", {"contact_id": phone.contact_id}, token=admin)
    assert answer.status == 201, answer.body
    return phone.value, answer.body


def test_it_rings_once_for_who_called(api, admin, case_id, monkeypatch):
    exchange = Exchange()
    monkeypatch.setattr(wiring, "dialer", lambda: exchange)
    number, sheet = begun(api, admin, case_id)
    assert (sheet["dialer"], sheet["open"]["rung"]) == (True, False)
    call = sheet["open"]["attempt_id"]

    rung = [api(f"POST /cases/{case_id}/calls/{call}", {}, token=admin) for _ in range(2)]

    assert [(one.status, one.body["open"]["rung"]) for one in rung] == [(200, True)] * 2
    ((to, agent, reference),) = exchange.rung
    assert (to, reference) == (number, call)
    assert "@" in agent


def test_without_a_dialer_the_page_knows_and_the_door_says_so(api, admin, case_id):
    _, sheet = begun(api, admin, case_id)
    assert sheet["dialer"] is False

    refused = api(f"POST /cases/{case_id}/calls/{sheet['open']['attempt_id']}", {}, token=admin)

    assert (refused.status, refused.body["code"], refused.body["details"]) == (
        409, "call.not_rung", {"reason": "off"})  # fmt: skip


def test_a_call_begun_twice_with_one_key_is_answered_the_same(api, admin, case_id):
    file = wiring.cases().open(case_id)
    phone = next(one for one in file.contacts if one.kind is ContactKind.PHONE)
    asked = (f"POST /cases/{case_id}/calls", {"contact_id": phone.contact_id})

    answers = [api(*asked, token=admin, idempotency_key="4f1c" * 8) for _ in range(2)]

    assert [one.status for one in answers] == [201, 201]
    assert answers[0].body == answers[1].body
