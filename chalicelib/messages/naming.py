"""How a message writes what others have written: names, and any text as one plain line."""

import re
import unicodedata

MAX_NAME = 80
MAX_TEXT = 300
_NOT_OF_A_NAME = re.compile(r"[^\w\s.,'’&()/ºª°+#-]")
_SPACES = re.compile(r"\s+")
_PARTICLES = {
    "DE",
    "DEL",
    "LA",
    "LAS",
    "LOS",
    "Y",
    "E",
    "DA",
    "DO",
    "DAS",
    "DOS",
    "DI",
    "VON",
    "VAN",
}
# What a company's name ends in: it is greeted by its whole name.
_COMPANY = re.compile(
    r"\b(s\.?\s?a\.?|s\.?\s?a\.?\s?s\.?|s\.?\s?r\.?\s?l\.?|ltda\.?|e\.?i\.?r\.?l\.?|s\.?p\.?a\.?"
    r"|inc\.?|llc|corp\.?|c\.?v\.?|cia\.?|me|epp|eireli|hnos\.?)$",
    re.IGNORECASE,
)


def person(name: str) -> str:
    """
    Write a name as a letter would: one line, no markup, not shouted.

    >>> person("  PÉREZ DE LA CRUZ,  MARÍA  JOSÉ <>")
    'Pérez de la Cruz, María José'
    """
    text = clean(_NOT_OF_A_NAME.sub(" ", clean(name)))[:MAX_NAME]
    if text.upper() != text or _COMPANY.search(text):
        return text
    words = [word.lower() if word in _PARTICLES else word.capitalize() for word in text.split()]
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]


def first_name(name: str) -> str:
    """
    Say how to greet: by the first name, a company by all of its name.

    >>> first_name("PÉREZ GÓMEZ, ANA LUCÍA"), first_name("Ferretería La Unión S.A.")
    ('Ana', 'Ferretería La Unión S.A.')
    """
    whole = person(name)
    if not whole or _COMPANY.search(whole):
        return whole
    given = whole.partition(",")[2].split() or whole.replace(",", " ").split()
    return given[0] if given else whole


def clean(text: str) -> str:
    r"""
    Make a value one line of plain text: no control, direction or zero-width characters and no
    runs of spaces, so that it neither breaks out of its place nor turns what stands around it.

    >>> clean("Ana\r\nBcc: x\u202e")
    'Ana Bcc: x'
    """
    if not text.isprintable():
        text = "".join(_plain(character) for character in text)
    return _SPACES.sub(" ", text).strip()[:MAX_TEXT]


def _plain(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in ("Cf", "Co", "Cs", "Cn"):
        return ""
    return " " if kind in ("Cc", "Zl", "Zp", "Zs") else character
