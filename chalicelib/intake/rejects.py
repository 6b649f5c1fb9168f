"""Rejected rows written back as a file like the one uploaded, each with its reasons."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Any

from chalicelib.intake.cells import Cell, as_text
from chalicelib.intake.rows import Reason, Rejected
from chalicelib.intake.sniff import Encoding
from chalicelib.intake.texts import field_name, text

MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_IN_MEMORY = 8 << 20


def reason_text(reason: Reason, language: str) -> str:
    """
    Say why, in the user's language.

    >>> reason_text(Reason(field="balance", code="money.missing", details={}), "en")
    'Balance: the amount is missing'
    """
    return text(
        f"intake.reason.{reason.code}",
        language,
        field=field_name(reason.field, language),
        **reason.details,
    )


def rejects_kind(inspection: dict[str, Any]) -> str:
    """Say what the file of rejects will be: ``csv`` for text files, else ``xlsx``."""
    return "csv" if inspection["kind"] == "csv" else "xlsx"


def rejects_header(inspection: dict[str, Any], language: str) -> list[str]:
    """Give the header of the file of rejects: the file's own names and our two."""
    names = [column["header"] for column in inspection["columns"]]
    return [
        *names,
        text("intake.rejects.row", language),
        text("intake.rejects.reasons", language),
    ]


def rejects_row(row: Rejected, width: int, language: str) -> list[Cell]:
    """
    Give a row of the file of rejects.

    Args:
        width: Number of the file's own columns; the cells are cut or filled to it.
    """
    cells = list(row.cells[:width])
    cells.extend([""] * (width - len(cells)))
    reasons = "; ".join(reason_text(reason, language) for reason in row.reasons)
    return [*cells, row.row_number, reasons]


class RejectsFile:
    """
    Collects rejected rows and writes them as the uploaded file was: a text file with its
    delimiter, quote and encoding, a workbook for any workbook. Ready to be put right and
    uploaded again: our two columns are none that the mapping takes.

    Memory does not grow with the rows: past some megabytes they wait in a temporary file.
    """

    def __init__(self, inspection: dict[str, Any], *, language: str) -> None:
        import tempfile

        self.kind = rejects_kind(inspection)
        self.rows = 0
        self._language = language
        self._width = len(inspection["columns"])
        self._book: Any = None
        # A file that both writers can fill and that disappears by itself.
        self._held: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        if self.kind == "csv":
            encoding = Encoding(inspection["encoding"], bom=inspection["bom"])
            self._text = io.TextIOWrapper(
                self._held, encoding=encoding.codec, errors="replace", newline=""
            )
            if encoding.bom and encoding.name.startswith("utf-16"):
                self._text.write("\ufeff")
            self._writer = csv.writer(
                self._text,
                delimiter=inspection["delimiter"],
                quotechar=inspection["quote"] or '"',
                lineterminator="\r\n",
            )
        else:
            self._open_book(inspection)
        self._put(rejects_header(inspection, language))

    def _open_book(self, inspection: dict[str, Any]) -> None:
        import xlsxwriter

        self._book = xlsxwriter.Workbook(self._held, {"constant_memory": True})
        name = (inspection["sheet"] or text("intake.template.sheet", self._language))[:31]
        self._sheet = self._book.add_worksheet(name)

    def _put(self, cells: Sequence[Cell]) -> None:
        if self.kind == "csv":
            self._writer.writerow([c if isinstance(c, str) else as_text(c) for c in cells])
            return
        at = self.rows
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                if cell:
                    self._sheet.write_string(at, column, cell[:32_767])
            else:
                self._sheet.write_number(at, column, cell)

    def add(self, row: Rejected) -> None:
        """Take one more rejected row."""
        self.rows += 1
        self._put(rejects_row(row, self._width, self._language))

    def add_all(self, rows: Iterable[Rejected]) -> None:
        for row in rows:
            self.add(row)

    def write(self, target: IO[bytes]) -> None:
        """Write the whole file; once, at the end."""
        import shutil

        if self._book is not None:
            self._book.close()
        else:
            self._text.flush()
            self._text.detach()
        self._held.seek(0)
        shutil.copyfileobj(self._held, target, 1 << 20)
        self._held.close()

    def to_bytes(self) -> bytes:
        """Give the whole file, for small ones; once, at the end."""
        out = io.BytesIO()
        self.write(out)
        return out.getvalue()
