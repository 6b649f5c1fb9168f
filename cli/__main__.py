"""
``./recobro COMMAND``: the operator's command line.

One module a command. Each has ``HELP`` (one line), ``arguments(parser)`` and ``run(options)``,
which prints its answer and returns the exit status: 0 only when all is well.
"""

import argparse
import importlib
import sys

# Modules are imported when called for: `./recobro --help` must not load a spreadsheet reader.
COMMANDS = {
    "agreement": "simulate a payment agreement",
    "contact": "decide every row of a file of contact cases",
    "export": "put days of the portfolios into the lake",
    "form": "compile a questionnaire (XLSForm), or say where it cannot be",
    "kpi": "tell a figure of the catalogue from the lake",
    "motion": "try recorded cases of geofences and motion",
    "pings": "decode recorded requests of tracking clients",
    "predict": "learn who pays late, and judge what was learned",
    "plan": "say what the plan would do on a day",
    "read": "say what the reader finds in a file",
    "reconcile": "ask providers what a day brought, post what webhooks missed",
    "route": "plan a routing problem, and how far it is from the best known",
    "signatures": "check the signatures of recorded webhooks",
    "stops": "find the stops of a recorded trail",
    "owners": "count open cases for their owners, where they are not",
    "tasks": "put open tasks into the lists that lack them",
    "understand": "read a debtor's message: intent, amount, date",
    "upload": "upload a file to a portfolio",
    "verify": "prove ledgers, timelines and counters",
    "whatsapp": "say what each recorded WhatsApp update would do",
}


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="recobro", description="Recobro's operator commands.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    wanted = next((word for word in given if word in COMMANDS), None)
    for name, help_ in COMMANDS.items():
        subparser = commands.add_parser(name, help=help_, description=help_.capitalize() + ".")
        subparser.add_argument("--json", action="store_true", help="print JSON, for machines")
        if name == wanted:
            importlib.import_module(f"cli.{name}").arguments(subparser)
    options = parser.parse_args(given)
    status: int = importlib.import_module(f"cli.{options.command}").run(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
