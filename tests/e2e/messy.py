"""The file of the first morning: as a creditor sends it, with columns that need a person."""

import csv
import io
from dataclasses import dataclass, replace
from datetime import date

from local.generator import portfolio
from local.generator.lines import Line

HEADER = (
    "Clave", "Nombre completo", "RFC", "Tel. celular", "Correo", "Domicilio", "Alcaldía", "CP",
    "Papeleta", "Vence", "Adeudo al corte",
)  # fmt: skip
# What no reader can know by the name: the supervisor says it.
TOLD = {"Clave": "debtor_id", "Papeleta": "debt_id", "Adeudo al corte": "balance"}
GOOD = 36


@dataclass(frozen=True)
class MessyFile:
    """
    Args:
        lines: What must arrive, one debt each.
        bad: How many further rows must come back as rejects.
    """

    content: bytes
    lines: tuple[Line, ...]
    bad: int

    @property
    def rows(self) -> int:
        return len(self.lines) + self.bad

    @property
    def amount_minor(self) -> int:
        return sum(line.total_minor for line in self.lines)


def messy_file(today: date) -> MessyFile:
    """Semicolons, Windows' encoding, titles, a totals row, ``dd/mm/yy``, three wrong rows."""
    whole = [line for line in portfolio.pesos(today, 7).lines if line.instalment is None]
    good = whole[:GOOD]
    wrong = [_cells(replace(line, folio=f"MAL-{at}")) for at, line in enumerate(whole[:3])]
    wrong[0][9] = "31/02/26"
    wrong[1][9] = "por definir"
    wrong[2][10] = "$ 0.00"
    blank = [""] * len(HEADER)
    text = io.StringIO()
    write = csv.writer(text, delimiter=";", lineterminator="\r\n").writerow
    write(["MUEBLERÍA EL AHUEHUETE, S.A. DE C.V.", *blank[1:]])
    write([f"Relación de adeudos al {today:%d/%m/%Y}", *blank[1:]])
    write(blank)
    write(HEADER)
    for row in [*(_cells(line) for line in good), *wrong]:
        write(row)
    total = sum(line.total_minor for line in good)
    write(["Total", *blank[2:], _money(total)])
    return MessyFile(text.getvalue().encode("cp1252"), tuple(good), len(wrong))


def _cells(line: Line) -> list[str]:
    debtor, street = line.debtor, line.debtor.door.street
    return [
        debtor.key, debtor.name, debtor.tax_id, debtor.phones[0], debtor.email, debtor.door.lines,
        street.city, street.postal_code, line.folio, f"{line.due_on:%d/%m/%y}",
        _money(line.total_minor),
    ]  # fmt: skip


def _money(minor: int) -> str:
    return f"$ {minor // 100:,}.{minor % 100:02d}"
