"""What may be done to reach a debtor now, and what is recorded of it, on the page of a case."""

import pytest

from frontend.e2e.fake_site import FakeApi
from frontend.e2e.test_cases import CASE, calls

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect


def test_every_way_says_what_is_allowed_and_a_refusal_counts_at_once(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(CASE)
    ways = page.locator("#contacts .channels").first
    expect(ways.get_by_role("listitem").nth(0)).to_contain_text("Ahora")
    expect(ways.get_by_role("listitem").nth(1)).to_contain_text("Fuera de horario; desde el")
    expect(ways.get_by_role("listitem").nth(1)).to_contain_text("CONDUSEF")

    page.locator("#contacts").get_by_role("button", name="Cambiar").first.click()
    page.get_by_label("WhatsApp").select_option("refused")
    page.get_by_label("Sus palabras").fill("No me escriban")
    page.get_by_role("button", name="Guardar", exact=True).click()

    expect(ways.get_by_role("listitem").nth(0)).to_contain_text(
        "No quiere que se le contacte por aquí"
    )
    (sent,) = calls(api, "POST", "/consents")
    assert (sent["channel"], sent["state"], sent["words"]) == (
        "whatsapp", "refused", "No me escriban",
    )  # fmt: skip


def test_a_hold_is_placed_shown_and_lifted(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(CASE)
    page.get_by_role("button", name="Poner en pausa").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Motivo").select_option("illness")
    dialog.get_by_label("Último día").fill("2020-01-01")
    dialog.get_by_role("button", name="Poner en pausa").click()
    expect(dialog.get_by_text("no puede ser anterior a hoy")).to_be_visible()
    dialog.get_by_label("Último día").fill("")
    dialog.get_by_role("button", name="Poner en pausa").click()

    holds = page.locator("#holds")
    expect(holds.get_by_text("Vigente")).to_be_visible()
    holds.get_by_role("button", name="Levantar la pausa por Enfermedad").click()
    expect(holds.get_by_text("Levantada")).to_be_visible()
    assert [body["reason"] for body in calls(api, "POST", "/holds")] == ["illness"]


RULES = "/panel/reglas/?cartera=prt_mx"


def test_the_rules_are_told_in_words_and_an_admin_tightens_them(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(RULES)
    expect(page.locator("#hours")).to_contain_text("07:00 – 22:00")
    expect(page.locator("#caps")).to_contain_text("Como máximo 3 contactos en siete días")

    page.get_by_label("No antes de").fill("09:00")
    page.get_by_label("Cuántos contactos").fill("1")
    page.get_by_role("button", name="Agregar límite").click()
    page.get_by_label("Día", exact=True).fill("2026-12-24")
    page.get_by_role("button", name="Agregar día").click()
    page.get_by_role("button", name="Guardar", exact=True).click()

    expect(page.get_by_text("Rigen desde ahora")).to_be_visible()
    sent = calls(api, "PATCH", "/portfolios/prt_mx")[-1]["policies"]["contact"]
    assert (sent["opens_at"], sent["closed_days"]) == ("09:00", ["2026-12-24"])
    assert [(cap["most"], cap["period"]) for cap in sent["caps"]] == [(1, "iso_week")]


def test_who_is_no_admin_reads_the_limits_and_cannot_change_them(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    api.me["role"] = "supervisor"
    contact = api.portfolios[0]["policies"]["contact"]
    contact.update(opens_at="09:00", closed_days=["2026-12-24"])
    signed_in.goto(RULES)

    own = signed_in.locator("#own")
    expect(own).to_contain_text("De 09:00 a 24:00")
    expect(own.get_by_role("textbox")).to_have_count(0)


def test_a_debtor_is_written_to_in_their_own_language(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto("/panel/expedientes/caso/?id=cas_1")
    chosen = signed_in.get_by_label("Idioma de los mensajes")
    expect(chosen.locator("option:checked")).to_have_text("El que usa: Español")

    chosen.select_option(label="English")

    expect(signed_in.get_by_text("Cambió el idioma de los mensajes")).to_be_visible()
    expect(chosen).to_have_value("en")
    assert [c.body for c in api.calls if c.method == "PUT"] == [{"language": "en"}]
