"""A portfolio's accounts at providers: connected by admins, tried, and their keys never shown."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from chalice.test import Client

import app as application
from chalicelib import wiring
from chalicelib.domain.bank_references import is_cash_reference, is_clabe
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Ask
from chalicelib.domain.people import Role
from chalicelib.services import verify
from chalicelib.store import audit
from cli import stack
from cli.__main__ import main as command_line
from tests.api.cloud import put_case
from tests.api.conftest import Api, forget, open_cloud, sign_in
from tests.sandbox import served

SANDBOX = {"methods": ["card", "cash"], "version": 0}
BANK = {
    "methods": ["transfer", "cash"],
    "settings": {"bank": "STP", "beneficiary": "Muebles", "clabe_prefix": "646180157",
                 "cash_where": "Cadena", "cash_prefix": "9301"},
    "version": 0,
}  # fmt: skip


class Desk:
    def __init__(self, api, cloud):
        self.api = api
        self.admin = sign_in(api, cloud, "admin@example.com", Role.ADMIN, totp=True)
        self.portfolio = self.a_portfolio("MX")
        self.boss = sign_in(
            api, cloud, "boss@example.com", Role.SUPERVISOR, portfolios=(self.portfolio,)
        )

    def a_portfolio(self, country):
        new = {"name": "A", "creditor": "B", "country": country}
        return self.api("POST /portfolios", new, token=self.admin).body["portfolio_id"]

    def __call__(self, call, body=None, *, token=None, portfolio=None):
        method, _, provider = call.partition(" ")
        path = f"/portfolios/{portfolio or self.portfolio}/payment-providers"
        path += f"/{provider}" if provider else ""
        return self.api(f"{method} {path}", body, token=token or self.admin)

    def account(self, provider, portfolio=None):
        items = self("GET", portfolio=portfolio).body["items"]
        return next(one["account"] for one in items if one["provider"] == provider)


@pytest.fixture(scope="module")
def box():
    with served(wiring.now) as found:
        yield found


@pytest.fixture
def desk(server, box, monkeypatch):
    with open_cloud() as cloud, Client(application.app) as client:
        for name, value in box.environment.items():
            monkeypatch.setenv(name, value)
        forget()
        yield Desk(Api(client), cloud)


def test_the_sandbox_is_connected_tried_and_taken_away(desk):
    made = desk("PUT sandbox", SANDBOX)
    assert (made.status, made.body["problem"], made.body["version"]) == (200, "", 1)
    assert made.body["label"]
    assert list(wiring.payment_methods(desk.portfolio)) == [
        ("sandbox", "card"), ("sandbox", "cash"),
    ]  # fmt: skip
    assert wiring.payment_provider(desk.portfolio, "sandbox").name == "sandbox"

    again = desk("POST sandbox", token=desk.boss)
    assert (again.status, again.body["version"]) == (200, 2)

    assert desk("DELETE sandbox").status == 204
    assert desk.account("sandbox") is None
    assert list(wiring.payment_methods(desk.portfolio)) == []
    assert desk("POST sandbox").code == "payment_provider.not_found"
    assert desk("PUT sandbox", SANDBOX).status == 200  # and back again


def test_what_is_switched_off_is_not_offered(desk):
    desk("PUT sandbox", SANDBOX)
    desk("PUT sandbox", {"methods": ["card"], "enabled": False, "version": 1})
    assert list(wiring.payment_methods(desk.portfolio)) == []
    # What was paid before is still told of.
    assert wiring.payment_provider(desk.portfolio, "sandbox").name == "sandbox"


def test_keys_are_kept_and_never_shown(desk, monkeypatch):
    keys = {"key": "sk_test_abcdefgh12345678", "webhook_secret": "whsec_abcdefgh12345678"}
    seen = []

    class Stripe:
        name = "stripe"

        def account(self):
            return "Muebles"

    from chalicelib.wiring import payments

    def adapter(account):
        seen.append(wiring.payment_keys().get(account.portfolio_id, "stripe", account.keys_version))
        return Stripe()

    monkeypatch.setattr(payments, "provider_of", adapter)
    made = desk("PUT stripe", {"methods": ["card"], "keys": keys, "version": 0})
    assert (made.body["key_hint"], made.body["label"]) == ("5678", "Muebles")
    other = {"key": "sk_test_another_key_99"}
    desk("PUT stripe", {"methods": ["card", "oxxo"], "keys": other, "version": 1})

    assert seen == [keys, keys | other]
    told = json.dumps([desk("GET").body, made.body])
    assert not [key for key in (*keys.values(), *other.values()) if key in told]
    events, _ = audit.page(limit=50, cursor=None)
    facts = [e.facts for e in events if e.kind == "payments.connected"]
    assert len(facts) == 2
    assert not [key for key in (*keys.values(), *other.values()) if key in json.dumps(facts)]


@pytest.mark.parametrize(("provider", "body", "field"), [
    ("stripe", {"methods": ["card"], "keys": {}}, "keys.key"),
    ("stripe", {"methods": ["card"], "keys": {"key": "pk_live_0123456789"}}, "keys.key"),
    ("stripe", {"methods": ["card"], "keys": {"key": "sk_live_0123456789", "x": "y"}}, "keys.x"),
    ("stripe", {"methods": ["wallet"]}, "methods"),
    ("stripe", {"methods": []}, "methods"),
    ("sandbox", {"methods": ["card"], "settings": {"bank": "x"}}, "settings.bank"),
    ("bank", {"methods": ["transfer"]}, "settings.bank"),
    ("bank", BANK | {"settings": BANK["settings"] | {"clabe_prefix": "64x"}},
     "settings.clabe_prefix"),
    ("bank", BANK | {"settings": BANK["settings"] | {"cash_prefix": "12345678901"}},
     "settings.cash_prefix"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_by_name(desk, provider, body, field):
    answer = desk(f"PUT {provider}", {"version": 0} | body)
    assert (answer.status, answer.body["details"]["field"]) == (422, field)
    assert desk.account(provider) is None


def test_nobody_overwrites_what_another_admin_changed(desk):
    desk("PUT sandbox", SANDBOX)
    assert desk("PUT sandbox", SANDBOX).code == "payment_provider.moved"


def an_ask(desk, case_id, method, debt_id=""):
    return Ask(
        key="chk_1", reference=f"{case_id}.chk_1", amount=Money(100, "MXN"), title="B",
        language="es", country="MX", return_url="", cancel_url="", notify_url="",
        expires_at=wiring.now(), method=method, debt_id=debt_id,
    )  # fmt: skip


def test_a_debt_has_a_number_of_its_own_for_ever(desk):
    assert desk("PUT bank", BANK).body["label"] == "Muebles"
    bank = wiring.payment_provider(desk.portfolio, "bank")

    first = bank.start(an_ask(desk, "cas_1", "transfer"))
    again = bank.start(an_ask(desk, "cas_1", "transfer"))
    debt = bank.start(an_ask(desk, "cas_1", "transfer", "dbt_1"))
    other = bank.start(an_ask(desk, "cas_2", "transfer"))
    shop = bank.start(an_ask(desk, "cas_1", "cash"))

    assert first == again
    assert dict(first.instructions) == {
        "bank": "STP", "beneficiary": "Muebles", "clabe": first.provider_id,
    }  # fmt: skip
    assert is_clabe(first.provider_id)
    assert is_cash_reference(shop.provider_id)
    numbers = [first.provider_id, debt.provider_id, other.provider_id, shop.provider_id]
    assert len(set(numbers)) == 4
    find = wiring.payment_references().find
    assert [find(desk.portfolio, number) for number in numbers] == [
        ("cas_1", ""), ("cas_1", "dbt_1"), ("cas_2", ""), ("cas_1", ""),
    ]  # fmt: skip
    assert find("prt_of_another", first.provider_id) is None
    assert find(desk.portfolio, "646180157999999999") is None


def test_portfolios_that_share_a_prefix_share_no_number(desk):
    second = desk.a_portfolio("MX")
    desk("PUT bank", BANK)
    desk("PUT bank", BANK, portfolio=second)
    numbers = {
        wiring.payment_provider(one, "bank").start(an_ask(desk, case, "transfer")).provider_id
        for one, case in ((desk.portfolio, "cas_1"), (second, "cas_9"))
    }
    assert len(numbers) == 2


def test_people_at_once_get_one_number(desk):
    desk("PUT bank", BANK)
    bank = wiring.payment_provider(desk.portfolio, "bank")
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(bank.reference, "cas_1", "", "transfer") for _ in range(8)]
        assert len({one.result() for one in asked}) == 1


def test_only_admins_say_where_the_money_goes(desk):
    assert desk("PUT sandbox", SANDBOX, token=desk.boss).status == 403
    desk("PUT sandbox", SANDBOX)
    assert desk("DELETE sandbox", token=desk.boss).status == 403
    seen = desk("GET", token=desk.boss).body
    assert (seen["can_connect"], len(seen["items"])) == (False, 4)


def test_each_country_has_its_ways_to_pay(desk):
    colombia = desk.a_portfolio("CO")
    items = {
        one["provider"]: one["methods"] for one in desk("GET", portfolio=colombia).body["items"]
    }
    assert items == {
        "stripe": ["card"],
        "mercado_pago": ["card", "cash", "transfer", "wallet"],
        "sandbox": ["card", "cash", "transfer"],
    }


def test_a_cloud_has_no_sandbox(desk, monkeypatch):
    monkeypatch.delenv("PAYMENT_SANDBOX")
    forget()
    assert desk("PUT sandbox", SANDBOX).code == "payment_provider.not_found"


# What came in


def a_file(*rows):
    lines = ["Fecha,Referencia,Clave de rastreo,Abono", *rows]
    return base64.b64encode("\n".join(lines).encode()).decode()


def sent(desk, content, **more):
    body = {"filename": "banco.csv", "content": content, **more}
    return desk.api(f"POST /portfolios/{desk.portfolio}/bank-files", body, token=desk.boss)


def balance(desk, case_id):
    return desk.api(f"GET /cases/{case_id}", token=desk.boss).body["case"]["balance"]["minor"]


def test_a_banks_file_pays_debts_and_fills_the_tray_once(desk):
    case_id = put_case(desk.portfolio, wiring.now().date())
    before = balance(desk, case_id)
    desk("PUT bank", BANK)
    bank = wiring.payment_provider(desk.portfolio, "bank")
    number = bank.reference(case_id, "", "transfer")
    nobodys = "646180157000099990"
    day = wiring.now().strftime("%d/%m/%Y")
    file = a_file(
        f"{day},{number},RST1,10.50", f"{day},{nobodys},RST2,99.00", f"{day},{number},RST3,"
    )
    answers = {}
    first = sent(desk, file)
    if first.body["questions"]:  # a day that may be read two ways
        answers = {one["id"]: "dmy" for one in first.body["questions"]}
        first = sent(desk, file, answers=answers)

    assert first.body["outcomes"] == {"posted": 1, "unmatched": 1}
    assert [(one["row"], one["code"]) for one in first.body["rejects"]] == [(4, "money.missing")]
    assert first.body["rejects"][0]["text"]
    assert balance(desk, case_id) == before - 1050
    assert sent(desk, file, answers=answers).body["outcomes"] == {"known": 2}
    assert balance(desk, case_id) == before - 1050
    report = verify.portfolio(
        desk.portfolio, cases=wiring.cases(), stored=wiring.counters(), time_zone="UTC"
    )
    assert report.differences == []


def test_what_no_webhook_told_is_posted_by_the_operators_command(desk, box, monkeypatch, capsys):
    case_id = put_case(desk.portfolio, wiring.now().date())
    before = balance(desk, case_id)
    desk("PUT sandbox", SANDBOX)
    provider = wiring.payment_provider(desk.portfolio, "sandbox")
    ask = replace(
        an_ask(desk, case_id, "card"),
        amount=Money(2500, "MXN"), return_url="http://x/", cancel_url="http://x/",
        expires_at=wiring.now() + timedelta(hours=1), key=case_id,
    )  # fmt: skip
    box.pay(provider.start(ask).provider_id, "4000000000000101")
    monkeypatch.setattr(stack, "connect", lambda _: True)
    day = wiring.now().astimezone(ZoneInfo("America/Mexico_City")).date().isoformat()
    command = ["reconcile", "--date", day, "--portfolio", desk.portfolio]

    assert command_line(command) == 0
    told = capsys.readouterr().out
    assert "1 accounts asked, 1 payments posted, 0 with problems" in told
    assert balance(desk, case_id) == before - 2500

    assert command_line([*command, "--json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert report["outcomes"] == {"known": 1}

    monkeypatch.setattr(box.paying.till, "payments_on", lambda *_: int("no day"))
    assert command_line(command) == 1
    assert "problem: " in capsys.readouterr().out
