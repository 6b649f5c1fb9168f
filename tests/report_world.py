"""A portfolio whose report goes by e-mail: its lake, its people, a mailbox."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from chalicelib.bi.answers import Answer
from chalicelib.domain.contact import Receipt
from chalicelib.domain.errors import DayMissing
from chalicelib.domain.people import Actor, Person, Role
from chalicelib.services import report_mail, shared_reports
from chalicelib.services.report_ports import Means
from tests.builders import a_portfolio
from tests.document_fakes import (
    MemoryDocuments,
    MemoryMailings,
    MemoryReports,
    MemorySchedules,
    MemoryShared,
    a_report,
    a_schedule,
)

PID = "prt_test"
KEY = b"k" * 32
DUE = datetime(2026, 11, 23, 14, tzinfo=UTC)  # Monday, 8:00 in Mexico City
# attempts: sum; contact rate: above, below
PLAIN = [("call", 900, 90, 900), ("visit", 4, 1, 4)]
# and beside each sum how many cases it is of
COUNTED = [("call", 900, 300, 90, 60, 900, 300), ("visit", 4, 3, 1, 1, 4, 3)]


def person(person_id, **values):
    base = {
        "person_id": person_id,
        "email": f"{person_id}@example.mx",
        "name": person_id.title(),
        "role": Role.SUPERVISOR,
        "portfolios": (PID,),
    }
    return Person(**base | values)


def actor(person_id, role=Role.SUPERVISOR):
    return Actor(actor_id=f"user:{person_id}", role=role, portfolios=(PID,), name=person_id.title())


ANA, LUZ = actor("ana"), actor("luz")


@dataclass
class Run:
    done_day: date | None


class Crash(BaseException):
    """The worker's end: nothing after it happens."""


@dataclass
class Lake:
    """
    Args:
        begins: The first day there is; *ends*: the last that the run has told.
    """

    begins: date = date(2026, 1, 1)
    ends: date = date(2026, 11, 22)
    rows: list = field(default_factory=lambda: list(PLAIN))
    counted: list = field(default_factory=lambda: list(COUNTED))
    asked: list = field(default_factory=list)
    fails: list = field(default_factory=list)

    def get(self, portfolio_id, key):
        return Run(self.ends)

    def ask(self, question):
        self.asked.append((question.first, question.last))
        if self.fails:
            raise self.fails.pop(0)
        if question.first < self.begins:
            raise DayMissing(
                day=question.first.isoformat(),
                first=self.begins.isoformat(),
                last=self.ends.isoformat(),
            )
        rows = self.counted if question.about.cases else self.rows
        days = tuple(
            date.fromordinal(one)
            for one in range(question.first.toordinal(), question.last.toordinal() + 1)
            if one <= self.ends.toordinal()
        )
        return Answer(columns=(), rows=tuple(rows), engine="duckdb", bytes_read=1, days=days)


class World:
    def __init__(self, report=None, **values):
        self.portfolio = a_portfolio(PID)
        self.people = {
            one.person_id: one
            for one in (
                person("ana"),
                person("luz", language="en"),
                person("rui", language="pt"),
                person("eva", role=Role.ADMIN, portfolios=("*",)),
                person("gil", role=Role.AGENT),
            )
        }
        self.lake, self.sent, self.refuses, self.problems = Lake(), [], [], []
        self.schedules, self.mailings = MemorySchedules(), MemoryMailings()
        self.stops, self.months = MemoryDocuments("recipient"), MemoryDocuments("month")
        self.kept, self.shared = MemoryReports(), MemoryShared()
        self.kept.add(a_report(PID, 1, **{"filters": ()} | (report or {})))
        self.schedules.add(a_schedule(PID, **{"next_at": DUE} | values))

    @property
    def means(self):
        return Means(
            schedules=self.schedules,
            mailings=self.mailings,
            stops=self.stops,
            months=self.months,
            people=self,
            sharing=shared_reports.Means(
                shared=self.shared,
                kept=self.kept,
                portfolios=self,
                engine=self.lake,
                people=lambda ids: {"user:ana": "Ana"} if "user:ana" in ids else {},
                site="https://r.example",
                key=KEY,
            ),
            runs=self.lake,
        )

    def get(self, portfolio_id):
        return self.portfolio if portfolio_id == PID else None

    def several(self, ids):
        return {one: self.people[one] for one in ids if one in self.people}

    def send(self, message):
        if self.refuses and (refusal := self.refuses.pop(0)):
            raise refusal
        self.sent.append(message)
        return Receipt(provider="ses", provider_id=f"m{len(self.sent)}")

    def work(self, now=DUE, key="", schedule_id="rsc_1"):
        return report_mail.work(
            PID,
            schedule_id,
            key,
            means=self.means,
            sender=self,
            problem=self.problems.append,
            now=now,
        )

    @property
    def schedule(self):
        return self.schedules.get(PID, "rsc_1")

    def change(self, **values):
        return self.schedules.save(replace(self.schedule, **values))

    @property
    def mailing(self):
        return self.mailings.newest(PID, "rsc_1", limit=1)[0]

    @property
    def told(self):
        """What became of each recipient of the last mailing."""
        return {one.to: one.state.value for one in self.mailing.letters}
