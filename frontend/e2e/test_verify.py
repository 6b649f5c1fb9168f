"""Anybody finds out who is at the door, and nothing of why."""

from collections.abc import Iterator

import pytest

from frontend.e2e.conftest import watch
from frontend.e2e.fake_site import Server

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect


@pytest.fixture
def page(browser: "sync_api.Browser", server: Server) -> Iterator["sync_api.Page"]:
    page = browser.new_page(base_url=server.url, viewport={"width": 360, "height": 740})
    complaints: list[str] = []
    watch(page, complaints)
    yield page
    page.close()
    assert complaints == []


def test_a_typed_code_names_who_shows_it(page: "sync_api.Page") -> None:
    page.goto("/verificar/")
    page.get_by_label("Código").fill("123 456")
    page.get_by_role("button", name="Verificar").click()
    expect(page.get_by_text("Teo Barrientos trabaja con nosotros hoy")).to_be_visible()
    expect(page.get_by_text("Banco del Norte")).to_be_visible()
    expect(page.get_by_text("deuda")).to_have_count(0)


def test_the_address_of_the_qr_does_it_at_once(page: "sync_api.Page") -> None:
    page.goto("/en/verificar/#a-token")
    expect(page.get_by_text("Teo Barrientos works with us today")).to_be_visible()


def test_a_wrong_code_says_what_to_do(page: "sync_api.Page") -> None:
    page.goto("/verificar/")
    page.get_by_label("Código").fill("000000")
    page.get_by_role("button", name="Verificar").click()
    expect(page.get_by_text("Nadie muestra ese código hoy")).to_be_visible()
    expect(page.get_by_text("no abras ni entregues nada")).to_be_visible()
