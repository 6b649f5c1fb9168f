"""A supervisor's first morning, on the deployed stack, with IAM enforced."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import DESK, PHONE, browsing, like, look, sign_in, t
from tests.e2e.messy import TOLD, messy_file, phones_of
from tests.shared import needs_shared

pytestmark = [pytest.mark.stack, pytest.mark.browser]

PORTFOLIO = "Tributos de Moralzarzal"
UPLOAD_WITHIN_MS = 120_000
PAID_MINOR = 150_000


def create_a_portfolio(page: Page) -> None:
    page.goto("/panel/carteras/")
    page.get_by_role("link", name=t("portfolios.create")).first.click()
    page.get_by_label(t("portfolios.name"), exact=True).fill(PORTFOLIO)
    page.get_by_label(t("portfolios.creditor"), exact=True).fill("Ayuntamiento de Moralzarzal")
    page.get_by_label(t("portfolios.country"), exact=True).select_option("ES")
    look(page, "1-portfolio-new")
    page.get_by_role("button", name=t("portfolios.create_it")).click()
    page.get_by_text(t("portfolios.created_title")).wait_for()
    look(page, "2-portfolio-created")


def send_the_file(page: Page, name: str, content: bytes) -> None:
    page.get_by_role("heading", name=t("uploads.new_title"), level=1).wait_for()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name=t("uploads.send")).click()
    page.get_by_role("heading", name=t("uploads.columns_title")).wait_for(timeout=UPLOAD_WITHIN_MS)


def fix_the_mapping(page: Page) -> None:
    """The reader knows most columns; what it cannot know, the supervisor picks."""
    check = page.get_by_role("button", name=t("uploads.check_file"))
    look(page, "3-mapping-guessed")
    check.click()
    expect(page.get_by_role("heading", name=t("uploads.columns_title"))).to_be_visible()
    for header, field in TOLD.items():
        expect(page.get_by_label(re.compile(header))).not_to_have_value(field)
        page.get_by_label(re.compile(header)).select_option(field)
        expect(page.get_by_label(re.compile(header))).to_have_value(field)
    look(page, "4-mapping")
    check.click()


def review_and_apply(page: Page, picture: str) -> None:
    apply = page.get_by_role("button", name=t("uploads.apply"), exact=True)
    apply.wait_for(timeout=UPLOAD_WITHIN_MS)
    look(page, f"5-review-{picture}")
    apply.click()
    page.get_by_role("dialog").get_by_role("button", name=like("uploads.apply_rows.other")).or_(
        page.get_by_role("dialog").get_by_role("button", name=like("uploads.apply_rows.one"))
    ).click()
    page.get_by_text(t("uploads.done_title")).wait_for(timeout=UPLOAD_WITHIN_MS)
    look(page, f"6-applied-{picture}")


def see_every_row_accounted_for(page: Page, file) -> None:
    shown = page.get_by_role("main")
    expect(shown).to_contain_text(money(file.amount_minor))
    for figure in (len(file.good), file.alike + len(file.credits), len(file.rows)):
        expect(shown).to_contain_text(f"{figure:,}")


def download_the_rejects(page: Page, file) -> None:
    """They come back as the file was - columns, marks - with the reason beside each."""
    with page.expect_download() as got:
        page.get_by_role("button", name=t("uploads.download_rejects")).click()
    text = got.value.path().read_text(encoding="utf-8")
    header, *rejects = csv.reader(io.StringIO(text))
    wide = len(file.rows[0].cells)
    by_line = {int(row[wide]): (tuple(row[:wide]), row[wide + 1]) for row in rejects}

    assert header[:wide][-1] == "IMPORTE"
    assert len(by_line) == file.alike + len(file.credits)
    for line, (cells, reason) in by_line.items():
        sent = file.rows[line - 2]
        assert [cell.strip() for cell in cells] == [cell.strip() for cell in sent.cells]
        assert ("mayor que cero" in reason) == (sent.minor <= 0)


def bring_the_phones(page: Page, portfolio_id: str, debt) -> None:
    """A second file of the same debt changes what it says of the debtor, and nothing else."""
    page.goto(f"/panel/cargas/nueva/?cartera={portfolio_id}")
    send_the_file(page, "telefonos.csv", phones_of(debt))
    page.get_by_role("button", name=t("uploads.check_file")).click()
    review_and_apply(page, "phones")


def find_by_phone(page: Page, debt) -> None:
    """Typed as people write it, not as the file had it."""
    page.get_by_role("link", name=t("uploads.see_cases")).click()
    search = page.get_by_label(t("cases.search_label"))
    search.fill("+34 612-345-678")
    page.get_by_text(t("cases.matched.phone")).wait_for()
    look(page, "7-found-by-phone")
    page.get_by_role("link", name=debt.name).click()
    page.get_by_role("heading", name=debt.name, level=1).wait_for()


def post_a_payment(page: Page, owed_minor: int) -> None:
    look(page, "8-case")
    page.get_by_role("button", name=t("case.act.pay")).first.click()
    form = page.get_by_role("dialog")
    form.get_by_label(t("case.amount"), exact=True).fill(money(PAID_MINOR))
    form.get_by_label(t("caseacts.reference"), exact=True).fill("SPEI 0042")
    look(page, "9-payment")
    form.get_by_role("button", name=t("caseacts.pay_submit")).click()
    page.get_by_text(t("case.done.pay")).wait_for()
    expect(page.get_by_role("main")).to_contain_text(money(owed_minor - PAID_MINOR))


def see_the_timeline_verify(page: Page) -> None:
    page.get_by_role("button", name=t("case.verify")).click()
    page.get_by_text(like("caseacts.intact.other")).wait_for()
    look(page, "10-verified")


def read_the_kpis(page: Page, portfolio_id: str, file) -> None:
    page.goto(f"/panel/?cartera={portfolio_id}")
    main = page.get_by_role("main")
    expect(main).to_contain_text(t("home.recovered_today"))
    expect(main).to_contain_text(money(PAID_MINOR))
    expect(main).to_contain_text(money(file.amount_minor - PAID_MINOR))
    look(page, "11-home")


def money(minor: int) -> str:
    """As Spain writes it: numbers of four digits are not parted."""
    whole = minor // 100
    parted = f"{whole:,}".replace(",", ".") if whole >= 10_000 else str(whole)
    return f"{parted},{minor % 100:02d}"


@needs_shared
def test_the_first_morning(stack, people):
    supervisor = people["supervisor"]
    file = messy_file()
    debt = file.debtor_of_one_debt(more_than_minor=2 * PAID_MINOR)
    with browsing(stack.url, DESK) as page:
        sign_in(page, supervisor.email, supervisor.password)
        create_a_portfolio(page)
        page.get_by_role("link", name=t("portfolios.upload_first")).click()
        send_the_file(page, file.path.name, file.content)
        fix_the_mapping(page)
        review_and_apply(page, "ledger")
        see_every_row_accounted_for(page, file)
        portfolio_id = parse_qs(urlsplit(page.url).query)["cartera"][0]
        download_the_rejects(page, file)
        bring_the_phones(page, portfolio_id, debt)
        find_by_phone(page, debt)
        post_a_payment(page, debt.minor)
        see_the_timeline_verify(page)
        read_the_kpis(page, portfolio_id, file)


@pytest.mark.parametrize("viewport", [PHONE], ids=["390 px"])
def test_the_pages_fit_a_phone(stack, people, viewport):
    supervisor = people["supervisor"]
    with browsing(stack.url, viewport) as page:
        sign_in(page, supervisor.email, supervisor.password)
        for name in ("", "carteras", "cargas", "expedientes"):
            page.goto(f"/panel/{name}/" if name else "/panel/")
            page.get_by_role("heading", level=1).wait_for()
            look(page, f"phone-{name or 'home'}")
