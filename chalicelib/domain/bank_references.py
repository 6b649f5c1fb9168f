"""
Numbers that a debtor pays to: a bank account of its own per case (CLABE), a cash reference.

Both end in a digit that shows most slips of the pen, so that a number that is copied wrongly is
refused by the bank or by us, and never pays somebody else's debt.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.errors import BadField

CLABE_DIGITS = 18
CLABE_WEIGHTS = (3, 7, 1)
CASH_DIGITS = 14
# What a prefix must leave free, so that there are references enough for a portfolio.
LEAST_FREE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PayTo:
    """
    Where a debtor pays without a link; what the portfolio does not offer is empty.

    Args:
        bank, beneficiary, clabe: For a transfer: the account is the case's own.
        cash_where, cash_reference: For cash: the chains, and what to tell them.
    """

    bank: str = ""
    beneficiary: str = ""
    clabe: str = ""
    cash_where: str = ""
    cash_reference: str = ""


NOWHERE = PayTo()


def clabe_digit(first: str) -> str:
    """
    Give the last digit of a CLABE, as Banxico's circular 13/2007 has it: weights 3, 7 and 1.

    >>> clabe_digit("03218000011835971")
    '9'
    """
    total = sum(int(d) * CLABE_WEIGHTS[i % 3] % 10 for i, d in enumerate(first))
    return str(-total % 10)


def is_clabe(text: str) -> bool:
    """
    Say whether it is eighteen digits of which the last fits.

    >>> is_clabe("032180000118359719"), is_clabe("032180000118359791")
    (True, False)
    """
    digits = text.isascii() and text.isdigit() and len(text) == CLABE_DIGITS
    return digits and clabe_digit(text[:-1]) == text[-1]


def luhn_digit(first: str) -> str:
    """
    Give the check digit by which cash chains and banks know a reference ("base 10").

    >>> luhn_digit("7992739871")
    '3'
    """
    total = 0
    for place, digit in enumerate(reversed(first)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def is_cash_reference(text: str) -> bool:
    """
    Say whether it is a reference whose last digit fits.

    >>> is_cash_reference(cash_reference("9301", 42)), is_cash_reference("93010000000420")
    (True, False)
    """
    digits = text.isascii() and text.isdigit() and len(text) == CASH_DIGITS
    return digits and luhn_digit(text[:-1]) == text[-1]


def clabe(prefix: str, number: int) -> str:
    """
    Give the account of a case: the bank's prefix for the creditor, a number, the check digit.

    >>> clabe("646180157", 42)
    '646180157000000428'

    Raises:
        BadField: The prefix has no room for the number.
    """
    return _numbered(prefix, number, CLABE_DIGITS, clabe_digit)


def cash_reference(prefix: str, number: int) -> str:
    """
    Give the reference to tell at a counter.

    >>> cash_reference("9301", 42)
    '93010000000429'

    Raises:
        BadField: As above.
    """
    return _numbered(prefix, number, CASH_DIGITS, luhn_digit)


def check_prefix(prefix: str, digits: int, *, field: str) -> None:
    """
    Refuse a prefix that is no number or leaves too few numbers free.

    Raises:
        BadField: By *field*.
    """
    if not (prefix.isascii() and prefix.isdigit()):
        raise BadField(field=field, reason="bad_format")
    if not 3 <= len(prefix) <= digits - 1 - LEAST_FREE:
        raise BadField(field=field, reason="out_of_range", least=3, most=digits - 1 - LEAST_FREE)


def _numbered(prefix: str, number: int, digits: int, check: Callable[[str], str]) -> str:
    free = digits - 1 - len(prefix)
    if number < 0 or len(str(number)) > free:
        raise BadField(field="prefix", reason="too_long")
    first = f"{prefix}{number:0{free}d}"
    return f"{first}{check(first)}"


# To look at a text with: numbers are counted from 1, so nobody's debt is behind these.
EXAMPLE = PayTo(
    bank="STP",
    beneficiary="Acreedor, S.A. de C.V.",
    clabe=clabe("646180157", 0),
    cash_where="OXXO, 7-Eleven",
    cash_reference=cash_reference("9301", 0),
)
