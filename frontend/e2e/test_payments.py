"""People see what came in, and settle what nobody could place."""

import pytest

from frontend.e2e.fake_received import lost, payments_of
from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/pagos/?cartera=prt_mx"


def sent(api: FakeApi) -> list[object]:
    return [call.body for call in api.calls if call.method == "POST" and "/payments/" in call.path]


def test_what_came_in_is_listed_with_how_it_stands(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    rows = signed_in.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Ofelia Ibarra Montes")
    expect(rows.first).to_contain_text("Registrado")
    expect(rows.nth(2)).to_contain_text("Contracargo de")


def test_a_payment_is_found_by_its_id(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_label("Buscar por identificador").fill("pi_2")
    signed_in.get_by_role("button", name="Buscar").click()
    expect(signed_in.get_by_role("table").locator("tbody tr")).to_have_count(1)
    signed_in.get_by_label("Buscar por identificador").fill("pi_none")
    signed_in.get_by_role("button", name="Buscar").click()
    expect(signed_in.get_by_text("Ningún pago con ese identificador")).to_be_visible()


def test_a_lost_payment_is_put_to_its_case(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE + "&ver=unmatched")
    expect(signed_in.get_by_text("No se sabe de quién es")).to_be_visible()
    signed_in.get_by_role("button", name="Asignar").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Nombre, RFC").fill("Ofelia")
    dialog.get_by_role("button", name="Buscar").click()
    expect(dialog.get_by_role("radio").first).to_be_checked()
    dialog.get_by_role("button", name="Asignar", exact=True).click()
    expect(signed_in.get_by_text("Ningún pago espera")).to_be_visible()
    (body,) = sent(api)
    assert isinstance(body, dict)
    assert body["action"] == "assign"
    assert body["case_id"].startswith("cas_")


def test_a_lost_payment_is_sent_back_after_asking(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE + "&ver=unmatched")
    signed_in.get_by_role("button", name="Devolver").click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog).to_contain_text("No se puede deshacer")
    dialog.get_by_role("button", name="Devolver").click()
    expect(signed_in.get_by_text("Ningún pago espera")).to_be_visible()
    assert sent(api) == [{"action": "send_back"}]


def test_a_refund_after_a_merge_is_brought_to_the_case_of_the_debt(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    payments_of(api)["unmatched"] = [
        lost(reason="merged", case_id="cas_2", kept={"minor": 0, "currency": "MXN"})
    ]
    signed_in.goto(PAGE + "&ver=unmatched")
    row = signed_in.locator("tbody tr")
    expect(row).to_contain_text("su expediente se unió con otro y después regresó dinero")
    expect(row.get_by_role("link", name="Ver el expediente")).to_have_attribute(
        "href", "/panel/expedientes/caso/?id=cas_2"
    )
    expect(row.get_by_role("button")).to_have_count(1)
    row.get_by_role("button", name="Llevar al expediente").click()
    dialog = signed_in.get_by_role("dialog", name="Regresaron $899.00")
    expect(dialog).to_contain_text("el expediente donde está ahora la deuda")
    dialog.get_by_role("button", name="Llevar al expediente").click()
    expect(signed_in.get_by_text("Ningún pago espera")).to_be_visible()
    assert sent(api) == [{"action": "bring"}]


def test_what_was_paid_over_is_given_back(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE + "&ver=over")
    signed_in.get_by_role("button", name="Devolver").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Devolver excedente").click()
    expect(signed_in.get_by_text("Ningún pago trae de más")).to_be_visible()
    assert sent(api) == [{"action": "give_back_over", "case_id": "cas_2"}]


def test_what_a_debtor_reports_is_looked_for_with_their_photo(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE + "&ver=reported")
    row = signed_in.get_by_role("row").filter(has_text="Ofelia")
    expect(row).to_contain_text("Por buscar")
    expect(row).to_contain_text("Su página")
    photo = row.get_by_role("link", name="2026-11-22-150000.jpg")
    expect(photo).to_have_attribute("href", "/_s3/recibo.jpg")
    row.get_by_role("button", name="No se encontró").click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="No se encontró")).to_be_disabled()
    dialog.get_by_label("Qué le decimos").fill("El banco no lo tiene")
    dialog.get_by_role("button", name="No se encontró").click()
    expect(row).to_have_count(0)
    assert sent(api) == [
        {"action": "not_found", "case_id": "cas_1", "answer": "El banco no lo tiene"}
    ]


def test_what_is_told_to_the_bot_is_in_the_same_tray_and_found_by_how_it_was_told(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE + "&ver=reported")
    expect(signed_in.locator("tbody tr")).to_have_count(2)
    signed_in.get_by_label("Por dónde").select_option(label="WhatsApp")
    row = signed_in.locator("tbody tr")
    expect(row).to_have_count(1)
    for text in ("Rubén Salas", "No dijo cuánto", "WhatsApp", "Ya pagué en la tienda"):
        expect(row).to_contain_text(text)
    assert "medio=whatsapp" in signed_in.url
    row.get_by_role("button", name="Se encontró", exact=True).click()
    dialog = signed_in.get_by_role("dialog", name="Se encontró el pago")
    dialog.get_by_role("button", name="Se encontró").click()
    expect(signed_in.get_by_text("Nadie lo avisó por ese medio")).to_be_visible()
    assert sent(api) == [{"action": "found", "case_id": "cas_2", "answer": ""}]
    signed_in.get_by_label("Por dónde").select_option(label="En la puerta")
    expect(signed_in.get_by_text("queda aquí con lo que dijo")).to_be_visible()


def test_who_was_quicker_is_told(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE + "&ver=unmatched")
    signed_in.get_by_role("button", name="Devolver").click()
    payments_of(api)["unmatched"][0]["state"] = "assigned"
    signed_in.get_by_role("dialog").get_by_role("button", name="Devolver").click()
    expect(signed_in.get_by_text("Otra persona ya está atendiendo")).to_be_visible()


def test_an_empty_list_teaches(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/pagos/?cartera=prt_mx&ver=checkouts")
    expect(signed_in.get_by_text("Tarjeta rechazada")).to_be_visible()
    payments_of(api)["received"].clear()
    signed_in.goto(PAGE)
    expect(signed_in.get_by_text("Todavía no hay pagos")).to_be_visible()
