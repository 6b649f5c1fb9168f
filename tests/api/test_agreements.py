"""Agreements through the API: simulated, proposed, approved, accepted, paid, broken, ended."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.days import local_day
from chalicelib.domain.people import Role
from chalicelib.handlers import plan_jobs
from chalicelib.services import verify
from chalicelib.wiring import contacting
from tests.api.conftest import NEW, sign_in
from tests.contact_world import Provider

CALL = {"proof": "call", "reference": "rec-2026-11-22-7"}


@pytest.fixture
def portfolio_id(api, admin):
    policies = {
        "agreements": {"max_discount_principal_ppm": 200_000, "min_down_payment_ppm": 0},
        "tolerance_minor": 0,
        "moratory": {"annual_rate_ppm": 0},
    }
    made = api("POST /portfolios", NEW | {"policies": policies}, token=admin)
    assert made.status == 201, made.body
    return made.body["portfolio_id"]


class Desk:
    """Somebody who makes agreements about one case."""

    def __init__(self, api, token, case_id):
        self.api, self.token, self.case_id = api, token, case_id

    def say(self, call, body=None, token=None):
        return self.api(call, body, token=token or self.token)

    def propose(self, token=None, **body):
        offer = {"instalments": 3, "down_payment_minor": 0} | body.pop("offer", {})
        path = f"/cases/{self.case_id}/agreements"
        answer = self.say(f"POST {path}", {"offer": offer} | body, token)
        assert answer.status == 201, answer.body
        return answer.body["agreements"][0]

    def path(self, agreement):
        return f"/cases/{self.case_id}/agreements/{agreement['agreement_id']}"

    def accept(self, agreement, **proof):
        return self.say(f"POST {self.path(agreement)}/acceptance", CALL | proof)

    def pay(self, minor):
        body = {
            "amount_minor": minor,
            "paid_on": str(local_day(datetime.now(UTC), "America/Mexico_City")),
            "reference": "DEP-1",
        }
        return self.say(f"POST /cases/{self.case_id}/payments", body).body

    @property
    def page(self):
        return self.say(f"GET /cases/{self.case_id}").body

    def documents(self):
        return self.say(f"GET /cases/{self.case_id}/documents").body["items"]


@pytest.fixture
def desk(api, admin, case_id):
    return Desk(api, admin, case_id)


def plan_on(monkeypatch, portfolio_id, case_id, day):
    """Have the daily plan look at a case on a day."""
    at = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    with monkeypatch.context() as patched:
        patched.setattr(wiring, "now", lambda: at)
        message = {"step": "cases", "portfolio_id": portfolio_id, "case_ids": [case_id]}
        plan_jobs._work(message, None)


def proven(portfolio_id):
    portfolio = wiring.portfolios().get(portfolio_id)
    return verify.portfolio(
        portfolio_id,
        cases=wiring.cases(),
        stored=wiring.counters(),
        time_zone=portfolio.time_zone,
    ).differences


def test_options_are_compared_and_an_offer_gets_its_counter(desk):
    asked = {"offer": {"instalments": 30, "discount_principal_ppm": 900_000}}
    answer = desk.say(f"POST /cases/{desk.case_id}/agreement-simulations", asked).body

    assert [one["kind"] for one in answer["options"]] == ["settlement", "plan", "plan"]
    assert answer["options"][0]["to_pay"]["minor"] == 80_000
    found = answer["simulation"]
    assert {one["field"] for one in found["breaches"]} == {"instalments", "discount_principal_ppm"}
    assert found["counter"]["breaches"] == []


def test_who_cannot_pay_a_plan_is_given_more_time(desk):
    asked = {"affordable_minor": 100}
    answer = desk.say(f"POST /cases/{desk.case_id}/agreement-simulations", asked).body

    assert answer["options"][-1]["kind"] == "extension"


def test_from_plan_to_broken_plan(desk, portfolio_id, monkeypatch):
    offered = desk.propose(offer={"discount_principal_ppm": 200_000})
    assert (offered["state"], offered["to_pay"]["minor"]) == ("proposed", 80_000)
    assert desk.say(f"GET {desk.path(offered)}").status == 200
    page = desk.accept(offered).body

    signed = page["agreements"][0]
    assert (signed["state"], signed["proof"]) == ("active", "call")
    assert page["case"]["status"] == "promised"
    document = desk.documents()[0]
    assert (document["kind"], document["document_id"]) == ("agreement", signed["document_id"])
    checked = desk.say(f"GET /documents/{document['code']}").body
    assert (checked["stands"], checked["facts"]["payments"]) == (True, 3)

    first, second = signed["shares"][:2]
    page = desk.pay(first["amount"]["minor"])
    assert [one["state"] for one in page["agreements"][0]["shares"]] == ["paid", "open", "open"]
    waived = [one for one in page["entries"] if one["kind"] == "waiver"]
    assert [(one["amount"]["minor"], one["reason"]) for one in waived] == [
        (-6_666, "agreement_earned")
    ]

    # The daily plan waits for the second payment's grace to be over, and not a day longer.
    due_on = date.fromisoformat(second["due_on"])
    plan_on(monkeypatch, portfolio_id, desk.case_id, due_on + timedelta(days=5))
    assert desk.page["agreements"][0]["state"] == "active"
    plan_on(monkeypatch, portfolio_id, desk.case_id, due_on + timedelta(days=6))

    page = desk.page
    assert page["agreements"][0]["state"] == "defaulted"
    assert page["case"]["balance"]["minor"] == 100_000 - first["amount"]["minor"]
    undone = [one for one in page["entries"] if one["kind"] == "reversal"]
    assert [(one["amount"]["minor"], one["reason"]) for one in undone] == [
        (6_666, "agreement_broken")
    ]
    checked = desk.say(f"GET /documents/{document['code']}").body
    assert (checked["stands"], checked["annulled_why"]) == (False, "broken")
    assert proven(portfolio_id) == []


def test_paid_in_full_it_gets_its_letter_by_itself(desk, portfolio_id):
    offer = {"instalments": 0, "discount_principal_ppm": 100_000}
    desk.accept(desk.propose(kind="settlement", offer=offer))
    page = desk.pay(90_000)
    assert (page["agreements"][0]["state"], page["case"]["status"]) == ("completed", "settled")
    for _ in range(2):
        plan_jobs._work({"step": "letters", "portfolio_id": ""}, None)

    assert sorted(one["kind"] for one in desk.documents()) == ["agreement", "settlement"]
    assert desk.page["agreements"][0]["letter_id"]
    assert proven(portfolio_id) == []


def test_more_than_the_limits_waits_for_somebody_else(desk, cloud, portfolio_id):
    boss = sign_in(desk.api, cloud, "jefa@example.com", Role.SUPERVISOR, portfolios=(portfolio_id,))
    offer = {"discount_principal_ppm": 600_000}
    asked = desk.propose(boss, offer=offer, reason="Perdió el empleo")
    yes = {"decision": "approved"}
    assert asked["state"] == "pending"
    assert desk.accept(asked).code == "agreement.settled"
    assert desk.say(f"PATCH {desk.path(asked)}", yes, boss).code == "agreement.own"
    queue = f"GET /agreement-approvals?portfolio={portfolio_id}"
    waiting = [one["agreement"]["agreement_id"] for one in desk.say(queue).body["items"]]
    assert waiting == [asked["agreement_id"]]
    for _ in range(2):
        answer = desk.say(f"PATCH {desk.path(asked)}", yes)
        assert answer.body["agreements"][0]["state"] == "proposed"

    assert desk.say(queue).body["items"] == []
    assert desk.accept(asked).body["agreements"][0]["state"] == "active"


def test_without_a_reason_nobody_asks_for_more(desk):
    body = {"offer": {"instalments": 3, "discount_principal_ppm": 900_000}}
    answer = desk.say(f"POST /cases/{desk.case_id}/agreements", body)

    assert (answer.code, answer.body["details"]["field"]) == ("request.bad_field", "reason")


def test_a_code_sent_to_the_debtor_is_their_yes(desk, monkeypatch):
    provider = Provider()
    monkeypatch.setattr(contacting, "sender", lambda _: provider)
    coding = contacting.coding
    monkeypatch.setattr(
        wiring, "coding", lambda problem: replace(coding(problem), below=lambda _: 123_456)
    )
    offered = desk.propose()
    sent = desk.say(f"POST {desk.path(offered)}/code", {})
    assert sent.status == 201, sent.body
    assert sent.body["to"] == "•••5678"
    said = {"proof": "code", "reference": sent.body["code_id"]}
    assert desk.accept(offered, **said, code="000000").status == 422
    page = desk.accept(offered, **said, code="123 456").body

    assert page["agreements"][0]["proof"] == "code"
    again = desk.accept(offered, **said, code="123 456")
    assert again.status == 200
    told = [event["kind"] for event in again.body["timeline"]["items"]]
    assert told.count("agreement.signed") == 1


def test_a_signature_is_one_that_a_visit_brought(desk):
    answer = desk.accept(desk.propose(), proof="signature", reference="vis_none")

    assert (answer.code, answer.body["details"]) == (
        "agreement.not_proven",
        {"reason": "no_signature"},
    )


def test_calling_it_off_twice_is_calling_it_off(desk):
    offered = desk.propose()
    desk.accept(offered)
    for _ in range(2):
        body = {"decision": "cancelled", "reason": "Lo pidió"}
        answer = desk.say(f"PATCH {desk.path(offered)}", body)
        assert answer.body["agreements"][0]["state"] == "cancelled"


def test_interest_becomes_principal_only_where_the_portfolio_says_so(api, desk, portfolio_id):
    first = desk.propose()
    assert desk.accept(first).status == 200
    offer = {"instalments": 4, "down_payment_minor": 0, "capitalise": True}
    asked = {"offer": offer, "kind": "restructure", "reason": "x"}
    refused = desk.say(f"POST /cases/{desk.case_id}/agreements", asked)
    assert (refused.status, refused.body["details"]["field"]) == (422, "capitalise")

    portfolio = api(f"GET /portfolios/{portfolio_id}", token=desk.token).body
    limits = portfolio["policies"]["agreements"] | {"capitalise": True}
    change = {"version": portfolio["version"], "policies": {"agreements": limits}}
    assert api(f"PATCH /portfolios/{portfolio_id}", change, token=desk.token).status == 200
    second = desk.propose(**asked)

    assert desk.accept(second).status == 200
    assert second["capitalised"]["minor"] == 0  # this case owes principal alone


def test_limits_are_tried_before_they_are_saved(api, desk, portfolio_id):
    def tried(**body):
        rules = [
            {"name": "Chicas", "limits": {"max_instalments": 2}, "max_minor": 50_000},
            {"name": "Tarjeta", "limits": {"max_instalments": 4}, "products": ["tarjeta"]},
        ]
        body = {"agreements": {"max_instalments": 6}, "agreement_rules": rules} | body
        return desk.say(f"POST /portfolios/{portfolio_id}/agreement-previews", body)

    small = tried(example={"principal_minor": 40_000, "dpd": 45}).body
    assert "rule" in small, small
    card = tried(example={"principal_minor": 90_000, "product": "tarjeta"}).body
    case = tried(case_id=desk.case_id).body
    nothing = tried(example={"principal_minor": 0})
    foolish = tried(agreement_rules=[{"name": "x", "limits": {"missed": 0}}], example={})
    neither = tried()

    assert (small["rule"], small["limits"]["max_instalments"], small["name"]) == (0, 2, "")
    assert [len(one["shares"]) for one in small["options"]][-1] <= 3  # a down payment and two
    assert (card["rule"], card["limits"]["max_instalments"]) == (1, 4)
    assert (case["rule"], case["limits"]["max_instalments"]) == (None, 6)
    assert case["name"] == desk.page["case"]["name"]
    assert [one.status for one in (nothing, foolish, neither)] == [422, 422, 422]
    assert foolish.body["details"]["field"] == "policies.agreement_rules.0.limits.missed"
    assert (
        api(f"GET /portfolios/{portfolio_id}", token=desk.token).body["policies"]["agreement_rules"]
        == []
    )
