"""What a portfolio's strategies do as they stand: which are in force, and what is lacking."""

from collections.abc import Iterable
from typing import Protocol

from chalicelib.compliance import packs
from chalicelib.domain.contact import Cause
from chalicelib.domain.offer import Offer
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import identification
from chalicelib.strategies import validation
from chalicelib.strategies.model import CallBack, Step, Strategy, StrategyState
from chalicelib.strategies.validation import Problem


class Published(Protocol):
    def all(self, portfolio_id: str) -> list[Strategy]: ...


class Versions(Protocol):
    def get(self, portfolio_id: str, strategy_id: str, version: int) -> Strategy | None: ...


def problems(strategy: Strategy, portfolio: Portfolio) -> tuple[Problem, ...]:
    """List what stands between a draft and its publication, the portfolio's part included."""
    found = validation.of_strategy(strategy, portfolio.policies.agreements)
    writes = any(step.channels for step in strategy.steps)
    return found + tuple(
        Problem("", field, "missing") for field in (lacking(portfolio) if writes else ())
    )


def lacking(portfolio: Portfolio) -> tuple[str, ...]:
    """Name what the portfolio has to state before anybody is written to, as dotted paths."""
    return identification.lacking(portfolio, packs.identification(portfolio.country))


def any_in_force(portfolio_id: str, strategies: Published) -> bool:
    """Say whether any published strategy may write to the debtors of a portfolio."""
    return any(
        step.channels for each in in_force(strategies.all(portfolio_id)) for step in each.steps
    )


def in_force(strategies: Iterable[Strategy]) -> list[Strategy]:
    """Keep the published versions of strategies that are not archived."""
    found = list(strategies)
    newest = {each.strategy_id: each for each in found}
    return [
        each
        for each in found
        if each.state is StrategyState.PUBLISHED
        and newest[each.strategy_id].state is not StrategyState.ARCHIVED
    ]


def offer_of(portfolio_id: str, cause: Cause, *, strategies: Versions) -> Offer | None:
    """
    Say what the strategy behind a message offers: the first of its steps that offers anything.

    What later steps say of it is that same offer, which stands as it was made.
    """
    steps = _steps(portfolio_id, cause, strategies)
    return next((step.offer for step in steps if step.offer is not None), None)


def call_back_of(portfolio_id: str, cause: Cause, *, strategies: Versions) -> CallBack:
    """Say when the step behind a voice message has a person call."""
    steps = _steps(portfolio_id, cause, strategies)
    return next((one.call_back for one in steps if one.code == cause.step), CallBack.NEVER)


# Private


def _steps(portfolio_id: str, cause: Cause, strategies: Versions) -> tuple[Step, ...]:
    """The steps of the version that caused something; none where no strategy did."""
    strategy_id, _, version = cause.strategy.rpartition("@")
    if cause.kind != "strategy" or not version.isdecimal():
        return ()
    strategy = strategies.get(portfolio_id, strategy_id, int(version))
    return strategy.steps if strategy else ()
