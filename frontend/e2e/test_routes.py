"""Planning a day: what is proposed is seen before it is assigned, and can be undone."""

import re

import pytest

from frontend.e2e.fake_routes import plan_of
from frontend.e2e.fake_site import FakeApi

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
