"""What providers tell comes to its case with all that follows, or into the tray; never twice."""

from datetime import timedelta

import pytest

from chalicelib.domain.case import CaseStatus
from chalicelib.domain.checkout import CheckoutState, reference
from chalicelib.domain.contact import AttemptState, Channel, ConsentState
from chalicelib.domain.document import DocumentKind
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    BadField,
    CaseVoid,
    NotAllowed,
    NotReturnable,
    ProviderUnavailable,
    UnmatchedMoved,
)
from chalicelib.domain.payment import Back, BackKind, PaymentState, ProviderProblem
from chalicelib.domain.timeline import verify
from chalicelib.domain.unmatched import unmatched_id
from chalicelib.services import dispatch_choices, papers_out, unmatched
from chalicelib.services.incoming import Outcome
from tests.builders import NOW, a_debt, change_of
from tests.money_world import AGENT, BOSS, MoneyWorld
from tests.unit.messages.test_statement import words_of


@pytest.fixture
def world():
    return MoneyWorld()


@pytest.fixture
def case_id(world):
    return world.a_case()


@pytest.fixture
def started(world, case_id):
    return world.start(case_id)


def ref(case_id, started):
    return reference(case_id, started.checkout_id)


def refund(amount=100_000, kind=BackKind.REFUND, key="re_1", **more):
    return Back(back_id=key, kind=kind, amount_minor=amount, at=NOW, **more)


def key_of(payment_id="pay_1"):
    return unmatched_id("sandbox", payment_id)


# With a checkout


def test_a_payment_settles_its_case_and_gives_a_receipt(world, case_id, started):
    assert world.take(world.paid(ref(case_id, started))) == (Outcome.POSTED, case_id)

    file = world.cases.open(case_id)
    assert (file.head.status, file.checkouts[0].state) == (CaseStatus.SETTLED, CheckoutState.PAID)
    (document,) = file.documents
    body = world.shelf.objects[document.key]
    assert document.kind is DocumentKind.RECEIPT
    assert document.facts["amount"] == {"minor": 100_000, "currency": "MXN"}
    said = words_of(body)
    assert "1,000.00" in said
    assert document.code in said
    assert "F-D-1" in said
    (message,) = file.attempts
    assert (message.state, message.cause.kind) == (AttemptState.PLANNED, "receipt")
    assert papers_out.enclosed(file, message, world.shelf) == (
        (document.filename, "application/pdf", body),
    )
    assert verify(file.events, file.head.chain).ok


def test_told_twice_it_is_posted_once(world, case_id, started):
    payment = world.paid(ref(case_id, started))
    world.take(payment)
    before = world.cases.open(case_id)
    assert world.take(payment) == (Outcome.KNOWN, case_id)
    assert world.cases.open(case_id) == before


def test_a_refund_annuls_the_receipt_and_tells_its_story(world, case_id, started):
    world.take(world.paid(ref(case_id, started)))
    world.take(world.paid(ref(case_id, started), 100_000, refund(reason="requested")))

    file = world.cases.open(case_id)
    assert world.owed(case_id) == 100_000
    assert [(one.annulled_why) for one in file.documents] == ["refunded"]
    reversal = next(e for e in file.entries if e.reverses)
    assert (reversal.reason, reversal.source) == ("refund:requested", "sandbox")
    kinds = [event.kind for event in file.events]
    assert kinds.index("entry.reversed") < kinds.index("payment.refunded")


def test_a_partial_refund_gives_a_new_receipt_for_what_stays(world, case_id, started):
    world.take(world.paid(ref(case_id, started)))
    world.take(world.paid(ref(case_id, started), 100_000, refund(30_000)))

    first, second = world.cases.open(case_id).documents
    assert {first.annulled_why, second.annulled_why} == {"replaced", ""}
    standing = next(one for one in (first, second) if not one.annulled_at)
    assert standing.facts["amount"]["minor"] == 70_000
    assert world.owed(case_id) == 30_000


