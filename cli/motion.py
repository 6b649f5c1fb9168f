"""``./recobro motion CASES.jsonl``: try recorded cases of fences, distances and motion."""

import argparse
from pathlib import Path

from chalicelib.tracking import geo_cases
from cli.records import compare, json_lines


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="CASES.jsonl")


def run(options: argparse.Namespace) -> int:
    return compare(json_lines(options.file), geo_cases.differences, options)
