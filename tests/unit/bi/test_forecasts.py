"""What a forecast told of debts lies in the lake in the day it was told, once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.bi import kpi_forecasts, tables
from chalicelib.domain.foretold import Telling, ToldOfDebt
from chalicelib.prediction import forecast
from chalicelib.services.lake import Progress, advance
from tests.lake_world import Killed, a_lake

MON, TUE, WED = (date(2026, 11, day) for day in (16, 17, 18))


@pytest.fixture
def world():
    with a_lake() as made:
        yield made


def tell(world, case_id, day, hour=9, minute=0, *, percent=72, **values):
    debts = (
        ToldOfDebt(debt_id=f"{case_id}_a", late_days=-3, percent=percent, usual=4, low=-2, high=19),
        ToldOfDebt(debt_id=f"{case_id}_b", late_days=40),
    )
    base = {
        "case_id": case_id, "on": day, "at": world.at(day, hour) + timedelta(minutes=minute),
        "model": "first", "model_id": "2026-10-31-a", "basis": "model", "percent": percent,
        "test_id": "fct_1", "arm": "challenger", "debts": debts,
    }  # fmt: skip
    world.forecasts.tell("prt_test", Telling(**base | values))


def told(world, day):
    return sorted({row["case_id"] for row in world.rows("forecasts", day)})


def test_each_debt_has_a_row_with_what_was_told_of_it(world):
    tell(world, "cas_1", MON)
    world.export(MON)

    known, unknown = world.rows("forecasts", MON)
    assert known == {
        "case_id": "cas_1", "debt_id": "cas_1_a", "told_at": world.at(MON, 9).replace(tzinfo=None),
        "model": "first", "model_id": "2026-10-31-a", "basis": "model", "percent": 72, "tenth": 7,
        "usual_days": 4, "low_days": -2, "high_days": 19, "dpd": -3, "case_percent": 72,
        "test_id": "fct_1", "arm": "challenger",
    }  # fmt: skip
    assert (unknown["debt_id"], unknown["percent"], unknown["tenth"]) == ("cas_1_b", None, None)
    manifest = world.manifest("forecasts", MON)
    assert (manifest.rows, manifest.whole, manifest.closed) == (2, True, True)


def test_days_follow_one_another_and_a_day_told_again_is_the_same(world):
    """Whatever changed of the case meanwhile: what was told stays as it was told."""
    case_id = world.debtor(1, MON)
    tell(world, case_id, MON)
    tell(world, "cas_2", TUE)
    world.export(MON)
    world.pay(case_id, 1_000, TUE)
    world.export(TUE)
    first = world.everything()
    world.export(TUE, since=MON)
    again = world.everything()
    with a_lake() as other:
        other.cases, other.forecasts = world.cases, world.forecasts
        other.export(TUE, since=MON)

        assert (told(world, MON), told(world, TUE)) == ([case_id], ["cas_2"])
        assert first == again == other.everything()


def test_what_was_written_as_the_day_ended_lands_in_it_all_the_same(world):
    tell(world, "cas_1", MON)
    world.export(MON)
    before = world.manifest("forecasts", MON)
    world.export(TUE)
    assert world.manifest("forecasts", MON) == before  # nothing was told so late

    tell(world, "cas_2", TUE, 23, 50)
    world.export(WED)
    once = world.rows("forecasts", TUE)
    world.export(WED)
    assert told(world, TUE) == ["cas_2"]
    assert world.rows("forecasts", TUE) == once
    assert world.manifest("forecasts", TUE).whole


def test_a_lake_from_before_goes_on_without_opening_every_case(world):
    for number in range(3):
        world.debtor(number, MON)
    world.export(MON)
    for key in (tables.manifest_key, tables.part_key):
        world.disk.remove([key("forecasts", "prt_test", MON.isoformat())])
    world.cases.opened.clear()
    tell(world, "cas_2", TUE)
    world.export(TUE)

    assert world.cases.opened == []
    assert told(world, TUE) == ["cas_2"]


@pytest.mark.parametrize("written", range(0, 24, 3))
def test_a_run_that_dies_is_finished_by_the_next(world, written):
    tell(world, "cas_1", MON)
    world.export(MON)
    tell(world, "cas_2", MON, 23, 59)
    tell(world, "cas_3", TUE)
    world.disk.dies_after = written
    with pytest.raises(Killed):
        world.export(TUE)
    world.disk.dies_after = None
    world.export(TUE)

    assert (told(world, MON), told(world, TUE)) == (["cas_1", "cas_2"], ["cas_3"])
    assert len(world.rows("forecasts", MON)) == 4


def test_a_worker_without_time_goes_on_behind_the_part_it_told(world):
    for number in range(5):
        tell(world, f"cas_{number}", MON, model_id=f"model-{number}")
    progress, lives = Progress(), 0
    while not progress.done:
        lives += 1
        # Time for one look at the agents, and for one part.
        left = iter([900.0] * (2 if progress.told else 1) if lives < 8 else [900.0] * 99)
        means = replace(world.means(), time_left_s=lambda left=left: next(left, 0.0))
        progress, _ = advance(
            world.portfolio, MON, progress, means=means, now=world.at(TUE, 3), spool=f"s/{lives}/"
        )

    assert lives > 3
    assert told(world, MON) == [f"cas_{number}" for number in range(5)]
    assert len(world.rows("forecasts", MON)) == 10


def test_figures_speak_of_the_days_that_the_forecast_speaks_of():
    assert kpi_forecasts.WITHIN_DAYS == forecast.WITHIN_DAYS
