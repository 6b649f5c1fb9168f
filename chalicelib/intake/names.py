"""Header names folded until spelling no longer matters, and mojibake told from words."""

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^a-z0-9%]+")
# What UTF-8 looks like when it was read as mac_roman or cp1252.
_MOJIBAKE = re.compile("√[≥≠°±∫©∂∏ƒ¡ÅâìöúÑ∫†º]|Ã[¡©\xad³ºñ±\x80-\xbf‰“”šƒ]|Â[º°ª¿¡]")


def unscramble(text: str) -> str:
    """
    Repair text that was UTF-8 and was read as something else; anything else is left alone.

    >>> unscramble("C√≥digo"), unscramble("Número")
    ('Código', 'Número')
    """
    if not ("Ã" in text or "√" in text or "Â" in text) or not _MOJIBAKE.search(text):
        return text
    for wrong in ("mac_roman", "cp1252"):
        try:
            return text.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
    return text


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """
    Fold a name: lower case, no accents, words parted by single blanks.

    >>> fold("#FechaOperacion"), fold("N. Operació "), fold("customerID")
    ('fecha operacion', 'n operacio', 'customer id')
    """
    text = unscramble(name)
    if not text.isupper():
        text = _CAMEL.sub(" ", text)
    text = text.replace("º", " ").replace("ª", " ").replace("°", " ")
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _OTHER.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()
