"""Names as they are compared and searched: folded, without accents, in words."""

import re
import unicodedata

MAX_TOKENS = 6
_WORDS = re.compile(r"[0-9A-Z]+")


def folded(text: str) -> str:
    """
    Write *text* the one way that spelling variants share.

    >>> folded("  Ñandú, José-María ")
    'NANDU JOSE MARIA'
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(_WORDS.findall(text.upper()))


def tokens(name: str) -> tuple[str, ...]:
    """
    Give the words a person may be searched by: distinct, two letters or more, at most six.

    >>> tokens("José  de la Cruz y Cruz")
    ('JOSE', 'DE', 'LA', 'CRUZ')
    """
    words = dict.fromkeys(word for word in folded(name).split() if len(word) > 1)
    return tuple(words)[:MAX_TOKENS]
