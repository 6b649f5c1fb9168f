"""The command on the real stores: the index says what changed, the bucket holds the days."""

import base64
import gzip
import hashlib
import json
from argparse import Namespace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import boto3
import duckdb
import pytest

from chalicelib import wiring
from chalicelib.bi import tables
from chalicelib.domain.contact import AttemptState, Channel
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.foretold import Telling, ToldOfDebt
from chalicelib.domain.people import Person, Role
from chalicelib.domain.tracking import Fix
from chalicelib.services import lake as exporting
from chalicelib.services import pings, shifts
from chalicelib.services.lake_runs import LakeRun, Order
from cli import export, kpi, stack
from lake import functions, means, table_export
from tests import engines, upload_world
from tests.builders import a_debt, a_draft, an_attempt, change_of


@pytest.fixture
def world(monkeypatch):
    with upload_world.world() as made:
        monkeypatch.setenv("LAKE_BUCKET", "lake")
        upload_world.forget()
        boto3.client("s3").create_bucket(Bucket="lake")
        queue = boto3.client("sqs").create_queue(QueueName="lake")["QueueUrl"]
        monkeypatch.setenv("LAKE_QUEUE_URL", queue)
        monkeypatch.setenv("LAKE_QUERIES", "recobro")
        monkeypatch.setenv("LAKE_DATABASE", "recobro_test")
        monkeypatch.setattr(stack, "connect", lambda _: True)
        yield made


def asking(day, **changed):
    base = {
        "day": day, "since": None, "portfolio": None, "whole": False, "from_table_export": "",
        "json": False, "stage": None, "region": None, "cloud_url": None, "dynamodb_url": None,
    }  # fmt: skip
    return Namespace(**base | changed)


def exported(capsys, day, since=None, from_table_export=""):
    assert export.run(asking(day, since=since, from_table_export=from_table_export, json=True)) == 0
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


