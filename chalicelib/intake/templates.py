"""A file to start from: headers that the mapping recognises, one example row, what each is for."""

import csv
import io
from typing import Any

from chalicelib.domain.money import DECIMALS
from chalicelib.intake.conventions import decimal_mark
from chalicelib.intake.fields import FIELDS, REQUIRED
from chalicelib.intake.rejects import MIME
from chalicelib.intake.texts import field_name, text

# Invented people and published example numbers; no phone here reaches anybody.
_TAX_IDS = {
    "AR": "20-05536168-2", "BO": "4912345", "BR": "390.533.447-05", "CL": "76.354.771-K",
    "CO": "213.123.432-1", "CR": "1-613-584", "EC": "171430710-3", "ES": "54362315-K",
    "MX": "GODE561231GR8", "PA": "8-442-445", "PE": "20512333797", "PY": "80028061-0",
    "US": "536-90-4399", "UY": "21-100342-001-7",
}  # fmt: skip
_POINTS = {
    "AR": ("-34.603722", "-58.381592"), "BO": ("-16.495545", "-68.133623"),
    "BR": ("-23.550520", "-46.633309"), "CL": ("-33.437778", "-70.650278"),
    "CO": ("4.598056", "-74.075833"), "CR": ("9.932231", "-84.079407"),
    "EC": ("-0.220164", "-78.512327"), "ES": ("40.416775", "-3.703790"),
    "MX": ("19.432608", "-99.133209"), "PA": ("8.952500", "-79.535000"),
    "PE": ("-12.046374", "-77.042793"), "PY": ("-25.282197", "-57.635100"),
    "US": ("38.895110", "-77.036366"), "UY": ("-34.905892", "-56.191310"),
}  # fmt: skip
_COLUMNS = {
    "debts": (
        "debtor_id", "name", "tax_id", "phone", "phone2", "email", "address", "city", "region",
        "postal_code", "lat", "lng", "debt_id", "product", "issued_on", "due_on", "balance",
        "interest", "fees", "tags", "note",
    ),
    "balances": ("debt_id", "debtor_id", "name", "balance", "due_on"),
    "payments": (
        "debt_id", "debtor_id", "name", "payment_amount", "paid_on", "payment_reference",
        "payment_method",
    ),
}  # fmt: skip
_EXAMPLES = {
    "debtor_id": "C-1001",
    "name": "Ana Ejemplo Ruiz",
    "email": "ana@example.com",
    "address": "Av. Central 123",
    "debt_id": "F-2001",
    "issued_on": "2025-01-13",
    "due_on": "2025-02-28",
    "paid_on": "2025-03-15",
    "payment_reference": "R-3001",
    "tags": "norte",
}
_AMOUNTS = {"balance": 123456, "interest": 1500, "fees": 500, "payment_amount": 50000}


def template(
    mode: str, *, country: str, currency: str, language: str, kind: str
) -> tuple[bytes, str, str]:
    """
    Make the file.

    Args:
        kind: ``xlsx`` or ``csv``.

    Returns:
        Its bytes, media type and file name.
    """
    fields = _COLUMNS[mode]
    header = [field_name(field, language) for field in fields]
    example = [_example(field, country, currency) for field in fields]
    name = f"recobro-{mode}-{country.lower()}.{kind}"
    if kind == "csv":
        return _csv(header, example, country), MIME["csv"], name
    return _xlsx(mode, header, example, language), MIME["xlsx"], name


def _example(field: str, country: str, currency: str) -> str:
    if field in _AMOUNTS:
        minor, decimals = _AMOUNTS[field], DECIMALS[currency]
        mark = decimal_mark(country)
        if not decimals:
            return str(minor)
        return f"{minor // 10**decimals}{mark}{minor % 10**decimals:0{decimals}d}"
    if field == "tax_id":
        return _TAX_IDS[country]
    if field in ("phone", "phone2"):
        return _phone(country) if field == "phone" else ""
    if field in ("lat", "lng"):
        return _POINTS[country][0 if field == "lat" else 1]
    return _EXAMPLES.get(field, "")


def _phone(country: str) -> str:
    import phonenumbers

    number: Any = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _csv(header: list[str], example: list[str], country: str) -> bytes:
    """Excel opens a marked UTF-8 file as it should, with the delimiter of the country's Excel."""
    out = io.StringIO()
    delimiter = ";" if decimal_mark(country) == "," else ","
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows([header, example])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(mode: str, header: list[str], example: list[str], language: str) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        as_text = book.add_format({"num_format": "@"})  # ids keep their zeros
        sheet = book.add_worksheet(text("intake.template.sheet", language))
        for column, (name, value) in enumerate(zip(header, example, strict=True)):
            sheet.set_column(column, column, max(14, len(name) + 2), as_text)
            sheet.write_string(0, column, name, bold)
            sheet.write_string(1, column, value, as_text)
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet(text("intake.template.help", language))
        notes.set_column(0, 1, 34)
        for row, field in enumerate(_COLUMNS[mode]):
            notes.write_string(row, 0, field_name(field, language))
            notes.write_string(row, 1, text(_need(field, mode), language))
    return out.getvalue()


def _need(field: str, mode: str) -> str:
    for group in REQUIRED[mode]:
        if field in group:
            alone = len(group) == 1
            return "intake.template.required" if alone else "intake.template.one_of"
    return "intake.template.optional"


def template_fields(mode: str) -> tuple[str, ...]:
    """Name the fields a template has columns for; all of them fields of *mode*."""
    return tuple(field for field in _COLUMNS[mode] if mode in FIELDS[field].modes)
