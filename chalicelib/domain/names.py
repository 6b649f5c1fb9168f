"""Names as they are compared and searched: folded, without accents, in words."""

import re
import unicodedata
from functools import lru_cache

MAX_TOKENS = 6
_WORDS = re.compile(r"[0-9A-Z]+")


@lru_cache(maxsize=2048)
def folded(text: str) -> str:
    """
    Write *text* the one way that spelling variants share.

    >>> folded("  Ñandú, José-María ")
    'NANDU JOSE MARIA'
    """
    if not text.isascii():
        # Decomposed, a letter is its ASCII base and marks: what is not ASCII is left out.
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(_WORDS.findall(text.upper()))


def tokens(name: str) -> tuple[str, ...]:
    """
    Give the words a person may be searched by: distinct, two letters or more, at most six.

    >>> tokens("José  de la Cruz y Cruz")
    ('JOSE', 'DE', 'LA', 'CRUZ')
    """
    words = dict.fromkeys(word for word in folded(name).split() if len(word) > 1)
    return tuple(words)[:MAX_TOKENS]
