"""Which encoding, delimiter and quote a text file uses, told from its bytes."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.intake.cells import Source, UnreadableFile

CHUNK = 1 << 20
DELIMITERS = ",;\t|"
RARE_DELIMITERS = "^~:"
_HIGH = bytes(range(0x80, 0x100))
_NOT_HIGH = bytes(range(0x80))
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_ACCENTED = set("áéíóúüñÁÉÍÓÚÜÑçÇãõÃÕâêôÂÊÔàèòÀÈÒïÏºª¿¡€°·«»–—“”‘’")
_LEGACY = ("cp1252", "cp850", "mac_roman")
MIXED_ERRORS = "recobro_cp1252"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as cp1252: lines pasted from two systems in one file."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error(MIXED_ERRORS, _as_cp1252)


@dataclass(frozen=True, slots=True)
class Encoding:
    """
    Args:
        name: ``utf-8``, ``utf-16-le``, ``utf-16-be``, ``latin-1``, ``cp1252``, ``cp850`` or
            ``mac_roman``; latin-1 means cp1252 without any of the bytes in which they differ.
        bom: A byte-order mark opens the file; it belongs to no cell.
        errors: How to decode: ``strict``, or ``MIXED_ERRORS`` for UTF-8 with a few lines of cp1252.
    """

    name: str
    bom: bool = False
    errors: str = "strict"

    @property
    def codec(self) -> str:
        """Name for ``open``: latin-1 is opened as itself, a marked UTF-8 without its mark."""
        return "utf-8-sig" if self.name == "utf-8" and self.bom else self.name


@dataclass(frozen=True, slots=True)
class Dialect:
    delimiter: str
    quote: str
    skip_lines: int = 0  # a first line "sep=;" is for Excel, not for us
    skip_space: bool = False  # blanks after a delimiter come before a quote


def detect_encoding(source: Source) -> Encoding:
    """
    Decide the encoding from the whole stream, in fixed memory.

    A file is UTF-8 only when all of it is: a single accent at the end of a gigabyte decides.
    Otherwise the old encodings compete on how much their high bytes look like Spanish,
    Portuguese or Catalan.

    Raises:
        UnreadableFile: It is empty, or holds bytes no text has.
    """
    source.seek(0)
    head = source.read(4096)
    if not head:
        raise UnreadableFile(reason="empty")
    marked = _by_mark(head) or _by_zeros(head)
    if marked:
        return marked
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8 = True
    high: Counter[int] = Counter()
    sequences = 0
    for chunk in _chunks(source):
        if utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                utf8 = False
        rest = chunk.translate(None, _NOT_HIGH)
        if rest:
            high.update(rest)
            sequences += sum(len(s) for s in _UTF8_SEQUENCE.findall(chunk))
    if utf8 and not decoder.getstate()[0]:
        return Encoding("utf-8")
    total = sum(high.values())
    if total and sequences / total > 0.8:
        return Encoding("utf-8", errors=MIXED_ERRORS)
    return Encoding(_best_legacy(high))


def _by_mark(head: bytes) -> Encoding | None:
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8", bom=True)
    if head.startswith(codecs.BOM_UTF16_LE):
        return Encoding("utf-16-le", bom=True)
    if head.startswith(codecs.BOM_UTF16_BE):
        return Encoding("utf-16-be", bom=True)
    return None


def _by_zeros(head: bytes) -> Encoding | None:
    """UTF-16 without a mark: Latin text has a zero in every second byte."""
    zeros = head.count(0)
    if not zeros:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > 0.6 * half and even < 0.1 * half:
        return Encoding("utf-16-le")
    if even > 0.6 * half and odd < 0.1 * half:
        return Encoding("utf-16-be")
    if zeros > 0.05 * len(head):
        raise UnreadableFile(reason="not_a_table")
    return None


def _best_legacy(high: Counter[int]) -> str:
    """
    Name the old encoding under which the high bytes read most like letters.

    >>> _best_legacy(Counter("áéíóñ".encode("cp850")))
    'cp850'
    >>> _best_legacy(Counter("Órgano".encode("latin-1")[:1]))
    'latin-1'
    """

    def score(name: str) -> float:
        good = 0.0
        for byte, count in high.items():
            char = bytes((byte,)).decode(name, "replace")
            good += count * (1.0 if char in _ACCENTED else 0.2 if char.isalpha() else 0.0)
        return good

    best = max(_LEGACY, key=lambda name: (score(name), name == "cp1252"))
    if best == "cp1252" and not any(0x80 <= byte < 0xA0 for byte in high):
        return "latin-1"
    if best == "cp1252" and any(byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) for byte in high):
        return "latin-1"  # bytes that cp1252 leaves undefined
    return best


def _chunks(source: Source) -> Iterator[bytes]:
    source.seek(0)
    while chunk := source.read(CHUNK):
        yield chunk


def detect_dialect(sample: str, *, complete: bool) -> Dialect:
    """
    Choose the delimiter that cuts the sample most regularly into the most columns.

    Args:
        sample: The beginning of the text.
        complete: The sample is the whole file, so that its last line is whole too.
    """
    first, _, rest = sample.partition("\n")
    if re.fullmatch(r'"?sep=(.)"?\r?', first.strip("\ufeff "), re.IGNORECASE):
        found = first.strip('\ufeff "\r')[4]
        return Dialect(found, _quote(rest, found), skip_lines=1)
    if not complete:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r"), 1)]
    best, best_score = ",", 0.0
    for candidate in DELIMITERS + RARE_DELIMITERS:
        if candidate not in sample:
            continue
        score = _regularity(sample, candidate)
        if candidate in RARE_DELIMITERS:
            score *= 0.3
        if score > best_score:
            best, best_score = candidate, score
    quote = _quote(sample, best)
    spaced = bool(re.search(rf"{re.escape(best)} +{quote}[^{quote}]*{quote}", sample))
    return Dialect(best, quote, skip_space=spaced)


def _regularity(sample: str, delimiter: str) -> float:
    r"""
    Share of records of the commonest width, rewarded for more columns.

    >>> text = "a;b\n1,5;2\n2,5;3\n"
    >>> _regularity(text, ";") > _regularity(text, ",")
    True
    """
    widths: Counter[int] = Counter()
    try:
        for record in csv.reader(
            sample.splitlines(keepends=True),
            delimiter=delimiter,
            quotechar=_quote(sample, delimiter),
        ):
            if record and any(cell.strip() for cell in record):
                widths[len(record)] += 1
    except csv.Error:
        return 0.0
    records = sum(widths.values())
    if not records:
        return 0.0
    # A header may be a cell shorter than its rows: neighbouring widths count half.
    width, _ = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    if width < 2:
        return 0.0
    steady = widths[width] + 0.5 * (widths[width - 1] + widths[width + 1])
    return float(min(1.0, steady / records) ** 2) * (1 + min(width, 30) / 10)


def _quote(sample: str, delimiter: str) -> str:
    """Single quotes only when they open and close cells and double quotes never do."""
    edge = re.escape(delimiter)
    doubles = len(re.findall(rf'(?:^|{edge})"', sample, re.MULTILINE))
    singles = len(re.findall(rf"(?:^|{edge})'[^'\n]*'(?={edge}|\r?$)", sample, re.MULTILINE))
    return "'" if singles > 2 and not doubles else '"'
