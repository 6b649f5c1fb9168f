"""What a phone could not send, brought to another one as a file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontend.e2e.fake_api import problem
from frontend.e2e.fake_data import people as everybody
from frontend.e2e.fake_field import field
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
)
from frontend.e2e.looking import looks_well
from frontend.e2e.test_every_page import AXE, RULES, findings
from frontend.e2e.test_field import all_sent, not_as_published

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

(CARLA,) = [one for one in everybody() if one["person_id"] == "per_carla"]


@pytest.fixture
def another(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> Iterator["sync_api.Page"]:
    """The phone the same person was given instead, opened after the first one's file was made."""
    with phone_of(browser, server, api, complaints) as page:
        yield page
    assert complaints == []
    assert not_as_published(api) == []


def nobody_home(page: "sync_api.Page", door: int) -> None:
    """As far as the photo of the door."""
    move(page, door=door)
    go_to_door(page, door)
    arrive(page)
    press(page, "Seguir")
    page.get_by_label("Nadie").check()
    press(page, "Seguir")
    page.get_by_label("No hay nadie").check()
    press(page, "Seguir")
    page.get_by_label("Foto de la puerta").set_input_files(PHOTO)
    expect(page.locator(".pictures img")).to_have_count(1)


@pytest.fixture
def file(
    browser: "sync_api.Browser",
    server: Server,
    api: FakeApi,
    complaints: list[str],
    tmp_path: Path,
) -> Path:
    """Of a phone without signal: one visit that waits, one under way, a photo of each."""
    saved = tmp_path / "recobro.json"
    with phone_of(browser, server, api, complaints) as page:
        begin(page)
        page.context.set_offline(True)
        nobody_home(page, 1)
        press(page, "Seguir")
        finish(page)
        nobody_home(page, 2)
        page.goto("/campo/#/envios")
        with page.expect_download() as download:
            press(page, "Exportar a un archivo")
        download.value.save_as(saved)
    return saved


def load(page: "sync_api.Page", file: Path) -> None:
    page.goto("/campo/#/envios")
    page.get_by_label("Archivo de Recobro").set_input_files(file)


def test_what_one_phone_could_not_send_goes_out_from_another(
    file: Path, another: "sync_api.Page", api: FakeApi
) -> None:
    assert field(api).visits == []
    begin(another)
    load(another, file)
    expect(another.get_by_text("2 cosas cargadas")).to_be_visible()
    all_sent(another)

    first, second = field(api).devices
    (call,) = field(api).visits
    assert call.body["case_id"] == "cas_1"
    # Signed by the phone that was at the door, though another one sends it.
    assert call.body["device_id"] == first["device_id"] != second["device_id"]
    assert call.headers["x-recobro-signature"].startswith(first["device_id"])
    assert len(field(api).photos) == 1
    assert kept(another, "outbox") == []

    load(another, file)  # again: the server has it, and takes it once
    all_sent(another)
    assert len(field(api).visits) == 1


def test_a_visit_under_way_goes_on_on_the_other_phone(
    file: Path, another: "sync_api.Page", api: FakeApi
) -> None:
    begin(another)
    load(another, file)
    all_sent(another)
    another.goto("/campo/#/")
    another.locator('a[href="#/parada/asg_0000002"]').click()
    press(another, "Seguir la visita")
    expect(another.locator(".pictures img")).to_have_count(1)
    press(another, "Seguir")
    finish(another)
    all_sent(another)
    assert [call.body["case_id"] for call in field(api).visits] == ["cas_1", "cas_2"]
    assert len(field(api).photos) == 2


