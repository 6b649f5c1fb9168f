"""A portfolio whose plan runs in memory, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.case import CaseChange, CaseFile
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.experiment import Enrolment
from chalicelib.domain.foretold import Telling
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import plan_agenda, plan_limits, planning
from chalicelib.services.plan_limits import Price, usual_price
from chalicelib.strategies.model import Playbook, Segment, Strategy, StrategyState
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of, reopened
from tests.fakes import MemoryCases
from tests.unit.strategies.world import THREE

BOSS = Actor(actor_id="user:ana", role=Role.SUPERVISOR, portfolios=("prt_test",), name="Ana")
AGENT = replace(BOSS, role=Role.AGENT)


class MemoryStrategies:
    """What ``store.strategies.StrategyStore`` promises, in dictionaries."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, int], Strategy] = {}
        self.playbooks: dict[str, Playbook] = {}

    def add(self, strategy: Strategy) -> bool:
        key = (strategy.portfolio_id, strategy.strategy_id, strategy.version)
        if key in self.kept:
            return self.kept[key] == strategy
        self.kept[key] = strategy
        return True

    def save(self, strategy: Strategy) -> Strategy | None:
        key = (strategy.portfolio_id, strategy.strategy_id, strategy.version)
        if self.kept[key].edit != strategy.edit:
            return None
        self.kept[key] = replace(strategy, edit=strategy.edit + 1)
        return self.kept[key]

    def get(self, portfolio_id: str, strategy_id: str, version: int) -> Strategy | None:
        return self.kept.get((portfolio_id, strategy_id, version))

    def all(self, portfolio_id: str) -> list[Strategy]:
        return [one for key, one in sorted(self.kept.items()) if key[0] == portfolio_id]

    def playbook(self, portfolio_id: str) -> Playbook | None:
        return self.playbooks.get(portfolio_id)

    def save_playbook(self, playbook: Playbook) -> Playbook | None:
        known = self.playbooks.get(playbook.portfolio_id)
        if (known.version if known else 0) != playbook.version:
            return None
        self.playbooks[playbook.portfolio_id] = replace(playbook, version=playbook.version + 1)
        return self.playbooks[playbook.portfolio_id]


class MemoryAllowances:
    """What ``store.allowances.AllowanceStore`` promises."""

    def __init__(self) -> None:
        self.granted: dict[tuple[str, str, str], int] = {}

    def grant(
        self,
        portfolio_id: str,
        name: str,
        amounts: Sequence[int],
        *,
        most: int | None,
        part: str = "",
        part_most: int | None = None,
        now: datetime,
    ) -> int:
        limits = [("", most), (part, part_most)] if part else [("", most)]
        room = min(
            (
                limit - self.used(portfolio_id, name, of)
                for of, limit in limits
                if limit is not None
            ),
            default=sum(amounts),
        )
        total, number = 0, 0
        for amount in amounts:
            if total + amount > room:
                break
            total, number = total + amount, number + 1
        self._add(portfolio_id, name, part, total)
        return number

    def give_back(
        self, portfolio_id: str, name: str, amount: int, *, part: str = "", now: datetime
    ) -> None:
        if all(self.used(portfolio_id, name, of) >= amount for of in ("", part)):
            self._add(portfolio_id, name, part, -amount)

    def used(self, portfolio_id: str, name: str, part: str = "") -> int:
        return self.granted.get((portfolio_id, name, part), 0)

    def _add(self, portfolio_id: str, name: str, part: str, amount: int) -> None:
        for of in {"", part}:
            self.granted[portfolio_id, name, of] = self.used(portfolio_id, name, of) + amount


