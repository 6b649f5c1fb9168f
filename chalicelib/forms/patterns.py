"""
Which regular expressions a form may use, and on how long a text.

Only what Python and JavaScript read alike, and nothing that can run for ever: a pattern is tried
on texts made to hurt it, and the longest length that it stands is kept with it. A longer text
does not match.
"""

import re
import time
from collections.abc import Callable

from chalicelib.forms.errors import BadExpression

SUBJECT_LENGTHS = (500, 100, 40)
_TRIAL_S = 0.003
_TRIALS = 3

# Look-behind, named groups, inline flags, back-references, possessive repeats, POSIX classes.
_FOREIGN = re.compile(r"\(\?(?!:|=|!)|\\[1-9pPAZzGQEkKbB]|[*+?}]\+|\[:|\[\[|&&")
_ENDLESS = re.compile(r"[*+]|\{\d+,\}")
_ATTACK = "1aA.- _@/"


def longest_subject(pattern: str) -> int:
    """
    Give the number of characters on which *pattern* may be tried.

    Raises:
        BadExpression: It is no regular expression, one of a single dialect, or it explodes.

    >>> longest_subject("[0-9]{10}")
    500
    """
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, OverflowError) as error:
        raise BadExpression("expression.regex", pattern) from error
    if _FOREIGN.search(pattern):
        raise BadExpression("expression.regex", pattern)
    repeated = _repeated_groups(pattern)
    if not repeated and not _ENDLESS.search(pattern):
        return SUBJECT_LENGTHS[0]
    stands = min(_stands(part) for part in (pattern, *repeated))
    for length in SUBJECT_LENGTHS:
        if length <= stands:
            return length
    raise BadExpression("expression.regex_slow", pattern)


def _stands(pattern: str) -> int:
    """
    Lengthen a text until a match takes long; give the last length before.

    One letter at a time, so that a pattern whose time doubles with each is left in time.
    """
    matches = re.compile(pattern, re.ASCII).fullmatch
    letters = dict.fromkeys(_ATTACK + "".join(re.findall(r"[^\W_]", pattern))[:40])
    words = "".join(re.findall(r"[^\W_]+", pattern)) or "a"
    stands = SUBJECT_LENGTHS[0]
    for unit in (*letters, words):
        for length in (*range(8, 100), *range(100, 501, 50)):
            if length > stands:
                break
            subject = (unit * length)[: length - 1] + "\0"
            if _slow(matches, subject):
                stands = length - 1
    return stands


def _slow(matches: Callable[[str], object], subject: str) -> bool:
    """Only what is slow each time is: a busy machine makes any single match slow."""
    for _ in range(_TRIALS):
        began = time.thread_time()
        matches(subject)
        if time.thread_time() - began <= _TRIAL_S:
            return False
    return True


def _repeated_groups(pattern: str) -> list[str]:
    """
    Find the groups that are repeated without end, each as a pattern of its own.

    Tried alone, what stands before one cannot hide it from the trial.

    >>> _repeated_groups("x(a+)+y(?:b)c")
    ['(a+)+']
    """
    opened: list[int] = []
    found: list[str] = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            at += 2
            continue
        if letter == "[":
            at = _end_of_class(pattern, at)
            continue
        if letter == "(":
            opened.append(at)
        elif letter == ")" and opened:
            start = opened.pop()
            repeat = _ENDLESS.match(pattern, at + 1)
            if repeat:
                found.append(pattern[start : repeat.end()])
        at += 1
    return found


def _end_of_class(pattern: str, start: int) -> int:
    at = start + 1
    at += pattern.startswith("^", at)
    at += pattern.startswith("]", at)
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1
