"""
XLSX sheets read row by row, in memory that does not grow with the rows.

A sheet's XML is cut at the ends of its rows, ``xlsx_rows`` makes cells of each, ``xlsx_texts`` has
the texts they share. See docs/adr/0005-reading-spreadsheets.md.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import IO
from xml.etree import ElementTree as ET

from chalicelib.intake.cells import Row, Source, UnreadableFile
from chalicelib.intake.sniff import Encoding
from chalicelib.intake.xlsx_rows import ROW_NUMBER, XmlRows
from chalicelib.intake.xlsx_texts import CHUNK, LONGEST_ROW, SharedTexts

_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(50, 59)})
_TIME_ONLY = frozenset({18, 19, 20, 21, 45, 46, 47})
_FORMAT_TEXT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"


class XlsxTable:
    """A sheet of an XLSX workbook; see ``formats.Table``."""

    kind = "xlsx"
    encoding: Encoding | None = None
    delimiter: str | None = None
    quote: str | None = None

    def __init__(self, file: IO[bytes], sheet: str | None) -> None:
        try:
            self._archive = zipfile.ZipFile(file)
            book = _Workbook(self._archive)
        except (zipfile.BadZipFile, KeyError, ET.ParseError) as error:
            raise UnreadableFile(reason="damaged") from error
        if not book.parts:
            raise UnreadableFile(reason="empty")
        if sheet is not None and sheet not in book.parts:
            raise UnreadableFile(reason="no_such_sheet")
        self._book = book
        self._name = sheet or max(book.visible or book.parts, key=lambda name: book.sizes[name])
        self._strings: SharedTexts | None = None
        self.sheet: str | None = self._name
        self.sheets: tuple[str, ...] = tuple(book.parts)

    def sizes(self) -> dict[str, int]:
        """Give each visible sheet's share of content, in bytes of XML."""
        return {name: self._book.sizes[name] for name in self._book.visible}

    def rows(self, *, start: int = 0) -> Iterator[tuple[int, Row]]:
        if self._strings is None:
            self._strings = SharedTexts(self._archive)
        convert = XmlRows(self._book.date_styles, self._book.epoch, self._strings)
        expected = 1
        try:
            for text in _row_texts(self._archive, self._book.parts[self._name]):
                found = ROW_NUMBER.match(text)
                number = int(found[1]) if found else expected
                while expected < number:  # rows left out of the file are blank ones
                    if expected > start:
                        yield expected, []
                    expected += 1
                expected = number + 1
                if number > start:
                    yield number, convert.row(text)
        except (zipfile.BadZipFile, ET.ParseError, EOFError, OSError) as error:
            raise UnreadableFile(reason="damaged") from error


def open_xlsx(source: Source, sheet: str | None) -> XlsxTable:
    """Open an XLSX from any source."""
    from chalicelib.intake.formats import open_binary

    return XlsxTable(open_binary(source), sheet)


class _Workbook:
    """Names, parts and sizes of the sheets; which cell styles are dates; the day zero."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        names = {name.lower(): name for name in archive.namelist()}
        main = names.get("xl/workbook.xml", "xl/workbook.xml")
        tree = _parse(archive, main)
        targets = self._targets(archive, names)
        self.parts: dict[str, str] = {}
        self.visible: list[str] = []
        self.sizes: dict[str, int] = {}
        for element in _find(tree, "sheets/sheet"):
            relation = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            part = names.get(targets.get(relation, "").lower())
            if part is None or "worksheet" not in part.lower():
                continue
            name = element.get("name", part)
            self.parts[name] = part
            self.sizes[name] = archive.getinfo(part).file_size
            if element.get("state", "visible") == "visible":
                self.visible.append(name)
        properties = next(iter(_find(tree, "workbookPr")), None)
        in_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.epoch = date(1904, 1, 1) if in_1904 else date(1899, 12, 30)
        styles = names.get("xl/styles.xml")
        self.date_styles = _date_styles(_parse(archive, styles)) if styles else {}

    @staticmethod
    def _targets(archive: zipfile.ZipFile, names: dict[str, str]) -> dict[str, str]:
        relations = names.get("xl/_rels/workbook.xml.rels")
        if relations is None:
            return {}
        found = {}
        for element in _parse(archive, relations):
            target = element.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            found[element.get("Id", "")] = posixpath.normpath(path)
        return found


def _parse(archive: zipfile.ZipFile, name: str) -> ET.Element:
    """Parse a small part; document types, and with them entity bombs, are refused."""
    data = archive.read(name)
    if b"<!DOCTYPE" in data[:4096]:
        raise UnreadableFile(reason="damaged")
    return ET.fromstring(data)  # noqa: S314 - no document type, so no entities to expand


def _find(tree: ET.Element, path: str) -> list[ET.Element]:
    steps = path.split("/")
    for space in (_MAIN, _STRICT, ""):
        found = tree.findall("/".join(space + step for step in steps))
        if found:
            return found
    return []


def _date_styles(tree: ET.Element) -> dict[str, str]:
    """
    Say which cell styles show a date or a time.

    Returns:
        Style index, as the sheet writes it -> ``date`` or ``time``.
    """
    custom = {
        int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in _find(tree, "numFmts/numFmt")
    }
    found = {}
    for index, style in enumerate(_find(tree, "cellXfs/xf")):
        number = int(style.get("numFmtId", "0"))
        if number in _TIME_ONLY:
            found[str(index)] = "time"
        elif number in _DATE_FORMATS:
            found[str(index)] = "date"
        elif number in custom:
            kind = _format_kind(custom[number])
            if kind:
                found[str(index)] = kind
    return found


def _format_kind(code: str) -> str | None:
    """
    Tell a date's number format from others.

    >>> _format_kind("dd/mm/yyyy"), _format_kind('"$"#,##0.00'), _format_kind("[h]:mm")
    ('date', None, None)
    """
    if re.match(r"\[[hms]+\]", code, re.IGNORECASE):
        return None  # a duration
    plain = _FORMAT_TEXT.sub("", code.split(";", maxsplit=1)[0]).lower()
    if "general" in plain or "0" in plain or "#" in plain:
        return None
    if "y" in plain or "d" in plain or "mmm" in plain:
        return "date"
    return "time" if "h" in plain or "s" in plain else None


def _row_texts(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    """Cut a sheet's XML into its rows; what the prefixes of elements are does not matter."""
    end: bytes | None = None
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            rest += chunk
            if end is None:
                found = re.search(rb"<(\w+:)?sheetData\b", rest)
                if found is None:
                    if len(rest) > LONGEST_ROW:
                        raise UnreadableFile(reason="damaged")
                    continue
                end = b"</" + (found[1] or b"") + b"row>"
                rest = rest[found.start() :]
            *whole, rest = rest.split(end)
            for piece in whole:
                yield from _opened(piece, end)
            if len(rest) > LONGEST_ROW:
                raise UnreadableFile(reason="damaged")


def _opened(piece: bytes, end: bytes) -> Iterator[str]:
    """Give the row that ends a piece; rows written as empty elements before it hold nothing."""
    prefix = end[2:-4].decode()
    text = piece.decode("utf-8", "replace")
    start = text.rfind(f"<{prefix}row ")
    start = max(start, text.rfind(f"<{prefix}row>"))
    if start < 0:
        return
    row = text[start:]
    if prefix:
        row = row.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</")
    yield row


__all__ = ["XlsxTable", "open_xlsx"]
