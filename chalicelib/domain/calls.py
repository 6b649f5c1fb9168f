"""
What a call can come to, what follows from it, and what is said in one (``calls.json``).

A portfolio may add results of its own, hide some of the base ones and say scripts its own way;
it can take nothing away that a debtor has a right to say.
"""

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

CALL = "call"  # the cause of an attempt that a person makes by telephone
NOT_MADE = "not_made"
LATE_FROM = 31
LANGUAGES = ("es", "en", "pt")
WANTS = ("promise", "agreement", "dispute", "callback", "note")
# What only the debtor can do in a call: what anybody else says binds nobody.
HOLDERS = frozenset({"promise", "agreement", "dispute"})
# A debtor may always say these, and a call always ends: no portfolio hides them.
ALWAYS = frozenset(
    {
        "deceased",
        "disputes",
        "no_answer",
        "no_calls",
        NOT_MADE,
        "vulnerable",
        "wrong_person",
    }
)
# What a script may say, by the names that messages have for it; ``name`` is ``full_name``.
VARIABLES = (
    "agent",
    "brand",
    "name",
    "first_name",
    "total",
    "due_on",
    "days_late",
    "promise_amount",
    "promise_on",
    "creditor",
    "agency",
    "payment_means",
    "complaints",
)
# Of the debt: nobody but the debtor hears it, and whoever answers has not said yet to be one.
OF_THE_DEBT = frozenset({"total", "due_on", "days_late", "promise_amount", "promise_on"})
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
BRACED = re.compile(r"\{(\w*)\}")
MOST_RESULTS, MOST_LINES, LONGEST_LINE, LONGEST_LABEL = 20, 10, 400, 80
MOST_AGAIN_HOURS = 72


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
    """
    Which script is read. BEFORE_DUE, EARLY and LATE: how late the debt is. BROKEN: a promise was
    broken lately. AGREED: an agreement runs. DISPUTED: a dispute waits for its answer.
    """

    BEFORE_DUE = "before_due"
    EARLY = "early"
    LATE = "late"
    BROKEN = "broken"
    AGREED = "agreed"
    DISPUTED = "disputed"


