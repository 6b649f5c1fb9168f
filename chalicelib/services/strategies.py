"""Strategies and segments: written as drafts, published with a date, never changed after that."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain import ids, prices
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import (
    BadField,
    StrategyInvalid,
    StrategyMoved,
    StrategyNotFound,
    StrategyWrongState,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.access import (
    MANAGERS,
    STAFF,
    Portfolios,
    need,
    need_portfolio,
    open_portfolio,
)
from chalicelib.services.strategies_in_force import in_force, problems
from chalicelib.services.upload_ports import Queue
from chalicelib.strategies import validation
from chalicelib.strategies.model import Playbook, Segment, Strategy, StrategyState
from chalicelib.strategies.ready_made import ready_made
from chalicelib.strategies.validation import Problem

# What a person may write into a strategy; the rest is ours.
CONTENT = ("name", "steps", "min_gap_days", "stop", "pause_on_promise", "arms")
MOST_STRATEGIES = 60


class Strategies(Protocol):
    def add(self, strategy: Strategy) -> bool:
        """Keep a new version; False when there is one of that number."""
        ...

    def save(self, strategy: Strategy) -> Strategy | None:
        """Write over the edit it was read at; None when somebody else has since."""
        ...

    def get(self, portfolio_id: str, strategy_id: str, version: int) -> Strategy | None: ...

    def all(self, portfolio_id: str) -> list[Strategy]:
        """Every version of every strategy, by strategy and version."""
        ...

    def playbook(self, portfolio_id: str) -> Playbook | None: ...

    def save_playbook(self, playbook: Playbook) -> Playbook | None:
        """Write over the version it was read at; None when somebody else has since."""
        ...


# Reading


def listed(
    portfolio_id: str, *, actor: Actor, strategies: Strategies
) -> tuple[list[Strategy], Playbook]:
    """Give the newest version of every strategy that is not archived, and the playbook."""
    need_portfolio(actor, portfolio_id, *STAFF)
    newest = {each.strategy_id: each for each in strategies.all(portfolio_id)}
    living = [each for each in newest.values() if each.state is not StrategyState.ARCHIVED]
    return (
        sorted(living, key=lambda each: (each.name.casefold(), each.strategy_id)),
        _playbook(portfolio_id, strategies),
    )


def versions(
    portfolio_id: str, strategy_id: str, *, actor: Actor, strategies: Strategies
) -> list[Strategy]:
    """
    Give every version of a strategy, newest first.

    Raises:
        StrategyNotFound: None of the portfolio.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    return _versions(portfolio_id, strategy_id, strategies)


# Writing


def create(
    portfolio_id: str,
    *,
    from_ready_made: str = "",
    content: Mapping[str, Any] | None = None,
    key: str,
    actor: Actor,
    portfolios: Portfolios,
    strategies: Strategies,
    now: datetime,
) -> Strategy:
    """
    Start a strategy as a draft: from a ready-made one, from *content*, or empty.

    Args:
        key: Names this request; a second one with the same key gives the same strategy.

    Raises:
        BadField: No such ready-made strategy, or too many strategies.
    """
    portfolio = _portfolio(portfolio_id, actor, portfolios)
    strategy_id = ids.derived_id("str", portfolio_id, key)
    if from_ready_made:
        ready = ready_made().get(from_ready_made)
        if ready is None:
            raise BadField(field="ready_made", reason="unknown")
        made = ready.strategy(strategy_id, portfolio_id, portfolio.language)
    else:
        made = Strategy(strategy_id=strategy_id, portfolio_id=portfolio_id, name="", steps=())
    made = _written(made, content or {}, actor, now)
    if len({each.strategy_id for each in strategies.all(portfolio_id)}) >= MOST_STRATEGIES:
        raise BadField(field="strategies", reason="too_many", most=MOST_STRATEGIES)
    if not strategies.add(made):
        return _versions(portfolio_id, strategy_id, strategies)[0]
    return made


