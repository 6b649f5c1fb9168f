"""Offers that are taken by paying them: whole and in time what is saved is forgiven, else not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import offers
from chalicelib.domain.agreement_policy import AgreementLimits
from chalicelib.domain.agreements import AgreementKind, AgreementState, ProofKind
from chalicelib.domain.case import CaseStatus, PromiseState
from chalicelib.domain.checkout import Checkout, CheckoutState, Discount, Pays, Target
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.draft import after
from chalicelib.domain.ledger import EntryKind, balances, reversals
from chalicelib.domain.offer import Offer
from chalicelib.domain.payment import Back, BackKind, PaymentState, ProviderPayment
from chalicelib.domain.timeline import verify
from chalicelib.messages import facts
from tests.builders import NOW, TODAY, a_case, a_debt, a_portfolio, an_attempt, moratory, reopened

MOST = AgreementLimits(
    max_discount_principal_ppm=1_000_000,
    max_discount_interest_ppm=1_000_000,
    max_discount_fees_ppm=1_000_000,
)
HALF_THE_INTEREST = Offer(interest_ppm=500_000, fees_ppm=1_000_000, valid_days=5)


class World:
    """A case to which a message offered a discount today."""

    def __init__(self, *debts, terms=HALF_THE_INTEREST, rate=None):
        self.portfolio = a_portfolio(agreements=MOST, **({"moratory": rate} if rate else {}))
        own = debts or (a_debt(stated_interest_minor=20_000, stated_fees_minor=5_000),)
        made = a_case(*own, portfolio=self.portfolio)
        told = an_attempt(state=AttemptState.SENT, template_id=offers.FAMILY, sent_at=NOW)
        self.file, self.terms, self.now = replace(made, attempts=(told,)), terms, NOW

    @property
    def offer(self):
        return offers.standing(self.file, self.portfolio, self.terms, now=self.now)

    def do(self, step):
        draft = reopened(self.file, self.portfolio, self.now)
        step(draft)
        change = draft.change()
        if change is not None:
            self.file = after(self.file, change)

    def start(self):
        offer = self.offer
        checkout = Checkout(
            checkout_id="chk_1",
            target=Target(pays=Pays.OFFER, of=offer.made_by),
            amount_minor=offer.to_pay_minor,
            currency="MXN",
            provider="sandbox",
            state=CheckoutState.OPEN,
            started_at=self.now,
            started_by="debtor:cas",
            expires_at=self.now + timedelta(hours=2),
            discount=Discount(covered=offer.covered, until=offer.until),
        )
        self.do(lambda draft: draft.open_checkout(checkout))
        return checkout.amount_minor

    def pay(self, minor, *backs, at=None, key="pay_1"):
        payment = ProviderPayment(
            provider="sandbox", state=PaymentState.PAID, amount_minor=minor, currency="MXN",
            payment_id=key, paid_at=at or self.now, method="card", backs=tuple(backs),
        )  # fmt: skip
        self.do(lambda draft: draft.receive_payment(payment, checkout_id="chk_1"))
        self.now += timedelta(seconds=1)

    def owed(self):
        return sum(one.total_minor for one in balances(self.file.entries).values())

    def forgiven(self):
        """What stands forgiven, by component."""
        undone = reversals(self.file.entries)
        waived = [
            one
            for one in self.file.entries
            if one.kind is EntryKind.WAIVER and one.entry_id not in undone
        ]
        return tuple(
            -sum(getattr(one, f"{name}_minor") for one in waived)
            for name in ("principal", "interest", "fees")
        )

    def told(self, family):
        return [event for event in self.file.events if event.kind.startswith(family)]


def test_paid_whole_and_in_time_the_rest_is_forgiven_by_its_component():
    world = World()
    world.do(lambda draft: draft.promise("prm_1", 110_000, TODAY, channel="self_pay"))
    price = world.start()
    assert (price, world.offer.saved_minor) == (110_000, 15_000)
    version = world.file.head.version

    world.pay(price)

    assert (world.owed(), world.file.head.status) == (0, CaseStatus.SETTLED)
    assert world.forgiven() == (0, 10_000, 5_000)
    assert world.file.head.version == version + 1  # all of it in one change
    (made,) = world.file.agreements
    assert (made.kind, made.state, made.proof.kind) == (
        AgreementKind.SETTLEMENT, AgreementState.COMPLETED, ProofKind.PAYMENT,
    )  # fmt: skip
    assert [one.kind for one in world.told("agreement.")] == [
        "agreement.proposed", "agreement.signed", "agreement.share_paid", "agreement.completed",
    ]  # fmt: skip
    assert world.told("agreement.completed")[0].facts["forgiven_minor"] == 15_000
    # The payment keeps what was promised; it does not take its place.
    assert [one.state for one in world.file.promises] == [PromiseState.KEPT]
    assert verify(world.file.events, world.file.head.chain).ok


@pytest.mark.parametrize(
    ("minor", "days", "why"), [(109_999, 0, "short"), (110_000, 6, "late"), (1, 6, "late")]
)
def test_in_part_or_late_nothing_is_forgiven(minor, days, why):
    world = World()
    world.start()
    world.now += timedelta(days=days)
    world.pay(minor)

    assert world.forgiven() == (0, 0, 0)
    assert world.owed() == 125_000 - minor
    assert world.file.agreements == ()
    assert [one.facts["why"] for one in world.told("offer.missed")] == [why]


def test_a_voucher_paid_on_the_last_day_and_told_of_later_is_in_time():
    world = World()
    price = world.start()
    last_day = world.now + timedelta(days=5)
    world.now += timedelta(days=7)
    world.pay(price, at=last_day)
    assert (world.owed(), world.forgiven()) == (0, (0, 10_000, 5_000))


def test_what_a_second_payment_completes_in_time_is_the_whole():
    world = World()
    price = world.start()
    world.pay(30_000)
    assert world.file.agreements == ()
    world.pay(price - 30_000, key="pay_2")
    assert (world.owed(), sum(world.forgiven())) == (0, 15_000)


def test_after_a_payment_that_was_late_a_second_one_completes_nothing():
    world = World()
    price = world.start()
    world.now += timedelta(days=7)
    world.pay(30_000)
    world.pay(price - 30_000, key="pay_2", at=NOW)
    assert world.forgiven() == (0, 0, 0)


def test_money_that_goes_back_takes_the_discount_with_it():
    world = World()
    price = world.start()
    world.pay(price)
    back = Back(back_id="re_1", kind=BackKind.REFUND, amount_minor=price, at=NOW)
    world.pay(price, back)

    assert (world.owed(), world.forgiven()) == (125_000, (0, 0, 0))
    world.now += timedelta(days=6)
    world.do(lambda draft: draft.settle_agreements())
    assert world.file.agreements[0].state is AgreementState.DEFAULTED
    assert world.owed() == 125_000

    # A chargeback that was won brings both back, for it was paid in time.
    world.pay(price, replace(back, returned=True))
    assert (world.owed(), sum(world.forgiven())) == (0, 15_000)


def test_interest_that_runs_on_beside_an_offer_is_not_added_to_it():
    world = World(terms=Offer(principal_ppm=100_000, valid_days=5), rate=moratory())
    price = world.start()
    owed_then = world.offer.to_pay_minor + world.offer.saved_minor
    world.now += timedelta(days=4)
    assert world.offer.to_pay_minor == price

    world.pay(price)

    assert world.owed() == 0
    principal, interest, _ = world.forgiven()
    assert (principal, interest > 0) == (10_000, True)
    assert principal + interest + price > owed_then


def test_only_debts_of_the_offer_are_settled_by_it():
    world = World(
        a_debt("F-1", stated_interest_minor=20_000),
        a_debt("F-2", due_on=date(2026, 8, 1)),
    )
    other = next(one.debt_id for one in world.file.debts if one.external_id == "F-2")
    offer = world.offer
    kept = tuple(one for one in offer.covered if one.debt_id != other)
    price = sum(one.to_pay.total_minor for one in kept)
    checkout = Checkout(
        checkout_id="chk_1", target=Target(pays=Pays.OFFER, of=offer.made_by), amount_minor=price,
        currency="MXN", provider="sandbox", state=CheckoutState.OPEN, started_at=NOW,
        started_by="debtor:cas", expires_at=NOW + timedelta(hours=2),
        discount=Discount(covered=kept, until=offer.until),
    )  # fmt: skip
    world.do(lambda draft: draft.open_checkout(checkout))
    world.pay(price)

    left = {key: one.total_minor for key, one in balances(world.file.entries).items()}
    assert left == {kept[0].debt_id: 0, other: 100_000}


def test_what_was_charged_meanwhile_stays_owed():
    world = World()
    price = world.start()
    known = world.file.debts[0]
    dearer = replace(known, stated_principal_minor=known.stated_principal_minor + 50_000)
    world.do(lambda draft: draft.put_debt(dearer, source="upload", reference="upl_2"))
    world.pay(price)

    assert world.forgiven() == (0, 0, 0)
    assert world.owed() == 125_000 + 50_000 - price
    assert world.told("offer.missed")[0].facts["why"] == "short"


def test_an_offer_lapses_and_says_what_its_message_said():
    world = World()
    said = facts.build(world.file, world.portfolio, now=NOW, offer=world.terms)
    offer = world.offer
    assert (said.offer_amount.minor, said.offer_saving.minor, said.offer_until) == (
        offer.to_pay_minor, offer.saved_minor, offer.until,
    )  # fmt: skip
    assert (offer.made_by, offer.until) == ("att_1", TODAY + timedelta(days=5))
    world.now += timedelta(days=6)
    assert world.offer.made_by == ""


amounts = st.integers(0, 500_000)
parts = st.integers(0, 1_000_000)


@settings(max_examples=40)
@given(
    owes=st.lists(st.tuples(st.integers(1, 500_000), amounts, amounts), min_size=1, max_size=3),
    terms=st.tuples(parts, parts, parts),
    paying=st.tuples(
        st.integers(0, 8),  # so many days later
        st.sampled_from([0, 0, 1, 5_000]),  # so much less than all of it
        st.lists(st.integers(1, 400_000), max_size=2),  # in pieces
    ),
    rate=st.sampled_from([None, moratory()]),
)
def test_an_offer_forgives_exactly_what_it_said_or_nothing(owes, terms, paying, rate):
    days, lacks, cuts = paying
    debts = [
        a_debt(
            f"F-{n}", due_on=date(2026, 9, 1 + n), stated_principal_minor=principal,
            stated_interest_minor=interest, stated_fees_minor=fees,
        )
        for n, (principal, interest, fees) in enumerate(owes)
    ]  # fmt: skip
    world = World(
        *debts, terms=Offer(**dict(zip(NAMES, terms, strict=True)), valid_days=5), rate=rate
    )
    offer = world.offer
    if offer is None:
        return  # nothing to save, or nothing to pay
    price = world.start()
    less = [sum(getattr(one, f"less_{name}_minor") for one in offer.covered) for name in PARTS]
    world.now += timedelta(days=days)
    left = price - min(lacks, price - 1)
    whole = left == price
    pieces = []
    for cut in cuts:
        if cut < left:
            pieces.append(cut)
            left -= cut
    pieces.append(left)
    for number, piece in enumerate(pieces):
        world.pay(piece, key=f"pay_{number}")

    paid = -sum(one.amount_minor for one in world.file.entries if one.kind is EntryKind.PAYMENT)
    assert paid == sum(pieces)
    if whole and days <= 5:
        assert world.owed() == 0
        assert world.file.head.status is CaseStatus.SETTLED
        if len(pieces) == 1 and rate is None:
            assert list(world.forgiven()) == less
        elif rate is None:
            assert sum(world.forgiven()) == sum(less)
        else:
            assert sum(world.forgiven()) >= sum(less)
    else:
        assert world.forgiven() == (0, 0, 0)
        assert world.file.agreements == ()
    assert verify(world.file.events, world.file.head.chain).ok


NAMES = ("principal_ppm", "interest_ppm", "fees_ppm")
PARTS = ("principal", "interest", "fees")
