"""Visits and phones, in the stand-in API: one elsewhere, one that was none, one fine."""

import hashlib
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

DOOR = {"lat": 19.4326, "lng": -99.1332}
NORTH = 1 / 111_195  # a metre of latitude, in degrees
PROMISE = {"es": "Promesa de pago", "en": "Promise to pay", "pt": "Promessa de pagamento"}
CLOSED = {"es": "Cerrado", "en": "Closed", "pt": "Fechado"}


def judged(verdict: str, distance: float, *reasons: str) -> dict[str, Any]:
    return {
        "verdict": verdict, "distance_m": distance, "radius_m": 100.0, "reasons": list(reasons),
    }  # fmt: skip


def visit(number: int, name: str, metres: float, **more: Any) -> dict[str, Any]:
    outside = metres > 100
    verdict = "outside" if outside else "verified"
    taken = {"at": "2026-11-22T15:00:00Z", "lng": DOOR["lng"], "lat": DOOR["lat"] + metres * NORTH}
    base: dict[str, Any] = {
        "visit_id": f"vis_{number}",
        "case_id": f"cas_{number}",
        "case_name": name,
        "portfolio_id": "prt_mx",
        "person": {"id": "per_teo", "name": "Teo Barrientos"},
        "at": "2026-11-22T15:10:00Z",
        "received_at": "2026-11-22T15:40:00Z",
        "kind": "visit",
        "disposition": {"code": "promise", "label": PROMISE},
        "met": "holder",
        "exception": "",
        "verdict": verdict,
        "distance_m": metres,
        "trust": 60 if outside else 100,
        "doubts": ["trust", "outside"] if outside else [],
        "counted": not outside,
        "state": "complete",
        "standing": "review" if outside else "received",
        "photos": 1,
        "portfolio": {
            "id": "prt_mx", "name": "Tarjetas Norte", "currency": "MXN",
            "time_zone": "America/Mexico_City",
        },
        "started_at": "2026-11-22T15:00:00Z",
        "finished_at": "2026-11-22T15:10:00Z",
        "stay_s": 600.0,
        "told_at": "2026-11-22T17:31:00Z",
        "device_id": "dev_1",
        "app_version": "1.0.0",
        "met_name": "",
        "exception_text": "",
        "phone_verdict": judged("verified", 12.0),
        "server_verdict": judged(verdict, metres, *(["far"] if outside else [])),
        "signs": [{"sign": "trail_elsewhere", "weight": 40, "figure": 2140.0}] if outside else [],
        "review_below": 70,
        "ruling": {
            "at": "2026-11-22T15:00:00Z", "allowed": False, "reason_code": "SUNDAY",
            "article": "art. 17 bis 4", "rules": "MX/1@2026-01-01/strict", "next_allowed_at": None,
        },
        "conflicts": [{"code": "promise.too_late", "details": {"latest": "2026-12-07"}}],
        "promise": {"promise_id": "pro_1", "amount_minor": 50_000, "due_on": "2026-12-20"},
        "payment_report": None,
        "dispute": None,
        "contacts": [{"kind": "phone", "value": "5587654321", "party": "debtor"}],
        "address_found": None,
        "opt_outs": [],
        "note": "Timbre descompuesto",
        "form": {
            "form_id": "frm_1", "version": 2,
            "answers": [{"question": "¿Vive aquí el titular?", "answer": "Sí"}],
        },
        "photos_taken": [
            {
                "photo_id": "pho_1", "kind": "door", "taken_at": "2026-11-22T15:02:00Z",
                "width": 1600, "height": 1200, "lat": taken["lat"], "lng": taken["lng"],
                "url": "/favicon.svg", "scan": "off",
            },
            {
                "photo_id": "pho_2", "kind": "signature", "taken_at": "2026-11-22T15:08:00Z",
                "width": 600, "height": 200, "lat": None, "lng": None, "url": None, "scan": "off",
            },
        ],
        "evidence": {
            "address": DOOR | {"lines": "Calle Regina 14"},
            "quality": "rooftop",
            "radius_m": 100.0,
            "fixes": [taken | {"accuracy_m": 12.0}],
            "trail": [taken, taken | {"at": "2026-11-22T15:05:00Z", "lng": -99.1330}],
        },
        "review": None,
        "can": {"review": True},
    }  # fmt: skip
    return base | more


def visits() -> dict[str, dict[str, Any]]:
    found = [
        visit(1, "Ofelia Ibarra Montes", 940.0),
        visit(
            2, "Rubén Salas", 20.0, kind="exception", exception="closed", standing="review",
            doubts=["exception"], counted=False, promise=None, met="", state="photos_wanted",
            disposition={"code": "closed", "label": CLOSED}, exception_text="Cortina abajo",
            conflicts=[], form=None,
        ),
        visit(3, "Marta Güemes", 8.0, can={"review": False}),
    ]  # fmt: skip
    return {one["visit_id"]: one for one in found}


