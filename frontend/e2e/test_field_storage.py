"""A phone without room: nothing is lost, it is told, and what the server has goes first."""

from collections.abc import Iterator

import pytest

from frontend.e2e.fake_field import A_METRE, DOOR, field
from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.field_phone import (
    PHOTO,
    arrive,
    begin,
    finish,
    go_to_door,
    kept,
    move,
    phone_of,
    press,
    visit_nobody,
)
from frontend.e2e.test_field import all_sent, not_as_published

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

# A disk that takes nothing more, as the browser tells it. ``noRoom`` names the stores that find no
# room; reading and deleting still work.
FULL = """
  window.noRoom = []
  window.refused = 0
  const raise = (add) => function (...args) {
    if (!window.noRoom.includes(this.name)) return add.apply(this, args)
    window.refused += 1
    throw new DOMException('no room', 'QuotaExceededError')
  }
  const made = IDBObjectStore.prototype
  for (const name of ['put', 'add']) made[name] = raise(made[name])
"""
SAID = "No queda espacio en el teléfono"
EVERYTHING = ["sealed", "facts", "visits", "photos", "outbox", "points", "receipts"]


@pytest.fixture
def phone(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> Iterator["sync_api.Page"]:
    with phone_of(browser, server, api, complaints) as page:
        page.add_init_script(FULL)
        begin(page)
        yield page
    assert complaints == []
    assert not_as_published(api) == []


def fill(page: "sync_api.Page", *stores: str) -> None:
    page.evaluate("stores => { window.noRoom = stores }", list(stores or EVERYTHING))


def make_room(page: "sync_api.Page") -> None:
    page.evaluate("() => { window.noRoom = [] }")


def told(page: "sync_api.Page") -> "sync_api.Locator":
    return page.get_by_role("main").get_by_text(SAID, exact=True)


def to_photos(page: "sync_api.Page", door: int) -> None:
    go_to_door(page, door)
    arrive(page)
    press(page, "Seguir")
    page.get_by_label("Nadie").check()
    press(page, "Seguir")
    page.get_by_label("No hay nadie").check()
    press(page, "Seguir")
    expect(page.get_by_role("heading", name="Fotos")).to_be_visible()


def test_a_visit_without_room_stays_open_until_there_is_some(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    to_photos(phone, 1)
    press(phone, "Seguir")
    fill(phone)
    phone.get_by_label("Nota").fill("Tocó el vecino")
    press(phone, "Terminar")

    expect(told(phone)).to_be_visible()
    expect(phone.get_by_label("Nota")).to_have_value("Tocó el vecino")
    assert field(api).visits == []
    (visit,) = kept(phone, "visits")
    assert (visit["state"], kept(phone, "outbox")) == ("open", [])

    make_room(phone)
    finish(phone)
    all_sent(phone)
    expect(told(phone)).to_have_count(0)
    (sent,) = field(api).visits
    assert sent.body["note"] == "Tocó el vecino"


def test_a_step_that_cannot_be_kept_is_not_left(phone: "sync_api.Page", api: FakeApi) -> None:
    to_photos(phone, 1)
    fill(phone, "visits")
    press(phone, "Seguir")

    expect(told(phone)).to_be_visible()
    expect(phone.get_by_role("heading", name="Fotos")).to_be_visible()
    make_room(phone)
    press(phone, "Seguir")
    finish(phone)
    all_sent(phone)


def test_a_photo_without_room_is_told_and_not_named_by_its_visit(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    to_photos(phone, 1)
    fill(phone, "photos")
    phone.get_by_label("Foto de la puerta").set_input_files(PHOTO)

    expect(told(phone)).to_be_visible()
    expect(phone.get_by_alt_text("Foto 1")).to_have_count(0)
    make_room(phone)
    phone.get_by_label("Foto de la puerta").set_input_files(PHOTO)
    expect(phone.get_by_alt_text("Foto 1")).to_have_count(1)
    press(phone, "Seguir")
    finish(phone)
    all_sent(phone)
    (visit,) = field(api).visits
    assert [photo["photo_id"] for photo in visit.body["photos"]] == list(field(api).photos)


def test_points_without_room_are_held_and_arrive(phone: "sync_api.Page", api: FakeApi) -> None:
    with phone.expect_response("**/field/shifts"):
        press(phone, "Empezar la jornada")
    all_sent(phone)
    phone.context.set_offline(True)
    fill(phone, "points")
    for turn, metres in enumerate((100, 200, 300), 1):
        move(phone, metres)
        phone.wait_for_function("turn => window.refused >= turn", arg=turn)
    expect(told(phone)).to_be_visible()
    assert kept(phone, "points") == []
    make_room(phone)
    move(phone, 400)
    expect(told(phone)).to_have_count(0)

    phone.context.set_offline(False)
    phone.get_by_role("link", name="Yo").click()
    with phone.expect_response("**/field/shifts/*"):
        press(phone, "Terminar la jornada")
    all_sent(phone)
    walked = [round((point["lat"] - DOOR[0]) / A_METRE) for point in field(api).points]
    assert walked[-4:] == [100, 200, 300, 400]


def test_help_is_called_though_nothing_can_be_kept(phone: "sync_api.Page", api: FakeApi) -> None:
    fill(phone)
    phone.get_by_role("button", name="Pedir ayuda").click(delay=1800)
    expect(phone.get_by_text("Pedimos ayuda")).to_be_visible()
    all_sent(phone)
    assert len(field(api).alarms) == 1


def test_what_the_server_has_goes_first(phone: "sync_api.Page", api: FakeApi) -> None:
    visit_nobody(phone, 1)
    all_sent(phone)
    assert [one["state"] for one in kept(phone, "visits")] == ["complete"]
    move(phone, door=2)
    to_photos(phone, 2)
    # Room is short by one visit: writing works again as soon as an old one has gone.
    phone.evaluate(
        """() => {
          window.noRoom = ['photos', 'visits']
          const drop = IDBObjectStore.prototype.delete
          IDBObjectStore.prototype.delete = function (key) {
            if (this.name === 'visits') window.noRoom = []
            return drop.call(this, key)
          }
        }"""
    )
    phone.get_by_label("Foto de la puerta").set_input_files(PHOTO)

    expect(phone.get_by_alt_text("Foto 1")).to_have_count(1)
    expect(told(phone)).to_have_count(0)
    assert [one["state"] for one in kept(phone, "visits")] == ["open"]
    press(phone, "Seguir")
    finish(phone)
    all_sent(phone)
    assert len(field(api).photos) == 1
