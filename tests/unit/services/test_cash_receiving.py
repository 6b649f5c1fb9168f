"""Cash in a visit's report: credited once, whatever is wrong with it, and said what is."""

from dataclasses import replace

import pytest

from chalicelib.domain.cash import SOURCE, series_of
from chalicelib.domain.errors import VisitInvalid, VisitTaken
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import CashLimits, Identification
from chalicelib.domain.visit import Standing
from tests.builders import NOW
from tests.visit_world import ANA, Street

SERIES = series_of("dev_0000000001", "ana")


@pytest.fixture
def street():
    street = Street()
    allow(street)
    return street


def allow(street, **policies):
    street.portfolio = replace(
        street.portfolio,
        policies=replace(street.portfolio.policies, **{"cash_allowed": True} | policies),
    )


def cash(number=1, amount_minor=30_000, **values):
    at = to_plain(NOW)
    return {"number": f"{SERIES}-{number:06d}", "amount_minor": amount_minor, "at": at} | values


def paid(street, visit_id="vis_0000000001", **values):
    return street.visit(
        visit_id=visit_id,
        met={"who": "holder", "name": ""},
        disposition="cash_paid",
        **{"cash": cash()} | values,
    )


def held(street):
    return street.cases.cash.hand("prt_test", "ana").held_minor


def told(visit):
    return [clash.code for clash in visit.findings.clashes]


def test_the_debtor_has_full_credit_at_once_and_the_agent_holds_it(street):
    visit = paid(street)

    assert told(visit) == []
    assert "cash" not in visit.findings.doubts
    assert street.file.head.balance_minor == 70_000
    assert held(street) == 30_000
    entry = next(e for e in street.file.entries if e.source == SOURCE)
    assert (entry.reference, entry.amount_minor) == (cash()["number"], -30_000)
    assert "cash.received" in [event.kind for event in street.file.events]


def test_the_same_report_twice_is_one_payment(street):
    first = paid(street)
    assert paid(street) == first
    assert street.file.head.balance_minor == 70_000
    assert held(street) == 30_000


def test_another_report_under_the_same_visit_changes_nothing(street):
    paid(street)
    with pytest.raises(VisitTaken):
        paid(street, cash=cash(2))
    assert held(street) == 30_000


def test_a_number_used_by_another_visit_is_credited_and_looked_at(street):
    paid(street)
    second = paid(street, "vis_0000000002", cash=cash(1, 5_000))

    assert told(second) == ["cash.repeated"]
    assert second.standing is Standing.REVIEW
    assert "cash" in second.findings.doubts
    assert street.file.head.balance_minor == 65_000
    assert held(street) == 35_000


def test_a_race_for_a_number_ends_in_two_credits_one_of_them_doubted(street):
    """Two visits are read before either is written: the second meets the first at the commit."""
    real, calls = street.cases.cash.receipt, []

    def stale(key):
        calls.append(key)
        return None if len(calls) == 1 else real(key)

    paid(street)
    street.cases.cash.receipt = stale
    second = paid(street, "vis_0000000002", cash=cash(1, 5_000))

    assert told(second) == ["cash.repeated"]
    assert held(street) == 35_000


def test_more_than_the_hand_may_hold_is_credited_and_looked_at(street):
    allow(street, cash=CashLimits(hand_limit_minor=40_000))
    assert told(paid(street)) == []
    second = paid(street, "vis_0000000002", cash=cash(2, 10_001))

    assert told(second) == ["cash.over_limit"]
    assert street.file.head.balance_minor == 59_999


def test_more_than_is_owed_becomes_a_credit_and_is_looked_at(street):
    visit = paid(street, cash=cash(1, 120_000))

    assert told(visit) == ["cash.more_than_owed"]
    assert street.file.head.balance_minor == -20_000
    assert held(street) == 120_000


def test_where_the_portfolio_takes_no_cash_the_debtor_is_credited_all_the_same(street):
    allow(street, cash_allowed=False)
    visit = paid(street)

    assert "cash.not_allowed" in told(visit)
    assert street.file.head.balance_minor == 70_000


def test_in_mexico_an_agency_takes_no_cash(street):
    street.portfolio = replace(
        street.portfolio, identification=Identification(agency="Cobranza Sur")
    )
    assert "cash.not_allowed" in told(paid(street))


def test_a_case_without_debts_keeps_the_receipt_unposted(street):
    bare = Street(debt=False)
    allow(bare)
    visit = paid(bare)

    assert "cash.more_than_owed" in told(visit)
    receipt = bare.cases.cash.receipt(cash()["number"])
    assert (receipt.reference, receipt.doubts) == ("", ("more_than_owed", "not_posted"))
    assert held(bare) == 30_000


def test_a_number_of_somebody_elses_series_is_nonsense(street):
    with pytest.raises(VisitInvalid) as refused:
        paid(street, cash=cash(number=1) | {"number": "AAAAAAAA-000001"})
    assert refused.value.details["fields"] == [{"field": "cash.number", "reason": "foreign"}]
    assert held(street) == 0


def test_two_agents_take_cash_from_the_same_debtor(street):
    paid(street)
    beto = replace(ANA, actor_id="user:beto")
    number = f"{series_of('dev_0000000001', 'beto')}-000001"
    street.visit(
        actor=beto, visit_id="vis_0000000002", disposition="cash_paid",
        met={"who": "holder", "name": ""}, cash=cash() | {"number": number},
    )  # fmt: skip
    assert street.file.head.balance_minor == 40_000
    assert held(street) == 30_000
    assert street.cases.cash.hand("prt_test", "beto").held_minor == 30_000


def test_a_debtor_who_confirmed_by_code_is_on_the_receipt(street):
    number = cash()["number"]
    street.proved.add((street.case_id, number, "otc_1"))
    visit = paid(street, cash=cash(code_id="otc_1"))
    assert told(visit) == []
    assert street.cases.cash.receipt(number).confirmed == "code"


def test_a_code_that_was_not_read_back_is_looked_at(street):
    visit = paid(street, cash=cash(code_id="otc_2"))
    assert told(visit) == ["cash.code_wrong"]
    assert street.file.head.balance_minor == 70_000
