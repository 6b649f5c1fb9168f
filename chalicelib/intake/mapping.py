"""Which column is which field: told by its name, checked against what it holds."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.intake.fields import FIELDS, REQUIRED, missing_fields
from chalicelib.intake.names import fold

_FUZZY = 88  # rapidfuzz ratio below which two names are different words

# Which kinds of content go with a field's kind, and how well.
_FIT: dict[str, dict[str, float]] = {
    "money": {"money": 1.0, "number": 0.95},
    "date": {"date": 1.0},
    "phone": {"phone": 1.0, "number": 0.8, "id": 0.8, "text": 0.7},
    "email": {"email": 1.0},
    "tax_id": {"tax_id": 1.0, "id": 0.8, "text": 0.75, "number": 0.75},
    "id": {"id": 1.0, "number": 0.95, "text": 0.85, "tax_id": 0.7, "money": 0.4},
    "text": {"text": 1.0, "id": 0.8, "number": 0.5, "tax_id": 0.2},
    "number": {"number": 1.0, "id": 0.8, "text": 0.6},
    "coordinate": {"coordinate": 1.0, "number": 0.6, "money": 0.4},
}
_SINGLE_OUT = frozenset({"debt_id", "payment_reference"})
_NAME_FIELDS_NEED_WORDS = frozenset({"name", "address", "city", "region"})


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Give the known names of each field, folded."""
    raw = json.loads(Path(__file__).with_name("synonyms.json").read_text(encoding="utf-8"))
    return {
        name: tuple(dict.fromkeys([name.replace("_", " "), *(fold(p) for p in phrases)]))
        for name, phrases in raw.items()
    }


@cache
def _exact() -> dict[str, tuple[str, ...]]:
    """Fields by exact folded name."""
    found: dict[str, list[str]] = {}
    for name, phrases in synonyms().items():
        for phrase in phrases:
            found.setdefault(phrase, []).append(name)
    return {phrase: tuple(names) for phrase, names in found.items()}


def is_known_name(text: str) -> bool:
    """Say whether a header cell is a column name we know, in any mode."""
    return fold(text) in _exact()


def name_scores(header: str, mode: str) -> dict[str, float]:
    """
    Score the fields of *mode* by a column's name alone, 0 to 1.

    >>> max(name_scores("Fecha de Vencimiento", "debts").items(), key=lambda i: i[1])[0]
    'due_on'
    """
    folded = fold(header)
    if not folded:
        return {}
    scores: dict[str, float] = {}
    words = folded.split()
    joined = "".join(words)
    for field, phrases in synonyms().items():
        if mode not in FIELDS[field].modes:
            continue
        best = 0.0
        for rank, phrase in enumerate(phrases):
            early = 0.02 * (1 - rank / len(phrases))
            if phrase in (folded, joined):
                best = max(best, 0.96 + early)
                continue
            known = phrase.split()
            if len(known) < len(words) and _within(known, words):
                # "Fecha de vencimiento original" holds a name: the more of it, the surer.
                best = max(best, 0.45 + 0.4 * len(known) / len(words) + early)
        scores[field] = best
    if not scores or max(scores.values()) < 0.6:
        _add_fuzzy(scores, folded, mode)
    return {field: score for field, score in scores.items() if score > 0.4}


def _within(known: Sequence[str], words: Sequence[str]) -> bool:
    span = len(known)
    return any(list(words[i : i + span]) == list(known) for i in range(len(words) - span + 1))


def _add_fuzzy(scores: dict[str, float], folded: str, mode: str) -> None:
    from rapidfuzz import fuzz, process

    if len(folded) < 5:
        return
    phrases = [p for p in _exact() if len(p) > 4]
    for phrase, ratio, _ in process.extract(
        folded, phrases, scorer=fuzz.ratio, score_cutoff=_FUZZY, limit=5
    ):
        for field in _exact()[phrase]:
            if mode in FIELDS[field].modes:
                scores[field] = max(scores.get(field, 0.0), 0.8 * ratio / 100)


def guess(columns: Sequence[Mapping[str, Any]], mode: str) -> dict[int, tuple[str, float]]:
    """
    Give each column at most one field and each field at most one column, best pairs first.

    Args:
        columns: Columns of an inspection (``index``, ``header``, ``kind``, ``reading``).

    Returns:
        Column index -> (field, confidence 0 to 1).
    """
    pairs: list[tuple[float, int, str]] = []
    for column in columns:
        kind = column["kind"]
        if kind == "empty":
            continue
        by_name = name_scores(column["header"], mode)
        for field, score in by_name.items():
            fit = _FIT[FIELDS[field].kind].get(kind, 0.15)
            if field in _NAME_FIELDS_NEED_WORDS and kind != "text":
                fit *= 0.5
            if field in _SINGLE_OUT and _repeats(column):
                fit *= 0.4
            pairs.append((score * fit, column["index"], field))
        pairs.extend((s, column["index"], f) for f, s in _by_content(column, mode))
    chosen: dict[int, tuple[str, float]] = {}
    taken: set[str] = set()
    for score, index, field in sorted(pairs, key=lambda p: (-p[0], p[1])):
        if index in chosen or score < 0.62:
            continue
        name = _next_free(field, taken)
        if name is None or mode not in FIELDS[name].modes:
            continue
        chosen[index] = (name, round(min(score, 1.0), 2))
        taken.add(name)
    for column in columns:
        empty = _still_empty(column, mode) if column["kind"] == "empty" else None
        free = _next_free(empty, taken) if empty else None
        if free is not None and mode in FIELDS[free].modes:
            chosen[column["index"]] = (free, _BY_NAME_ALONE)
            taken.add(free)
    return chosen


