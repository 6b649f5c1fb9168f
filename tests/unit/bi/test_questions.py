"""Questions travel as JSON, are SQL of the catalogues, and reports add up to what figures say."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.bi import kpi_cases, questions
from chalicelib.bi.boards import BOARDS
from chalicelib.bi.kpi_cases import After
from chalicelib.bi.kpis import KPIS
from chalicelib.bi.measures import DIMENSIONS, MEASURES, SOURCES, dimensions_of
from chalicelib.bi.questions import OfCases, OfKpi, OfLine, Question
from chalicelib.bi.reports import MOST_MEASURES, Filter, Report
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.errors import BadField, DayMissing
from tests import kpi_world, kpis_by_hand
from tests.kpi_world import BEGAN, FIRST, LAST
from tests.lake_engine import DiskEngine
from tests.lake_world import a_lake

# The measure that is the same figure, told over the whole period.
SAME = {
    "intensity": "intensity",
    "contact_rate": "contact_rate",
    "rpc_attempts": "rpc_attempts",
    "rpc_contacts": "rpc_contacts",
    "kept_count": "kept_rate",
    "kept_amount": "kept_amount",
    "broken_rate": "broken_rate",
    "par30": "par30",
    "overdue_index": "overdue_index",
    "visit_effectiveness": "visit_effectiveness",
    "visits_verified": "verified_rate",
}


def question(about, **values):
    base = {"portfolio_id": "prt_test", "first": FIRST, "last": LAST, "bands": DEFAULT_BANDS}
    return Question(about=about, **base | values)


def report(*measures, by=(), only=(), **values):
    return question(Report(measures=measures, dimensions=by, filters=only, **values))


@pytest.fixture(scope="module")
def quarter():
    with a_lake() as world:
        kpi_world.fill(world)
        world.export(LAST, since=BEGAN, now=world.at(LAST + timedelta(days=9)))
        yield world


@pytest.fixture(scope="module")
def told(quarter):
    engine = DiskEngine(quarter.disk)

    def tell(asked):
        answer = engine.ask(asked)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    return tell


QUESTIONS = [
    question(OfKpi(code="par30")),
    question(OfKpi(code="coverage"), channel="sms"),
    question(OfCases(code="roll_matrix", group_1="1-7", group_2="paid")),
    question(OfCases(code="par30", hit=False, after=After(-7, "cas_1"), most=50)),
    question(
        OfLine(
            report=Report(
                measures=("kept_rate",),
                dimensions=("month", "channel"),
                filters=(Filter(dimension="person", values=("ana", "")),),
            ),
            keys=("2026-09", ""),
            hit=False,
            after=After(3, "cas_2"),
        )
    ),
    report(
        "attempts",
        "kept_rate",
        by=("month", "channel"),
        only=(Filter(dimension="channel", values=("call", "")),),
        limit=20,
    ),
]


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda one: type(one.about).__name__)
def test_a_question_travels_as_json(asked):
    assert questions.parse(json.loads(json.dumps(questions.plain(asked)))) == asked


REFUSED = [
    ({"kind": "sql"}, "kind", "not_one_of"),
    ({"code": "nothing"}, "code", "not_one_of"),
    ({"code": 7}, "code", "not_text"),
    ({"portfolio_id": "x' OR 'a'='a"}, "portfolio_id", "bad_format"),
    ({"first": "2026-13-01"}, "first", "not_a_date"),
    ({"first": "2026-10-06"}, "last", "before_start"),
    ({"first": "2019-01-01"}, "first", "too_old"),
    (
        {"bands": [{"code": "1-7", "from_dpd": "1; DROP", "to_dpd": 7}]},
        "bands.0.from_dpd",
        "not_a_number",
    ),
    ({"kind": "cases", "code": "dso_countback"}, "code", "not_one_of"),
    ({"kind": "cases", "after": "DROP"}, "cursor", "foreign"),
    ({"kind": "cases", "after": {"worth": "1 OR 1", "case_id": "x"}}, "cursor", "foreign"),
    ({"kind": "cases", "most": 10**6}, "most", "out_of_range"),
    ({"kind": "line", "measures": ["attempts", "contacts"]}, "measures", "too_long"),
    (
        {"kind": "line", "measures": ["attempts"], "dimensions": ["channel"]},
        "keys",
        "out_of_range",
    ),
    ({"kind": "report"}, "measures", "missing"),
    ({"kind": "report", "measures": ["attempts", "pg_sleep(1)"]}, "measures.1", "not_one_of"),
    ({"kind": "report", "measures": ["attempts", "attempts"]}, "measures", "repeated"),
    (
        {"kind": "report", "measures": ["attempts"], "dimensions": ["product"]},
        "dimensions.0",
        "not_one_of",
    ),
    (
        {"kind": "report", "measures": ["balance"], "dimensions": ["month"]},
        "dimensions.0",
        "not_one_of",
    ),
    ({"kind": "report", "measures": ["cost"]}, "dimensions", "missing"),
    ({"kind": "report", "measures": ["attempts"], "limit": 10**6}, "limit", "out_of_range"),
    (
        {
            "kind": "report",
            "measures": ["attempts"],
            "filters": [{"dimension": "channel", "values": []}],
        },
        "filters.0.values",
        "out_of_range",
    ),
    (
        {
            "kind": "report",
            "measures": ["attempts"],
            "filters": [{"dimension": "met", "values": ["x"]}],
        },
        "filters.0",
        "not_one_of",
    ),
]


@pytest.mark.parametrize(("change", "field", "reason"), REFUSED)
def test_what_the_catalogue_does_not_have_is_refused_by_name(change, field, reason):
    told = questions.plain(question(OfKpi(code="par30"))) | change

    with pytest.raises(BadField) as refused:
        questions.parse(told)

    assert (refused.value.details["field"], refused.value.details["reason"]) == (field, reason)


@pytest.mark.parametrize("evil", ["x' OR '1'='1", "a\\'; --", "$first", "ñandú ★", "\x00"])
def test_a_value_is_only_ever_a_value(evil, told):
    assert told(report("attempts", only=(Filter(dimension="template", values=(evil,)),))) == [
        {"attempts_n": 0}
    ]


BY = [(name, one) for name in SOURCES for one in SOURCES[name].dimensions]


@pytest.mark.parametrize(("source", "dimension"), BY)
def test_measures_are_told_by_everything_that_divides_them(source, dimension, told):
    """Lines of any dimension add up to the whole, and one can be asked for alone."""
    own = [one for one in MEASURES.values() if one.source == source]
    needs = {one.needs for one in own if one.needs}
    for at in range(0, len(own), MOST_MEASURES):
        some = own[at : at + MOST_MEASURES]
        codes = [one.code for one in some]
        whole = summed(told(report(*codes, by=tuple(needs))), codes)
        lines = told(report(*codes, by=(dimension, *sorted(needs - {dimension}))))
        if dimension == "day" and not SOURCES[source].day:
            assert len(lines) == (LAST - FIRST).days + 1
            continue
        for one in some:
            if "DISTINCT" not in one.value:
                assert sum(line[f"{one.code}_n"] for line in lines) == whole[f"{one.code}_n"]
        assert lines or source == "agreements"  # nobody in the invented month makes one
        if lines and dimension not in {"day", "week", "month"}:
            only = Filter(dimension=dimension, values=(lines[-1][dimension],))
            again = told(report(*codes, by=(dimension, *sorted(needs - {dimension})), only=(only,)))
            assert again == [one for one in lines if one[dimension] == lines[-1][dimension]]


def summed(lines, codes):
    return {f"{code}_n": sum(line[f"{code}_n"] for line in lines) for code in codes}


@pytest.mark.parametrize("code", sorted(SAME))
def test_a_measure_says_what_the_figure_says(code, told, quarter):
    files = list(quarter.cases.files.values())
    by_hand = kpis_by_hand.told([code], [files], FIRST, LAST)[code]
    (line,) = told(report(SAME[code]))

    assert by_hand == {("", ""): (line[f"{SAME[code]}_n"], line[f"{SAME[code]}_d"])}


@pytest.mark.parametrize("code", [one.code for one in KPIS.values() if one.by_channel])
def test_a_figure_of_one_channel_is_a_part_of_it(code, told):
    whole = told(question(OfKpi(code=code)))
    parts = [told(question(OfKpi(code=code), channel=one)) for one in ("call", "sms", "whatsapp")]
    numerators = [sum(line["numerator"] for line in lines) for lines in parts]

    assert all(0 < one < sum(line["numerator"] for line in whole) for one in numerators)
    if code not in {"coverage", "rpc_accounts"}:  # a case can be worked by two
        assert sum(numerators) == sum(line["numerator"] for line in whole)


def test_measures_of_several_tables_stand_in_one_line(told):
    lines = told(report("attempts", "collected", "promises", by=("day",)))

    assert [line["day"] for line in lines] == sorted({line["day"] for line in lines})
    assert all(FIRST.isoformat() <= line["day"] <= LAST.isoformat() for line in lines)
    for code in ("attempts", "collected", "promises"):
        (whole,) = told(report(code))
        assert sum(line[f"{code}_n"] for line in lines) == whole[f"{code}_n"] > 0


def test_how_things_stood_is_told_day_by_day(told):
    lines = told(report("balance", by=("day",)))

    assert len(lines) == (LAST - FIRST).days + 1
    assert lines[-1]["balance_n"] == told(report("balance"))[0]["balance_n"]


@pytest.mark.parametrize("by", [("band",), ("day", "band")])
def test_bands_stand_in_the_order_of_their_age(by, told):
    """However much each owes, and though "180+" as a text comes before "8-30"."""
    ages = ["paid", "current", *(one.code for one in DEFAULT_BANDS)]
    lines = told(report("balance", "debts", by=by))
    found = [(line.get("day"), ages.index(line["band"])) for line in lines]

    assert len({age for _, age in found}) > 3
    assert found == sorted(found)


def test_a_report_ends_where_it_is_told_to(told):
    """One line more than asked says that there are more."""
    assert len(told(report("attempts", by=("day",), limit=3))) == 4


LOOKS_BACK = (FIRST - BEGAN).days  # further than this the month does not go


# Figures whose days the month has.
TOLD = [
    code
    for code in sorted(kpi_cases.KNOWN)
    if all(reading.back < LOOKS_BACK for reading in KPIS[code].reads)
]


def behind(code, told, *, hit=True):
    """The figure's largest line, and the cases behind it."""
    line = max(told(question(OfKpi(code=code))), key=lambda one: one["numerator"])
    group = {"group_1": line["group_1"], "group_2": line["group_2"]}
    return line, told(question(OfCases(code=code, hit=hit, **group)))


