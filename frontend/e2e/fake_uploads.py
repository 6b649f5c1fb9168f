"""Uploads and their mapping, in the stand-in API."""

import copy
from datetime import timedelta
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_upload_data import (
    CHECKED,
    FIELD_KINDS,
    INSPECTION,
    NOW,
    ONE_OF,
    REASONS,
    REQUIRED,
    can,
    iso,
    progress,
    upload,
    uploads,
)


def of(api: FakeApi, portfolio_id: str) -> list[dict[str, Any]]:
    if not hasattr(api, "uploads"):
        api.uploads = {}  # type: ignore[attr-defined]
    every: dict[str, list[dict[str, Any]]] = api.uploads  # type: ignore[attr-defined]
    if portfolio_id not in every:
        first = bool(api.portfolios) and api.portfolios[0]["portfolio_id"] == portfolio_id
        every[portfolio_id] = uploads() if first else []
        for one in every[portfolio_id]:
            one["portfolio_id"] = portfolio_id
    return every[portfolio_id]


def find(api: FakeApi, call: Call) -> dict[str, Any] | None:
    pid, uid = call.parts[:2]
    return next((u for u in of(api, pid) if u["upload_id"] == uid), None)


@route("GET", "/portfolios/{pid}/uploads")
def list_uploads(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": of(api, call.parts[0]), "cursor": None})


@route("POST", "/portfolios/{pid}/uploads")
def announce(api: FakeApi, call: Call) -> Answer:
    pid = call.parts[0]
    made = upload(
        f"upl_{len(of(api, pid))}",
        "awaiting_file",
        mode=call.body["mode"],
        filename=call.body["filename"],
        size_bytes=call.body["size_bytes"],
        portfolio_id=pid,
        can=can("cancel"),
        ago_h=0,
    )
    of(api, pid).insert(0, made)
    url = f"/api/v1/_storage/{pid}/{made['upload_id']}"
    return Answer(201, {"upload": made, "post": {"url": url, "fields": {"key": "in/x"}}})


@route("POST", "/_storage/{pid}/{uid}", anonymous=True)
def receive(api: FakeApi, call: Call) -> Answer:
    """Stand for the bucket: the file is there, and is read the next time somebody looks."""
    found = find(api, call)
    if found is None:
        return problem(404, "upload.not_found")
    found.update(state="reading", progress=progress(400))
    return Answer(204)


@route("GET", "/portfolios/{pid}/uploads/{uid}")
def get_upload(api: FakeApi, call: Call) -> Answer:
    """Every look moves an upload on by one step, as time would."""
    found = find(api, call)
    if found is None:
        return problem(404, "upload.not_found")
    seen = copy.deepcopy(found)
    if found["state"] == "reading":
        found.update(
            state="needs_mapping", inspection=copy.deepcopy(INSPECTION), can=can("map", "cancel")
        )
    elif found["state"] == "checking":
        found.update(
            state="ready",
            checked=CHECKED,
            has_rejects=True,
            reasons=REASONS,
            can=can("apply", "cancel", "map"),
        )
    elif found["state"] == "applying" and found["upload_id"] != "upl_run":
        found.update(
            state="done",
            applied=CHECKED,
            finished_at=iso(NOW + timedelta(seconds=95)),
            progress=progress(1240, 1240, rows_per_s=13.05),
            can=can("undo"),
        )
    elif found["state"] == "undoing":
        found.update(state="undone", can=can())
    return Answer(200, seen)


@route("PUT", "/portfolios/{pid}/uploads/{uid}/mapping")
def put_mapping(api: FakeApi, call: Call) -> Answer:
    found = find(api, call)
    if found is None:
        return problem(404, "upload.not_found")
    state = "checking" if any(call.body["columns"].values()) else "reading"
    found.update(
        state=state,
        mapping=call.body,
        progress=progress(300, 1240, rows_per_s=800.0, seconds_left=2.0),
        can=can("cancel"),
    )
    return Answer(200, copy.deepcopy(found))


@route("POST", "/portfolios/{pid}/uploads/{uid}/application")
def apply(api: FakeApi, call: Call) -> Answer:
    found = find(api, call)
    if found is None:
        return problem(404, "upload.not_found")
    found.update(
        state="applying",
        started_at=iso(NOW),
        progress=progress(420, 1240, rows_per_s=600.0, seconds_left=2.0, rejected=9),
        can=can("cancel"),
    )
    return Answer(200, copy.deepcopy(found))


@route("POST", "/portfolios/{pid}/uploads/{uid}/cancellation")
def cancel(api: FakeApi, call: Call) -> Answer:
    found = find(api, call)
    if found is None:
        return problem(404, "upload.not_found")
    found.update(state="cancelled", can=can())
    return Answer(200, found)


@route("POST", "/portfolios/{pid}/uploads/{uid}/undo")
def undo(api: FakeApi, call: Call) -> Answer:
    found = find(api, call)
    if found is None:
        return problem(404, "upload.not_found")
    found.update(state="undoing", can=can())
    return Answer(200, copy.deepcopy(found))


@route("GET", "/portfolios/{pid}/uploads/{uid}/original")
@route("GET", "/portfolios/{pid}/uploads/{uid}/rejects")
@route("GET", "/upload-templates/{mode}")
def link(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"url": "/robots.txt"})


@route("GET", "/upload-fields")
def fields(api: FakeApi, call: Call) -> Answer:
    items = [
        {"field": name, "kind": kind, "required": name in REQUIRED, "one_of": ONE_OF.get(name)}
        for name, kind in FIELD_KINDS.items()
    ]
    return Answer(200, {"items": items})
