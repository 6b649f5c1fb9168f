"""Pairs of cases that may be one debtor's, in the stand-in API."""

from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, route


def proposals() -> list[dict[str, Any]]:
    return [
        {
            "proposal_id": "mer_1",
            "score": 93,
            "reasons": ["name", "phone"],
            "cases": [
                {
                    "case_id": "cas_1",
                    "name": "Ibarra Montes, Ofelia",
                    "tax_id": "IAMO720311K45",
                    "status": "open",
                    "debts": 1,
                    "city": "Puebla",
                    "balance": {"minor": 1_368_460, "currency": "MXN"},
                    "phones": ["+522221234567", "+522229876543"],
                    "emails": ["ofelia.ibarra@correo.example"],
                    "addresses": ["Calle 5 de Mayo 214, Puebla, 72000"],
                    "products": ["Crédito personal"],
                },
                {
                    "case_id": "cas_2",
                    "name": "OFELIA IBARRA M.",
                    "tax_id": "",
                    "status": "open",
                    "debts": 1,
                    "city": "Puebla",
                    "balance": {"minor": 95_000, "currency": "MXN"},
                    "phones": ["+522221234567"],
                    "emails": [],
                    "addresses": ["5 de Mayo 214 Int. 3, Puebla"],
                    "products": ["Tarjeta"],
                },
            ],
        }
    ]


@route("GET", "/portfolios/{pid}/merge-proposals")
def list_proposals(api: FakeApi, call: Call) -> Answer:
    first = bool(api.portfolios) and api.portfolios[0]["portfolio_id"] == call.parts[0]
    return Answer(200, {"items": proposals() if first else [], "cursor": None})


@route("POST", "/portfolios/{pid}/merges")
def merge(api: FakeApi, call: Call) -> Answer:
    return Answer(201, {"merge_id": "mrg_1", **call.body})


@route("DELETE", "/portfolios/{pid}/merges/{id}")
@route("POST", "/portfolios/{pid}/merge-proposals/{id}/dismissal")
def settle(api: FakeApi, call: Call) -> Answer:
    return Answer(204)
