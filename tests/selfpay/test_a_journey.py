"""
Journeys in a browser of 360 px on slow 3G, and every page of them by axe.

From a link to a signed plan, its first payment at the sandbox, the reminder of the second, and the
end of it; a payment without scripts; a door that stays shut; a dispute that stops the reminder.
"""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from chalicelib import wiring
from chalicelib.domain.agreements import AgreementState
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.timeline import verify
from chalicelib.services import verify as books
from chalicelib.wiring import contacting
from tests import sandbox
from tests.api.conftest import forget
from tests.builders import an_attempt, change_of, reopened
from tests.selfpay.conftest import TAX_ID, World, _audit
from tests.selfpay.test_a_plan import remind
from tests.selfpay.walking import (
    AXE,
    Clock,
    look,
    narrow,
    on_the_phone,
    planned,
    post_payments,
    sent,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci in frontend"),
]
LOOKS = 30  # again, for what a provider has not told yet


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    for module in (wiring, contacting):  # links are made in the latter
        monkeypatch.setattr(module, "now", made.now)
    return made


@pytest.fixture
def town(world, clock, monkeypatch) -> World:
    """A portfolio that forgives some of what is paid soon, reminds, and takes cards."""
    known = world.portfolio
    limits = replace(
        known.policies.agreements, max_discount_principal_ppm=400_000, min_down_payment_ppm=0
    )
    policies = replace(known.policies, agreements=limits)
    generous = replace(known, policies=policies, version=known.version + 1)
    wiring.portfolios().save(generous, audit=_audit(generous))
    remind(known.portfolio_id)
    with sandbox.served(clock.now) as box:
        for name, value in box.environment.items():
            monkeypatch.setenv(name, value)
        forget()
        box.connect(known.portfolio_id, now=clock.now())
        yield world
    forget()


def enter(page, link, look=look) -> None:
    page.goto(link)
    look(page)
    page.get_by_label("Últimos 4").fill(TAX_ID[-4:])
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_url("**/pagar/cuenta")
    look(page)


def sign(page, town) -> None:
    """Choose the plan that saves something and sign it with the code that was sent."""
    page.get_by_role("link", name="Pagar en partes").first.click()
    page.wait_for_url("**/pagar/plan")
    look(page)
    page.locator('a[href^="/pagar/plan/plan-3-"]').click()
    page.locator("#send").wait_for()
    look(page)
    page.locator("#send").click()
    page.wait_for_url("**/pagar/firma/**")
    look(page)
    page.get_by_label("Código").fill(town.code())
    page.get_by_role("button", name="Firmar").click()
    page.wait_for_url("**/pagar/acuerdo/**")
    expect(page.get_by_role("status")).to_contain_text("Está vigente")
    look(page)


def pay(page, town, what, look=look) -> None:
    """Pay by card at the sandbox, and come back to what became of it."""
    page.locator(f'input[name="what"][value="{what}"]').wait_for()
    assert page.locator(f'input[name="what"][value="{what}"]').is_checked()
    page.locator('input[value="sandbox:card"]').check()
    look(page)
    page.get_by_role("button", name="Ir a pagar").click()
    page.wait_for_url("**/simulador/pagos/**")
    page.locator("#pay-card").click()
    page.wait_for_url("**/pagar/pagado/**")
    paid = page.get_by_role("heading", name="Pago recibido")
    for _ in range(LOOKS):
        post_payments(town)
        page.reload()
        if paid.is_visible():
            break
    expect(paid).to_be_visible()
    look(page)


