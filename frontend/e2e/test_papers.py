"""The creditor's documents on the case page: added, replaced, hidden, withdrawn, erased."""

import re
from typing import Any

import pytest

from frontend.e2e.fake_papers import papers_of
from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

CASE = "/panel/expedientes/caso/?id=cas_1"
PDF = {"name": "Factura 9.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}


@pytest.fixture
def card(signed_in: "sync_api.Page") -> "sync_api.Locator":
    signed_in.goto(CASE)
    found = signed_in.locator("#proofs")
    expect(found.get_by_role("listitem")).to_have_count(2)
    return found


def sent(api: FakeApi, method: str, ending: str) -> list[Any]:
    return [one.body for one in api.calls if one.method == method and one.path.endswith(ending)]


def test_what_stands_is_listed_and_opens_beside_the_page(
    card: "sync_api.Locator", signed_in: "sync_api.Page"
) -> None:
    note, guarantee = card.get_by_role("listitem").all()
    expect(note).to_contain_text("Pagaré 4471 firmado.pdf")
    expect(note).to_contain_text("El deudor lo ve")
    expect(guarantee).to_contain_text("Oculto al deudor")
    expect(guarantee).to_contain_text("Todo el expediente")
    link = note.get_by_role("link", name="Pagaré Pagaré 4471 firmado.pdf")
    expect(link).to_have_attribute("href", "/_s3/note-1.pdf")
    expect(link).to_have_attribute("rel", "noopener")
    card.get_by_role("button", name="Ver 1 que ya no está vigente").click()
    expect(card.get_by_role("listitem").nth(2)).to_contain_text("Motivo: De otro cliente")
    signed_in.emulate_media(color_scheme="dark")
    assert signed_in.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(
    ("scan", "words", "opens"),
    [
        ("off", "Sin análisis de virus", True),
        ("waiting", "En análisis de virus: ábrelo con cuidado", True),
        ("infected", "Con software malicioso: no se entrega", False),
        ("unknown", "No se pudo analizar: ábrelo con cuidado", True),
    ],
)
def test_what_a_scanner_said_is_beside_it_and_nobody_opens_what_is_infected(
    signed_in: "sync_api.Page", api: FakeApi, scan: str, words: str, opens: bool
) -> None:
    papers_of(api)[0] |= {"scan": scan} | ({} if opens else {"url": None})
    signed_in.goto(CASE)
    note = signed_in.locator("#proofs").get_by_role("listitem").first
    expect(note).to_contain_text("Pagaré 4471 firmado.pdf")
    expect(note).to_contain_text(words)
    expect(note.get_by_role("link")).to_have_count(1 if opens else 0)


def test_one_is_added_with_its_file(
    card: "sync_api.Locator", signed_in: "sync_api.Page", api: FakeApi
) -> None:
    card.get_by_role("button", name="Agregar").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="Agregar documento").click()
    expect(dialog).to_contain_text("Elige un archivo que no esté vacío.")
    dialog.get_by_label("Archivo").set_input_files(PDF)
    expect(dialog.get_by_label("Nombre")).to_have_value("Factura 9.pdf")
    expect(dialog.get_by_label("El deudor puede verlo")).to_be_checked()
    dialog.get_by_label("Qué es").select_option(label="Garantía o aval")
    expect(dialog.get_by_label("El deudor puede verlo")).not_to_be_checked()
    dialog.get_by_label("Qué es").select_option(label="Factura")
    dialog.get_by_role("button", name="Agregar documento").click()

    expect(signed_in.get_by_text("Documento agregado")).to_be_visible()
    expect(card.get_by_role("listitem")).to_have_count(3)
    (body,) = sent(api, "POST", "/cases/cas_1/papers")
    assert (body["kind"], body["name"], body["shown"], body["mark"]) == (
        *("invoice", "Factura 9.pdf", True),
        "mark-of-a-sent-file-0",
    )
    expect(signed_in.locator("#timeline")).to_contain_text("El acreedor aportó un documento")


def test_a_file_that_is_refused_says_so_and_is_not_sent_twice(
    card: "sync_api.Locator", signed_in: "sync_api.Page", api: FakeApi
) -> None:
    card.get_by_role("button", name="Agregar").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Archivo").set_input_files(PDF | {"name": "roto.pdf"})
    dialog.get_by_role("button", name="Agregar documento").click()
    expect(dialog.locator("#paper-file-error, .banner")).not_to_have_count(0)
    dialog.get_by_label("Nombre").fill("Factura.pdf")
    dialog.get_by_role("button", name="Agregar documento").click()
    expect(card.get_by_role("listitem")).to_have_count(3)
    assert len(sent(api, "POST", "/paper-forms")) == 1


def test_it_is_replaced_withdrawn_and_erased_with_a_reason(
    card: "sync_api.Locator", signed_in: "sync_api.Page", api: FakeApi
) -> None:
    dialog = signed_in.get_by_role("dialog")
    card.get_by_role("button", name="Reemplazar Pagaré").click()
    dialog.get_by_label("Archivo").set_input_files(PDF)
    dialog.get_by_role("button", name="Reemplazar documento").click()
    expect(dialog).to_contain_text("Falta el motivo.")
    dialog.get_by_label("Motivo").fill("Se leía mal")
    dialog.get_by_role("button", name="Reemplazar documento").click()
    expect(signed_in.get_by_text("Documento reemplazado")).to_be_visible()
    (body,) = sent(api, "POST", "/cases/cas_1/papers")
    assert (body["replaces"], body["reason"], body["kind"]) == ("pap_1", "Se leía mal", "note")

    expect(card.get_by_role("listitem")).to_contain_text(["Aval.pdf", "Factura 9.pdf"])
    card.get_by_role("button", name=re.compile("^Retirar Garantía")).click()
    dialog.get_by_label("Borrar para siempre").check()
    dialog.get_by_role("textbox", name="Motivo").fill("Lo pidió el aval")
    dialog.get_by_role("button", name="Confirmar").click()
    expect(card.get_by_role("listitem")).to_have_count(1)
    assert sent(api, "PATCH", "/papers/pap_2") == [
        {"state": "erased", "reason": "Lo pidió el aval"}
    ]


def test_the_debtor_is_let_see_it(
    card: "sync_api.Locator", signed_in: "sync_api.Page", api: FakeApi
) -> None:
    card.get_by_role("button", name=re.compile("^Cambiar Garantía")).click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("El deudor puede verlo").check()
    dialog.get_by_role("button", name="Guardar").click()
    expect(card.get_by_text("El deudor lo ve")).to_have_count(2)
    (body,) = sent(api, "PATCH", "/papers/pap_2")
    assert body == {"kind": "guarantee", "name": "Aval.pdf", "debt_id": "", "shown": True}


def test_what_is_held_is_taken_with_a_reason(
    card: "sync_api.Locator", signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.get_by_role("button", name="Descargar expediente").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="Descargar ZIP").click()
    expect(dialog).to_contain_text("Falta el motivo.")
    dialog.get_by_label("Solicitud de acceso del titular").check()
    dialog.get_by_role("textbox", name="Motivo").fill("Solicitud ARCO 7")
    with signed_in.expect_download() as told:
        dialog.get_by_role("button", name="Descargar ZIP").click()
    assert told.value.url.endswith("/_s3/expediente.zip")
    expect(signed_in.locator("#timeline")).to_contain_text("Se descargó el expediente")
    (body,) = sent(api, "POST", "/cases/cas_1/pack")
    assert body == {"purpose": "access", "reason": "Solicitud ARCO 7"}
