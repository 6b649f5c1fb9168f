"""
Whatever is written to any route, it is taken or refused, never an error of ours.

Bodies are made from ``docs/openapi.json``: the smallest that is whole, then each field at its edges
and as what a phone, an old browser or a spreadsheet may well send.
"""

import json
from datetime import date
from itertools import count, islice
from pathlib import Path
from urllib.parse import quote

import pytest

from chalicelib import wiring
from tests.api.cloud import make_dead_queues, put_case

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
WRITES = {
    (method.upper(), path): one["requestBody"]["content"]["application/json"]["schema"]
    for path, methods in sorted(DOCUMENT["paths"].items())
    for method, one in methods.items()
    if "application/json" in one.get("requestBody", {}).get("content", {})
}
DAYS = ("0001-01-01", "9999-12-31")
MOMENTS = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-11-20T10:00:00")
TEXTS = ("", "ñ 🤝\x00", "9999-12-31", "x" * 5_000)
NUMBERS = (0, -1, 2**31, 10**30)
DEGREES = (-0.0, -180, 1e300)
DEEP = 4
GROUPS = 8

numbers = count()


@pytest.fixture
def known(api, admin):
    """Ids that lead somewhere: of a portfolio, and of a case and a debt in it."""
    new = {"name": "A", "creditor": "B", "country": "MX"}
    portfolio_id = api("POST /portfolios", new, token=admin).body["portfolio_id"]
    make_dead_queues()
    case_id = put_case(portfolio_id, date(2026, 1, 15))
    file = wiring.cases().open(case_id)
    me = api("GET /me", token=admin).body
    return {
        "portfolio_id": portfolio_id,
        "case_id": case_id,
        "case_ids": case_id,
        "debt_id": file.debts[0].debt_id,
        "debt_ids": file.debts[0].debt_id,
        "contact_id": file.contacts[0].contact_id,
        "person_id": me["person_id"],
        "owner": me["person_id"],
    }


@pytest.mark.parametrize("group", range(GROUPS))
def test_what_is_written_is_taken_or_refused(group, api, admin, known):
    broken = []
    for (method, path), schema in islice(WRITES.items(), group, None, GROUPS):
        for body in _bodies(schema, known):
            key = f"any-{next(numbers)}"
            call = f"{method} {_filled(path, known)}"
            if api(call, body, token=admin, **{"Idempotency-Key": key}).status >= 500:
                broken.append((call, body))

    assert broken == []


def _bodies(schema, known):
    whole = _whole(schema, known)
    yield whole
    yield from _edges(schema, whole, known, DEEP)


def _edges(schema, whole, known, deep):
    """*whole* with one of its values, at any depth, at an edge."""
    schema = _plain(schema)
    if deep and isinstance(whole, dict):
        for name, of in schema.get("properties", {}).items():
            value = whole.get(name, _whole(of, known, name))
            for edge in _edges(of, value, known, deep - 1):
                yield whole | {name: edge}
    elif deep and isinstance(whole, list):
        of = schema.get("items", {})
        yield []
        for edge in _edges(of, _whole(of, known), known, deep - 1):
            yield [edge]
    else:
        yield from _odd(schema)


def _odd(schema):
    kind = schema.get("type")
    if "enum" in schema:
        return schema["enum"]
    if schema.get("format") == "date":
        return DAYS
    if schema.get("format") == "date-time":
        return MOMENTS
    return {"string": TEXTS, "integer": NUMBERS, "number": DEGREES, "boolean": (True, False)}.get(
        kind, (None, {}, [], "x")
    )


def _whole(schema, known, name=""):
    """The smallest value that a schema lets through, by what is known of names."""
    schema = _plain(schema)
    if name in known and schema.get("type") == "string":
        return known[name]
    if name in known and schema.get("type") == "array":
        return [known[name]]
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    return SMALLEST.get(schema.get("type"), _nothing)(schema, known)


def _object(schema, known):
    needed = schema.get("required", [])
    fields = schema.get("properties", {})
    return {name: _whole(of, known, name) for name, of in fields.items() if name in needed}


def _list(schema, known):
    return [_whole(schema.get("items", {}), known)] * schema.get("minItems", 0)


def _text(schema, _):
    day = {"date": "2026-11-20", "date-time": "2026-11-20T10:00:00Z"}
    return day.get(schema.get("format"), "x" * max(schema.get("minLength", 1), 1))


def _number(schema, _):
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    return max(least, min(1, schema.get("maximum", 1)))


def _nothing(schema, _):
    return True if schema.get("type") == "boolean" else None


SMALLEST = {
    "object": _object,
    "array": _list,
    "string": _text,
    "integer": _number,
    "number": _number,
}


def _plain(schema):
    """A schema without its reference; of several, the one that says something."""
    while "$ref" in schema or "anyOf" in schema or "oneOf" in schema or "allOf" in schema:
        if "$ref" in schema:
            schema = SCHEMAS[schema["$ref"].rsplit("/", 1)[1]]
        else:
            several = schema.get("anyOf") or schema.get("oneOf") or schema["allOf"]
            schema = next((one for one in several if one.get("type") != "null"), several[0])
    return schema


def _filled(path, known):
    parts = path.split("/")
    return "/".join(
        quote(known.get(part[1:-1], "nadie-ñ"), safe="") if part.startswith("{") else part
        for part in parts
    )
