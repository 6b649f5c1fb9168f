"""
A report that is due in the morning, on the deployed stack, with IAM enforced.

It waits for its day to come into the lake, reaches a supervisor as a file and the creditor as a
link that shows no few, goes once however often the clock looks, and ends by one click. The creditor
takes its own files of that day, too, by a link that is taken away after.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3
from playwright.sync_api import expect

from tests.e2e.browser import like, look
from tests.e2e.office import WITHIN_S, Debtor, Office, new_key, office, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]

WEDNESDAY = datetime(2027, 1, 27, 16, tzinfo=UTC)  # ten in the morning there
THURSDAY = datetime(2027, 1, 28, 16, tzinfo=UTC)
CREDITOR = "jefa@esquina.example"
# Called without an answer: enough of them to be told outside, and one promise that is of few.
DEBTORS = [
    Debtor(
        name=f"Pilar Prueba {n}",
        owes_minor=100_000 * n,
        due_on=date(2027, 1, 10),
        phones=(f"+5255412500{n:02d}",),
    )
    for n in range(1, 7)
]
REPORT = {
    "name": "Llamadas de ayer",
    "measures": ["attempts", "promises"],
    "dimensions": ["channel"],
    "filters": [],
    "limit": 50,
    "period": "week",
    "compare": False,
}


@pytest.fixture
def morning(stack, people) -> Iterator[Office]:
    """Thursday at ten: what is to come at seven was asked for on Wednesday, after its calls."""
    with office(stack, people, WEDNESDAY) as it:
        it.found("Informes")
        it.bring(DEBTORS)
        caller = it.hire("Irma Informes")
        for n, debtor in enumerate(DEBTORS):
            it.call(
                caller, debtor.name, "no_answer" if n else "promise",
                promises_minor=0 if n else 40_000,
            )  # fmt: skip
        yield it


def letters(it: Office, to: str) -> list[dict[str, Any]]:
    """What they got of reports: other portfolios may have told them of what waits for them."""
    got = urllib3.request("GET", f"{it.stack.url}/simulador/messages.json").json()["messages"]
    return [one for one in got if one["who"] == to and "/panel/aprobaciones/" not in one["text"]]


def sent(it: Office, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = it.supervisor.get(f"{path}/mailings")["items"]
    return found


def have_it_sent(it: Office) -> str:
    """Keep a report and schedule it; gives the schedule's address."""
    root, api = f"/portfolios/{it.portfolio_id}", it.supervisor
    report = api.post(f"{root}/reports", REPORT, key=new_key())
    made = api.post(
        f"{root}/report-schedules",
        {
            "report_id": report["report_id"],
            "every": "day",
            "hour": 7,
            "days": "yesterday",
            "file": "xlsx",
            "people": [it.people["supervisor"].sub],
            "outside": [CREDITOR],
        },
        key=new_key(),
    )
    assert made["next_at"] == "2027-01-28T13:00:00Z"
    return f"{root}/report-schedules/{made['schedule_id']}"


def take(it: Office, link: str) -> None:
    """As the creditor: open the link, see the day of its debts, and download it."""
    with it.desk(it.people["supervisor"]) as page:  # any browser: the link asks for no session
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_have_text("Archivos para el acreedor")
        page.locator(".slice-files > summary").filter(has_text="debts").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Descargar debts del 27 ene 2027").click()
        assert download.value.suggested_filename == "debts-2027-01-27.parquet"
        assert Path(download.value.path()).read_bytes()[:4] == b"PAR1"
        look(page, "slice-of-a-creditor")


def give_the_creditor_its_files(it: Office) -> None:
    """A link that the supervisor makes on the panel; what it took is told, and it ends."""
    with it.desk(it.people["supervisor"]) as page:
        page.goto(
            f"{it.stack.url}/panel/indicadores/?cartera={it.portfolio_id}"
            "&ver=slice&desde=2027-01-27&hasta=2027-01-27"
        )
        expect(page.locator(".slice-files > summary").filter(has_text="debts")).to_be_visible()
        page.get_by_label("Para quién").fill("Banco de la Esquina")
        page.get_by_role("button", name="Crear enlace").click()
        made = page.locator(".banner").filter(has_text="Cópialo ahora")
        link = str(made.locator("code").first.text_content())
        take(it, link)

        page.reload()
        log = page.get_by_role("table", name="Quién tomó qué")
        expect(log).to_contain_text("Banco de la Esquina")
        expect(log).to_contain_text("debts, 27 ene 2027")
        look(page, "slice-given")
        page.get_by_role("button", name="Quitar: Banco de la Esquina").click()
        page.get_by_role("dialog").get_by_role("button", name="Quitar").click()
        expect(page.get_by_text("Nadie tiene un enlace.")).to_be_visible()
    token = link.partition("#")[2].partition(".")[2]
    answer = urllib3.request(
        "GET",
        f"{it.stack.url}/api/v1/portfolios/{it.portfolio_id}/figures/files",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status == 401


def test_a_report_comes_in_the_morning_when_its_day_is_there(morning):
    it = morning
    supervisor = it.people["supervisor"]
    path = have_it_sent(it)
    it.set_clock(THURSDAY)

    it.plan()  # the lake has not told Wednesday yet
    (waits,) = sent(it, path)
    assert (waits["state"], waits["problem"]) == ("waiting", "report_mail.not_yet")
    assert letters(it, supervisor.email) == letters(it, CREDITOR) == []

    it.supervisor.put(f"/portfolios/{it.portfolio_id}/figures", {})

    def there() -> bool:
        it.plan()
        return sent(it, path)[0]["state"] == "sent"

    until(there, "the report", within_s=WITHIN_S)
    (mine,), (theirs,) = letters(it, supervisor.email), letters(it, CREDITOR)
    assert mine["files"] == ["2027-01-27_2027-01-27.xlsx"]
    assert "1 / 1" in mine["text"]
    assert theirs["files"] == []
    link = next(word for word in theirs["text"].split() if "/informe/#" in word)

    it.plan()
    it.plan()
    assert len(letters(it, supervisor.email)) == len(letters(it, CREDITOR)) == 1

    with it.desk(supervisor) as page:
        page.goto(link)
        expect(page.get_by_role("heading", name=REPORT["name"], level=1)).to_be_visible()
        expect(page.get_by_role("table")).to_contain_text(str(len(DEBTORS)))
        # One promise is of fewer cases than anybody outside is told of.
        expect(page.get_by_role("table").get_by_text(like("builder.few"))).to_have_count(1)
        look(page, "report-by-mail-outside")

    answer = urllib3.request(
        "POST", theirs["unsubscribe"], fields={"List-Unsubscribe": "One-Click"}
    )
    assert answer.status == 200
    (schedule,) = it.supervisor.get(f"/portfolios/{it.portfolio_id}/report-schedules")["items"]
    assert schedule["outside"] == [{"address": CREDITOR, "stopped": True}]
    assert schedule["next_at"] == "2027-01-29T13:00:00Z"

    asked = it.supervisor.post(f"{path}/mailings", {}, key=new_key())
    until(lambda: sent(it, path)[0]["state"] == "sent", "the one that was asked for")
    assert asked["asked_by"]["name"] == supervisor.name
    assert len(letters(it, supervisor.email)) == 2
    assert len(letters(it, CREDITOR)) == 1
    give_the_creditor_its_files(it)
