"""Charging debts off: one person asks, another decides, within their limit; the debt is owed on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.charge_off import ChargeOffReason, ChargeOffState
from chalicelib.domain.errors import (
    BadField,
    CaseNotFound,
    ChargeOffSettled,
    DebtNotFound,
    NotAllowed,
    NothingToChargeOff,
    OverLimit,
    OwnRequest,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.portfolio import RoleLimits
from chalicelib.selfpay import account
from chalicelib.services import case_pages, charge_offs, ledger, statements
from chalicelib.services.charge_offs import What
from chalicelib.strategies import rules
from chalicelib.strategies.facts import facts_of
from chalicelib.strategies.model import Rule
from tests.builders import NOW, TODAY, a_case, a_debt, a_portfolio
from tests.fakes import MemoryCases
from tests.printed import words_of

PID = "prt_test"
ANA = Actor(actor_id="user:ana", role=Role.AGENT, portfolios=(PID,), name="Ana")
BOSS = replace(ANA, actor_id="user:boss", role=Role.SUPERVISOR)
OTHER = replace(BOSS, actor_id="user:sue")
ADMIN = replace(BOSS, actor_id="user:root", role=Role.ADMIN)
SECOND = a_debt("F-2", stated_principal_minor=50_000)


class Office:
    def __init__(self, **policies):
        self.portfolio = a_portfolio(**policies)
        self.cases = MemoryCases()
        file = a_case(a_debt(), SECOND, portfolio=self.portfolio)
        self.case_id = file.head.case_id
        self.cases.files[self.case_id] = file

    def get(self, portfolio_id):
        return self.portfolio if portfolio_id == PID else None

    @property
    def file(self):
        return self.cases.open(self.case_id)

    @property
    def stores(self):
        return {"cases": self.cases, "portfolios": self, "now": NOW}

    def ask(self, *debts, actor=ANA, key="k", **more):
        asked = {
            "debt_ids": [one.debt_id for one in debts or (a_debt(),)],
            "reason": ChargeOffReason.COST,
            "on": None,
            "note": "No responde",
        }
        charge_offs.ask(self.case_id, **(asked | more), key=key, actor=actor, **self.stores)

    def one(self, number=0):
        return self.file.debts[number].charge_offs[-1]

    def decide(self, approved=True, actor=BOSS, what=What.CHARGE_OFF, answer=""):
        charge_offs.decide(
            self.case_id,
            self.one().charge_off_id,
            what=what,
            approved=approved,
            answer=answer,
            actor=actor,
            **self.stores,
        )

    def reinstate(self, actor=ANA, note="Va a pagar"):
        key = self.one().charge_off_id
        charge_offs.reinstate(self.case_id, key, note=note, actor=actor, **self.stores)

    def waiting(self):
        return charge_offs.waiting(PID, actor=BOSS, cases=self.cases)


@pytest.fixture
def office():
    return Office()


def test_several_debts_are_asked_for_in_one_change_or_none(office):
    with pytest.raises(DebtNotFound):
        office.ask(a_debt(), a_debt("F-9"))
    assert office.waiting() == []

    office.ask(a_debt(), SECOND)
    office.ask(a_debt(), SECOND)
    assert [one.amount_minor for _, _, one in office.waiting()] == [100_000, 50_000]
    assert [one.asked_by for _, _, one in office.waiting()] == ["user:ana"] * 2


def test_who_asked_does_not_decide_and_an_agent_never_does(office):
    office.ask(actor=BOSS)
    with pytest.raises(OwnRequest):
        office.decide(actor=BOSS)
    with pytest.raises(OwnRequest):
        office.decide(False, actor=BOSS, answer="no")
    with pytest.raises(NotAllowed):
        office.decide(actor=ANA)
    with pytest.raises(CaseNotFound):
        office.decide(actor=replace(OTHER, portfolios=("prt_other",)))

    office.decide(actor=OTHER)
    assert office.one().state is ChargeOffState.STANDING
    assert office.waiting() == []


def test_a_no_says_why(office):
    office.ask()
    with pytest.raises(BadField):
        office.decide(False, answer=" ")
    office.decide(False, answer="Ofreció pagar")
    office.decide(False, answer="Ofreció pagar")

    assert (office.one().state, office.one().answer) == (ChargeOffState.REFUSED, "Ofreció pagar")
    with pytest.raises(ChargeOffSettled):
        office.decide()


def test_a_supervisor_decides_within_the_limit_an_admin_beyond_it():
    office = Office(role_limits=RoleLimits(supervisor_adjustment_minor=99_999))
    office.ask()
    with pytest.raises(OverLimit):
        office.decide()
    assert office.one().state is ChargeOffState.WAITING
    office.decide(actor=ADMIN)
    assert office.one().state is ChargeOffState.STANDING


def test_what_was_paid_meanwhile_is_refused_and_nothing_is_half_done(office):
    office.ask()
    ledger.post_payment(
        office.case_id, amount_minor=100_000, paid_on=TODAY, reference="r",
        debt_id=a_debt().debt_id, actor=BOSS, **office.stores,
    )  # fmt: skip
    before = office.file
    with pytest.raises(NothingToChargeOff):
        office.decide()
    assert office.file == before

    office.decide(False, answer="Ya pagó")
    assert office.waiting() == []


def test_it_is_taken_back_by_two_people(office):
    office.ask()
    office.decide()
    office.reinstate(actor=OTHER)
    with pytest.raises(OwnRequest):
        office.decide(actor=OTHER, what=What.REINSTATEMENT)
    [(_, _, waits)] = office.waiting()
    assert (charge_offs.what(waits), charge_offs.asker(waits)) == (
        What.REINSTATEMENT,
        "user:sue",
    )

    office.decide(actor=BOSS, what=What.REINSTATEMENT)
    assert office.one().state is ChargeOffState.UNDONE
    assert office.file.head.charged_off == 0


def test_a_yes_to_what_waits_no_longer_is_not_taken_for_another(office):
    office.ask()
    office.decide()
    office.reinstate()
    office.decide(False, what=What.REINSTATEMENT, answer="Todavía no")
    with pytest.raises(ChargeOffSettled):
        office.decide(what=What.REINSTATEMENT)

    assert office.one().state is ChargeOffState.STANDING


def test_who_asked_withdraws_it_and_colleagues_do_not(office):
    office.ask()
    key = office.one().charge_off_id
    with pytest.raises(NotAllowed):
        charge_offs.withdraw(
            office.case_id, key, actor=replace(ANA, actor_id="user:x"), **office.stores
        )
    charge_offs.withdraw(office.case_id, key, actor=ANA, **office.stores)
    charge_offs.withdraw(office.case_id, key, actor=ANA, **office.stores)

    assert office.waiting() == []
    office.ask(key="again")
    assert len(office.waiting()) == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"debt_ids": []}, "debt_ids"),
        ({"debt_ids": [f"deb_{n}" for n in range(31)]}, "debt_ids"),
        ({"note": " "}, "note"),
        ({"on": TODAY + timedelta(days=1)}, "on"),
    ],
)
def test_what_is_wrong_with_a_request_is_said_by_field(office, more, field):
    with pytest.raises(BadField) as refused:
        office.ask(**more)
    assert refused.value.details["field"] == field


def test_the_page_of_the_case_says_so_and_tells_recoveries_apart(office):
    office.ask()
    office.decide()
    ledger.post_payment(
        office.case_id, amount_minor=10_000, paid_on=TODAY, reference="r",
        debt_id=a_debt().debt_id, actor=BOSS, **office.stores,
    )  # fmt: skip

    page = case_pages.page_of(office.file, office.portfolio, actor=BOSS, now=NOW)
    assert page["debts"][0]["charge_off"]["state"] == "standing"
    assert page["debts"][1]["charge_off"] is None
    assert (page["case"]["charged_off"], page["case"]["charged_off_balance"]["minor"]) == (
        1,
        90_000,
    )
    assert [(one["kind"], one["recovered"]) for one in page["entries"]] == [
        ("payment", True),
        ("charge", False),
        ("charge", False),
    ]


def test_the_debtor_is_told_nothing_of_it_on_their_page_nor_in_the_statement(office):
    def said():
        file, portfolio = office.file, office.portfolio
        _, pdf = statements.pdf(file, portfolio, language="es", now=NOW)
        # Movements of one day have no order of their own until a store has sorted them.
        return account.build(file, portfolio, now=NOW), sorted(words_of(pdf).splitlines())

    before = said()
    office.ask()
    office.decide()
    assert said() == before


def test_a_strategy_may_ask_whether_a_debt_is_charged_off(office):
    rule = Rule(op="=", field="charged_off", value=True)

    def fits():
        return rules.holds(rule, facts_of(office.file, office.portfolio, TODAY))

    assert rules.problem(rule) == ""
    assert not fits()
    office.ask()
    office.decide()
    assert fits()
