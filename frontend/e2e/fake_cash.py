"""Cash in agents' hands, in the stand-in API: one who is short, one to be counted, a hole."""

from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

SERIES = "NZXC53SV"
TEO = {"id": "per_teo", "name": "Teo Barrientos"}
EVA = {"id": "per_eva", "name": "Eva Luján"}


def hand(person: dict[str, str], held: int, *, declared: int = 0, owed: int = 0) -> dict[str, Any]:
    answers = held + max(0, owed)
    state = "full" if answers >= 1_000_000 else "warn" if answers >= 800_000 else "fine"
    return {
        "portfolio_id": "prt_mx",
        "currency": "MXN",
        "person": person,
        "held_minor": held,
        "declared_minor": declared,
        "owed_minor": owed,
        "answers_for_minor": answers,
        "limit_minor": 1_000_000,
        "state": state,
        "can": {"settle": True},
    }


def deposit(number: int, person: dict[str, str], amount: int) -> dict[str, Any]:
    return {
        "deposit_id": f"dep_{number:010d}",
        "portfolio_id": "prt_mx",
        "currency": "MXN",
        "person": person,
        "amount_minor": amount,
        "at": "2026-11-22T17:00:00Z",
        "declared_at": "2026-11-22T17:05:00Z",
        "way": "bank",
        "state": "declared",
        "reference": "77120",
        "note": "",
        "counted_minor": None,
        "counted_at": None,
        "counted_by": None,
        "reason": "",
        "difference_minor": 0,
        "has_slip": False,
        "slip_url": None,
        "slip_scan": "off",
        "can": {"count": True},
    }


def receipt(number: int, amount: int, **more: Any) -> dict[str, Any]:
    name = f"{SERIES}-{number:06d}"
    return {
        "key": name,
        "number": name,
        "portfolio_id": "prt_mx",
        "person_id": TEO["id"],
        "device_id": "dev_0000000001",
        "case_id": "cas_1",
        "visit_id": f"vis_{number}",
        "amount_minor": amount,
        "currency": "MXN",
        "at": "2026-11-22T15:00:00Z",
        "received_at": "2026-11-22T15:10:00Z",
        "state": "issued",
        "reference": name,
        "confirmed": "",
        "doubts": [],
        "voided_at": None,
        "by": "",
        "reason": "",
        "twin_of": "",
        "said_minor": None,
        "said_at": None,
        "can": {"void": True},
    } | more


def word_of(one: dict[str, Any]) -> str:
    if one["said_minor"] is not None:
        return "denied"
    return "confirmed" if one["confirmed"] else "open"


class Cash:
    def __init__(self) -> None:
        self.hands = [hand(TEO, 850_000, declared=300_000), hand(EVA, 0, owed=20_000)]
        self.deposits = [deposit(1, TEO, 300_000)]
        self.receipts = [receipt(4, 350_000, doubts=["over_limit"]), receipt(2, 500_000)]
        self.said = [receipt(7, 120_000), receipt(6, 80_000, said_minor=0)]
        self.settled: list[Any] = []
        self.calls: list[Any] = []


def cash(api: FakeApi) -> Cash:
    if not hasattr(api, "cash"):
        api.cash = Cash()  # type: ignore[attr-defined]
    found: Cash = api.cash  # type: ignore[attr-defined]
    return found


@route("GET", "/cash")
def overview(api: FakeApi, call: Call) -> Answer:
    known = cash(api)
    portfolio = {
        "portfolio_id": "prt_mx",
        "name": "Tarjetas Norte",
        "currency": "MXN",
        "country": "MX",
        "time_zone": "America/Mexico_City",
    }
    return Answer(
        200,
        {
            "portfolio": portfolio,
            "allowed": True,
            "barred_by": "",
            "limit_minor": 1_000_000,
            "hands": known.hands,
            "deposits": known.deposits,
        },
    )