def test_two_people_who_paid_the_same_leave_a_credit_that_is_given_back(world, case_id, started):
    world.take(world.paid(ref(case_id, started)))
    world.take(world.paid(ref(case_id, started), payment_id="pay_2"))
    assert world.owed(case_id) == -100_000
    over = next(one for one in world.cases.open(case_id).received if one.over_minor)

    def give_back():
        return unmatched.give_back_over(
            case_id, over.received_id, actor=BOSS, providers=world.adapter,
            means=world.receiving, now=world.now,
        )  # fmt: skip

    give_back()
    with pytest.raises(NotReturnable) as refusal:
        give_back()
    assert refusal.value.details == {"reason": "nothing_over"}
    assert world.owed(case_id) == 0
    assert [back.amount_minor for back in world.provider.refunds.values()] == [100_000]
    # The provider's own news of that refund is no news.
    (back,) = world.provider.refunds.values()
    told = world.paid(ref(case_id, started), 100_000, back, payment_id="pay_2")
    assert world.take(told) == (Outcome.KNOWN, case_id)
    assert world.owed(case_id) == 0


def test_money_for_a_checkout_that_ended_counts_all_the_same(world, case_id, started):
    world.take(world.paid(ref(case_id, started), state=PaymentState.EXPIRED, payment_id=""))
    assert world.cases.open(case_id).checkouts[0].state is CheckoutState.EXPIRED
    world.take(world.paid(ref(case_id, started)))
    assert world.owed(case_id) == 0


def test_a_payment_to_a_case_that_was_merged_goes_where_that_is(world):
    one, other = world.a_case(), world.a_case()
    started = world.start(one)
    world.merge(one, other)

    assert world.take(world.paid(ref(one, started))) == (Outcome.POSTED, other)
    assert world.owed(other) == 100_000


def test_a_refund_of_what_was_posted_before_a_merge_waits_for_a_person(world):
    one, other = world.a_case(), world.a_case()
    started = world.start(one)
    world.take(world.paid(ref(one, started), 40_000))
    world.merge(one, other)

    assert world.take(world.paid(ref(one, started), 40_000))[0] is Outcome.KNOWN
    back = refund(40_000)
    assert world.take(world.paid(ref(one, started), 40_000, back))[0] is Outcome.UNMATCHED
    kept = world.tray.get(world.pid, key_of())
    assert (kept.reason, kept.case_id) == ("merged", other)
    with pytest.raises(BadField):
        world.send_back(key_of())
    with pytest.raises(BadField):
        world.assign(key_of(), other)
    assert world.provider.refunds == {}


# Without one


def test_a_payment_to_a_number_that_was_given_out_finds_its_debt(world, case_id):
    debt = a_debt("F-D-1", world.pid)
    world.references["646180110400000007"] = (case_id, debt.debt_id)
    assert world.take(world.paid("646180110400000007"))[0] is Outcome.POSTED
    assert world.owed(case_id) == 0


@pytest.mark.parametrize("named", ["", "who knows", "cas_none.chk_none"])
def test_what_nobody_can_place_is_kept_once(world, named):
    for _ in range(2):
        world.take(world.paid(named))
    (kept,) = world.tray.rows.values()
    assert (kept.reason, kept.state.value) == ("unknown", "open")


def test_money_in_another_currency_or_account_is_not_put_to_the_case(world, case_id, started):
    assert world.take(world.paid(ref(case_id, started), currency="USD"))[0] is Outcome.UNMATCHED
    assert world.tray.get(world.pid, key_of()).reason == "currency"
    assert world.owed(case_id) == 100_000


def test_news_without_money_of_an_unknown_payment_is_nothing(world):
    assert world.take(world.paid("x", state=PaymentState.FAILED))[0] is Outcome.IGNORED
    assert world.tray.rows == {}


def test_a_person_says_whose_it_is_and_all_follows(world, case_id):
    world.take(world.paid("who knows"))
    for _ in range(2):
        assert world.assign(key_of(), case_id)["state"] == "assigned"
    assert world.owed(case_id) == 0
    assert len(world.cases.open(case_id).documents) == 1
    # The provider tells it again: it is in the ledger, wherever that is.
    assert world.take(world.paid("who knows")) == (Outcome.KNOWN, case_id)


