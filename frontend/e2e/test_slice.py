"""A manager gives a creditor its own files of the lake, and the creditor takes them by a link."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from frontend.e2e.fake_api import problem
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.fake_slice import taken_of
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

PAGE = "/panel/indicadores/?cartera=prt_mx&ver=slice&desde=2026-10-01&hasta=2026-11-10"


def unfold(page: "sync_api.Page", table: str) -> "sync_api.Locator":
    """Open the days of a table."""
    page.locator(".slice-files > summary").filter(has_text=table).click()
    return page.get_by_role("table", name=f"Archivos de {table}")


def make_a_link(page: "sync_api.Page", name: str) -> str:
    page.get_by_label("Para quién").fill(name)
    page.get_by_role("button", name="Crear enlace").click()
    made = page.locator(".banner").filter(has_text="Cópialo ahora")
    expect(made).to_be_visible()
    link = made.locator("code").first.text_content()
    assert link is not None
    return link


def test_files_are_chosen_told_with_their_sizes_and_downloaded(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE)
    expect(signed_in.get_by_text("Un adeudo al final del día.", exact=False)).to_be_visible()
    signed_in.get_by_role("checkbox", name="cases").uncheck()
    signed_in.get_by_role("checkbox", name="entries").uncheck()
    files = unfold(signed_in, "debts")
    expect(files.get_by_role("row")).to_have_count(1 + 41)  # of more days than one question may be
    expect(signed_in.get_by_text("41 archivos, ", exact=False)).to_be_visible()
    expect(
        files.get_by_role("row", name="1 oct", exact=False).get_by_text("Incompleto")
    ).to_be_visible()
    assert taken_of(api) == []  # to look is not to take

    with signed_in.expect_download() as download:
        files.get_by_role("button", name="Descargar debts del 5 oct 2026").click()
    assert download.value.url.endswith("debts-2026-10-05.parquet")
    assert [one["of"] for one in taken_of(api)] == ["debts 2026-10-05/2026-10-05"]
    looks_well(signed_in, "slice-files")


def test_the_dictionary_is_read_and_taken_in_ones_language(signed_in: "sync_api.Page") -> None:
    signed_in.goto(PAGE)
    signed_in.locator(".slice-tables > div").filter(has_text="Un adeudo al final").locator(
        "summary"
    ).click()
    columns = signed_in.get_by_role("table", name="Columnas de debts")
    expect(columns.get_by_role("row", name="Primer vencimiento")).to_be_visible()
    signed_in.goto(f"/en{PAGE}")
    signed_in.locator(".slice-tables > div").filter(has_text="A debt at the end").locator(
        "summary"
    ).click()
    columns = signed_in.get_by_role("table", name="Columns of debts")
    expect(columns.get_by_role("row", name="First due date")).to_be_visible()
    with signed_in.expect_download() as download:
        signed_in.get_by_role("button", name="Dictionary (CSV)").click()
    assert download.value.suggested_filename == "data-dictionary.csv"


def test_days_that_lack_are_had_made(signed_in: "sync_api.Page", api: FakeApi) -> None:
    api.slice_days = None  # type: ignore[attr-defined]
    today = datetime.now(UTC).date()
    first, last = today - timedelta(days=9), today - timedelta(days=3)
    signed_in.goto(f"/panel/indicadores/?cartera=prt_mx&ver=slice&desde={first}&hasta={last}")
    expect(signed_in.get_by_text("Todavía no hay archivos de estos días")).to_be_visible()
    signed_in.get_by_role("button", name="Preparar los días que faltan").click()
    expect(signed_in.get_by_text("7 archivos, ", exact=False)).to_have_count(3)
    expect(unfold(signed_in, "debts").get_by_role("row")).to_have_count(8)
    expect(signed_in.get_by_role("button", name="Preparar los días que faltan")).to_have_count(0)
    orders = [one.body for one in api.calls if one.method == "PUT"]
    assert orders[0] == {"from": first.isoformat()}


def test_a_creditor_takes_files_by_a_link_until_it_is_taken_away(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    signed_in.goto(PAGE)
    expect(signed_in.get_by_text("Nadie tiene un enlace.")).to_be_visible()
    signed_in.get_by_role("button", name="Crear enlace").click()
    expect(signed_in.get_by_text("Falta este dato.")).to_be_visible()
    link = make_a_link(signed_in, "Banco Uno")
    made = [one.body for one in api.calls if one.method == "POST" and one.path.endswith("/tokens")]
    assert made == [{"name": "Banco Uno", "use": "slice", "lasts_days": 30}]
    looks_well(signed_in, "slice-link-made")

    creditor = signed_in.context.new_page()
    creditor.goto(link)
    expect(
        creditor.get_by_role("heading", name="Archivos para el acreedor", level=1)
    ).to_be_visible()
    files = unfold(creditor, "debts")
    with creditor.expect_download():
        files.get_by_role("button", name=re.compile("Descargar debts")).first.click()
    looks_well(creditor, "slice-of-a-creditor")
    assert not [one for one in api.calls if "rcb_" in one.path or "rcb_" in str(one.query)]

    signed_in.reload()
    expect(signed_in.get_by_role("table", name="Quién tomó qué")).to_contain_text("Banco Uno")
    expect(signed_in.get_by_text(link)).to_have_count(0)
    signed_in.get_by_role("button", name="Quitar: Banco Uno").click()
    signed_in.get_by_role("dialog").get_by_role("button", name="Quitar").click()
    expect(signed_in.get_by_text("Enlace quitado.")).to_be_visible()
    creditor.reload()
    expect(creditor.get_by_text("Este enlace ya no sirve")).to_be_visible()
    creditor.goto("/entrega/")
    expect(creditor.get_by_text("Abre el enlace completo que te dieron.")).to_be_visible()


def test_a_link_of_files_is_no_systems_token_on_the_portfolios_page(
    signed_in: "sync_api.Page",
) -> None:
    signed_in.goto(PAGE)
    make_a_link(signed_in, "Banco Uno")
    signed_in.goto("/panel/carteras/?id=prt_mx#access")
    expect(signed_in.get_by_text("Banco Uno")).to_have_count(0)


def test_what_cannot_be_read_is_said_and_asked_again(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    api.fail_where = "/figures/files"
    api.fail_next = problem(503, "http.unavailable")
    signed_in.goto(PAGE)
    signed_in.get_by_role("button", name="Reintentar").click()
    expect(unfold(signed_in, "debts")).to_be_visible()
