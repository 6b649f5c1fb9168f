"""``recobro read`` says what it found, and its exit status says whether a person is needed."""

import json

from cli.__main__ import main

HEADER = "Cliente,Factura,Vencimiento,Saldo\n"


def run(tmp_path, capsys, content, *more):
    path = tmp_path / "cartera.csv"
    path.write_text(content, encoding="utf-8")
    status = main(["read", str(path), "--country", "MX", "--json", *more])
    return status, json.loads(capsys.readouterr().out)


def rows(*, month_first=False, amount="10.50"):
    days = [f"{n:02d}/{n:02d}/2025" if month_first else f"{n + 12}/02/2025" for n in range(1, 9)]
    return HEADER + "".join(f"Ana Ruiz,F-{n},{day},{amount}\n" for n, day in enumerate(days))


def test_a_file_in_order_is_zero(tmp_path, capsys):
    status, found = run(tmp_path, capsys, rows())

    assert (status, found["ok"], found["mode"]) == (0, True, "debts")
    assert found["accepted"] == {"rows": 8, "amount": "84.00", "warnings": {}}
    assert found["money"]["Saldo"]["sum"] == "84.00"
    assert found["dates"]["Vencimiento"] == {
        "min": "2025-02-13",
        "max": "2025-02-20",
        "unreadable": 0,
        "field": "due_on",
    }


def test_a_question_is_one_until_it_is_answered(tmp_path, capsys):
    content = rows(month_first=True)

    status, found = run(tmp_path, capsys, content)
    assert (status, found["open_questions"]) == (1, ["c2.date_order"])

    status, found = run(tmp_path, capsys, content, "--answer", "c2.date_order=dmy")
    assert (status, found["open_questions"]) == (0, [])


def test_a_rejected_row_is_one_and_comes_back_in_a_file(tmp_path, capsys):
    rejects = tmp_path / "rejects.csv"

    status, found = run(
        tmp_path, capsys, rows() + "Ana,F-99,31/02/2025,5\n", "--rejects", str(rejects)
    )

    assert (status, found["rejected"]["reasons"]) == (1, {"date.no_such_day": 1})
    assert found["rejected"]["first"][0]["row"] == 10
    assert "ese día no existe" in rejects.read_text(encoding="utf-8")


def test_what_is_no_table_is_two(tmp_path, capsys):
    status, found = run(tmp_path, capsys, "")

    assert (status, found["problem"]["details"]) == (2, {"reason": "empty"})


def test_it_prints_for_people_too(tmp_path, capsys):
    path = tmp_path / "cartera.csv"
    path.write_text(rows(), encoding="utf-8")

    assert main(["read", str(path), "--country", "MX"]) == 0

    printed = capsys.readouterr().out
    assert "utf-8, delimiter ','" in printed
    assert "accepted 8 rows, 84.00 MXN" in printed
