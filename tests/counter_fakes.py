"""Counters in memory; what ``store.counters.CounterStore`` promises."""

from collections.abc import Iterable

from chalicelib.domain import counters
from chalicelib.domain.case import CounterMoves
from chalicelib.domain.effort import Sums as Effort
from chalicelib.domain.effort import key as effort_key
from chalicelib.domain.effort import with_months
from tests.fakes import MemoryCases


class MemoryCounters:
    """The counters that ``MemoryCases`` moves; what ``store.counters.CounterStore`` promises."""

    def __init__(self, cases: MemoryCases) -> None:
        self._cases = cases

    def people(self, portfolio_id: str) -> dict[str, dict[str, int]]:
        total = counters.merged(self._cases.moves.get(portfolio_id, []))
        found = {key: {n: by for n, by in of.items() if by} for key, of in total.people.items()}
        return {key: of for key, of in found.items() if of}

    def owners(self, portfolio_id: str) -> dict[str, int]:
        total = counters.merged(self._cases.moves.get(portfolio_id, []))
        return {key: by for key, by in total.owners.items() if by}

    def owned_by(self, portfolio_id: str, people: Iterable[str]) -> dict[str, int]:
        wanted = set(people)
        return {key: by for key, by in self.owners(portfolio_id).items() if key in wanted}

    def effort(self, portfolio_id: str, first: str, last: str) -> Effort:
        return {
            key: figures
            for key, figures in self._effort(portfolio_id).items()
            if key.index("#") == len(first) and first <= key.partition("#")[0] <= last
        }

    def effort_of(self, portfolio_id: str, person_id: str, whens: Iterable[str]) -> Effort:
        wanted = {effort_key(when, person_id) for when in whens}
        known = self._effort(portfolio_id)
        return {key: figures for key, figures in known.items() if key in wanted}

    def _effort(self, portfolio_id: str) -> Effort:
        total = counters.merged(self._cases.moves.get(portfolio_id, []))
        found = {
            key: {name: by for name, by in figures.items() if by}
            for key, figures in with_months(total.effort).items()
        }
        return {key: figures for key, figures in found.items() if figures}

    def read(self, portfolio_id: str, *, days_since: object = None) -> CounterMoves:
        total = counters.merged(self._cases.moves.get(portfolio_id, []))
        since = str(days_since or "")
        return CounterMoves(
            totals={name: by for name, by in total.totals.items() if by},
            due={key: by for key, by in total.due.items() if by},
            due_debts={key: by for key, by in total.due_debts.items() if by},
            days={
                day: flow for day, flow in total.days.items() if day >= since and any(flow.values())
            },
        )
