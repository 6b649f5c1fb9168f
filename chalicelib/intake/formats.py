"""Opening a file of any format as one thing: a table whose rows can be walked, again and again."""

import csv
import io
import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol, cast

from chalicelib.intake.cells import Row, Source, UnreadableFile
from chalicelib.intake.sniff import (
    MIXED_ERRORS,
    Dialect,
    Encoding,
    detect_dialect,
    detect_encoding,
)

MAX_COLUMNS = 1_000
_FIELD_LIMIT = 4 << 20  # one cell; a quote that never closes must not swallow the file
_SAMPLE = 256 * 1024
# What people drop by mistake: PDF, RTF, JPEG, PNG, GIF, WebP and its family.
_OTHER_KINDS = (b"%PDF", b"{\\rtf", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")
_NEVER_TYPED = [chr(code) for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a"]
_MOST_NEVER_TYPED = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """
    What is known beforehand; whatever is given is not detected again.

    Args:
        sheet: Name of the sheet to read; the fullest one that looks like a table by default.
    """

    filename: str = ""
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    sheet: str | None = None


class Table(Protocol):
    """
    Attributes:
        kind: ``csv``, ``xlsx``, ``xlsb``, ``xls`` or ``ods``.
        encoding, delimiter, quote: Of text files; None for spreadsheets.
        sheet, sheets: Of spreadsheets; None and empty for text files.
    """

    kind: str
    encoding: Encoding | None
    delimiter: str | None
    quote: str | None
    sheet: str | None
    sheets: tuple[str, ...]

    def sizes(self) -> dict[str, int]:
        """Give the content of each visible sheet in any unit; nothing for text files."""
        ...

    def rows(self, *, start: int = 0) -> Iterator[tuple[int, Row]]:
        """
        Walk the rows from the first one, blank ones included, in constant memory.

        Args:
            start: Number of rows to pass over, to go on where another walk stopped.

        Yields:
            The row's number, 1-based as a spreadsheet shows it, and its cells.

        Raises:
            UnreadableFile: The file turns out to be damaged on the way.
        """
        ...


class TextTable:
    """CSV, TSV and their relatives."""

    kind = "csv"
    sheet: str | None = None
    sheets: tuple[str, ...] = ()

    def __init__(self, source: Source, encoding: Encoding, dialect: Dialect) -> None:
        self._source = source
        self._dialect = dialect
        self.encoding: Encoding | None = encoding
        self.delimiter: str | None = dialect.delimiter
        self.quote: str | None = dialect.quote

    def sizes(self) -> dict[str, int]:
        return {}

    def rows(self, *, start: int = 0) -> Iterator[tuple[int, Row]]:
        assert self.encoding is not None  # noqa: S101 - set by __init__; the protocol allows None
        csv.field_size_limit(_FIELD_LIMIT)
        text = open_text(self._source, self.encoding)
        try:
            lines = itertools.islice(text, self._dialect.skip_lines, None)
            reader = csv.reader(
                lines,
                delimiter=self._dialect.delimiter,
                quotechar=self._dialect.quote,
                skipinitialspace=self._dialect.skip_space,
            )
            number = self._dialect.skip_lines
            passed = itertools.islice(reader, max(0, start - number), None)
            first = max(number, start) + 1
            yield from enumerate(cast("Iterator[Row]", passed), first)
        except csv.Error as error:
            raise UnreadableFile(reason="unbalanced_quote") from error
        except UnicodeError as error:
            raise UnreadableFile(reason="damaged") from error
        finally:
            text.detach()


class _Stream(io.RawIOBase):
    """Makes the raw file that ``io`` wants out of a source; never closes it."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        return self._source.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._source.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def open_binary(source: Source) -> io.BufferedReader:
    """Give *source* as a buffered binary file; large steps, since each may be a request."""
    source.seek(0)
    return io.BufferedReader(_Stream(source), 1 << 20)


def open_text(source: Source, encoding: Encoding) -> io.TextIOWrapper:
    """Open *source* as text from its first character after any byte-order mark."""
    binary = open_binary(source)
    if encoding.bom and encoding.name.startswith("utf-16"):
        binary.seek(2)
    return io.TextIOWrapper(binary, encoding=encoding.codec, errors=encoding.errors, newline="")


def open_table(source: Source, *, hints: Hints | None = None) -> Table:
    """
    Open *source* whatever its format; the content decides, not the file's name.

    Raises:
        UnreadableFile: Empty, encrypted, damaged, or no table at all.
    """
    hints = hints or Hints()
    source.seek(0)
    head = source.read(8)
    if not head:
        raise UnreadableFile(reason="empty")
    if head.startswith(b"PK\x03\x04"):
        return _open_zip(source, hints)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _open_book(source, "xls", hints)
    if head.startswith(_OTHER_KINDS):
        raise UnreadableFile(reason="not_a_table")
    return _open_text_table(source, hints)


def _open_zip(source: Source, hints: Hints) -> Table:
    try:
        with zipfile.ZipFile(open_binary(source)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise UnreadableFile(reason="damaged") from error
    if "xl/workbook.bin" in names:
        return _open_book(source, "xlsb", hints)
    if any(name.lower() == "xl/workbook.xml" for name in names):
        from chalicelib.intake.xlsx import open_xlsx

        return open_xlsx(source, hints.sheet)
    if "content.xml" in names:
        return _open_book(source, "ods", hints)
    raise UnreadableFile(reason="not_a_table")


def _open_book(source: Source, kind: str, hints: Hints) -> Table:
    from chalicelib.intake.books import BookTable

    return BookTable(source, kind, hints.sheet)


def _open_text_table(source: Source, hints: Hints) -> Table:
    encoding = _given_encoding(source, hints) or detect_encoding(source)
    text = open_text(source, encoding)
    try:
        sample = text.read(_SAMPLE)
        complete = len(sample) < _SAMPLE
    except UnicodeError as error:
        raise UnreadableFile(reason="damaged") from error
    finally:
        text.detach()
    if not sample.strip():
        raise UnreadableFile(reason="empty")
    if sum(map(sample.count, _NEVER_TYPED)) > _MOST_NEVER_TYPED * len(sample):
        raise UnreadableFile(reason="not_a_table")
    if (
        sample.lstrip("\ufeff \r\n\t")[:200]
        .lower()
        .startswith(("<html", "<!doctype", "<table", "<?xml"))
    ):
        raise UnreadableFile(reason="html")
    dialect = detect_dialect(sample, complete=complete)
    if hints.delimiter:
        dialect = replace(dialect, delimiter=hints.delimiter, quote=hints.quote or dialect.quote)
    return TextTable(source, encoding, dialect)


def _given_encoding(source: Source, hints: Hints) -> Encoding | None:
    if hints.encoding is None:
        return None
    source.seek(0)
    head = source.read(3)
    marked = head[:2] in (b"\xff\xfe", b"\xfe\xff") or head == b"\xef\xbb\xbf"
    errors = MIXED_ERRORS if hints.encoding == "utf-8" else "strict"
    return Encoding(hints.encoding, bom=marked and hints.encoding.startswith("utf"), errors=errors)
