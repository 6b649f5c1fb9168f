"""
A supervisor's day on the deployed stack, with IAM enforced: figures, team, tray, tasks, audit.

What the team did on a Wednesday is told on Thursday by the lake, which the supervisor has filled
from the page; what it does on Thursday is on the board as it happens.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from local.users import DemoUser
from tests.e2e.browser import like, look, t
from tests.e2e.office import WITHIN_S, Debtor, Office, new_key, office, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]

WEDNESDAY = datetime(2027, 1, 27, 16, tzinfo=UTC)  # ten in the morning there
THURSDAY = datetime(2027, 1, 28, 16, tzinfo=UTC)
PORTFOLIO = "Supervisión"
PROMISES, IS_OUT, LEFT_WORD, PAID, NEXT_ONE, ASKED_FOR, OWN_WISH, QUIET = (
    "Paca Promete Prueba", "Nora Ninguna Prueba", "Rita Recado Prueba", "Pepe Pagó Prueba",
    "Juana Jueves Prueba", "Clara Condona Prueba", "Olga Propia Prueba", "Quico Quieto Prueba",
)  # fmt: skip
CALLED = {PROMISES: "promise", IS_OUT: "no_answer", LEFT_WORD: "message_left"}
DEBTORS = [
    Debtor(
        name=name,
        owes_minor=100_000 * n,
        due_on=date(2027, 1, 10),
        phones=(f"+5255412400{n:02d}",),
    )
    for n, name in enumerate(
        (PROMISES, IS_OUT, LEFT_WORD, PAID, NEXT_ONE, ASKED_FOR, OWN_WISH, QUIET), start=1
    )
]
PAID_MINOR, WAIVED_MINOR, CHARGED_OFF_MINOR = 50_000, 20_000, 300_000
LACKING = "409 /figures"


@pytest.fixture
def team(stack, people) -> Iterator[tuple[Office, DemoUser]]:
    """The office on Thursday morning, one night after a Wednesday's work, and who did it."""
    with office(stack, people, WEDNESDAY) as it:
        it.found(PORTFOLIO)
        it.bring(DEBTORS)
        caller = it.hire("Carmen Llamas", team="Norte")
        for name, result in CALLED.items():
            it.call(caller, name, result, promises_minor=40_000 if name == PROMISES else 0)
        paid = {"amount_minor": PAID_MINOR, "paid_on": "2027-01-27", "reference": "SPEI 1",
                "method": "transfer"}  # fmt: skip
        it.supervisor.post(f"/cases/{it.cases[PAID]}/payments", paid, key=new_key())
        charge_off(it, caller)
        it.set_clock(THURSDAY)
        yield it, caller


def card(page: Page, code: str) -> Locator:
    """A figure's card; what it shows is waited for, for the lake answers when it is warm."""
    found = page.get_by_role("article", name=t(f"figures.kpi.{code}"), exact=True)
    expect(found.locator(".figure-value")).to_be_visible(timeout=WITHIN_S * 1000)
    return found


def read_the_figures(page: Page, it: Office) -> None:
    """No day is there; the supervisor has them brought, and the numbers are those of Wednesday."""
    page.goto(f"/panel/indicadores/?cartera={it.portfolio_id}")
    expect(page.get_by_role("heading", name=t("figures.no_days"))).to_be_visible(
        timeout=WITHIN_S * 1000
    )
    page.get_by_role("button", name=t("figures.bring")).click()
    coverage = card(page, "coverage")
    expect(coverage).to_contain_text("37.5%", timeout=WITHIN_S * 1000)
    expect(card(page, "contact_rate")).to_contain_text("66.7%")
    expect(card(page, "rpc_accounts")).to_contain_text("12.5%")
    look(page, "supervisor-figures")
    coverage.get_by_role("button", name=t("figures.see_cases")).click()
    behind = page.get_by_role("dialog", name=t("figures.kpi.coverage"))
    for name in CALLED:
        expect(behind.get_by_role("link", name=name)).to_be_visible(timeout=WITHIN_S * 1000)
    expect(behind.get_by_role("listitem")).to_have_count(len(CALLED))
    page.keyboard.press("Escape")
    page.goto(f"/panel/indicadores/?cartera={it.portfolio_id}&ver=promises")
    expect(card(page, "ptp_rate")).to_contain_text("100.0%")