def test_a_plan_from_its_link_to_its_end(town, chrome, clock):
    with on_the_phone(town, chrome) as page:
        enter(page, town.link())
        sign(page, town)
        with page.expect_download() as download:
            page.get_by_role("link", name="Descargar el acuerdo").click()
        assert download.value.path().read_bytes().startswith(b"%PDF")
        page.locator('a[href="/pagar/pago?que=share"]').click()
        pay(page, town, "share")

    made = town.file.agreements[0]
    first, second, _ = made.shares
    assert (made.to_pay_minor, made.saved_minor) == (80_000, 20_000)
    assert "agreement.share_paid" in [event.kind for event in town.file.events]

    planned(town, clock, second.due_on - timedelta(days=3))
    (reminder,) = [
        one
        for one in town.file.attempts
        if one.cause.kind == "strategy" and one.state is AttemptState.PLANNED
    ]
    assert reminder.cause.anchor == second.due_on
    told = sent(town, clock, reminder)
    said = town.provider.got[-1].content.text
    assert town.provider.got[-1].message_id == told.attempt_id
    link = re.search(r"https?://[^\s/]+(/pagar/a/[\w-]+)", said)[1]

    with on_the_phone(town, chrome) as page:
        enter(page, link)
        page.get_by_role("link", name="Ver mi acuerdo").click()
        page.wait_for_url("**/pagar/acuerdo/**")
        expect(page.get_by_role("heading", name="Su próximo pago")).to_be_visible()
        address = page.url

        planned(town, clock, second.due_on + timedelta(days=made.grace_days + 1))

        enter(page, link)
        left = (100_000 - first.amount_minor) / 100
        expect(page.get_by_role("main")).to_contain_text(f"${left:,.2f}")
        page.goto(address)
        expect(page.get_by_role("status")).to_contain_text("Terminó porque faltaron pagos")
        look(page)

    file = town.file
    assert file.agreements[0].state is AgreementState.DEFAULTED
    undone = [one for one in file.entries if one.kind is EntryKind.REVERSAL]
    assert [one.reason for one in undone] == ["agreement_broken"]
    assert file.head.balance_minor == 100_000 - first.amount_minor
    assert verify(file.events, file.head.chain).ok
    checked = books.portfolio(
        town.portfolio.portfolio_id,
        cases=wiring.cases(),
        stored=wiring.counters(),
        time_zone=town.portfolio.time_zone,
    )
    assert checked.differences == []


def test_a_debtor_pays_without_scripts(town, chrome):
    with on_the_phone(town, chrome, java_script_enabled=False) as page:
        enter(page, town.link(), narrow)
        page.locator('a[href="/pagar/pago"]').first.click()
        pay(page, town, "all", narrow)
        with page.expect_download() as download:
            page.get_by_role("link", name="Descargar mi recibo").click()
        assert download.value.path().read_bytes().startswith(b"%PDF")
        expect(page.get_by_role("main")).to_contain_text("Ya no debe nada")

    assert town.file.head.balance_minor == 0


def test_a_door_that_stays_shut(town, chrome, clock):
    link = town.link()
    with on_the_phone(town, chrome) as page:
        page.goto(link)
        for fact in ("0000",) * 5 + (TAX_ID[-4:],):
            page.get_by_label("Últimos 4").fill(fact)
            with page.expect_navigation():
                page.get_by_role("button", name="Entrar").click()
            said = page.get_by_role("alert").inner_text()
            assert ("Demasiados intentos" in said) == (fact != "0000")
        look(page)

        page.goto(town.link(now=clock.now() - timedelta(days=61)))
        page.get_by_role("heading", name="Este enlace ya no sirve").wait_for()
        look(page)

        store, later = wiring.debtor_access_store(), clock.now() + timedelta(seconds=1)
        before = store.links(town.case_id)
        assert store.change_links(before, before.with_all_revoked(later), case_id=town.case_id)
        page.goto(link)
        page.get_by_role("heading", name="Este enlace ya no sirve").wait_for()
        expect(page.locator("body")).not_to_contain_text(town.portfolio.branding.display_name)


def test_a_dispute_stops_what_was_to_be_sent(town, chrome, clock):
    draft = reopened(town.file, town.portfolio, clock.now())
    draft.plan(an_attempt(not_before=clock.now() + timedelta(hours=3)))
    wiring.cases().commit(change_of(draft))
    with on_the_phone(town, chrome) as page:
        enter(page, town.link())
        page.locator('a[href^="/pagar/aclarar"]').first.click()
        page.get_by_label("La deuda no es mía").wait_for()
        look(page)
        page.get_by_label("La deuda no es mía").check()
        page.get_by_label(re.compile("Cuéntenos")).fill("No la conozco")
        page.locator("main form button").last.click()
        page.wait_for_url("**/pagar/listo/aclarar")
        look(page)
        page.goto("/pagar/aclarar")
        expect(page.get_by_role("main")).to_contain_text("Le respondemos a más tardar el")
        look(page)
        page.goto("/pagar/cuenta")
        expect(page.get_by_role("main")).to_contain_text("revisando su aclaración")
        look(page)

    (dispute,) = town.file.disputes
    assert dispute.live
    assert [one.state for one in town.file.attempts] == [AttemptState.WITHDRAWN]