@pytest.mark.parametrize("code", TOLD)
def test_what_cases_have_of_a_figure_is_the_figure(code, told):
    line, counted = behind(code, told)
    _, rest = behind(code, told, hit=False)

    assert sum(one["worth"] for one in counted) == line["numerator"]
    assert counted == sorted(counted, key=lambda one: (-one["worth"], one["case_id"]))
    if code in kpi_cases.SUMS:
        assert not {one["case_id"] for one in counted} & {one["case_id"] for one in rest}
    elif code != "intensity":  # there the denominator is the cases themselves
        assert sum(one["worth"] for one in (*counted, *rest)) == line["denominator"]


@pytest.mark.parametrize(
    ("code", "of"),
    [("recovery", "at_start"), ("kept_amount", "promised"), ("par30", "balance")],
)
def test_who_is_only_in_the_denominator_is_told_with_what_they_have_there(code, of, told, quarter):
    line, counted = behind(code, told)
    _, rest = behind(code, told, hit=False)
    by_hand = kpis_by_hand.told([code], [quarter.cases.files.values()], FIRST, LAST)[code]
    alone = kpis_by_hand.told(
        [code],
        [[quarter.cases.files[one["case_id"]] for one in rest]],
        FIRST,
        LAST,
    )[code]

    assert counted
    assert rest
    assert by_hand["", ""] == (line["numerator"], line["denominator"])
    assert alone["", ""] == (0, sum(one["worth"] for one in rest))


