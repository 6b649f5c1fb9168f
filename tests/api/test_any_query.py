"""
Whatever is asked of any list or page, it is answered or refused, never an error of ours.

The routes and their parameters are those of ``docs/openapi.json``; who breaks one with a value
that a browser, a stale link or another list's cursor may well send finds out here.
"""

import json
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from chalicelib.store.documents import sealed
from tests.api.cloud import make_dead_queues, put_case

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
READS = {
    path: [one for one in methods["get"].get("parameters", []) if one["in"] in ("path", "query")]
    for path, methods in DOCUMENT["paths"].items()
    if "get" in methods
}
TEXTS = ("ñandú 🤝", "-1", "x" * 300, "\x00")
DAYS = ("2026-11-20", "0001-01-01", "9999-12-31", "2026-02-30")
NUMBERS = ("0", "-1", "99999999999999999999", "²")
DEGREES = ("0", "-180", "nan", "1e300")
CURSORS = (sealed("zzz"), sealed("0"), "e30", "ñ", "x" * 900)
GROUPS = 8  # of routes: as many tests, each with a portfolio of its own
OF = {"date": DAYS, "integer": NUMBERS, "number": DEGREES}


@pytest.fixture
def a_case(api, admin):
    """Ids that lead somewhere: of a portfolio and of a case in it."""
    new = {"name": "A", "creditor": "B", "country": "MX"}
    portfolio_id = api("POST /portfolios", new, token=admin).body["portfolio_id"]
    make_dead_queues()
    case_id = put_case(portfolio_id, date(2026, 1, 15))
    return {"portfolio_id": portfolio_id, "portfolio": portfolio_id, "case_id": case_id}


@pytest.mark.parametrize("group", range(GROUPS))
def test_what_is_asked_is_answered_or_refused(group, api, admin, a_case):
    asked = [
        f"{_filled(path, a_case)}?{urlencode(query)}"
        for path in sorted(READS)[group::GROUPS]
        for query in _questions(READS[path], a_case)
    ]
    assert asked
    assert [one for one in asked if api(f"GET {one}", token=admin).status >= 500] == []


def _questions(parameters, known):
    """What is needed, then each parameter in each of the shapes that may come."""
    queries = {one["name"]: one for one in parameters if one["in"] == "query"}
    needed = {
        name: known.get(name) or _kinds(one)[0]
        for name, one in queries.items()
        if one.get("required")
    }
    yield needed
    for name, one in queries.items():
        if name != "portfolio":
            for value in _kinds(one):
                yield needed | {name: value}
    days = [name for name, one in queries.items() if one["schema"].get("format") == "date"]
    if len(days) > 1:  # in the wrong order
        yield needed | dict(zip(days, ("2026-11-20", "2026-11-01"), strict=False))


def _kinds(parameter):
    schema = parameter["schema"]
    if parameter["name"] == "cursor":
        return CURSORS
    if "enum" in schema:
        return (*schema["enum"], "ñ")
    return OF.get(schema.get("format"), OF.get(schema.get("type"), TEXTS))


def _filled(path, known):
    parts = path.split("/")
    names = [part[1:-1] if part.startswith("{") else "" for part in parts]
    return "/".join(
        quote(known.get(name, "nadie-ñ"), safe="") if name else part
        for name, part in zip(names, parts, strict=True)
    )
