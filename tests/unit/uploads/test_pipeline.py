"""A file's whole way through the pipeline, on fakes: every row accounted for, whatever happens."""

from dataclasses import replace

import pytest

from chalicelib.domain.draft import Draft
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.upload import Figures, UploadMode, UploadState
from chalicelib.services import upload_reading
from chalicelib.services import uploads as use
from tests.builders import a_portfolio
from tests.upload_fakes import Bench

BOSS = Actor(actor_id="user:1", role=Role.SUPERVISOR, portfolios=("*",), name="Ana")


def a_file(rows, *, start=0, amount=1000, debtors=50):
    lines = ["debtor_id,name,debt_id,due_on,amount"]
    lines += [
        f"D{n % debtors},Persona {n % debtors},F-{n},2026-10-01,{amount + n}.50"
        for n in range(start, start + rows)
    ]
    return "\n".join(lines) + "\n"


def balances(upload_rows):
    return "debt_id,balance\n" + "".join(f"{debt},{amount}\n" for debt, amount in upload_rows)


@pytest.fixture
def bench():
    return Bench(a_portfolio())


def owed(bench):
    return sum(file.head.balance_minor for file in bench.cases.files.values())


def undo(bench, upload):
    use.undo(
        upload.portfolio_id,
        upload.upload_id,
        actor=BOSS,
        uploads=bench.uploads,
        steps=bench.steps,
        now=bench.now,
    )
    return bench.pump(upload)


def change(bench, case_id, do):
    draft = Draft(bench.cases.open(case_id), bench.portfolio, actor="user:2", now=bench.now)
    do(draft)
    assert bench.cases.commit_many([draft.change()]) == [None]


def test_every_row_becomes_a_debt(bench):
    upload = bench.load(BOSS, a_file(1200), mode=UploadMode.DEBTS)

    assert upload.state is UploadState.DONE
    assert (upload.applied.rows, upload.applied.created) == (1200, 1200)
    assert upload.checked == upload.applied
    assert len(bench.cases.files) == 50
    assert owed(bench) == upload.applied.amount_minor == sum(100_050 + 100 * n for n in range(1200))


def test_the_same_file_again_says_so_and_changes_nothing(bench):
    first = bench.load(BOSS, a_file(300), mode=UploadMode.DEBTS)
    before, commits = bench.cases.balances(), bench.cases.commits

    second = bench.load(BOSS, a_file(300), mode=UploadMode.DEBTS)

    assert second.same_as == first.upload_id
    assert second.applied == replace(first.applied, created=0, unchanged=300)
    assert (bench.cases.balances(), bench.cases.commits) == (before, commits)


def test_a_later_file_creates_updates_and_leaves(bench):
    bench.load(BOSS, a_file(100), mode=UploadMode.DEBTS)
    changed = a_file(120).replace(",1000.50", ",1500.50").replace(",1001.50", ",900.00")

    upload = bench.load(BOSS, changed, mode=UploadMode.DEBTS)

    assert upload.applied == Figures(
        rows=120, created=20, updated=2, unchanged=98, amount_minor=owed(bench)
    )
    assert upload.checked == upload.applied


def reasons(upload):
    return [(each["code"], each["rows"]) for each in upload.extra["reasons"]]


def test_an_equal_row_of_a_debt_with_an_id_is_a_copy(bench):
    row = "C-1,Ana,F-1,2026-10-01,100.00\n"
    file = "debtor_id,name,debt_id,due_on,amount\n" + 2 * row

    upload = bench.load(BOSS, file, mode=UploadMode.DEBTS)

    assert (upload.applied.created, upload.applied.unchanged) == (1, 1)
    assert owed(bench) == upload.applied.amount_minor == 10_000


def test_an_equal_row_without_ids_comes_back_for_a_person_to_look_at(bench):
    """Two charges of one day may be alike in everything: only their creditor knows."""
    row = "C-1,Ana,2026-10-01,1.21\n"
    file = "debtor_id,name,due_on,amount\n" + 3 * row + "C-2,Eva,2026-10-01,5.00\n"

    upload = bench.load(BOSS, file, mode=UploadMode.DEBTS)

    assert upload.checked == upload.applied
    assert (upload.applied.created, upload.applied.rejected) == (2, 2)
    assert owed(bench) == upload.applied.amount_minor == 621
    assert reasons(upload) == [("row.identical", [3, 4])]


def test_an_equal_payment_without_a_reference_comes_back_too(bench):
    bench.load(BOSS, a_file(1), mode=UploadMode.DEBTS)
    file = "debt_id,payment_amount,paid_on\n" + 2 * "F-0,10.00,2026-11-01\n"

    upload = bench.load(BOSS, file, mode=UploadMode.PAYMENTS)

    assert (upload.applied.created, upload.applied.rejected) == (1, 1)
    assert reasons(upload) == [("row.identical", [3])]


