"""A report for somebody outside is what it was, for some days, and nobody's numbers alone."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from chalicelib.bi.answers import Answer
from chalicelib.bi.measures import PLACED
from chalicelib.domain.errors import (
    BadField,
    LinkExpired,
    PortfolioNotFound,
    ReportNamesPeople,
    ReportNotFound,
    ReportTooFew,
    TooManyAttempts,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import to_plain
from chalicelib.services import shared_reports
from tests.builders import NOW, a_portfolio
from tests.document_fakes import MemoryReports, MemoryShared, a_report

ANA = Actor(actor_id="user:ana", role=Role.SUPERVISOR, portfolios=("prt_test",), name="Ana")
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
KEY = b"k" * 32
# attempts: sum, its cases; contact rate: above, its cases, below, its cases
BOTH = [("call", 900, 300, 90, 60, 900, 300), ("visit", 4, 3, 1, 1, 4, 3)]


@dataclass
class Engine:
    rows: list
    asked: list = field(default_factory=list)

    def ask(self, question):
        self.asked.append(question)
        return Answer(
            columns=(), rows=tuple(self.rows), engine="duckdb", bytes_read=1, days=(FIRST, LAST)
        )


class Turns:
    left = 100

    def take(self, name, *, most, within_s, now):
        self.left -= 1
        return self.left >= 0


class World:
    def __init__(self, rows=BOTH, **values):
        self.portfolio = a_portfolio("prt_test")
        self.engine, self.shared, self.turns = Engine(rows), MemoryShared(), Turns()
        kept = MemoryReports()
        kept.add(a_report("prt_test", 1, filters=(), **values))
        self.means = shared_reports.Means(
            shared=self.shared,
            kept=kept,
            portfolios=self,
            engine=self.engine,
            people=lambda _: {"user:ana": "Ana"},
            site="https://x.test",
            key=KEY,
        )

    def get(self, portfolio_id):
        return self.portfolio if portfolio_id == "prt_test" else None

    def make(self, *, days=7, request="r1", actor=ANA, report_id="rep_001"):
        return shared_reports.make(
            "prt_test", report_id, FIRST, LAST,
            days=days, request=request, actor=actor, means=self.means, now=NOW,
        )  # fmt: skip

    def open(self, url, *, now=NOW, key=KEY):
        return shared_reports.opened(
            url.partition("#")[2], asker="1.2.3.4", shared=self.shared, turns=self.turns,
            portfolios=self, key=key, now=now,
        )  # fmt: skip

    def listed(self):
        told = shared_reports.listed(
            "prt_test", actor=ANA, means=self.means, limit=50, cursor=None, now=NOW
        )
        return told["items"]


def test_what_a_link_shows_is_fixed_when_it_is_made():
    world = World()
    url = world.make()["url"]
    world.engine.rows = []

    assert url.startswith("https://x.test/informe/#")
    told = world.open(url)
    assert (told["name"], told["from"], told["to"]) == ("Señales", "2026-10-01", "2026-10-31")
    assert told["lines"][0] == {
        "keys": ["call"],
        "names": ["call"],
        "values": [
            {"value": 900.0, "denominator": None, "hidden": False},
            {"value": 0.1, "denominator": 900, "hidden": False},
        ],
    }
    assert len(world.engine.asked) == 1


def test_a_number_of_a_few_cases_is_hidden_and_one_of_none_is_nothing():
    told = World([*BOTH, ("sms", 0, 0, 0, 0, 0, 0)])
    lines = told.open(told.make()["url"])["lines"]

    hidden = {"value": None, "denominator": None, "hidden": True}
    assert lines[1]["values"] == [hidden, hidden]
    assert [value["hidden"] for value in lines[2]["values"]] == [False, False]
    assert lines[2]["values"][0]["value"] == 0


CELLS = ("8849a06a9dfffff", "8849a06a9bfffff")


@pytest.mark.parametrize(("by", "keys"), [("template", ("call@1", "visit@1")), (PLACED[0], CELLS)])
def test_a_line_that_could_name_somebody_is_left_out_when_it_is_of_a_few_cases(by, keys):
    world = World([(key, *row[1:]) for key, row in zip(keys, BOTH, strict=True)])
    world.means.kept.save(replace(a_report("prt_test", 1, filters=()), dimensions=(by,)))
    told = world.open(world.make()["url"])

    assert [line["keys"] for line in told["lines"]] == [[keys[0]]]
    assert told["left_out"] == 1


def test_where_all_would_be_hidden_there_is_no_link():
    world = World(BOTH[1:])
    with pytest.raises(ReportTooFew):
        world.make()
    assert world.listed() == world.shared.events == []


@pytest.mark.parametrize(
    "values",
    [
        {"dimensions": ("person",)},
        {"dimensions": (), "filters": (("person", ("per_1",)),)},
    ],
)
def test_a_report_of_persons_goes_to_nobody_outside(values):
    world = World()
    world.means.kept.save(replace(a_report("prt_test", 1), **values))
    with pytest.raises(ReportNamesPeople):
        world.make()


def test_openings_are_counted_and_the_link_stands_in_no_list():
    world = World()
    made = world.make()
    world.open(made["url"])
    world.open(made["url"], now=NOW + timedelta(days=1))

    (one,) = world.listed()
    assert one["opened"] == 2
    assert one["opened_at"] == to_plain(NOW + timedelta(days=1))
    assert one["made_by"] == {"id": "user:ana", "name": "Ana"}
    assert "url" not in one
    assert "lines" not in one


def test_a_link_ends_with_its_days_and_when_it_is_taken_back():
    world = World()
    url = world.make(days=7)["url"]
    with pytest.raises(LinkExpired):
        world.open(url, now=NOW + timedelta(days=7))
    world.open(url, now=NOW + timedelta(days=6, hours=23))

    (one,) = world.listed()
    for _ in range(2):
        shared_reports.revoke("prt_test", one["link_id"], actor=ANA, means=world.means, now=NOW)
    with pytest.raises(LinkExpired):
        world.open(url)
    assert not world.listed()[0]["works"]
    assert [event.kind for event in world.shared.events] == [
        "report_link.made",
        "report_link.revoked",
    ]


def test_a_forged_link_opens_nothing_and_who_tries_many_has_to_wait():
    world = World()
    url = world.make()["url"]
    for bad in (url[:-2] + "AA", "https://x.test/informe/#", "#" + "ñ" * 20):
        with pytest.raises(LinkExpired):
            world.open(bad)
    with pytest.raises(LinkExpired):
        world.open(url, key=b"other")
    world.turns.left = 0
    with pytest.raises(TooManyAttempts):
        world.open(url)


def test_the_same_request_makes_one_link():
    world = World()
    assert world.make()["url"] == world.make()["url"]
    assert world.make(request="r2")["url"] != world.make()["url"]
    assert len(world.listed()) == 2


def test_who_may_not_see_the_report_makes_no_link():
    world = World()
    with pytest.raises(PortfolioNotFound):
        world.make(actor=replace(ANA, portfolios=("prt_other",)))
    with pytest.raises(ReportNotFound):
        world.make(report_id="rep_none")
    with pytest.raises(BadField):
        world.make(days=91)
