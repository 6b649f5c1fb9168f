"""Texts of the reader in the user's language, by code."""

from collections.abc import Mapping
from typing import Any

from chalicelib.i18n import wording


def texts(language: str) -> Mapping[str, str]:
    """Give all texts of a language; Spanish for one we do not have."""
    return wording.of("intake", language)


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
