"""The agent's day on a map, kept on the telephone for where there is no signal."""

import re

import pytest

from frontend.e2e.fake_field import day_of, stop
from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.field_phone import begin, begin_without_worker, phone_of
from frontend.e2e.test_field_screens import looker
from frontend.e2e.test_map import Late

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser


def test_the_map_of_the_day_is_there_without_a_signal(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> None:
    found: list[str] = []
    with phone_of(browser, server, api, complaints) as page:
        begin(page)
        page.get_by_role("link", name="Mapa del día").click()
        expect(page.get_by_role("heading", name="Mapa del día")).to_be_visible()
        expect(page.locator(".map-mark-stop").first).to_be_visible()
        expect(page.locator(".map-mark-here")).to_be_visible()
        expect(page.get_by_text("Guarda el mapa de tu día")).to_be_visible()
        page.get_by_role("button", name="Guardar el mapa").click()
        expect(page.get_by_text("Guardado en este teléfono")).to_be_visible()
        page.locator(".leaflet-tile-loaded").first.wait_for(state="attached")
        looker(page, found)("map")

        page.goto("about:blank")  # the map that was read from the line asks no more
        page.context.set_offline(True)
        asked: list[str] = []
        page.on("request", lambda r: asked.append(r.url) if ".pmtiles" in r.url else None)
        page.goto("/campo/#/mapa")
        page.locator(".leaflet-tile-loaded").first.wait_for(state="attached")
        page.locator(".map-mark-stop").first.click()
        expect(page).to_have_url(re.compile("#/parada/"))
        assert asked == []
        page.go_back()
        page.get_by_role("button", name="Borrar del teléfono").click()
        expect(page.get_by_text("Guarda el mapa de tu día")).to_be_visible()
    assert found == []
    assert complaints == []


def test_a_pack_that_cannot_be_kept_says_so(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> None:
    with phone_of(browser, server, api, complaints) as page:
        begin(page)
        page.goto("/campo/#/mapa")
        page.locator(".leaflet-tile-loaded").first.wait_for(state="attached")
        page.context.route(re.compile(r"\.pmtiles$"), lambda route: route.abort())
        page.get_by_role("button", name="Guardar el mapa").click()
        expect(page.get_by_text("No se pudo guardar el mapa")).to_be_visible()


def test_a_day_that_comes_while_the_map_is_open_is_drawn_on_it(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> None:
    held: list[sync_api.Route] = []
    with phone_of(browser, server, api, complaints) as page:
        begin(page)

        def hold(route: "sync_api.Route") -> None:
            held.append(route)

        page.context.route(re.compile("/field/day"), hold)
        page.get_by_role("button", name="Actualizar").click()
        page.get_by_role("link", name="Mapa del día").click()
        expect(page.locator(".map-mark-stop")).to_have_count(6)

        day = day_of(api)
        day["mark"] = "m2"
        day["stops"][0]["state"] = "done"
        day["stops"][1]["state"] = "withdrawn"
        day["stops"].append(stop(7, assignment_id="asg_new", case_id="cas_new", name="Nueva"))
        (late,) = held
        late.continue_()
        expect(page.locator(".map-mark-done")).to_have_count(1)
        expect(page.locator(".map-mark-stop")).to_have_count(5)
        expect(page.locator(".map-mark-stop", has_text="7")).to_be_visible()
    assert complaints == []


def test_a_map_that_does_not_open_says_so(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> None:
    with phone_of(browser, server, api, complaints) as page:
        begin_without_worker(page)
        script = Late(page)
        script.end(lambda route: route.abort())
        page.get_by_role("link", name="Mapa del día").click()
        expect(page.get_by_text("No se pudo abrir el mapa")).to_be_visible()
        expect(page.get_by_role("button", name="Guardar el mapa")).to_be_visible()
        script.end(lambda route: route.continue_())
        page.get_by_role("button", name="Reintentar").click()
        expect(page.locator(".map-mark-stop").first).to_be_visible()
        expect(page.get_by_text("No se pudo abrir el mapa")).to_have_count(0)
    assert complaints == []
