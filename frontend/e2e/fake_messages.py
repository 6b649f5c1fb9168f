"""Messages on their way, in the stand-in API: one that waits, one that hangs, one that failed."""

from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

RESERVED_AT = "2026-11-22T15:00:00Z"


def line(attempt_id: str, name: str, channel: str, state: str, **more: Any) -> dict[str, Any]:
    return {
        "case_id": "cas_1",
        "attempt_id": attempt_id,
        "name": name,
        "channel": channel,
        "direction": "out",
        "state": state,
        "hangs": False,
        "template_id": "friendly_reminder",
        "problem": "",
        "reason_code": "OK",
        "not_before": "2026-11-23T15:10:00Z",
        "created_at": "2026-11-22T14:00:00Z",
        "sent_at": None,
        "delivered_at": None,
        "read_at": None,
        "ended_at": None,
        "cost_micros": 0,
        "cost_currency": "",
        "provider": "",
        "provider_id": "",
        "tracking": "",
        **more,
    }


def messages() -> dict[str, dict[str, Any]]:
    found = [
        line("att_1", "Ofelia Ibarra Montes", "whatsapp", "planned", reason_code="SUNDAY"),
        line("att_2", "Rubén Salas", "sms", "reserved", hangs=True),
        line(
            "att_3", "Marta Güemes", "email", "failed",
            problem="invalid_recipient", ended_at="2026-11-22T15:40:00Z",
            sent_at="2026-11-22T15:39:00Z", cost_micros=100, cost_currency="USD",
            provider="ses", provider_id="0100018f-ses",
        ),
        line("att_4", "Elías Paz", "letter", "sent", sent_at="2026-11-22T15:39:00Z"),
    ]  # fmt: skip
    return {one["attempt_id"]: one for one in found}


def _of(api: FakeApi) -> dict[str, dict[str, Any]]:
    if not hasattr(api, "messages"):
        api.messages = messages()  # type: ignore[attr-defined]
        api.dead = {"messages": 3, "exports": 0}  # type: ignore[attr-defined]
    return api.messages  # type: ignore[attr-defined,no-any-return]


@route("GET", "/portfolios/{pid}/messages")
def list_messages(api: FakeApi, call: Call) -> Answer:
    first = call.parts[0] == "prt_mx"
    items = [m for m in _of(api).values() if first and m["state"] == call.query["state"]]
    return Answer(200, {"items": items, "cursor": None})


@route("GET", "/portfolios/{pid}/outbox")
def outbox(api: FakeApi, call: Call) -> Answer:
    states = ("planned", "reserved", "failed", "denied")
    count = {s: sum(m["state"] == s for m in _of(api).values()) for s in states}
    month = {
        "month": "2026-11", "messages": 1204, "spent_micros": 9_870_000,
        "limit_micros": 50_000_000, "currency": "USD",
    }  # fmt: skip
    day = month | {"messages": 96, "spent_micros": 2_000_000, "limit_micros": 2_000_000}
    day["day"] = f"{day.pop('month')}-22"
    return Answer(200, {"states": count, "counted_up_to": 100, "month": month, "day": day})


@route("GET", "/cases/{id}/messages/{aid}")
def message(api: FakeApi, call: Call) -> Answer:
    return _page(api, call.parts[1])


@route("POST", "/cases/{id}/messages/{aid}/retry")
def retry(api: FakeApi, call: Call) -> Answer:
    first = _of(api)[call.parts[1]]
    _of(api)["att_again"] = first | {"attempt_id": "att_again", "state": "planned", "problem": ""}
    return Answer(201, _page(api, call.parts[1]).body)


@route("PUT", "/cases/{id}/messages/{aid}/settlement")
def settle(api: FakeApi, call: Call) -> Answer:
    known = _of(api)[call.parts[1]]
    went = call.body["went"]
    known |= {"hangs": False, "state": "sent" if went else "failed"}
    known["problem"] = "" if went else "not_sent"
    return _page(api, call.parts[1])


@route("PUT", "/cases/{id}/messages/{aid}/posting")
def post(api: FakeApi, call: Call) -> Answer:
    _of(api)[call.parts[1]]["tracking"] = call.body["tracking"]
    return _page(api, call.parts[1])


@route("POST", "/portfolios/{pid}/letter-batches")
def batch(api: FakeApi, call: Call) -> Answer:
    return Answer(201, {"day": call.body["day"], "letters": 0, "pages": 0, "url": None})


@route("DELETE", "/cases/{id}/messages/{aid}")
def withdraw(api: FakeApi, call: Call) -> Answer:
    _of(api)[call.parts[1]] |= {"state": "withdrawn", "problem": "by_hand"}
    return _page(api, call.parts[1])


@route("GET", "/dead-letters")
def dead(api: FakeApi, call: Call) -> Answer:
    _of(api)
    items = [{"name": name, "dead": n} for name, n in api.dead.items()]  # type: ignore[attr-defined]
    return Answer(200, {"items": items})


@route("POST", "/dead-letters/{name}/return")
def send_back(api: FakeApi, call: Call) -> Answer:
    sent = api.dead[call.parts[0]]  # type: ignore[attr-defined]
    api.dead[call.parts[0]] = 0  # type: ignore[attr-defined]
    return Answer(200, {"name": call.parts[0], "sent": sent})


def _page(api: FakeApi, attempt_id: str) -> Answer:
    found = _of(api).get(attempt_id)
    if found is None:
        return problem(404, "attempt.not_found", attempt_id=attempt_id)
    written = found["state"] != "planned"
    event = {
        "seq": 7, "kind": "attempt.reserved", "at": RESERVED_AT,
        "actor": {"id": "system", "name": ""}, "personal": {}, "hash": "0" * 64,
        "facts": {"attempt_id": attempt_id, "channel": found["channel"]},
    }  # fmt: skip
    return Answer(200, {
        "message": found,
        "portfolio": {
            "id": "prt_mx", "name": "Tarjetas", "time_zone": "America/Mexico_City",
        },
        "cause": {
            "kind": "strategy", "strategy": "str_1@1", "step": "after", "anchor": "2026-11-17",
            "variant": "a", "by": {"id": "system", "name": ""},
        },
        "ruling": {
            "at": RESERVED_AT, "allowed": written,
            "reason_code": found["reason_code"],
            "article": "art. 17 bis 4", "rules": "MX/1@2026-01-01/strict",
            "next_allowed_at": None if written else "2026-11-23T15:00:00Z",
        },
        "content": {
            "to": "+525512345678", "subject": "", "text": "Hola, su cuota venció el martes.",
            "language": "es", "template": "friendly_reminder@3", "buttons": ["Pagar", "Baja"],
            "attachments": ["estado-de-cuenta.pdf"],
            "files": [
                {"name": "estado-de-cuenta.pdf", "sha256": "ab" * 32, "url": "/_s3/sent.pdf"},
            ],
        } if written else None,
        "events": [event] if written else [],
        "can": {
            "retry": found["state"] == "failed", "settle": found["hangs"],
            "withdraw": found["state"] == "planned",
            "post": found["channel"] == "letter" and found["state"] == "sent",
        },
    })  # fmt: skip
