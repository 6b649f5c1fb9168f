"""Links to a debtor's page, in the stand-in API."""

import copy
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, route

URL = "https://recobro.example/pagar/a/Qm9sZXRh"


def links_of(api: FakeApi) -> dict[str, Any]:
    if not hasattr(api, "links"):
        api.links = {"items": [], "revoked_before": None}  # type: ignore[attr-defined]
    links: dict[str, Any] = api.links  # type: ignore[attr-defined]
    return links


@route("GET", "/cases/{id}/links")
def links(api: FakeApi, _: Call) -> Answer:
    return Answer(200, copy.deepcopy(links_of(api)))


@route("POST", "/cases/{id}/links")
def make_link(api: FakeApi, _: Call) -> Answer:
    known = links_of(api)
    known["items"].insert(
        0,
        {
            "link_id": f"l{len(known['items'])}",
            "made_at": "2026-11-22T18:00:00Z",
            "made_by": {"id": "user:ana", "name": "Ana"},
            "until": "2026-12-22T18:00:00Z",
            "revoked_at": None,
            "works": True,
        },
    )
    return Answer(201, copy.deepcopy(known) | {"url": URL})


@route("DELETE", "/cases/{id}/links/{link_id}")
def revoke_link(api: FakeApi, call: Call) -> Answer:
    known = links_of(api)
    for one in known["items"]:
        if call.parts[1] in ("all", one["link_id"]):
            one.update(revoked_at="2026-11-22T19:00:00Z", works=False)
    return Answer(200, copy.deepcopy(known))
