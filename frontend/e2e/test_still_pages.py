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


# What is opened, whose answer is late, what waits for it, what it brings.
LATE = {
    "figures": (
        "/panel/indicadores/?cartera=prt_mx", r"/figures\?", ".figure .skeleton",
        ".figure .figure-value",
    ),
    "team": ("/panel/equipo/?cartera=prt_mx", r"/boards\?", ".card .skeleton", "#people td"),
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
