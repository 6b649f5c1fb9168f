"""What somebody earned in a month: of what is put down to them, for those who may see it."""

from dataclasses import replace

import pytest

from chalicelib.domain.commission import CommissionRules, Rate, Tier
from chalicelib.domain.errors import BadField
from chalicelib.domain.ledger import EntryKind
from chalicelib.services import commissions
from tests.queue_world import BOSS, TODAY
from tests.unit.services.test_boards import Office

RULES = CommissionRules(
    from_month="2026-11",
    rates=(Rate(up_to_days=None, ppm=40_000),),
    tiers=(Tier(reached_percent=100, percent=120),),
)


@pytest.fixture
def office():
    made = Office()
    policies = replace(made.portfolio.policies, commission=(RULES,))
    made.portfolio = replace(made.portfolio, policies=policies)
    made.board_means = replace(made.board_means, portfolios=made.portfolios)
    return made


def sheet(office, actor=BOSS, person="ana", month="2026-11"):
    return commissions.of_person(
        "prt_test", person, month, actor=actor, means=office.board_means, cases=office.cases
    )


def collected(office, minor=50_000):
    case_id = office.called(1, "undecided")
    office.change(case_id, lambda d: d.pay(minor, paid_on=TODAY, source="bank", reference="1"))
    return case_id


def test_a_payment_after_a_call_earns_and_its_reversal_takes_it_back(office):
    case_id = collected(office)

    found = sheet(office)

    (line,) = found["lines"]
    assert (line["case_id"], line["late_days"], line["ppm"]) == (case_id, 10, 40_000)
    assert (found["earned"]["minor"], found["collected"]["minor"]) == (2_000, 50_000)
    assert sheet(office, person="luis")["lines"] == []

    entry = next(one for one in office.cases.open(case_id).entries if one.kind is EntryKind.PAYMENT)
    office.change(case_id, lambda d: d.reverse(entry.entry_id, reason="bounced"))
    found = sheet(office)
    assert sorted(one["earned"]["minor"] for one in found["lines"]) == [-2_000, 2_000]
    assert found["earned"]["minor"] == 0


def test_a_goal_that_was_reached_makes_it_more(office):
    collected(office)
    office.set(**{"person:ana": {"collected_minor": 50_000}})

    found = sheet(office)

    assert (found["percent"], found["earned"]["minor"]) == (120, 2_400)


def test_before_any_rule_nothing_is_shown(office):
    collected(office)

    found = sheet(office, month="2026-10")

    assert (found["rules"], found["earned"], found["lines"]) == (None, None, [])


def test_more_payments_than_are_shown_have_no_total(office, monkeypatch):
    collected(office)
    case_id = next(iter(office.cases.files))
    office.change(case_id, lambda d: d.pay(100, paid_on=TODAY, source="bank", reference="2"))
    monkeypatch.setattr(commissions, "PAGE", 1)
    assert len(sheet(office)["lines"]) == 2
    monkeypatch.setattr(commissions, "MOST_LINES", 1)

    found = sheet(office)

    assert (found["more"], found["earned"], found["collected"]) == (True, None, None)


def test_a_month_that_is_none_is_refused(office):
    with pytest.raises(BadField):
        sheet(office, month="2026-13")
