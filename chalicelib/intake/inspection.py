"""One reading of a file from end to end: what it is, what its columns hold, what to ask."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from chalicelib.intake.cells import Row, Source, as_text, problem
from chalicelib.intake.columns import described
from chalicelib.intake.evidence import Column
from chalicelib.intake.fields import FIELDS, MODES, missing_fields
from chalicelib.intake.formats import MAX_COLUMNS, Hints, Table, open_table
from chalicelib.intake.layout import SAMPLE_ROWS, Layout, RowSorter, find_layout
from chalicelib.intake.mapping import guess, is_known_name, name_scores, shape_of
from chalicelib.intake.names import unscramble
from chalicelib.intake.sniff import MIXED_ERRORS

PREVIEW_ROWS = 20
_BATCH = 2_000
_KEPT_NUMBERS = 200  # row numbers of totals and notes listed; all are counted


def inspect(
    source: Source,
    *,
    mode: str,
    country: str,
    currency: str,
    hints: Hints | None = None,
    remembered: dict[str, Any] | Callable[[str], dict[str, Any] | None] | None = None,
    header_rows: Sequence[int] | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """
    Read the whole file once, in memory that does not grow with its rows.

    Args:
        mode: ``debts``, ``balances`` or ``payments``.
        remembered: A mapping used before for this shape, or a function that finds one by
            shape; its columns are taken as the guess, and its answers answer the questions.
        header_rows: Rows (0-based) that somebody said are the header.
        progress: Called with the number of rows read so far, every few thousand.

    Returns:
        The inspection, JSON-safe, shape I of the API. Row positions (``header_rows``,
        ``units_row``, ``first_data_row``, ``totals_rows``, ``notes_rows``) count from 0. Each
        column also has ``name`` (all header rows joined), ``questions``, and ``sum``,
        ``negative``, ``unreadable`` (money and numbers) or ``min``, ``max``, ``unreadable``
        (dates) under its reading. ``suggested`` holds the mapping that follows.

    Raises:
        UnreadableFile: The file is no table that can be read.
    """
    hints = hints or Hints()
    table = open_table(source, hints=hints)
    walk = table.rows()
    head = [row for _, row in itertools.islice(walk, SAMPLE_ROWS)]
    layout = find_layout(head, known=is_known_name, forced=header_rows)
    gathered = _Gathered(layout)
    for start in range(layout.first_data_row, len(head), _BATCH):
        gathered.add(start, head[start : start + _BATCH])
    position = max(len(head), layout.first_data_row)
    while batch := [row for _, row in itertools.islice(walk, _BATCH)]:
        gathered.add(position, batch)
        position += len(batch)
        if progress:
            progress(position)
    columns, questions, problems = described(layout, gathered.columns, country, currency)
    shape = shape_of([column["name"] for column in columns], table.kind, mode)
    known = remembered(shape) if callable(remembered) else remembered
    guessed = guess(columns, mode)
    for column in columns:
        field, confidence = guessed.get(column["index"], (None, 0.0))
        column["field"], column["confidence"] = field, confidence
    if known:
        _recall(columns, known, mode)
    inspection: dict[str, Any] = {
        "kind": table.kind,
        "encoding": table.encoding.name if table.encoding else None,
        "bom": bool(table.encoding and table.encoding.bom),
        "delimiter": table.delimiter,
        "quote": table.quote,
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "header_rows": list(layout.header_rows),
        "header": list(layout.header),
        "units_row": layout.units_row,
        "first_data_row": layout.first_data_row,
        "words": list(layout.words),
        "rows": gathered.kinds["data"],
        "widest_row": gathered.widest,
        "blank_rows": gathered.kinds["blank"],
        "totals_rows": gathered.totals,
        "totals": gathered.kinds["total"],
        "notes_rows": gathered.notes,
        "shape": shape,
        "columns": columns,
        "questions": [*_sheet_question(source, table, hints, mode), *questions],
        "preview": [[as_text(cell) for cell in row] for row in gathered.preview],
        "problems": [*_file_problems(table, layout, gathered), *problems],
        "remembered": known is not None,
        "mode": mode,
        "country": country,
        "currency": currency,
    }
    inspection["suggested"] = default_mapping(inspection, known)
    return inspection


class _Gathered:
    """What the walk over the rows adds up."""

    def __init__(self, layout: Layout) -> None:
        self._sorter = RowSorter(layout)
        self.columns: list[Column] = [Column() for _ in layout.names]
        self.kinds: Counter[str] = Counter()
        self.totals: list[int] = []
        self.notes: list[int] = []
        self.preview: list[Row] = []
        self.widest = len(layout.names)
        self.scrambled = 0

    def add(self, start: int, rows: Sequence[Row]) -> None:
        kind_of = self._sorter.kind
        data: list[Row] = []
        for number, row in enumerate(rows, start):
            kind = kind_of(row)
            if kind == "data":
                data.append(row)
            else:
                self.kinds[kind] += 1
                kept = {"total": self.totals, "note": self.notes, "header": self.notes}.get(kind)
                if kept is not None and len(kept) < _KEPT_NUMBERS:
                    kept.append(number)
        if not data:
            return
        self.kinds["data"] += len(data)
        if len(self.preview) < PREVIEW_ROWS:
            self.preview.extend(data[: PREVIEW_ROWS - len(self.preview)])
        widest = min(max(map(len, data)), MAX_COLUMNS)
        self.widest = max(self.widest, widest)
        while len(self.columns) < widest:
            late = Column()
            late.empty = self.kinds["data"] - len(data)
            self.columns.append(late)
        for index, values in enumerate(
            itertools.islice(itertools.zip_longest(*data, fillvalue=""), MAX_COLUMNS)
        ):
            self.columns[index].add(values)
        for column in self.columns[widest:]:
            column.empty += len(data)


def _sheet_question(source: Source, table: Table, hints: Hints, mode: str) -> list[dict[str, Any]]:
    """Ask which sheet when another one, not much smaller, names all the columns needed, too."""
    sizes = table.sizes()
    if hints.sheet is not None or len(sizes) < 2:
        return []
    rivals = [
        name
        for name, size in sizes.items()
        if name == table.sheet
        or (size * 4 >= max(sizes.values()) > 0 and _could_be(source, name, mode))
    ]
    if len(rivals) < 2:
        return []
    return [
        {
            "id": "sheet",
            "column": None,
            "kind": "sheet",
            "suggested": table.sheet,
            "choices": [
                {"value": name, "label_key": "intake.choice.sheet", "example": name}
                for name in rivals
            ],
        }
    ]


def _could_be(source: Source, sheet: str, mode: str) -> bool:
    head = [
        row
        for _, row in itertools.islice(
            open_table(source, hints=Hints(sheet=sheet)).rows(), SAMPLE_ROWS
        )
    ]
    names = find_layout(head, known=is_known_name).names
    fields = {field for name in names for field, s in name_scores(name, mode).items() if s > 0.9}
    return not missing_fields(fields, mode)


def _recall(columns: list[dict[str, Any]], known: dict[str, Any], mode: str) -> None:
    """Take the remembered fields for the guess; the shape is equal, so the columns are."""
    for column in columns:
        field = known["columns"].get(str(column["index"]))
        if field is not None and (field not in FIELDS or mode not in FIELDS[field].modes):
            field = None
        column["field"], column["confidence"] = field, 1.0 if field else 0.0


def _file_problems(table: Table, layout: Layout, gathered: _Gathered) -> list[dict[str, Any]]:
    found = []
    if table.encoding and table.encoding.errors == MIXED_ERRORS:
        found.append(problem("file.mixed_encodings"))
    if any(unscramble(name) != name for name in layout.names):
        found.append(problem("file.scrambled_letters"))
    if not layout.header_rows:
        found.append(problem("file.no_header"))
    if gathered.kinds["total"]:
        found.append(problem("rows.totals", rows=gathered.kinds["total"]))
    if gathered.kinds["note"] + gathered.kinds["header"]:
        found.append(problem("rows.notes", rows=gathered.kinds["note"] + gathered.kinds["header"]))
    if any(column.filled for column in gathered.columns[len(layout.names) :]):
        found.append(problem("rows.wider_than_header", columns=gathered.widest))
    return found


def default_mapping(
    inspection: dict[str, Any], remembered: dict[str, Any] | None = None
) -> dict[str, Any]:
    """
    Make the mapping that the inspection's guesses amount to (shape M of the API).

    Its questions stay unanswered but for those that *remembered* has answered.
    """
    asked = {question["id"] for question in inspection["questions"]}
    answers = (remembered or {}).get("answers", {})
    return {
        "columns": {str(c["index"]): c["field"] for c in inspection["columns"]},
        "answers": {key: value for key, value in answers.items() if key in asked},
        "sheet": inspection["sheet"],
        "header_rows": inspection["header_rows"],
    }


def open_rows(
    source: Source, inspection: dict[str, Any], mapping: dict[str, Any], *, start: int = 0
) -> Iterator[tuple[int, Row]]:
    """
    Walk the data rows only: no titles, headers, blank rows, totals or footnotes.

    Args:
        mapping: When its sheet or header rows differ from the inspection's, inspect again
            first (``inspect(..., hints=Hints(sheet=...), header_rows=...)``).
        start: Row number (1-based) after which to go on; 0 = from the beginning.

    Yields:
        (row number, cells); ``inspection["rows"]`` of them in all.
    """
    hints = Hints(
        encoding=inspection["encoding"],
        delimiter=inspection["delimiter"],
        quote=inspection["quote"],
        sheet=mapping.get("sheet") or inspection["sheet"],
    )
    table = open_table(source, hints=hints)
    sorter = RowSorter(
        Layout(
            header_rows=tuple(inspection["header_rows"]),
            units_row=inspection["units_row"],
            first_data_row=inspection["first_data_row"],
            header=tuple(inspection["header"]),
            names=tuple(column["header"] for column in inspection["columns"]),
            words=tuple(inspection["words"]),
        )
    )
    for number, cells in table.rows(start=max(start, inspection["first_data_row"])):
        if sorter.kind(cells) == "data":
            yield number, cells


def best_mode(inspection: dict[str, Any]) -> str:
    """Name the mode whose required fields the columns cover best."""

    def fit(mode: str) -> tuple[int, float]:
        guessed = guess(inspection["columns"], mode)
        lacking = missing_fields({field for field, _ in guessed.values()}, mode)
        return -len(lacking), sum(confidence for _, confidence in guessed.values())

    return max(MODES, key=fit)


def refit(inspection: dict[str, Any], mode: str) -> dict[str, Any]:
    """Give the inspection as *mode* would have guessed it, without reading the file again."""
    guessed = guess(inspection["columns"], mode)
    columns = []
    for column in inspection["columns"]:
        field, confidence = guessed.get(column["index"], (None, 0.0))
        columns.append({**column, "field": field, "confidence": confidence})
    names = [column["name"] for column in columns]
    changed = {
        **inspection,
        "columns": columns,
        "mode": mode,
        "shape": shape_of(names, inspection["kind"], mode),
    }
    return {**changed, "suggested": default_mapping(changed)}
