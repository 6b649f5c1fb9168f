"""Figures of a zone, a hexagon or a segment, and reports by hexagon: answers that are known."""

from dataclasses import replace
from datetime import date, timedelta

import h3
import pytest

from chalicelib.bi import where
from chalicelib.bi.kpis import KPIS
from chalicelib.bi.questions import OfCases, OfKpi, Question, parse, plain, plan
from chalicelib.bi.reports import Filter, Report
from chalicelib.bi.where import MOST_CELLS, Where, of_cells
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.errors import BadField, DayMissing
from chalicelib.geo.cells import cell_of
from chalicelib.services import lake as exporting
from chalicelib.strategies.model import Playbook, Segment
from tests.lake_engine import DiskEngine
from tests.lake_world import a_lake

MON = date(2026, 10, 5)
WED = MON + timedelta(days=2)
CENTRE, COYOACAN = (19.4326, -99.1332), (19.3500, -99.1620)  # two districts of one city
AT_CENTRE, AT_COYOACAN = cell_of(*CENTRE, 8), cell_of(*COYOACAN, 8)
BOOK = Playbook(
    portfolio_id="prt_test",
    segments=(Segment(segment_id="seg_all", name="Todos", priority=1, strategy_id=""),),
)


@pytest.fixture(scope="module")
def engine():
    """
    Ana lives in the centre: called on Monday at 9 and 17, met at 17. Bea in Coyoacán: called on
    Monday at 9, met, and written to at 10. Of Caro nobody knows where she lives.
    """
    with a_lake() as world:
        ana, bea, caro = (world.debtor(number, MON) for number in (1, 2, 3))
        for case_id, point in ((ana, CENTRE), (bea, COYOACAN)):
            home = Address(
                address_id="a1",
                lines="Av. Uno 11",
                lat=point[0],
                lng=point[1],
                cell=cell_of(*point),
                quality=PointQuality.ROOFTOP,
            )
            world.cases.files[case_id] = replace(world.cases.files[case_id], addresses=(home,))
        world.call(ana, world.at(MON, 9), "unanswered")
        world.call(ana, world.at(MON, 17), "conversation")
        world.call(bea, world.at(MON, 9), "conversation")
        world.call(caro, world.at(MON, 9), "unanswered")
        world.pay(ana, 30_000, WED)
        world.pay(bea, 7_000, WED)
        world.pay(caro, 500, WED)
        means = replace(world.means(), playbook=lambda _: BOOK)
        exporting.export(
            world.portfolio, WED, since=MON, means=means, now=world.at(WED + timedelta(days=1), 3)
        )
        world.known = {"ana": ana, "bea": bea, "caro": caro}
        made = DiskEngine(world.disk)
        made.world = world
        yield made


def question(about, **values):
    base = {"portfolio_id": "prt_test", "first": MON, "last": WED, "bands": DEFAULT_BANDS}
    return Question(about=about, **base | values)


def hours(engine, **values):
    rows = engine.ask(question(OfKpi(code="contact_hours"), **values)).rows
    return {(day, hour): (above, below) for day, hour, above, below, _ in rows}


def test_the_hours_of_a_place_are_those_of_who_lives_there(engine):
    assert hours(engine) == {("1", "9"): (1, 3), ("1", "17"): (1, 1)}
    assert hours(engine, where=of_cells([AT_CENTRE])) == {("1", "9"): (0, 1), ("1", "17"): (1, 1)}
    assert hours(engine, where=of_cells([AT_COYOACAN])) == {("1", "9"): (1, 1)}
    assert hours(engine, where=of_cells([AT_CENTRE, AT_COYOACAN])) == {
        ("1", "9"): (1, 2),
        ("1", "17"): (1, 1),
    }
    assert hours(engine, where=of_cells([cell_of(4.65, -74.06, 8)])) == {}


def test_a_place_is_asked_for_by_cells_of_any_size(engine):
    """A finer one is the hexagon it lies in, a coarser one all that it holds."""
    only = hours(engine, where=of_cells([AT_COYOACAN]))

    for size in (10, 9, 8, 7, 6):
        assert hours(engine, where=of_cells([cell_of(*COYOACAN, size)])) == only
    assert len(of_cells([cell_of(*COYOACAN, 7)]).cells) == 7
    assert len(of_cells([cell_of(*COYOACAN, 5)]).districts) == 7


def test_the_hours_of_a_segment_and_a_channel(engine):
    assert hours(engine, where=Where(segment="seg_all")) == hours(engine)
    assert hours(engine, where=Where(segment="")) == {}
    assert hours(engine, where=Where(segment="seg_all"), channel="call") == hours(engine)
    assert hours(engine, where=Where(segment="seg_all"), channel="sms") == {}
    assert hours(engine, where=of_cells([AT_COYOACAN], "seg_all")) == {("1", "9"): (1, 1)}


