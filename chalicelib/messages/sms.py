"""How long a text message is: what carriers count, and bill by the segment."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# 3GPP TS 23.038, default alphabet and its extension table (each of those takes two septets).
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
# Units of one message, and of each part of a longer one: 6 octets tell the parts' order.
SINGLE = {"GSM-7": 160, "UCS-2": 70}
PART = {"GSM-7": 153, "UCS-2": 67}

# What a phone shows alike, for letters that no accent can be taken from.
_ALIKE = {
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\u2018": "'", "\u2019": "'",
    "\u201c": '"', "\u201d": '"', "\u00ab": '"', "\u00bb": '"', "\u2013": "-", "\u2014": "-",
    "\u2026": "...", "\u2022": "-", "\u00ba": "o", "\u00aa": "a", "\u00b0": "o", "ç": "c",
    "₡": "CRC ", "₲": "Gs. ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Length:
    """
    Args:
        encoding: ``GSM-7`` or ``UCS-2``: one character outside the small alphabet makes the
            whole message UCS-2.
        units: Septets or UTF-16 units it takes.
        segments: Messages it is billed as; 0 for an empty text.
        left: Units until another segment begins.
        outside: The characters that the small alphabet lacks, in order, once each.
    """

    encoding: str
    units: int
    segments: int
    left: int
    outside: str


def length(text: str) -> Length:
    r"""
    Count a text message as a carrier does.

    A pair of units that stand for one character (an escape, a surrogate pair) is never split
    between two parts.

    >>> length("Debe $1,200.00")
    Length(encoding='GSM-7', units=14, segments=1, left=146, outside='')
    >>> length("á" * 71).segments
    2
    """
    outside = "".join(dict.fromkeys(c for c in text if c not in GSM_7 and c not in EXTENSION))
    encoding = "UCS-2" if outside else "GSM-7"
    sizes = [_units(character, encoding) for character in text]
    total = sum(sizes)
    if total <= SINGLE[encoding]:
        return Length(encoding, total, 1 if text else 0, SINGLE[encoding] - total, outside)
    segments, used = 1, 0
    for size in sizes:
        if used + size > PART[encoding]:
            segments, used = segments + 1, 0
        used += size
    return Length(encoding, total, segments, PART[encoding] - used, outside)


def _units(character: str, encoding: str) -> int:
    if encoding == "GSM-7":
        return 2 if character in EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def small(text: str) -> str:
    """
    Write a text in the small alphabet where it reads the same: half the segments.

    Accents that the alphabet lacks are left out (it has é, ñ, ü and à, not á, í, ó, ú, ã, õ);
    what cannot be written so, such as an emoji or another script, stays as it is.

    >>> small("Último día: mañana pagó “José” el año")
    'Ultimo dia: mañana pago "José" el año'
    """
    if text.isascii():
        return text
    return "".join(c if c in GSM_7 or c in EXTENSION else _alike(c) for c in text)


@lru_cache(maxsize=4096)
def _alike(character: str) -> str:
    if character in _ALIKE:
        return _ALIKE[character]
    base = "".join(
        c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c)
    )
    return base if base and all(c in GSM_7 for c in base) else character
