"""Agreements in the panel: compared, proposed, accepted with proof, approved by somebody else."""

import pytest

from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

CASE = "/panel/expedientes/caso/?id=cas_1"
QUEUE = "/panel/aprobaciones/?cartera=prt_mx"


def made(page: "sync_api.Page") -> "sync_api.Locator":
    page.goto(CASE)
    page.get_by_role("button", name="Hacer convenio").click()
    return page.get_by_role("dialog")


def test_offers_side_by_side_to_an_agreement_in_force(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    dialog = made(signed_in)
    options = dialog.get_by_role("group", name="Ofertas")
    expect(options.get_by_role("heading")).to_have_text(["Liquidación", "Pagos", "Pagos"])
    expect(options).to_contain_text("Se perdonan $200.00")
    options.get_by_role("button", name="Proponer esta").nth(1).click()
    expect(dialog).to_have_count(0)
    card = signed_in.locator("#agreements")
    expect(card).to_contain_text("Propuesto")

    card.get_by_role("button", name="Aceptar con prueba").click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Poner en vigor")).to_be_disabled()
    dialog.get_by_role("button", name="Mandar código").click()
    expect(dialog.get_by_text("Código enviado a •••5678")).to_be_visible()
    dialog.get_by_label("Código que dicta el deudor").fill("123456")
    dialog.get_by_role("button", name="Poner en vigor").click()
    expect(card).to_contain_text("Vigente")
    expect(card.get_by_role("table")).to_contain_text("Pago 3")
    (sent,) = [call.body for call in api.calls if call.path.endswith("/acceptance")]
    assert sent == {"proof": "code", "reference": "otc_1", "code": "123456"}


def test_an_offer_beyond_the_limits_gets_a_counter_offer_or_an_approval(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    dialog = made(signed_in)
    dialog.get_by_text("Otra oferta").click()
    dialog.get_by_label("Número de pagos").fill("24")
    dialog.get_by_role("button", name="Simular").click()
    expect(dialog.get_by_text("Máximo 12 pagos")).to_be_visible()
    expect(dialog.get_by_role("button", name="Proponer la contraoferta")).to_be_visible()
    expect(dialog.get_by_role("button", name="Pedir aprobación")).to_be_disabled()
    dialog.get_by_label("Motivo").fill("Perdió el empleo")
    dialog.get_by_role("button", name="Pedir aprobación").click()
    expect(signed_in.locator("#agreements")).to_contain_text("Espera aprobación")
    (sent,) = [call.body for call in api.calls if call.path.endswith("/agreements")]
    assert (sent["reason"], sent["offer"]["instalments"]) == ("Perdió el empleo", 24)


def test_interest_becomes_principal_only_where_new_terms_may_and_somebody_ticks_it(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    api.portfolios[0]["policies"]["agreements"]["capitalise"] = True
    dialog = made(signed_in)
    dialog.get_by_text("Otra oferta").click()
    box = dialog.get_by_label("Convertir en capital")
    dialog.get_by_label("Número de pagos").fill("6")
    expect(box).to_have_count(0)  # a plan is no new terms
    dialog.get_by_label("Tipo").select_option(label="Reestructura")
    expect(dialog.get_by_text("El documento lo dice antes de firmar")).to_be_visible()
    box.check()
    expect(box).to_be_checked()
    dialog.get_by_role("button", name="Simular").click()
    expect(dialog.get_by_role("button", name="Proponer esta").last).to_be_visible()
    asked = [call.body for call in api.calls if call.path.endswith("/agreement-simulations")]
    assert asked[-1]["kind"] == "restructure"
    assert asked[-1]["offer"]["capitalise"] is True


def test_the_second_person_reads_why_and_decides(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(QUEUE)
    waiting = signed_in.locator(".approval").filter(has_text="Perdió el empleo en octubre")
    expect(waiting).to_be_visible()
    expect(signed_in.get_by_text("Máximo 12 pagos")).to_be_visible()
    waiting.get_by_role("button", name="Aprobar", exact=True).click()
    expect(waiting.get_by_text("Aprobado")).to_be_visible()
    expect(waiting.get_by_role("button")).to_have_count(0)
    (sent,) = [call.body for call in api.calls if "/agreements/agr_q1" in call.path]
    assert sent == {"decision": "approved"}


def test_a_refusal_says_why(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(QUEUE)
    waiting = signed_in.locator(".approval").filter(has_text="Perdió el empleo en octubre")
    waiting.get_by_role("button", name="No aprobar").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="No aprobar").click()
    expect(dialog.get_by_text("Escriba el motivo.")).to_be_visible()
    dialog.get_by_label("Motivo").fill("Ya tuvo dos reestructuras")
    dialog.get_by_role("button", name="No aprobar").click()
    expect(waiting.get_by_text("No se aprobó")).to_be_visible()
    expect(waiting.get_by_role("button")).to_have_count(0)


def test_the_first_page_says_what_became_of_agreements(signed_in: "sync_api.Page") -> None:
    signed_in.goto("/panel/?cartera=prt_mx")
    card = signed_in.locator("#agreements-MXN")

    expect(card.get_by_role("row", name="Aceptados")).to_contain_text("12")
    expect(card.get_by_role("row", name="Pagos a tiempo")).to_contain_text("21 de 30 (70")
    expect(card.get_by_role("columnheader")).to_have_text(
        ["Convenios", "Esta semana", "Este mes", "Mes pasado"]
    )
