"""Tax and identity numbers of our countries: normalised, and valid or not."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module

from chalicelib.intake.cells import Cell, as_text
from chalicelib.intake.values import is_empty

_CACHE = 5_000  # numbers remembered; then it starts anew

# Name shown -> module of python-stdnum that knows it, per country; most specific first.
# "" = no check digit is published for it; the pattern below decides.
KINDS: dict[str, tuple[tuple[str, str], ...]] = {
    "AR": (("CUIT", "ar.cuit"), ("DNI", "ar.dni")),
    "BO": (("CI", ""), ("NIT", "")),
    "BR": (("CPF", "br.cpf"), ("CNPJ", "br.cnpj")),
    "CL": (("RUT", "cl.rut"),),
    "CO": (("NIT", "co.nit"), ("CC", "")),
    "CR": (("FISICA", "cr.cpf"), ("JURIDICA", "cr.cpj"), ("DIMEX", "cr.cr")),
    "EC": (("RUC", "ec.ruc"), ("CI", "ec.ci")),
    "ES": (("NIF", "es.nif"),),
    "MX": (("RFC", "mx.rfc"), ("CURP", "mx.curp")),
    "PA": (("RUC", ""), ("CIP", "")),
    "PE": (("RUC", "pe.ruc"), ("DNI", "")),
    "PY": (("RUC", "py.ruc"), ("CI", "")),
    "US": (("TIN", "us.tin"),),
    "UY": (("RUT", "uy.rut"), ("CI", "")),
}
_PATTERNS = {
    ("BO", "CI"): r"\d{5,8}(?:[A-Z0-9]{0,2}(?:LP|CB|SC|OR|PT|TJ|CH|BE|BN|PD)?)",
    ("BO", "NIT"): r"\d{7,12}",
    ("CO", "CC"): r"\d{6,8}|1\d{9}",
    ("PA", "RUC"): r"\d{1,9}-?\d{1,4}-?\d{1,6}(?:-?DV?\d{1,2})?",
    ("PA", "CIP"): r"(?:PE|E|N|\d{1,2}(?:AV|PI)?)-?\d{1,4}-?\d{1,6}",
    ("PE", "DNI"): r"\d{8}[A-Z0-9]?",
    ("PY", "CI"): r"\d{5,8}",
    ("UY", "CI"): r"\d{7,8}",
}
# Numbers that stand for "the public" or for nothing; they name no debtor.
_PLACEHOLDERS = frozenset(
    {"XAXX010101000", "XEXX010101000", "222222222222", "9999999999999", "9999999999", "99999999999"}
)
# Words that SAT never gives out as the first letters; what begins so goes to the library.
_SHUNNED = (
    "BUEI|BUEY|CACA|CACO|CAGA|CAGO|CAKA|CAKO|COGE|COJA|COJE|COJI|COJO|CULO|FETO|GUEY|"
    "JOTO|KACA|KACO|KAGA|KAGO|KAKA|KOGE|KOJO|KULO|LOCA|LOCO|LOKA|LOKO|MAME|MAMO|MEAR|"
    "MEAS|MEON|MION|MOCO|MULA|PEDA|PEDO|PENE|PUTA|PUTO|QULO|RATA|RUIN"
)
# Numbers so plainly right that the library need not be asked; a test holds it to agree.
_SURE = {
    "MX": (
        "RFC",
        re.compile(
            rf"(?!{_SHUNNED}|X[AE]XX010101000)"
            r"[A-ZÑ&]{3,4}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])[0-9A-V][0-9A-Z][0-9A]"
        ),
    ),
}
# Kinds with a check digit or a form that no other number has by chance.
_PROVING = frozenset({"CUIT", "CPF", "CNPJ", "RUT", "NIT", "RUC", "NIF", "RFC", "CURP"})
_SEPARATORS = re.compile(r"[\s.\-/,_]+")
_SAME_DIGIT = re.compile(r"(\d)\1{4,}[\dkK]?")


@cache
def _checks(country: str) -> tuple[tuple[str, Callable[[str], str] | None, re.Pattern[str]], ...]:
    found = []
    for name, module in KINDS.get(country, ()):
        check = import_module(f"stdnum.{module}").validate if module else None
        found.append((name, check, re.compile(_PATTERNS.get((country, name), r".+"))))
    return tuple(found)


def compact(cell: Cell) -> str:
    """
    Take out what people put between digits.

    >>> compact("12.345.678-5"), compact("vecj-880326 xxx")
    ('123456785', 'VECJ880326XXX')
    """
    text = as_text(cell)
    if text.endswith(".0") and text[:-2].isdigit():
        text = text[:-2]
    return text.upper() if text.isalnum() else _SEPARATORS.sub("", text).upper()


def tax_id_reader(country: str) -> Callable[[Cell], tuple[str, str]]:
    """
    Make the function that reads a tax id of *country*.

    Returns (the function):
        The normalised number and what it is: a name of ``KINDS``, ``"invalid"`` when no kind
        accepts it, ``"placeholder"`` without a number when it names nobody, or two blanks.

    >>> tax_id_reader("CL")("76.354.771-K")
    ('76354771K', 'RUT')
    >>> tax_id_reader("MX")("XAXX010101000")
    ('', 'placeholder')
    """
    checks = _checks(country)
    kind, plainly = _SURE.get(country, ("", re.compile(r"(?!)")))
    sure = plainly.fullmatch
    seen: dict[Cell, tuple[str, str]] = {}

    def convert(cell: Cell) -> tuple[str, str]:
        if isinstance(cell, str) and sure(cell):  # quicker than remembering it
            return cell, kind
        if cell in seen:
            return seen[cell]
        if len(seen) > _CACHE:
            seen.clear()
        answer = judge(compact(cell), as_text(cell))
        seen[cell] = answer
        return answer

    def judge(text: str, written: str) -> tuple[str, str]:
        if is_empty(text):
            return "", ""
        if text in _PLACEHOLDERS or not text.strip("0") or _SAME_DIGIT.fullmatch(text):
            return "", "placeholder"
        if sure(text):
            return text, kind
        for candidate in (*_candidates(text, country), written):
            for name, check, pattern in checks:
                if check is None:
                    if pattern.fullmatch(candidate):
                        return candidate, name
                    continue
                try:
                    return _SEPARATORS.sub("", check(candidate)).upper(), name
                except Exception:  # noqa: S112 - stdnum's many errors all mean: not this kind
                    continue
        return text, "invalid"

    return convert


def _candidates(text: str, country: str) -> tuple[str, ...]:
    """The number, and the number with the zeros or the country's letters a system took or added."""
    tries = [text]
    if text.startswith(country) and len(text) > 8:
        tries.append(text[2:])
    wanted = {"PE": (8, 11), "BR": (11, 14), "EC": (10, 13)}.get(country, ())
    if text.isdigit():
        tries.extend(text.zfill(n) for n in wanted if 0 < n - len(text) <= 2)
    return tuple(tries)


def mostly_tax_ids(sample: Sequence[str], country: str) -> bool:
    """
    Say whether most of a column's values pass a check digit of *country*; four of them at least.

    Numbers without a published check digit prove nothing and do not count.
    """
    checks = [check for name, check, _ in _checks(country) if check and name in _PROVING]
    good = tried = 0
    for raw in sample[:100]:
        text = compact(raw)
        if len(text) < 7:
            tried += 1
            continue
        tried += 1
        for check in checks:
            try:
                check(text)
            except Exception:  # noqa: S112 - stdnum's many errors all mean: not this kind
                continue
            good += 1
            break
    return good >= 4 and good >= 0.7 * tried
