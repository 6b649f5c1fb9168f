"""The stand-in's slice of the lake: the real dictionary, days invented for it, who took which."""

from datetime import date, timedelta
from typing import Any

from chalicelib.services import lake_slices
from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

FIRST_ROWS = 1_240


def taken_of(api: FakeApi) -> list[dict[str, Any]]:
    taken: list[dict[str, Any]] = api.__dict__.setdefault("lake_taken", [])
    return taken


def _item(api: FakeApi, call: Call, table: str, day: date) -> dict[str, Any]:
    rows = FIRST_ROWS + day.toordinal() % 90
    name = f"{table}-{day.isoformat()}.parquet"
    return {
        "day": day.isoformat(),
        "rows": rows,
        "size_bytes": rows * 41,
        "sha256": f"{day.toordinal():064x}",
        "whole": day.day != 1,
        "exported_at": "2026-11-23T08:10:00Z",
        "url": None if call.query.get("addresses") == "no" else f"/media/{name}",
    }


@route("GET", "/portfolios/{pid}/figures/files", anonymous=True)
def files(api: FakeApi, call: Call) -> Answer:
    """Tests say which days are there by ``api.slice_days = (first, last)``; without, all to now."""
    portfolio = next((p for p in api.portfolios if p["portfolio_id"] == call.parts[0]), None)
    sent = call.headers.get("authorization", "").removeprefix("Bearer ")
    links = [one for one in api.service_tokens.get(call.parts[0], []) if one.get("secret") == sent]
    if portfolio is None or (sent not in api.tokens and not links):
        return problem(401, "session.expired")
    language = call.query.get("language", "es")
    told = {
        "portfolio_id": call.parts[0],
        "portfolio": portfolio["name"],
        "country": portfolio["country"],
        "time_zone": portfolio["time_zone"],
        "currency": portfolio["currency"],
        "tables": [lake_slices.described(one, language) for one in lake_slices.GIVEN.values()],
        "items": [],
    }
    table = call.query.get("table")
    if not table:
        return Answer(200, told)
    first, last = (date.fromisoformat(call.query[name]) for name in ("from", "to"))
    there = getattr(api, "slice_days", ("2020-01-01", "2027-12-31"))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    items = [
        _item(api, call, table, day)
        for day in days
        if there and there[0] <= day.isoformat() <= there[1]
    ]
    if items and call.query.get("addresses") != "no":
        who = {"id": f"service:{links[0]['token_id']}", "name": links[0]["name"]} if links else None
        look = {
            "kind": "lake.taken",
            "at": "2026-11-23T10:00:00Z",
            "actor": who or {"id": f"user:{api.me_id}", "name": api.me["name"]},
            "case_id": "",
            "name": "",
            "of": f"{table} {first}/{last}",
        }
        taken_of(api).insert(0, look)
    return Answer(200, told | {"items": items})
