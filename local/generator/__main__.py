"""``python -m local.generator --rows 1000000 --seed 7 --country MX > file.csv``."""

import argparse
import sys
from datetime import date

from local.generator import bulk
from local.generator.countries import COUNTRIES


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m local.generator",
        description="Write a debts file of any size as CSV (UTF-8) to the standard output.",
    )
    parser.add_argument("--rows", type=int, required=True, help="data rows below the header")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same file (default 1)")
    parser.add_argument("--country", choices=sorted(COUNTRIES), default="MX")
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=date.today(),  # noqa: DTZ011 - the day on the wall of whoever asks
        help="day that due dates are relative to (yyyy-mm-dd; today by default)",
    )
    parser.add_argument(
        "--bad-every", type=int, default=0, metavar="N", help="one row in N must be rejected"
    )
    asked = parser.parse_args()
    for block in bulk.blocks(
        bulk.Request(asked.rows, asked.seed, asked.country, asked.today, asked.bad_every)
    ):
        sys.stdout.buffer.write(block.encode())


if __name__ == "__main__":
    main()
