"""Conversations: a list that moves by itself, a chat, a person's turn, strangers placed."""

import re
from typing import Any

import pytest

from frontend.e2e import fake_conversations
from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

LIST = "/panel/conversaciones/?cartera=prt_mx"


def sent(api: FakeApi, ending: str) -> list[Any]:
    return [c.body for c in api.calls if c.method == "POST" and c.path.endswith(ending)]


def test_what_somebody_writes_appears_by_itself(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(f"{LIST}&id=cnv_1")
    log = page.get_by_role("log")
    expect(log.get_by_text("¿cuánto debo?")).to_be_visible()
    expect(log.get_by_text("Nota de voz")).to_be_visible()

    fake_conversations.hear(api, "cnv_2", "¿ya vieron mi pago?")
    fake_conversations.hear(api, "cnv_1", "¿sigues ahí?")

    expect(log.get_by_text("¿sigues ahí?")).to_be_visible()
    first = page.locator(".talk").first
    expect(first).to_contain_text(re.compile("sigues|vieron"))
    asked = [c.query for c in api.calls if c.path.endswith("/prt_mx/conversations")]
    assert all("since" in query for query in asked[1:])


def test_a_person_takes_over_answers_and_hands_back(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(f"{LIST}&bandeja=espera")
    page.get_by_role("link", name=re.compile("Ibarra")).click()
    expect(page.get_by_text("Aún no sabemos quién escribe")).to_be_visible()

    page.get_by_role("button", name="Tomar").click()
    expect(page.get_by_role("button", name="Tomar")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=re.compile("Ibarra"))).to_have_count(0)
    page.go_back()
    answer = page.get_by_label("Escribe tu respuesta")
    answer.fill("Hola, soy Ana.")
    answer.press("Shift+Enter")
    answer.type("¿En qué le ayudo?")
    answer.press("Enter")

    expect(page.get_by_role("log").get_by_text("¿En qué le ayudo?")).to_be_visible()
    assert sent(api, "/messages") == [{"text": "Hola, soy Ana.\n¿En qué le ayudo?"}]
    expect(answer).to_have_value("")
    page.get_by_role("button", name="Devolver al asistente").click()
    expect(page.get_by_role("button", name="Tomar")).to_be_visible()


def test_after_a_day_it_says_why_and_offers_templates(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(f"{LIST}&id=cnv_2")
    expect(page.get_by_text("Pasaron más de 24 horas")).to_be_visible()
    expect(page.get_by_label("Escribe tu respuesta")).to_have_count(0)
    expect(page.get_by_text("no enviado (El proveedor pide esperar)")).to_be_visible()

    page.get_by_label("Elige una plantilla").select_option("reminder_friendly")
    page.get_by_role("button", name="Enviar plantilla").click()

    expect(page.get_by_role("log").get_by_text("por salir").first).to_be_visible()
    assert sent(api, "/messages") == [{"template_id": "reminder_friendly"}]


def test_a_stranger_is_attached_to_a_case(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(LIST)
    page.get_by_role("link", name="Sin identificar").click()
    page.locator(".talk").first.click()
    page.get_by_role("button", name="Asociar a un expediente").click()
    dialog = page.get_by_role("dialog", name="¿De qué expediente es este número?")
    dialog.get_by_label("Nombre, identificación, folio o correo").fill("ibarra")
    dialog.get_by_role("button", name="Buscar").click()
    dialog.get_by_role("radio").first.check()
    dialog.get_by_label("¿De quién es el número?").select_option("guarantor")
    dialog.get_by_role("button", name="Asociar a un expediente").click()

    expect(page.get_by_text("Asociado al expediente.")).to_be_visible()
    (body,) = sent(api, "/attachment")
    assert body["party"] == "guarantor"
    expect(page.locator(".talk")).to_have_count(0)


def test_the_keyboard_goes_through_the_list_and_into_the_answer(
    signed_in: "sync_api.Page",
) -> None:
    page = signed_in
    page.goto(LIST)
    expect(page.locator(".talk")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".talk").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("id=cnv_1"))
    expect(page.get_by_role("heading", name=re.compile("Ibarra"))).to_be_focused()

    page.keyboard.press("r")

    expect(page.get_by_label("Escribe tu respuesta")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("id="))


def test_on_a_phone_there_is_the_list_or_the_chat(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(LIST)
    page.get_by_role("link", name=re.compile("Ibarra")).click()
    expect(page.get_by_role("log")).to_be_visible()
    expect(page.locator(".talks-list")).to_be_hidden()

    page.get_by_role("main").get_by_role("link", name="Conversaciones", exact=True).click()

    expect(page.locator(".talks-list")).to_be_visible()
    expect(page.get_by_role("log")).to_have_count(0)


def test_a_case_leads_to_its_conversation(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(f"{LIST}&caso=cas_1")

    expect(page.get_by_role("heading", name=re.compile("Ibarra"))).to_be_visible()
    expect(page).to_have_url(re.compile("id=cnv_1"))


def test_what_was_said_is_erased_when_somebody_asks_for_it(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(f"{LIST}&id=cnv_1")
    log = page.get_by_role("log")
    expect(log.get_by_text("¿cuánto debo?")).to_be_visible()
    page.get_by_role("button", name="Borrar lo dicho").click()
    dialog = page.get_by_role("dialog", name="¿Borrar lo que se dijo?")
    expect(dialog.get_by_text("No se puede deshacer.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Borrar lo dicho")).to_be_disabled()
    dialog.get_by_label("¿Quién lo pidió y cómo?").fill("Solicitud 12/2026")
    dialog.get_by_role("button", name="Borrar lo dicho").click()

    expect(log.get_by_text("Borrado a petición")).to_have_count(4)
    expect(log.get_by_text("¿cuánto debo?")).to_have_count(0)
    assert sent(api, "/erasure") == [{"reason": "Solicitud 12/2026"}]


def test_a_strangers_conversation_is_erased_whole(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(f"{LIST}&bandeja=desconocidos&id=cnv_3")
    page.get_by_role("button", name="Borrar lo dicho").click()
    dialog = page.get_by_role("dialog", name="¿Borrar lo que se dijo?")
    dialog.get_by_label("¿Quién lo pidió y cómo?").fill("Nos escribió por error")
    dialog.get_by_role("button", name="Borrar lo dicho").click()

    expect(page.get_by_text("Se borró lo que se dijo.")).to_be_visible()
    expect(page.locator(".talk")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("id="))


def test_the_chat_of_a_debtors_page_is_answered_where_they_look(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    with api.lock:
        one = fake_conversations.talks(api)["cnv_1"]
        one["head"] |= {"channel": "page", "phone": "", "window_ends_at": None}
    page = signed_in
    page.goto(f"{LIST}&id=cnv_1")
    expect(page.get_by_text("Página del deudor")).to_be_visible()
    expect(page.get_by_text("No se envía: lo verá en su página.")).to_be_visible()
    answer = page.get_by_label("Escribe tu respuesta")
    answer.fill("Hola, soy Ana.")
    answer.press("Enter")

    expect(page.get_by_role("log").get_by_text("Hola, soy Ana.")).to_be_visible()
    assert sent(api, "/messages") == [{"text": "Hola, soy Ana."}]