@pytest.mark.parametrize("mode", UploadMode)
def test_a_file_without_rows_fails_and_closes_nothing(bench, mode):
    bench.load(BOSS, a_file(3), mode=UploadMode.DEBTS)
    header = "debt_id,name,due_on,amount,balance,payment_amount,paid_on\n"

    upload = bench.load(BOSS, header, mode=mode, close_absent=mode is UploadMode.BALANCES)

    assert upload.state is UploadState.FAILED
    assert upload.problem == {"code": "file.unreadable", "details": {"reason": "no_rows"}}
    assert owed(bench) > 0


def test_rows_delivered_twice_and_in_any_order_end_the_same(bench):
    clean = bench.load(BOSS, a_file(2500), mode=UploadMode.DEBTS)
    for seed in range(3):
        rough = Bench(a_portfolio(), deliveries=2, seed=seed)
        upload = rough.load(BOSS, a_file(2500), mode=UploadMode.DEBTS)

        assert (upload.checked, upload.applied) == (clean.checked, clean.applied)
        assert rough.cases.balances() == bench.cases.balances()


def test_a_chunk_that_dies_between_commits_is_redone_to_the_same_figures(bench):
    clean = bench.load(BOSS, a_file(600, debtors=40), mode=UploadMode.DEBTS)
    rough = Bench(a_portfolio())
    seen = []

    def dies(change):
        seen.append(change.after.case_id)
        if len(seen) in (5, 23, 38):
            raise ConnectionError("the worker was killed")
        return False

    rough.cases.lose = dies
    rough.unit = again(rough, rough.unit)
    upload = rough.load(BOSS, a_file(600, debtors=40), mode=UploadMode.DEBTS)

    assert len(seen) > 40
    assert (upload.checked, upload.applied) == (clean.checked, clean.applied)
    assert rough.cases.balances() == bench.cases.balances()


def again(bench, unit):
    def retried(message):
        try:
            unit(message)
        except ConnectionError:
            bench.work.send([message])

    return retried


def test_a_case_that_others_change_meanwhile_is_read_again(bench):
    lost = iter([True, False] * 1000)
    bench.cases.lose = lambda change: next(lost)

    upload = bench.load(BOSS, a_file(300), mode=UploadMode.DEBTS)

    assert upload.applied.created == 300
    assert owed(bench) == upload.applied.amount_minor


def test_splitting_goes_on_where_time_ran_out(bench):
    clean = bench.load(BOSS, a_file(5000), mode=UploadMode.DEBTS)
    hurried = Bench(a_portfolio(), seconds=lambda: 0.0)

    hurried.step = unless_dispatch(hurried, hurried.step)
    upload = hurried.load(BOSS, a_file(5000), mode=UploadMode.DEBTS)

    assert upload.chunks == clean.chunks
    assert hurried.cases.balances() == bench.cases.balances()


def unless_dispatch(bench, step):
    """Give dispatching its time: with none at all it would only ever send itself on."""

    def timed(message):
        bench.seconds = (lambda: 900.0) if message["step"] == "dispatch" else (lambda: 0.0)
        step(message)

    return timed


def test_undoing_leaves_nothing_and_the_file_may_come_again(bench):
    kept = bench.load(BOSS, a_file(100), mode=UploadMode.DEBTS)
    before = owed(bench)
    wrong = bench.load(BOSS, a_file(150, amount=7000), mode=UploadMode.DEBTS)
    assert (wrong.applied.created, wrong.applied.updated) == (50, 100)

    undone = undo(bench, wrong)

    assert undone.state is UploadState.UNDONE
    assert undone.extra["undone"]["debts"] == 150
    assert owed(bench) == before == kept.applied.amount_minor
    right = bench.load(BOSS, a_file(150, amount=7000), mode=UploadMode.DEBTS)
    assert right.same_as is None
    assert (right.applied.created, right.applied.updated) == (50, 100)
    assert owed(bench) == right.applied.amount_minor


def test_a_whole_portfolio_undone_can_be_loaded_again(bench):
    first = bench.load(BOSS, a_file(100), mode=UploadMode.DEBTS)
    undo(bench, first)
    assert {f.head.status.value for f in bench.cases.files.values()} == {"void"}

    again = bench.load(BOSS, a_file(100), mode=UploadMode.DEBTS)

    assert again.applied.created == 100
    assert owed(bench) == again.applied.amount_minor


def test_what_others_built_on_an_upload_keeps_it(bench):
    upload = bench.load(BOSS, a_file(100), mode=UploadMode.DEBTS)
    first, second, *_ = bench.cases.files
    change(bench, first, lambda d: d.note("llamó"))
    change(bench, first, lambda d: d.note("volvió a llamar"))
    today = bench.now.date()
    change(
        bench,
        second,
        lambda d: d.pay(500, paid_on=today, source="manual", reference="r1"),
    )
    before = bench.cases.balances()

    refused = undo(bench, upload)

    assert refused.state is UploadState.DONE
    assert refused.problem == {
        "code": "upload.built_upon",
        "details": {"notes": 2, "payments": 1},
    }
    assert bench.cases.balances() == before


