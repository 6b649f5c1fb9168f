"""``./recobro form FILE.xlsx``: compile a questionnaire, or say where it cannot be."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from chalicelib.compliance import packs
from chalicelib.forms import topics
from chalicelib.forms.compiling import compile_form
from chalicelib.forms.errors import FormRefused
from chalicelib.forms.texts import reason
from chalicelib.forms.tree import plain_label


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE.xlsx", help="an XLSForm, .xlsx or .xls"
    )
    parser.add_argument(
        "--country", metavar="CO", help="say which questions the country's law forbids"
    )
    parser.add_argument(
        "--with",
        dest="attached",
        type=Path,
        action="append",
        default=[],
        metavar="TABLE.csv",
        help="a table that the form chooses from; those beside the file are found",
    )


def run(options: argparse.Namespace) -> int:
    """
    Returns:
        0 when all compile, 1 when one is refused, 2 when one is not there.
    """
    said = []
    for file in options.files:
        try:
            said.append(_compiled(file, options))
        except OSError as error:
            print(error, file=sys.stderr)
            return 2
    if options.json:
        print(json.dumps(said[0] if len(said) == 1 else said, ensure_ascii=False))
    elif len(said) == 1:
        _print_one(said[0])
    else:
        for one in said:
            print(f"{one['file']}: {_line(one['refused']) if 'refused' in one else 'ok'}")
        print(f"{sum(one['ok'] for one in said)} of {len(said)} compile")
    return 0 if all(one["ok"] for one in said) else 1


def _compiled(file: Path, options: argparse.Namespace) -> dict[str, Any]:
    tables = [*sorted(file.parent.glob("*.csv")), *options.attached]
    attached = {path.name: path.read_bytes() for path in tables}
    try:
        form = compile_form(file.read_bytes(), file.name, attachments=attached)
    except FormRefused as refused:
        return {"ok": False, "file": file.name, "refused": _refusal(refused.plain())}
    if options.country:
        form = topics.without(form, packs.forbidden_questions(options.country.upper()))
    return {"ok": True, "file": file.name, "form": form}


def _print_one(said: dict[str, Any]) -> None:
    if said["ok"]:
        _print(said["form"])
    else:
        print(_line(said["refused"]))


def _refusal(plain: dict[str, Any]) -> dict[str, Any]:
    return {**plain, "reason": _reason(plain)}


def _reason(plain: dict[str, Any]) -> str:
    return reason(plain["code"], plain["detail"], "en")


def _line(plain: dict[str, Any]) -> str:
    parts = [
        plain["sheet"] and f"sheet {plain['sheet']}",
        plain["row"] and f"row {plain['row']}",
        plain["column"] and f"column {plain['column']}",
        plain["question"] and f"({plain['question']})",
    ]
    where = ", ".join(part for part in parts[:3] if part)
    return " ".join(part for part in (where, parts[3]) if part) + f": {_reason(plain)}"


def _print(form: dict[str, Any]) -> None:
    languages = ", ".join(form["languages"])
    print(f"{form['title']}  (version {form['version']}; {languages or 'no texts'})")
    _print_items(form["items"], form["default_language"], 1)
    size = len(json.dumps(form, ensure_ascii=False, separators=(",", ":")).encode())
    print(f"{_count(form['items'])} questions, {len(form['lists'])} lists, {size} bytes")
    for warning in form["warnings"]:
        print(f"warning: {_line(warning)}")


def _print_items(items: list[dict[str, Any]], language: str, depth: int) -> None:
    for item in items:
        if "forbidden" in item:
            print(f"{'  ' * depth}never asked     {item['name']:<28} {item['forbidden']}")
            continue
        marks = [key for key in ("required", "relevant", "constraint", "calculate") if key in item]
        label = plain_label(item.get("label", {}), language)[:60]
        said = "  ".join(part for part in (label, " ".join(marks)) if part)
        print(f"{'  ' * depth}{item['kind']:<15} {item['name']:<28} {said}".rstrip())
        _print_items(item.get("items", []), language, depth + 1)


def _count(items: list[dict[str, Any]]) -> int:
    return sum(_count(item["items"]) if "items" in item else 1 for item in items)