def test_assigned_to_one_case_it_cannot_go_to_another_nor_back(world, case_id):
    world.take(world.paid("who knows"))
    world.assign(key_of(), case_id)
    with pytest.raises(UnmatchedMoved):
        world.assign(key_of(), world.a_case())
    with pytest.raises(UnmatchedMoved):
        world.send_back(key_of())
    assert world.provider.refunds == {}


def test_a_crash_after_posting_is_made_good_by_assigning_again(world, case_id, monkeypatch):
    world.take(world.paid("who knows"))
    monkeypatch.setattr(unmatched, "_end", crash)
    with pytest.raises(RuntimeError):
        world.assign(key_of(), case_id)
    monkeypatch.undo()
    assert world.tray.get(world.pid, key_of()).state.value == "assigning"
    with pytest.raises(UnmatchedMoved):
        world.assign(key_of(), world.a_case())

    assert world.assign(key_of(), case_id)["state"] == "assigned"
    assert world.owed(case_id) == 0


def test_a_crash_after_refunding_is_made_good_and_sends_nothing_twice(world, monkeypatch):
    world.take(world.paid("who knows"))
    monkeypatch.setattr(unmatched, "_end", crash)
    with pytest.raises(RuntimeError):
        world.send_back(key_of())
    monkeypatch.undo()
    assert world.send_back(key_of())["state"] == "returned"
    assert len(world.provider.refunds) == 1


def test_what_a_provider_cannot_send_back_stays_in_the_tray(world):
    world.take(world.paid("who knows"))
    world.provider.problem = ProviderProblem("not_supported")
    with pytest.raises(NotReturnable):
        world.send_back(key_of())
    world.provider.problem = ProviderProblem("unavailable", retry=True)
    with pytest.raises(ProviderUnavailable):
        world.send_back(key_of())
    assert world.tray.get(world.pid, key_of()).state.value == "open"


def test_only_managers_deal_with_the_tray(world, case_id):
    world.take(world.paid("who knows"))
    with pytest.raises(NotAllowed):
        world.assign(key_of(), case_id, actor=AGENT)
    with pytest.raises(NotAllowed):
        world.send_back(key_of(), actor=AGENT)


def test_a_case_without_debts_takes_no_payment(world):
    empty = world.a_case(a_debt("F-9", world.pid))
    draft = Draft(world.cases.open(empty), world.portfolio, actor="upload:upl_test", now=NOW)
    draft.undo_upload("upl_test")
    world.cases.commit(change_of(draft))
    world.take(world.paid("who knows"))
    with pytest.raises(CaseVoid):
        world.assign(key_of(), empty)
    assert world.tray.get(world.pid, key_of()).state.value == "open"


# The receipt's message


def test_a_receipt_goes_at_night_and_over_the_cap_but_not_where_it_is_refused(
    world, case_id, started
):
    world.now = NOW.replace(hour=8, minute=30)  # 2:30 in the night in Mexico City
    world.take(world.paid(ref(case_id, started)))
    file = world.cases.open(case_id)
    (message,) = file.attempts
    _, ruling = dispatch_choices.place(file, world.portfolio, message, now=world.now)
    assert (ruling.allowed, ruling.rules) == (True, "receipt")
    late = world.now + timedelta(days=2)
    _, ruling = dispatch_choices.place(file, world.portfolio, message, now=late)
    assert not ruling.allowed

    draft = Draft(file, world.portfolio, actor="user:ana", now=world.now)
    for channel in (Channel.WHATSAPP, Channel.SMS):
        draft.consent(ConsentState.REFUSED, channel=channel, source="panel")
    world.cases.commit(change_of(draft))
    file = world.cases.open(case_id)
    _, ruling = dispatch_choices.place(file, world.portfolio, message, now=world.now)
    assert not ruling.allowed


def crash(*_, **__):
    raise RuntimeError("the process ends here")
