"""The laptop's provider of payments, through the adapter and through its own pages."""

import queue
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.bank_references import is_cash_reference, is_clabe
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Ask, BackKind, PaymentState
from chalicelib.payments.port import Forged, ProviderProblem
from chalicelib.payments.sandbox import Sandbox
from local.providers.courier import Courier
from local.providers.paying import sandbox
from local.providers.till import CARDS
from tests.sandbox import served

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
CARD = {does: number for number, does in CARDS.items()}


@pytest.fixture
def box(tmp_path):
    """A sandbox whose webhooks land in ``box.heard`` instead of somebody's server."""
    with served(lambda: NOW, file=tmp_path / "payments.jsonl") as found:
        found.heard = queue.Queue()

        def post(url, body, headers):
            found.heard.put((url, body, headers))
            return True

        found.courier.post = post
        yield found


def an_ask(**changes) -> Ask:
    return Ask(**{
        "key": "chk_1",
        "reference": "cas_1.chk_1",
        "amount": Money(123450, "MXN"),
        "title": "Muebles La Esquina",
        "language": "es",
        "country": "MX",
        "return_url": "https://recobro.example/pagar/resultado",
        "cancel_url": "https://recobro.example/pagar/cuenta",
        "notify_url": "https://recobro.example/api/v1/webhooks/payments/sandbox/prt_1",
        "expires_at": NOW + timedelta(hours=1),
    } | changes)  # fmt: skip


def told(box, number=1):
    """The next webhooks, read by the adapter."""
    found = []
    for _ in range(number):
        _, body, headers = box.heard.get(timeout=10)
        found += box.provider().events(headers, {}, body, now=NOW)
    return found


def test_a_card_is_paid_and_told_of(box):
    provider = box.provider()
    started = provider.start(an_ask())
    assert started.url == f"{box.url}/simulador/pagos/{started.provider_id}"
    assert provider.read(started.provider_id).state is PaymentState.PENDING

    assert box.pay(started.provider_id) == (303, "https://recobro.example/pagar/resultado")

    (event,) = told(box)
    paid = event.payment
    assert (paid.state, paid.amount_minor, paid.currency, paid.reference, paid.method) == (
        PaymentState.PAID, 123450, "MXN", "cas_1.chk_1", "card",
    )  # fmt: skip
    assert paid == provider.read(started.provider_id) == provider.read(paid.payment_id)
    assert paid in provider.list_day(NOW.date())
    assert not provider.list_day(NOW.date() + timedelta(days=3))


def test_the_same_key_starts_the_same_page_and_pays_once(box):
    provider = box.provider()
    first, again = provider.start(an_ask()), provider.start(an_ask())
    assert first == again

    box.pay(first.provider_id)
    box.pay(first.provider_id)

    assert len(box.payments(first.provider_id)) == 1


def test_a_key_is_not_used_for_another_amount(box):
    box.provider().start(an_ask())
    with pytest.raises(ProviderProblem):
        box.provider().start(an_ask(amount=Money(1, "MXN")))


@pytest.mark.parametrize("does", ["declined", "insufficient_funds"])
def test_a_refused_card_leaves_the_page_open_and_troubles_nobody(box, does):
    provider = box.provider()
    checkout = provider.start(an_ask()).provider_id

    assert box.pay(checkout, CARD[does]) == (303, f"/simulador/pagos/{checkout}?error={does}")
    assert told(box) == []
    assert provider.read(checkout).state is PaymentState.PENDING
    assert 'role="alert"' in box.look(f"/simulador/pagos/{checkout}?error={does}")

    box.pay(checkout)
    assert [e.payment.state for e in told(box)] == [PaymentState.PAID]


def test_the_bank_may_ask_for_a_code(box):
    checkout = box.provider().start(an_ask()).provider_id
    _, step = box.pay(checkout, CARD["asks_code"])
    assert "1234" in box.look(step)
    assert box.provider().read(checkout).state is PaymentState.PENDING

    assert box.fill_in(step, code="9999")[1] == f"/simulador/pagos/{checkout}?error=authentication"
    _, step = box.pay(checkout, CARD["asks_code"])
    box.fill_in(step, code="1234")

    assert box.provider().read(checkout).state is PaymentState.PAID


def test_what_is_delayed_is_pending_until_the_bank_says_so(box):
    checkout = box.provider().start(an_ask()).provider_id
    box.pay(checkout, CARD["delayed"])
    (waiting,) = told(box)
    assert waiting.payment.state is PaymentState.PENDING

    box.fill_in(f"/simulador/pagos/{waiting.payment.payment_id}/do", do="settle")

    assert told(box)[0].payment.state is PaymentState.PAID


def test_a_card_may_pay_twice(box):
    checkout = box.provider().start(an_ask()).provider_id
    box.pay(checkout, CARD["pays_twice"])

    first, second = (event.payment for event in told(box, 2))
    assert first.payment_id != second.payment_id
    assert first.reference == second.reference


@pytest.mark.parametrize(("method", "good"), [("cash", is_cash_reference), ("transfer", is_clabe)])
def test_a_voucher_is_paid_at_the_counter(box, method, good):
    provider = box.provider()
    checkout = provider.start(an_ask()).provider_id
    _, page = box.fill_in(f"/simulador/pagos/{checkout}/voucher", method=method)
    _, again = box.fill_in(f"/simulador/pagos/{checkout}/voucher", method=method)
    assert page == again
    (pending,) = told(box)
    (voucher,) = box.payments(checkout)
    assert good(voucher.voucher)
    assert voucher.voucher in box.look(page)
    assert pending.payment.state is PaymentState.PENDING

    box.fill_in(f"/simulador/pagos/{voucher.id}/do", do="settle")

    (paid,) = told(box)
    assert (paid.payment.state, paid.payment.method) == (PaymentState.PAID, method)


