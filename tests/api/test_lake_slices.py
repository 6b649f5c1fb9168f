"""A creditor is given its own portfolio's files of the lake, and nobody else's."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
import urllib3

from chalicelib import wiring
from chalicelib.bi import tables
from chalicelib.services.lake_means import Manifest

DAY = date(2026, 10, 5)


def put(portfolio_id, day=DAY, *, table="debts", body=b"PAR1", closed=True):
    """Put a day of a table there as an export does: the object, then its manifest."""
    key = tables.part_key(table, portfolio_id, day.isoformat())
    wiring.lake_files().write(key, body)
    made = Manifest(
        table=table,
        version=tables.VERSION,
        portfolio_id=portfolio_id,
        day=day,
        key=key,
        rows=7,
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        whole=True,
        closed=closed,
        opened=3,
        exported_at=datetime(2026, 10, 6, 8, tzinfo=UTC),
    )
    name = tables.manifest_key(table, portfolio_id, day.isoformat())
    wiring.lake_files().write(name, made.body())


@pytest.fixture
def portfolio(api, admin):
    new = {"name": "A", "creditor": "B", "country": "MX"}
    return api("POST /portfolios", new, token=admin).body["portfolio_id"]


@pytest.fixture
def creditor(api, admin, portfolio):
    """The token of the creditor's own system."""
    made = api(f"POST /portfolios/{portfolio}/tokens", {"name": "ERP"}, token=admin)
    return made.body["token"]


def asked(api, token, portfolio_id, query=""):
    return api(f"GET /portfolios/{portfolio_id}/figures/files?{query}", token=token)


def test_the_dictionary_says_in_spanish_what_every_column_is(api, portfolio, creditor):
    told = asked(api, creditor, portfolio).body

    given = [name for name, table in tables.TABLES.items() if not table.trail]
    assert [one["name"] for one in told["tables"]] == given
    debts = next(one for one in told["tables"] if one["name"] == "debts")
    assert debts["about"] == "Un adeudo al final del día"
    assert {"name": "balance_minor", "type": "int64", "about": "Saldo"} in debts["columns"]
    assert told["items"] == []


@pytest.mark.parametrize("table", ["pings", "shifts"])
def test_where_agents_were_is_nobodys_file(api, portfolio, creditor, admin, table):
    """Neither the creditor's nor, by this way, those of who leads them."""
    for who in (creditor, admin):
        refused = asked(api, who, portfolio, f"table={table}&from=2026-10-01&to=2026-10-31")
        assert refused.status == 422
        assert table not in str(asked(api, who, portfolio).body["tables"])


def test_days_that_are_over_are_given_as_they_are_with_their_digest(api, portfolio, creditor):
    put(portfolio)
    put(portfolio, DAY + timedelta(days=1), closed=False)
    told = asked(api, creditor, portfolio, "table=debts&from=2026-10-01&to=2026-10-31").body

    [item] = told["items"]
    assert (item["day"], item["rows"], item["whole"]) == ("2026-10-05", 7, True)
    got = urllib3.request("GET", item["url"])
    assert hashlib.sha256(got.data).hexdigest() == item["sha256"]
    assert "debts-2026-10-05.parquet" in got.headers["Content-Disposition"]
    assert [one["name"] for one in told["tables"]] == ["debts"]


def test_another_portfolios_files_are_nobodys(api, admin, portfolio, creditor):
    new = {"name": "C", "creditor": "D", "country": "MX"}
    other = api("POST /portfolios", new, token=admin).body["portfolio_id"]
    put(other)

    assert asked(api, creditor, other, "table=debts&from=2026-10-05&to=2026-10-05").status == 404
    own = asked(api, creditor, portfolio, "table=debts&from=2026-10-05&to=2026-10-05")
    assert own.body["items"] == []


def test_who_took_which_days_is_told(api, admin, portfolio, creditor):
    put(portfolio)
    query = "table=debts&from=2026-10-05&to=2026-10-05"
    asked(api, creditor, portfolio, query)
    asked(api, creditor, portfolio, "table=debts&from=2026-10-07&to=2026-10-07")

    today = datetime.now(UTC).date()
    span = f"first={today - timedelta(days=1)}&last={today + timedelta(days=1)}"
    log = api(f"GET /portfolios/{portfolio}/access-log?{span}&kind=lake.taken", token=admin)
    [taken] = log.body["items"]
    assert taken["of"] == "debts 2026-10-05/2026-10-05"
    assert taken["actor"]["id"].startswith("service:")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("table=people", "table"),
        ("table=debts&to=2026-10-05", "from"),
        ("table=debts&from=2026-10-05", "to"),
        ("table=debts&from=2026-10-05&to=2026-10-04", "to"),
        ("table=debts&from=2026-10-01&to=2026-11-01", "to"),
    ],
)
def test_what_cannot_be_given_is_refused_by_name(api, portfolio, creditor, query, field):
    told = asked(api, creditor, portfolio, query)

    assert (told.status, told.body["details"]["field"]) == (422, field)
