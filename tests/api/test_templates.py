"""Texts through the API: in use, changed, tried, tested; and the account statement."""

from datetime import date

import pytest
import urllib3

from chalicelib import wiring
from chalicelib.domain.contact import Channel, NotSent, Outgoing, Receipt
from chalicelib.messages import ready
from tests.api.cloud import put_case

NEW = {"name": "Tarjetas", "creditor": "Banco del Norte", "country": "MX"}
TEXT = {
    "stage": "friendly",
    "body": "{{ brand }}: le falta {{ due_amount }}. Pague: {{ how_to_pay }}\n{{ identification }}",
}


@pytest.fixture
def base(api, admin):
    made = api("POST /portfolios", NEW, token=admin).body
    return f"/portfolios/{made['portfolio_id']}/templates"


@pytest.fixture
def one(base):
    return f"{base}/reminder_friendly/sms/es"


def test_every_built_in_text_is_listed_until_one_of_our_own_takes_its_place(api, admin, base, one):
    before = api(f"GET {base}?language=pt", token=admin).body["items"]
    assert len(before) == len(ready.texts()) / 3
    assert all(each["built_in"] for each in before)

    api(f"PUT {one}", TEXT | {"version": 0, "note": "más corto"}, token=admin)

    after = {
        (each["template_id"], each["channel"]): each
        for each in api(f"GET {base}", token=admin).body["items"]
    }
    mine = after["reminder_friendly", "sms"]
    assert (mine["version"], mine["built_in"], mine["saved_by"]) == (1, False, "Ana")
    assert after["reminder_friendly", "email"]["built_in"]
    assert len(after) == len(before)


def test_versions_are_kept_and_nobody_overwrites_anybody(api, admin, one):
    first = api(f"PUT {one}", TEXT | {"version": 0}, token=admin)
    second = api(f"PUT {one}", TEXT | {"version": 1, "note": "otra"}, token=admin)
    lost = api(f"PUT {one}", TEXT | {"version": 1}, token=admin)

    assert (first.status, second.status) == (200, 200)
    assert [each["version"] for each in second.body["versions"]] == [2, 1]
    assert second.body["versions"][0]["note"] == "otra"
    assert (lost.status, lost.code) == (409, "template.moved")
    assert lost.body["details"] == {"version": 2}


def test_one_can_go_back_to_the_built_in_text_and_return(api, admin, one):
    built_in = api(f"GET {one}", token=admin).body["body"]
    api(f"PUT {one}", TEXT | {"version": 0}, token=admin)

    assert api(f"POST {one}/withdrawal", {"version": 1}, token=admin).status == 204

    back = api(f"GET {one}", token=admin).body
    assert (back["body"], back["built_in"], back["own_version"]) == (built_in, True, 2)
    again = api(f"PUT {one}", TEXT | {"version": 2}, token=admin).body
    assert (again["version"], again["body"]) == (3, TEXT["body"])
    assert api(f"POST {one}/withdrawal", {"version": 9}, token=admin).code == "template.moved"


def test_what_is_sent_next_is_the_text_in_use(api, admin, base, one):
    portfolio = base.split("/")[2]
    api(f"PUT {one}", TEXT | {"version": 0}, token=admin)

    used = wiring.texts().find(portfolio, "reminder_friendly", Channel.SMS, "es")
    others = wiring.texts().find(portfolio, "reminder_friendly", Channel.SMS, "en")

    assert used is not None
    assert (used.body, used.version) == (TEXT["body"], 1)
    assert others == ready.texts()["reminder_friendly", Channel.SMS, "en"]
    assert wiring.texts().find(portfolio, "ninguno", Channel.SMS, "es") is None


def test_a_family_of_ones_own_is_used_too(api, admin, base):
    api(f"PUT {base}/campana_navidad/sms/es", TEXT | {"version": 0}, token=admin)

    listed = api(f"GET {base}", token=admin).body["items"]

    assert listed[-1]["template_id"] == "campana_navidad"
    assert api(f"GET {base}/otra_familia/sms/es", token=admin).code == "template.not_found"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Pague o lo embargamos. {{ identification }}", "word_threat"),
        ("Debe {{ monto }}", "unknown_variable"),
        ("Debe {{ total }}", "not_identified"),
    ],
)
def test_a_text_with_a_fault_is_not_saved(api, admin, one, body, code):
    refused = api(f"PUT {one}", TEXT | {"version": 0, "body": body}, token=admin)

    assert (refused.status, refused.code) == (422, "template.refused")
    found = {(each["code"], each["where"]) for each in refused.body["details"]["findings"]}
    assert (code, "body") in found
    assert api(f"GET {one}", token=admin).body["built_in"]


