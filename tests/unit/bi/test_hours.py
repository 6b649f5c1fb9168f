"""Hours of every group in one question, and what a portfolio keeps of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from chalicelib.bi.answers import Answer
from chalicelib.bi.questions import OfHours, Question, parse, plain, plan
from chalicelib.bi.where import Where
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.errors import BadField
from chalicelib.domain.good_hours import WINDOW_DAYS
from chalicelib.services import hours_made
from tests.builders import a_portfolio
from tests.document_fakes import MemoryDocuments

LAST = date(2026, 11, 22)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NORTH, SOUTH = "864995997ffffff", "86499599fffffff"


def question(**values):
    base = {"portfolio_id": "prt_test", "first": LAST, "last": LAST, "bands": tuple(DEFAULT_BANDS)}
    return Question(about=OfHours(), **base | values)


class Lake:
    """Calls of one Monday, and where who was called lives."""

    def __init__(self):
        self.db = duckdb.connect(config={"threads": 1})
        self.db.execute(
            "CREATE TABLE attempts (portfolio text, day text, case_id text, channel text,"
            " direction text, made boolean, result text, weekday int, hour int);"
            "CREATE TABLE places"
            " (portfolio text, day text, case_id text, cell text, district text, segment text)"
        )
        self.asked = []

    def lives(self, case_id, zone, segment, day=LAST):
        self.db.execute(
            "INSERT INTO places VALUES ('prt_test', ?, ?, '', ?, ?)",
            [day.isoformat(), case_id, zone, segment],
        )

    def called(self, case_id, hour, tries, direct, **values):
        base = {
            "portfolio": "prt_test", "day": LAST.isoformat(), "case_id": case_id,
            "channel": "call", "direction": "out", "made": True, "result": "none",
            "weekday": 1, "hour": hour,
        }  # fmt: skip
        for number in range(tries):
            row = base | {"result": "direct" if number < direct else "none"} | values
            self.db.execute(
                "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [*row.values()]
            )

    def ask(self, asked):
        self.asked.append(asked)
        rows = self.db.execute(plan(asked).sql).fetchall()
        return Answer(columns=plan(asked).columns, rows=tuple(rows), engine="duckdb",
                      bytes_read=1, days=(LAST,))  # fmt: skip


@pytest.fixture
def lake():
    """Ana, in the north and of the segment, answers at seven; Bea in the south, of none, never."""
    made = Lake()
    made.lives("ana", NORTH, "seg_1")
    made.lives("bea", SOUTH, "")
    made.lives("ana", SOUTH, "seg_old", day=LAST - timedelta(days=1))
    made.called("ana", 19, 60, 40)
    made.called("ana", 11, 60, 2)
    made.called("bea", 11, 120, 1)
    made.called("ana", 9, 50, 50, channel="sms")  # too few to say anything
    made.called("ana", 9, 500, 500, direction="in")
    made.called("ana", 9, 500, 500, made=False)
    made.called("ana", 9, 500, 500, portfolio="prt_other")
    return made


def test_every_group_that_is_large_enough_is_told_of(lake):
    told = {row[:5]: row[5:] for row in lake.ask(question()).rows}

    assert told == {
        ("", "", "call", 1, 11): (3, 180), ("", "", "call", 1, 19): (40, 60),
        ("", NORTH, "call", 1, 11): (2, 60), ("", NORTH, "call", 1, 19): (40, 60),
        ("seg_1", NORTH, "call", 1, 11): (2, 60), ("seg_1", NORTH, "call", 1, 19): (40, 60),
    }  # fmt: skip


def test_it_is_kept_by_group_with_the_days_it_was_made_of(lake):
    kept = MemoryDocuments("kind")

    made = hours_made.make(a_portfolio(), LAST, engine=lake, kept=kept, now=NOW)

    assert kept.get("prt_test", "good") == made
    assert (lake.asked[0].first, lake.asked[0].last) == (
        LAST - timedelta(days=WINDOW_DAYS - 1),
        LAST,
    )
    assert (made.last, made.days, made.made_at, made.since) == (LAST, 1, NOW, NOW)
    assert [(one.zone, one.segment, one.direct, one.tries) for one in made.groups] == [
        ("", "", 43, 240),
        (NORTH, "", 42, 120),
        (NORTH, "seg_1", 42, 120),
    ]
    assert all(one.best(1) == [(1, 19)] for one in made.groups)


def test_the_next_night_takes_its_place_and_an_older_one_does_not(lake):
    kept = MemoryDocuments("kind")
    first = hours_made.make(a_portfolio(), LAST, engine=lake, kept=kept, now=NOW)
    again = hours_made.make(
        a_portfolio(), LAST, engine=lake, kept=kept, now=NOW + timedelta(hours=1)
    )

    assert again == replace(first, made_at=NOW + timedelta(hours=1), version=again.version)
    late = hours_made.make(a_portfolio(), LAST - timedelta(days=1), engine=lake, kept=kept, now=NOW)
    assert late == kept.get("prt_test", "good") == again


def test_who_loses_the_race_to_write_writes_over_it(lake):
    class Raced(MemoryDocuments):
        lost = 0

        def add(self, document):
            if not self.lost:
                self.lost += 1
                super().add(replace(document, days=99))
                return False
            return super().add(document)

    made = hours_made.make(a_portfolio(), LAST, engine=lake, kept=Raced("kind"), now=NOW)

    assert made.days == 1


def test_a_portfolio_without_calls_keeps_that_it_knows_nothing(lake):
    kept = MemoryDocuments("kind")

    made = hours_made.make(a_portfolio("prt_quiet"), LAST, engine=lake, kept=kept, now=NOW)

    assert (made.groups, made.since) == ((), None)


def test_the_question_travels_and_is_of_no_channel_or_place():
    assert parse(plain(question())) == question()
    with pytest.raises(BadField):
        plan(question(channel="call"))
    with pytest.raises(BadField):
        plan(question(where=Where(segment="seg_1")))
