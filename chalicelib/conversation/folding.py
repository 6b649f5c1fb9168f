"""One plain form of a message: lower case, no accents, single spaces."""

import re
import unicodedata

# All but letters, digits and what amounts and dates are written with.
_NOISE = re.compile(r"[^\w\s$€%.,:/'+-]|_|[.,:](?!\d)|(?<!\d)[.,:]")


def fold(text: str) -> str:
    """
    Fold a message. Emoji and most punctuation become spaces.

    >>> fold("¡Sí!  Mañana   pago $1,500.00 😊")
    'si manana pago $1,500.00'
    """
    decomposed = unicodedata.normalize("NFKD", text.replace("º", "o").replace("ª", "a"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
    return " ".join(_NOISE.sub(" ", plain).split())
