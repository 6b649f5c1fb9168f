"""Documents that point somewhere point at something."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)+|app\.py|cli|requirements[\w-]*\.in)`")
LINK = re.compile(r"\]\((?!https?:|#|\{)([^)#]+)")  # nor what a template fills in


def test_every_path_that_where_names_exists():
    named = set(PATH.findall((ROOT / "docs" / "where.md").read_text(encoding="utf-8")))

    assert len(named) > 60
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/scale.md",
        "docs/templates.md",
        "docs/where.md",
    ],
)
def test_every_link_leads_somewhere(page):
    where = ROOT / page
    targets = LINK.findall(where.read_text(encoding="utf-8"))

    assert [target for target in targets if not (where.parent / target).exists()] == []
