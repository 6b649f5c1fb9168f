"""What the review says of rejected rows."""

from chalicelib.intake.rows import Reason, Rejected
from chalicelib.services.upload_reasons import REASONS_SHOWN, ROWS_SHOWN, ReasonTally


def rejected(number: int, *reasons: tuple[str, str]) -> Rejected:
    return Rejected(
        row_number=number,
        cells=(),
        reasons=tuple(Reason(field=field, code=code, details={}) for field, code in reasons),
    )


def test_the_most_frequent_reason_comes_first_with_its_first_rows() -> None:
    tally = ReasonTally()
    tally.add(rejected(4, ("amount", "money.unreadable")))
    for number in range(10, 10 + ROWS_SHOWN + 5):
        tally.add(rejected(number, ("due_on", "date.unreadable"), ("", "row.debt_incomplete")))

    first, second, third = tally.top()

    assert first == {
        "code": "date.unreadable",
        "field": "due_on",
        "count": ROWS_SHOWN + 5,
        "rows": list(range(10, 10 + ROWS_SHOWN)),
    }
    assert (second["code"], second["field"]) == ("row.debt_incomplete", None)
    assert third == {"code": "money.unreadable", "field": "amount", "count": 1, "rows": [4]}


def test_a_reason_twice_in_one_row_counts_once() -> None:
    tally = ReasonTally()
    tally.add(rejected(7, ("phone", "phone.invalid"), ("phone", "phone.invalid")))

    assert [(one["count"], one["rows"]) for one in tally.top()] == [(1, [7])]


def test_a_file_with_everything_wrong_lists_only_so_many_reasons() -> None:
    tally = ReasonTally()
    for number in range(REASONS_SHOWN + 3):
        tally.add(rejected(number, ("name", f"code.{number}")))

    assert len(tally.top()) == REASONS_SHOWN
