"""Figures and reports over HTTP, told by an engine that says what it is made to say."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import urllib3

from chalicelib import wiring
from chalicelib.bi.answers import Answer
from chalicelib.bi.kpi_cases import After
from chalicelib.bi.questions import OfCases, OfKpi, OfLine
from chalicelib.bi.reports import Filter, Report
from chalicelib.bi.where import Where
from chalicelib.domain.errors import DayMissing
from chalicelib.domain.people import Role
from chalicelib.geo.cells import cell_of
from chalicelib.services.lake_runs import LEASE, LakeRun
from tests.api.cloud import put_case
from tests.api.conftest import sign_in

DAYS = "from=2026-10-01&to=2026-10-31"


@dataclass
class Engine:
    rows: list[tuple] = field(default_factory=list)
    days: int = 31
    asked: list = field(default_factory=list)
    missing: dict | None = None

    def ask(self, question):
        self.asked.append(question)
        if self.missing:
            raise DayMissing(**self.missing)
        there = tuple(date(2026, 10, 1 + n) for n in range(self.days))
        return Answer(
            columns=(), rows=tuple(self.rows), engine="duckdb", bytes_read=2048, days=there
        )


@pytest.fixture
def engine(monkeypatch):
    made = Engine()
    monkeypatch.setattr(wiring, "figures", lambda: made)
    return made


@pytest.fixture
def portfolio(api, admin):
    new = {"name": "A", "creditor": "B", "country": "MX"}
    return api("POST /portfolios", new, token=admin).body["portfolio_id"]


def test_a_figure_comes_with_all_it_is_made_of(api, admin, portfolio, engine):
    engine.rows, engine.days = [("", "", 1, 4, 12)], 20
    told = api(f"GET /portfolios/{portfolio}/figures?kpi=par30&{DAYS}", token=admin).body

    assert told == {
        "kpi": "par30",
        "version": 1,
        "unit": "ratio",
        "portfolio_id": portfolio,
        "currency": "MXN",
        "from": "2026-10-01",
        "to": "2026-10-31",
        "days": 31,
        "days_there": 20,
        "engine": "duckdb",
        "bytes": 2048,
        "left_out": [],
        "lines": [
            {
                "group_1": "",
                "group_2": "",
                "numerator": 1,
                "denominator": 4,
                "sample": 12,
                "value": 0.25,
                "few": True,
            }
        ],
    }
    (asked,) = engine.asked
    assert asked.about == OfKpi(code="par30")
    assert asked.bands


def test_work_costs_what_the_portfolio_says_and_what_it_does_not_say_is_left_out(
    api, admin, portfolio, engine
):
    engine.rows = [
        ("calls", "", 7_200, 50_000, 30),
        ("field", "2", 7_200, 50_000, 4),
        ("messages", "USD", 3_000_000, 50_000, 90),
    ]
    asked = f"GET /portfolios/{portfolio}/figures?kpi=unit_cost&{DAYS}"
    unpriced = api(asked, token=admin).body
    rates = {"call_hour_minor": 10_000, "dollar_minor": 2_000}
    changed = api(
        f"PATCH /portfolios/{portfolio}", {"policies": {"costs": rates}, "version": 1}, token=admin
    )
    told = api(asked, token=admin).body

    assert unpriced["lines"] == []
    assert [one["part"] for one in unpriced["left_out"]] == ["calls", "field", "messages"]
    assert changed.body["policies"]["costs"]["field_hour_minor"] is None
    found = {(one["group_1"], one["group_2"]): one["numerator"] for one in told["lines"]}
    assert found == {
        ("total", ""): 260_000_000, ("messages", "USD"): 60_000_000, ("calls", ""): 200_000_000,
    }  # fmt: skip
    assert {one["denominator"] for one in told["lines"]} == {50_000}
    assert told["left_out"] == [{"part": "field", "of": "2", "sample": 4}]
    wrong = {"policies": {"costs": {"km_minor": -1}}, "version": 2}
    refused = api(f"PATCH /portfolios/{portfolio}", wrong, token=admin)
    assert refused.body["details"] == {"field": "policies.costs.km_minor", "reason": "too_small"}


def test_hours_are_drawn_to_the_whole_and_say_when_they_had_few_tries(
    api, admin, portfolio, engine
):
    engine.rows = [("1", "9", 3, 5, 5), ("2", "10", 17, 95, 95)]
    told = api(f"GET /portfolios/{portfolio}/figures?kpi=contact_hours&{DAYS}", token=admin).body
    nine, ten = told["lines"]

    assert (nine["smoothed"], nine["few"]) == (pytest.approx((3 + 20 * 0.2) / 25), True)
    assert ten["few"] is False


def test_hours_are_told_of_a_zone_and_a_segment(api, admin, portfolio, engine):
    corner = {"lat": 19.42, "lng": -99.15}
    polygon = [corner, corner | {"lat": 19.44}, {"lat": 19.44, "lng": -99.13}]
    zone = api("POST /zones", {"name": "Centro", "polygon": polygon}, token=admin).body
    asked = f"GET /portfolios/{portfolio}/figures?kpi=contact_hours&{DAYS}"
    told = api(f"{asked}&zone={zone['zone_id']}&segment=seg_1&channel=call", token=admin)
    api(f"{asked}&segment=none", token=admin)

    assert told.status == 200
    of_zone, of_none = (one.where for one in engine.asked)
    assert cell_of(19.43, -99.145, 8) in of_zone.cells
    assert of_zone.segment == "seg_1"
    assert of_none == Where(segment="")


def test_a_place_that_is_none_is_refused_by_name(api, admin, portfolio, engine):
    asked = f"GET /portfolios/{portfolio}/figures?kpi=contact_hours&{DAYS}"
    gone = api(f"{asked}&zone=zon_gone", token=admin)
    bad = api(f"{asked}&cell=centro", token=admin)
    other = api(f"GET /portfolios/{portfolio}/figures?kpi=dso&{DAYS}&segment=s", token=admin)

    assert gone.status == 404
    assert (bad.status, bad.body["details"]["field"]) == (422, "cell")
    assert (other.status, other.body["details"]["field"]) == (422, "where")
    assert not engine.asked


def test_a_report_by_hexagon_comes_with_their_borders(api, admin, portfolio, engine):
    cell = cell_of(19.4326, -99.1332, 8)
    engine.rows = [(cell, 70_000), ("", 500)]
    wanted = {"from": "2026-10-01", "to": "2026-10-31", "measures": ["collected"]}
    told = api(
        f"POST /portfolios/{portfolio}/figures", wanted | {"dimensions": ["cell"]}, token=admin
    ).body

    assert [one["keys"] for one in told["lines"]] == [[cell], [""]]
    (border,) = told["borders"].values()
    assert len(border) == 6
    assert all(abs(one["lat"] - 19.4326) < 0.01 for one in border)


def test_nothing_to_divide_by_is_no_number(api, admin, portfolio, engine):
    engine.rows = [("", "", 0, 0, 0)]
    told = api(f"GET /portfolios/{portfolio}/figures?kpi=par30&{DAYS}", token=admin).body

    assert told["lines"][0]["value"] is None


def test_cases_behind_a_figure_are_named_and_only_its_portfolios(api, admin, portfolio, engine):
    mine = put_case(portfolio, date(2026, 10, 1))
    new = {"name": "C", "creditor": "D", "country": "MX"}
    other = api("POST /portfolios", new, token=admin).body["portfolio_id"]
    engine.rows = [(mine, 3, 900), (put_case(other, date(2026, 10, 1)), 2, 2), ("cas_gone", 1, 1)]
    told = api(
        f"GET /portfolios/{portfolio}/figures/cases?kpi=coverage&side=rest&{DAYS}", token=admin
    )

    [item] = told.body["items"]
    assert (item["case_id"], item["times"], item["worth"]) == (mine, 3, 900)
    assert told.body["more"] is False
    assert told.body["cursor"] is None
    assert engine.asked[0].about == OfCases(code="coverage", hit=False)


def test_cases_behind_a_figure_go_on_where_they_ended(api, admin, portfolio, engine):
    path = f"GET /portfolios/{portfolio}/figures/cases?kpi=coverage&{DAYS}"
    engine.rows = [(f"cas_{n:03}", 1, 7) for n in range(201)]
    first = api(path, token=admin).body
    assert (first["more"], first["cursor"]) == (True, "7~cas_199")

    engine.rows = []
    rest = api(f"{path}&cursor={first['cursor']}", token=admin).body
    assert (rest["items"], rest["more"], rest["cursor"]) == ([], False, None)
    assert engine.asked[-1].about == OfCases(code="coverage", after=After(7, "cas_199"))
    assert api(f"{path}&cursor=x", token=admin).body["details"]["field"] == "cursor"


LINE = {
    "from": "2026-10-01",
    "to": "2026-10-31",
    "measure": "kept_rate",
    "dimensions": ["person", "month"],
    "filters": [{"dimension": "channel", "values": ["call"]}],
    "keys": ["", "2026-10"],
}


def test_a_line_of_a_report_leads_to_its_cases(api, admin, portfolio, engine):
    mine = put_case(portfolio, date(2026, 10, 1))
    engine.rows = [(mine, 2, 2)]
    told = api(f"POST /portfolios/{portfolio}/figures/cases", LINE | {"side": "rest"}, token=admin)

    [item] = told.body["items"]
    assert (item["case_id"], item["times"]) == (mine, 2)
    assert engine.asked[0].about == OfLine(
        report=Report(
            measures=("kept_rate",),
            dimensions=("person", "month"),
            filters=(Filter(dimension="channel", values=("call",)),),
        ),
        keys=("", "2026-10"),
        hit=False,
    )


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("measure", {"measure": None}),
        ("measure", {"kpi": "par30"}),
        ("keys", {"keys": ["x"]}),
        ("dimensions.1", {"dimensions": ["person", "product"]}),
        ("to", {"to": "2026-09-01"}),
        ("channel", {"channel": "sms"}),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_its_field(api, admin, portfolio, field, change):
    refused = api(f"POST /portfolios/{portfolio}/figures/cases", LINE | change, token=admin)

    assert (refused.status, refused.body["details"]["field"]) == (422, field)


def test_all_cases_behind_a_number_are_ordered_as_a_file(api, admin, portfolio, engine):
    ordered = api(f"POST /portfolios/{portfolio}/exports", {"behind": LINE}, token=admin)
    assert (ordered.status, ordered.body["state"]) == (202, "running")

    wrong = {"behind": LINE | {"keys": []}}
    refused = api(f"POST /portfolios/{portfolio}/exports", wrong, token=admin)
    assert refused.body["details"]["field"] == "keys"
    assert not engine.asked  # only the worker asks


def test_a_report_has_a_line_for_each_value(api, admin, portfolio, engine):
    engine.rows = [("call", "2026-10-01", 10, 4, 10), ("sms", "2026-10-01", 3, 0, 0)]
    wanted = {
        "from": "2026-10-01",
        "to": "2026-10-31",
        "measures": ["attempts", "contact_rate"],
        "dimensions": ["channel", "day"],
        "filters": [{"dimension": "direction", "values": ["out"]}],
        "limit": 5,
    }
    told = api(f"POST /portfolios/{portfolio}/figures", wanted, token=admin).body

    assert told["lines"] == [
        {
            "keys": ["call", "2026-10-01"],
            "names": ["call", "2026-10-01"],
            "values": [
                {"numerator": 10, "denominator": None, "value": 10.0},
                {"numerator": 4, "denominator": 10, "value": 0.4},
            ],
        },
        {
            "keys": ["sms", "2026-10-01"],
            "names": ["sms", "2026-10-01"],
            "values": [
                {"numerator": 3, "denominator": None, "value": 3.0},
                {"numerator": 0, "denominator": 0, "value": None},
            ],
        },
    ]
    assert engine.asked[0].about == Report(
        measures=("attempts", "contact_rate"),
        dimensions=("channel", "day"),
        filters=(Filter(dimension="direction", values=("out",)),),
        limit=5,
    )


def test_people_in_a_report_have_names(api, admin, cloud, portfolio, engine):
    person = cloud.person("luz@example.com", Role.AGENT, portfolios=(portfolio,))
    engine.rows = [(person.person_id, 5), ("", 2)]
    wanted = {"from": "2026-10-01", "to": "2026-10-31", "measures": ["attempts"]}
    told = api(
        f"POST /portfolios/{portfolio}/figures", wanted | {"dimensions": ["person"]}, token=admin
    ).body

    assert [one["names"] for one in told["lines"]] == [[person.name], [""]]


def test_a_report_is_taken_as_a_workbook(api, admin, portfolio, engine):
    engine.rows = [("call", 5)]
    wanted = {"from": "2026-10-01", "to": "2026-10-31", "measures": ["attempts"]}
    wanted |= {"dimensions": ["channel"], "compare": True, "name": "Canales"}
    told = api(f"POST /portfolios/{portfolio}/figures/files", wanted, token=admin).body
    got = urllib3.request("GET", told["url"])

    assert got.data.startswith(b"PK")
    assert "2026-10-01_2026-10-31.xlsx" in got.headers["Content-Disposition"]
    assert [one.first for one in engine.asked] == [date(2026, 10, 1), date(2026, 8, 31)]


def test_a_report_is_taken_as_pages_to_print(api, admin, portfolio, engine):
    engine.rows = [("call", 5)]
    wanted = {"from": "2026-10-01", "to": "2026-10-31", "measures": ["attempts"], "kind": "pdf"}
    wanted |= {"dimensions": ["channel"], "name": "Canales"}
    told = api(f"POST /portfolios/{portfolio}/figures/files", wanted, token=admin).body
    got = urllib3.request("GET", told["url"])

    assert got.data.startswith(b"%PDF")
    assert "2026-10-01_2026-10-31.pdf" in got.headers["Content-Disposition"]


BAD = {
    f"kpi=none&{DAYS}": ("code", "not_one_of"),
    "kpi=par30&from=2026-10-31&to=2026-10-01": ("to", "before_start"),
    "kpi=par30&from=2019-01-01&to=2026-10-01": ("first", "too_old"),
    "kpi=par30&from=2026-10-01": ("to", "missing"),
}


@pytest.mark.parametrize("query", BAD)
def test_what_cannot_be_told_is_refused_by_name(common, engine, query):
    told = common(f"GET /portfolios/{common.portfolio_id}/figures?{query}")

    assert told.status == 422
    assert (told.body["details"]["field"], told.body["details"]["reason"]) == BAD[query]
    assert not engine.asked


def test_a_day_that_is_not_there_says_which_are(api, admin, portfolio, engine):
    engine.missing = {"day": "2026-10-31", "first": "2026-09-01", "last": "2026-10-30"}
    told = api(f"GET /portfolios/{portfolio}/figures?kpi=par30&{DAYS}", token=admin)

    assert (told.status, told.code) == (409, "lake.day_missing")
    assert told.body["details"] == engine.missing


def test_without_an_engine_nothing_is_told_as_a_zero(api, admin, portfolio):
    told = api(f"GET /portfolios/{portfolio}/figures?kpi=par30&{DAYS}", token=admin)

    assert (told.status, told.code) == (409, "lake.not_told")


def test_the_catalogue_is_for_those_who_manage(api, admin, cloud, portfolio):
    told = api("GET /kpi-catalogue", token=admin).body
    agent = sign_in(api, cloud, "agente@example.com", Role.AGENT, portfolios=(portfolio,))

    assert {one["code"] for one in told["kpis"]} > {"par30", "roll_matrix", "contact_hours"}
    assert (
        next(one for one in told["measures"] if one["code"] == "cost")["needs"] == "cost_currency"
    )
    assert api("GET /kpi-catalogue", token=agent).status == 403


# Days that are wanted before the night


def yesterday():
    return datetime.now(ZoneInfo("America/Mexico_City")).date() - timedelta(days=1)


@pytest.fixture
def orders(monkeypatch):
    sent = []
    monkeypatch.setattr(wiring, "lake_jobs", lambda: SimpleNamespace(send=sent.extend))
    return sent


def test_days_are_ordered_now_once_a_run_is_over(api, admin, portfolio, orders):
    last = yesterday()
    since = last - timedelta(days=30)
    path = f"PUT /portfolios/{portfolio}/figures"
    told = api(path, {"from": since.isoformat()}, token=admin)

    assert (told.status, told.body["state"]) == (202, "ordered")
    (order,) = orders
    assert (order["portfolio_id"], order["since"]) == (portfolio, since.isoformat())
    assert order["day"] == told.body["day"]

    run = begun(portfolio, day=last)
    assert wiring.lake_runs().add(run)
    assert api(path, {}, token=admin).body["state"] == "running"
    ended = replace(run, state="done", done_day=last + timedelta(days=1))
    run = wiring.lake_runs().save(ended)
    assert api(path, {}, token=admin).body["state"] == "done"
    assert len(orders) == 1


def test_a_run_whose_worker_died_is_gone_on_with(api, admin, portfolio, orders):
    dead = replace(begun(portfolio, day=yesterday()), part=3)
    wiring.lake_runs().add(replace(dead, lease_until=dead.began_at - timedelta(minutes=1)))
    told = api(f"PUT /portfolios/{portfolio}/figures", {"from": str(dead.day)}, token=admin)

    assert told.body["state"] == "ordered"
    assert [order["part"] for order in orders] == [3]


def begun(portfolio, *, day):
    now = datetime.now(UTC)
    return LakeRun(
        portfolio_id=portfolio, state="running", run_id="lak_1", day=day, since=day, began_at=now,
        lease_until=now + LEASE,
    )  # fmt: skip


@pytest.mark.parametrize(("back", "reason"), [(-3, "in_the_future"), (40, "too_old")])
def test_days_that_cannot_be_ordered_are_refused(common, orders, back, reason):
    since = yesterday() - timedelta(days=back)
    told = common(f"PUT /portfolios/{common.portfolio_id}/figures", {"from": str(since)})

    assert told.status == 422
    assert (told.body["details"]["field"], told.body["details"]["reason"]) == ("from", reason)
    assert not orders
