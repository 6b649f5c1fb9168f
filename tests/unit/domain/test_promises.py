"""Promises: the whole machine, whatever is paid and whenever."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import reliability
from chalicelib.domain.case import MATURED, CaseStatus, PromiseState
from chalicelib.domain.draft import after
from chalicelib.domain.draft_promises import Part
from chalicelib.domain.errors import BadField
from chalicelib.domain.portfolio import Component, PromiseLimits
from chalicelib.domain.promises import credited, next_open
from chalicelib.domain.reliability import Reliability
from tests.builders import NOW, TODAY, a_case, a_debt, a_portfolio, reopened

ZONE = "America/Mexico_City"
WEEK = timedelta(days=7)


def done(file, *steps, **values):
    draft = reopened(file, **values)
    for step in steps:
        step(draft)
    change = draft.change()
    return after(file, change) if change else file


def on(day):
    return NOW + timedelta(days=(day - TODAY).days)


def a_series(*amounts, file=None):
    parts = [
        Part(f"pro_{n}", minor, TODAY + WEEK * (n + 1), TODAY + WEEK * (n + 1) + timedelta(days=1))
        for n, minor in enumerate(amounts)
    ]
    file = file or a_case(a_debt(stated_principal_minor=10_000_000))
    return done(file, lambda d: d.promise_series("ser_1", parts, channel="call"))


def pays(minor, day):
    return lambda d: d.pay(minor, paid_on=day, source="bank", reference=f"{day}/{minor}")


def states(file):
    return [one.state.value for one in file.promises]


def settled(file, day):
    return done(
        file, *(lambda d, key=one.promise_id: d.settle_promise(key) for one in file.promises),
        now=on(day),
    )  # fmt: skip


def test_a_payment_counts_once_in_a_series():
    file = a_series(10_000, 10_000, 10_000)

    file = done(file, pays(15_000, TODAY), now=on(TODAY))

    assert states(file) == ["kept", "open", "open"]
    assert credited(file.promises, file.entries, ZONE) == {
        "pro_0": 10_000, "pro_1": 5_000, "pro_2": 0,
    }  # fmt: skip


def test_what_comes_too_late_for_one_counts_for_the_next():
    file = a_series(10_000, 10_000)
    late = TODAY + WEEK + timedelta(days=2)

    file = settled(done(file, pays(10_000, late), now=on(late)), late)

    assert states(file) == ["broken", "kept"]
    assert [one.paid_minor for one in file.promises] == [0, 10_000]


def test_a_new_promise_takes_the_place_of_a_whole_series():
    file = done(a_series(10_000, 10_000), lambda d: d.promise("pro_9", 5, TODAY, channel=""))

    assert states(file) == ["replaced", "replaced", "open"]
    assert reliability.of(file.promises).matured == 0


def test_two_of_a_series_cannot_be_due_on_one_day():
    parts = [Part("a", 1, TODAY), Part("b", 1, TODAY)]

    with pytest.raises(BadField):
        reopened(a_case()).promise_series("ser_1", parts, channel="")


def test_the_next_of_a_series_is_the_one_that_is_talked_of():
    file = a_series(10_000, 10_000)
    assert next_open(file.promises).promise_id == "pro_0"

    file = done(file, pays(10_000, TODAY))

    assert next_open(file.promises).promise_id == "pro_1"


def test_the_tolerance_is_the_portfolios_when_it_was_made():
    strict = a_portfolio(promises=PromiseLimits(kept_percent=100, partial_percent=50))
    file = a_case(portfolio=strict)
    file = done(file, lambda d: d.promise("pro_1", 10_000, TODAY, channel=""), portfolio=strict)

    file = done(file, pays(9_900, TODAY))  # under the usual policy again

    assert states(file) == ["open"]
    assert states(settled(file, TODAY + timedelta(days=1))) == ["partial"]


def test_nothing_is_broken_when_nothing_is_owed_any_more():
    file = done(a_case(), lambda d: d.promise("pro_1", 90_000, TODAY + WEEK, channel=""))
    (debt,) = file.debts

    file = done(
        file,
        lambda d: d.waive(
            debt.debt_id, Component.PRINCIPAL, 100_000, reason="x", source="m", reference="r"
        ),
    )

    assert (file.head.status, states(file)) == (CaseStatus.SETTLED, ["cancelled"])


def test_a_reversal_makes_less_of_what_was_kept():
    file = done(a_case(), lambda d: d.promise("pro_1", 50_000, TODAY, channel=""))
    file = done(file, pays(50_000, TODAY))
    assert reliability.of(file.promises) == Reliability(
        matured=1, kept=1, promised_minor=50_000, kept_minor=50_000, share_mille=1000
    )

    file = done(file, lambda d: d.reverse(file.entries[-1].entry_id, reason="devuelto"))

    assert states(file) == ["open"]
    assert reliability.of(file.promises) == Reliability()


def test_only_what_a_person_agreed_is_theirs():
    file = done(a_case(), lambda d: d.promise("pro_1", 50_000, TODAY, channel=""))
    file = settled(file, TODAY + timedelta(days=1))
    bot = [replace(one, made_by="system") for one in file.promises]

    assert reliability.by_person(file.promises)["ana"]["promises_broken"] == 1
    assert reliability.by_person(bot) == {}


amounts = st.lists(st.integers(1, 50_000), min_size=1, max_size=4)
payments = st.lists(st.tuples(st.integers(1, 60_000), st.integers(0, 40)), max_size=6)


def after_paying(file, paid):
    for number, (minor, days) in enumerate(paid):
        day = TODAY + timedelta(days=days)
        file = done(
            file,
            lambda d, m=minor, t=day, n=number: d.pay(
                m, paid_on=t, source="bank", reference=f"{n}"
            ),
            now=on(date(2027, 3, 1)),
        )
    return file


@given(promised=amounts, paid=payments)
def test_no_peso_is_credited_twice_and_none_beyond_what_was_promised(promised, paid):
    file = after_paying(a_series(*promised), paid)

    given_to = credited(file.promises, file.entries, ZONE)

    assert sum(given_to.values()) <= sum(minor for minor, _ in paid)
    assert all(0 <= given_to[one.promise_id] <= one.amount_minor for one in file.promises)


@given(promised=amounts, paid=payments, more=st.tuples(st.integers(1, 60_000), st.integers(0, 40)))
def test_who_pays_more_never_keeps_less(promised, paid, more):
    file = after_paying(a_series(*promised), paid)
    before = credited(file.promises, file.entries, ZONE)

    file = after_paying(file, []) if not paid else file
    richer = done(
        file,
        lambda d: d.pay(
            more[0], paid_on=TODAY + timedelta(days=more[1]), source="bank", reference="more"
        ),
        now=on(date(2027, 3, 1)),
    )
    now = credited(richer.promises, richer.entries, ZONE)

    assert all(now[key] >= before[key] for key in before)


@given(promised=amounts, paid=payments)
def test_every_promise_ends_and_the_figures_are_those_of_the_matured(promised, paid):
    file = settled(after_paying(a_series(*promised), paid), date(2027, 3, 2))

    known = reliability.of(file.promises)

    assert {one.state for one in file.promises} <= MATURED | {PromiseState.CANCELLED}
    matured = [one for one in file.promises if one.matured]
    assert known.matured == known.kept + known.partial + known.broken == len(matured)
    assert known.kept_minor <= known.promised_minor
    assert known.score is None or 0 <= known.score <= 100


@given(st.lists(st.sampled_from(["kept", "broken"]), min_size=1, max_size=30))
def test_a_kept_one_more_never_lowers_the_score(ends):
    kept = ends.count("kept")
    before = Reliability(matured=len(ends), share_mille=1000 * kept)
    better = Reliability(matured=len(ends) + 1, share_mille=1000 * (kept + 1))

    assert (before.score or 0) <= (better.score or 0)
