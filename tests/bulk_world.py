"""Jobs of many cases in memory: a portfolio, its cases, the queue's messages one by one."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.domain.bulk import BulkAction, BulkJob, Chunk
from chalicelib.domain.case import CaseFile, CaseHead, ContactKind
from chalicelib.domain.contact import HoldReason
from chalicelib.domain.draft import Draft
from chalicelib.domain.people import Actor, Person, Role
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import bulk_jobs, bulk_work
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of, reopened
from tests.contact_world import ReadyTexts
from tests.counter_fakes import MemoryCounters
from tests.fakes import MemoryCases
from tests.plan_world import MemoryStrategies, OnePortfolio, Queue

BOSS = Actor(actor_id="user:eva", role=Role.SUPERVISOR, portfolios=("prt_test",), name="Eva")
MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=NOW.tzinfo)  # noon in Mexico City
# Something sensible to ask of each action.
ASKED: dict[BulkAction, dict[str, Any]] = {
    BulkAction.ASSIGN: {"person_id": "luis"},
    BulkAction.HAND_OUT: {"person_ids": ["luis", "rosa"]},
    BulkAction.TAG: {"tags": ["VIP ", "norte"]},
    BulkAction.UNTAG: {"tags": ["vieja"]},
    BulkAction.STRATEGY: {"strategy_id": "none"},
    BulkAction.HOLD: {"reason": "supervisor", "until": date(2026, 12, 24), "note": "Inundación"},
    BulkAction.RELEASE: {"reason": "illness"},
    BulkAction.MESSAGE: {"template_id": "reminder_friendly", "channel": "email"},
    BulkAction.CHARGE_OFF: {"reason": "cost", "note": "Sin respuesta"},
}


class MemoryBulk:
    """What ``store.bulk.BulkStore`` promises, in dictionaries."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], BulkJob] = {}
        self.rows: dict[tuple[str, int], Chunk] = {}
        self.tallies: dict[str, Counter[str]] = {}

    def add(self, job: BulkJob) -> bool:
        return self.kept.setdefault((job.portfolio_id, job.job_id), job) is job

    def get(self, portfolio_id: str, job_id: str) -> BulkJob | None:
        return self.kept.get((portfolio_id, job_id))

    def save(self, job: BulkJob) -> BulkJob | None:
        key = (job.portfolio_id, job.job_id)
        if self.kept[key].version != job.version:
            return None
        self.kept[key] = replace(job, version=job.version + 1)
        return self.kept[key]

    def newest(self, portfolio_id: str, *, limit: int, cursor: str | None):
        found = sorted((k[1] for k in self.kept if k[0] == portfolio_id), reverse=True)
        found = [one for one in found if cursor is None or one < cursor]
        jobs = [self.kept[portfolio_id, one] for one in found[:limit]]
        return jobs, jobs[-1].job_id if len(found) > limit else None

    def put_chunks(self, chunks, *, now: datetime) -> None:
        self.rows |= {(one.job_id, one.number): one for one in chunks}

    def chunk(self, job_id: str, number: int) -> Chunk | None:
        return self.rows.get((job_id, number))

    def chunks(self, job_id: str) -> Iterator[Chunk]:
        return (self.rows[key] for key in sorted(self.rows) if key[0] == job_id)

    def settle(self, chunk: Chunk, tally, *, undo: bool, now: datetime) -> bool:
        key = (chunk.job_id, chunk.number)
        known = self.rows.get(key)
        if known is not None and (known.undone if undo else known.ran) is not None:
            return False
        self.rows[key] = chunk
        sums = self.tallies.setdefault(chunk.job_id, Counter())
        sums.update(tally)
        sums["undo_chunks" if undo else "run_chunks"] += 1
        return True

    def tally(self, job_id: str) -> dict[str, int]:
        return dict(self.tallies.get(job_id, {}))


class MemoryPeople:
    def __init__(self, *people: Person) -> None:
        self.people = {one.person_id: one for one in people}

    def get(self, person_id: str) -> Person | None:
        return self.people.get(person_id)

    def page(self, *, limit: int, cursor: str | None):
        return list(self.people.values()), None


def a_person(key: str, *, portfolios=("prt_test",), role=Role.AGENT, **more: Any) -> Person:
    return Person(
        person_id=key,
        email=f"{key}@x.example",
        name=key.title(),
        role=role,
        portfolios=portfolios,
        **more,
    )


class MemoryShelf:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def write(self, key: str, body: bytes, *, content_type: str) -> None:
        self.objects[key] = body

    def link(self, key: str, *, filename: str, expires_s: int) -> str:
        return f"https://shelf.example/{key}?as={filename}"


