"""One debtor with hundreds of debts: many changes of one case, none larger than a transaction."""

from types import SimpleNamespace

import pytest

from chalicelib.domain.case import CaseStatus
from chalicelib.domain.errors import CaseMoved
from chalicelib.domain.upload import Figures, UploadMode, UploadState
from chalicelib.services import upload_commit, upload_reading
from chalicelib.services.upload_commit import OutOfTime
from chalicelib.store.case_rows import operations
from chalicelib.store.wire import TRANSACTION_LIMIT
from tests.builders import a_portfolio
from tests.unit.uploads.test_pipeline import BOSS, a_file, balances, change, owed, undo
from tests.upload_fakes import Bench

DEBTS = 150
COUNTER_ROWS = 8  # of the same transaction


@pytest.fixture
def bench():
    return Bench(a_portfolio())


@pytest.fixture
def shop(bench):
    """The upload of one debtor's debts, while every later change is held to the limit."""
    sizes = []
    commit_many = bench.cases.commit_many

    def measured(changes):
        sizes.extend(len(operations("cases", one)) for one in changes)
        return commit_many(changes)

    bench.cases.commit_many = measured
    upload = bench.load(BOSS, a_file(DEBTS, debtors=1), mode=UploadMode.DEBTS)
    yield upload
    assert len(sizes) > 2
    assert max(sizes) <= TRANSACTION_LIMIT - COUNTER_ROWS


def the_case(bench):
    (file,) = bench.cases.files.values()
    return file


def test_every_debt_is_written_and_the_timeline_is_whole(bench, shop):
    file = the_case(bench)

    assert (shop.applied.rows, shop.applied.created) == (DEBTS, DEBTS)
    assert shop.checked.created == DEBTS
    assert len(file.debts) == file.head.debts == sum(file.head.due_debts.values()) == DEBTS
    assert file.head.balance_minor == sum(e.amount_minor for e in file.entries)
    assert [event.seq for event in file.events] == list(range(1, file.head.chain.seq + 1))


def reads(debts):
    """How often a file that changes all debts of one debtor has the case read."""
    bench = Bench(a_portfolio())
    bench.load(BOSS, a_file(debts, debtors=1), mode=UploadMode.DEBTS)
    opened = []
    open_many = bench.cases.open_many
    bench.cases.open_many = lambda ids: opened.extend(ids) or open_many(ids)
    upload = bench.load(BOSS, a_file(debts, amount=7000, debtors=1), mode=UploadMode.DEBTS)
    assert upload.applied.updated == debts
    return len(opened)


def test_a_case_is_not_read_again_for_every_change_it_takes():
    assert reads(DEBTS) == reads(2)


class Workers:
    """
    Workers of one debtor's chunks, two at a time, on a clock that only the store moves.

    Every reading of the case and every change of it takes a time; in the middle of one worker's
    work another begins, and a worker that is out of time has its message delivered again.
    """

    LIMIT_S = 60.0  # load_chunk's timeout
    READING_S, COMMIT_S = 6.0, 4.0
    TOGETHER = 2

    def __init__(self, bench):
        self.bench, self.spent, self.took, self.again = bench, [], [], 0
        self.unit, bench.unit = bench.unit, self.deliver
        self.take, bench.work.take = bench.work.take, self.next
        bench.worker_seconds = lambda: self.LIMIT_S - self.spent[-1]
        self.open_many, bench.cases.open_many = bench.cases.open_many, self.reading
        self.commit_many, bench.cases.commit_many = bench.cases.commit_many, self.committing

    def next(self):
        one, *others = self.take() or [None]
        self.bench.work.send(others)
        return [one] if one else []

    def pause(self, seconds):
        self.spent[-1] += seconds

    def reading(self, case_ids):
        self.spent[-1] += self.READING_S
        return self.open_many(case_ids)

    def committing(self, changes):
        self.spent[-1] += self.COMMIT_S
        refusals = self.commit_many(changes)
        if len(self.spent) < self.TOGETHER:
            for message in self.next():
                self.deliver(message)
        return refusals

    def deliver(self, message):
        self.spent.append(0.0)
        try:
            self.unit(message)
        except (OutOfTime, CaseMoved):
            self.again += 1
            self.bench.work.send([message])
        self.took.append(self.spent.pop())


def test_no_worker_of_a_parted_debtor_outlasts_its_time(bench, monkeypatch):
    """However slow the table is: what is written stays, and the rest comes again."""
    monkeypatch.setattr(upload_reading, "ROWS_PER_CHUNK", 10)
    monkeypatch.setattr(upload_reading, "MOST_ROWS_PER_CHUNK", 400)
    workers = Workers(bench)
    monkeypatch.setattr(upload_commit, "time", SimpleNamespace(sleep=workers.pause))

    upload = bench.load(BOSS, a_file(1_200, debtors=1), mode=UploadMode.DEBTS)

    file = the_case(bench)
    assert upload.chunks == 3
    assert workers.again > 0  # one worker's time is not enough for a chunk
    assert max(workers.took) < Workers.LIMIT_S
    assert upload.applied == Figures(
        rows=1_200, created=1_200, amount_minor=upload.checked.amount_minor
    )
    assert len(file.debts) == 1_200
    assert file.head.balance_minor == sum(e.amount_minor for e in file.entries)
    assert [event.seq for event in file.events] == list(range(1, file.head.chain.seq + 1))


def test_closing_settles_all_that_a_file_no_longer_names(bench, shop):
    file = balances([("F-0", "1000.50")])

    upload = bench.load(BOSS, file, mode=UploadMode.BALANCES, close_absent=True)

    assert upload.applied == Figures(rows=1, unchanged=1, closed=DEBTS - 1, amount_minor=100_050)
    assert owed(bench) == 100_050


def test_undoing_voids_the_case_in_as_many_changes_as_it_takes(bench, shop):
    undone = undo(bench, shop)

    file = the_case(bench)
    assert undone.state is UploadState.UNDONE
    assert undone.extra["undone"]["debts"] == DEBTS
    assert file.head.status is CaseStatus.VOID
    assert all(debt.void for debt in file.debts)
    assert file.head.balance_minor == sum(e.amount_minor for e in file.entries) == 0


def test_an_undoing_that_began_goes_on_past_who_changes_the_case_meanwhile(bench, shop):
    commit_many = bench.cases.commit_many
    undoing = []

    def overtaken(changes):
        undoing.append(changes)
        if len(undoing) == 2:
            change(bench, changes[0].after.case_id, lambda draft: draft.note("llamó"))
        return commit_many(changes)

    bench.cases.commit_many = overtaken
    undone = undo(bench, shop)

    assert undone.extra["undone"] | {"amount_minor": 0} == {
        "debts": DEBTS,
        "amount_minor": 0,
        "kept": 0,
    }
    assert owed(bench) == 0
