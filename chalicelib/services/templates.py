"""Texts: the portfolio's own where it has one, else the built-in; tried, checked and kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from chalicelib.compliance import packs
from chalicelib.domain import ids
from chalicelib.domain.bank_references import NOWHERE, PayTo
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel, NotSent, Outgoing, Receipt
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import (
    BadField,
    CaseNotFound,
    TemplateMoved,
    TemplateNotFound,
    TemplateNotSent,
    TemplateRefused,
)
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import facts, lint, ready
from chalicelib.messages.facts import MessageFacts
from chalicelib.messages.lint import Finding
from chalicelib.messages.render import Rendered, render
from chalicelib.messages.sample import sample
from chalicelib.messages.template import (
    CHANNELS,
    LANGUAGES,
    BadTemplate,
    FactMissing,
    OwnTemplate,
    Template,
    key_of,
)
from chalicelib.services.access import (
    MANAGERS,
    STAFF,
    Portfolios,
    need_portfolio,
    open_portfolio,
)

FAMILY = re.compile(r"[a-z][a-z0-9_]{2,39}")


class Templates(Protocol):
    def get(self, portfolio_id: str, key: str) -> OwnTemplate | None: ...
    def all(self, portfolio_id: str) -> list[OwnTemplate]: ...
    def remembered(self, portfolio_id: str) -> Mapping[str, OwnTemplate]:
        """Every current text by key; may be half a minute old."""
        ...

    def versions(self, portfolio_id: str, key: str) -> list[OwnTemplate]: ...
    def save(self, own: OwnTemplate) -> bool:
        """Write over the version before it; False when that is not there."""
        ...


class Cases(Protocol):
    def open(self, case_id: str) -> CaseFile: ...


class Sender(Protocol):
    def send(self, message: Outgoing) -> Receipt: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A text in use: with the own one that it is, if any."""

    template: Template
    own: OwnTemplate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a text would be for a case, and what is wrong with it; one of them may be lacking."""

    rendered: Rendered | None
    findings: tuple[Finding, ...]


# Sending


class Texts:
    """
    What sending asks for a text.

    Args:
        templates: The portfolios' own, as they were at most half a minute ago.
    """

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def find(
        self, portfolio_id: str, template_id: str, channel: Channel, language: str
    ) -> Template | None:
        """Give the portfolio's own text, else the built-in one; in Spanish where there is none."""
        own = self._templates.remembered(portfolio_id)
        for tried in dict.fromkeys((language, "es")):
            mine = own.get(key_of(template_id, channel, tried))
            if mine is not None and mine.active:
                return mine.template
            built_in = ready.texts().get((template_id, channel, tried))
            if built_in is not None:
                return built_in
        return None


# The editor


def listed(portfolio_id: str, *, language: str, actor: Actor, templates: Templates) -> list[Shown]:
    """List every text of a language that is in use: built-in families first, own ones after."""
    need_portfolio(actor, portfolio_id, *STAFF)
    own = {each.key: each for each in templates.all(portfolio_id)}
    shown = []
    for (template_id, channel, spoken), built_in in ready.texts().items():
        if spoken != language:
            continue
        mine = own.pop(key_of(template_id, channel, language), None)
        active = mine is not None and mine.active
        shown.append(Shown(template=mine.template if mine and active else built_in, own=mine))
    more = [each for each in own.values() if each.template.language == language and each.active]
    more.sort(key=lambda each: each.key)
    return shown + [Shown(template=each.template, own=each) for each in more]


def shown(
    portfolio_id: str,
    template_id: str,
    channel: Channel,
    language: str,
    *,
    actor: Actor,
    templates: Templates,
) -> Shown:
    """
    Raises:
        TemplateNotFound: Neither built in nor the portfolio's own.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    own = templates.get(portfolio_id, key_of(template_id, channel, language))
    if own is not None and own.active:
        return Shown(template=own.template, own=own)
    built_in = ready.texts().get((template_id, channel, language))
    if built_in is None:
        raise TemplateNotFound(template_id=template_id, channel=channel.value, language=language)
    return Shown(template=built_in, own=own)


def history(
    portfolio_id: str,
    template_id: str,
    channel: Channel,
    language: str,
    *,
    actor: Actor,
    templates: Templates,
) -> list[OwnTemplate]:
    """Every version that the portfolio had of a text, newest first."""
    need_portfolio(actor, portfolio_id, *STAFF)
    return templates.versions(portfolio_id, key_of(template_id, channel, language))


def save(
    portfolio_id: str,
    text: Template,
    *,
    version: int,
    note: str,
    actor: Actor,
    templates: Templates,
    portfolios: Portfolios,
    now: datetime,
) -> OwnTemplate:
    """
    Keep a text as the portfolio's next version of it; messages use it from then on.

    Args:
        text: Its own ``version`` is not looked at.
        version: The portfolio's version that the change was made on; 0 when it had none.

    Raises:
        TemplateRefused: The lint finds a fault in it.
        TemplateMoved: It has another version by now.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    _check_key(text)
    tried = sample(
        portfolio,
        language=text.language,
        today=local_day(now, portfolio.time_zone),
        required=packs.identification(portfolio.country),
    )
    findings = _lint(text, portfolio, tried)
    if not lint.ok(findings):
        raise TemplateRefused(findings=[to_plain(each) for each in findings])
    return _kept(
        portfolio_id, text, active=True, version=version, note=note,
        actor=actor, templates=templates, now=now,
    )  # fmt: skip


