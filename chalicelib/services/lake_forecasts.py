"""
What an export tells of forecasts: what was told of debts on its days, of what is kept by day.

Nothing of it comes late but what was written while the day ended: of the day before those asked
for, what was told in its last minutes is looked for once more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from chalicelib.bi import foretold
from chalicelib.bi.snapshots import begins
from chalicelib.domain.foretold import Telling
from chalicelib.domain.portfolio import Portfolio

WRITTEN_WITHIN = timedelta(minutes=20)  # a function runs 15: it may write after its day is over


class Forecasts(Protocol):
    """See ``store.enrolments``."""

    def told_in(self, portfolio_id: str, first: date, last: date) -> list[str]: ...
    def tellings(self, part: str, first: date, last: date) -> Iterator[Telling]: ...


@dataclass(frozen=True, slots=True)
class NoForecasts:
    """Where nothing is foretold."""

    def told_in(self, portfolio_id: str, first: date, last: date) -> list[str]:  # noqa: ARG002
        return []

    def tellings(self, part: str, first: date, last: date) -> Iterator[Telling]:  # noqa: ARG002
        return iter(())


@dataclass(frozen=True, slots=True)
class Told:
    """
    Args:
        late: Whether it is of the day before those asked for.
        rows: Of its debts.
    """

    case_id: str
    day: date
    late: bool
    rows: tuple[dict[str, Any], ...]


def parts(
    forecasts: Forecasts, portfolio: Portfolio, days: Sequence[date], *, after: str
) -> Iterator[tuple[str, Iterator[Told]]]:
    """
    Give what was told on some days, part by part.

    Args:
        days: Those asked for, in order.
        after: Go on behind this part.
    """
    eve, last = days[0] - timedelta(days=1), days[-1]
    since = begins(days[0], portfolio.time_zone) - WRITTEN_WITHIN
    for part in forecasts.told_in(portfolio.portfolio_id, eve, last):
        if part > after:
            known = forecasts.tellings(part, eve, last)
            yield part, (_told(one, eve) for one in known if one.on > eve or one.at >= since)


def _told(telling: Telling, eve: date) -> Told:
    return Told(telling.case_id, telling.on, telling.on == eve, tuple(foretold.rows(telling)))
