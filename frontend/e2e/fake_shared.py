"""The stand-in's reports for somebody outside: links, and what one opens."""

from typing import Any

from chalicelib.bi.measures import MEASURES, unit_of
from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

NOW, UNTIL = "2026-11-22T10:00:00Z", "2026-11-29T10:00:00Z"


def links_of(api: FakeApi) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = api.__dict__.setdefault("report_links", [])
    return links


@route("GET", "/portfolios/{pid}/report-links")
def listed(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": links_of(api), "cursor": None})


@route("POST", "/portfolios/{pid}/report-links")
def make(api: FakeApi, call: Call) -> Answer:
    number = len(links_of(api)) + 1
    one = {
        "link_id": f"shr_{number}",
        "report_id": call.body["report_id"],
        "name": "Canales",
        "from": call.body["from"],
        "to": call.body["to"],
        "made_by": {"id": "user:per_ana", "name": "Ana Torres"},
        "made_at": NOW,
        "until": UNTIL,
        "opened": 0,
        "opened_at": None,
        "revoked_at": None,
        "works": True,
    }
    links_of(api).append(one)
    return Answer(201, one | {"url": f"https://recobro.test/informe/#shr_{number}"})


@route("DELETE", "/portfolios/{pid}/report-links/{lid}")
def end(api: FakeApi, call: Call) -> Answer:
    one = next(one for one in links_of(api) if one["link_id"] == call.parts[1])
    one.update(revoked_at=NOW, works=False)
    return Answer(204)


@route("POST", "/shared-reports", anonymous=True)
def opened(api: FakeApi, call: Call) -> Answer:
    known = next((one for one in links_of(api) if one["link_id"] == call.body["token"]), None)
    if call.body["token"] != "shr_any" and (known is None or not known["works"]):
        return problem(404, "link.expired")
    if known:
        known.update(opened=known["opened"] + 1, opened_at=NOW)
    hidden = {"value": None, "denominator": None, "hidden": True}
    many = {"value": 900.0, "denominator": None, "hidden": False}
    rate = {"value": 0.1, "denominator": 900, "hidden": False}
    lines = [("call", many, rate), ("visit", hidden, hidden)]
    body = {
        "name": "Canales",
        "portfolio": "Tiendas del Centro",
        "country": "MX",
        "made_at": NOW,
        "until": UNTIL,
        "currency": "MXN",
        "from": "2026-10-01",
        "to": "2026-10-31",
        "days": 31,
        "days_there": 31,
        "measures": [
            {"code": code, "unit": MEASURES[code].unit, "over": unit_of(over) if over else None}
            for code in ("attempts", "contact_rate")
            for over in (MEASURES[code].over,)
        ],
        "dimensions": ["channel"],
        "lines": [{"keys": [key], "names": [key], "values": values} for key, *values in lines],
        "left_out": 2,
        "more": False,
        "least_cases": 5,
    }
    return Answer(200, body)
