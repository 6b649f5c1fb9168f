"""The Stripe adapter against localstripe, in a process of its own."""

import json
import queue
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chalicelib.domain.checkout import CheckoutState
from chalicelib.domain.money import Money
from chalicelib.domain.payment import BackKind, PaymentState
from chalicelib.payments.port import Forged, ProviderProblem
from chalicelib.payments.stripe import Stripe
from local.processes import free_port
from tests.money_world import MoneyWorld

pytest.importorskip("localstripe")

KEY, SECRET = "sk_test_0123456789", "whsec_of_the_tests"
GOOD, DECLINED = "4242424242424242", "4000000000000341"


class Listener(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.put((dict(self.headers), body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Box:
    def __init__(self, url):
        self.url = url
        self.provider = Stripe(key=KEY, secret=SECRET, url=url)

    def call(self, path, **form):
        headers = {"Authorization": f"Bearer {KEY}", "Stripe-Version": "2024-06-20"}
        body = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(f"{self.url}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            raw = answer.read()
        return json.loads(raw) if raw else {}

    def pay(self, session, number=GOOD):
        return self.call(f"/_test/sessions/{session}/pay", number=number)

    def paid(self, ask):
        session = self.provider.start(ask).provider_id
        self.pay(session)
        return self.provider.read(session)


@pytest.fixture(scope="module")
def box():
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.localstripe_checkout", str(port)])
    try:
        made = Box(f"http://127.0.0.1:{port}")
        patience = time.monotonic() + 30
        while True:
            try:
                made.provider.account()
                break
            except ProviderProblem:
                assert process.poll() is None
                assert time.monotonic() < patience
        yield made
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def ask(an_ask):
    """One of its own for every test: localstripe remembers."""
    return an_ask(key=f"chk_{uuid.uuid4().hex}", reference=f"cas_1.chk_{uuid.uuid4().hex}")


def test_a_card_is_paid(box, ask):
    started = box.provider.start(ask)
    assert started.url.startswith("https://checkout.stripe.com/")
    assert started.expires_at == ask.expires_at.replace(microsecond=0)
    waiting = box.provider.read(started.provider_id)
    assert (waiting.state, waiting.payment_id, waiting.reference) == (
        PaymentState.PENDING, "", ask.reference,
    )  # fmt: skip

    box.pay(started.provider_id)

    paid = box.provider.read(started.provider_id)
    assert (paid.state, paid.amount_minor, paid.currency, paid.reference, paid.provider_id) == (
        PaymentState.PAID, 123450, "MXN", ask.reference, started.provider_id,
    )  # fmt: skip
    assert abs(paid.paid_at - datetime.now(UTC)) < timedelta(minutes=5)
    # By its own id it is the same money, whatever session it came by.
    again = box.provider.read(paid.payment_id)
    assert (again.payment_id, again.state) == (paid.payment_id, PaymentState.PAID)


def test_the_same_key_starts_the_same_session(box, ask):
    assert box.provider.start(ask) == box.provider.start(ask)


def test_a_refused_card_leaves_the_session_open(box, ask):
    session = box.provider.start(ask).provider_id
    box.pay(session, DECLINED)
    assert box.provider.read(session).state is PaymentState.PENDING
    box.pay(session)
    assert box.provider.read(session).state is PaymentState.PAID


@pytest.mark.parametrize("method", ["oxxo", "spei"])
def test_vouchers_and_transfers_have_a_session_of_their_own(box, ask, method):
    assert box.provider.start(replace(ask, method=method)).provider_id.startswith("cs_")


@pytest.mark.parametrize("method", ["oxxo", "spei"])
def test_what_is_paid_elsewhere_is_under_way_until_its_money_is_there(box, ask, method):
    session = box.provider.start(replace(ask, method=method)).provider_id
    box.call(f"/_test/sessions/{session}/print")
    waiting = box.provider.read(session)
    assert (waiting.state, waiting.kept_minor, waiting.method) == (PaymentState.PENDING, 0, method)
    assert not box.provider.close(session)  # the voucher is in somebody's hands

    box.call(f"/_test/sessions/{session}/arrive", paid="true")

    paid = box.provider.read(session)
    assert (paid.state, paid.kept_minor, paid.method) == (PaymentState.PAID, 123450, method)
    assert (paid.reference, paid.payment_id) == (ask.reference, waiting.payment_id)
    today = datetime.now(UTC).date()
    assert paid.payment_id in [one.payment_id for one in box.provider.list_day(today)]


@pytest.mark.parametrize("method", ["oxxo", "spei"])
def test_what_nobody_paid_in_its_days_brought_nothing(box, ask, method):
    session = box.provider.start(replace(ask, method=method)).provider_id
    box.call(f"/_test/sessions/{session}/print")
    box.call(f"/_test/sessions/{session}/arrive", paid="false")

    over = box.provider.read(session)
    assert (over.state, over.problem, over.kept_minor) == (PaymentState.FAILED, "expired", 0)
    assert over.paid_at is None


@pytest.mark.parametrize(("paid", "end"), [
    ("true", CheckoutState.PAID), ("false", CheckoutState.FAILED),
])  # fmt: skip
def test_a_voucher_settles_its_case_or_lets_it_be_paid_otherwise(box, paid, end):
    world = MoneyWorld()
    world.now = datetime.now(UTC)
    world.provider = box.provider
    case_id = world.a_case()
    started = world.start(case_id, provider="stripe", method="oxxo")
    assert started.expires_at - world.now < timedelta(days=1)  # of the page, not of the voucher
    session = started.provider_id

    box.call(f"/_test/sessions/{session}/print")
    world.take(box.provider.read(session))
    (checkout,) = world.cases.open(case_id).checkouts
    assert (checkout.state, world.owed(case_id)) == (CheckoutState.PENDING, 100_000)
    # Its page ended within a day; who holds the voucher is told of no other way, nor given another.
    world.wait(days=3)
    assert checkout.shown_at(world.now) is CheckoutState.PENDING
    assert (
        world.start(case_id, provider="stripe", method="oxxo").checkout_id == checkout.checkout_id
    )

    box.call(f"/_test/sessions/{session}/arrive", paid=paid)
    for _ in range(2):  # told twice
        world.take(box.provider.read(session))

    (checkout,) = world.cases.open(case_id).checkouts
    left = 0 if end is CheckoutState.PAID else 100_000
    assert (checkout.state, world.owed(case_id)) == (end, left)


def test_oxxo_takes_pesos_only(box, ask):
    with pytest.raises(ProviderProblem, match="rejected"):
        box.provider.start(replace(ask, method="oxxo", amount=Money(100, "USD")))
    with pytest.raises(ProviderProblem, match="not_supported"):
        box.provider.start(replace(ask, method="pigeon"))


@pytest.mark.parametrize("wanted", [timedelta(minutes=-1), timedelta(days=9)])
def test_an_end_that_stripe_would_refuse_is_moved(box, ask, wanted):
    started = box.provider.start(replace(ask, expires_at=datetime.now(UTC) + wanted))
    assert timedelta(minutes=30) < started.expires_at - datetime.now(UTC) < timedelta(hours=24)


def test_what_is_closed_is_over_and_what_is_paid_stays_paid(box, ask):
    session = box.provider.start(ask).provider_id
    assert box.provider.close(session)
    assert box.provider.close(session)
    assert box.provider.read(session).state is PaymentState.EXPIRED

    paid = box.paid(replace(ask, key=ask.key + "x"))
    assert not box.provider.close(paid.provider_id)


def test_money_goes_back_by_refund_once_for_a_key(box, ask):
    paid = box.paid(ask)
    key = uuid.uuid4().hex

    back = box.provider.refund(paid.payment_id, 23450, key=key)
    assert box.provider.refund(paid.payment_id, 23450, key=key) == back

    after = box.provider.read(paid.payment_id)
    assert (after.backs, after.kept_minor) == ((back,), 100000)


@pytest.mark.parametrize(("status", "kept"), [
    ("needs_response", 0), ("lost", 0), ("won", 123450), ("warning_needs_response", 123450),
])  # fmt: skip
def test_a_dispute_takes_the_money_unless_it_is_an_inquiry_or_won(box, ask, status, kept):
    paid = box.paid(ask)
    box.call("/v1/disputes", payment_intent=paid.payment_id, status=status, amount="123450")

    after = box.provider.read(paid.payment_id)

    assert after.kept_minor == kept
    assert all(back.kind is BackKind.CHARGEBACK for back in after.backs)


def test_the_day_lists_what_came_in_and_nothing_that_is_not_ours(box, ask):
    paid = box.paid(ask)
    card = box.call("/v1/payment_intents", amount="999", currency="mxn")

    listed = [one.payment_id for one in box.provider.list_day(datetime.now(UTC).date())]

    assert paid.payment_id in listed
    assert card["id"] not in listed
    assert box.provider.list_day((datetime.now(UTC) - timedelta(days=9)).date()) == []


def test_a_webhook_names_what_is_to_be_read(box, ask):
    server = HTTPServer(("127.0.0.1", 0), Listener)
    server.heard = queue.Queue()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    box.call("/_config/webhooks/ours", url=url, secret=SECRET)
    try:
        session = box.provider.start(ask).provider_id
        box.pay(session)
        read = set()
        now = datetime.now(UTC)
        while not {session} <= read:
            headers, body = server.heard.get(timeout=15)
            events = box.provider.events(headers, {}, body, now=now)
            read |= {event.read_id for event in events}
            with pytest.raises(Forged, match="mismatch"):
                box.provider.events(headers, {}, body + b" ", now=now)
            with pytest.raises(Forged, match="outside_tolerance"):
                box.provider.events(headers, {}, body, now=now + timedelta(hours=1))
        assert box.provider.read(session).state is PaymentState.PAID
    finally:
        server.shutdown()
        server.server_close()


def test_a_wrong_key_and_a_silent_stripe_are_told_apart(box):
    with pytest.raises(ProviderProblem, match="credentials"):
        Stripe(key="nothing", secret="", url=box.url).account()
    with pytest.raises(ProviderProblem, match="unavailable") as silent:
        Stripe(key=KEY, secret="", url=f"http://127.0.0.1:{free_port()}").account()
    assert silent.value.retry
    assert box.provider.account() == "Muebles La Esquina"
    with pytest.raises(ProviderProblem, match="not_found"):
        box.provider.read("cs_none")
    with pytest.raises(ProviderProblem, match="not_found"):
        box.provider.read("ch_1")
