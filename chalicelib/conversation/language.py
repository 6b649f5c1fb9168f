"""Which of the three languages somebody writes, by the words that are common in each."""

import functools
import json
import re
from importlib import resources

from chalicelib.conversation.words import Language

_ASKED = {
    "english": Language.EN,
    "ingles": Language.EN,
    "inglés": Language.EN,
    "espanol": Language.ES,
    "español": Language.ES,
    "spanish": Language.ES,
    "portugues": Language.PT,
    "português": Language.PT,
    "portuguese": Language.PT,
}


def detect(text: str, before: Language) -> Language:
    """
    Say which language a message is in; *before* unless another one clearly fits better.

    >>> detect("hello, how much do I owe?", Language.ES)
    <Language.EN: 'en'>
    >>> detect("ok", Language.PT), detect("jajaja bye", Language.ES)
    (<Language.PT: 'pt'>, <Language.ES: 'es'>)
    """
    words = _words(text)
    if not words:
        return before
    if len(words) <= 4:
        asked = [_ASKED[word] for word in words if word in _ASKED]
        if asked:
            return asked[0]
    scores = _scores(words)
    best = max(scores, key=lambda one: (scores[one], one is before))
    lead = scores[best] - scores[before]
    if lead >= 2 or (lead == 1 and 2 * scores[best] >= len(words)):
        return best
    return before


def likely(text: str, before: Language) -> list[Language]:
    """The other languages that a message fits at least as well, the best first."""
    scores = _scores(_words(text))
    others = [one for one in Language if one is not before and scores[one] >= scores[before]]
    return sorted((one for one in others if scores[one]), key=lambda one: -scores[one])


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower()[:1000])


def _scores(words: list[str]) -> dict[Language, int]:
    return {one: sum(word in known for word in words) for one, known in _common().items()}


@functools.cache
def _common() -> dict[Language, frozenset[str]]:
    file = resources.files(__package__) / "patterns" / "languages.json"
    read = json.loads(file.read_text(encoding="utf-8"))
    return {one: frozenset(read[one.value]) for one in Language}
