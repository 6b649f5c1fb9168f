"""A supervisor's first morning, on the deployed stack, with IAM enforced."""

import re
from collections import Counter
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import DESK, PHONE, browsing, like, look, sign_in, t
from tests.e2e.messy import TOLD, messy_file

pytestmark = [pytest.mark.stack, pytest.mark.browser]

TODAY = datetime.now(ZoneInfo("America/Mexico_City")).date()
PORTFOLIO = "Muebles a crédito"
UPLOAD_WITHIN_MS = 120_000
PAID_MINOR = 150_000


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
    assert money(file.amount_minor) in shown
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


def find_by_phone(page: Page, debtor) -> None:
    """Typed as people write it, not as the file had it."""
    phone = debtor.phones[0]
    page.get_by_role("link", name=t("uploads.see_cases")).click()
    search = page.get_by_label(t("cases.search_label"))
    search.fill(f"({phone[:2]}) {phone[2:6]}-{phone[6:]}")
    page.get_by_text(t("cases.matched.phone")).wait_for()
    look(page, "7-found-by-phone")
    page.get_by_role("link", name=debtor.name).click()
    page.get_by_role("heading", name=debtor.name, level=1).wait_for()


def post_a_payment(page: Page, owed_minor: int) -> None:
    look(page, "8-case")
    page.get_by_role("button", name=t("case.act.pay")).first.click()
    form = page.get_by_role("dialog")
    form.get_by_label(t("case.amount"), exact=True).fill(money(PAID_MINOR))
    form.get_by_label(t("case.reference"), exact=True).fill("SPEI 0042")
    look(page, "9-payment")
    form.get_by_role("button", name=t("case.pay_submit")).click()
    page.get_by_text(t("case.done.pay")).wait_for()
    expect(page.get_by_role("main")).to_contain_text(money(owed_minor - PAID_MINOR))


def see_the_timeline_verify(page: Page) -> None:
    page.get_by_role("button", name=t("case.verify")).click()
    page.get_by_text(like("case.intact.other")).wait_for()
    look(page, "10-verified")


def read_the_kpis(page: Page, portfolio_id: str, file) -> None:
    page.goto(f"/panel/?cartera={portfolio_id}")
    main = page.get_by_role("main")
    expect(main).to_contain_text(t("home.recovered_today"))
    expect(main).to_contain_text(money(PAID_MINOR))
    expect(main).to_contain_text(money(file.amount_minor - PAID_MINOR))
    look(page, "11-home")


def money(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02d}"


def one_with_a_debt_to_pay(file):
    """A debtor of the file, and all they owe in it."""
    owed = Counter()
    for line in file.lines:
        owed[line.debtor] += line.total_minor
    return next((who, minor) for who, minor in owed.items() if minor > 2 * PAID_MINOR)


def test_the_first_morning(stack, people):
    supervisor = people["supervisor"]
    file = messy_file(TODAY)
    debtor, owed_minor = one_with_a_debt_to_pay(file)
    with browsing(stack.url, DESK) as page:
        sign_in(page, supervisor.email, supervisor.password)
        create_a_portfolio(page)
        send_the_file(page, "adeudos.csv", file.content)
        fix_the_mapping(page)
        review_and_apply(page, file)
        portfolio_id = parse_qs(urlsplit(page.url).query)["cartera"][0]
        download_the_rejects(page, file)
        find_by_phone(page, debtor)
        post_a_payment(page, owed_minor)
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
