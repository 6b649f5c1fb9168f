"""
A debtor settles without speaking to anyone: on the deployed stack, with IAM enforced.

By a link, on a phone of 360 px with a slow line: the second fact, the sandbox's page, back to what
became of it, and the receipt; then what the creditor's people see of it. And without a browser what
nobody told of: a payment whose webhook is lost is found by the next morning's reconciliation, and
a page that stands open is ended when the money comes another way; proof that the creditor sends and
a photo that the debtor sends lie where they belong, and all of it can be taken away and proven.
"""

import csv
import io
import json
import re
import time
import zipfile
from datetime import UTC, datetime, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

import pytest
import urllib3
from playwright.sync_api import Page, expect

from chalicelib.domain import case_pack
from local import clock
from local.client import Client
from local.providers.scanner import eicar
from tests.e2e import schedules
from tests.e2e.browser import browsing, look
from tests.selfpay.visitor import Visitor

pytestmark = [pytest.mark.stack, pytest.mark.browser]

SMALL = {"width": 360, "height": 740}
# What browsers call "slow 3G".
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
RFC = "GODE561231GR8"  # the one of the tax office's own examples
PERSONAL = ("Gómez", "1,000", RFC[-4:], "F-1")
NOT_TOLD = "4000 0000 0000 0101"  # pays, and no webhook goes out
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
def case_ids(admin) -> dict[str, str]:
    """Who owes 1,000.00 each to a creditor that takes cards at the sandbox: case id by name."""
    body = admin.get("/portfolio-defaults", country="MX")
    body |= {"name": "Página", "creditor": "Mueblería La Esquina", "identification": STATED}
    portfolio = admin.post("/portfolios", body)["portfolio_id"]
    account = {"methods": ["card"], "version": 0}
    connected = admin.put(f"/portfolios/{portfolio}/payment-providers/sandbox", account)
    assert connected["problem"] == "", connected
    upload = admin.send_file(portfolio, "debts", "deudas.csv", the_file(), apply_automatically=True)
    assert admin.wait_for_upload(upload)["state"] == "done"
    cases = admin.pages(f"/portfolios/{portfolio}/cases")
    return {case["name"].split()[0]: str(case["case_id"]) for case in cases}


@pytest.fixture(scope="module")
def case_id(case_ids) -> str:
    return case_ids["Elena"]


