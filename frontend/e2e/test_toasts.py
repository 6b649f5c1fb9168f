"""What a dialog says of what just happened is seen over it and read out, not left behind it."""

from collections.abc import Callable

import pytest

from frontend.e2e.fake_api import problem
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.test_reports import a_kept_report

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

# Whether a press on the middle of a toast would meet it: nothing lies over it, nor is it inert.
SEEN = """toast => {
  const { left, top, width, height } = toast.getBoundingClientRect()
  toast.style.pointerEvents = 'auto'
  return document.elementFromPoint(left + width / 2, top + height / 2) === toast
}"""


def a_view_that_cannot_be_taken_away(page: "sync_api.Page", api: FakeApi) -> "sync_api.Locator":
    page.goto("/panel/expedientes/?cartera=prt_mx&status=held")
    page.get_by_role("button", name="Guardar vista").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Nombre").fill("Detenidos")
    dialog.get_by_role("button", name="Guardar", exact=True).click()
    page.get_by_role("button", name="Cambiar vista").click()
    api.fail_next = problem(503, "http.unavailable")
    dialog.get_by_role("button", name="Borrar vista").click()
    return dialog


def a_schedule_that_was_saved(page: "sync_api.Page", _: FakeApi) -> "sync_api.Locator":
    a_kept_report(page, "Canales")
    page.get_by_role("button", name="Programar envío").click()
    dialog = page.get_by_role("dialog", name="Envíos de «Canales»")
    dialog.get_by_role("button", name="Nuevo envío").click()
    dialog.get_by_label("Carla Ríos").check()
    dialog.get_by_role("button", name="Guardar envío").click()
    return dialog


def a_tracking_app_that_was_taken_off(page: "sync_api.Page", _: FakeApi) -> "sync_api.Locator":
    page.goto("/panel/mapa/?agente=per_carla")
    page.get_by_role("button", name="Apps de rastreo").click()
    dialog = page.get_by_role("dialog", name="Apps de rastreo")
    dialog.get_by_label("Teléfono").fill("Moto G")
    dialog.get_by_role("button", name="Conectar una app").click()
    dialog.get_by_role("button", name="Listo").click()
    page.get_by_role("button", name="Apps de rastreo").click()
    dialog.get_by_role("button", name="Revocar: Moto G").click()
    page.get_by_role("dialog").last.get_by_role("button", name="Revocar", exact=True).click()
    return dialog


@pytest.mark.parametrize(
    "told",
    [
        a_view_that_cannot_be_taken_away,
        a_schedule_that_was_saved,
        a_tracking_app_that_was_taken_off,
    ],
)
def test_what_a_dialog_says_is_seen_over_it_and_read_out(
    signed_in: "sync_api.Page",
    api: FakeApi,
    told: Callable[["sync_api.Page", FakeApi], "sync_api.Locator"],
) -> None:
    dialog = told(signed_in, api)
    # In a live region of the dialog itself: everything outside it is inert, and never read out.
    said = dialog.get_by_role("status").locator(".toast")
    expect(said).to_be_visible()
    assert said.evaluate(SEEN)


def test_what_was_said_stays_when_its_dialog_closes(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    a_view_that_cannot_be_taken_away(signed_in, api)
    expect(signed_in.locator("dialog .toast-bad")).to_be_visible()
    signed_in.keyboard.press("Escape")
    expect(signed_in.get_by_role("dialog")).to_have_count(0)
    expect(signed_in.locator("#toasts .toast-bad")).to_be_visible()
