# ruff: noqa: S608 - the SQL is the engine's and our own
"""What is charged off in figures: examples that are reckoned on paper, and files of before."""

from datetime import date, timedelta
from fractions import Fraction

import duckdb
import pytest

from chalicelib.bi.kpis import Figure
from chalicelib.bi.questions import OfCases, OfKpi, Question
from chalicelib.bi.tables import DEBTS, ENTRIES
from chalicelib.domain import ids
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.charge_off import ChargeOffReason
from lake import parquet, query
from lake.engine import Engine
from lake.shelf import Shelf
from tests.lake_world import a_lake

DAY = timedelta(days=1)
CAME_LATER = {"recovered", "charged_off_on", "charged_off_minor"}
CAME, FIRST, LAST = date(2026, 9, 1), date(2026, 9, 11), date(2026, 9, 30)


def writes_off(world, number, case_id, day):
    debt_id = ids.debt_id("prt_test", f"F-{number}")
    world.change(
        case_id,
        world.at(day, 9),
        lambda d: d.ask_charge_off(debt_id, "cho_1", reason=ChargeOffReason.AGE, on=day),
    )
    world.change(case_id, world.at(day, 10), lambda d: d.decide_charge_off("cho_1", approved=True))


@pytest.fixture(scope="module")
def world():
    """
    Four debts of 1,000.00, all overdue: 1 and 4 charged off before the period, 2 in it, 3 never.
    Of 1, 200.00 are paid in the period; 4 is paid whole; of 3, 500.00 that are no recovery.
    """
    with a_lake() as made:
        cases = {
            number: made.debtor(number, CAME, minor=100_000, due_on=date(2026, 7, 1))
            for number in (1, 2, 3, 4)
        }
        for number, day in ((1, FIRST - 5 * DAY), (4, FIRST - 5 * DAY), (2, FIRST + 3 * DAY)):
            writes_off(made, number, cases[number], day)
        made.pay(cases[1], 20_000, FIRST + 2 * DAY)
        made.pay(cases[4], 100_000, FIRST + 2 * DAY)
        made.pay(cases[3], 50_000, FIRST + 2 * DAY)
        for day in (FIRST - DAY, *(FIRST + n * DAY for n in range(20))):
            made.export(day)
        made.ids = cases
        yield made


def ask(world, about):
    shelf = Shelf(world.disk.at.with_name(f"{world.disk.at.name}-shelf"), most=1 << 30)
    question = Question(
        about=about, portfolio_id="prt_test", first=FIRST, last=LAST, bands=tuple(DEFAULT_BANDS)
    )
    return Engine(files=world.disk, shelf=shelf).ask(question).rows


def one(world, code):
    ((*_, above, below, sample),) = ask(world, OfKpi(code=code))
    return above, below, sample


def test_gross_is_what_was_charged_off_over_what_was_on_the_books(world):
    assert one(world, "charge_off_rate") == (100_000, 200_000, 1)


def test_net_takes_off_what_came_in_of_all_that_is_charged_off(world):
    assert one(world, "net_charge_off_rate") == (100_000 - 120_000, 200_000, 3)


def test_recovered_is_set_against_all_that_was_ever_charged_off(world):
    assert one(world, "recovered_after_charge_off") == (120_000, 300_000, 2)


def test_the_matrix_has_a_row_and_a_column_of_it_and_every_row_sums_to_one(world):
    cells = [Figure(*row) for row in ask(world, OfKpi(code="roll_matrix"))]
    found = {(cell.group_1, cell.group_2): cell.value for cell in cells}

    assert found == {
        ("charged_off", "charged_off"): Fraction(1, 2),
        ("charged_off", "paid"): Fraction(1, 2),
        ("61-90", "charged_off"): Fraction(1, 2),
        ("61-90", "91-120"): Fraction(1, 2),
    }


def test_the_cases_behind_them_are_a_click_away(world):
    def behind(code, **how):
        return [tuple(row) for row in ask(world, OfCases(code=code, **how))]

    cases = world.ids
    assert behind("charge_off_rate") == [(cases[2], 1, 100_000)]
    assert behind("charge_off_rate", hit=False) == [(cases[3], 1, 100_000)]
    assert behind("recovered_after_charge_off") == [(cases[4], 1, 100_000), (cases[1], 1, 20_000)]
    moved = behind("roll_matrix", group_1="charged_off", group_2="paid")
    assert moved == [(cases[4], 1, 100_000)]


@pytest.mark.parametrize("table", [DEBTS, ENTRIES])
def test_files_that_were_written_before_are_read_beside_new_ones(table, tmp_path):
    """They lack the columns that came later: these are empty there, and are taken over so."""
    old, new, out = (tmp_path / f"{name}.parquet" for name in ("old", "new", "out"))
    before = [column for column in table.columns if column.name not in CAME_LATER]
    assert len(before) < len(table.columns)
    with duckdb.connect() as connection:
        for path, columns in ((old, before), (new, table.columns)):
            values = ", ".join(f"NULL::VARCHAR AS {column.name}" for column in columns)
            connection.execute(f"COPY (SELECT {values}) TO '{path}' (FORMAT parquet)")
        for paths in ([old], [old, new], [new, old]):
            text = query._rows(table, paths)
            rows = connection.execute(f"SELECT {', '.join(table.names)} FROM ({text})").fetchall()
            assert len(rows) == len(paths)
        assert parquet.write(connection, table, out, news=None, old=old) == 1
        kept = connection.execute(f"SELECT * FROM '{out}'")
        assert [column[0] for column in kept.description] == list(table.names)
