"""What is on screen stays where it is when the rest comes: nobody presses what has just moved."""

import re

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

# How much of the screen has jumped since the page was opened, as browsers reckon it.
WATCH = """() => {
  window.jumped = 0
  new PerformanceObserver((seen) => {
    for (const { value } of seen.getEntries()) window.jumped += value
  }).observe({ type: 'layout-shift', buffered: true })
}"""
TWO_FRAMES = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => done(window.jumped)))
})"""
MOST = 0.03
# The same of what stands around the page: its own content may still be on its way.
FRAME = """() => {
  window.jumped = 0
  new PerformanceObserver((seen) => {
    for (const { sources, value } of seen.getEntries()) {
      if (sources.some(({ node }) => !(node?.parentElement ?? node)?.closest('main'))) {
        window.jumped += value
      }
    }
  }).observe({ type: 'layout-shift', buffered: true })
}"""


# What is opened, whose answer is late, what waits for it, what it brings.
LATE = {
    "figures": (
        "/panel/indicadores/?cartera=prt_mx", r"/figures\?", ".figure .skeleton",
        ".figure .figure-value",
    ),
    "team": ("/panel/equipo/?cartera=prt_mx", r"/boards\?", ".card .skeleton", "#people tbody th"),
}  # fmt: skip


@pytest.mark.parametrize("name", LATE)
@pytest.mark.parametrize("width", [1350, 1024, 390])
def test_a_page_does_not_jump_when_its_answers_come(
    signed_in: "sync_api.Page", name: str, width: int
) -> None:
    path, late, waits, there = LATE[name]
    page = signed_in
    page.set_viewport_size({"width": width, "height": 940})
    held: list[sync_api.Route] | None = []
    page.route(re.compile(late), lambda r: r.continue_() if held is None else held.append(r))
    page.goto(path)
    expect(page.locator(waits).first).to_be_visible()
    # The frame knows by now who reads it: what follows is the page's own.
    page.evaluate(TWO_FRAMES)
    page.evaluate(WATCH.replace("buffered: true", "buffered: false"))

    waiting, held = held, None
    for route in waiting:
        route.continue_()
    expect(page.locator(waits)).to_have_count(0)
    expect(page.locator(there).first).to_be_visible()

    assert page.evaluate(TWO_FRAMES) < MOST


@pytest.mark.parametrize("width", [1350, 390])
@pytest.mark.parametrize("path", ["/panel/equipo/?cartera=prt_mx", "/panel/ajustes/"])
def test_the_frame_does_not_jump_when_it_knows_who_reads(
    signed_in: "sync_api.Page", path: str, width: int
) -> None:
    page = signed_in
    page.set_viewport_size({"width": width, "height": 940})
    held: list[sync_api.Route] = []

    def hold(route: "sync_api.Route") -> None:
        held.append(route)

    page.route(re.compile("/session/refresh"), hold)
    page.goto(path)
    page.wait_for_function("() => document.querySelector('main [aria-busy=true]') !== null")
    page.evaluate(TWO_FRAMES)
    page.evaluate(FRAME)
    held.pop().continue_()
    expect(page.locator("html")).to_have_attribute("data-role", "admin")
    page.wait_for_function("() => document.querySelector('main [aria-busy=true]') === null")
    assert page.evaluate(TWO_FRAMES) == 0


def test_the_next_page_has_the_readers_entries_before_its_script(
    signed_in: "sync_api.Page",
) -> None:
    page = signed_in
    page.goto("/panel/equipo/?cartera=prt_mx")
    entry = page.locator(".side-nav").get_by_role("link", name="Efectivo")
    expect(entry).to_be_visible()
    page.route(re.compile(r"/assets/(?!theme).*\.js$"), lambda route: route.abort())
    page.goto("/panel/ajustes/")
    expect(entry).to_be_visible()


def test_without_the_server_the_navigation_is_that_of_everybody(
    signed_in: "sync_api.Page",
) -> None:
    page = signed_in
    page.route(re.compile("/session/refresh"), lambda route: route.abort())
    page.goto("/panel/equipo/")
    expect(page.get_by_role("button", name="Reintentar")).to_be_visible()
    nav = page.locator(".side-nav")
    expect(nav.get_by_role("link", name="Expedientes")).to_be_visible()
    expect(nav.get_by_role("link", name="Efectivo")).to_be_hidden()
