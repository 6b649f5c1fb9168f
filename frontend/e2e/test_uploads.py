"""A file's way through the pages: sent, mapped, reviewed, applied, undone."""

import re
from typing import Any

import pytest

from frontend.e2e import fake_uploads
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

MINE = "/panel/cargas/carga/?cartera=prt_mx&id="
FILE: Any = {"name": "cartera.csv", "mimeType": "text/csv", "buffer": b"Nombre;Monto\nAna;1\n"}


def calls(api: FakeApi, method: str, ending: str) -> list[Any]:
    return [c.body for c in api.calls if c.method == method and c.path.endswith(ending)]


def test_a_file_goes_from_the_desk_to_the_portfolio(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto("/panel/cargas/nueva/?cartera=prt_mx")
    page.locator("input[type=file]").set_input_files(FILE)
    page.get_by_role("button", name="Subir archivo").click()

    expect(page.get_by_role("heading", name="Qué es cada columna")).to_be_visible()
    page.get_by_role("button", name="Revisar el archivo").click()
    expect(page.get_by_text("Elige una respuesta.")).to_be_visible()
    page.get_by_role("radio", name=re.compile("Día y luego mes")).check()
    page.get_by_label("Colonia").select_option("address")
    page.get_by_role("button", name="Revisar el archivo").click()

    page.get_by_role("button", name="Aplicar", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("874")
    page.get_by_role("button", name="Aplicar 1,077 filas").click()
    expect(page.get_by_text("La cartera está al día con este archivo")).to_be_visible()

    [announced] = calls(api, "POST", "/uploads")
    assert (announced["filename"], announced["mode"]) == ("cartera.csv", "debts")
    [mapping] = calls(api, "PUT", "/mapping")
    assert mapping["columns"]["9"] == "address"
    assert mapping["answers"] == {"date-6": "dmy"}


def test_a_field_in_two_columns_is_flagged_until_one_is_left(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(MINE + "upl_map")
    page.get_by_label("Colonia").select_option("amount")

    expect(page.get_by_text("También está en: Importe")).to_be_visible()
    expect(page.get_by_text("«Importe» está en dos columnas")).to_be_visible()
    page.get_by_label("Colonia").select_option("")
    expect(page.get_by_text("También está en")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1440])
def test_what_the_creditor_charged_off_is_a_field_of_a_debt(
    signed_in: "sync_api.Page", api: FakeApi, width: int
) -> None:
    page = signed_in
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(MINE + "upl_map")
    column = page.get_by_label("Colonia")
    group = column.locator("optgroup", has=page.locator("option", has_text="Fecha de castigo"))
    expect(group).to_have_attribute("label", "Deuda")
    column.select_option(label="Castigado")
    page.get_by_role("radio", name=re.compile("Día y luego mes")).check()
    column.scroll_into_view_if_needed()
    looks_well(page, f"upload-charged-off-{width}")
    page.get_by_role("button", name="Revisar el archivo").click()

    expect(page.get_by_role("button", name="Aplicar", exact=True)).to_be_visible()
    [mapping] = calls(api, "PUT", "/mapping")
    assert mapping["columns"]["9"] == "charged_off"


def test_what_the_mode_needs_is_asked_for(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(MINE + "upl_map")
    for label in ("No. Cliente", "NOMBRE DEL DEUDOR", "R.F.C."):
        page.get_by_label(label).select_option("")

    missing = page.get_by_text(re.compile("Falta la columna: Número de cliente o"))
    expect(missing).to_be_visible()


def test_the_review_shows_why_rows_are_left_out_and_where(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(MINE + "upl_ready")

    row = page.get_by_role("row", name=re.compile("mayor que cero"))
    expect(row).to_contain_text("12, 40, 41")
    expect(row).to_contain_text("19")
    expect(page.get_by_text("Este archivo ya se aplicó antes, idéntico")).to_be_visible()


def test_the_report_tells_what_was_left_out_because_people_had_it_erased(
    signed_in: "sync_api.Page",
) -> None:
    page = signed_in
    for upload_id in ("upl_ready", "upl_done"):
        page.goto(MINE + upload_id)
        row = page.get_by_role("row", name=re.compile("Teléfono: se borró a petición"))
        expect(row).to_contain_text("17, 208, 611")
        expect(page.get_by_role("row", name=re.compile("Su titular pidió borrar"))).to_be_visible()
    page.goto(MINE + "upl_bal")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Borrado a petición de la persona")).to_have_count(0)


def test_a_running_upload_is_followed_without_reloading(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(MINE + "upl_run")
    expect(page.get_by_text("61,240")).to_be_visible()
    running = next(u for u in fake_uploads.of(api, "prt_mx") if u["upload_id"] == "upl_run")
    running["progress"]["rows_done"] = 99_999

    expect(page.get_by_text("99,999")).to_be_visible()


def test_cancelling_and_undoing_ask_first(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(MINE + "upl_run")
    page.get_by_role("button", name="Cancelar la carga").click()
    page.keyboard.press("Escape")
    assert calls(api, "POST", "/cancellation") == []

    page.goto(MINE + "upl_done")
    page.get_by_role("button", name="Deshacer la carga").click()
    page.get_by_role("dialog").get_by_role("button", name="Deshacer la carga").click()
    expect(page.get_by_role("heading", name="Carga deshecha")).to_be_visible()


def test_a_file_that_cannot_be_read_is_refused_before_it_is_sent(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto("/panel/cargas/nueva/?cartera=prt_mx")
    page.locator("input[type=file]").set_input_files({**FILE, "name": "cartera.pdf"})

    expect(page.get_by_role("alert")).to_contain_text("Guárdalo como Excel o CSV")
    expect(page.get_by_role("button", name="Subir archivo")).to_be_disabled()
    assert calls(api, "POST", "/uploads") == []


def test_two_cases_of_one_person_are_merged_and_parted_again(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto("/panel/cargas/duplicados/?cartera=prt_mx")
    other = page.locator(".merge-side").filter(has_text="OFELIA IBARRA M.")
    expect(other.get_by_text("+52 22 2123 4567")).to_be_visible()
    expect(other.get_by_text("en los dos")).to_have_count(1)
    page.get_by_role("radio", name=re.compile("OFELIA IBARRA M.")).check()
    page.get_by_role("button", name="Unir en el elegido").click()
    page.get_by_role("dialog").get_by_role("button", name="Unir en el elegido").click()

    expect(page.get_by_text("Unidos en OFELIA IBARRA M.")).to_be_visible()
    assert calls(api, "POST", "/merges") == [{"into": "cas_2", "from": "cas_1"}]
    page.get_by_role("button", name="Deshacer").click()
    expect(page.get_by_role("button", name="Unir en el elegido")).to_be_visible()
