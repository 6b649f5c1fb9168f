"""What the lake holds of agents: their shifts, by hexagon and five minutes, while trails last."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from chalicelib.bi.tables import TABLES
from chalicelib.domain.people import Person, Role
from chalicelib.domain.tracking import Fix
from chalicelib.geo.distance import metres_between
from chalicelib.services import lake_runs, pings, shifts
from chalicelib.services.lake import RESERVE_S, Progress, advance
from local.simulator.walk import Walker
from tests.lake_world import Killed, a_lake

MON, TUE, WED, THU = (date(2026, 11, day) for day in (16, 17, 18, 19))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world():
    with a_lake() as made:
        yield made


def agent(person_id, *portfolios):
    return Person(
        person_id=person_id, email="a@example.com", name=f"Nombre de {person_id}", role=Role.AGENT,
        portfolios=portfolios or ("prt_test",), team="Norte",
    )  # fmt: skip


def begin(world, at, *, who="ana", portfolios=(), told=None, shift_id=None):
    shift_id = shift_id or f"shf_{who}_{at:%m%d%H%M}"
    shifts.start(
        shift_id, at, person=agent(who, *portfolios), tracking=world.agents, now=told or at
    )
    return shift_id


def end(world, shift_id, at, *, who="ana", told=None):
    shifts.end(shift_id, at, person_id=who, tracking=world.agents, now=told or at)


def walk(world, since, minutes, *, who="ana", received=None, seed=5):
    """A point each half minute, received at once or together later."""
    walker, fixes = Walker(seed), []
    for half in range(2 * minutes):
        seen = walker.after(30)
        fixes.append(Fix(at=since + half * MINUTE / 2, lat=seen.lat, lng=seen.lng, accuracy_m=8))
    for at in range(0, len(fixes), 20):
        some = fixes[at : at + 20]
        pings.record(
            some, person_id=who, device_id="dev_1", tracking=world.agents,
            now=received or some[-1].at,
        )  # fmt: skip
    return fixes


def worked(world, day, *, who="ana", portfolios=(), minutes=60):
    """A morning's shift, nine to two, with an hour of walking."""
    shift_id = begin(world, world.at(day, 9), who=who, portfolios=portfolios)
    fixes = walk(world, world.at(day, 9) + 10 * MINUTE, minutes, who=who)
    end(world, shift_id, world.at(day, 14), who=who)
    return shift_id, fixes


def test_a_shift_is_told_with_its_hours_its_way_and_its_points(world):
    shift_id, fixes = worked(world, MON)
    world.export(TUE, since=MON)

    (row,) = world.rows("shifts", MON)
    assert (row["shift_id"], row["person_id"], row["portfolios"]) == (shift_id, "ana", 1)
    assert (row["seconds"], row["forgotten"], row["points"]) == (5 * 3600, False, len(fixes))
    way_m = sum(metres_between(a.point, b.point) for a, b in pairwise(fixes))
    assert 0.8 * way_m < row["metres"] <= way_m
    assert world.rows("shifts", TUE) == []
    assert sum(row["points"] for row in world.rows("pings", MON)) == len(fixes)
    assert world.manifest("pings", MON).opened == 1


def test_no_place_is_finer_than_a_hexagon_and_no_moment_than_five_minutes(world):
    _, fixes = worked(world, MON)
    world.export(MON)
    rows = world.rows("pings", MON)

    assert 12 <= len(rows) < len(fixes) / 2
    assert {(row["slot_at"].minute % 5, row["slot_at"].second) for row in rows} == {(0, 0)}
    assert {len(row["cell"]) for row in rows} == {15}
    assert {row["cell"][1] for row in rows} == {"8"}  # of resolution 8
    assert {(row["weekday"], row["hour"]) for row in rows} <= {(1, 9), (1, 10)}
    told = str(world.everything())
    assert not [fix for fix in fixes if f"{fix.lat:.4f}" in told or f"{fix.lng:.4f}" in told]
    assert "Nombre" not in told


def test_nothing_outside_a_shift_is_there(world):
    """Whatever should lie in the trail: a point after clocking out is none of the lake's."""
    _, fixes = worked(world, MON)
    stray = Fix(at=world.at(MON, 20), lat=19.4, lng=-99.1)
    world.agents.add_points("ana", [stray], device_id="d", received_at=stray.at)
    world.export(MON)

    assert sum(row["points"] for row in world.rows("pings", MON)) == len(fixes)


def test_points_that_come_days_late_land_in_their_own_day_once(world):
    """A phone without signal on Monday brings its points on Wednesday; others' stay."""
    worked(world, MON, who="luis")
    shift_id = begin(world, world.at(MON, 9))
    end(world, shift_id, world.at(MON, 14))
    world.export(TUE, since=MON)
    before = world.rows("pings", MON)
    worked(world, WED)
    fixes = walk(world, world.at(MON, 10), 60, received=world.at(WED, 15))
    world.export(WED)
    once = world.everything()
    world.export(WED)

    assert {row["person_id"] for row in before} == {"luis"}
    late = [row for row in world.rows("pings", MON) if row["person_id"] == "ana"]
    assert sum(row["points"] for row in late) == len(fixes)
    assert [row for row in world.rows("pings", MON) if row["person_id"] == "luis"] == before
    (row,) = (row for row in world.rows("shifts", MON) if row["person_id"] == "ana")
    assert row["points"] == len(fixes)
    assert world.manifest("pings", MON).whole
    assert world.everything() == once
    with a_lake() as other:
        other.agents = world.agents
        other.export(WED, since=MON)
        assert other.everything() == once


