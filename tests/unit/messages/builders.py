"""Texts and facts for these tests: a test names only what it is about."""

from dataclasses import replace
from typing import Any

from chalicelib.compliance.packs import identification as required
from chalicelib.domain import defaults
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel
from chalicelib.domain.portfolio import Identification, Portfolio
from chalicelib.messages import facts
from chalicelib.messages.facts import Links, MessageFacts
from chalicelib.messages.template import Stage, Template
from tests.builders import NOW, a_case, a_portfolio

WHO = Identification(
    agency="Cobranza Amable",
    creditor_tax_id="ABC010203XY9",
    creditor_address="Calle Uno 1",
    registration="R-1",
    address="Av. Dos 22, piso 3",
    phone="+52 55 1234 5678",
    email="hola@amable.test",
    complaints="www.condusef.gob.mx",
    payment_means="CLABE 0123 4567, referencia su contrato",
)
LINKS = Links(
    portal="https://pago.test/c/Qm9sZXRh?x=1&y=2", unsubscribe="https://pago.test/u/ZGVqYXI"
)


def identified(country: str = "MX") -> Portfolio:
    return replace(a_portfolio(country=country), identification=WHO)


def some_facts(
    file: CaseFile | None = None, *, portfolio: Portfolio | None = None, **values: Any
) -> MessageFacts:
    portfolio = portfolio or identified()
    given = {
        "now": NOW,
        "links": LINKS,
        "required": required(portfolio.country),
        "language": defaults.country(portfolio.country).languages[0],
    }
    return facts.build(file or a_case(portfolio=portfolio), portfolio, **given | values)


def a_text(body: str, channel: Channel = Channel.WHATSAPP, **values: Any) -> Template:
    given: dict[str, Any] = {
        "template_id": "a_text",
        "channel": channel,
        "language": "es",
        "stage": Stage.FRIENDLY,
        "body": body,
    }
    if channel in (Channel.EMAIL, Channel.LETTER):
        given["subject"] = "Su cuenta con {{ brand }}"
    return Template(**given | values)
