"""The frame around every page: what it offers to whom, on a telephone and by keyboard."""

import re
from pathlib import Path

import pytest

from frontend.e2e.conftest import sign_in_by_cookie
from frontend.e2e.fake_api import problem
from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.harness import load
from frontend.e2e.test_every_page import PAGES

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

SEES = {
    "per_ana": ("", "staff", "admin"),  # an admin
    "per_carla": ("",),  # an agent
}


def open_home(page: "sync_api.Page") -> None:
    """Open the first page, and wait until it knows who reads it: then its menu works."""
    page.goto("/panel/")
    page.wait_for_selector("html[data-role]")


@pytest.mark.parametrize("person", sorted(SEES))
def test_a_telephone_reaches_every_page_its_reader_may_open(
    context: "sync_api.BrowserContext", api: FakeApi, server: Server, person: str
) -> None:
    sign_in_by_cookie(context, api, server, person)
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 640})
    open_home(page)
    page.get_by_role("button", name="Más").click()
    shown = page.locator("#menu .menu-links a:visible").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    menus = [each for each in PAGES.values() if "menu" in each]
    assert sorted(shown) == sorted(
        each["path"] for each in menus if each["menu"].get("who", "") in SEES[person]
    )
    empty = page.locator("#menu .nav-group:visible").evaluate_all(
        "groups => groups.filter(group =>"
        " ![...group.querySelectorAll('a')].some(link => link.checkVisibility())).length"
    )
    assert empty == 0


@pytest.mark.parametrize("site", ["", "/en", "/pt"])
def test_the_bar_below_breaks_no_word_of_the_page_one_is_on(
    signed_in: "sync_api.Page", site: str
) -> None:
    signed_in.set_viewport_size({"width": 360, "height": 640})
    signed_in.goto(f"{site}/panel/expedientes/")
    signed_in.wait_for_selector("html[data-role]")
    lines = """link => {
      const words = document.createRange()
      words.selectNodeContents(link.querySelector('span'))
      return new Set([...words.getClientRects()].map(one => Math.round(one.top))).size
    }"""
    here = signed_in.locator(".tabbar [aria-current=page]")
    assert here.evaluate(lines) == 1


def test_the_languages_and_themes_stand_in_a_row(signed_in: "sync_api.Page") -> None:
    signed_in.set_viewport_size({"width": 360, "height": 640})
    open_home(signed_in)
    signed_in.get_by_role("button", name="Más").click()
    for row in ("a[data-language]", "label:has(input[name=theme])"):
        tops = signed_in.locator(f"#menu {row}").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().top)"
        )
        assert (len(tops), len(set(tops))) == (3, 1)


def test_the_menu_gives_the_keyboard_back(signed_in: "sync_api.Page") -> None:
    open_home(signed_in)
    card = signed_in.locator(".me-card")
    card.focus()
    signed_in.keyboard.press("Enter")
    signed_in.wait_for_selector("#menu[open]")
    signed_in.keyboard.press("Escape")
    assert card.evaluate("button => button === document.activeElement")


TWICE = """
import { html, mountView } from './src/core/view.js'
const root = document.createElement('div')
document.body.append(root)
mountView(root, () => html`<p>the page</p>`)
mountView(root, () => html`<b>what went wrong</b>`)
window.said = root.textContent
"""


def test_what_went_wrong_is_told_on_a_page_already_painted(
    signed_in: "sync_api.Page", tmp_path: Path
) -> None:
    signed_in.goto("/panel/ajustes/")
    load(signed_in, TWICE, tmp_path / "harness.js")
    assert signed_in.evaluate("() => window.said") == "what went wrong"


def test_a_press_that_comes_to_nothing_says_so(
    signed_in: "sync_api.Page", api: FakeApi, complaints: list[str]
) -> None:
    signed_in.goto("/panel/cuestionarios/?cartera=prt_mx")
    starter = signed_in.get_by_role("button", name="Bajar la plantilla").first
    expect(starter).to_be_visible()
    signed_in.wait_for_function("() => document.querySelector('main [aria-busy=true]') === null")
    api.fail_next = problem(403, "actor.not_allowed")
    # Where it belongs nobody said it: that is for whoever watches the console.
    with signed_in.expect_event("pageerror"):
        starter.click()
    expect(signed_in.locator(".toast-bad")).to_be_visible()
    complaints.clear()


def test_a_part_that_does_not_come_is_told(
    signed_in: "sync_api.Page", complaints: list[str]
) -> None:
    signed_in.goto("/panel/ajustes/")
    expect(signed_in.get_by_role("button", name="Ver la auditoría")).to_be_visible()
    signed_in.route(re.compile(r"/assets/.*\.js$"), lambda route: route.abort())
    with signed_in.expect_event("pageerror"):
        signed_in.get_by_role("button", name="Ver la auditoría").click()
    expect(signed_in.locator(".toast-bad")).to_be_visible()
    complaints.clear()
