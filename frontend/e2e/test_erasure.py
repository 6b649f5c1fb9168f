"""Erasing a person's data as one press: seen beforehand, asked, decided by another, run, told."""

from typing import Any

import pytest

from frontend.e2e.fake_cases import page_of
from frontend.e2e.fake_requests import AT, grant
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

ONE = "/panel/datos/solicitud/?cartera=prt_mx&id=drq_1"
TRAY = "/panel/aprobaciones/?cartera=prt_mx&tipo=erasure"
NUMBER = "7Q2M-0K41"
TEO = {"asked_by": "per_teo", "asked_by_name": "Teo Barrientos", "asked_at": AT}
BEA = {"decided_by": "per_bea", "decided_by_name": "Beatriz Luna", "decided_at": AT}


def sent(api: FakeApi) -> list[dict[str, Any]]:
    return [call.body for call in api.calls if call.method == "PATCH"]


def test_what_goes_and_what_stays_is_read_before_it_is_asked_for(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    grant(api)
    page = signed_in
    page.goto(ONE)
    card = page.locator("#erasure")
    expect(card.get_by_role("heading", name="Borrar los datos Sin pedir")).to_be_visible()
    expect(card.get_by_role("listitem").filter(has_text="Nombre y clave")).to_contain_text("1")
    expect(card.get_by_text("CCom art. 38")).to_be_visible()
    card.get_by_role("button", name="Pedir el borrado").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("No se puede deshacer")).to_be_visible()
    expect(dialog.get_by_text("La carta va a: ofelia@example.com")).to_be_visible()

    # What cannot be undone is not done by a press alone.
    dialog.get_by_role("button", name="Pedir el borrado").click()
    expect(dialog.get_by_text(f"No coincide: escribe {NUMBER}.")).to_be_visible()
    expect(dialog.get_by_label("Escribe el número")).to_be_focused()
    expect(dialog.get_by_text("Escríbelo en pocas palabras.")).to_be_visible()
    assert sent(api) == []
    dialog.get_by_label("Escribe el número").fill("7q2m 0k41")
    dialog.get_by_label("Nota").fill("Pagó todo en octubre")
    dialog.get_by_role("button", name="Pedir el borrado").click()

    expect(card.get_by_text("Espera a una segunda persona")).to_be_visible()
    expect(card.get_by_text("Pagó todo en octubre")).to_be_visible()
    expect(card.get_by_role("heading", level=2)).to_be_focused()
    assert sent(api) == [{"version": 2, "act": "erase_ask", "note": "Pagó todo en octubre"}]


def test_what_is_in_the_way_is_told_by_case_with_what_the_law_offers(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    one = grant(api, owes=184_000)
    more = one["erasure"]["blockers"][0] | {"amount_minor": None}
    one["erasure"]["blockers"] += [more | {"reason": "dispute"}, more | {"reason": "new_one"}]
    signed_in.goto(ONE)
    card = signed_in.locator("#erasure")
    expect(card.get_by_text("Todavía no se puede borrar")).to_be_visible()
    said = card.get_by_role("listitem").filter(has_text="Ofelia")
    expect(said).to_have_text(
        "Ofelia Ibarra Montes: debe dinero ($1,840.00); tiene una aclaración abierta;"
        " algo sigue abierto"
    )
    expect(said.get_by_role("link")).to_have_attribute("href", "/panel/expedientes/caso/?id=cas_1")
    expect(card.get_by_text("propón bloquearlos en vez de borrarlos")).to_contain_text("art. 25")
    expect(card.get_by_role("button")).to_have_count(1)
    card.get_by_role("button", name="Bloquear en vez de borrar").click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog.get_by_label("Se bloquean los datos")).to_be_checked()
    dialog.get_by_label("Lo que se le dice").fill("Se bloquean mientras se debe.")
    dialog.get_by_role("button", name="Guardar respuesta").click()
    expect(card).to_have_count(0)
    (body,) = sent(api)
    assert (body["verdict"], body["ground"]) == ("restricted", "debt_in_force")