def sent():
    """Take what waits in the queue as Lambda gets it, or None."""
    sqs, url = boto3.client("sqs"), boto3.client("sqs").get_queue_url(QueueName="lake")["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url).get("Messages", [])
    for one in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return {
        "Records": [
            {"messageId": one["MessageId"], "body": one["Body"], "receiptHandle": "gone"}
            for one in found
        ]
    }


def test_every_night_the_functions_put_the_day_that_is_over_there(world, monkeypatch):
    monkeypatch.setattr(exporting, "CASES_A_PAGE", 1)
    now = datetime.now(UTC)
    for number in (1, 2, 3):
        draft = a_draft(
            a_debt(f"F-{number}"), portfolio=world.portfolio, key=f"D-{number}",
            now=now - timedelta(days=3),
        )  # fmt: skip
        wiring.cases().commit(change_of(draft))
    yesterday = local_day(now, world.portfolio.time_zone) - timedelta(days=1)

    functions.start_lake({}, None)
    seconds = [100.0, 900.0, 100.0]  # the first does nothing in time, the second one page
    lives = 0
    while (event := sent())["Records"]:
        lives += 1
        asked = iter(seconds if lives == 2 else [100.0] if lives == 1 else [900.0] * 99)
        context = upload_world.Context()
        monkeypatch.setattr(
            context, "get_remaining_time_in_millis", lambda a=asked: int(next(a, 100.0) * 1000),
            raising=False,
        )  # fmt: skip
        assert functions.export_lake(event, context) == {"batchItemFailures": []}

    assert lives == 4  # the last learns the hours of the days
    learned = wiring.good_hours("prt_test")
    assert (learned.last, learned.days, learned.groups) == (yesterday, 1, ())
    files = wiring.lake_files()
    manifest = files.read(tables.manifest_key("debts", "prt_test", yesterday.isoformat()))
    assert json.loads(manifest)["rows"] == 3
    functions.start_lake({}, None)
    assert not sent()["Records"]  # nothing is due any more


def test_hours_are_learned_of_the_days_and_the_queue_is_told(world):
    """Answered at seven in the evening, never at eleven: one row, read without a lake."""
    now = datetime.now(UTC)
    yesterday = local_day(now, world.portfolio.time_zone) - timedelta(days=1)
    zone = ZoneInfo(world.portfolio.time_zone)
    for number in range(30):
        draft = a_draft(
            a_debt(f"F-{number}"), portfolio=world.portfolio, key=f"D-{number}",
            now=now - timedelta(days=30),
        )  # fmt: skip
        for day in range(2):
            for hour, outcome in ((11, "unanswered"), (19, "conversation")):
                at = datetime.combine(yesterday - timedelta(days=day), time(hour, 5), zone)
                draft.record(
                    an_attempt(
                        f"att_{number}_{day}_{hour}", channel=Channel.CALL, party="debtor",
                        state=AttemptState.DONE, outcome=outcome, created_at=at.astimezone(UTC),
                        sent_at=at.astimezone(UTC), not_before=None,
                    )
                )  # fmt: skip
        wiring.cases().commit(change_of(draft))
    since = yesterday - timedelta(days=1)
    means.jobs().send([Order(portfolio_id="prt_test", day=yesterday, since=since).message()])

    while (event := sent())["Records"]:
        assert functions.export_lake(event, upload_world.Context()) == {"batchItemFailures": []}

    learned = wiring.good_hours("prt_test")
    (group,) = learned.groups
    assert (group.channel, group.direct, group.tries) == ("call", 60, 120)
    assert {hour for _, hour in group.best(9)} == {19}
    assert (learned.last, learned.days, learned.since) == (yesterday, 2, learned.made_at)
    assert functions.export_lake(
        {
            "Records": [
                {
                    "messageId": "1",
                    "receiptHandle": "gone",
                    "body": json.dumps(
                        {"step": "hours", "portfolio_id": "prt_test", "day": "2001-01-01"}
                    ),
                }
            ]
        },
        upload_world.Context(),
    ) == {"batchItemFailures": []}  # a day that is not there is no reason to try again


def test_an_export_under_way_is_left_alone_by_the_command(world, capsys):
    run = LakeRun(
        portfolio_id="prt_test", state="running", run_id="lak_1", day=date(2026, 1, 1),
        since=date(2026, 1, 1), began_at=datetime.now(UTC),
        lease_until=datetime.now(UTC) + timedelta(minutes=5),
    )  # fmt: skip
    assert means.runs().add(run)

    assert export.run(asking(date(2026, 1, 2))) == 1
    assert "another run is at it" in capsys.readouterr().out


def test_what_fails_is_given_back_to_the_queue(world):
    url = boto3.client("sqs").get_queue_url(QueueName="lake")["QueueUrl"]
    broken = {"portfolio_id": "prt_test", "day": "2999-01-01", "since": "2999-01-01"}
    means.jobs().send([broken | {"whole": False, "part": 0}])
    (found,) = boto3.client("sqs").receive_message(QueueUrl=url)["Messages"]
    record = {
        "messageId": found["MessageId"],
        "body": found["Body"],
        "receiptHandle": found["ReceiptHandle"],
        "attributes": {"ApproximateReceiveCount": "1"},
    }

    assert functions.export_lake({"Records": [record]}, upload_world.Context()) == {
        "batchItemFailures": [{"itemIdentifier": found["MessageId"]}]
    }


def exported_by_dynamodb(folder="table/AWSDynamoDB/01695-a1b2c3/", files=3, lies=""):
    """Lay down the table's items as DynamoDB's export to S3 writes them."""
    client, s3 = boto3.client("dynamodb"), boto3.client("s3")
    items = client.scan(TableName=engines.CASES)["Items"]
    listed = []
    for number in range(files):
        lines = [json.dumps({"Item": item}) for item in items[number::files]]  # in no order
        body = gzip.compress("\n".join([*lines, ""]).encode())
        key = f"{folder}data/{number}.json.gz"
        s3.put_object(Bucket="lake", Key=key, Body=body + (b"x" if lies == "file" else b""))
        md5 = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        listed.append(
            {"itemCount": len(lines), "md5Checksum": md5, "etag": "-", "dataFileS3Key": key}
        )
    s3.put_object(
        Bucket="lake", Key=f"{folder}manifest-files.json",
        Body="\n".join(json.dumps(one) for one in listed[: 1 if lies == "list" else files]),
    )  # fmt: skip
    summary = {
        "version": "2020-06-30", "tableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/x",
        "s3Bucket": "lake", "s3Prefix": "table", "itemCount": len(items), "billedSizeBytes": 9,
        "manifestFilesS3Key": f"{folder}manifest-files.json",
        "outputFormat": "ION" if lies == "format" else "DYNAMODB_JSON",
    }  # fmt: skip
    s3.put_object(Bucket="lake", Key=f"{folder}manifest-summary.json", Body=json.dumps(summary))
    return folder


def rows_of_the_lake(tmp_path):
    s3, found = boto3.client("s3"), {}
    for one in s3.list_objects_v2(Bucket="lake", Prefix="lake/")["Contents"]:
        if one["Key"].endswith(".parquet"):
            s3.download_file("lake", one["Key"], str(tmp_path / "one.parquet"))
            rows = duckdb.read_parquet(str(tmp_path / "one.parquet")).fetchall()
            found[one["Key"]] = sorted(map(repr, rows))
    return found


def test_the_tables_own_export_tells_the_same_days(world, capsys, tmp_path):
    now = datetime.now(UTC)
    today = local_day(now, world.portfolio.time_zone)
    for number in range(1, 6):
        draft = a_draft(
            a_debt(f"F-{number}"), portfolio=world.portfolio, key=f"D-{number}",
            now=now - timedelta(days=2),
        )  # fmt: skip
        change = change_of(draft)
        wiring.cases().commit(change)
        draft = Draft(
            wiring.cases().open(change.after.case_id), world.portfolio, actor="user:ana", now=now
        )
        draft.pay(1_000 * number, paid_on=today, source="manual", reference=f"R-{number}")
        wiring.cases().commit(change_of(draft))
    exported(capsys, today, since=today - timedelta(days=2))
    opened = rows_of_the_lake(tmp_path)
    for key in opened:
        boto3.client("s3").delete_object(Bucket="lake", Key=key)

    report = exported(
        capsys, today, since=today - timedelta(days=2), from_table_export=exported_by_dynamodb()
    )

    assert report["opened"] == 5
    assert sum(map(len, opened.values())) > 30
    assert rows_of_the_lake(tmp_path) == opened


def test_what_was_told_of_debts_is_told_by_either_way(world, capsys, tmp_path):
    """By opening cases and by the table's own export: it lies beside them, by day."""
    now = datetime.now(UTC)
    today = local_day(now, world.portfolio.time_zone)
    yesterday = today - timedelta(days=1)
    for number, day in ((1, yesterday), (2, today)):
        at = datetime.combine(day, time(9), ZoneInfo(world.portfolio.time_zone)).astimezone(UTC)
        debts = (ToldOfDebt(debt_id=f"dbt_{number}", late_days=4, percent=70 + number),)
        wiring.enrolments().tell(
            world.portfolio.portfolio_id,
            Telling(
                case_id=f"cas_{number}", on=day, at=at, model="first", model_id="a",
                basis="model", percent=70, test_id="", arm="", debts=debts,
            ),
        )  # fmt: skip
    wiring.cases().commit(change_of(a_draft(a_debt(), portfolio=world.portfolio)))
    exported(capsys, today, since=yesterday)
    opened = rows_of_the_lake(tmp_path)
    for key in opened:
        boto3.client("s3").delete_object(Bucket="lake", Key=key)
    exported(capsys, today, since=yesterday, from_table_export=exported_by_dynamodb())

    told = {
        day: opened[tables.part_key("forecasts", world.portfolio.portfolio_id, day.isoformat())]
        for day in (yesterday, today)
    }
    assert [("dbt_1" in one, "71, 7" in one) for (one,) in [told[yesterday]]] == [(True, True)]
    assert ["dbt_2" in one for one in told[today]] == [True]
    assert rows_of_the_lake(tmp_path) == opened


@pytest.mark.parametrize("lies", ["file", "list", "format"])
def test_a_table_export_that_is_not_whole_is_not_read(world, lies):
    wiring.cases().commit(change_of(a_draft(a_debt(), portfolio=world.portfolio)))
    wiring.cases().commit(change_of(a_draft(a_debt("F-2"), portfolio=world.portfolio, key="D-2")))
    folder = exported_by_dynamodb(lies=lies)

    with pytest.raises(table_export.NotWhole), table_export.opened(means.files(), folder):
        pass
    with pytest.raises(table_export.NotWhole), table_export.opened(means.files(), "nowhere/"):
        pass


def test_a_day_to_come_exports_nothing_and_says_so(world, capsys):
    assert export.run(asking(date(2999, 1, 1))) == 1
    assert "in_the_future" in capsys.readouterr().out


def test_a_figure_is_told_from_the_bucket(world, capsys):
    now = datetime.now(UTC)
    draft = a_draft(a_debt(), portfolio=world.portfolio, now=now - timedelta(days=2))
    wiring.cases().commit(change_of(draft))
    today = local_day(now, world.portfolio.time_zone)
    exported(capsys, today)
    asked = {
        "name": "par30", "portfolio": "prt_test", "from": today, "to": today, "json": True,
        "engine": "duckdb",
    }  # fmt: skip

    assert kpi.run(Namespace(**asked)) == 0
    (figure,) = json.loads(capsys.readouterr().out)["figures"]
    assert (figure["numerator"], figure["denominator"]) == (100_000, 100_000)
    # Nothing was exported of the day it would have to begin with.
    assert kpi.run(Namespace(**asked | {"name": "recovery"})) == 1
    assert "./recobro export --date" in capsys.readouterr().err


def test_shifts_and_trails_of_the_table_become_days_and_late_points_join_theirs(world, tmp_path):
    """On the real rows: what arrived since is found by when it was received."""
    now = datetime.now(UTC)
    zone = ZoneInfo(world.portfolio.time_zone)
    today = local_day(now, world.portfolio.time_zone)
    days = [today - timedelta(days=n) for n in (2, 1)]
    agent = Person(
        person_id="per_ana", email="a@example.com", name="Ana", role=Role.AGENT,
        portfolios=("prt_test",),
    )  # fmt: skip
    tracking, began = wiring.tracking(), []
    for day in days:
        at = datetime.combine(day, time(9), zone).astimezone(UTC)
        shifts.start(f"shf_{day}", at, person=agent, tracking=tracking, now=at)
        done = at + timedelta(hours=3)
        shifts.end(f"shf_{day}", done, person_id="per_ana", tracking=tracking, now=done)
        began.append(at)

    def sent_points(day, received_at, number):
        first = began[day] + timedelta(minutes=10 * number)
        fixes = [
            Fix(at=first + timedelta(seconds=30 * n), lat=19.4 + n / 1e4, lng=-99.1)
            for n in range(10)
        ]
        said = pings.record(
            fixes, person_id="per_ana", device_id="d", tracking=tracking, now=received_at
        )
        assert said.accepted == 10

    def points(table):
        found = {}
        for day in days:
            key = tables.part_key(table, "prt_test", day.isoformat())
            boto3.client("s3").download_file("lake", key, str(tmp_path / "one.parquet"))
            told = duckdb.read_parquet(str(tmp_path / "one.parquet"))
            ((found[day],),) = told.aggregate("sum(points)").fetchall()
        return found

    sent_points(0, began[0] + timedelta(hours=1), 1)
    sent_points(1, began[1] + timedelta(hours=1), 1)
    for day in days:
        assert export.run(asking(day, since=None if day == days[1] else days[0])) == 0
    first = points("pings")
    sent_points(0, began[1] + timedelta(hours=2), 4)  # the day after
    assert export.run(asking(days[1])) == 0

    assert first == {days[0]: 10, days[1]: 10}
    assert points("pings") == points("shifts") == {days[0]: 20, days[1]: 10}