def test_the_cases_behind_a_hexagon_are_who_lives_there(engine):
    def behind(code, **asked):
        rows = engine.ask(question(OfCases(code=code, **asked), where=of_cells([AT_CENTRE]))).rows
        return {case_id for case_id, *_ in rows}

    ana = {engine.world.known["ana"]}
    assert behind("contact_rate") == behind("contact_rate", hit=False) == ana
    assert behind("overdue_index") | behind("overdue_index", hit=False) == ana
    assert behind("visits_verified") == set()


def test_a_report_by_hexagon_adds_up_with_what_has_no_place(engine):
    measures = ("collected", "payments", "contact_rate", "rpc_attempts", "cases")
    asked = Report(measures=measures, dimensions=("cell",))
    answer = engine.ask(question(asked))
    lines = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    told = {line["cell"]: line for line in lines}

    assert [line["cell"] for line in lines] == [AT_CENTRE, AT_COYOACAN, ""]
    assert {key: line["collected_n"] for key, line in told.items()} == {
        AT_CENTRE: 30_000,
        AT_COYOACAN: 7_000,
        "": 500,
    }
    assert [told[AT_CENTRE][name] for name in ("rpc_attempts_n", "rpc_attempts_d")] == [1, 2]
    assert [told[AT_COYOACAN][name] for name in ("rpc_attempts_n", "rpc_attempts_d")] == [1, 1]
    assert {line["cases_n"] for line in lines} == {1}
    (one,) = engine.ask(
        question(
            replace(asked, filters=(Filter(dimension="cell", values=(AT_COYOACAN,)),)),
        )
    ).rows
    assert one == tuple(told[AT_COYOACAN].values())


def test_districts_hold_the_hexagons_in_them(engine):
    rows = engine.ask(
        question(Report(measures=("collected",), dimensions=("district", "cell")))
    ).rows

    assert {(far, near) for far, near, _ in rows if near} == {
        (h3.cell_to_parent(cell, 6), cell) for cell in (AT_CENTRE, AT_COYOACAN)
    }


def test_a_place_needs_the_last_days_places_and_no_other_day(engine):
    asked = question(OfKpi(code="contact_hours"), where=of_cells([AT_CENTRE]))
    (read,) = [one for one in plan(asked).reads if one.table == "places"]

    assert (read.only, read.must) == ((WED,), (WED,))
    with pytest.raises(DayMissing):
        engine.ask(replace(asked, last=WED + timedelta(days=1)))


def test_where_travels_as_json():
    for one in (Where(), of_cells([AT_CENTRE]), Where(segment=""), of_cells([AT_CENTRE], "s")):
        assert where.parse(where.plain(one)) == one
    asked = question(OfKpi(code="contact_rate"), where=of_cells([AT_CENTRE], "s"))
    assert parse(plain(asked)) == asked


@pytest.mark.parametrize(
    "told",
    [
        "centre",
        {"cells": "8" * 15},
        {"cells": ["x' OR 1=1"]},
        {"cells": [cell_of(*CENTRE, 6)]},
        {"districts": [AT_CENTRE]},
        {"segment": 7},
        {"cells": [AT_CENTRE] * (MOST_CELLS + 1)},
    ],
)
def test_what_is_no_place_is_refused(told):
    with pytest.raises(BadField):
        where.parse(told)


def test_more_hexagons_than_a_query_holds_are_refused():
    with pytest.raises(BadField):
        of_cells(h3.grid_disk(cell_of(*CENTRE, 7), 20))
    with pytest.raises(BadField):
        of_cells(["nothing"])


@pytest.mark.parametrize("code", sorted(code for code, one in KPIS.items() if not one.by_place))
def test_a_figure_that_knows_no_places_refuses_them(code):
    with pytest.raises(BadField) as refused:
        plan(question(OfKpi(code=code), where=of_cells([AT_CENTRE])))

    assert refused.value.details["field"] == "where"


@pytest.mark.parametrize("code", sorted(code for code, one in KPIS.items() if one.by_place))
def test_a_figure_by_place_is_a_part_of_it(code, engine):
    whole = sum(row[3] for row in engine.ask(question(OfKpi(code=code))).rows)
    parts = [
        sum(row[3] for row in engine.ask(question(OfKpi(code=code), where=one)).rows)
        for one in (of_cells([AT_CENTRE]), of_cells([AT_COYOACAN]), of_cells([AT_CENTRE], "no"))
    ]

    assert sum(parts) <= whole
    assert parts[2] == 0