# As laws count calls: ``Attempt.outcome``.
OUTCOMES = {Reached.HOLDER: "conversation", Reached.THIRD: "answered", Reached.NOBODY: "unanswered"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    One result that a call can come to (dictamen).

    Args:
        wants: What must be there before the call may end: ``promise``, ``agreement``, ``dispute``
            (made during it), ``callback`` (a moment), ``note``.
        again_hours: After how long it is worth trying again; 0 = not today.
        visits: A visit can come to it too; of a portfolio's own results.
    """

    code: str
    label: dict[str, str]
    met: Reached
    wants: tuple[str, ...] = ()
    does: Follows | None = None
    again_hours: int = 0
    visits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is said at a stage, in a language, instead of the base script; a line a step."""

    stage: Stage
    language: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPolicy:
    """
    How a portfolio's calls differ from the base.

    Args:
        results: Its own, beside the base ones.
        hidden: Codes that callers are not offered; what ended with one keeps it.
    """

    results: tuple[Result, ...] = ()
    hidden: tuple[str, ...] = ()
    scripts: tuple[Script, ...] = ()


def results(
    forbidden: frozenset[str] = frozenset(), policy: CallPolicy | None = None
) -> tuple[Result, ...]:
    """
    Give the results that calls of a portfolio can come to.

    Args:
        forbidden: Topics that its country's law forbids to ask about
            (``packs.forbidden_questions``).

    >>> "cannot_pay" in [one.code for one in results(frozenset({"reason_for_default"}))]
    False
    >>> "busy" in [one.code for one in results(policy=CallPolicy(hidden=("busy",)))]
    False
    """
    policy = policy or CallPolicy()
    every = (*_base(forbidden), *policy.results)
    return tuple(one for one in every if one.code not in policy.hidden)


def labels(policy: CallPolicy) -> dict[str, dict[str, str]]:
    """What results are called, by code: hidden ones too, for what has ended with them."""
    return {one.code: one.label for one in (*_base(frozenset()), *policy.results)}


def stage(
    days_late: int | None, *, broken: bool, agreed: bool = False, disputed: bool = False
) -> Stage:
    """
    Say which script fits.

    >>> stage(-3, broken=False).value, stage(10, broken=False).value, stage(90, broken=True).value
    ('before_due', 'early', 'broken')
    >>> stage(90, broken=True, disputed=True).value
    'disputed'
    """
    if disputed:
        return Stage.DISPUTED
    if agreed:
        return Stage.AGREED
    if broken:
        return Stage.BROKEN
    if days_late is None or days_late <= 0:
        return Stage.BEFORE_DUE
    return Stage.EARLY if days_late < LATE_FROM else Stage.LATE


def script(of: Stage, language: str, policy: CallPolicy | None = None) -> tuple[str, ...]:
    """
    Give what is said, step by step; ``{brand}`` and the other ``VARIABLES`` stand for what they
    name.
    """
    for own in policy.scripts if policy else ():
        if (own.stage, own.language) == (of, language):
            return own.lines
    words = _table()["scripts"][of.value]
    return tuple(words.get(language) or words["es"])


def faults(policy: CallPolicy) -> Iterator[tuple[str, str]]:
    """Say what makes no sense, by path and reason."""
    base = {one.code for one in _base(frozenset())}
    if len(policy.results) > MOST_RESULTS:
        yield "results", "too_long"
    seen = set(base)
    for index, result in enumerate(policy.results):
        path = f"results.{index}"
        if result.code in seen:
            yield f"{path}.code", "repeated"
        seen.add(result.code)
        for name, reason in _result_faults(result):
            yield f"{path}.{name}", reason
    for index, code in enumerate(policy.hidden):
        if code not in seen:
            yield f"hidden.{index}", "not_one_of"
        if code in ALWAYS:
            yield f"hidden.{index}", "always_offered"
    told: set[tuple[Stage, str]] = set()
    for index, own in enumerate(policy.scripts):
        if (own.stage, own.language) in told:
            yield f"scripts.{index}.stage", "repeated"
        told.add((own.stage, own.language))
        for name, reason in _script_faults(own):
            yield f"scripts.{index}.{name}", reason


# Private


def _base(forbidden: frozenset[str]) -> tuple[Result, ...]:
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


def _result_faults(result: Result) -> Iterator[tuple[str, str]]:
    if not CODE.fullmatch(result.code):
        yield "code", "bad_format"
    for language in LANGUAGES:
        label = result.label.get(language, "").strip()
        if not label or len(label) > LONGEST_LABEL:
            yield f"label.{language}", "too_long" if label else "missing"
    if result.met is Reached.NONE:
        yield "met", "not_one_of"
    holder = result.met is Reached.HOLDER
    if set(result.wants) - set(WANTS):
        yield "wants", "not_one_of"
    if HOLDERS & set(result.wants) and not holder:
        yield "wants", "holder_only"
    if result.does in (Follows.REPORTED_PAYMENT, Follows.REFUSE_CALLS) and not holder:
        yield "does", "holder_only"
    if not 0 <= result.again_hours <= MOST_AGAIN_HOURS:
        yield "again_hours", "too_small" if result.again_hours < 0 else "too_large"
    if result.visits and (result.does is not None or "callback" in result.wants):
        yield "visits", "not_offered"  # a visit has its own ways to do these


def _script_faults(own: Script) -> Iterator[tuple[str, str]]:
    if own.language not in LANGUAGES:
        yield "language", "not_one_of"
    if not own.lines:
        yield "lines", "missing"
    if len(own.lines) > MOST_LINES:
        yield "lines", "too_long"
    for number, line in enumerate(own.lines):
        if not line.strip() or len(line) > LONGEST_LINE:
            yield f"lines.{number}", "too_long" if line.strip() else "missing"
        used = set(BRACED.findall(line))
        if used - set(VARIABLES) or line.count("{") != line.count("}"):
            yield f"lines.{number}", "unknown_variable"
        if number == 0 and used & OF_THE_DEBT:
            yield f"lines.{number}", "says_the_debt_too_soon"


@functools.cache
def _table() -> dict[str, Any]:
    text = resources.files("chalicelib.domain").joinpath("calls.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
