"""
Run every bench, keep what it says in bench/results/, print one table.

Ends with the targets that were missed, by name. Exit status 1: a bench failed, left something out,
or missed a target that does not depend on the machine (``exact``); a missed time alone is 0.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
LONGEST_S = int(os.environ.get("BENCH_LONGEST_S", "900"))  # a bench that hangs is a failed one
TO_SAY_S = 10  # what it has measured so far


def main(names: list[str]) -> int:
    RESULTS.mkdir(exist_ok=True)
    failed: list[str] = []
    missed: list[dict[str, Any]] = []
    for path in sorted((ROOT / "bench").glob("*.py")):
        if "\ndef main(" not in path.read_text() or (names and path.stem not in names):
            continue
        began = time.monotonic()
        said = _run(path.stem)
        document = _last_json(said)
        print(f"\n{path.stem}  ({time.monotonic() - began:.0f} s)", flush=True)
        if document is None:
            print(said[-2000:])
            failed.append(path.stem)
            continue
        (RESULTS / f"{path.stem}.json").write_text(json.dumps(document, indent=1) + "\n")
        figures = document.get("figures", [])
        missed += [figure for figure in figures if figure.get("met") is False]
        for figure in figures:
            print("  " + _row(figure))
        left_out = document.get("left_out", [])
        if left_out:
            print(f"  not measured: {', '.join(left_out)}")
            failed.append(path.stem)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    if missed:
        print(f"\n{len(missed)} targets MISSED (load average {os.getloadavg()[0]:.1f}):")
        for figure in missed:
            print("  " + _row(figure))
    elif not failed:
        print("\nall targets met")
    return 1 if failed or any(figure.get("exact") for figure in missed) else 0


def _run(name: str) -> str:
    """Run a bench; gives what it said, and how it ended when that was not well."""
    with with_all_it_starts([sys.executable, "-m", f"bench.{name}"]) as running:
        try:
            said, _ = running.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            return _stopped(running)
    return said if running.returncode == 0 else f"exit status {running.returncode}"


def _stopped(running: "subprocess.Popen[str]") -> str:
    """Ask a bench to end, which may still say what it has measured."""
    running.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        said, _ = running.communicate(timeout=TO_SAY_S)
        if said:
            return said
    return f"stopped after {LONGEST_S} s"


@contextlib.contextmanager
def with_all_it_starts(command: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
    """Start a command; at the end it is gone with the engines and browsers that it started."""
    running = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def _row(figure: dict[str, Any]) -> str:
    ratio, target, met = figure.get("ratio"), figure.get("target"), figure.get("met")
    against = f"{ratio:5.2f} x {figure['floor']:,.1f}" if ratio is not None else ""
    sign = ">=" if figure.get("at_least") else "<="
    wanted = "" if target is None else f"{'met' if met else 'MISSED'}  {sign} {target}"
    value = f"{figure['value']:,.1f} {figure['unit']}"
    return f"{figure['metric'][:44]:<44} {value:>18}  {against:<18} {wanted}"


def _last_json(text: str) -> dict[str, Any] | None:
    """The document a bench ends with; whatever it printed before is for people."""
    start = 0 if text.startswith("{") else text.find("\n{") + 1
    try:
        found: dict[str, Any] = json.loads(text[start:])
    except json.JSONDecodeError:
        return None
    return found if "figures" in found else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
