"""Looks at what is on screen: axe in the page, and a picture where RECOBRO_SHOTS says."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


def looks_well(page: "Page", name: str) -> None:
    """Fail when axe finds anything, or the page is wider than its window."""
    shots = os.environ.get("RECOBRO_SHOTS")
    if shots:
        page.screenshot(path=f"{shots}/{name}.png")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    room = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    wide, has = page.evaluate(room)
    assert wide <= has
