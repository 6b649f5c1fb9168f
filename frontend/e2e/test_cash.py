"""Supervisors count what agents hand in, see the holes in receipts, and take wrong ones back."""

import pytest

from frontend.e2e.fake_cash import cash
from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/caja/?cartera=prt_mx"


def test_who_holds_what_and_who_is_near_the_limit(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    row = signed_in.get_by_role("row", name="Teo Barrientos").first
    expect(row).to_contain_text("$8,500.00")
    expect(row).to_contain_text("cerca del límite")


def test_a_count_that_differs_asks_why_and_is_the_agents_matter(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_role("button", name="Contar: Teo Barrientos").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Lo que hay").fill("2,900")
    dialog.get_by_role("button", name="Contar", exact=True).click()
    expect(dialog.get_by_text("Escribe el motivo.")).to_be_visible()
    dialog.get_by_label("Motivo").fill("Faltó un billete")
    dialog.get_by_role("button", name="Contar", exact=True).click()
    expect(signed_in.get_by_text("Faltan $100.00")).to_be_visible()
    (one,) = cash(api).deposits
    assert (one["counted_minor"], one["reason"]) == (290_000, "Faltó un billete")


def test_a_difference_is_settled(signed_in: "sync_api.Page", api: FakeApi) -> None:
    signed_in.goto(PAGE)
    signed_in.get_by_role("button", name="Saldar: Eva Luján").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Motivo").fill("Lo repuso")
    dialog.get_by_role("button", name="Saldar", exact=True).click()
    expect(signed_in.get_by_text("Diferencia saldada")).to_be_visible()
    assert [one["amount_minor"] for one in cash(api).settled] == [20_000]


def test_receipts_show_their_holes_and_one_is_voided(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(f"{PAGE}&ver=receipts")
    expect(signed_in.get_by_text("Faltan 2 números")).to_be_visible()
    expect(signed_in.get_by_text("NZXC53SV-000003")).to_be_visible()
    expect(signed_in.get_by_text("pasó del límite")).to_be_visible()
    signed_in.get_by_role("button", name="Anular NZXC53SV-000002").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Motivo").fill("No hubo pago")
    dialog.get_by_role("button", name="Anular", exact=True).click()
    expect(signed_in.get_by_text("Recibo anulado")).to_be_visible()
    expect(signed_in.get_by_role("button", name="Anular NZXC53SV-000002")).to_have_count(0)
    assert [one["state"] for one in cash(api).receipts] == ["issued", "void"]


def test_the_history_is_narrowed_by_kind(signed_in: "sync_api.Page") -> None:
    signed_in.goto(f"{PAGE}&ver=history")
    expect(signed_in.get_by_role("row", name="Entrega declarada")).to_be_visible()
    signed_in.get_by_label("Movimiento").select_option("receipt")
    expect(signed_in.get_by_role("link", name="Ofelia Ibarra Montes")).to_be_visible()
    expect(signed_in.get_by_role("row", name="Entrega declarada")).to_have_count(0)
