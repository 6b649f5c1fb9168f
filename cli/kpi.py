"""
``./recobro kpi``: a figure of the catalogue for a portfolio and its days, from the lake.

Says the numerator, denominator and sample beside it. Works on the laptop's stack, or on a deployed
stage with the caller's own AWS credentials.
"""

import argparse
import json
import sys
from datetime import date
from typing import Any

from chalicelib.bi import costs
from chalicelib.bi.answers import Answer
from chalicelib.bi.kpis import KPIS, Asked, Figure, Kpi
from chalicelib.bi.questions import OfKpi, Question
from chalicelib.domain.errors import BadField, DayMissing, FigureNotTold
from cli import stack
from lake import means

WELL, NOT_WELL, UNREACHABLE = 0, 1, 3
ATHENA_S = 600.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=sorted(KPIS), metavar="NAME", help=", ".join(sorted(KPIS)))
    parser.add_argument("--portfolio", metavar="ID", required=True)
    for name in ("from", "to"):
        parser.add_argument(
            f"--{name}", type=date.fromisoformat, required=True, metavar="yyyy-mm-dd", dest=name
        )
    parser.add_argument(
        "--engine",
        choices=("duckdb", "athena"),
        default="",
        help="by default what the size asks for",
    )
    stack.arguments(parser)
    parser.epilog = "Exit status: 0 told, 1 days or portfolio are not there, 3 no stack."


def run(options: argparse.Namespace) -> int:
    if not stack.connect(options):
        return UNREACHABLE
    kpi = KPIS[options.name]
    portfolio = means.portfolios().get(options.portfolio)
    if portfolio is None:
        return _no("there is no such portfolio")
    question = Question(
        about=OfKpi(code=kpi.code),
        portfolio_id=portfolio.portfolio_id,
        first=getattr(options, "from"),
        last=options.to,
        bands=tuple(portfolio.policies.bands),
    )
    asked = question.asked
    try:
        answer = means.engine(options.engine, patience_s=ATHENA_S).ask(question)
    except (BadField, DayMissing, FigureNotTold) as error:
        return _no(_reason(error))
    found = [Figure(*row) for row in answer.rows]
    work = costs.Costs((), ())
    if kpi.code == costs.CODE:
        work = costs.priced(found, portfolio.policies.costs, portfolio.currency)
        found = list(work.lines)
    left_out = sorted({one.group_1 for one in work.left_out})
    if options.json:
        print(json.dumps(plain(kpi, asked, found, answer) | {"left_out": left_out}))
        return WELL
    print(
        f"{kpi.name} ({kpi.code} v{kpi.version}, {kpi.unit}): {kpi.numerator} / {kpi.denominator}"
    )
    for one in found:
        where = " -> ".join(part for part in (one.group_1, one.group_2) if part)
        value = "-" if one.value is None else f"{float(one.value):.4f}"
        print(f"  {where:<28} {value:>12}  {one.numerator} / {one.denominator}, n = {one.sample}")
    if left_out:
        print(f"  not in it, for want of a rate: {', '.join(left_out)}")
    return WELL


def plain(kpi: Kpi, asked: Asked, found: list[Figure], answer: Answer) -> dict[str, Any]:
    return {
        "kpi": kpi.code,
        "version": kpi.version,
        "unit": kpi.unit,
        "numerator": kpi.numerator,
        "denominator": kpi.denominator,
        "portfolio_id": asked.portfolio_id,
        "from": asked.first.isoformat(),
        "to": asked.last.isoformat(),
        "engine": answer.engine,
        "bytes": answer.bytes_read,
        "figures": [
            {
                "group_1": one.group_1,
                "group_2": one.group_2,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "sample": one.sample,
                "value": None if one.value is None else float(one.value),
            }
            for one in found
        ],
    }


def _reason(error: BadField | DayMissing | FigureNotTold) -> str:
    details = error.details
    match error:
        case DayMissing():
            return f"{details['day']} is not in the lake: ./recobro export --date {details['day']}"
        case FigureNotTold():
            return f"it could not be told: {details['reason']}"
    return f"{details['field']}: {details['reason']}"


def _no(why: str) -> int:
    print(f"recobro kpi: {why}", file=sys.stderr)
    return NOT_WELL
