"""``recobro form`` prints the questionnaire or the place where it cannot be one."""

import json

from cli.__main__ import main
from tests.unit.forms.books import book, question


def run(tmp_path, capsys, survey, *more):
    path = tmp_path / "visita.xlsx"
    path.write_bytes(book(survey))
    return main(["form", str(path), *more]), capsys.readouterr().out


def test_a_form_that_compiles_is_zero(tmp_path, capsys):
    status, printed = run(tmp_path, capsys, [question("text", "nota", required="yes")])

    assert status == 0
    assert "text            nota                         nota  required" in printed
    assert "1 questions, 0 lists" in printed


def test_a_refusal_is_one_and_says_where(tmp_path, capsys):
    survey = [question("text", "a", relevant="foo(1)")]

    status, printed = run(tmp_path, capsys, survey)
    assert status == 1
    assert printed == (
        "sheet survey, row 2, column relevant (a): The function foo() is not supported\n"
    )

    status, printed = run(tmp_path, capsys, survey, "--json")
    said = json.loads(printed)
    assert (status, said["ok"], said["refused"]["row"]) == (1, False, 2)


def test_a_table_beside_the_file_is_found(tmp_path, capsys):
    (tmp_path / "agencias.csv").write_text("name,label\n1,Centro\n")

    status, printed = run(
        tmp_path, capsys, [question("select_one_from_file agencias.csv", "a")], "--json"
    )

    assert status == 0
    assert json.loads(printed)["form"]["lists"]["agencias"][0]["name"] == "1"


def test_a_country_forbids_a_question(tmp_path, capsys):
    survey = [question("text", "motivo_no_pago"), question("text", "nota")]

    assert "never asked" not in run(tmp_path, capsys, survey, "--country", "MX")[1]
    status, printed = run(tmp_path, capsys, survey, "--country", "CO")

    assert status == 0
    assert "never asked     motivo_no_pago               Ley 2300/2023 art. 7" in printed


def test_of_several_files_the_share_is_said(tmp_path, capsys):
    good, bad = tmp_path / "buena.xlsx", tmp_path / "mala.xlsx"
    good.write_bytes(book([question("text", "a")]))
    bad.write_bytes(book([question("pais", "a")]))

    status = main(["form", str(good), str(bad)])

    printed = capsys.readouterr().out
    assert status == 1
    assert printed.splitlines()[0] == "buena.xlsx: ok"
    assert "1 of 2 compile" in printed


def test_no_such_file_is_two(tmp_path, capsys):
    assert main(["form", str(tmp_path / "none.xlsx")]) == 2
