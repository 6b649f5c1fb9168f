"""
XLSX sheets read row by row, in memory that does not grow with the rows.

A sheet's XML is cut at the ends of its rows, and a row in the form that Excel and the common
libraries write is taken apart by one pattern; any other row goes through a real XML parser.
Shared texts past a limit wait in a temporary file. See docs/adr/0005-reading-spreadsheets.md.
"""

import codecs
import html
import os
import posixpath
import re
import tempfile
import zipfile
from array import array
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import IO, Any
from xml.etree import ElementTree as ET

from chalicelib.intake.cells import Cell, Row, Source, UnreadableFile
from chalicelib.intake.sniff import Encoding

_CHUNK = 1 << 18
_STRINGS_IN_MEMORY = 16 << 20  # bytes; the rest waits on disk
_STRINGS_ON_DISK = 400 << 20
_LONGEST_ROW = 16 << 20
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(50, 59)})
_TIME_ONLY = frozenset({18, 19, 20, 21, 45, 46, 47})
_FORMAT_TEXT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')

_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>'
    r"(?:<f(?:\s[^>]*)?(?:/>|>[^<]*</f>))?(?:<v>([^<]*)</v>|<v\s?/>)?"
    r"(?:<is>(.*?)</is>)?</c>)",
    re.DOTALL,
)
_ROW_NUMBER = re.compile(r'<row\b[^>]*?\br="(\d+)"')
_TEXT = re.compile(
    r"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t>|<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL
)
_ITEM = re.compile(r"<(?:\w+:)?si(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_PLAIN_ITEM = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SHARED = ' t="s"'
_INLINE = '" t="inlineStr"><is><t>'
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
        self._strings: _Strings | None = None
        self.sheet: str | None = self._name
        self.sheets: tuple[str, ...] = tuple(book.parts)

    def sizes(self) -> dict[str, int]:
        """Give each visible sheet's share of content, in bytes of XML."""
        return {name: self._book.sizes[name] for name in self._book.visible}

    def rows(self, *, start: int = 0) -> Iterator[tuple[int, Row]]:
        if self._strings is None:
            self._strings = _Strings(self._archive)
        convert = _Converter(self._book, self._strings)
        expected = 1
        try:
            for text in _row_texts(self._archive, self._book.parts[self._name]):
                found = _ROW_NUMBER.match(text)
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
        while chunk := stream.read(_CHUNK):
            rest += chunk
            if end is None:
                found = re.search(rb"<(\w+:)?sheetData\b", rest)
                if found is None:
                    if len(rest) > _LONGEST_ROW:
                        raise UnreadableFile(reason="damaged")
                    continue
                end = b"</" + (found[1] or b"") + b"row>"
                rest = rest[found.start() :]
            *whole, rest = rest.split(end)
            for piece in whole:
                yield from _opened(piece, end)
            if len(rest) > _LONGEST_ROW:
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


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """
    Count columns from 0.

    >>> _column("A"), _column("Z"), _column("AA")
    (0, 25, 26)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Converter:
    """Makes cells of a row's XML."""

    def __init__(self, book: _Workbook, strings: "_Strings") -> None:
        self._styles = book.date_styles
        self._epoch = book.epoch
        self._strings = strings
        self._days: dict[tuple[str, str], Cell] = {}
        self._columns: dict[str, int] = {}
        self._attributes = {"": ("", "")} | {f' s="{n}"': (str(n), "") for n in range(2_000)}

    def row(self, text: str) -> Row:
        """Take a row apart: by its plainest form, by the pattern, or by a real parser."""
        found = _ROW_NUMBER.match(text)
        if found is None:
            return self._parsed_row(text)
        digits = len(found[1])
        cells: Row = []
        near, nearest = self._strings.near, len(self._strings.near)
        days = self._styles
        for piece in text.split('<c r="')[1:]:
            head, plain, tail = piece.partition("><v>")
            reference, _, attributes = head.partition('"')
            index = self._columns.get(reference[:-digits])
            if index is None:
                index = self._columns[reference[:-digits]] = _column(reference[:-digits])
            if index != len(cells):
                if index < len(cells):
                    return self._parsed_row(text)
                cells.extend([""] * (index - len(cells)))
            if plain and tail.endswith("</v></c>"):
                value = tail[:-8]
                if attributes == _SHARED:
                    at = int(value)
                    cells.append(near[at] if at < nearest else self._strings[at])
                    continue
                known = self._attributes.get(attributes)
                if known is not None and not known[1]:
                    style = known[0]
                    cells.append(self._day(value, style) if style in days else _number(value))
                    continue
            elif head.endswith("</t></is></c>") and "&" not in head and "_x" not in head:
                reference, inline, value = head[:-13].partition(_INLINE)
                if inline and "<" not in value:
                    cells.append(value)
                    continue
            whole = _CELL.fullmatch('<c r="' + piece)
            if whole is None:
                return self._parsed_row(text)
            style, kind, value, runs = (part or "" for part in whole.group(2, 3, 4, 5))
            cells.append(self._cell(kind, style, value, runs))
        if not cells and ("<c>" in text or "<c " in text):
            return self._parsed_row(text)
        return cells

    def _cell(self, kind: str, style: str, value: str, inline: str) -> Cell:  # noqa: PLR0911
        if kind == "s":
            return self._strings[int(value)] if value else ""
        if not kind or kind == "n":
            if not value:
                return ""
            if style in self._styles:
                return self._day(value, style)
            return _number(value)
        if kind == "inlineStr":
            return _inner_text(inline)
        if kind == "str":
            return _unescape(value)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "d":
            return value.removesuffix("T00:00:00").replace("T", " ")
        return ""  # an error such as #N/A

    def _day(self, value: str, style: str) -> Cell:
        key = (value, self._styles[style])
        known = self._days.get(key)
        if known is None:
            if len(self._days) > 20_000:
                self._days.clear()
            known = self._days[key] = _from_serial(float(value), self._epoch, key[1])
        return known

    def _parsed_row(self, text: str) -> Row:
        declared = "".join(
            f' xmlns:{p}="urn:{p}"'
            for p in set(re.findall(r"[<\s/](\w+):\w", text)) - {"xml", "xmlns"}
        )
        plain = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", text)
        tree = ET.fromstring(f"<sheet{declared}>{plain}</row></sheet>")[0]  # noqa: S314
        cells: Row = []
        for element in tree.iter("c"):
            letters = re.match("[A-Z]+", element.get("r", ""))
            index = _column(letters[0]) if letters else len(cells)
            while len(cells) < index:
                cells.append("")
            value = element.findtext("v") or ""
            inline = "".join(t.text or "" for t in element.iter("t"))
            kind = element.get("t", "")
            cell: Cell
            if kind == "inlineStr":
                cell = _tidy(inline)
            elif kind == "str":
                cell = _tidy(value)
            else:
                cell = self._cell(kind, element.get("s", ""), value, "")
            if index < len(cells):
                cells[index] = cell
            else:
                cells.append(cell)
        return cells


def _number(text: str) -> Cell:
    if text.isdigit() and len(text) < 16:
        return int(text)
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _from_serial(serial: float, epoch: date, kind: str) -> Cell:
    """
    Give the day, or day and time, that a serial number stands for; a time of day as itself.

    >>> _from_serial(45658.0, date(1899, 12, 30), "date")
    '2025-01-01'
    """
    try:
        moment = datetime.combine(epoch, datetime.min.time()) + timedelta(days=serial)
    except OverflowError:
        return serial
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    if kind == "time" and serial < 1:
        return moment.time().isoformat()
    if not moment.hour and not moment.minute and not moment.second:
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")


def _unescape(text: str) -> str:
    return _tidy(html.unescape(text) if "&" in text else text)


def _tidy(text: str) -> str:
    """Undo Excel's own escapes of control characters: ``_x000D_``."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)


def _inner_text(xml: str) -> str:
    """Join the runs of a rich text, without its phonetic hints."""
    return _unescape("".join(m[1] or "" for m in _TEXT.finditer(xml)))


def _items(xml: str) -> list[str]:
    plain = _PLAIN_ITEM.findall(xml)
    if len(plain) == xml.count("<si") and len(plain) == xml.count("</si>"):
        return [_unescape(text) for text in plain] if "&" in xml or "_x" in xml else plain
    return [_inner_text(found[1] or "") for found in _ITEM.finditer(xml)]


class _Strings:
    """The workbook's shared texts: the first in memory, the others in a temporary file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.near: list[str] = []
        self._size = 0
        self._far: IO[bytes] | None = None
        self._written = 0
        self._offsets: Any = array("Q")
        self._cache: dict[int, str] = {}
        name = next((n for n in archive.namelist() if n.lower() == "xl/sharedstrings.xml"), None)
        if name is None:
            return
        rest = close = ""
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with archive.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                rest += decode(chunk)
                if not close:
                    root = re.search(r"<(\w+:)?sst\b", rest)
                    close = f"</{root[1] or ''}si>" if root else ""
                    if not close:
                        continue
                end = rest.rfind(close) + len(close)
                if end < len(close):
                    continue
                self._keep(_items(rest[:end]))
                rest = rest[end:]
                if len(rest) > _LONGEST_ROW:
                    raise UnreadableFile(reason="damaged")
        if self._far is not None:
            self._offsets.append(self._written)
            self._far.flush()

    def _keep(self, texts: list[str]) -> None:
        if self._far is None:
            self._size += sum(map(len, texts)) + 60 * len(texts)
            if self._size <= _STRINGS_IN_MEMORY:
                self.near.extend(texts)
                return
            self._far = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the table
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        for text in encoded:
            self._offsets.append(self._written)
            self._written += len(text)
        if self._written > _STRINGS_ON_DISK:
            raise UnreadableFile(reason="too_large")
        self._far.write(b"".join(encoded))

    def __getitem__(self, index: int) -> str:
        if index < len(self.near):
            return self.near[index]
        known = self._cache.get(index)
        if known is not None:
            return known
        at = index - len(self.near)
        if self._far is None or at + 1 >= len(self._offsets):
            return ""
        first, end = self._offsets[at], self._offsets[at + 1]
        raw = os.pread(self._far.fileno(), end - first, first)
        text = raw.decode("utf-8", "surrogatepass")
        if len(self._cache) > 20_000:
            self._cache.clear()
        self._cache[index] = text
        return text


__all__ = ["XlsxTable", "open_xlsx"]