BY = {  # something to divide each source by
    "attempts": ("channel", "week"),
    "visits": ("met",),
    "entries": ("band", "day"),
    "promises_made": ("channel",),
    "promises_due": ("promise_state", "month"),
    "agreements": ("agreement",),
    "debts": ("band",),
    "cases": ("case_status", "day"),
    "events": ("actor", "district"),
}


@pytest.mark.parametrize("code", sorted(MEASURES))
def test_what_cases_have_of_a_reports_line_is_the_line(code, told):
    """Every measure leads to its cases: each can be told case by case."""
    measure = MEASURES[code]
    by = (*BY[measure.source], *([measure.needs] if measure.needs else []))
    lines = told(report(code, by=by))
    assert lines or measure.source in ("agreements", "events")
    for line in lines[:6]:
        of = Report(measures=(code,), dimensions=by)
        keys = tuple(line[name] for name in by)
        counted, rest = (
            told(question(OfLine(report=of, keys=keys, hit=hit))) for hit in (True, False)
        )

        assert sum(one["worth"] for one in counted) == line[f"{code}_n"]
        assert all(one["times"] for one in counted)
        if measure.over:
            alone = {one["case_id"] for one in rest}
            assert not alone & {one["case_id"] for one in counted}
            assert sum(one["worth"] for one in rest) <= line[f"{code}_d"]
        else:
            assert rest == []


