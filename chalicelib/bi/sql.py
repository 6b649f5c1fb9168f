"""Writing values into SQL that DuckDB and Athena (Trino) read alike."""

import re
from collections.abc import Sequence

from chalicelib.domain.portfolio import Band

_PLAIN = re.compile(r"[A-Za-z0-9 _.:/+-]+")


def literal(text: str) -> str:
    """
    Write a text as SQL. Whatever could mean something to an engine is written by its number.

    >>> literal("1-30"), literal("D'Or"), literal("")
    ("'1-30'", "'D' || chr(39) || 'Or'", "''")
    """
    parts = []
    for piece in re.findall(rf"{_PLAIN.pattern}|.", text, re.DOTALL):
        parts.append(f"'{piece}'" if _PLAIN.fullmatch(piece) else f"chr({ord(piece)})")
    return " || ".join(parts) or "''"


def band(column: str, bands: Sequence[Band]) -> str:
    """
    Write the band of a column of days from due, as SQL: ``current`` before the first of them.

    >>> late = Band(code="1-30", from_dpd=1, to_dpd=30)
    >>> band("dpd", [late, Band(code="31+", from_dpd=31, to_dpd=None)])
    "CASE WHEN dpd >= 1 AND dpd <= 30 THEN '1-30' WHEN dpd >= 31 THEN '31+' ELSE 'current' END"
    """
    cases = []
    for one in bands:
        bounds = [
            f"{column} {sign} {int(value)}"
            for sign, value in ((">=", one.from_dpd), ("<=", one.to_dpd))
            if value is not None
        ]
        cases.append(f"WHEN {' AND '.join(bounds) or 'true'} THEN {literal(one.code)}")
    return f"CASE {' '.join(cases)} ELSE 'current' END"


def band_place(column: str, bands: Sequence[Band]) -> str:
    """
    Write where the code of a band stands among the others, as SQL: what owes nothing first.

    >>> band_place("band", [Band(code="1-30", from_dpd=1, to_dpd=None)])
    "CASE band WHEN 'paid' THEN 0 WHEN 'current' THEN 1 WHEN '1-30' THEN 2 ELSE 3 END"
    """
    codes = dict.fromkeys(("paid", "current", *(one.code for one in bands)))
    cases = [f"WHEN {literal(code)} THEN {at}" for at, code in enumerate(codes)]
    return f"CASE {column} {' '.join(cases)} ELSE {len(codes)} END"
