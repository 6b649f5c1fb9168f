"""A supervisor reads figures: what they are made of, who is behind them, what is not there."""

import re

import pytest

from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/indicadores/?cartera=prt_mx"


def asked(api: FakeApi) -> list[dict[str, str]]:
    return [call.query for call in api.calls if call.path.endswith("/figures")]


def line_of(page: "sync_api.Page", name: str) -> "sync_api.Locator":
    head = page.get_by_role("rowheader", name=name, exact=True)
    return page.get_by_role("row").filter(has=head)


def passes_until(page: "sync_api.Page", there: "sync_api.Locator") -> None:
    """Let the page's own time pass, which is not ours, until something is there."""
    for _ in range(100):
        if there.is_visible():
            break
        page.clock.run_for(3_000)
    expect(there).to_be_visible()


def test_a_number_says_what_it_is_made_of(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE)
    card = signed_in.get_by_role("article", name="Cobertura")
    expect(card).to_contain_text("25.0%")
    expect(card).to_contain_text("expedientes asignados con al menos una gestión ÷ expedientes")
    for part in ("120,000", "480,000", "480", "v1", "28 de 30", "= 0.0 puntos"):
        expect(card).to_contain_text(part)
    first, second = [one for one in asked(api) if one["kpi"] == "coverage"]
    assert (first["to"] > second["to"]) != (second["to"] > first["to"])


