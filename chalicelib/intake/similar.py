"""How close two names are once order, accents and legal forms no longer matter."""

import re

from chalicelib.intake.names import fold

_LEGAL = re.compile(
    r"\b(?:s a p i de c v|sapi de cv|s a de c v|sa de cv|s de r l de c v|s de rl de cv|s de rl"
    r"|s a s|sas|s a c|sac|s a u|sau|s l u|slu|s r l|srl|e i r l|eirl|ltda|limitada|s l|sl|s a|sa"
    r"|spa|inc|llc|ltd|corp|corporation|co|company|cia|compania|associates|foundation|me|epp)\b"
)


def bare_name(name: str) -> str:
    """
    Fold a name and take off the legal form.

    >>> bare_name("Créditos del Norte, S.A. de C.V."), bare_name("WAL-MAR corporation")
    ('creditos del norte', 'wal mar')
    """
    folded = fold(name)
    return " ".join(_LEGAL.sub(" ", folded).split()) or folded


def name_likeness(one: str, other: str) -> float:
    """
    Compare two names, whatever the order of their words, 0 to 100.

    >>> name_likeness("Ana María Ruiz Soto", "RUIZ SOTO, ANA MARIA")
    100.0
    >>> name_likeness("WAL-MAR corporation", "WAL MAR, S.A. de C.V.")
    100.0
    """
    from rapidfuzz import fuzz

    mine, theirs = bare_name(one), bare_name(other)
    return fuzz.token_sort_ratio(mine, theirs) if mine and theirs else 0.0