@dataclass
class BulkWorld:
    portfolio: Portfolio = field(default_factory=a_portfolio)
    cases: MemoryCases = field(default_factory=MemoryCases)
    jobs: MemoryBulk = field(default_factory=MemoryBulk)
    people: MemoryPeople = field(
        default_factory=lambda: MemoryPeople(
            a_person("luis"),
            a_person("rosa"),
            a_person("sara", portfolios=("prt_other",)),
            a_person("ivan", disabled=True),
        )
    )
    strategies: MemoryStrategies = field(default_factory=MemoryStrategies)
    files: MemoryShelf = field(default_factory=MemoryShelf)
    queue: Queue = field(default_factory=Queue)
    seconds: float = 100.0
    now: datetime = MONDAY

    @property
    def means(self) -> bulk_jobs.Means:
        return bulk_jobs.Means(
            jobs=self.jobs,
            cases=self.cases,
            portfolios=OnePortfolio(self.portfolio),
            people=self.people,
            counters=MemoryCounters(self.cases),
            strategies=self.strategies,
            templates=ReadyTexts(),
            files=self.files,
            queue=self.queue,
            read_phone=wiring.read_phone,
        )

    def debtors(self, number: int, *, first: int = 1, city: str = "Puebla", **more: Any):
        return [self.debtor(n, city=city, **more) for n in range(first, first + number)]

    def debtor(self, number: int, *, city: str = "Puebla", email: bool = True, **more: Any) -> str:
        due_on = more.pop("due_on", date(2026, 10, 1))
        draft = a_draft(
            a_debt(f"F-{number}", due_on=due_on),
            portfolio=self.portfolio,
            key=f"D-{number}",
            name=f"Deudor {number:05}",
            city=city,
            now=self.now,
            **more,
        )
        if email:
            draft.put_contact(ContactKind.EMAIL, f"d{number}@x.example", source="upload")
        change = change_of(draft)
        self.cases.commit(change)
        return change.after.case_id

    def ask(self, action: str, *, filters=None, picked=(), actor=BOSS, **terms: Any) -> BulkJob:
        return bulk_jobs.start(
            "prt_test",
            BulkAction(action),
            terms,
            filters=filters or {},
            picked=picked,
            language="es",
            actor=actor,
            means=self.means,
            now=self.now,
        )

    def counted(self, action: str, **asked: Any) -> BulkJob:
        job = self.ask(action, **asked)
        self.work()
        return self.job(job)

    def ran(self, action: str, **asked: Any) -> BulkJob:
        """Ask, count, confirm and do it all."""
        job = self.counted(action, **asked)
        self.do(bulk_jobs.confirm, job, count=job.count)
        self.work()
        return self.job(job)

    def do(self, what, job: BulkJob, **more: Any) -> BulkJob:
        return what("prt_test", job.job_id, actor=BOSS, means=self.means, now=self.now, **more)

    def undone(self, job: BulkJob) -> BulkJob:
        self.now += timedelta(minutes=5)
        self.do(bulk_jobs.undo, job)
        self.work()
        return self.job(job)

    def job(self, job: BulkJob) -> BulkJob:
        found = self.jobs.get("prt_test", job.job_id)
        assert found is not None
        return found

    def shown(self, job: BulkJob) -> dict[str, Any]:
        return bulk_jobs.shown(self.job(job), means=self.means, now=self.now)

    def file(self, case_id: str) -> CaseFile:
        return self.cases.open(case_id)

    def work(self, *, most: int = 10**6, twice: bool = False) -> int:
        """Do what waits on the queue, each message twice if asked; says how many."""
        done = 0
        while self.queue.messages and done < most:
            message = self.queue.messages.pop(0)
            for _ in range(2 if twice else 1):
                self.take(message)
            done += 1
        return done

    def take(self, message: dict[str, Any]) -> None:
        at: dict[str, Any] = {"means": self.means}
        who = (message["portfolio_id"], message["job_id"])
        match message["do"]:
            case "count":
                bulk_work.count(*who, now=self.now, time_left_s=lambda: self.seconds, **at)
            case "send":
                bulk_work.send(
                    *who,
                    undo=message["undo"],
                    first=message["first"],
                    time_left_s=lambda: self.seconds,
                    **at,
                )
            case "chunk":
                bulk_work.chunk(*who, message["number"], undo=message["undo"], now=self.now, **at)


def prepared(world: BulkWorld, number: int = 3) -> list[str]:
    """Debtors to each of whom every action has something to do."""
    ids = world.debtors(number)
    for case_id in ids:
        change(world, case_id, lambda draft: draft.set_tags(["vieja"]))
    return ids


def change(world: BulkWorld, case_id: str, do: Callable[[Draft], object]) -> None:
    draft = reopened(world.file(case_id), world.portfolio, now=world.now)
    do(draft)
    world.cases.commit(change_of(draft))


def ill(world: BulkWorld, ids: list[str]) -> None:
    for case_id in ids:
        change(world, case_id, lambda draft: draft.hold(f"hld_{draft.case_id}", HoldReason.ILLNESS))


def settled(head: CaseHead) -> tuple[Any, ...]:
    """What an action may touch of a head, to be compared before and after."""
    return (head.owner, head.strategy, head.tags, head.status)
