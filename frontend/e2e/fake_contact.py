"""Who may be contacted, consents and holds, in the stand-in API."""

import copy
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, route
from frontend.e2e.fake_cases import page_of, tell

REACH = {
    "ways": [
        {
            "contact_id": "c1",
            "channel": channel,
            "allowed": channel == "whatsapp",
            "reason_code": "OK" if channel == "whatsapp" else "OUTSIDE_HOURS",
            "article": "" if channel == "whatsapp" else "CONDUSEF, DOF 7-10-2014",
            "rules": "MX/1@2026-01-01/strict",
            "next_allowed_at": "2026-11-23T13:00:00Z",
            "consent": None,
            "consent_source": None,
        }
        for channel in ("whatsapp", "sms", "call")
    ],
    "holds": [],
    "consents": [],
    "attempts": [],
    "can": {"consent": True, "hold": True, "lift": True, "decide": True},
}


def reach_of(api: FakeApi) -> dict[str, Any]:
    if not hasattr(api, "reach"):
        api.reach = copy.deepcopy(REACH)  # type: ignore[attr-defined]
    reach: dict[str, Any] = api.reach  # type: ignore[attr-defined]
    return reach


@route("GET", "/cases/{id}/contact")
def contact(api: FakeApi, _: Call) -> Answer:
    return Answer(200, copy.deepcopy(reach_of(api)))


@route("POST", "/cases/{id}/consents")
def add_consent(api: FakeApi, call: Call) -> Answer:
    reach = reach_of(api)
    for way in reach["ways"]:
        if way["channel"] == call.body["channel"]:
            refused = call.body["state"] == "refused"
            way.update(
                consent=call.body["state"],
                consent_source=call.body["source"],
                allowed=not refused,
                reason_code="OPT_OUT" if refused else "OK",
                next_allowed_at=None if refused else way["next_allowed_at"],
                article="",
            )
    tell(page_of(api), f"consent.{call.body['state']}", facts={"channel": call.body["channel"]})
    return Answer(201, copy.deepcopy(reach))


@route("PATCH", "/cases/{id}/contacts/{cid}")
def mark_contact(api: FakeApi, call: Call) -> Answer:
    for point in page_of(api)["contacts"]:
        if point["contact_id"] == call.parts[1]:
            point.update({name: value for name, value in call.body.items() if value})
    return Answer(200, copy.deepcopy(reach_of(api)))


@route("POST", "/cases/{id}/holds")
def add_hold(api: FakeApi, call: Call) -> Answer:
    reach, page = reach_of(api), page_of(api)
    reach["holds"].insert(
        0,
        {
            "hold_id": "hld_1",
            "reason": call.body["reason"],
            "since": "2026-11-22",
            "until": call.body["until"],
            "placed_at": "2026-11-22T18:00:00Z",
            "placed_by": {"id": "user:1", "name": "Ana"},
            "lifted_at": None,
            "note": call.body["note"],
            "debts": [],
            "active": True,
        },
    )
    page["case"]["status"] = "held"
    tell(page, "hold.placed", facts={"reason": call.body["reason"]})
    return Answer(201, copy.deepcopy(reach))


@route("PATCH", "/cases/{id}/holds/{hid}")
def lift_hold(api: FakeApi, _: Call) -> Answer:
    reach, page = reach_of(api), page_of(api)
    hold = reach["holds"][0]
    hold.update(active=False, lifted_at="2026-11-22T19:00:00Z")
    page["case"]["status"] = "open"
    tell(page, "hold.lifted", facts={"reason": hold["reason"]})
    return Answer(200, copy.deepcopy(reach))
