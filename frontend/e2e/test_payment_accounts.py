"""Where a portfolio's money goes: accounts connected, tried and taken away; a bank's file."""

import pytest

from frontend.e2e.fake_api import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect


def sent(api: FakeApi, method: str) -> list[dict]:
    return [c.body for c in api.calls if c.method == method and "/payment-" in c.path]


@pytest.fixture
def page(signed_in: "sync_api.Page") -> "sync_api.Page":
    signed_in.goto("/panel/carteras/?id=prt_mx")
    expect(signed_in.locator("#pay-stripe")).to_be_visible()
    return signed_in


def test_keys_are_typed_once_and_never_shown(page: "sync_api.Page", api: FakeApi) -> None:
    page.get_by_role("button", name="Conectar: Stripe").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("/webhooks/payments/stripe/prt_mx")).to_be_visible()
    key = dialog.get_by_label("Llave secreta")
    assert key.get_attribute("type") == "password"
    key.fill("sk_test_wrong_key_1234")
    dialog.get_by_label("Secreto de las notificaciones").fill("whsec_0123456789")
    dialog.get_by_label("OXXO").uncheck()
    dialog.get_by_role("button", name="Guardar y probar").click()

    row = page.locator("#pay-stripe")
    expect(row).to_contain_text("Con problema")
    expect(row).to_contain_text("La llave no sirve")
    assert sent(api, "PUT")[-1]["methods"] == ["card", "spei"]

    page.get_by_role("button", name="Cambiar: Stripe").click()
    expect(dialog.get_by_label("Llave secreta")).to_have_value("")
    dialog.get_by_label("Llave secreta").fill("sk_test_good_key_5678")
    dialog.get_by_role("button", name="Guardar y probar").click()
    expect(row).to_contain_text("Activo")
    expect(row).to_contain_text("llave que termina en 5678")
    # The key that did not change is not sent, so it stays as it is.
    assert sent(api, "PUT")[-1]["keys"] == {"key": "sk_test_good_key_5678"}
    assert "sk_test_good_key" not in page.content()


def test_what_is_missing_is_said_beside_the_field(page: "sync_api.Page", api: FakeApi) -> None:
    page.get_by_role("button", name="Conectar: Stripe").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Guardar y probar").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_label("Llave secreta")).to_have_attribute("aria-invalid", "true")


def test_an_account_is_tried_and_taken_away(page: "sync_api.Page", api: FakeApi) -> None:
    page.get_by_role("button", name="Conectar: Pagos de prueba").click()
    page.get_by_role("dialog").get_by_role("button", name="Guardar y probar").click()
    row = page.locator("#pay-sandbox")
    expect(row).to_contain_text("Activo")
    page.get_by_role("button", name="Probar la conexión: Pagos de prueba").click()
    expect(page.get_by_text("La conexión funciona.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Desconectar: Pagos de prueba").click()
    page.get_by_role("dialog").get_by_role("button", name="Desconectar").click()
    expect(row).to_contain_text("Sin conectar")


def test_a_banks_file_asks_then_says_what_became_of_every_row(
    page: "sync_api.Page", api: FakeApi
) -> None:
    page.get_by_role("button", name="Conectar: Referencia bancaria").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Prefijo de CLABE").fill("646180157")
    dialog.get_by_role("button", name="Guardar y probar").click()

    page.get_by_label("Archivo", exact=True).set_input_files(
        {"name": "banco.csv", "mimeType": "text/csv", "buffer": b"Fecha,Abono\n"}
    )
    page.get_by_role("button", name="Leer y registrar los pagos").click()
    page.get_by_label("¿En qué orden vienen las fechas?").select_option("mdy")
    page.get_by_role("button", name="Leer y registrar los pagos").click()

    section = page.locator("#payments")
    expect(section).to_contain_text("5 renglones leídos")
    expect(section).to_contain_text("3 pagos registrados")
    expect(section).to_contain_text("1 en la bandeja")
    expect(section).to_contain_text("Renglón 8: Falta el monto.")
    calls = [c.body for c in api.calls if c.path.endswith("/bank-files")]
    assert [c["from_row"] for c in calls] == [0, 0, 6]
    assert calls[-1]["answers"] == {"0:date_order": "mdy"}


def test_a_supervisor_sees_and_tries_but_changes_nothing(
    page: "sync_api.Page", api: FakeApi
) -> None:
    api.me["role"] = "supervisor"
    page.reload()
    expect(page.locator("#pay-stripe")).to_be_visible()
    expect(page.get_by_text("Solo quien administra puede conectar")).to_be_visible()
    expect(page.get_by_role("button", name="Conectar: Stripe")).to_have_count(0)
