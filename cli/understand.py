"""``./recobro understand TEXT``: what a debtor's message means."""

import argparse
import json
from datetime import UTC, date, datetime

from chalicelib.conversation.understanding import understand
from chalicelib.conversation.words import Language


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", help="the message, in quotes")
    parser.add_argument("--lang", choices=[str(one) for one in Language], default="es")
    parser.add_argument(
        "--today", type=date.fromisoformat, help="the debtor's day, yyyy-mm-dd; today by default"
    )


def run(options: argparse.Namespace) -> int:
    today = options.today or datetime.now(UTC).date()
    reading = understand(options.text, Language(options.lang), today)
    answer = {
        "intent": str(reading.intent),
        "amount": None if reading.amount is None else f"{reading.amount:f}",
        "share": None if reading.share is None else f"{reading.share:f}",
        "date": None if reading.on is None else reading.on.isoformat(),
    }
    if options.json:
        print(json.dumps(answer))
    else:
        for name, value in answer.items():
            print(f"{name}: {value or '-'}")
    return 0
