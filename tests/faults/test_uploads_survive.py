"""
What goes wrong in the cloud, done on purpose: the end is the same to the row and the cent.

RECOBRO_FAULT_ROWS sets the size of the killed run; 100000 is the full one and takes a while.
"""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from chalicelib import wiring
from chalicelib.domain.upload import UploadState
from chalicelib.services import uploads as use
from tests import engines, upload_world
from tests.faults.files import a_portfolio_file, truth_of

pytestmark = [pytest.mark.dynamodb_local, pytest.mark.slow]

ROWS = 600
KILL_ROWS = int(os.environ.get("RECOBRO_FAULT_ROWS", "3000"))
HIDDEN_S = 5  # how soon a killed worker's message comes again
ENOUGH_S = 120 + KILL_ROWS / 10


@pytest.fixture(scope="module")
def clean():
    """What a run without any fault ends in."""
    with upload_world.world(tables=engines.dynamodb) as world:
        upload = world.load(a_portfolio_file(ROWS), mode="debts")
        state = upload_world.state()
    return upload, state


def worker(idle_s=3600):
    environment = {**os.environ, "IDLE_S": str(idle_s)}
    return subprocess.Popen([sys.executable, "-m", "tests.faults.worker"], env=environment)


def finished(upload):
    current = wiring.uploads().get(upload.portfolio_id, upload.upload_id)
    return current if current.state is UploadState.DONE else None


def wait_for(what):
    deadline = time.monotonic() + ENOUGH_S
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def rows_done(upload, sweep):
    return wiring.uploads().tallies(upload.upload_id).get(sweep, {}).get("rows", 0)


def test_a_worker_killed_in_the_middle_leaves_no_trace(capsys):
    file = a_portfolio_file(KILL_ROWS)
    truth = truth_of(file)
    with upload_world.world(tables=engines.dynamodb, hidden_s=HIDDEN_S) as world:
        began = time.monotonic()
        upload = world.pump(world.send(file, mode="debts"))
        world.do(use.put_mapping, upload, upload.mapping)
        world.pump(upload)
        checked = time.monotonic() - began
        world.do(use.apply, upload)
        process = worker()
        kills = []
        try:
            for share in (0.15, 0.4, 0.7):
                at = KILL_ROWS * share
                wait_for(lambda at=at: rows_done(upload, "apply.1") >= at)
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills.append(rows_done(upload, "apply.1"))
                process = worker()
            ended = wait_for(lambda: finished(upload))
        finally:
            process.kill()
            process.wait()
        took = time.monotonic() - began
        with capsys.disabled():
            print(
                f"\nkilled after {kills} of {KILL_ROWS} rows: {ended.applied};"
                f" read and checked in {checked:.0f} s, done in {took:.0f} s"
            )
        cases, sums = upload_world.state()

    assert ended.checked == ended.applied
    assert (ended.applied.created, ended.applied.rejected) == (truth.created, truth.rejected)
    assert (ended.applied.updated, ended.applied.unchanged) == (0, 0)
    heads = {case["head"]["name"]["S"]: case["head"] for case in cases.values()}
    assert {name: int(head["balance_minor"]["N"]) for name, head in heads.items()} == truth.owed
    assert {name: int(head["debts"]["N"]) for name, head in heads.items()} == truth.debts
    for case in cases.values():
        entries = [json.loads(entry) for entry in case["ENTRY"]]
        assert len(entries) == len(case["DEBT"])
        posted = sum(int(entry["amount_minor"]["N"]) for entry in entries)
        assert posted == int(case["head"]["balance_minor"]["N"])
    assert sums["TOTAL.balance_minor"] == ended.applied.amount_minor == sum(truth.owed.values())
    assert sums["TOTAL.debts"] == truth.created
    assert sum(n for key, n in sums.items() if key.startswith("TOTAL.cases")) == len(cases)


def test_every_message_delivered_twice_changes_nothing(clean):
    expected, state = clean
    with upload_world.world(tables=engines.dynamodb) as world:
        world.deliveries = 2
        upload = world.load(a_portfolio_file(ROWS), mode="debts")
        doubled = upload_world.state()

    assert (upload.checked, upload.applied) == (expected.checked, expected.applied)
    assert doubled == state


def test_a_throttled_table_only_makes_it_slower(clean, monkeypatch):
    expected, state = clean
    with upload_world.world(tables=engines.dynamodb, hidden_s=1) as world:
        throttle = Throttle(wiring.wire(), every=7)
        upload = world.send(a_portfolio_file(ROWS), mode="debts")

        def pumped(until):
            """Work under throttling; messages that gave up come again."""
            with monkeypatch.context() as patch:
                patch.setattr(wiring.wire(), "_send", throttle.send)
                patch.setattr(wiring.wire(), "_sleep", lambda _: None)
                world.pump(upload)
            current = world.current(upload)
            return current if current.state is until else None

        upload = wait_for(lambda: pumped(UploadState.NEEDS_MAPPING))
        world.do(use.put_mapping, upload, upload.mapping)
        upload = wait_for(lambda: pumped(UploadState.READY))
        world.do(use.apply, upload)
        upload = wait_for(lambda: pumped(UploadState.DONE))
        throttled = upload_world.state()

    assert throttle.refused > 20
    assert (upload.checked, upload.applied) == (expected.checked, expected.applied)
    assert throttled == state


class Throttle:
    """
    Refuses every n-th request as DynamoDB does, and now and then for long in a row.

    The long spells end: looking for doubles takes more requests a chunk than lie between two
    of them, so a table that stays so poorly would never let a chunk finish.
    """

    LAST_SPELL = 2_000

    def __init__(self, wire, *, every):
        self._send = wire._send
        self._every = every
        self.count = self.refused = 0

    def send(self, operation, data):
        self.count += 1
        # A spell is longer than the client is willing to repeat.
        spell = self.count % 400 > 387 and self.count < self.LAST_SPELL
        if spell or self.count % self._every == 0:
            self.refused += 1
            code = b"ProvisionedThroughputExceededException"
            return 400, b'{"__type": "com.amazonaws.dynamodb.v20120810#' + code + b'"}'
        return self._send(operation, data)