def test_a_balance_file_makes_the_balances_true(bench):
    bench.load(BOSS, a_file(4), mode=UploadMode.DEBTS)
    file = balances([("F-0", "1000.50"), ("F-1", "400.00"), ("F-2", "2000"), ("F-9", "5")])

    upload = bench.start(BOSS, file, mode=UploadMode.BALANCES)
    assert upload.state is UploadState.NEEDS_MAPPING


def test_a_closing_balance_file_settles_what_it_does_not_name(bench):
    bench.load(BOSS, a_file(10), mode=UploadMode.DEBTS)
    file = balances([("F-0", "1000.50"), ("F-1", "400.00")])

    upload = bench.load(BOSS, file, mode=UploadMode.BALANCES, close_absent=True)

    assert upload.applied == Figures(
        rows=2, updated=1, unchanged=1, closed=8, amount_minor=100_050 + 40_000
    )
    assert owed(bench) == 140_050
    undo(bench, upload)
    assert owed(bench) == sum(100_050 + 100 * n for n in range(10))


def test_payments_count_once(bench):
    bench.load(BOSS, a_file(10), mode=UploadMode.DEBTS)
    before = owed(bench)
    rows = "debt_id,payment_amount,paid_on,payment_reference\n"
    rows += "".join(f"F-{n},100.00,2026-11-0{n + 1},R{n}\n" for n in range(5))

    first = bench.load(BOSS, rows, mode=UploadMode.PAYMENTS)
    more = bench.load(BOSS, rows + "F-7,50.00,2026-11-09,R7\n", mode=UploadMode.PAYMENTS)

    assert first.applied == Figures(rows=5, created=5, amount_minor=50_000)
    assert more.applied == Figures(rows=6, created=1, unchanged=5, amount_minor=55_000)
    assert owed(bench) == before - 55_000


def test_undone_payments_may_be_sent_again(bench):
    bench.load(BOSS, a_file(10), mode=UploadMode.DEBTS)
    before = owed(bench)
    rows = "debt_id,payment_amount,paid_on,payment_reference\nF-1,100.00,2026-11-01,R1\n"
    undone = undo(bench, bench.load(BOSS, rows, mode=UploadMode.PAYMENTS))
    assert (undone.state, owed(bench)) == (UploadState.UNDONE, before)

    again = bench.load(BOSS, rows, mode=UploadMode.PAYMENTS)

    assert again.applied.created == 1
    assert owed(bench) == before - 10_000


def test_cancelling_stops_the_workers(bench):
    upload = bench.start(BOSS, a_file(3000), mode=UploadMode.DEBTS)
    use.put_mapping(
        upload.portfolio_id,
        upload.upload_id,
        upload.mapping,
        actor=BOSS,
        uploads=bench.uploads,
        steps=bench.steps,
        now=bench.now,
    )
    use.cancel(
        upload.portfolio_id, upload.upload_id, actor=BOSS, uploads=bench.uploads, now=bench.now
    )

    upload = bench.pump(upload)

    assert upload.state is UploadState.CANCELLED
    assert not bench.cases.files


def test_one_debt_under_two_debtors_counts_once(bench):
    rows = a_file(900).replace("D7,Persona 7,F-507,", "D8,Persona 8,F-7,")

    upload = bench.load(BOSS, rows, mode=UploadMode.DEBTS)

    assert (upload.applied.created, upload.applied.rejected) == (899, 1)
    body = bench.files.objects[upload.rejects_key].decode("utf-8")
    assert "F-7" in body
    assert "Repite la fila 9" in body


def test_a_debt_that_comes_back_under_another_debtor_is_for_a_person_to_settle(bench):
    bench.load(BOSS, a_file(100), mode=UploadMode.DEBTS)
    before = owed(bench)

    moved = "debtor_id,name,debt_id,due_on,amount\nX1,Otra Persona,F-5,2026-10-01,10.00\n"
    upload = bench.load(BOSS, moved, mode=UploadMode.DEBTS)

    assert upload.applied.rejected == 1
    assert owed(bench) == before


def test_two_readings_that_differ_load_nothing(bench, monkeypatch):
    upload = bench.start(BOSS, a_file(30), mode=UploadMode.DEBTS)
    lossy = upload_reading.open_rows

    def losing_one(*arguments, **options):
        rows = lossy(*arguments, **options)
        next(rows)
        yield from rows

    monkeypatch.setattr(upload_reading, "open_rows", losing_one)
    use.put_mapping(
        upload.portfolio_id,
        upload.upload_id,
        upload.mapping,
        actor=BOSS,
        uploads=bench.uploads,
        steps=bench.steps,
        now=bench.now,
    )

    upload = bench.pump(upload)

    assert upload.state is UploadState.FAILED
    assert upload.problem["details"] == {"inspected": 30, "read": 29}
