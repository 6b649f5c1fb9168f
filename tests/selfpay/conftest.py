"""Fixtures of the debtor's pages: an account of AWS's, a portfolio, a case, a link, a browser."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain import debtor_link
from chalicelib.domain.case import CaseFile, ContactKind
from chalicelib.domain.contact import Outgoing
from chalicelib.domain.ids import new_id
from chalicelib.domain.people import AuditEvent
from chalicelib.domain.portfolio import Branding, Portfolio
from chalicelib.handlers import jobs
from chalicelib.wiring import contacting
from tests.api.cloud import Cloud
from tests.api.conftest import forget, open_cloud, server  # noqa: F401 (fixtures)
from tests.builders import a_debt, a_draft, a_portfolio, change_of
from tests.contact_world import Provider
from tests.selfpay.served import Served, serving
from tests.selfpay.visitor import Visitor

TAX_ID = "PEÑJ800101AB3"
PHONE, MAIL = "+525512345678", "jose@example.com"
SMALL = {"width": 360, "height": 740}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

_numbers = itertools.count(1)


@dataclass(frozen=True)
class World:
    """A portfolio and a debtor of it who owes 1,000.00; ``served`` is where the pages are."""

    cloud: Cloud
    served: Served
    portfolio: Portfolio
    case_id: str
    provider: Provider

    @property
    def file(self) -> CaseFile:
        return wiring.cases().open(self.case_id)

    def link(self, case_id: str = "", contact_id: str = "", **values: Any) -> str:
        """The path of a link to the debtor's page."""
        token = debtor_link.written(
            case_id or self.case_id,
            wiring.link_key(),
            **{"now": datetime.now(UTC), "contact_id": contact_id} | values,
        )
        return f"/pagar/a/{token}"

    def deliver(self) -> None:
        """Let the workers take what waits in the queue of messages."""
        sqs, url = self.cloud.client("sqs"), self.cloud.environment["MESSAGES_QUEUE_URL"]
        while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                jobs._message(json.loads(message["Body"]), None)
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def code(self) -> str:
        """The digits that went out last."""
        self.deliver()
        return digits(self.provider.got[-1])

    def contact(self, value: str) -> str:
        """The id of a contact point."""
        return next(one.contact_id for one in self.file.contacts if one.value == value)

    def another_case(self, key: str = "D-2", **values: Any) -> str:
        return a_case(self.portfolio, key, **values)


def digits(message: Outgoing) -> str:
    """The code in a message."""
    found = re.search(r"\d{6}", message.content.text)
    assert found
    return found[0]


def a_case(portfolio: Portfolio, key: str = "D-1", tax_id: str = TAX_ID, **values: Any) -> str:
    debt = a_debt(f"F-{key}", portfolio.portfolio_id)
    draft = a_draft(
        debt, portfolio=portfolio, key=key, now=datetime.now(UTC), tax_id=tax_id, **values
    )
    draft.put_contact(ContactKind.EMAIL, MAIL, source="upload")
    change = change_of(draft)
    wiring.cases().commit(change)
    return change.after.case_id


@dataclass(frozen=True)
class Place:
    """What the tests of a module share: an account of AWS's with nothing in it, and a server."""

    cloud: Cloud
    served: Served


@pytest.fixture(scope="module")
def place(server: str) -> Iterator[Place]:  # noqa: F811 (the fixture)
    with open_cloud() as cloud, serving() as served, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", served.url)
        forget()
        yield Place(cloud, served)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """Takes every message to debtors, whatever its channel."""
    taker = Provider()
    monkeypatch.setattr(contacting, "sender", lambda _: taker)
    return taker


@pytest.fixture
def world(place: Place, provider: Provider) -> World:
    """A portfolio with a name of its own, and a debtor of it."""
    name = f"La Esquina {next(_numbers)}"
    portfolio = replace(
        a_portfolio(new_id("prt")), creditor=name, branding=Branding(display_name=name)
    )
    wiring.portfolios().add(portfolio, audit=_audit(portfolio), grant_to=None)
    forget()  # portfolios are remembered for some seconds
    return World(place.cloud, place.served, portfolio, a_case(portfolio), provider)


def _audit(portfolio: Portfolio) -> AuditEvent:
    return AuditEvent(
        event_id=new_id("aud"),
        kind="portfolio.created",
        at=portfolio.created_at,
        actor="system",
        subject=f"portfolio:{portfolio.portfolio_id}",
        facts={},
    )


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world.served)


@pytest.fixture(scope="session")
def chrome() -> Iterator[Any]:
    pytest.importorskip("playwright.sync_api")
    from frontend.e2e.one_playwright import playwright
    from tests.e2e.browser import chromium_path

    with playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(world: World, chrome: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page of a cheap phone, 360 px wide; every test runs with scripts and without."""
    context = chrome.new_context(
        base_url=world.served.url,
        viewport=SMALL,
        locale="es-MX",
        timezone_id="America/Mexico_City",
        java_script_enabled=request.param,
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert not [one for one in faults if "Content Security Policy" in one]
