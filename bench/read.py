"""
What reading an upload costs: parse, map, validate, normalise; a row of 15 columns.

The floor is ``csv.reader`` alone over the same rows, in turns with what is measured, in one
process and in processor time. What a reading keeps in memory is measured by ``bench.memory``.
"""

import csv
import gc
import io
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.report import Figure, Report, cpu, csv_floor, paired
from chalicelib.intake.formats import open_table
from chalicelib.intake.inspection import inspect, open_rows
from chalicelib.intake.reader import RowReader
from chalicelib.intake.rows import DebtRow

ROWS = int(os.environ.get("RECOBRO_BENCH_ROWS", "50000"))
PLACE = {"country": "MX", "currency": "MXN"}
HEADER = [
    "No. Cliente", "Nombre del cliente", "RFC", "Teléfono", "Correo electrónico", "Dirección",
    "Ciudad", "Código postal", "Factura", "Producto", "Fecha de emisión", "Fecha de vencimiento",
    "Saldo", "Intereses", "Nota",
]  # fmt: skip
_FIRST = [
    "Ana", "José", "María", "Luis", "Rosa", "Juan", "Elena", "Iván", "Sofía", "Raúl", "Inés",
    "Hugo", "Julia", "Óscar", "Nadia",
]  # fmt: skip
_LAST = [
    "Vega", "Cruz", "Ruiz", "Peña", "Luna", "Ríos", "Soto", "Mora", "Lara", "Gil", "Núñez",
    "Díaz", "Rey", "Paz", "Coss",
]  # fmt: skip
_CITIES = ["Puebla", "Toluca", "León", "Mérida", "Saltillo", "Xalapa"]


def rows(count: int) -> Iterator[list[str]]:
    """Invent debts: one debtor in three has two debts; every phone and tax id is well formed."""
    chance = random.Random(11)  # noqa: S311 - invented people, not secrets
    first_day = date(2024, 1, 1)
    for n in range(count):
        debtor = n * 2 // 3
        issued = first_day + timedelta(days=n % 500)
        born = date(1960, 1, 1) + timedelta(days=debtor % 14_000)
        letters = "".join(chance.choice("ABCDEFGHJKLMNPRSTVXYZ") for _ in range(3))
        yield [
            f"C-{debtor:07d}",
            f"{_FIRST[n % 15]} {_LAST[n // 15 % 15]} {_LAST[n // 225 % 15]}",
            f"{letters[0]}E{letters[1:]}{born:%y%m%d}{n % 9}A1",
            f"55 {1000 + debtor // 10_000 % 9000} {debtor % 10_000:04d}",
            f"cliente{debtor}@example.com",
            f"Calle {n % 900} No. {n % 77}",
            _CITIES[n % 6],
            f"{6000 + n % 9000:05d}",
            f"F-{n:08d}",
            "Crédito personal",
            f"{issued:%d/%m/%Y}",
            f"{issued + timedelta(days=30 + n % 90):%d/%m/%Y}",
            f"{chance.randrange(10_000, 9_000_000) / 100:,.2f}",
            f"{n % 500}.50",
            "" if n % 5 else f"nota {n}",
        ]


def write_xlsx(path: Path, count: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Cartera")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(rows(count), 1):
            for column, value in enumerate(row):
                if column in (10, 11):
                    of = date(int(value[6:]), int(value[3:5]), int(value[:2]))
                    sheet.write_datetime(number, column, of, day)
                elif column in (12, 13):
                    sheet.write_number(number, column, float(value.replace(",", "")))
                elif value:
                    sheet.write_string(number, column, value)


def csv_text(count: int) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows(count))
    return out.getvalue()


def measured(path: Path, text: str) -> Iterator[tuple[str, Callable[[], list[float]]]]:
    """Give each stage of reading a file, as a round of it: rows a second of floor and stage."""
    with path.open("rb") as source:
        found: dict[str, Any] = inspect(source, mode="debts", **PLACE)

        def parse() -> None:
            assert sum(1 for _ in open_table(source).rows()) == ROWS + 1

        def look() -> None:
            assert inspect(source, mode="debts", **PLACE)["rows"] == ROWS

        def read() -> None:
            reader = RowReader(found["suggested"], found, mode="debts", **PLACE)
            walk = open_rows(source, found, found["suggested"])
            good = sum(isinstance(reader.read(*row), DebtRow) for row in walk)
            assert good > 0.95 * ROWS  # the others have more interest than debt

        for stage, work in (
            ("parse", parse),
            ("inspect (layout, evidence)", look),
            ("read, map, validate, normalise", read),
        ):
            yield stage, lambda work=work: [csv_floor(text), ROWS / cpu(work)]


def main() -> None:
    report = Report("read")
    text = csv_text(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        plain, book = Path(folder, "debts.csv"), Path(folder, "debts.xlsx")
        plain.write_text(text, encoding="utf-8")
        write_xlsx(book, ROWS)
        gc.freeze()
        # 25,000 and 15,000 rows/s where csv.reader alone does 338,000
        for kind, path, target in (("CSV", plain, 0.074), ("XLSX", book, 0.044)):
            for stage, one_round in measured(path, text):
                floor, value = paired(one_round)
                report.add(
                    Figure(
                        metric=f"{kind}: {stage}",
                        value=round(value),
                        unit="rows/s of CPU",
                        floor=round(floor),
                        floor_is="csv.reader alone on the CSV",
                        target=target if stage.startswith("read") else None,
                        at_least=True,
                    )
                )
    report.print()


if __name__ == "__main__":
    main()
