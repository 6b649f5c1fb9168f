"""From raw cells to the values of fields, by one mapping."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.domain.money import DECIMALS
from chalicelib.intake import conventions
from chalicelib.intake.answers import with_answers
from chalicelib.intake.cells import Cell, as_text
from chalicelib.intake.fields import FIELDS
from chalicelib.intake.names import unscramble
from chalicelib.intake.phones import phone_reader, split_phones
from chalicelib.intake.rows import Reason
from chalicelib.intake.tax_ids import tax_id_reader
from chalicelib.intake.values import (
    BadValue,
    date_converter,
    degrees_converter,
    email,
    id_converter,
    is_empty,
    money_converter,
)

_ADDRESSES = re.compile(r"[;,/\s]+")
_LONGEST_TEXT = 500
_FEW = 1_000  # values that are worth remembering

Read = Callable[[Cell], Any]

# What a field is worth in a row that has none, by kind.
_ABSENT: dict[str, Any] = {
    "money": None, "date": None, "coordinate": None, "text": "", "id": "", "number": "",
    "phone": (), "email": (), "tax_id": ("", ""),
}  # fmt: skip


_PERSONAL = frozenset(
    {"tax_id", "phone", "phone2", "phone3", "email", "email2"}
    | {"address", "city", "postal_code", "lat", "lng"}
)


class CellReader:
    """
    Reads the mapped cells of a row: every field's value, what is told of it, what refuses the row.

    ``reader.RowReader`` makes rows of them and says what the arguments are.
    """

    def __init__(
        self,
        mapping: dict[str, Any],
        inspection: dict[str, Any],
        *,
        country: str,
        currency: str,
        mode: str,
    ) -> None:
        self._country = country
        self._notes: list[Reason] = []
        self._reasons: list[Reason] = []
        self._phone = phone_reader(country)
        self._tax_id = tax_id_reader(country)
        by_index = {c["index"]: c for c in inspection["columns"]}
        self._absent = {name: _ABSENT[field.kind] for name, field in FIELDS.items()}
        self._plan: list[tuple[str, int, Read]] = []
        for key, name in mapping["columns"].items():
            if name is None or mode not in FIELDS[name].modes:
                continue
            column = by_index[int(key)]
            asked = [q for q in inspection["questions"] if q["column"] == column["index"]]
            reading = with_answers(
                column["kind"], column["reading"], asked, mapping.get("answers", {})
            )
            read = self._reader_for(FIELDS[name].kind, name, reading, DECIMALS[currency])
            if read is text_of and column["distinct"] < _FEW:
                read = _remembering(read)
            self._plan.append((name, column["index"], read))
        self._width = max((index for _, index, _ in self._plan), default=-1) + 1

    def personal(self, cells: Sequence[Cell]) -> list[tuple[int, str, Any]]:
        """Give column, field and value of the cells that say who somebody is, where readable."""
        found = []
        for name, index, read in self._plan:
            if name not in _PERSONAL or index >= len(cells):
                continue
            try:
                found.append((index, name, read(cells[index])))
            except BadValue:
                continue
        return found

    def _values(self, cells: Sequence[Cell]) -> dict[str, Any]:
        """Read every mapped field; a bad value refuses the row and counts as absent."""
        values = self._absent.copy()
        if len(cells) < self._width:  # a spreadsheet's row ends with its last filled cell
            cells = [*cells, *[""] * (self._width - len(cells))]
        try:
            for name, index, read in self._plan:
                values[name] = read(cells[index])
        except BadValue:
            self._notes.clear()
            self._values_one_by_one(cells, values)
        return values

    def _values_one_by_one(self, cells: Sequence[Cell], values: dict[str, Any]) -> None:
        for name, index, read in self._plan:
            values[name] = self._absent[name]
            try:
                values[name] = read(cells[index])
            except BadValue as bad:
                beside = FIELDS[name].kind == "coordinate"  # a debt is true without its point
                told = self._notes if beside else self._reasons
                told.append(Reason(field=name, code=bad.code, details=bad.details))

    def _reader_for(self, kind: str, name: str, reading: dict[str, Any], decimals: int) -> Read:
        if kind == "money":
            return money_converter(reading, decimals, lambda: self._note(name, "money.rounded"))
        if kind in ("id", "tax_id"):
            if name == "postal_code" and self._country in conventions.POSTAL_DIGITS:
                reading = {**reading, "pad": conventions.POSTAL_DIGITS[self._country]}
            as_id = id_converter(reading)
            return as_id if kind == "id" else lambda cell: self._tax_id(as_id(cell))
        makers: dict[str, Callable[[], Read]] = {
            "date": lambda: date_converter(reading),
            "coordinate": lambda: degrees_converter(reading),
            "number": lambda: id_converter({"form": "whole_float"}),
            "phone": lambda: self._read_phones,
            "email": lambda: self._read_emails,
            "text": lambda: text_of,
        }
        return makers[kind]()

    def _note(self, name: str, code: str, **details: Any) -> None:
        self._notes.append(Reason(field=name, code=code, details=details))

    def _refuse(self, name: str, code: str, **details: Any) -> None:
        self._reasons.append(Reason(field=name, code=code, details=details))

    def _read_phones(self, cell: Cell) -> tuple[str, ...]:
        if cell == "":
            return ()
        if isinstance(cell, str) and len(cell) < 15 and not is_empty(cell):
            try:
                return (self._phone(cell),)
            except BadValue as bad:
                self._note("phone", bad.code)
                return ()
        found: list[str] = []
        for piece in split_phones(cell):
            try:
                found.append(self._phone(piece))
            except BadValue as bad:
                self._note("phone", bad.code)
        return tuple(found)

    def _read_emails(self, cell: Cell) -> tuple[str, ...]:
        text = as_text(cell)
        if len(text) <= 4 and is_empty(text):
            return ()
        found: list[str] = []
        for piece in _ADDRESSES.split(text) if text.count("@") > 1 else (text,):
            if piece:
                try:
                    found.append(email(piece))
                except BadValue as bad:
                    self._note("email", bad.code)
        return tuple(found)


def _remembering(read: Read) -> Read:
    """Read a value that comes again, such as a city, once."""
    known: dict[Cell, Any] = {}

    def convert(cell: Cell) -> Any:
        if cell not in known:
            known[cell] = read(cell)
        return known[cell]

    return convert


def text_of(cell: Cell) -> str:
    """
    Give a text with its blanks put in order, letters repaired and placeholders taken for nothing.

    >>> text_of("  José   Peña "), text_of("N/A")
    ('José Peña', '')
    """
    text = cell.strip() if isinstance(cell, str) else as_text(cell)
    if "  " in text or not text.isprintable():  # line breaks and tabs do not print
        text = " ".join(text.split())
    if len(text) <= 4 and is_empty(text):
        return ""
    return (text if text.isascii() else unscramble(text))[:_LONGEST_TEXT]
