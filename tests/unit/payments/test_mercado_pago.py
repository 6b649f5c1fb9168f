"""The Mercado Pago adapter against a stub that answers in the shapes its API documents."""

import hashlib
import hmac
import itertools
import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.money import Money
from chalicelib.domain.payment import BackKind, PaymentState
from chalicelib.payments.mercado_pago import MercadoPago
from chalicelib.payments.port import Forged, ProviderProblem

KEY, SECRET = "APP_USR-0123456789", "secret-of-the-tests"
DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Stub(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer("GET")

    def do_POST(self):
        self._answer("POST")

    def do_PUT(self):
        self._answer("PUT")

    def _answer(self, method):
        url = urlsplit(self.path)
        query = {k: v[0] for k, v in parse_qs(url.query).items()}
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        status, answer = 401, {"message": "invalid access token", "status": 401}
        if self.headers["Authorization"] == f"Bearer {KEY}":
            key = self.headers.get("X-Idempotency-Key")
            known = self.server.answers.get((url.path, key)) if key else None
            status, answer = known or self.server.box.answer(method, url.path, query, body)
            if key:
                self.server.answers[url.path, key] = (status, answer)
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


class Box:
    """Preferences and payments, as the API shows them."""

    def __init__(self):
        self.preferences, self.payments = {}, {}
        self._numbers = itertools.count(1316643861)

    def answer(self, method, path, query, body):  # noqa: PLR0911 - a list of calls
        match method, path.strip("/").split("/"):
            case "POST", ["checkout", "preferences"]:
                made = body | {"id": f"202809963-{next(self._numbers)}-920c"}
                for name, host in (("init_point", "www"), ("sandbox_init_point", "sandbox")):
                    page = "checkout/v1/redirect?pref_id="
                    made[name] = f"https://{host}.mercadopago.com.mx/{page}{made['id']}"
                self.preferences[made["id"]] = made
                return 201, made
            case "GET", ["checkout", "preferences", one] if one in self.preferences:
                return 200, self.preferences[one]
            case "PUT", ["checkout", "preferences", one] if one in self.preferences:
                self.preferences[one] |= body
                return 200, self.preferences[one]
            case "GET", ["v1", "payments", "search"]:
                return 200, self._search(query)
            case "GET", ["v1", "payments", one] if one in self.payments:
                return 200, self.payments[one]
            case "POST", ["v1", "payments", one, "refunds"] if one in self.payments:
                return self._refund(self.payments[one], body)
            case "GET", ["users", "me"]:
                return 200, {"id": 202809963, "nickname": "MUEBLESLAESQUINA", "site_id": "MLM"}
        return 404, {"message": "not found", "error": "not_found", "status": 404}

    def pay(self, reference, amount, **more):
        number = next(self._numbers)
        self.payments[str(number)] = {
            "id": number, "status": "approved", "status_detail": "accredited",
            "transaction_amount": amount, "currency_id": "MXN", "external_reference": reference,
            "payment_type_id": "credit_card", "payment_method_id": "visa",
            "date_approved": "2026-11-22T08:00:00.000-04:00",
            "date_last_updated": "2026-11-22T08:00:00.000-04:00", "refunds": [],
        } | more  # fmt: skip
        return str(number)

    def _search(self, query):
        found = list(self.payments.values())
        if "external_reference" in query:
            found = [p for p in found if p["external_reference"] == query["external_reference"]]
        if query.get("range") == "date_last_updated":
            begin, end = (datetime.fromisoformat(query[n]) for n in ("begin_date", "end_date"))
            changed = datetime.fromisoformat
            found = [p for p in found if begin <= changed(p["date_last_updated"]) < end]
        at, limit = int(query["offset"]), min(2, int(query["limit"]))  # pages of two
        paging = {"total": len(found), "limit": limit, "offset": at}
        return {"paging": paging, "results": found[at : at + limit]}

    def _refund(self, payment, body):
        gone = sum(one["amount"] for one in payment["refunds"])
        if gone + body["amount"] > payment["transaction_amount"]:
            return 400, {"message": "Invalid refund amount", "status": 400}
        made = {"id": next(self._numbers), "payment_id": payment["id"], "amount": body["amount"],
                "status": "approved", "date_created": "2026-11-22T09:00:00.000-04:00"}  # fmt: skip
        payment["refunds"].append(made)
        return 201, made


@pytest.fixture
def box():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    server.box, server.answers = Box(), {}
    server.box.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    server.box.provider = MercadoPago(key=KEY, secret=SECRET, url=server.box.url)
    yield server.box
    server.shutdown()
    server.server_close()


def test_a_preference_asks_for_what_is_owed_and_no_more(box, an_ask):
    started = box.provider.start(an_ask())

    made = box.preferences[started.provider_id]
    assert started.url == made["init_point"]
    assert made["items"][0]["unit_price"] == 1234.5
    assert made["external_reference"] == "cas_1.chk_1"
    assert made["notification_url"].endswith("/prt_1?source_news=webhooks")
    waiting = box.provider.read(started.provider_id)
    assert (waiting.state, waiting.amount_minor, waiting.reference) == (
        PaymentState.PENDING, 123450, "cas_1.chk_1",
    )  # fmt: skip
    assert box.provider.start(an_ask()).provider_id == started.provider_id


def test_a_way_to_pay_leaves_the_others_out(box, an_ask):
    made = box.preferences[box.provider.start(an_ask(method="cash")).provider_id]
    out = {one["id"] for one in made["payment_methods"]["excluded_payment_types"]}
    assert "credit_card" in out
    assert not {"ticket", "account_money"} & out
    with pytest.raises(ProviderProblem, match="not_supported"):
        box.provider.start(an_ask(method="pigeon"))


@pytest.mark.parametrize(("minor", "currency", "number"), [
    (1, "MXN", 0.01), (10, "MXN", 0.1), (123456789, "MXN", 1234567.89), (1990, "CLP", 1990),
    (999999999999, "MXN", 9999999999.99),
])  # fmt: skip
def test_amounts_go_and_come_exactly(box, an_ask, minor, currency, number):
    started = box.provider.start(an_ask(amount=Money(minor, currency)))
    assert box.preferences[started.provider_id]["items"][0]["unit_price"] == number
    assert box.provider.read(started.provider_id).amount_minor == minor


def test_a_trial_account_gets_the_trial_page(box, an_ask, monkeypatch):
    monkeypatch.setattr(f"{__name__}.KEY", "TEST-0123456789")
    trial = MercadoPago(key="TEST-0123456789", secret=SECRET, url=box.url)
    assert "sandbox" in trial.start(an_ask()).url


@pytest.mark.parametrize(("told", "state", "problem"), [
    ({"status": "approved"}, PaymentState.PAID, ""),
    ({"status": "pending", "status_detail": "pending_waiting_payment"}, PaymentState.PENDING,
     "other"),
    ({"status": "in_process", "status_detail": "pending_review_manual"}, PaymentState.PENDING,
     "other"),
    ({"status": "rejected", "status_detail": "cc_rejected_insufficient_amount"},
     PaymentState.FAILED, "insufficient_funds"),
    ({"status": "rejected", "status_detail": "cc_rejected_other_reason"}, PaymentState.FAILED,
     "declined"),
    ({"status": "cancelled", "status_detail": "expired"}, PaymentState.EXPIRED, "expired"),
    ({"status": "something_new"}, PaymentState.PENDING, "other"),
])  # fmt: skip
def test_each_state_of_a_payment_has_its_meaning(box, told, state, problem):
    found = box.provider.read(box.pay("cas_1.chk_1", 1234.5, **told))
    assert (found.state, found.problem) == (state, problem)
    assert (found.paid_at is not None) == (state is PaymentState.PAID)


def test_of_several_tries_the_one_that_was_paid_counts(box, an_ask):
    checkout = box.provider.start(an_ask()).provider_id
    box.pay("cas_1.chk_1", 1234.5, status="rejected", status_detail="cc_rejected_other_reason")
    assert box.provider.read(checkout).state is PaymentState.PENDING
    paid = box.pay("cas_1.chk_1", 1234.5)
    box.pay("cas_1.chk_1", 1234.5, status="rejected", status_detail="cc_rejected_other_reason")

    assert box.provider.read(checkout).payment_id == paid


def test_what_is_closed_is_over_unless_it_was_paid(box, an_ask):
    checkout = box.provider.start(an_ask()).provider_id
    assert box.provider.close(checkout)
    assert box.provider.read(checkout).state is PaymentState.EXPIRED
    box.pay("cas_1.chk_1", 1234.5)
    assert not box.provider.close(checkout)


def test_money_goes_back_once_for_a_key(box):
    payment = box.pay("cas_1.chk_1", 1234.5)
    back = box.provider.refund(payment, 23450, key="ref_1")
    assert box.provider.refund(payment, 23450, key="ref_1") == back
    assert box.provider.read(payment).kept_minor == 100000
    with pytest.raises(ProviderProblem, match="rejected"):
        box.provider.refund(payment, 100001, key="ref_2")


@pytest.mark.parametrize(("detail", "kept"), [("settled", 0), ("reimbursed", 100000)])
def test_a_chargeback_takes_what_was_left(box, detail, kept):
    refunds = [{"id": 7, "amount": 234.5, "status": "approved",
                "date_created": "2026-11-22T09:00:00.000-04:00"}]  # fmt: skip
    payment = box.pay(
        "cas_1.chk_1", 1234.5, status="charged_back", status_detail=detail, refunds=refunds
    )
    found = box.provider.read(payment)
    assert [one.kind for one in found.backs] == [BackKind.REFUND, BackKind.CHARGEBACK]
    assert found.kept_minor == kept


def test_the_day_lists_every_page_of_ours(box):
    ours = [box.pay(f"cas_{n}.chk_{n}", 10) for n in range(5)]
    box.pay("an order of the shop", 99)
    old = "2026-11-19T08:00:00.000-04:00"
    box.pay("cas_9.chk_9", 10, date_last_updated=old)

    assert [one.payment_id for one in box.provider.list_day(DAY.date())] == ours


def signed(data_id, secret=SECRET):
    manifest = f"id:{data_id};request-id:req-1;ts:1742505638683;"
    signature = hmac.new(secret.encode(), manifest.encode(), hashlib.sha256).hexdigest()
    return {"x-signature": f"ts=1742505638683,v1={signature}", "x-request-id": "req-1"}


def test_a_notification_names_the_payment_that_its_signature_covers(box):
    body = json.dumps({"id": 55, "action": "payment.updated", "data": {"id": "666"}}).encode()
    query = {"data.id": "1316643861", "type": "payment"}

    (event,) = box.provider.events(signed("1316643861"), query, body, now=DAY)

    assert (event.read_id, event.kind, event.payment) == ("1316643861", "payment.updated", None)
    other = query | {"type": "merchant_order"}
    assert box.provider.events(signed("1316643861"), other, body, now=DAY) == ()
    for headers in (signed("1316643861", "another"), signed("666"), {}):
        with pytest.raises(Forged):
            box.provider.events(headers, query, body, now=DAY)


def test_a_wrong_key_is_told(box):
    with pytest.raises(ProviderProblem, match="credentials"):
        MercadoPago(key="APP_USR-wrong-key", secret="", url=box.url).account()
    assert box.provider.account() == "MUEBLESLAESQUINA"
    with pytest.raises(ProviderProblem, match="not_found"):
        box.provider.read("999")
