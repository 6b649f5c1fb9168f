"""The languages of a form: as authors write them, and as we key them."""

import re
from typing import Any

_CODE = re.compile(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?)\s*\)\s*$")
_NAMES = {
    "español": "es",
    "espanol": "es",
    "spanish": "es",
    "castellano": "es",
    "english": "en",
    "inglés": "en",
    "português": "pt",
    "portugues": "pt",
    "portuguese": "pt",
    "français": "fr",
    "french": "fr",
}
DEFAULT = "default"


def code_of(name: str) -> str:
    """
    Key a language as authors write it.

    >>> code_of("Español (es)"), code_of("english(en)"), code_of("English"), code_of("Chichewa")
    ('es', 'en', 'en', 'chichewa')
    """
    match = _CODE.search(name)
    if match:
        return match[1].lower().replace("_", "-")
    plain = name.strip().lower()
    return _NAMES.get(plain, plain or DEFAULT)


def by_code(text: Any, default: str) -> dict[str, str]:
    """Key a text of pyxform (one, or one a language) by code; blanks are left out."""
    if isinstance(text, str):
        text = {DEFAULT: text}
    if not isinstance(text, dict):
        return {}
    return {
        code_of(default if name == DEFAULT else name): str(words)
        for name, words in text.items()
        if str(words).strip() not in ("", "-")
    }
