"""
``./recobro plan --portfolio ID --date D --dry-run``: what the plan would do on a day.

Reads the tables of the laptop's stack, or of a deployed stage, and writes to none of them: who
would get what by which channel, what waits or is denied and why, what it would cost. One CSV
line each on standard output, the sums on standard error.
"""

import argparse
import json
import sys
from collections import Counter
from datetime import date

from chalicelib import wiring
from chalicelib.domain import prices
from chalicelib.domain.days import local_day
from chalicelib.domain.plain import to_plain
from chalicelib.services import dry_runs, planning
from chalicelib.services.foresight import Line, foresee
from cli import stack

HELP = "say what the plan would do on a day"
WELL, WRONG, UNREACHABLE = 0, 2, 3


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--portfolio", metavar="ID", required=True)
    parser.add_argument("--date", metavar="DAY", help="yyyy-mm-dd, today or later; today if none")
    parser.add_argument(
        "--dry-run", action="store_true", help="required: nothing else is done from here"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="look at about N cases only")
    parser.add_argument(
        "--everything", action="store_true", help="tell of the cases that get nothing too"
    )
    stack.arguments(parser)
    parser.epilog = "Exit status: 0 done, 2 no such portfolio or day, 3 no stack to look at."


def run(options: argparse.Namespace) -> int:
    if not options.dry_run:
        print("say --dry-run: the plan itself runs every quarter of an hour", file=sys.stderr)
        return WRONG
    if not stack.connect(options):
        return UNREACHABLE
    portfolio = wiring.portfolios().get(options.portfolio)
    now = wiring.now()
    if portfolio is None:
        print(f"no portfolio {options.portfolio}", file=sys.stderr)
        return WRONG
    today = local_day(now, portfolio.time_zone)
    day = _day(options.date) or today
    if options.date and (_day(options.date) is None or day < today):
        print(f"not a day from {today} on: {options.date}", file=sys.stderr)
        return WRONG
    plays = planning.plays_of(portfolio, wiring.strategies())
    sheet = dry_runs.Sheet(portfolio=portfolio, language=portfolio.language, first=True)
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    told: list[Line] = []
    looked = cost = 0
    for file in dry_runs.cases_of(
        wiring.cases(), options.portfolio, day, sample=options.sample, everything=False
    ):
        looked += 1
        for line in foresee(file, plays, day, now=now, hours=wiring.hours_of):
            outcomes[line.outcome] += 1
            cost += line.cost_micros
            if line.code:
                reasons[line.code] += 1
            if line.outcome != "nothing" or options.everything:
                told.append(line)
    budget = plays.playbook.daily_budget_micros
    sums = {
        "portfolio_id": options.portfolio,
        "day": day.isoformat(),
        "cases": looked,
        "outcomes": dict(outcomes),
        "reasons": dict(reasons),
        "cost": _money(cost),
        "daily_budget": None if budget is None else _money(budget),
    }
    if options.json:
        print(json.dumps(sums | {"lines": to_plain(told)}, ensure_ascii=False))
        return WELL
    sheet.write(told)
    sys.stdout.write(sheet.body().decode().removeprefix("\ufeff"))
    print(
        f"{day}: {looked} cases; {_listed(outcomes)}; {sums['cost']} by usual lengths"
        + (f" of {sums['daily_budget']} a day" if budget is not None else "")
        + (f"; {_listed(reasons)}" if reasons else ""),
        file=sys.stderr,
    )
    return WELL


def _money(micros: int) -> str:
    return f"{micros / 1_000_000:.2f} {prices.currency()}"


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.most_common()) or "nothing"
