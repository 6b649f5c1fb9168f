"""
Strategies and playbooks in the work table.

``P#<portfolio>`` / ``STRATEGY#<strategy>#<version>`` and ``P#<portfolio>`` / ``PLAYBOOK#now``.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.documents import Documents
from chalicelib.store.wire import Wire
from chalicelib.strategies.model import Playbook, Strategy

NOW = "now"
PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What a row keeps. ``version`` guards writes; a strategy's own is in its key."""

    portfolio_id: str
    key: str
    state: str
    version: int
    body: dict[str, Any] = field(default_factory=dict)


class StrategyStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._versions = Documents(wire, table, _Kept, name="STRATEGY", key="key")
        self._playbooks = Documents(wire, table, _Kept, name="PLAYBOOK", key="key")

    def add(self, strategy: Strategy) -> bool:
        return self._versions.add(_kept(strategy))

    def save(self, strategy: Strategy) -> Strategy | None:
        stored = self._versions.save(_kept(strategy))
        return replace(strategy, edit=stored.version) if stored else None

    def get(self, portfolio_id: str, strategy_id: str, version: int) -> Strategy | None:
        found = self._versions.get(portfolio_id, _key(strategy_id, version))
        return _strategy(found) if found else None

    def all(self, portfolio_id: str) -> list[Strategy]:
        found: list[Strategy] = []
        cursor: str | None = None
        while True:
            page, cursor = self._versions.page(portfolio_id, limit=PAGE, cursor=cursor)
            found += [_strategy(kept) for kept in page]
            if cursor is None:
                return found

    def playbook(self, portfolio_id: str) -> Playbook | None:
        found = self._playbooks.get(portfolio_id, NOW)
        return replace(from_plain(Playbook, found.body), version=found.version) if found else None

    def save_playbook(self, playbook: Playbook) -> Playbook | None:
        kept = _Kept(
            portfolio_id=playbook.portfolio_id,
            key=NOW,
            state="live",
            version=playbook.version,
            body=to_plain(playbook),
        )
        if playbook.version == 0:
            first = replace(kept, version=1)
            return replace(playbook, version=1) if self._playbooks.add(first) else None
        stored = self._playbooks.save(kept)
        return replace(playbook, version=stored.version) if stored else None


def _key(strategy_id: str, version: int) -> str:
    return f"{strategy_id}#{version:06d}"


def _kept(strategy: Strategy) -> _Kept:
    return _Kept(
        portfolio_id=strategy.portfolio_id,
        key=_key(strategy.strategy_id, strategy.version),
        state=strategy.state.value,
        version=strategy.edit,
        body=to_plain(strategy),
    )


def _strategy(kept: _Kept) -> Strategy:
    return replace(from_plain(Strategy, kept.body), edit=kept.version)
