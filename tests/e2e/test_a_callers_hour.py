"""
A caller's hour on the deployed stack, with IAM enforced: what next, why, the call, its result.

It is a Thursday morning in Mexico; two people call from one queue, one of them on a telephone.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from local.users import DemoUser
from tests.e2e.browser import DESK, PHONE, like, look, t
from tests.e2e.office import RESULTS, Debtor, Office, new_key, office

pytestmark = [pytest.mark.stack, pytest.mark.browser]

THE_DAY_BEFORE_LAST_WEEK = datetime(2027, 1, 21, 16, tzinfo=UTC)
MORNING = datetime(2027, 1, 28, 16, tzinfo=UTC)  # a Thursday, ten in the morning there
# Mexico's rules, read strictly, let nobody be called twice on a day: the next hour is tomorrow's.
AT_NINE = "2027-01-29T09:00"
JUST_AFTER = datetime(2027, 1, 29, 15, 1, tzinfo=UTC)
PROMISED_ON = "2027-02-03"
BROKE_IT = "Rosa Rota Prueba"
NOT_TO_BE_CALLED = "Fermín Firme Prueba"
GOOD, REFUSED = "+525541230001", "+525541230002"
OTHERS = ("Aldo Alto Prueba", "Berta Baja Prueba", "Cleo Corta Prueba", "Dora Dulce Prueba")
DEBTORS = [
    Debtor(
        name=BROKE_IT, owes_minor=900_000, due_on=date(2027, 1, 12), phones=(GOOD, REFUSED)
    ),
    Debtor(
        name=NOT_TO_BE_CALLED,
        owes_minor=800_000,
        due_on=date(2027, 1, 12),
        phones=("+525541230003",),
    ),
    *(
        Debtor(
            name=name,
            owes_minor=100_000 * n,
            due_on=date(2027, 1, 12),
            phones=(f"+5255412300{n + 10}",),
        )
        for n, name in enumerate(OTHERS, start=1)
    ),
]  # fmt: skip


@pytest.fixture
def desks(stack, people) -> Iterator[tuple[Office, DemoUser, DemoUser]]:
    """The office, with its queue of the morning, and two who call."""
    with office(stack, people, THE_DAY_BEFORE_LAST_WEEK) as it:
        it.found("Llamadas")
        it.bring(DEBTORS)
        promise = {"amount_minor": 300_000, "due_on": "2027-01-22", "channel": "phone"}
        it.supervisor.post(f"/cases/{it.cases[BROKE_IT]}/promises", promise, key=new_key())
        for name, number in ((BROKE_IT, REFUSED), (NOT_TO_BE_CALLED, DEBTORS[1].phones[0])):
            (phone,) = [one for one in it.case(name)["contacts"] if one["value"] == number]
            said = {"contact_id": phone["contact_id"], "channel": "call", "state": "refused",
                    "source": "writing"}  # fmt: skip
            it.supervisor.post(f"/cases/{it.cases[name]}/consents", said, key=new_key())
        it.set_clock(MORNING)
        it.plan()
        yield it, it.hire("Carmen Llamas", team="Norte"), it.hire("Beto Llano", team="Norte")


def take(page: Page, it: Office) -> str:
    """Ask what comes next; gives whose case it is."""
    page.get_by_role("button", name=t("queue.next"), exact=True).click()
    return whose(page, it)


def whose(page: Page, it: Office) -> str:
    expect(page.locator("#phones")).to_be_visible()
    link = page.locator("#who").get_by_role("link").first
    name = link.inner_text()
    assert str(link.get_attribute("href")).endswith(f"id={it.cases[name]}")
    return name


def open_queue(page: Page, it: Office) -> None:
    page.goto(f"/panel/cola/?cartera={it.portfolio_id}")
    expect(page.get_by_role("heading", name=t("queue.start"))).to_be_visible()


def call(page: Page) -> Locator:
    page.locator("[data-call]").click()
    result = page.locator("#result")
    expect(result.get_by_role("timer")).to_be_visible()
    return result


def end(page: Page, result: Locator, code: str) -> None:
    result.get_by_role("radio", name=RESULTS[code], exact=True).check()
    result.get_by_role("button", name=t("queue.end")).click()
    expect(page.locator("#result")).to_have_count(0)


def the_reasons_and_the_script_are_there(page: Page, caller: DemoUser) -> None:
    why = page.locator("#who .why")
    expect(why).to_contain_text(re.compile(r"Promesa incumplida hace \d+ días"))
    expect(why).to_contain_text(t("queue.reason.never"))
    expect(why).to_contain_text(like("queue.score"))
    expect(page.locator("#who")).to_contain_text("Se puede llamar hasta")
    script = page.locator("#script")
    expect(script).to_contain_text(t("queue.stage.broken"))
    expect(script).to_contain_text(caller.name)
    expect(script).to_contain_text(BROKE_IT)


def a_refused_telephone_has_no_button(page: Page) -> None:
    phones = page.locator("#phones .way")
    expect(phones).to_have_count(2)
    refused = phones.filter(has=page.locator(".channel-not"))
    expect(refused).to_contain_text(REFUSED[-4:])
    expect(refused).to_contain_text(t("contact.why.OPT_OUT"))
    expect(refused.get_by_role("button")).to_have_count(0)
    expect(page.locator("[data-call]")).to_have_count(1)


def a_promise_is_made_in_the_call(page: Page, result: Locator) -> None:
    """Nothing is left unwritten: no result, no end; no promise, not that result."""
    result.get_by_role("button", name=t("queue.end")).click()
    expect(result).to_contain_text(t("queue.wants.result"))
    result.get_by_role("radio", name=RESULTS["promise"], exact=True).check()
    result.get_by_role("button", name=t("queue.end")).click()
    expect(result).to_contain_text(t("queue.wants.promise"))
    result.get_by_role("button", name=t("queue.promise")).click()
    form = page.get_by_role("dialog")
    form.get_by_label(t("case.amount"), exact=True).fill("500")
    form.get_by_label(t("caseacts.promise_on"), exact=True).fill(PROMISED_ON)
    form.get_by_role("button", name=t("caseacts.promise_submit")).click()
    expect(form).to_have_count(0)
    end(page, result, "promise")


def call_back_at_nine(page: Page, result: Locator) -> None:
    result.get_by_role("radio", name=RESULTS["call_back"], exact=True).check()
    result.get_by_label(t("queue.callback_at")).fill(AT_NINE)
    result.get_by_label(t("queue.note")).fill("Está en una junta")
    end(page, result, "call_back")


def skip(page: Page) -> None:
    page.get_by_role("button", name=t("queue.skip")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=t("queue.skip.known")).check()
    dialog.get_by_role("button", name=t("queue.skip")).click()
    expect(dialog).to_have_count(0)


def held(it: Office) -> dict[str, str]:
    """Who has which case now, as the supervisor's board says."""
    board = it.supervisor.get(f"/portfolios/{it.portfolio_id}/queue")
    return {line["turn"]["person"]["name"]: line["name"] for line in board["taken"]}


