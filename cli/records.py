"""Files of recorded cases: read line by line, try each, print what differs and the score."""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class BadFile(Exception):
    """The file cannot be read; the message names the line and the reason."""


def json_lines(path: Path) -> Iterator[Record]:
    """
    Read one JSON object a line; blank lines are skipped.

    Raises:
        BadFile: It cannot be opened, or a line is no JSON object.
    """
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadFile(f"{path}, line {number}: {error}") from error
        if not isinstance(record, dict):
            raise BadFile(f"{path}, line {number}: not a JSON object")
        yield record


def csv_rows(path: Path) -> Iterator[Record]:
    """
    Read a CSV file with a header.

    Raises:
        BadFile: It cannot be opened.
    """
    yield from csv.DictReader(_lines(path))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: {error}") from error


def name_of(record: Record, number: int) -> str:
    return str(record.get("id") or record.get("case_id") or f"row {number}")


def compare(
    records: Iterable[Record],
    differences: Callable[[Record], list[str]],
    options: argparse.Namespace,
) -> int:
    """
    Try every record, print the ones that differ and ``N of M agree``.

    Returns:
        0 when all agree and there was something to try, 1 otherwise.
    """
    differing: dict[str, list[str]] = {}
    tried = 0
    try:
        for tried, record in enumerate(records, start=1):
            try:
                found = differences(record)
            except ValueError as error:
                found = [f"cannot be tried: {error}"]
            if found:
                differing[name_of(record, tried)] = found
    except BadFile as error:
        print(error, file=sys.stderr)
        return 2
    agree = tried - len(differing)
    if options.json:
        print(json.dumps({"agree": agree, "of": tried, "differ": differing}, ensure_ascii=False))
    else:
        for name, lines in differing.items():
            for line in lines:
                print(f"{name}: {line}")
        print(f"{agree} of {tried} agree")
    return 0 if tried and not differing else 1
