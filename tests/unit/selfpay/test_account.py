"""The account a debtor sees: every figure is the ledger's, and every sum adds up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.compliance import packs
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import HoldReason
from chalicelib.domain.draft import after
from chalicelib.domain.portfolio import Component, Portfolio
from chalicelib.messages import facts
from chalicelib.selfpay import account, paying
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_debt,
    a_portfolio,
    change_of,
    in_instalments,
    moratory,
    reopened,
)


def late_interest() -> Portfolio:
    return a_portfolio(moratory=moratory())


def a_life(portfolio: Portfolio) -> CaseFile:
    """Two debts, one in instalments, with a payment, one undone, a waiver and a correction."""
    file = a_case(
        a_debt("F-1", documents=("contrato.pdf", "https://papeles.test/x/pagare.pdf?firma=1")),
        in_instalments(4, 25_000, date(2026, 11, 5), external_id="CR-7", product="crédito"),
        portfolio=portfolio,
    )
    one, two = file.debts
    steps = (
        lambda d: d.pay(30_000, paid_on=date(2026, 11, 10), source="manual", reference="R-1"),
        lambda d: d.pay(9_900, paid_on=date(2026, 11, 11), source="manual", reference="R-2"),
        lambda d: d.waive(
            one.debt_id, Component.PRINCIPAL, 500, source="manual", reference="W-1", reason="trato"
        ),
        lambda d: d.adjust(
            two.debt_id, Component.FEES, 1_250, source="manual", reference="A-1", reason="envío"
        ),
    )
    for hours, step in enumerate(steps):
        draft = reopened(file, portfolio, NOW + timedelta(hours=hours))
        step(draft)
        file = after(file, change_of(draft))
    wrong = next(entry for entry in file.entries if entry.reference == "R-2")
    draft = reopened(file, portfolio, NOW + timedelta(hours=6))
    draft.reverse(wrong.entry_id, reason="duplicado")
    return after(file, change_of(draft))


def test_every_figure_is_that_of_the_statement() -> None:
    portfolio = late_interest()
    file = a_life(portfolio)
    now = NOW + timedelta(days=9)

    seen = account.build(file, portfolio, now=now)
    said = facts.build(file, portfolio, now=now, required=packs.identification(portfolio.country))

    assert seen.total == said.total
    assert seen.overdue == said.overdue
    rows = [
        (d.reference, d.due_on, d.days_late, d.split.total, d.split.moratory) for d in seen.debts
    ]
    assert rows == [(d.reference, d.due_on, d.days_late, d.total, d.moratory) for d in said.debts]


def test_parts_reasons_and_instalments_of_a_debt_all_add_up_to_it() -> None:
    portfolio = late_interest()
    seen = account.build(a_life(portfolio), portfolio, now=NOW + timedelta(days=40))

    assert seen.total.minor == sum(debt.split.total.minor for debt in seen.debts)
    for debt in seen.debts:
        split, why = debt.split, debt.why
        parts = (split.principal, split.interest, split.moratory, split.fees)
        assert sum(part.minor for part in parts) == split.total.minor
        reasons = (why.charged, why.corrected, why.moratory, why.forgiven, why.paid)
        assert sum(reason.minor for reason in reasons) == split.total.minor
        if debt.parts:
            assert sum(part.open.minor for part in debt.parts) == split.total.minor


def test_a_payment_that_was_undone_is_not_shown() -> None:
    portfolio = late_interest()
    seen = account.build(a_life(portfolio), portfolio, now=NOW)
    assert [(one.reference, one.amount.minor) for one in seen.payments] == [("R-1", 30_000)]


def test_proof_is_a_link_only_where_it_is_an_address() -> None:
    portfolio = late_interest()
    seen = account.build(a_life(portfolio), portfolio, now=NOW)
    papers = next(debt for debt in seen.debts if debt.reference == "F-1").papers
    assert [(paper.name, paper.url) for paper in papers] == [
        ("contrato.pdf", ""),
        ("pagare.pdf", "https://papeles.test/x/pagare.pdf?firma=1"),
    ]
    odd = a_case(a_debt(documents=("javascript:alert(1)", "http://x.test/a")))
    assert all(not p.url for p in account.build(odd, a_portfolio(), now=NOW).debts[0].papers)


def test_the_next_instalment_is_the_oldest_open_one() -> None:
    portfolio = a_portfolio()
    file = a_case(in_instalments(3, 25_000, date(2026, 11, 5)), portfolio=portfolio)
    draft = reopened(file, portfolio)
    draft.pay(25_000, paid_on=TODAY, source="manual", reference="R-1")
    seen = account.build(after(file, change_of(draft)), portfolio, now=NOW)
    assert seen.upcoming is not None
    assert (seen.upcoming.number, seen.upcoming.count) == (2, 3)
    assert seen.upcoming.amount.minor == 25_000


@pytest.mark.parametrize(("first", "late"), [(date(2026, 11, 5), True), (TODAY, False)])
def test_an_instalment_whose_day_has_gone_is_not_called_the_next(first: date, late: bool) -> None:
    portfolio = a_portfolio()
    seen = account.build(
        a_case(in_instalments(3, 25_000, first), portfolio=portfolio), portfolio, now=NOW
    )
    assert seen.upcoming is not None
    assert seen.upcoming.late is late
    [label] = [one.label for one in paying.choices(seen, None) if one.code == "instalment"]
    assert label == ("pay.instalment_late" if late else "pay.instalment")


def test_who_owes_nothing_sees_no_debt() -> None:
    portfolio = a_portfolio()
    file = a_case(portfolio=portfolio)
    draft = reopened(file, portfolio)
    draft.pay(100_000, paid_on=TODAY, source="manual", reference="R-1")
    seen = account.build(after(file, change_of(draft)), portfolio, now=NOW)
    assert seen.settled
    assert (seen.debts, seen.total.minor) == ((), 0)


@pytest.mark.parametrize("reason", [HoldReason.DISPUTE, HoldReason.REPORTED_PAYMENT])
def test_it_says_that_collection_stands_still(reason: HoldReason) -> None:
    file = a_case()
    draft = reopened(file)
    draft.hold("hld_1", reason)
    file = after(file, change_of(draft))
    assert account.build(file, a_portfolio(), now=NOW).on_hold == (reason.value,)


def test_a_name_says_hello_by_the_first_name() -> None:
    file = a_case(name="PÉREZ GÓMEZ, ANA")
    assert account.build(file, a_portfolio(), now=NOW).first_name == "Ana"


def test_a_void_debt_is_not_shown() -> None:
    file = a_case(a_debt("F-1"), a_debt("F-2"))
    file = replace(file, debts=(file.debts[0], replace(file.debts[1], void=True)))
    seen = account.build(file, a_portfolio(), now=NOW)
    assert [debt.reference for debt in seen.debts] == ["F-1"]


def test_interest_that_a_payment_booked_is_overdue_once() -> None:
    portfolio = late_interest()
    file = a_case(a_debt("F-1", due_on=TODAY - timedelta(days=200)), portfolio=portfolio)
    draft = reopened(file, portfolio, NOW)
    draft.pay(10_000, paid_on=TODAY - timedelta(days=30), source="manual", reference="R-1")
    file = after(file, change_of(draft))

    seen = account.build(file, portfolio, now=NOW)

    assert seen.split.moratory.minor > 0
    assert seen.overdue == seen.total
