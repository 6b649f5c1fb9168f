"""The texts beside this module, by concern and language."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("es", "en", "pt")
_FOLDER = Path(__file__).resolve().parent


def spoken(language: str) -> str:
    """Give a language that we have: the one that is asked for, or Spanish."""
    return language if language in LANGUAGES else LANGUAGES[0]


@cache
def of(what: str, language: str) -> Mapping[str, str]:
    """
    Read ``<what>.<language>.json``; Spanish for a language that we do not have.

    >>> of("unsubscribe", "pt") is of("unsubscribe", "pt") is not of("unsubscribe", "es")
    True
    >>> of("unsubscribe", "fr") == of("unsubscribe", "es")
    True
    """
    file = _FOLDER / f"{what}.{spoken(language)}.json"
    read: dict[str, str] = json.loads(file.read_text("utf-8"))
    return read
