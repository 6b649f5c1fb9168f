"""A creditor is given its own portfolio's files of the lake, and nobody else's."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
import urllib3

from chalicelib import wiring
from chalicelib.bi import tables
from chalicelib.domain.people import Role
from chalicelib.services.lake_means import Manifest
from chalicelib.store.tokens import TokenRow
from tests.api.conftest import sign_in

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


@pytest.fixture
def taker(api, admin, portfolio):
    """The token that reads files for a week, as its record and as it is sent."""
    new = {"name": "Banco Uno", "use": "slice", "lasts_days": 7}
    made = api(f"POST /portfolios/{portfolio}/tokens", new, token=admin).body
    return made, made["token"]


def test_a_token_of_files_takes_files_and_nothing_else(api, admin, portfolio, taker):
    put(portfolio)
    _, token = taker
    query = "table=debts&from=2026-10-05&to=2026-10-05"

    assert len(asked(api, token, portfolio, query).body["items"]) == 1
    for call in (
        f"GET /portfolios/{portfolio}",
        "GET /portfolios",
        f"GET /portfolios/{portfolio}/uploads",
        f"GET /portfolios/{portfolio}/cases",
        f"GET /portfolios/{portfolio}/tokens",
        f"GET /portfolios/{portfolio}/figures?kpi=coverage&from=2026-10-05&to=2026-10-05",
    ):
        assert api(call, token=token).status == 403, call


def test_a_token_of_files_has_an_end(api, admin, portfolio, taker, monkeypatch):
    made, token = taker
    until = datetime.fromisoformat(made["until"])
    assert until - datetime.fromisoformat(made["created_at"]) == timedelta(days=7)
    new = {"name": "Sin fin", "use": "slice"}
    refused = api(f"POST /portfolios/{portfolio}/tokens", new, token=admin)
    assert (refused.status, refused.body["details"]["field"]) == (422, "lasts_days")

    assert asked(api, token, portfolio).status == 200
    monkeypatch.setattr(wiring, "now", lambda: until)
    assert asked(api, token, portfolio).status == 401


def test_one_that_is_over_is_listed_as_such(api, admin, portfolio, taker):
    made, _ = taker
    row = TokenRow.get(f"P#{portfolio}", f"TOKEN#{made['token_id']}")
    row.update(actions=[TokenRow.until.set(datetime.now(UTC) - timedelta(minutes=1))])

    [listed] = api(f"GET /portfolios/{portfolio}/tokens", token=admin).body["items"]
    assert (listed["name"], listed["use"], listed["works"]) == ("Banco Uno", "slice", False)


def test_a_revoked_one_is_refused_and_still_named_where_it_took(api, admin, portfolio, taker):
    put(portfolio)
    made, token = taker
    asked(api, token, portfolio, "table=debts&from=2026-10-05&to=2026-10-05")
    api(f"DELETE /portfolios/{portfolio}/tokens/{made['token_id']}", token=admin)

    assert asked(api, token, portfolio).status == 401
    assert taken(api, admin, portfolio)[0]["actor"]["name"] == "Banco Uno"


def test_looking_at_what_there_is_takes_nothing(api, admin, portfolio, taker):
    put(portfolio)
    query = "table=debts&from=2026-10-05&to=2026-10-05&addresses=no"
    [item] = asked(api, taker[1], portfolio, query).body["items"]

    assert (item["url"], item["size_bytes"]) == (None, 4)
    assert taken(api, admin, portfolio) == []


def test_who_took_files_is_told_to_who_gives_them_and_the_rest_is_not(api, cloud, portfolio):
    carla = sign_in(api, cloud, "c@example.com", Role.SUPERVISOR, portfolios=(portfolio,))
    assert taken(api, carla, portfolio) == []
    today = datetime.now(UTC).date()
    span = f"first={today}&last={today}"
    for more in ("", "&kind=case.opened"):
        answer = api(f"GET /portfolios/{portfolio}/access-log?{span}{more}", token=carla)
        assert answer.status == 403


@pytest.mark.parametrize("language", ["en", "pt"])
def test_every_table_and_column_is_told_in_other_languages_too(api, portfolio, creditor, language):
    told = {
        one: asked(api, creditor, portfolio, f"language={one}").body for one in ("es", language)
    }
    for es, other in zip(told["es"]["tables"], told[language]["tables"], strict=True):
        assert es["about"] != other["about"]
        words = zip(es["columns"], other["columns"], strict=True)
        # Some columns are words of the API alone, alike in each language but for "or".
        assert sum(a["about"] == b["about"] for a, b in words) <= len(es["columns"]) // 2


def taken(api, token, portfolio):
    today = datetime.now(UTC).date()
    span = f"first={today - timedelta(days=1)}&last={today + timedelta(days=1)}"
    log = api(f"GET /portfolios/{portfolio}/access-log?{span}&kind=lake.taken", token=token)
    assert log.status == 200
    return log.body["items"]


def test_who_took_which_days_is_told(api, admin, portfolio, creditor):
    put(portfolio)
    query = "table=debts&from=2026-10-05&to=2026-10-05"
    asked(api, creditor, portfolio, query)
    asked(api, creditor, portfolio, "table=debts&from=2026-10-07&to=2026-10-07")

    [one] = taken(api, admin, portfolio)
    assert one["of"] == "debts 2026-10-05/2026-10-05"
    assert one["actor"]["id"].startswith("service:")
    assert one["actor"]["name"] == "ERP"


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
