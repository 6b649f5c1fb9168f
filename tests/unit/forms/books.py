"""Spreadsheets for tests, written as an author would."""

from io import BytesIO
from typing import Any

import openpyxl

from chalicelib.forms.compiling import compile_form
from chalicelib.forms.evaluate import Surroundings

NOW = "2026-11-22T10:30:00.000-06:00"


def book(survey: list[dict[str, Any]], choices=(), settings=None) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in (("survey", survey), ("choices", choices), ("settings", [settings or {}])):
        sheet = made.create_sheet(name)
        headers = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append(headers)
        for row in rows:
            sheet.append([row.get(header) for header in headers])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def form_of(survey, choices=(), settings=None, **more) -> dict[str, Any]:
    return compile_form(book(survey, choices, settings), "prueba.xlsx", **more)


def question(kind: str, name: str, **columns: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "label": name} | columns


def surroundings(**more: Any) -> Surroundings:
    return Surroundings(**({"now": NOW, "language": "es"} | more))
