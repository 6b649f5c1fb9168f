"""Paying on the page: what is asked for is what is owed, and once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib import wiring
from chalicelib.domain import offers
from chalicelib.domain.checkout import CheckoutState, Pays, reference
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.payment import PaymentState, ProviderPayment, ProviderProblem
from chalicelib.services import incoming
from tests.api.conftest import forget
from tests.builders import an_attempt, change_of, reopened
from tests.money_world import FakeProvider
from tests.selfpay.conftest import Visitor, _audit


@pytest.fixture
def till(world, monkeypatch) -> FakeProvider:
    """The portfolio takes cards and transfers at a provider that does what it is told."""
    fake, real = FakeProvider(), wiring.paying
    offered = (("sandbox", "card"), ("sandbox", "transfer"))
    monkeypatch.setattr(wiring, "payment_methods", lambda _: offered)
    monkeypatch.setattr(wiring, "paying", lambda: replace(real(), provider=lambda *_: fake))
    return fake


@pytest.fixture
def inside(world, visitor, till) -> Visitor:
    visitor.enter(world.link())
    return visitor


def told(world, checkout, minor):
    """Have the provider tell that a checkout was paid."""
    now = datetime.now(UTC)
    payment = ProviderPayment(
        provider="sandbox",
        state=PaymentState.PAID,
        amount_minor=minor,
        currency="MXN",
        payment_id="pay_1",
        provider_id=checkout.provider_id,
        reference=reference(world.case_id, checkout.checkout_id),
        paid_at=now,
    )
    means = incoming.Means(
        cases=wiring.cases(), portfolios=wiring.portfolios(), tray=None, references=lambda *_: None
    )
    incoming.post(world.case_id, payment, checkout_id=checkout.checkout_id, means=means, now=now)


def test_who_owes_can_pay_all_of_it_once(world, inside, till):
    assert 'href="/pagar/pago"' in inside.get("/pagar/cuenta").text
    form = inside.get("/pagar/pago")
    assert "$1,000.00" in form.text

    first = inside.send(form, what="all", means="sandbox:card")
    again = inside.send(form, what="all", means="sandbox:card")
    other = inside.send(inside.get("/pagar/pago"), what="all", means="sandbox:card")

    assert first.path == again.path == other.path
    checkout = world.file.checkouts[0]
    assert first.path == f"/pagar/ir/{checkout.checkout_id}"
    assert f"https://pay.example/{checkout.checkout_id}" in first.text
    assert len(till.started) == len(world.file.checkouts) == 1
    assert (checkout.target.pays, checkout.amount_minor) == (Pays.ALL, 100_000)
    assert checkout.started_by == f"debtor:{world.case_id}"

    back = inside.get(f"/pagar/pagado/{checkout.checkout_id}")
    assert "Esperamos su pago" in back.text


def test_an_amount_may_be_written_in_any_style_and_is_never_more_than_is_owed(world, inside, till):
    for text, minor in (("250,50", 25_050), ("$ 300.00", 30_000)):
        inside.send(inside.get("/pagar/pago"), what="amount", amount=text, means="sandbox:card")
        newest = max(world.file.checkouts, key=lambda one: one.started_at)
        assert newest.amount_minor == minor
    for text, said in (("1.000,01", "Es más de lo que debe"), ("?", "No entendimos")):
        page = inside.send(
            inside.get("/pagar/pago"), what="amount", amount=text, means="sandbox:card"
        )
        assert page.status == 422
        assert said in page.text
    page = inside.send(inside.get("/pagar/pago"), what="debt:dbt_x", means="sandbox:card")
    assert page.status == 422


def test_a_provider_that_is_down_takes_nothing_and_says_so(world, inside, till):
    till.problem = ProviderProblem("unavailable", retry=True)
    page = inside.send(inside.get("/pagar/pago"), what="all", means="sandbox:card")
    assert page.status == 422
    assert "Ahora no se puede" in page.text


def test_another_debtors_payment_is_not_found(world, inside):
    inside.send(inside.get("/pagar/pago"), what="all", means="sandbox:card")
    checkout = world.file.checkouts[0]
    stranger = Visitor(world.served)
    stranger.enter(world.link(world.another_case()))
    for step in ("ir", "pagado"):
        assert stranger.get(f"/pagar/{step}/{checkout.checkout_id}").status == 404


def test_what_was_paid_is_shown_with_what_is_left(world, inside):
    inside.send(inside.get("/pagar/pago"), what="amount", amount="400", means="sandbox:card")
    checkout = world.file.checkouts[0]
    told(world, checkout, 40_000)

    assert world.file.checkouts[0].state is CheckoutState.PAID
    page = inside.get(f"/pagar/pagado/{checkout.checkout_id}")
    assert "Pago recibido" in page.text
    assert "$400.00" in page.text
    assert "Ahora debe $600.00" in page.text


def test_who_has_paid_otherwise_is_told_not_to_pay_again(world, inside):
    inside.send(inside.get("/pagar/pago"), what="all", means="sandbox:card")
    checkout = world.file.checkouts[0]
    now = datetime.now(UTC)
    draft = reopened(world.file, world.portfolio, now)
    draft.pay(60_000, paid_on=draft.today, source="manual", reference="R-1")
    wiring.cases().commit(change_of(draft))

    page = inside.get(f"/pagar/pagado/{checkout.checkout_id}")

    assert "Ya se pagó de otra forma" in page.text
    assert "Ahora debe $400.00" in page.text
    assert "pay.example" not in page.text
    assert "Probar otra vez" not in page.text


def offered(world):
    """Have a message offer a tenth of the principal off, as long as offers stand."""
    limits = replace(world.portfolio.policies.agreements, max_discount_principal_ppm=100_000)
    policies = replace(world.portfolio.policies, agreements=limits)
    generous = replace(world.portfolio, policies=policies, version=world.portfolio.version + 1)
    wiring.portfolios().save(generous, audit=_audit(generous))
    forget()
    draft = reopened(world.file, generous, datetime.now(UTC))
    sent = {"state": AttemptState.SENT, "sent_at": datetime.now(UTC), "not_before": None}
    draft.plan(an_attempt("att_offer", template_id=offers.FAMILY, **sent))
    wiring.cases().commit(change_of(draft))


def test_an_offer_is_taken_by_paying_it_and_what_it_saves_is_forgiven(world, inside):
    assert "con descuento" not in inside.get("/pagar/pago").text
    offered(world)
    form = inside.get("/pagar/pago")
    assert "Ahorra $100.00 si paga hasta el" in form.text

    inside.send(form, what="offer", means="sandbox:card")
    checkout = world.file.checkouts[0]
    assert (checkout.target.pays, checkout.amount_minor) == (Pays.OFFER, 90_000)
    told(world, checkout, 90_000)

    file = world.file
    assert (file.head.balance_minor, file.agreements[0].saved_minor) == (0, 10_000)
    assert "Ya no debe nada" in inside.get(f"/pagar/pagado/{checkout.checkout_id}").text


def test_an_offer_that_was_paid_in_part_forgives_nothing(world, inside):
    offered(world)
    inside.send(inside.get("/pagar/pago"), what="offer", means="sandbox:card")
    told(world, world.file.checkouts[0], 89_999)
    assert (world.file.head.balance_minor, world.file.agreements) == (10_001, ())


def test_no_way_to_pay_is_no_button(world, visitor):
    visitor.enter(world.link())
    assert 'href="/pagar/pago"' not in visitor.get("/pagar/cuenta").text
    assert visitor.get("/pagar/pago").path == "/pagar/cuenta"
