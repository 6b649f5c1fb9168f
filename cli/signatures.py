"""``./recobro signatures VECTORS.jsonl``: check recorded webhook signatures."""

import argparse
from pathlib import Path

from chalicelib.webhooks import vectors
from cli.records import Record, compare, json_lines


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="VECTORS.jsonl")


def run(options: argparse.Namespace) -> int:
    return compare(json_lines(options.file), differences, options)


def differences(record: Record) -> list[str]:
    """
    Check one signature and compare the verdict with what the vector expects.

    Raises:
        ValueError: The vector cannot be judged.
    """
    verdict = vectors.judge(record)
    if verdict.valid == vectors.expects_valid(record):
        return []
    return [f"{record['expected']!r} expected, {verdict.reason} found"]
