"""
One row of an XLSX sheet's XML as cells.

Rows that have the same cells in the same styles are taken apart by one pattern, made when enough
of them were seen. Any other row is taken apart cell by cell, in the form that Excel and the common
libraries write, and what is not of that form goes through a real XML parser.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from xml.etree import ElementTree as ET

from chalicelib.intake.cells import Cell, Row
from chalicelib.intake.xlsx_texts import SharedTexts, inner_text, tidy, unescape

ROW_NUMBER = re.compile(r'<row\b[^>]*?\br="(\d+)"')
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>'
    r"(?:<f(?:\s[^>]*)?(?:/>|>[^<]*</f>))?(?:<v>([^<]*)</v>|<v\s?/>)?"
    r"(?:<is>(.*?)</is>)?</c>)",
    re.DOTALL,
)
_SHARED = ' t="s"'
_INLINE = '" t="inlineStr"><is><t>'

# A pattern takes a millisecond or two to make, and each one that does not fit a row some time.
_SEEN_BEFORE_LEARNT = 20
_MOST_FORMS = 8
_MOST_LAYOUTS = 200

# The cells of a row: letters of the column, attributes.
_Layout = tuple[tuple[str, str], ...]


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


class XmlRows:
    """
    Makes cells of a row's XML.

    Args:
        styles: ``date`` or ``time`` by the numbers of the styles that are one.
        epoch: The day that serial numbers are counted from.
    """

    def __init__(self, styles: Mapping[str, str], epoch: date, strings: SharedTexts) -> None:
        self._styles = styles
        self._epoch = epoch
        self._strings = strings
        self._days: dict[tuple[str, str], Cell] = {}
        self._columns: dict[str, int] = {}
        self._attributes = {"": ("", "")} | {f' s="{n}"': (str(n), "") for n in range(2_000)}
        self._forms: list[_Form] = []
        self._layouts: dict[_Layout, int] = {}

    def row(self, text: str) -> Row:
        """Take a row apart: as others like it, cell by cell, or by a real parser."""
        for form in self._forms:
            values = form.fits(text)
            if values is not None:
                return [
                    convert(value)
                    for convert, value in zip(form.converters, values.groups(), strict=True)
                ]
        layout: list[tuple[str, str]] = []
        cells = self._by_cells(text, layout)
        if len(layout) == text.count("<c ") and len(self._forms) < _MOST_FORMS:
            self._learn(tuple(layout))
        return cells

    def _learn(self, layout: _Layout) -> None:
        """Count the rows of a layout, and make its form once it has come often enough."""
        if layout not in self._layouts and len(self._layouts) >= _MOST_LAYOUTS:
            return
        seen = self._layouts[layout] = self._layouts.get(layout, 0) + 1
        if seen == _SEEN_BEFORE_LEARNT:
            self._forms.append(_Form(layout, self._converter))

    def _converter(self, attributes: str) -> Callable[[str], Cell]:
        if attributes == _SHARED:
            return self._shared
        style, _ = self._attributes[attributes]
        return (lambda value: self._day(value, style)) if style in self._styles else _number

    def _shared(self, value: str) -> Cell:
        at = int(value)
        near = self._strings.near
        return near[at] if at < len(near) else self._strings[at]

    def _by_cells(self, text: str, layout: list[tuple[str, str]]) -> Row:
        """Take a row apart cell by cell; *layout* gets those that hold a plain value."""
        found = ROW_NUMBER.match(text)
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
                    layout.append((reference[:-digits], attributes))
                    continue
                known = self._attributes.get(attributes)
                if known is not None and not known[1]:
                    style = known[0]
                    cells.append(self._day(value, style) if style in days else _number(value))
                    layout.append((reference[:-digits], attributes))
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
            return inner_text(inline)
        if kind == "str":
            return unescape(value)
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
                cell = tidy(inline)
            elif kind == "str":
                cell = tidy(value)
            else:
                cell = self._cell(kind, element.get("s", ""), value, "")
            if index < len(cells):
                cells[index] = cell
            else:
                cells.append(cell)
        return cells


class _Form:
    """What rows of one layout look like, and what makes cells of their values."""

    def __init__(self, layout: _Layout, converter: Callable[[str], Callable[[str], Cell]]) -> None:
        pattern = [r'<row r="\d+"[^>]*>']
        self.converters: list[Callable[[str], Cell]] = []
        for letters, attributes in layout:
            while len(self.converters) < _column(letters):
                pattern.append("()")  # a cell that is not there
                self.converters.append(str)
            pattern.append(f'<c r="{letters}\\d+"{re.escape(attributes)}><v>([^<]+)</v></c>')
            self.converters.append(converter(attributes))
        self.fits = re.compile("".join(pattern)).fullmatch


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
