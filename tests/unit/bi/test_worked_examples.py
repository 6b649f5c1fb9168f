"""Figures whose answer is known beforehand: examples small enough to reckon on paper."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from chalicelib.bi.kpis import Figure
from chalicelib.bi.questions import OfCases, OfKpi, Question
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.contact import AttemptState, Cause, Channel
from chalicelib.domain.errors import DayMissing
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.visit import Standing
from lake.engine import Engine
from lake.shelf import Shelf
from tests.builders import an_attempt, in_instalments
from tests.lake_world import a_lake

DAY = timedelta(days=1)
MAY_1 = date(2026, 5, 1)


@pytest.fixture
def world():
    with a_lake() as made:
        yield made


def ask(world, about, first, last):
    shelf = Shelf(world.disk.at.with_name(f"{world.disk.at.name}-shelf"), most=1 << 30)
    question = Question(
        about=about, portfolio_id="prt_test", first=first, last=last, bands=tuple(DEFAULT_BANDS)
    )
    return Engine(files=world.disk, shelf=shelf).ask(question).rows


def told(world, code, first, last):
    rows = [Figure(*row) for row in ask(world, OfKpi(code=code), first, last)]
    return {(row.group_1, row.group_2): row for row in rows}


def one(world, code, first, last):
    (figure,) = told(world, code, first, last).values()
    return figure


def test_dso_by_count_back_is_that_of_the_book(world):
    """
    Oracle's example: 12,000 are owed; five months' sales use up 11,000 of them, and the last
    1,000 are so much of the 30 days in which 2,250 were sold.
    """
    sold = {9: 2_500, 8: 1_750, 7: 2_250, 6: 2_500, 5: 2_000, 4: 2_250}
    for month, minor in sold.items():
        case_id = world.debtor(
            month, MAY_1, minor=minor, due_on=date(2026, 12, 1), issued_on=date(2026, month, 10)
        )
    world.pay(case_id, 1_250, MAY_1 + DAY)
    last = date(2026, 9, 30)
    world.export(last)

    figure = one(world, "dso_countback", date(2026, 9, 1), last)

    assert sum(file.head.balance_minor for file in world.cases.files.values()) == 12_000
    assert figure.value == 30 + 31 + 31 + 30 + 31 + Fraction(1_000 * 30, 2_250)


def test_dso_by_count_back_of_what_no_sales_explain_is_all_the_days_there_are(world):
    """A credit of later goods than those on file: what was sold is less than what is owed."""
    world.debtor(1, MAY_1, minor=1_000, issued_on=MAY_1)
    world.debtor(2, MAY_1, minor=500, issued_on=date(2026, 7, 1))
    last = MAY_1 + 9 * DAY
    world.export(last)

    assert one(world, "dso_countback", MAY_1, last).value == 10


def test_time_to_cure_is_the_one_in_the_middle(world):
    for number, days in enumerate((2, 5, 20)):
        case_id = world.debtor(number, MAY_1, minor=1_000, due_on=MAY_1 - 10 * DAY)
        world.pay(case_id, 1_000, MAY_1 + days * DAY)
    world.debtor(9, MAY_1, due_on=MAY_1 - 10 * DAY)  # never cured
    world.export(MAY_1 + 30 * DAY, since=MAY_1)

    odd = one(world, "time_to_cure", MAY_1 + DAY, MAY_1 + 30 * DAY)
    even = one(world, "time_to_cure", MAY_1 + DAY, MAY_1 + 10 * DAY)

    assert (odd.value, odd.sample) == (5, 3)
    assert (even.value, even.denominator, even.sample) == (Fraction(7, 2), 2, 2)


def test_who_is_late_again_within_ninety_days_relapsed(world):
    """Two debts of two parts each are cured; one pays its second part in time, one does not."""
    first = MAY_1
    for number in (1, 2):
        debt = in_instalments(2, 500, first - 10 * DAY, external_id=f"F-{number}")
        case_id = world.put(debt, number, first)
        world.pay(case_id, 500, first + DAY)
        if number == 1:
            world.pay(case_id, 500, first + 15 * DAY)
    cured_on = first + DAY
    period = cured_on + 90 * DAY
    world.export(period, since=first)

    figure = one(world, "redefault", period, period)

    assert (figure.numerator, figure.denominator) == (1, 2)
    behind = ask(world, OfCases(code="redefault"), period, period)
    assert [times for _, times, _ in behind] == [1]
    with pytest.raises(DayMissing, match="2026-04"):
        one(world, "redefault", period - DAY, period)


def test_at_risk_is_what_is_owed_ninety_days_after_it_fell_due(world):
    for number, paid in enumerate((0, 750, 1_000)):
        case_id = world.debtor(number, MAY_1, minor=1_000, due_on=MAY_1)
        if paid:
            world.pay(case_id, paid, MAY_1 + 30 * DAY)
    day = MAY_1 + 90 * DAY
    world.export(day)

    assert one(world, "at_risk", day, day).value == Fraction(1_250, 3_000)


def test_what_is_paid_within_a_week_is_put_down_to_the_last_direct_contact(world):
    soon, late = (world.debtor(n, MAY_1, minor=1_000, due_on=MAY_1) for n in (1, 2))
    for case_id in (soon, late):
        world.call(case_id, world.at(MAY_1 + DAY), "conversation")
    world.pay(soon, 600, MAY_1 + 8 * DAY)
    world.pay(late, 200, MAY_1 + 9 * DAY)
    world.export(MAY_1 + 9 * DAY, since=MAY_1)

    found = told(world, "attribution", MAY_1 + 8 * DAY, MAY_1 + 9 * DAY)

    assert {key: figure.value for key, figure in found.items()} == {
        ("call", ""): Fraction(600, 800)
    }


def test_arms_of_a_strategy_are_told_by_who_paid_within_a_fortnight(world):
    for number, (variant, paid_after) in enumerate(
        (("a", 3), ("a", 14), ("a", 15), ("b", 1), ("b", None))
    ):
        case_id = world.debtor(number, MAY_1, minor=1_000, due_on=MAY_1)
        at = world.at(MAY_1 + DAY)
        sent = an_attempt(
            f"att_{number}",
            channel=Channel.SMS,
            state=AttemptState.SENT,
            cause=Cause(kind="strategy", strategy="str_1@2", step="d1", variant=variant),
            created_at=at,
            sent_at=at,
        )
        world.change(case_id, at, lambda draft, sent=sent: draft._keep(sent, "attempt.sent", {}))
        if paid_after is not None:
            world.pay(case_id, 100, MAY_1 + DAY + paid_after * DAY)
    last = MAY_1 + 20 * DAY
    world.export(last, since=MAY_1)

    found = told(world, "strategy_ab", MAY_1 + 15 * DAY, last)

    assert {key: (f.numerator, f.denominator) for key, f in found.items()} == {
        ("str_1@2", "a"): (2, 3), ("str_1@2", "b"): (1, 2),
    }  # fmt: skip
    behind = OfCases(code="strategy_ab", group_1="str_1@2", group_2="a")
    assert len(ask(world, behind, MAY_1 + 15 * DAY, last)) == 2


def test_a_visit_has_a_week_to_be_followed_by_a_payment(world):
    """
    Five visits that have had their week: 600 on the seventh day, 200 on the eighth, 100 that came
    after two visits of one case, 500 that bounced. One of yesterday is not judged yet.
    """
    soon, late, twice, bounced, young = (
        world.debtor(n, MAY_1, minor=1_000, due_on=MAY_1) for n in range(5)
    )
    for case_id in (soon, late, twice, bounced):
        world.visit(case_id, world.at(MAY_1 + DAY))
    world.visit(twice, world.at(MAY_1 + 3 * DAY))
    world.visit(soon, world.at(MAY_1 + DAY, hour=14), standing=Standing.REJECTED)  # counts nowhere
    world.pay(soon, 600, MAY_1 + 8 * DAY)
    world.pay(late, 200, MAY_1 + 9 * DAY)
    world.pay(twice, 100, MAY_1 + 4 * DAY)
    world.pay(bounced, 500, MAY_1 + 2 * DAY)
    (paid,) = (e for e in world.cases.open(bounced).entries if e.kind is EntryKind.PAYMENT)
    world.change(bounced, world.at(MAY_1 + 5 * DAY), lambda d: d.reverse(paid.entry_id, reason="x"))
    last = MAY_1 + 11 * DAY
    world.visit(young, world.at(last - DAY))
    world.pay(young, 900, last)
    world.export(last, since=MAY_1)

    paid, collected = (
        one(world, code, MAY_1 + 8 * DAY, last) for code in ("visits_paid", "visit_collected")
    )

    assert (paid.numerator, paid.denominator, paid.sample) == (3, 5, 5)
    assert (collected.numerator, collected.denominator, collected.value) == (700, 5, 140)
    behind = {
        hit: ask(world, OfCases(code="visits_paid", hit=hit), MAY_1 + 8 * DAY, last)
        for hit in (True, False)
    }
    assert {case_id: times for case_id, times, _ in behind[True]} == {soon: 1, twice: 2}
    assert {case_id for case_id, *_ in behind[False]} == {late, bounced}
    worth = ask(world, OfCases(code="visit_collected"), MAY_1 + 8 * DAY, last)
    assert [(case_id, minor) for case_id, _, minor in worth] == [(soon, 600), (twice, 100)]
