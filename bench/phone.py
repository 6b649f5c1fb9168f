"""
The agent's app and the debtor's page on a slow phone: 3G at its worst, a sixth of the processor.

The built site is served compressed as at the edge, the API is the stand-in of the browser tests.
400 kbit/s and 400 ms a round trip are Chromium's own emulation; nothing is in its cache. Memory is
what the page's script holds when the day is on screen, after a collection. The median of
``RECOBRO_BENCH_RUNS`` openings counts (3).
"""

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
from frontend.e2e.field_phone import PIN, SCREEN

RUNS = int(os.environ.get("RECOBRO_BENCH_RUNS", "3"))
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
TIMES_SLOWER = 6
# Seconds until the largest thing is painted, by page.
LCP = {"/campo/": 4.0, "/pagar/cuenta": 2.5}
MEMORY_MB = 16.0  # of the 100 that a phone of 2 GB leaves to a page
WATCH = """
  window.painted = 0
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.painted = one.startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
"""


def main() -> None:
    subprocess.run([sys.executable, str(FRONTEND / "build.py")], check=True, stdout=sys.stderr)
    from playwright.sync_api import sync_playwright

    report = Report("phone")
    api = FakeApi()
    server = Server(0, api)
    server.RequestHandlerClass = Compressing
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if Path(CHROMIUM).exists() else None,
            args=["--no-sandbox", "--disable-gpu"],
        )
        for path, target in LCP.items():
            seen = [lcp_of(browser, server, api, path) for _ in range(RUNS)]
            report.add(Figure(metric=f"{path}: largest paint, slow 3G, processor x6",
                              value=round(statistics.median(seen), 2), unit="s",
                              target=target))  # fmt: skip
        held = [memory_of(browser, server, api) for _ in range(RUNS)]
        report.add(Figure(metric="/campo/: memory of the script, the day on screen",
                          value=round(statistics.median(held), 1), unit="MB",
                          target=MEMORY_MB))  # fmt: skip
        browser.close()
    server.shutdown()
    report.print()


def phone(browser: Any, server: Server, api: FakeApi) -> Any:
    context = browser.new_context(
        base_url=server.url, viewport=SCREEN, is_mobile=True, has_touch=True, locale="es-MX"
    )
    sign_in_by_cookie(context, api, server, "per_carla")
    return context


def lcp_of(browser: Any, server: Server, api: FakeApi, path: str) -> float:
    """Open a page for the first time; gives seconds until its largest paint."""
    context = phone(browser, server, api)
    page = context.new_page()
    page.add_init_script(WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": TIMES_SLOWER})
    page.goto(path, wait_until="networkidle", timeout=120_000)
    page.wait_for_function("() => window.painted > 0")
    painted: float = page.evaluate("() => window.painted")
    context.close()
    return painted / 1000


def memory_of(browser: Any, server: Server, api: FakeApi) -> float:
    """Sign in with a PIN until the day is there; gives megabytes."""
    context = phone(browser, server, api)
    page = context.new_page()
    page.goto("/campo/")
    page.locator("#pin").fill(PIN)
    page.locator("#again").fill(PIN)
    page.locator("form button.button-primary").click()
    page.locator(".stops > li").first.wait_for()
    devtools = context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    used = devtools.send("Runtime.getHeapUsage")["usedSize"]
    context.close()
    return float(used) / 1_000_000


if __name__ == "__main__":
    main()
