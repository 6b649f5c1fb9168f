"""The stand-in's reports: checked by the real catalogue, with numbers invented for them."""

import itertools
from datetime import date, timedelta
from typing import Any

from chalicelib.bi.measures import MEASURES
from chalicelib.bi.places import SIZES
from chalicelib.bi.questions import report_of
from chalicelib.domain.errors import BadField
from chalicelib.geo.cells import cell_of
from chalicelib.services.figure_places import borders
from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_figures import about, missing

NAMES = {"per_luz": "Luz Mora", "per_teo": "Teo Rivas"}
# Around the demo's streets; the last has next to nothing in it.
CELLS = {
    size: tuple(cell_of(19.39 + 0.02 * n, -99.17 + 0.015 * (n % 3), at) for n in range(6))
    for size, at in SIZES.items()
}
KEYS = {
    "cell": (*CELLS["cell"], ""),
    "district": (*dict.fromkeys(CELLS["district"]), ""),
    "channel": ("call", "whatsapp", "sms", "visit"),
    "band": ("current", "1-7", "8-30", "31-60"),
    "person": ("per_luz", "per_teo"),
    "month": ("2026-09", "2026-10"),
    "week": ("2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"),
    "cost_currency": ("USD",),
    "reason": ("window.closed", "cap.reached", ""),
    "agreement": ("plan", "settlement"),
    "template": ("reminder_firm@3", ""),
}


@route("POST", "/portfolios/{pid}/figures")
def report(api: FakeApi, call: Call) -> Answer:
    try:
        asked = report_of(call.body)
    except BadField as bad:
        return problem(422, bad.code, **bad.details)
    if refused := missing(api, call.body["to"]):
        return refused
    lines = [
        {
            "keys": list(keys),
            "names": [NAMES.get(one, one) for one in keys],
            "values": [_value(code, at, keys) for code in asked.measures],
        }
        for at, keys in enumerate(
            itertools.product(*(_keys(one, call.body) for one in asked.dimensions))
        )
    ]
    for one in asked.filters:
        if one.dimension in asked.dimensions:
            place = asked.dimensions.index(one.dimension)
            lines = [line for line in lines if line["keys"][place] in one.values]
    placed = [at for at, one in enumerate(asked.dimensions) if one in SIZES]
    drawn = {line["keys"][at] for line in lines for at in placed}
    body = {
        "measures": list(asked.measures),
        "dimensions": list(asked.dimensions),
        "lines": lines[: asked.limit],
        "more": len(lines) > asked.limit,
        "from": call.body["from"],
        "to": call.body["to"],
    } | ({"borders": borders(drawn)} if placed else {})
    return Answer(200, body | about(call))


@route("POST", "/portfolios/{pid}/figures/files")
def workbook(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"url": "/robots.txt"})


def _keys(dimension: str, told: dict[str, Any]) -> tuple[str, ...]:
    if dimension == "day":
        first, last = (date.fromisoformat(told[name]) for name in ("from", "to"))
        return tuple(str(first + timedelta(n)) for n in range((last - first).days + 1))
    return KEYS.get(dimension, ("uno", "dos"))


def _value(code: str, at: int, keys: tuple[str, ...] = ()) -> dict[str, Any]:
    if CELLS["cell"][-1] in keys and MEASURES[code].over:
        return {"numerator": 2, "denominator": 4, "value": 0.5}
    above = 1_000 + 370 * ((at * 7) % 5)
    if not MEASURES[code].over:
        return {"numerator": above, "denominator": None, "value": float(above)}
    return {"numerator": above, "denominator": 4_000, "value": above / 4_000}


@route("GET", "/portfolios/{pid}/reports")
def kept(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": list(_kept(api).values()), "cursor": None})


@route("POST", "/portfolios/{pid}/reports")
def keep(api: FakeApi, call: Call) -> Answer:
    one = _saved(f"rep_{len(_kept(api)) + 1}", 1, call.body)
    _kept(api)[one["report_id"]] = one
    return Answer(201, one)


@route("GET", "/portfolios/{pid}/reports/{rid}")
def opened(api: FakeApi, call: Call) -> Answer:
    one = _kept(api).get(call.parts[1]) if call.parts[0] != "prt_other" else None
    return Answer(200, one) if one else problem(404, "report.not_found", report_id=call.parts[1])


@route("PUT", "/portfolios/{pid}/reports/{rid}")
def change(api: FakeApi, call: Call) -> Answer:
    before = _kept(api)[call.parts[1]]
    if call.body["version"] != before["version"]:
        return problem(409, "report.moved", version=before["version"])
    _kept(api)[call.parts[1]] = one = _saved(call.parts[1], before["version"] + 1, call.body)
    return Answer(200, one)


@route("DELETE", "/portfolios/{pid}/reports/{rid}")
def delete(api: FakeApi, call: Call) -> Answer:
    del _kept(api)[call.parts[1]]
    return Answer(204)


@route("GET", "/home-reports")
def home(api: FakeApi, call: Call) -> Answer:
    items = [_kept(api)[rid] | {"portfolio_id": pid} for pid, rid in _home(api)]
    return Answer(200, {"items": items, "most": 6})


@route("PUT", "/portfolios/{pid}/reports/{rid}/home")
def put_home(api: FakeApi, call: Call) -> Answer:
    _home(api)[call.parts[0], call.parts[1]] = True
    return Answer(204)


@route("DELETE", "/portfolios/{pid}/reports/{rid}/home")
def take_home(api: FakeApi, call: Call) -> Answer:
    _home(api).pop((call.parts[0], call.parts[1]), None)
    return Answer(204)


def _home(api: FakeApi) -> dict[tuple[str, str], bool]:
    there: dict[tuple[str, str], bool] = api.__dict__.setdefault("home_reports", {})
    return there


def _kept(api: FakeApi) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = api.__dict__.setdefault("kept_reports", {})
    return kept


def _saved(report_id: str, version: int, told: dict[str, Any]) -> dict[str, Any]:
    fresh = {"dimensions": [], "filters": [], "limit": 2000, "compare": False}
    who = {"id": "user:per_ana", "name": "Ana"}
    moment = "2026-11-22T10:00:00Z"
    own = {"report_id": report_id, "updated_by": who, "updated_at": moment, "version": version}
    return fresh | told | own