def test_an_engine_that_is_busy_is_asked_again_and_at_last_by_a_button(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.clock.install()
    api.engine_busy = 1_000
    signed_in.goto(PAGE)
    card = signed_in.get_by_role("article", name="Cobertura")
    retry = card.get_by_role("button", name="Reintentar")
    passes_until(signed_in, retry)
    looks_well(signed_in, "figures-busy")

    api.engine_busy = 1  # the answer to the button, and then the one that is asked for by itself
    retry.click()
    passes_until(signed_in, card.locator(".figure-value", has_text="25.0%"))


def test_the_cases_behind_a_number_are_a_click_away(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    card = signed_in.get_by_role("article", name="Cobertura")
    card.get_by_role("button", name="Ver expedientes").click()
    dialog = signed_in.get_by_role("dialog", name="Cobertura")
    expect(dialog.get_by_role("link", name="Ofelia Ibarra Montes")).to_have_attribute(
        "href", "/panel/expedientes/caso/?id=cas_1"
    )
    dialog.get_by_role("button", name="Los demás").click()
    expect(dialog.get_by_role("link", name="Rosa")).to_be_visible()


def test_cases_behind_a_number_are_read_on_taken_and_worked_on(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(PAGE)
    card = page.get_by_role("article", name="Cobertura")
    card.get_by_role("button", name="Ver expedientes").click()
    dialog = page.get_by_role("dialog", name="Cobertura")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    dialog.get_by_role("button", name="Ver más").click()
    expect(dialog.get_by_role("listitem")).to_have_count(3)
    expect(dialog.get_by_role("button", name="Ver más")).to_have_count(0)
    looks_well(page, "cases-behind-pages")

    with page.expect_download():
        dialog.get_by_role("button", name="Descargar todos (CSV)").click()
    [ordered] = [c.body for c in api.calls if c.method == "POST" and c.path.endswith("/exports")]
    assert (ordered["behind"]["kpi"], ordered["behind"]["side"]) == ("coverage", "counted")

    dialog.get_by_role("button", name="Acciones con estos 3").click()
    bulk = page.get_by_role("dialog")
    bulk.get_by_label("Responsable").select_option("per_teo")
    bulk.get_by_role("button", name="Contar").click()
    expect(bulk.get_by_text("Son 3 expedientes.")).to_be_visible()
    [asked] = [c.body for c in api.calls if c.method == "POST" and "/bulk-jobs" in c.path]
    assert asked["case_ids"] == ["cas_1", "cas_2", "cas_3"]


def test_cases_say_how_much_of_the_number_is_theirs(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(f"{PAGE}&ver=recovery")
    card = signed_in.get_by_role("article", name="Recuperación", exact=True)
    card.get_by_role("button", name="Ver expedientes").click()
    dialog = signed_in.get_by_role("dialog", name="Recuperación")
    expect(dialog.get_by_role("listitem").first).to_contain_text("Ofelia Ibarra Montes $1,200.00")
    looks_well(signed_in, "cases-behind-money")
    signed_in.keyboard.press("Escape")

    signed_in.get_by_role("button", name="Ver los expedientes de la cosecha").first.click()
    expect(signed_in.get_by_role("dialog").get_by_role("listitem")).to_have_count(2)
    asked = [one.query for one in api.calls if one.path.endswith("/figures/cases")][-1]
    assert asked["kpi"] == "liquidation"
    assert len(asked["group_1"]) == len(asked["group_2"]) == len("2026-10")


def test_lines_of_a_long_figure_lead_to_their_cases_from_the_table(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(f"{PAGE}&ver=cost")
    card = signed_in.get_by_role("article", name="Embudo por canal")
    card.get_by_text("Ver las cifras").click()
    card.get_by_role("button", name="Ver expedientes").nth(1).click()
    expect(signed_in.get_by_role("dialog").get_by_role("link", name="Saúl Peña")).to_be_visible()

    asked = [one.query for one in api.calls if one.path.endswith("/figures/cases")][-1]
    assert (asked["kpi"], asked["group_2"]) == ("channel_funnel", "2 delivered")


def test_a_cost_says_its_parts_and_what_is_not_in_it(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(f"{PAGE}&ver=cost")
    card = signed_in.get_by_role("article", name="Costo por unidad cobrada")
    expect(card).to_contain_text("No incluye Horas de campo, Kilómetros.")
    for part in ("Total", "Mensajes · USD", "Horas de llamada", "Visitas", "0.0120 MXN por 1 MXN"):
        expect(card).to_contain_text(part)
    expect(card.get_by_role("link", name="Fijar tarifas")).to_have_attribute(
        "href", "/panel/carteras/?id=prt_mx#costs"
    )
    # Hours and kilometres are nobody's own, nor is the total.
    expect(card.get_by_role("button", name="Ver expedientes")).to_have_count(3)
    looks_well(signed_in, "figures-cost")
    card.get_by_role("button", name="Ver expedientes: Horas de llamada").click()
    dialog = signed_in.get_by_role("dialog", name="Horas de llamada")
    expect(dialog.get_by_role("listitem").first).to_contain_text("min")
    asked_last = [one.query for one in api.calls if one.path.endswith("/figures/cases")][-1]
    assert (asked_last["kpi"], asked_last["group_1"]) == ("unit_cost", "calls")


def test_small_samples_are_marked(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE + "&ver=promises")
    slow = signed_in.get_by_role("article", name="Demora de las promesas")
    expect(slow).to_contain_text("Muestra chica")
    expect(signed_in.get_by_role("article", name="Tasa de promesas")).not_to_contain_text(
        "Muestra chica"
    )


def test_arms_of_a_strategy_say_how_sure_their_difference_is(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE + "&ver=strategy")
    card = signed_in.get_by_role("article", name="Pruebas A/B de estrategias")
    expect(card).to_contain_text("12.0%")
    card.locator("summary").click()
    expect(card).to_contain_text("entre 8.0% y 14.0%")
    expect(card).to_contain_text("Sí, con 97.1% de certeza")
    card.get_by_role("button", name="Ver expedientes: str_1@2 · a").click()
    dialog = signed_in.get_by_role("dialog", name="str_1@2 · a")
    expect(dialog.get_by_role("link", name="Ofelia Ibarra Montes")).to_be_visible()


def test_what_the_forecast_told_is_set_against_what_was_paid_by_tenths(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.goto(PAGE + "&ver=strategy")
    told = signed_in.get_by_role("article", name="Pronóstico: lo que se dijo")
    paid = signed_in.get_by_role("article", name="Pronóstico: lo que se pagó")
    for card, share in ((told, "75.0%"), (paid, "78.3%")):
        card.locator("summary").click()
        row = card.get_by_role("row").filter(has_text="70 a 79 %")
        expect(row).to_contain_text(share)
        expect(card).to_contain_text("90 a 100 %")
    expect(paid).to_contain_text("47")


def test_a_table_with_ways_to_cases_does_not_widen_a_phones_page(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.set_viewport_size({"width": 390, "height": 844})
    signed_in.goto(PAGE + "&ver=strategy")
    card = signed_in.get_by_role("article", name="Pronóstico: lo que se pagó")
    card.locator("summary").click()
    expect(card.get_by_role("button", name="0 a 9 %", exact=False)).to_be_visible()
    assert signed_in.evaluate("document.documentElement.scrollWidth") == 390


def test_the_roll_matrix_is_a_table_with_its_picture(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE + "&ver=ageing")
    row = line_of(signed_in, "8-30")
    expect(row).to_contain_text("77.8%")
    expect(signed_in.get_by_role("img", name="Una barra por tramo")).to_be_visible()
    row.get_by_role("button", name="77.8% de 8-30 a 31-60").click()
    expect(signed_in.get_by_role("dialog", name="8-30 → 31-60")).to_contain_text("Ofelia")


def test_the_best_hours_are_only_lawful_ones(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE + "&ver=hours")
    table = signed_in.get_by_role("region", name="Contacto directo por día y hora").first
    expect(table).to_be_visible()
    expect(table.get_by_role("columnheader", name="6", exact=True)).to_have_count(0)
    few = table.get_by_role("cell", name=re.compile("Menos de 10 gestiones: [0-9]"))
    expect(few.first).to_be_attached()
    signed_in.get_by_label("Canal").select_option("sms")
    expect(signed_in).to_have_url(re.compile("canal=sms"))
    expect(table).to_be_visible()
    assert asked(api)[-1]["channel"] == "sms"


def test_it_says_who_uses_the_hours_since_when_and_where_that_is_changed(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE + "&ver=hours")
    title = signed_in.get_by_role("heading", name="Quién usa estas horas")
    use = signed_in.locator(".card").filter(has=title)
    expect(use).to_contain_text("En uso desde el 3 nov 2026: lo aprendido de 90 días")
    expect(use).to_contain_text("mar 19:00, jue 19:00. Con horas propias: zonas 3")
    expect(use).to_contain_text("Fila de llamadas: hasta 20 puntos")
    expect(use).to_contain_text("salen a la mejor hora de su día que deja la ley")
    looks_well(signed_in, "figures-hours-use")

    api.learned_hours = None  # type: ignore[attr-defined]
    signed_in.goto(PAGE + "&ver=hours")
    expect(use).to_contain_text("Aún no se ha aprendido nada")
    use.get_by_role("link", name="Cambiarlo en la cartera").click()
    expect(signed_in.get_by_label("Los mensajes esperan la mejor hora del día")).to_be_checked()


def test_who_uses_the_hours_is_not_told_of_the_portfolio_before(
    signed_in: "sync_api.Page",
) -> None:
    held: list[sync_api.Route] = []

    def hold(route: "sync_api.Route") -> None:
        held.append(route)

    signed_in.route("**/portfolios/prt_co/figures/hours", hold)
    signed_in.goto(PAGE + "&ver=hours")
    title = signed_in.get_by_role("heading", name="Quién usa estas horas")
    expect(title).to_be_visible()
    with signed_in.expect_request("**/portfolios/prt_co/figures/hours"):
        signed_in.locator("select[name=portfolio]").select_option("prt_co")
    expect(title).to_have_count(0)
    held.pop().continue_()
    expect(title).to_be_visible()


def test_hours_are_told_of_a_zone_and_a_segment(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE + "&ver=hours")
    table = signed_in.get_by_role("region", name="Contacto directo por día y hora").first
    expect(table.get_by_role("button").first).to_be_visible()
    every = table.get_by_role("button").count()
    with signed_in.expect_request(re.compile("/figures.*zone=zon_1")):
        signed_in.get_by_label("Zona").select_option(label="Centro")
    expect(signed_in).to_have_url(re.compile("zona=zon_1"))
    # A third of the tries is too few in most hours: they are grey, and not a number.
    expect(table.get_by_role("button")).not_to_have_count(every)
    assert asked(api)[-1]["zone"] == "zon_1"
    table.get_by_role("button").first.click()
    expect(signed_in.get_by_role("dialog").get_by_role("link").first).to_be_visible()
    behind = [call.query for call in api.calls if call.path.endswith("/figures/cases")]
    assert behind[-1]["zone"] == "zon_1"
    signed_in.keyboard.press("Escape")

    segments = signed_in.get_by_label("Segmento")
    with signed_in.expect_request(re.compile("/figures.*zone=zon_1.*segment=none")):
        segments.select_option(label="En ningún segmento")
    expect(signed_in).to_have_url(re.compile("segmento=none"))
    signed_in.reload()
    expect(signed_in.get_by_label("Zona")).to_have_value("zon_1")
    expect(segments).to_have_value("none")
    looks_well(signed_in, "figures-hours-of-a-zone")


def test_days_that_are_not_there_are_said_with_the_way_to_those_that_are(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    api.lake = ("2025-09-01", "2025-10-30")
    signed_in.goto(PAGE)
    notice = signed_in.get_by_role("status").filter(has_text="Hay datos del")
    expect(notice).to_contain_text("Lo que falta no se cuenta como cero")
    notice.get_by_role("button", name="Ver los últimos días que hay").click()
    expect(signed_in.get_by_role("article", name="Cobertura")).to_contain_text("25.0%")
    assert asked(api)[-1]["to"] <= "2025-10-30"


def test_without_any_day_the_page_says_so_and_fetches_them(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    api.lake = None
    signed_in.goto(PAGE)
    expect(signed_in.get_by_role("heading", name="Todavía no hay días con datos")).to_be_visible()
    # Cards that all say the same nothing would hide the one thing to press.
    expect(signed_in.get_by_role("article")).to_have_count(0)
    assert len({one["kpi"] for one in asked(api)}) <= 4
    looks_well(signed_in, "figures-no-days")
    signed_in.get_by_role("button", name="Traer los días que faltan").click()

    expect(signed_in.get_by_role("article", name="Cobertura")).to_contain_text("25.0%")
    first, *_ = api.lake_orders  # type: ignore[attr-defined]
    assert list(first) == ["from"]


def test_the_last_night_is_fetched_when_it_lacks(signed_in: "sync_api.Page", api: FakeApi) -> None:
    api.lake = ("2020-01-01", "2020-03-01")
    signed_in.goto(PAGE)
    signed_in.get_by_role("button", name="Traer los días que faltan").click()
    expect(signed_in.get_by_role("article", name="Cobertura")).to_contain_text("25.0%")
    assert api.lake_orders[0] == {}  # type: ignore[attr-defined]


def test_a_period_that_makes_no_sense_is_said_at_its_field(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_label("Periodo").select_option("")
    signed_in.get_by_label("Desde").fill("2026-10-31")
    signed_in.get_by_label("Hasta").fill("2026-10-01")
    signed_in.get_by_role("button", name="Ver", exact=True).click()
    expect(signed_in.get_by_text("la primera antes de la segunda")).to_be_visible()


def test_numbers_are_saved_as_csv(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE + "&ver=ageing&desde=2026-10-01&hasta=2026-10-31")
    expect(line_of(signed_in, "8-30")).to_be_visible()
    expect(signed_in.get_by_role("article", name="Índice de mora")).to_contain_text("25.0%")
    with signed_in.expect_download() as saved:
        signed_in.get_by_role("button", name="CSV").click()
    text = saved.value.path().read_text("utf-8-sig")
    assert saved.value.suggested_filename == "indicadores-ageing-2026-10-01-2026-10-31.csv"
    assert "roll_matrix,v2,ratio,2026-10-01,2026-10-31,8-30,31-60,700,900," in text
