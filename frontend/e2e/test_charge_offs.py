"""Charging debts off: proposed on the case, shown beside the debt, found in the list."""

import re

import pytest

from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

CASE = "/panel/expedientes/caso/?id=cas_1"


def proposes(page: "sync_api.Page") -> None:
    page.get_by_label("Más acciones").click()
    page.get_by_role("button", name="Proponer castigo").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Se sigue debiendo y se puede cobrar")).to_be_visible()
    dialog.get_by_label("F-000882").uncheck()
    dialog.get_by_label("Motivo").select_option("unlocated")
    dialog.get_by_label("Por qué").fill("Cambió de domicilio y de teléfono")
    dialog.get_by_role("button", name="Proponer").click()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_debt_is_proposed_and_shown_as_waiting_and_withdrawn(
    signed_in: "sync_api.Page", api: FakeApi, width: int
) -> None:
    page = signed_in
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(CASE)
    proposes(page)

    expect(page.get_by_text("Quedó propuesto")).to_be_visible()
    [sent] = [c.body for c in api.calls if c.path.endswith("/charge-offs")]
    assert (sent["debt_ids"], sent["reason"]) == (["dbt_1"], "unlocated")
    debts = page.locator("#debts")
    expect(debts.get_by_text("Castigo propuesto").first).to_be_visible()
    expect(debts.get_by_text("Cambió de domicilio")).to_be_visible()
    looks_well(page, f"charge-off-asked-{width}")
    debts.get_by_role("button", name="Retirar propuesta").click()
    expect(debts.get_by_text("Castigo propuesto")).to_have_count(0)


def test_without_a_reason_nothing_is_sent(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto(CASE)
    page.get_by_label("Más acciones").click()
    page.get_by_role("button", name="Proponer castigo").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Proponer").click()

    expect(dialog.get_by_text("Di el motivo en pocas palabras")).to_be_visible()
    assert not [c for c in api.calls if c.path.endswith("/charge-offs")]


def test_what_is_charged_off_says_so_and_is_asked_back(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    page = signed_in
    page.goto(CASE)
    proposes(page)
    debts = page.locator("#debts")
    expect(debts.get_by_text("Castigo propuesto").first).to_be_visible()
    debt = api.case["debts"][0]["charge_off"]  # type: ignore[attr-defined]
    debt |= {"state": "standing", "in_force": True}
    page.goto(CASE)

    expect(debts.get_by_text("no genera moratorios")).to_be_visible()
    debts.get_by_role("button", name="Pedir reintegro").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Por qué").fill("Firmó un convenio")
    dialog.get_by_role("button", name="Pedir reintegro").click()
    expect(debts.get_by_text("se pidió reintegrar").first).to_be_visible()
    [sent] = [c.body for c in api.calls if c.method == "PATCH"]
    assert sent == {"decision": "reinstate", "reason": "Firmó un convenio"}


@pytest.mark.parametrize("width", [390, 1440])
def test_what_a_file_of_the_creditor_says_names_who_loaded_it(
    signed_in: "sync_api.Page", api: FakeApi, width: int
) -> None:
    page = signed_in
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(CASE)
    proposes(page)
    debts = page.locator("#debts")
    expect(debts.get_by_text("Castigo propuesto").first).to_be_visible()
    api.case["debts"][0]["charge_off"] |= {  # type: ignore[attr-defined]
        "state": "standing", "in_force": True, "from_file": True, "reason": "creditor", "note": "",
    }  # fmt: skip
    page.goto(CASE)

    expect(debts.get_by_text("Según un archivo del acreedor, cargado por")).to_be_visible()
    expect(debts.get_by_text("Ana Lucía Ferrer")).to_be_visible()
    expect(debts.get_by_text("Así consta en los libros del acreedor")).to_be_visible()
    debts.scroll_into_view_if_needed()
    looks_well(page, f"charge-off-of-a-file-{width}")


def test_the_list_shows_and_filters_them(signed_in: "sync_api.Page", api: FakeApi) -> None:
    page = signed_in
    page.goto("/panel/expedientes/?cartera=prt_mx")
    page.get_by_role("button", name="Filtros").click()
    page.get_by_label("Castigo").select_option("yes")

    chip = page.get_by_role("button", name="Con deuda castigada")
    expect(chip).to_be_visible()
    expect(page).to_have_url(re.compile("charged_off=yes"))
    expect(page.locator("tbody tr").first.get_by_text("Castigado")).to_be_visible()
    looks_well(page, "cases-charged-off")