class MemoryBids:
    """What ``store.bids.BidStore`` promises."""

    def __init__(self) -> None:
        self.placed: dict[tuple[str, date, str], dict[str, int]] = {}

    def place(self, portfolio_id: str, day: date, bids, *, now: datetime) -> None:
        for segment_id, score, case_id in bids:
            self.placed.setdefault((portfolio_id, day, segment_id), {})[case_id] = score

    def best(self, portfolio_id: str, day: date, segment_id: str, *, most: int) -> list[str]:
        known = self.placed.get((portfolio_id, day, segment_id), {})
        return sorted(known, key=lambda key: (-known[key], key))[:most]

    def drop(self, portfolio_id: str, day: date, segment_id: str, case_ids) -> None:
        for case_id in case_ids:
            self.placed.get((portfolio_id, day, segment_id), {}).pop(case_id, None)


class MemoryEnrolments:
    """What ``store.enrolments.EnrolmentStore`` promises."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], Enrolment] = {}
        self.kept: dict[tuple[str, str, str], Telling] = {}

    def enrol(self, portfolio_id: str, strategy: str, arm: str, case_id: str, on: date) -> None:
        row = Enrolment(case_id=case_id, arm=arm, since=on)
        self.rows.setdefault((portfolio_id, strategy, case_id), row)

    def tell(self, portfolio_id: str, telling: Telling) -> None:
        arm = telling.basis if telling.percent is None else str(telling.percent)
        self.enrol(portfolio_id, telling.name, arm, telling.case_id, telling.on)
        self.kept.setdefault((portfolio_id, telling.name, telling.case_id), telling)

    def told_in(self, portfolio_id: str, first: date, last: date) -> list[str]:
        months = f"{first:%Y-%m}", f"{last:%Y-%m}"
        return sorted(
            {
                f"{key[0]}#{key[1]}"
                for key in self.kept
                if key[0] == portfolio_id and months[0] <= key[1][-7:] <= months[1]
            }
        )

    def tellings(self, part: str, first: date, last: date):
        found = [one for key, one in self.kept.items() if f"{key[0]}#{key[1]}" == part]
        return iter([one for one in found if first <= one.on <= last])

    def known(self, portfolio_id: str, strategy: str, case_ids) -> set[str]:
        return {one for one in case_ids if (portfolio_id, strategy, one) in self.rows}

    def enrolled(self, portfolio_id: str, strategy: str, *, after: str = ""):
        known = [r for key, r in self.rows.items() if key[:2] == (portfolio_id, strategy)]
        known.sort(key=lambda row: row.case_id)
        return iter([row for row in known if row.case_id > after])


class Queue:
    """Messages that wait; ``PlanWorld.work`` does them."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def send(self, messages) -> None:
        self.messages += list(messages)


@dataclass
class OnePortfolio:
    portfolio: Portfolio

    def get(self, portfolio_id: str) -> Portfolio | None:
        return self.portfolio if portfolio_id == self.portfolio.portfolio_id else None

    def all(self) -> list[Portfolio]:
        return [self.portfolio]


