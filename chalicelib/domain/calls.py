"""What a call can come to, what follows from it, and what is said in one (``calls.json``)."""

import functools
import json
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

CALL = "call"  # the cause of an attempt that a person makes by telephone
LATE_FROM = 31


class Reached(StrEnum):
    """Who was spoken with; NONE when the call was not made after all."""

    HOLDER = "holder"
    THIRD = "third"
    NOBODY = "nobody"
    NONE = "none"


class Follows(StrEnum):
    """What a result does of itself."""

    REPORTED_PAYMENT = "reported_payment"
    REFUSE_CALLS = "refuse_calls"
    WRONG_PERSON = "wrong_person"
    INVALID = "invalid"
    DECEASED = "deceased"
    VULNERABLE = "vulnerable"


class Stage(StrEnum):
    """Which script is read: by how late the debt is, and whether a promise was broken lately."""

    BEFORE_DUE = "before_due"
    EARLY = "early"
    LATE = "late"
    BROKEN = "broken"


# As laws count calls: ``Attempt.outcome``.
OUTCOMES = {Reached.HOLDER: "conversation", Reached.THIRD: "answered", Reached.NOBODY: "unanswered"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    One result that a call can come to (dictamen).

    Args:
        wants: What must be there before the call may end: ``promise``, ``dispute`` (made during
            it), ``callback`` (a moment), ``note``.
        again_hours: After how long it is worth trying again; 0 = not today.
    """

    code: str
    label: dict[str, str]
    met: Reached
    wants: tuple[str, ...] = ()
    does: Follows | None = None
    again_hours: int = 0


def results(forbidden: frozenset[str] = frozenset()) -> tuple[Result, ...]:
    """
    Give the results of a country's calls.

    Args:
        forbidden: Topics that its law forbids to ask about (``packs.forbidden_questions``).

    >>> "cannot_pay" in [one.code for one in results(frozenset({"reason_for_default"}))]
    False
    """
    return tuple(
        Result(
            code=each["code"],
            label=each["label"],
            met=Reached(each["met"]),
            wants=tuple(each["wants"]),
            does=Follows(each["does"]) if "does" in each else None,
            again_hours=each.get("again_hours", 0),
        )
        for each in _table()["dispositions"]
        if each.get("asks") not in forbidden
    )


def stage(days_late: int | None, *, broken: bool) -> Stage:
    """
    Say which script fits.

    >>> stage(-3, broken=False).value, stage(10, broken=False).value, stage(90, broken=True).value
    ('before_due', 'early', 'broken')
    """
    if broken:
        return Stage.BROKEN
    if days_late is None or days_late <= 0:
        return Stage.BEFORE_DUE
    return Stage.EARLY if days_late < LATE_FROM else Stage.LATE


def script(of: Stage, language: str) -> tuple[str, ...]:
    """
    Give what is said, step by step; ``{agent}``, ``{brand}``, ``{name}``, ``{total}`` and
    ``{due_on}`` stand for what they name.
    """
    words = _table()["scripts"][of.value]
    return tuple(words.get(language) or words["es"])


@functools.cache
def _table() -> dict[str, Any]:
    text = resources.files("chalicelib.domain").joinpath("calls.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
