"""
What Lighthouse says of every page, as a phone or a desk would open it for the first time.

The built site is served as the edge serves it (compressed, with its headers), the API is the
stand-in of the browser tests. Lighthouse reckons a slow phone's times from what it saw; the
budgets are those of docs/scale.md, *Pages*. ``RECOBRO_BENCH_RUNS`` pages are opened so many
times and the median counts (1); ``RECOBRO_BENCH_PAGES`` names some pages only.

All 38 pages take some ten minutes on two quiet cores, sixteen seconds each. What each comes to is
told as it is known; after ``RECOBRO_BENCH_SECONDS`` (840) no other page is begun, and whoever
stops the run has the figures so far, with the names of the pages left out.
"""

import contextlib
import gzip
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import debtor_pages
from bench.report import Figure, Report
from frontend.e2e.conftest import CHROMIUM, FRONTEND
from frontend.e2e.fake_api import Handler
from frontend.e2e.fake_site import FakeApi, Server
from frontend.tools import tool

PACKAGE = Path(__file__).parent / "lighthouse_package"
RUNS = int(os.environ.get("RECOBRO_BENCH_RUNS", "1"))
SECONDS = float(os.environ.get("RECOBRO_BENCH_SECONDS", "840"))
LONGEST_S = 120  # for one page: Lighthouse itself gives up on a load after 45
ONLY = [name for name in os.environ.get("RECOBRO_BENCH_PAGES", "").split(",") if name]
# Pages that show something only for a given address.
VIEWS = {
    "case": "?id=cas_1",
    "upload": "?cartera=prt_mx&id=upl_done",
    "sendings": "?cartera=prt_mx",
    "sending": "?caso=cas_1&id=att_1",
    "strategies": "?cartera=prt_mx",
}
CATEGORIES = {"performance": "P", "accessibility": "A", "best-practices": "BP"}
# The same however busy the machine is.
EXACT = {"accessibility", "best-practices"}
UNITS = {"lcp": "s", "blocking": "ms", "shift": ""}
# What a page must reach: performance, accessibility, best practices; the largest paint in seconds,
# blocking time in milliseconds, how much of the screen jumps.
DESK = {"performance": 95, "accessibility": 100, "best-practices": 95,
        "lcp": 1.0, "blocking": 150, "shift": 0.1}  # fmt: skip
PHONE = {"performance": 95, "accessibility": 100, "best-practices": 100,
         "lcp": 2.0, "blocking": 200, "shift": 0.1}  # fmt: skip
# The debtor's pages, which weigh so little that nothing excuses them.
DEBTOR = {"performance": 98, "accessibility": 100, "best-practices": 100,
          "lcp": 1.5, "blocking": 50, "shift": 0.1}  # fmt: skip
SILENT = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    " --disable-component-update --disable-sync --no-first-run"
)

# What was measured of a page, its figure, what it must reach.
Found = list[tuple[str, float, float]]


