"""What makes pages slow and no machine changes: chains of files, their number, a heavy document."""

import json
import re
from pathlib import Path

import pytest

from frontend.e2e.fake_api import DIST
from frontend.e2e.test_every_page import PAGES

pytestmark = pytest.mark.browser

# HTML, style, early theme, texts, entry and shared chunks. Behind HTTP/1.1 six come at a time.
MOST_FILES = 34
MOST_FILES_OF_AN_APP = 8  # opened on a slow line
IMPORTED = re.compile(r"""(?:^|[;}\n])\s*(?:import|export)\b[^"'();]*["']\./([\w.-]+\.js)["']""")


@pytest.fixture(scope="module")
def built(built_site: Path) -> list[dict]:
    return json.loads((DIST / "manifest.json").read_text())["pages"]


def imported(name: str) -> set[str]:
    """What a built script imports before it runs."""
    return set(IMPORTED.findall((DIST / "assets" / name).read_text()))


def test_a_page_names_every_file_it_needs_at_once(built: list[dict]) -> None:
    """Nothing is found only by reading another script: the first load is one step deep."""
    late = {}
    for page in built:
        text = (DIST / page["file"]).read_text()
        named = set(re.findall(r"/assets/([\w.-]+\.js)", text))
        waiting = [name for name in named if f'src="/assets/{name}"' in text]
        needed: set[str] = set()
        while waiting:
            fresh = imported(waiting.pop()) - needed
            needed |= fresh
            waiting += fresh
        if needed - named:
            late[page["url"]] = needed - named
    assert late == {}


def test_that_reading_of_imports_finds_them(built: list[dict]) -> None:
    (entry,) = {
        Path(name).name
        for page in built
        for name in page["first_load"]
        if page["name"] == "map" and Path(name).name.startswith("map-") and name.endswith(".js")
    }
    assert len(imported(entry)) > 3


def test_a_first_load_is_few_files(built: list[dict]) -> None:
    assert len(built) == 3 * len(PAGES)
    many = {page["url"]: len(page["first_load"]) for page in built}
    assert {url: count for url, count in many.items() if count > MOST_FILES} == {}
    of_apps = [many[page["url"]] for page in built if page["app"]]
    assert of_apps
    assert max(of_apps) <= MOST_FILES_OF_AN_APP
