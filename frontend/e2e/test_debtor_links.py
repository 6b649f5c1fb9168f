"""Links to the debtor's own page, made and taken back on the page of a case."""

import pytest

from frontend.e2e.fake_links import URL, links_of
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.test_cases import CASE, calls

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect


def test_a_link_is_made_shown_once_and_taken_back(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(CASE)
    page.get_by_label("Más acciones").click()
    page.get_by_role("button", name="Enlace de pago").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Vale por").select_option("7")
    dialog.get_by_role("button", name="Hacer enlace").click()

    expect(dialog.get_by_text(URL)).to_be_visible()
    assert [body["days"] for body in calls(api, "POST", "/links")] == [7]

    dialog.get_by_role("button", name="Anular: Hecho el").click()
    expect(dialog.get_by_text("Anulado", exact=True)).to_be_visible()
    expect(dialog.get_by_text(URL)).to_be_hidden()


def test_days_of_a_link_are_those_of_the_portfolio(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    links_of(api)["items"].append(
        {
            "link_id": "l0",
            "made_at": "2026-11-23T02:30:00Z",  # the evening before, in Mexico
            "made_by": {"id": "user:ana", "name": "Ana"},
            "until": "2026-12-23T02:30:00Z",
            "revoked_at": None,
            "works": True,
        }
    )
    page = signed_in
    page.goto(CASE)
    page.get_by_label("Más acciones").click()
    page.get_by_role("button", name="Enlace de pago").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("22 nov 2026")).to_be_visible()
    expect(dialog.get_by_text("22 dic 2026")).to_be_visible()


def test_all_are_taken_back_only_by_who_is_sure(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(CASE)
    page.get_by_label("Más acciones").click()
    page.get_by_role("button", name="Enlace de pago").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Anular todos los enlaces").click()
    expect(dialog.get_by_text("mensajes ya enviados")).to_be_visible()
    dialog.get_by_role("button", name="Sí, anular todos").click()

    expect(dialog.get_by_text("mensajes ya enviados")).to_be_hidden()
    assert len(calls(api, "DELETE", "/links/all")) == 1
