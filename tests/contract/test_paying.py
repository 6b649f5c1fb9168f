"""
Money is never taken twice and never lost: many at once, and a process that ends anywhere.

The same tests on memory, moto and AWS's own engine; moto's transactions are not safe against each
other, so there they come one after the other.
"""

import contextlib
import itertools
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.checkout import CheckoutState, Pays, Target, reference
from chalicelib.domain.document import DocumentKind
from chalicelib.domain.errors import CaseMoved, NothingToPay, UnmatchedMoved
from chalicelib.domain.ledger import EntryKind
from chalicelib.domain.payment import Back, BackKind, PaymentState
from chalicelib.domain.received import ReceivedStanding
from chalicelib.domain.unmatched import Unmatched, unmatched_id
from chalicelib.services import ledger, verify
from chalicelib.services.incoming import Outcome
from chalicelib.store.documents import Documents
from tests import engines
from tests.builders import NOW, TODAY
from tests.money_world import BOSS, MemoryTray, MoneyWorld

AT_ONCE = 6


class Crowd(MoneyWorld):
    """A world on a store of the contract, in which many do things at the same moment."""

    def __init__(self, stores, engine, wire=None):
        tray = (
            Documents(wire, engines.WORK, Unmatched, name="UNMATCHED", key="unmatched_id")
            if wire
            else MemoryTray()
        )
        super().__init__(cases=stores.cases, portfolio=stores.portfolio, tray=tray)
        self.counters = stores.counters
        self.threads = 1 if engine == "moto" else AT_ONCE

    def at_once(self, *steps):
        """Do all of *steps*; what a client or a queue would try again is tried again."""

        def do(step):
            while True:
                try:
                    return step()
                except CaseMoved:
                    continue

        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(do, steps))

    def hand_in_cash(self, case_id, amount=100_000, number="r-1"):
        """An agent posts what he was given at the door."""
        return ledger.post_payment(
            case_id, amount_minor=amount, paid_on=TODAY, reference=number, actor=BOSS,
            cases=self.cases, portfolios=self, now=self.now,
        )  # fmt: skip

    def proven(self):
        report = verify.portfolio(
            self.pid, cases=self.cases, stored=self.counters, time_zone="America/Mexico_City"
        )
        return report.differences == []


@pytest.fixture
def crowd(stores, engine, request):
    wire = None
    if engine != "memory":
        wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"), pool=AT_ONCE)
    return Crowd(stores, engine, wire)


def ref(case_id, checkout):
    return reference(case_id, checkout.checkout_id)


def back(amount=100_000, key="re_1", kind=BackKind.REFUND, **more):
    return Back(back_id=key, kind=kind, amount_minor=amount, at=NOW, **more)


def paid_in(crowd, case_id):
    return [e for e in crowd.cases.open(case_id).entries if e.kind is EntryKind.PAYMENT]


# Starting


