"""Strategies as a supervisor writes them: a ready-made one, its steps, its test, its dry run."""

import re

import pytest

from frontend.e2e.fake_api import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PATH = "/panel/estrategias/?cartera=prt_mx"
EDITOR = f"{PATH}&id=str_1"


def step(page: "sync_api.Page", words: str) -> "sync_api.Locator":
    """The button that opens a step's fields."""
    return page.get_by_role("button", name=re.compile(f"^{words}"))


def last(api: FakeApi, method: str, path: str) -> dict:
    return next(c for c in reversed(api.calls) if c.method == method and c.path == path).body


def test_a_ready_made_strategy_is_started_changed_and_published(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PATH)
    signed_in.get_by_role("button", name="Usar esta Mora temprana").click()
    expect(signed_in.get_by_role("heading", name="Mora temprana")).to_be_visible()
    step(signed_in, "1 día después: vencimiento").click()
    signed_in.get_by_label("Días", exact=True).fill("2")
    signed_in.get_by_role("button", name="Quitar: 28 días después: vencimiento").click()
    signed_in.get_by_role("button", name="Guardar borrador").click()
    expect(signed_in.get_by_text("Borrador guardado.")).to_be_visible()
    sent = last(api, "PUT", "/portfolios/prt_mx/strategies/str_2")
    assert sent["content"]["steps"][0]["trigger"] == {"kind": "due", "days": 2, "event": None}
    assert "day-28" not in [step["code"] for step in sent["content"]["steps"]]

    signed_in.get_by_role("button", name="Publicar", exact=True).click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="Publicar").click()
    expect(signed_in.get_by_text("Estrategia publicada.")).to_be_visible()
    assert last(api, "POST", "/portfolios/prt_mx/strategies/str_2/publication")["valid_from"]


def test_a_press_too_many_makes_no_second_strategy(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PATH)
    signed_in.get_by_role("button", name="Usar esta Mora temprana").dblclick()
    expect(signed_in.get_by_role("heading", name="Mora temprana")).to_be_visible()
    made = [c for c in api.calls if (c.method, c.path) == ("POST", "/portfolios/prt_mx/strategies")]
    assert len(made) == 1


def test_steps_are_moved_by_keyboard_and_what_is_wrong_is_told_beside_them(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PATH)
    signed_in.get_by_role("button", name="Usar esta Tres recordatorios").click()
    up = signed_in.get_by_role("button", name="Subir: 5 días después: vencimiento")
    up.focus()
    up.press("Enter")
    expect(up).to_be_focused()
    up.press("Enter")
    expect(signed_in.locator(".step-title").first).to_contain_text("5 días después")
    signed_in.get_by_role("button", name="Guardar borrador").click()
    expect(signed_in.get_by_text("Cuándo: va antes que el paso de arriba")).to_have_count(1)
    # An edit of what is published is the next version, which waits until it is published too.
    signed_in.goto(EDITOR)
    signed_in.get_by_label("Nombre", exact=True).fill("Recordatorios de enero")
    signed_in.get_by_role("button", name="Guardar borrador").click()
    expect(signed_in.get_by_text("Versión 2 · sin publicar").first).to_be_visible()


