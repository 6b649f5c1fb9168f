"""What people ask about their own data by law: the register, one request to its end, its letter."""

import csv
import re
from pathlib import Path

import pytest

from frontend.e2e.conftest import sign_in_by_cookie
from frontend.e2e.fake_cases import page_of
from frontend.e2e.fake_requests import ERASED, requests_of
from frontend.e2e.fake_site import FakeApi, Server

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/datos/?cartera=prt_mx"
ONE = "/panel/datos/solicitud/?cartera=prt_mx&id=drq_1"
CASE = "/panel/expedientes/caso/?id=cas_1"


def acts(api: FakeApi) -> list[str]:
    return [call.body["act"] for call in api.calls if call.method == "PATCH"]


def test_what_is_due_first_comes_first_and_what_is_late_is_marked(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.goto(PAGE)
    rows = signed_in.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Ofelia Ibarra Montes")
    expect(rows.first).to_contain_text("2 días tarde")
    expect(rows.nth(1)).to_contain_text("Queda 1 día")
    expect(rows.nth(2)).to_contain_text("Sin nombre")
    expect(signed_in.get_by_text("1 solicitud fuera de plazo")).to_be_visible()


def test_it_is_narrowed_and_searched(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    rows = signed_in.get_by_role("table").locator("tbody tr")
    signed_in.get_by_label("Qué pide").select_option("access")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Rubén Salas")
    signed_in.get_by_label("Qué pide").select_option("")
    signed_in.get_by_label("Buscar por nombre o número").fill("ofelia")
    signed_in.get_by_role("button", name="Buscar", exact=True).click()
    expect(rows).to_have_count(1)
    expect(signed_in).to_have_url(re.compile("q=ofelia"))
    signed_in.get_by_role("link", name="Terminadas").click()
    expect(signed_in.get_by_role("heading", name="Ninguna coincide")).to_be_visible()


def test_the_register_is_taken_as_a_file(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE)
    with signed_in.expect_download() as taken:
        signed_in.get_by_role("button", name="Descargar lista").click()
    assert taken.value.suggested_filename == "solicitudes-de-datos-live.csv"
    text = Path(taken.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert rows[0][:3] == ["Nombre", "Responsable", "Número"]
    assert rows[1][0] == "Ofelia Ibarra Montes"
    assert rows[1][8] == "Sí"
    assert [call.query.get("file") for call in api.calls if "file" in call.query] == ["yes"]


def test_somebody_of_no_case_is_registered_by_name(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_role("button", name="Registrar solicitud").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="Registrar").click()
    expect(dialog.get_by_text("Escribe quién pide.")).to_be_visible()
    dialog.get_by_label("Quién pide").fill("Luz Prado")
    dialog.get_by_label("Qué pide").select_option("opposition")
    dialog.get_by_label("Cómo llegó").select_option("counter")
    dialog.get_by_role("button", name="Registrar").click()
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Solicitud 7Q2M-0K49")
    (sent,) = [
        call.body
        for call in api.calls
        if call.method == "POST" and call.path.endswith("/data-requests")
    ]
    assert (sent["name"], sent["kind"], sent["way"], sent["proof"]) == (
        "Luz Prado", "opposition", "counter", None,
    )  # fmt: skip


def test_one_goes_its_way_and_what_is_owed_proposes_to_restrict(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(ONE)
    expect(signed_in.get_by_text("Responder a más tardar el")).to_be_visible()
    expect(signed_in.get_by_text("Plazo: 20 días hábiles (LFPDPPP")).to_be_visible()
    expect(signed_in.get_by_text("se propone bloquearlos en vez de borrarlos")).to_be_visible()
    signed_in.get_by_role("button", name="Comprobar identidad").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Mostró un documento de identidad").check()
    dialog.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("En trabajo")
    signed_in.get_by_role("button", name="Responder").click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog.get_by_label("Se bloquean los datos")).to_be_checked()
    dialog.get_by_role("button", name="Guardar respuesta").click()
    expect(dialog.get_by_text("Escribe la respuesta.")).to_be_visible()
    dialog.get_by_label("Lo que se le dice").fill("La deuda sigue vigente.")
    dialog.get_by_role("button", name="Guardar respuesta").click()
    expect(signed_in.get_by_role("heading", name="Se bloquean los datos")).to_be_visible()
    signed_in.get_by_role("button", name="Marcar cumplida").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Nota").fill("Quedaron bloqueados")
    dialog.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Cumplida")
    assert acts(api) == ["identify", "answer", "carry_out"]
    (said,) = [c.body for c in api.calls if c.method == "PATCH" and c.body["act"] == "answer"]
    assert (said["verdict"], said["ground"]) == ("restricted", "debt_in_force")
    assert said["article"] == "LFPDPPP (DOF 20-03-2025) art. 25"


def test_the_letter_comes_in_the_language_that_is_picked(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(ONE)
    signed_in.get_by_role("button", name="Responder").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("No procede").check()
    dialog.get_by_label("Lo que se le dice").fill("No hay datos.")
    dialog.get_by_role("button", name="Guardar respuesta").click()
    signed_in.get_by_label("Idioma de la carta").select_option("pt")
    with signed_in.expect_request(lambda request: request.url.endswith("language=pt")):
        signed_in.get_by_role("button", name="Carta de respuesta").click()


def test_a_case_that_may_be_the_same_persons_is_taken_in(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(ONE)
    signed_in.get_by_role("button", name="Incluir O. Ibarra Montes").click()
    expect(signed_in.get_by_role("heading", name="Podrían ser de la misma persona")).to_have_count(
        0
    )
    assert acts(api) == ["add_case"]


def test_a_case_shows_its_requests_and_takes_one_in(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(CASE)
    card = signed_in.locator("#requests")
    expect(card.locator("li")).to_have_count(3)
    expect(card).to_contain_text("Cancelación (borrado)")
    card.get_by_role("button", name="Registrar solicitud").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="Registrar").click()
    expect(card.locator("li")).to_have_count(4)
    timeline = signed_in.locator("#timeline")
    expect(timeline.get_by_text("Solicitud sobre sus datos, 7Q2M-0K49")).to_be_visible()
    expect(timeline.get_by_text("Recibida", exact=True)).to_be_visible()
    (sent,) = [
        call.body
        for call in api.calls
        if call.method == "POST" and call.path.endswith("/data-requests")
    ]
    assert sent["case_ids"] == ["cas_1"]


def test_what_somebody_had_erased_is_allowed_again_for_a_reason(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.set_viewport_size({"width": 390, "height": 844})
    signed_in.goto(PAGE)
    signed_in.get_by_role("button", name="Volver a permitir un dato").click()
    dialog = signed_in.get_by_role("dialog")
    send = dialog.get_by_role("button", name="Permitir de nuevo")
    send.click()
    expect(dialog.get_by_text("Escribe el dato.")).to_be_visible()
    expect(dialog.get_by_text("Escribe cómo lo pidió.")).to_be_visible()
    value = dialog.get_by_label("El dato, como lo da la persona")
    value.fill("55 0000 0000")
    dialog.get_by_label("Cómo lo pidió").fill("Llamó el lunes y se identificó.")
    send.click()
    expect(dialog.get_by_text("no está en la lista de supresión")).to_be_visible()
    value.fill(ERASED)
    send.click()
    expect(dialog).to_have_count(0)
    expect(signed_in.get_by_text("Listo: ya se puede volver a guardar.")).to_be_visible()
    sent = [call.body for call in api.calls if call.method == "PATCH"][-1]
    reason = "Llamó el lunes y se identificó."
    assert sent == {"kind": "phone", "value": ERASED, "reason": reason}


def test_only_an_admin_allows_again_what_was_erased(
    page: "sync_api.Page", api: FakeApi, server: Server
) -> None:
    sign_in_by_cookie(page.context, api, server, "per_bruno")
    page.goto(PAGE)
    expect(page.get_by_role("button", name="Registrar solicitud")).to_be_visible()
    expect(page.get_by_role("button", name="Volver a permitir un dato")).to_have_count(0)


def test_somebody_else_was_faster(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(ONE)
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Recibida")
    requests_of(api)["drq_1"]["version"] = 9
    signed_in.get_by_role("button", name="Prorrogar").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Nota").fill("Muchos papeles")
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog.get_by_text("Alguien más avanzó esta solicitud")).to_be_visible()


def test_the_home_page_tells_how_many_are_due(signed_in: "sync_api.Page") -> None:
    signed_in.goto("/panel/?cartera=prt_mx")
    figure = signed_in.locator(".kpi", has_text="Solicitudes de datos por vencer")
    expect(figure).to_contain_text("1 fuera de plazo")
    figure.get_by_role("link").click()
    expect(signed_in.get_by_role("heading", name="Datos personales", level=1)).to_be_visible()


def test_who_does_not_manage_the_portfolio_is_told_of_no_request(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page_of(api)["can"]["see_requests"] = False
    signed_in.goto(CASE)
    expect(signed_in.locator("#requests")).to_contain_text("lo ve quien supervisa")
    assert not [call for call in api.calls if call.path.endswith("/data-requests")]
