"""Call-backs and decisions that are told by e-mail, from the request down to the mailbox."""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.contact import Receipt
from chalicelib.domain.notice import NoticeKind
from chalicelib.domain.people import Role
from chalicelib.handlers import plan_jobs
from tests.api.conftest import sign_in


@pytest.fixture
def agent(api, cloud, portfolio_id):
    return sign_in(api, cloud, "luis@example.com", Role.AGENT, portfolios=(portfolio_id,))


@pytest.fixture
def mailbox(monkeypatch):
    sent = []

    class Sender:
        def send(self, message):
            sent.append(message)
            return Receipt(provider="ses", provider_id=str(len(sent)))

    monkeypatch.setattr(wiring, "sender", lambda _: Sender())
    return sent


@pytest.fixture
def later(monkeypatch):
    """Let the jobs' clock go ahead."""

    def go(by):
        at = wiring_now() + by
        monkeypatch.setattr(wiring, "now", lambda: at)

    wiring_now = wiring.now
    return go


def portfolio_of(case_id):
    return wiring.cases().open(case_id).head.portfolio_id


def me(api, token):
    return api("GET /me", token=token).body["person_id"]


def hand_over(portfolio_id, person_id):
    plan_jobs._told({"step": "notices", "portfolio_id": portfolio_id, "person_id": person_id})


def test_a_call_back_is_told_before_its_hour_and_not_when_it_moved(
    api, agent, case_id, mailbox, later
):
    portfolio_id = portfolio_of(case_id)
    person_id = me(api, agent)
    queue = f"POST /portfolios/{portfolio_id}/queue/{case_id}"
    for hours in (1, 3):
        until = wiring.now() + timedelta(hours=hours)
        back = {"action": "callback", "until": until.isoformat()}
        assert api(queue, back, token=agent).status == 200

    first, second = wiring.notice_boxes().get(portfolio_id, person_id).waiting
    assert (first.kind, second.kind) == (NoticeKind.CALL_BACK, NoticeKind.CALL_BACK)
    later(timedelta(minutes=56))
    hand_over(portfolio_id, person_id)
    assert mailbox == []
    later(timedelta(hours=2, minutes=56))
    for _ in range(2):
        hand_over(portfolio_id, person_id)
    assert [case_id in one.content.text for one in mailbox] == [True]


def test_who_may_decide_is_told_of_what_waits_and_not_once_it_is_decided(
    api, admin, agent, case_id, mailbox
):
    portfolio_id = portfolio_of(case_id)
    boss = me(api, admin)
    assert api("PATCH /me", {"approval_mail": "now"}, token=admin).status == 200
    debt = api(f"GET /cases/{case_id}", token=agent).body["debts"][0]["debt_id"]
    waiver = {
        "kind": "waiver",
        "debt_id": debt,
        "component": "principal",
        "amount_minor": 100,
        "reason": "Perdió su casa",
    }
    path = f"POST /cases/{case_id}/corrections"
    look = {"step": "approvals", "portfolio_id": portfolio_id, "people": [boss, me(api, agent)]}

    assert api(path, waiver, token=agent).status == 201
    for _ in range(2):
        plan_jobs._told(look)
    assert wiring.notice_boxes().get(portfolio_id, me(api, agent)) is None
    for _ in range(2):
        hand_over(portfolio_id, boss)
    (mail,) = mailbox
    assert "condonaciones y ajustes: 1" in mail.content.text
    assert f"/panel/aprobaciones/?cartera={portfolio_id}" in mail.content.text


def test_what_was_decided_before_the_mail_goes_is_not_told(api, admin, agent, case_id, mailbox):
    portfolio_id = portfolio_of(case_id)
    boss = me(api, admin)
    api("PATCH /me", {"approval_mail": "now"}, token=admin)
    debt = api(f"GET /cases/{case_id}", token=agent).body["debts"][0]["debt_id"]
    waiver = {"kind": "waiver", "debt_id": debt, "component": "principal", "amount_minor": 100}
    asked = api(f"POST /cases/{case_id}/corrections", waiver | {"reason": "x"}, token=agent).body
    plan_jobs._told({"step": "approvals", "portfolio_id": portfolio_id, "people": [boss]})
    decided = f"PATCH /portfolios/{portfolio_id}/approvals/{asked['correction_id']}"
    assert api(decided, {"decision": "approved"}, token=admin).status == 200

    hand_over(portfolio_id, boss)
    assert mailbox == []
