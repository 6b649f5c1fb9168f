"""What happens to work when the network, the session or the screen gives way."""

import re

import pytest

from frontend.e2e import fake_cases
from frontend.e2e.conftest import sign_in_by_cookie
from frontend.e2e.fake_site import FakeApi, Server

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

FILE = {"name": "cartera.csv", "mimeType": "text/csv", "buffer": b"a;b\n1;2\n"}
NARROW = {"width": 360, "height": 640}
CASE = "/panel/expedientes/caso/?id=cas_1"
ENDLESS = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessen"


def test_a_transfer_that_breaks_off_keeps_the_file_and_may_be_sent_again(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.set_viewport_size(NARROW)
    page.goto("/panel/cargas/nueva/?cartera=prt_mx")
    page.locator("input[type=file]").set_input_files(FILE)
    page.route("**/_storage/**", lambda route: route.abort("internetdisconnected"))
    send = page.get_by_role("button", name="Subir archivo")
    send.click()

    said = page.get_by_role("alert").filter(has_text="No hay conexión con el servidor")
    expect(said).to_be_visible()
    expect(said).to_be_in_viewport()
    expect(page.get_by_role("main")).to_contain_text("cartera.csv")
    # What was announced is taken back: nothing waits in the history for a file that never comes.
    assert [c.path for c in api.calls if c.path.endswith("/cancellation")]

    page.unroute("**/_storage/**")
    send.click()
    page.wait_for_url("**/panel/cargas/carga/**")


def test_a_note_written_without_network_is_kept_and_saved_once(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.set_viewport_size(NARROW)
    page.goto(CASE)
    note = page.get_by_label("Nota nueva")
    note.fill("Paga el viernes por la tarde")
    page.context.set_offline(True)
    page.get_by_role("button", name="Guardar nota").click()

    said = page.get_by_role("alert").filter(has_text="No hay conexión con el servidor")
    expect(said).to_be_in_viewport()
    expect(note).to_have_value("Paga el viernes por la tarde")

    page.context.set_offline(False)
    page.get_by_role("button", name="Guardar nota").click()
    expect(note).to_have_value("")
    assert len([c for c in api.calls if c.path.endswith("/notes")]) == 1


def test_a_session_that_ends_meanwhile_comes_back_to_the_same_case(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    # What the page loads after its first sight would else be the first to meet the end.
    page.goto(CASE, wait_until="networkidle")
    page.get_by_label("Nota nueva").fill("Algo")
    api.cookie_valid = False
    api.tokens = set()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Guardar nota").click()

    page.wait_for_url("**/panel/entrar/**")
    assert re.search(r"next=.*caso", page.url)


def test_endless_names_stay_inside_the_screen(
    context: "sync_api.BrowserContext", server: Server, api: FakeApi
) -> None:
    sign_in_by_cookie(context, api, server)
    api.portfolios[0]["name"] = f"{ENDLESS} {ENDLESS}"
    api.portfolios[0]["creditor"] = ENDLESS
    fake_cases.page_of(api)["case"]["name"] = f"{ENDLESS} {ENDLESS}"
    fake_cases.page_of(api)["debts"][0]["product"] = ENDLESS
    fake_cases.rows_of(api, "prt_mx")[0]["name"] = f"{ENDLESS} {ENDLESS}"
    page = context.new_page()
    page.set_viewport_size(NARROW)
    for path in (
        "/panel/",
        CASE,
        "/panel/expedientes/?cartera=prt_mx",
        "/panel/carteras/",
        "/panel/carteras/?id=prt_mx",
        "/panel/cargas/nueva/?cartera=prt_mx",
        "/panel/cargas/carga/?cartera=prt_mx&id=upl_done",
        "/panel/cargas/duplicados/?cartera=prt_mx",
    ):
        page.goto(path)
        page.wait_for_function("() => document.querySelector('main [aria-busy=true]') === null")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} sticks out by {wide} px"


def test_a_file_is_uploaded_with_the_keyboard_alone(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto("/panel/cargas/nueva/?cartera=prt_mx")
    page.wait_for_function("() => document.querySelector('main [aria-busy=true]') === null")
    with page.expect_file_chooser() as chosen:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement?.type") == "file":
                break
        page.keyboard.press("Enter")
    chosen.value.set_files(FILE)
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.textContent").strip() == "Subir archivo":
            break
    page.keyboard.press("Enter")

    page.wait_for_url("**/panel/cargas/carga/**")
