"""Questionnaires in the panel: sent, refused cell by cell, tried, edited, published, placed."""

import pytest

from chalicelib.forms.starter import starter
from frontend.e2e.fake_forms import desk
from frontend.e2e.fake_site import FakeApi
from tests.unit.forms.books import book, question

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

LIST = "/panel/cuestionarios/?cartera=prt_mx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def first(api: FakeApi) -> str:
    return f"{LIST}&id={desk(api).first}"


def choose(page: "sync_api.Page", content: bytes, name: str = "visita.xlsx") -> None:
    page.locator("#sheet").set_input_files({"name": name, "mimeType": XLSX, "buffer": content})
    page.get_by_role("button", name="Leer el archivo").click()


def test_an_empty_portfolio_is_told_how_to_begin(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto("/panel/cuestionarios/?cartera=prt_co")

    expect(page.get_by_role("heading", name="Aún no hay cuestionarios")).to_be_visible()
    expect(page.locator(".empty-steps li")).to_have_count(4)
    expect(page.locator(".empty").get_by_role("button", name="Bajar la plantilla")).to_be_visible()


def test_a_file_is_refused_beside_its_cells_and_then_taken(signed_in: "sync_api.Page") -> None:
    page = signed_in
    page.goto(LIST)
    expect(page.get_by_role("rowheader")).to_have_count(2)
    page.get_by_role("button", name="Subir un XLSForm").click()
    wrong = [question("integer", "edad", constraint=". >"), question("text", "x", relevant="a(")]

    choose(page, book(wrong))

    cells = page.get_by_role("dialog").get_by_role("rowheader")
    expect(cells).to_have_text(
        ["hoja survey, renglón 2, columna constraint", "hoja survey, renglón 3, columna relevant"]
    )
    expect(page.get_by_role("dialog")).to_contain_text("Hay 2 celdas por corregir")

    choose(page, starter("es")[1])

    expect(page.get_by_role("heading", level=1)).to_have_text("Visita")
    expect(page.locator(".page-head")).to_contain_text("Borrador")


def test_it_is_tried_as_the_agent_will_fill_it(signed_in: "sync_api.Page", first: str) -> None:
    page = signed_in
    page.goto(first)
    phone = page.locator(".q-phone")
    expect(phone.locator(".questionnaire")).to_be_visible()
    expect(phone.get_by_text("Monto de cada pago")).to_have_count(0)

    phone.get_by_role("group", name="¿Propone cómo pagar?").get_by_label("Sí").check()
    phone.get_by_role("button", name="Siguiente").click()

    expect(phone.locator(".field-error").first).to_contain_text("Falta responder")
    assert page.evaluate("() => document.activeElement.type") == "radio"
    phone.get_by_label("Casa").check()
    phone.get_by_role("group", name="¿Es propia o rentada?").get_by_label("De un familiar").check()
    phone.get_by_label("3", exact=True).check()
    amount = phone.get_by_role("textbox", name="Monto de cada pago")
    amount.fill("0")
    amount.blur()
    expect(phone.get_by_text("Escriba un monto mayor que cero")).to_be_visible()
    amount.fill("150,5")
    expect(phone.get_by_text("Serían 451.5 en total")).to_be_visible()

    phone.get_by_label("Local comercial").check()
    family = phone.get_by_role("group", name="¿Es propia o rentada?").get_by_label("De un familiar")
    expect(family).to_have_count(0)
    phone.get_by_role("button", name="Firmar").click()
    expect(phone.locator("img.ask-photo")).to_be_visible()
    phone.get_by_role("button", name="Agregar: Teléfono nuevo").click()
    phone.get_by_role("textbox", name="Número").fill("5512345678")
    phone.get_by_label("Idioma de las preguntas").select_option("pt")
    expect(phone.get_by_text("Seriam 451.5 no total")).to_be_visible()
    phone.get_by_role("button", name="Terminar").click()

    expect(page.get_by_text("Está completo")).to_be_visible()
    page.get_by_text("Respuestas que se enviarían").click()
    expect(page.locator(".answers")).to_contain_text('"monto_mensual": "150.5"')
    expect(page.locator(".answers")).not_to_contain_text("tenencia")


def test_texts_and_choices_become_a_new_version_that_is_published(
    signed_in: "sync_api.Page", api: FakeApi, first: str
) -> None:
    page = signed_in
    page.goto(f"{first}&ver=edit")
    page.locator("#q-vivienda-tipo_vivienda-label").fill("¿Qué tipo de casa es?")
    page.get_by_role("button", name="Subir El acuerdo").click()
    page.get_by_text("Lista tenencia").click()
    page.locator("#add-tenencia").fill("otra")
    page.locator("details[open]").get_by_role("button", name="Agregar").click()
    page.locator("#c-tenencia-otra").fill("Otra")

    page.get_by_role("button", name="Guardar como versión nueva").click()

    expect(page.locator(".page-head")).to_contain_text("Versión 2")
    page.get_by_role("link", name="Vista previa").click()
    expect(page.locator(".q-phone").get_by_text("¿Qué tipo de casa es?")).to_be_visible()
    expect(page.locator(".q-phone h2").first).to_have_text("El acuerdo")
    page.get_by_role("button", name="Publicar").click()
    page.get_by_role("dialog").get_by_role("button", name="Publicar").click()
    expect(page.locator(".page-head")).to_contain_text("La que llenan los agentes")
    form = desk(api).forms.get("prt_mx", desk(api).first)
    assert form is not None
    assert (form.published, form.latest) == (2, 2)
    compiled = desk(api).forms.version("prt_mx", form.form_id, 2)[1]
    names = [choice["name"] for choice in compiled["lists"]["tenencia"]]
    assert names == ["propia", "rentada", "familiar", "traspaso", "otra"]


def test_a_choice_that_a_condition_asks_for_is_not_taken_away(
    signed_in: "sync_api.Page", first: str
) -> None:
    page = signed_in
    page.goto(f"{first}&ver=edit")
    page.get_by_text("Lista si_no").click()
    page.get_by_role("button", name="Quitar Sí").click()

    page.get_by_role("button", name="Guardar como versión nueva").click()

    expect(page.get_by_text("Una condición del cuestionario lo usa.")).to_be_visible()


def test_it_says_where_it_is_asked(signed_in: "sync_api.Page", api: FakeApi, first: str) -> None:
    page = signed_in
    page.goto(f"{first}&ver=use")
    page.get_by_label("Sí").check()
    page.get_by_label("Solo con algunos").check()
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Elige al menos un resultado")).to_be_visible()
    page.get_by_label("Promete pagar").check()
    page.get_by_label("Solo con estos productos").fill("Tarjeta, Préstamo")

    page.get_by_role("button", name="Guardar").click()

    expect(page.get_by_text("Guardado")).to_be_visible()
    portfolio = next(one for one in api.portfolios if one["portfolio_id"] == "prt_mx")
    assert portfolio["policies"]["field"]["forms"] == [
        {
            "form_id": desk(api).first,
            "products": ["Tarjeta", "Préstamo"],
            "dispositions": ["promise"],
        }
    ]


def test_what_the_law_forbids_is_published_only_without_it(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto("/panel/cuestionarios/?cartera=prt_co")
    page.get_by_role("button", name="Subir un XLSForm").first.click()
    why = question("text", "motivo_no_pago") | {"label": "¿Por qué no pagó?"}
    choose(page, book([why, question("text", "nota")]))
    expect(page.get_by_text("la ley del país no lo permite")).to_be_visible()
    expect(page.locator(".q-phone").get_by_role("textbox")).to_have_count(1)

    page.get_by_role("button", name="Publicar").click()

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ley 2300/2023 art. 7")
    dialog.get_by_role("button", name="Publicar sin esas preguntas").click()
    expect(page.locator(".page-head")).to_contain_text("La que llenan los agentes")
    [form] = desk(api).forms.all("prt_co")
    assert form.without_forbidden


def test_what_a_visit_can_come_to_is_a_list_of_ones_own(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(f"{LIST}&vista=resultados")
    expect(page.get_by_text("Es la lista que proponemos para el país")).to_be_visible()
    page.get_by_role("button", name="Quitar Se niega a pagar").click()
    page.locator("#new-code").fill("pago_a_vecino")
    page.get_by_role("button", name="Agregar").click()
    for language, text in (("es", "Pagó un vecino"), ("en", "Neighbour paid"), ("pt", "Vizinho")):
        page.locator(f"#d-pago_a_vecino-{language}").fill(text)
    page.get_by_label("Solo un rango").check()

    page.get_by_role("button", name="Guardar").click()

    expect(page.get_by_text("Esta cartera tiene su propia lista.")).to_be_visible()
    field = next(p for p in api.portfolios if p["portfolio_id"] == "prt_mx")["policies"]["field"]
    codes = [one["code"] for one in field["dispositions"]]
    assert ("refuses" in codes, codes[-1], field["show_amount"]) == (False, "pago_a_vecino", "band")
