"""
What goes and what stays of a person who had their data erased, why, and by which law.

``erasure_rules.json`` is the table: where each kind of data is held, which fields of a case it is,
and for what stays the reason. Books have to be kept by a law of each country, noted with how far
that was checked, as in ``data_terms``; where none was found, the article is empty.
"""

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

from chalicelib.compliance.data_terms import Checked

ACCOUNTING = "accounting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    Args:
        what: In English, for the manual; people read the words of the code.
        held: Tables with the beginnings of keys, and folders of buckets.
        fields: ``Class.field`` or a whole ``Class`` that is emptied; of what goes.
        why: A code; empty for what goes.
    """

    code: str
    what: str
    held: tuple[str, ...]
    fields: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksKept:
    """For how long books have to be kept; no article and 0 years where nobody wrote it down."""

    article: str
    years: int
    checked: Checked


def goes() -> tuple[Rule, ...]:
    return tuple(_rule(raw) for raw in _file()["goes"])


def stays() -> tuple[Rule, ...]:
    return tuple(_rule(raw) for raw in _file()["stays"])


def books_of(country: str) -> BooksKept:
    raw = _file()["accounting"].get(country, {"article": "", "years": 0, "checked": "no"})
    return BooksKept(
        article=str(raw["article"]), years=int(raw["years"]), checked=Checked(raw["checked"])
    )


def article_of(rule: Rule, country: str) -> str:
    """By which article something stays; empty where the reason is not a law's own words."""
    return books_of(country).article if rule.why == ACCOUNTING else ""


def countries() -> tuple[str, ...]:
    return tuple(_file()["accounting"])


def _rule(raw: dict[str, Any]) -> Rule:
    return Rule(
        code=str(raw["code"]),
        what=str(raw["what"]),
        held=tuple(raw["held"]),
        fields=tuple(raw.get("fields", ())),
        why=str(raw.get("why", "")),
    )


@functools.cache
def _file() -> dict[str, Any]:
    file = resources.files("chalicelib") / "compliance" / "erasure_rules.json"
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read
