"""The words for what is wrong with a form or an answer, in three languages."""

import json
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent.parent / "i18n"


@cache
def said_in(language: str) -> dict[str, str]:
    """Give the texts by code; ``{detail}`` stands for what is not understood."""
    path = _FOLDER / f"forms.{language}.json"
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def reason(code: str, detail: str, language: str) -> str:
    """
    Say what is wrong, in words.

    >>> reason("choices.no_such_list", "bancos", "es")
    'La lista «bancos» no está en la hoja choices'
    """
    return said_in(language)[code].replace("{detail}", detail)
