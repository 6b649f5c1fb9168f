"""Whoever may decide is told what waits: how many, which kinds, since when, and not one by one."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.notice import Often, Pending
from chalicelib.domain.people import Person, Role
from chalicelib.i18n import wording
from chalicelib.services import approval_notices, approvals, notice_letters
from tests.builders import NOW
from tests.document_fakes import MemoryBoxes
from tests.plan_world import Queue
from tests.unit.services.test_approvals import PID, World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MORNING = datetime(2026, 11, 23, 14, tzinfo=UTC)  # 8:00 in Mexico City, the day after NOW
SUE = Person(
    person_id="sue",
    email="sue@example.mx",
    name="Sue",
    role=Role.SUPERVISOR,
    portfolios=(PID,),
    approval_mail=Often.NOW,
)


@dataclass
class Office:
    """A tray, and who is told of it."""

    world: World = field(default_factory=World)
    people: list[Person] = field(default_factory=lambda: [SUE])
    boxes: MemoryBoxes = field(default_factory=MemoryBoxes)

    @property
    def tray(self) -> approvals.Means:
        return approvals.Means(
            cases=self.world.cases,
            portfolios=self.world,
            corrections=self.world.corrections,
            cash=self.world.deposits,
            merges=self.world.merges,
            requests=self.world.requests,
        )

    def get(self, person_id: str) -> Person | None:
        return next((one for one in self.people if one.person_id == person_id), None)

    def page(self, *, limit: int, cursor: str | None) -> Any:
        return self.people, None

    def all(self):
        return [self.world.portfolio]

    def started(self, now: datetime) -> list[dict[str, Any]]:
        queue = Queue()
        approval_notices.start(people=self, portfolios=self, work=queue, now=now)
        return queue.messages

    def look(self, now: datetime) -> int:
        means = approval_notices.Means(people=self, boxes=self.boxes, tray=self.tray)
        return sum(
            approval_notices.look(one["portfolio_id"], one["people"], means=means, now=now)
            for one in self.started(now)
        )

    def waiting(self, person_id: str = "sue"):
        box = self.boxes.get(PID, person_id)
        return box.waiting if box else ()

    def pending(self, person: Person = SUE):
        return approval_notices.pending(person, self.world.portfolio, tray=self.tray, now=NOW)


@pytest.fixture
def office():
    return Office()


def test_who_may_decide_is_told_and_who_made_it_is_not(office):
    boss = replace(SUE, person_id="boss")
    agent = replace(SUE, person_id="teo", role=Role.AGENT)
    office.people = [SUE, boss, agent, replace(SUE, person_id="far", portfolios=("prt_far",))]
    office.world.make_cash()

    assert office.look(NOW) == 1
    assert len(office.waiting()) == 1
    assert office.waiting("boss") == office.waiting("teo") == office.waiting("far") == ()


def test_five_hundred_proposals_make_one_notice_and_those_that_follow_one_an_hour_later(office):
    for number in range(500):
        office.world.ask(key=f"k{number}")
    assert [office.look(NOW + n * 15 * MINUTE) for n in range(4)] == [1, 0, 0, 0]

    assert office.look(NOW + HOUR) == 0, "nothing is new"
    office.world.make_cash()
    assert office.look(NOW + HOUR) == 1
    assert len(office.waiting()) == 2


def test_what_is_new_waits_for_its_hour(office):
    office.world.ask()
    office.look(NOW)
    office.world.ask(key="k2")

    assert office.look(NOW + 59 * MINUTE) == 0
    assert office.look(NOW + HOUR) == 1


def test_what_nobody_added_to_is_not_told_again_when_some_of_it_was_decided(office):
    first = office.world.ask()
    office.world.ask(key="k2")
    office.look(NOW)
    office.world.decide(first)

    assert office.look(NOW + 2 * HOUR) == 0


def test_the_morning_tells_once_what_waits_then(office):
    office.people = [replace(SUE, approval_mail=Often.DAILY)]
    office.world.ask()

    assert office.started(MORNING - 2 * HOUR) == []
    for n in range(1, 5):
        office.look(MORNING - n * 15 * MINUTE)
    (notice,) = office.waiting()
    assert notice.at == MORNING
    assert office.started(MORNING) == []
    assert office.pending()[0].count == 1


def test_what_a_supervisor_may_not_decide_is_for_the_admin(office):
    office.world.ask(minor=30_000)
    admin = replace(SUE, person_id="root", role=Role.ADMIN, portfolios=("*",))

    assert office.pending() == ()
    assert office.pending(admin) == (
        Pending(kind="correction", count=1, more=False, oldest_at=NOW),
    )


@pytest.mark.parametrize("change", [{"approval_mail": Often.NEVER}, {"disabled": True}])
def test_who_wants_none_or_has_left_is_not_even_looked_for(office, change):
    office.people = [replace(SUE, **change)]
    office.world.ask()

    assert office.started(NOW) == office.started(MORNING - MINUTE) == []


def test_a_portfolio_that_is_archived_is_not_looked_into(office):
    office.world.portfolio = replace(office.world.portfolio, archived=True)

    assert office.started(NOW) == []


@pytest.mark.parametrize(
    ("language", "what", "subject", "page"),
    [
        ("es", "Esperan tu decisión: condonaciones y ajustes: 2, efectivo entregado: 100+.",
         "102+ decisiones que te esperan", "https://site.example/panel/aprobaciones/"),
        ("en", "Waiting for your decision: waivers and adjustments: 2, cash handed in: 100+.",
         "102+ decisions waiting for you", "https://site.example/en/panel/aprobaciones/"),
        ("pt", "Esperam a sua decisão: perdões e ajustes: 2, dinheiro entregue: 100+.",
         "102+ decisões esperando você", "https://site.example/pt/panel/aprobaciones/"),
    ],
)  # fmt: skip
def test_the_letter_says_how_many_of_which_kinds_since_when_and_where(
    office, language, what, subject, page
):
    office.world.ask()
    office.look(NOW)
    waits = (
        Pending(kind="correction", count=2, more=False, oldest_at=NOW),
        Pending(kind="cash", count=100, more=True, oldest_at=NOW - timedelta(days=3)),
    )
    mail = notice_letters.letter(
        [replace(office.waiting()[0], pending=waits)],
        left_out=0, person=replace(SUE, language=language), portfolio=office.world.portfolio,
        names={}, site="https://site.example",
    )  # fmt: skip

    assert what in mail.content.text
    assert mail.content.subject.startswith(subject)
    assert f"{page}?cartera={PID}" in mail.content.text
    assert "19" in mail.content.text.split("100+")[1].splitlines()[0]


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_kind_that_waits_has_a_word(language):
    said = notice_letters.words(language)

    assert all(said[f"kind.{kind}"] for kind in approvals.Kind)
