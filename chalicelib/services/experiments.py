"""What became of an A/B test: who paid since they took part, by arm, and how sure that is."""

import base64
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.case import CaseHead
from chalicelib.domain.errors import BadField, StrategyNotFound
from chalicelib.domain.experiment import Enrolment, Interval, difference, share
from chalicelib.domain.people import Actor
from chalicelib.services.access import STAFF, need_portfolio
from chalicelib.services.strategies import Strategies

# Read per request; a larger test is counted on with the cursor, request by request.
MOST_CASES = 10_000
AT_ONCE = 500


class Enrolments(Protocol):
    def enrolled(self, portfolio_id: str, strategy: str, *, after: str = "") -> Iterator[Enrolment]:
        """In an order that has to do with nothing, and stays; from behind a case on."""
        ...


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
        cursor: Where to count on; None when every case is in the figures.
    """

    strategy: str
    base: str
    arms: tuple[ArmResult, ...]
    cursor: str | None


def result(
    portfolio_id: str,
    strategy_id: str,
    version: int,
    *,
    actor: Actor,
    strategies: Strategies,
    enrolments: Enrolments,
    heads: Heads,
    cursor: str | None = None,
) -> Result:
    """
    Count who paid anything since taking part, whoever of them was reached: by intention to treat.

    Args:
        cursor: Of the answer before: it carries what was counted so far.

    Raises:
        BadField: No cursor of ours.
        StrategyNotFound: No such version of the portfolio.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    strategy = strategies.get(portfolio_id, strategy_id, version)
    if strategy is None:
        raise StrategyNotFound(strategy_id=strategy_id)
    last, before = _opened(cursor) if cursor else ("", {})
    counts = {arm.code: list(before.get(arm.code, (0, 0))) for arm in strategy.arms}
    reading = enrolments.enrolled(portfolio_id, strategy.reference, after=last)
    taken = list(itertools.islice(reading, MOST_CASES)) if strategy.arms else []
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
        cursor=_sealed(taken[-1].case_id, counts) if len(taken) == MOST_CASES else None,
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


def _sealed(last: str, counts: Mapping[str, list[int]]) -> str:
    return base64.urlsafe_b64encode(json.dumps([last, counts]).encode()).decode()


def _opened(cursor: str) -> tuple[str, dict[str, list[int]]]:
    try:
        last, counts = json.loads(base64.urlsafe_b64decode(cursor))
        return str(last), {
            str(arm): [int(cases), int(paid)] for arm, (cases, paid) in counts.items()
        }
    except (ValueError, TypeError, AttributeError):
        raise BadField(field="cursor", reason="bad_format") from None