def withdraw(
    portfolio_id: str,
    template_id: str,
    channel: Channel,
    language: str,
    *,
    version: int,
    actor: Actor,
    templates: Templates,
    now: datetime,
) -> OwnTemplate:
    """
    Go back to the built-in text; the portfolio's versions stay on record.

    Raises:
        TemplateNotFound: The portfolio has no text of its own here.
        TemplateMoved: It has another version by now.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    own = templates.get(portfolio_id, key_of(template_id, channel, language))
    if own is None or not own.active:
        raise TemplateNotFound(template_id=template_id, channel=channel.value, language=language)
    return _kept(
        portfolio_id, own.template, active=False, version=version, note="",
        actor=actor, templates=templates, now=now,
    )  # fmt: skip


def preview(
    portfolio_id: str,
    text: Template,
    *,
    case_id: str,
    actor: Actor,
    portfolios: Portfolios,
    cases: Cases,
    now: datetime,
    pay_to: PayTo = NOWHERE,
) -> Preview:
    """
    Write a text, saved or not, for a case of the portfolio or for an invented one.

    Args:
        case_id: Empty for the invented debtor.
        pay_to: Numbers to show for a case, nobody's own.

    Raises:
        CaseNotFound: It is none of this portfolio's.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    known = _facts(portfolio, text.language, case_id, cases=cases, now=now, pay_to=pay_to)
    findings = _lint(text, portfolio, known)
    try:
        return Preview(rendered=render(text, known), findings=findings)
    except (BadTemplate, FactMissing):
        return Preview(rendered=None, findings=findings)


def send_test(
    portfolio_id: str,
    text: Template,
    *,
    to: str,
    actor: Actor,
    portfolios: Portfolios,
    sender: Sender,
    now: datetime,
) -> Receipt:
    """
    Send a text about an invented debtor to the one who tries it; no real case is in it.

    Raises:
        TemplateRefused: It has faults.
        TemplateNotSent: The provider refused it.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    known = _facts(portfolio, text.language, "", cases=None, now=now)
    findings = _lint(text, portfolio, known)
    if not lint.ok(findings):
        raise TemplateRefused(findings=[to_plain(each) for each in findings])
    message = render(text, known)
    message_id = ids.new_id("tst")
    try:
        return sender.send(
            Outgoing(
                message_id=message_id,
                reference=f"test:{message_id}",
                portfolio_id=portfolio_id,
                channel=text.channel,
                content=message.content(to),
                country=portfolio.country,
                template_name=message.template_name,
                template_values=message.template_values,
            )
        )
    except NotSent as refused:
        raise TemplateNotSent(reason=refused.code) from None


def _facts(
    portfolio: Portfolio,
    language: str,
    case_id: str,
    *,
    cases: Cases | None,
    now: datetime,
    pay_to: PayTo = NOWHERE,
) -> MessageFacts:
    if not case_id or cases is None:
        return sample(
            portfolio,
            language=language,
            today=local_day(now, portfolio.time_zone),
            required=packs.identification(portfolio.country),
        )
    file = cases.open(case_id)
    if file.head.portfolio_id != portfolio.portfolio_id:
        raise CaseNotFound(case_id=case_id)
    return facts.build(
        file,
        portfolio,
        now=now,
        language=language,
        links=facts.EXAMPLE_LINKS,  # signed ones are made when a message really goes
        pay_to=pay_to,
        required=packs.identification(portfolio.country),
    )


def _lint(text: Template, portfolio: Portfolio, known: MessageFacts) -> tuple[Finding, ...]:
    return lint.lint(
        text,
        country=portfolio.country,
        required=packs.identification(portfolio.country),
        facts=(known,),
    )


def _check_key(text: Template) -> None:
    if not FAMILY.fullmatch(text.template_id):
        raise BadField(field="template_id", reason="bad_format")
    if text.channel not in CHANNELS:
        raise BadField(field="channel", reason="not_one_of")
    if text.language not in LANGUAGES:
        raise BadField(field="language", reason="not_one_of")


def _kept(
    portfolio_id: str,
    text: Template,
    *,
    active: bool,
    version: int,
    note: str,
    actor: Actor,
    templates: Templates,
    now: datetime,
) -> OwnTemplate:
    own = OwnTemplate(
        portfolio_id=portfolio_id,
        key=key_of(text.template_id, text.channel, text.language),
        version=version + 1,
        template=replace(text, version=version + 1),
        active=active,
        saved_at=now,
        saved_by=actor.actor_id,
        note=note,
    )
    if not templates.save(own):
        there = templates.get(portfolio_id, own.key)
        raise TemplateMoved(version=there.version if there else 0)
    return own
