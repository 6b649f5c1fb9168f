"""
What goes wrong in the cloud, done on purpose: the end is the same to the row and the cent.

RECOBRO_FAULT_ROWS sets the size (100000 is the full one; it takes a while).
"""

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
from tests.faults.files import a_portfolio_file

pytestmark = [pytest.mark.dynamodb_local, pytest.mark.slow]

ROWS = int(os.environ.get("RECOBRO_FAULT_ROWS", "3000"))
HIDDEN_S = 5  # how soon a killed worker's message comes again
ENOUGH_S = 60 + ROWS / 20


@pytest.fixture(scope="module")
def clean():
    """What a run without any fault ends in."""
    with upload_world.world(tables=engines.dynamodb) as world:
        began = time.monotonic()
        upload = world.load(a_portfolio_file(ROWS), mode="debts")
        took = time.monotonic() - began
        state = upload_world.state()
    return upload, state, took


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


def test_a_worker_killed_in_the_middle_leaves_no_trace(clean, capsys):
    expected, state, took = clean
    with upload_world.world(tables=engines.dynamodb, hidden_s=HIDDEN_S) as world:
        upload = world.pump(world.send(a_portfolio_file(ROWS), mode="debts"))
        world.do(use.put_mapping, upload, upload.mapping)
        world.pump(upload)
        world.do(use.apply, upload)
        kills = 0
        process = worker()
        began = time.monotonic()
        try:
            for share in (0.15, 0.4, 0.7):
                wait_for(lambda at=ROWS * share: rows_done(upload, "apply.1") >= at)
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                process = worker()
            ended = wait_for(lambda: finished(upload))
        finally:
            process.kill()
            process.wait()
        took_rough = time.monotonic() - began
        rough = upload_world.state()

    with capsys.disabled():
        print(
            f"\nkilled {kills} times over {ROWS} rows: {ended.applied} in {took_rough:.0f} s "
            f"(whole clean run {took:.0f} s)"
        )
    assert (ended.checked, ended.applied) == (expected.checked, expected.applied)
    assert rough == state


def test_every_message_delivered_twice_changes_nothing(clean):
    expected, state, _ = clean
    with upload_world.world(tables=engines.dynamodb) as world:
        world.deliveries = 2
        upload = world.load(a_portfolio_file(ROWS), mode="debts")
        doubled = upload_world.state()

    assert (upload.checked, upload.applied) == (expected.checked, expected.applied)
    assert doubled == state


def test_a_throttled_table_only_makes_it_slower(clean, monkeypatch):
    expected, state, _ = clean
    with upload_world.world(tables=engines.dynamodb, hidden_s=1) as world:
        throttle = Throttle(wiring.wire(), every=7)
        monkeypatch.setattr(wiring.wire(), "_send", throttle.send)
        monkeypatch.setattr(wiring.wire(), "_sleep", lambda _: None)
        upload = world.load(a_portfolio_file(ROWS), mode="debts")
        if upload.state is not UploadState.DONE:  # messages that gave up come again
            upload = wait_for(lambda: finished(world.pump(upload)))
        monkeypatch.undo()
        throttled = upload_world.state()

    assert throttle.refused > 20
    assert (upload.checked, upload.applied) == (expected.checked, expected.applied)
    assert throttled == state


class Throttle:
    """Refuses every n-th request as DynamoDB does, and now and then for long in a row."""

    def __init__(self, wire, *, every):
        self._send = wire._send
        self._every = every
        self.count = self.refused = 0

    def send(self, operation, data):
        self.count += 1
        spell = self.count % 400 < 12  # longer than the client is willing to repeat
        if spell or self.count % self._every == 0:
            self.refused += 1
            code = b"ProvisionedThroughputExceededException"
            return 400, b'{"__type": "com.amazonaws.dynamodb.v20120810#' + code + b'"}'
        return self._send(operation, data)
