"""The supervisors' map: people live, alarms, and what it says when it knows less."""

import re
from collections.abc import Callable

import pytest

from frontend.e2e.fake_api import DIST, Answer
from frontend.e2e.fake_map import field_of, sos
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.test_every_page import AXE, RULES, findings

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/mapa/"


def test_people_stand_beside_the_map_in_the_order_worth_looking_at(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.goto(PAGE)
    names = signed_in.locator(".agent strong")
    expect(names).to_have_text(
        ["Carla Ríos", "Inés Quiroga", "Teo Barrientos", "Omar Luján", "Lía Montalvo"]
    )
    expect(signed_in.get_by_role("region", name="Mapa de las personas en la calle")).to_be_visible()
    expect(signed_in.locator(".map canvas.map-agents")).to_be_attached()
    signed_in.get_by_label("Mostrar").select_option("all")
    expect(names).to_have_count(6)
    signed_in.get_by_label("Equipo").select_option("Sur")
    expect(names).to_have_text(["Inés Quiroga", "Omar Luján"])
    expect(signed_in).to_have_url(re.compile("equipo=Sur&estado=all"))


def test_the_basemap_is_read_piece_by_piece(signed_in: "sync_api.Page") -> None:
    with signed_in.expect_response(re.compile(r"\.pmtiles$")) as told:
        signed_in.goto(PAGE)
    assert told.value.status == 206
    expect(signed_in.locator(".leaflet-tile-loaded").first).to_be_attached()
    expect(signed_in.get_by_text("Mapa de demostración")).to_be_visible()


COLOURS = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  return new Set(new Uint32Array(data.buffer)).size
}"""


@pytest.mark.parametrize(
    "lacks",
    [
        pytest.param("delete window.OffscreenCanvas", id="no canvas off the page"),
        pytest.param("delete window.Worker", id="no threads"),
        pytest.param(
            "window.Worker = class { constructor() { queueMicrotask(() => this.onerror()) } }",
            id="a thread that does not come",
        ),
    ],
)
def test_without_a_thread_the_page_paints_its_ground_itself(
    signed_in: "sync_api.Page", lacks: str
) -> None:
    signed_in.add_init_script(lacks)
    signed_in.goto(f"{PAGE}?ver=19.43,-99.14,14")
    tile = signed_in.locator(".leaflet-tile-loaded").first
    tile.wait_for(state="attached")
    assert signed_in.workers == []
    # Streets and their names, not one colour: what the thread would have painted.
    assert tile.evaluate(COLOURS) > 10
    signed_in.get_by_role("button", name="Teo Barrientos").click()
    expect(signed_in.get_by_role("heading", name="Teo Barrientos")).to_be_focused()


def test_a_map_without_its_ground_says_so_and_goes_on(
    signed_in: "sync_api.Page", complaints: list[str]
) -> None:
    signed_in.route(re.compile(r"\.pmtiles$"), lambda route: route.fulfill(status=404, body=""))
    signed_in.goto(PAGE)
    expect(signed_in.get_by_text("El mapa de fondo no está disponible")).to_be_visible()
    expect(signed_in.locator(".agent")).to_have_count(5)


def test_who_moves_moves_and_only_changes_are_asked_for(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.clock.install()
    signed_in.goto(PAGE)
    expect(signed_in.locator(".agent")).to_have_count(5)
    field_of(api).agents[3]["state"] = "moving"
    signed_in.clock.fast_forward(4100)
    expect(signed_in.get_by_role("button", name="Omar Luján")).to_contain_text("En camino")
    since = ["since" in c.query for c in api.calls if c.path == "/agents/live"]
    assert since == [False] + [True] * (len(since) - 1)
    assert len(since) > 1


def test_an_answer_that_does_not_come_is_told(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.clock.install()
    signed_in.goto(PAGE)
    expect(signed_in.locator(".agent")).to_have_count(5)
    signed_in.route("**/agents/live?*", lambda route: route.abort())
    signed_in.clock.fast_forward(4100)
    expect(signed_in.get_by_text("Sin respuesta del servidor")).to_be_visible()
    signed_in.unroute("**/agents/live?*")
    signed_in.clock.fast_forward(8100)
    expect(signed_in.get_by_text("Sin respuesta del servidor")).to_be_hidden()


def test_a_person_is_picked_with_the_keyboard_and_stands_in_the_address(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_role("button", name="Teo Barrientos").press("Enter")
    heading = signed_in.get_by_role("heading", name="Teo Barrientos")
    expect(heading).to_be_focused()
    expect(signed_in).to_have_url(re.compile("agente=per_teo"))
    signed_in.get_by_role("button", name="Todas las personas").press("Enter")
    expect(signed_in.get_by_role("button", name="Teo Barrientos")).to_be_focused()


def test_a_day_is_read_and_replayed(signed_in: "sync_api.Page") -> None:
    signed_in.goto(f"{PAGE}?agente=per_teo")
    moments = signed_in.locator(".map-moments li")
    expect(moments).to_have_count(6)
    expect(moments.nth(0)).to_contain_text("12 min")
    expect(moments.nth(1)).to_contain_text("verificada")
    expect(signed_in.locator(".map-visit")).to_have_count(3)
    expect(moments.nth(1).get_by_role("link", name="Abrir la visita")).to_have_attribute(
        "href", "/panel/visitas/visita/?caso=cas_1&id=vis_0"
    )
    signed_in.get_by_role("button", name="Repetir el día").click()
    slider = signed_in.get_by_role("slider", name="Momento del día")
    before = slider.get_attribute("aria-valuetext")
    expect(signed_in.locator(".map-replay")).to_be_visible()
    signed_in.get_by_role("button", name="Pausa").click()
    slider.press("End")
    assert slider.get_attribute("aria-valuetext") != before
    signed_in.get_by_role("button", name="Cerrar la repetición").click()
    expect(signed_in.locator(".map-replay")).to_be_hidden()


def test_a_day_without_a_shift_says_why_it_is_empty(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(f"{PAGE}?agente=per_teo&dia=2026-11-02")
    expect(signed_in.get_by_text("Solo se guardan posiciones durante el turno")).to_be_visible()
    assert [c.query for c in api.calls if c.path.endswith("/trail")] == [{"date": "2026-11-02"}]


def test_the_same_as_a_table(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_role("link", name="En tabla").click()
    row = signed_in.get_by_role("row", name="Lía Montalvo")
    expect(row).to_contain_text("Sin señal")
    expect(row).to_contain_text("33%")


def test_an_alarm_is_taken_and_closed(signed_in: "sync_api.Page", api: FakeApi) -> None:
    sos(api)
    signed_in.goto(PAGE)
    alarm = signed_in.get_by_role("alert", name="Alarmas")
    expect(alarm).to_contain_text("Inés Quiroga pide ayuda")
    expect(alarm.get_by_role("button", name="Avisar con sonido")).to_be_visible()
    expect(signed_in.locator(".agent strong").first).to_have_text("Inés Quiroga")
    alarm.get_by_role("button", name="Me encargo").click()
    expect(alarm).to_contain_text("se encarga Ana")
    alarm.get_by_role("button", name="Cerrar alarma").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Cerrar alarma").click()
    expect(alarm).to_be_hidden()
    told = [c.body for c in api.calls if c.method == "PATCH"]
    assert told == [{"state": "taken"}, {"state": "closed"}]


def test_nobody_yet_is_taught_how_to_begin(signed_in: "sync_api.Page", api: FakeApi) -> None:
    field_of(api).agents = []
    signed_in.goto(PAGE)
    expect(signed_in.get_by_role("heading", name="Aún no hay nadie en la calle")).to_be_visible()
    expect(signed_in.get_by_role("link", name="Invitar a una persona")).to_be_visible()


def test_when_nobody_is_on_shift_the_others_are_a_click_away(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    field_of(api).agents = [
        one | {"state": "off", "why": "clocked_out"} for one in field_of(api).agents
    ]
    signed_in.goto(PAGE)
    expect(signed_in.get_by_text("Nadie está en turno ahora")).to_be_visible()
    signed_in.get_by_role("button", name="Ver a todas las personas").click()
    expect(signed_in.locator(".agent strong")).to_have_count(6)
    signed_in.get_by_label("Nombre").fill("nadie así")
    expect(signed_in.get_by_text("Nadie coincide con los filtros.")).to_be_visible()


def test_a_refusal_is_shown_with_its_words(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.route(
        "**/agents/live*",
        lambda route: route.fulfill(status=500, json=Answer(500, {"code": "server"}).body),
    )
    signed_in.goto(PAGE)
    expect(signed_in.get_by_role("button", name="Reintentar")).to_be_visible()


class Late:
    """The script that draws maps waits here until a test says what becomes of it."""

    def __init__(self, page: "sync_api.Page") -> None:
        self._held: list[sync_api.Route] = []
        self._end: Callable[[sync_api.Route], None] | None = None
        scripts = {
            part.name
            for part in (DIST / "assets").glob("part-*.js")
            if "leaflet-container" in part.read_text()
        }
        page.route(lambda url: url.rpartition("/")[2] in scripts, self._asked)

    def _asked(self, route: "sync_api.Route") -> None:
        if self._end is None:
            self._held.append(route)
        else:
            self._end(route)

    def end(self, how: 'Callable[["sync_api.Route"], None]') -> None:
        """Of those that wait, and of any that is asked for from now on."""
        self._end = how
        for route in self._held:
            how(route)
        self._held = []


def test_a_day_that_comes_before_the_map_is_drawn_when_it_opens(
    signed_in: "sync_api.Page",
) -> None:
    script = Late(signed_in)
    signed_in.goto(PAGE)
    signed_in.get_by_role("button", name="Teo Barrientos").click()
    expect(signed_in.locator(".map-moments li")).to_have_count(6)
    expect(signed_in.get_by_role("button", name="Deudas en esta zona")).to_be_disabled()
    script.end(lambda route: route.continue_())
    expect(signed_in.locator(".map-visit")).to_have_count(3)
    expect(signed_in.get_by_role("button", name="Deudas en esta zona")).to_be_enabled()


def test_without_the_script_of_maps_the_lists_go_on(signed_in: "sync_api.Page") -> None:
    script = Late(signed_in)
    signed_in.goto(PAGE)
    expect(signed_in.locator(".agent")).to_have_count(5)
    script.end(lambda route: route.abort())
    again = signed_in.get_by_role("button", name="Reintentar")
    expect(again).to_be_visible()
    signed_in.get_by_role("button", name="Teo Barrientos").click()
    expect(signed_in.locator(".map-moments li")).to_have_count(6)

    script.end(lambda route: route.continue_())
    again.click()
    expect(signed_in.locator(".map-visit")).to_have_count(3)
    expect(again).to_be_hidden()


def test_debts_that_come_before_the_map_stand_on_it_when_it_opens(
    signed_in: "sync_api.Page",
) -> None:
    script = Late(signed_in)
    signed_in.goto(f"{PAGE}?agente=per_teo")
    signed_in.get_by_role("button", name="Deudas a 1 km").click()
    expect(signed_in.locator(".debt")).to_have_count(4)
    expect(signed_in.locator(".map-mark-debt")).to_have_count(0)
    script.end(lambda route: route.continue_())
    expect(signed_in.locator(".map-mark-debt")).to_have_count(4)


def test_debts_nearby_are_given_to_an_agent_and_taken_back(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(f"{PAGE}?agente=per_teo")
    signed_in.get_by_role("button", name="Deudas a 1 km").click()
    expect(signed_in.get_by_role("heading", name="Deudas cerca")).to_be_focused()
    expect(signed_in.locator(".debt")).to_have_count(4)
    expect(signed_in.locator(".map-mark-debt")).to_have_count(4)
    expect(signed_in.get_by_role("link", name="Rubén Salas")).to_have_attribute(
        "href", "/panel/expedientes/caso/?id=cas_2"
    )
    for name in ("Rubén Salas", "Elías Paz"):
        signed_in.get_by_label(f"Elegir a {name}").check()
    signed_in.get_by_role("button", name="Asignar 2 visitas").click()
    expect(signed_in.get_by_text("1 visita asignada")).to_be_visible()
    told = next(c.body for c in api.calls if c.path == "/assignments")
    assert {(one["case_id"], one["person_id"]) for one in told["items"]} == {
        ("cas_2", "per_teo"),
        ("cas_4", "per_teo"),
    }
    signed_in.get_by_role("button", name="Deshacer").click()
    expect(signed_in.get_by_text("1 visita retirada")).to_be_visible()
    assert field_of(api).batches == {}
    signed_in.get_by_role("button", name="Volver al mapa").click()
    expect(signed_in.locator(".map-mark-debt")).to_have_count(0)


def test_who_passed_by_an_address_is_asked_for_a_day(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(f"{PAGE}?agente=per_teo")
    signed_in.get_by_role("button", name="Deudas a 1 km").click()
    signed_in.get_by_role("button", name="Quién pasó por aquí: Rubén Salas").click()
    told = signed_in.get_by_role("region", name="Quién pasó por aquí")
    expect(told.get_by_role("link", name="Teo Barrientos")).to_have_count(2)
    expect(told).to_contain_text("a 6 m ± 9 m")
    expect(told.get_by_role("link", name="Visita registrada")).to_have_attribute(
        "href", "/panel/visitas/visita/?caso=cas_2&id=vis_2"
    )
    asked = next(c for c in api.calls if c.path.endswith("/passes"))
    assert asked.query["radius_m"] == "100"
    signed_in.evaluate(AXE.read_text("utf-8"))
    assert findings(signed_in, "map", RULES) == []
    told.get_by_label("Día", exact=True).fill("2026-10-31")
    told.get_by_label("Día", exact=True).press("Tab")
    expect(told).to_contain_text("Nadie en jornada pasó a menos de 100 m")
    told.get_by_role("button", name="Cerrar").click()
    expect(told).to_have_count(0)


# How many dots of the map's canvas of lines have one of the map's colours.
PAINTED = """name => {
  const lines = document.querySelector('.map .leaflet-overlay-pane canvas:not(.map-agents)')
  if (lines === null) return 0
  const probe = document.createElement('i')
  probe.style.color = `var(--map-${name})`
  document.querySelector('.map').append(probe)
  const wanted = getComputedStyle(probe).color.match(/\\d+/g).map(Number)
  probe.remove()
  const { data } = lines.getContext('2d').getImageData(0, 0, lines.width, lines.height)
  let found = 0
  for (let at = 0; at < data.length; at += 4) {
    const off = wanted.reduce((sum, part, i) => sum + Math.abs(part - data[at + i]), 0)
    if (data[at + 3] > 100 && off < 16) found += 1
  }
  return found
}"""


def with_fences(radius_m: int) -> Callable[["sync_api.Route"], None]:
    """Answer what is near with fences of another radius."""

    def answer(route: "sync_api.Route") -> None:
        body = route.fetch().json()
        for one in body["items"]:
            one["radius_m"] = radius_m
        route.fulfill(json=body)

    return answer


def test_debts_found_have_their_fences_around_them(signed_in: "sync_api.Page") -> None:
    painted = {}
    for radius_m in (0, 100):
        signed_in.unroute_all()
        signed_in.route(re.compile(r"/near\?"), with_fences(radius_m))
        signed_in.goto(f"{PAGE}?agente=per_teo&ver=19.43,-99.14,15")
        signed_in.get_by_role("button", name="Deudas a 1 km").click()
        expect(signed_in.locator(".map-mark-debt")).to_have_count(4)
        signed_in.wait_for_function(f"() => ({PAINTED})('fence') > 100")
        painted[radius_m] = signed_in.evaluate(PAINTED, "fence")

    # The circle of the search is there both times; the fences of four doors come on top.
    assert painted[100] > 1.1 * painted[0] > 0


def test_the_way_of_a_day_is_drawn_with_its_stops_and_visits(signed_in: "sync_api.Page") -> None:
    signed_in.goto(f"{PAGE}?agente=per_teo")
    expect(signed_in.locator(".map-stop")).to_have_count(3)
    expect(signed_in.locator(".map-visit-good, .map-visit-bad, .map-visit-warn")).to_have_count(3)
    signed_in.wait_for_function(f"() => ({PAINTED})('trail') > 100")

    signed_in.goto(f"{PAGE}?agente=per_teo&dia=2026-11-02")
    expect(signed_in.get_by_text("Solo se guardan posiciones durante el turno")).to_be_visible()
    assert signed_in.evaluate(PAINTED, "trail") == 0


def test_a_tracking_app_is_connected_by_a_code_and_revoked(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(f"{PAGE}?agente=per_carla")
    signed_in.get_by_role("button", name="Apps de rastreo").click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog.get_by_text("Ninguna app está conectada")).to_be_visible()
    dialog.get_by_role("button", name="Conectar una app").click()
    expect(dialog.get_by_text("Falta este dato.")).to_be_visible()
    dialog.get_by_label("Teléfono").fill("Moto G")
    dialog.get_by_role("button", name="Conectar una app").click()
    code = dialog.get_by_role("img", name="Código QR para Traccar Client")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    dialog.get_by_role("button", name="Listo").click()
    signed_in.get_by_role("button", name="Apps de rastreo").click()
    dialog.get_by_role("button", name="Revocar: Moto G").click()
    signed_in.get_by_role("dialog").last.get_by_role("button", name="Revocar").click()
    expect(signed_in.get_by_text("Llave revocada.")).to_be_visible()
    assert field_of(api).trackers == []
