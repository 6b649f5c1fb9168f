"""Reading a history of invoices: one row each, dates in one order for the whole file."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from chalicelib.prediction.history import Invoice

# As exports name them, folded: letters only.
NAMES = {
    "customer": ("customerid", "customer", "custnumber", "cliente", "debtorid", "nocliente"),
    "issued_on": ("invoicedate", "issuedon", "fechafactura", "fechaemision", "documentcreatedate"),
    "due_on": ("duedate", "dueon", "dueindate", "vencimiento", "fechavencimiento", "vence"),
    "amount": ("invoiceamount", "amount", "importe", "monto", "convertedusd", "totalopenamount"),
    "settled_on": ("settleddate", "settledon", "cleardate", "fechapago", "pagadoel"),
}
OPTIONAL = {
    "paperless_on": ("paperlessdate", "digitaldesde"),
    "paperless": ("paperlessbill", "digital"),
    "group": ("countrycode", "country", "pais", "businesscode", "product", "producto"),
}
ELECTRONIC = {"electronic", "yes", "si", "true", "1"}
MONTHS = 12


class BadHistory(ValueError):
    """The file cannot be read as a history; the message names row and column."""


@dataclass(frozen=True, slots=True)
class _Columns:
    by_field: dict[str, str]
    order: str


def read(path: Path, *, order: str | None = None) -> list[Invoice]:
    """
    Read a CSV file of invoices, IBM's accounts receivable as they are among them.

    Args:
        order: ``mdy`` or ``dmy`` when the file itself does not tell.

    Raises:
        BadHistory: A column is missing, a cell cannot be read, or the order of dates is open.
        OSError: It cannot be opened.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise BadHistory("the file has no rows")
    named = _columns(list(rows[0]))
    dates = [named[one] for one in ("issued_on", "due_on", "settled_on")]
    order = order or _order(rows, dates)
    return list(_invoices(rows, _Columns(named, order)))


def _columns(header: Sequence[str]) -> dict[str, str]:
    folded = {"".join(filter(str.isalpha, name.lower())): name for name in header}
    named: dict[str, str] = {}
    for wanted, names in {**NAMES, **OPTIONAL}.items():
        found = next((folded[name] for name in names if name in folded), None)
        if found is not None:
            named[wanted] = found
        elif wanted in NAMES:
            raise BadHistory(f"no column for {wanted}; known names: {', '.join(names)}")
    return named


def _order(rows: Sequence[dict[str, str]], columns: Sequence[str]) -> str:
    """Tell the order of day and month from all dates of the file together."""
    texts = [text for row in rows for name in columns if (text := (row[name] or "").strip())]
    if all(text[:4].isdigit() for text in texts):
        return "ymd"
    parts = [text.replace("-", "/").replace(".", "/").split("/") for text in texts]
    numbers = [one for one in parts if len(one) == 3 and all(part.isdigit() for part in one)]
    first = any(int(one[0]) > MONTHS for one in numbers)
    second = any(int(one[1]) > MONTHS for one in numbers)
    if first == second:
        raise BadHistory("the dates may be read in two ways; say --dates dmy or --dates mdy")
    return "dmy" if first else "mdy"


def _invoices(rows: Sequence[dict[str, str]], columns: _Columns) -> Iterator[Invoice]:
    named = columns.by_field
    for number, row in enumerate(rows, start=2):
        settled = (row[named["settled_on"]] or "").strip()
        issued_on = _date(row, "issued_on", number, columns)
        yield Invoice(
            customer=row[named["customer"]].strip(),
            issued_on=issued_on,
            due_on=_date(row, "due_on", number, columns),
            settled_on=_date(row, "settled_on", number, columns) if settled else None,
            amount_minor=_amount(row, number, columns),
            paperless=_paperless(row, issued_on, number, columns),
            group=row[named["group"]].strip() if "group" in named else "",
        )


def _paperless(row: dict[str, str], issued_on: date, number: int, columns: _Columns) -> bool:
    named = columns.by_field
    if "paperless" in named:
        return row[named["paperless"]].strip().lower() in ELECTRONIC
    if "paperless_on" in named and row[named["paperless_on"]].strip():
        return _date(row, "paperless_on", number, columns) <= issued_on
    return False


def _date(row: dict[str, str], field: str, number: int, columns: _Columns) -> date:
    name = columns.by_field[field]
    text = row[name].strip().removesuffix(" 00:00:00").removesuffix(".0")
    spoken = text.replace("-", "/").replace(".", "/")
    if columns.order == "ymd" and "/" not in spoken:
        spoken = f"{spoken[:4]}/{spoken[4:6]}/{spoken[6:]}"
    form = {"ymd": "%Y/%m/%d", "mdy": "%m/%d/%Y", "dmy": "%d/%m/%Y"}[columns.order]
    try:
        return datetime.strptime(spoken, form).date()  # noqa: DTZ007 (a day has no zone)
    except ValueError as error:
        raise BadHistory(f"row {number}, {name}: {text!r} is no date") from error


def _amount(row: dict[str, str], number: int, columns: _Columns) -> int:
    name = columns.by_field["amount"]
    try:
        return round(float(row[name].replace(",", "")) * 100)
    except ValueError as error:
        raise BadHistory(f"row {number}, {name}: {row[name]!r} is no amount") from error
