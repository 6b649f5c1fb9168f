"""The words for what is wrong with a form or an answer, in three languages."""

from collections.abc import Mapping

from chalicelib.i18n import wording


def said_in(language: str) -> Mapping[str, str]:
    """Give the texts by code; ``{detail}`` stands for what is not understood."""
    return wording.of("forms", language)


def reason(code: str, detail: str, language: str) -> str:
    """
    Say what is wrong, in words.

    >>> reason("choices.no_such_list", "bancos", "es")
    'La lista «bancos» no está en la hoja choices'
    """
    return said_in(language)[code].replace("{detail}", detail)
