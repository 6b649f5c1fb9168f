"""What a template is: the text of one message, on one channel, in one language, at one version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.contact import Channel

LANGUAGES = ("es", "en", "pt")
BUILT_IN = 0  # the version of a text that came with the product


class Stage(StrEnum):
    """
    How far things have gone, which is how firmly a text may speak; in this order.

    PREVENTIVE before the due date, DUE on it: nothing is late yet and nothing may say so.
    FRIENDLY and FIRM remind. FORMAL gives formal notice, still without a threat. OFFER
    proposes an arrangement. SERVICE answers what the debtor did: a promise, a payment, a
    question, an unsubscription.
    """

    PREVENTIVE = "preventive"
    DUE = "due"
    FRIENDLY = "friendly"
    FIRM = "firm"
    FORMAL = "formal"
    OFFER = "offer"
    SERVICE = "service"


# What a template may be written for. A visit has no text; a call is a voice message in SSML.
CHANNELS = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL, Channel.LETTER, Channel.CALL)
# Where pages have a subject and where quick replies are shown.
WITH_SUBJECT = (Channel.EMAIL, Channel.LETTER)
WITH_BUTTONS = (Channel.WHATSAPP,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """
    One text.

    Args:
        template_id: The family, such as ``friendly_reminder``; strategies name it.
        version: Grows by one with every change of a portfolio's own text; 0 = built in.
        subject: For e-mail and letters; a template as well.
        body: Text with ``{{ variables }}`` (``variables.py``), ``{% if %}`` and ``{% for %}``.
            An empty line parts paragraphs, ``- `` begins a list item, ``**`` makes bold and
            ``[Pay]({{ link }})`` alone on a line is a button in an e-mail (``markup.py``).
        buttons: Quick replies, (code of what the conversation understands, title).
        approved_name: The name WhatsApp approved the text under; empty = not approved (yet), so
            it can only go inside the 24 hour window. Its variables are the body's, in order.
        attach_statement: Whether the account statement goes along; e-mail only.
    """

    template_id: str
    channel: Channel
    language: str
    stage: Stage
    body: str
    subject: str = ""
    version: int = BUILT_IN
    buttons: tuple[tuple[str, str], ...] = ()
    approved_name: str = ""
    attach_statement: bool = False

    @property
    def reference(self) -> str:
        """What a message keeps to tell which text it was: ``<template id>@<version>``."""
        return f"{self.template_id}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTemplate:
    """
    A portfolio's own text, in place of the built-in one or beside it; versions are kept for good.

    Args:
        key: ``<template id>#<channel>#<language>``.
        version: That of the template; grows by one with every change, withdrawals included.
        active: Whether it is used; a withdrawn one gives way to the built-in text.
        note: Why it was changed, in a person's words.
    """

    portfolio_id: str
    key: str
    version: int
    template: Template
    active: bool
    saved_at: datetime
    saved_by: str
    note: str = ""


def key_of(template_id: str, channel: Channel, language: str) -> str:
    """
    Name a text within a portfolio.

    >>> key_of("reminder_firm", Channel.SMS, "es")
    'reminder_firm#sms#es'
    """
    return f"{template_id}#{channel.value}#{language}"


class BadTemplate(Exception):
    """
    A text that cannot be used.

    Args:
        code: ``syntax``, ``not_allowed`` (a construct that templates do not have),
            ``unknown_variable``, ``unknown_filter``, ``too_long``, ``too_deep``.
        field: ``body`` or ``subject``.
        line: Line of the field, from 1; 0 when it is not known.
        facts: JSON-safe facts to show with the code.
    """

    def __init__(
        self, code: str, *, field: str = "body", line: int = 0, facts: Mapping[str, str] = {}
    ) -> None:
        super().__init__(code, field, line, dict(facts))
        self.code, self.field, self.line, self.facts = code, field, line, dict(facts)


class FactMissing(Exception):
    """A text speaks of something that this case does not have; ``names`` are the variables."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names