def test_money_goes_back_by_refund_and_by_the_bank(box):
    provider = box.provider()
    checkout = provider.start(an_ask()).provider_id
    box.pay(checkout)
    payment = provider.read(checkout).payment_id

    back = provider.refund(payment, 23450, key="ref_1")
    assert provider.refund(payment, 23450, key="ref_1") == back
    assert provider.read(payment).kept_minor == 100000

    box.fill_in(f"/simulador/pagos/{payment}/do", do="charge_back")
    assert provider.read(payment).kept_minor == 0
    assert [b.kind for b in provider.read(payment).backs] == [BackKind.REFUND, BackKind.CHARGEBACK]
    box.fill_in(f"/simulador/pagos/{payment}/do", do="win")
    assert provider.read(payment).kept_minor == 100000

    with pytest.raises(ProviderProblem):
        provider.refund(payment, 100001, key="ref_2")


def test_what_nobody_tells_is_found_by_the_day(box):
    provider = box.provider()
    checkout = provider.start(an_ask()).provider_id
    box.pay(checkout, CARD["not_told"])

    assert [p.reference for p in provider.list_day(NOW.date())] == ["cas_1.chk_1"]
    assert box.heard.empty()


def test_news_may_come_three_times_and_out_of_order(box):
    checkout = box.provider().start(an_ask()).provider_id
    box.pay(checkout, CARD["told_badly"])

    states = [event.payment.state for event in told(box, 4)]
    assert states == [PaymentState.PAID] * 2 + [PaymentState.PENDING] + [PaymentState.PAID]


def test_what_is_closed_or_over_time_is_not_paid(box):
    provider = box.provider()
    checkout = provider.start(an_ask()).provider_id
    assert provider.close(checkout)
    assert provider.close(checkout)
    assert box.pay(checkout)[0] == 410
    assert provider.read(checkout).state is PaymentState.EXPIRED

    paid = provider.start(an_ask(key="chk_2")).provider_id
    box.pay(paid)
    assert not provider.close(paid)


def test_a_forged_or_old_notification_is_refused(box):
    checkout = box.provider().start(an_ask()).provider_id
    box.pay(checkout)
    _, body, headers = box.heard.get(timeout=10)
    provider = box.provider()

    for changed, at in ((body + b" ", NOW), (body, NOW + timedelta(hours=1))):
        with pytest.raises(Forged):
            provider.events(headers, {}, changed, now=at)
    with pytest.raises(Forged):
        provider.events({}, {}, body, now=NOW)
    other = Sandbox(box.url, key="sbx_somebody_else")
    with pytest.raises(Forged):
        other.events(headers, {}, body, now=NOW)


def test_an_account_sees_its_own_only(box):
    checkout = box.provider().start(an_ask()).provider_id
    other = Sandbox(box.url, key="sbx_somebody_else")
    with pytest.raises(ProviderProblem, match="not_found"):
        other.read(checkout)
    wrong = Sandbox(box.url, key="sk_live_1")
    with pytest.raises(ProviderProblem, match="credentials"):
        wrong.account()


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_page_is_in_the_debtors_language(box, language):
    checkout = box.provider().start(an_ask(language=language)).provider_id
    page = box.look(f"/simulador/pagos/{checkout}")
    assert f'<html lang="{language}">' in page
    amount = {"es": "$1,234.50 MXN", "en": "MX$1,234.50 MXN", "pt": "MX$\xa01.234,50 MXN"}
    assert amount[language] in page
    assert "<script" not in page
    assert {"es": "Pagos de prueba", "en": "Test payments", "pt": "Pagamentos de teste"}[
        language
    ] in page


def test_a_name_is_text_and_nothing_else(box):
    checkout = box.provider().start(an_ask(title="<script>alert(1)</script>")).provider_id
    assert "<script" not in box.look(f"/simulador/pagos/{checkout}")


def test_a_restart_remembers(tmp_path):
    file = tmp_path / "payments.jsonl"
    with served(lambda: NOW, file=file) as box:
        checkout = box.provider().start(an_ask()).provider_id
        box.pay(checkout)
        before = box.provider().read(checkout)
    with served(lambda: NOW, file=file) as again:
        assert again.provider().read(checkout) == before
        assert again.provider().start(an_ask()).provider_id == checkout


def test_webhooks_are_sent_until_they_are_taken():
    taken = queue.Queue()
    answers = iter([False, False, True])

    def post(url, body, headers):
        taken.put(body)
        return next(answers)

    paying, courier = sandbox(None, site=lambda: "http://x", now=lambda: NOW)
    courier.post, courier.again_after_s = post, (0, 0)
    account = "a" * 24
    wanted = {"reference": "r", "amount_minor": 5, "currency": "MXN", "success_url": "http://s",
              "cancel_url": "http://s", "webhook_url": "http://w"}  # fmt: skip
    checkout = paying.till.start(account, wanted, "k")
    paying.till.pay_by_card(checkout.id, "4242424242424242")

    assert len({taken.get(timeout=10) for _ in range(3)}) == 1
    assert isinstance(courier, Courier)
    assert courier.given_up == []