def test_a_preview_is_of_a_real_case_or_of_nobody(api, admin, base):
    portfolio = base.split("/")[2]
    case = put_case(portfolio, date(2026, 1, 15))
    asked = TEXT | {"channel": "sms", "language": "es"}

    nobody = api(f"POST {base}/preview", asked, token=admin).body
    real = api(f"POST {base}/preview", asked | {"case_id": case}, token=admin).body

    assert "$1,840.00" in nobody["text"]
    assert nobody["ok"]
    assert nobody["sms"]["segments"] >= 1
    assert real["text"] != nobody["text"]
    mail = api(
        f"POST {base}/preview",
        asked | {"channel": "email", "subject": "Hola {{ brand }}"},
        token=admin,
    ).body
    assert mail["subject"] == "Hola Banco del Norte"
    assert mail["html"].startswith("<!doctype html>")
    assert mail["sms"] is None


def test_a_preview_of_a_broken_text_tells_what_is_wrong(api, admin, base):
    asked = {"stage": "firm", "body": "Hola {{ x }", "channel": "whatsapp", "language": "es"}

    seen = api(f"POST {base}/preview", asked, token=admin).body

    assert seen["text"] is None
    assert [each["code"] for each in seen["findings"]] == ["syntax"]
    assert not seen["ok"]


def test_another_portfolios_case_is_nobodys(api, admin, base):
    elsewhere = api("POST /portfolios", NEW, token=admin).body["portfolio_id"]
    case = put_case(elsewhere, date(2026, 1, 15))
    asked = TEXT | {"channel": "sms", "language": "es", "case_id": case}

    assert api(f"POST {base}/preview", asked, token=admin).code == "case.not_found"


class Recorder:
    def __init__(self, refusal=None):
        self.sent, self.refusal = [], refusal

    def send(self, message: Outgoing) -> Receipt:
        if self.refusal:
            raise self.refusal
        self.sent.append(message)
        return Receipt(provider="test", provider_id="m-1", units=2)


def test_a_test_goes_to_who_tries_it_and_is_about_nobody(api, admin, base, monkeypatch):
    sender = Recorder()
    monkeypatch.setattr(wiring, "sender", lambda channel: sender)
    asked = TEXT | {"channel": "sms", "language": "es", "to": "+525512345678"}

    sent = api(f"POST {base}/test", asked, token=admin)

    assert sent.body == {"provider": "test", "provider_id": "m-1", "units": 2}
    [message] = sender.sent
    assert message.content.to == "+525512345678"
    assert message.reference.startswith("test:tst_")
    assert "C-10482" in message.content.text or "$1,840.00" in message.content.text


def test_a_refused_test_says_why(api, admin, base, monkeypatch):
    monkeypatch.setattr(wiring, "sender", lambda channel: Recorder(NotSent("sender_missing")))
    asked = TEXT | {"channel": "sms", "language": "es", "to": "+525512345678"}

    refused = api(f"POST {base}/test", asked, token=admin)

    assert (refused.code, refused.body["details"]) == (
        "template.not_sent",
        {"reason": "sender_missing"},
    )


def test_the_editor_is_told_every_variable(common):
    told = common("GET /template-variables?language=pt").body

    total = next(each for each in told["variables"] if each["name"] == "total")
    assert total["about"] == "Tudo o que deve hoje, com juros"
    assert len(told["families"]) == 24


@pytest.mark.parametrize(("language", "name"), [("", "estado-de-cuenta"), ("en", "account-stat")])
def test_a_statement_can_be_downloaded(api, admin, base, language, name):
    case = put_case(base.split("/")[2], date(2026, 1, 15))
    query = f"?language={language}" if language else ""

    url = api(f"GET /cases/{case}/statement{query}", token=admin).body["url"]
    got = urllib3.request("GET", url)

    assert got.data.startswith(b"%PDF-")
    assert name in got.headers["Content-Disposition"]
