"""Who looked at what, and what was changed, at the stand-in API."""

from frontend.e2e.fake_api import Answer, Call, FakeApi, route
from frontend.e2e.fake_slice import taken_of

ANA = {"id": "user:per_ana", "name": "Ana Lozano"}
LOOKS = [
    ("case.opened", "16:05", {"case_id": "cas_1", "name": "Ibarra Montes, Ofelia"}),
    ("export.taken", "15:40", {"of": "exp_1"}),
    ("upload.taken", "15:20", {"of": "upl_ready"}),
    ("pack.taken", "15:10", {"case_id": "cas_2", "name": "Rojas Peña, Tadeo"}),
    ("report.taken", "15:05", {"of": "fil_1"}),
    ("letters.taken", "15:00", {"of": "2026-11-21"}),
]


@route("GET", "/portfolios/{id}/access-log")
def looks(api: FakeApi, call: Call) -> Answer:
    items = [
        {
            "kind": kind,
            "at": f"2026-11-22T{at}:00Z",
            "actor": ANA,
            "case_id": "",
            "name": "",
            "of": "",
        }
        | more
        for kind, at, more in LOOKS
        if call.query.get("kind", kind) == kind
    ]
    if call.query.get("kind") == "lake.taken":
        items += taken_of(api)
    return Answer(200, {"items": items, "cursor": None})


@route("GET", "/audit")
def changes(_: FakeApi, __: Call) -> Answer:
    event = {
        "event_id": "aud_1",
        "kind": "portfolio.changed",
        "at": "2026-11-22T14:00:00Z",
        "actor": "user:per_carla",
        "subject": "portfolio:prt_mx",
        "facts": {"retention_years": [5, 10]},
    }
    return Answer(200, {"items": [event], "cursor": None})
