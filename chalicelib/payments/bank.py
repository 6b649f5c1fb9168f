"""
Paying at one's own bank or at a counter: a number per debt, and a file that says what came in.

There is nobody to ask: what was paid is told by the bank's file (``services/bank_files.py``).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.bank_references import PayTo, cash_reference, clabe
from chalicelib.domain.checkout import read_reference
from chalicelib.domain.payment import Ask, Back, ProviderEvent, ProviderPayment, Started
from chalicelib.domain.payment_account import PaymentAccount
from chalicelib.payments.port import Forged, ProviderProblem

NAME = "bank"


class References(Protocol):
    def number(self, prefix: str, case_id: str, debt_id: str) -> int:
        """Give what numbers a debt under a prefix, for ever the same."""
        ...

    def keep(self, portfolio_id: str, reference: str, case_id: str, debt_id: str) -> None:
        """Note whose a number is. Safe to repeat."""
        ...


class Bank:
    name = NAME

    def __init__(self, account: PaymentAccount, references: References) -> None:
        self._account, self._references = account, references

    def start(self, ask: Ask) -> Started:
        read = read_reference(ask.reference)
        if read is None:
            raise ProviderProblem("rejected")
        case_id, _ = read
        method = ask.method or next(iter(self._account.methods), "transfer")
        reference = self.reference(case_id, ask.debt_id, method)
        given = self._account.settings
        told: tuple[tuple[str, str], ...] = (
            ("bank", given.get("bank", "")),
            ("beneficiary", given.get("beneficiary", "")),
            ("clabe", reference),
        )
        if method == "cash":
            told = (("cash_where", given["cash_where"]), ("cash_reference", reference))
        return Started(url="", provider_id=reference, instructions=told)

    def reference(self, case_id: str, debt_id: str, method: str) -> str:
        """
        Give the number to pay a debt to, or a whole case; for ever the same under one prefix.

        Raises:
            ProviderProblem: The account does not offer that way.
        """
        prefix = self._account.settings.get("cash_prefix" if method == "cash" else "clabe_prefix")
        if method not in self._account.methods or not prefix:
            raise ProviderProblem("not_supported")
        number = self._references.number(prefix, case_id, debt_id)
        made = cash_reference(prefix, number) if method == "cash" else clabe(prefix, number)
        self._references.keep(self._account.portfolio_id, made, case_id, debt_id)
        return made

    def pay_to(self, case_id: str, *, example: bool = False) -> PayTo:
        """
        Say where what a case owes as a whole is paid; only what debtors are offered now.

        Args:
            example: With numbers that are nobody's, to look at: none is given away.
        """
        given, offered = self._account.settings, self._account.offered

        def number(method: str) -> str:
            if method not in offered:
                return ""
            if not example:
                return self.reference(case_id, "", method)
            cash = method == "cash"
            return (
                cash_reference(given["cash_prefix"], 0) if cash else clabe(given["clabe_prefix"], 0)
            )

        account, told = number("transfer"), number("cash")
        return PayTo(
            bank=given.get("bank", "") if account else "",
            beneficiary=given.get("beneficiary", "") if account else "",
            clabe=account,
            cash_where=given.get("cash_where", "") if told else "",
            cash_reference=told,
        )

    def close(self, provider_id: str) -> bool:
        """Say that it cannot be ended: whoever has the number may pay to it."""
        del provider_id
        return False

    def read(self, read_id: str) -> ProviderPayment:
        del read_id
        raise ProviderProblem("not_supported")

    def list_day(self, day: date) -> Sequence[ProviderPayment]:
        """Give nothing: the bank's file tells."""
        del day
        return ()

    def refund(self, payment_id: str, amount_minor: int, *, key: str) -> Back:
        del payment_id, amount_minor, key
        raise ProviderProblem("not_supported")

    def events(
        self, headers: Mapping[str, str], query: Mapping[str, str], raw: bytes, *, now: datetime
    ) -> Sequence[ProviderEvent]:
        del headers, query, raw, now
        raise Forged("not_supported")

    def account(self) -> str:
        """Name the account; there is nobody to ask."""
        given = self._account.settings
        return given.get("beneficiary") or given.get("cash_where", "")
