"""Finding cases, and working on one."""

import re
from typing import Any

import pytest

from frontend.e2e import fake_cases
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

LIST = "/panel/expedientes/?cartera=prt_mx"
CASE = "/panel/expedientes/caso/?id=cas_1"


def calls(api: FakeApi, method: str, ending: str) -> list[Any]:
    return [c.body for c in api.calls if c.method == method and c.path.endswith(ending)]


def names(page: "sync_api.Page") -> "sync_api.Locator":
    return page.locator("tbody th a")


def test_the_heading_tells_what_the_list_is_sorted_by(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(LIST)
    late = page.get_by_role("columnheader", name="Atraso")
    balance = page.get_by_role("columnheader", name="Saldo")
    expect(late).to_have_attribute("aria-sort", "ascending")

    balance.get_by_role("button").click()
    expect(balance).to_have_attribute("aria-sort", "descending")
    expect(late).not_to_have_attribute("aria-sort", re.compile("."))
    balance.get_by_role("button").click()
    expect(balance).to_have_attribute("aria-sort", "ascending")


def test_filters_are_in_the_address_and_the_back_button_takes_them_off(
    signed_in: "sync_api.Page",
) -> None:
    page = signed_in
    page.goto(LIST)
    expect(names(page)).to_have_count(50)
    page.get_by_role("button", name="Filtros").click()
    page.get_by_label("Estado").select_option("held")

    expect(page).to_have_url(re.compile("status=held"))
    expect(page.get_by_role("button", name="Quitar En pausa")).to_be_visible()
    expect(names(page)).not_to_have_count(50)
    expect(names(page).first).to_be_visible()
    page.go_back()
    expect(names(page)).to_have_count(50)


def test_who_answers_for_a_case_is_in_the_list_its_filter_and_on_the_page(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(LIST)
    expect(names(page)).to_have_count(50)
    page.get_by_role("button", name="Filtros").click()
    page.get_by_label("Responsable").select_option(label="Carla Ríos")

    expect(page.get_by_role("button", name="Quitar Responsable: Carla Ríos")).to_be_visible()
    expect(page.locator("tbody tr").first).to_contain_text("Carla Ríos")
    assert [c.query["owner"] for c in api.calls if c.query.get("owner")][-1] == "per_carla"
    looks_well(page, "cases-of-somebody")
    page.get_by_label("Responsable").select_option("none")
    expect(page.locator("tbody tr").first).not_to_contain_text("Carla Ríos")

    page.goto(CASE)
    expect(page.get_by_text("Responsable: Carla Ríos")).to_be_visible()


def test_a_phone_in_any_form_finds_its_case_and_says_so(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(LIST)
    expect(names(page)).to_have_count(50)
    page.keyboard.press("/")
    page.keyboard.type("(222) 243-11-90")

    expect(names(page)).to_have_count(1)
    expect(page.get_by_text("por teléfono")).to_be_visible()


def test_coming_back_from_a_case_finds_the_same_rows(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(LIST)
    page.get_by_role("button", name="Ver más").click()
    expect(names(page)).to_have_count(100)
    expect(names(page).nth(50)).to_be_focused()
    names(page).nth(80).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ibarra Montes, Ofelia")
    page.go_back()

    expect(names(page)).to_have_count(100)
    expect(names(page).nth(80)).to_be_in_viewport()


def test_rows_are_walked_by_keyboard(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(LIST)
    expect(names(page)).to_have_count(50)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")

    expect(names(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ibarra Montes, Ofelia")).to_be_visible()


def test_nothing_found_says_what_to_try(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(LIST + "&q=zzz&status=held")

    expect(page.get_by_role("heading", name="No se encontró «zzz»")).to_be_visible()
    page.get_by_role("button", name="Quitar filtros").click()
    expect(page).not_to_have_url(re.compile("status"))


def test_the_list_leaves_as_a_file_with_its_filters(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(LIST + "&status=open&sort=-balance")
    page.get_by_role("button", name="Descargar CSV").click()

    expect(page.get_by_text("Se descargaron 130 expedientes.")).to_be_visible()
    assert calls(api, "POST", "/exports") == [{"status": "open", "sort": "-balance"}]


def test_when_each_debt_may_be_paid_is_told_in_words_or_why_it_is_not(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(CASE)
    debts = page.locator("#debts")
    expect(debts).to_contain_text("44 de 100 de que pague completa al menos una deuda en 15 días")
    second = debts.locator("details.debt").nth(1)
    expect(second).to_contain_text("41 de 100 de que la pague en 15 días; se espera unos 96 días")
    expect(second).to_contain_text("entre 88 y 121 días después, en 3 de cada 5 casos")
    expect(debts.locator("details.debt").first).to_contain_text("no se sabe cuándo")
    debts.get_by_text("Por qué", exact=True).click()
    expect(debts.get_by_text("Pagó antes 4 deudas, 3 con atraso")).to_be_visible()
    looks_well(page, "case-forecast")
    page.set_viewport_size({"width": 390, "height": 844})
    debts.scroll_into_view_if_needed()
    looks_well(page, "case-forecast-phone")

    silent = {"forecast": None, "no_forecast": "too_few_paid"}
    fake_cases.page_of(api).update(silent)
    page.reload()

    expect(debts).to_contain_text("Sin pronóstico: ha pagado menos de dos deudas")


def test_a_payment_is_posted_to_the_cent_and_once(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(CASE)
    page.get_by_role("button", name="Registrar pago").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Importe").fill("1,234.5")
    dialog.get_by_role("button", name="Registrar pago").click()
    expect(dialog.get_by_label("Referencia")).to_be_focused()
    assert calls(api, "POST", "/payments") == []
    dialog.get_by_label("Referencia").fill("SPEI 88")
    dialog.get_by_role("button", name="Registrar pago").click()

    expect(page.get_by_text("Pago registrado.")).to_be_visible()
    expect(page.get_by_text("Pago de $1,234.50")).to_be_visible()
    [posted] = calls(api, "POST", "/payments")
    assert (posted["amount_minor"], posted["reference"]) == (123450, "SPEI 88")


def test_a_reference_used_before_is_refused_beside_its_field(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(CASE)
    page.get_by_role("button", name="Registrar pago").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Importe").fill("10")
    dialog.get_by_label("Referencia").fill("R-3")
    dialog.get_by_role("button", name="Registrar pago").click()

    expect(dialog.get_by_label("Referencia")).to_have_attribute("aria-invalid", "true")
    expect(dialog).to_contain_text("Ya se registró antes un movimiento con esa referencia.")


def test_a_movement_is_undone_only_with_a_reason(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(CASE)
    page.get_by_role("button", name=re.compile("Anular Pago")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Anular").click()
    expect(dialog).to_contain_text("Di el motivo")
    dialog.get_by_label("Motivo").fill("Depósito devuelto por el banco")
    dialog.get_by_role("button", name="Anular").click()

    expect(page.get_by_text("Movimiento anulado.")).to_be_visible()
    [sent] = calls(api, "POST", "/reversals")
    assert sent == {"entry_id": "ent_3", "reason": "Depósito devuelto por el banco"}


def test_a_role_s_limit_is_said_in_money(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(CASE)
    page.get_by_label("Más acciones").click()
    page.get_by_role("button", name="Condonar").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Importe").fill("900")
    dialog.get_by_label("Motivo").fill("Convenio de pago")
    dialog.get_by_role("button", name="Condonar").click()

    expect(dialog).to_contain_text("Tu función permite hasta $500.00")


def test_who_may_not_act_is_offered_nothing(signed_in: "sync_api.Page", api: FakeApi) -> None:
    fake_cases.page_of(api)["can"] = dict.fromkeys(fake_cases.page_of(api)["can"], False)
    page = signed_in
    page.goto(CASE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ibarra Montes, Ofelia")

    for words in ("Registrar pago", "Promesa de pago", "Agregar nota", "Guardar nota", "Anular"):
        expect(page.get_by_role("button", name=words)).to_have_count(0)


def test_the_timeline_is_narrowed_gone_back_in_and_verified(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(CASE)
    history = page.locator("#timeline")
    expect(history.locator(".event")).to_have_count(6)
    page.get_by_role("button", name="Ver anteriores").click()
    expect(history.get_by_text("Se abrió el expediente")).to_be_visible()
    history.get_by_role("radio", name="Notas").check()
    expect(history.locator(".event")).to_have_count(1)

    page.get_by_role("button", name="Verificar").click()
    expect(page.get_by_text("Intacta: 8 hechos comprobados")).to_be_visible()


def test_a_timeline_that_is_not_what_the_server_verified_is_called_broken(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    del fake_cases.page_of(api)["timeline"]["items"][2]
    page = signed_in
    page.goto(CASE)
    page.get_by_role("button", name="Verificar").click()

    expect(page.get_by_role("alert")).to_contain_text("el hecho 6 no es como se escribió")


def test_the_debtors_statement_is_fetched(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(CASE)
    page.get_by_label("Más acciones").click()
    with page.expect_response("**/api/v1/cases/cas_1/statement") as answered:
        page.get_by_role("button", name="Descargar estado de cuenta (PDF)").click()
    assert answered.value.ok


def test_the_statement_is_for_paper_only(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(CASE)
    statement = page.locator(".statement")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(statement).to_be_hidden()
    page.emulate_media(media="print")

    expect(statement).to_be_visible()
    expect(statement).to_contain_text("$22,100.60")
    expect(page.get_by_role("button", name="Registrar pago")).to_be_hidden()


def test_what_was_issued_can_be_read_and_checked(signed_in: "sync_api.Page") -> None:
    signed_in.goto(CASE)
    card = signed_in.locator("#documents")
    lines = card.get_by_role("listitem")
    expect(lines).to_have_count(3)
    expect(lines.nth(1)).to_contain_text("Ya no vale")
    expect(lines.nth(1)).to_contain_text("El banco retiró el pago")
    check = lines.first.get_by_role("link", name="Comprobar K7QD-0000-0001")
    expect(check).to_have_attribute("href", "/verificar/#K7QD-0000-0001")
    with signed_in.expect_download() as told:
        lines.first.get_by_role("button", name="Descargar Convenio de pago").click()
    assert told.value.url.endswith("/_s3/agreement-1.pdf")


def test_the_visits_made_are_listed_and_lead_to_their_page(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(CASE)
    card = page.locator("#made-visits")

    last = card.get_by_role("listitem").first
    expect(last).to_contain_text("Promesa de pago")
    expect(last).to_contain_text("Carla Ríos · confianza 45 de 100 · falta 1 foto")
    expect(last).to_contain_text("Por revisar")
    expect(card.get_by_role("link").first).to_have_attribute(
        "href", re.compile(r"/panel/visitas/visita/\?caso=cas_1&id=vis_2")
    )


def test_doors_with_their_fences_and_visits_are_on_a_map(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(CASE)
    page.locator("#made-visits").get_by_role("button", name="Ver en el mapa").click()

    shown = page.get_by_role("region", name="Direcciones y visitas en el mapa")
    expect(shown.locator(".map-mark-address")).to_have_count(1)
    expect(shown.locator(".map-mark-fix")).to_have_count(2)
