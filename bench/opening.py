"""
How long a page with a map answers nobody while it opens, on a quarter of a processor.

The built site is served compressed as at the edge, the API is the stand-in of the browser tests.
Blocking time is what Lighthouse calls so: of every task of the page's thread of more than 50 ms
what lies beyond them, until the ground is painted and nothing is asked for any more. Counted are
the thread's own milliseconds, not the clock's, so that other work on the machine is left out. The
floor is a page of the panel without a map in the same run. The median of ``RECOBRO_BENCH_RUNS``
openings counts (3).
"""

import json
import os
import statistics
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from bench.lighthouse import Compressing
from bench.report import Figure, Report
from frontend.e2e.conftest import CHROMIUM, FRONTEND, sign_in_by_cookie
from frontend.e2e.fake_site import FakeApi, Server

RUNS = int(os.environ.get("RECOBRO_BENCH_RUNS", "3"))
TIMES_SLOWER = 4
PLAIN = "/panel/ajustes/"
WITH_MAPS = ("/panel/mapa/", "/panel/visitas/visita/?caso=cas_1&id=vis_1")
TRACED = ["-*", "toplevel", "__metadata"]
TASK = "ThreadControllerImpl::RunTask"
PAINTED = """() => {
  const tiles = document.querySelectorAll('canvas.leaflet-tile')
  return tiles.length > 0 && [...tiles].every((one) => one.matches('.leaflet-tile-loaded'))
}"""


def main() -> None:
    subprocess.run([sys.executable, str(FRONTEND / "build.py")], check=True, stdout=sys.stderr)
    from playwright.sync_api import sync_playwright

    report = Report("opening")
    api = FakeApi()
    server = Server(0, api)
    server.RequestHandlerClass = Compressing
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if Path(CHROMIUM).exists() else None,
            args=["--no-sandbox", "--disable-gpu"],
        )
        paths = (PLAIN, *WITH_MAPS)
        seen: dict[str, list[float]] = {path: [] for path in paths}
        for _ in range(RUNS):
            for path in paths:
                seen[path].append(blocked(browser, server, api, path))
        browser.close()
    server.shutdown()
    # A page that never blocks would be a floor of nothing.
    floor = max(50.0, statistics.median(seen[PLAIN]))
    for path in WITH_MAPS:
        report.add(Figure(metric=f"{path.partition('?')[0]}: blocking, processor x4",
                          value=round(statistics.median(seen[path])), unit="ms", floor=floor,
                          floor_is="a page without a map", target=4.0))  # fmt: skip
    report.print()


def blocked(browser: Any, server: Server, api: FakeApi, path: str) -> float:
    """Open a page for the first time; gives milliseconds in which it would have answered nobody."""
    context = browser.new_context(base_url=server.url, viewport={"width": 1350, "height": 940})
    sign_in_by_cookie(context, api, server)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": TIMES_SLOWER})
    browser.start_tracing(page=page, categories=TRACED)
    page.goto(path, wait_until="networkidle", timeout=120_000)
    if path != PLAIN:
        page.wait_for_function(PAINTED, timeout=120_000)
    page.wait_for_load_state("networkidle")
    found = beyond(json.loads(browser.stop_tracing())["traceEvents"])
    context.close()
    return found


def beyond(events: list[dict[str, Any]]) -> float:
    """What tasks of a page's thread took beyond 50 ms each."""
    pages = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    took = [
        event.get("tdur", 0) / 1000
        for event in events
        if event["name"] == TASK and (event["pid"], event["tid"]) in pages
    ]
    return sum(max(0.0, ms - 50) for ms in took)


if __name__ == "__main__":
    main()