def the_file() -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(
        [
            ["Clave cliente", "Nombre", "RFC", "Teléfono", "Folio", "Fecha vencimiento", "Saldo"],
            ["C-1", "Elena Gómez Díaz", RFC, "+525541004101", "F-1", "2026-10-01", "1000.00"],
            ["C-2", "Bruno Salas Mora", "", "+525541004202", "F-2", "2026-10-01", "1000.00"],
            ["C-3", "Carla Ríos Vega", "", "+525541004303", "F-3", "2026-10-01", "1000.00"],
            ["C-4", "Dora Luna Paz", "", "+525541004404", "F-4", "2026-10-01", "1000.00"],
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


def inside(stack, admin, case_id: str, fact: str) -> Visitor:
    """A debtor who came by a link and gave the second fact."""
    site = urlsplit(stack.url)
    visitor = Visitor(SimpleNamespace(server_address=(site.hostname, site.port)))
    link = urlsplit(admin.post(f"/cases/{case_id}/links", {"days": 1})["url"])
    assert visitor.enter(link.path, fact).path == "/pagar/cuenta"
    return visitor


def begin(stack, admin, case_id: str, fact: str) -> str:
    """Go by a link to the sandbox's page for all that is owed; gives its path."""
    visitor = inside(stack, admin, case_id, fact)
    leaving = visitor.send(visitor.get("/pagar/pago"), what="all", means="sandbox:card")
    return re.search(r"/simulador/pagos/\w+", leaving.text)[0]


def test_a_payment_nobody_told_of_is_found_the_next_morning(stack, admin, case_ids):
    case_id = case_ids["Bruno"]
    page = begin(stack, admin, case_id, "4202")
    card = urlencode({"number": NOT_TOLD, "expiry": "12/34", "cvc": "123"})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    paid = urllib3.request(
        "POST", f"{stack.url}{page}/card", body=card, headers=form, redirect=False
    )
    assert paid.status == 303
    assert admin.get(f"/cases/{case_id}")["case"]["balance"]["minor"] == 100_000

    table = stack.outputs["WorkTable"]
    clock.move(stack.cloud, table, timedelta(days=1))
    try:
        for _ in range(2):  # the second time finds nothing more
            schedules.start(stack, "reconcile")
    finally:
        clock.move(stack.cloud, table, timedelta())

    shown = admin.get(f"/cases/{case_id}")
    assert (shown["case"]["status"], shown["case"]["balance"]["minor"]) == ("settled", 0)
    payments = [entry for entry in shown["entries"] if entry["kind"] == "payment"]
    assert [entry["source"] for entry in payments] == ["sandbox"]
    kinds = [event["kind"] for event in admin.pages(f"/cases/{case_id}/timeline")]
    assert (kinds.count("payment.posted"), kinds.count("document.issued")) == (1, 1)
    assert admin.get(f"/cases/{case_id}/verification")["ok"]


def test_a_page_that_stands_open_is_ended_when_an_agent_notes_the_money(stack, admin, case_ids):
    case_id = case_ids["Carla"]
    page = begin(stack, admin, case_id, "4303")
    today = datetime.now(UTC).astimezone(ZoneInfo("America/Mexico_City")).date()
    noted = {"amount_minor": 100_000, "paid_on": today.isoformat(), "reference": "R-1"}
    admin.post(f"/cases/{case_id}/payments", noted | {"method": "cash"})

    until = time.monotonic() + 60
    while "pay-card" in urllib3.request("GET", f"{stack.url}{page}").data.decode():
        assert time.monotonic() < until, "the page can still be paid"
        time.sleep(0.3)


def test_the_creditors_proof_and_the_debtors_photo_find_their_places(stack, admin, case_ids):
    case_id = case_ids["Dora"]
    case = admin.get(f"/cases/{case_id}")
    portfolio, (debt,) = case["portfolio"]["id"], case["debts"]
    (form,) = admin.post(f"/portfolios/{portfolio}/paper-forms", {})["items"]
    assert sent(stack.url, form["post"]["url"], form["post"]["fields"], PDF).status == 201
    named = {"items": [{"mark": form["mark"], "name": "F-4_pagare.pdf"}]}
    (placed,) = admin.post(f"/portfolios/{portfolio}/papers", named)["items"]
    assert (placed["outcome"], placed["kind"]) == ("placed", "note")

    debtor = inside(stack, admin, case_id, "4404")
    assert "Pagaré" in debtor.get(f"/pagar/deuda/{debt['debt_id']}").text
    status, _, headers = debtor._once("GET", f"/pagar/prueba/{placed['paper_id']}", None, {})
    assert status == 303
    assert urllib3.request("GET", urljoin(stack.url, headers["location"])).data == PDF

    page = debtor.send(debtor.get("/pagar/aclarar"), kind="already_paid", words="Ya la pagué")
    target = re.search(r"/pagar/archivo/\w+", page.text)[0]
    assert send_file(stack, debtor, target, PDF).path == "/pagar/listo/archivo"

    made = admin.post(f"/cases/{case_id}/pack", {"reason": "Juicio 12"})
    body = urllib3.request("GET", urljoin(stack.url, made["url"])).data
    with zipfile.ZipFile(io.BytesIO(body)) as held:
        pack = json.loads(held.read("expediente.json"))
    assert case_pack.prove(pack).ok
    assert {one["kind"] for one in pack["files"]} == {"note", "evidence"}
    gone = {"state": "erased", "reason": "Lo pidió el titular"}
    (paper,) = admin.patch(f"/cases/{case_id}/papers/{placed['paper_id']}", gone)["items"]
    assert (paper["state"], paper["url"]) == ("erased", None)
    assert debtor.get(f"/pagar/prueba/{placed['paper_id']}").status == 404
    assert admin.get(f"/cases/{case_id}/verification")["ok"]


def test_an_infected_file_is_given_to_nobody(stack, admin, case_ids):
    case_id = case_ids["Dora"]
    debtor = inside(stack, admin, case_id, "4404")
    page = debtor.send(debtor.get("/pagar/aclarar"), kind="already_paid", words="Ya la pagué")
    target = re.search(r"/pagar/archivo/\w+", page.text)[0]
    dispute = target.rpartition("/")[2]
    before = files_of(admin, case_id, dispute)

    assert send_file(stack, debtor, target, PDF + eicar()).path == "/pagar/listo/archivo"

    found: list[Any] = []
    until = time.monotonic() + 60
    while not found and time.monotonic() < until:
        told = files_of(admin, case_id, dispute)
        found = [one for one in told if one["scan"] == "infected"]
        time.sleep(0 if found else 0.3)
    assert [one["url"] for one in found] == [None]
    assert len(before) + 1 == len(told)
    assert "se encontró un virus en él" in debtor.get("/pagar/aclarar").text
    kinds = [one["kind"] for one in admin.get(f"/cases/{case_id}/timeline")["items"]]
    assert "file.infected" in kinds
    audit = [one["subject"] for one in admin.get("/audit")["items"]]
    assert f"case:{case_id}" in audit
    assert admin.get(f"/cases/{case_id}/verification")["ok"]


def files_of(admin: Client, case_id: str, dispute: str) -> list[dict[str, Any]]:
    return admin.get(f"/disputes/{case_id}/{dispute}")["files"]


def send_file(stack: Any, debtor: Visitor, target: str, body: bytes) -> Any:
    """Send a file by the debtor's own page; gives the page that the browser is led to."""
    page = debtor.get(target)
    url = unescape(re.search(r'action="([^"]+)" enctype="multipart/form-data"', page.text)[1])
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    fields = {name: unescape(value) for name, value in fields if not name.startswith("_")}
    answer = sent(stack.url, url, fields, body)
    assert answer.status == 303
    back = urlsplit(answer.headers["location"])
    return debtor.get(f"{back.path}?{back.query}")


def sent(site: str, url: str, fields: dict[str, str], body: bytes) -> Any:
    """Send a file by a presigned form."""
    held = [*fields.items(), ("file", ("foto.pdf", body))]
    return urllib3.request("POST", urljoin(site, url), fields=held, redirect=False)


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
