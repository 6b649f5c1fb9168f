"""From a page of the sandbox to the ledger: signed news, the queue, the panel's lists."""

import http.server
import json
import queue
import threading

import pytest
from chalice.test import Client

import app as application
from chalicelib import wiring
from chalicelib.domain.checkout import Pays, Target, reference
from chalicelib.domain.draft import Draft
from chalicelib.domain.payment import Back, BackKind, PaymentState, ProviderPayment
from chalicelib.domain.people import Role
from chalicelib.handlers import payment_events
from chalicelib.services import checkouts, incoming, self_service, verify
from tests.api.cloud import client_of, put_case
from tests.api.conftest import API, Api, forget, open_cloud, sign_in
from tests.builders import TODAY, a_debt, a_draft, change_of
from tests.sandbox import served

ALL = Target(pays=Pays.ALL)
PAGES = {"return_url": "https://x/pagar", "cancel_url": "https://x/pagar"}


class Letterbox:
    """Takes what the sandbox's courier brings, to be handed to the API by the test."""

    def __init__(self):
        self.came = queue.Queue()
        box = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                box.came.put((self.path, dict(self.headers), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"


class Desk:
    def __init__(self, api, client, cloud, box, letters):
        self.api, self.client, self.box, self.letters = api, client, box, letters
        self.admin = sign_in(api, cloud, "admin@example.com", Role.ADMIN, totp=True)
        new = {"name": "A", "creditor": "Banco del Norte", "country": "MX"}
        self.pid = api("POST /portfolios", new, token=self.admin).body["portfolio_id"]
        self.box.connect(self.pid, now=wiring.now())
        self.case_id = put_case(self.pid, TODAY)

    def start(self, target=ALL, **how):
        return checkouts.start(
            self.case_id, target, provider="sandbox", by=f"debtor:{self.case_id}", language="es",
            means=wiring.paying(), now=wiring.now(), **PAGES, **how,
        )  # fmt: skip

    def letter(self):
        """The next notification of the sandbox: path, headers, body."""
        return self.letters.came.get(timeout=20)

    def deliver(self, letter):
        path, headers, body = letter
        return self.client.http.request("POST", path, headers=headers, body=body)

    def work(self):
        """Work off the queue; gives how many messages failed."""
        sqs, url = client_of("sqs"), wiring.payment_events()._url
        failed = 0
        while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            event = self.client.events.generate_sqs_event([one["Body"] for one in got])
            answer = self.client.lambda_.invoke("post_payments", event).payload
            failed += len(answer["batchItemFailures"])
            for one in got:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        return failed

    def listed(self, **query):
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return self.api(f"GET /portfolios/{self.pid}/payments?{asked}", token=self.admin).body

    def differences(self):
        return verify.portfolio(
            self.pid,
            cases=wiring.cases(),
            stored=wiring.counters(),
            time_zone="America/Mexico_City",
        ).differences

    def balance(self):
        return wiring.cases().open(self.case_id).head.balance_minor


@pytest.fixture(scope="module")
def box():
    with served(wiring.now) as found:
        yield found


@pytest.fixture(scope="module")
def letters():
    return Letterbox()


@pytest.fixture
def desk(server, box, letters, monkeypatch):
    with open_cloud() as cloud, Client(application.app) as client:
        for name, value in (box.environment | {"SITE_URL": letters.url}).items():
            monkeypatch.setenv(name, value)
        forget()
        yield Desk(Api(client), client, cloud, box, letters)


def test_a_card_payment_is_on_the_case_seconds_later_with_its_receipt(desk):
    started = desk.start()
    desk.box.pay(started.provider_id)
    letter = desk.letter()

    assert desk.deliver(letter).status_code == 200
    assert desk.work() == 0
    assert desk.balance() == 0
    # Told again, late: nothing more.
    desk.deliver(letter)
    assert desk.work() == 0

    (line,) = desk.listed()["items"]
    assert (line["state"], line["amount"]["minor"], line["case_id"]) == (
        "posted", 100_000, desk.case_id,
    )  # fmt: skip
    assert desk.listed(q=line["payment_id"])["items"] == [line]
    (paid,) = desk.listed(list="checkouts", state="paid")["items"]
    assert paid["checkout_id"] == started.checkout_id
    documents = desk.api(f"GET /cases/{desk.case_id}/documents", token=desk.admin).body["items"]
    checked = desk.api(f"GET /documents/{documents[0]['code']}").body
    assert (checked["stands"], checked["facts"]["amount"]["minor"]) == (True, 100_000)
    assert desk.differences() == []


def test_a_page_that_stands_open_is_ended_when_an_agent_notes_the_money(desk, monkeypatch):
    started = desk.start()
    body = {
        "amount_minor": 100_000, "paid_on": TODAY.isoformat(), "reference": "R-1", "method": "cash",
    }  # fmt: skip
    noted = desk.api(f"POST /cases/{desk.case_id}/payments", body, token=desk.admin)
    assert noted.status == 201, noted.body
    provider = wiring.payment_provider(desk.pid, "sandbox")
    assert provider.read(started.provider_id).state is PaymentState.PENDING

    assert desk.work() == 0

    assert provider.read(started.provider_id).state is PaymentState.EXPIRED
    (closed,) = desk.listed(list="checkouts", state="closed")["items"]
    assert closed["checkout_id"] == started.checkout_id


def test_money_is_noted_though_nobody_can_be_told_to_end_the_page(desk, monkeypatch):
    desk.start()
    broken_url = f"{wiring.payment_events()._url}-gone"
    monkeypatch.setattr(wiring.payment_events(), "_url", broken_url)
    body = {
        "amount_minor": 100_000, "paid_on": TODAY.isoformat(), "reference": "R-1", "method": "cash",
    }  # fmt: skip
    noted = desk.api(f"POST /cases/{desk.case_id}/payments", body, token=desk.admin)
    assert (noted.status, desk.balance()) == (201, 0)


def test_a_notification_nobody_signed_is_refused_and_queues_nothing(desk):
    started = desk.start()
    desk.box.pay(started.provider_id)
    path, headers, body = desk.letter()

    forged = desk.deliver((path, headers, body.replace(b"100000", b"100001") + b" "))
    bare = desk.deliver((path, {"content-type": "application/json"}, body))

    assert (forged.status_code, bare.status_code) == (401, 401)
    assert json.loads(forged.body)["code"] == "webhook.forged"
    assert desk.work() == 0
    assert desk.balance() == 100_000


def test_another_portfolios_account_does_not_open_this_one(desk):
    path, headers, body = (
        f"{API}/webhooks/payments/sandbox/prt_none", {"content-type": "application/json"}, b"{}",
    )  # fmt: skip
    assert desk.deliver((path, headers, body)).status_code == 404


def test_what_a_worker_fails_on_comes_again(desk, monkeypatch):
    started = desk.start()
    desk.box.pay(started.provider_id)
    desk.deliver(desk.letter())
    monkeypatch.setattr(wiring, "receiving", broken)
    assert desk.work() > 0
    monkeypatch.undo()


def test_the_tray_is_listed_and_settled(desk):
    payment = ProviderPayment(
        provider="sandbox", state=PaymentState.PAID, amount_minor=40_000, currency="MXN",
        payment_id="pay_lost", reference="who knows", paid_at=wiring.now(), method="transfer",
    )  # fmt: skip
    incoming.take(payment, portfolio_id=desk.pid, means=wiring.receiving(), now=wiring.now())
    page = desk.listed(list="unmatched", state="open")
    (line,) = page["items"]
    assert (page["waiting"], line["reason"], line["reference"]) == (1, "unknown", "who knows")

    decision = {"action": "assign", "case_id": desk.case_id}
    path = f"POST /portfolios/{desk.pid}/payments/{line['unmatched_id']}"
    for _ in range(2):
        done = desk.api(path, decision, token=desk.admin)
        assert done.body["item"]["state"] == "assigned"
    assert desk.balance() == 60_000
    assert desk.listed(list="unmatched", state="open")["waiting"] == 0
    refused = desk.api(path, {"action": "send_back"}, token=desk.admin)
    assert (refused.status, refused.body["code"]) == (409, "unmatched.moved")
    missing = desk.api(path, {"action": "assign"}, token=desk.admin)
    assert missing.status == 422


def test_a_refund_after_a_merge_is_brought_to_the_case_of_the_debt(desk):
    started = desk.start()

    def news(*backs):
        payment = ProviderPayment(
            provider="sandbox", state=PaymentState.PAID, amount_minor=40_000, currency="MXN",
            payment_id="pay_m", reference=reference(desk.case_id, started.checkout_id),
            paid_at=wiring.now(), method="card", backs=backs,
        )  # fmt: skip
        incoming.take(payment, portfolio_id=desk.pid, means=wiring.receiving(), now=wiring.now())

    news()
    portfolio = wiring.portfolios().get(desk.pid)
    other = change_of(a_draft(a_debt("F-2", desk.pid), portfolio=portfolio, key="D-2"))
    wiring.cases().commit(other)
    gone, into = (
        Draft(wiring.cases().open(case_id), portfolio, actor="user:ana", now=wiring.now())
        for case_id in (desk.case_id, other.after.case_id)
    )
    gone.hand_over(into, reference="mrg_1")
    wiring.cases().commit(change_of(gone), change_of(into))
    news(Back(back_id="re_1", kind=BackKind.REFUND, amount_minor=40_000, at=wiring.now()))

    (line,) = desk.listed(list="unmatched", state="open")["items"]
    assert (line["reason"], line["case_id"]) == ("merged", other.after.case_id)
    path = f"POST /portfolios/{desk.pid}/payments/{line['unmatched_id']}"
    assert desk.api(path, {"action": "send_back"}, token=desk.admin).status == 422
    for _ in range(2):
        done = desk.api(path, {"action": "bring"}, token=desk.admin)
        assert (done.status, done.body["item"]["state"]) == (200, "assigned")
    assert wiring.cases().open(other.after.case_id).head.balance_minor == 200_000
    assert desk.differences() == []


def test_money_over_is_listed_and_given_back(desk):
    started = desk.start()
    for number in range(2):
        payment = ProviderPayment(
            provider="sandbox", state=PaymentState.PAID, amount_minor=100_000, currency="MXN",
            payment_id=f"pay_{number}", reference=reference(desk.case_id, started.checkout_id),
            paid_at=wiring.now(), method="card",
        )  # fmt: skip
        incoming.take(payment, portfolio_id=desk.pid, means=wiring.receiving(), now=wiring.now())
    (over,) = desk.listed(state="over")["items"]
    assert over["over"]["minor"] == 100_000
    assert desk.balance() == -100_000
    assert desk.differences() == []


@pytest.mark.parametrize("query", ["list=nothing", "state=nothing", "list=unmatched&state=posted"])
def test_a_list_there_is_not_is_refused(desk, query):
    refused = desk.api(f"GET /portfolios/{desk.pid}/payments?{query}", token=desk.admin)
    assert refused.status == 422


def broken():
    raise RuntimeError("the table is away")


def test_the_worker_is_the_function_of_the_queue():
    assert application.payment_events is payment_events


def test_what_is_told_in_the_chat_is_in_the_same_tray(desk):
    debtor = self_service.Desk(
        case_id=desk.case_id, by=f"debtor:{desk.case_id}", key="key_2", cases=wiring.cases(),
        portfolios=wiring.portfolios(), now=wiring.now(),
    )  # fmt: skip
    self_service.says_paid(debtor, words="Ya pagué en la tienda")
    (line,) = desk.listed(list="reported", source="chat")["items"]
    assert (line["amount"], line["paid_on"], line["source"]) == (None, None, "chat")
    assert line["words"] == "Ya pagué en la tienda"
    assert desk.listed(list="reported", source="visit")["items"] == []
    unknown = desk.api(
        f"GET /portfolios/{desk.pid}/payments?list=reported&source=pigeon", token=desk.admin
    )
    assert unknown.status == 422


def test_what_debtors_report_is_listed_and_looked_for(desk):
    debtor = self_service.Desk(
        case_id=desk.case_id, by=f"debtor:{desk.case_id}", key="key_1", cases=wiring.cases(),
        portfolios=wiring.portfolios(), now=wiring.now(),
    )  # fmt: skip
    reported_id = self_service.report_payment(
        debtor, amount_minor=25_000, paid_on=TODAY, reference="AB-12", shown="$250"
    )
    (line,) = desk.listed(list="reported", state="waiting")["items"]
    assert (line["reported_id"], line["amount"]["minor"], line["reference"]) == (
        reported_id, 25_000, "AB-12",
    )  # fmt: skip

    path = f"POST /portfolios/{desk.pid}/payments/{reported_id}"
    mute = desk.api(
        path, {"action": "not_found", "case_id": desk.case_id, "answer": " "}, token=desk.admin
    )
    assert mute.status == 422
    told = {"action": "not_found", "case_id": desk.case_id, "answer": "Falta el folio"}
    for _ in range(2):
        done = desk.api(path, told, token=desk.admin).body["item"]
        assert (done["state"], done["answer"]) == ("not_found", "Falta el folio")
    moved = desk.api(path, told | {"action": "found"}, token=desk.admin)
    assert (moved.status, moved.body["code"]) == (409, "unmatched.moved")
    nothing = desk.api(path[:-3] + "xyz", told, token=desk.admin)
    assert nothing.status == 404
    assert desk.listed(list="reported", state="waiting")["items"] == []
    assert desk.differences() == []
