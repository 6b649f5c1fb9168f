"""Texts of the reader in the user's language, by code."""

import json
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("es", "en", "pt")
_FOLDER = Path(__file__).resolve().parent.parent / "i18n"


@cache
def texts(language: str) -> dict[str, str]:
    """Give all texts of a language; Spanish for one we do not have."""
    chosen = language if language in LANGUAGES else "es"
    loaded: dict[str, str] = json.loads(
        (_FOLDER / f"intake.{chosen}.json").read_text(encoding="utf-8")
    )
    return loaded


def text(key: str, language: str, **values: Any) -> str:
    """
    Give one text with its blanks filled; the key itself when there is none.

    >>> text("intake.reason.money.missing", "es", field="Saldo")
    'Saldo: falta el importe'
    """
    found = texts(language).get(key, key)
    for name, value in values.items():
        found = found.replace("{" + name + "}", str(value))
    return found


def field_name(field: str, language: str) -> str:
    """
    Name a field to a person.

    >>> field_name("due_on", "pt")
    'Data de vencimento'
    """
    return text(f"intake.field.{field}", language) if field else ""
