"""Where the table is on the sheet: title rows, header rows, units, first data row, what to skip."""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.intake.cells import Cell, Row, as_text, is_blank
from chalicelib.intake.shapes import date_parts, number_parts

SAMPLE_ROWS = 200
_DEEPEST_HEADER = 60
_ARTEFACT = re.compile(r"Unnamed: \d+(_level_\d+)?")
_UNIT = re.compile(
    r"\(.{1,25}\)|[%$€#]|[A-Z]{3}|kg|km|m2|euros?|pesos?|d[oó]lares|reais", re.IGNORECASE
)
_TOTAL = re.compile(
    r"\W*(?:sub[\s-]*totale?s?|(?:gran|grand)\s+total|totale?s?|totais|suma|sumas|soma|sum)"
    r"(?:\W*|[\s:.]+(?:general(?:es)?|geral|parcial|provincia|cartera|acumulado|final|p[aá]gina"
    r"|cliente|cuenta|empresa|sucursal|zona|mes|del?\s.{1,40}|por\s.{1,40}|of\s.{1,40}|for\s.{1,40}"
    r"|da\s.{1,40}|do\s.{1,40}|a\s+(?:pagar|cobrar)|:?\s*[\d.,$ ]+)\W*)",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(
    r"\W*(?:fuente|source|fonte|notas?|notes?|obs(?:ervaci[oó]n(?:es)?|erva[cç][oõ]es)?|elaborad[oa]"
    r"|generado|impreso|p[aá]gina|page|\*|\(\d\)|\d\))\b.*|\*.*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """
    Rows are counted from 0 here, as in the file's row list.

    Args:
        header_rows: Rows the column names come from; empty when the file has no header.
        units_row: A row of units or column numbers between header and data, or None.
        first_data_row: First row that may be data.
        header: Cells of the (last) header row as they stand.
        names: One name per column, made of all header rows.
        words: Columns that hold words or ids in most rows; where a total says "total".
    """

    header_rows: tuple[int, ...]
    units_row: int | None
    first_data_row: int
    header: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[int, ...] = ()


def is_value(cell: Cell) -> bool:
    """Say whether a cell is a number or a date: what data has and headers have not."""
    return _text_is_value(cell.strip()) if isinstance(cell, str) else True


@lru_cache(maxsize=16_384)
def _text_is_value(text: str) -> bool:
    return any(c.isdigit() for c in text) and (
        number_parts(text) is not None or date_parts(text) is not None
    )


def _is_year(cell: Cell) -> bool:
    text = as_text(cell)
    return len(text) == 4 and text.isdigit() and text[:2] in ("19", "20")


def find_layout(
    rows: Sequence[Row], *, known: Callable[[str], bool], forced: Sequence[int] | None = None
) -> Layout:
    """
    Find the header in the first rows of a file.

    The header is the row that names the columns of what follows: words where the body has
    values, no repeats, no gaps. A first row that is itself like the body means there is none.

    Args:
        rows: The first ``SAMPLE_ROWS`` rows, blank ones included.
        known: Says whether a text is a column name we know; such rows are preferred.
        forced: Header rows somebody has chosen.
    """
    table = [_without_artefacts(row) for row in rows]
    width = max((_extent(row) for row in table), default=0)
    if forced is not None:
        chosen = tuple(sorted(forced))
        return _layout(table, chosen, width) if chosen else _headless(table, width)
    filled = [row for row in table if _filled(row)]
    if len(filled) == 1 and not any(is_value(c) for c in filled[0] if not is_blank(c)):
        return _layout(table, (table.index(filled[0]),), width)
    best, best_score = None, 0.35
    broadest = len(_used_columns(filled)) if filled else 0
    for number in range(min(len(table), _DEEPEST_HEADER)):
        score = _header_score(table, number, known, broadest, len(filled))
        if score > best_score + 0.01:
            best, best_score = number, score
    if best is None:
        return _headless(table, width)
    chosen = _with_neighbours(table, best)
    return _layout(table, chosen, width)


def _without_artefacts(row: Row) -> Row:
    """Pandas writes ``Unnamed: 3`` for the blanks of a first row."""
    return ["" if isinstance(c, str) and _ARTEFACT.fullmatch(c.strip()) else c for c in row]


def _extent(row: Row) -> int:
    return max((i + 1 for i, cell in enumerate(row) if not is_blank(cell)), default=0)


def _filled(row: Row) -> list[int]:
    return [i for i, cell in enumerate(row) if not is_blank(cell)]


def _body(table: Sequence[Row], after: int) -> list[Row]:
    return [row for row in table[after + 1 : after + 60] if _filled(row)]


def _header_score(
    table: Sequence[Row], number: int, known: Callable[[str], bool], broadest: int, rows: int
) -> float:
    row = table[number]
    filled = _filled(row)
    body = _body(table, number)
    if not filled or not body:
        return 0.0
    used = _used_columns(body)
    if not used:
        return 0.0
    words = [i for i in filled if not is_value(row[i])]
    years = [i for i in filled if is_value(row[i]) and _is_year(row[i])]
    texts = [as_text(row[i]).casefold() for i in filled]
    named = set(words) | set(years)
    coverage = len(named & used) / len(used) * min(1.0, len(used) / broadest)
    wordy = (len(words) + 0.7 * len(years)) / len(filled)
    unique = len(set(texts)) / len(texts)
    values = [i for i in used if _share_of_values(body, i) > 0.6]
    contrast = len([i for i in values if i in set(words)]) / len(values) if values else 0.0
    recognised = len([t for t in texts if known(t)]) / len(texts)
    repeated = sum(
        1
        for i in filled
        if any(
            i < len(b) and as_text(b[i]).casefold() == as_text(row[i]).casefold() for b in body[:15]
        )
    ) / len(filled)
    long = sum(1 for t in texts if len(t) > 60) / len(texts)
    score = (
        0.34 * coverage * coverage
        + 0.22 * wordy * wordy
        + 0.08 * unique
        + 0.16 * contrast
        + 0.30 * recognised
        - 0.35 * repeated
        - 0.25 * long
        - 0.002 * number
    )
    if len(filled) == 1 and len(used) > 2:
        score -= 0.4
    if wordy < 0.5:
        score -= 0.4
    return score * (0.6 + 0.4 * min(1.0, len(body) / min(10, max(1, rows // 2))))


def _used_columns(body: Sequence[Row]) -> set[int]:
    width = max(len(row) for row in body)
    counts = [sum(1 for r in body if i < len(r) and not is_blank(r[i])) for i in range(width)]
    most = max(counts)
    return {i for i, count in enumerate(counts) if count and count >= 0.25 * most}


def _share_of_values(body: Sequence[Row], column: int) -> float:
    cells = [r[column] for r in body if column < len(r) and not is_blank(r[column])]
    return sum(1 for c in cells if is_value(c)) / len(cells) if cells else 0.0


def _with_neighbours(table: Sequence[Row], best: int) -> tuple[int, ...]:
    """Add rows that belong to the header: group names above, second lines below."""
    chosen = [best]
    above = best - 1
    leftmost = min(_filled(table[best]))
    while above >= 0 and len(chosen) < 4:
        row = table[above]
        filled = _filled(row)
        inside = [i for i in filled if i < _extent(table[best])]
        if (
            not filled
            or len(inside) < len(filled)
            or any(is_value(row[i]) and not _is_year(row[i]) for i in filled)
        ):
            break
        if len(filled) == 1 and filled[0] <= leftmost:
            break
        if any(len(as_text(row[i])) > 60 for i in filled):
            break
        chosen.insert(0, above)
        above -= 1
    below = best + 1
    while below < len(table) and len(chosen) < 4:
        row = table[below]
        if not _is_second_line(table, row, below, best):
            break
        chosen.append(below)
        below += 1
    return tuple(chosen)


def _is_second_line(table: Sequence[Row], row: Row, number: int, best: int) -> bool:
    """Say whether a row under the header only has words, and those where the body has values."""
    filled = _filled(row)
    body = _body(table, number)
    if not filled or len(body) < 2 or number > best + 3 or _column_numbers(row) or _all_units(row):
        return False
    words = [i for i in filled if not is_value(row[i])]
    unnamed = not any(
        i < len(above) and not is_blank(above[i]) for above in table[best:number] for i in filled
    )
    if unnamed and len(words) == len(filled) >= 2:
        return True  # the names the first line left out
    return len(words) >= 0.5 * len(filled) and all(_share_of_values(body, i) > 0.6 for i in words)


def _column_numbers(row: Row) -> bool:
    """Say whether a row only counts its columns: 1, 2, 3..."""
    cells = [as_text(c) for c in row if not is_blank(c)]
    numbers = [int(c) for c in cells if c.isdigit()]
    return (
        len(numbers) >= (3 if row and is_blank(row[0]) else 6)
        and len(numbers) >= len(cells) - 1
        and all(b - a == 1 for a, b in itertools.pairwise(numbers))
        and numbers[0] <= 30
    )


def _all_units(row: Row) -> bool:
    cells = [as_text(c) for c in row if not is_blank(c)]
    return bool(cells) and all(_UNIT.fullmatch(c) for c in cells)


def _layout(table: Sequence[Row], chosen: tuple[int, ...], width: int) -> Layout:
    last = chosen[-1]
    units = None
    first = last + 1
    if first < len(table):
        row = table[first]
        body = _body(table, first)
        if _column_numbers(row) or (
            body and _all_units(row) and any(_share_of_values(body, i) > 0.6 for i in _filled(row))
        ):
            units, first = first, first + 1
    while first < len(table) - 1 and not _filled(table[first]):
        first += 1
    header = tuple(str(as_raw(c)) for c in table[last])
    names = _names([table[i] for i in chosen], width)
    return Layout(
        header_rows=chosen,
        units_row=units,
        first_data_row=first,
        header=header,
        names=names,
        words=_word_columns(table[first:]),
    )


def as_raw(cell: Cell) -> str:
    """Give a header cell as it stands: text untouched, numbers as a person reads them."""
    return cell if isinstance(cell, str) else as_text(cell)


def _headless(table: Sequence[Row], width: int) -> Layout:
    first = next((i for i, row in enumerate(table) if len(_filled(row)) > 1 or width == 1), 0)
    return Layout(
        header_rows=(),
        units_row=None,
        first_data_row=first,
        header=(),
        names=tuple("" for _ in range(width)),
        words=_word_columns(table[first:]),
    )


def _names(rows: Sequence[Row], width: int) -> tuple[str, ...]:
    """Join the header rows column by column; a group's name reaches right over the blanks."""
    width = max(width, *(len(r) for r in rows))
    lines: list[list[str]] = []
    for level, row in enumerate(rows):
        texts = [as_text(row[i]) if i < len(row) else "" for i in range(width)]
        if level < len(rows) - 1 and sum(1 for t in texts if t) < 0.6 * width:
            below = rows[level + 1]
            carried = ""
            for i in range(width):
                if texts[i]:
                    carried = texts[i]
                elif carried and i < len(below) and not is_blank(below[i]):
                    texts[i] = carried
        lines.append(texts)
    if len(lines) == 1:
        return tuple(lines[0])
    return tuple(" ".join(line[i] for line in lines if line[i]) for i in range(width))


def _word_columns(rows: Sequence[Row]) -> tuple[int, ...]:
    body = [row for row in rows if _filled(row)]
    if not body:
        return ()
    used = _used_columns(body)
    return tuple(sorted(i for i in used if _share_of_values(body, i) < 0.5))


class RowSorter:
    """
    Says of each row what it is: data, or something that only looks like it.

    Totals and footnotes are told with care, since a row left out is a debt left out: "Total"
    must stand in a column of words, in a row that is emptier than data rows are there, or
    beside the sum in a row without words.
    """

    def __init__(self, layout: Layout) -> None:
        self._words = layout.words
        self._first_words = layout.words[:4]
        self._header = tuple(t.strip() for t in layout.header) if layout.header_rows else None
        self._columns = sum(1 for name in layout.names if name) or len(layout.names)

    def kind(self, cells: Row) -> str:
        """Return ``data``, ``blank``, ``total``, ``note`` or ``header`` (a header repeated)."""
        if not any(cells) or (is_blank(cells[0]) and all(is_blank(c) for c in cells)):
            return "blank"
        if self._is_total(cells):
            return "total"
        full = len(cells) > 2 and cells[0] and cells[1]  # most rows; spares the counting
        if self._columns >= 3 and not full and self._filled_few(cells):
            texts = [c for c in cells if not is_blank(c)]
            if len(texts) == 1 and isinstance(texts[0], str):
                text = texts[0].strip()
                if _TOTAL.fullmatch(text):
                    return "total"
                if _FOOTNOTE.fullmatch(text) or len(text) > 80:
                    return "note"
        if self._header and as_text(cells[0]) == self._header[0]:
            texts_now = tuple(as_text(c) for c in cells)
            if texts_now[: len(self._header)] == self._header:
                return "header"
        return "data"

    def _is_total(self, cells: Row) -> bool:
        for i in self._first_words:
            if i < len(cells):
                cell = cells[i]
                if isinstance(cell, str) and cell:
                    letter = cell.lstrip(" *-.:'\"")[:1]
                    return bool(
                        letter in "tTsSgG" and _TOTAL.fullmatch(cell) and self._is_emptier(cells, i)
                    )
        # No words where every debt has some: "Total" may stand beside the sum instead.
        return any(
            isinstance(cell, str) and _TOTAL.fullmatch(cell) for cell in cells
        ) and self._is_emptier(cells, -1)

    def _filled_few(self, cells: Row) -> bool:
        filled = 0
        for cell in cells:
            if not is_blank(cell):
                filled += 1
                if filled > 1:
                    return False
        return True

    def _is_emptier(self, cells: Row, at: int) -> bool:
        """With one column of words, the word is enough; with more, the others must be blank."""
        others = [i for i in self._words if i != at]
        if not others:
            return True
        blank = sum(1 for i in others if i >= len(cells) or is_blank(cells[i]))
        return blank >= 0.6 * len(others)
