"""People answer disputes: the first to answer first, with papers, a verdict and a letter."""

import pytest

from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/disputas/?cartera=prt_mx"
ONE = "/panel/disputas/aclaracion/?caso=cas_1&id=dsp_1"
WITH_CARE = "/panel/disputas/aclaracion/?caso=cas_2&id=dsp_2"
CASE = "/panel/expedientes/caso/?id=cas_1"


def test_what_is_late_comes_first(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    rows = signed_in.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Ofelia Ibarra Montes")
    expect(rows.first).to_contain_text("2 días tarde")
    expect(rows.nth(1)).to_contain_text("Queda 1 día")
    expect(rows.first).to_contain_text("Nadie todavía")


def test_an_empty_list_says_what_comes_there(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE + "&estado=ended")
    expect(signed_in.get_by_role("heading", name="Ninguna ha terminado")).to_be_visible()
    expect(signed_in.get_by_text("La respuesta sale como carta")).to_be_visible()


def test_one_takes_it_and_finds_it_among_theirs(signed_in: "sync_api.Page") -> None:
    signed_in.goto(ONE)
    signed_in.get_by_role("button", name="Tomarla").click()
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("En revisión")
    expect(signed_in.get_by_role("button", name="Tomarla")).to_have_count(0)
    signed_in.goto(PAGE + "&estado=mine")
    expect(signed_in.get_by_role("link", name="Ofelia Ibarra Montes")).to_be_visible()


def test_a_paper_is_put_beside_it(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(ONE)
    paper = {"name": "contrato.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    signed_in.get_by_label("Agregar archivo").set_input_files(paper)  # type: ignore[arg-type]
    expect(signed_in.get_by_role("link", name="contrato.pdf")).to_be_visible()
    (sent,) = [call.body for call in api.calls if call.path.endswith("/evidence")]
    assert sent == {"name": "contrato.pdf", "content": "JVBERi0xLjc="}


def test_the_answer_needs_a_reason_and_gives_a_letter(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(ONE)
    signed_in.get_by_role("button", name="Responder").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Quitar todo").check()
    dialog.get_by_role("button", name="Responder y enviar carta").click()
    expect(dialog.get_by_text("Escribe el motivo.")).to_be_visible()
    dialog.get_by_label("Motivo").fill("El pago de mayo no se había registrado")
    dialog.get_by_role("button", name="Responder y enviar carta").click()
    expect(signed_in.get_by_role("link", name="Carta")).to_be_visible()
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Aceptada")
    (sent,) = [call.body for call in api.calls if call.path.endswith("/resolution")]
    assert (sent["verdict"], sent["clear"]) == ("accepted", True)


def test_a_death_is_treated_with_care(signed_in: "sync_api.Page") -> None:
    signed_in.goto(WITH_CARE)
    expect(signed_in.get_by_text("No se contacta a nadie por este expediente.")).to_be_visible()
    signed_in.get_by_role("button", name="Responder").click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog.get_by_text("Nadie vuelve a contactar por este expediente.")).to_be_visible()


def test_a_case_shows_its_disputes_and_opens_one(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(CASE)
    card = signed_in.locator("#disputes")
    expect(card).to_contain_text("No ha dicho que algo esté mal.")
    card.get_by_role("button", name="Abrir aclaración").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("De qué se trata").select_option("already_paid")
    dialog.get_by_label("Con sus palabras").fill("Pagué en mayo")
    dialog.get_by_role("button", name="Abrir y detener la cobranza").click()
    expect(card.get_by_role("link", name="Ya la pagó")).to_be_visible()
    (sent,) = [c.body for c in api.calls if c.method == "POST" and c.path.endswith("/disputes")]
    assert (sent["kind"], sent["text"]) == ("already_paid", "Pagué en mayo")


@pytest.mark.parametrize("address", [PAGE, ONE])
def test_it_fits_a_narrow_telephone(signed_in: "sync_api.Page", address: str) -> None:
    signed_in.set_viewport_size({"width": 360, "height": 740})
    signed_in.goto(address)
    expect(signed_in.get_by_role("heading", level=1)).to_be_visible()
    width = signed_in.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


def test_the_first_page_says_how_far_promises_are_kept(signed_in: "sync_api.Page") -> None:
    signed_in.goto("/panel/?cartera=prt_mx")
    expect(signed_in.get_by_role("row", name="Carla Ríos")).to_contain_text("87")
    expect(signed_in.get_by_text("3 aclaraciones por responder")).to_be_visible()


def test_a_case_says_how_far_its_debtor_keeps_promises(signed_in: "sync_api.Page") -> None:
    signed_in.goto(CASE)
    expect(signed_in.locator("#promises")).to_contain_text("Cumple 60 de 100")
    expect(signed_in.locator("#promises")).to_contain_text("2 de 3 promesas cumplidas")
