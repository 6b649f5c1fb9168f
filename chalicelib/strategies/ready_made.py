"""The ready-made strategies, in ``ready/*.json``: what a portfolio starts from."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from chalicelib.domain.plain import from_plain
from chalicelib.strategies.model import Rule, Strategy

# In the order they are shown: by the age of the debt, then by what follows something.
ORDER = (
    "three_reminders",
    "preventive",
    "early",
    "late",
    "charged_off",
    "promise_follow_up",
    "instalment_plan",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMade:
    """
    A strategy to start from.

    Args:
        names, texts: What it is called and what it does, by language.
        rule: Whom it is for: the segment proposed with it; None = everybody.
        body: The strategy's own fields, JSON-safe.
    """

    code: str
    names: Mapping[str, str]
    texts: Mapping[str, str]
    rule: Rule | None
    body: Mapping[str, Any]

    def strategy(self, strategy_id: str, portfolio_id: str, language: str) -> Strategy:
        """Make a portfolio's own copy, as a draft, named in *language*."""
        own = {
            "strategy_id": strategy_id,
            "portfolio_id": portfolio_id,
            "name": self.names.get(language, self.names["es"]),
            "ready_made": self.code,
        }
        return from_plain(Strategy, {**self.body, **own})


@functools.cache
def ready_made() -> dict[str, ReadyMade]:
    """Read them all, by code."""
    folder = resources.files(__package__) / "ready"
    return {code: _read((folder / f"{code}.json").read_text(encoding="utf-8")) for code in ORDER}


def _read(text: str) -> ReadyMade:
    raw = json.loads(text)
    rule = raw.get("rule")
    return ReadyMade(
        code=raw["code"],
        names=raw["names"],
        texts=raw["texts"],
        rule=from_plain(Rule, rule) if rule else None,
        body={name: raw[name] for name in ("min_gap_days", "stop", "steps") if name in raw},
    )
