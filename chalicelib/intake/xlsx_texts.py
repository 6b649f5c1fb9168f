"""The texts of an XLSX workbook: those that cells share, runs, what Excel escapes."""

import codecs
import html
import itertools
import os
import re
import struct
import tempfile
import zipfile
from array import array

from chalicelib.intake.cells import UnreadableFile

CHUNK = 1 << 18
LONGEST_ROW = 16 << 20
_STRINGS_IN_MEMORY = 16 << 20  # bytes; the rest waits on disk
_STRINGS_ON_DISK = 400 << 20
_OFFSET_BYTES = 8
_ENDS_AT_ONCE = 256
_AROUND = struct.Struct("=QQ")
_TEXT = re.compile(
    r"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t>|<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL
)
_ITEM = re.compile(r"<(?:\w+:)?si(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_PLAIN_ITEM = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    return tidy(html.unescape(text) if "&" in text else text)


def tidy(text: str) -> str:
    """Undo Excel's own escapes of control characters: ``_x000D_``."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)


def inner_text(xml: str) -> str:
    """Join the runs of a rich text, without its phonetic hints."""
    return unescape("".join(m[1] or "" for m in _TEXT.finditer(xml)))


def _items(xml: str) -> list[str]:
    plain = _PLAIN_ITEM.findall(xml)
    if len(plain) == xml.count("<si") and len(plain) == xml.count("</si>"):
        return [unescape(text) for text in plain] if "&" in xml or "_x" in xml else plain
    return [inner_text(found[1] or "") for found in _ITEM.finditer(xml)]


class SharedTexts:
    """The workbook's shared texts: the first in memory, the others in temporary files."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.near: list[str] = []
        self._size = 0
        self._far: _TextsOnDisk | None = None
        self._cache: dict[int, str] = {}
        name = next((n for n in archive.namelist() if n.lower() == "xl/sharedstrings.xml"), None)
        if name is None:
            return
        rest = close = ""
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with archive.open(name) as stream:
            while chunk := stream.read(CHUNK):
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
                if len(rest) > LONGEST_ROW:
                    raise UnreadableFile(reason="damaged")
        if self._far is not None:
            self._far.flush()

    def _keep(self, texts: list[str]) -> None:
        if self._far is None:
            self._size += sum(map(len, texts)) + 60 * len(texts)
            if self._size <= _STRINGS_IN_MEMORY:
                self.near.extend(texts)
                return
            self._far = _TextsOnDisk()
        self._far.add(texts)

    def __getitem__(self, index: int) -> str:
        if index < len(self.near):
            return self.near[index]
        known = self._cache.get(index)
        if known is not None:
            return known
        if self._far is None:
            return ""
        text = self._far.get(index - len(self.near))
        if len(self._cache) > 20_000:
            self._cache.clear()
        self._cache[index] = text
        return text


class _TextsOnDisk:
    """Texts by number in one temporary file, and where each ends in another: none in memory."""

    def __init__(self) -> None:
        self._texts = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the table
        self._ends = tempfile.TemporaryFile()  # noqa: SIM115 - likewise
        self._ends.write(bytes(_OFFSET_BYTES))
        self._count = self._written = 0
        # Cells name texts mostly in the order they are kept in: a piece of the ends at a time.
        self._piece, self._piece_of = b"", -1

    def add(self, texts: list[str]) -> None:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        ends = list(itertools.accumulate(map(len, encoded), initial=self._written))
        self._written = ends[-1]
        if self._written > _STRINGS_ON_DISK:
            raise UnreadableFile(reason="too_large")
        self._count += len(encoded)
        self._texts.write(b"".join(encoded))
        self._ends.write(array("Q", ends[1:]).tobytes())

    def flush(self) -> None:
        self._texts.flush()
        self._ends.flush()

    def get(self, number: int) -> str:
        """Give a text; an empty one when there are not so many."""
        if number >= self._count:
            return ""
        piece, at = divmod(number, _ENDS_AT_ONCE)
        if piece != self._piece_of:
            begin = piece * _ENDS_AT_ONCE * _OFFSET_BYTES
            size = (_ENDS_AT_ONCE + 1) * _OFFSET_BYTES
            self._piece, self._piece_of = os.pread(self._ends.fileno(), size, begin), piece
        first, end = _AROUND.unpack_from(self._piece, at * _OFFSET_BYTES)
        return os.pread(self._texts.fileno(), end - first, first).decode("utf-8", "surrogatepass")
