from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ageing import Part
from chalicelib.domain.allocation import Owed, allocate
from chalicelib.domain.ledger import Balance
from chalicelib.domain.portfolio import Component

FIRST = date(2026, 1, 1)
ORDER = (Component.FEES, Component.INTEREST, Component.PRINCIPAL)


def owed(debt_id, principal=0, interest=0, fees=0, due=0):
    balance = Balance(principal, interest, fees)
    total = balance.total_minor
    return Owed(debt_id, balance, (Part(0, FIRST + timedelta(days=due), total, total),))


def paid(shares):
    return {s.debt_id: (s.principal_minor, s.interest_minor, s.fees_minor) for s in shares}


def test_the_oldest_debt_is_paid_first_and_its_parts_in_the_policys_order():
    debts = [owed("young", 1_000, due=30), owed("old", 500, 40, 10)]

    assert paid(allocate(560, debts, ORDER)) == {"old": (500, 40, 10), "young": (10, 0, 0)}
    assert paid(allocate(45, debts, ORDER)) == {"old": (0, 35, 10)}


def test_principal_first_when_the_policy_says_so():
    order = (Component.PRINCIPAL, Component.INTEREST, Component.FEES)

    assert paid(allocate(510, [owed("a", 500, 40, 10)], order)) == {"a": (500, 10, 0)}


def test_the_debt_the_payer_named_comes_before_older_ones():
    debts = [owed("old", 500), owed("young", 300, due=30)]

    assert paid(allocate(400, debts, ORDER, first="young")) == {
        "old": (100, 0, 0),
        "young": (300, 0, 0),
    }


def test_instalments_of_several_debts_are_paid_by_date_not_debt_by_debt():
    a = Owed("a", Balance(200), (Part(1, FIRST, 100, 100), Part(2, date(2026, 3, 1), 100, 100)))
    b = owed("b", 100, due=20)

    assert paid(allocate(150, [a, b], ORDER)) == {"a": (100, 0, 0), "b": (50, 0, 0)}


def test_money_beyond_everything_owed_is_a_credit_on_the_last_debt():
    debts = [owed("old", 500, 40), owed("young", 300, due=30)]

    assert paid(allocate(1_000, debts, ORDER)) == {"old": (500, 40, 0), "young": (460, 0, 0)}
    assert paid(allocate(1_000, debts, ORDER, first="old"))["old"] == (660, 40, 0)


minor = st.integers(-500, 50_000)


@given(
    amount=st.integers(1, 200_000),
    rows=st.lists(st.tuples(minor, minor, minor, st.integers(0, 90)), min_size=1, max_size=5),
    order=st.permutations(ORDER),
    first=st.sampled_from([None, "d0", "unknown"]),
)
def test_a_payment_neither_makes_nor_loses_a_cent(amount, rows, order, first):
    debts = []
    for number, (principal, interest, fees, due) in enumerate(rows):
        balance = Balance(principal, interest, fees)
        open_minor = max(0, balance.total_minor)
        part = Part(0, FIRST + timedelta(days=due), open_minor, open_minor)
        debts.append(Owed(f"d{number}", balance, (part,)))

    shares = allocate(amount, debts, tuple(order), first=first)

    assert sum(share.total_minor for share in shares) == amount
    assert all(min(s.principal_minor, s.interest_minor, s.fees_minor) >= 0 for s in shares)
