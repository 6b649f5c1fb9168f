"""Days untouched: a rule holds for exactly the cases that the list tells of."""

from datetime import timedelta

import pytest

from chalicelib.domain.case_list import CaseFilter
from chalicelib.services.case_search import MOST_DAYS, untouched_for
from chalicelib.strategies import rules
from chalicelib.strategies.facts import facts_of
from chalicelib.strategies.model import Rule
from tests.builders import NOW, TODAY, a_debt, a_draft, a_portfolio, an_attempt, change_of
from tests.fakes import MemoryCases

AGO = (None, 0, 1, 2, 6, 7, 8, 30, 400)


@pytest.fixture(scope="module")
def cases():
    """One whom nobody ever turned to, and others so many days ago."""
    store = MemoryCases()
    for number, days in enumerate(AGO):
        draft = a_draft(a_debt(f"F-{number}"), key=f"D-{number}")
        if days is not None:
            draft.record(an_attempt(sent_at=NOW - timedelta(days=days)))
        store.commit(change_of(draft))
    return store


@pytest.mark.parametrize("days", [1, 2, 7, 8, 30, 31, MOST_DAYS])
def test_a_rule_and_the_list_s_filter_agree(cases, days):
    portfolio = a_portfolio()
    rule = Rule(op=">=", field="days_untouched", value=days)
    held = {
        key
        for key, file in cases.files.items()
        if rules.holds(rule, facts_of(file, portfolio, TODAY))
    }

    listed = cases.list(
        portfolio.portfolio_id,
        sort="touched",
        where=untouched_for(CaseFilter(), days, TODAY),
        limit=50,
    )

    assert held == {line.case_id for line in listed.items}
    assert len(held) == sum(ago is None or ago >= days for ago in AGO)


def test_whom_nobody_ever_turned_to_does_not_age(cases):
    (never,) = [file for file in cases.files.values() if file.head.touched_on is None]
    facts = facts_of(never, a_portfolio(), TODAY)

    assert facts.values["days_untouched"] > MOST_DAYS
    rule = Rule(op=">=", field="days_untouched", value=7)
    assert list(rules.changes_on(rule, facts)) == []
