"""What a supervisor reads of the law, and that it is what the engine enforces."""

from datetime import time

import pytest

from chalicelib.compliance import packs
from chalicelib.domain.people import Actor, Role
from chalicelib.services import contact_rules
from tests.builders import NOW, a_portfolio
from tests.contact_world import OnePortfolio

BOSS = Actor(actor_id="user:1", role=Role.SUPERVISOR, portfolios=("*",))


def read(country="CO", actor=BOSS):
    portfolio = a_portfolio(country=country)
    return contact_rules.page(
        portfolio.portfolio_id, actor=actor, portfolios=OnePortfolio(portfolio), now=NOW
    )


@pytest.mark.parametrize("country", packs.countries())
def test_every_rule_shown_is_the_one_enforced_with_its_article_and_sources(country):
    rules, pack = read(country)["rules"], packs.load(country)

    assert rules["reference"] == pack.reference
    known = {source["source_id"] for source in rules["sources"]}
    for shown in rules["channels"]:
        enforced = pack.rules[shown["channel"]]
        assert shown["allowed"] == enforced.allowed
        assert len(shown["mon_fri"]) == len(enforced.hours.mon_fri)
        assert shown["article"] == enforced.article
        assert set(shown["sources"]) <= known
    assert [(cap["most"], cap["period"]) for cap in rules["caps"]] == [
        (cap.max, str(cap.period)) for cap in pack.caps
    ]


def test_hours_are_written_as_people_read_them():
    call = next(c for c in read("CO")["rules"]["channels"] if c["channel"] == "call")

    assert (call["mon_fri"], call["sat"], call["sun"]) == (
        [["07:00", "19:00"]], [["08:00", "15:00"]], [],
    )  # fmt: skip
    always = contact_rules._windows(((time.min, time.max),))
    assert always == [["00:00", "24:00"]]


def test_the_next_closed_days_are_to_come_and_in_order():
    days = read("CO")["rules"]["holidays"]

    assert days == sorted(days)
    assert days[:2] == ["2026-12-08", "2026-12-25"]


def test_only_an_admin_may_tighten():
    admin = Actor(actor_id="user:2", role=Role.ADMIN, portfolios=("*",))

    assert [read(actor=one)["can"]["tighten"] for one in (BOSS, admin)] == [False, True]
