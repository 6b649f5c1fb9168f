"""The figures of a portfolio, and the proof that everything adds up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.agreement import Offer
from chalicelib.domain.agreements import Proof, ProofKind
from chalicelib.services import agreements, kpis, ledger, verify
from tests.builders import (
    NOW,
    TODAY,
    a_debt,
    a_portfolio,
    change_of,
    reopened,
)
from tests.unit.services.desk import ANA, PID, Desk


@pytest.fixture
def desk():
    return Desk()


def test_figures_are_reckoned_on_the_portfolios_own_day(desk):
    one = desk.made("D-1", a_debt("a", due_on=TODAY - timedelta(days=10)))
    desk.made("D-2", a_debt("b", due_on=TODAY))
    desk.made("D-3", a_debt("c", due_on=TODAY + timedelta(days=300)))
    desk.pay(one, 5_000, "r1", paid_on=TODAY)  # Sunday the 22nd
    desk.pay(one, 300, "r2", paid_on=date(2026, 11, 16))  # Monday of that week
    desk.pay(one, 20, "r3", paid_on=date(2026, 11, 1))
    desk.pay(one, 1, "r4", paid_on=date(2026, 10, 22))
    desk.pay(one, 4_000, "r5", paid_on=date(2026, 10, 23))

    read = desk.kpis()

    assert read["today"] == "2026-11-22"
    assert read["balance"]["minor"] == 300_000 - 9_321
    assert read["overdue"]["minor"] == 100_000 - 9_321
    assert read["debts"] == 3
    assert read["cases"] == {"open": 3, "promised": 0, "held": 0, "settled": 0}
    bands = {b["code"]: (b["balance"]["minor"], b["debts"]) for b in read["bands"] if b["debts"]}
    assert bands == {"preventiva": (100_000, 1), "8-30": (90_679, 1)}
    assert {name: money["minor"] for name, money in read["recovered"].items()} == {
        "today": 5_000,
        "this_week": 5_300,
        "this_month": 5_320,
        "last_month_to_date": 1,
        "last_month": 4_001,
    }
    assert read["payments"] == {"today": 1, "this_month": 3}
    assert len(read["days"]) == 30
    assert read["days"][-1] == {
        "day": "2026-11-22", "paid": {"minor": 5_000, "currency": "MXN"}, "payments": 1,
    }  # fmt: skip


def test_what_was_not_due_yesterday_is_overdue_today_and_nothing_was_written(desk):
    desk.made("D-1", a_debt("b", due_on=TODAY))
    assert desk.kpis()["overdue"]["minor"] == 0

    assert desk.kpis(now=NOW + timedelta(days=1))["overdue"]["minor"] == 100_000


def test_figures_of_several_portfolios_are_added_by_currency(desk):
    desk.made("D-1")
    twin = replace(desk.portfolio, portfolio_id=PID)
    chilean = a_portfolio("prt_cl", "CL")

    read = kpis.across([desk.portfolio, twin, chilean], actor=ANA, counters=desk.counters, now=NOW)[
        "currencies"
    ]

    assert [one["currency"] for one in read] == ["CLP", "MXN"]
    assert (read[1]["balance"]["minor"], read[1]["debts"]) == (200_000, 2)
    assert read[1]["bands"][0]["from_dpd"] == -10
    assert sum(band["balance"]["minor"] for band in read[1]["bands"]) == 200_000
    assert len(read[1]["days"]) == 30


def test_a_list_of_portfolios_gets_its_few_figures(desk):
    desk.made()

    assert kpis.small(desk.portfolio, desk.counters, NOW) == {
        "cases": 1,
        "balance": {"minor": 100_000, "currency": "MXN"},
        "overdue": {"minor": 100_000, "currency": "MXN"},
    }


def test_agreements_are_told_by_the_span_in_which_they_came_to_something(desk):
    case_id = desk.made("D-1", a_debt("a", due_on=TODAY - timedelta(days=10)))
    agreed = agreements.accept_offer(
        case_id,
        offer=Offer(instalments=3),
        proof=Proof(kind=ProofKind.CODE, reference="otc_1"),
        key="k1",
        by=f"debtor:{case_id}",
        cases=desk.cases,
        portfolios=desk,
        now=NOW,
    )
    desk.pay(case_id, agreed.shares[0].amount_minor, "r1")

    read = desk.kpis()["agreements"]

    down = {"minor": agreed.shares[0].amount_minor, "currency": "MXN"}
    assert read["this_month"] == read["this_week"] == {
        "offered": 1, "accepted": 1, "completed": 0, "broken": 0,
        "agreed": {"minor": agreed.to_pay_minor, "currency": "MXN"},
        "matured": 1, "kept": 1, "due": down, "paid": down,
    }  # fmt: skip
    assert read["last_month"]["accepted"] == read["last_month"]["matured"] == 0
    assert proof(desk).ok


@pytest.fixture
def lived(desk):
    """A portfolio in which things happened: payments, a reversal, a merge, an undone upload."""
    one, two = desk.made("D-1"), desk.made("D-2")
    desk.made("D-3", upload_id="upl_x")
    file, _ = desk.pay(one, 700, "r1")
    desk.pay(two, 300, "r2", paid_on=date(2026, 10, 3))
    ledger.reverse(one, entry_id=file.entries[-1].entry_id, reason="x", now=NOW, **desk.ports())
    desk.pay(one, 800, "r3")
    from_, into = (reopened(desk.cases.open(key), desk.portfolio) for key in (one, two))
    from_.hand_over(into, reference="mrg_1")
    desk.cases.commit(change_of(from_), change_of(into))
    return desk


def proof(desk):
    return verify.portfolio(
        PID, cases=desk.cases, stored=desk.counters, time_zone=a_portfolio().time_zone
    )


def test_a_portfolio_that_lived_verifies(lived):
    report = proof(lived)

    assert report.differences == []
    assert report.ok
    assert (report.cases, report.entries > 5, report.events > 5) == (3, True, True)


def test_every_kind_of_damage_is_reported(lived):
    case_id = next(key for key, f in lived.cases.files.items() if f.head.debtor_key == "D-2")
    file = lived.cases.files[case_id]
    forged = replace(file.events[0], actor="user:nobody")
    entry = replace(
        file.entries[0],
        amount_minor=file.entries[0].amount_minor + 1,
        principal_minor=file.entries[0].principal_minor + 1,
    )
    lived.cases.files[case_id] = replace(
        file, entries=(entry, *file.entries[1:]), events=(forged, *file.events[1:])
    )
    lived.cases.moves[PID].append(
        replace(lived.cases.moves[PID][0], totals={"debts": 1}, due={}, due_debts={}, days={})
    )

    found = proof(lived)

    assert not found.ok
    assert {(d["what"], d.get("counter")) for d in found.differences} == {
        ("case.balance", None),
        ("timeline", None),
        ("counter", "totals.debts"),
    }
    timeline = next(d for d in found.differences if d["what"] == "timeline")
    assert timeline["found"] == 1
