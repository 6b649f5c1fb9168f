"""A mapping held against the file it is for, and against what the mode needs."""

from typing import Any

from chalicelib.domain.errors import BadField, MappingIncomplete, MappingRefused
from chalicelib.domain.upload import UploadMode
from chalicelib.intake.mapping import mapping_problems

MOST_TITLE_ROWS = 100


def other_table(mapping: dict[str, Any], inspection: dict[str, Any]) -> dict[str, Any]:
    """Say which sheet or header rows a person chose, where they are not those that were read."""
    other: dict[str, Any] = {}
    sheet, header_rows = mapping.get("sheet"), mapping.get("header_rows")
    if sheet and sheet != inspection.get("sheet"):
        if sheet not in inspection["sheets"]:
            raise BadField(field="sheet", reason="unknown")
        other["sheet"] = sheet
    if header_rows is not None and list(header_rows) != list(inspection["header_rows"]):
        if not all(0 <= row < len(inspection["preview"]) + MOST_TITLE_ROWS for row in header_rows):
            raise BadField(field="header_rows", reason="out_of_range")
        other["header_rows"] = list(header_rows)
    return other


def checked_mapping(
    mapping: dict[str, Any], inspection: dict[str, Any], *, mode: UploadMode
) -> dict[str, Any]:
    """
    Hold a mapping against the file and the mode.

    Returns:
        The mapping in its stored form: ``columns`` with a field or None for every column.

    Raises:
        MappingRefused, MappingIncomplete: See ``put_mapping``.
    """
    columns = {str(column["index"]) for column in inspection["columns"]}
    given = {str(index): name for index, name in mapping.get("columns", {}).items()}
    for index in given.keys() - columns:
        raise MappingRefused(column=index, field=given[index], reason="no_column")
    whole = {
        "columns": {index: given.get(index) for index in sorted(columns, key=int)},
        "answers": {str(k): str(v) for k, v in mapping.get("answers", {}).items()},
        "sheet": inspection.get("sheet"),
        "header_rows": inspection.get("header_rows", []),
    }
    missing, unanswered = [], []
    for found in mapping_problems(inspection, whole, mode.value):
        details = found["details"]
        match found["code"]:
            case "mapping.missing":
                missing.append(details["fields"])
            case "mapping.unanswered":
                unanswered.append(details["question"])
            case code:
                raise MappingRefused(field=details["field"], reason=code.rpartition(".")[2])
    if missing or unanswered:
        raise MappingIncomplete(missing=missing, unanswered=unanswered)
    return whole
