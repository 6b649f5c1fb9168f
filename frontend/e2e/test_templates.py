"""Texts in the panel: found, written with completion, looked at on a real case, kept, tested."""

import pytest

from frontend.e2e.conftest import sign_in_by_cookie
from frontend.e2e.fake_site import FakeApi, Server

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

LIST = "/panel/plantillas/?cartera=prt_mx"
TEXT = f"{LIST}&texto=reminder_firm.whatsapp.es"


def test_a_text_is_found_by_its_purpose_and_opened(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(LIST)
    expect(page.get_by_role("rowheader")).to_have_count(5)

    page.get_by_role("searchbox").fill("firme")
    expect(page.get_by_role("rowheader")).to_have_count(1)
    page.get_by_role("link", name="Recordatorio firme, SMS: Incluida").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Recordatorio firme")
    assert page.locator("#body").input_value().startswith("Hola, {{ first_name }}.")
    expect(page.locator(".msg-count")).to_contain_text("mensaje")


def test_a_variable_is_completed_from_the_keyboard(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(TEXT)
    body = page.locator("#body")
    body.fill("Debe {{ to")
    options = page.get_by_role("listbox", name="Datos del caso").get_by_role("option")
    expect(options.first).to_contain_text("total")
    assert body.get_attribute("aria-activedescendant") == "body-option-0"

    body.press("Enter")

    expect(body).to_have_value("Debe {{ total }}")
    expect(page.locator(".completion")).to_have_count(0)
    body.press_sequentially(" {{ x")
    body.press("Escape")
    expect(page.locator(".completion")).to_have_count(0)


def test_what_is_written_is_seen_and_checked_as_it_is_written(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(TEXT)
    expect(page.locator(".msg-bubble")).to_contain_text("María")
    expect(page.locator(".msg-bubble strong")).to_have_text("$1,840.00")
    expect(page.locator(".msg-button")).to_have_count(3)
    expect(page.locator(".finding-none")).to_be_visible()

    page.locator("#body").fill("Hola\n\nHabrá embargo. {{ identification }}")

    finding = page.locator(".finding-error")
    expect(finding).to_contain_text("suena a amenaza")
    expect(page.get_by_role("button", name="Guardar y usar")).to_be_disabled()
    finding.get_by_role("button", name="Ir a la línea 3").click()
    assert page.evaluate("() => document.getElementById('body').selectionStart") == len("Hola\n\n")


def test_a_real_case_can_be_chosen_for_the_preview(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(TEXT)
    page.get_by_placeholder("Ver con un expediente real").fill("ibarra")

    expect(page.locator("select[name=case] option").nth(1)).to_contain_text("barra")
    expect(page.locator(".msg-bubble")).to_contain_text("Ofelia")


def test_a_text_is_saved_as_a_version_and_given_back(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(TEXT)
    page.locator("#body").fill("Hola, {{ first_name }}. {{ identification }} Gracias.")
    page.get_by_label("Qué cambió").fill("más corto")
    page.get_by_role("button", name="Guardar y usar").click()
    expect(page.locator(".toast")).to_contain_text("Guardada")
    expect(page.locator(".versions")).to_contain_text("más corto")

    page.get_by_role("button", name="Volver a la incluida").click()
    page.get_by_role("dialog").get_by_role("button", name="Volver a la incluida").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Incluida")
    assert page.locator("#body").input_value().startswith("Hola, {{ first_name }}. Su pago")
    page.get_by_role("button", name="Retomar 1").click()
    expect(page.locator("#body")).to_have_value(
        "Hola, {{ first_name }}. {{ identification }} Gracias."
    )


def test_somebody_elses_change_is_not_overwritten(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(TEXT)
    page.locator("#body").fill("Mío {{ identification }}")
    api.__dict__.setdefault("templates", {})["reminder_firm.whatsapp.es"] = {
        "stage": "firm",
        "body": "Suyo",
        "buttons": [],
        "versions": [
            {
                "version": 1,
                "saved_at": "2026-11-22T18:00:00Z",
                "saved_by": "Luis",
                "note": "",
                "active": True,
                "subject": "",
                "body": "Suyo",
            }
        ],
    }
    page.get_by_role("button", name="Guardar y usar").click()

    expect(page.get_by_role("alert").or_(page.locator(".banner-bad"))).to_contain_text("Alguien")
    expect(page.locator("#body")).to_have_value("Mío {{ identification }}")


def test_an_email_is_shown_as_a_mail_program_shows_it_and_nothing_runs(
    signed_in: "sync_api.Page",
) -> None:
    page = signed_in
    page.goto(f"{LIST}&texto=reminder_firm.email.es")
    host = page.locator("[data-mail]")
    expect(host.get_by_text("Ver mi cuenta y pagar")).to_be_visible()
    shown = page.evaluate(
        """() => {
          const { shadowRoot: root } = document.querySelector('[data-mail]')
          const button = [...root.querySelectorAll('span')].at(-1)
          return { colour: getComputedStyle(button).backgroundColor,
                   live: root.querySelectorAll('a, img, script').length, title: document.title }
        }"""
    )
    assert shown["colour"] == "rgb(31, 95, 91)"
    assert (shown["live"], "broken" in shown["title"]) == (0, False)


def test_a_test_is_sent_and_a_refusal_is_told(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(TEXT)
    page.get_by_role("button", name="Enviar prueba").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Su teléfono").fill("+525500000000")
    dialog.get_by_role("button", name="Enviar", exact=True).click()
    expect(dialog).to_contain_text("no aceptó")
    dialog.get_by_label("Su teléfono").fill("+525512345678")
    dialog.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Prueba enviada")
    assert [call.body["to"] for call in api.calls if call.path.endswith("/test")][-1] == (
        "+525512345678"
    )


def test_a_family_of_ones_own_begins_empty(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(LIST)
    page.get_by_role("button", name="Nueva plantilla").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Clave").fill("Campaña")
    dialog.get_by_role("button", name="Escribir").click()
    expect(dialog).to_contain_text("De 3 a 40 letras")
    dialog.get_by_label("Clave").fill("campana_navidad")
    dialog.get_by_role("button", name="Escribir").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("campana navidad")
    page.locator("#body").fill("Felices fiestas. {{ identification }} Gracias.")
    page.get_by_role("button", name="Guardar y usar").click()
    expect(page.locator(".toast")).to_contain_text("Guardada")


def test_an_agent_is_told_that_texts_are_not_theirs_to_change(
    context: "sync_api.BrowserContext", api: FakeApi, server: Server
) -> None:
    agent = next(each for each in api.people if each["role"] == "agent")
    sign_in_by_cookie(context, api, server, agent["person_id"])
    page = context.new_page()
    page.goto(LIST)

    expect(page.get_by_role("heading", level=2)).to_be_visible()
    expect(page.get_by_role("rowheader")).to_have_count(0)
