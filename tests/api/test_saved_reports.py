"""Reports are kept once, changed by who read them last, and gone when deleted."""

import sys

import pytest

from chalicelib.bi.answers import Answer

REPORT = {
    "name": "Canales",
    "measures": ["attempts", "contact_rate"],
    "dimensions": ["channel"],
    "filters": [{"dimension": "channel", "values": ["call", "sms"]}],
    "limit": 20,
    "period": "month",
    "compare": True,
}


@pytest.fixture
def address(common):
    new = {"name": "A", "creditor": "B", "country": "MX"}
    return f"/portfolios/{common('POST /portfolios', new).body['portfolio_id']}/reports"


def test_a_report_is_kept_once_and_listed(common, address):
    first = common(f"POST {address}", REPORT, idempotency_key="k-1").body
    again = common(f"POST {address}", REPORT, idempotency_key="k-1").body
    listed = common(f"GET {address}").body

    assert first == again
    assert listed == {"items": [first], "cursor": None}
    assert {name: first[name] for name in REPORT} == REPORT
    assert first["updated_by"]["name"] == "Ana"


def test_one_report_is_opened_by_its_link(common, address):
    kept = common(f"POST {address}", REPORT).body
    one = f"{address}/{kept['report_id']}"
    other = {"name": "C", "creditor": "D", "country": "MX"}
    elsewhere = common("POST /portfolios", other).body["portfolio_id"]

    assert common(f"GET {one}").body == kept
    assert common(f"GET {address}/rep_none").code == "report.not_found"
    assert (
        common(f"GET /portfolios/{elsewhere}/reports/{kept['report_id']}").code
        == "report.not_found"
    )
    assert common(f"DELETE {one}").status == 204
    assert common(f"GET {one}").code == "report.not_found"


def test_a_change_is_over_the_version_that_was_read(common, address):
    kept = common(f"POST {address}", REPORT).body
    one = f"{address}/{kept['report_id']}"
    changed = common(f"PUT {one}", REPORT | {"name": "Otro", "version": 1}).body
    late = common(f"PUT {one}", REPORT | {"name": "Tarde", "version": 1})

    assert (changed["name"], changed["version"]) == ("Otro", 2)
    assert (late.status, late.code, late.body["details"]) == (409, "report.moved", {"version": 2})


def test_a_report_is_put_on_ones_own_home_page_and_taken_off(common, address):
    kept = common(f"POST {address}", REPORT).body
    one = f"{address}/{kept['report_id']}/home"

    assert common(f"PUT {one}").status == common(f"PUT {one}").status == 204
    there = common("GET /home-reports").body["items"]
    assert there == [kept | {"portfolio_id": address.split("/")[2]}]
    assert common(f"DELETE {one}").status == 204
    assert common("GET /home-reports").body["items"] == []


def test_what_is_deleted_is_gone(common, address):
    kept = common(f"POST {address}", REPORT).body
    one = f"{address}/{kept['report_id']}"

    assert common(f"DELETE {one}").status == 204
    assert common(f"DELETE {one}").code == "report.not_found"
    assert common(f"PUT {one}", REPORT | {"version": 2}).code == "report.not_found"
    assert common(f"GET {address}").body["items"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"measures": ["sql"]}, "measures.0"),
        ({"dimensions": ["product"]}, "dimensions.0"),
        ({"period": "ever"}, "period"),
        ({"name": ""}, "name"),
    ],
)
def test_what_the_catalogue_does_not_have_is_not_kept(common, address, change, field):
    refused = common(f"POST {address}", REPORT | change)

    assert refused.status == 422
    assert refused.body["details"]["field"] == field
    assert common(f"GET {address}").body["items"] == []


@pytest.fixture
def engine(monkeypatch):
    class Engine:
        def ask(self, question):
            rows = (("call", 900, 300, 90, 60, 900, 300),)
            return Answer(columns=(), rows=rows, engine="duckdb", bytes_read=1, days=())

    monkeypatch.setattr(sys.modules["chalicelib.wiring.figures"], "figures", Engine)


def test_a_report_is_read_by_a_link_without_an_account_until_it_is_ended(common, address, engine):
    kept = common(f"POST {address}", REPORT | {"filters": []}).body
    links = address.replace("/reports", "/report-links")
    asked = {"report_id": kept["report_id"], "from": "2026-10-01", "to": "2026-10-31"}
    made = common(f"POST {links}", asked | {"lasts_days": 7}).body
    token = made["url"].partition("/informe/#")[2]

    told = common.api("POST /shared-reports", {"token": token}).body
    assert (told["name"], told["lines"][0]["values"][0]["value"]) == ("Canales", 900.0)
    (one,) = common(f"GET {links}").body["items"]
    assert (one["opened"], one["made_by"]["name"], "url" in one) == (1, "Ana", False)
    kinds = [event["kind"] for event in common("GET /audit").body["items"]]
    assert kinds[0] == "report_link.made"

    assert common(f"DELETE {links}/{made['link_id']}").status == 204
    assert common.api("POST /shared-reports", {"token": token}).code == "link.expired"
    assert common(f"POST {links}", asked | {"lasts_days": 91}).status == 422
