"""What is paid and agreed at the door, in the stand-in API: cash, receipts, agreements."""

from typing import Any

from chalicelib.domain.cash import series_of
from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_field import field, stamp


@route("GET", "/field/cash")
def own_cash(api: FakeApi, call: Call) -> Answer:
    state = field(api)
    last = max(state.numbers, default=0)
    hand = {
        "portfolio_id": "prt_mx",
        "currency": "MXN",
        "held_minor": state.held_minor,
        "declared_minor": 0,
        "owed_minor": 0,
        "answers_for_minor": state.held_minor,
        "limit_minor": 1_000_000,
        "state": "fine",
    }
    return Answer(
        200,
        {
            "as_of": stamp(),
            "series": series_of(call.query["device"], api.me_id),
            "last": last,
            "missing": [n for n in range(1, last) if n not in state.numbers],
            "hands": [hand],
            "deposits": state.deposits,
        },
    )


def field_offer(kind: str, *amounts: int, saved: int = 0) -> dict[str, Any]:
    """An offer as the API works it out: the amounts a month apart."""
    return {
        "kind": kind,
        "offer": {
            "instalments": len(amounts) - 1,
            "frequency": "monthly",
            "down_payment_minor": None,
            "first_on": None,
            "discount_principal_ppm": 0,
            "discount_interest_ppm": 0,
            "discount_fees_ppm": 0,
            "affordable_minor": None,
            "capitalise": False,
        },
        "owed_minor": sum(amounts) + saved,
        "saved_minor": saved,
        "to_pay_minor": sum(amounts),
        "currency": "MXN",
        "shares": [
            {"number": n, "due_on": f"2027-0{n + 1}-15", "amount_minor": amount}
            for n, amount in enumerate(amounts)
        ],
    }


@route("GET", "/field/agreements")
def field_offers(api: FakeApi, call: Call) -> Answer:
    offers = [
        field_offer("settlement", 90_000, saved=10_000),
        field_offer("plan", 20_000, 40_000, 40_000),
    ]
    items = [
        {"case_id": one, "offers": offers, "why": ""} for one in call.query["cases"].split(",")
    ]
    return Answer(200, {"as_of": stamp(), "items": items})


@route("POST", "/field/agreements")
def sign_at_door(api: FakeApi, call: Call) -> Answer:
    state = field(api)
    known = {one.body["visit_id"] for one in state.visits}
    assert call.body["visit_id"] in known, "the visit that proves it comes first"
    state.signed.append(call.body)
    if state.refuse_agreement is not None:
        return state.refuse_agreement
    return Answer(200, {"agreement_id": "agr_1", "state": "active", "document_id": "doc_1"})


@route("POST", "/field/cash/codes")
def confirm_cash(api: FakeApi, call: Call) -> Answer:
    if not call.body.get("code_id"):
        return Answer(200, {"code_id": "otc_1", "confirmed": False})
    if call.body["code"] != "123456":
        return problem(422, "code.not_valid")
    return Answer(200, {"code_id": "otc_1", "confirmed": True})


@route("GET", "/cash/receipts/{token}", anonymous=True)
def held_receipt(api: FakeApi, call: Call) -> Answer:
    number, minor, currency, second, *_ = call.parts[0].split(".")
    if not second.isdecimal():
        return problem(404, "receipt.not_found")
    return Answer(
        200,
        {
            "number": number,
            "amount": {"minor": int(minor), "currency": currency},
            "at": stamp(),
            "state": "waiting",
            "taken_by": "Carla Ruiz",
            "creditor": "",
            "agency": "",
        },
    )


@route("POST", "/field/cash/voids")
def tear_up(api: FakeApi, call: Call) -> Answer:
    field(api).torn.append(call.body)
    field(api).numbers.add(int(call.body["number"][-6:]))
    return Answer(200, {"number": call.body["number"], "state": "void"})


@route("POST", "/field/cash/deposits")
def declare_deposit(api: FakeApi, call: Call) -> Answer:
    state = field(api)
    asked = call.body
    deposit = {
        **{name: asked[name] for name in ("deposit_id", "portfolio_id", "amount_minor", "at")},
        "currency": "MXN",
        "declared_at": stamp(),
        "way": asked["way"],
        "state": "declared",
        "reference": asked["reference"],
        "note": "",
        "counted_minor": None,
        "counted_at": None,
        "reason": "",
        "difference_minor": 0,
        "has_slip": asked["slip"] is not None,
    }
    state.deposits.append(deposit)
    post = None
    if asked["slip"] is not None:
        post = {"url": f"/api/v1/_storage/{asked['deposit_id']}", "fields": {"key": "cash/x.jpg"}}
    return Answer(201, {"deposit": deposit, "have": post is None, "post": post})
