"""Payments by providers, in the stand-in API: some posted, one over, one lost, checkouts."""

from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route


def money(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "MXN"}


def received(number: int, name: str, state: str = "posted", **values: Any) -> dict[str, Any]:
    base = {
        "kind": "received", "received_id": f"rcv_{number}", "case_id": f"cas_{number}",
        "name": name, "provider": "stripe", "payment_id": f"pi_{number}", "method": "card",
        "amount": money(150_000), "kept": money(150_000), "over": money(0), "state": state,
        "paid_at": "2026-11-22T17:00:00Z", "at": "2026-11-22T17:00:02Z",
        "checkout_id": f"chk_{number}", "backs": [],
    }  # fmt: skip
    return base | values


def checkout(number: int, name: str, state: str, **values: Any) -> dict[str, Any]:
    base = {
        "kind": "checkout", "checkout_id": f"chk_{number}", "case_id": f"cas_{number}",
        "name": name, "provider": "stripe", "method": "card", "pays": "all",
        "amount": money(150_000), "paid": money(0), "state": state,
        "started_at": "2026-11-22T16:58:00Z", "started_by": f"debtor:cas_{number}",
        "expires_at": "2026-11-22T18:58:00Z", "problem": "",
    }  # fmt: skip
    return base | values


def lost(**values: Any) -> dict[str, Any]:
    base = {
        "kind": "unmatched", "unmatched_id": "unm_1", "provider": "bank",
        "payment_id": "spei_77", "reference": "646180110400000007", "method": "spei",
        "amount": money(89_900), "kept": money(89_900), "paid_at": "2026-11-22T15:00:00Z",
        "reason": "unknown", "state": "open", "case_id": "", "at": "2026-11-22T15:01:00Z",
        "updated_at": "2026-11-22T15:01:00Z",
    }  # fmt: skip
    return base | values


def told(**values: Any) -> dict[str, Any]:
    base = {
        "kind": "reported", "reported_id": "rep_1", "case_id": "cas_1",
        "name": "Ofelia Ibarra Montes", "amount": money(25_000), "paid_on": "2026-11-21",
        "reference": "AB-12", "words": "", "state": "waiting", "at": "2026-11-22T15:00:00Z",
        "source": "self_pay", "answer": "", "ended_at": None,
        "files": [
            {
                "name": "2026-11-22-150000.jpg", "media_type": "image/jpeg",
                "url": "/_s3/recibo.jpg", "scan": "off",
            }
        ],
    }  # fmt: skip
    return base | values


def payments_of(api: FakeApi) -> dict[str, list[dict[str, Any]]]:
    if not hasattr(api, "payments"):
        gone = {
            "kind": "chargeback", "amount": money(150_000), "at": "2026-11-22T18:00:00Z",
            "reason": "fraudulent", "returned": False,
        }  # fmt: skip
        api.payments = {  # type: ignore[attr-defined]
            "received": [
                received(1, "Ofelia Ibarra Montes"),
                received(2, "Rubén Salas", "over", over=money(50_000)),
                received(3, "Marta Güemes", "back", backs=[gone], kept=money(0)),
            ],
            "checkouts": [
                checkout(1, "Ofelia Ibarra Montes", "paid", paid=money(150_000)),
                checkout(4, "Iván Rosas", "failed", problem="declined"),
            ],
            "reported": [
                told(),
                told(
                    reported_id="rep_2",
                    case_id="cas_2",
                    name="Rubén Salas",
                    amount=None,
                    paid_on=None,
                    reference="",
                    words="Ya pagué en la tienda",
                    source="whatsapp",
                    files=[],
                ),
            ],
            "unmatched": [lost()],
        }
    kept: dict[str, list[dict[str, Any]]] = api.payments  # type: ignore[attr-defined]
    return kept


@route("GET", "/portfolios/{pid}/payments")
def listed(api: FakeApi, call: Call) -> Answer:
    every = payments_of(api)
    state, wanted = call.query.get("state"), call.query.get("q")
    source = call.query.get("source")
    items = [
        one
        for one in (every[call.query.get("list", "received")] if call.parts[0] == "prt_mx" else [])
        if state in (None, one["state"])
        and wanted in (None, one.get("payment_id"))
        and source in (None, one.get("source"))
    ]
    waiting = sum(one["state"] == "open" for one in every["unmatched"])
    return Answer(200, {"items": items, "cursor": None, "waiting": waiting})


@route("POST", "/portfolios/{pid}/payments/{id}")
def decided(api: FakeApi, call: Call) -> Answer:
    action = call.body["action"]
    if action == "give_back_over":
        one = next(o for o in payments_of(api)["received"] if o["received_id"] == call.parts[1])
        one |= {"state": "back", "over": money(0)}
        return Answer(200, {"item": one})
    if action in ("found", "not_found"):
        one = next(o for o in payments_of(api)["reported"] if o["reported_id"] == call.parts[1])
        one |= {"state": action, "answer": call.body["answer"]}
        return Answer(200, {"item": one})
    one = next(o for o in payments_of(api)["unmatched"] if o["unmatched_id"] == call.parts[1])
    if one["state"] != "open":
        return problem(409, "unmatched.moved", state=one["state"], case_id=one["case_id"])
    done = {"assign": "assigned", "send_back": "returned", "bring": "assigned"}[action]
    one |= {"state": done, "case_id": call.body.get("case_id") or one["case_id"]}
    return Answer(200, {"item": one})
