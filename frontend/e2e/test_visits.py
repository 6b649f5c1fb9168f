"""Supervisors look at visits, one after the other, and take lost phones out of use."""

import pytest

from frontend.e2e.fake_site import FakeApi
from frontend.e2e.test_map import Late

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/visitas/?cartera=prt_mx"
ONE = "/panel/visitas/visita/?caso=cas_1&id=vis_1"


def test_the_queue_holds_what_is_doubtful_and_says_why(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    row = signed_in.get_by_role("row", name="Ofelia Ibarra Montes")
    expect(row).to_contain_text("Fuera del lugar")
    expect(row).to_contain_text("confianza baja, fuera del lugar")
    expect(signed_in.get_by_text("Marta Güemes")).to_have_count(0)
    signed_in.get_by_role("link", name="Todas").click()
    expect(signed_in.get_by_role("row", name="Marta Güemes")).to_contain_text("Promesa de pago")


def test_a_visit_shows_both_verdicts_the_signs_and_the_answers(signed_in: "sync_api.Page") -> None:
    signed_in.goto(ONE)
    for words in (
        "El recorrido del teléfono estaba a 2,140 m de ahí",
        "Fuera del lugar: a 940 m, radio de 100 m. La posición queda fuera aun con todo su error",
        "En la puerta: a 12 m, radio de 100 m",
        "¿Vive aquí el titular?",
        "La promesa es más lejana de lo que permite la cartera",
        "No lo permitía: Domingo (art. 17 bis 4)",
    ):
        expect(signed_in.get_by_text(words).first).to_be_visible()
    expect(signed_in.locator(".visit-map canvas").first).to_be_visible()
    expect(signed_in.get_by_text("Aún no llega")).to_be_visible()
    told = signed_in.locator("dt", has_text="Enviada por correo").locator("+ dd")
    expect(told).to_contain_text("22 nov")


def test_a_visit_is_judged_without_its_map(signed_in: "sync_api.Page") -> None:
    script = Late(signed_in)
    script.end(lambda route: route.abort())
    signed_in.goto(ONE)
    again = signed_in.get_by_role("button", name="Reintentar")
    expect(again).to_be_visible()
    expect(signed_in.get_by_role("link", name="Siguiente")).to_be_visible()
    expect(signed_in.get_by_role("button", name="Rechazar")).to_be_enabled()

    script.end(lambda route: route.continue_())
    again.click()
    expect(signed_in.locator(".visit-map canvas").first).to_be_visible()
    expect(again).to_be_hidden()


def test_keys_go_through_the_queue(signed_in: "sync_api.Page") -> None:
    signed_in.goto(ONE)
    expect(signed_in.get_by_role("link", name="Siguiente")).to_be_visible()
    signed_in.keyboard.press("j")
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Rubén Salas")
    expect(signed_in.get_by_text("Sin visita: cerrado")).to_be_visible()
    expect(signed_in.get_by_role("link", name="Anterior")).to_be_visible()
    signed_in.keyboard.press("k")
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Ofelia")


def test_a_rejection_asks_for_its_reason(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(ONE)
    signed_in.get_by_role("button", name="Rechazar").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="Rechazar").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Motivo").fill("La foto es de otra puerta")
    dialog.get_by_role("button", name="Rechazar").click()
    expect(signed_in.get_by_text("La rechazó Ana Torres")).to_be_visible()
    assert [c.body["accept"] for c in api.calls if c.path.endswith("/review")] == [False] * 2


def test_nobody_judges_their_own(signed_in: "sync_api.Page") -> None:
    signed_in.goto("/panel/visitas/visita/?caso=cas_3&id=vis_3")
    expect(signed_in.get_by_text("Es tuya: la revisa otra persona.")).to_be_visible()
    expect(signed_in.get_by_role("button", name="Aceptar")).to_have_count(0)


def test_a_lost_phone_is_taken_out_of_use(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE + "&estado=devices")
    row = signed_in.get_by_role("row", name="Teo Barrientos")
    row.get_by_role("button", name="Dar de baja").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Dar de baja").click()
    expect(row).to_contain_text("De baja desde")


def test_a_learned_point_is_taken(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE + "&estado=points")
    row = signed_in.get_by_role("row", name="Calle Regina 14")
    expect(row).to_contain_text("61 m")
    row.get_by_role("button", name="Tomar").click()
    expect(signed_in.get_by_text("La dirección tiene su punto nuevo.")).to_be_visible()
    expect(signed_in.get_by_text("Ningún punto propuesto")).to_be_visible()
    assert [c.body for c in api.calls if c.path.endswith("/adr_1")] == [{"accept": True}]
