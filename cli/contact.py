"""``./recobro contact CASES.csv``: decide every row of a file of contact cases."""

import argparse
from pathlib import Path

from chalicelib.compliance import cases
from chalicelib.compliance.decision import decide
from cli.records import Record, compare, csv_rows


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="CASES.csv")


def run(options: argparse.Namespace) -> int:
    return compare(csv_rows(options.file), differences, options)


def differences(record: Record) -> list[str]:
    """
    Decide one row and compare the answer and its reason with what the row expects.

    Raises:
        ValueError: The row cannot be read.
    """
    case = cases.read(record)
    answer = decide(case.question)
    same = (answer.allowed, answer.reason_code) == (case.expected_allowed, case.expected_reason)
    if same:
        return []
    expected = "allow" if case.expected_allowed else "deny"
    found = "allow" if answer.allowed else "deny"
    return [f"{expected} {case.expected_reason} expected, {found} {answer.reason_code} decided"]
