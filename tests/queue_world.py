"""A portfolio whose calls are handed out in memory."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.call_turn import Listed, Place, Turn
from chalicelib.domain.case import CaseFile
from chalicelib.domain.good_hours import GoodHours
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import call_queue, calls, ranking
from chalicelib.strategies.model import Playbook, Segment
from tests.builders import a_debt, a_draft, a_portfolio, change_of, reopened
from tests.fakes import MemoryCases
from tests.plan_world import MemoryEnrolments, MemoryStrategies, OnePortfolio, Queue

# A Tuesday at noon in Mexico City, when the law lets people be called.
NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ANA = Actor(actor_id="user:ana", role=Role.AGENT, portfolios=("prt_test",), name="Ana")
LUIS = replace(ANA, actor_id="user:luis", name="Luis")
BOSS = replace(ANA, actor_id="user:eva", role=Role.SUPERVISOR, name="Eva")


class MemoryCallTurns:
    """What ``store.call_turns.CallTurnStore`` promises, in dictionaries."""

    def __init__(self) -> None:
        self.kept: dict[str, Turn] = {}
        self.persons: dict[tuple[str, str], str] = {}
        self.counted: dict[tuple[str, date], dict[str, int]] = {}
        self.fills: dict[str, tuple[date, str | None]] = {}
        self._lock = threading.Lock()

    def get(self, case_id: str) -> Turn | None:
        return self.kept.get(case_id)

    def get_many(self, case_ids: Iterable[str]) -> dict[str, Turn]:
        return {one: self.kept[one] for one in case_ids if one in self.kept}

    def move(self, before: Turn | None, after: Turn, *, now: datetime) -> Turn | None:
        with self._lock:
            known = self.kept.get(after.case_id)
            if (known.version if known else 0) != (before.version if before else 0):
                return None
            stored = replace(after, version=(before.version if before else 0) + 1)
            self.kept[after.case_id] = stored
            if after.place is Place.TAKEN:
                self.persons[after.portfolio_id, after.person_id] = after.case_id
            return stored

    def move_many(self, moves: Sequence[tuple[Turn | None, Turn]], *, now: datetime) -> int:
        return sum(self.move(*one, now=now) is not None for one in moves)

    def best(
        self, portfolio_id: str, day: date, segment: str, *, most: int
    ) -> list[tuple[int, str]]:
        listed = self.listed(portfolio_id, day, segment, most=most)
        return [(one.score, one.case_id) for one in listed]

    def listed(self, portfolio_id: str, day: date, segment: str, *, most: int) -> list[Listed]:
        found = [
            Listed(one.score, one.case_id, one.hours)
            for one in self.kept.values()
            if (one.portfolio_id, one.place, one.day, one.segment)
            == (portfolio_id, Place.READY, day, segment)
        ]
        return sorted(found, key=lambda row: (-row.score, row.case_id))[:most]

    def due(self, portfolio_id: str, now: datetime, *, most: int) -> list[str]:
        found = [one for one in self._later(portfolio_id) if one[0] <= now]
        return [case_id for _, case_id in found[:most]]

    def waiting(self, portfolio_id: str, *, most: int) -> int:
        return len(self._later(portfolio_id)[:most])

    def held(self, portfolio_id: str, person_id: str) -> str | None:
        return self.persons.get((portfolio_id, person_id))

    def holders(self, portfolio_id: str) -> list[tuple[str, str]]:
        return sorted(
            (person, case_id)
            for (pid, person), case_id in self.persons.items()
            if pid == portfolio_id
        )

    def gave(self, portfolio_id: str, day: date, name: str, *, now: datetime) -> None:
        of = self.counted.setdefault((portfolio_id, day), {})
        of[name] = of.get(name, 0) + 1

    def given(self, portfolio_id: str, day: date) -> dict[str, int]:
        return dict(self.counted.get((portfolio_id, day), {}))

    def filled(self, portfolio_id: str) -> tuple[date | None, str | None]:
        return self.fills.get(portfolio_id, (None, None))

    def fill(self, portfolio_id: str, before: date | None, day: date, cursor: str | None) -> bool:
        if self.filled(portfolio_id)[0] != before:
            return False
        self.fills[portfolio_id] = (day, cursor)
        return True

    def _later(self, portfolio_id: str) -> list[tuple[datetime, str]]:
        return sorted(
            (one.until, one.case_id)
            for one in self.kept.values()
            if one.portfolio_id == portfolio_id
            and one.place in (Place.LATER, Place.TAKEN)
            and one.until is not None
        )


@dataclass
class QueueWorld:
    portfolio: Portfolio = field(default_factory=a_portfolio)
    cases: MemoryCases = field(default_factory=MemoryCases)
    strategies: MemoryStrategies = field(default_factory=MemoryStrategies)
    turns: Any = field(default_factory=MemoryCallTurns)
    work: Queue = field(default_factory=Queue)
    enrolments: MemoryEnrolments = field(default_factory=MemoryEnrolments)
    now: datetime = NOON
    hours: GoodHours | None = None

    @property
    def portfolios(self) -> OnePortfolio:
        return OnePortfolio(self.portfolio)

    @property
    def means(self) -> call_queue.Means:
        return call_queue.Means(
            turns=self.turns,
            cases=self.cases,
            portfolios=self.portfolios,
            playbooks=self.strategies,
            usual=lambda _: 100_000,
            hours=lambda _: self.hours,
        )

    def debtor(self, number: int, *, late: int = 10, minor: int = 100_000, **values: Any) -> str:
        """A case that is so many days late, and not ranked yet."""
        due_on = self.now.date() - timedelta(days=late)
        debt = a_debt(f"F-{number}", due_on=due_on, stated_principal_minor=minor)
        draft = a_draft(debt, portfolio=self.portfolio, key=f"D-{number}", now=self.now, **values)
        change = change_of(draft)
        self.cases.commit(change)
        return change.after.case_id

    def segments(self, *rules: tuple[str, Any]) -> None:
        self.strategies.save_playbook(
            Playbook(
                portfolio_id="prt_test",
                segments=tuple(
                    Segment(segment_id=one, name=one, priority=place, strategy_id="", rule=rule)
                    for place, (one, rule) in enumerate(rules)
                ),
            )
        )

    def rank(self, *case_ids: str) -> int:
        return ranking.rank_cases(
            "prt_test",
            case_ids or tuple(self.cases.files),
            portfolios=self.portfolios,
            playbooks=self.strategies,
            cases=self.cases,
            turns=self.turns,
            enrolments=self.enrolments,
            usual=lambda _: 100_000,
            hours=lambda _: self.hours,
            now=self.now,
        )

    def fill(self) -> int:
        return ranking.fill(
            "prt_test",
            portfolios=self.portfolios,
            cases=self.cases,
            turns=self.turns,
            work=self.work,
            now=self.now,
        )

    def next(self, actor: Actor = ANA) -> call_queue.Given:
        return call_queue.take_next("prt_test", actor=actor, means=self.means, now=self.now)

    def act(self, case_id: str, action: str, actor: Actor = ANA, **values: Any) -> Turn:
        return call_queue.act(
            "prt_test",
            case_id,
            action=action,
            actor=actor,
            means=self.means,
            now=self.now,
            **values,
        )

    def end(self, case_id: str, person_id: str = "ana") -> Turn | None:
        return call_queue.end(
            case_id,
            person_id=person_id,
            turns=self.turns,
            portfolio=self.portfolio,
            now=self.now,
        )

    def change(self, case_id: str, do, actor: str = "user:ana") -> CaseFile:
        draft = reopened(self.cases.open(case_id), self.portfolio, now=self.now, actor=actor)
        do(draft)
        self.cases.commit(change_of(draft))
        return self.cases.open(case_id)


class CallWorld(QueueWorld):
    """A queue whose callers call."""

    def stores(self, actor: Actor = ANA) -> dict[str, Any]:
        return {
            "actor": actor,
            "cases": self.cases,
            "portfolios": self.portfolios,
            "now": self.now,
        }

    def begin(self, case_id: str, actor: Actor = ANA, key: str = "k") -> str:
        point = self.cases.open(case_id).contacts[0].contact_id
        calls.begin(case_id, point, key=key, **self.stores(actor))
        call = calls.open_call(self.cases.open(case_id))
        assert call is not None
        return call.attempt_id
