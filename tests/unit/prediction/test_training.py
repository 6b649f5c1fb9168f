"""Learning and judging, on customers whose habits are known."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.prediction import artefact
from chalicelib.prediction.history import late_by
from cli import __main__ as cli
from tests.unit.prediction.towns import FIRST, SETBACK, SPREAD, WIRE, lived
from training import contenders, habit, judging, together
from training.habit import TooLittle
from training.judging import NothingToJudge

UNTIL = FIRST + timedelta(days=380)
HEAD = "customerID,InvoiceDate,DueDate,InvoiceAmount,SettledDate,PaperlessBill,countryCode,SEX\n"


@pytest.fixture(scope="module")
def history():
    return lived()


@pytest.fixture(scope="module")
def learned(history):
    return habit.learn(history, UNTIL)


def test_what_made_the_history_is_found_again(learned):
    figures = learned.figures

    assert figures.setback_days == pytest.approx(SETBACK, abs=3)
    assert figures.paperless_days == pytest.approx(WIRE, abs=1.5)
    assert figures.spread_days == pytest.approx(SPREAD, abs=1)
    assert sum(map(sum, figures.weights)) == pytest.approx(1, abs=1e-4)
    assert figures.slope == pytest.approx(1, abs=0.35)


def test_it_beats_what_one_would_do_without_it(history, learned):
    said = judging.judge(history, learned)

    assert said["auc"] > said["baselines"]["past_average"]["auc"]
    assert said["brier"] < said["baselines"]["past_average"]["brier"]
    assert said["brier"] < said["baselines"]["logistic"]["brier"]
    assert said["calibration_error"] < 0.1
    assert sum(one["invoices"] for one in said["calibration"]) == said["invoices"]
    assert set(said["groups"]["group"]) == {"north", "south"}


def test_nothing_of_the_future_changes_a_score(history, learned):
    """Who pays after the first day that is scored might as well pay in years."""
    first_day = min(one.issued_on for one in history if one.issued_on >= UNTIL)
    of_that_day = [one for one in history if one.issued_on == first_day]
    turned = [
        one if one.settled_on < first_day else replace(one, settled_on=date(2040, 1, 1))
        for one in history
    ]
    assert of_that_day
    assert turned != history

    known, foretold = (judging._pasts(found, learned) for found in (history, turned))

    for one in of_that_day:
        assert (
            judging._scored(one, foretold, late=True).history
            == judging._scored(one, known, late=True).history
        )


def test_an_invoice_that_is_still_open_is_learned_from(history, learned):
    """Who pays nothing any more is not left out, or everybody seems to pay."""
    cut = [one for one in history if one.settled_on is not None and one.settled_on < UNTIL]
    stopped = {f"C-{number}" for number in range(10)}
    still = [
        replace(one, settled_on=None) if one.customer in stopped and one.due_on > FIRST else one
        for one in cut
    ]

    figures = habit.learn(still, UNTIL).figures

    assert figures.stray_share > 3 * learned.figures.stray_share
    assert figures.stray_days > learned.figures.stray_days


def test_days_are_told_better_than_by_an_average(history, learned):
    said = judging.judge(history, learned)["days"]

    assert said["habit"]["mae"] < said["past_average"]["mae"] < said["portfolio"]["mae"]
    assert said["habit"]["pinball"] < said["past_average"]["pinball"]
    assert said["habit"]["within"] == pytest.approx(0.6, abs=0.08)
    assert said["habit"]["width"] < said["portfolio"]["width"]


def test_what_nobody_paid_is_judged_as_late(history, learned):
    unpaid = [
        replace(one, settled_on=None) if one.issued_on >= UNTIL and one.lateness > 5 else one
        for one in history
    ]

    said = judging.judge(unpaid, learned)

    assert said["late"] == pytest.approx(judging.judge(history, learned)["late"], abs=0.05)


def test_only_what_was_due_is_labelled(history):
    """Of the invoices that are not due yet only the punctual ones would be known."""
    labelled = [one for one in history if late_by(one, UNTIL) is not None]

    assert all(one.due_on < UNTIL for one in labelled)
    unpaid = next(one for one in labelled if one.settled_on >= UNTIL)
    assert late_by(unpaid, UNTIL) is True


def test_together_is_judged_where_several_are_open(history, learned):
    said = together.judge(history, learned)

    assert said["asked"] > 20
    assert said["by_habit"]["brier"] < said["oldest"]["brier"]
    assert said["by_habit"]["predicted"] == pytest.approx(said["observed"], abs=0.12)


def test_contenders_are_judged_once_each_on_what_follows_a_split(history, monkeypatch):
    monkeypatch.setattr(contenders, "SHARES", (0.7, 0.85))
    monkeypatch.setattr(contenders, "TREES", ((2, 10),))
    monkeypatch.setattr(contenders, "DRAWN", 40)

    said = contenders.compare(history)

    assert sum(one["invoices"] for one in said["splits"]) == said["invoices"]
    assert set(said["models"]) == set(said["splits"][0]["auc"])
    assert said["models"]["habit"]["better"] == {"value": 0, "low": 0, "high": 0}
    assert said["models"]["past_average"]["better"]["high"] < 0.01
    assert 0 < said["models"]["habit"]["expected_error"] < 0.1


def test_learning_looks_at_nothing_after_its_day(history, learned):
    longer = [
        one if one.settled_on < UNTIL else replace(one, settled_on=date(2030, 1, 1))
        for one in history
    ]

    assert habit.learn(longer, UNTIL).figures == learned.figures


def test_an_artefact_comes_back_as_it_went_and_names_nobody(learned, tmp_path):
    path = tmp_path / "model" / "prediction.json"

    artefact.write(learned, path)

    assert artefact.read(path) == learned
    assert "C-1" not in path.read_text()


def test_later_invoices_alone_are_judged_by_the_histories_that_were_kept(history, learned):
    later = [one for one in history if one.issued_on >= UNTIL]

    alone, whole = judging.judge(later, learned), judging.judge(history, learned)

    assert alone["invoices"] == whole["invoices"]
    assert alone["auc"] == pytest.approx(whole["auc"], abs=0.03)


def test_too_little_is_said(history, learned):
    with pytest.raises(TooLittle, match="it takes 200"):
        habit.learn(history[:150], UNTIL)
    with pytest.raises(NothingToJudge):
        judging.judge([one for one in history if one.issued_on < UNTIL], learned)


def test_the_command_learns_and_judges(history, tmp_path, capsys):
    file, model = tmp_path / "invoices.csv", tmp_path / "model.json"
    rows = [
        f"{one.customer},{one.issued_on:%-m/%-d/%Y},{one.due_on:%-m/%-d/%Y},"
        f"{one.amount_minor / 100},{one.settled_on:%-m/%-d/%Y},"
        f"{'Electronic' if one.paperless else 'Paper'},{one.group},2\n"
        for one in history
    ]
    file.write_text(HEAD + "".join(rows))
    named = ["--model", str(model), "--json"]

    assert cli.main(["predict", "train", str(file), "--until", UNTIL.isoformat(), *named]) == 0
    assert cli.main(["predict", "test", str(file), *named]) == 0

    trained, tested = map(json.loads, capsys.readouterr().out.splitlines())
    assert trained["customers"] == 50
    assert tested["auc"] > 0.8
    assert cli.main(["predict", "test", str(file), "--model", str(model)]) == 0
    told = capsys.readouterr().out
    assert "past average" in told
    assert "in the range" in told


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A,1/2/2025,2/1/2025,5,3/1/2025,Paper,1,1\n", "two ways"),
        ("A,13/2/2025,2/1/2025,5,3/1/2025,Paper,1,1\nB,2/13/2025,1/1/2025,1,,,,\n", "two ways"),
        ("A,1/20/2025,2/19/2025,many,,Paper,1,1\n", "row 2, InvoiceAmount: 'many'"),
        ("A,1/20/2025,soon,5,,Paper,1,1\n", "row 2, DueDate: 'soon'"),
    ],
)
def test_a_bad_file_is_refused_by_row_and_column(tmp_path, capsys, row, said):
    file = tmp_path / "bad.csv"
    file.write_text(HEAD + row)

    assert cli.main(["predict", "train", str(file), "--until", "2025-06-01"]) == 1
    assert said in capsys.readouterr().err


def test_a_missing_file_or_column_or_model_is_said(tmp_path, capsys):
    file = tmp_path / "invoices.csv"
    file.write_text("customerID,InvoiceDate\nA,2025-01-01\n")
    assert cli.main(["predict", "train", str(file), "--until", "2025-06-01"]) == 1
    assert "no column for due_on" in capsys.readouterr().err
    gone = ["predict", "train", str(tmp_path / "no.csv"), "--until", "2025-06-01"]
    assert cli.main(gone) == 1
    assert "there is no" in capsys.readouterr().err
    file.write_text(HEAD + "A,2025-01-01,2025-02-01,5,,,1,1\n")
    (tmp_path / "m.json").write_text("{}")
    assert cli.main(["predict", "test", str(file), "--model", str(tmp_path / "m.json")]) == 1
    assert "no model of this version" in capsys.readouterr().err
