"""A home page has room for some reports, each person's own; what is gone leaves its place."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import (
    NotAllowed,
    PortfolioNotFound,
    ReportNotFound,
    TooManyOnHome,
)
from chalicelib.domain.home_reports import MOST
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.saved_report import ReportState
from chalicelib.services import home_reports
from tests.document_fakes import MemoryDocuments, MemoryReports, a_report

ANA = Actor(name="", actor_id="user:ana", role=Role.SUPERVISOR, portfolios=("prt_1", "prt_2"))
LUZ = Actor(name="", actor_id="user:luz", role=Role.SUPERVISOR, portfolios=("prt_1",))


class World:
    def __init__(self):
        self.homes, self.kept = MemoryDocuments("person_id"), MemoryReports()
        for number in range(MOST + 1):
            self.kept.add(a_report("prt_1", number))
        self.kept.add(a_report("prt_2", 50))

    def put(self, report_id, *, portfolio_id="prt_1", actor=ANA):
        home_reports.put(portfolio_id, report_id, actor=actor, homes=self.homes, kept=self.kept)

    def take(self, report_id, *, portfolio_id="prt_1", actor=ANA):
        home_reports.take(portfolio_id, report_id, actor=actor, homes=self.homes)

    def listed(self, actor=ANA):
        told = home_reports.listed(
            actor=actor, homes=self.homes, kept=self.kept, people=lambda _: {"user:ana": "Ana"}
        )
        assert told["most"] == MOST
        return [(one["portfolio_id"], one["report_id"]) for one in told["items"]]


@pytest.fixture
def world():
    return World()


def test_reports_stand_in_the_order_they_were_put_there_each_persons_own(world):
    world.put("rep_002")
    world.put("rep_050", portfolio_id="prt_2")
    world.put("rep_001")
    world.put("rep_002")
    world.put("rep_003", actor=LUZ)

    assert world.listed() == [("prt_1", "rep_002"), ("prt_2", "rep_050"), ("prt_1", "rep_001")]
    assert world.listed(LUZ) == [("prt_1", "rep_003")]


def test_what_is_taken_off_can_be_taken_off_again(world):
    world.take("rep_001")
    world.put("rep_001")
    world.take("rep_001")
    world.take("rep_001")

    assert world.listed() == []


def test_a_full_page_says_so_and_a_deleted_report_leaves_its_place(world):
    for number in range(MOST):
        world.put(f"rep_{number:03d}")
    with pytest.raises(TooManyOnHome):
        world.put(f"rep_{MOST:03d}")

    world.kept.save(replace(a_report("prt_1", 0), state=ReportState.DELETED))
    world.put(f"rep_{MOST:03d}")

    assert len(world.listed()) == MOST
    assert ("prt_1", "rep_000") not in world.listed()


def test_whose_portfolio_is_taken_away_sees_its_reports_no_more(world):
    world.put("rep_001")
    world.put("rep_050", portfolio_id="prt_2")

    assert world.listed(replace(ANA, portfolios=("prt_2",))) == [("prt_2", "rep_050")]


def test_nobody_puts_there_what_is_not_theirs_to_see(world):
    with pytest.raises(PortfolioNotFound):
        world.put("rep_050", portfolio_id="prt_2", actor=LUZ)
    with pytest.raises(ReportNotFound):
        world.put("rep_none")
    with pytest.raises(NotAllowed):
        world.put("rep_001", actor=replace(ANA, role=Role.AGENT))
