"""
What a training leaves behind and the product reads: one small JSON document, versioned.

It names nobody. The histories that come with it are kept under a digest of the customer's name,
so that a file of later invoices alone can still be judged.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from chalicelib.prediction.habit import Figures
from chalicelib.prediction.history import Invoice

FORMAT = "recobro-habit-2"
# The first version knew nobody who pays at any time: those get the cautious usual share of them.
READABLE = ("recobro-habit-1", FORMAT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """
    Args:
        until: It learned from what was known before this day.
        learned_from: How many settled invoices, customers; the share that was late.
        histories: Invoices by digest of their customer, as they stood on *until*.
    """

    until: date
    figures: Figures
    learned_from: dict[str, float]
    histories: dict[str, tuple[Invoice, ...]]


class NotAnArtefact(ValueError):
    """The file is none of ours, or of another version."""


def write(artefact: Artefact, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(artefact), encoding="utf-8")


def text(artefact: Artefact) -> str:
    plain: dict[str, Any] = {
        "format": FORMAT,
        "until": artefact.until.isoformat(),
        "learned_from": artefact.learned_from,
        "figures": asdict(artefact.figures),
        "histories": {
            customer: [
                [
                    one.issued_on.isoformat(),
                    one.due_on.isoformat(),
                    one.settled_on.isoformat() if one.settled_on else None,
                    one.amount_minor,
                    one.paperless,
                ]
                for one in invoices
            ]
            for customer, invoices in artefact.histories.items()
        },
    }
    return json.dumps(plain)


def read(path: Path) -> Artefact:
    """
    Read what ``write`` wrote.

    Raises:
        NotAnArtefact: It is something else, or of another version.
        OSError: It cannot be read.
    """
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (NotAnArtefact, UnicodeDecodeError) as error:
        raise NotAnArtefact(path.name) from error


def parse(text: str) -> Artefact:
    """
    Read what ``text`` wrote.

    Raises:
        NotAnArtefact: It is something else, or of another version.
    """
    try:
        plain = json.loads(text)
        if plain["format"] not in READABLE:
            raise NotAnArtefact(plain["format"])
        figures = plain["figures"]
        return Artefact(
            until=date.fromisoformat(plain["until"]),
            learned_from=plain["learned_from"],
            figures=Figures(
                **{
                    **figures,
                    "usual_days": tuple(figures["usual_days"]),
                    "setback_shares": tuple(figures["setback_shares"]),
                    "weights": tuple(tuple(row) for row in figures["weights"]),
                }
            ),
            histories={
                customer: tuple(_invoice(customer, row) for row in rows)
                for customer, rows in plain["histories"].items()
            },
        )
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise NotAnArtefact(type(error).__name__) from error


def digest(customer: str) -> str:
    """Name a customer without naming them."""
    return hashlib.sha256(customer.encode()).hexdigest()[:24]


def _invoice(customer: str, row: list[Any]) -> Invoice:
    issued, due, settled, amount, paperless = row
    return Invoice(
        customer=customer,
        issued_on=date.fromisoformat(issued),
        due_on=date.fromisoformat(due),
        settled_on=date.fromisoformat(settled) if settled else None,
        amount_minor=amount,
        paperless=paperless,
    )
