"""Planning a day: what is proposed is seen before it is assigned, and can be undone."""

import re
from typing import Any

import pytest

from frontend.e2e.fake_routes import division, look, plan_of
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/rutas/?cartera=prt_mx&dia=2026-11-24"


def card(page: "sync_api.Page", name: str) -> "sync_api.Locator":
    return page.locator("section.card", has=page.get_by_role("heading", name=name))


def test_a_day_stands_in_route_order_and_says_what_was_withdrawn(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.goto(PAGE)
    carla = card(signed_in, "Carla Ríos")
    expect(carla.locator("tbody th")).to_have_text(["Iván Cordero", "Elsa Pacheco"])
    expect(carla.locator("tbody tr").first).to_contain_text("9:00")
    carla.get_by_text("1 retirada").click()
    expect(carla.get_by_text("ya no hay nada vencido")).to_be_visible()
    expect(card(signed_in, "Teo Barrientos").get_by_text("Sin visitas este día.")).to_be_visible()


def test_a_proposal_is_seen_assigned_and_undone(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(f"{PAGE}&ver=asignar")
    signed_in.get_by_role("button", name="Ver propuesta").click()
    expect(signed_in.get_by_role("heading", name="2 visitas propuestas")).to_be_visible()
    signed_in.get_by_text("Qué quedó fuera y por qué").click()
    expect(signed_in.get_by_text("3: sin ubicación en el mapa")).to_be_visible()

    signed_in.get_by_label("Incluir a Iván Cordero").uncheck()
    signed_in.get_by_role("button", name="Asignar 1 visita").click()
    expect(signed_in.get_by_text("Se asignó 1 visita")).to_be_visible()
    assert sum(one["state"] == "planned" for one in plan_of(api).visits) == 3

    signed_in.get_by_role("button", name="Deshacer").click()
    expect(signed_in.get_by_text("Se asignó 1 visita")).to_be_hidden()
    assert sum(one["state"] == "planned" for one in plan_of(api).visits) == 2


def test_what_somebody_else_assigned_first_is_said(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    plan_of(api).taken = {"cas_5"}
    signed_in.goto(f"{PAGE}&ver=asignar")
    signed_in.get_by_role("button", name="Ver propuesta").click()
    signed_in.get_by_role("button", name="Asignar 2 visitas").click()
    expect(signed_in.get_by_text("Otra persona la asignó antes.")).to_be_visible()


def test_a_visit_goes_to_another_and_the_routes_are_planned_anew(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE)
    give = signed_in.get_by_label("Pasar la visita de Elsa Pacheco a otra persona")
    give.select_option("Teo Barrientos")
    teo = card(signed_in, "Teo Barrientos")
    expect(teo.locator("tbody th")).to_have_text(["Elsa Pacheco"])
    expect(teo.get_by_text("Sin ordenar")).to_be_visible()
    sent = next(c for c in api.calls if (c.method, c.path) == ("POST", "/assignments"))
    assert sent.body["items"][0]["instead_of"] == "asg_2"

    signed_in.get_by_role("button", name="Planear rutas").click()
    expect(teo.get_by_text("12.4 km, termina a las 14:00")).to_be_visible()
    expect(teo.get_by_text("Sin ordenar")).to_be_hidden()


def test_the_day_is_saved_as_a_file(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    with signed_in.expect_download() as told:
        signed_in.get_by_role("button", name="Descargar CSV").click()
    assert told.value.suggested_filename == "rutas-2026-11-24.csv"
    lines = told.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("Agente,Orden,Hora,Deudor")
    assert lines[1].startswith("Carla Ríos,1,9:00,Iván Cordero,Calle Regina 40,México,1350.00 MXN")


def test_how_an_agent_works_is_changed(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(f"{PAGE}&ver=equipo")
    signed_in.get_by_role("button", name="Cambiar Carla Ríos").click()
    signed_in.get_by_label("Termina", exact=True).fill("08:00")
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_text("Debe ser después de que empieza.")).to_be_visible()
    signed_in.get_by_label("Termina", exact=True).fill("17:30")
    signed_in.get_by_role("button", name="Guardar").click()
    expect(signed_in.locator("tbody tr").first).to_contain_text("09:00–17:30")
    assert plan_of(api).profiles["per_carla"]["start"] == {"lat": 19.4326, "lng": -99.1332}


def test_an_empty_day_says_how_to_begin(signed_in: "sync_api.Page", api: FakeApi) -> None:
    plan_of(api).visits = []
    signed_in.goto(PAGE)
    expect(signed_in.get_by_role("heading", name=re.compile("No hay visitas para"))).to_be_visible()
    signed_in.locator(".empty").get_by_role("link", name="Asignar").click()
    expect(signed_in.get_by_role("button", name="Ver propuesta")).to_be_visible()


def test_a_visit_is_planned_by_hand_from_the_case(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto("/panel/expedientes/caso/?id=cas_1")
    signed_in.get_by_role("button", name="Programar visita").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Quién va").select_option("Teo Barrientos")
    dialog.get_by_label("Qué día").fill("2026-11-25")
    dialog.get_by_role("button", name="Programar", exact=True).click()
    expect(signed_in.get_by_text("Visita programada para Teo Barrientos.")).to_be_visible()
    sent = next(c for c in api.calls if (c.method, c.path) == ("POST", "/assignments"))
    assert sent.body["date"] == "2026-11-25"
    assert sent.body["items"][0]["person_id"] == "per_teo"


def test_a_proposal_goes_on_where_the_last_one_stopped(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    plan_of(api).cursor, plan_of(api).proposed = "after-a-thousand", []
    signed_in.goto(f"{PAGE}&ver=asignar")
    signed_in.get_by_role("button", name="Ver propuesta").click()
    more = signed_in.get_by_role("button", name="Buscar más casos")
    more.click()
    expect(more).to_have_count(0)  # that was the last of them

    asked = [c.body.get("cursor") for c in api.calls if c.path == "/assignments/preview"]
    assert asked == [None, "after-a-thousand"]


def better_plan(api: FakeApi, *looks: dict[str, Any] | None) -> None:
    plan_of(api).looks = list(looks)


def who_visits(page: "sync_api.Page") -> list[str]:
    return page.locator("tbody tr").evaluate_all(
        "rows => rows.map((row) => row.querySelector('th').innerText.trim()"
        " + ': ' + row.querySelectorAll('td')[0].innerText.trim())"
    )


def test_a_better_division_takes_the_place_of_the_first_and_says_what_it_saves(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    plan_of(api).without_room = [7]
    found = division({"per_carla": ["cas_7", "cas_5"], "per_teo": []}, left_out=1, visits=2,
                     missed=[{"case_id": "cas_6", "reason": "hours"}])  # fmt: skip
    better_plan(api, look("waiting"), look("planning"), look("done", found=found))
    signed_in.goto(f"{PAGE}&ver=asignar")
    signed_in.get_by_role("button", name="Ver propuesta").click()

    told = signed_in.get_by_role("status")
    expect(told.get_by_text("Buscando un reparto con menos camino")).to_be_visible()
    expect(signed_in.get_by_text("Camino de todos: 20.4 km y 1 h 8 min.")).to_be_visible()
    expect(signed_in.get_by_role("button", name="Asignar 2 visitas")).to_be_enabled()

    expect(told.get_by_text("Reparto mejorado")).to_be_visible()
    expect(
        told.get_by_text("5.3 km y 18 min menos de camino que la primera propuesta.")
    ).to_be_visible()
    assert who_visits(signed_in) == [
        "Abel Quintero: Carla Ríos n.º 1, 9:30",
        "Iván Cordero: Carla Ríos n.º 2, 10:00",
    ]
    expect(signed_in.get_by_text("Camino de todos: 15.1 km y 50 min.")).to_be_visible()
    signed_in.get_by_text("Qué quedó fuera y por qué").click()
    expect(signed_in.get_by_text("1: nadie llega en el horario permitido")).to_be_visible()
    expect(signed_in.get_by_text("Queda sin lugar: Elsa Pacheco")).to_be_visible()

    signed_in.get_by_role("button", name="Ver la primera propuesta").click()
    expect(signed_in.locator("tbody tr")).to_have_count(2)
    expect(signed_in.get_by_text("Camino de todos: 20.4 km y 1 h 8 min.")).to_be_visible()
    signed_in.get_by_role("button", name="Ver el reparto mejorado").click()
    signed_in.get_by_role("button", name="Asignar 2 visitas").click()
    expect(signed_in.get_by_text("Se asignaron 2 visitas")).to_be_visible()
    sent = next(c for c in api.calls if (c.method, c.path) == ("POST", "/assignments"))
    gone = {item["case_id"]: item["person_id"] for item in sent.body["items"]}
    assert gone == {"cas_7": "per_carla", "cas_5": "per_carla"}


def test_what_the_reader_left_out_stays_out_of_the_better_division(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    found = division({"per_carla": ["cas_6", "cas_5"]})
    better_plan(api, look("waiting"))
    signed_in.goto(f"{PAGE}&ver=asignar")
    signed_in.get_by_role("button", name="Ver propuesta").click()
    signed_in.get_by_label("Incluir a Iván Cordero").uncheck()
    better_plan(api, look("done", found=found))

    expect(signed_in.get_by_role("status").get_by_text("Reparto mejorado")).to_be_visible()
    expect(signed_in.get_by_label("Incluir a Iván Cordero")).not_to_be_checked()
    expect(signed_in.get_by_role("button", name="Asignar 1 visita")).to_be_enabled()


def test_more_visits_for_a_longer_way_are_told_as_that(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    plan_of(api).without_room = [7]
    found = division({"per_carla": ["cas_6", "cas_7"], "per_teo": ["cas_5"]}, metres=24_600,
                     seconds=4_920)  # fmt: skip
    better_plan(api, look("done", found=found))
    signed_in.goto(f"{PAGE}&ver=asignar")
    signed_in.get_by_role("button", name="Ver propuesta").click()

    expect(
        signed_in.get_by_text(
            "1 visita más, con 4.2 km y 14 min más de camino que la primera propuesta."
        )
    ).to_be_visible()
    expect(signed_in.get_by_role("heading", name="3 visitas propuestas")).to_be_visible()


def test_when_nothing_is_better_that_is_said(signed_in: "sync_api.Page", api: FakeApi) -> None:
    better_plan(api, look("done"))
    signed_in.goto(f"{PAGE}&ver=asignar")
    signed_in.get_by_role("button", name="Ver propuesta").click()

    expect(signed_in.get_by_text("No hay un reparto con menos camino que este.")).to_be_visible()
    expect(signed_in.get_by_role("button", name="Ver la primera propuesta")).to_have_count(0)
    expect(signed_in.get_by_role("button", name="Asignar 2 visitas")).to_be_enabled()


def test_a_better_division_that_fails_leaves_the_first_and_is_sought_again(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    better_plan(api, look("failed", problem="overdue"))
    signed_in.goto(f"{PAGE}&ver=asignar")
    signed_in.get_by_role("button", name="Ver propuesta").click()
    told = signed_in.get_by_role("status")
    expect(told.get_by_text("No llegó respuesta en dos minutos.")).to_be_visible()
    expect(signed_in.get_by_role("button", name="Asignar 2 visitas")).to_be_enabled()

    better_plan(api, look("done", found=division({"per_carla": ["cas_5", "cas_6"]})))
    signed_in.get_by_role("button", name="Buscar otra vez").click()
    expect(told.get_by_text("Reparto mejorado")).to_be_visible()
    assert sum(c.path == "/assignments/preview" for c in api.calls) == 2


def test_a_plan_that_is_no_longer_kept_leaves_the_first(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    better_plan(api, look("waiting"))
    signed_in.goto(f"{PAGE}&ver=asignar")
    signed_in.get_by_role("button", name="Ver propuesta").click()
    expect(signed_in.get_by_text("Buscando un reparto con menos camino")).to_be_visible()
    better_plan(api)

    expect(signed_in.get_by_text("No se pudo buscar un reparto con menos camino.")).to_be_visible()
    expect(signed_in.get_by_role("button", name="Asignar 2 visitas")).to_be_enabled()


@pytest.mark.parametrize("width", [360, 390, 1440])
def test_how_far_a_better_division_is_fits_and_axe_finds_nothing(
    signed_in: "sync_api.Page", api: FakeApi, width: int
) -> None:
    plan_of(api).without_room = [7]
    found = division({"per_carla": ["cas_7", "cas_5"], "per_teo": ["cas_6"]})
    signed_in.set_viewport_size({"width": width, "height": 900})
    states = (
        ("sought", look("planning"), "Buscando un reparto con menos camino"),
        ("better", look("done", found=found), "Reparto mejorado"),
        ("none", look("done"), "No hay un reparto con menos camino que este."),
        ("failed", look("failed", problem="crashed"), "El cálculo se interrumpió varias veces."),
    )
    for name, seen, said in states:
        better_plan(api, seen)
        signed_in.goto(f"{PAGE}&ver=asignar")
        signed_in.get_by_role("button", name="Ver propuesta").click()
        told = signed_in.get_by_text(said)
        expect(told).to_be_visible()
        told.scroll_into_view_if_needed()
        looks_well(signed_in, f"better-division-{name}-{width}")


def test_the_two_divisions_are_changed_between_by_keyboard(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    better_plan(api, look("done", found=division({"per_carla": ["cas_6", "cas_5"]})))
    signed_in.goto(f"{PAGE}&ver=asignar")
    signed_in.get_by_role("button", name="Ver propuesta").click()
    first = signed_in.get_by_role("button", name="Ver la primera propuesta")
    expect(first).to_be_visible()
    first.focus()
    signed_in.keyboard.press("Enter")

    better = signed_in.get_by_role("button", name="Ver el reparto mejorado")
    expect(better).to_be_focused()
    signed_in.keyboard.press("Space")
    expect(first).to_be_focused()
