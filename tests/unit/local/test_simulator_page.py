"""The laptop's phones in a real browser: what came on each channel, and answering as the debtor."""

import json
from datetime import UTC, datetime

import pytest

from chalicelib.channels.letter import LetterSender
from chalicelib.domain.contact import Channel, ChannelEvent
from tests.conversation_fakes import ANA
from tests.e2e.browser import PHONE, browsing
from tests.unit.channels.conftest import MemoryShelf, a_message
from tests.unit.local.test_conversation_by_phone import Phone
from tests.unit.local.test_providers import provider as provider  # noqa: PLC0414 (a fixture)
from tests.unit.local.test_providers import sender

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

ADDRESS = "Ana Pérez Gómez\nCalle Cinco 5\n06700 Ciudad de México"
SAID = {
    Channel.WHATSAPP: ("WhatsApp", "+525512345601", "Su cuota vence mañana"),
    Channel.SMS: ("SMS", "+525512345602", "Su cuota vence hoy"),
    Channel.CALL: ("Llamada", "+525512345603", "Le llamamos por su cuenta"),
    Channel.EMAIL: ("Correo", "rosa@correo.example", "Su estado de cuenta"),
}


@pytest.fixture
def page(provider):
    with browsing(provider.url, PHONE) as page:
        yield page


def open_page(page):
    page.goto("/simulador/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Simulador")


def person(page, who):
    return page.locator("#people").get_by_role("button").filter(has_text=who)


def test_a_message_of_every_channel_is_read_as_its_phone_shows_it(page, provider):
    for channel, (_, to, text) in SAID.items():
        said = {"text": text, "subject": "Su cuenta", "html": f"<p>{text}</p>"}
        sender(provider, channel).send(
            a_message(channel, to=to, message_id=f"att_{channel.value}", **said)
        )
    shelf = MemoryShelf()
    post = LetterSender(
        shelf, now=lambda: datetime(2026, 11, 22, 18, tzinfo=UTC), zone=lambda _: "UTC"
    )
    post.send(a_message(Channel.LETTER, to=ADDRESS, text="Su cuenta"))
    (line,) = [json.loads(body) for key, (_, body) in shelf.objects.items() if key[-5:] == ".json"]
    provider.network.letters = lambda: [line | {"at": "2026-11-22T18:00:00Z", "href": "/_s3/x"}]

    open_page(page)

    for channel, (title, to, text) in SAID.items():
        person(page, to).click()
        expect(page.locator("#who")).to_have_text(f"{to} · {title}")
        body = page.frame_locator("iframe") if channel is Channel.EMAIL else page
        expect(body.locator("p").filter(has_text=text).first).to_be_visible()
        expect(page.locator("#messages .meta")).to_contain_text("entregado")
        answers = channel in (Channel.WHATSAPP, Channel.SMS)
        expect(page.get_by_label("Responder como el deudor")).to_be_visible(visible=answers)
    person(page, "Ana Pérez Gómez").click()
    expect(page.locator("#messages .text")).to_contain_text("Calle Cinco 5")
    expect(page.get_by_role("link", name="Ver la carta")).to_have_attribute("href", "/_s3/x")


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.SMS])
def test_the_debtor_answers_and_is_answered(page, provider, channel):
    phone = Phone(provider, channel)
    sender(provider, channel).send(a_message(channel, to=ANA, text="Su cuota vence mañana"))
    open_page(page)
    person(page, ANA).click()

    page.get_by_label("Responder como el deudor").fill("¿cuánto debo?")
    page.get_by_role("button", name="Enviar").click()
    expect(page.locator("#messages li.in")).to_contain_text("¿cuánto debo?")
    phone.hears()
    expect(page.locator("#messages li.out").last).to_contain_text("RFC")
    page.get_by_label("Responder como el deudor").fill("1GR8")
    page.get_by_role("button", name="Enviar").click()
    expect(page.locator("#messages li.in")).to_have_count(2)
    phone.hears()

    expect(page.locator("#messages li.out").last).to_contain_text("$1,000.00")
    if channel is Channel.WHATSAPP:  # what WhatsApp offers is tapped; by SMS it is a number
        page.locator("#choices").get_by_role("button", name="Pagar").click()
        expect(page.locator("#messages li.in").last).to_contain_text("Pagar")
    page.get_by_role("button", name="BAJA", exact=True).click()
    expect(page.locator("#messages li.in").last).to_contain_text("BAJA")
    phone.hears()
    expect(page.locator("#messages li.out").last).to_contain_text("ya no te escribirá")


def test_what_becomes_of_a_message_is_told_by_hand(page, provider):
    sender(provider, Channel.WHATSAPP).send(a_message(Channel.WHATSAPP, to=ANA))
    provider.network.heard()
    open_page(page)
    person(page, ANA).click()

    page.get_by_role("button", name="leído").click()

    expect(page.locator("#messages .meta")).to_contain_text("leído")
    (told,) = provider.network.heard()
    assert isinstance(told, ChannelEvent)
    assert (told.kind, told.reference) == ("read", "cas_1:att_1")