def test_a_file_that_cannot_be_taken_says_why(
    file: Path, another: "sync_api.Page", api: FakeApi, tmp_path: Path
) -> None:
    begin(another)
    made = json.loads(file.read_text())
    other = tmp_path / "other.json"
    other.write_text(json.dumps(made | {"person_id": "per_dario"}))
    load(another, other)
    expect(another.get_by_text("Es de otra persona")).to_be_visible()
    other.write_text("{}")
    load(another, other)
    expect(another.get_by_text("No es un archivo exportado de Recobro")).to_be_visible()
    for photo in made["photos"]:
        photo["base64"] = "AAAA"
    other.write_text(json.dumps(made))
    load(another, other)
    expect(another.get_by_text("2 fotos llegaron dañadas")).to_be_visible()
    another.evaluate(AXE.read_text("utf-8"))
    assert findings(another, "envios", RULES) == []
    all_sent(another)
    assert len(field(api).visits) == 1
    assert field(api).photos == {}


def open_file(page: "sync_api.Page", file: Path) -> None:
    page.goto("/panel/visitas/?estado=devices")
    page.get_by_role("button", name="Cargar el archivo de quien salió").click()
    page.get_by_label("Archivo de Recobro").set_input_files(file)


def fact(page: "sync_api.Page", name: str) -> "sync_api.Locator":
    return page.locator("dialog dt", has_text=name).locator("+ dd")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_manager_loads_the_file_of_an_agent_who_left_once(
    file: Path, signed_in: "sync_api.Page", api: FakeApi, width: int
) -> None:
    signed_in.set_viewport_size({"width": width, "height": 860})
    open_file(signed_in, file)
    for name, number in (("Visitas", "1"), ("Fotos", "1"), ("Recibos", "0")):
        expect(fact(signed_in, name)).to_have_text(number)
    expect(fact(signed_in, "Agente")).to_have_text(CARLA["name"])
    expect(signed_in.get_by_text("1 visita quedó sin terminar")).to_be_visible()
    looks_well(signed_in, f"rescue-{width}")
    assert field(api).visits == []

    signed_in.get_by_role("button", name="Cargar", exact=True).click()
    expect(signed_in.get_by_text("cosas cargadas.")).to_be_visible()
    looks_well(signed_in, f"rescue-done-{width}")
    (call,) = field(api).visits
    assert call.headers["x-recobro-of"] == "per_carla"
    assert call.headers["x-recobro-signature"].startswith(field(api).devices[0]["device_id"])
    assert len(field(api).photos) == 1

    open_file(signed_in, file)
    expect(fact(signed_in, "Visitas")).to_have_text("1, de ellas 1 ya están")
    expect(fact(signed_in, "Fotos")).to_have_text("1, de ellas 1 ya están")
    signed_in.get_by_role("button", name="Cargar", exact=True).click()
    expect(signed_in.get_by_text("cosas cargadas.")).to_be_visible()
    assert len(field(api).visits) == 1
    assert not_as_published(api) == []


def test_a_file_that_may_not_be_loaded_says_why(
    file: Path, signed_in: "sync_api.Page", api: FakeApi, tmp_path: Path
) -> None:
    other = tmp_path / "otro.json"
    other.write_text('{"format": "x"}')
    open_file(signed_in, other)
    expect(signed_in.get_by_text("No es un archivo exportado de Recobro")).to_be_visible()
    for code, status, words in (
        ("person.not_found", 404, "Es de otra organización, o de un agente que no es"),
        ("rescue.still_here", 409, "La cuenta de este agente funciona"),
    ):
        field(api).refuse_rescue = problem(status, code)
        signed_in.get_by_label("Archivo de Recobro").set_input_files(file)
        expect(signed_in.get_by_text(words)).to_be_visible()
    looks_well(signed_in, "rescue-refused")


def test_what_was_changed_in_the_file_is_refused_with_the_reason(
    file: Path, signed_in: "sync_api.Page", api: FakeApi
) -> None:
    field(api).refuse["cas_1"] = problem(403, "visit.signature_invalid")
    open_file(signed_in, file)
    signed_in.get_by_role("button", name="Cargar", exact=True).click()
    expect(signed_in.get_by_text("la firma no corresponde")).to_be_visible()
    assert field(api).visits == []
    assert field(api).photos == {}, "a photo goes after its visit"
