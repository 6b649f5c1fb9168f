"""
How long the law gives to answer what a person asks about their own data, by country and right.

``data_terms.json`` holds the numbers, each with its article and with how far it was checked:
``text`` (the law's own words were read), ``secondary`` (others say so), ``no`` (nobody was found
who does). Where a law knows a right without a term, or there is no law, the term is the agency's
own and says so.
"""

import functools
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Any

from chalicelib.domain.data_request import RequestKind

# What is kept to where a country is not in the file.
_OWN_DAYS = 10


class Unit(StrEnum):
    """BUSINESS days leave out weekends and holidays; a MONTH ends on the same day of the next."""

    BUSINESS = "business"
    CALENDAR = "calendar"
    MONTH = "month"


class Checked(StrEnum):
    TEXT = "text"
    SECONDARY = "secondary"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """
    How long there is for one right.

    Args:
        law: Its name; empty where none was found.
        article: Where the term is written; empty when it is the agency's own.
        days: To answer, in *unit*.
        carry_days: To do what was granted, from the answer on; 0 = within the same term.
        extend_days: By how much the answer may be put off once, with reasons; 0 = not at all.
        own: No law gives this number: the agency holds itself to it.
    """

    kind: RequestKind
    law: str
    article: str
    days: int
    unit: Unit
    carry_days: int = 0
    extend_days: int = 0
    checked: Checked = Checked.NO
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeps:
    """By which article erasure may be refused while an obligation is in force."""

    article: str
    checked: Checked


def term_of(country: str, kind: RequestKind, on: date) -> Term:
    """Give the term of a right as the law of the day it is asked for has it."""
    period = _period(country, on)
    raw = period["terms"].get(kind.value) if period else None
    if raw is None:
        law = str(period["law"]) if period else ""
        return Term(kind=kind, law=law, article="", days=_OWN_DAYS, unit=Unit.BUSINESS, own=True)
    return Term(
        kind=kind,
        law=str(period["law"]),
        article=str(raw["article"]),
        days=int(raw["days"]),
        unit=Unit(raw["unit"]),
        carry_days=int(raw.get("carry_days", 0)),
        extend_days=int(raw.get("extend_days", 0)),
        checked=Checked(raw["checked"]),
        own=bool(raw.get("own", False)),
    )


def rights_of(country: str, on: date) -> tuple[RequestKind, ...]:
    """Give the rights that a country's law knows, in the order of ``RequestKind``."""
    period = _period(country, on)
    known = period["terms"] if period else ("access", "rectification", "erasure", "opposition")
    return tuple(kind for kind in RequestKind if kind.value in known)


def keeps_of(country: str, on: date) -> Keeps:
    """Say by which article data of a debt in force may be kept."""
    period = _period(country, on)
    raw = period["keeps"] if period else {"article": "", "checked": "no"}
    return Keeps(article=str(raw["article"]), checked=Checked(raw["checked"]))


def countries() -> tuple[str, ...]:
    return tuple(_file())


def _period(country: str, on: date) -> dict[str, Any]:
    """The law of a country on a day; empty where none is known."""
    day = on.isoformat()
    for period in _file().get(country, ()):
        if period.get("from", "") <= day <= period.get("until", "9999"):
            return period
    return {}


@functools.cache
def _file() -> dict[str, list[dict[str, Any]]]:
    file = resources.files("chalicelib") / "compliance" / "data_terms.json"
    read: dict[str, list[dict[str, Any]]] = json.loads(file.read_text(encoding="utf-8"))
    return read
