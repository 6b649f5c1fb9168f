"""Many documents of the creditor at once: where each would go, sending them, the result."""

from pathlib import Path
from typing import Any

import pytest

from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/cargas/documentos/?cartera=prt_mx"


def a_file(name: str, body: str = "") -> dict[str, Any]:
    return {"name": name, "mimeType": "application/pdf", "buffer": (body or name).encode()}


FILES = [
    a_file("F-4471.pdf"),
    a_file("F-4471_pagare.pdf"),
    a_file("F-4471__A.pdf"),
    a_file("F-4471 ya.pdf"),
    a_file("copia.pdf", "F-4471.pdf"),
    a_file("foto de nadie.png"),
    a_file("F-4471 roto.pdf"),
    a_file("F-4471.docx"),
]


@pytest.fixture
def many(signed_in: "sync_api.Page") -> "sync_api.Page":
    signed_in.goto(PAGE)
    expect(signed_in.get_by_text("Con la clave de la deuda: F-1001.pdf")).to_be_visible()
    return signed_in


def choose(page: "sync_api.Page") -> None:
    page.get_by_label("Arrastra archivos o carpetas, o elígelos").set_input_files(FILES)
    expect(page.get_by_role("row")).to_have_count(len(FILES) + 1)
    expect(page.get_by_role("button", name="Enviar 3 documentos")).to_be_enabled()


def test_each_file_is_accounted_for_sent_and_taken_home_as_a_list(
    many: "sync_api.Page", api: FakeApi, tmp_path: Path
) -> None:
    choose(many)
    counts = many.get_by_role("group", name="Mostrar solo").get_by_role("button")
    assert sorted(counts.all_inner_texts()) == [
        "Listo para enviar: 3",
        "Ninguna deuda se llama así: 1",
        "No se puede enviar: 1",
        "Puede ser de varias deudas: 1",
        "Repetido entre los elegidos: 1",
        "Ya estaba: 1",
    ]
    assert not [one for one in api.calls if one.path.endswith("/paper-forms")]

    many.get_by_label("Deuda de F-4471__A.pdf").select_option("F-4471__A")
    many.get_by_label("Qué son los que no lo dicen en su nombre").select_option(label="Factura")
    many.get_by_role("button", name="Enviar 4 documentos").click()

    expect(many.get_by_role("button", name="Agregado: 3")).to_be_visible()
    (call,) = [one for one in api.calls if one.path.endswith("prt_mx/papers")]
    assert [(one["name"], one["debt"], one["kind"]) for one in call.body["items"]] == [
        ("F-4471.pdf", "F-4471", "invoice"),
        ("F-4471_pagare.pdf", "F-4471", "note"),
        ("F-4471__A.pdf", "F-4471__A", "invoice"),
        ("F-4471 roto.pdf", "F-4471", "invoice"),
    ]
    many.get_by_role("button", name="Rechazado: 1").click()
    expect(many.get_by_role("row")).to_have_count(2)
    expect(many.get_by_role("row").nth(1)).to_contain_text("No es PDF, PNG, JPG ni WebP.")

    with many.expect_download() as taken:
        many.get_by_role("button", name="Descargar el resultado").click()
    told = Path(taken.value.path()).read_text("utf-8-sig").splitlines()
    assert len(told) == len(FILES) + 1  # nothing is lost
    assert told[0].startswith("Archivo,Estado,Motivo,Deuda,Expediente")
    assert told[1].startswith("F-4471.pdf,Agregado,,F-4471,cas_1,")


def test_a_broken_line_loses_nothing_and_it_goes_on(many: "sync_api.Page") -> None:
    choose(many)
    many.route("**/_fake/papers", lambda route: route.abort())
    many.get_by_role("button", name="Enviar 3 documentos").click()
    expect(many.get_by_role("button", name="Sin enviar: 3")).to_be_visible()
    expect(many.get_by_text("Se cortó la conexión").first).to_be_visible()

    many.unroute("**/_fake/papers")
    many.get_by_role("button", name="Continuar con 3 documentos").click()
    expect(many.get_by_role("button", name="Agregado: 2")).to_be_visible()
    expect(many.get_by_role("button", name="Sin enviar")).to_have_count(0)


def test_it_is_reached_from_the_uploads_and_fits_a_phone(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.set_viewport_size({"width": 360, "height": 740})
    signed_in.goto("/panel/cargas/?cartera=prt_mx")
    signed_in.get_by_role("link", name="Subir documentos").click()
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Documentos del acreedor")
    choose(signed_in)
    looks_well(signed_in, "papers-many")
