"""
How well lateness is foretold, and what a forecast costs.

The invoices are ``../shared/data/ar_invoices`` (IBM); without them the invented ones are judged.
The split is by time: the model learns from what was settled before a day, and is judged on the
invoices dated from that day on. ``Disputed`` is not read. Published figures for random splits
(AUC 0.923) are not comparable: they let the future leak into the past. Other models are judged at
five splits, each invoice once (``training.contenders``); the day of payment and its range, and
what is told of several debts of one debtor, on the split above. ``highradius_open_invoices`` of
the same folder holds open invoices only, without one day of payment: nothing can be judged by it.
"""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from bench.report import Figure, Report, cpu
from chalicelib.prediction import artefact
from chalicelib.prediction.habit import Habit
from chalicelib.prediction.history import seen
from tests.shared import SHARED
from tests.unit.prediction.towns import lived
from training import contenders, habit, invoices, judging, together

FILE = SHARED / "data" / "ar_invoices" / "ibm_accounts_receivable.csv"
UNTIL = date(2013, 2, 22)  # four fifths of the invoices are older
SCORED = 300


def main() -> None:
    report = Report("prediction")
    known = invoices.read(FILE) if FILE.exists() else lived()
    until = UNTIL if FILE.exists() else sorted(one.issued_on for one in known)[len(known) * 4 // 5]
    learned = habit.learn(known, until)
    said = judging.judge(known, learned)
    report.add(Figure(metric="AUC, habit", value=said["auc"], unit="", target=0.89, at_least=True))
    report.add(
        Figure(
            metric="Brier, habit",
            value=said["brier"],
            unit="",
            floor=said["baselines"]["logistic"]["brier"],
            floor_is="a logistic regression",
            target=1.0,
        )
    )
    of_chance = {"floor": said["expected_error"], "floor_is": "of one that is right"}
    report.add(
        Figure(metric="calibration error", value=said["calibration_error"], unit="", **of_chance)
    )
    for name, one in said["baselines"].items():
        report.add(Figure(metric=f"AUC, {name.replace('_', ' ')}", value=one["auc"], unit=""))
        report.add(Figure(metric=f"Brier, {name.replace('_', ' ')}", value=one["brier"], unit=""))
    _fairness(report, said)
    _days(report, said["days"])
    _together(report, together.judge(known, learned))
    _contenders(report, contenders.compare(known))
    model = Habit(learned.figures)
    later = [one for one in known if one.issued_on >= until][:SCORED]
    pasts = {
        one.customer: [each for each in known if each.customer == one.customer] for one in later
    }

    def score() -> None:
        for one in later:
            past = seen(pasts[one.customer], one.issued_on)
            model.outlook(past, paperless=one.paperless, open_days=-30)

    score()
    report.add(
        Figure(metric="one forecast with reasons", value=1e3 * cpu(score) / len(later), unit="ms")
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prediction.json"
        artefact.write(learned, path)
        report.add(Figure(metric="artefact", value=path.stat().st_size / 1024, unit="KB"))
    report.print()


def _fairness(report: Report, said: dict[str, Any]) -> None:
    """Drift, and how far what was told and what came differ where they differ most."""
    report.add(Figure(metric="drift of the scores (PSI)", value=said["drift"] or 0.0, unit=""))
    for title, groups in said["groups"].items():
        gaps = [
            abs(one["predicted"] - one["observed"])
            for one in groups.values()
            if one["invoices"] >= judging.LEAST_OF_A_GROUP
        ]
        if gaps:
            report.add(Figure(metric=f"largest gap by {title}", value=max(gaps), unit=""))


def _days(report: Report, said: dict[str, Any]) -> None:
    for name in ("habit", "past_average", "portfolio"):
        one, of = said[name], name.replace("_", " ")
        report.add(Figure(metric=f"days late, MAE, {of}", value=one["mae"], unit="days"))
        report.add(Figure(metric=f"days late, pinball, {of}", value=one["pinball"], unit="days"))
        report.add(Figure(metric=f"paid in the range, {of}", value=100 * one["within"], unit="%"))
        report.add(Figure(metric=f"width of the range, {of}", value=one["width"], unit="days"))


def _together(report: Report, said: dict[str, Any]) -> None:
    report.add(Figure(metric="several open, asked", value=said["asked"], unit=""))
    if not said["asked"]:
        return
    report.add(Figure(metric="something was paid", value=said["observed"], unit=""))
    for name in ("by_habit", "independent", "oldest"):
        one, of = said[name], name.replace("_", " ")
        report.add(Figure(metric=f"something is paid, {of}", value=one["predicted"], unit=""))
        report.add(Figure(metric=f"Brier of it, {of}", value=one["brier"], unit=""))


def _contenders(report: Report, said: dict[str, Any]) -> None:
    for one in said["splits"]:
        of = f"split {one['until']}"
        report.add(Figure(metric=f"{of}, judged", value=one["invoices"], unit=""))
        for name, auc in one["auc"].items():
            report.add(Figure(metric=f"{of}, AUC, {name}", value=auc, unit=""))
    for name, one in said["models"].items():
        for end, value in one["better"].items() if name != "habit" else ():
            of = f"AUC less the habit's, {end}, {name}"
            report.add(Figure(metric=f"five splits, {of}", value=value, unit=""))
        report.add(Figure(metric=f"five splits, AUC, {name}", value=one["auc"], unit=""))
        report.add(Figure(metric=f"five splits, Brier, {name}", value=one["brier"], unit=""))
        of_chance = {"floor": one["expected_error"], "floor_is": "of one that is right"}
        report.add(
            Figure(
                metric=f"five splits, calibration error, {name}",
                value=one["calibration_error"],
                unit="",
                **of_chance,
            )
        )


if __name__ == "__main__":
    main()