@route("GET", "/cash/series")
def series(api: FakeApi, call: Call) -> Answer:
    missing = [{"number": f"{SERIES}-{n:06d}", "since": "2026-11-22T15:00:00Z"} for n in (1, 3)]
    item = {
        "series": SERIES,
        "person": TEO,
        "device_id": "dev_0000000001",
        "last": 4,
        "missing": missing,
        "elsewhere": 0,
        "receipts": cash(api).receipts,
    }
    return Answer(200, {"items": [item]})


@route("GET", "/cash/moves")
def moves(api: FakeApi, call: Call) -> Answer:
    lines = [
        {
            "move_id": f"mov_{n}",
            "kind": kind,
            "portfolio_id": "prt_mx",
            "person_id": TEO["id"],
            "person": TEO,
            "at": "2026-11-22T15:00:00Z",
            "by": "Teo Barrientos",
            "currency": "MXN",
            "held_minor": held,
            "declared_minor": declared,
            "owed_minor": 0,
            "receipt": f"{SERIES}-000004" if kind == "receipt" else "",
            "case_id": "cas_1" if kind == "receipt" else "",
            "name": "Ofelia Ibarra Montes" if kind == "receipt" else "",
            "visit_id": "",
            "deposit_id": "",
            "reason": "",
        }
        for n, (kind, held, declared) in enumerate(
            (("deposit", 0, 300_000), ("receipt", 350_000, 0))
        )
        if call.query.get("kind") in (None, kind)
    ]
    return Answer(200, {"items": lines, "cursor": None})


@route("GET", "/cash/receipts")
def said(api: FakeApi, call: Call) -> Answer:
    standing = [one for one in cash(api).said if one["state"] == "issued"]
    counts = {
        word: sum(word_of(one) == word for one in standing)
        for word in ("open", "confirmed", "denied")
    }
    items = [
        one
        | {
            "word": word_of(one),
            "person": TEO,
            "name": "Ofelia Ibarra Montes",
            "age_days": 3,
            "can": {"call": True, "void": True},
        }
        for one in standing
        if word_of(one) == call.query.get("word", "open")
        and call.query.get("person") in (None, TEO["id"])
    ]
    people = [counts | {"person": TEO}]
    return Answer(200, {"items": items, "counts": counts, "people": people, "cursor": None})


@route("POST", "/cash/receipts")
def note_call(api: FakeApi, call: Call) -> Answer:
    cash(api).calls.append(call.body)
    one = next(r for r in cash(api).said if r["key"] == call.body["key"])
    if call.body["outcome"] == "confirms":
        one |= {"confirmed": "call", "said_minor": None}
    if call.body["outcome"] == "denies":
        one |= {"confirmed": "", "said_minor": call.body["said_minor"]}
    return Answer(204)


@route("POST", "/cash/deposits/{id}")
def count(api: FakeApi, call: Call) -> Answer:
    one = next(d for d in cash(api).deposits if d["deposit_id"] == call.parts[0])
    counted = call.body["counted_minor"]
    one |= {
        "state": "counted",
        "counted_minor": counted,
        "counted_at": "2026-11-22T18:00:00Z",
        "counted_by": "Ana Torres",
        "reason": call.body["reason"],
        "difference_minor": one["amount_minor"] - counted,
        "can": {"count": False},
    }
    cash(api).hands[0] = hand(TEO, 550_000, owed=one["difference_minor"])
    return Answer(204)


@route("POST", "/cash/settlements")
def settle(api: FakeApi, call: Call) -> Answer:
    cash(api).settled.append(call.body)
    cash(api).hands.pop()
    return Answer(204)


@route("POST", "/cash/voids")
def void(api: FakeApi, call: Call) -> Answer:
    known = (*cash(api).receipts, *cash(api).said)
    one = next(r for r in known if r["key"] == call.body["key"])
    if one["state"] == "void":
        return problem(409, "receipt.void", number=one["number"])
    one |= {"state": "void", "reason": call.body["reason"], "can": {"void": False}}
    return Answer(204)
