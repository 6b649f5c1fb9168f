"""Cash at the door on a telephone: numbered once, offline, through crashes, up to the limit."""

from collections.abc import Iterator

import pytest

from frontend.e2e.fake_field import CASH_PAID, NO_VISITS, day_of, field
from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.field_phone import (
    PHOTO,
    arrive,
    begin,
    finish,
    go_to_door,
    kept,
    move,
    phone_of,
    press,
    unlock,
)
from frontend.e2e.test_field import not_as_published

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser


@pytest.fixture
def phone(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> Iterator["sync_api.Page"]:
    portfolio = day_of(api)["portfolios"]["prt_mx"]
    portfolio |= {
        "cash_allowed": True,
        "cash_limit_minor": 1_000_000,
        "dispositions": [CASH_PAID, NO_VISITS],
    }
    with phone_of(browser, server, api, complaints) as page:
        begin(page)
        yield page
    assert complaints == []
    assert not_as_published(api) == []


def to_cash(page: "sync_api.Page", door: int = 1) -> None:
    move(page, door=door)
    go_to_door(page, door)
    arrive(page)
    press(page, "Seguir")
    page.get_by_label("Titular").check()
    press(page, "Seguir")
    page.get_by_label("Pagó en efectivo").check()
    press(page, "Seguir")
    expect(page.get_by_role("heading", name="Recibí efectivo")).to_be_visible()


def take(page: "sync_api.Page", amount: str) -> None:
    page.get_by_label("Importe").fill(amount)
    press(page, "Dar recibo")


def end(page: "sync_api.Page") -> None:
    press(page, "Seguir")
    expect(page.get_by_role("heading", name="Fotos")).to_be_visible()
    press(page, "Seguir")
    finish(page)


def all_sent(page: "sync_api.Page") -> None:
    expect(page.get_by_text("Todo enviado")).to_be_visible()


def receipts(page: "sync_api.Page") -> list[tuple[int, str]]:
    return [(int(one["number"][-6:]), one["state"]) for one in kept(page, "receipts")]


def test_a_receipt_is_given_offline_and_survives_a_crash(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    phone.context.set_offline(True)
    to_cash(phone)
    take(phone, "1,500.50")
    expect(phone.locator(".receipt-amount")).to_have_text("$1,500.50")
    expect(phone.locator(".receipt .qr")).to_be_visible()
    whatsapp = phone.get_by_role("link", name="WhatsApp").get_attribute("href") or ""
    assert whatsapp.startswith("https://wa.me/?text=Recibo")

    crashed, context = phone, phone.context
    again = context.new_page()
    crashed.close(run_before_unload=False)
    again.goto("/campo/")
    unlock(again)
    again.get_by_role("link", name="Lucía Ortega Marín").click()
    press(again, "Seguir la visita")
    expect(again.locator(".receipt-amount")).to_have_text("$1,500.50")
    assert receipts(again) == [(1, "issued")]
    end(again)

    context.set_offline(False)
    all_sent(again)
    (call,) = field(api).visits
    cash = call.body["cash"]
    assert (cash["number"][-6:], cash["amount_minor"]) == ("000001", 150_050)
    again.goto("/campo/#/caja")
    expect(again.get_by_text("Llevas $1,500.50 de $10,000.00")).to_be_visible()


def test_no_more_is_taken_than_is_owed_or_may_be_held(phone: "sync_api.Page", api: FakeApi) -> None:
    to_cash(phone)
    take(phone, "12,346")
    expect(phone.get_by_text("Es más de lo que debe.")).to_be_visible()
    take(phone, "10,000.01")
    expect(phone.get_by_text("Con eso pasas del límite de efectivo.")).to_be_visible()
    assert receipts(phone) == []
    take(phone, "8,000")
    expect(phone.locator(".receipt-amount")).to_be_visible()
    end(phone)
    phone.context.set_offline(True)
    to_cash(phone, 2)
    expect(phone.get_by_text("Te acercas al límite")).to_be_visible()
    take(phone, "2,000")
    expect(phone.locator(".receipt-amount")).to_be_visible()
    end(phone)
    to_cash(phone, 3)
    expect(phone.get_by_text("Llegaste al límite")).to_be_visible()
    take(phone, "1")
    expect(phone.get_by_text("Con eso pasas del límite de efectivo.")).to_be_visible()
    phone.context.set_offline(False)


def test_a_torn_receipt_keeps_its_number_and_says_why(phone: "sync_api.Page", api: FakeApi) -> None:
    to_cash(phone)
    take(phone, "900")
    press(phone, "Anular recibo")
    dialog = phone.get_by_role("dialog")
    dialog.get_by_label("Por qué").fill("Me equivoqué de importe")
    dialog.get_by_role("button", name="Anular recibo", exact=True).click()
    expect(phone.get_by_role("heading", name="Recibí efectivo")).to_be_visible()
    take(phone, "90")
    expect(phone.locator(".receipt-amount")).to_have_text("$90.00")
    end(phone)
    all_sent(phone)
    (call,) = field(api).visits
    assert call.body["cash"]["number"].endswith("-000002")
    (torn,) = field(api).torn
    assert (torn["number"][-6:], torn["amount_minor"]) == ("000001", 90_000)
    assert torn["reason"] == "Me equivoqué de importe"
    assert receipts(phone) == [(1, "void"), (2, "issued")]


def test_a_number_the_server_has_seen_is_never_given_again(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    field(api).numbers = {1, 2, 3, 4}
    phone.get_by_role("button", name="Actualizar la ruta").click()
    phone.wait_for_function(
        """() => new Promise((done) => {
          const open = indexedDB.open('recobro-field-per_carla')
          open.onsuccess = () => {
            const next = open.result.transaction('facts').objectStore('facts').get('cash-next')
            next.onsuccess = () => { open.result.close(); done(next.result === 5) }
          }
        })"""
    )
    to_cash(phone)
    take(phone, "100")
    expect(phone.locator(".receipt-amount")).to_be_visible()
    assert receipts(phone) == [(5, "issued")]


def test_cash_is_handed_in_with_the_picture_of_its_slip(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    phone.goto("/campo/#/caja")
    phone.get_by_label("Importe").fill("700")
    press(phone, "Entregar efectivo")
    expect(phone.get_by_text("Falta la foto del comprobante.")).to_be_visible()
    phone.get_by_label("Foto del comprobante").set_input_files(PHOTO)
    expect(phone.get_by_text("Comprobante listo: cambiar")).to_be_visible()
    with phone.expect_response(lambda answer: "/_storage/" in answer.url):
        press(phone, "Entregar efectivo")
    (deposit,) = field(api).deposits
    assert (deposit["amount_minor"], deposit["way"]) == (70_000, "bank")
    assert len(field(api).photos[deposit["deposit_id"]]) > 100


def test_the_channels_a_debtor_refuses_are_sent(phone: "sync_api.Page", api: FakeApi) -> None:
    go_to_door(phone, 1)
    arrive(phone)
    press(phone, "Seguir")
    phone.get_by_label("Titular").check()
    press(phone, "Seguir")
    phone.get_by_label("Pide que no vayan").check()
    press(phone, "Seguir")
    press(phone, "Seguir")
    expect(phone.get_by_text("Marca al menos un canal.")).to_be_visible()
    phone.get_by_label("Visita", exact=True).check()
    phone.get_by_label("WhatsApp").check()
    end(phone)
    all_sent(phone)
    (call,) = field(api).visits
    assert call.body["opt_outs"] == ["visit", "whatsapp"]


def test_a_shift_the_server_closed_ends_on_the_phone(phone: "sync_api.Page", api: FakeApi) -> None:
    press(phone, "Empezar la jornada")
    all_sent(phone)
    expect(phone.get_by_role("button", name="Empezar la jornada")).to_have_count(0)
    field(api).shift_closed = True
    phone.get_by_role("button", name="Actualizar la ruta").click()
    expect(phone.get_by_role("button", name="Empezar la jornada")).to_be_visible()


def test_the_debtor_confirms_by_a_code_and_checks_the_receipt(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    to_cash(phone)
    take(phone, "400")
    press(phone, "Mandarle un código para confirmar")
    phone.get_by_label("Código que recibió la persona").fill("111111")
    press(phone, "Confirmar")
    expect(phone.get_by_text("No es ese código, o ya venció.")).to_be_visible()
    phone.get_by_label("Código que recibió la persona").fill("123456")
    press(phone, "Confirmar")
    expect(phone.get_by_text("La persona confirmó el pago")).to_be_visible()
    end(phone)
    all_sent(phone)
    (call,) = field(api).visits
    assert call.body["cash"]["code_id"] == "otc_1"

    (kept_,) = kept(phone, "receipts")
    phone.goto(f"/verificar/#recibo={kept_['token']}")
    expect(phone.get_by_text("El recibo es auténtico y va en camino")).to_be_visible()
    expect(phone.get_by_text(kept_["number"])).to_be_visible()