@dataclass
class PlanWorld:
    portfolio: Portfolio = field(default_factory=a_portfolio)
    cases: MemoryCases = field(default_factory=MemoryCases)
    strategies: MemoryStrategies = field(default_factory=MemoryStrategies)
    allowances: MemoryAllowances = field(default_factory=MemoryAllowances)
    bids: MemoryBids = field(default_factory=MemoryBids)
    enrolments: MemoryEnrolments = field(default_factory=MemoryEnrolments)
    queue: Queue = field(default_factory=Queue)
    price: Price = usual_price
    now: datetime = NOW
    totals: dict[str, int] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)  # (case, segment), to be ranked
    filled: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cases.unspent = self._returned

    @property
    def portfolios(self) -> OnePortfolio:
        return OnePortfolio(self.portfolio)

    @property
    def today(self) -> date:
        return self.now.date()  # NOW is noon in Mexico City

    def debtor(self, number: int = 1, *, due_on: date, minor: int = 100_000) -> str:
        debt = a_debt(f"F-{number}", due_on=due_on, stated_principal_minor=minor)
        draft = a_draft(debt, portfolio=self.portfolio, key=f"D-{number}", now=self.now)
        change = change_of(draft)
        self.cases.commit(change)
        return change.after.case_id

    def follow(self, strategy: Strategy = THREE, **segment: Any) -> None:
        """Publish *strategy* for everybody."""
        published = replace(strategy, state=StrategyState.PUBLISHED)
        self.strategies.add(published)
        base: dict[str, Any] = {
            "segment_id": "all",
            "name": "Todos",
            "priority": 1,
            "strategy_id": strategy.strategy_id,
        }
        book = self.strategies.playbook("prt_test") or Playbook(portfolio_id="prt_test")
        own = Segment(**base | segment)
        self.strategies.save_playbook(replace(book, segments=(*book.segments, own)))

    def run(self) -> dict[str, int]:
        """Let the plan run once, until its queue is empty."""
        plan_agenda.start(portfolios=self.portfolios, work=self.queue)
        self.totals = {}
        while self.queue.messages:
            self.work(self.queue.messages.pop(0))
        return self.totals

    def work(self, message: dict[str, Any]) -> None:
        if message["step"] == "due":
            plan_agenda.read_agenda(
                message["portfolio_id"],
                message["shard"],
                cursor=message["cursor"],
                portfolios=self.portfolios,
                cases=self.cases,
                work=self.queue,
                now=self.now,
                time_left_s=lambda: 60.0,
            )
        elif message["step"] == "review":
            plan_agenda.review(
                message["portfolio_id"],
                date.fromisoformat(message["day"]),
                shard=message["shard"],
                cursor=message.get("cursor"),
                cases=self.cases,
                work=self.queue,
                time_left_s=lambda: 60.0,
            )
        elif message["step"] == "award":
            self.award()
        elif message["step"] == "fill":
            self.filled.append(message["portfolio_id"])  # what that does: tests.queue_world
        else:
            done = self.plan(message["case_ids"], awarded=message.get("awarded", False))
            for name, number in done.items():
                self.totals[name] = self.totals.get(name, 0) + number

    def award(self) -> int:
        return plan_agenda.award(
            "prt_test",
            portfolios=self.portfolios,
            strategies=self.strategies,
            cases=self.cases,
            allowances=self.allowances,
            bids=self.bids,
            work=self.queue,
            now=self.now,
        )

    def plan(self, case_ids: Sequence[str], *, awarded: bool = False) -> dict[str, int]:
        return planning.plan_cases(
            "prt_test",
            case_ids,
            portfolios=self.portfolios,
            strategies=self.strategies,
            cases=self.cases,
            allowances=self.allowances,
            enrolments=self.enrolments,
            bids=self.bids,
            awarded=awarded,
            price=self.price,
            tell=lambda seen, _: self.told.extend((one.head.case_id, of) for one, of in seen),
            now=self.now,
        )

    def deliver(self) -> list[tuple[date, str]]:
        """Have everything that waits in the outbox accepted by its provider."""
        went = []
        for file in list(self.cases.files.values()):
            for attempt in file.attempts:
                if attempt.state is AttemptState.PLANNED:
                    sent = replace(attempt, state=AttemptState.SENT, sent_at=self.now)
                    self.change(file.head.case_id, lambda d, one=sent: d._keep(one, "sent", {}))
                    went.append((self.today, attempt.cause.step))
        return went

    def change(self, case_id: str, do, actor: str = "user:ana") -> CaseFile:
        draft = reopened(self.cases.open(case_id), self.portfolio, now=self.now, actor=actor)
        do(draft)
        self.cases.commit(change_of(draft))
        return self.cases.open(case_id)

    def pass_days(self, number: int = 1) -> None:
        self.now += timedelta(days=number)

    def _returned(self, changes: Sequence[CaseChange]) -> None:
        plan_limits.give_back_unspent(
            [one for change in changes for one in change.unspent],
            self.portfolio,
            self.strategies.playbook("prt_test"),
            allowances=self.allowances,
            price=self.price,
            now=self.now,
        )
