"""Getting in and out, as a person does it."""

import re

import pytest

from frontend.e2e.fake_people import PASSWORD, TOTP_CODE
from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect


def enter(page: "sync_api.Page", email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Correo").fill(email)
    page.get_by_label("Contraseña", exact=True).fill(password)
    page.get_by_role("button", name="Entrar", exact=True).click()


def test_a_wrong_password_says_so_beside_the_field(page: "sync_api.Page") -> None:
    page.goto("/panel/entrar/")
    enter(page, "ana@ejemplo.example", "otra cosa")
    # The focus was in the field before, so nothing but an alert is read out.
    wrong = "El correo o la contraseña no son correctos."
    expect(page.get_by_role("alert").filter(has_text=wrong)).to_be_visible()
    expect(page.get_by_label("Contraseña", exact=True)).to_be_focused()
    expect(page.get_by_label("Contraseña", exact=True)).to_have_accessible_description(wrong)


def test_the_page_that_was_asked_for_opens_after_signing_in(page: "sync_api.Page") -> None:
    page.goto("/panel/carteras/?id=prt_mx")
    page.wait_for_url(re.compile("/panel/entrar/"))
    enter(page, "ana@ejemplo.example")
    page.wait_for_url(re.compile(r"/panel/carteras/\?id=prt_mx"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Microcréditos Centro")


@pytest.mark.parametrize(
    "evil", ["//evil.example/panel/", "https://evil.example/", "/\\evil.example/panel/"]
)
def test_signing_in_never_leads_off_the_site(page: "sync_api.Page", evil: str) -> None:
    page.goto(f"/panel/entrar/?next={evil}")
    enter(page, "ana@ejemplo.example")
    page.wait_for_url(re.compile(r"127\.0\.0\.1:\d+/panel/$"))


def test_a_first_password_must_be_a_good_one(page: "sync_api.Page") -> None:
    page.goto("/panel/entrar/")
    enter(page, "nueva@ejemplo.example")
    new = page.get_by_label("Contraseña nueva")
    new.fill("corta")
    page.get_by_role("button", name="Guardar y entrar").click()
    expect(page.get_by_text("Necesita al menos 12 caracteres.")).to_be_visible()
    new.fill("Una frase que recuerdo 7")
    page.get_by_role("button", name="Guardar y entrar").click()
    page.wait_for_url(re.compile("/panel/$"))


def test_a_code_from_the_app_is_asked_for_and_may_be_mistyped(page: "sync_api.Page") -> None:
    page.goto("/panel/entrar/")
    enter(page, "segura@ejemplo.example")
    code = page.get_by_label("Código de seis cifras")
    code.fill("000000")
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_text("Ese código no es correcto")).to_be_visible()
    code.fill("123 456")
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.wait_for_url(re.compile("/panel/$"))


def test_setting_up_the_second_step_shows_a_code_to_scan_and_a_key_to_type(
    page: "sync_api.Page",
) -> None:
    page.goto("/panel/entrar/")
    enter(page, "estreno@ejemplo.example")
    expect(page.get_by_role("img", name="Código QR")).to_be_visible()
    expect(page.get_by_text("JBSW Y3DP")).to_be_visible()
    page.get_by_label("Código de seis cifras").fill(TOTP_CODE)
    page.get_by_role("button", name="Verificar").click()
    page.wait_for_url(re.compile("/panel/$"))


def test_a_forgotten_password_is_replaced_with_the_code_from_the_mail(
    page: "sync_api.Page", api: FakeApi
) -> None:
    page.goto("/panel/entrar/")
    page.get_by_role("button", name="Olvidé mi contraseña").click()
    page.get_by_label("Correo").fill("ana@ejemplo.example")
    page.get_by_role("button", name="Enviar el código").click()
    page.get_by_label("Código del correo").fill(TOTP_CODE)
    page.get_by_label("Contraseña nueva").fill("Otra frase que recuerdo 8")
    page.get_by_role("button", name="Cambiar la contraseña").click()
    expect(page.get_by_text("Contraseña cambiada.")).to_be_visible()
    assert [c.path for c in api.calls if c.path.startswith("/password")] == [
        "/password/forgotten",
        "/password/reset",
    ]


def test_an_expired_token_is_renewed_without_anyone_noticing(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto("/panel/?cartera=prt_mx")
    expect(signed_in.get_by_text("$12,845,303")).to_be_visible()
    api.tokens = set()
    signed_in.goto("/panel/personas/")
    expect(signed_in.get_by_role("button", name="Bruno Salcedo")).to_be_visible()
    assert api.refreshes == 2


def test_signing_out_here_signs_out_the_other_tab(
    signed_in: "sync_api.Page", context: "sync_api.BrowserContext"
) -> None:
    signed_in.goto("/panel/")
    other = context.new_page()
    other.goto("/panel/ajustes/")
    expect(other.get_by_role("heading", name="Ajustes")).to_be_visible()
    signed_in.get_by_role("button", name="Abrir el menú de la cuenta").last.click()
    signed_in.get_by_role("button", name="Cerrar sesión").click()
    signed_in.wait_for_url(re.compile("/panel/entrar/"))
    other.wait_for_url(re.compile("/panel/entrar/"))


def test_two_tabs_share_one_refresh(
    signed_in: "sync_api.Page", context: "sync_api.BrowserContext", api: FakeApi
) -> None:
    """The second tab hears of the first one's token, so it calls with it at once."""
    other = context.new_page()
    other.goto("/panel/entrar/")
    signed_in.goto("/panel/personas/")
    expect(signed_in.get_by_role("button", name="Bruno Salcedo")).to_be_visible()
    other.goto("/panel/personas/")
    expect(other.get_by_role("button", name="Bruno Salcedo")).to_be_visible()
    assert api.refreshes == 1


def test_the_language_switch_keeps_the_page(signed_in: "sync_api.Page") -> None:
    signed_in.goto("/panel/carteras/?id=prt_mx")
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Microcréditos")
    signed_in.get_by_role("button", name="Abrir el menú de la cuenta").last.click()
    signed_in.get_by_role("link", name="Português").click()
    signed_in.wait_for_url(re.compile(r"/pt/panel/carteras/\?id=prt_mx"))
    expect(signed_in.get_by_role("heading", name="Juros de mora")).to_be_visible()


def test_the_theme_is_kept_and_applied_before_the_first_paint(signed_in: "sync_api.Page") -> None:
    signed_in.goto("/panel/ajustes/")
    signed_in.get_by_role("radio", name="Oscura").last.check()
    signed_in.goto("/panel/")
    assert signed_in.evaluate("() => document.documentElement.dataset.theme") == "dark"


def test_losing_the_connection_is_said(signed_in: "sync_api.Page") -> None:
    signed_in.goto("/panel/?cartera=prt_mx")
    expect(signed_in.get_by_text("$12,845,303")).to_be_visible()
    signed_in.context.set_offline(True)
    expect(signed_in.get_by_text("Sin conexión.")).to_be_visible()
    signed_in.context.set_offline(False)
    expect(signed_in.get_by_text("La conexión ha vuelto.")).to_be_visible()
