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


def test_a_receipt_that_was_denied_is_an_alert_and_leads_to_it(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE)
    expect(signed_in.get_by_text("1 recibo que quien pagó niega")).to_be_visible()
    signed_in.get_by_role("link", name="Ver cuáles").click()
    row = signed_in.get_by_role("row", name="Ofelia Ibarra Montes")
    expect(row).to_contain_text("dice que no pagó")
    expect(row).to_contain_text("hace 3 días")
    row.get_by_role("button", name="Anular NZXC53SV-000006").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_label("Motivo").fill("No hubo pago")
    dialog.get_by_role("button", name="Anular", exact=True).click()
    expect(signed_in.get_by_text("Nadie niega un recibo.")).to_be_visible()


def test_a_call_about_an_unconfirmed_receipt_is_noted(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(f"{PAGE}&ver=words")
    signed_in.get_by_role("button", name="Anotar llamada NZXC53SV-000007").click()
    dialog = signed_in.get_by_role("dialog")
    dialog.get_by_role("button", name="Anotar llamada").click()
    expect(dialog.get_by_text("Elige lo que dijo.")).to_be_visible()
    dialog.get_by_label("No es correcto").check()
    dialog.get_by_label("Lo que dice que pagó").fill("1,000")
    dialog.get_by_label("Nota").fill("Dio menos")
    dialog.get_by_role("button", name="Anotar llamada").click()
    expect(signed_in.get_by_text("Todos los recibos tienen respuesta.")).to_be_visible()
    (noted,) = cash(api).calls
    assert (noted["outcome"], noted["said_minor"], noted["words"]) == (
        "denies", 100_000, "Dio menos",
    )  # fmt: skip

    signed_in.get_by_label("Quien pagó dice").select_option("denied")
    expect(signed_in.get_by_role("row", name="Ofelia Ibarra Montes")).to_have_count(2)


def test_receipts_of_one_agent_are_picked(signed_in: "sync_api.Page") -> None:
    signed_in.goto(f"{PAGE}&ver=words")
    signed_in.get_by_label("Lo cobró").select_option("per_teo")
    expect(signed_in.get_by_role("row", name="Ofelia Ibarra Montes")).to_be_visible()
    assert "de=per_teo" in signed_in.url
