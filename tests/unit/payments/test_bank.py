"""A case's own numbers at the creditor's bank and counters."""

from dataclasses import replace

from chalicelib.domain.bank_references import NOWHERE, is_cash_reference, is_clabe
from chalicelib.domain.payment_account import PaymentAccount
from chalicelib.payments.bank import Bank
from tests.builders import NOW

ACCOUNT = PaymentAccount(
    portfolio_id="prt_1",
    provider="bank",
    changed_at=NOW,
    changed_by="user:ana",
    methods=("transfer", "cash"),
    tested_at=NOW,
    settings={
        "bank": "STP", "beneficiary": "Uno, S.A.", "clabe_prefix": "646180157",
        "cash_where": "OXXO", "cash_prefix": "9301",
    },
)  # fmt: skip


class References:
    """Numbers in the order in which they were asked for."""

    def __init__(self):
        self.given, self.whose = {}, {}

    def number(self, prefix, case_id, debt_id):
        return self.given.setdefault((prefix, case_id, debt_id), len(self.given) + 1)

    def keep(self, portfolio_id, reference, case_id, debt_id):
        self.whose[reference] = (portfolio_id, case_id, debt_id)


def test_a_case_has_its_own_numbers_and_they_stay():
    known = References()
    bank = Bank(ACCOUNT, known)

    at, again, other = bank.pay_to("cas_1"), bank.pay_to("cas_1"), bank.pay_to("cas_2")

    assert (at.bank, at.beneficiary, at.cash_where) == ("STP", "Uno, S.A.", "OXXO")
    assert (is_clabe(at.clabe), is_cash_reference(at.cash_reference)) == (True, True)
    assert at == again
    assert {at.clabe, at.cash_reference}.isdisjoint({other.clabe, other.cash_reference})
    assert known.whose[at.clabe] == known.whose[at.cash_reference] == ("prt_1", "cas_1", "")


def test_only_what_debtors_are_offered_is_said():
    cash = Bank(replace(ACCOUNT, methods=("cash",)), References()).pay_to("cas_1")

    assert (cash.clabe, cash.bank, cash.beneficiary) == ("", "", "")
    assert cash.cash_reference
    for closed in (replace(ACCOUNT, enabled=False), replace(ACCOUNT, problem="refused")):
        assert Bank(closed, References()).pay_to("cas_1") == NOWHERE


def test_an_example_gives_no_number_away():
    known = References()

    shown = Bank(ACCOUNT, known).pay_to("", example=True)

    assert (is_clabe(shown.clabe), is_cash_reference(shown.cash_reference)) == (True, True)
    assert known.given == known.whose == {}
    assert shown.clabe not in {Bank(ACCOUNT, known).pay_to(f"cas_{n}").clabe for n in range(5)}
