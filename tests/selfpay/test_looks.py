"""The pages as they are seen: axe, a small phone, light and dark, without scripts, on paper."""

import zlib
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.dispute import DisputeKind
from chalicelib.services import disputes
from tests.builders import change_of, reopened
from tests.selfpay.conftest import SMALL, TAX_ID
from tests.selfpay.walking import AXE, faults

STEPS = (
    "cuenta", "promesa", "ya-pague", "aclarar", "no-puedo", "mis-datos", "contacto", "documentos",
    "solicitud", "derechos", "quien", "plan", "chat",
)  # fmt: skip
SOME = ("cuenta", "derechos", "plan", "aclarar")
MOST_BYTES = 14 * 1024  # what fits into the first window of TCP, packed (docs/scale.md)


def a_history(world) -> None:
    """Pay some of it, so that pages have movements to show."""
    draft = reopened(world.file, world.portfolio, datetime.now(UTC))
    today = datetime.now(UTC).date() - timedelta(days=1)
    draft.pay(20_000, paid_on=today, source="manual", reference="R-1")
    wiring.cases().commit(change_of(draft))


def entered(world, chrome, **context):
    made = chrome.new_context(base_url=world.served.url, locale="es-MX", **context)
    page = made.new_page()
    page.goto(world.link())
    page.get_by_label("Últimos 4").fill(TAX_ID[-4:])
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_url("**/pagar/cuenta")
    return page


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_phone(world, chrome, scheme) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in frontend")
    a_history(world)
    page = entered(world, chrome, viewport=SMALL, color_scheme=scheme)
    debt = world.file.debts[0].debt_id
    every = (*STEPS, f"deuda/{debt}", "listo/promesa")
    # The templates are the same in every language; long words are not.
    looked = {"es": every, "en": SOME, "pt": SOME} if scheme == "light" else {"es": SOME}
    for language, steps in looked.items():
        page.goto(f"/pagar/idioma/{language}?de=/pagar/cuenta")
        for step in steps:
            page.goto(f"/pagar/{step}")
            assert page.evaluate("document.documentElement.lang") == language
            assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], step
            assert faults(page) == [], (language, step)
    page.goto("/pagar/promesa")
    page.locator("[name=amount]").fill("?")
    page.locator("[name=day]").fill(f"{datetime.now(UTC).date() + timedelta(days=2)}")
    page.locator("main form button").click()
    page.get_by_role("alert").wait_for()
    assert faults(page) == []
    page.context.close()


@pytest.mark.browser
def test_axe_finds_nothing_in_what_is_served_to_who_has_scripts_off(world, chrome) -> None:
    """Axe is a script: what a browser without them was given is looked at in one that has them."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in frontend")
    a_history(world)
    page = entered(world, chrome, viewport=SMALL, java_script_enabled=False)
    context = chrome.new_context(viewport=SMALL)
    looked = context.new_page()
    for step in (*STEPS, f"deuda/{world.file.debts[0].debt_id}", "listo/promesa"):
        answer = page.goto(f"/pagar/{step}")
        html = answer.text()
        assert "<script" not in html, step
        looked.set_content(html)
        assert looked.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], step
        assert faults(looked) == [], step
    context.close()
    page.context.close()


@pytest.mark.browser
def test_the_page_that_takes_a_file_is_clean(world, chrome) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in frontend")
    disputed = disputes.open(
        world.case_id,
        disputes.Claim(kind=DisputeKind.WRONG_AMOUNT, source="self_pay"),
        key="k",
        by=f"debtor:{world.case_id}",
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=datetime.now(UTC),
    )
    page = entered(world, chrome, viewport=SMALL)
    for why in ("", "?por=file_kind"):
        page.goto(f"/pagar/archivo/{disputed.dispute_id}{why}")
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
        assert faults(page) == []
    page.context.close()


@pytest.mark.browser
def test_every_page_fits_into_the_first_packets(world, chrome) -> None:
    a_history(world)
    page = entered(world, chrome, viewport=SMALL, java_script_enabled=False)
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    for step in (*STEPS, f"deuda/{world.file.debts[0].debt_id}"):
        asked.clear()
        answer = page.goto(f"/pagar/{step}")
        packed = zlib.compress(answer.body(), 6)
        assert len(packed) <= MOST_BYTES, (step, len(packed))
        assert asked == [answer.url], asked
    page.context.close()


@pytest.mark.browser
def test_a_promise_by_keyboard_without_scripts(world, chrome) -> None:
    page = entered(world, chrome, viewport=SMALL, java_script_enabled=False)
    page.get_by_role("link", name="Decir qué día pagaré").press("Enter")
    page.get_by_label("¿Cuánto pagará?").fill("1.000,00")
    page.get_by_label("¿Qué día?").fill(f"{datetime.now(UTC).date() + timedelta(days=2)}")
    page.get_by_role("button", name="Anotar").press("Enter")
    page.wait_for_url("**/pagar/listo/promesa")
    page.get_by_text("Quedó anotado").wait_for()
    assert len(world.file.promises) == 1
    page.context.close()


@pytest.mark.browser
def test_the_account_on_paper_leaves_out_what_can_only_be_pressed(world, chrome) -> None:
    page = entered(world, chrome, viewport=SMALL)
    page.emulate_media(media="print")
    assert page.get_by_text("$1,000.00").first.is_visible()
    assert not page.get_by_role("button", name="Salir").is_visible()
    page.context.close()
