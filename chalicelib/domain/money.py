"""Exact money: integer minor units and an ISO 4217 currency."""

from dataclasses import dataclass

# ISO 4217 minor units of every currency a portfolio may use; a test compares them with Babel.
DECIMALS = {
    "ARS": 2, "BOB": 2, "BRL": 2, "CLF": 4, "CLP": 0, "COP": 2, "CRC": 2, "EUR": 2,
    "MXN": 2, "PAB": 2, "PEN": 2, "PYG": 0, "USD": 2, "UYU": 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Money:
    """
    An exact amount.

    Args:
        minor: Integer count of the currency's smallest unit (centavos; whole pesos for CLP).
        currency: ISO 4217 code, one of ``DECIMALS``.

    >>> Money(12345, "MXN") + Money(55, "MXN")
    Money(minor=12400, currency='MXN')
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in DECIMALS:
            raise ValueError(f"unknown currency {self.currency!r}")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def _same(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
