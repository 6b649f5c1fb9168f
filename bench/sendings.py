"""
A run of messages: what is due is leased and queued, then each is decided on, written, handed over.

Everything is the product's own - gate, facts, texts, draft, timeline, queue messages - but the
tables and the providers, which are memory: what is measured is the processor's part, in processor
time. What DynamoDB takes for the same is in docs/scale.md, by request units.

    BENCH_SENDINGS=100000 make bench BENCH=sendings
"""

import json
import os
import time
from typing import Any

from bench.report import Figure, Report
from chalicelib.domain.contact import Channel, Outgoing, Receipt
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import contacting, dispatch, writing
from chalicelib.store.queues import SqsQueue
from tests.builders import NOW, a_debt, a_draft, a_portfolio, an_attempt, change_of
from tests.contact_world import ReadyTexts, means
from tests.fakes import MemoryCases

MESSAGES = int(os.environ.get("BENCH_SENDINGS", "2000"))
TURN = 250  # cases in memory at once
NOON = NOW.replace(day=24)  # a Tuesday in Mexico City


class Sqs:
    """Takes every batch."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def send_message_batch(self, *, Entries: list[dict[str, str]], **_: Any) -> dict[str, Any]:  # noqa: N803 (boto3's name)
        self.bodies += [entry["MessageBody"] for entry in Entries]
        return {}


class Provider:
    def __init__(self) -> None:
        self.took = 0

    def send(self, message: Outgoing) -> Receipt:
        self.took += 1
        return Receipt(provider="bench", provider_id=message.message_id)


def main() -> None:
    report = Report("sendings")
    portfolio, provider = a_portfolio(), Provider()
    queued = delivered = rendered = 0.0
    for first in range(0, MESSAGES, TURN):
        number = min(TURN, MESSAGES - first)
        cases = waiting(portfolio, first, number)
        rendered += texts(cases, portfolio)
        sqs = Sqs()
        began = time.process_time()
        taken = dispatch.collect(
            outbox=cases,
            queue=SqsQueue(sqs, "https://sqs.example"),
            now=NOON,
            time_left_s=lambda: 60.0,
        )
        queued += time.process_time() - began
        using = means(cases, portfolio, provider)
        began = time.process_time()
        for body in sqs.bodies:
            outcome = dispatch.deliver(**json.loads(body), means=using, now=NOON)
            assert outcome == "sent", outcome
        delivered += time.process_time() - began
        assert taken == number
    assert provider.took == MESSAGES
    each = {"written": rendered, "leased and queued": queued, "decided, written, sent": delivered}
    for what, spent in each.items():
        report.add(
            Figure(metric=f"{what}, of {MESSAGES:,}", value=spent / MESSAGES * 1_000, unit="ms")
        )
    a_minute = MESSAGES / (queued + delivered) * 60
    report.add(Figure(metric="queued and sent on one core", value=a_minute, unit="a minute"))
    report.print()


def waiting(portfolio: Portfolio, first: int, number: int) -> MemoryCases:
    """Make cases, on each of which a message waits."""
    cases = MemoryCases()
    for n in range(first, first + number):
        draft = a_draft(a_debt(f"F-{n}"), portfolio=portfolio, key=f"D-{n}")
        draft.plan(an_attempt(f"att_{n}", contact_id="", channel=Channel.SMS, not_before=NOW))
        cases.commit(change_of(draft))
    return cases


def texts(cases: MemoryCases, portfolio: Portfolio) -> float:
    """Seconds that the texts alone take, facts of the case included."""
    files = list(cases.files.values())
    reaches = [contacting.reaches(file, Channel.SMS)[0] for file in files]
    using = means(cases, portfolio, None)
    began = time.process_time()
    for file, reach in zip(files, reaches, strict=True):
        writing.write(
            file,
            portfolio,
            reach,
            template_id="reminder_friendly",
            templates=ReadyTexts(),
            links=using.links(file, reach),
            offer=None,
            now=NOON,
        )
    return time.process_time() - began


if __name__ == "__main__":
    main()
