"""``./recobro pings PAYLOADS.jsonl``: decode recorded requests and compare with what they mean."""

import argparse
from pathlib import Path

from chalicelib.tracking import recorded
from cli.records import compare, json_lines


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="PAYLOADS.jsonl")


def run(options: argparse.Namespace) -> int:
    return compare(json_lines(options.file), recorded.differences, options)
