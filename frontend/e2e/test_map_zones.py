"""Zones on the supervisors' map: drawn by corners, made of cells, changed and removed."""

import pytest

from chalicelib.geo.cells import cell_of
from frontend.e2e.fake_map import field_of
from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/mapa/?vista=zonas"


def test_a_zone_is_drawn_corner_by_corner(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(f"{PAGE}&ver=19.43,-99.14,14")
    expect(signed_in.get_by_role("button", name="Centro", exact=False).first).to_be_visible()
    signed_in.get_by_role("button", name="Nueva zona").click()
    signed_in.get_by_label("Nombre de la zona").fill("Sur")
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_text("Una zona necesita al menos tres esquinas")).to_be_visible()
    area = signed_in.locator(".map-place")
    for x, y in ((200, 200), (420, 220), (400, 420), (260, 520)):
        area.click(position={"x": x, "y": y})
    expect(signed_in.get_by_text("4 esquinas")).to_be_visible()
    signed_in.get_by_role("button", name="Deshacer").click()
    expect(signed_in.get_by_text("3 esquinas")).to_be_visible()
    signed_in.get_by_role("button", name="Esquina en el centro").press("Enter")
    signed_in.get_by_role("button", name="Deshacer").click()
    corner = signed_in.locator(".map-corner").nth(2)
    box = corner.bounding_box()
    assert box is not None
    signed_in.mouse.move(box["x"] + 8, box["y"] + 8)
    signed_in.mouse.down()
    signed_in.mouse.move(box["x"] + 60, box["y"] + 60, steps=4)
    signed_in.mouse.up()
    signed_in.get_by_label("Teo Barrientos").check()
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_role("button", name="Sur 3 esquinas")).to_be_visible()
    sent = [c.body for c in api.calls if c.method == "POST" and c.path == "/zones"]
    assert [(z["name"], len(z["polygon"]), z["people"]) for z in sent] == [("Sur", 3, ["per_teo"])]


def test_a_zone_is_made_of_cells_and_changed(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(f"{PAGE}&ver=19.43,-99.14,14")
    signed_in.get_by_role("button", name="Nueva zona").click()
    with signed_in.expect_response(lambda answer: "map-cells" in answer.url):
        signed_in.get_by_label("Con celdas").check()
    signed_in.get_by_role("button", name="Celda del centro").press("Enter")
    expect(signed_in.get_by_text("1 celda H3")).to_be_visible()
    signed_in.locator(".map-place").click(position={"x": 120, "y": 120})
    expect(signed_in.get_by_text("2 celdas H3")).to_be_visible()
    signed_in.get_by_role("button", name="Deshacer").click()
    expect(signed_in.get_by_text("1 celda H3")).to_be_visible()
    signed_in.get_by_label("Nombre de la zona").fill("Sur")
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_role("button", name="Sur 1 celda H3")).to_be_visible()
    sent = [c.body for c in api.calls if c.method == "POST" and c.path == "/zones"]
    assert [(z["name"], z["cells"]) for z in sent] == [("Sur", [cell_of(19.43, -99.14, 8)])]
    assert "polygon" not in sent[0]

    with signed_in.expect_response(lambda answer: "map-cells" in answer.url):
        signed_in.get_by_role("button", name="Cambiar Sur").click()
    signed_in.get_by_role("button", name="Celda del centro").press("Enter")
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_text("Una zona necesita al menos una celda")).to_be_visible()
    with signed_in.expect_response(lambda answer: "map-cells" in answer.url):
        signed_in.get_by_label("Tamaño de las celdas").select_option("7")
    signed_in.get_by_role("button", name="Celda del centro").press("Enter")
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_role("button", name="Sur 1 celda H3")).to_be_visible()
    assert field_of(api).zones[1]["cell_size"] == 7


def test_a_zone_is_changed_and_removed(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_role("button", name="Cambiar Centro").click()
    expect(signed_in.locator(".map-corner")).to_have_count(4)
    signed_in.locator(".map-between").first.click()
    expect(signed_in.locator(".map-corner")).to_have_count(5)
    field_of(api).zones[0]["version"] = 2
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_role("alert")).to_be_visible()
    signed_in.get_by_role("button", name="Cancelar").click()
    signed_in.get_by_role("button", name="Quitar Centro").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Quitar la zona").click()
    expect(signed_in.get_by_role("heading", name="Todavía no hay zonas")).to_be_visible()
