"""What is wrong with a text before anybody gets it: for the editor, and for the built-in ones."""

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from typing import Any

from chalicelib.domain import sms
from chalicelib.domain.contact import Channel
from chalicelib.domain.names import folded
from chalicelib.messages import engine
from chalicelib.messages.facts import MessageFacts
from chalicelib.messages.identification import NOT_ALOUD, SAID_BY
from chalicelib.messages.render import render
from chalicelib.messages.template import (
    WITH_BUTTONS,
    WITH_SUBJECT,
    BadTemplate,
    FactMissing,
    Stage,
    Template,
)
from chalicelib.messages.variables import VARIABLES

# What the channels take, and what people read (WhatsApp's documentation; Moonflow: 80 words).
MAX_WHATSAPP = 1024
MAX_BUTTONS = 3
MAX_BUTTON_TITLE = 20
MAX_SUBJECT_READ = 70
MAX_WORDS = {Channel.WHATSAPP: 110, Channel.CALL: 110}
MAX_SEGMENTS = 3
_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SHOUTED = re.compile(r"\b[A-ZÁÉÍÓÚÑÃÕÇ]{4,}\b(?:\W+[A-ZÁÉÍÓÚÑÃÕÇ]{3,}\b)+")
_SYMBOLS = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
# Only with these can a text be about what they say of it: it is sent when they are there.
_SENT_WITH = {
    "promise": {"promise_amount", "promise_on"},
    "payment": {"payment_amount", "paid_on", "payment_reference"},
    "instalment": {name for name in VARIABLES if name.startswith("instalment_")},
    "offer": {"offer_amount", "offer_saving", "offer_until"},
}
# What every case that is written to has, though a settled one may not.
_WITH_DEBT = {"due_on", "reference"}


class Level(StrEnum):
    """ERROR: it may not be saved. WARNING: it may, and should be thought over."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    Args:
        code: Stable; texts are the client's.
        where: ``body``, ``subject``, ``buttons``, ``approved_name`` or ``portfolio``.
        line: Line of the field, from 1; 0 when it is about all of it.
        facts: JSON-safe facts to show with the code.
    """

    level: Level
    code: str
    where: str = "body"
    line: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    source: str
    countries: frozenset[str]
    stages: frozenset[Stage]
    pattern: re.Pattern[str]


def lint(
    template: Template,
    *,
    country: str,
    required: Sequence[str],
    facts: Iterable[MessageFacts] = (),
) -> tuple[Finding, ...]:
    """
    Read a text as its reader, the carrier and the law would.

    Args:
        required: What the country wants a message to state, as its rule pack names it.
        facts: Cases to write it for: lengths are those of what would be sent, and names and
            products are held against the forbidden words as well.
    """
    try:
        names = _names(template)
    except BadTemplate as bad:
        return (Finding(Level.ERROR, bad.code, bad.field, bad.line, bad.facts),)
    findings = [
        *_form(template),
        *_words(template, country),
        *_tone(template),
        *_missing(template, names),
        *_identified(template, names, required),
    ]
    for known in facts:
        findings += _written(template, known)
    # Several cases show the same fault: once is enough.
    once: dict[str, Finding] = {}
    for each in findings:
        key = each.facts.get("name", each.facts.get("word", ""))
        once.setdefault(f"{each.code} {each.where} {each.line} {key}", each)
    return tuple(once.values())


def ok(findings: Iterable[Finding]) -> bool:
    """Say whether a text with these may be saved."""
    return all(each.level is not Level.ERROR for each in findings)


def _names(template: Template) -> tuple[str, ...]:
    names = engine.used(engine.parse(template.body))
    if template.channel in WITH_SUBJECT:
        names += engine.used(engine.parse(template.subject, "subject"))
    return names


def _form(template: Template) -> Iterator[Finding]:
    if not template.body.strip():
        yield Finding(Level.ERROR, "empty")
    if template.channel in WITH_SUBJECT and not template.subject.strip():
        yield Finding(Level.ERROR, "empty", "subject")
    if template.channel not in WITH_BUTTONS:
        return
    if len(template.buttons) > MAX_BUTTONS:
        yield Finding(Level.ERROR, "too_many_buttons", "buttons", facts={"most": MAX_BUTTONS})
    for _, title in template.buttons:
        if not 1 <= len(title) <= MAX_BUTTON_TITLE:
            facts = {"most": MAX_BUTTON_TITLE, "title": title}
            yield Finding(Level.ERROR, "button_too_long", "buttons", facts=facts)
    yield from _approvable(template)


def _approvable(template: Template) -> Iterator[Finding]:
    """What WhatsApp turns down when it is asked to approve a text."""
    if not template.approved_name:
        yield Finding(Level.WARNING, "not_approved", "approved_name")
        return
    body = template.body.strip()
    if "{%" in body:
        yield Finding(Level.ERROR, "approved_with_conditions")
    if body.startswith("{{") or body.endswith("}}"):
        yield Finding(Level.ERROR, "approved_ends_in_variable")
    if re.search(r"\}\}\s*\{\{", body):
        yield Finding(Level.ERROR, "approved_variables_touch")