def write(
    portfolio_id: str,
    strategy_id: str,
    content: Mapping[str, Any],
    *,
    edit: int,
    actor: Actor,
    portfolios: Portfolios,
    strategies: Strategies,
    now: datetime,
) -> Strategy:
    """
    Put new content: over the draft if the newest version is one, else as the next version.

    A draft may be wrong in any way; see ``problems``.

    Args:
        edit: The ``edit`` of the newest version as it was read.

    Raises:
        StrategyMoved: Somebody else has written since.
        StrategyWrongState: It is archived.
    """
    _portfolio(portfolio_id, actor, portfolios)
    newest = _versions(portfolio_id, strategy_id, strategies)[0]
    if newest.edit != edit:
        raise StrategyMoved(strategy_id=strategy_id)
    if newest.state is StrategyState.ARCHIVED:
        raise StrategyWrongState(state=newest.state.value)
    if newest.state is StrategyState.DRAFT:
        stored = strategies.save(_written(newest, content, actor, now))
        if stored is None:
            raise StrategyMoved(strategy_id=strategy_id)
        return stored
    following = replace(
        newest,
        version=newest.version + 1,
        state=StrategyState.DRAFT,
        valid_from=None,
        published_at=None,
        edit=newest.edit + 1,
    )
    made = _written(following, content, actor, now)
    if not strategies.add(made):
        raise StrategyMoved(strategy_id=strategy_id)
    return made


def publish(
    portfolio_id: str,
    strategy_id: str,
    *,
    valid_from: date | None,
    edit: int,
    actor: Actor,
    portfolios: Portfolios,
    strategies: Strategies,
    work: Queue,
    now: datetime,
) -> Strategy:
    """
    Publish the draft: from its day on it is what is done, and it never changes again.

    Running cases move on by the facts: what an earlier version said is not said again. The
    first strategy of a portfolio without segments gets one of its own. Safe to repeat.

    Args:
        valid_from: A day of the portfolio's calendar, today or later; None = today.

    Raises:
        StrategyInvalid: With everything that is wrong.
        StrategyWrongState: The newest version is not a draft.
        StrategyMoved: Somebody else has written since.
    """
    portfolio = _portfolio(portfolio_id, actor, portfolios)
    draft = _versions(portfolio_id, strategy_id, strategies)[0]
    today = local_day(now, portfolio.time_zone)
    day = valid_from or today
    again = (draft.state, draft.edit, draft.valid_from) == (StrategyState.PUBLISHED, edit + 1, day)
    if again:
        _follow(draft, strategies, work, actor, now)
        return draft
    if draft.state is not StrategyState.DRAFT:
        raise StrategyWrongState(state=draft.state.value)
    if draft.edit != edit:
        raise StrategyMoved(strategy_id=strategy_id)
    if day < today:
        raise BadField(field="valid_from", reason="in_the_past")
    _refuse(problems(draft, portfolio))
    published = strategies.save(
        replace(draft, state=StrategyState.PUBLISHED, valid_from=day, published_at=now)
    )
    if published is None:
        raise StrategyMoved(strategy_id=strategy_id)
    _follow(published, strategies, work, actor, now)
    return published


def archive(
    portfolio_id: str,
    strategy_id: str,
    *,
    actor: Actor,
    portfolios: Portfolios,
    strategies: Strategies,
) -> Strategy:
    """
    Take a strategy out of use; what it did stays on record. Safe to repeat.

    Raises:
        StrategyWrongState: A segment still uses it.
    """
    _portfolio(portfolio_id, actor, portfolios)
    newest = _versions(portfolio_id, strategy_id, strategies)[0]
    if newest.state is StrategyState.ARCHIVED:
        return newest
    users = [
        segment.segment_id
        for segment in _playbook(portfolio_id, strategies).segments
        if segment.strategy_id == strategy_id
    ]
    if users:
        raise StrategyWrongState(used_by=users)
    stored = strategies.save(replace(newest, state=StrategyState.ARCHIVED))
    if stored is None:
        raise StrategyMoved(strategy_id=strategy_id)
    return stored