def test_a_shift_over_midnight_is_told_whole_where_it_began_and_its_points_by_day(world):
    shift_id = begin(world, world.at(MON, 23))
    fixes = walk(world, world.at(MON, 23) + 30 * MINUTE, 60)
    world.export(MON, now=world.at(TUE, 1))
    (open_one,) = world.rows("shifts", MON)
    end(world, shift_id, world.at(TUE, 2))
    world.export(TUE)

    assert (open_one["ended_at"], open_one["seconds"]) == (None, None)
    (row,) = world.rows("shifts", MON)
    assert (row["seconds"], row["points"]) == (3 * 3600, len(fixes))
    assert world.rows("shifts", TUE) == []
    points = [sum(row["points"] for row in world.rows("pings", day)) for day in (MON, TUE)]
    assert points == [60, 60]


def test_a_forgotten_shift_is_over_after_its_longest(world):
    begin(world, world.at(MON, 20))
    world.export(MON)
    world.export(TUE)

    (row,) = world.rows("shifts", MON)
    assert (row["forgotten"], row["seconds"]) == (True, 14 * 3600)


def test_work_is_of_the_portfolios_of_its_shift(world):
    worked(world, MON, who="ana", portfolios=("prt_other",))
    worked(world, MON, who="luis", portfolios=("prt_test", "prt_other"))
    world.export(MON)

    assert [(r["person_id"], r["portfolios"]) for r in world.rows("shifts", MON)] == [("luis", 2)]
    assert {row["person_id"] for row in world.rows("pings", MON)} == {"luis"}


def test_a_day_goes_when_its_trails_go(world):
    world.agents.kept = timedelta(days=7)
    worked(world, MON)
    world.export(MON)
    later = MON + timedelta(days=7)
    kept = [key for key in world.disk.objects() if "pings" in key or "shifts" in key]
    world.export(later - timedelta(days=1), now=world.at(later - timedelta(days=1), 23))
    assert world.rows("pings", MON)
    world.export(later)
    left = set(world.disk.objects())

    assert len(kept) == 4
    assert not set(kept) & left
    assert world.manifest("entries", MON)
    world.export(later, since=MON)  # nor does a backfill bring it back
    assert world.manifest("pings", MON) is None
    assert world.manifest("pings", later)


@pytest.mark.parametrize("written", [0, 3, 9, 14, 19])
def test_a_run_that_dies_is_finished_by_the_next(world, written):
    worked(world, MON)
    world.export(MON)
    before = world.everything()
    worked(world, TUE)
    world.disk.dies_after = written
    with pytest.raises(Killed):
        world.export(TUE)
    midway = world.everything()
    world.disk.dies_after = None
    world.export(TUE)
    after = world.everything()

    assert all(rows in (before.get(key), after[key]) for key, rows in midway.items())
    with a_lake() as other:
        other.agents = world.agents
        other.export(TUE, since=MON)
        assert after == other.everything()


def test_workers_who_run_out_of_time_tell_what_one_tells(world, monkeypatch):
    """Each has time for a page of two agents, or for some days; none tells anybody twice."""
    monkeypatch.setattr("chalicelib.services.lake_trails.AGENTS_A_PAGE", 2)
    world.debtor(1, MON)
    for number in range(5):
        worked(world, MON, who=f"agent{number}", minutes=10)
    progress, lives, agents = Progress(whole=True), 0, 0
    while not progress.done:
        left = iter([RESERVE_S + 1] * 3)
        means = world.means(time_left_s=lambda left=left: next(left, 0.0))
        progress, report = advance(
            world.portfolio, TUE, progress, since=MON, means=means,
            now=world.at(WED, 3), spool=f"spool/{lives}/",
        )  # fmt: skip
        lives, agents = lives + 1, agents + report.agents
    found = world.everything()

    assert lives > 5
    assert agents == progress.agents == 5
    with a_lake() as other:
        other.agents, other.cases = world.agents, world.cases
        other.export(TUE, since=MON)
        assert found == other.everything()


def test_a_run_from_before_agents_were_told_begins_its_days_anew():
    """The row of a worker of the version before: its days in other order."""
    row = lake_runs.LakeRun(
        portfolio_id="prt_test", state="running", run_id="lak_1", day=MON, since=MON,
        began_at=None, lease_until=None, progress=Progress(told=True, published=4),
    )  # fmt: skip
    with a_lake() as world:
        worked(world, MON)
        done, _ = advance(
            world.portfolio, MON, row.progress, means=world.means(), now=world.at(TUE, 3), spool=""
        )
        assert done.published == len(TABLES)
        assert world.rows("shifts", MON)