def test_who_asked_takes_it_back_and_does_not_decide(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    grant(api, state="asked", asked_by="per_ana", asked_by_name="Ana", asked_at=AT)
    signed_in.goto(ONE)
    card = signed_in.locator("#erasure")
    expect(card.get_by_text("Lo pediste tú")).to_be_visible()
    expect(card.get_by_role("button")).to_have_count(1)
    card.get_by_role("button", name="Retirar la petición").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Retirar la petición").click()
    expect(card.get_by_role("button", name="Pedir el borrado")).to_be_visible()
    assert sent(api) == [{"version": 2, "act": "erase_withdraw"}]


def test_another_allows_it_and_it_is_followed_to_its_end(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    grant(api, state="asked", may_decide=True, note="Pagó todo", **TEO)
    page = signed_in
    page.clock.install()
    page.goto(ONE)
    card = page.locator("#erasure")
    expect(card.get_by_text("Lo pidió Teo Barrientos")).to_be_visible()
    card.get_by_role("button", name="Aprobar y borrar").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Escribe el número").fill(NUMBER)
    dialog.get_by_role("button", name="Aprobar y borrar").click()

    told = card.get_by_role("status").filter(has_text="Borrando")
    expect(told).to_contain_text("Borrando: 0 de 2 expedientes")
    expect(told).to_have_attribute("aria-live", "polite")
    expect(card.get_by_role("progressbar", name="Borrando")).to_have_attribute("max", "2")
    page.clock.run_for(3_500)
    expect(told).to_contain_text("Borrando: 1 de 2 expedientes")
    page.clock.run_for(3_500)
    expect(card.get_by_role("heading", name="Datos borrados")).to_be_visible()
    expect(card.get_by_text("Se conserva", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cumplida")
    expect(page.get_by_text("Ofelia")).to_have_count(0)

    # Nothing is asked any more, and the letter is where what it says is read.
    looks = len(api.calls)
    page.clock.run_for(60_000)
    assert len(api.calls) == looks
    with page.expect_request(lambda request: request.url.endswith("/letter?language=es")):
        card.get_by_role("button", name="Carta de respuesta").click()


def test_a_no_says_why_and_it_may_be_asked_again(signed_in: "sync_api.Page", api: FakeApi) -> None:
    grant(api, state="asked", may_decide=True, **TEO)
    signed_in.goto(ONE)
    card = signed_in.locator("#erasure")
    card.get_by_role("button", name="No aprobar").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="No aprobar").click()
    expect(dialog.get_by_text("Escríbelo en pocas palabras.")).to_be_visible()
    dialog.get_by_label("Motivo").fill("Falta el poder del abogado")
    dialog.get_by_role("button", name="No aprobar").click()
    expect(card.get_by_text("no lo aprobó")).to_be_visible()
    expect(card.get_by_text("Falta el poder del abogado")).to_be_visible()
    expect(card.get_by_role("button", name="Pedir el borrado")).to_be_visible()
    assert sent(api)[0]["note"] == "Falta el poder del abogado"


@pytest.mark.parametrize(
    ("press", "said"), [("Aprobar", "erase_approve"), ("No aprobar", "erase_reject")]
)
def test_it_is_decided_in_the_tray_as_on_its_page(
    signed_in: "sync_api.Page", api: FakeApi, press: str, said: str
) -> None:
    grant(api, "drq_5", state="asked", may_decide=True, **TEO)
    page = signed_in
    page.goto(TRAY)
    item = page.locator(".approval")
    expect(item).to_have_count(1)
    expect(item).to_contain_text("Borrar los datos de la persona: 2 expedientes")
    expect(item.get_by_role("link", name="Solicitud 7Q2M-0K45")).to_have_attribute(
        "href", "/panel/datos/solicitud/?cartera=prt_mx&id=drq_5"
    )
    item.get_by_role("button", name=press, exact=True).click()
    dialog = page.get_by_role("dialog")
    if press == "Aprobar":
        dialog.get_by_label("Escribe el número").fill("7Q2M-0K45")
        dialog.get_by_role("button", name="Aprobar y borrar").click()
    else:
        dialog.get_by_label("Motivo").fill("No es de quien pide")
        dialog.get_by_role("button", name="No aprobar").click()
    expect(item.get_by_role("button")).to_have_count(0)
    assert [body["act"] for body in sent(api)] == [said]


def test_one_that_somebody_else_decided_says_so(signed_in: "sync_api.Page", api: FakeApi) -> None:
    one = grant(api, state="asked", may_decide=True, **TEO)
    signed_in.goto(ONE)
    card = signed_in.locator("#erasure")
    card.get_by_role("button", name="No aprobar").click()
    one["version"] = 9
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Motivo").fill("Falta algo")
    dialog.get_by_role("button", name="No aprobar").click()
    expect(dialog.get_by_text("Alguien más avanzó esta solicitud")).to_be_visible()


STATES: dict[str, dict[str, Any]] = {
    "open": {},
    "blocked": {"owes": 184_000},
    "asked": {"state": "asked", "may_decide": True, "note": "Pagó todo en octubre", **TEO},
    "running": {"state": "running", "cases": 9, "cases_done": 1, **TEO, **BEA},
    "done": {"state": "done", "cases_done": 2, "finished_at": AT, **TEO, **BEA},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("width", "start"), [(360, "/pt"), (390, ""), (1440, "/en")])
def test_it_fits_and_axe_finds_nothing(
    signed_in: "sync_api.Page", api: FakeApi, state: str, width: int, start: str
) -> None:
    grant(api, **STATES[state])
    signed_in.set_viewport_size({"width": width, "height": 900})
    signed_in.goto(start + ONE)
    card = signed_in.locator("#erasure")
    card.evaluate("card => card.scrollIntoView()")
    looks_well(signed_in, f"erasure-{state}-{width}")


def test_a_case_says_that_its_data_were_erased(signed_in: "sync_api.Page", api: FakeApi) -> None:
    case = page_of(api)["case"]
    case |= {"name": "", "tax_id": "", "erased": NUMBER, "city": ""}
    signed_in.goto("/panel/expedientes/caso/?id=cas_1")
    said = f"Datos borrados (solicitud {NUMBER})"
    expect(signed_in.get_by_role("heading", level=1, name=said)).to_be_visible()
    expect(signed_in).to_have_title(f"{said} · Recobro")
    expect(signed_in.locator(".statement")).to_contain_text(said)
