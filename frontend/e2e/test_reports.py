"""A supervisor reads the ready boards and puts a report together."""

import re

import pytest

from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/indicadores/?cartera=prt_mx&desde=2026-10-01&hasta=2026-10-31"


def asked(api: FakeApi) -> list[dict[str, object]]:
    return [call.body for call in api.calls if call.path.endswith("/figures") and call.body]


def test_a_ready_board_is_tables_with_their_pictures(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE + "&ver=boards")
    table = signed_in.get_by_role("region", name="Saldo, Saldo vencido").first
    expect(table.get_by_role("rowheader", name="8-30", exact=True)).to_be_visible()
    expect(table).to_contain_text("25.0%")
    expect(signed_in.get_by_role("img", name="Gráfica de Saldo", exact=True)).to_be_visible()
    signed_in.get_by_label("Tablero").select_option("team")
    expect(signed_in).to_have_url(re.compile("tablero=team"))
    expect(signed_in.get_by_role("rowheader", name="Luz Mora").first).to_be_visible()
    assert asked(api)[-1]["dimensions"] == ["person"]


def test_a_board_is_taken_into_the_builder(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE + "&ver=boards&tablero=cost")
    signed_in.get_by_role("button", name="Abrir en el editor").first.click()
    expect(signed_in.get_by_role("checkbox", name="Costo por gestión")).to_be_checked()
    expect(signed_in.get_by_label("Dividir por")).to_have_value("channel")


def test_only_what_all_measures_know_divides_a_report(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE + "&ver=reports")
    divide = signed_in.get_by_label("Dividir por")
    expect(divide.get_by_role("option", name="Plantilla")).to_have_count(1)
    signed_in.get_by_role("checkbox", name="Promesas hechas", exact=True).check()
    expect(divide.get_by_role("option", name="Plantilla")).to_have_count(0)
    signed_in.get_by_role("checkbox", name="Gestiones hechas").uncheck()
    signed_in.get_by_role("checkbox", name="Contactabilidad").uncheck()
    divide.select_option("month")
    signed_in.get_by_role("button", name="Ver informe").click()
    row = signed_in.get_by_role("row").filter(has_text="2026-09")
    expect(row).to_contain_text("1,000")
    now, before = asked(api)[-2:]
    assert now["measures"] == ["promises"]
    assert {now["from"], before["from"]} == {"2026-10-01", "2026-08-31"}


def test_a_filter_offers_what_there_is(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE + "&ver=reports")
    signed_in.get_by_label("Solo algunos").select_option("person")
    one = signed_in.get_by_role("group", name="Persona: solo estos")
    one.get_by_role("checkbox", name="Luz Mora").check()
    signed_in.get_by_role("button", name="Ver informe").click()
    expect(signed_in.get_by_role("rowheader", name="Llamada")).to_be_visible()
    assert asked(api)[-1]["filters"] == [{"dimension": "person", "values": ["per_luz"]}]


def test_a_report_is_taken_as_csv_and_as_a_workbook(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE + "&ver=reports")
    with signed_in.expect_download() as saved:
        signed_in.get_by_role("button", name="CSV").click()
    text = saved.value.path().read_text("utf-8-sig")
    assert saved.value.suggested_filename == "informe-2026-10-01-2026-10-31.csv"
    assert text.startswith("channel,attempts,attempts_numerator,")
    with signed_in.expect_response("**/figures/files") as answered:
        signed_in.get_by_role("button", name="Excel").click()
    assert answered.value.ok
    assert api.calls[-1].body["measures"] == ["attempts", "contact_rate"]
    assert api.calls[-1].body["kind"] == "xlsx"
    with signed_in.expect_response("**/figures/files") as answered:
        signed_in.get_by_role("button", name="PDF").click()
    assert answered.value.ok
    assert api.calls[-1].body["kind"] == "pdf"


