"""A template and the facts of a case made into what is sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import sms
from chalicelib.domain.contact import Channel, Content
from chalicelib.messages import email, engine
from chalicelib.messages.facts import MessageFacts
from chalicelib.messages.template import WITH_SUBJECT, Template
from chalicelib.messages.variables import VARIABLES

MAX_SUBJECT = 200
_GAPS = re.compile(r"\n{3,}")  # what a part left out leaves behind; no value has a line break


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """
    A message ready to be addressed.

    Args:
        template_name, template_values: WhatsApp's approved template and its values in order;
            empty where the text goes as it is.
        attach_statement: Whether the account statement goes along.
        unidentified: What the country wants said and the portfolio does not know.
    """

    channel: Channel
    language: str
    template: str
    text: str
    subject: str = ""
    html: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    template_name: str = ""
    template_values: tuple[str, ...] = ()
    attach_statement: bool = False
    unidentified: tuple[str, ...] = ()

    def content(self, to: str, attachments: tuple[str, ...] = ()) -> Content:
        """Address it: what goes into the attempt and to the channel's adapter."""
        return Content(
            to=to,
            text=self.text,
            subject=self.subject,
            html=self.html,
            language=self.language,
            template=self.template,
            attachments=attachments,
            buttons=self.buttons,
        )


class Values(Mapping[str, Any]):
    """The variables of a template, read off the facts when they are asked for."""

    __slots__ = ("_channel", "_facts")

    def __init__(self, facts: MessageFacts, channel: Channel) -> None:
        self._facts, self._channel = facts, channel

    def __getitem__(self, name: str) -> Any:
        if name == "identification":
            return self._facts.identification[self._channel]
        if name == "_colour":
            return self._facts.colour
        if name == "_ink":
            return email.ink(self._facts.colour)
        return getattr(self._facts, name)

    def __iter__(self) -> Any:
        return iter(VARIABLES)

    def __len__(self) -> int:
        return len(VARIABLES)


def render(template: Template, facts: MessageFacts) -> Rendered:
    """
    Write a message.

    A text message is written in the carriers' small alphabet where that saves a segment. An e-mail
    is its text and a page of HTML made from the same body; it and a letter end with what the law
    wants said.

    Raises:
        BadTemplate: The text is none; a stored one was checked when it was saved.
        FactMissing: It speaks of something that the case does not have.
    """
    channel = template.channel
    values = Values(facts, channel)
    body = engine.ready(template.body, channel, facts.locale)
    text = _GAPS.sub("\n\n", body.render(values).strip())
    subject = html = ""
    if channel in WITH_SUBJECT:
        line = engine.ready(template.subject, channel, facts.locale, field="subject")
        subject = " ".join(line.render(values).split())[:MAX_SUBJECT]
    if channel is Channel.EMAIL:
        html = _page(template, facts, values, subject=subject, text=text)
    if channel in WITH_SUBJECT and "identification" not in body.names:
        text = f"{text}\n\n{values['identification']}"
    if channel is Channel.EMAIL and facts.unsubscribe_link and "unsubscribe_link" not in body.names:
        text = f"{text}\n\n{email.unsubscribe(facts.language)}: {facts.unsubscribe_link}"
    if channel is Channel.SMS:
        text = sms.plain(text)
    approved = channel is Channel.WHATSAPP and template.approved_name
    return Rendered(
        channel=channel,
        language=template.language,
        template=template.reference,
        text=text,
        subject=subject,
        html=html,
        buttons=template.buttons,
        template_name=template.approved_name if approved else "",
        template_values=_values(template, facts, values) if approved else (),
        attach_statement=template.attach_statement and channel is Channel.EMAIL,
        unidentified=facts.unidentified,
    )


def _page(
    template: Template, facts: MessageFacts, values: Values, *, subject: str, text: str
) -> str:
    body = engine.ready(template.body, Channel.EMAIL, facts.locale, html=True)
    said = "identification" in body.names
    return email.page(
        body.render(values),
        subject=subject,
        language=template.language,
        locale=facts.locale,
        brand=facts.brand,
        colour=facts.colour,
        identification="" if said else values["identification"],
        unsubscribe=None if "unsubscribe_link" in body.names else facts.unsubscribe_link,
        opening=text.partition("\n\n")[2].partition("\n")[0][:120],
    )


def _values(template: Template, facts: MessageFacts, values: Values) -> tuple[str, ...]:
    """
    Each placeholder's value in the order they stand. WhatsApp takes no line break, tab or run of
    spaces in one.
    """
    return tuple(
        " ".join(
            engine.ready(f"{{{{ {said} }}}}", Channel.WHATSAPP, facts.locale).render(values).split()
        )
        for said in engine.placeholders(template.body)
    )
