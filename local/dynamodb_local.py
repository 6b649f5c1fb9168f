"""
DynamoDB Local, AWS's own engine on the laptop: fetched once, started where asked.

It comes inside the npm package ``amplify-dynamodb-simulator`` (folder ``emulator/``), whose
version is pinned below; npm checks what it fetched. Needs Java 17 or newer and npm.

    python -m local.dynamodb_local 4600     # in memory, until Ctrl-C
"""

import os
import shutil
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from local import processes

PACKAGE = "amplify-dynamodb-simulator"
VERSION = "2.9.30"
NAME = "dynamodb"  # as the stack's processes know it
PATIENCE_S = 60


class EngineUnavailable(Exception):
    """Java or npm is missing, or the engine did not come up."""


def start(port: int, state: Path) -> str:
    """
    Start the engine on 127.0.0.1 with its data in *state*, unless it runs already.

    Returns:
        What was done, in a few words.

    Raises:
        EngineUnavailable: It cannot be had or does not answer.
    """
    if processes.running(NAME, state) is not None:
        return "DynamoDB Local was running"
    data = state / "dynamodb"
    data.mkdir(parents=True, exist_ok=True)
    options: list[str | Path] = ["-dbPath", data.resolve()]
    home = installed()
    processes.start(NAME, command(port, options), state=state, env=dict(os.environ), cwd=home)
    wait_for(port)
    return f"DynamoDB Local on port {port}"


def command(port: int, options: list[str | Path] | None = None) -> list[str | Path]:
    """Give the command that runs the engine (in memory unless *options* say where)."""
    home = installed()
    return [
        _program("java", "Java 17 or newer (Debian: apt install default-jre-headless)"),
        "-Xmx1g",
        f"-Djava.library.path={home / 'DynamoDBLocal_lib'}",
        "-Daws.region=us-east-1",
        "-jar",
        home / "DynamoDBLocal.jar",
        "-port",
        str(port),
        "-sharedDb",  # one database, whatever region and credentials a client signs with
        "-disableTelemetry",
        *(options or ["-inMemory"]),
    ]


def installed() -> Path:
    """Give the folder of the engine, fetching it the first time (56 MB)."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = base / "recobro" / f"dynamodb-local-{VERSION}"
    if (home / "DynamoDBLocal.jar").exists():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    work = home.parent / f".fetching-{os.getpid()}"
    work.mkdir()
    try:
        npm = _program("npm", "Node's npm")
        subprocess.run(
            [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent"],
            cwd=work,
            check=True,
            capture_output=True,
        )
        with tarfile.open(next(work.glob("*.tgz"))) as archive:
            archive.extractall(work, filter="data")
        if not home.exists():
            (work / "package" / "emulator").rename(home)
    except subprocess.CalledProcessError as error:
        raise EngineUnavailable(f"npm could not fetch {PACKAGE}@{VERSION}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return home


def wait_for(port: int) -> None:
    """
    Wait until the engine answers.

    Raises:
        EngineUnavailable: It did not within a minute.
    """
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
        except urllib.error.HTTPError:
            return  # it answers: an unsigned request is refused
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise EngineUnavailable(f"DynamoDB Local did not answer on port {port}")


def _program(name: str, needed: str) -> str:
    beside = Path(sys.prefix) / "bin" / name
    found = shutil.which(name) or (str(beside) if beside.exists() else None)
    if found is None:
        raise EngineUnavailable(f"{name} was not found. DynamoDB Local needs {needed}.")
    return found


if __name__ == "__main__":
    with subprocess.Popen([str(part) for part in command(int(sys.argv[1]))]) as engine:
        try:
            engine.wait()
        except KeyboardInterrupt:
            engine.terminate()
