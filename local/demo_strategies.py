"""The demo's strategies: ready-made ones, published by the API, each with its segment."""

from typing import Any

from local.client import Client
from local.generator.portfolio import DemoPortfolio

# What a portfolio's messages may cost in a month, in millionths of the budget's currency.
BUDGET_MICROS = 60_000_000


def publish(client: Client, portfolio_id: str, made: DemoPortfolio) -> None:
    """
    Publish what is missing of a portfolio's strategies, and its segments in their order.

    Done before the debts come: then no case has to be looked at again for each publication.
    Segments that people have changed since are left as they are.
    """
    base = f"/portfolios/{portfolio_id}"
    listed = client.get(f"{base}/strategies")
    known = {each["ready_made"]: each for each in listed["items"]}
    codes = [code for code in made.strategies if known.get(code, {}).get("state") != "published"]
    if not codes:
        return
    for code in codes:
        draft = known.get(code) or client.post(
            f"{base}/strategies", {"ready_made": code}, key=f"{portfolio_id}-{code}"
        )
        known[code] = client.post(
            f"{base}/strategies/{draft['strategy_id']}/publication", {"edit": draft["edit"]}
        )
    playbook = client.get(f"{base}/strategies")["playbook"]
    client.put(
        f"{base}/playbook", _playbook(client, made, known) | {"version": playbook["version"]}
    )


def _playbook(
    client: Client, made: DemoPortfolio, known: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    ready = {each["code"]: each for each in client.get("/strategy-vocabulary")["ready_made"]}
    segments = [
        {
            "segment_id": code,
            "name": known[code]["name"],
            "priority": place,
            "strategy_id": known[code]["strategy_id"],
            "rule": ready[code]["rule"],
        }
        for place, code in enumerate(made.strategies, start=1)
    ]
    return {"segments": segments, "monthly_budget_micros": BUDGET_MICROS}
