"""Spreadsheets read whole by calamine: XLS, XLSB and ODS, which hold 65,536 rows or are rare."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from chalicelib.intake.cells import Cell, Row, Source, UnreadableFile
from chalicelib.intake.sniff import Encoding


def plain_cell(value: Any) -> Cell:  # noqa: PLR0911 - one return a kind reads best
    """
    Give a spreadsheet's value as one of the three kinds of cell.

    >>> plain_cell(date(2024, 3, 1)), plain_cell(True), plain_cell(2.5), plain_cell(2.0)
    ('2024-03-01', 'TRUE', 2.5, 2)
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, (str, int)):
        return value
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds() / 86_400
    return "" if value is None else str(value)


_BLOCK = 1 << 20
_LOCKED = "EncryptedPackage".encode("utf-16-le")


class BookTable:
    """A sheet of a workbook; see ``formats.Table``."""

    encoding: Encoding | None = None
    delimiter: str | None = None
    quote: str | None = None

    def __init__(self, source: Source, kind: str, sheet: str | None) -> None:
        import python_calamine

        source.seek(0)
        self.kind = kind
        try:
            self._book = python_calamine.CalamineWorkbook.from_filelike(source)
        except Exception as error:  # its own error tree grows; all of them mean: cannot be read
            said = str(error).lower()
            encrypted = "password" in said or "encrypt" in said or _is_locked_package(source)
            raise UnreadableFile(reason="encrypted" if encrypted else "damaged") from error
        self.sheets: tuple[str, ...] = tuple(self._book.sheet_names)
        if not self.sheets:
            raise UnreadableFile(reason="empty")
        if sheet is not None and sheet not in self.sheets:
            raise UnreadableFile(reason="no_such_sheet")
        sizes = self.sizes() if sheet is None else {}
        self._name = sheet or max(sizes or self.sheets, key=lambda name: sizes.get(name, 0))
        self.sheet: str | None = self._name

    def sizes(self) -> dict[str, int]:
        """Give each visible sheet's number of cells."""
        found = {}
        for meta in self._book.sheets_metadata:
            if str(meta.visible).endswith("Visible") and not str(meta.visible).endswith(
                "VeryHidden"
            ):
                sheet = self._book.get_sheet_by_name(meta.name)
                found[meta.name] = int(sheet.height) * int(sheet.width)
        return found

    def rows(self, *, start: int = 0) -> Iterator[tuple[int, Row]]:
        sheet = self._book.get_sheet_by_name(self._name)
        first = sheet.start[0] if sheet.start else 0
        left = sheet.start[1] if sheet.start else 0
        for number in range(start + 1, first + 1):
            yield number, []
        for number, values in enumerate(sheet.iter_rows(), first + 1):
            if number > start:
                row: Row = [""] * left
                row.extend(plain_cell(value) for value in values)
                yield number, row


def _is_locked_package(source: Source) -> bool:
    """Say whether this is an .xlsx under a password: Office wraps it, and names the wrapping."""
    source.seek(0)
    tail = b""
    while piece := source.read(_BLOCK):
        if _LOCKED in tail + piece:
            return True
        tail = piece[-len(_LOCKED) :]
    return False
