"""Ids: sortable ones for what we start, derived ones for what a repeat must meet again."""

import base64
import hashlib
import os
import time


def _text(raw: bytes) -> str:
    return base64.b32hexencode(raw).decode().rstrip("=").lower()


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
    joined = b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in parts)
    return f"{prefix}_{_text(hashlib.sha256(joined).digest()[:16])}"


def case_id(portfolio_id: str, debtor_key: str) -> str:
    return derived_id("cas", portfolio_id, debtor_key)


def debt_id(portfolio_id: str, external_id: str) -> str:
    return derived_id("dbt", portfolio_id, external_id)


def entry_id(portfolio_id: str, source: str, reference: str, debt_id: str) -> str:
    return derived_id("ent", portfolio_id, source, reference, debt_id)
