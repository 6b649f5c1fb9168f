"""A supervisor's first morning, on the deployed stack, with IAM enforced."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import DESK, PHONE, browsing, like, look, sign_in, t
from tests.e2e.messy import TOLD, messy_file

pytestmark = [pytest.mark.stack, pytest.mark.browser]

TODAY = datetime.now(ZoneInfo("America/Mexico_City")).date()
PORTFOLIO = "Muebles a crédito"
UPLOAD_WITHIN_MS = 120_000
PAID = "1,500.00"


def create_a_portfolio(page: Page) -> None:
    page.goto("/panel/carteras/")
    page.get_by_role("link", name=t("portfolios.create")).first.click()
    page.get_by_label(t("portfolios.name"), exact=True).fill(PORTFOLIO)
    page.get_by_label(t("portfolios.creditor"), exact=True).fill("Mueblería El Ahuehuete")
    page.get_by_label(t("portfolios.country"), exact=True).select_option("MX")
    look(page, "1-portfolio-new")
    page.get_by_role("button", name=t("portfolios.create_it")).click()
    page.get_by_text(t("portfolios.created_title")).wait_for()
    look(page, "2-portfolio-created")


def send_the_file(page: Page, name: str, content: bytes) -> None:
    page.get_by_role("link", name=t("portfolios.upload_first")).click()
    page.get_by_role("heading", name=t("uploads.new_title"), level=1).wait_for()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    look(page, "3-upload-new")
    page.get_by_role("button", name=t("uploads.send")).click()
    page.get_by_role("heading", name=t("uploads.columns_title")).wait_for(timeout=UPLOAD_WITHIN_MS)


def fix_the_mapping(page: Page) -> None:
    """The reader knows most columns; what it cannot know, the supervisor picks."""
    for header, field in TOLD.items():
        page.get_by_label(re.compile(header)).select_option(field)
        expect(page.get_by_label(re.compile(header))).to_have_value(field)
    look(page, "4-mapping")
    page.get_by_role("button", name=t("uploads.check_file")).click()


def review_and_apply(page: Page, file) -> None:
    apply = page.get_by_role("button", name=t("uploads.apply"), exact=True)
    apply.wait_for(timeout=UPLOAD_WITHIN_MS)
    look(page, "5-review")
    apply.click()
    page.get_by_role("button", name=like("uploads.apply_rows.other")).click()
    page.get_by_text(t("uploads.done_title")).wait_for(timeout=UPLOAD_WITHIN_MS)
    look(page, "6-applied")
    shown = page.get_by_role("main").inner_text()
    assert f"{file.amount_minor // 100:,}.{file.amount_minor % 100:02d}" in shown
    assert re.search(rf"\b{len(file.lines)}\b", shown)


def download_the_rejects(page: Page, file) -> None:
    """They come back as the file was - encoding, marks, columns - with the reasons beside."""
    with page.expect_download() as got:
        page.get_by_role("button", name=t("uploads.download_rejects")).click()
    text = got.value.path().read_bytes().decode("cp1252")
    for at in range(file.bad):
        assert f"MAL-{at}" in text
    assert not any(line.folio in text for line in file.lines)
    assert all(header in text for header in TOLD)


def find_by_phone(page: Page, phone: str, name: str) -> None:
    page.goto("/panel/expedientes/")
    page.get_by_role("searchbox").fill(f"({phone[:2]}) {phone[2:6]}-{phone[6:]}")
    page.get_by_role("searchbox").press("Enter")
    found = page.get_by_role("link", name=name)
    found.first.wait_for()
    look(page, "7-found-by-phone")
    found.first.click()
    page.get_by_role("heading", name=name, level=1).wait_for()


def test_the_first_morning(stack, people):
    supervisor = people["supervisor"]
    file = messy_file(TODAY)
    with browsing(stack.url, DESK) as page:
        sign_in(page, supervisor.email, supervisor.password)
        create_a_portfolio(page)
        send_the_file(page, "adeudos.csv", file.content)
        fix_the_mapping(page)
        review_and_apply(page, file)
        download_the_rejects(page, file)


@pytest.mark.parametrize("viewport", [PHONE], ids=["390 px"])
def test_the_pages_fit_a_phone(stack, people, viewport):
    supervisor = people["supervisor"]
    with browsing(stack.url, viewport) as page:
        sign_in(page, supervisor.email, supervisor.password)
        for name in ("", "carteras", "cargas", "expedientes"):
            page.goto(f"/panel/{name}/" if name else "/panel/")
            page.get_by_role("heading", level=1).wait_for()
            look(page, f"phone-{name or 'home'}")
