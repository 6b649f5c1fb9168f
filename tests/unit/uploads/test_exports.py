"""A list of cases as a file: whole, in parts, over several lives of a worker."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from chalicelib import wiring
from chalicelib.bi.answers import Answer
from chalicelib.bi.questions import OfCases, OfLine
from chalicelib.bi.reports import Report
from chalicelib.domain.errors import BadField, FigureNotTold
from chalicelib.domain.upload import UploadMode
from chalicelib.services import exports, figure_cases, figures
from tests.builders import a_portfolio
from tests.unit.uploads.test_pipeline import BOSS, a_file, owed
from tests.upload_fakes import Bench, MemoryQueue


class MemoryExports:
    def __init__(self):
        self.exports = {}

    def add(self, export):
        self.exports[export.export_id] = export
        return True

    def get(self, portfolio_id, export_id):
        return self.exports.get(export_id)

    def save(self, export):
        if self.exports[export.export_id].version != export.version:
            return None
        self.exports[export.export_id] = replace(export, version=export.version + 1)
        return self.exports[export.export_id]


class MemoryParts:
    def __init__(self):
        self.parts = {}
        self.objects = {}

    def begin(self, key, *, content_type):
        return f"writing {key}"

    def part(self, key, writing, number, body):
        self.parts[writing, number] = body
        return f"tag {number}"

    def end(self, key, writing, parts):
        self.objects[key] = b"".join(self.parts[writing, n + 1] for n in range(len(parts)))

    def link(self, key, *, filename, expires_s):
        return f"https://bucket.example/{key}"


class Worth:
    """An engine that tells cases with what it was given, page by page; or fails."""

    def __init__(self):
        self.worth, self.error, self.asked = {}, None, 0

    def ask(self, question):
        self.asked += 1
        if self.error is not None:
            raise self.error
        of = question.about
        rows = sorted(((one, 1, n) for one, n in self.worth.items()), key=lambda r: (-r[2], r[0]))
        if of.after is not None:
            at = (-of.after.worth, of.after.case_id)
            rows = [row for row in rows if (-row[2], row[0]) > at]
        return Answer(columns=(), rows=tuple(rows[: of.most + 1]), engine="", bytes_read=0, days=())


LINE = OfLine(report=Report(measures=("collected",), dimensions=("band",)), keys=("1-7",))


class Desk:
    def __init__(self):
        self.bench = Bench(a_portfolio())
        self.exports, self.files, self.jobs = MemoryExports(), MemoryParts(), MemoryQueue()
        self.engine = Worth()

    def start(self, **filters):
        return exports.start(
            "prt_test",
            filters,
            actor=BOSS,
            language="es",
            portfolios=self.bench.portfolios,
            exports=self.exports,
            jobs=self.jobs,
            now=self.bench.now,
        )

    def start_behind(self, of):
        return exports.start(
            "prt_test",
            {},
            behind=lambda portfolio: figures.asked(
                portfolio, of, date(2026, 10, 1), date(2026, 10, 31)
            ),
            actor=BOSS,
            language="es",
            portfolios=self.bench.portfolios,
            exports=self.exports,
            jobs=self.jobs,
            now=self.bench.now,
        )

    def loaded(self, debtors):
        self.bench.load(BOSS, a_file(2 * debtors, debtors=debtors), mode=UploadMode.DEBTS)
        cases = sorted(self.bench.cases.files)
        self.engine.worth = {case_id: 100 * (n % 7 + 1) for n, case_id in enumerate(cases)}
        return cases

    def work(self, *, seconds=300.0):
        taken = self.jobs.take()
        for message in taken:
            exports.write(
                message["portfolio_id"],
                message["export_id"],
                portfolios=self.bench.portfolios,
                exports=self.exports,
                cases=self.bench.cases,
                files=self.files,
                jobs=self.jobs,
                engine=self.engine,
                now=self.bench.now,
                time_left_s=lambda: seconds,
                read_phone=wiring.read_phone,
            )
        return len(taken)

    def rows(self, export):
        text = self.files.objects[export.key].decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def desk():
    return Desk()


def test_every_case_is_in_the_file_to_the_cent(desk):
    desk.bench.load(BOSS, a_file(300, debtors=120), mode=UploadMode.DEBTS)
    export = desk.start()
    desk.work()

    done = exports.find("prt_test", export.export_id, actor=BOSS, exports=desk.exports)

    rows = desk.rows(export)
    assert (done.state, done.rows) == ("done", 120)
    assert exports.link(done, files=desk.files) == f"https://bucket.example/{export.key}"
    cents = sum(int(row["saldo"].replace(".", "")) for row in rows)
    assert cents == owed(desk.bench)
    assert len({row["expediente"] for row in rows}) == 120


def test_a_hurried_worker_leaves_the_rest_to_the_next(desk, monkeypatch):
    desk.bench.load(BOSS, a_file(300, debtors=120), mode=UploadMode.DEBTS)
    monkeypatch.setattr(exports, "PAGE", 25)
    monkeypatch.setattr(exports, "PART_BYTES", 2_000)
    export = desk.start()
    lives = 0
    while desk.work(seconds=0.0):
        lives += 1

    assert lives > 3
    assert len({row["expediente"] for row in desk.rows(export)}) == 120


@pytest.mark.parametrize("seconds", [300.0, 0.0])
def test_all_cases_behind_a_number_are_in_the_file_once(desk, monkeypatch, seconds):
    monkeypatch.setattr(figure_cases, "MOST_CASES", 7)
    monkeypatch.setattr(exports, "PART_BYTES", 300)
    cases = desk.loaded(30)
    desk.engine.worth["cas_gone"] = 700  # the lake knows cases that are no more
    export = desk.start_behind(replace(LINE, most=5))
    while desk.work(seconds=seconds):
        pass

    done = exports.find("prt_test", export.export_id, actor=BOSS, exports=desk.exports)
    rows = desk.rows(export)
    assert (done.state, done.rows, len(rows)) == ("done", 30, 30)
    assert sorted(row["expediente"] for row in rows) == cases
    assert [row["aporta"] for row in rows] == sorted((row["aporta"] for row in rows), reverse=True)
    assert rows[0]["aporta"] == "7.00"
    assert {row["veces"] for row in rows} == {"1"}


def test_a_number_that_reads_too_much_fails_and_one_that_is_slow_comes_again(desk):
    desk.loaded(3)
    export = desk.start_behind(LINE)
    desk.engine.error = FigureNotTold(reason="too_long")
    with pytest.raises(FigureNotTold):
        desk.work()
    assert desk.exports.get("prt_test", export.export_id).state == "running"

    other = desk.start_behind(OfCases(code="par30", hit=False))
    desk.engine.error = FigureNotTold(reason="too_much")
    desk.work()
    assert desk.exports.get("prt_test", other.export_id).state == "failed"


def test_what_cannot_be_told_is_refused_before_anybody_waits(desk):
    with pytest.raises(BadField):
        desk.start_behind(replace(LINE, keys=()))
    assert not desk.jobs.take()


def test_filters_are_those_of_the_list(desk):
    desk.bench.load(BOSS, a_file(100), mode=UploadMode.DEBTS)
    export = desk.start(min_minor=210_000, sort="-balance")
    desk.work()

    balances = [int(row["saldo"].replace(".", "")) for row in desk.rows(export)]
    assert balances == sorted(balances, reverse=True)
    assert balances
    assert min(balances) >= 210_000


def test_a_search_is_the_same_in_the_file_as_on_the_page(desk):
    """Also where a name holds the word twice, and where the worker had to stop half-way."""
    people = ["María Mariscal", "Mario Roma", "Ana Mar", "Luis Gil", "Marta Mar Marín"]
    rows = [f"D{n},{name},F-{n},2026-10-01,5.00,55123456{n:02}" for n, name in enumerate(people)]
    file = "\n".join(["debtor_id,name,debt_id,due_on,amount,phone", *rows, ""])
    desk.bench.load(BOSS, file, mode=UploadMode.DEBTS)

    by_name, by_phone = desk.start(q="mar"), desk.start(q="(55) 1234-5603")
    desk.work()

    assert sorted(row["nombre"] for row in desk.rows(by_name)) == sorted(
        name for name in people if "Mar" in name
    )
    assert [row["nombre"] for row in desk.rows(by_phone)] == ["Luis Gil"]


def test_a_search_goes_on_in_the_next_life_of_a_worker(desk, monkeypatch):
    desk.bench.load(BOSS, a_file(120, debtors=60), mode=UploadMode.DEBTS)
    monkeypatch.setattr(exports, "PAGE", 7)
    monkeypatch.setattr(exports, "PART_BYTES", 500)
    export = desk.start(q="persona", min_minor=210_000)
    lives = 0
    while desk.work(seconds=0.0):
        lives += 1

    found = [row["expediente"] for row in desk.rows(export)]
    assert lives > 2
    assert len(found) == len(set(found)) == desk.exports.exports[export.export_id].rows
    assert set(found) == {
        case_id
        for case_id, file in desk.bench.cases.files.items()
        if file.head.balance_minor >= 210_000
    }


def test_too_little_typed_is_refused_or_fails_instead_of_running_for_ever(desk):
    with pytest.raises(BadField):
        desk.start(q="¿?")
    one_letter = desk.start(q="x")
    desk.work()

    assert desk.exports.exports[one_letter.export_id].state == "failed"


@pytest.mark.parametrize("wrong", [{"band": "nonesuch"}, {"sort": "colour"}, {"status": "x"}])
def test_what_cannot_be_asked_is_refused_at_once(desk, wrong):
    with pytest.raises(BadField):
        desk.start(**wrong)


def test_a_name_that_a_spreadsheet_would_run_is_disarmed(desk):
    desk.bench.load(
        BOSS,
        "debtor_id,name,debt_id,due_on,amount\nD1,=1+1 Persona,F-1,2026-10-01,5.00\n",
        mode=UploadMode.DEBTS,
    )
    export = desk.start()
    desk.work()

    assert desk.rows(export)[0]["nombre"] == "'=1+1 Persona"
