"""Fixtures of the browser tests: the built site, one browser, a fresh API and page a test."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontend.e2e.fake_api import DIST
from frontend.e2e.fake_site import FakeApi, Server, serve
from frontend.e2e.one_playwright import playwright

sync_api = pytest.importorskip("playwright.sync_api")

# A machine that runs everything at once is slow; what passes never waits this long.
PATIENCE_MS = 30_000
sync_api.expect.set_options(timeout=PATIENCE_MS)

FRONTEND = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
SOURCES = (
    "src", "pages", "styles", "i18n", "static", "apps.py", "build.py", "bundles.py", "output.py",
    "package-lock.json",
)  # fmt: skip


@pytest.fixture(scope="session")
def built_site() -> Path:
    """The site, built from what is there now; parallel workers wait for the first."""
    with (FRONTEND / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _stale():
            subprocess.run([sys.executable, str(FRONTEND / "build.py")], check=True)
    return DIST


def _stale() -> bool:
    manifest = DIST / "manifest.json"
    if not manifest.exists():
        return True
    built = manifest.stat().st_mtime
    roots = [FRONTEND / name for name in SOURCES]
    roots.append(FRONTEND.parent / "local" / "basemap")
    files = [f for root in roots for f in ([root] if root.is_file() else root.rglob("*"))]
    return any(file.stat().st_mtime > built for file in files)


@pytest.fixture(scope="session")
def browser(built_site: Path) -> Iterator["sync_api.Browser"]:
    with playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM if Path(CHROMIUM).exists() else None,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture
def server(api: FakeApi) -> Iterator[Server]:
    server = serve(api)
    yield server
    server.shutdown()


@pytest.fixture
def context(browser: "sync_api.Browser", server: Server) -> Iterator["sync_api.BrowserContext"]:
    context = browser.new_context(
        base_url=server.url, viewport={"width": 1280, "height": 860}, locale="es-MX"
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser objected to: script errors, and breaches of the content policy."""
    return []


@pytest.fixture
def page(context: "sync_api.BrowserContext", complaints: list[str]) -> Iterator["sync_api.Page"]:
    """A page nobody is signed in on; fails the test if the browser objected to anything."""
    page = context.new_page()
    watch(page, complaints)
    yield page
    assert complaints == []


@pytest.fixture
def signed_in(page: "sync_api.Page", api: FakeApi, server: Server) -> "sync_api.Page":
    """A page with a session in its cookie, as after a night."""
    sign_in_by_cookie(page.context, api, server)
    return page


def sign_in_by_cookie(
    context: "sync_api.BrowserContext", api: FakeApi, server: Server, person_id: str = "per_ana"
) -> None:
    api.cookie_valid = True
    api.me_id = person_id
    cookie = {"name": "recobro_refresh", "value": "r", "url": f"{server.url}/api/v1/session"}
    context.add_cookies([cookie])


def watch(page: "sync_api.Page", complaints: list[str]) -> None:
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def on_console(message: "sync_api.ConsoleMessage") -> None:
        # Refusals of the API (4xx) are part of the tests; the browser logs each one.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    page.on("console", on_console)