def test_a_voice_message_leads_to_a_persons_call(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(EDITOR)
    step(signed_in, "5 días después").click()
    called = signed_in.get_by_label("Llamada de una persona después del mensaje de voz")
    expect(called).to_have_count(0)
    signed_in.get_by_role("group", name="Canales").get_by_role("button", name="Llamada").click()
    expect(called).to_have_value("never")
    called.select_option("answered")
    expect(step(signed_in, "5 días después")).to_contain_text(
        "Si lo contestan, que llame una persona"
    )
    signed_in.get_by_role("button", name="Guardar borrador").click()
    expect(signed_in.get_by_text("Borrador guardado.")).to_be_visible()
    sent = last(api, "PUT", "/portfolios/prt_mx/strategies/str_1")["content"]["steps"][-1]
    assert (sent["channels"][-1], sent["call_back"]) == ("call", "answered")


def test_a_condition_is_written_in_rows(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(EDITOR)
    step(signed_in, "5 días después").click()
    condition = signed_in.get_by_role("group", name="Solo si")
    condition.get_by_role("button", name="Agregar condición").click()
    condition.get_by_label("Dato").select_option("balance")
    condition.get_by_label("Comparación").select_option(">=")
    condition.get_by_label("Valor").fill("1,500.50")
    condition.get_by_role("button", name="Agregar condición").click()
    condition.get_by_label("Dato").nth(1).select_option("channels")
    condition.get_by_label("Deben cumplirse").select_option("any")
    signed_in.get_by_role("button", name="Guardar borrador").click()
    expect(signed_in.get_by_text("Borrador guardado.")).to_be_visible()
    sent = last(api, "PUT", "/portfolios/prt_mx/strategies/str_1")["content"]["steps"][-1]
    assert sent["condition"]["op"] == "any"
    assert sent["condition"]["parts"] == [
        {"op": ">=", "field": "balance", "value": 150_050, "parts": []},
        {"op": "has", "field": "channels", "value": "whatsapp", "parts": []},
    ]


def test_a_test_has_arms_and_its_result_an_interval(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(EDITOR)
    signed_in.get_by_role("button", name="Hacer una prueba").click()
    signed_in.get_by_label("Grupo de control").nth(1).check()
    signed_in.get_by_role("button", name="Guardar borrador").click()
    expect(signed_in.get_by_text("Borrador guardado.")).to_be_visible()
    arms = last(api, "PUT", "/portfolios/prt_mx/strategies/str_1")["content"]["arms"]
    assert [(arm["code"], arm["holdout"]) for arm in arms] == [("a", False), ("b", True)]
    signed_in.get_by_role("button", name="Ver el resultado").click()
    told = signed_in.get_by_text("Frente a b:")
    expect(told).to_contain_text(re.compile(r"9\.0\s?% \[3\.5\s?%, 14\.5\s?%\]"))
    expect(signed_in.get_by_text("mejor", exact=True)).to_be_visible()
    expect(signed_in.get_by_text("Wilson para cada brazo, Newcombe")).to_be_visible()


def test_segments_are_counted_while_they_are_written(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PATH)
    expect(signed_in.get_by_text("812 casos")).to_be_visible()
    signed_in.get_by_role("button", name="Agregar segmento").click()
    second = signed_in.locator(".segment").nth(1)
    expect(second.get_by_text("812 casos")).to_be_visible()
    second.get_by_text("Editar").click()
    second.get_by_label("Nombre").fill("Los demás")
    second.get_by_label("Mensajes por día").fill("50")
    second.get_by_role("button", name="Subir").click()
    signed_in.get_by_label("Presupuesto mensual de mensajes").fill("25.5")
    signed_in.get_by_label("Presupuesto diario de mensajes").fill("1.25")
    signed_in.get_by_text("Precios reales por canal").click()
    expect(signed_in.get_by_text("Estimado: 0.02 USD por segmento.")).to_be_visible()
    signed_in.get_by_label("Precio de un segmento de SMS").fill("0.013")
    signed_in.get_by_role("button", name="Guardar segmentos").click()
    expect(signed_in.get_by_text("Segmentos guardados")).to_be_visible()
    sent = last(api, "PUT", "/portfolios/prt_mx/playbook")
    assert [(s["name"], s["priority"], s["daily_quota"]) for s in sent["segments"]] == [
        ("Los demás", 1, 50),
        ("Toda la cartera", 2, 500),
    ]
    assert (sent["monthly_budget_micros"], sent["daily_budget_micros"]) == (25_500_000, 1_250_000)
    assert sent["own_prices"] == {"sms": 13_000}


@pytest.mark.parametrize("width", [390, 1440])
def test_a_segment_asks_for_how_long_nobody_turned_to_a_case(
    signed_in: "sync_api.Page", api: FakeApi, width: int
) -> None:
    signed_in.set_viewport_size({"width": width, "height": 900})
    signed_in.goto(PATH)
    signed_in.get_by_role("button", name="Agregar segmento").click()
    quiet = signed_in.locator(".segment").nth(1)
    quiet.get_by_text("Editar").click()
    quiet.get_by_label("Nombre").fill("Sin gestión")
    quiet.get_by_role("button", name="Agregar condición").click()
    quiet.get_by_label("Dato").select_option(label="Días sin gestión de nadie")
    quiet.get_by_label("Comparación").select_option(">=")
    quiet.get_by_label("Valor").fill("7")
    quiet.get_by_label("Valor").scroll_into_view_if_needed()
    looks_well(signed_in, f"segment-untouched-{width}")
    signed_in.get_by_role("button", name="Guardar segmentos").click()
    expect(signed_in.get_by_text("Segmentos guardados")).to_be_visible()
    sent = last(api, "PUT", "/portfolios/prt_mx/playbook")["segments"][1]["rule"]
    (part,) = sent["parts"] or [sent]
    assert (part["op"], part["field"], part["value"]) == (">=", "days_untouched", 7)


def test_a_dry_run_shows_who_gets_what_and_why_not(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PATH)
    signed_in.get_by_label("Cuántos casos").select_option("")
    signed_in.get_by_role("button", name="Simular").click()
    expect(signed_in.get_by_text("$0.44").or_(signed_in.get_by_text("USD 0.44"))).to_be_visible()
    expect(
        signed_in.get_by_text("mensajes por USD 0.14 esperarían al día siguiente")
    ).to_be_visible()
    row = signed_in.get_by_role("row").filter(has_text="Julián Páez")
    expect(row).to_contain_text("domingo")
    expect(row).to_contain_text("Espera")
    expect(signed_in.get_by_role("link", name="Descargar CSV")).to_be_visible()
    assert last(api, "POST", "/portfolios/prt_mx/dry-runs")["sample"] is None


def test_a_portfolio_that_says_not_how_to_pay_is_told_so_and_where(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.goto("/panel/estrategias/?cartera=prt_co")
    told = signed_in.get_by_role("status").filter(has_text="aún no puede escribir a nadie")
    expect(told).to_contain_text("Cómo se paga")

    told.get_by_role("link", name="Completar la cartera").click()

    expect(signed_in).to_have_url(re.compile(r"id=prt_co#identification\.payment_means$"))
    expect(signed_in.get_by_label("Cómo se paga")).to_be_focused()
    signed_in.goto(PATH)
    expect(signed_in.get_by_role("table")).to_be_visible()
    expect(told).to_have_count(0)