def _still_empty(column: Mapping[str, Any], mode: str) -> str | None:
    """
    Name the field of an empty column by an unmistakable name, where a file can do without it.

    The mapping is remembered for the files to come, in which the column may be filled: left out
    now, next month's telephones would be, without a word. What a file needs is not taken from an
    empty column, so that a person is asked where it is.
    """
    fields = [one for one in _exact().get(fold(column["header"]), ()) if mode in FIELDS[one].modes]
    needed = {name for group in REQUIRED[mode] for name in group} | _MAKES_ROWS
    return fields[0] if len(fields) == 1 and fields[0] not in needed else None


_BY_NAME_ALONE = 0.9
_MAKES_ROWS = {"debt_id", "instalment_number"}  # they say which rows are one debt
_SERIES = {"phone": ("phone", "phone2", "phone3"), "email": ("email", "email2")}


def _next_free(field: str, taken: set[str]) -> str | None:
    """A second phone column is the second phone; any other field is given once."""
    if field not in taken:
        return field
    return next((f for f in _SERIES.get(field, ()) if f not in taken), None)


def _by_content(column: Mapping[str, Any], mode: str) -> list[tuple[str, float]]:
    """What a column whose name says nothing may be, from its content alone."""
    by_kind = {"email": ("email", 0.85), "tax_id": ("tax_id", 0.8), "phone": ("phone", 0.65)}
    field, score = by_kind.get(column["kind"], ("", 0.0))
    return [(field, score)] if field and mode in FIELDS[field].modes else []


def _repeats(column: Mapping[str, Any]) -> bool:
    """Say whether a column has far too few different values to single anything out."""
    filled = column.get("filled", 0)
    return bool(filled > 50 and column["distinct"] < 0.05 * filled)


def shape_of(header: Sequence[str], kind: str, mode: str) -> str:
    """
    Hash what stays the same from one month's file to the next: its column names and mode.

    >>> shape_of(["Folio"], "csv", "debts") == shape_of(["FOLIO "], "csv", "debts")
    True
    """
    names = [fold(name) for name in header]
    while names and not names[-1]:
        names.pop()
    text = json.dumps([mode, "text" if kind == "csv" else "book", names])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def open_questions(
    inspection: Mapping[str, Any], mapping: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """
    List the questions that the mapping has not answered and that matter to it.

    A question about a column matters when the column is mapped to a field that the answer
    changes; one about the file always does.
    """
    columns = mapping["columns"]
    answers = mapping.get("answers", {})
    concerns = {
        "date_order": ("date",),
        "decimal_mark": ("money", "number", "coordinate"),
        "integer_thousands": ("money",),
    }
    remaining = []
    for question in inspection["questions"]:
        allowed = {choice["value"] for choice in question["choices"]}
        if answers.get(question["id"]) in allowed:
            continue
        if question["column"] is not None:
            field = columns.get(str(question["column"]))
            if field is None or FIELDS[field].kind not in concerns[question["kind"]]:
                continue
        remaining.append(question)
    return remaining


def mapping_problems(
    inspection: Mapping[str, Any], mapping: Mapping[str, Any], mode: str
) -> list[dict[str, Any]]:
    """
    Say what keeps a mapping from being used; empty = it is complete.

    Returns:
        ``{"code": ..., "details": ...}``: ``mapping.missing`` (``fields``: one of them is
        needed), ``mapping.unknown_field``, ``mapping.twice``, ``mapping.unanswered``.
    """
    found: list[dict[str, Any]] = []
    used: dict[str, int] = {}
    count = len(inspection["columns"])
    for index, field in mapping["columns"].items():
        if field is None:
            continue
        if field not in FIELDS or mode not in FIELDS[field].modes or int(index) >= count:
            found.append({"code": "mapping.unknown_field", "details": {"field": field}})
        elif field in used:
            found.append({"code": "mapping.twice", "details": {"field": field}})
        used[field] = int(index)
    found.extend(
        {"code": "mapping.missing", "details": {"fields": group}}
        for group in missing_fields(set(used), mode)
    )
    found.extend(
        {"code": "mapping.unanswered", "details": {"question": question["id"]}}
        for question in (open_questions(inspection, mapping) if not found else [])
    )
    return found
