"""A creditor's file says what it charged off: read, shown, repeated, changed and taken back."""

from datetime import date, timedelta

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.charge_off import ChargeOffReason, ChargeOffState, in_force
from chalicelib.domain.draft import Draft
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.upload import UploadMode, UploadState
from chalicelib.services import uploads as use
from tests.builders import TODAY, a_portfolio
from tests.upload_fakes import Bench

BOSS = Actor(actor_id="user:1", role=Role.SUPERVISOR, portfolios=("*",), name="Ana")
HEAD = "Id cliente,Nombre,Folio,Emisión,Vencimiento,Saldo"
BOOKED = date(2026, 3, 31)


@pytest.fixture
def bench():
    return Bench(a_portfolio())


def debts(*rows, columns="Estatus castigo,Fecha de castigo,Importe castigado", balance="1000.00"):
    """Rows of one debtor each, F-0 and on, with what *columns* say of them."""
    lines = [f"{HEAD},{columns}"]
    lines += [
        f"D{n},Persona {n},F-{n},2025-01-10,2025-02-10,{balance},{said}"
        for n, said in enumerate(rows)
    ]
    return "\n".join(lines) + "\n"


def load(bench, body, mode=UploadMode.DEBTS):
    """Load it by the mapping that is guessed."""
    upload = bench.start(BOSS, body, mode=mode)
    if upload.state is UploadState.NEEDS_MAPPING:
        use.put_mapping(
            upload.portfolio_id, upload.upload_id, upload.mapping, actor=BOSS,
            uploads=bench.uploads, steps=bench.steps, now=bench.now,
        )  # fmt: skip
        upload = bench.pump(upload)
    assert upload.state is UploadState.READY, upload.problem
    use.apply(
        upload.portfolio_id, upload.upload_id, actor=BOSS, uploads=bench.uploads,
        steps=bench.steps, now=bench.now,
    )  # fmt: skip
    return bench.pump(upload)


def undo(bench, upload):
    use.undo(
        upload.portfolio_id, upload.upload_id, actor=BOSS, uploads=bench.uploads,
        steps=bench.steps, now=bench.now,
    )  # fmt: skip
    return bench.pump(upload)


def opened(bench, number):
    return next(
        (file, debt)
        for file in bench.cases.files.values()
        for debt in file.debts
        if debt.external_id == f"F-{number}"
    )


def one(bench, number=0):
    return in_force(opened(bench, number)[1].charge_offs)


def change(bench, number, do, actor="user:2"):
    file, debt = opened(bench, number)
    draft = Draft(file, bench.portfolio, actor=actor, now=bench.now)
    do(draft, debt.debt_id)
    assert bench.cases.commit_many([draft.change()]) == [None]


def reasons(upload):
    return {(one["code"], one["field"]): one["rows"] for one in upload.extra["reasons"]}


def test_a_file_tells_the_day_and_the_amount_and_nothing_of_the_ledger_moves(bench):
    upload = load(bench, debts("Castigado,2026-03-31,1500.00", "Vigente,,", "castigado,,"))

    assert (upload.applied.created, upload.applied.rejected) == (3, 0)
    told = one(bench)
    assert (told.on, told.amount_minor, told.reason) == (BOOKED, 150_000, ChargeOffReason.CREDITOR)
    assert (told.asked_by, told.decided_by) == ("user:1", f"upload:{upload.upload_id}")
    assert (told.state, told.upload_id) == (ChargeOffState.STANDING, upload.upload_id)
    assert one(bench, 1) is None
    assert (one(bench, 2).on, one(bench, 2).amount_minor) == (TODAY, 100_000)
    file, _ = opened(bench, 0)
    assert (file.head.balance_minor, file.head.charged_off) == (100_000, 1)
    assert [entry.amount_minor for entry in file.entries] == [100_000]
    assert timeline.verify(file.events, file.head.chain).ok


def test_its_columns_are_known_by_their_names(bench):
    upload = bench.start(
        BOSS, debts("Castigado,2026-03-31,1500.00", "Vigente,,"), mode=UploadMode.DEBTS
    )
    assert list(upload.mapping["columns"].values())[-3:] == [
        "charged_off", "charged_off_on", "charged_off_amount",
    ]  # fmt: skip


def test_columns_that_are_empty_as_yet_are_read_in_the_next_file(bench):
    """A mapping is remembered: nobody is asked again."""
    first = load(bench, debts(",,", ",,"))
    assert one(bench) is None

    second = load(bench, debts("Castigado,2026-03-31,1500.00", ",,"))

    assert first.mapping["columns"] == second.mapping["columns"]
    assert (one(bench).on, one(bench).amount_minor, one(bench, 1)) == (BOOKED, 150_000, None)


