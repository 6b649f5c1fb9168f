"""What somebody earned in a month: of what is put down to them, for those who may see it."""

from dataclasses import replace

import pytest

from chalicelib.domain.commission import CommissionRules, Rate, Tier
from chalicelib.domain.errors import BadField, PortfolioNotFound
from chalicelib.domain.ledger import EntryKind
from chalicelib.services import commissions
from tests.queue_world import ANA, BOSS, LUIS, TODAY
from tests.unit.services.test_boards import STRANGER, Office

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


def team(office, actor=BOSS, month="2026-11", cursor=None):
    return commissions.of_team(
        "prt_test",
        month,
        actor=actor,
        means=office.board_means,
        cases=office.cases,
        cursor=cursor,
    )


def test_a_supervisor_reads_each_persons_month_by_lateness_and_an_agent_the_own_line(office):
    rules = replace(RULES, rates=(Rate(up_to_days=5, ppm=90_000), Rate(up_to_days=30, ppm=40_000)))
    policies = replace(office.portfolio.policies, commission=(rules,))
    office.portfolio = replace(office.portfolio, policies=policies)
    office.board_means = replace(office.board_means, portfolios=office.portfolios)
    collected(office)  # ten days late
    office.called(2, "undecided", LUIS)

    ana, luis = team(office)["rows"]

    assert (ana["person"]["id"], ana["earned_minor"], ana["payments"]) == ("ana", 2_000, 1)
    assert [(one["up_to_days"], one["earned_minor"]) for one in ana["bands"]] == [
        (5, 0),
        (30, 2_000),
        (None, 0),
    ]
    assert sum(one["collected_minor"] for one in ana["bands"]) == ana["collected_minor"] == 50_000
    assert (luis["person"]["id"], luis["earned_minor"]) == ("luis", 0)
    assert [row["person"]["id"] for row in team(office, actor=LUIS)["rows"]] == ["luis"]
    assert [row["person"]["id"] for row in team(office, actor=ANA)["rows"]] == ["ana"]
    with pytest.raises(PortfolioNotFound):
        team(office, actor=STRANGER)
    with pytest.raises(BadField):
        team(office, month="2026-13")


def test_the_teams_month_agrees_with_each_persons_and_pages_over_people(office, monkeypatch):
    collected(office)
    office.called(2, "undecided", LUIS)
    whole = team(office)["rows"]
    assert whole[0]["earned_minor"] == sheet(office)["earned"]["minor"]
    monkeypatch.setattr(commissions, "PEOPLE_AT_ONCE", 1)

    first = team(office)
    second = team(office, cursor=first["cursor"])

    assert [*first["rows"], *second["rows"]] == whole
    assert second["cursor"] is None


def test_without_rules_or_with_too_many_payments_a_team_has_no_amounts(office, monkeypatch):
    collected(office)
    assert team(office, month="2026-10") == {
        "month": "2026-10",
        "currency": "MXN",
        "rules": None,
        "rows": [],
        "cursor": None,
    }
    case_id = next(iter(office.cases.files))
    office.change(case_id, lambda d: d.pay(100, paid_on=TODAY, source="bank", reference="2"))
    monkeypatch.setattr(commissions, "PAGE", 1)
    monkeypatch.setattr(commissions, "MOST_LINES", 1)

    (row,) = team(office)["rows"]

    assert (row["earned_minor"], row["collected_minor"], row["bands"]) == (None, None, [])
