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
from chalicelib.forms.texts import said_in
from chalicelib.forms.tree import plain_label


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.xlsx", help="an XLSForm, .xlsx or .xls")
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
        0 when it compiles, 1 when it is refused, 2 when there is no such file.
    """
    try:
        content = options.file.read_bytes()
        attached = {path.name: path.read_bytes() for path in _tables(options)}
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        form = compile_form(content, options.file.name, attachments=attached)
    except FormRefused as refused:
        said = {"ok": False, "file": options.file.name, "refused": _refusal(refused.plain())}
        print(json.dumps(said, ensure_ascii=False) if options.json else _line(refused.plain()))
        return 1
    if options.country:
        form = topics.without(form, packs.forbidden_questions(options.country.upper()))
    if options.json:
        said = {"ok": True, "file": options.file.name, "form": form}
        print(json.dumps(said, ensure_ascii=False))
        return 0
    _print(form)
    return 0


def _tables(options: argparse.Namespace) -> list[Path]:
    return [*sorted(options.file.parent.glob("*.csv")), *options.attached]


def _refusal(plain: dict[str, Any]) -> dict[str, Any]:
    return {**plain, "reason": _reason(plain)}


def _reason(plain: dict[str, Any]) -> str:
    return said_in("en")[plain["code"]].format(detail=plain["detail"])


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
