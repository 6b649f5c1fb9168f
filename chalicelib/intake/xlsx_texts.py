"""The texts of an XLSX workbook: those that cells share, runs, what Excel escapes."""

import codecs
import html
import os
import re
import tempfile
import zipfile
from array import array
from typing import IO, Any

from chalicelib.intake.cells import UnreadableFile

CHUNK = 1 << 18
LONGEST_ROW = 16 << 20
_STRINGS_IN_MEMORY = 16 << 20  # bytes; the rest waits on disk
_STRINGS_ON_DISK = 400 << 20
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
