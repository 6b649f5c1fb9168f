"""One tray of what waits for a second person: counted, told, decided or led to its page."""

import re

import pytest

from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

TRAY = "/panel/aprobaciones/?cartera=prt_mx"


def test_every_kind_is_counted_and_leads_to_where_it_is_decided(
    signed_in: "sync_api.Page",
) -> None:
    page = signed_in
    page.goto(TRAY)
    tabs = page.get_by_role("navigation", name="Qué espera")
    expect(tabs.get_by_role("link")).to_have_count(9)
    expect(tabs.get_by_role("link", name="Condonaciones")).to_contain_text("2")
    expect(page.get_by_text("Perdió el empleo en octubre")).to_be_visible()
    for words, address in (
        ("Contar en Efectivo", "/panel/caja/"),
        ("Ver en Visitas", "estado=points"),
        ("Comparar los dos", "/panel/cargas/duplicados/"),
        ("Buscar el pago", "ver=reported"),
    ):
        expect(page.get_by_role("link", name=words)).to_have_attribute("href", re.compile(address))


def test_a_waiver_is_allowed_here_but_not_ones_own(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(TRAY + "&tipo=correction")
    expect(page.get_by_text("Condonar $1,500.00 de interés")).to_be_visible()
    expect(page.get_by_text("lo decide otra persona", exact=False).last).to_be_visible()
    before = page.locator(".approval").all_inner_texts()
    page.get_by_role("button", name="Aprobar", exact=True).click()

    # It stays where it was, decided: no other row comes under the finger that pressed.
    expect(page.locator(".approval").first.get_by_text("Aprobado")).to_be_visible()
    expect(page.locator(".approval").first.locator("a")).to_be_focused()
    assert page.locator(".approval").nth(1).inner_text() == before[1]
    expect(page.get_by_role("link", name="Condonaciones")).to_contain_text("1")
    [sent] = [c for c in api.calls if c.method == "PATCH"]
    assert (sent.path.rpartition("/")[2], sent.body) == ("cor_1", {"decision": "approved"})


def test_a_no_says_why(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(TRAY + "&tipo=correction")
    page.get_by_role("button", name="No aprobar").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Motivo").fill("Puede pagar")
    dialog.get_by_role("button", name="No aprobar").click()

    expect(page.locator(".approval").first.get_by_role("button")).to_have_count(0)
    expect(page.locator(".approval").first).to_contain_text("Condonar $1,500.00")
    [sent] = [c.body for c in api.calls if c.method == "PATCH"]
    assert sent == {"decision": "rejected", "reason": "Puede pagar"}


def test_the_tray_is_walked_by_keyboard(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(TRAY)
    expect(page.locator(".approval")).to_have_count(9)
    page.keyboard.press("j")
    page.keyboard.press("j")

    expect(page.locator(".approval").nth(1).locator("a").first).to_be_focused()


def test_beyond_ones_limit_somebody_else_is_asked(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto("/panel/expedientes/caso/?id=cas_1")
    page.get_by_label("Más acciones").click()
    page.get_by_role("button", name="Condonar").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Importe").fill("600")
    dialog.get_by_label("Motivo").fill("Estuvo en el hospital")
    dialog.get_by_role("button", name="Condonar").click()
    dialog.get_by_role("button", name="Pedir aprobación").click()

    expect(page.get_by_text("Quedó pedido")).to_be_visible()
    [asked] = [c.body for c in api.calls if c.path.endswith("/corrections")]
    assert (asked["kind"], asked["amount_minor"]) == ("waiver", 60_000)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_tray_fits_and_axe_finds_nothing(signed_in: "sync_api.Page", width: int) -> None:
    signed_in.set_viewport_size({"width": width, "height": 900})
    signed_in.goto(TRAY)
    expect(signed_in.locator(".approval")).to_have_count(9)
    looks_well(signed_in, f"approvals-{width}")


def test_a_charge_off_is_decided_here_and_says_that_it_is_still_owed(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(TRAY + "&tipo=charge_off")
    expect(page.get_by_text("Castigar F-000881 por $12,980.50")).to_be_visible()
    expect(page.get_by_text("no es una condonación")).to_be_visible()
    page.get_by_role("button", name="No aprobar").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Motivo").fill("Ofreció pagar")
    dialog.get_by_role("button", name="No aprobar").click()

    expect(page.locator(".approval").first.get_by_role("button")).to_have_count(0)
    [sent] = [c for c in api.calls if c.method == "PATCH"]
    assert sent.path.endswith("/cases/cas_1/charge-offs/cho_1")
    assert sent.body == {"decision": "rejected", "reason": "Ofreció pagar", "what": "charge_off"}
