"""What became of an A/B test: who paid since they took part, by arm, and how sure that is."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.case import CaseHead
from chalicelib.domain.errors import StrategyNotFound
from chalicelib.domain.experiment import Enrolment, Interval, difference, share
from chalicelib.domain.people import Actor
from chalicelib.services.access import STAFF, need_portfolio
from chalicelib.services.strategies import Strategies

# Read per request; a larger test is told from so many of its cases, chosen by their hashes.
MOST_CASES = 10_000
AT_ONCE = 500


class Enrolments(Protocol):
    def enrolled(self, portfolio_id: str, strategy: str) -> Iterator[Enrolment]: ...


class Heads(Protocol):
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmResult:
    """
    Args:
        cases, paid: How many took part, and how many of them have paid anything since.
        rate: Of those who paid; None without cases.
        against: Difference to the base arm; None for the base itself or without cases.
    """

    code: str
    holdout: bool
    cases: int
    paid: int
    rate: Interval | None
    against: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    Args:
        base: The arm others are compared with: the holdout, or else the first.
        sampled: Whether only a part of the cases was read.
    """

    strategy: str
    base: str
    arms: tuple[ArmResult, ...]
    sampled: bool


def result(
    portfolio_id: str,
    strategy_id: str,
    version: int,
    *,
    actor: Actor,
    strategies: Strategies,
    enrolments: Enrolments,
    heads: Heads,
) -> Result:
    """
    Count who paid anything since taking part, whoever of them was reached: by intention to treat.

    Raises:
        StrategyNotFound: No such version of the portfolio.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    strategy = strategies.get(portfolio_id, strategy_id, version)
    if strategy is None:
        raise StrategyNotFound(strategy_id=strategy_id)
    reading = enrolments.enrolled(portfolio_id, strategy.reference)
    taken = list(itertools.islice(reading, MOST_CASES + 1)) if strategy.arms else []
    sampled, taken = len(taken) > MOST_CASES, taken[:MOST_CASES]
    counts = {arm.code: [0, 0] for arm in strategy.arms}
    for first in range(0, len(taken), AT_ONCE):
        some = taken[first : first + AT_ONCE]
        known = heads.heads(one.case_id for one in some)
        for one in some:
            head = known.get(one.case_id)
            if head is None or one.arm not in counts:
                continue
            paid = head.last_payment_on is not None and head.last_payment_on >= one.since
            counts[one.arm][0] += 1
            counts[one.arm][1] += paid
    base = next((arm.code for arm in strategy.arms if arm.holdout), "")
    base = base or next((arm.code for arm in strategy.arms), "")
    return Result(
        strategy=strategy.reference,
        base=base,
        sampled=sampled,
        arms=tuple(_arm(arm.code, arm.holdout, counts, base) for arm in strategy.arms),
    )


def _arm(code: str, holdout: bool, counts: dict[str, list[int]], base: str) -> ArmResult:
    cases, paid = counts[code]
    base_cases, base_paid = counts[base]
    compared = code != base and cases > 0 and base_cases > 0
    return ArmResult(
        code=code,
        holdout=holdout,
        cases=cases,
        paid=paid,
        rate=share(paid, cases) if cases else None,
        against=difference(paid, cases, base_paid, base_cases) if compared else None,
    )
