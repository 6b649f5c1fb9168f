"""
Say what the reader finds in a file, without uploading it and without a running stack.

Prints encoding, delimiter, sheet, header rows, columns with the field each is taken for and
how sure that is, rows, exact sums, spans of dates, questions an upload would ask, and the
rows it would reject with the reasons. Exit status: 0 when the file could be uploaded as it
is; 1 when it needs a person (a question, a missing column, a rejected row); 2 when it cannot
be read.
"""

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from chalicelib.domain.money import DECIMALS
from chalicelib.domain.portfolio import COUNTRIES
from chalicelib.intake.cells import UnreadableFile
from chalicelib.intake.formats import Hints
from chalicelib.intake.inspection import best_mode, inspect, open_rows, refit
from chalicelib.intake.mapping import mapping_problems, open_questions
from chalicelib.intake.reader import RowReader
from chalicelib.intake.rejects import RejectsFile, reason_text
from chalicelib.intake.rows import BalanceRow, Rejected
from chalicelib.intake.texts import text

_CURRENCIES = {
    "AR": "ARS", "BO": "BOB", "BR": "BRL", "CL": "CLP", "CO": "COP", "CR": "CRC", "EC": "USD",
    "ES": "EUR", "MX": "MXN", "PA": "PAB", "PE": "PEN", "PY": "PYG", "US": "USD", "UY": "UYU",
}  # fmt: skip
_MODES = ("debts", "balances", "payments")
_SHOWN_REJECTS = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``recobro read`` takes."""
    parser.add_argument("file", type=Path, help="CSV, TSV, XLSX, XLS or ODS")
    parser.add_argument("--country", required=True, choices=sorted(COUNTRIES))
    parser.add_argument("--currency", choices=sorted(DECIMALS), help="default: the country's")
    parser.add_argument("--mode", choices=_MODES, help="default: the one whose columns fit best")
    parser.add_argument("--sheet", help="name of the sheet; default: the fullest")
    parser.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="QUESTION=VALUE",
        help="answer a question it asks; may be repeated",
    )
    parser.add_argument("--language", choices=("es", "en", "pt"), default="es")
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="write the rejected rows, with reasons, here"
    )


def run(options: argparse.Namespace) -> int:
    """Read the file twice: once to inspect it, once to check every row."""
    currency = options.currency or _CURRENCIES[options.country]
    try:
        with options.file.open("rb") as source:
            report = report_on(
                source,
                country=options.country,
                currency=currency,
                mode=options.mode,
                sheet=options.sheet,
                answers=dict(a.partition("=")[::2] for a in options.answer),
                language=options.language,
                rejects=options.rejects,
            )
    except OSError as error:
        return _failed(options, {"code": "file.not_found", "details": {"reason": error.strerror}})
    except UnreadableFile as error:
        return _failed(options, {"code": error.code, "details": error.details})
    report = {"file": options.file.name, **report}
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print(report)
    return 0 if report["ok"] else 1


def _failed(options: argparse.Namespace, problem: dict[str, Any]) -> int:
    if options.json:
        print(json.dumps({"file": options.file.name, "ok": False, "problem": problem}))
    else:
        print(f"{options.file.name}: {_words(problem, options.language)}", file=sys.stderr)
    return 2


def _words(problem: dict[str, Any], language: str) -> str:
    if problem["code"] != UnreadableFile.code:
        return f"{problem['code']} {problem['details']}"
    return text(f"intake.unreadable.{problem['details']['reason']}", language)


def report_on(
    source: Any,
    *,
    country: str,
    currency: str,
    mode: str | None = None,
    sheet: str | None = None,
    answers: dict[str, str] | None = None,
    language: str = "es",
    rejects: Path | None = None,
) -> dict[str, Any]:
    """
    Inspect *source* and check every row; see ``intake.inspect`` for most of the keys.

    Returns:
        JSON-safe. ``money`` and ``dates`` give each such column's figures by its header, as
        written in the file and whether or not it is mapped; ``accepted`` and ``rejected``
        what the rows come to under the mapping, unanswered questions answered as suggested.
    """
    inspection = inspect(
        source,
        mode=mode or "debts",
        country=country,
        currency=currency,
        hints=Hints(sheet=sheet),
    )
    if mode is None:
        inspection = refit(inspection, best_mode(inspection))
    mapping = inspection["suggested"]
    mapping["answers"].update(answers or {})
    questions = open_questions(inspection, mapping)
    lacking = [
        p
        for p in mapping_problems(inspection, mapping, inspection["mode"])
        if p["code"] != "mapping.unanswered"
    ]
    checked = _check_rows(source, inspection, mapping, language, rejects)
    columns = inspection.pop("columns")
    first = inspection["header_rows"][0] if inspection["header_rows"] else None
    return {
        "ok": not questions and not lacking and not checked["rejected"]["rows"],
        **inspection,
        "header_row": first,
        "columns": columns,
        "money": _figures(columns, "money", ("sum", "negative", "unreadable")),
        "numbers": _figures(columns, "number", ("sum", "negative", "unreadable")),
        "dates": _figures(columns, "date", ("min", "max", "unreadable")),
        "open_questions": [question["id"] for question in questions],
        "mapping_problems": lacking,
        **checked,
    }


def _figures(columns: list[dict[str, Any]], kind: str, keys: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in columns:
        if column["kind"] == kind:
            name = column["header"] or f"#{column['index'] + 1}"
            found[name] = {key: column[key] for key in keys} | {"field": column["field"]}
    return found


def _check_rows(
    source: Any,
    inspection: dict[str, Any],
    mapping: dict[str, Any],
    language: str,
    rejects: Path | None,
) -> dict[str, Any]:
    currency = inspection["currency"]
    reader = RowReader(
        mapping,
        inspection,
        country=inspection["country"],
        currency=currency,
        mode=inspection["mode"],
    )
    accepted = minor = rejected = 0
    warnings: dict[str, int] = {}
    reasons: dict[str, int] = {}
    shown: list[dict[str, Any]] = []
    out = RejectsFile(inspection, language=language) if rejects else None
    for number, cells in open_rows(source, inspection, mapping):
        row = reader.read(number, cells)
        if isinstance(row, Rejected):
            rejected += 1
            for reason in row.reasons:
                reasons[reason.code] = reasons.get(reason.code, 0) + 1
            if len(shown) < _SHOWN_REJECTS:
                shown.append(
                    {
                        "row": number,
                        "reasons": [
                            {
                                "field": reason.field,
                                "code": reason.code,
                                "text": reason_text(reason, language),
                            }
                            for reason in row.reasons
                        ],
                    }
                )
            if out:
                out.add(row)
            continue
        accepted += 1
        minor += row.balance_minor if isinstance(row, BalanceRow) else row.amount_minor
        for warning in row.warnings:
            warnings[warning.code] = warnings.get(warning.code, 0) + 1
    if out and rejects:
        with rejects.open("wb") as target:
            out.write(target)
    total = Decimal(minor).scaleb(-DECIMALS[currency])
    return {
        "accepted": {"rows": accepted, "amount": f"{total:f}", "warnings": warnings},
        "rejected": {"rows": rejected, "reasons": reasons, "first": shown},
    }


def _print(report: dict[str, Any]) -> None:
    """Print the report for a person, plainly."""
    where = report["sheet"] or f"{report['encoding']}, delimiter {report['delimiter']!r}"
    print(f"{report['file']}: {report['kind']}, {where}")
    rows = [n + 1 for n in report["header_rows"]]
    print(f"  header row(s) {rows or 'none'}, data from row {report['first_data_row'] + 1}")
    print(
        f"  rows {report['rows']}, blank {report['blank_rows']}, totals {report['totals']}, "
        f"mode {report['mode']}, {report['country']} {report['currency']}"
    )
    print(f"\n  {'column':32} {'kind':10} {'field':18} {'sure':>5}  figures")
    for column in report["columns"]:
        if column["kind"] == "empty":
            continue
        name = (column["name"] or f"#{column['index'] + 1}").replace("\n", " ")[:32]
        figures = ""
        if "sum" in column:
            figures = f"sum {column['sum']}, negative {column['negative']}"
        elif "min" in column:
            figures = f"{column['min']} to {column['max']}"
        if column.get("unreadable"):
            figures += f", unreadable {column['unreadable']}"
        sure = f"{column['confidence']:.0%}" if column["field"] else ""
        print(f"  {name:32} {column['kind']:10} {column['field'] or '-':18} {sure:>5}  {figures}")
    for question in report["questions"]:
        mark = "?" if question["id"] in report["open_questions"] else " "
        choices = "; ".join(f"{c['value']}: {c['example']}" for c in question["choices"])
        print(f"{mark} question {question['id']}: {choices} (suggested {question['suggested']})")
    for found in [*report["problems"], *report["mapping_problems"]]:
        print(f"! {found['code']} {found['details'] or ''}")
    accepted, rejected = report["accepted"], report["rejected"]
    print(f"\n  accepted {accepted['rows']} rows, {accepted['amount']} {report['currency']}")
    for code, count in sorted(accepted["warnings"].items()):
        print(f"    {count} x {code}")
    print(f"  rejected {rejected['rows']} rows")
    for row in rejected["first"]:
        print(f"    row {row['row']}: " + "; ".join(reason["text"] for reason in row["reasons"]))
