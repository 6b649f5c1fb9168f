"""Every screen of the agent's app: accessible, inside 360 px, in light and dark."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from frontend.e2e.fake_field import field
from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.field_phone import (
    PHOTO,
    arrive,
    begin,
    begin_without_worker,
    choose_pin,
    go_to_door,
    move,
    phone_of,
    press,
    unlock,
    visit_nobody,
)
from frontend.e2e.test_every_page import APPEARANCE, AXE, RULES, findings

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

SHOTS = os.environ.get("RECOBRO_SHOTS")
Look = Callable[[str], None]


def looker(page: "sync_api.Page", found: list[str]) -> Look:
    """Look at what is on screen in both themes; pictures are kept where RECOBRO_SHOTS says."""
    axe = AXE.read_text("utf-8")

    def look(name: str) -> None:
        page.wait_for_function("() => document.querySelector('main [aria-busy=true]') === null")
        page.evaluate(axe)
        found.extend(findings(page, f"{name}, light", RULES))
        wide = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            found.append(f"{name}: sticks out by {wide} px")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"campo-{name}.png")
        page.emulate_media(color_scheme="dark")
        found.extend(findings(page, f"{name}, dark", APPEARANCE))
        page.emulate_media(color_scheme="light")

    return look


def test_every_screen_of_the_day(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> None:
    found: list[str] = []
    with phone_of(browser, server, api, complaints) as page:
        look = looker(page, found)
        page.goto("/campo/")
        expect(page.locator("#pin")).to_be_visible()
        look("pin")
        begin(page)
        look("ruta")
        page.goto("/campo/#/parada/asg_0000001")
        expect(page.get_by_role("heading", name="Lucía Ortega")).to_be_visible()
        look("parada")
        page.get_by_role("link", name="Cerca").click()
        press(page, "Buscar cerca de mí")
        expect(page.get_by_text("Vecina de la vuelta")).to_be_visible()
        look("cerca")
        page.get_by_role("link", name="Yo", exact=True).click()
        press(page, "Ver mi recorrido")
        expect(page.get_by_role("img", name="Código QR")).to_be_visible()
        expect(page.get_by_role("img", name="Recorrido de")).to_be_visible()
        look("yo")
        page.context.set_offline(True)
        visit_nobody(page, 1)
        look("ruta-sin-enviar")
        page.get_by_role("link", name="Envíos").click()
        expect(page.get_by_text("Por enviar")).to_be_visible()
        look("envios")
        page.get_by_role("link", name="Yo", exact=True).click()
        press(page, "Cerrar sesión")
        look("salir")
        press(page, "Quedarme")
        with page.expect_event("load"):
            press(page, "Bloquear ahora")
        expect(page.get_by_label("Tu PIN")).to_be_visible()
        look("bloqueada")
        unlock(page)
    assert found == []
    assert complaints == []


def test_every_step_of_a_visit(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> None:
    found: list[str] = []
    with phone_of(browser, server, api, complaints) as page:
        look = looker(page, found)
        begin(page)
        go_to_door(page, 1)
        expect(page.get_by_text("Estás en la dirección")).to_be_visible()
        look("llegada")
        arrive(page)
        look("identificarse")
        press(page, "Seguir")
        page.get_by_label("Familiar").check()
        look("con-quien")
        page.get_by_label("Titular").check()
        press(page, "Seguir")
        for result, step in (("Dice que ya pagó", "pago"), ("Reclama", "reclamo")):
            page.get_by_label(result).check()
            look("resultado")
            press(page, "Seguir")
            press(page, "Seguir")
            look(step)
            press(page, "Volver")
        page.get_by_label("Atiende").check()
        press(page, "Seguir")
        press(page, "Teléfono")
        look("contactos")
        page.get_by_role("textbox", name="Teléfono").fill("5512345678")
        page.get_by_label("Calle, número y referencias").fill("Bolívar 12")
        press(page, "Seguir")
        expect(page.get_by_text("¿Vive aquí la persona titular?")).to_be_visible()
        look("cuestionario")
        page.get_by_label("No", exact=True).check()
        press(page, "Seguir")
        page.get_by_label("Foto de la puerta").set_input_files(PHOTO)
        expect(page.get_by_alt_text("Foto 1")).to_be_visible()
        look("fotos")
        press(page, "Seguir")
        look("revision")
        press(page, "Volver")
        for _ in range(3):
            press(page, "Volver")
        page.get_by_label("Promete pagar").check()
        press(page, "Seguir")
        look("promesa")
        page.get_by_label("Importe").fill("500")
        last = page.get_by_label("Día en que paga").get_attribute("max")
        page.get_by_label("Día en que paga").fill(last)
        press(page, "Seguir")
        press(page, "Seguir")
        look("firma")
    assert found == []
    assert complaints == []


def test_arriving_elsewhere(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> None:
    found: list[str] = []
    with phone_of(browser, server, api, complaints) as page:
        look = looker(page, found)
        begin(page)
        move(page, 500, door=2)
        go_to_door(page, 2)
        expect(page.get_by_text("No estás en la dirección")).to_be_visible()
        look("fuera")
        press(page, "Ya llegué")
        look("excepcion")
    assert found == []
    assert complaints == []


@pytest.mark.parametrize("language", ["en", "pt"])
def test_the_other_languages_are_there_offline_too(
    browser: "sync_api.Browser",
    server: Server,
    api: FakeApi,
    complaints: list[str],
    language: str,
) -> None:
    """No key of a text shows through, on the screens that most words are on."""
    with phone_of(browser, server, api, complaints) as page:
        choose_pin(page, f"/{language}/campo/")
        expect(page.locator(".stops > li").first).to_be_visible()
        page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
        page.context.set_offline(True)
        for screen in ("", "parada/asg_0000001", "envios", "yo"):
            page.goto(f"/{language}/campo/#/{screen}")
            page.wait_for_function("() => document.querySelector('main [aria-busy=true]') === null")
            text = page.locator("body").inner_text()
            assert "field." not in text
            assert "visit." not in text
        assert field(api).devices
    assert complaints == []


def test_a_screen_that_does_not_come_says_so(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> None:
    with phone_of(browser, server, api, complaints) as page:
        begin_without_worker(page)
        tried: list[str] = []

        def refuse(route: "sync_api.Route") -> None:
            tried.append(route.request.url)
            route.abort()

        page.route(re.compile(r"/assets/.*\.js$"), refuse)
        page.get_by_role("link", name="Cerca").click()
        again = page.get_by_role("button", name="Reintentar")
        expect(again).to_be_visible()
        assert len(tried) == len(set(tried))  # not over and over
        page.unroute_all()
        again.click()
        expect(page.get_by_role("heading", name="Cerca de aquí")).to_be_visible()