def devices() -> list[dict[str, Any]]:
    return [
        {
            "device_id": f"dev_{number}", "person": {"id": person, "name": name}, "name": phone,
            "platform": "Android 13", "created_at": "2026-11-02T14:00:00Z", "revoked_at": revoked,
        }
        for number, person, name, phone, revoked in (
            (1, "per_teo", "Teo Barrientos", "Moto de Teo", None),
            (2, "per_ines", "Inés Quiroga", "Galaxy", "2026-11-20T09:00:00Z"),
        )
    ]  # fmt: skip


def _of(api: FakeApi) -> dict[str, dict[str, Any]]:
    if not hasattr(api, "visits"):
        api.visits = visits()  # type: ignore[attr-defined]
        api.devices = devices()  # type: ignore[attr-defined]
    return api.visits  # type: ignore[attr-defined,no-any-return]


@route("GET", "/visits")
def list_visits(api: FakeApi, call: Call) -> Answer:
    state = call.query.get("state")
    found = [one for one in _of(api).values() if state in (None, one["standing"])]
    return Answer(200, {"items": found, "cursor": None})


@route("GET", "/visits/{case}/{visit}")
def get_visit(api: FakeApi, call: Call) -> Answer:
    found = _of(api).get(call.parts[1])
    return Answer(200, found) if found else problem(404, "visit.not_found")


@route("POST", "/visits/{case}/{visit}/review")
def review(api: FakeApi, call: Call) -> Answer:
    found = _of(api)[call.parts[1]]
    if not call.body["accept"] and not call.body["reason"]:
        return problem(422, "request.bad_field", field="reason", reason="missing")
    found["standing"] = "accepted" if call.body["accept"] else "rejected"
    found["counted"] = found["counted"] and call.body["accept"]
    found["can"] = {"review": False}
    found["review"] = {
        "accepted": call.body["accept"], "by": {"id": "per_ana", "name": "Ana Torres"},
        "at": "2026-11-22T18:00:00Z", "reason": call.body["reason"],
    }  # fmt: skip
    return Answer(200, found)


@route("GET", "/devices")
def list_devices(api: FakeApi, call: Call) -> Answer:
    _of(api)
    return Answer(200, {"items": api.devices, "cursor": None})  # type: ignore[attr-defined]


@route("DELETE", "/devices/{device}")
def revoke(api: FakeApi, call: Call) -> Answer:
    _of(api)
    for one in api.devices:  # type: ignore[attr-defined]
        if one["device_id"] == call.parts[0]:
            one["revoked_at"] = "2026-11-22T18:00:00Z"
    return Answer(204)


@route("GET", "/credentials/{code}", anonymous=True)
def bearer(api: FakeApi, call: Call) -> Answer:
    if call.parts[0] not in ("123456", "a-token"):
        return problem(404, "credential.not_valid")
    return Answer(
        200,
        {
            "name": "Teo Barrientos", "photo": None, "agencies": ["Cobranza Clara SC"],
            "creditors": ["Banco del Norte"], "expires_at": "2026-11-23T02:00:00Z",
        },
    )  # fmt: skip


PAPER = b"%PDF-1.4 a receipt"


@route("GET", "/documents/{code}", anonymous=True)
def paper(api: FakeApi, call: Call) -> Answer:
    if call.parts[0] not in ("7QK2-M9XD-40TV", "7QK2-M9XD-40TW"):
        return problem(404, "document.not_valid")
    gone = call.parts[0].endswith("W")
    return Answer(
        200,
        {
            "code": call.parts[0], "kind": "receipt", "creditor": "Banco del Norte",
            "agency": "Cobranza Clara SC", "issued_at": "2026-11-22T18:00:00Z",
            "sha256": hashlib.sha256(PAPER).hexdigest(), "size_bytes": len(PAPER),
            "stands": not gone, "annulled_at": "2026-11-22T19:00:00Z" if gone else None,
            "annulled_why": "refunded" if gone else "",
            "facts": {"amount": {"minor": 125050, "currency": "MXN"}, "on": "2026-11-22"},
        },
    )  # fmt: skip


@route("GET", "/visit-points")
def points(api: FakeApi, call: Call) -> Answer:
    if not hasattr(api, "points"):
        api.points = [  # type: ignore[attr-defined]
            {
                "case_id": "cas_1", "case_name": "Ofelia Ibarra Montes", "address_id": "adr_1",
                "lines": "Calle Regina 14", "radius_m": 100.0, "proposed_lat": 19.43315,
                "proposed_lng": -99.1332, "proposed_radius_m": 62.0, "moved_m": 61.0,
                "evidence": 4,
            }
            | DOOR
        ]  # fmt: skip
    return Answer(200, {"items": api.points})  # type: ignore[attr-defined]


@route("POST", "/visit-points/{case}/{address}")
def decide(api: FakeApi, call: Call) -> Answer:
    api.points = []  # type: ignore[attr-defined]
    return Answer(204)
