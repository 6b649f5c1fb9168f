"""A message written for one reach of a case: its text, its files, whom it goes to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.compliance import packs
from chalicelib.domain import envelope
from chalicelib.domain.bank_references import NOWHERE, PayTo
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel, Content
from chalicelib.domain.offer import Offer
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.spoken import language_of
from chalicelib.messages import engine, facts, statement
from chalicelib.messages.facts import Links
from chalicelib.messages.render import Rendered, render
from chalicelib.messages.template import BadTemplate, FactMissing, Template
from chalicelib.messages.variables import NUMBERS
from chalicelib.services.contacting import Reach


class Templates(Protocol):
    def find(
        self, portfolio_id: str, template_id: str, channel: Channel, language: str, /
    ) -> Template | None: ...


class NotWritten(Exception):
    """
    A text cannot be written for this case.

    Args:
        code: ``template_missing``, ``bad_template`` or ``fact_missing``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """
    Args:
        files: (file name, media type, bytes) that go along.
        sender: The return address of a letter; empty = the channel's own.
    """

    rendered: Rendered
    content: Content
    files: tuple[tuple[str, str, bytes], ...] = ()
    sender: str = ""


def nowhere(_: CaseFile) -> PayTo:
    return NOWHERE


def write(
    file: CaseFile,
    portfolio: Portfolio,
    reach: Reach,
    *,
    template_id: str,
    templates: Templates,
    links: Links,
    offer: Offer | None,
    now: datetime,
    pay_to: Callable[[CaseFile], PayTo] = nowhere,
    paid: str = "",
) -> Written:
    """
    Write a message, with the account statement where the text says so.

    Args:
        paid: Reference of the payment it is about; empty = the last one.
        pay_to: Gives a case its numbers to pay to; asked only for a text that says them.

    Raises:
        NotWritten: There is no such text, or it speaks of what the case does not have.
    """
    language = language_of(file, portfolio)
    template = templates.find(portfolio.portfolio_id, template_id, reach.channel, language)
    if template is None:
        raise NotWritten("template_missing")
    try:
        numbers = engine.speaks_of(template.body) & NUMBERS
    except BadTemplate as error:
        raise NotWritten("bad_template") from error
    said = facts.build(
        file,
        portfolio,
        now=now,
        language=template.language,
        links=links,
        pay_to=pay_to(file) if numbers else NOWHERE,
        required=packs.identification(portfolio.country),
        offer=offer,
        paid=paid,
    )
    try:
        rendered = render(template, said)
    except FactMissing as error:
        raise NotWritten("fact_missing") from error
    except BadTemplate as error:
        raise NotWritten("bad_template") from error
    files: tuple[tuple[str, str, bytes], ...] = ()
    if rendered.attach_statement:
        pdf = statement.render(file, said, made_at=now)
        files = ((statement.file_name(said), "application/pdf", pdf),)
    to = _written_to(file, portfolio, reach)
    return Written(
        rendered=rendered,
        content=rendered.content(to, tuple(name for name, _, _ in files)),
        files=files,
        sender=_return_address(portfolio) if reach.channel is Channel.LETTER else "",
    )


def _written_to(file: CaseFile, portfolio: Portfolio, reach: Reach) -> str:
    """Whom a message goes to: a number or address, for a letter what stands on the envelope."""
    address = next((a for a in file.addresses if a.address_id == reach.contact_id), None)
    if reach.channel is not Channel.LETTER or address is None:
        return reach.value
    return "\n".join(envelope.lines(file.head.name, address, posted_in=portfolio.country))


def _return_address(portfolio: Portfolio) -> str:
    return "\n".join(filter(None, (portfolio.creditor, portfolio.branding.contact_line)))
