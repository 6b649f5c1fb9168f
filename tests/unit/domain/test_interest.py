"""36 % a year over 360 days on 1,000.00 is 1.00 a day: every figure here can be said aloud."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import interest
from chalicelib.domain.book import Book
from chalicelib.domain.ledger import Balance, EntryKind
from chalicelib.domain.portfolio import Component
from tests.builders import a_debt, a_portfolio, in_instalments, moratory

DUE = date(2026, 10, 1)
NOW = datetime(2026, 12, 31, tzinfo=UTC)


def a_book(debt=None, principal=100_000, fees=0, **policy):
    debt = debt or a_debt(due_on=DUE)
    policies = a_portfolio(moratory=moratory(**policy)).policies
    book = Book("prt_test", policies, [debt], [], actor="user:ana", now=NOW)
    book.charge(debt.debt_id, Balance(principal, 0, fees), on=DUE, source="upload", reference="u")
    return book, debt.debt_id


def day(number):
    """That many days after the due date."""
    return DUE + timedelta(days=number)


def pay(book, amount, number, reference="r"):
    return book.pay(amount, on=day(number), source="manual", reference=reference)


def undo(book, added):
    payment = next(entry for entry in added if entry.kind is EntryKind.PAYMENT)
    book.reverse(payment.entry_id, reason="cheque devuelto")


def total_due(book, debt_id, on):
    return book.balance(debt_id).total_minor + book.accrued(debt_id, on)


def test_one_peso_a_day_from_the_day_after_the_due_date():
    book, debt = a_book()

    assert [book.accrued(debt, day(n)) for n in (-5, 0, 1, 30)] == [0, 0, 100, 3_000]


def test_nothing_accrues_in_the_days_of_grace_nor_for_them_later():
    book, debt = a_book(grace_days=5)

    assert [book.accrued(debt, day(n)) for n in (5, 6, 10)] == [0, 100, 500]


def test_the_cap_is_a_share_of_the_principal_lent():
    book, debt = a_book(cap_ppm=20_000)

    assert [book.accrued(debt, day(n)) for n in (19, 20, 500)] == [1_900, 2_000, 2_000]


def test_a_year_of_365_days_accrues_less_a_day():
    book, debt = a_book(day_count=365)

    assert book.accrued(debt, day(365)) == 36_000


def test_fees_accrue_nothing():
    book, debt = a_book(fees=50_000)

    assert book.accrued(debt, day(10)) == 1_000


def test_only_instalments_past_due_accrue():
    debt = in_instalments(2, 50_000, DUE)
    book, key = a_book(debt)

    assert book.accrued(key, day(30)) == 1_500
    assert book.accrued(key, day(40)) == 1_500 + 1_000


def test_a_payment_realises_what_accrued_and_pays_it_before_principal():
    book, debt = a_book()

    added = pay(book, 51_000, 10)

    kinds = [(entry.kind, entry.amount_minor) for entry in added]
    assert kinds == [(EntryKind.INTEREST, 1_000), (EntryKind.PAYMENT, -51_000)]
    assert (added[1].interest_minor, added[1].principal_minor) == (-1_000, -50_000)
    assert book.accrued(debt, day(20)) == 500


def test_interest_follows_the_principal_that_partial_payments_leave():
    book, debt = a_book()
    pay(book, 51_000, 10, "a")

    pay(book, 25_500, 20, "b")

    assert book.balance(debt) == Balance(25_000, 0, 0)
    assert book.accrued(debt, day(60)) == 1_000


def test_waiving_interest_covers_what_accrued_and_does_not_come_back():
    book, debt = a_book()

    book.waive(debt, Component.INTEREST, 1_000, on=day(10), source="manual", reference="w",
               reason="acuerdo")  # fmt: skip

    assert book.balance(debt) == Balance(100_000, 0, 0)
    assert book.accrued(debt, day(10)) == 0
    assert book.accrued(debt, day(11)) == 100


def test_a_payment_recorded_late_takes_back_the_interest_it_would_have_saved():
    late, debt = a_book()
    pay(late, 10_000, 20, "second")
    pay(late, 51_000, 10, "first, but recorded last")
    known, _ = a_book()
    pay(known, 51_000, 10, "first")
    pay(known, 10_000, 20, "second")

    assert total_due(late, debt, day(20)) == total_due(known, debt, day(20))
    assert any(entry.amount_minor < 0 for entry in late.added if entry.kind is EntryKind.INTEREST)


def test_a_reversed_payment_leaves_interest_as_though_it_never_came():
    never, debt = a_book()
    book, _ = a_book()
    added = pay(book, 60_000, 10)

    undo(book, added)

    for number in (10, 11, 45):
        assert total_due(book, debt, day(number)) == total_due(never, debt, day(number))


def test_a_credit_for_overcharged_interest_goes_to_principal_once_the_interest_is_paid():
    assert interest.split(Balance(5_000, 300, 0), -400) == (-100, -300)


payments = st.lists(st.tuples(st.integers(1, 60_000), st.integers(0, 120)), min_size=1, max_size=6)


@given(payments, st.integers(0, 3))
def test_realised_and_unrealised_interest_are_always_the_whole(moves, undone):
    """However payments come, late or undone, no cent of interest is lost or charged twice."""
    book, debt = a_book()
    for number, (amount, on) in enumerate(moves):
        added = pay(book, amount, on, str(number))
        if number < undone:
            undo(book, added)

    own = book.entries(debt)
    policy = moratory()
    the_debt = a_debt(due_on=DUE)
    on = day(200)
    assert interest.realised(own) + book.accrued(debt, on) == interest.total(
        the_debt, own, policy, on
    )
    last = interest.realised_until(own)
    if last is not None:
        assert book.accrued(debt, last) == 0


@given(st.lists(st.integers(0, 90), min_size=1, max_size=5))
def test_touching_a_debt_often_does_not_change_what_it_accrues(days):
    """Rounding happens once, on the whole: cutting the period in pieces earns nobody a cent."""
    rate = {"annual_rate_ppm": 123_457, "day_count": 365}
    quiet, debt = a_book(principal=33_333, **rate)
    touched, _ = a_book(principal=33_333, **rate)
    for number, on in enumerate(sorted(days)):
        added = pay(touched, 1, on, str(number))
        undo(touched, added)

    assert total_due(touched, debt, day(91)) == total_due(quiet, debt, day(91))


@pytest.mark.parametrize("rate", [0, 1])
def test_a_void_debt_accrues_nothing(rate):
    debt = replace(a_debt(due_on=DUE), void=True)
    policy = moratory(annual_rate_ppm=rate * 360_000)

    assert interest.accrued(debt, [], policy, day(10)) == 0