def test_a_day_alone_says_it_and_an_empty_one_that_it_is_not(bench):
    load(bench, debts("2026-03-31", "", columns="Fecha de castigo"))

    assert one(bench).on == BOOKED
    assert one(bench, 1) is None


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ("quién sabe,2026-03-31,", "charge_off.unknown_status", "charged_off"),
        ("no,2026-03-31,", "charge_off.contradicts", "charged_off"),
        (",,500.00", "charge_off.day_missing", "charged_off_on"),
        ("sí,2026-02-30,", "date.no_such_day", "charged_off_on"),
        ("sí,2025-01-09,", "charge_off.before_issued", "charged_off_on"),
        (f"sí,{TODAY + timedelta(days=2)},", "date.in_the_future", "charged_off_on"),
        ("sí,2026-03-31,-5.00", "money.not_positive", "charged_off_amount"),
    ],
)
def test_what_cannot_be_is_rejected_by_field_and_row(said, code, field, bench):
    good = "Castigado,2026-03-31,1500.00"
    upload = load(bench, debts(good, good, said, "Vigente,,"))

    assert upload.applied.rejected == 1
    assert reasons(upload) == {(code, field): [4]}
    assert one(bench, 1) is not None


def test_the_same_file_again_and_its_rows_delivered_twice_change_nothing(bench):
    body = debts("Castigado,2026-03-31,1500.00", "Vigente,,")
    twice = Bench(a_portfolio(), deliveries=2, seed=3)
    first, other = load(bench, body), load(twice, body)
    assert first.applied == other.applied
    assert len(opened(twice, 0)[1].charge_offs) == 1
    events = len(opened(bench, 0)[0].events)

    again = load(bench, body)

    assert again.applied.unchanged == 2
    assert len(opened(bench, 0)[0].events) == events


def test_a_later_file_charges_off_moves_the_day_and_takes_back(bench):
    load(bench, debts("Vigente,,"))
    second = load(bench, debts("Castigado,2026-03-31,"))
    assert (second.applied.updated, one(bench).on) == (1, BOOKED)

    load(bench, debts("Castigado,2026-04-30,900.00"))
    assert (one(bench).on, one(bench).amount_minor) == (date(2026, 4, 30), 90_000)
    assert len(opened(bench, 0)[1].charge_offs) == 1

    fourth = load(bench, debts("Vigente,,"))
    file, debt = opened(bench, 0)
    assert (fourth.applied.updated, one(bench), file.head.charged_off) == (1, None, 0)
    assert debt.charge_offs[0].returned_by == f"upload:{fourth.upload_id}"
    assert [event.kind for event in file.events if event.kind.startswith("debt.")] == [
        "debt.charged_off", "debt.charged_off", "debt.reinstated",
    ]  # fmt: skip

    load(bench, debts("Castigado,2026-05-31,"))
    assert one(bench).on == date(2026, 5, 31), "what a file took back a file may say again"


def test_a_file_without_such_columns_says_nothing_of_it(bench):
    load(bench, debts("Castigado,2026-03-31,"))
    load(bench, debts("Crédito", columns="Producto"))

    assert one(bench).on == BOOKED


def test_balances_say_it_too_and_only_once(bench):
    load(bench, debts("Crédito", "Crédito", columns="Producto"))
    body = "Folio,Saldo,Fecha de castigo\nF-0,1000.00,2026-03-31\nF-1,900.00,\n"

    upload = load(bench, body, UploadMode.BALANCES)

    assert (upload.applied.updated, upload.applied.unchanged) == (2, 0)
    assert (one(bench).on, one(bench, 1)) == (BOOKED, None)
    twice = Bench(a_portfolio(), deliveries=2, seed=5)
    load(twice, debts("Crédito", "Crédito", columns="Producto"))
    assert load(twice, body, UploadMode.BALANCES).applied == upload.applied
    assert load(bench, body, UploadMode.BALANCES).applied.unchanged == 2


def test_a_balance_of_nothing_that_is_charged_off_is_not_a_payment(bench):
    """In the creditor's books it is zero; taken for what is owed it would be forgiven."""
    load(bench, debts("Crédito", "Crédito", columns="Producto"))
    body = "Folio,Saldo,Fecha de castigo\nF-0,0,2026-03-31\nF-1,900.00,2025-01-01\n"

    upload = load(bench, body, UploadMode.BALANCES)

    assert reasons(upload) == {
        ("charge_off.nothing_owed", "balance"): [2],
        ("charge_off.before_issued", "charged_off_on"): [3],
    }
    assert [opened(bench, n)[0].head.balance_minor for n in (0, 1)] == [100_000, 100_000]