def watch_the_board(page: Page, it: Office, caller: DemoUser) -> None:
    """What is done meanwhile is there without loading the page again."""
    page.goto(f"/panel/equipo/?cartera={it.portfolio_id}")
    people = page.get_by_role("table", name=t("team.people"), exact=True)
    row = people.get_by_role("row").filter(has_text=caller.name)
    expect(row.get_by_role("cell").first).to_have_text("0")
    it.call(caller, NEXT_ONE, "promise", promises_minor=30_000)
    # The board asks again every half minute, as long as an expectation waits by itself.
    expect(row.get_by_role("cell").first).to_contain_text("1", timeout=WITHIN_S * 1000)
    expect(row).to_contain_text("$300")
    page.get_by_role("link", name=t("team.tab.week")).click()
    expect(row.get_by_role("cell").first).to_contain_text("4")
    expect(row).to_contain_text("$700")
    look(page, "supervisor-team")
    page.get_by_role("link", name=caller.name).click()
    expect(page.get_by_role("table", name=t("team.acts"))).to_contain_text(NEXT_ONE)


def keep_a_list(page: Page, it: Office) -> None:
    """Who has promised, under a name; found again by it, and shared."""
    page.goto(f"/panel/expedientes/?cartera={it.portfolio_id}&status=promised")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name=t("views.keep")).click()
    form = page.get_by_role("dialog")
    form.get_by_label(t("views.name")).fill("Prometidos")
    form.get_by_label(t("views.share")).check()
    form.get_by_role("button", name=t("common.save"), exact=True).click()
    expect(form).to_have_count(0)
    page.goto(f"/panel/expedientes/?cartera={it.portfolio_id}")
    expect(page.locator("tbody tr")).to_have_count(len(DEBTORS))
    page.locator("select[name=view]").select_option(label=f"Prometidos · {t('views.shared')}")
    expect(page).to_have_url(re.compile("status=promised"))
    expect(page.locator("tbody tr")).to_have_count(2)


