"""What supervisors and admins do with portfolios and people."""

import base64
import re
from pathlib import Path

import pytest

from frontend.e2e.conftest import sign_in_by_cookie
from frontend.e2e.fake_api import FakeApi, Server, problem
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect


def last(api: FakeApi, method: str, path: str) -> dict:
    return next(c for c in reversed(api.calls) if c.method == method and c.path == path).body


def test_the_country_proposes_and_the_portfolio_is_made(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto("/panel/carteras/?id=nueva")
    signed_in.get_by_label("Nombre de la cartera").fill("Créditos Providencia")
    signed_in.get_by_label("Acreedor").fill("Banco Araucaria")
    signed_in.get_by_label("País", exact=True).select_option("CL")
    expect(signed_in.get_by_label("Moneda")).to_have_value("CLP")
    signed_in.get_by_role("button", name="Crear la cartera").click()
    expect(signed_in.get_by_text("Cartera creada")).to_be_visible()
    sent = last(api, "POST", "/portfolios")
    assert sent["time_zone"] == "America/Santiago"
    assert sent["currency"] == "CLP"


def test_the_interest_example_follows_what_is_typed(signed_in: "sync_api.Page") -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx")
    result = signed_in.locator(".example-result")
    expect(result).to_contain_text("= $420.00")  # 10,000 x 42 days x 36 % / 360
    signed_in.get_by_label("Tasa anual simple").fill("24.5")
    expect(result).to_contain_text("= $285.83")
    signed_in.get_by_label("Días de atraso").fill("2")
    expect(result).to_contain_text("Todavía dentro de los días de gracia.")


def test_bands_stay_contiguous_while_they_are_edited(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx")
    bands = signed_in.locator("#bands")
    ends = bands.get_by_label("Hasta (días)")
    ends.nth(1).fill("15")
    expect(bands.locator(".band-row").nth(2).locator("output")).to_have_text("16")
    bands.get_by_role("button", name="Quitar el tramo 31 a 60 días").click()
    signed_in.get_by_role("button", name="Guardar", exact=True).click()
    expect(signed_in.get_by_text("Guardado.")).to_be_visible()
    sent = last(api, "PATCH", "/portfolios/prt_mx")["policies"]["bands"]
    assert [(b["from_dpd"], b["to_dpd"]) for b in sent] == [
        (-10, 0),
        (1, 15),
        (16, 30),
        (31, 90),
        (91, 180),
        (181, None),
    ]


def test_a_number_that_cannot_be_read_stops_the_saving(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx")
    signed_in.get_by_label("Radio de la visita").fill("cien")
    signed_in.get_by_label("Nombre visible").fill("Jacaranda")
    signed_in.get_by_role("button", name="Guardar", exact=True).click()
    expect(signed_in.get_by_text("Hay 1 dato por corregir")).to_be_visible()
    expect(signed_in.get_by_label("Radio de la visita")).to_be_focused()
    assert not [c for c in api.calls if c.method == "PATCH"]


def test_what_work_costs_is_set_or_left_empty(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx#costs")
    expect(signed_in.get_by_label("Una visita")).to_have_value("35.00")
    signed_in.get_by_label("Una hora de campo").fill("125.50")
    signed_in.get_by_label("Una visita").fill("")
    looks_well(signed_in, "portfolio-costs")
    signed_in.get_by_role("button", name="Guardar", exact=True).click()
    expect(signed_in.get_by_text("Guardado.")).to_be_visible()
    kept = last(api, "PATCH", "/portfolios/prt_mx")["policies"]["costs"]
    assert (kept["field_hour_minor"], kept["visit_minor"], kept["km_minor"]) == (12_550, None, None)


def test_a_refusal_lands_beside_the_field_it_is_about(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx")
    signed_in.get_by_label("Nombre visible").fill("Jacaranda")
    api.fail_next = problem(
        422, "request.bad_field", field="policies.bands.2.code", reason="bad_format"
    )
    signed_in.get_by_role("button", name="Guardar", exact=True).click()
    field = signed_in.locator('[id="policies.bands.2.code"]')
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()


def test_two_editors_at_once_lose_nothing(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx")
    signed_in.get_by_label("Nombre visible").fill("El mío")
    api.portfolios[0]["version"] += 1
    api.portfolios[0]["name"] = "Cambiada por otra persona"
    signed_in.get_by_role("button", name="Guardar", exact=True).click()
    expect(signed_in.get_by_text("Alguien cambió esta cartera")).to_be_visible()
    expect(signed_in.get_by_label("Nombre visible")).to_have_value("El mío")
    signed_in.get_by_role("button", name="Cargar la versión actual").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Cargar la versión actual").click()
    expect(signed_in.get_by_label("Nombre de la cartera")).to_have_value(
        "Cambiada por otra persona"
    )


def test_office_hours_are_each_portfolio_s_own(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx")
    signed_in.get_by_label("Lunes", exact=True).uncheck()
    signed_in.get_by_label("Sábado", exact=True).check()
    signed_in.get_by_label("Cierra Sábado").fill("13:30")
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_text("Guardado")).to_be_visible()

    sent = next(c.body for c in reversed(api.calls) if c.method == "PATCH")
    office = sent["policies"]["office"]
    assert [day["weekday"] for day in office] == [2, 3, 4, 5, 6]
    assert office[-1] == {"weekday": 6, "opens_at": "09:00", "closes_at": "13:30"}


def test_leaving_with_unsaved_changes_asks_first(signed_in: "sync_api.Page") -> None:
    asked: list[str] = []

    def on_dialog(dialog: "sync_api.Dialog") -> None:
        asked.append(dialog.type)
        dialog.accept()

    signed_in.on("dialog", on_dialog)
    signed_in.goto("/panel/carteras/?id=prt_mx")
    signed_in.get_by_label("Nombre visible").fill("Sin guardar")
    signed_in.get_by_role("link", name="Inicio").first.click()
    signed_in.wait_for_url(re.compile("/panel/$"))
    assert asked == ["beforeunload"]


def test_a_logo_is_shrunk_and_kept_without_losing_what_was_typed(
    signed_in: "sync_api.Page", api: FakeApi, tmp_path: Path
) -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx")
    signed_in.get_by_role("textbox", name="Contacto").fill("800 555 0199")
    picture = tmp_path / "logo.png"
    signed_in.screenshot(path=picture)
    signed_in.locator("input[type=file]").set_input_files(picture)
    expect(signed_in.get_by_text("Cambiar imagen")).to_be_visible()
    sent = last(api, "PUT", "/portfolios/prt_mx/logo")
    assert base64.b64decode(sent["image"])[8:12] == b"WEBP"
    assert len(sent["image"]) < 180_000
    signed_in.get_by_role("button", name="Guardar", exact=True).click()
    expect(signed_in.get_by_text("Guardado.")).to_be_visible()
    assert last(api, "PATCH", "/portfolios/prt_mx")["branding"]["contact_line"] == "800 555 0199"


def test_a_service_token_is_shown_once_and_can_be_revoked(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx")
    signed_in.get_by_role("button", name="Crear clave").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Nombre").fill("ERP nocturno")
    dialog.get_by_role("button", name="Crear", exact=True).click()
    expect(dialog.get_by_text("rcb_")).to_be_visible()
    dialog.get_by_role("button", name="Ya la guardé").click()
    expect(signed_in.get_by_text("rcb_")).to_have_count(0)
    signed_in.get_by_role("button", name="Revocar: ERP nocturno").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Revocar", exact=True).click()
    expect(signed_in.get_by_text("Clave revocada.")).to_be_visible()
    assert api.service_tokens["prt_mx"] == []


def test_an_invitation_names_role_and_portfolios(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/personas/")
    signed_in.get_by_role("button", name="Invitar").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Nombre").fill("Fernanda Ríos")
    dialog.get_by_label("Correo").fill("fernanda@ejemplo.example")
    dialog.get_by_role("button", name="Enviar invitación").click()
    expect(dialog.get_by_text("Elige al menos una cartera.")).to_be_visible()
    dialog.get_by_label("Microcréditos Centro").check()
    dialog.get_by_role("radio", name="Supervisión").check()
    dialog.get_by_role("button", name="Enviar invitación").click()
    expect(signed_in.get_by_role("button", name="Fernanda Ríos")).to_be_visible()
    sent = last(api, "POST", "/people")
    assert (sent["role"], sent["portfolios"]) == ("supervisor", ["prt_mx"])


def test_disabling_somebody_is_asked_twice(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/personas/")
    signed_in.get_by_role("button", name="Carla Montes").click()
    signed_in.get_by_role("button", name="Desactivar").click()
    ask = signed_in.get_by_role("dialog").last
    expect(ask).to_contain_text("Su sesión se cierra en todas partes")
    assert not [c for c in api.calls if c.method == "PATCH"]
    ask.get_by_role("button", name="Desactivar").click()
    expect(signed_in.get_by_text("Cuenta desactivada.")).to_be_visible()
    assert last(api, "PATCH", "/people/per_carla") == {"disabled": True}


def test_people_are_found_without_accents(signed_in: "sync_api.Page") -> None:
    signed_in.goto("/panel/personas/")
    signed_in.get_by_role("searchbox").fill("bogota")
    expect(signed_in.get_by_role("button", name="Diego Arrieta")).to_be_visible()
    expect(signed_in.get_by_role("button", name="Carla Montes")).to_have_count(0)


def test_an_agent_is_not_shown_what_agents_may_not_do(
    page: "sync_api.Page", api: FakeApi, server: Server
) -> None:
    sign_in_by_cookie(page.context, api, server, "per_carla")
    page.goto("/panel/personas/")
    expect(page.get_by_text("Esta página no es para tu función")).to_be_visible()
    expect(page.get_by_role("link", name="Carteras")).to_have_count(0)
    assert not [c for c in api.calls if c.path == "/people"]


def test_an_empty_house_leads_to_the_first_portfolio(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    api.portfolios = []
    signed_in.goto("/panel/")
    signed_in.get_by_role("link", name="Crear una cartera").click()
    expect(signed_in.get_by_role("heading", name="Nueva cartera")).to_be_visible()


def test_home_keeps_its_figures_when_a_refresh_fails(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.clock.install()
    signed_in.goto("/panel/?cartera=prt_mx")
    expect(signed_in.get_by_text("$12,845,303")).to_be_visible()
    api.fail_where = "/kpis"  # what else the page reads late may come between
    api.fail_next = problem(503, "http.server")
    signed_in.clock.run_for(11_000)
    expect(signed_in.get_by_text("Se muestran las últimas cifras")).to_be_visible()
    expect(signed_in.get_by_text("$12,845,303")).to_be_visible()
    signed_in.clock.run_for(11_000)
    expect(signed_in.get_by_text("Se muestran las últimas cifras")).to_have_count(0)


def test_ones_own_telephone_is_where_alarms_go(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/ajustes/")
    field = signed_in.get_by_label("Teléfono")
    field.fill("55 1234")
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_text("Empieza por + y el código del país.")).to_be_visible()
    field.fill("+52 55 1234-5678")
    signed_in.get_by_role("button", name="Guardar").click()
    expect(field).to_have_value("+525512345678")
    assert api.me["phone"] == "+525512345678"


def test_one_chooses_what_is_told_by_e_mail(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/ajustes/#notices")
    mentions = signed_in.get_by_label("Cuando alguien me menciona en una nota")
    expect(mentions).to_have_value("now")
    mentions.select_option(label="Nunca")
    signed_in.get_by_label("Cuando alguien me da una tarea").select_option(label="En minutos")
    hour = signed_in.get_by_label("Cuando llega la hora de una llamada que prometí")
    expect(hour).to_have_value("now")
    hour.select_option(label="Una vez al día, a las 8:00")
    waits = signed_in.get_by_label("Cuando algo espera mi aprobación")
    expect(waits).to_have_value("daily")
    waits.select_option(label="Cada hora, si hay algo nuevo")
    expect(signed_in.get_by_text("no se pueden apagar")).to_be_visible()
    looks_well(signed_in, "notices")
    signed_in.get_by_role("button", name="Actualizar avisos").click()
    expect(signed_in.get_by_text("Guardado.")).to_be_visible()
    assert last(api, "PATCH", "/me") == {
        "mention_mail": "never",
        "task_mail": "now",
        "call_back_mail": "daily",
        "approval_mail": "now",
    }
    signed_in.reload()
    expect(mentions).to_have_value("never")


def test_who_is_told_of_visits_is_a_list_of_addresses(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx")
    told = signed_in.get_by_role("group", name="Avisar de cada visita a")
    told.get_by_label("Correo nuevo").fill("banco")
    told.get_by_role("button", name="Agregar correo").click()
    expect(told.get_by_role("alert")).to_be_visible()
    told.get_by_label("Correo nuevo").fill("Banco@ejemplo.example")
    told.get_by_label("Correo nuevo").press("Enter")
    told.get_by_label("Correo nuevo").fill("otro@ejemplo.example")
    told.get_by_role("button", name="Agregar correo").click()
    told.get_by_role("button", name="Quitar otro@ejemplo.example").click()
    signed_in.get_by_role("button", name="Guardar", exact=True).click()

    expect(signed_in.get_by_text("Guardado.")).to_be_visible()
    sent = last(api, "PATCH", "/portfolios/prt_mx")["policies"]["field"]
    assert sent["visit_results_to"] == ["banco@ejemplo.example"]


def test_a_persons_photo_is_shrunk_and_shown(
    signed_in: "sync_api.Page", api: FakeApi, tmp_path: Path
) -> None:
    picture = tmp_path / "face.png"
    signed_in.screenshot(path=picture)
    signed_in.goto("/panel/personas/")
    signed_in.get_by_role("button", name="Bruno Salcedo").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Elegir foto").set_input_files(picture)

    expect(dialog.get_by_role("img", name="Foto de Bruno Salcedo")).to_be_attached()
    image = base64.b64decode(last(api, "PUT", "/people/per_bruno/photo")["image"])
    assert image[8:12] == b"WEBP"
