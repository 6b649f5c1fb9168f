"""
The files of the first morning: a town's payments ledger, as it is, taken as debts.

The file is real (moralzarzal_pagos_2015.csv of the shared data). Its only date column reads as
the day of issue, and nothing says when a debt falls due: until a person says so, no row can be
used. It has no ids, credit notes among the debts, and rows alike in everything.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from tests.shared import SHARED

PATH = SHARED / "data" / "messy_spanish" / "moralzarzal_pagos_2015.csv"
# What no reader can know: the supervisor says it.
TOLD = {"FECHA DE ANOTACIÓN": "due_on"}
PHONE = "612 34 56 78"


@dataclass(frozen=True)
class Row:
    tax_id: str
    name: str
    concept: str
    day: str  # dd/mm/yyyy
    minor: int
    cells: tuple[str, ...]

    @property
    def debt(self) -> tuple[str, str, str, int]:
        """What tells one debt from another in a file without ids."""
        return _plain(self.tax_id or self.name), _plain(self.concept), self.day, self.minor


@dataclass(frozen=True)
class MessyFile:
    path: Path
    rows: tuple[Row, ...]

    @property
    def content(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def good(self) -> list[Row]:
        """What must arrive: each debt once, and nothing that is not owed."""
        first = {row.debt: row for row in reversed(self.rows) if row.minor > 0}
        return list(first.values())

    @property
    def credits(self) -> list[Row]:
        return [row for row in self.rows if row.minor <= 0]

    @property
    def alike(self) -> int:
        """How many rows repeat an earlier one."""
        return len(self.rows) - len(self.credits) - len(self.good)

    @property
    def amount_minor(self) -> int:
        return sum(row.minor for row in self.good)

    def debtor_of_one_debt(self, more_than_minor: int) -> Row:
        """The debt of a debtor who has only that one, and whose name nobody else has."""
        debts = Counter(row.debt[0] for row in self.rows)
        names = Counter(row.name for row in self.rows)
        return next(
            row
            for row in self.good
            if row.minor > more_than_minor and debts[row.debt[0]] == names[row.name] == 1
        )


def messy_file() -> MessyFile:
    with PATH.open(encoding="utf-8", newline="") as file:
        _, *cells = csv.reader(file)
    return MessyFile(PATH, tuple(_row(tuple(row)) for row in cells))


def phones_of(debt: Row) -> bytes:
    """The creditor's other list: the same debt, with the phone that the ledger does not have."""
    text = io.StringIO()
    write = csv.writer(text, delimiter=";", lineterminator="\r\n").writerow
    write(["NIF", "Nombre", "Teléfono", "Descripción", "Vencimiento", "Importe"])
    day = datetime.strptime(debt.day, "%d/%m/%Y").date().isoformat()  # noqa: DTZ007 - a day
    amount = f"{debt.minor // 100}.{debt.minor % 100:02d}"
    write([debt.tax_id, debt.name, PHONE, debt.concept, day, amount])
    return text.getvalue().encode("cp1252")


def _row(cells: tuple[str, ...]) -> Row:
    _, _, _, _, _, day, tax_id, name, concept, amount = (" ".join(cell.split()) for cell in cells)
    return Row(tax_id, name, concept, day, round(float(amount) * 100), cells)


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.findall(r"[a-z0-9]+", bare))
