"""Builders of small files with the quirks of real ones, and the folder of shared real ones."""

import csv
import io
import os
from pathlib import Path

SHARED = Path(
    os.environ.get("RECOBRO_SHARED") or Path(__file__).resolve().parents[3].parent / "shared"
)


def csv_file(
    rows, *, delimiter=",", encoding="utf-8", bom=b"", newline="\r\n", quoting=csv.QUOTE_MINIMAL
):
    """Write rows as a text file in memory."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    return io.BytesIO(bom + text.getvalue().encode(encoding))


def xlsx_file(rows, *, sheets=None, strings_in_table=True):
    """Write rows as a workbook in memory; *sheets* maps more sheet names to their rows."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "constant_memory": not strings_in_table}
    with xlsxwriter.Workbook(out, options) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, content in {"Hoja1": rows, **(sheets or {})}.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(content):
                for c, value in enumerate(row):
                    if hasattr(value, "year"):
                        sheet.write_datetime(r, c, value, day)
                    elif value != "":
                        sheet.write(r, c, value)
    out.seek(0)
    return out