def test_instalments_of_a_debt_say_it_alike(bench):
    head = "Id cliente,Nombre,Folio,Número de cuota,Vencimiento de la cuota,Importe de la cuota"
    body = f"{head},Fecha de castigo\n" + "".join(
        f"D{debt},Persona,F-{debt},{n},2025-0{n}-10,500.00,{said}\n"
        for debt, told in enumerate((("2026-04-30", "2026-03-31"), ("2026-03-31", "")))
        for n, said in enumerate(told, start=1)
    )

    upload = load(bench, body)

    assert (one(bench).on, one(bench).amount_minor) == (BOOKED, 100_000)
    assert reasons(upload) == {("charge_off.in_part", "charged_off"): [4, 5]}


def test_undoing_the_file_that_brought_the_debt_leaves_none(bench):
    body = debts("Castigado,2026-03-31,")
    undo(bench, load(bench, body))
    assert opened(bench, 0)[1].charge_offs == ()

    load(bench, body)

    assert one(bench).on == BOOKED


@pytest.mark.parametrize("mode", [UploadMode.DEBTS, UploadMode.BALANCES])
@pytest.mark.parametrize("said", ["2026-04-30", ""])
def test_undoing_a_later_file_puts_it_back_as_it_was(said, mode, bench):
    """Also where the file did nothing else: no entry of the ledger leads to it."""
    load(bench, debts("2026-03-31", columns="Fecha de castigo"))
    before = one(bench)
    body = debts(said, columns="Fecha de castigo")
    if mode is UploadMode.BALANCES:
        body = f"Folio,Saldo,Fecha de castigo\nF-0,1000.00,{said}\n"
    later = load(bench, body, mode)
    assert one(bench) != before

    undone = undo(bench, later)

    assert undone.state is UploadState.UNDONE
    assert one(bench) == before
    load(bench, body, mode)
    assert one(bench) != before, "it may come again"


def test_what_people_decided_stays_whatever_the_file_says(bench):
    load(bench, debts("Vigente,,", "Vigente,,"))
    for number in (0, 1):
        change(
            bench,
            number,
            lambda d, debt: d.ask_charge_off(
                debt, f"cho_{debt}", reason=ChargeOffReason.AGE, on=TODAY
            ),
        )
        change(
            bench,
            number,
            lambda d, debt: d.decide_charge_off(f"cho_{debt}", approved=True),
            "user:3",
        )
    before = [one(bench, n) for n in (0, 1)]

    load(bench, debts("Castigado,2026-03-31,500.00", "No castigado,,"))

    assert [one(bench, n) for n in (0, 1)] == before


def test_what_people_took_back_comes_again_only_of_a_later_day(bench):
    load(bench, debts("Castigado,2026-03-31,"))
    key = one(bench).charge_off_id
    change(bench, 0, lambda d, _: d.ask_reinstatement(key, note="Error"))
    change(bench, 0, lambda d, _: d.decide_reinstatement(key, approved=True), "user:3")

    load(bench, debts("Castigado,2026-03-31,", balance="950.00"))
    assert one(bench) is None

    bench.now += timedelta(days=40)
    load(bench, debts(f"Castigado,{TODAY + timedelta(days=30)},", balance="950.00"))
    assert one(bench).on == TODAY + timedelta(days=30)


def test_what_waited_for_somebody_is_withdrawn_and_waits_again_once_the_file_is_undone(bench):
    load(bench, debts("Vigente,,"))
    change(
        bench,
        0,
        lambda d, debt: d.ask_charge_off(debt, "cho_1", reason=ChargeOffReason.AGE, on=TODAY),
    )

    upload = load(bench, debts("Castigado,2026-03-31,"))

    states = {one.charge_off_id: one.state for one in opened(bench, 0)[1].charge_offs}
    assert states["cho_1"] is ChargeOffState.WITHDRAWN
    assert one(bench).on == BOOKED
    undo(bench, upload)
    (back,) = opened(bench, 0)[1].charge_offs
    assert (back.charge_off_id, back.state) == ("cho_1", ChargeOffState.WAITING)


def test_taking_back_what_a_file_says_takes_two_people(bench):
    """Once it stands here, it is as any other."""
    load(bench, debts("Castigado,2026-03-31,"))
    change(bench, 0, lambda d, _: d.ask_reinstatement(one(bench).charge_off_id, note="Error"))

    assert one(bench).state is ChargeOffState.RETURNING
    load(bench, debts("Vigente,,"))
    assert one(bench) is None
    assert opened(bench, 0)[1].charge_offs[0].state is ChargeOffState.UNDONE
