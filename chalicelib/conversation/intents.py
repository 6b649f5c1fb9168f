"""What a message wants, by patterns on folded text; the patterns are data, one file a language."""

import functools
import json
import re
from enum import StrEnum
from importlib import resources

from chalicelib.conversation.words import Language


class Intent(StrEnum):
    """
    STOP no more messages. DISPUTE not mine, wrong sum, fraud, deceased. PAID says it is paid.
    HUMAN wants a person. CANNOT_PAY says there is no money. PROMISE names when or how much.
    PAY wants to pay now, or to know how. BALANCE asks what is owed. YES, NO answer a question.
    """

    STOP = "stop"
    DISPUTE = "dispute"
    PAID = "paid"
    HUMAN = "human"
    PROMISE = "promise"
    CANNOT_PAY = "cannot_pay"
    PAY = "pay"
    BALANCE = "balance"
    YES = "yes"
    NO = "no"
    GREETING = "greeting"
    THANKS = "thanks"
    UNKNOWN = "unknown"


def says(folded: str, intent: Intent, language: Language) -> bool:
    """
    Whether a folded message has a pattern of *intent*.

    A stop word alone means stop in every language: whoever writes STOP means it.
    """
    if intent is Intent.STOP and folded.strip(" .,'-") in _alone("stop_words.json"):
        return True
    return _patterns(language)[intent.value].search(folded) is not None


def is_start(folded: str) -> bool:
    """Whether a message is the word that takes a stop back (``ALTA``, ``START``)."""
    return folded.strip(" .,'-") in _alone("start_words.json")


def is_menu(folded: str) -> bool:
    """Whether a message asks for the menu and nothing else."""
    return folded.strip(" .,'-") in _alone("menu_words.json")


def offers_payment(folded: str, language: Language) -> bool:
    """Whether a folded message speaks of paying, or of money to come."""
    return _patterns(language)["offers_payment"].search(folded) is not None


@functools.cache
def _patterns(language: Language) -> dict[str, re.Pattern[str]]:
    read: dict[str, list[str]] = _data(f"{language}.json")
    return {name: re.compile("|".join(f"(?:{p})" for p in ps)) for name, ps in read.items()}


@functools.cache
def _alone(name: str) -> frozenset[str]:
    return frozenset(_data(name))


def _data(name: str) -> "dict[str, list[str]]":
    file = resources.files(__package__) / "patterns" / name
    read: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return read
