"""``./recobro predict``: learn who pays late from a history of invoices; judge what was learned."""

import argparse
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from chalicelib.domain.forecast_test import MODELS
from chalicelib.prediction import artefact, forecast
from chalicelib.prediction.artefact import NotAnArtefact
from chalicelib.prediction.history import Invoice
from training import habit, invoices, judging
from training.habit import TooLittle
from training.invoices import BadHistory
from training.judging import NothingToJudge

MODEL = Path("build/prediction.json")


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="train|test")
    train = what.add_parser("train", help="learn from what was settled before a day")
    train.add_argument("file", type=Path, help="CSV of invoices, paid ones among them")
    train.add_argument("--until", type=date.fromisoformat, required=True, help="yyyy-mm-dd")
    test = what.add_parser("test", help="judge on the invoices dated after what was learned")
    test.add_argument("file", type=Path)
    train.add_argument(
        "--ship", action="store_true", help="put the figures into what is deployed next"
    )
    train.add_argument(
        "--as",
        dest="name",
        choices=MODELS,
        default=MODELS[0],
        help=f"what it ships as, to be tried against the other (default {MODELS[0]})",
    )
    for one in (train, test):
        one.add_argument("--model", type=Path, default=MODEL, help=f"default {MODEL}")
        one.add_argument("--dates", choices=("dmy", "mdy"), help="when the file does not tell")
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    try:
        known = invoices.read(options.file, order=options.dates)
        said = _train(known, options) if options.what == "train" else _test(known, options)
    except FileNotFoundError as error:
        return _no(options, f"there is no {error.filename}")
    except NotAnArtefact as error:
        return _no(options, f"{error} is no model of this version: ./recobro predict train ...")
    except (BadHistory, NothingToJudge, TooLittle, OSError) as error:
        return _no(options, str(error))
    if options.json:
        print(json.dumps(said))
    return 0


# Private


def _no(options: argparse.Namespace, why: str) -> int:
    if options.json:
        print(json.dumps({"error": why}))
    else:
        print(f"recobro predict: {why}", file=sys.stderr)
    return 1


def _train(known: list[Invoice], options: argparse.Namespace) -> dict[str, Any]:
    learned = habit.learn(known, options.until)
    artefact.write(learned, options.model)
    if options.ship:  # figures of many: nobody's history leaves this machine with the product
        artefact.write(replace(learned, histories={}), forecast.shipped(options.name))
    figures = learned.figures
    said = {
        "until": learned.until.isoformat(),
        "model": str(options.model),
        **learned.learned_from,
        "setback_days": figures.setback_days,
        "paperless_days": figures.paperless_days,
        "spread_days": figures.spread_days,
        "bytes": options.model.stat().st_size,
    }
    if not options.json:
        print(
            f"learned from {said['invoices']:.0f} invoices of {said['customers']:.0f} customers,"
            f" {100 * float(said['late']):.1f} % late, settled before {said['until']}\n"
            f"  a setback takes {figures.setback_days:.1f} days longer; sent electronically,"
            f" {figures.paperless_days:.1f} days sooner; spread {figures.spread_days:.1f} days\n"
            f"  {options.model}, {said['bytes']} bytes"
        )
    return said


def _test(known: list[Invoice], options: argparse.Namespace) -> dict[str, Any]:
    said = judging.judge(known, artefact.read(options.model))
    if options.json:
        return said
    print(
        f"{said['invoices']} invoices dated {said['until']} or later,"
        f" {100 * said['late']:.1f} % paid late\n\n"
        f"  {'':<18} {'AUC':>7} {'Brier':>7}\n"
        f"  {'habit':<18} {said['auc']:7.4f} {said['brier']:7.4f}"
    )
    for name, one in said["baselines"].items():
        print(f"  {name.replace('_', ' '):<18} {one['auc']:7.4f} {one['brier']:7.4f}")
    print(f"\n  calibration (error {said['calibration_error']:.4f}): predicted, observed, invoices")
    for one in said["calibration"]:
        print(f"  {one['predicted']:8.3f} {one['observed']:8.3f} {one['invoices']:6d}")
    for title, groups in said["groups"].items():
        print(f"\n  by {title}: predicted, observed, invoices")
        for name, one in groups.items():
            print(f"  {one['predicted']:8.3f} {one['observed']:8.3f} {one['invoices']:6d}  {name}")
    print(f"\n  drift of the scores (PSI): {said['drift']}")
    return said
