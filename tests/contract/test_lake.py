"""The command on the real stores: the index says what changed, the bucket holds the days."""

import json
from argparse import Namespace
from datetime import UTC, date, datetime, timedelta

import boto3
import duckdb
import pytest

from chalicelib import wiring
from chalicelib.bi import tables
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from cli import export, kpi, stack
from tests import upload_world
from tests.builders import a_debt, a_draft, change_of


@pytest.fixture
def world(monkeypatch):
    with upload_world.world() as made:
        monkeypatch.setenv("LAKE_BUCKET", "lake")
        upload_world.forget()
        boto3.client("s3").create_bucket(Bucket="lake")
        monkeypatch.setattr(stack, "connect", lambda _: True)
        yield made


def exported(capsys, day, since=None):
    options = Namespace(
        day=day, since=since, portfolio=None, whole=False, json=True, stage=None, region=None,
        cloud_url=None, dynamodb_url=None,
    )  # fmt: skip
    assert export.run(options) == 0
    return json.loads(capsys.readouterr().out)["portfolios"][0]


def test_a_portfolio_in_tables_becomes_days_in_the_bucket(world, capsys, tmp_path):
    now = datetime.now(UTC)
    early = now - timedelta(days=2)
    for number, placed in ((1, early), (2, early)):
        draft = a_draft(
            a_debt(f"F-{number}"), portfolio=world.portfolio, key=f"D-{number}", now=placed
        )
        wiring.cases().commit(change_of(draft))
    today = local_day(now, world.portfolio.time_zone)
    first = exported(capsys, today - timedelta(days=1), since=today - timedelta(days=2))
    case_id = wiring.cases().list(world.portfolio.portfolio_id).items[0].case_id
    draft = Draft(wiring.cases().open(case_id), world.portfolio, actor="user:ana", now=now)
    draft.pay(30_000, paid_on=today, source="manual", reference="R-1")
    wiring.cases().commit(change_of(draft))
    second = exported(capsys, today)

    assert (first["listed"], first["opened"]) == (2, 2)
    assert (second["listed"], second["opened"]) == (2, 1)
    key = tables.part_key("debts", world.portfolio.portfolio_id, today.isoformat())
    body = boto3.client("s3").get_object(Bucket="lake", Key=key)["Body"].read()
    (tmp_path / "debts.parquet").write_bytes(body)
    found = duckdb.read_parquet(str(tmp_path / "debts.parquet"))
    assert sorted(found.project("balance_minor, paid_minor").fetchall()) == [
        (70_000, 30_000),
        (100_000, 0),
    ]
    assert sum(one["rows"] for one in second["objects"] if one["table"] == "entries") == 1


def test_a_day_to_come_exports_nothing_and_says_so(world, capsys):
    options = Namespace(
        day=date(2999, 1, 1), since=None, portfolio=None, whole=False, json=False, stage=None,
        region=None, cloud_url=None, dynamodb_url=None,
    )  # fmt: skip

    assert export.run(options) == 1
    assert "in_the_future" in capsys.readouterr().out


def test_a_figure_is_told_from_the_bucket(world, capsys):
    now = datetime.now(UTC)
    draft = a_draft(a_debt(), portfolio=world.portfolio, now=now - timedelta(days=2))
    wiring.cases().commit(change_of(draft))
    today = local_day(now, world.portfolio.time_zone)
    exported(capsys, today)
    asked = {"name": "par30", "portfolio": "prt_test", "from": today, "to": today, "json": True}

    assert kpi.run(Namespace(**asked)) == 0
    (figure,) = json.loads(capsys.readouterr().out)["figures"]
    assert (figure["numerator"], figure["denominator"]) == (100_000, 100_000)
    # Nothing was exported of the day it would have to begin with.
    assert kpi.run(Namespace(**asked | {"name": "recovery"})) == 1
    assert "./recobro export --date" in capsys.readouterr().err
