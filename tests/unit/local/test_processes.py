"""We stop what we started, whole, and nothing else."""

import json
import os
import socket
import sys
import time

import pytest

from local import processes

WITH_A_CHILD = """
import subprocess, sys, time, pathlib
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(600)
"""


def begin(tmp_path):
    told = tmp_path / "child"
    processes.start("it", [sys.executable, "-c", WITH_A_CHILD, told], state=tmp_path,
                    env=dict(os.environ), cwd=tmp_path)  # fmt: skip
    deadline = time.monotonic() + 60
    while not (told.exists() and told.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(told.read_text())


def ends(pid):
    deadline = time.monotonic() + 30
    while processes._started(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_stopping_ends_the_children_too(tmp_path):
    child = begin(tmp_path)

    assert processes.stop("it", tmp_path)
    assert ends(child)
    assert processes.running("it", tmp_path) is None
    assert not processes.stop("it", tmp_path)


def test_a_pid_that_another_program_got_is_left_alone(tmp_path):
    child = begin(tmp_path)
    record = tmp_path / "run" / "it.json"
    ours = record.read_text()
    record.write_text(json.dumps({"pid": json.loads(ours)["pid"], "started": "another time"}))

    assert not processes.stop("it", tmp_path)
    assert processes._started(child)

    record.write_text(ours)
    assert processes.stop("it", tmp_path)


def test_a_taken_port_is_named_with_a_way_out(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(processes.PortTaken, match=rf"{port}.*PORT=9000"):
            processes.require_port(port, "Try another: make run PORT=9000")
