"""Rules of what may be agreed: written, read back in a sentence, ordered, tried, saved."""

import re

import pytest

from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

EDITOR = "/panel/carteras/?id=prt_mx"


def section(page: "sync_api.Page") -> "sync_api.Locator":
    page.goto(EDITOR)
    return page.locator("#agreements")


def a_rule(page: "sync_api.Page", name: str, **more: str) -> None:
    page.locator("#agreements").get_by_role("button", name="Agregar una regla").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Nombre de la regla").fill(name)
    for label, value in more.items():
        dialog.get_by_label(label.replace("_", " ")).fill(value)
    dialog.get_by_role("button", name="Dejar la regla así").click()
    expect(dialog).to_have_count(0)


def test_a_rule_is_read_in_a_sentence_tried_and_saved(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    own = section(signed_in)
    expect(own.get_by_text("Sin reglas")).to_be_visible()
    own.get_by_role("button", name="Agregar una regla").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="Dejar la regla así").click()
    expect(dialog.get_by_text("Ponle un nombre.")).to_be_visible()
    dialog.get_by_label("Nombre de la regla").fill("Chicas y viejas")
    dialog.get_by_label("31 a 60 días").check()
    dialog.get_by_label("Deuda hasta").fill("20000")
    dialog.get_by_label("Productos").fill("tarjeta, préstamo")
    dialog.get_by_label("Máximo de pagos").fill("3")
    said = dialog.locator("p.example")
    expect(said).to_contain_text("hasta $20,000 · de tarjeta o préstamo. Hasta 3 pagos")
    dialog.get_by_role("button", name="Dejar la regla así").click()

    expect(own.get_by_role("row", name="Chicas y viejas")).to_contain_text("Hasta 3 pagos")
    own.get_by_role("button", name="Ver qué se ofrece").click()
    expect(own.get_by_text("Se aplica la regla «Chicas y viejas».")).to_be_visible()
    own.get_by_label("O con un expediente").fill("Ofelia")
    own.get_by_role("button", name="Buscar").click()
    own.get_by_role("button", name=re.compile(", Ofelia$")).first.click()
    expect(own.get_by_text("Ofelia Ibarra Montes: Ninguna regla")).to_be_visible()
    assert not [c for c in api.calls if c.method == "PATCH"]

    signed_in.get_by_role("button", name="Guardar", exact=True).click()
    expect(signed_in.get_by_text("Guardado.")).to_be_visible()
    (sent,) = [c.body for c in api.calls if c.method == "PATCH"]
    (rule,) = sent["policies"]["agreement_rules"]
    assert (rule["name"], rule["max_minor"], rule["min_minor"]) == (
        "Chicas y viejas",
        2_000_000,
        None,
    )
    assert rule["products"] == ["tarjeta", "préstamo"]
    assert (rule["bands"], rule["limits"]["max_instalments"]) == (["31-60"], 3)


def test_a_rule_that_never_holds_says_so_until_it_is_moved(signed_in: "sync_api.Page") -> None:
    own = section(signed_in)
    a_rule(signed_in, "Todas")
    a_rule(signed_in, "Grandes", Deuda_desde="90000")
    warning = own.get_by_text("Nunca se aplica: «Todas» ya incluye estas deudas")
    expect(warning).to_be_visible()
    own.get_by_role("button", name="Subir: Grandes").click()

    expect(warning).to_have_count(0)
    names = own.get_by_role("rowheader")
    expect(names.first).to_contain_text("1. Grandes")
    own.get_by_role("button", name="Quitar la regla Grandes").click()
    expect(names).to_have_count(1)
