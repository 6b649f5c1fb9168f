"""A phone of 360 x 740 with the agent's app on it: what its tests press and read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from frontend.e2e.conftest import PATIENCE_MS, sign_in_by_cookie, watch
from frontend.e2e.fake_field import A_METRE, DOOR
from frontend.e2e.fake_site import FakeApi, Server

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

SCREEN = {"width": 360, "height": 740}
PIN = "271828"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0"
    "000003010100c9fe92ef0000000049454e44ae426082"
)
PHOTO = {"name": "foto.png", "mimeType": "image/png", "buffer": PICTURE}


@contextmanager
def phone_of(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> Iterator["sync_api.Page"]:
    """Carla's phone, at the first door; whatever the browser objects to is collected."""
    context = browser.new_context(
        base_url=server.url,
        viewport=SCREEN,
        locale="es-MX",
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        permissions=["geolocation"],
        geolocation={"latitude": DOOR[0], "longitude": DOOR[1], "accuracy": 8},
    )
    context.set_default_timeout(PATIENCE_MS)
    sign_in_by_cookie(context, api, server, "per_carla")
    page = context.new_page()
    watch(page, complaints)
    yield page
    context.close()


def choose_pin(page: "sync_api.Page", path: str = "/campo/") -> None:
    page.goto(path)
    page.locator("#pin").fill(PIN)
    page.locator("#again").fill(PIN)
    page.locator("form button.button-primary").click()


def begin(page: "sync_api.Page") -> None:
    """Open the app for the first time, until the day is there and works without a network."""
    choose_pin(page)
    expect(page.locator(".stops > li").first).to_be_visible()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")


def begin_without_worker(page: "sync_api.Page") -> None:
    """The same where nothing is kept on the phone: what a test holds back does not come."""
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    choose_pin(page)
    expect(page.locator(".stops > li").first).to_be_visible()


def unlock(page: "sync_api.Page") -> None:
    page.get_by_label("Tu PIN").fill(PIN)
    expect(page.locator(".field-tabs")).to_be_visible()


def move(page: "sync_api.Page", metres: float = 0, *, door: int = 1, accuracy: float = 8) -> None:
    """Stand so many metres north of a door."""
    lat = DOOR[0] + (400 * (door - 1) + metres) * A_METRE
    page.context.set_geolocation({"latitude": lat, "longitude": DOOR[1], "accuracy": accuracy})


def press(page: "sync_api.Page", name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def go_to_door(page: "sync_api.Page", door: int) -> None:
    page.goto("/campo/#/")
    page.locator(f'a[href="#/parada/asg_000000{door}"]').click()
    press(page, "Empezar la visita")


def arrive(page: "sync_api.Page") -> None:
    press(page, "Ya llegué")
    expect(page.get_by_role("heading", name="Identifícate")).to_be_visible()


def finish(page: "sync_api.Page") -> None:
    """End the visit; it waits to be sent from then on."""
    press(page, "Terminar")
    expect(page.get_by_role("heading", name="Mi ruta")).to_be_visible()


def visit_nobody(page: "sync_api.Page", door: int) -> None:
    """The shortest visit: nobody is at home."""
    go_to_door(page, door)
    arrive(page)
    press(page, "Seguir")
    page.get_by_label("Nadie").check()
    press(page, "Seguir")
    page.get_by_label("No hay nadie").check()
    press(page, "Seguir")
    expect(page.get_by_role("heading", name="Fotos")).to_be_visible()
    press(page, "Seguir")
    finish(page)


def kept(page: "sync_api.Page", store: str, person: str = "per_carla") -> list[dict[str, Any]]:
    """What lies in a store of the phone's database."""
    text = page.evaluate(
        """([name, store]) => new Promise((resolve, reject) => {
          const open = indexedDB.open(name)
          open.onerror = () => reject(open.error)
          open.onsuccess = () => {
            const all = open.result.transaction(store).objectStore(store).getAll()
            all.onsuccess = () => { open.result.close(); resolve(JSON.stringify(all.result)) }
          }
        })""",
        [f"recobro-field-{person}", store],
    )
    found: list[dict[str, Any]] = json.loads(text)
    return found
