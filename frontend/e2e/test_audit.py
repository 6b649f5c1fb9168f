"""Admins see who looked at what, and what was changed; others are not offered it."""

import pytest

from frontend.e2e.conftest import sign_in_by_cookie
from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

SETTINGS = "/panel/ajustes/"


def opened(page: "sync_api.Page") -> "sync_api.Locator":
    page.goto(SETTINGS)
    page.get_by_role("button", name="Ver la auditoría").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("cell", name="Abrió el expediente")).to_be_visible()
    return dialog


def test_looks_are_narrowed_and_taken_as_a_file(signed_in: "sync_api.Page", api: FakeApi) -> None:
    dialog = opened(signed_in)
    expect(dialog.get_by_role("link", name="Ibarra Montes, Ofelia")).to_be_visible()
    for taken in ("Sacó el expediente", "Descargó un informe", "Descargó las cartas de un día"):
        expect(dialog.get_by_role("cell", name=taken)).to_be_visible()
    dialog.get_by_label("Qué").select_option("export.taken")
    expect(dialog.get_by_role("cell", name="Abrió el expediente")).to_have_count(0)
    dialog.get_by_label("Quién").select_option("per_teo")
    expect(dialog.get_by_role("cell", name="exp_1")).to_be_visible()
    with signed_in.expect_download() as download:
        dialog.get_by_role("button", name="Descargar CSV").click()

    assert download.value.suggested_filename.endswith(".csv")
    asked = [call.query for call in api.calls if call.path.endswith("/access-log")][-1]
    assert (asked["kind"], asked["person"]) == ("export.taken", "per_teo")


def test_changes_are_told_with_what_was_there_before(signed_in: "sync_api.Page") -> None:
    dialog = opened(signed_in)
    dialog.get_by_role("link", name="Cambios").click()

    expect(dialog.get_by_text("Cambió la cartera")).to_be_visible()
    expect(dialog.get_by_text("retention_years")).to_be_visible()


def test_a_supervisor_is_not_offered_it(
    page: "sync_api.Page", api: FakeApi, server: Server
) -> None:
    sign_in_by_cookie(page.context, api, server, "per_bruno")
    page.goto(SETTINGS)
    expect(page.locator("#theme")).to_be_visible()

    expect(page.get_by_role("button", name="Ver la auditoría")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_dialog_fits_and_axe_finds_nothing(signed_in: "sync_api.Page", width: int) -> None:
    signed_in.set_viewport_size({"width": width, "height": 900})
    opened(signed_in)
    looks_well(signed_in, f"audit-{width}")