def _words(template: Template, country: str) -> Iterator[Finding]:
    for name in ("subject", "body"):
        # Tags are no words of the text; line by line, so that the editor can point at them.
        said = _TAGS.sub(lambda tag: "\n" * tag[0].count("\n") + " ", getattr(template, name))
        found = [
            finding
            for number, line in enumerate(said.splitlines(), 1)
            for finding in _forbidden(folded(line), template, country, name, number)
        ]
        # A phrase may run over the end of a line.
        yield from found or _forbidden(folded(said), template, country, name, 0)
    for _, title in template.buttons:
        yield from _forbidden(folded(title), template, country, "buttons", 0)


def _forbidden(
    words: str, template: Template, country: str, name: str, line: int
) -> Iterator[Finding]:
    for rule in _rules(template.language):
        if rule.countries and country not in rule.countries:
            continue
        if rule.stages and template.stage not in rule.stages:
            continue
        found = rule.pattern.search(words)
        if found:
            facts = {"word": found[0].lower(), "source": rule.source}
            yield Finding(Level.ERROR, f"word_{rule.code}", name, line, facts)


def _tone(template: Template) -> Iterator[Finding]:
    for name in ("subject", "body"):
        said = _TAGS.sub("", getattr(template, name))
        if _SHOUTED.search(said):
            yield Finding(Level.ERROR, "shouting", name)
        if said.count("!") > 1 or (template.stage is Stage.FORMAL and "!" in said):
            yield Finding(Level.WARNING, "exclamation", name)
        if template.stage in (Stage.FIRM, Stage.FORMAL) and _SYMBOLS.search(said):
            yield Finding(Level.WARNING, "emoji", name)


def _missing(template: Template, names: Sequence[str]) -> Iterator[Finding]:
    """Variables that a case may not have, and that the text says without asking."""
    groups = {group for group, members in _SENT_WITH.items() if members & set(names)}
    bare = set(engine.unconditional(engine.parse(template.body)))
    if template.channel in WITH_SUBJECT:
        bare |= set(engine.unconditional(engine.parse(template.subject, "subject")))
    expected = {name for group in groups for name in _SENT_WITH[group]} | _WITH_DEBT
    for name in names:
        if name in bare and not VARIABLES[name].always and name not in expected:
            yield Finding(Level.WARNING, "may_be_missing", facts={"name": name})
    if "offer" in groups and "offer_until" not in names:
        yield Finding(Level.ERROR, "offer_without_deadline")


def _identified(
    template: Template, names: Sequence[str], required: Sequence[str]
) -> Iterator[Finding]:
    # An e-mail and a letter end with all of it.
    if "identification" in names or template.channel in WITH_SUBJECT:
        return
    aloud = template.channel is Channel.CALL
    lacking = [
        each
        for each in required
        if not (aloud and each in NOT_ALOUD)
        and each != "call_is_recorded"
        and not set(SAID_BY[each]) & set(names)
    ]
    if lacking or not {"creditor", "brand"} & set(names):
        yield Finding(
            Level.ERROR, "not_identified", facts={"lacking": lacking or ["creditor_name"]}
        )


def _written(template: Template, facts: MessageFacts) -> Iterator[Finding]:
    """What shows only in what would be sent."""
    for lacking in facts.unidentified:
        yield Finding(Level.WARNING, f"portfolio_{lacking}", "portfolio")
    try:
        sent = render(template, facts)
    except FactMissing as missing:
        yield Finding(Level.WARNING, "case_lacks", facts={"names": list(missing.names)})
        return
    if len(sent.subject) > MAX_SUBJECT_READ:
        facts_ = {"length": len(sent.subject), "most": MAX_SUBJECT_READ}
        yield Finding(Level.WARNING, "long_subject", "subject", facts=facts_)
    if template.channel is Channel.SMS:
        counted = sms.length(sent.text)
        if counted.segments > MAX_SEGMENTS and not facts.first_contact:
            told = {"segments": counted.segments, "most": MAX_SEGMENTS}
            yield Finding(Level.WARNING, "many_segments", facts=told)
        outside = sms.outside(sms.plain(sent.text))
        if outside and counted.segments > 1:
            yield Finding(Level.WARNING, "costly_characters", facts={"characters": outside})
    if template.channel is Channel.WHATSAPP and len(sent.text) > MAX_WHATSAPP:
        told = {"length": len(sent.text), "most": MAX_WHATSAPP}
        yield Finding(Level.ERROR, "too_long", facts=told)
    most = MAX_WORDS.get(template.channel)
    words = len(re.sub(r"<[^>]+>", " ", sent.text).split())
    if most and words > most and not facts.first_contact:
        yield Finding(Level.WARNING, "many_words", facts={"words": words, "most": most})


@functools.cache
def _rules(language: str) -> tuple[_Rule, ...]:
    file = resources.files(__package__) / "words.toml"
    raw = tomllib.loads(file.read_text(encoding="utf-8"))["rule"]
    return tuple(
        _Rule(
            code=rule["code"],
            source=rule["source"],
            countries=frozenset(rule.get("countries", ())),
            stages=frozenset(Stage(stage) for stage in rule.get("stages", ())),
            pattern=re.compile(rf"\b(?:{'|'.join(rule[language])})\b"),
        )
        for rule in raw
    )
