"""
A debtor settles without speaking to anyone: on the deployed stack, with IAM enforced.

By a link, on a phone of 360 px with a slow line: the second fact, the sandbox's page, back to what
became of it, and the receipt; then what the creditor's people see of it.
"""

import csv
import io
import re
from typing import Any

import pytest
import urllib3
from playwright.sync_api import Page, expect

from local.client import Client
from tests.e2e.browser import browsing, look

pytestmark = [pytest.mark.stack, pytest.mark.browser]

SMALL = {"width": 360, "height": 740}
# What browsers call "slow 3G".
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
RFC = "GODE561231GR8"  # the one of the tax office's own examples
PERSONAL = ("Gómez", "1,000", RFC[-4:], "F-1")
STATED = {
    "address": "Av. Uno 11, Ciudad de México",
    "phone": "55 5555 0100",
    "complaints": "www.condusef.gob.mx",
}


@pytest.fixture(scope="module")
def admin(stack, people) -> Client:
    client = Client(stack.url)
    client.sign_in(people["admin"].email, people["admin"].password)
    return client


@pytest.fixture(scope="module")
def case_id(admin) -> str:
    """Somebody who owes 1,000.00 to a creditor that takes cards at the sandbox."""
    body = admin.get("/portfolio-defaults", country="MX")
    body |= {"name": "Página", "creditor": "Mueblería La Esquina", "identification": STATED}
    portfolio = admin.post("/portfolios", body)["portfolio_id"]
    account = {"methods": ["card"], "version": 0}
    connected = admin.put(f"/portfolios/{portfolio}/payment-providers/sandbox", account)
    assert connected["problem"] == "", connected
    upload = admin.send_file(portfolio, "debts", "deudas.csv", the_file(), apply_automatically=True)
    assert admin.wait_for_upload(upload)["state"] == "done"
    (case,) = admin.pages(f"/portfolios/{portfolio}/cases")
    return str(case["case_id"])


def the_file() -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(
        [
            ["Clave cliente", "Nombre", "RFC", "Teléfono", "Folio", "Fecha vencimiento", "Saldo"],
            ["C-1", "Elena Gómez Díaz", RFC, "+525541004101", "F-1", "2026-10-01", "1000.00"],
        ]
    )
    return text.getvalue().encode()


def slow(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)


def test_a_debtor_pays_by_a_link_and_gets_the_receipt(stack, admin, case_id):
    link = admin.post(f"/cases/{case_id}/links", {"days": 1})["url"]

    with browsing(stack.url, SMALL) as page:
        slow(page)
        page.goto(link)
        before = page.content()
        assert not [one for one in PERSONAL if one in before.replace(link, "")]
        look(page, "pay-1-second-fact")
        page.get_by_label(re.compile("Últimos 4")).fill(RFC[-4:])
        page.get_by_role("button", name="Entrar").click()

        page.wait_for_url("**/pagar/cuenta")
        expect(page.get_by_role("main")).to_contain_text("$1,000.00")
        look(page, "pay-2-account")
        page.locator('a[href="/pagar/pago"]').first.click()
        page.locator('input[name="what"]').first.check()
        look(page, "pay-3-what")
        page.get_by_role("main").get_by_role("button").last.click()

        page.wait_for_url("**/simulador/pagos/**")
        page.locator("#pay-card").click()
        page.wait_for_url("**/pagar/pagado/**")
        paid = page.get_by_role("heading", name="Pago recibido")
        wait_for(page, paid)
        look(page, "pay-4-paid")
        receipt = page.locator('a[href^="/pagar/documentos/"]').first.get_attribute("href")
        cookies = page.context.cookies(f"{stack.url}/pagar")

    assert_is_a_pdf(stack.url, str(receipt), cookies)
    shown = admin.get(f"/cases/{case_id}")
    assert (shown["case"]["status"], shown["case"]["balance"]["minor"]) == ("settled", 0)
    assert admin.get(f"/cases/{case_id}/verification")["ok"]
    kinds = {event["kind"] for event in admin.pages(f"/cases/{case_id}/timeline")}
    assert {"link.made", "payment.posted"} & kinds == {"link.made", "payment.posted"}


def test_a_link_that_was_taken_back_leads_to_the_other_door(stack, admin, case_id):
    link = admin.post(f"/cases/{case_id}/links", {"days": 1})["url"]
    admin.delete(f"/cases/{case_id}/links/all")

    answer = urllib3.request("GET", link)

    assert answer.status == 404
    assert "ya no sirve" in answer.data.decode()
    assert "Esquina" not in answer.data.decode()


def wait_for(page: Page, wanted: Any) -> None:
    """What a debtor does while the provider has not told yet: look again."""
    for _ in range(40):
        page.wait_for_load_state("networkidle")
        if wanted.is_visible():
            return
        page.reload()
    expect(wanted).to_be_visible()


def assert_is_a_pdf(site: str, path: str, cookies: list[Any]) -> None:
    sent = "; ".join(f"{one['name']}={one['value']}" for one in cookies)
    answer = urllib3.request("GET", f"{site}{path}", headers={"Cookie": sent})
    assert answer.status == 200
    assert answer.data.startswith(b"%PDF")
