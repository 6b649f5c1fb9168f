"""Sorting on disk: what belongs together comes together, whatever the file's order."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.services.upload_sort import (
    RowSorter,
    SortKeys,
    chunks,
    decode_chunk,
    encode_chunk,
    encode_row,
)

COLUMNS = {"0": "debtor_id", "1": "name", "2": "debt_id", "3": None}


@pytest.fixture
def sorter(tmp_path):
    with RowSorter(tmp_path / "sort.db") as made:
        yield made


def filled(sorter, rows):
    keys = SortKeys({"columns": COLUMNS}, mode="debts")
    sorter.add((*keys.of(cells), n, encode_row(n, cells)) for n, cells in rows)
    return sorter


def test_rows_of_one_debtor_come_together_in_the_order_of_the_file(sorter):
    rows = [(n, [f"D{n % 7}", "", f"F-{n}", "x"]) for n in range(1, 71)]
    random.Random(1).shuffle(rows)  # noqa: S311 - a test's order

    pieces = chunks(filled(sorter, rows).in_order(), rows_per_chunk=10, most_rows=100)
    got = [decode_chunk(encode_chunk(piece)) for piece in pieces]

    assert sorted(one.number for piece in got for one in piece) == list(range(1, 71))
    for piece in got:
        assert len(piece) >= 10
    homes = {}
    for at, piece in enumerate(got):
        for one in piece:
            homes.setdefault(one.cells[0], set()).add(at)
    assert all(len(chunks_of) == 1 for chunks_of in homes.values())


def test_spelling_of_case_and_blanks_does_not_part_a_debtor():
    keys = SortKeys({"columns": COLUMNS}, mode="debts")

    assert keys.of([" d 1", "", "f-1"]) == keys.of(["D  1 ", "", "F-1 "])
    assert keys.of(["", "Ana", ""])[0] != keys.of(["", "Eva", ""])[0]


@given(some.lists(some.integers(0, 5), max_size=200), some.integers(1, 20), some.integers(20, 40))
def test_chunks_lose_and_double_nothing(groups, least, most):
    rows = sorted((group, n % 3, n, str(n)) for n, group in enumerate(groups))

    pieces = list(chunks(rows, rows_per_chunk=least, most_rows=most))

    assert [payload for piece in pieces for payload in piece] == [row[3] for row in rows]
    assert all(len(piece) >= least for piece in pieces[:-1])


def test_a_debt_named_under_two_debtors_is_marked_with_the_first_row(sorter):
    rows = [
        (2, ["A", "", "F-1", ""]),
        (3, ["A", "", "F-1", ""]),  # the same debtor again: an instalment, or a copy
        (4, ["B", "", "F-1", ""]),
        (5, ["B", "", "F-2", ""]),
        (6, ["C", "", "", ""]),  # names no debt
        (7, ["D", "", "", ""]),
    ]
    pieces = chunks(filled(sorter, rows).in_order_marked(), rows_per_chunk=100, most_rows=100)
    (piece,) = pieces

    marks = {one.number: one.repeats for one in decode_chunk(encode_chunk(piece))}

    assert marks == {2: None, 3: None, 4: 2, 5: None, 6: None, 7: None}


def test_a_sort_put_away_goes_on_where_it_stopped(tmp_path):
    with RowSorter(tmp_path / "a.db") as first:
        filled(first, [(2, ["A", "", "F-1", ""])])
    (tmp_path / "b.db").write_bytes((tmp_path / "a.db").read_bytes())

    with RowSorter(tmp_path / "b.db") as second:
        assert second.last_number() == 2
        filled(second, [(3, ["A", "", "F-2", ""])])
        assert second.count() == 2


@pytest.mark.parametrize(
    "cells",
    [["Ñandú", 'a "b"', "null", ""], [10**15, -3, 57.603, 1e300], [float("inf"), "null", 1]],
)
def test_cells_come_back_as_they_were(cells):
    (row,) = decode_chunk(encode_chunk([encode_row(7, cells)]))

    assert (row.number, row.cells, row.repeats) == (7, cells, None)
    assert [type(cell) for cell in row.cells] == [type(cell) for cell in cells]
