"""What a file is made of, before anybody knows what it means: cells, rows, sources."""

from typing import Any, Protocol

from chalicelib.domain.errors import Invalid

# A cell as the file has it. Text files have only text; spreadsheets also numbers (their dates
# are ISO text here). All three survive JSON unchanged, which is how rows travel in chunks.
Cell = str | int | float
Row = list[Cell]


class Source(Protocol):
    """A binary file that can be read again from any place: a local file or a ranged S3 reader."""

    def read(self, size: int = -1, /) -> bytes: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...

    def tell(self) -> int: ...


class UnreadableFile(Invalid):
    """
    The file is not a table that we can read.

    details: ``reason``: ``empty``, ``not_a_table``, ``encrypted``, ``damaged``, ``html``,
    ``unbalanced_quote``, ``no_such_sheet``, ``too_wide``, ``too_large``, ``no_rows``.
    """

    code = "file.unreadable"


def problem(code: str, **details: Any) -> dict[str, Any]:
    """Shape of one thing found wrong with a file: ``{"code", "details"}``, JSON-safe."""
    return {"code": code, "details": details}


def is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def number_text(value: float) -> str:
    """
    Write a spreadsheet's number as it shows it: fifteen digits, without a float's noise.

    >>> number_text(3411.299999999999), number_text(2023.0), number_text(57.603)
    ('3411.3', '2023', '57.603')
    """
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"


def as_text(cell: Cell) -> str:
    """
    Give a cell as a person would read it.

    >>> as_text(2023.0), as_text(57.603), as_text(" Ana ")
    ('2023', '57.603', 'Ana')
    """
    return cell.strip() if isinstance(cell, str) else number_text(cell)
