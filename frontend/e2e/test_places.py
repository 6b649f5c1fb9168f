"""A supervisor reads the map of recovery, contact and visits, by pointer and by keyboard."""

import pytest

from frontend.e2e.fake_reports import CELLS
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/indicadores/?cartera=prt_mx&ver=places&desde=2026-10-01&hasta=2026-10-31"


def asked(api: FakeApi) -> list[dict[str, object]]:
    return [call.body for call in api.calls if call.path.endswith("/figures") and call.body]


def table(page: "sync_api.Page") -> "sync_api.Locator":
    page.get_by_text("Ver las cifras").click()
    return page.get_by_role("table", name="Por zona del mapa")


def test_hexagons_are_drawn_from_one_question(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE)
    expect(signed_in.get_by_role("region", name="Mapa de hexágonos")).to_be_visible()
    expect(signed_in.locator(".places-map .leaflet-overlay-pane canvas")).to_be_attached()
    (question,) = asked(api)
    assert question["dimensions"] == ["cell"]
    assert {"collected", "liquidation", "contact_rate", "verified_rate"} <= set(
        question["measures"]  # type: ignore[call-overload]
    )
    expect(signed_in.get_by_text("no tienen ubicación y no están en el mapa")).to_be_visible()
    looks_well(signed_in, "figures-map")


def test_the_table_behind_the_map_leads_to_the_cases(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE)
    shown = table(signed_in)
    expect(shown.get_by_role("row")).to_have_count(1 + len(CELLS["cell"]))
    # Eight columns are wider than the page: they scroll, and a name is still read in one line.
    where = shown.get_by_role("columnheader", name="Dónde").bounding_box()
    assert where is not None
    assert where["width"] > 100
    signed_in.get_by_label("Qué se ve").select_option("contact_rate")
    # Two of four is no rate: it is grey on the map, and last in the table.
    last = shown.get_by_role("row").last
    expect(last).to_contain_text("50.0%")
    shown.get_by_role("button", name="Hexágono 1", exact=True).press("Enter")
    name = signed_in.get_by_role("heading", name="Hexágono 1")
    expect(name).to_be_focused()
    signed_in.get_by_role("button", name="Ver expedientes: Contactabilidad").click()
    dialog = signed_in.get_by_role("dialog", name="Contactabilidad: Hexágono 1")
    expect(dialog.get_by_role("link", name="Ofelia Ibarra Montes")).to_be_visible()
    (behind,) = [call.query for call in api.calls if call.path.endswith("/figures/cases")]
    assert behind["kpi"] == "contact_rate"
    assert behind["cell"] in CELLS["cell"]
    looks_well(signed_in, "figures-map-hexagon")
    assert len(asked(api)) == 1  # another measure is drawn of the same answer


def test_a_hexagon_is_picked_on_the_map(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    place = signed_in.locator(".places-map")
    expect(place.locator(".leaflet-overlay-pane canvas")).to_be_attached()
    shown = table(signed_in)
    shown.get_by_role("button", name="Hexágono 2", exact=True).click()
    expect(signed_in.get_by_role("heading", name="Hexágono 2")).to_be_visible()
    box = place.bounding_box()
    assert box is not None
    # The one that was looked at lies in the middle; a click on it picks it again.
    place.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(signed_in.get_by_role("heading", name="Hexágono 2")).to_be_visible()


def test_larger_hexagons_are_another_question(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE)
    expect(signed_in.get_by_role("region", name="Mapa de hexágonos")).to_be_visible()
    signed_in.get_by_label("Tamaño").select_option("district")
    expect(table(signed_in).get_by_role("row")).to_have_count(1 + len(set(CELLS["district"])))
    expect(signed_in.get_by_role("region", name="Mapa de hexágonos")).to_be_visible()
    assert asked(api)[-1]["dimensions"] == ["district"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "no hubo gestiones, visitas ni cobros"),
        ([""], "Ningún expediente de estos días tiene un domicilio con ubicación"),
    ],
)
def test_a_map_without_hexagons_says_why(
    signed_in: "sync_api.Page", lines: list[str], said: str
) -> None:
    told = {
        "measures": ["collected", "cases"], "dimensions": ["cell"], "more": False, "borders": {},
        "lines": [{"keys": [key], "names": [key], "values": [
            {"numerator": 5, "denominator": None, "value": 5.0}] * 2} for key in lines],
        "portfolio_id": "prt_mx", "currency": "MXN", "from": "2026-10-01", "to": "2026-10-31",
        "days": 31, "days_there": 31, "engine": "duckdb", "bytes": 1,
    }  # fmt: skip
    signed_in.route("**/portfolios/prt_mx/figures", lambda route: route.fulfill(json=told))
    signed_in.goto(PAGE)
    expect(signed_in.get_by_role("heading", name="Nada que poner en el mapa")).to_be_visible()
    expect(signed_in.get_by_text(said)).to_be_visible()
    looks_well(signed_in, "figures-map-empty")


def test_going_to_another_tab_and_back_draws_the_map_again(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    region = signed_in.get_by_role("region", name="Mapa de hexágonos")
    expect(region).to_be_visible()
    signed_in.get_by_role("link", name="Tableros").click()
    expect(region).to_have_count(0)
    signed_in.get_by_role("link", name="Mapa", exact=True).last.click()
    expect(region).to_be_visible()
    expect(signed_in.locator(".places-map .leaflet-overlay-pane canvas")).to_be_attached()
