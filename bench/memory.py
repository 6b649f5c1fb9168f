"""
What reading an upload keeps in memory: the peak of a fresh process for files of several sizes.

Each process does with one file what an upload does with it, but for the writing: inspect it, read
it again, sort its rows, cut them into chunks, read each chunk as a worker does. The same debts come
as CSV, as a workbook whose cells hold their texts (what programs write that stream), and as one
whose cells share them (what Excel writes). Memory must not grow with rows: the largest is held
against the one before it. Sizes are set by ``RECOBRO_BENCH_MEMORY`` (CSV) and
``RECOBRO_BENCH_MEMORY_XLSX``.
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bench.report import Figure, Report
from bench.upload import inspected, make_file, sorted_pieces
from chalicelib.services import upload_chunks
from chalicelib.services.upload_sort import decode_chunk, encode_chunk

CSV_ROWS = os.environ.get("RECOBRO_BENCH_MEMORY", "10000,100000,1000000")
XLSX_ROWS = os.environ.get("RECOBRO_BENCH_MEMORY_XLSX", "10000,100000,300000")
# Below this the sort's cache and the shared texts are not full yet: memory grows until they are.
FULL = 100_000
TARGET = 1.1
DATES = (13, 14)  # columns of the generator's file
AMOUNTS = (9, 10, 15, 16, 17, 18)


def main() -> None:
    report = Report("memory")
    report.add(
        Figure(metric="peak of a process that reads nothing", value=_peak_of("--idle"), unit="MB")
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind, sizes in (("csv", CSV_ROWS), ("inline", XLSX_ROWS), ("shared", XLSX_ROWS)):
            before: float | None = None
            for rows in sorted(int(size) for size in sizes.split(",")):
                path = Path(folder, f"{kind}-{rows}.{'csv' if kind == 'csv' else 'xlsx'}")
                # A workbook with shared texts is held whole by who writes it: in another process.
                _run("--write", kind, str(rows), str(path))
                peak = _peak_of("--peak", str(path))
                floor = before if rows > FULL else None
                report.add(
                    Figure(
                        metric=f"{NAMES[kind]}, {rows:,} rows: peak",
                        value=peak,
                        unit="MB",
                        floor=floor,
                        floor_is="the peak with the size before" if floor else "",
                        target=TARGET if floor else None,
                        exact=floor is not None,
                    )
                )
                size_mb = path.stat().st_size / 1e6
                print(f"{NAMES[kind]}, {rows:,} rows, {size_mb:.0f} MB: {peak} MB", file=sys.stderr)
                path.unlink()
                before = peak
    report.print()


def _run(*arguments: str) -> str:
    command = [sys.executable, "-m", "bench.memory", *arguments]
    return subprocess.check_output(command, text=True)


def _peak_of(*arguments: str) -> float:
    return round(float(_run(*arguments)), 1)


# In a process of its own


def write_inline(path: Path, rows: int) -> None:
    _write_book(path, rows, constant_memory=True)


def write_shared(path: Path, rows: int) -> None:
    _write_book(path, rows, constant_memory=False)


def _write_book(path: Path, rows: int, *, constant_memory: bool) -> None:
    """Write the generator's file as a workbook, its dates and amounts as what they are."""
    import xlsxwriter

    plain = path.with_suffix(".csv")
    make_file(plain, rows)
    options = {"constant_memory": constant_memory, "tmpdir": str(path.parent)}
    with (
        plain.open(encoding="utf-8", newline="") as file,
        xlsxwriter.Workbook(path, options) as book,
    ):
        sheet = book.add_worksheet("Cartera")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        lines = csv.reader(file)
        sheet.write_row(0, 0, next(lines))
        for number, line in enumerate(lines, 1):
            for column, text in enumerate(line):
                if column in DATES:
                    sheet.write_datetime(number, column, datetime.strptime(text, "%d/%m/%Y"), day)  # noqa: DTZ007 - a day
                elif column in AMOUNTS:
                    sheet.write_number(number, column, float(text))
                else:
                    sheet.write_string(number, column, text)
    plain.unlink()


NAMES = {"csv": "CSV", "inline": "XLSX, texts in cells", "shared": "XLSX, texts shared"}
WRITERS: dict[str, Callable[[Path, int], None]] = {
    "csv": make_file,
    "inline": write_inline,
    "shared": write_shared,
}


def read_all(path: Path) -> None:
    """Do with a file what an upload does with it, until nothing but the writing is left."""
    upload, portfolio = inspected(path)
    read = upload_chunks.reader(upload, portfolio)
    for piece in sorted_pieces(path, upload):
        for row in decode_chunk(encode_chunk(piece)):
            read.read(row.number, row.cells)


def peak_mb() -> float:
    """The peak of this very program: ``ru_maxrss`` also remembers the process it came from."""
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--write", kind, rows, path]:
            WRITERS[kind](Path(path), int(rows))
        case ["--peak", path]:
            read_all(Path(path))
            print(peak_mb())
        case ["--idle"]:
            print(peak_mb())
        case _:
            main()