def tag_all_and_take_it_back(page: Page, it: Office) -> None:
    page.goto(f"/panel/expedientes/?cartera={it.portfolio_id}")
    expect(page.locator("tbody tr")).to_have_count(len(DEBTORS))
    page.get_by_role("button", name=t("cases.bulk_button"), exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(t("bulk.what")).select_option("tag")
    dialog.get_by_label(t("bulk.tags")).fill("norte")
    dialog.get_by_role("button", name=t("bulk.count")).click()
    expect(dialog).to_contain_text(like("bulk.about.other"))
    expect(dialog.locator(".bulk-count")).to_contain_text(str(len(DEBTORS)))
    expect(dialog).to_contain_text(like("bulk.sample_fine.other"))
    assert tags(it) == [], "counting changes nothing"
    look(page, "supervisor-bulk")
    dialog.get_by_role("button", name=like("bulk.do_it.other")).click()
    expect(dialog.get_by_text(t("bulk.state.done"))).to_be_visible()
    assert tags(it) == ["norte"] * len(DEBTORS)
    dialog.get_by_role("button", name=t("bulk.undo"), exact=True).click()
    expect(dialog.get_by_text(t("bulk.state.undone"))).to_be_visible()
    assert tags(it) == []


def tags(it: Office) -> list[str]:
    return [tag for name in it.cases for tag in it.case(name)["case"]["tags"]]


def ask_to_waive(it: Office, who: DemoUser, name: str) -> None:
    (debt,) = it.case(name)["debts"]
    asked = {"kind": "waiver", "debt_id": debt["debt_id"], "component": "principal",
             "amount_minor": WAIVED_MINOR, "reason": "Estuvo en el hospital"}  # fmt: skip
    api = it.client(who)
    api.post(f"/cases/{it.cases[name]}/corrections", asked, key=new_key())


def decide_as_second_person(page: Page, it: Office, caller: DemoUser) -> None:
    """The caller may not forgive; nor may the supervisor decide on what is her own wish."""
    ask_to_waive(it, caller, ASKED_FOR)
    ask_to_waive(it, it.people["supervisor"], OWN_WISH)
    page.goto(f"/panel/aprobaciones/?cartera={it.portfolio_id}")
    theirs, own = (page.locator(".approval").filter(has_text=n) for n in (ASKED_FOR, OWN_WISH))
    expect(theirs).to_contain_text(caller.name)
    expect(theirs).to_contain_text("$200.00")
    expect(own).to_contain_text(t("approvals.own"))
    expect(own.get_by_role("button")).to_have_count(0)
    look(page, "supervisor-approvals")
    theirs.get_by_role("button", name=t("approvals.approve"), exact=True).click()
    expect(theirs.get_by_text(t("approvals.approved"))).to_be_visible()
    forgiven = {name: owes(it, name) for name in (ASKED_FOR, OWN_WISH)}
    assert forgiven == {ASKED_FOR: 600_000 - WAIVED_MINOR, OWN_WISH: 700_000}
    kinds = [one["kind"] for one in it.events(ASKED_FOR)]
    assert "correction.asked" in kinds
    assert "waiver.posted" in kinds


def charge_off(it: Office, who: DemoUser) -> None:
    """Who calls the debtor asks for it, the supervisor agrees: nothing else is charged off."""
    case_id, (debt,) = it.cases[LEFT_WORD], it.case(LEFT_WORD)["debts"]
    asked = {"debt_ids": [debt["debt_id"]], "reason": "unlocated", "note": "Nadie lo conoce",
             "on": WEDNESDAY.date().isoformat()}  # fmt: skip
    page = it.client(who).post(f"/cases/{case_id}/charge-offs", asked, key=new_key())
    (waits,) = (one["charge_off"] for one in page["debts"])
    path = f"/cases/{case_id}/charge-offs/{waits['charge_off_id']}"
    assert waits["state"] == "waiting"
    it.supervisor.patch(path, {"decision": "approved"})
    case = it.case(LEFT_WORD)["case"]
    assert (case["charged_off"], case["balance"]["minor"]) == (1, CHARGED_OFF_MINOR)


def take_the_charge_off_back(page: Page, it: Office, who: DemoUser) -> None:
    (debt,) = it.case(LEFT_WORD)["debts"]
    path = f"/cases/{it.cases[LEFT_WORD]}/charge-offs/{debt['charge_off']['charge_off_id']}"
    it.client(who).patch(path, {"decision": "reinstate", "reason": "Contestó su hermana"})
    page.goto(f"/panel/aprobaciones/?cartera={it.portfolio_id}")
    asked = page.locator(".approval").filter(has_text=LEFT_WORD)
    expect(asked).to_contain_text("Contestó su hermana")
    asked.get_by_role("button", name=t("approvals.approve"), exact=True).click()
    expect(asked.get_by_text(t("approvals.approved"))).to_be_visible()
    assert it.case(LEFT_WORD)["case"]["charged_off"] == 0
    assert [one["kind"] for one in it.events(LEFT_WORD)].count("debt.reinstated") == 1


def owes(it: Office, name: str) -> int:
    return int(it.case(name)["case"]["balance"]["minor"])


def mention_and_be_mentioned(page: Page, it: Office, caller: DemoUser) -> None:
    supervisor = it.people["supervisor"]
    page.goto(f"/panel/expedientes/caso/?id={it.cases[QUIET]}")
    note = page.get_by_label(t("case.note_label"))
    note.press_sequentially("Ojo @carm")
    expect(page.get_by_role("option", name=caller.name)).to_be_visible()
    note.press("Enter")
    expect(note).to_have_value(f"Ojo @{caller.name} ")
    page.get_by_role("button", name=t("case.note_save")).click()
    expect(note).to_have_value("")
    (task,) = it.client(caller).get("/tasks", whose="mine")["items"]
    assert (task["kind"], task["case_id"]) == ("mention", it.cases[QUIET])

    asked = {"text": f"¿Qué hago, @{supervisor.name}?", "mentions": [supervisor.sub]}
    it.client(caller).post(f"/cases/{it.cases[IS_OUT]}/notes", asked, key=new_key())
    page.goto("/panel/tareas/")
    row = page.get_by_role("row").filter(has_text=IS_OUT)
    expect(row).to_contain_text(t("tasks.kind.mention"))
    expect(row).to_contain_text(f"En una nota de {caller.name}")
    look(page, "supervisor-tasks")
    row.get_by_role("button", name=t("tasks.act.done")).click()
    dialog = page.get_by_role("dialog", name=t("tasks.done_title"))
    dialog.get_by_label(t("tasks.outcome")).fill("Que llame el viernes")
    dialog.get_by_role("button", name=t("tasks.do")).click()
    expect(row).to_contain_text("Que llame el viernes")


def audit(page: Page, it: Office) -> None:
    """Who opened what, and what was changed; for admins."""
    page.goto("/panel/ajustes/")
    page.get_by_role("button", name=t("settings.audit_open")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(t("audit.portfolio")).select_option(it.portfolio_id)
    dialog.get_by_label(t("audit.who")).select_option(it.people["supervisor"].sub)
    dialog.get_by_label(t("audit.what")).select_option("case.opened")
    opened = dialog.get_by_role("row").filter(has_text=QUIET)
    expect(opened.first).to_contain_text(t("audit.kind.case.opened"))
    expect(opened.first).to_contain_text(it.people["supervisor"].name)
    look(page, "admin-audit")
    dialog.get_by_role("link", name=t("audit.tab.changes")).click()
    made = dialog.get_by_role("row").filter(has_text=it.portfolio_id)
    expect(made.filter(has_text=t("audit.change.portfolio.created"))).to_have_count(1)


def figure(it: Office, kpi: str) -> list[tuple[Any, Any]]:
    day = WEDNESDAY.date().isoformat()
    path = f"/portfolios/{it.portfolio_id}/figures"
    told = it.supervisor.get(path, kpi=kpi, **{"from": day, "to": day})
    return [(line["numerator"], line["denominator"]) for line in told["lines"]]


def test_a_supervisors_day(team):
    it, caller = team
    supervisor = it.people["supervisor"]
    # Days that are not in the lake yet are refused, with those that are there.
    with it.desk(supervisor, refused=(LACKING,)) as page:
        read_the_figures(page, it)
        watch_the_board(page, it, caller)
        keep_a_list(page, it)
        tag_all_and_take_it_back(page, it)
        decide_as_second_person(page, it, caller)
        take_the_charge_off_back(page, it, caller)
        mention_and_be_mentioned(page, it, caller)
    with it.desk(it.people["admin"]) as page:
        audit(page, it)

    until(lambda: figure(it, "coverage"), "the lake's answer")
    assert figure(it, "coverage") == [(len(CALLED), len(DEBTORS))]
    assert figure(it, "contact_rate") == [(2, 3)]
    assert figure(it, "intensity") == [(3, 3)]
    assert [numerator for numerator, _ in figure(it, "recovery")] == [PAID_MINOR]
    # It was so on Wednesday, whatever was taken back on Thursday.
    assert [numerator for numerator, _ in figure(it, "charge_off_rate")] == [CHARGED_OFF_MINOR]
