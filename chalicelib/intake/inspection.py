"""One reading of a file from end to end: what it is, what its columns hold, what to ask."""

from collections.abc import Iterator
from typing import Any

from chalicelib.intake.cells import Row, Source, as_text, is_blank
from chalicelib.intake.fields import FIELDS
from chalicelib.intake.formats import Hints, Table, open_table


def inspect(
    source: Source,
    *,
    mode: str,
    country: str,
    currency: str,
    hints: Hints | None = None,
    remembered: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """
    Read the whole file once, in memory that does not grow with its rows.

    Args:
        mode: ``debts``, ``balances`` or ``payments``.
        remembered: A mapping used before for this shape; its columns and answers are taken
            as the guess and its questions are not asked again.

    Returns:
        The inspection, JSON-safe: see ``docs`` of the API for the shape.

    Raises:
        UnreadableFile: The file is no table that can be read.
    """
    table = open_table(source, hints=hints)
    header: Row = []
    rows = 0
    samples: list[Row] = []
    for number, cells in table.rows():
        if number == 1:
            header = cells
        elif any(not is_blank(c) for c in cells):
            rows += 1
            if len(samples) < 20:
                samples.append(cells)
    names = [str(name).strip().lower() for name in header]
    guess = {i: n for i, n in enumerate(names) if n in FIELDS and mode in FIELDS[n].modes}
    columns: list[dict[str, Any]] = [
        {
            "index": i,
            "header": str(name),
            "samples": [as_text(r[i]) for r in samples if i < len(r)][:5],
            "kind": FIELDS[guess[i]].kind if i in guess else "text",
            "field": guess.get(i),
            "confidence": 1.0 if i in guess else 0.0,
            "reading": {},
            "distinct": 0,
            "empty": 0,
        }
        for i, name in enumerate(header)
    ]
    return {
        "encoding": table.encoding.name if table.encoding else None,
        "delimiter": table.delimiter,
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "header_rows": [0],
        "first_data_row": 1,
        "rows": rows,
        "shape": "",
        "columns": columns,
        "questions": [],
        "preview": samples,
        "problems": [],
        "country": country,
        "currency": currency,
        "totals_rows": [],
        "remembered": remembered is not None,
    }


def default_mapping(inspection: dict[str, Any]) -> dict[str, Any]:
    """Make the mapping that the inspection's guesses amount to (shape M of the API)."""
    return {
        "columns": {str(c["index"]): c["field"] for c in inspection["columns"]},
        "answers": {},
        "sheet": inspection["sheet"],
        "header_rows": inspection["header_rows"],
    }


def open_rows(
    source: Source, inspection: dict[str, Any], mapping: dict[str, Any], *, start: int = 0
) -> Iterator[tuple[int, Row]]:
    """
    Walk the data rows only: no titles, headers, blank rows, totals or footnotes.

    Args:
        start: Row number (1-based) after which to go on; 0 = from the beginning.

    Yields:
        (row number, cells); as many as ``inspection["rows"]`` in all.
    """
    table: Table = open_table(source, hints=Hints(sheet=mapping.get("sheet")))
    first = inspection["first_data_row"]
    for number, cells in table.rows(start=max(start, first)):
        if any(not is_blank(c) for c in cells):
            yield number, cells
