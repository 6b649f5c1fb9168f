"""A list of cases is kept under a name, found again, opened with, and taken away."""

import re

import pytest

from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

LIST = "/panel/expedientes/?cartera=prt_mx"


def test_a_list_is_kept_shared_found_again_and_taken_away(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(LIST + "&status=held&sort=name")
    signed_in.get_by_role("button", name="Guardar vista").click()
    dialog = signed_in.get_by_role("dialog", name="Guardar vista")
    dialog.get_by_role("button", name="Guardar", exact=True).click()
    expect(dialog.get_by_text("Ponle un nombre.")).to_be_visible()
    dialog.get_by_label("Nombre").fill("Detenidos")
    dialog.get_by_label("Compartir").check()
    dialog.get_by_role("button", name="Guardar", exact=True).click()
    picker = signed_in.locator("select[name=view]")
    expect(picker.locator("option:checked")).to_have_text("Detenidos · compartida")
    (made,) = [c.body for c in api.calls if c.method == "POST" and c.path.endswith("/views")]
    assert made == {
        "name": "Detenidos",
        "shared": True,
        "filters": {"sort": "name", "status": "held"},
    }

    signed_in.goto(LIST)
    signed_in.locator("select[name=view]").select_option(label="Detenidos · compartida")
    expect(signed_in).to_have_url(re.compile(r"sort=name.*status=held"))
    signed_in.get_by_role("button", name="Cambiar vista").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Borrar vista").click()
    expect(signed_in.get_by_role("button", name="Guardar vista")).to_be_visible()
    expect(signed_in.locator("select[name=view]")).to_have_count(0)


def test_the_list_opens_with_the_view_that_was_chosen_for_it(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(LIST + "&status=held")
    signed_in.get_by_role("button", name="Guardar vista").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Nombre").fill("Detenidos")
    dialog.get_by_label("Abrir la lista con esta vista").check()
    dialog.get_by_role("button", name="Guardar", exact=True).click()
    expect(signed_in.locator("select[name=view]")).to_be_visible()

    signed_in.goto(LIST)
    expect(signed_in).to_have_url(re.compile("status=held"))
    signed_in.goto(LIST + "&status=open")
    expect(signed_in.locator("select[name=view]")).to_have_value("")


def test_views_and_colleagues_are_those_of_the_portfolio_that_is_picked(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.set_viewport_size({"width": 1440, "height": 900})
    signed_in.goto(LIST + "&status=held")
    expect(signed_in.get_by_label("Estado")).to_be_visible()
    with (
        signed_in.expect_response("**/portfolios/prt_co/colleagues"),
        signed_in.expect_response("**/portfolios/prt_co/views"),
    ):
        signed_in.locator("select[name=portfolio]").select_option("prt_co")
    with (
        signed_in.expect_response("**/portfolios/prt_mx/colleagues"),
        signed_in.expect_response("**/portfolios/prt_mx/views"),
    ):
        signed_in.evaluate("history.pushState(null, '', '?cartera=prt_mx&status=held')")
        signed_in.evaluate("history.pushState(null, '', '?cartera=prt_co')")
        signed_in.go_back()
