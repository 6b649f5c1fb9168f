"""An agent's day on a telephone: what holds when the network, the app or a record gives way."""

import base64
import hashlib
import json
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from frontend.e2e.fake_api import Answer, problem
from frontend.e2e.fake_field import day_of, field
from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.field_phone import (
    PHOTO,
    PIN,
    arrive,
    begin,
    finish,
    go_to_door,
    kept,
    move,
    phone_of,
    press,
    unlock,
    visit_nobody,
)
from frontend.e2e.test_stand_in import operation, schema

sync_api = pytest.importorskip("playwright.sync_api")
jsonschema = pytest.importorskip("jsonschema")
expect = sync_api.expect
pytestmark = pytest.mark.browser


@pytest.fixture
def phone(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> Iterator["sync_api.Page"]:
    with phone_of(browser, server, api, complaints) as page:
        begin(page)
        yield page
    assert complaints == []
    assert not_as_published(api) == []


def not_as_published(api: FakeApi) -> list[str]:
    """What the phone sent that the published API would not take."""
    found = []
    for call in api.calls:
        published = operation(call.method, call.path) if call.path.startswith("/field") else {}
        if "requestBody" in published:
            asked = schema(published["requestBody"]["content"])
            errors = jsonschema.Draft202012Validator(asked).iter_errors(call.body)
            found += [f"{call.path} {error.json_path}: {error.message}" for error in errors]
    return found


def all_sent(page: "sync_api.Page") -> None:
    # What failed is tried again by the app itself, after 5 s and then 10 s.
    expect(page.get_by_text("Todo enviado")).to_be_visible()


def test_the_day_works_with_the_radio_off_right_after_the_first_sync(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator(".stops > li")).to_have_count(6)
    visit_nobody(phone, 1)
    expect(phone.get_by_text("Sin señal · 1 sin enviar")).to_be_visible()
    assert field(api).visits == []

    phone.context.set_offline(False)
    all_sent(phone)
    (call,) = field(api).visits
    assert call.body["case_id"] == "cas_1"
    assert call.body["verdict"]["distance_m"] == 0
    assert call.body["fixes"][0]["accuracy_m"] == 8
    assert kept(phone, "outbox") == []


def test_what_is_sent_carries_the_signature_of_the_phones_own_key(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    visit_nobody(phone, 1)
    all_sent(phone)
    (call,), (device,) = field(api).visits, field(api).devices
    device_id, _, signature = call.headers["x-recobro-signature"].partition(".")
    assert device_id == device["device_id"] == call.body["device_id"]
    raw, (x, y) = unbase64(signature), (unbase64(device["public_key"][name]) for name in "xy")
    number = int.from_bytes
    key = ec.EllipticCurvePublicNumbers(number(x), number(y), ec.SECP256R1()).public_key()
    der = encode_dss_signature(number(raw[:32]), number(raw[32:]))
    key.verify(der, call.raw, ec.ECDSA(SHA256()))  # raises when it is not


def unbase64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_visit_goes_on_where_the_app_died(phone: "sync_api.Page", api: FakeApi) -> None:
    go_to_door(phone, 1)
    arrive(phone)
    press(phone, "Seguir")
    phone.get_by_label("Titular").check()
    phone.get_by_label("Su nombre").fill("Lucía Ortega")
    phone.context.set_offline(True)
    # Nothing is said to the page: it is simply gone, and the tab's own memory with it.
    crashed, context = phone, phone.context
    again = context.new_page()
    crashed.close(run_before_unload=False)
    again.goto("/campo/")
    unlock(again)
    expect(again.get_by_text("En curso")).to_be_visible()
    again.get_by_role("link", name="Lucía Ortega Marín").click()
    press(again, "Seguir la visita")
    expect(again.get_by_role("heading", name="Con quién hablaste")).to_be_visible()
    expect(again.get_by_label("Titular")).to_be_checked()
    expect(again.get_by_label("Su nombre")).to_have_value("Lucía Ortega")


def test_one_record_that_the_server_refuses_holds_up_no_other(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    fields = [{"field": "form.answers.vive", "reason": "question.not_a_choice", "question": "vive"}]
    field(api).refuse["cas_1"] = problem(422, "visit.invalid", fields=fields)
    phone.context.set_offline(True)
    visit_nobody(phone, 1)
    move(phone, door=2)
    visit_nobody(phone, 2)
    phone.context.set_offline(False)
    expect(phone.get_by_text("1 sin enviar", exact=True)).to_be_visible()
    assert [call.body["case_id"] for call in field(api).visits] == ["cas_2"]

    phone.get_by_role("link", name="Envíos").click()
    expect(phone.get_by_text("No aceptada")).to_be_visible()
    expect(phone.get_by_text("vive", exact=True)).to_be_visible()
    field(api).refuse.clear()
    press(phone, "Reintentar")
    all_sent(phone)
    assert [call.body["case_id"] for call in field(api).visits] == ["cas_2", "cas_1"]


def test_a_server_in_trouble_is_asked_again_and_others_go_on(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    field(api).refuse["cas_1"] = Answer(503, {"message": "Service Unavailable"})
    visit_nobody(phone, 1)
    move(phone, door=2)
    visit_nobody(phone, 2)
    expect(phone.get_by_text("1 sin enviar", exact=True)).to_be_visible()
    (item,) = kept(phone, "outbox")
    assert (item["state"], item["tries"] > 0, item["next_at"] > 0) == ("waiting", True, True)
    assert [call.body["case_id"] for call in field(api).visits] == ["cas_2"]


def test_away_from_the_door_only_an_exception_with_photo_and_reason_can_be_filed(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    move(phone, 300)
    go_to_door(phone, 1)
    expect(phone.get_by_text("No estás en la dirección")).to_be_visible()
    press(phone, "Ya llegué")
    expect(phone.get_by_role("heading", name="No se pudo visitar")).to_be_visible()
    press(phone, "Seguir")
    for fault in ("Elige el motivo.", "Cuenta qué pasó en una frase.", "Hace falta una foto"):
        expect(phone.get_by_text(fault)).to_be_visible()
    phone.get_by_label("Ya no vive aquí").check()
    phone.get_by_label("Qué pasó").fill("El vecino dice que se mudó en octubre.")
    phone.get_by_label("Foto del lugar").set_input_files(PHOTO)
    expect(phone.get_by_alt_text("Foto 1")).to_be_visible()
    press(phone, "Seguir")
    finish(phone)
    all_sent(phone)
    (call,) = field(api).visits
    assert call.body["kind"] == "exception"
    assert call.body["exception"]["reason"] == "moved"
    assert call.body["verdict"]["verdict"] == "outside"
    assert call.body["disposition"] == "moved"
    (photo,) = call.body["photos"]
    stored = field(api).photos[photo["photo_id"]]
    assert hashlib.sha256(stored).hexdigest() == photo["sha256"]
    assert stored[:3] == b"\xff\xd8\xff"
    assert b"Exif" not in stored
    assert photo["lat"] is not None


def test_photos_wait_for_their_visit_and_then_go_by_themselves(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    go_to_door(phone, 1)
    arrive(phone)
    press(phone, "Seguir")
    phone.get_by_label("Nadie").check()
    press(phone, "Seguir")
    phone.get_by_label("Se dejó aviso").check()
    press(phone, "Seguir")
    press(phone, "Seguir")
    expect(phone.get_by_text("Este resultado pide foto del aviso.")).to_be_visible()
    phone.get_by_label("Foto del aviso").set_input_files(PHOTO)
    phone.get_by_label("Foto de la puerta").set_input_files(PHOTO)
    expect(phone.get_by_alt_text("Foto 1")).to_have_count(2)
    press(phone, "Seguir")
    field(api).storage_down = True
    finish(phone)
    expect(phone.get_by_text("2 sin enviar")).to_be_visible()
    assert len(field(api).visits) == 1
    assert field(api).photos == {}
    field(api).storage_down = False
    all_sent(phone)
    assert len(field(api).photos) == 2
    assert field(api).deliveries == 1
    assert kept(phone, "photos") == []


def test_two_tabs_send_each_thing_once(phone: "sync_api.Page", api: FakeApi) -> None:
    other = phone.context.new_page()
    other.goto("/campo/")
    unlock(other)
    phone.context.set_offline(True)
    visit_nobody(phone, 1)
    expect(other.get_by_text("1 sin enviar")).to_be_visible()
    phone.context.set_offline(False)
    all_sent(phone)
    all_sent(other)
    assert field(api).deliveries == 1


def test_a_new_version_waits_until_the_visit_is_over(phone: "sync_api.Page", api: FakeApi) -> None:
    go_to_door(phone, 1)
    arrive(phone)
    api.appended["/campo/sw.js"] = b"\n// the next version"
    phone.evaluate("() => navigator.serviceWorker.getRegistration().then((one) => one.update())")
    phone.evaluate("() => { location.hash = '#/yo' }")
    expect(phone.get_by_text("Hay una versión nueva")).to_be_visible()
    expect(phone.get_by_text("Se instala cuando termines la visita.")).to_be_visible()
    expect(phone.get_by_role("button", name="Actualizar", exact=True)).to_have_count(0)
    phone.go_back()
    press(phone, "Seguir")
    phone.get_by_label("Nadie").check()
    press(phone, "Seguir")
    phone.get_by_label("No hay nadie").check()
    press(phone, "Seguir")
    press(phone, "Seguir")
    finish(phone)
    with phone.expect_event("load"):
        press(phone, "Actualizar")
    all_sent(phone)
    expect(phone.get_by_text("Hay una versión nueva")).to_have_count(0)


def test_a_wrong_pin_opens_nothing_and_soon_has_to_wait(phone: "sync_api.Page") -> None:
    phone.context.set_offline(True)
    phone.get_by_role("link", name="Yo").click()
    with phone.expect_event("load"):
        press(phone, "Bloquear ahora")
    for _ in range(5):
        phone.get_by_label("Tu PIN").fill("111222")
        expect(phone.get_by_text("Ese no es.")).to_be_visible()
        phone.get_by_label("Tu PIN").fill("1")
        expect(phone.get_by_text("Ese no es.")).to_have_count(0)
    phone.get_by_label("Tu PIN").fill(PIN)
    expect(phone.get_by_text("Demasiados intentos seguidos.")).to_be_visible()
    expect(phone.locator(".stops")).to_have_count(0)


def test_the_list_of_debtors_does_not_lie_open_on_the_phone(phone: "sync_api.Page") -> None:
    sealed = json.dumps(kept(phone, "sealed"))
    assert "Ortega" not in sealed


def test_leaving_with_unsent_work_warns_and_the_next_person_sees_none_of_it(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    field(api).refuse["cas_1"] = problem(422, "visit.invalid")
    visit_nobody(phone, 1)
    expect(phone.get_by_text("1 sin enviar")).to_be_visible()
    phone.get_by_role("link", name="Yo").click()
    press(phone, "Cerrar sesión")
    expect(phone.get_by_role("dialog")).to_contain_text("Hay trabajo sin enviar")
    with phone.expect_download() as saved:
        press(phone, "Exportar a un archivo")
    rescued = json.loads(saved.value.path().read_text())
    assert [item["kind"] for item in rescued["items"]] == ["visit"]
    assert rescued["device_id"] == field(api).devices[0]["device_id"]
    press(phone, "Salir de todas formas")
    phone.wait_for_url("**/panel/entrar/**")
    assert kept(phone, "sealed") == []
    assert len(kept(phone, "outbox")) == 1


def test_who_paid_elsewhere_leaves_the_route_and_the_agent_is_told(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    day = day_of(api)
    gone = day["stops"].pop(2)
    day |= {"mark": "m2", "dropped": [{"assignment_id": gone["assignment_id"], "code": "paid"}]}
    press(phone, "Actualizar la ruta")
    told = phone.get_by_text("María Fernanda Quiroz: pagó por otro medio")
    expect(told).to_be_visible()
    press(phone, "Entendido")
    expect(told).to_have_count(0)
    phone.reload()
    expect(phone.locator(".stops > li")).to_have_count(5)
    expect(told).to_have_count(0)


def test_a_promise_is_held_to_the_portfolios_rules(phone: "sync_api.Page", api: FakeApi) -> None:
    go_to_door(phone, 1)
    arrive(phone)
    press(phone, "Seguir")
    phone.get_by_label("Titular").check()
    press(phone, "Seguir")
    phone.get_by_label("Promete pagar").check()
    press(phone, "Seguir")
    phone.get_by_label("Importe").fill("50")
    phone.get_by_label("Día en que paga").fill("2099-01-01")
    press(phone, "Seguir")
    expect(phone.get_by_text("Es menos de lo que admite la cartera.")).to_be_visible()
    expect(phone.get_by_text("Ese día queda fuera")).to_be_visible()
    phone.get_by_label("Importe").fill("1,500.50")
    last = phone.get_by_label("Día en que paga").get_attribute("max")
    phone.get_by_label("Día en que paga").fill(last)
    press(phone, "Seguir")
    press(phone, "Seguir")
    pad = phone.get_by_label("Espacio para firmar").bounding_box()
    phone.mouse.move(pad["x"] + 40, pad["y"] + 60)
    phone.mouse.down()
    phone.mouse.move(pad["x"] + 200, pad["y"] + 90, steps=5)
    phone.mouse.up()
    press(phone, "Guardar firma")
    expect(phone.get_by_alt_text("Firma guardada")).to_be_visible()
    press(phone, "Seguir")
    finish(phone)
    all_sent(phone)
    (call,) = field(api).visits
    assert call.body["promise"]["amount_minor"] == 150_050
    assert call.body["promise"]["due_on"] == last
    assert [photo["kind"] for photo in call.body["photos"]] == ["signature"]


def test_a_questionnaire_is_filled_in_the_visit(phone: "sync_api.Page", api: FakeApi) -> None:
    phone.context.set_offline(True)
    go_to_door(phone, 1)
    arrive(phone)
    press(phone, "Seguir")
    phone.get_by_label("Familiar").check()
    press(phone, "Seguir")
    phone.get_by_label("Atiende").check()
    press(phone, "Seguir")
    press(phone, "Teléfono")
    phone.get_by_role("textbox", name="Teléfono").fill("55 1234 5678")
    phone.get_by_label("Calle, número y referencias").fill("Bolívar 12")
    press(phone, "Seguir")
    expect(phone.get_by_text("¿Vive aquí la persona titular?")).to_be_visible()
    press(phone, "Seguir")  # not answered: it stays
    expect(phone.get_by_role("heading", name="Cuestionario")).to_be_visible()
    phone.get_by_label("Sí", exact=True).check()
    phone.get_by_label("¿Desde qué año?").fill("2019")
    press(phone, "Seguir")
    expect(phone.get_by_role("heading", name="Fotos")).to_be_visible()
    press(phone, "Seguir")
    finish(phone)
    phone.context.set_offline(False)
    all_sent(phone)
    (call,) = field(api).visits
    assert call.body["form"] == {
        "form_id": "frm_visit",
        "version": 1,
        "answers": {"vive": "si", "desde": "2019"},
    }
    assert call.body["contacts"] == [{"kind": "phone", "value": "55 1234 5678", "party": "debtor"}]
    assert call.body["address"]["lines"] == "Bolívar 12"


def test_a_shift_sends_the_trail_and_help_is_called_by_holding(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    with phone.expect_response("**/field/shifts"):
        press(phone, "Empezar la jornada")
    all_sent(phone)
    (shift,) = field(api).shifts
    move(phone, 60)
    phone.get_by_role("link", name="Yo").click()
    with phone.expect_response("**/field/shifts/*"):
        press(phone, "Terminar la jornada")
    expect(phone.get_by_text("No has empezado tu jornada")).to_be_visible()
    all_sent(phone)
    assert len(field(api).points) >= 1
    assert field(api).shifts[1]["shift_id"] == shift["shift_id"]

    help_button = phone.get_by_role("button", name="Pedir ayuda")
    help_button.click()
    assert field(api).alarms == []  # a tap is not holding
    help_button.click(delay=1800)
    expect(phone.get_by_text("Pedimos ayuda")).to_be_visible()
    all_sent(phone)
    assert len(field(api).alarms) == 1


def test_a_case_near_here_joins_the_day(phone: "sync_api.Page", api: FakeApi) -> None:
    phone.get_by_role("link", name="Cerca").click()
    press(phone, "Buscar cerca de mí")
    expect(phone.get_by_text("En tu ruta")).to_be_visible()
    press(phone, "Agregar: Vecina de la vuelta")
    expect(phone.get_by_role("heading", name="Vecina de la vuelta")).to_be_visible()
    all_sent(phone)
    (made,) = field(api).assignments
    assert made["case_id"] == "cas_near"
    phone.context.set_offline(True)
    phone.reload()
    phone.get_by_role("link", name="Mi ruta").click()
    expect(phone.locator(".stops > li")).to_have_count(7)


def test_a_guarantor_at_the_door_may_promise_and_a_relative_not(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    go_to_door(phone, 1)
    arrive(phone)
    press(phone, "Seguir")
    phone.get_by_label("Familiar").check()
    expect(phone.get_by_text("No menciones la deuda")).to_be_visible()
    phone.get_by_label("Aval u obligado solidario").check()
    expect(phone.get_by_text("No menciones la deuda")).to_have_count(0)
    # Nobody's workplace is among this list's results: it is not offered.
    expect(phone.get_by_label("Trabajo", exact=True)).to_have_count(0)
    press(phone, "Seguir")
    expect(phone.get_by_role("radio")).to_have_count(1)
    phone.get_by_label("Promete pagar").check()
    press(phone, "Seguir")
    expect(phone.get_by_role("heading", name="Detalles")).to_be_visible()
