"""Conditions on facts: which fields there are, what a rule answers, and when that may change."""

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.names import folded
from chalicelib.prediction.forecast import STEP_DAYS
from chalicelib.strategies.facts import Facts
from chalicelib.strategies.model import Rule

GROUPS = ("all", "any", "not")
# A rule that nobody can read is a rule that nobody can answer for.
MAX_DEPTH, MAX_LEAVES = 4, 40


class FieldKind(StrEnum):
    NUMBER = "number"
    MONEY = "money"  # minor units of the portfolio's currency
    TEXT = "text"
    FLAG = "flag"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Field:
    """
    Args:
        ages: Grows by one a day; what a rule on it answers changes without anything happening.
    """

    kind: FieldKind
    ages: bool = False


FIELDS = {
    "days_from_due": Field(FieldKind.NUMBER, ages=True),
    "band": Field(FieldKind.TEXT),
    "balance": Field(FieldKind.MONEY),
    "debts": Field(FieldKind.NUMBER),
    "products": Field(FieldKind.SET),
    "instalments": Field(FieldKind.FLAG),
    "tags": Field(FieldKind.SET),
    "city": Field(FieldKind.TEXT),
    "regions": Field(FieldKind.SET),
    "channels": Field(FieldKind.SET),
    "promise_open": Field(FieldKind.FLAG),
    "broken_promises": Field(FieldKind.NUMBER),
    "kept_promises": Field(FieldKind.NUMBER),
    "agreement_open": Field(FieldKind.FLAG),
    "broken_agreements": Field(FieldKind.NUMBER),
    "charged_off": Field(FieldKind.FLAG),
    "days_since_payment": Field(FieldKind.NUMBER, ages=True),
    "days_since_message": Field(FieldKind.NUMBER, ages=True),
    "days_since_reply": Field(FieldKind.NUMBER, ages=True),
    "days_untouched": Field(FieldKind.NUMBER, ages=True),
    "messages": Field(FieldKind.NUMBER),
    "opened_last": Field(FieldKind.FLAG),
    "score": Field(FieldKind.NUMBER),
    "pay_chance": Field(FieldKind.NUMBER),
}

_NUMBER_OPS = ("=", "!=", "<", "<=", ">", ">=")
OPS = {
    FieldKind.NUMBER: _NUMBER_OPS,
    FieldKind.MONEY: _NUMBER_OPS,
    FieldKind.TEXT: ("=", "!=", "in", "not_in"),
    FieldKind.FLAG: ("=",),
    FieldKind.SET: ("has", "lacks"),
}
# The days since the due date on which ``facts.score`` takes a step.
_SCORE_STEPS = (31, 91, 181)
# A chance of being paid is looked at again for so long; after that it has long been nothing.
FORESEEN_DAYS = 190


def holds(rule: Rule | None, facts: Facts) -> bool:
    """Say whether a rule holds; what does not apply to a case equals nothing."""
    if rule is None:
        return True
    if rule.op == "all":
        return all(holds(part, facts) for part in rule.parts)
    if rule.op == "any":
        return any(holds(part, facts) for part in rule.parts)
    if rule.op == "not":
        return not any(holds(part, facts) for part in rule.parts)
    return _compare(rule.field, rule.op, facts.values.get(rule.field), rule.value)


def changes_on(rule: Rule | None, facts: Facts) -> Iterator[date]:
    """
    List the coming days on which a rule may answer otherwise although nothing happens.

    Every such day up to the last is among them; some may change nothing.
    """
    if rule is None:
        return
    for part in rule.parts:
        yield from changes_on(part, facts)
    if rule.field not in FIELDS:
        return
    late = facts.values.get("days_from_due")
    if FIELDS[rule.field].ages:
        value = facts.values.get(rule.field)
        if value is not None and isinstance(rule.value, int):
            yield from _ahead(facts, (rule.value - value, rule.value - value + 1))
    elif late is not None and rule.field == "band":
        starts = [band.from_dpd for band in facts.bands if band.from_dpd is not None]
        ends = [band.to_dpd + 1 for band in facts.bands if band.to_dpd is not None]
        yield from _ahead(facts, (day - late for day in (*starts, *ends)))
    elif late is not None and rule.field == "score":
        yield from _ahead(facts, (day - late for day in _SCORE_STEPS))
    elif late is not None and rule.field == "pay_chance" and facts.values.get(rule.field):
        steps = range(STEP_DAYS, FORESEEN_DAYS, STEP_DAYS)
        first = late - late % STEP_DAYS if late > 0 else 0
        yield from _ahead(facts, (first + day - late for day in steps))


def fields_of(rule: Rule | None) -> set[str]:
    """List the fields a rule asks about."""
    if rule is None:
        return set()
    own = {rule.field} if rule.field else set()
    return own.union(*(fields_of(part) for part in rule.parts))


def problem(rule: Rule | None, depth: int = 1) -> str:  # noqa: PLR0911 (one line a fault)
    """Say what is wrong with a rule as a short code; empty when it can be answered."""
    if rule is None:
        return ""
    if depth > MAX_DEPTH or _leaves(rule) > MAX_LEAVES:
        return "too_complex"
    if rule.op in GROUPS:
        if not rule.parts or rule.field:
            return "empty_group"
        return next((found for part in rule.parts if (found := problem(part, depth + 1))), "")
    if rule.parts:
        return "unknown_operator"
    field = FIELDS.get(rule.field)
    if field is None:
        return "unknown_field"
    if rule.op not in OPS[field.kind]:
        return "unknown_operator"
    return "" if _fits(field.kind, rule.op, rule.value) else "bad_value"


def _leaves(rule: Rule) -> int:
    return sum(_leaves(part) for part in rule.parts) if rule.parts else 1


def _fits(kind: FieldKind, op: str, value: Any) -> bool:
    if op in ("in", "not_in"):
        return (
            isinstance(value, tuple) and bool(value) and all(isinstance(one, str) for one in value)
        )
    if kind in (FieldKind.NUMBER, FieldKind.MONEY):
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is FieldKind.FLAG:
        return isinstance(value, bool)
    return isinstance(value, str) and bool(value)


def _compare(field: str, op: str, known: Any, wanted: Any) -> bool:
    if op in ("<", "<=", ">", ">="):
        return known is not None and _ORDER[op](known, wanted)
    if op in ("has", "lacks"):
        among = {_same(field, one) for one in known or ()}
        return (_same(field, wanted) in among) is (op == "has")
    wanted_ones = wanted if op in ("in", "not_in") else (wanted,)
    equal = known is not None and _same(field, known) in {_same(field, one) for one in wanted_ones}
    return equal is (op in ("=", "in"))


_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def _same(field: str, value: Any) -> Any:
    """What counts as the same: texts that people type without regard to case and accents."""
    if not isinstance(value, str):
        return value
    # A band's code is ours, and its punctuation means something.
    return value if field == "band" else folded(value) or value


def _ahead(facts: Facts, days: Iterator[int] | tuple[int, ...]) -> Iterator[date]:
    return (facts.today + timedelta(days=day) for day in days if day > 0)
