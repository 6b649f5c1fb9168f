"""Saved views of the list of cases, in the stand-in API."""

import copy
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route


def views_of(api: FakeApi) -> dict[str, dict[str, Any]]:
    if not hasattr(api, "views"):
        api.views = {}  # type: ignore[attr-defined]
    kept: dict[str, dict[str, Any]] = api.views  # type: ignore[attr-defined]
    return kept


@route("GET", "/portfolios/{pid}/views")
def listed(api: FakeApi, _: Call) -> Answer:
    return Answer(200, {"items": copy.deepcopy(list(views_of(api).values())), "cursor": None})


@route("POST", "/portfolios/{pid}/views")
def add(api: FakeApi, call: Call) -> Answer:
    kept = views_of(api)
    key = f"viw_{len(kept) + 1}"
    mine = {"own": True, "opens": False, "can_change": True, "shared": False}
    kept[key] = mine | {"view_id": key, "portfolio_id": call.parts[0]} | call.body
    return Answer(201, copy.deepcopy(kept[key]))


@route("PATCH", "/portfolios/{pid}/views/{id}")
def change(api: FakeApi, call: Call) -> Answer:
    if call.parts[1] not in views_of(api):
        return problem(404, "view.not_found", view_id=call.parts[1])
    one = views_of(api)[call.parts[1]]
    one.update(call.body)
    return Answer(200, copy.deepcopy(one))


@route("DELETE", "/portfolios/{pid}/views/{id}")
def remove(api: FakeApi, call: Call) -> Answer:
    views_of(api).pop(call.parts[1], None)
    return Answer(204)