def test_without_any_day_a_board_says_how_they_come(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    api.lake = None
    signed_in.goto(PAGE + "&ver=boards")
    expect(signed_in.get_by_role("heading", name="Todavía no hay días con datos")).to_be_visible()


def a_kept_report(page: "sync_api.Page", name: str) -> None:
    page.goto(PAGE + "&ver=reports")
    page.get_by_label("Nombre").fill(name)
    page.get_by_role("button", name="Guardar", exact=True).click()
    expect(page).to_have_url(re.compile("informe=rep_1"))


def test_a_report_is_opened_by_the_link_that_was_copied(signed_in: "sync_api.Page") -> None:
    signed_in.context.grant_permissions(["clipboard-read", "clipboard-write"])
    signed_in.goto(PAGE + "&ver=reports")
    signed_in.get_by_role("checkbox", name="Promesas hechas", exact=True).check()
    signed_in.get_by_label("Nombre").fill("Promesas del mes")
    signed_in.get_by_label("Periodo").select_option("last_month")
    signed_in.get_by_role("button", name="Guardar", exact=True).click()
    signed_in.get_by_role("button", name="Copiar enlace").click()
    expect(signed_in.locator(".copy-button[data-done]")).to_be_visible()
    link = signed_in.evaluate("navigator.clipboard.readText()")
    assert link.endswith("/panel/indicadores/?cartera=prt_mx&informe=rep_1")

    signed_in.goto("/panel/")
    signed_in.goto(link)
    expect(signed_in.get_by_label("Nombre")).to_have_value("Promesas del mes")
    expect(signed_in.get_by_label("Periodo")).to_have_value("last_month")
    expect(signed_in.get_by_role("checkbox", name="Promesas hechas", exact=True)).to_be_checked()
    expect(signed_in).to_have_url(re.compile("informe=rep_1"))


def test_a_link_to_a_report_that_one_may_not_see_is_refused(signed_in: "sync_api.Page") -> None:
    a_kept_report(signed_in, "Canales")
    signed_in.goto("/panel/indicadores/?cartera=prt_other&informe=rep_1")
    expect(signed_in.get_by_text("Ese informe no está en la cartera.")).to_be_visible()
    expect(signed_in.get_by_label("Nombre")).to_have_value("")
    expect(signed_in).not_to_have_url(re.compile("informe="))


def test_a_report_is_kept_named_anew_opened_and_deleted(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE + "&ver=reports")
    signed_in.get_by_label("Nombre").fill("Canales de la semana")
    signed_in.get_by_role("button", name="Guardar", exact=True).click()
    which = signed_in.get_by_label("Abrir", exact=False).first
    expect(which.get_by_role("option", name="Canales de la semana")).to_have_count(1)
    signed_in.get_by_label("Nombre").fill("Canales")
    signed_in.get_by_role("button", name="Guardar cambios").click()
    expect(which.get_by_role("option", name="Canales", exact=True)).to_have_count(1)
    signed_in.goto(PAGE + "&ver=reports")
    which.select_option(label="Canales")
    expect(signed_in.get_by_label("Periodo")).to_have_value("days30")
    signed_in.get_by_role("button", name="Borrar").click()
    sure = signed_in.get_by_role("dialog", name="¿Borrar «Canales»?")
    sure.get_by_role("button", name="Cancelar").click()
    expect(which.get_by_role("option", name="Canales", exact=True)).to_have_count(1)
    signed_in.get_by_role("button", name="Borrar").click()
    sure.get_by_role("button", name="Borrar").click()
    expect(which.get_by_role("option", name="Canales", exact=True)).to_have_count(0)


def a_pinned_report(page: "sync_api.Page", name: str) -> None:
    a_kept_report(page, name)
    page.get_by_role("button", name="Poner en mi inicio").click()
    expect(page.get_by_role("button", name="Quitar de mi inicio")).to_be_visible()


def test_a_report_stands_on_ones_home_page_and_is_told_when_it_is_seen(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    a_pinned_report(signed_in, "Canales")
    api.calls.clear()
    signed_in.goto("/panel/?cartera=prt_mx")
    mine = signed_in.get_by_role("region", name="Tus informes")
    expect(mine.get_by_role("heading", name="Canales")).to_be_attached()
    assert asked(api) == []

    mine.scroll_into_view_if_needed()
    row = mine.get_by_role("row").filter(has_text="Llamada")
    expect(row).to_contain_text("de 4,000")
    assert {call["measures"][0] for call in asked(api)} == {"attempts"}  # type: ignore[index]
    expect(mine.get_by_role("link", name=re.compile("^Abrir"))).to_have_attribute(
        "href", re.compile("cartera=prt_mx&informe=rep_1")
    )
    mine.get_by_role("button", name=re.compile("^Quitar de mi inicio")).click()
    expect(mine).to_have_count(0)
    signed_in.goto(PAGE + "&informe=rep_1")
    expect(signed_in.get_by_role("button", name="Poner en mi inicio")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_number_of_a_home_report_leads_to_its_cases(
    signed_in: "sync_api.Page", api: FakeApi, width: int
) -> None:
    a_pinned_report(signed_in, "Canales")
    page = signed_in
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/panel/?cartera=prt_mx")
    mine = page.get_by_role("region", name="Tus informes")
    expect(mine.get_by_role("heading", name="Canales")).to_be_attached()
    mine.scroll_into_view_if_needed()
    number = mine.get_by_role("button", name=re.compile("Ver expedientes: .*Llamada")).first
    expect(number).to_be_visible()
    looks_well(page, f"home-report-{width}")
    told = [
        call.body
        for call in api.calls
        if call.method == "POST" and call.path.endswith("/prt_mx/figures")
    ]
    number.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Ofelia Ibarra Montes")).to_be_visible()
    looks_well(page, f"home-report-cases-{width}")
    (behind,) = [call.body for call in api.calls if call.path.endswith("/prt_mx/figures/cases")]
    assert (behind["from"], behind["to"]) in {(one["from"], one["to"]) for one in told}
    assert len(behind["keys"]) == len(behind["dimensions"])

    dialog.get_by_role("button", name=re.compile("^Acciones con est")).click()
    acting = page.get_by_role("dialog", name="Acción sobre varios expedientes")
    acting.get_by_label("Qué hacer").select_option("charge_off")
    expect(acting).not_to_contain_text("chargeoff.")
    expect(acting).not_to_contain_text("bulk.")


def test_a_home_report_without_days_says_so_and_one_that_fails_can_be_asked_again(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    a_pinned_report(signed_in, "Canales")
    api.lake = None
    signed_in.goto("/panel/")
    mine = signed_in.get_by_role("region", name="Tus informes")
    mine.scroll_into_view_if_needed()
    expect(mine.get_by_role("table")).to_have_count(0)
    expect(mine.get_by_role("heading", name="Canales · ")).to_be_visible()


def test_a_full_home_page_takes_no_more(signed_in: "sync_api.Page") -> None:
    a_kept_report(signed_in, "Canales")
    signed_in.route(
        "**/reports/rep_1/home",
        lambda route: route.fulfill(
            status=409,
            content_type="application/problem+json",
            body='{"code": "report.home_full", "details": {"most": 6}}',
        ),
    )
    signed_in.get_by_role("button", name="Poner en mi inicio").click()
    expect(signed_in.get_by_text("Tu inicio ya tiene 6 informes.")).to_be_visible()


def test_a_report_is_shared_outside_read_there_and_ended(
    signed_in: "sync_api.Page", browser: "sync_api.Browser", server: Server, api: FakeApi
) -> None:
    a_kept_report(signed_in, "Canales")
    signed_in.get_by_role("button", name="Compartir fuera").click()
    dialog = signed_in.get_by_role("dialog", name="Enlaces para alguien de fuera")
    expect(dialog.get_by_text("Este informe no tiene enlaces.")).to_be_visible()
    dialog.get_by_label("Sirve durante").select_option("30")
    dialog.get_by_role("button", name="Crear enlace").click()
    expect(dialog.get_by_text("https://recobro.test/informe/#shr_1")).to_be_visible()
    (made,) = [call.body for call in api.calls if call.path.endswith("report-links") and call.body]
    assert (made["report_id"], made["lasts_days"]) == ("rep_1", 30)

    outside = browser.new_context(base_url=server.url, locale="es-MX")
    page = outside.new_page()
    page.goto("/informe/#shr_1")
    expect(page.get_by_role("heading", name="Canales", level=1)).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Llamada")).to_contain_text("de 900")
    expect(page.get_by_role("row").filter(has_text="Visita")).to_contain_text("menos de 5")
    expect(page.get_by_text("2 líneas no aparecen")).to_be_visible()
    expect(page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")
    outside.close()

    row = dialog.get_by_role("row").filter(has_text="Ana Torres")
    row.get_by_role("button", name="Terminar el enlace").click()
    expect(row).to_contain_text("Terminado")
    expect(row).to_contain_text("1 vez")


def test_a_link_that_ended_says_whom_to_ask(page: "sync_api.Page") -> None:
    page.goto("/informe/#shr_none")
    expect(page.get_by_text("Este enlace ya no sirve")).to_be_visible()
    page.goto("/informe/")
    page.reload()
    expect(page.get_by_text("Falta el enlace")).to_be_visible()


def test_a_line_of_a_report_leads_to_its_cases(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(f"{PAGE}&ver=boards&tablero=promises")
    number = page.get_by_role("button", name="Ver expedientes: Parte cumplida").first
    number.click()
    dialog = page.get_by_role("dialog", name="Parte cumplida")
    expect(dialog.get_by_role("link", name="Ofelia Ibarra Montes")).to_be_visible()
    dialog.get_by_role("button", name="Los demás").click()
    expect(dialog.get_by_role("link", name="Rosa")).to_be_visible()
    looks_well(page, "cases-behind-a-line")
    asked = [c.body for c in api.calls if c.method == "POST" and c.path.endswith("/figures/cases")]
    assert [one["side"] for one in asked] == ["counted", "rest"]
    assert len(asked[0]["keys"]) == len(asked[0]["dimensions"])
