"""What a debtor types, read kindly: amounts in any style, days, phones and e-mails."""

import re
from datetime import date
from decimal import Decimal

from chalicelib.conversation.amounts import find
from chalicelib.conversation.folding import fold
from chalicelib.conversation.words import Language
from chalicelib.domain.money import DECIMALS
from chalicelib.intake.phones import phone_reader
from chalicelib.intake.values import BadValue

LARGEST_MINOR = 10**14
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,}")


def amount_minor(text: str, currency: str, *, language: str, owed_minor: int = 0) -> int | None:
    """
    Read an amount as people write it; None for what is none, or finer than the currency.

    Args:
        owed_minor: What "all" and "half" are of.

    >>> [amount_minor(text, "MXN", language="es") for text in
    ...  ("1.500,50", "1,500.50", "$ 1500", "1.500", "mil pesos", "1,5", "nada", "-3")]
    [150050, 150050, 150000, 150000, 100000, 150, None, None]
    >>> amount_minor("1.500", "CLP", language="es"), amount_minor("1,5", "CLP", language="es")
    (1500, None)
    """
    folded = fold(text[:60])
    # In a field for an amount many digits are one, not an account or a phone as in a message.
    found = find(f"${folded}" if folded[:1].isdigit() else folded, Language(language))
    if found is None:
        return None
    if found.share is not None:
        return int(owed_minor * found.share) or None
    minor = (found.value or Decimal(0)).scaleb(DECIMALS[currency])
    if minor != minor.to_integral() or not 0 < minor <= LARGEST_MINOR:
        return None
    return int(minor)


def day(text: str) -> date | None:
    """
    Read the day of a date field; browsers send ISO, and some old ones what was typed.

    >>> day("2026-12-04"), day("4/12/2026"), day("31/02/2026")
    (datetime.date(2026, 12, 4), datetime.date(2026, 12, 4), None)
    """
    text = text.strip()
    typed = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    try:
        if typed:
            return date(int(typed[3]), int(typed[2]), int(typed[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None


def email(text: str) -> str | None:
    """
    Read an e-mail address, in lower case.

    >>> email(" Ana@Correo.MX "), email("ana(at)correo")
    ('ana@correo.mx', None)
    """
    plain = text.strip().lower()
    return plain if _MAIL.fullmatch(plain) and plain.isprintable() else None


def phone(text: str, country: str) -> str | None:
    """
    Read a phone of a country as E.164.

    >>> phone("(55) 1234-5678", "MX"), phone("12", "MX")
    ('+525512345678', None)
    """
    try:
        return phone_reader(country)(text.strip())
    except BadValue:
        return None
