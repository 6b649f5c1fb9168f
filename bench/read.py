"""
What reading an upload costs: parse, map, validate, normalise; a row of 15 columns.

The floor is ``csv.reader`` alone over the same file in the same run. Processor time is
measured, each figure in a process of its own. Peak memory is that of a whole reading: one
walk to inspect the file, one to read every row.
"""

import csv
import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from bench.report import Figure, Report

ROWS = 100_000
ROUNDS = 3
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


def write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        writer.writerows(rows(count))


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


# Each runs in a fresh process and prints seconds of CPU, rows and peak KB.
_PRELUDE = """
import csv, json, resource, sys, time
from chalicelib.intake import RowReader, inspect, open_rows
from chalicelib.intake.formats import open_table
path = sys.argv[1]
place = dict(country="MX", currency="MXN")
source = open(path, "rb")
def read_all(found):
    reader = RowReader(found["suggested"], found, mode="debts", **place)
    return sum(1 for row in open_rows(source, found, found["suggested"])
               if hasattr(reader.read(*row), "amount_minor"))
"""
# ru_maxrss of a child starts at its parent's; Linux tells the process's own peak elsewhere.
_EPILOGUE = """
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if sys.platform == "linux":
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps([time.process_time() - before, count, peak]))
"""
SCRIPTS = {
    "floor": """
before = time.process_time()
with open(path, encoding="utf-8", newline="") as text:
    count = sum(1 for row in csv.reader(text))
""",
    "parse": """
table = open_table(source)
before = time.process_time()
count = sum(1 for row in table.rows())
""",
    "inspect": """
before = time.process_time()
count = inspect(source, mode="debts", **place)["rows"]
""",
    "read": """
found = inspect(source, mode="debts", **place)
before = time.process_time()
count = read_all(found)
""",
    "whole": """
before = time.process_time()
count = read_all(inspect(source, mode="debts", **place))
""",
}


def measure(script: str, path: Path) -> tuple[float, float]:
    """Return rows a second of CPU and peak MB."""
    code = _PRELUDE + SCRIPTS[script] + _EPILOGUE
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    seconds, count, peak_kb = json.loads(ran.stdout)
    return count / seconds, peak_kb / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def median(measured: Callable[[], tuple[float, float]]) -> float:
    return statistics.median(measured()[0] for _ in range(ROUNDS))


def main() -> None:
    report = Report("read")
    with tempfile.TemporaryDirectory() as folder:
        text, book = Path(folder, "debts.csv"), Path(folder, "debts.xlsx")
        write_csv(text, ROWS)
        write_xlsx(book, ROWS)
        floor = median(lambda: measure("floor", text))
        for metric, script, path, target in (
            ("CSV: parse", "parse", text, None),
            ("CSV: inspect (encoding, layout, evidence)", "inspect", text, None),
            # 25,000 and 15,000 rows/s where csv.reader alone does 338,000
            ("CSV: read, map, validate, normalise", "read", text, 0.074),
            ("XLSX: parse", "parse", book, None),
            ("XLSX: read, map, validate, normalise", "read", book, 0.044),
        ):
            value = median(lambda script=script, path=path: measure(script, path))
            report.add(
                Figure(
                    metric=metric,
                    value=round(value),
                    unit="rows/s of CPU",
                    floor=round(floor),
                    floor_is="csv.reader alone on the CSV",
                    target=target,
                    at_least=True,
                )
            )
        peaks = {}
        for count in (10_000, 100_000, 1_000_000):
            write_csv(text, count)
            peaks[count] = measure("whole", text)[1]
        for count, peak in peaks.items():
            report.add(
                Figure(
                    metric=f"CSV: peak memory at {count:,} rows",
                    value=round(peak, 1),
                    unit="MB",
                    floor=round(peaks[100_000], 1),
                    floor_is="the peak at 100,000 rows",
                    target=1.1 if count == 1_000_000 else None,
                )
            )
        report.add(
            Figure(
                metric=f"XLSX: peak memory at {ROWS:,} rows",
                value=round(measure("whole", book)[1], 1),
                unit="MB",
                floor=round(peaks[100_000], 1),
                floor_is="the CSV's at 100,000 rows",
            )
        )
    report.print()


if __name__ == "__main__":
    main()
