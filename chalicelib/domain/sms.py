"""How long a text is as an SMS: what it is billed and split by."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

# GSM 03.38: its 7-bit alphabet, and the characters that cost two places. Of the Spanish accents
# it knows é and ñ but not á, í, ó and ú: one of these halves the room of the whole message.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_TYPOGRAPHY: dict[int, str] = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " "}
    | {"\u202f": " ", "\u2009": " ", "•": "-", "«": '"', "»": '"', "ª": "a", "º": "o", "₡": "CRC "}
)


class Encoding(StrEnum):
    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsLength:
    """
    Args:
        units: Septets (GSM-7) or UTF-16 code units (UCS-2) taken.
        segments: Messages the phone company bills; a reader sees one.
        left: Units that still fit into the last segment.
    """

    encoding: Encoding
    units: int
    segments: int
    left: int


def length(text: str) -> SmsLength:
    """
    Count what *text* takes as an SMS.

    >>> length("Pague hoy")
    SmsLength(encoding=<Encoding.GSM7: 'gsm7'>, units=9, segments=1, left=151)
    >>> length("Págalo hoy").encoding, length("x" * 161).segments
    (<Encoding.UCS2: 'ucs2'>, 2)
    """
    if _BASIC.issuperset(text):  # nearly every message: counted without looking at each letter
        return _length(Encoding.GSM7, [], alone=160, joined=153, units=len(text))
    if all(c in _BASIC or c in _EXTENDED for c in text):
        sizes = [2 if c in _EXTENDED else 1 for c in text]
        return _length(Encoding.GSM7, sizes, alone=160, joined=153)
    sizes = [2 if ord(c) > 0xFFFF else 1 for c in text]
    return _length(Encoding.UCS2, sizes, alone=70, joined=67)


def plain(text: str) -> str:
    """
    Write *text* with the 7-bit alphabet where that saves a segment; else leave it as it is.

    >>> plain("Su próxima cuota vence mañana. " * 3)[:30]
    'Su proxima cuota vence mañana.'
    >>> plain("Su próxima cuota vence mañana.")
    'Su próxima cuota vence mañana.'
    """
    if _BASIC.issuperset(text):
        return text
    bare = text.translate(_BARE)
    return bare if length(bare).segments < length(text).segments else text


def outside(text: str) -> str:
    """
    Name the characters that the 7-bit alphabet lacks, once each: what makes a text cost double.

    >>> outside("día a día, €5, añõ")
    'íõ'
    """
    missing = (c for c in text if c not in _BASIC and c not in _EXTENDED)
    return "".join(dict.fromkeys(missing))


class _Bare(dict[int, str]):
    """Each character as the 7-bit alphabet writes it, found out once."""

    def __missing__(self, code: int) -> str:
        written = self[code] = _plain(chr(code))
        return written


def _plain(character: str) -> str:
    if character in _BASIC or character in _EXTENDED:
        return character
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
    )
    return bare if bare and all(c in _BASIC for c in bare) else character


_BARE = _Bare(_TYPOGRAPHY)


def _length(
    encoding: Encoding, sizes: list[int], *, alone: int, joined: int, units: int = 0
) -> SmsLength:
    """Count from the *sizes* of characters; *units* alone where each takes one."""
    units = units or sum(sizes)
    if units <= alone:
        return SmsLength(encoding=encoding, units=units, segments=1, left=alone - units)
    if not sizes:
        segments = -(-units // joined)
        left = segments * joined - units
        return SmsLength(encoding=encoding, units=units, segments=segments, left=left)
    # A character is never cut in two: one that does not fit starts the next segment.
    segments, room = 1, joined
    for size in sizes:
        if size > room:
            segments, room = segments + 1, joined
        room -= size
    return SmsLength(encoding=encoding, units=units, segments=segments, left=room)
