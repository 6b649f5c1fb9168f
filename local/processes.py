"""
Start and stop the stack's own processes, and never anybody else's.

Each gets a process group of its own and a record in ``<state>/run``: its pid and
the moment it started, so that a pid that was reused by another program is left alone.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path


class PortTaken(Exception):
    """Somebody else listens there."""


def start(
    name: str, command: list[str | Path], *, state: Path, env: dict[str, str], cwd: Path
) -> int:
    """Start *command* in the background; its output goes to ``<state>/logs/<name>.log``."""
    (state / "run").mkdir(parents=True, exist_ok=True)
    (state / "logs").mkdir(parents=True, exist_ok=True)
    with (state / "logs" / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )
    record = {"pid": process.pid, "started": _started(process.pid)}
    (state / "run" / f"{name}.json").write_text(json.dumps(record))
    return process.pid


def running(name: str, state: Path) -> int | None:
    """The pid of *name* if we started it and it still runs."""
    record = _record(name, state)
    if record is None:
        return None
    _reap(record["pid"])
    if record["started"] and _started(record["pid"]) == record["started"]:
        return int(record["pid"])
    return None


def stop(name: str, state: Path, *, patience_s: float = 30) -> bool:
    """
    Ask *name* to end, then insist; its children go with it.

    Returns:
        Whether there was anything to stop.
    """
    pid = running(name, state)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + patience_s
        while running(name, state) and time.monotonic() < deadline:
            time.sleep(0.05)
        # Whatever it left behind in its group, workers of functions for the most part.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        _reap(pid)
    (state / "run" / f"{name}.json").unlink(missing_ok=True)
    return pid is not None


def require_port(port: int, hint: str) -> None:
    """
    Raises:
        PortTaken: Something listens on *port*; the message ends with *hint*.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(f"Port {port} is taken by another program. {hint}") from error


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _record(name: str, state: Path) -> dict[str, str] | None:
    try:
        found: dict[str, str] = json.loads((state / "run" / f"{name}.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found


def _started(pid: int | str) -> str:
    """When the process began, in the system's own words; empty when it is gone or a zombie."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            state, *fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return "" if state == "Z" else fields[18]
    asked = subprocess.run(
        ["ps", "-o", "lstart=,stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    words = asked.stdout.split()
    return "" if not words or words[-1].startswith("Z") else " ".join(words[:-1])


def _reap(pid: int | str) -> None:
    """Collect our own child, so that it does not linger as a zombie."""
    with contextlib.suppress(ChildProcessError, ValueError):
        os.waitpid(int(pid), os.WNOHANG)
