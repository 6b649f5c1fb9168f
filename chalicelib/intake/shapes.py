"""What a single text could be, without deciding: the parts of a number, the parts of a date."""

import re
from dataclasses import dataclass

# Currency signs and codes of our countries as people write them beside amounts.
_SIGN = r"(?:US\$|R\$|MX\$|\$b|B/\.?|S/\.?|Bs\.?|Gs\.?|₲|₡|€|£|\$U?|"
_CODE = r"MXN|COP|CLP|PEN|ARS|BRL|USD|EUR|PAB|PYG|UYU|BOB|CRC|CLF|M\.?N\.?|UF|U\$S)"
CURRENCY = _SIGN + _CODE

_NUMBER = re.compile(
    rf"""
    (?P<outer>[-+−–])?\s*(?:{CURRENCY})?\s*
    (?P<open>\()?\s*
    (?P<sign>[-+−–])?\s*
    (?:{CURRENCY})?\s*
    (?P<sign2>[-+−–])?\s*
    (?P<body>\d[\d.,'’\u00a0\u202f ]*\d|\d|[.,]\d+)[.,]?
    (?P<exp>[eE][+-]?\d{{1,3}})?
    \s*(?P<inner>-)?\s*(?:{CURRENCY})?\s*
    (?P<trail>-|(?:CR|DR|DB)\b)?\s*
    (?P<close>\))?\s*(?:{CURRENCY})?
    (?P<percent>\s*%)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(r"-?(?:\d[\d.,]*\d|\d)")  # most numbers; spares the long pattern
_SPACES = re.compile(r"['’\u00a0\u202f ]")
_CURRENCY = re.compile(CURRENCY, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberParts:
    """
    Args:
        body: Digits with the dots and commas as written, other grouping taken out.
        spaced: Groups were parted by blanks or apostrophes, so no mark groups them.
        exponent: Of scientific notation, or None.
    """

    negative: bool
    body: str
    spaced: bool
    exponent: int | None
    currency: bool
    percent: bool


def number_parts(text: str) -> NumberParts | None:
    """
    Take a number apart; None when the text is none.

    >>> number_parts("3.630,00 €").body, number_parts("(120.00)").negative
    ('3.630,00', True)
    >>> number_parts("$(1,234.50)").negative, number_parts("0.01- MXN").negative
    (True, True)
    >>> number_parts("2.2015e+11").exponent, number_parts("13-3400") is None
    (11, True)
    """
    if _PLAIN.fullmatch(text):
        negative = text[0] == "-"
        body = text[1:] if negative else text
        return NumberParts(negative, body, False, None, False, False)
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    if bool(found["open"]) != bool(found["close"]):
        return None
    raw = found["body"]
    spaced = bool(_SPACES.search(raw))
    if spaced and not re.fullmatch(r"\d{1,3}(?:['’\u00a0\u202f ]\d{3})+(?:[.,]\d+)?", raw):
        return None  # "12 345" groups; "2016 334" does not
    trail = (found["trail"] or "").upper()
    minus = "-−–"
    negative = (
        bool(found["open"])
        or bool(found["inner"])
        or any((found[name] or "+") in minus for name in ("outer", "sign"))
        or (found["sign2"] or "+") in minus
        or trail in ("-", "CR")
    )
    return NumberParts(
        negative=negative,
        body=_SPACES.sub("", raw),
        spaced=spaced,
        exponent=int(found["exp"][1:]) if found["exp"] else None,
        currency=bool(_CURRENCY.search(text)),
        percent=bool(found["percent"]),
    )


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan janeiro gener gen",
            "febrero feb february fevereiro fev febrer",
            "marzo mar march março marco marc març",
            "abril abr april apr",
            "mayo may maio mai maig",
            "junio jun june junho juny",
            "julio jul july julho juliol",
            "agosto ago august aug agost ag",
            "septiembre sep sept setiembre set september setembro setembre",
            "octubre oct october outubro out",
            "noviembre nov november novembro novembre",
            "diciembre dic december dec dezembro dez desembre des",
        ),
        1,
    )
    for name in names.split()
}

_TIME = (
    r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
    r"\s*(?:[ap]\.?\s?m\.?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_NUMERIC_DATE = re.compile(rf"(\d{{1,4}})([-/.])(\d{{1,2}})\2(\d{{1,4}}){_TIME}", re.IGNORECASE)
_DAY_FIRST = re.compile(
    rf"(?:[a-záéíóúç]+,?\s+)?(\d{{1,2}})(?:\s*[-/. ]\s*|\s+(?:de|d')\s*)([a-zç]{{2,12}})\.?"
    rf"(?:\s*[-/., ]\s*|\s+(?:de|del)\s+)(\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"([a-zç]{{3,12}})\.?[-/. ]\s*(\d{{1,2}})(?:st|nd|rd|th)?,?[-/ ]\s*(\d{{4}}){_TIME}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateParts:
    """
    Args:
        first, second, third: The three numbers in the order written; a named month is a number.
        form: ``numeric``, ``dmy`` or ``mdy`` (a named month shows its place), or ``ymd``.
        separator: Between numbers; ``""`` with a named month.
        short_year: The year has two digits.
    """

    first: int
    second: int
    third: int
    form: str
    separator: str
    short_year: bool


def date_parts(text: str) -> DateParts | None:
    """
    Take a date apart; None when the text is none. Its time of day is let go.

    >>> date_parts("24 October 2011")
    DateParts(first=24, second=10, third=2011, form='dmy', separator='', short_year=False)
    >>> date_parts("24/06/2019 09:55:53").form, date_parts("2013.0000092") is None
    ('numeric', True)
    """
    found = _NUMERIC_DATE.fullmatch(text)
    if found:
        a, separator, b, c = found[1], found[2], found[3], found[4]
        if len(a) == 4 and len(c) <= 2:
            return DateParts(int(a), int(b), int(c), "ymd", separator, False)
        if len(a) <= 2 and len(c) in (2, 4):
            return DateParts(int(a), int(b), int(c), "numeric", separator, len(c) == 2)
        return None
    found = _DAY_FIRST.fullmatch(text)
    if found and (month := MONTHS.get(found[2].lower())):
        year = found[3]
        return DateParts(int(found[1]), month, int(year), "dmy", "", len(year) == 2)
    found = _MONTH_FIRST.fullmatch(text)
    if found and (month := MONTHS.get(found[1].lower())):
        return DateParts(month, int(found[2]), int(found[3]), "mdy", "", False)
    return None


def full_year(year: int) -> int:
    """
    Widen a two-digit year: 1970 to 2069.

    >>> full_year(69), full_year(70), full_year(2015)
    (2069, 1970, 2015)
    """
    if year >= 100:
        return year
    return year + (2000 if year < 70 else 1900)
