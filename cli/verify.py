"""
``./recobro verify``: recompute portfolios and compare them with what is stored.

With ``--pack FILE`` it checks the pack of a case instead, offline, and names the first altered
event. Ledger sums against heads, timelines against their chains, counters against both. Reads the
tables of the laptop's stack, or of a deployed stage with the caller's own AWS credentials.
"""

import argparse
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

from chalicelib import wiring
from chalicelib.domain import case_pack
from chalicelib.domain.errors import BadField
from chalicelib.services import case_packs, verify
from cli import stack

HELP = "prove ledgers, timelines and counters"
WELL, NOT_WELL, NO_PACK, UNREACHABLE = 0, 1, 2, 3


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--portfolio", metavar="ID", help="one portfolio; all of them by default")
    parser.add_argument("--pack", metavar="FILE", type=Path, help="a pack of a case, ZIP or JSON")
    stack.arguments(parser)
    parser.epilog = (
        "Exit status: 0 all agrees, 1 something differs, 2 no pack, 3 no stack to look at."
    )


def run(options: argparse.Namespace) -> int:
    if options.pack is not None:
        return _check_pack(options)
    if not stack.connect(options):
        return UNREACHABLE
    ids = [options.portfolio] if options.portfolio else _all(wiring.portfolios())
    reports = []
    for portfolio_id in ids:
        portfolio = wiring.portfolios().get(portfolio_id)
        report = verify.portfolio(
            portfolio_id,
            cases=wiring.cases(),
            stored=wiring.counters(),
            time_zone=portfolio.time_zone if portfolio else "UTC",
        )
        reports.append(report)
        if not options.json:
            _print(report)
    if options.json:
        print(json.dumps({"portfolios": [_plain(report) for report in reports]}))
    return WELL if all(report.ok for report in reports) else NOT_WELL


def _check_pack(options: argparse.Namespace) -> int:
    try:
        pack, pdf = _read_pack(options.pack)
        found = case_pack.prove(pack)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, BadField) as error:
        print(f"{options.pack}: no pack of a case ({type(error).__name__})")
        return NO_PACK
    faults = list(found.faults)
    if pdf is not None and hashlib.sha256(pdf).hexdigest() != pack.get("pdf_sha256"):
        faults.append("pdf")
    answer = {
        "ok": not faults,
        "events": found.events,
        "head": found.head,
        "first_altered": found.first_altered,
        "faults": faults,
    }
    if options.json:
        print(json.dumps(answer))
    elif not faults:
        print(f"{found.events} events up to {found.head}: nothing was altered")
    else:
        print(f"altered: {', '.join(faults)}")
        if found.first_altered is not None:
            print(f"first altered event: {found.first_altered}")
    return NOT_WELL if faults else WELL


def _read_pack(path: Path) -> tuple[dict[str, Any], bytes | None]:
    if not zipfile.is_zipfile(path):
        read: dict[str, Any] = json.loads(path.read_bytes())
        return read, None
    with zipfile.ZipFile(path) as held:
        inside: dict[str, Any] = json.loads(held.read(case_packs.JSON_NAME))
        return inside, held.read(case_packs.PDF_NAME)


def _all(portfolios: Any) -> list[str]:
    return sorted(portfolio.portfolio_id for portfolio in portfolios.all())


def _plain(report: Any) -> dict[str, Any]:
    return {
        "portfolio_id": report.portfolio_id,
        "ok": report.ok,
        "cases": report.cases,
        "entries": report.entries,
        "events": report.events,
        "differences": report.differences,
    }


def _print(report: Any) -> None:
    verdict = "agrees" if report.ok else f"{len(report.differences)} differences"
    print(
        f"{report.portfolio_id}  {report.cases} cases, {report.entries} entries,"
        f" {report.events} events: {verdict}"
    )
    for one in report.differences:
        where = one.get("case_id") or one.get("counter")
        print(f"  {one['what']}  {where}: found {one['found']}, should be {one['should_be']}")
