"""The sum a debtor names: digits in any style, number words, thousands in slang, all or half."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from chalicelib.conversation.words import WORDS, Language

# More digits without a separator are a reference, a phone or an account, not a sum.
MOST_PLAIN_DIGITS = 7


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """
    Args:
        value: In whole units of the currency ("1500.50"); None for a share.
        share: Part of what is owed, 1 = all; None for a sum.
    """

    value: Decimal | None = None
    share: Decimal | None = None


def find(folded: str, language: Language) -> FoundAmount | None:
    """
    Find the sum in a folded message whose date was taken out.

    A sum with a currency beside it wins over a bare number; then the first.
    """
    from text_to_num import alpha2digit

    words = WORDS[language]
    pattern = (
        r"(?P<sign>r\$|us\$|s/|\$|€)?\s*(?<![\w/:-])"
        r"(?P<number>\d+(?:[.,' ]\d{3})*(?:[.,]\d{1,2})?|\d+)(?![\d/:%])"
        rf"(?:\s*(?P<thousand>{words.thousand})\b(?:\s+(?P<rest>\d{{1,3}})\b)?)?"
        rf"\s*(?:de\s+)?(?P<money>(?:{words.money})\b)?"
    )
    # Digits as written first: the library would make "2 1000" of "2 mil".
    for text in (folded, alpha2digit(folded, str(language))):
        named = [
            (bool(match["sign"] or match["money"]), value)
            for match in re.finditer(pattern, text)
            if (value := _value(match)) is not None and value > 0
        ]
        if named:
            return FoundAmount(value=max(named, key=lambda one: one[0])[1])
    if re.search(words.half_of_it, folded):
        return FoundAmount(share=Decimal("0.5"))
    if re.search(words.all_of_it, folded):
        return FoundAmount(share=Decimal(1))
    return None


def _value(match: re.Match[str]) -> Decimal | None:
    text = match["number"].replace(" ", "").replace("'", "")
    marked = match["sign"] or match["money"] or match["thousand"]
    if text.isdigit() and len(text) > MOST_PLAIN_DIGITS and not marked:
        return None
    try:
        value = Decimal(_plain(text))
    except InvalidOperation:
        return None
    if match["thousand"]:
        value = value * 1000 + Decimal(match["rest"] or 0)
    return value.normalize() if value != value.to_integral() else value.quantize(Decimal(1))


def _plain(text: str) -> str:
    """
    Give a number in plain decimal form, whichever marks it was written with.

    >>> [_plain(text) for text in ("1,500.50", "1.500,50", "1.500", "12,5", "1,234,567")]
    ['1500.50', '1500.50', '1500', '12.5', '1234567']
    """
    marks = [mark for mark in text if mark in ".,"]
    if not marks:
        return text
    last = text[max(text.rfind("."), text.rfind(",")) + 1 :]
    if len(set(marks)) == 1 and len(last) == 3:
        return text.replace(marks[0], "")
    whole = text[: -len(last) - 1]
    return f"{whole.replace('.', '').replace(',', '')}.{last}"
