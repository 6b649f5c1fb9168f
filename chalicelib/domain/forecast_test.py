"""Which forecast a portfolio goes by, and the one that is tried against it on part of the cases."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

RULES = "rules"  # no forecast: rules rank alone
MODELS = ("first", "second")  # what may ship; see ``prediction.forecast``
CHAMPION, CHALLENGER = "champion", "challenger"
MOST_PERCENT = 50
_WHOLE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastPolicy:
    """
    Args:
        champion: ``rules`` or one of ``MODELS``.
        challenger: Another of them, tried on ``percent`` of the cases; empty = no test runs.
        test_id: Of the running test; whatever of it changes makes another.
        champion_id, challenger_id: What was deployed under these names when the test began;
            ``rules`` for rules.
    """

    champion: str = MODELS[0]
    challenger: str = ""
    percent: int = 0
    test_id: str = ""
    champion_id: str = ""
    challenger_id: str = ""

    @property
    def runs(self) -> bool:
        return self.challenger != ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastTest:
    """A test as it began; cases that take part in it are kept as enrolments under its id."""

    portfolio_id: str
    test_id: str
    policy: ForecastPolicy
    started_at: datetime
    started_by: str
    version: int = 1


def arm_of(policy: ForecastPolicy, case_id: str) -> str:
    """
    Put a case into an arm, always the same while a test runs.

    >>> arm_of(ForecastPolicy(), "cas_1")
    'champion'
    >>> arm_of(ForecastPolicy(challenger="rules", percent=50, test_id="a"), "cas_1")
    'challenger'
    """
    if not policy.runs:
        return CHAMPION
    drawn = hashlib.sha256(f"{policy.test_id}/{case_id}".encode()).digest()
    point = int.from_bytes(drawn[:8], "big") % _WHOLE
    return CHALLENGER if point < policy.percent * _WHOLE // 100 else CHAMPION


def faults(policy: ForecastPolicy) -> Iterator[tuple[str, str]]:
    """Say what makes no sense, by field and reason."""
    if policy.champion not in (RULES, *MODELS):
        yield "champion", "not_one_of"
    if not policy.runs:
        if policy.percent:
            yield "percent", "too_large"
        return
    if policy.challenger not in (RULES, *MODELS):
        yield "challenger", "not_one_of"
    if policy.challenger == policy.champion:
        yield "challenger", "repeated"
    if not 1 <= policy.percent <= MOST_PERCENT:
        yield "percent", "too_small" if policy.percent < 1 else "too_large"
