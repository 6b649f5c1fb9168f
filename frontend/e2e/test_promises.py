"""A promise in one payment or in parts, whose dates are read out before they are kept."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from frontend.e2e.fake_site import FakeApi

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

CASE = "/panel/expedientes/caso/?id=cas_1"


def opened(page: "sync_api.Page") -> "sync_api.Locator":
    page.goto(CASE)
    page.get_by_role("button", name="Promesa de pago").click()
    return page.get_by_role("dialog")


def a_saturday() -> datetime:
    now = datetime.now(UTC)
    return now + timedelta(days=(5 - now.weekday()) % 7 + 7)


def test_parts_are_kept_on_the_dates_that_were_shown(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    dialog = opened(signed_in)
    dialog.get_by_label("Importe").fill("1000")
    dialog.get_by_label("En cuántas partes").select_option("3")
    dates = dialog.get_by_role("region", name="Fechas que se van a prometer")
    expect(dates).to_contain_text("Escribe el importe y el primer día")
    dialog.get_by_label("La primera, el").fill(f"{a_saturday():%Y-%m-%d}")
    expect(dates.get_by_role("listitem")).to_have_count(3)
    expect(dates.get_by_role("listitem").first).to_contain_text("no es día hábil")
    expect(dates.get_by_role("listitem").first).to_contain_text("$333.34")
    dialog.get_by_role("button", name="Registrar promesa").click()

    expect(dialog).to_have_count(0)
    expect(signed_in.locator("#promises")).to_contain_text("parte 3 de 3")
    (sent,) = [c.body for c in api.calls if c.method == "POST" and c.path.endswith("/promises")]
    monday = (a_saturday() + timedelta(days=2)).date()
    assert [sent["amount_minor"], *(part["amount_minor"] for part in sent["then"])] == [
        33_334,
        33_334,
        33_332,
    ]
    assert [sent["due_on"], *(part["due_on"] for part in sent["then"])] == [
        (monday + timedelta(days=7 * n)).isoformat() for n in range(3)
    ]


def test_what_the_portfolio_does_not_take_is_said_before_saving(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    dialog = opened(signed_in)
    dialog.get_by_label("Importe").fill("1000")
    dialog.get_by_label("En cuántas partes").select_option("6")
    dialog.get_by_label("La primera, el").fill(f"{a_saturday():%Y-%m-%d}")
    expect(dialog.get_by_text("admite hasta 4 promesas a la vez")).to_be_visible()
    dialog.get_by_role("button", name="Registrar promesa").click()

    expect(dialog.get_by_text("Revisa antes las fechas")).to_be_visible()
    assert not [c for c in api.calls if c.method == "POST" and c.path.endswith("/promises")]


def test_one_payment_asks_for_no_dates(signed_in: "sync_api.Page", api: FakeApi) -> None:
    dialog = opened(signed_in)
    dialog.get_by_label("Importe").fill("250")
    dialog.get_by_label("Pagará el").fill(f"{a_saturday():%Y-%m-%d}")
    dialog.get_by_role("button", name="Registrar promesa").click()

    expect(signed_in.get_by_text(re.compile("Promesa registrada"))).to_be_visible()
    (sent,) = [c.body for c in api.calls if c.method == "POST" and c.path.endswith("/promises")]
    assert "then" not in sent
    assert not [c for c in api.calls if c.path.endswith("/promise-dates")]
