"""Where in the spreadsheet something is written, to say it in a refusal."""

import re
from collections import defaultdict
from io import BytesIO

from chalicelib.forms.errors import FormRefused

_ENDS = re.compile(r"\s*end[_ ]?(group|repeat|loop)\s*", re.IGNORECASE)


class Sheet:
    """
    Args:
        rows: All cells as texts, blank rows included; the first holds the headers.
    """

    def __init__(self, name: str, rows: list[list[str]]) -> None:
        self.name = name
        self.headers = rows[0] if rows else []
        self.rows = rows[1:]

    def header(self, *wanted: str) -> int | None:
        """Find the first column with one of these headers, whatever its language."""
        for index, header in enumerate(self.headers):
            if _plain(header) in wanted or _plain(header.split(":")[0]) in wanted:
                return index
        return None

    def cell(self, row: list[str], index: int | None) -> str:
        return row[index] if index is not None and index < len(row) else ""

    def find(self, text: str, index: int | None = None) -> tuple[int, str] | None:
        """
        Find a cell that reads *text*, or holds it.

        Returns:
            Row as the spreadsheet numbers it, and the column's header.
        """
        for whole in (True, False):
            for number, row in enumerate(self.rows, start=2):
                for column, cell in enumerate(row):
                    if index is not None and column != index:
                        continue
                    if cell.strip() == text if whole else text in cell:
                        return number, self.cell(self.headers, column)
        return None


class Workbook:
    """
    Raises:
        FormRefused: It is no spreadsheet that can be read.
    """

    def __init__(self, content: bytes) -> None:
        import python_calamine

        try:
            book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
            self._sheets = {
                name.strip().lower(): Sheet(
                    name,
                    [
                        [_text(cell) for cell in row]
                        for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                    ],
                )
                for name in book.sheet_names
            }
        except Exception as error:  # calamine's own error tree grows; all mean: cannot be read
            raise FormRefused("form.unreadable") from error

    def sheet(self, name: str) -> Sheet:
        return self._sheets.get(name.lower(), Sheet(name, []))

    @property
    def names(self) -> list[str]:
        return [sheet.name for sheet in self._sheets.values()]


class Rows:
    """The survey's rows by the name of the question, handed out in the order of the form."""

    def __init__(self, survey: Sheet) -> None:
        self._sheet = survey
        self._left: dict[str, list[int]] = defaultdict(list)
        self._last: int | None = None
        kind, name = survey.header("type", "command"), survey.header("name", "tag", "value")
        for number, row in enumerate(survey.rows, start=2):
            if not _ENDS.fullmatch(survey.cell(row, kind)):
                self._left[survey.cell(row, name).strip()].append(number)

    def take(self, name: str) -> int | None:
        """Give the row of the next question of this name; of one that pyxform adds, the last."""
        if self._left.get(name):
            self._last = self._left[name].pop(0)
        return self._last

    def column(self, *wanted: str) -> str:
        index = self._sheet.header(*wanted)
        return wanted[0] if index is None else self._sheet.headers[index]


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _plain(header: str) -> str:
    return re.sub(r"[\s\-]+", "_", header.strip().lower())


# pyxform's message: "[row : 8] On the 'survey' sheet, the 'calculation' value is invalid. ..."
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"(?:On|in|for) the '?(survey|choices|settings|entities|osm)'? sheet", re.I)
_SHEET_NAMED = re.compile(r"sheet: '(\w+)'")
_COLUMN = re.compile(r"the '([^']+)' (?:value|column|header)")
_QUOTED = re.compile(r"'([^']+)'")
_HINT = re.compile(r"\s*Learn more: \S+")
_TYPE = re.compile(r"Unknown question type '([^']*)'")
_DUPLICATE = re.compile(r"Duplicate column header: (.+)")
_COLUMNS_BY_WORDS = (
    ("with no name", "name"),
    ("Missing calculation", "calculation"),
    ("Unmatched", "type"),
    ("external_choices", "type"),
)
_NO_LIST = re.compile(r"List name not in choices sheet: (.+)")


def explained(message: str, workbook: Workbook) -> FormRefused:
    """Turn pyxform's refusal into ours: where it is, by its words and by looking in the file."""
    first = _HINT.sub("", message).strip().split("\n")[0]
    row_found = _ROW.search(first)
    row = int(row_found[1]) if row_found else None
    text = _ROW.sub("", first)
    named = _SHEET.search(text) or _SHEET_NAMED.search(text)
    sheet = workbook.sheet(named[1] if named else "survey")
    column_found = _COLUMN.search(text)
    column = column_found[1] if column_found else None
    if found := _TYPE.search(text):
        column = "type"
        place = sheet.find(found[1], sheet.header("type", "command"))
        if place is not None:
            row, column = place
        return _refusal("type.unsupported", found[1], sheet, row, column)
    if found := _NO_LIST.search(text):
        column = _written(sheet, "type")
        return _refusal("choices.no_such_list", found[1], sheet, row, column)
    if found := _DUPLICATE.search(text):
        for name in workbook.names:
            candidate = workbook.sheet(name)
            if [_plain(h) for h in candidate.headers].count(_plain(found[1])) > 1:
                sheet = candidate
                break
        return _refusal("sheet.column_twice", found[1], sheet, 1, found[1])
    quoted = _QUOTED.findall(_SHEET_NAMED.sub("", text))
    if "headers" in text.lower() and quoted:
        return _refusal("form.refused", text, sheet, 1, quoted[-1])
    row, column = _looked_up(text, quoted, sheet, row, column)
    return _refusal("form.refused", text, sheet, row, column)


def _looked_up(
    text: str, quoted: list[str], sheet: Sheet, row: int | None, column: str | None
) -> tuple[int | None, str | None]:
    """Find by the words of a message the row and column that it leaves out."""
    if row is None:
        words = ["select_one_external"] if "external_choices" in text else quoted
        place = next((found for word in words if (found := sheet.find(word))), None)
        if place is not None:
            row, column = place[0], column or place[1]
    if column is None:
        column = next((name for words, name in _COLUMNS_BY_WORDS if words in text), None)
    return row, None if column is None else _written(sheet, column)


def _written(sheet: Sheet, column: str) -> str:
    index = sheet.header(_plain(column))
    return column if index is None else sheet.headers[index]


def _refusal(
    code: str, detail: str, sheet: Sheet, row: int | None, column: str | None
) -> FormRefused:
    return FormRefused(code, detail, sheet=sheet.name, row=row, column=column)
