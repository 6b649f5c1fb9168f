"""
``./recobro predict``: learn who pays late from a history of invoices; judge what was learned.

``history`` makes that file of a portfolio's own debts, as the lake has them; ``serve`` puts what
was learned into service, without a deployment.
"""

import argparse
import csv
import json
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from chalicelib import wiring
from chalicelib.bi import history
from chalicelib.bi.questions import OfHistory, Question
from chalicelib.domain.errors import DayMissing, FigureNotTold
from chalicelib.domain.forecast_test import MODELS
from chalicelib.domain.money import DECIMALS
from chalicelib.prediction import artefact, forecast
from chalicelib.prediction.artefact import NotAnArtefact
from chalicelib.prediction.history import Invoice
from chalicelib.prediction.served import KEPT_S, ServedModel
from cli import stack
from lake import means
from training import habit, invoices, judging
from training.habit import TooLittle
from training.invoices import BadHistory
from training.judging import NothingToJudge

MODEL = Path("build/prediction.json")
UNREACHABLE = 3
ATHENA_S = 600.0


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="train|test|history|serve")
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
    own = what.add_parser("history", help="write a portfolio's own debts as such a file")
    own.add_argument("file", type=Path, help="the CSV to write")
    own.add_argument("--portfolio", metavar="ID", required=True)
    own.add_argument(
        "--on", type=date.fromisoformat, required=True, help="a day of the lake: as things stood"
    )
    own.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    stack.arguments(own)
    serve = what.add_parser("serve", help="put what was learned into service, at once")
    serve.add_argument("--model", type=Path, default=MODEL, help=f"default {MODEL}")
    serve.add_argument(
        "--as", dest="name", choices=MODELS, default=MODELS[0], help=f"default {MODELS[0]}"
    )
    serve.add_argument("--take-back", action="store_true", help="what shipped tells again, if any")
    serve.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    stack.arguments(serve)
    for one in (train, test):
        one.add_argument("--model", type=Path, default=MODEL, help=f"default {MODEL}")
        one.add_argument("--dates", choices=("dmy", "mdy"), help="when the file does not tell")
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    if options.what == "history":
        return _history(options)
    if options.what == "serve":
        return _serve(options)
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


def _history(options: argparse.Namespace) -> int:
    """Write the debts of a portfolio; nobody is named in it, customers are keys of cases."""
    if not stack.connect(options):
        return UNREACHABLE
    portfolio = means.portfolios().get(options.portfolio)
    if portfolio is None:
        return _no(options, "there is no such portfolio")
    asked = Question(
        about=OfHistory(),
        portfolio_id=portfolio.portfolio_id,
        first=options.on,
        last=options.on,
        bands=tuple(portfolio.policies.bands),
    )
    try:
        rows = means.engine(patience_s=ATHENA_S).ask(asked).rows[: history.MOST_ROWS]
    except DayMissing as error:
        day = error.details["day"]
        return _no(options, f"{day} is not in the lake: ./recobro export --date {day}")
    except FigureNotTold as error:
        return _no(options, f"it could not be told: {error.details['reason']}")
    decimals = DECIMALS[portfolio.currency]
    with options.file.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("customer", "issued_on", "due_on", "amount", "settled_on", "product"))
        for customer, issued_on, due_on, minor, settled_on, product in rows:
            amount = Decimal(int(minor)).scaleb(-decimals)
            out.writerow((customer, issued_on, due_on, amount, settled_on or "", product))
    paid = sum(row[4] is not None for row in rows)
    if options.json:
        print(json.dumps({"file": str(options.file), "debts": len(rows), "paid": paid}))
    else:
        print(f"{options.file}: {len(rows)} debts as of {options.on}, {paid} of them paid")
    return 0


def _serve(options: argparse.Namespace) -> int:
    """Put a model into service, or take it back; figures alone, nobody's history goes along."""
    body, model_id = "", ""
    if not options.take_back:
        try:
            learned = replace(artefact.read(options.model), histories={})
        except FileNotFoundError as error:
            return _no(options, f"there is no {error.filename}: ./recobro predict train ...")
        except NotAnArtefact as error:
            return _no(options, f"{error} is no model of this version: ./recobro predict train ...")
        body, model_id = artefact.text(learned), forecast.made_of(learned).model_id
    if not stack.connect(options):
        return UNREACHABLE
    wiring.served_models().put(
        ServedModel(name=options.name, body=body, model_id=model_id, served_at=wiring.now())
    )
    said = {"name": options.name, "model_id": model_id, "within_minutes": KEPT_S // 60}
    if options.json:
        print(json.dumps(said))
    elif options.take_back:
        print(
            f"{options.name}: taken back; what shipped tells again, within {KEPT_S // 60} minutes"
        )
    else:
        print(f"{options.name}: {model_id} is in service, everywhere within {KEPT_S // 60} minutes")
    return 0


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
        "stray_share": figures.stray_share,
        "stray_days": figures.stray_days,
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
    print(
        f"\n  calibration (error {said['calibration_error']:.4f}; of so many invoices"
        f" {said['expected_error']:.4f} by chance alone): predicted, observed, invoices"
    )
    for one in said["calibration"]:
        print(f"  {one['predicted']:8.3f} {one['observed']:8.3f} {one['invoices']:6d}")
    _days(said["days"])
    for title, groups in said["groups"].items():
        print(f"\n  by {title}: predicted, observed, invoices")
        for name, one in groups.items():
            print(f"  {one['predicted']:8.3f} {one['observed']:8.3f} {one['invoices']:6d}  {name}")
    print(f"\n  drift of the scores (PSI): {said['drift']}")
    return said


def _days(said: dict[str, Any]) -> None:
    """Print how well the days from due date to payment were told."""
    if "habit" not in said:
        return
    low, high = said["range"]
    print(
        f"\n  days late of {said['invoices']} paid invoices; the range is from {100 * low:.0f} to"
        f" {100 * high:.0f} % of them\n"
        f"  {'':<18} {'MAE':>7} {'pinball':>8} {'in the range':>13} {'width':>6}"
    )
    for name in ("habit", "past_average", "portfolio"):
        one = said[name]
        print(
            f"  {name.replace('_', ' '):<18} {one['mae']:7.2f} {one['pinball']:8.3f}"
            f" {100 * one['within']:11.1f} % {one['width']:6.1f}"
        )
