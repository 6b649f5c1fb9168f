"""A real browser on the deployed stack, as a supervisor uses it: by label, in Spanish."""

import json
import os
import re
import shutil
from collections.abc import Collection
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Response, expect

from frontend.e2e.one_playwright import playwright

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "frontend" / "i18n"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = Path(os.environ.get("RECOBRO_SHOTS", ROOT / "build" / "screenshots"))
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 60_000
# Days are the stack's, whose clock a test may move; nothing else of the page's time is touched, so
# that what it waits for comes when it would.
CLOCK = """
const ahead = () => Number(localStorage.getItem('test-ahead-ms') ?? %d)
const Real = Date
class Moved extends Real {
  constructor(...parts) { super(...(parts.length === 0 ? [Real.now() + ahead()] : parts)) }
  static now() { return Real.now() + ahead() }
}
globalThis.Date = Moved
"""
# Headless, nothing takes a telephone number: the question which program should then swallows what
# is pressed. What would be dialled is kept instead.
DIALLED = """
addEventListener('click', (event) => {
  if (!event.target.href?.startsWith('tel:')) return
  event.preventDefault()
  sessionStorage.setItem('test-dialled', event.target.href)
}, true)
"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# A machine that runs the whole stack is slow; what passes never waits this long.
expect.set_options(timeout=PATIENCE_MS)


@cache
def chromium_path() -> str:
    """
    The browser to drive.

    Raises:
        FileNotFoundError: there is none; a browser test that was not run is not a pass.
    """
    named = os.environ.get("CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser")
    found = found or shutil.which("google-chrome")
    if not found:
        raise FileNotFoundError("no Chromium: install one, or name it with CHROMIUM=/path")
    return found


@cache
def texts(area: str) -> dict[str, str]:
    return json.loads((TEXTS / f"{area}.es.json").read_text(encoding="utf-8"))


def t(key: str) -> str:
    """
    Give a text of the site as a Spanish reader sees it; ``area.key`` in ``frontend/i18n``.

    Tests name what they press by key, so that better wording breaks none.
    """
    area, _, rest = key.partition(".")
    return texts(area)[rest]


def like(key: str) -> re.Pattern[str]:
    """A pattern for a text with values in it: ``{n}`` matches anything."""
    return re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(t(key))))


@contextmanager
def browsing(
    url: str,
    viewport: dict[str, int] = DESK,
    *,
    ahead_s: float = 0,
    refused: Collection[str] = (),
):
    """
    Open one page; leaving fails if the page met an error or broke its security policy.

    Every file it downloads is accepted; the locale is Mexico's.

    Args:
        ahead_s: How far its clock is ahead of the real time.
        refused: Refusals that belong to the story: how they end, as ``404 /figures``.
    """
    faults: list[str] = []
    with playwright() as driver:
        chrome = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        context = chrome.new_context(
            base_url=url,
            viewport=viewport,
            locale="es-MX",
            timezone_id="America/Mexico_City",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE_MS)
        if ahead_s:
            context.add_init_script(CLOCK % int(ahead_s * 1000))
        context.add_init_script(DIALLED)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("console", lambda said: _note_console(said, faults))
        page.on("response", lambda answer: _note_answer(answer, faults, refused))
        try:
            yield page
        except Exception as error:
            SHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SHOTS / "failed.png")
            error.add_note(f"at {page.url.partition('?')[0]}; {SHOTS / 'failed.png'}; {faults}")
            raise
        finally:
            context.close()
            chrome.close()
    assert not faults, "\n".join(faults)


def _note_console(said: ConsoleMessage, faults: list[str]) -> None:
    # Refused requests are judged by their answers, below.
    if said.type == "error" and "Failed to load resource" not in said.text:
        faults.append(f"console: {said.text}")


def _note_answer(answer: Response, faults: list[str], refused: Collection[str]) -> None:
    address = answer.url.partition("?")[0]
    asks_who_we_are = answer.status == 401 and address.endswith("/session/refresh")
    said = f"{answer.status} {address}"
    told = any(
        said.startswith(f"{status} ") and address.endswith(end)
        for status, _, end in (one.partition(" ") for one in refused)
    )
    if answer.status >= 400 and not asks_who_we_are and not told:
        faults.append(said)


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/panel/")
    page.get_by_label(t("signin.email"), exact=True).fill(email)
    page.get_by_label(t("signin.password"), exact=True).fill(password)
    page.get_by_role("button", name=t("signin.enter"), exact=True).click()
    page.get_by_role("heading", name=t("common.title.home"), level=1).wait_for()


def look(page: Page, name: str) -> None:
    """
    Take a picture of the page for people, and let axe and a ruler look at it for the test.

    Raises:
        AssertionError: a WCAG 2.2 AA rule is broken, or the page scrolls sideways.
    """
    page.wait_for_load_state("networkidle")
    page.evaluate("window.scrollTo(0, 0)")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} scrolls sideways by {wide} px"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    broken = [
        f"{rule['id']} ({rule['impact']}): "
        + "; ".join(f"{' '.join(node['target'])}" for node in rule["nodes"][:4])
        for rule in found["violations"]
    ]
    assert not broken, f"{name}:\n" + "\n".join(broken)
