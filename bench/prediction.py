"""
How well lateness is foretold, and what a forecast costs.

The invoices are ``../shared/data/ar_invoices`` (IBM); without them the invented ones are judged.
The split is by time: the model learns from what was settled before a day, and is judged on the
invoices dated from that day on. ``Disputed`` is not read. Published figures for random splits
(AUC 0.923) are not comparable: they let the future leak into the past.
"""

import tempfile
from datetime import date
from pathlib import Path

from bench.report import Figure, Report, cpu
from chalicelib.prediction import artefact
from chalicelib.prediction.habit import Habit
from chalicelib.prediction.history import seen
from tests.shared import SHARED
from tests.unit.prediction.towns import lived
from training import habit, invoices, judging

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
    report.add(Figure(metric="calibration error", value=said["calibration_error"], unit=""))
    for name, one in said["baselines"].items():
        report.add(Figure(metric=f"AUC, {name.replace('_', ' ')}", value=one["auc"], unit=""))
        report.add(Figure(metric=f"Brier, {name.replace('_', ' ')}", value=one["brier"], unit=""))
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


if __name__ == "__main__":
    main()
