"""
What is theirs reaches people by e-mail, on the deployed stack, with IAM enforced.

Several mentions make one e-mail, in the person's language and with nothing of the debtor; who
wants none by e-mail gets none, and has it on the panel all the same. A call that was promised is
told at its hour, and what waits for a decision in the morning to who may decide.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import urllib3
from playwright.sync_api import expect

from tests.e2e import schedules
from tests.e2e.browser import look
from tests.e2e.office import Debtor, Office, new_key, office

pytestmark = [pytest.mark.stack, pytest.mark.browser]

TUESDAY = datetime(2027, 2, 2, 17, tzinfo=UTC)  # eleven in the morning there
WEDNESDAY = datetime(2027, 2, 3, 14, tzinfo=UTC)  # eight in the morning
DEBTORS = [
    Debtor(
        name=f"Olga Prueba {n}",
        owes_minor=250_000 * n,
        due_on=date(2027, 1, 15),
        phones=(f"+5255412600{n:02d}",),
    )
    for n in (1, 2)
]


@pytest.fixture
def desk(stack, people) -> Iterator[Office]:
    with office(stack, people, TUESDAY) as it:
        it.found("Menciones")
        it.bring(DEBTORS)
        yield it


def letters(it: Office, to: str) -> list[dict[str, Any]]:
    answer = urllib3.request("GET", f"{it.stack.url}/simulador/messages.json")
    return [one for one in answer.json()["messages"] if one["who"] == to]


def mention(it: Office, debtor: str, person: str) -> None:
    note = {"text": f"@Irma revisa el pagaré de {debtor}", "mentions": [person]}
    it.supervisor.post(f"/cases/{it.cases[debtor]}/notes", note, key=new_key())


def gather(it: Office) -> None:
    """What the clock does every minute, and what follows from it."""
    schedules.start(it.stack, "collect_messages")
    schedules.settle(it.stack, "PlanQueueUrl")


def test_mentions_calls_and_decisions_reach_whose_they_are(desk):
    it = desk
    irma = it.hire("Irma Menciones")
    for debtor in DEBTORS:
        mention(it, debtor.name, irma.sub)

    gather(it)  # too soon: another may come
    assert letters(it, irma.email) == []
    it.set_clock(TUESDAY + timedelta(minutes=4))
    gather(it)
    gather(it)
    (mail,) = letters(it, irma.email)
    assert "2 menciones" in mail["text"]
    for debtor in DEBTORS:
        assert f"?id={it.cases[debtor.name]}" in mail["text"]
        assert debtor.name not in mail["text"]
    assert "pagaré" not in mail["text"]

    turn = f"/portfolios/{it.portfolio_id}/queue/{it.cases[DEBTORS[0].name]}"
    at = TUESDAY + timedelta(minutes=30)
    it.client(irma).post(turn, {"action": "callback", "until": at.isoformat()})
    gather(it)
    assert len(letters(it, irma.email)) == 1
    it.set_clock(at - timedelta(minutes=5))
    gather(it)
    gather(it)
    hour = next(one for one in letters(it, irma.email) if "11:30" in one["text"])
    assert f"?id={it.cases[DEBTORS[0].name]}" in hour["text"]

    with it.desk(irma) as page:
        page.goto(f"{it.stack.url}/panel/ajustes/#notices")
        page.get_by_label("Cuando alguien me menciona").select_option(label="Nunca")
        page.get_by_role("button", name="Actualizar avisos").click()
        expect(page.get_by_text("Guardado.")).to_be_visible()
        look(page, "notices")
    mention(it, DEBTORS[0].name, irma.sub)
    it.set_clock(TUESDAY + timedelta(hours=1))
    gather(it)
    assert len(letters(it, irma.email)) == 2

    debt = it.case(DEBTORS[0].name)["debts"][0]["debt_id"]
    asked = {"kind": "waiver", "debt_id": debt, "component": "principal", "amount_minor": 10_000}
    asking = f"/cases/{it.cases[DEBTORS[0].name]}/corrections"
    it.client(irma).post(asking, asked | {"reason": "Perdió su casa"}, key=new_key())
    boss = it.people["supervisor"].email
    it.set_clock(WEDNESDAY - timedelta(minutes=10))
    it.plan()
    gather(it)
    tray = f"/panel/aprobaciones/?cartera={it.portfolio_id}"

    def told() -> list[dict[str, Any]]:  # theirs: other portfolios of the boss have trays, too
        return [one for one in letters(it, boss) if tray in one["text"]]

    assert told() == []
    it.set_clock(WEDNESDAY)
    gather(it)
    gather(it)
    (waits,) = told()
    assert "condonaciones y ajustes: 1" in waits["text"]
