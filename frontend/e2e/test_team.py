"""The page of the team: figures against goals, one person's day, cases left alone, goals set."""

import re

import pytest

from frontend.e2e.fake_boards import PEOPLE
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/equipo/?cartera=prt_mx"


def people(page: "sync_api.Page") -> list[str]:
    table = page.get_by_role("table", name="Personas")
    expect(table).to_be_visible()
    return [row.inner_text() for row in table.get_by_role("rowheader").all()]


def test_a_supervisor_sees_everybody_against_their_goals(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    first, second = people(signed_in)
    assert "Ana Torres" in first
    assert "Luis Prado" in second
    ana = signed_in.get_by_role("row").filter(has_text="Ana Torres")
    expect(ana).to_contain_text("meta alcanzada")
    expect(ana.locator("[data-label=Gestiones]")).to_have_text("42")
    expect(ana.locator("[data-label=Contactos]")).to_contain_text("18 43")
    expect(signed_in.get_by_text("de $50,000")).to_be_visible()
    expect(signed_in.get_by_role("table", name="Equipos")).to_be_visible()


def test_people_are_put_in_an_order_only_where_the_portfolio_says_so(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    api.board_rows = list(reversed(PEOPLE))  # type: ignore[attr-defined]
    signed_in.goto(PAGE)
    assert "Luis" in people(signed_in)[0]
    api.ranking = True  # type: ignore[attr-defined]
    signed_in.reload()
    expect(signed_in.get_by_text("1.", exact=True)).to_be_visible()
    assert "Ana" in people(signed_in)[0]


def test_the_order_is_off_until_a_supervisor_turns_it_on(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE)
    people(signed_in)
    expect(signed_in.get_by_text("1.", exact=True)).to_have_count(0)
    signed_in.get_by_role("button", name="Metas").click()
    dialog = signed_in.get_by_role("dialog")
    order = dialog.get_by_role("checkbox", name="Ordenar a las personas por lo que cobraron")
    expect(order).not_to_be_checked()
    order.check()
    looks_well(signed_in, "goals-ranking")
    dialog.get_by_role("button", name="Guardar").click()

    expect(signed_in.get_by_text("1.", exact=True)).to_be_visible()
    (sent,) = [c.body for c in api.calls if c.method == "PATCH"]
    assert sent["policies"] == {"ranking": True}


def test_periods_are_asked_for_and_kept_in_the_address(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE)
    people(signed_in)
    signed_in.get_by_role("link", name="Esta semana").click()
    expect(signed_in.get_by_role("link", name="Esta semana")).to_have_attribute(
        "aria-current", "page"
    )
    people(signed_in)
    assert any(c.path.endswith("/boards") and c.query.get("period") == "week" for c in api.calls)
    assert "ver=week" in signed_in.url


def test_a_persons_day_is_told_act_by_act(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_role("link", name="Ana Torres").click()
    acts = signed_in.get_by_role("table", name="Gestiones")
    expect(acts.get_by_role("row")).to_have_count(4)
    expect(acts).to_contain_text("Promete pagar")
    expect(acts).to_contain_text("verificada")
    expect(signed_in.get_by_role("table", name="Pagos acreditados")).to_contain_text("34")
    signed_in.get_by_role("button", name="Día anterior").click()
    expect(signed_in.get_by_role("heading", name="Sin gestiones ese día")).to_be_visible()
    assert "dia=2026-11-21" in signed_in.url


def test_cases_left_alone_are_counted_on_page_by_page(signed_in: "sync_api.Page") -> None:
    signed_in.goto(f"{PAGE}&ver=coverage")
    expect(signed_in.get_by_role("heading", name="15+ expedientes sin gestión")).to_be_visible()
    signed_in.get_by_role("button", name="Seguir contando").click()
    expect(signed_in.get_by_role("heading", name="30 expedientes sin gestión")).to_be_visible()
    expect(signed_in.get_by_role("link", name="Ofelia Ibarra Montes")).to_be_visible()


def test_from_the_number_to_all_those_left_alone(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(f"{PAGE}&ver=coverage")
    page.get_by_role("row", name="8-30").get_by_role("link", name="12").click()
    expect(page).to_have_url(re.compile("band=8-30&untouched_days=7&sort=touched"))
    page.go_back()
    page.get_by_role("link", name="Ver y repartir todos").click()
    expect(page.get_by_role("columnheader", name="Última gestión")).to_be_visible()
    expect(page.locator("tbody tr").first).to_contain_text("Nunca")
    expect(page.get_by_role("button", name="Sin gestión: 7 días o más")).to_be_visible()
    page.get_by_role("button", name="Acciones").click()
    page.get_by_role("dialog").get_by_label("Responsable").select_option("per_teo")
    page.get_by_role("button", name="Contar").click()
    expect(page.get_by_text(re.compile("Son \\d+ expedientes"))).to_be_visible()
    [asked] = [c.body for c in api.calls if c.method == "POST" and "/bulk-jobs" in c.path]
    assert asked["untouched_days"] == 7


def test_nothing_left_alone_says_so(signed_in: "sync_api.Page", api: FakeApi) -> None:
    api.covered = True  # type: ignore[attr-defined]
    signed_in.goto(f"{PAGE}&ver=coverage")
    expect(signed_in.get_by_text("A nadie se le ha dejado de atender")).to_be_visible()


def test_goals_are_set_by_person_and_for_all(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE)
    people(signed_in)
    signed_in.get_by_role("button", name="Metas del mes").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Metas de", exact=True).select_option("person:per_luis")
    dialog.get_by_label("Llamadas").fill("diez")
    expect(dialog.get_by_text("Un número entero")).to_be_visible()
    dialog.get_by_label("Llamadas").fill("200")
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog).to_be_hidden()
    (sent,) = [c.body for c in api.calls if c.method == "PUT" and c.path.endswith("/goals")]
    assert sent["version"] == 1
    assert sent["goals"]["person:per_luis"] == {"calls": 200}
    assert sent["goals"]["person:per_ana"] == {"calls": 30}


def test_an_empty_board_says_how_it_fills(signed_in: "sync_api.Page", api: FakeApi) -> None:
    api.board_rows = []  # type: ignore[attr-defined]
    signed_in.goto(PAGE)
    expect(signed_in.get_by_text("Todavía nadie ha gestionado este mes")).to_be_visible()


def test_nothing_is_earned_until_rules_are_set_and_then_each_payment_says_what(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_role("button", name="Comisiones").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Porcentaje").first.fill("4")
    dialog.get_by_role("button", name="Agregar un nivel").click()
    dialog.get_by_label("Todo cuenta").fill("120")
    looks_well(signed_in, "commission-rules")
    assert not [c for c in api.calls if c.path.endswith("/commission")]
    dialog.get_by_role("button", name="Guardar").click()
    expect(signed_in.get_by_text("Reglas guardadas")).to_be_visible()
    (sent,) = [c.body["policies"]["commission"] for c in api.calls if c.method == "PATCH"]
    assert sent[0]["rates"] == [{"up_to_days": 30, "ppm": 40_000}, {"up_to_days": None, "ppm": 0}]
    assert sent[0]["tiers"] == [{"reached_percent": 100, "percent": 120}]

    signed_in.get_by_role("link", name="Ana Torres").click()
    table = signed_in.get_by_role("table", name="Comisión de")
    expect(table.get_by_role("row").nth(1)).to_contain_text("$24.00")
    expect(table.get_by_role("row").nth(2)).to_contain_text("-$4.80")
    expect(signed_in.locator("#commission")).to_contain_text("$19.20")
    looks_well(signed_in, "commission")
    with signed_in.expect_download() as taken:
        signed_in.get_by_role("button", name="Descargar CSV").click()
    assert taken.value.suggested_filename.endswith(".csv")


def test_the_teams_commissions_are_told_by_person_and_taken_as_a_file(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(f"{PAGE}&ver=commissions")
    expect(signed_in.get_by_text("No hay reglas de comisión para ese mes")).to_be_visible()
    (portfolio,) = [p for p in api.portfolios if p["portfolio_id"] == "prt_mx"]
    portfolio["policies"]["commission"] = [
        {"from_month": "2026-11", "rates": [{"up_to_days": 30, "ppm": 40_000}], "tiers": []}
    ]
    signed_in.reload()
    table = signed_in.get_by_role("table", name="Comisión de")
    expect(table.get_by_role("row")).to_have_count(4)
    expect(table.get_by_role("row", name="Ana Torres")).to_contain_text("$19.20")
    expect(table.get_by_role("row", name="Total")).to_contain_text("$59.20")
    looks_well(signed_in, "team-commissions")
    with signed_in.expect_download() as taken:
        signed_in.get_by_role("button", name="Descargar CSV").click()
    lines = taken.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[-1].startswith('"Total","","4","1400.00"')
    with signed_in.expect_response(
        lambda one: one.url.endswith("/commissions") and one.request.method == "POST"
    ) as answered:
        signed_in.get_by_role("button", name="Descargar Excel").click()
    assert answered.value.ok
    asked = [c.body for c in api.calls if c.method == "POST" and c.path.endswith("/commissions")]
    assert asked == [{"month": signed_in.get_by_label("Mes").input_value()}]
    signed_in.get_by_label("Mes").fill("2026-10")
    expect(signed_in.get_by_role("table", name="Comisión de 2026-10")).to_be_visible()
    assert any(
        c.path.endswith("/commissions") and c.query.get("month") == "2026-10" for c in api.calls
    )
