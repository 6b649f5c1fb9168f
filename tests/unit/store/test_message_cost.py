"""What one message costs to write, from plan to read: the figures of docs/scale.md."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.contact import AttemptState, Cause, Channel
from chalicelib.services import dispatch
from chalicelib.store import case_keys, case_rows
from chalicelib.store import counters as counter_rows
from tests.builders import a_case, a_portfolio, an_attempt, reopened
from tests.contact_world import Provider, means
from tests.engines import as_sent
from tests.fakes import MemoryCases
from tests.unit.store.test_case_cost import item_bytes

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
LISTS = 3  # a head's day of change is in each
INDEXES = ("agenda_sk", "lookup_sk")


class Counting(MemoryCases):
    """Keeps what was committed."""

    def __init__(self):
        super().__init__()
        self.changes = []

    def commit(self, *changes):
        super().commit(*changes)
        self.changes += changes


def units(change, before):
    """Write units of a commit: table (a transaction writes twice), indexes, counters."""
    total = 0
    for operation in as_sent(case_rows.operations("cases", change)):
        item = operation["Put"]["Item"]
        size = math.ceil(item_bytes(item) / 1024)
        total += 2 * size
        key = item["sk"]["S"]
        old = before.get(key, {})
        if key == "HEAD":
            total += LISTS * size
        for index in INDEXES:
            was, now = old.get(index), item.get(index)
            total += (was is not None and was != now) + (now is not None and was != now)
        before[key] = item
    if change.counters is not None:
        total += 2 * len(counter_rows.sums_by_row(change.counters))
    return total


@pytest.fixture(scope="module")
def costs():
    cases, portfolio = Counting(), a_portfolio()
    file = a_case(portfolio=portfolio)
    cases.files[file.head.case_id] = file
    before = {"HEAD": case_rows.head_shape.item(file.head, **case_keys.head_keys(file.head))}

    def do(step, now=NOON):
        draft = reopened(cases.open(file.head.case_id), portfolio, now=now)
        step(draft)
        cases.commit(draft.change())

    def plan(draft):
        planned = an_attempt(
            channel=Channel.WHATSAPP, contact_id="", not_before=NOON, fallback=(),
            cause=Cause(kind="strategy", strategy="str_06a1k2m3n4p5@3", step="d-5",
                        anchor=file.head.oldest_due_on),
        )  # fmt: skip
        draft.plan(replace(planned, attempt_id="att_06a1k2m3n4p5q6r7s8t9v0w1"))
        draft.look_again_on(draft.today + timedelta(days=1))

    key = "att_06a1k2m3n4p5q6r7s8t9v0w1"
    do(plan, now=NOON - timedelta(hours=1))
    using = means(cases, portfolio, Provider())
    assert dispatch.deliver(file.head.case_id, key, means=using, now=NOON) == "sent"
    do(lambda d: d.arrived(key, AttemptState.DELIVERED, NOON))
    do(lambda d: d.arrived(key, AttemptState.READ, NOON))
    names = ("planned", "reserved", "sent", "delivered", "read")
    return dict(zip(names, (units(change, before) for change in cases.changes), strict=True))


def test_a_message_costs_what_the_scale_document_says(costs):
    lease = 1 + 2  # the row, and its place in the index: out and in

    assert costs == {"planned": 13, "reserved": 14, "sent": 15, "delivered": 11, "read": 11}
    assert sum(costs.values()) + lease == 67