def put_playbook(
    portfolio_id: str,
    content: Mapping[str, Any],
    *,
    version: int,
    actor: Actor,
    portfolios: Portfolios,
    strategies: Strategies,
    work: Queue,
    now: datetime,
) -> Playbook:
    """
    Replace the segments and limits; every case is looked at again from today.

    Args:
        version: Of the playbook as it was read.

    Raises:
        NotAllowed: Only an admin says what messages cost.
        StrategyInvalid: With everything that is wrong.
        StrategyMoved: Somebody else has written since.
    """
    portfolio = _portfolio(portfolio_id, actor, portfolios)
    known = _playbook(portfolio_id, strategies)
    if known.version != version:
        raise StrategyMoved
    own = {
        "portfolio_id": portfolio_id,
        "updated_at": to_plain(now),
        "updated_by": actor.actor_id,
        "version": version,
        "budget_currency": prices.currency(),
    }
    if content.get("own_prices") is None:
        own["own_prices"] = known.own_prices
    elif content["own_prices"] != known.own_prices:
        need(actor, Role.ADMIN)
    playbook = from_plain(Playbook, {**content, **own})
    published = {each.strategy_id for each in in_force(strategies.all(portfolio_id))}
    _refuse(validation.of_playbook(playbook, published))
    stored = strategies.save_playbook(playbook)
    if stored is None:
        raise StrategyMoved
    work.send([review(portfolio_id, local_day(now, portfolio.time_zone))])
    return stored


def review(portfolio_id: str, day: date) -> dict[str, Any]:
    """The message that has every case of a portfolio looked at again on *day*."""
    return {"step": "review", "portfolio_id": portfolio_id, "day": day.isoformat(), "shard": None}


# Private


def _portfolio(portfolio_id: str, actor: Actor, portfolios: Portfolios) -> Portfolio:
    return open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)


def _playbook(portfolio_id: str, strategies: Strategies) -> Playbook:
    return strategies.playbook(portfolio_id) or Playbook(portfolio_id=portfolio_id)


def _versions(portfolio_id: str, strategy_id: str, strategies: Strategies) -> list[Strategy]:
    found = [each for each in strategies.all(portfolio_id) if each.strategy_id == strategy_id]
    if not found:
        raise StrategyNotFound(strategy_id=strategy_id)
    return sorted(found, key=lambda each: -each.version)


def _written(
    strategy: Strategy, content: Mapping[str, Any], actor: Actor, now: datetime
) -> Strategy:
    plain = to_plain(strategy) | {name: content[name] for name in CONTENT if name in content}
    made = from_plain(Strategy, plain)
    return replace(made, created_at=now, created_by=actor.actor_id)


def _follow(
    published: Strategy, strategies: Strategies, work: Queue, actor: Actor, now: datetime
) -> None:
    """Do what follows a publication: a first segment, and every case looked at on its day."""
    assert published.valid_from is not None  # noqa: S101 - published ones have it
    _first_segment(published, strategies, actor, now)
    work.send([review(published.portfolio_id, published.valid_from)])


def _first_segment(strategy: Strategy, strategies: Strategies, actor: Actor, now: datetime) -> None:
    playbook = _playbook(strategy.portfolio_id, strategies)
    if playbook.segments:
        return
    ready = ready_made().get(strategy.ready_made)
    segment = Segment(
        segment_id="first",
        name=strategy.name,
        priority=1,
        strategy_id=strategy.strategy_id,
        rule=ready.rule if ready else None,
    )
    strategies.save_playbook(
        replace(playbook, segments=(segment,), updated_at=now, updated_by=actor.actor_id)
    )


def _refuse(found: tuple[Problem, ...]) -> None:
    if found:
        raise StrategyInvalid(
            problems=[
                {"where": each.where, "field": each.field, "reason": each.reason} for each in found
            ]
        )