def test_filters_hold_for_the_cases_of_a_line(told):
    only = (Filter(dimension="channel", values=("call",)),)
    (line,) = told(report("attempts", only=only))
    of = Report(measures=("attempts",), filters=only)
    (everything,) = told(report("attempts"))

    assert sum(one["worth"] for one in told(question(OfLine(report=of)))) == line["attempts_n"]
    assert 0 < line["attempts_n"] < everything["attempts_n"]


@pytest.mark.parametrize(
    "about",
    [
        OfCases(code="intensity"),
        OfCases(code="par30", hit=False),
        OfCases(code="cei"),
        OfLine(report=Report(measures=("collected",))),
    ],
    ids=lambda one: getattr(one, "code", "line"),
)
def test_the_cases_behind_a_number_go_on_page_by_page(about, told):
    everything = told(question(replace(about, most=2_000)))
    seen, after = [], None
    while True:
        page = told(question(replace(about, after=after, most=3)))
        seen += page[:3]
        if len(page) <= 3:
            break
        after = After(page[2]["worth"], page[2]["case_id"])

    assert len(everything) > 3
    assert seen == everything


def test_a_day_that_is_not_there_is_named_with_those_that_are(quarter):
    engine = DiskEngine(quarter.disk)
    with pytest.raises(DayMissing) as missing:
        engine.ask(question(OfKpi(code="par30"), last=date(2026, 11, 30)))

    assert missing.value.details == {
        "day": "2026-11-30",
        "first": BEGAN.isoformat(),
        "last": LAST.isoformat(),
    }


@pytest.mark.parametrize(
    ("about", "reads"),
    [
        (OfKpi(code="par30"), {"debts": {LAST}}),
        (OfKpi(code="cure_rate"), {"debts": {FIRST - timedelta(days=1), LAST}}),
        (Report(measures=("balance", "promises")), {"debts": {LAST}, "promises": {LAST}}),
    ],
)
def test_only_the_days_that_are_needed_are_read(about, reads):
    plan = questions.plan(question(about))
    around = [FIRST + timedelta(days=n) for n in range(-40, 40)]

    assert {one.table: {day for day in around if one.wants(day)} for one in plan.reads} == reads


def test_every_figure_and_measure_is_named_once_and_whole():
    for measure in MEASURES.values():
        assert set(dimensions_of(measure)) <= set(DIMENSIONS)
        assert not measure.needs or measure.needs in dimensions_of(measure)
    assert set(KPIS) - kpi_cases.KNOWN == {"dso_countback"}
    assert not set(kpi_cases.ROWS) & set(kpi_cases.SUMS)


@pytest.mark.parametrize("name", sorted(BOARDS))
def test_a_ready_board_can_be_told(name, told):
    for one in BOARDS[name]:
        told(question(one))


@pytest.mark.parametrize("source", SOURCES)
def test_every_sum_can_tell_of_how_many_cases_it_is(source, told):
    own = [one for one in MEASURES.values() if one.source == source and not one.needs]
    for at in range(0, len(own), MOST_MEASURES):
        codes = tuple(one.code for one in own[at : at + MOST_MEASURES])
        (plain,), (counted,) = told(report(*codes)), told(report(*codes, cases=True))

        assert {name: counted[name] for name in plain} == plain
        for code in codes:
            assert (counted[f"{code}_nc"] > 0) == (counted[f"{code}_n"] != 0)
            if MEASURES[code].unit == "count":
                assert counted[f"{code}_nc"] <= counted[f"{code}_n"]