def the_case_tells_of_it(page: Page, it: Office) -> None:
    page.goto(f"/panel/expedientes/caso/?id={it.cases[BROKE_IT]}")
    timeline = page.locator("#timeline")
    for words in (RESULTS["promise"], "$500.00", "Carmen Llamas"):
        expect(timeline).to_contain_text(words)
    page.get_by_role("button", name=t("case.verify")).click()
    expect(page.get_by_text(like("caseacts.intact.other"))).to_be_visible()


def test_a_callers_hour(desks):
    it, carmen, beto = desks
    with it.desk(carmen, DESK) as hers, it.desk(beto, PHONE) as his:
        open_queue(hers, it)
        open_queue(his, it)
        assert take(hers, it) == BROKE_IT, "the one who broke a promise comes first"
        of_beto = take(his, it)
        assert of_beto in OTHERS
        assert held(it) == {carmen.name: BROKE_IT, beto.name: of_beto}
        the_reasons_and_the_script_are_there(hers, carmen)
        a_refused_telephone_has_no_button(hers)
        look(hers, "caller-next")
        look(his, "caller-next-phone")

        result = call(hers)
        assert hers.evaluate("sessionStorage.getItem('test-dialled')") == f"tel:{GOOD}"
        look(hers, "caller-call")
        a_promise_is_made_in_the_call(hers, result)

        called_back = take(hers, it)
        call_back_at_nine(hers, call(hers))
        skipped = take(hers, it)
        skip(hers)  # and the next one comes by itself
        expect(hers.locator("#who").get_by_role("link").first).not_to_have_text(skipped)
        tried = whose(hers, it)
        end(hers, call(hers), "no_answer")
        hers.get_by_role("button", name=t("queue.again_do")).click()
        expect(hers.get_by_text(t("queue.again_done"))).to_be_visible()
        assert {called_back, skipped, tried, of_beto} == set(OTHERS), "nobody twice, nobody left"
        hers.get_by_role("button", name=t("queue.next"), exact=True).click()
        expect(hers.get_by_role("heading", name=t("queue.none"))).to_be_visible()

        his_result = call(his)
        his_result.get_by_label(t("queue.note")).fill("Cobra el viernes")
        look(his, "caller-call-phone")
        end(his, his_result, "undecided")
        assert held(it) == {}

    board = it.supervisor.get(f"/portfolios/{it.portfolio_id}/queue")
    assert board["skipped"] == {"known": 1}

    it.set_clock(JUST_AFTER)
    with it.desk(carmen, DESK) as hers:
        open_queue(hers, it)
        assert take(hers, it) == tried, "whose second try was meant for three hours later"
        end(hers, call(hers), "no_answer")
        assert take(hers, it) == called_back, "and who asked for this very hour"
        expect(hers.locator("#who .why")).to_contain_text(t("queue.reason.call_back"))
        end(hers, call(hers), "already_paid")
        the_case_tells_of_it(hers, it)

    (open_one,) = [one for one in it.case(BROKE_IT)["promises"] if one["state"] == "open"]
    assert (open_one["amount"]["minor"], open_one["due_on"]) == (50_000, PROMISED_ON)
    results = {
        name: [
            event["facts"]["disposition"]
            for event in it.events(name, "attempt.")
            if event["facts"].get("disposition")
        ]
        for name in it.cases
    }
    assert results == {
        BROKE_IT: ["promise"],
        NOT_TO_BE_CALLED: [],
        called_back: ["already_paid", "call_back"],
        skipped: [],
        tried: ["no_answer", "no_answer"],
        of_beto: ["undecided"],
    }
