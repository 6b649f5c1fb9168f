"""What a debtor writes is words on the pages that people read, whatever it looks like."""

from typing import Any

import pytest

from frontend.e2e.fake_cases import page_of, tell
from frontend.e2e.fake_disputes import disputes_of
from frontend.e2e.fake_site import FakeApi
from frontend.e2e.test_cases import CASE

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

XSS = '"><img src=x onerror="window.hit=1"><script>window.hit=2</script>\'${window.hit=3}'
# Fields of the API's answers that hold what a debtor, a file or a person typed.
WORDS = {
    *("name", "case_name", "text", "reason", "words", "note", "detail", "lines", "city", "value"),
    *("reference", "product", "external_id", "tags", "documents", "claimed_text", "filename"),
}


def poisoned(told: Any, key: str = "") -> Any:
    """The same answer, every word in it followed by an attack."""
    if isinstance(told, dict):
        return {name: poisoned(value, name) for name, value in told.items()}
    if isinstance(told, list):
        return [poisoned(one, key) for one in told]
    return f"{told} {XSS}" if isinstance(told, str) and key in WORDS else told


def test_a_case_shows_them_as_words(signed_in: "sync_api.Page", api: FakeApi) -> None:
    case = page_of(api)
    for kind in ("note.added", "dispute.opened", "payment.reported", "contact.added"):
        facts = {"paid_on": "2026-11-20"} if kind == "payment.reported" else {}
        tell(
            case,
            kind,
            facts=facts,
            personal={"text": "x", "words": "x", "value": "x", "reason": "x"},
        )
    keep = {name: case[name] for name in ("chain", "can", "portfolio")}
    case.update(poisoned(case) | keep)
    page = signed_in

    page.goto(CASE)

    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>window.hit=2</script>")
    expect(page.locator("#timeline").get_by_text("<img src=x").first).to_be_visible()
    assert_harmless(page)


def test_the_queue_of_disputes_shows_them_as_words(
    signed_in: "sync_api.Page", api: FakeApi
) -> None:
    kept = disputes_of(api)
    kept.update({key: poisoned(one) for key, one in kept.items()})
    page = signed_in

    page.goto("/panel/disputas/")

    expect(page.get_by_role("main").get_by_text("<img src=x").first).to_be_visible()
    assert_harmless(page)


def assert_harmless(page: "sync_api.Page") -> None:
    assert page.evaluate("window.hit") is None
    assert page.locator('img[src="x"]').count() == 0
    assert page.locator("script:not([src])").count() == 0
