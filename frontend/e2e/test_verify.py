"""Anybody finds out who is at the door, and nothing of why."""

from collections.abc import Iterator

import pytest

from frontend.e2e.conftest import watch
from frontend.e2e.fake_site import Server
from frontend.e2e.fake_visits import PAPER

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


def test_the_code_of_a_document_says_whether_it_stands(page: "sync_api.Page") -> None:
    page.goto("/verificar/")
    page.get_by_label("Código").fill("7qk2-m9xd-40tv")
    page.get_by_role("button", name="Verificar").click()
    expect(page.get_by_text("auténtico y está vigente")).to_be_visible()
    expect(page.get_by_text("Banco del Norte")).to_be_visible()
    expect(page.get_by_text("1250,50")).to_be_visible()


def test_an_annulled_document_says_so(page: "sync_api.Page") -> None:
    page.goto("/en/verificar/#7QK2-M9XD-40TW")
    expect(page.get_by_text("genuine, but stands no more")).to_be_visible()
    expect(page.get_by_text("The payment was given back.")).to_be_visible()


def test_a_changed_file_is_told_from_the_one_issued(page: "sync_api.Page") -> None:
    page.goto("/en/verificar/#7QK2-M9XD-40TV")
    own = {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": PAPER}
    page.get_by_label("Compare with your file").set_input_files(own)
    expect(page.get_by_text("exactly the one we issued")).to_be_visible()
    page.get_by_label("Compare with your file").set_input_files(own | {"buffer": PAPER + b" "})
    expect(page.get_by_text("not the one we issued")).to_be_visible()


def test_a_document_that_is_not_ours_says_what_to_do(page: "sync_api.Page") -> None:
    page.goto("/verificar/")
    page.get_by_label("Código").fill("AAAA-BBBB-CCCC")
    page.get_by_role("button", name="Verificar").click()
    expect(page.get_by_text("Ningún documento nuestro tiene ese código")).to_be_visible()
    expect(page.get_by_text("no pagues nada")).to_be_visible()
