"""Phone numbers to E.164, by the rules of ``phonenumbers`` at a speed that rows can afford."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from chalicelib.intake.cells import Cell, as_text
from chalicelib.intake.values import BadValue, is_empty

_CACHE = 5_000  # as many as the rows of a chunk, so that no file's length shows in memory
_NOT_DIGITS = re.compile(r"\D+")
_SEVERAL = re.compile(r"\s*(?:[/;|,]|\s[yoe]\s|\bu\b)\s*")
_FLOAT = re.compile(r"\d+\.0")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
_PLAIN = re.compile(r"\+?[\d\s().-]+")
_REPEATED = re.compile(r"(\d)\1{6,}|1234567890?|0?123456789")


@cache
def _national(country: str) -> tuple[int, tuple[int, ...], re.Pattern[str]]:
    """Country code, lengths and pattern of whole national numbers that need no thought."""
    from phonenumbers import PhoneMetadata

    metadata: Any = PhoneMetadata.metadata_for_region(country)
    kinds = (metadata.fixed_line, metadata.mobile, metadata.voip, metadata.toll_free)
    patterns = [
        kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern
    ]
    lengths = sorted({n for kind in kinds if kind for n in kind.possible_length if n > 0})
    general = metadata.general_desc.national_number_pattern
    both = f"(?=(?:{general})$)(?:{'|'.join(f'(?:{p})' for p in patterns)})"
    prefix = metadata.national_prefix_for_parsing
    # A number that could be read as prefix + shorter number is left to the library.
    apart = f"(?!(?:{prefix}))" if prefix else ""
    return metadata.country_code, tuple(lengths), re.compile(apart + both)


def phone_reader(country: str) -> Callable[[Cell], str]:
    """
    Make the function that reads a phone of *country* as E.164.

    Numbers written with a foreign country code are taken as such.

    Raises (the function):
        BadValue: ``phone.invalid``, or ``phone.placeholder`` for ``5555555555`` and its like.

    >>> phone_reader("MX")("(55) 1234-5678"), phone_reader("CL")("+56 9 8765 4321")
    ('+525512345678', '+56987654321')
    """
    code, lengths, pattern = _national(country)
    shortest, longest = lengths[0], lengths[-1]
    international = f"+{code}"
    cache: dict[Cell, str] = {}

    def quick(text: str) -> str | None:
        digits = text.replace(" ", "").replace("-", "")
        if digits.isascii() and digits.isdigit() and shortest <= len(digits) <= longest:
            if pattern.fullmatch(digits):
                return f"{international}{digits}"
            return None
        if not _PLAIN.fullmatch(text):
            return None
        digits = _NOT_DIGITS.sub("", text)
        if text[0] == "+":
            if not text.startswith(international):
                return None
            digits = digits[len(international) - 1 :]
        if shortest <= len(digits) <= longest and pattern.fullmatch(digits):
            return f"{international}{digits}"
        return None

    def convert(cell: Cell) -> str:
        if cell in cache:
            found = cache[cell]
        else:
            if len(cache) > _CACHE:
                cache.clear()
            found = (quick(cell) if isinstance(cell, str) else None) or ""
            if not found:
                text = _tidy(cell)
                found = (quick(text) or _slow(text, country)) if text else ""
            if found and _REPEATED.fullmatch(found, len(international)):
                found = "?"
            cache[cell] = found
        if found == "?":
            raise BadValue("phone.placeholder")
        if not found:
            raise BadValue("phone.invalid")
        return found

    return convert


def _tidy(cell: Cell) -> str:
    text = as_text(cell)
    if _FLOAT.fullmatch(text):
        return text[:-2]
    if _SCIENTIFIC.fullmatch(text):
        return str(int(float(text)))
    return text


def split_phones(cell: Cell) -> list[Cell]:
    """
    Part a cell that holds several phones.

    >>> split_phones("55 1234 5678 / 55 8765 4321")
    ['55 1234 5678', '55 8765 4321']
    """
    if not isinstance(cell, str) or len(cell) < 15:
        return [] if isinstance(cell, str) and is_empty(cell.strip()) else [cell]
    return [piece for piece in _SEVERAL.split(cell.strip()) if piece]


def _slow(text: str, country: str) -> str:
    """
    Ask the library; ``""`` when it knows no such number.

    Files also hold numbers with the country's code but no plus sign, and Mexican mobiles with
    the old 1 after it; both are tried when the text as it stands is no number.
    """
    import phonenumbers

    digits = _NOT_DIGITS.sub("", text)
    code = str(_national(country)[0])
    tries = [text]
    if digits.startswith(code):
        tries.append("+" + digits)
    if country == "MX":
        tries.extend("+52" + digits[n:] for n in (3, 2, 1) if len(digits) == 10 + n)
        if len(digits) == 13 and digits.startswith(("044", "045")):
            tries.append("+52" + digits[3:])
    for attempt in tries:
        try:
            number = phonenumbers.parse(attempt, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return ""


def mostly_phones(sample: list[str], country: str) -> bool:
    """Say whether most of a column's values are phones of *country*; four of them at least."""
    read = phone_reader(country)
    good = tried = 0
    for text in sample[:100]:
        for piece in split_phones(text):
            tried += 1
            try:
                read(piece)
                good += 1
            except BadValue:
                continue
    return good >= 4 and good >= 0.7 * tried
