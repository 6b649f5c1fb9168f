"""
Run the project's checks and tests and print one summary.

    python scripts/checks.py fast    format, lint, types, import contracts, unit tests
    python scripts/checks.py all     everything, the deployed stack and browsers included

Every check runs even when one before it failed: one run tells all. The end of a failed
check's output is shown; the whole is in build/checks/.

A few failures of tests in a browser are tried once more, one at a time: what fails again is
broken, what passes is named as unsteady, a fault to be found (docs/adr/0028).
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "checks"
BIN = Path(sys.executable).parent
TAIL = 60
NEEDS_STACK = "stack or browser"
FEW = 5
AGAIN = "-again"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    command: Sequence[str]
    folder: str = "."
    retried: bool = False


def python_checks() -> list[Check]:
    return [
        Check("format", ["ruff", "format", "--check", "."]),
        Check("lint", ["ruff", "check", "."]),
        Check("types", ["mypy"]),
        Check("import contracts", ["lint-imports"]),
    ]


def fast() -> list[Check]:
    alone = "not slow and not stack and not browser and not dynamodb_local"
    paths = ["tests/unit", "chalicelib"]
    return [
        *python_checks(),
        Check("unit tests", [*pytest("unit"), "-n", "2", "-m", alone, *paths]),
    ]


def everything() -> list[Check]:
    shared_out = ["-n", "2", "--dist", "worksteal"]
    return [
        *python_checks(),
        Check("site: build", ["python", "frontend/build.py"]),
        Check("site: lint", ["npm", "run", "-s", "lint"], "frontend"),
        Check("site: types", ["npm", "run", "-s", "types"], "frontend"),
        Check("site: tests", ["npm", "-s", "test"], "frontend"),
        Check("site: html", ["npm", "run", "-s", "html"], "frontend"),
        Check(
            "tests",
            [*pytest("tests"), "-n", "2", "--dist", "loadfile", "-m", f"not ({NEEDS_STACK})"],
        ),
        # A browser is busy on one core and waits on the other: two keep both busy.
        Check(
            "tests of pages",
            [*pytest("pages"), *shared_out, "-m", "browser and not stack"],
            retried=True,
        ),
        Check("tests on the stack", [*pytest("stack"), "-m", "stack"], retried=True),
    ]


def pytest(name: str) -> list[str]:
    return [
        "pytest",
        "-q",
        "--color=no",
        f"--junitxml={LOGS / name}.xml",
        "-o",
        "junit_family=xunit2",
    ]


def main(which: str) -> int:
    checks = fast() if which == "fast" else everything()
    LOGS.mkdir(parents=True, exist_ok=True)
    for old in LOGS.glob("*.xml"):
        old.unlink()
    unsteady: list[str] = []
    failed = [check.name for check in checks if not (run(check) or steady(check, unsteady))]
    passed, broken, skipped = counts()
    print()
    for name in unsteady:
        print(f"UNSTEADY (failed once, then passed alone): {name}")
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    # One line for people and for whatever counts tests from outside.
    print(f"{passed} passed, {broken} failed, {skipped} skipped")
    return 1 if failed else 0


def run(check: Check) -> bool:
    log = LOGS / f"{check.name.replace(' ', '-').replace(':', '')}.log"
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    began = time.monotonic()
    with log.open("w") as out:
        done = subprocess.run(
            list(check.command), cwd=ROOT / check.folder, env=env, check=False,
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    lines = log.read_text(errors="replace").rstrip().splitlines()
    ok = done.returncode == 0
    last = lines[-1].strip("= ")[:60] if lines and "tests" in check.name else ""
    took = time.monotonic() - began
    print(f"  {'✓' if ok else '✗'} {check.name:<20} {took:6.1f} s  {last}", flush=True)
    if not ok:
        print("\n".join(f"      {line}" for line in lines[-TAIL:]), flush=True)
    return ok


def steady(check: Check, unsteady: list[str]) -> bool:
    """
    Whether the few tests of *check* that failed pass alone; those are added to *unsteady*.

    The second report takes the first one's failures, not its place: no test is counted twice.
    """
    report = _report(check)
    if not check.retried or report is None or not report.is_file():
        return False
    names = failures(report)
    if not 0 < len(names) <= FEW:
        return False
    again = report.with_name(f"{report.stem}{AGAIN}.xml")
    command = [
        f"--junitxml={again}" if part.startswith("--junitxml=") else part for part in check.command
    ]
    alone = ["--last-failed", "--last-failed-no-failures", "none"]
    if any(part.startswith("-n") for part in command):
        alone += ["-n", "0"]
    if not run(replace(check, name=f"{check.name}, again", command=[*command, *alone])):
        return False
    if _tests(again) < len(names):
        return False
    unsteady += names
    return True


def failures(report: Path) -> list[str]:
    """The names of the tests that failed in one of pytest's reports."""
    return [
        f"{case.get('classname')}::{case.get('name')}"
        for case in ET.parse(report).getroot().iter("testcase")  # noqa: S314 (our own file)
        if case.find("failure") is not None or case.find("error") is not None
    ]


def _report(check: Check) -> Path | None:
    named = [part for part in check.command if part.startswith("--junitxml=")]
    return Path(named[0].removeprefix("--junitxml=")) if named else None


def _tests(report: Path) -> int:
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 (our own file)
    return sum(int(suite.get("tests", 0)) for suite in suites)


def counts() -> tuple[int, int, int]:
    """
    Tests passed, failed, skipped over all of pytest's reports and node's.

    Of what was tried again, the second verdict counts.
    """
    total = failed = skipped = 0
    for report in LOGS.glob("*.xml"):
        if report.stem.endswith(AGAIN):
            continue
        again = report.with_name(f"{report.stem}{AGAIN}.xml")
        total += _tests(report)
        failed += len(failures(again if again.is_file() else report))
        for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 (our own file)
            skipped += int(suite.get("skipped", 0))
    node = LOGS / "site-tests.log"
    if node.is_file():
        for line in node.read_text(errors="replace").splitlines():
            word, _, number = line.strip("ℹ# ").partition(" ")
            if word in ("pass", "fail") and number.isdigit():
                total += int(number)
                failed += int(number) if word == "fail" else 0
    return total - failed - skipped, failed, skipped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "fast"))