class Compressing(Handler):
    """The stand-in's answers, compressed as the edge does, and the debtor's pages."""

    def do_GET(self) -> None:  # noqa: N802 - the base class's name
        if self.path not in debtor_pages.TEMPLATES:
            super().do_GET()
            return
        content, headers = debtor_pages.page(self.path)
        packed = gzip.compress(content, 6)
        self.send_response(200)
        for name, value in {**headers, "Content-Encoding": "gzip"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        if len(content) > 1024 and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content, 6)
            headers = {**headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        super().send(status, content, headers)


def main() -> None:
    report = Report("lighthouse")
    environment = {
        **os.environ,
        "CHROME_PATH": CHROMIUM,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
    }
    if not (PACKAGE / "node_modules").exists():
        subprocess.run(
            [tool("npm"), "ci", "--no-progress"],
            cwd=PACKAGE, check=True, env=environment, stdout=sys.stderr,
        )  # fmt: skip
    subprocess.run([sys.executable, str(FRONTEND / "build.py")], check=True, stdout=sys.stderr)
    api = FakeApi()
    server = Server(0, api)
    server.RequestHandlerClass = Compressing
    threading.Thread(target=server.serve_forever, daemon=True).start()
    signal.signal(signal.SIGTERM, _stop)
    try:
        measure(report, pages(), lambda page: judged(page, server, api, environment))
    finally:
        server.shutdown()
    report.print()


def measure(
    report: Report, waiting: list[dict[str, Any]], judge: Callable[[dict[str, Any]], Found | None]
) -> None:
    """Judge page after page until the time is over or the run is stopped: the rest is left out."""
    ends = time.monotonic() + SECONDS
    try:
        while waiting and time.monotonic() < ends:
            _add(report, waiting[0], judge(waiting[0]))
            waiting = waiting[1:]
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    report.left_out += [page["name"] for page in waiting]


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _add(
    report: Report, page: dict[str, Any], found: list[tuple[str, float, float]] | None
) -> None:
    """Figures of a page; None where Lighthouse had no answer."""
    if found is None:
        report.left_out.append(page["name"])
        return
    for name, value, target in found:
        report.add(
            Figure(
                metric=f"{page['name']}: {name}",
                value=value,
                unit=UNITS.get(name, "of 100"),
                target=target,
                at_least=name in CATEGORIES,
                exact=name in EXACT,
            )
        )
    told = ", ".join(f"{name} {value:g}" for name, value, _ in found)
    print(f"{page['name']}: {told}", file=sys.stderr, flush=True)


def pages() -> list[dict[str, Any]]:
    listed = json.loads((FRONTEND / "pages/pages.json").read_text())["pages"]
    listed += [{"name": path.strip("/"), "path": path} for path in debtor_pages.TEMPLATES]
    return [
        one
        for one in listed
        if not one["path"].endswith(".html") and (not ONLY or one["name"] in ONLY)
    ]


def judged(
    page: dict[str, Any], server: Server, api: FakeApi, environment: dict[str, str]
) -> Found | None:
    """Open a page; gives what was measured, its figure and what it must reach; None: no answer."""
    panel = page["path"].startswith("/panel/")
    debtor = page["path"].startswith("/pagar/")
    wanted = DESK if panel else DEBTOR if debtor else PHONE
    api.cookie_valid = page["name"] != "signin"
    url = f"{server.url}{page['path']}{VIEWS.get(page['name'], '')}"
    try:
        seen = [opened(url, desk=panel, environment=environment) for _ in range(RUNS)]
    except subprocess.SubprocessError as error:
        print(f"{page['name']}: {error}", file=sys.stderr, flush=True)
        return None
    return [
        (name, statistics.median(one[name] for one in seen), target)
        for name, target in wanted.items()
    ]


def opened(url: str, *, desk: bool, environment: dict[str, str]) -> dict[str, float]:
    """Let Lighthouse open a page as whoever is signed in."""
    with tempfile.TemporaryDirectory() as folder:
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": "recobro_refresh=r"}))
        said = Path(folder) / "said.json"
        _run(
            [
                tool("node"), str(PACKAGE / "node_modules/lighthouse/cli/index.js"), url,
                "--output=json", f"--output-path={said}", "--quiet", f"--chrome-flags={SILENT}",
                f"--extra-headers={headers}", f"--only-categories={','.join(CATEGORIES)}",
                *(["--preset=desktop"] if desk else []),
            ],
            environment,
        )  # fmt: skip
        found = json.loads(said.read_text())
    score = {name: round(100 * (found["categories"][name]["score"] or 0)) for name in CATEGORIES}
    for name, value in score.items():
        if value < 100:
            print(f"{url} {name} {value}: {', '.join(_faults(found, name))}", file=sys.stderr)
    audits = found["audits"]
    return {
        **score,
        "lcp": round(audits["largest-contentful-paint"]["numericValue"] / 1000, 2),
        "blocking": round(audits["total-blocking-time"]["numericValue"]),
        "shift": round(audits["cumulative-layout-shift"]["numericValue"], 3),
    }


def _run(command: list[str], environment: dict[str, str]) -> None:
    """Run Lighthouse; stopped early it is asked first, so that it takes its browser with it."""
    with subprocess.Popen(command, env=environment, stdout=sys.stderr) as running:
        try:
            status = running.wait(timeout=LONGEST_S)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            running.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(timeout=5)
            running.kill()
            raise
    if status != 0:
        raise subprocess.CalledProcessError(status, "lighthouse")


def _faults(found: dict[str, Any], category: str) -> list[str]:
    """The audits of a category that cost it points."""
    return [
        one["id"]
        for one in found["categories"][category]["auditRefs"]
        if one["weight"] and (found["audits"][one["id"]]["score"] or 0) < 1
    ]


if __name__ == "__main__":
    main()
