"""A photo on a bad line: it goes on where it broke off."""

import hashlib
import io
from collections import Counter
from collections.abc import Iterator

import pytest
from PIL import Image

from chalicelib.services import photo_parts
from frontend.e2e.fake_field import field
from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.field_phone import (
    arrive,
    begin,
    finish,
    go_to_door,
    kept,
    phone_of,
    press,
)
from frontend.e2e.test_field import all_sent, not_as_published

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

SIDE = 800


@pytest.fixture
def phone(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> Iterator["sync_api.Page"]:
    with phone_of(browser, server, api, complaints) as page:
        begin(page)
        yield page
    assert complaints == []
    assert not_as_published(api) == []


def busy_picture() -> bytes:
    """Noise, which no codec makes small: some 200 KB after the phone has shrunk it."""
    noise = hashlib.shake_256(b"noise").digest(SIDE * SIDE)
    picture = Image.frombytes("L", (SIDE, SIDE), noise)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def test_a_photo_goes_on_where_the_line_broke(phone: "sync_api.Page", api: FakeApi) -> None:
    state = field(api)
    go_to_door(phone, 1)
    arrive(phone)
    press(phone, "Seguir")
    phone.get_by_label("Nadie").check()
    press(phone, "Seguir")
    phone.get_by_label("No hay nadie").check()
    press(phone, "Seguir")
    phone.get_by_label("Foto de la puerta").set_input_files(
        {"name": "foto.png", "mimeType": "image/png", "buffer": busy_picture()}
    )
    expect(phone.get_by_alt_text("Foto 1")).to_have_count(1)
    press(phone, "Seguir")
    state.line_bytes = 2 * photo_parts.PART + 10_000  # the third part breaks in its middle
    with phone.expect_event("requestfailed", lambda request: "_storage" in request.url):
        finish(phone)
    expect(phone.get_by_text("1 sin enviar")).to_be_visible()
    (photo,) = state.visits[0].body["photos"]
    assert photo["bytes"] > 2 * photo_parts.PART + 10_000
    assert (len(state.parts), state.photos) == (2, {})

    state.line_bytes = None
    phone.reload()  # the app died as well
    all_sent(phone)

    whole = state.photos[photo["photo_id"]]
    assert hashlib.sha256(whole).hexdigest() == photo["sha256"]
    sent = Counter(name for name, _ in state.carried)
    ((_, times),) = [one for one in sent.items() if one[1] > 1]  # only the part that broke
    # The browser itself tries a line that was dropped once more, on a fresh one.
    assert times <= 3
    twice = sum(size for _, size in state.carried) - photo["bytes"]
    assert twice == (times - 1) * photo_parts.PART
    assert kept(phone, "photos") == []
