"""
Two people erase a person's data, on the deployed stack, with IAM enforced.

One asks for it on the request's page, the other allows it in the tray; the job runs by the plan's
queue. Afterwards no search finds the person, the case opens under the request's number, the letter
is there, and ledgers, timelines and counters agree as before.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e import schedules
from tests.e2e.browser import look, t
from tests.e2e.office import Debtor, Office, new_key, office

pytestmark = [pytest.mark.stack, pytest.mark.browser]

MORNING = datetime(2027, 2, 9, 17, tzinfo=UTC)  # eleven in the morning there
GONE, STAYS = "Eulalia Borrada", "Petra Sigue"
PHONE = "+525541270001"
DEBTORS = [
    Debtor(name=GONE, owes_minor=90_000, due_on=date(2027, 1, 15), phones=(PHONE,)),
    Debtor(name=STAYS, owes_minor=70_000, due_on=date(2027, 1, 15), phones=("+525541270002",)),
]


@pytest.fixture
def desk(stack, people) -> Iterator[Office]:
    with office(stack, people, MORNING) as it:
        it.found("Olvidos")
        it.bring(DEBTORS)
        yield it


def granted(it: Office) -> dict[str, Any]:
    """Somebody paid all, asks to be forgotten, showed who they are, and is told yes."""
    boss, case_id = it.supervisor, it.cases[GONE]
    paid = {"amount_minor": 90_000, "paid_on": "2027-02-08", "reference": "SPEI 9",
            "method": "transfer"}  # fmt: skip
    boss.post(f"/cases/{case_id}/payments", paid, key=new_key())
    register = f"/portfolios/{it.portfolio_id}/data-requests"
    asked = {"kind": "erasure", "way": "email", "case_ids": [case_id], "words": "Bórrenme"}
    one = boss.post(register, asked, key=new_key())
    for act in (
        {"act": "identify", "proof": "document"},
        {"act": "answer", "verdict": "granted", "text": "Se borrarán"},
    ):
        path = f"{register}/{one['request_id']}"
        one = boss.patch(path, {"version": one["version"]} | act)
    return one


def test_two_people_erase_a_person_whom_nothing_finds_afterwards(desk):
    it = desk
    one = granted(it)
    page_of_it = f"/panel/datos/solicitud/?cartera={it.portfolio_id}&id={one['request_id']}"
    with it.desk(it.people["supervisor"]) as page:
        page.goto(page_of_it)
        card = page.locator("#erasure")
        card.get_by_role("button", name=t("requests.erasure.erase_ask")).click()
        dialog = page.get_by_role("dialog")
        dialog.locator("[name=number]").fill(one["number"])
        dialog.locator("[name=note]").fill("Pagó todo y lo pide")
        dialog.get_by_role("button", name=t("requests.erasure.erase_ask")).click()
        expect(card.get_by_text(t("requests.erasure.waits"), exact=True)).to_be_visible()
        expect(card.get_by_role("button")).to_have_count(1)
        look(page, "erasure-asked")

    with it.desk(it.people["admin"]) as page:
        page.goto(f"/panel/aprobaciones/?cartera={it.portfolio_id}&tipo=erasure")
        item = page.locator(".approval")
        item.get_by_role("button", name=t("approvals.approve"), exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.locator("[name=number]").fill(one["number"])
        dialog.get_by_role("button", name=t("requests.erasure.erase_approve")).click()
        expect(item.get_by_text(t("approvals.approved"))).to_be_visible()
        schedules.settle(it.stack, "PlanQueueUrl")
        page.goto(page_of_it)
        expect(page.get_by_role("heading", name=t("requests.erasure.title_done"))).to_be_visible()
        look(page, "erasure-done")
        page.goto(f"/panel/expedientes/caso/?id={it.cases[GONE]}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(one["number"])
        look(page, "erasure-case")

    cases = f"/portfolios/{it.portfolio_id}/cases"
    for sought in (GONE, "Eulalia", PHONE):
        assert it.supervisor.get(cases, q=sought)["items"] == [], sought
    assert [each["name"] for each in it.supervisor.get(cases, q=STAYS)["items"]] == [STAYS]
    letter = f"/portfolios/{it.portfolio_id}/data-requests/{one['request_id']}/letter"
    assert it.supervisor.get(letter)["url"]

    proof = [sys.executable, "-m", "cli", "verify", "--portfolio", it.portfolio_id,
             "--cloud-url", it.stack.cloud.endpoint]  # fmt: skip
    assert subprocess.run(proof, check=False).returncode == 0
