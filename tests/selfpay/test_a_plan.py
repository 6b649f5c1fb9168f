"""From a link to a signed plan, its first payment, the reminder of the second, and its end."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.agreements import Agreement, AgreementState
from chalicelib.domain.checkout import reference
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.payment import PaymentState, ProviderPayment
from chalicelib.handlers import plan_jobs
from chalicelib.services import incoming
from chalicelib.strategies.model import Playbook, Segment, StrategyState
from tests.api.conftest import forget
from tests.money_world import FakeProvider
from tests.selfpay.conftest import Visitor, World, _audit
from tests.unit.strategies.world import a_step, a_strategy, due


@pytest.fixture
def inside(world, visitor, monkeypatch) -> Visitor:
    """A debtor of a portfolio that forgives a part of what is paid soon, and reminds."""
    known = world.portfolio
    limits = replace(
        known.policies.agreements, max_discount_principal_ppm=400_000, min_down_payment_ppm=0
    )
    policies = replace(known.policies, agreements=limits)
    portfolio = replace(known, policies=policies, version=known.version + 1)
    wiring.portfolios().save(portfolio, audit=_audit(portfolio))
    remind(portfolio.portfolio_id)
    forget()
    fake, real = FakeProvider(), wiring.paying
    monkeypatch.setattr(wiring, "payment_methods", lambda _: (("sandbox", "card"),))
    monkeypatch.setattr(wiring, "paying", lambda: replace(real(), provider=lambda *_: fake))
    visitor.enter(world.link())
    return visitor


def remind(portfolio_id: str) -> None:
    """Publish a strategy that speaks three days before what falls due."""
    strategy = replace(
        a_strategy(a_step("before", due(-3))),
        portfolio_id=portfolio_id,
        state=StrategyState.PUBLISHED,
        valid_from=date(2026, 1, 1),
    )
    wiring.strategies().add(strategy)
    everybody = Segment(
        segment_id="all", name="Todos", priority=1, strategy_id=strategy.strategy_id
    )
    book = Playbook(portfolio_id=portfolio_id, segments=(everybody,))
    wiring.strategies().save_playbook(book)


def signed(world: World, inside: Visitor) -> Agreement:
    """Take the offer that forgives something and is paid in parts, with the code that was sent."""
    offers = re.findall(r'href="/pagar/plan/(plan-3-[^"]+)"', inside.get("/pagar/plan").text)
    form = inside.send(inside.get(f"/pagar/plan/{offers[0]}"))
    code_id = re.search(r'name="code_id" value="([^"]+)"', form.text)[1]
    page = inside.send(form, code_id=code_id, code=world.code())
    assert "Está vigente" in page.text
    return world.file.agreements[0]


def pay(world: World, inside: Visitor, minor: int) -> None:
    """Pay on the page; the provider's news comes a moment later."""
    text = f"{minor // 100}.{minor % 100:02d}"
    inside.send(inside.get("/pagar/pago"), what="amount", amount=text, means="sandbox:card")
    checkout = world.file.checkouts[0]
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
    for _ in range(2):  # delivered twice, as providers do
        incoming.post(
            world.case_id, payment, checkout_id=checkout.checkout_id, means=means, now=now
        )


def test_a_plan_from_its_link_to_its_end(world, inside, monkeypatch):
    made = signed(world, inside)
    assert (made.to_pay_minor, made.saved_minor) == (80_000, 20_000)
    first, second, _ = made.shares
    pay(world, inside, first.amount_minor)

    file = world.file
    earned = [one for one in file.entries if one.kind is EntryKind.WAIVER]
    assert sum(one.amount_minor for one in earned) == -(20_000 * first.amount_minor // 80_000)
    assert "agreement.share_paid" in [event.kind for event in file.events]

    def plan_on(day: date) -> None:
        at = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        with monkeypatch.context() as patched:
            patched.setattr(wiring, "now", lambda: at)
            portfolio_id = world.portfolio.portfolio_id
            message = {"step": "cases", "portfolio_id": portfolio_id, "case_ids": [world.case_id]}
            plan_jobs._work(message, None)

    plan_on(second.due_on - timedelta(days=3))
    reminders = [one for one in world.file.attempts if one.cause.kind == "strategy"]
    assert [(one.state, one.cause.anchor) for one in reminders] == [
        (AttemptState.PLANNED, second.due_on)
    ]

    plan_on(second.due_on + timedelta(days=made.grace_days + 1))
    file = world.file
    assert file.agreements[0].state is AgreementState.DEFAULTED
    undone = [one for one in file.entries if one.kind is EntryKind.REVERSAL]
    assert [one.reason for one in undone] == ["agreement_broken"]
    assert file.head.balance_minor == 100_000 - first.amount_minor
    page = inside.get(f"/pagar/acuerdo/{made.agreement_id}")
    assert (page.status, "Está vigente" in page.text) == (200, False)
