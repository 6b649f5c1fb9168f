"""What a walk through the debtor's pages needs: a slow line, axe's eyes, a clock, workers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.contact import Attempt, AttemptState
from chalicelib.handlers import jobs, payment_events, plan_jobs
from tests.selfpay.conftest import SMALL, World

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What browsers call "slow 3G".
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


def slow(page: Any) -> Any:
    """Put a page on a slow line."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    return page


def faults(page: Any) -> list[str]:
    """What axe finds wrong with a page."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


def look(page: Any) -> None:
    """Hold a page to what every page of a debtor's is held to."""
    assert faults(page) == [], page.url
    narrow(page)


def narrow(page: Any) -> None:
    """Hold a page to the phone's width; axe itself needs scripts."""
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], page.url


class Clock:
    """The product's time, which only goes forward, and only when it is told to."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at

    def to(self, at: datetime) -> None:
        assert at >= self.at
        self.at = at

    def to_noon(self, day: date) -> None:
        """Noon of a day in Mexico City."""
        self.to(datetime(day.year, day.month, day.day, 18, tzinfo=UTC))


def planned(world: World, clock: Clock, day: date) -> None:
    """Let the daily plan look at the case on a day."""
    clock.to_noon(day)
    portfolio_id = world.portfolio.portfolio_id
    cases = {"step": "cases", "portfolio_id": portfolio_id, "case_ids": [world.case_id]}
    plan_jobs._work(cases, None)


def sent(world: World, clock: Clock, attempt: Attempt) -> Attempt:
    """Let the outbox give a planned message away when its moment has come."""
    for _ in range(8):  # the law may ask for a later hour, or another day
        (found,) = [one for one in world.file.attempts if one.attempt_id == attempt.attempt_id]
        if found.state is not AttemptState.PLANNED:
            break
        clock.to(max(clock.at, found.not_before or clock.at) + timedelta(seconds=1))
        jobs.collect_messages(_Event())
        world.deliver()
    assert found.state is AttemptState.SENT, (found.state, found.problem)
    return found


def post_payments(world: World) -> None:
    """Let the worker take what providers told of payments."""
    sqs, url = world.cloud.client("sqs"), world.cloud.environment["PAYMENT_EVENTS_QUEUE_URL"]
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in found:
            payment_events._work(json.loads(message["Body"]), None)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@contextmanager
def on_the_phone(world: World, chrome: Any, **more: Any) -> Iterator[Any]:
    """Open a browser of 360 px on a slow line; leaving fails where a policy was broken."""
    context = chrome.new_context(
        base_url=world.served.url,
        viewport=SMALL,
        locale="es-MX",
        timezone_id="America/Mexico_City",
        **more,
    )
    page = slow(context.new_page())
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    try:
        yield page
    except Exception as error:
        error.add_note(f"at {urlsplit(page.url).path}: {page.locator('body').inner_text()[:600]}")
        raise
    finally:
        context.close()
    assert not [one for one in said if "Content Security Policy" in one]


class _Context:
    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000


class _Event:
    context = _Context()
