"""Ids: sortable ones for what we start, derived ones for what a repeat must meet again."""

import hashlib
import os
import time
from functools import lru_cache

_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = [a + b for a in _DIGITS for b in _DIGITS]
_LENGTHS = [f"\0\0\0{chr(length)}" for length in range(128)]


def _text(raw: bytes) -> str:
    """
    Write 16 bytes as 26 digits of base 32 that sort like the bytes (RFC 4648, "base32hex").

    Ten bits at a time from a table: an upload makes six ids a row, and the library's own
    encoder would be a tenth of what a row costs. A table of fifteen bits has fewer steps and
    takes twice as long, for it does not stay in the processor's cache.
    """
    n = int.from_bytes(raw, "big") << 2
    p = _PAIRS
    return (
        f"{p[n >> 120]}{p[n >> 110 & 1023]}{p[n >> 100 & 1023]}{p[n >> 90 & 1023]}"
        f"{p[n >> 80 & 1023]}{p[n >> 70 & 1023]}{p[n >> 60 & 1023]}{p[n >> 50 & 1023]}"
        f"{p[n >> 40 & 1023]}{p[n >> 30 & 1023]}{p[n >> 20 & 1023]}{p[n >> 10 & 1023]}"
        f"{p[n & 1023]}"
    )


def new_id(prefix: str, *, now_ms: int | None = None) -> str:
    """
    Make a sortable unique id, such as ``upl_06a1k...``: 48 bits of time, 80 of chance.

    Args:
        prefix: What it names: ``prt``, ``upl``, ``evt``...
        now_ms: Milliseconds since 1970; the wall clock by default.
    """
    ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    return f"{prefix}_{_text(ms.to_bytes(6, 'big') + os.urandom(10))}"


def derived_id(prefix: str, *parts: str) -> str:
    """
    Make the id that the same parts always give: what makes a repeat meet itself.

    >>> derived_id("cas", "prt_1", "A-17") == derived_id("cas", "prt_1", "A-17")
    True
    >>> derived_id("cas", "prt_1", "A-17") == derived_id("cas", "prt_1A", "-17")
    False
    """
    try:
        text = "".join([_LENGTHS[len(part)] + part for part in parts])
        joined = text.encode("ascii")  # a letter is then a byte, as the lengths say
    except (IndexError, UnicodeEncodeError):
        raws = [part.encode() for part in parts]
        joined = b"".join([len(raw).to_bytes(4, "big") + raw for raw in raws])
    return f"{prefix}_{_text(hashlib.sha256(joined).digest()[:16])}"


def packed(text: str) -> bytes:
    """
    Give the sixteen bytes behind an id, for where every letter counts.

    Raises:
        ValueError: It is no id of ours.

    >>> unpacked("cas", packed(derived_id("cas", "prt_1"))) == derived_id("cas", "prt_1")
    True
    """
    digits = text.partition("_")[2]
    if len(digits) != 26:
        raise ValueError("not an id")
    return (int(digits, 32) >> 2).to_bytes(16, "big")


def unpacked(prefix: str, raw: bytes) -> str:
    """Make the id again that ``packed`` was given."""
    return f"{prefix}_{_text(raw)}"


@lru_cache(maxsize=1024)  # a row asks for its case's two or three times
def case_id(portfolio_id: str, debtor_key: str) -> str:
    return derived_id("cas", portfolio_id, debtor_key)


def debt_id(portfolio_id: str, external_id: str) -> str:
    return derived_id("dbt", portfolio_id, external_id)


def entry_id(portfolio_id: str, source: str, reference: str, debt_id: str) -> str:
    return derived_id("ent", portfolio_id, source, reference, debt_id)


def share_of(key: str) -> float:
    """Turn an id into a part of one, ever the same of it, to spread what would go together."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") / 2**32
