"""Agreements on the ledger: what is paid, earned, broken, put back; and nothing is lost."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from chalicelib.domain.agreement import Offer
from chalicelib.domain.agreement_policy import AgreementLimits, AgreementRule, Earned, limits_for
from chalicelib.domain.agreements import (
    Agreement,
    AgreementKind,
    AgreementState,
)
from chalicelib.domain.case import CaseStatus, PromiseState
from chalicelib.domain.errors import (
    AgreementInForce,
    AgreementOutdated,
    AgreementSettled,
    NotReversible,
)
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.portfolio import Component
from chalicelib.services import agreement_offers, upload_closing
from tests.agreement_world import GENEROUS, PROOF, SIX, World, less, owing
from tests.builders import NOW, TODAY, moratory

# Signing


def test_a_signed_agreement_is_in_force_and_takes_the_place_of_promises():
    world = World()
    world.do(lambda draft: draft.promise("pro_1", 5_000, TODAY, channel="call"))
    signed = world.agree()

    assert signed.state is AgreementState.ACTIVE
    assert sum(share.amount_minor for share in signed.shares) == world.total == 125_000
    assert world.file.head.status is CaseStatus.PROMISED
    assert [p.state for p in world.file.promises] == [PromiseState.CANCELLED]
    assert world.told() == ["agreement.proposed", "agreement.signed"]


def test_signing_twice_changes_nothing():
    world = World()
    world.agree()
    before = world.file
    world.do(lambda draft: draft.sign("agr_1", PROOF))

    assert world.file is before


def test_no_second_agreement_beside_one_in_force():
    world = World()
    world.agree()
    with pytest.raises(AgreementInForce):
        world.agree(name="agr_2")


def test_an_offer_is_not_signed_on_figures_that_have_moved():
    world = World()
    found = agreement_offers.simulate(world.file, world.portfolio, SIX, now=NOW)
    drawn = agreement_offers.drawn_up(
        world.file,
        world.portfolio,
        found,
        agreement_id="agr_1",
        kind=AgreementKind.PLAN,
        by="user:ana",
        now=NOW,
    )
    world.do(lambda draft: draft.propose(drawn))
    world.pay(100)

    with pytest.raises(AgreementOutdated):
        world.do(lambda draft: draft.sign("agr_1", PROOF))


def test_interest_that_accrues_meanwhile_does_not_spoil_an_offer():
    world = World(moratory=moratory())
    found = agreement_offers.simulate(world.file, world.portfolio, SIX, now=NOW)
    drawn = agreement_offers.drawn_up(
        world.file,
        world.portfolio,
        found,
        agreement_id="agr_1",
        kind=AgreementKind.PLAN,
        by="user:ana",
        now=NOW,
    )
    world.do(lambda draft: draft.propose(drawn))
    world.on(TODAY + timedelta(days=3))
    world.do(lambda draft: draft.sign("agr_1", PROOF))

    assert world.agreement().state is AgreementState.ACTIVE


def test_an_offer_lapses():
    world = World()
    found = agreement_offers.simulate(world.file, world.portfolio, SIX, now=NOW)
    drawn = agreement_offers.drawn_up(
        world.file,
        world.portfolio,
        found,
        agreement_id="agr_1",
        kind=AgreementKind.PLAN,
        by="user:ana",
        now=NOW,
    )
    world.do(lambda draft: draft.propose(drawn))
    world.on(TODAY + timedelta(days=11))
    with pytest.raises(AgreementSettled):
        world.do(lambda draft: draft.sign("agr_1", PROOF))
    world.settle()
    assert world.agreement().state is AgreementState.EXPIRED


# Paying


def test_a_payment_closes_its_instalment_in_the_same_change():
    world = World()
    signed = world.agree()
    world.pay(signed.shares[0].amount_minor)

    assert world.told()[-1] == "agreement.share_paid"
    assert world.standing().next.share.number == 2


def test_each_payment_earns_its_part_of_the_discount():
    world = World()
    signed = world.agree(less(interest=500_000))
    assert (signed.to_pay_minor, signed.saved_minor) == (115_000, 10_000)
    world.pay(signed.shares[0].amount_minor)

    waived = [e for e in world.file.entries if e.kind is EntryKind.WAIVER]
    assert [(e.interest_minor, e.reason) for e in waived] == [(-2_500, "agreement_earned")]
    assert world.total == 125_000 - 28_750 - 2_500


def test_what_was_agreed_is_paid_and_nothing_is_owed():
    world = World(moratory=moratory())
    signed = world.agree(less(principal=100_000, interest=500_000))
    for share in signed.shares:
        world.on(share.due_on)
        world.pay(share.amount_minor)

    assert world.agreement().state is AgreementState.COMPLETED
    assert world.file.head.status is CaseStatus.SETTLED
    assert world.total == 0
    assert world.told()[-1] == "agreement.completed"


def test_a_returned_payment_opens_a_completed_agreement_again():
    world = World()
    signed = world.agree(less(interest=1_000_000, instalments=2))
    first, last = signed.shares
    world.pay(first.amount_minor, "one")
    world.pay(last.amount_minor, "two")
    assert world.agreement().state is AgreementState.COMPLETED
    posted = next(e for e in world.file.entries if e.reference == "two")
    world.do(lambda draft: draft.reverse(posted.entry_id, reason="devuelto"))

    assert world.agreement().state is AgreementState.ACTIVE
    assert world.told()[-2:] == ["agreement.reopened", "agreement.share_reopened"]
    assert world.total == 125_000 - first.amount_minor - 10_000
    world.pay(last.amount_minor, "three")
    assert (world.agreement().state, world.total) == (AgreementState.COMPLETED, 0)


def test_nobody_reverses_what_an_agreement_forgave_by_hand():
    world = World()
    world.agree(less(interest=500_000, instalments=2))
    world.pay(60_000)
    waiver = next(e for e in world.file.entries if e.kind is EntryKind.WAIVER)
    with pytest.raises(NotReversible):
        world.do(lambda draft: draft.reverse(waiver.entry_id, reason="x"))


def test_debts_outside_the_agreement_wait_for_those_within():
    old = owing(external_id="OLD", due_on=date(2026, 1, 1))
    world = World(old, owing())
    world.agree(debt_ids=[owing().debt_id])
    world.pay(130_000)

    paid = {e.debt_id: -e.amount_minor for e in world.file.entries if e.kind is EntryKind.PAYMENT}
    assert paid == {owing().debt_id: 125_000, old.debt_id: 5_000}
    assert world.agreement().state is AgreementState.COMPLETED


def test_the_payer_may_name_another_debt():
    old = owing(external_id="OLD", due_on=date(2026, 1, 1))
    world = World(old, owing())
    world.agree(debt_ids=[owing().debt_id])
    world.do(
        lambda draft: draft.pay(
            9_000, paid_on=TODAY, source="manual", reference="x", debt_id=old.debt_id
        )
    )

    assert world.standing().paid_minor == 0


def test_what_is_charged_later_stays_owed():
    world = World()
    signed = world.agree(less(interest=500_000, instalments=1))
    world.on(TODAY + timedelta(days=1))
    debt_id = world.file.debts[0].debt_id
    world.do(
        lambda draft: draft.adjust(
            debt_id, Component.FEES, 700, reason="gasto", source="manual", reference="a"
        )
    )
    world.pay(signed.to_pay_minor)

    assert (world.agreement().state, world.total) == (AgreementState.COMPLETED, 700)


# Breaking


def broken_on(agreement: Agreement, number: int = 0) -> date:
    return agreement.may_be_late_until(agreement.shares[number]) + timedelta(days=1)


def test_a_missed_payment_breaks_it_once_its_grace_is_over():
    world = World()
    signed = world.agree(less(interest=500_000))
    world.on(broken_on(signed) - timedelta(days=1))
    world.settle()
    assert world.agreement().state is AgreementState.ACTIVE
    world.on(broken_on(signed))
    world.settle()
    world.settle()

    assert world.agreement().state is AgreementState.DEFAULTED
    assert world.told().count("agreement.broken") == 1
    assert world.file.head.status is CaseStatus.OPEN


def test_the_reversal_of_what_was_forgiven_explains_itself():
    world = World(agreements=replace(GENEROUS, earned=Earned.START))
    signed = world.agree(less(principal=200_000))
    assert world.total == 105_000
    world.pay(signed.shares[0].amount_minor)
    world.on(broken_on(signed, 1))
    world.settle()

    undone = [e for e in world.file.entries if e.kind is EntryKind.REVERSAL]
    assert [(e.amount_minor, e.reason, e.source) for e in undone] == [
        (20_000, "agreement_broken", "agreement")
    ]
    assert world.total == 125_000 - signed.shares[0].amount_minor
    broken = next(e for e in world.file.events if e.kind == "agreement.broken")
    assert (broken.facts["missed"], broken.facts["restored_minor"]) == ([2], 20_000)


def test_late_news_of_a_payment_made_in_time_puts_it_back():
    world = World()
    signed = world.agree(less(interest=500_000))
    world.on(broken_on(signed))
    world.settle()
    world.pay(signed.shares[0].amount_minor, on=signed.shares[0].due_on)

    assert world.agreement().state is AgreementState.ACTIVE
    assert "agreement.reinstated" in world.told()


def test_a_payment_made_too_late_leaves_it_broken():
    world = World()
    signed = world.agree(less(interest=500_000))
    world.on(broken_on(signed))
    world.settle()
    world.pay(signed.shares[0].amount_minor)

    assert world.agreement().state is AgreementState.DEFAULTED


def test_calling_it_off_gives_back_what_it_forgave():
    world = World(agreements=replace(GENEROUS, earned=Earned.START))
    world.agree(less(principal=200_000))
    world.do(lambda draft: draft.cancel_agreement("agr_1", reason="lo pidió"))
    world.do(lambda draft: draft.cancel_agreement("agr_1", reason="lo pidió"))

    assert (world.agreement().state, world.total) == (AgreementState.CANCELLED, 125_000)


# Kinds


def test_new_terms_take_the_place_of_the_old_and_keep_what_was_earned():
    world = World()
    signed = world.agree(less(interest=500_000))
    world.pay(signed.shares[0].amount_minor)
    left = world.total
    again = world.agree(
        Offer(instalments=6, down_payment_minor=0), AgreementKind.RESTRUCTURE, "agr_2"
    )

    assert world.agreement("agr_1").state is AgreementState.REPLACED
    assert (again.to_pay_minor, again.restructured, world.total) == (left, 1, left)


def test_a_refinanced_debt_is_a_new_one_with_the_plan_as_its_instalments():
    world = World(owing(), owing(external_id="F-2"))
    signed = world.agree(less(interest=500_000, instalments=3), AgreementKind.REFINANCE)
    new = next(debt for debt in world.file.debts if debt.debt_id == signed.new_debt_id)

    assert [part.amount_minor for part in new.instalments] == [
        share.amount_minor for share in signed.shares
    ]
    assert world.total == signed.to_pay_minor == 230_000
    assert world.file.head.oldest_due_on == signed.shares[0].due_on
    for share in signed.shares:
        world.on(share.due_on)
        world.pay(share.amount_minor)
    assert (world.agreement().state, world.total) == (AgreementState.COMPLETED, 0)


def test_a_file_without_a_refinanced_debt_does_not_close_it():
    world = World()
    signed = world.agree(less(interest=500_000, instalments=3), AgreementKind.REFINANCE)
    upload = SimpleNamespace(upload_id="upl_2")
    done, absent = upload_closing._absent(world.file, upload, seen=set())

    assert (done, absent) == ([], [])
    assert world.total == signed.to_pay_minor


def test_more_time_moves_the_day_and_forgives_nothing():
    world = World()
    later = TODAY + timedelta(days=25)
    signed = world.agree(Offer(instalments=1, first_on=later), AgreementKind.EXTENSION)

    assert [(share.number, share.amount_minor) for share in signed.shares] == [(1, 125_000)]
    assert signed.shares[0].due_on >= later


# The policy


def test_the_first_rule_that_fits_a_case_holds():
    strict = AgreementRule(
        name="small", max_minor=50_000, limits=AgreementLimits(max_instalments=2)
    )
    late = AgreementRule(
        name="late", bands=("180+",), products=("tarjeta",), limits=AgreementLimits(missed=3)
    )
    chosen = limits_for(
        [strict, late],
        AgreementLimits(),
        band="180+",
        owed_minor=50_001,
        products=["tarjeta"],
    )
    assert chosen.missed == 3
    other = limits_for(
        [strict, late], AgreementLimits(), band="180+", owed_minor=50_001, products=["auto"]
    )
    assert other == AgreementLimits()
