"""
A spreadsheet becomes a questionnaire: XLSForm, read by pyxform, compiled to JSON.

The phone and the server run the JSON; neither sees the spreadsheet, pyxform or XML. What cannot
be run the same on both is refused here, with the sheet, row and column where it is written.

    {"format": 1, "form_id", "title", "version", "digest", "root",
     "default_language", "languages": [code, ...],
     "lists": {name: [{"name", "label": {code: text}, "columns": {header: value}}, ...]},
     "items": [item, ...], "warnings": [{"code", "detail", "sheet", "row", "column", "question"}]}

    item: {"name", "kind", "row", "label": {code: text}, ...} with, where they say something:
    "hint", "guidance", "media", "appearance", "parameters", "relevant", "required",
    "required_message", "constraint", "constraint_message", "calculate", "read_only", "default",
    "dynamic_default", "list", "filter", "count", "trigger", "source", "topic", "items".

A text is a string, or a list of strings and expressions where it mentions answers. An expression
is a tree of ``expressions.py``, its references resolved to paths from the root.
"""

import csv
import hashlib
import json
import re
from collections.abc import Mapping
from io import BytesIO, StringIO
from typing import Any

from chalicelib.forms import topics
from chalicelib.forms.errors import FormRefused
from chalicelib.forms.items import Items
from chalicelib.forms.languages import by_code, code_of
from chalicelib.forms.sheets import Workbook, explained

FORMAT = 1
MAX_BYTES = 5_000_000
MAX_COMPILED_BYTES = 2_000_000
_NOT_A_COLUMN = {"name", "label", "media", "sms_option"}


def compile_form(
    content: bytes, filename: str, *, attachments: Mapping[str, bytes] | None = None
) -> dict[str, Any]:
    """
    Compile a questionnaire.

    Args:
        content: An ``.xlsx`` or ``.xls`` file.
        filename: Names the form where its settings do not.
        attachments: Tables that the form chooses from (``select_one_from_file``, ``pulldata``,
            ``instance()``), CSV, by the name that the form gives them.

    Raises:
        FormRefused: pyxform refuses it, or it holds what we do not support.
    """
    if len(content) > MAX_BYTES:
        raise FormRefused("form.too_large", f"{len(content)} > {MAX_BYTES}")
    workbook = Workbook(content)
    stem = re.sub(r"\.xlsx?$", "", filename, flags=re.IGNORECASE) or "form"
    survey = _read(content, stem, workbook)
    default = str(survey.get("default_language") or "default")
    lists = {
        name: [_choice(choice, default) for choice in choices]
        for name, choices in survey.get("choices", {}).items()
    }
    attached = {name.rpartition(".")[0] or name for name in attachments or {}}
    for name, table in (attachments or {}).items():
        lists[name.rpartition(".")[0] or name] = _table(name, table)
    items = Items(survey, workbook, lists, default, attached)
    form: dict[str, Any] = {
        "format": FORMAT,
        "form_id": str(survey.get("id_string") or stem),
        "title": str(survey.get("title") or stem),
        "root": str(survey.get("name") or "data"),
        "default_language": code_of(default),
        "items": items.compiled(),
        "lists": {name: lists[name] for name in sorted(items.lists_used)},
    }
    items.choice_labels(form["lists"])
    form["languages"] = languages_of(form)
    form["digest"] = hashlib.sha256(
        json.dumps(form, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()
    form["version"] = str(survey.get("version") or form["digest"][:12])
    form["warnings"] = items.warnings
    if len(json.dumps(form, ensure_ascii=False)) > MAX_COMPILED_BYTES:
        raise FormRefused("form.too_large", f"> {MAX_COMPILED_BYTES}")
    topics.mark(form)
    return form


def _read(content: bytes, stem: str, workbook: Workbook) -> dict[str, Any]:
    import warnings

    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    kind = ".xlsx" if content[:2] == b"PK" else ".xls"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's, about styles
        try:
            # The plain form before it becomes XML: private, so the version is pinned and a
            # test holds what we read of it.
            converted = convert(
                BytesIO(content), validate=False, file_type=kind, form_name=None
            )._pyxform
        except PyXFormError as error:
            raise explained(str(error), workbook) from error
        except Exception as error:  # it has more errors than it declares
            raise FormRefused("form.unreadable", type(error).__name__) from error
    survey: dict[str, Any] = dict(converted)
    for key in ("title", "id_string"):
        if not survey.get(key) or survey[key] == survey.get("name"):
            survey[key] = stem
    return survey


def _choice(choice: dict[str, Any], default: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": str(choice["name"]),
        "label": by_code(choice.get("label"), default),
    }
    columns = {k: str(v) for k, v in choice.items() if k not in _NOT_A_COLUMN}
    if columns:
        made["columns"] = columns
    if choice.get("media"):
        made["media"] = {k: by_code(v, default) for k, v in choice["media"].items()}
    return made


def _table(name: str, content: bytes) -> list[dict[str, Any]]:
    if not name.lower().endswith(".csv"):
        raise FormRefused("attachment.not_csv", name)
    try:
        rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormRefused("attachment.not_csv", name) from error
    if rows and "name" not in rows[0]:
        raise FormRefused("attachment.no_names", name)
    return [
        {
            "name": str(row["name"]),
            "label": {"default": str(row.get("label") or row["name"])},
            "columns": {k: str(v or "") for k, v in row.items() if k not in ("name", "label")},
        }
        for row in rows
    ]


def languages_of(form: dict[str, Any]) -> list[str]:
    """List the languages that its texts are in, the form's own first."""
    found: dict[str, None] = {}

    def collect(items: list[dict[str, Any]]) -> None:
        for item in items:
            found.update(dict.fromkeys(item.get("label", {})))
            collect(item.get("items", []))

    collect(form["items"])
    for choices in form["lists"].values():
        for choice in choices:
            found.update(dict.fromkeys(choice["label"]))
    return sorted(found, key=lambda code: (code != form["default_language"], code))
