"""The lake holds every fact once, in its own day, and how things stood, whenever that is asked."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from chalicelib.bi import dictionary, tables
from chalicelib.bi.tables import DUCKDB_TYPES, TABLES
from chalicelib.domain.contact import Cause, HoldReason
from chalicelib.domain.errors import BadField
from tests.builders import NOW
from tests.lake_world import Killed, a_lake, reader

ROOT = Path(__file__).resolve().parents[3]
MON, TUE, WED, THU = (date(2026, 11, day) for day in (16, 17, 18, 19))


@pytest.fixture
def world():
    with a_lake() as made:
        yield made


def three_days(world):
    """Two debtors on Monday; one pays on Tuesday, the other promises; a call on Wednesday."""
    one, two = (world.debtor(n, MON, due_on=date(2026, 10, 1)) for n in (1, 2))
    world.pay(one, 40_000, TUE)
    world.promise(two, 50_000, date(2026, 11, 25), TUE)
    world.call(two, world.at(WED, hour=17), "conversation")
    return one, two


def test_facts_lie_in_their_day_and_states_in_every_day(world):
    one, two = three_days(world)
    world.export(WED, since=MON)

    paid = [row for row in world.rows("entries", TUE) if row["kind"] == "payment"]
    assert [(r["case_id"], r["amount_minor"], r["dpd"]) for r in paid] == [(one, -40_000, 47)]
    assert [r["kind"] for r in world.rows("entries", MON)] == ["charge", "charge"]
    assert [(r["case_id"], r["result"], r["weekday"], r["hour"])
            for r in world.rows("attempts", WED)] == [(two, "direct", 3, 17)]  # fmt: skip
    balances = {
        day: sorted(row["balance_minor"] for row in world.rows("debts", day))
        for day in (MON, TUE, WED)
    }
    assert balances == {
        MON: [100_000, 100_000], TUE: [60_000, 100_000], WED: [60_000, 100_000]
    }  # fmt: skip
    states = {day: [r["state"] for r in world.rows("promises", day)] for day in (MON, TUE)}
    assert states == {MON: [], TUE: ["open"]}
    assert {row["status"] for row in world.rows("cases", WED)} == {"open", "promised"}
    assert {row["oldest_due_on"] for row in world.rows("cases", MON)} == {date(2026, 10, 1)}


def test_every_column_has_the_type_that_is_promised(world):
    three_days(world)
    world.export(WED, since=MON)
    for name, table in TABLES.items():
        path = next(world.disk.at.glob(f"lake/{name}/v1/*/day={WED}/part-*"))
        described = reader().sql("DESCRIBE FROM read_parquet(?)", params=[str(path)]).fetchall()
        assert [(row[0], row[1]) for row in described if row[0] not in ("day", "portfolio")] == [
            (column.name, DUCKDB_TYPES[column.kind]) for column in table.columns
        ]


def test_a_day_exported_again_is_the_same_day(world):
    three_days(world)
    world.export(WED, since=MON)
    before = world.everything()
    world.export(TUE)
    world.export(WED, since=MON)
    world.export(WED, whole=True)

    assert world.everything() == before


def test_nightly_runs_tell_what_one_backfill_tells(world):
    three_days(world)
    world.export(MON)
    world.export(TUE)
    world.export(WED)
    nightly = world.everything()
    with a_lake() as other:
        other.cases.files = world.cases.files
        other.export(WED, since=MON)
        backfilled = other.everything()

    assert nightly == backfilled


def test_a_hold_that_ends_by_itself_ends_in_a_backfill_too(world):
    """Nothing is written on the day it is over: the state of that day is another all the same."""
    one, _ = three_days(world)
    world.change(
        one,
        world.at(MON, hour=14),
        lambda draft: draft.hold("hol_1", HoldReason.ILLNESS, until=TUE),
    )
    world.export(THU, since=MON)

    told = [
        {row["status"] for row in world.rows("cases", day) if row["case_id"] == one}
        for day in (MON, TUE, WED, THU)
    ]
    assert told == [{"held"}, {"held"}, {"open"}, {"open"}]


def test_only_cases_that_changed_are_opened(world):
    three_days(world)
    world.export(TUE, since=MON)
    world.cases.opened.clear()
    report = world.export(WED)

    assert (report.listed, report.opened) == (2, 1)
    assert len(world.cases.opened) == 1
    assert len(world.rows("debts", WED)) == 2


def test_a_late_fact_lands_in_its_own_day(world):
    one, two = three_days(world)
    world.export(WED, since=MON)
    world.pay(two, 10_000, THU, paid_on=TUE)  # the bank told of it two days later
    world.export(THU)

    paid = {(r["case_id"], r["amount_minor"]) for r in world.rows("entries", TUE)}
    assert paid == {(one, -40_000), (two, -10_000)}
    assert world.rows("entries", THU) == []
    # What was known at the end of Tuesday stays what it was.
    assert [r["paid_minor"] for r in world.rows("debts", TUE)].count(0) == 1
    assert sorted(r["paid_minor"] for r in world.rows("debts", THU)) == [10_000, 40_000]
    assert world.manifest("entries", TUE).whole


def test_a_late_fact_of_a_day_never_exported_says_that_the_day_is_not_whole(world):
    one = world.debtor(1, MON)
    world.export(WED)
    world.pay(one, 10_000, THU, paid_on=TUE)
    world.export(THU)

    assert world.manifest("entries", TUE).whole is False
    assert world.manifest("entries", WED).whole is True
    world.export(THU, since=MON)
    assert world.manifest("entries", TUE).whole is True
    assert len(world.rows("entries", TUE)) == 1


@pytest.mark.parametrize("written", [0, 1, 12, 33])
def test_a_run_that_dies_leaves_no_half_day_and_is_finished_by_the_next(world, written):
    one, _ = three_days(world)
    world.export(WED, since=MON)
    before = world.everything()
    world.pay(one, 5_000, THU, paid_on=TUE)
    world.disk.dies_after = written
    with pytest.raises(Killed):
        world.export(THU, since=MON)
    midway = world.everything()
    world.disk.dies_after = None
    world.export(THU, since=MON)
    after = world.everything()

    assert all(rows in (before.get(key), after[key]) for key, rows in midway.items())
    with a_lake() as other:
        other.cases.files = world.cases.files
        other.export(THU, since=MON)
        assert after == other.everything()


def test_a_manifest_says_what_its_object_is(world):
    import hashlib

    three_days(world)
    report = world.export(WED, since=MON)

    for made in report.manifests:
        body = world.disk.read(made.key)
        assert (made.size, made.sha256) == (len(body), hashlib.sha256(body).hexdigest())
        assert made.rows == len(world.rows(made.table, made.day))
        assert world.manifest(made.table, made.day) == made


def test_nothing_in_the_lake_names_anybody(world):
    three_days(world)
    world.export(WED, since=MON)
    told = str(world.everything())

    assert not [word for word in ("Pérez", "5512345678", "ñandú", "D-1") if word in told]


def test_a_day_still_to_come_is_refused_and_one_under_way_is_not_closed(world):
    three_days(world)
    noon = world.at(WED)
    with pytest.raises(BadField):
        world.export(THU, now=noon)
    with pytest.raises(BadField):
        world.export(MON, since=TUE)
    world.export(WED, since=MON, now=noon)

    assert (world.manifest("cases", TUE).closed, world.manifest("cases", WED).closed) == (
        True, False,
    )  # fmt: skip
    world.cases.opened.clear()
    world.export(THU, now=NOW)  # cannot go on from a day that was not over
    assert len(world.cases.opened) == 2


def test_a_case_whose_upload_was_undone_stands_in_no_day_after(world):
    three_days(world)
    world.export(TUE, since=MON)
    case_id, file = next(iter(world.cases.files.items()))
    from dataclasses import replace

    from chalicelib.domain.case import CaseStatus

    void = replace(file.head, status=CaseStatus.VOID, updated_at=world.at(WED))
    world.cases.files[case_id] = replace(file, head=void)
    world.export(WED)

    assert [row["case_id"] for row in world.rows("cases", WED)] == [
        key for key in world.cases.files if key != case_id
    ]


def test_the_portfolios_day_is_its_own(world):
    case_id = world.debtor(1, MON)
    late = world.at(TUE, hour=23) + timedelta(minutes=30)  # Wednesday in UTC
    world.call(case_id, late, "unanswered")
    world.export(WED, since=MON)

    assert [r["hour"] for r in world.rows("attempts", TUE)] == [23]
    assert world.rows("attempts", WED) == []


def test_the_dictionary_is_that_of_the_tables():
    assert dictionary.markdown() in (ROOT / "docs" / "lake.md").read_text(encoding="utf-8")


def test_a_column_that_came_later_is_empty_in_the_days_before_it(world):
    """A day told by the version before is read, and joined by what came late, all the same."""
    one, two = three_days(world)
    world.export(WED, since=MON)
    before = world.disk.at / tables.part_key("attempts", "prt_test", WED.isoformat())
    older = reader().sql("SELECT * EXCLUDE (seconds) FROM read_parquet(?)", params=[str(before)])
    older.write_parquet(str(before.with_suffix(".older")))
    before.with_suffix(".older").rename(before)
    world.call(
        one,
        world.at(WED, hour=18),
        "conversation",
        seconds=90,
        cause=Cause(kind="call", by="user:ana"),
    )
    world.export(WED)
    joined = {row["case_id"]: row["seconds"] for row in world.rows("attempts", WED)}

    assert joined[one] == 90
    assert set(joined) == {one, two}