def test_a_double_click_and_two_people_start_one_checkout(crowd):
    case_id = crowd.a_case()
    people = [f"debtor:{case_id}", "user:ana"]
    started = crowd.at_once(
        *(lambda by=by: crowd.start(case_id, by=by) for by in people * (AT_ONCE // 2))
    )

    assert len({one.checkout_id for one in started}) == 1
    assert len(crowd.provider.started) == 1
    (kept,) = crowd.cases.open(case_id).checkouts
    assert (kept.state, kept.url) == (CheckoutState.OPEN, started[0].url)
    assert crowd.proven()


def test_two_tabs_with_two_amounts_leave_one_that_can_be_paid(crowd):
    case_id = crowd.a_case()
    some = Target(pays=Pays.AMOUNT)
    crowd.at_once(
        *(lambda n=n: crowd.start(case_id, some, amount_minor=1_000 * n) for n in range(1, 5))
    )

    states = Counter(one.state for one in crowd.cases.open(case_id).checkouts)
    assert states[CheckoutState.OPEN] == 1
    assert set(states) <= {CheckoutState.OPEN, CheckoutState.CLOSED}
    assert crowd.proven()


# Posting


def test_a_webhook_that_comes_many_times_at_once_is_posted_once(crowd):
    case_id = crowd.a_case()
    payment = crowd.paid(ref(case_id, crowd.start(case_id)))
    outcomes = Counter(crowd.at_once(*[lambda: crowd.take(payment)[0]] * AT_ONCE))

    assert outcomes == {Outcome.POSTED: 1, Outcome.KNOWN: AT_ONCE - 1}
    file = crowd.cases.open(case_id)
    assert file.head.balance_minor == 0
    receipts = [one for one in file.documents if one.kind is DocumentKind.RECEIPT]
    messages = [one for one in file.attempts if one.cause.kind == "receipt"]
    assert (len(receipts), len(messages)) == (1, 1)
    assert receipts[0].key in crowd.shelf.objects
    assert crowd.proven()


def test_two_people_and_an_agents_cash_in_one_minute_lose_nothing(crowd):
    case_id = crowd.a_case()
    to = ref(case_id, crowd.start(case_id))
    crowd.at_once(
        lambda: crowd.take(crowd.paid(to, payment_id="pay_1")),
        lambda: crowd.take(crowd.paid(to, payment_id="pay_2")),
        lambda: crowd.hand_in_cash(case_id),
    )

    file = crowd.cases.open(case_id)
    assert file.head.balance_minor == -200_000
    assert len(paid_in(crowd, case_id)) == 3
    # Whoever came first, what a provider can give back is listed; cash is the office's to return.
    over = crowd.cases.received(crowd.pid, [ReceivedStanding.OVER])
    assert sum(one.over_minor for _, one in over.items) >= 100_000
    assert any(task.cause.step == "overpaid" for task in file.tasks)
    assert crowd.proven()
    with pytest.raises(NothingToPay):
        crowd.start(case_id)


@pytest.mark.parametrize("seed", range(3))
def test_news_in_any_order_and_all_at_once_comes_to_the_same(crowd, seed):
    case_id = crowd.a_case()
    to = ref(case_id, crowd.start(case_id))
    dispute = back(50_000, "dp_1", BackKind.CHARGEBACK)
    won = back(50_000, "dp_1", BackKind.CHARGEBACK, returned=True)
    news = [
        crowd.paid(to, state=PaymentState.PENDING),
        crowd.paid(to),
        crowd.paid(to, 100_000, dispute),
        crowd.paid(to, 100_000, back(30_000), dispute),
        crowd.paid(to, 100_000, back(30_000), won),
        crowd.paid(to, state=PaymentState.FAILED),
    ] * 2
    random.Random(seed).shuffle(news)  # noqa: S311 - an order, no secret
    crowd.at_once(*(lambda one=one: crowd.take(one) for one in news))

    file = crowd.cases.open(case_id)
    assert file.head.balance_minor == 30_000
    (kept,) = file.received
    assert (kept.posted_minor, kept.standing) == (70_000, ReceivedStanding.BACK)
    standing = [one for one in file.documents if one.annulled_at is None]
    assert [one.facts["amount"]["minor"] for one in standing] == [70_000]
    assert crowd.proven()


# The tray


def test_one_of_two_who_assign_and_one_who_sends_back_has_the_say(crowd):
    one, other = crowd.a_case(), crowd.a_case()
    crowd.take(crowd.paid("nobody knows"))
    key = unmatched_id("sandbox", "pay_1")

    def tried(step):
        try:
            return step()["state"]
        except UnmatchedMoved:
            return "moved"

    told = crowd.at_once(
        lambda: tried(lambda: crowd.assign(key, one)),
        lambda: tried(lambda: crowd.assign(key, other)),
        lambda: tried(lambda: crowd.send_back(key)),
    )

    settled = crowd.tray.get(crowd.pid, key)
    entries = paid_in(crowd, one) + paid_in(crowd, other)
    assert sorted(told).count("moved") == 2
    if settled.state.value == "returned":
        assert (entries, len(crowd.provider.refunds)) == ([], 1)
    else:
        assert settled.state.value == "assigned"
        assert (len(entries), len(crowd.provider.refunds)) == (1, 0)
    assert crowd.proven()


# A process that ends anywhere


class Ended(Exception):
    """The process was killed here."""


def killed_at(step, cases):
    """
    Let the *step*-th write of *cases* end the process, before it (even) or after it (odd).

    Gives what undoes this, and whether it came to that.
    """
    write, count = cases.commit, itertools.count()
    reached = []

    def commit(*changes):
        if next(count) != step // 2:
            return write(*changes)
        reached.append(step)
        if step % 2:
            write(*changes)
        raise Ended

    cases.commit = commit
    return (lambda: delattr(cases, "commit")), reached


@pytest.mark.parametrize("step", range(6))
def test_starting_and_posting_go_on_wherever_they_were_killed(crowd, step):
    case_id = crowd.a_case()
    restore, reached = killed_at(step, crowd.cases)
    with contextlib.suppress(Ended):
        crowd.take(crowd.paid(ref(case_id, crowd.start(case_id))))
    restore()
    assert reached

    file = crowd.cases.open(case_id)
    checkout = file.checkouts[-1] if file.checkouts and not paid_in(crowd, case_id) else None
    checkout = crowd.start(case_id) if checkout else (file.checkouts or [None])[-1]
    checkout = checkout or crowd.start(case_id)
    crowd.take(crowd.paid(ref(case_id, checkout)))

    file = crowd.cases.open(case_id)
    assert file.head.balance_minor == 0
    assert [one.state for one in file.checkouts] == [CheckoutState.PAID]
    assert len(crowd.provider.started) == 1
    assert all(one.key in crowd.shelf.objects for one in file.documents)
    assert len(file.documents) == 1
    assert crowd.proven()


@pytest.mark.parametrize("step", range(2))
def test_assigning_goes_on_wherever_it_was_killed(crowd, step):
    case_id, other = crowd.a_case(), crowd.a_case()
    crowd.take(crowd.paid("nobody knows"))
    key = unmatched_id("sandbox", "pay_1")
    restore, reached = killed_at(step, crowd.cases)
    with pytest.raises(Ended):
        crowd.assign(key, case_id)
    restore()
    assert reached
    with pytest.raises(UnmatchedMoved):
        crowd.assign(key, other)

    assert crowd.assign(key, case_id)["state"] == "assigned"
    assert len(paid_in(crowd, case_id)) == 1
    assert crowd.proven()


# Lists


def test_payments_and_checkouts_are_listed_the_last_one_first(crowd):
    made = [crowd.a_case() for _ in range(3)]
    for number, case_id in enumerate(made):
        crowd.wait(minutes=1)
        crowd.take(crowd.paid(ref(case_id, crowd.start(case_id)), payment_id=f"pay_{number}"))

    first = crowd.cases.received(crowd.pid, list(ReceivedStanding), limit=2)
    rest = crowd.cases.received(crowd.pid, list(ReceivedStanding), limit=2, cursor=first.cursor)
    assert [case_id for case_id, _ in (*first.items, *rest.items)] == made[::-1]
    assert rest.cursor is None
    (paid, open_) = (
        crowd.cases.checkouts(crowd.pid, [state])
        for state in (CheckoutState.PAID, CheckoutState.OPEN)
    )
    assert (len(paid.items), len(open_.items)) == (3, 0)
    assert [one for _, one in paid.items] == [
        crowd.cases.open(case_id).checkouts[0] for case_id in made[::-1]
    ]
