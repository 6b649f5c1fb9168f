"""The stand-in's providers of payments: two to connect, a bank, one bank file."""

from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

NOTIFY = "https://recobro.example/api/v1/webhooks/payments"
KINDS: dict[str, dict[str, Any]] = {
    "stripe": {"methods": ["card", "oxxo", "spei"], "keys": ["key", "webhook_secret"]},
    "bank": {
        "methods": ["transfer", "cash"],
        "settings": ["bank", "beneficiary", "clabe_prefix", "cash_where", "cash_prefix"],
    },
    "sandbox": {"methods": ["card", "cash", "transfer"]},
}
REJECT = {"row": 8, "field": "payment_amount", "code": "money.missing", "text": "Falta el monto."}


def _accounts(api: FakeApi) -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = api.__dict__.setdefault("payment_accounts", {})
    return known


def _account(call: Call, version: int) -> dict[str, Any]:
    good = "wrong" not in call.body.get("keys", {}).get("key", "")
    return {
        "enabled": call.body["enabled"],
        "methods": call.body["methods"],
        "settings": call.body["settings"],
        "key_hint": call.body.get("keys", {}).get("key", "")[-4:],
        "label": "Muebles La Esquina" if good else "",
        "tested_at": "2026-11-22T18:00:00Z",
        "problem": "" if good else "credentials",
        "changed_at": "2026-11-22T18:00:00Z",
        "changed_by": "Ana",
        "version": version,
    }


@route("GET", "/portfolios/{pid}/payment-providers")
def list_providers(api: FakeApi, call: Call) -> Answer:
    accounts = _accounts(api)
    items = [
        {
            "provider": name,
            "methods": kind["methods"],
            "keys": kind.get("keys", []),
            "settings": kind.get("settings", []),
            "notify_url": f"{NOTIFY}/{name}/{call.parts[0]}" if "keys" in kind else "",
            "account": accounts.get(name),
        }
        for name, kind in KINDS.items()
    ]
    return Answer(200, {"items": items, "can_connect": api.me["role"] == "admin"})


@route("PUT", "/portfolios/{pid}/payment-providers/{provider}")
def connect(api: FakeApi, call: Call) -> Answer:
    _, provider = call.parts
    if provider == "stripe" and "key" not in call.body["keys"] and provider not in _accounts(api):
        return problem(422, "request.bad_field", field="keys.key", reason="missing")
    known = _accounts(api).get(provider)
    made = _account(call, (known["version"] if known else 0) + 1)
    _accounts(api)[provider] = made
    return Answer(200, made)


@route("POST", "/portfolios/{pid}/payment-providers/{provider}")
def try_out(api: FakeApi, call: Call) -> Answer:
    account = _accounts(api)[call.parts[1]]
    account["version"] += 1
    return Answer(200, account)


@route("DELETE", "/portfolios/{pid}/payment-providers/{provider}")
def disconnect(api: FakeApi, call: Call) -> Answer:
    _accounts(api).pop(call.parts[1])
    return Answer(204)


@route("POST", "/portfolios/{pid}/bank-files")
def post_file(api: FakeApi, call: Call) -> Answer:
    """A file that asks for the order of dates first and is then read in two goes."""
    part: dict[str, Any] = {
        "rows": 0, "outcomes": {}, "rejects": [], "rejected": 0, "next_row": None, "questions": [],
    }  # fmt: skip
    if not call.body["answers"]:
        choices = [{"value": "dmy", "example": "5 nov"}, {"value": "mdy", "example": "11 may"}]
        asked = {"id": "0:date_order", "kind": "date_order", "suggested": "dmy"}
        return Answer(200, part | {"questions": [asked | {"choices": choices}]})
    if call.body["from_row"] == 0:
        return Answer(200, part | {"rows": 2, "outcomes": {"posted": 2}, "next_row": 6})
    done = {"rows": 3, "outcomes": {"posted": 1, "unmatched": 1}, "rejects": [REJECT]}
    return Answer(200, part | done | {"rejected": 1})
