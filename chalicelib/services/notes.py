"""Notes and tags on a case, and the language its debtor is written to in."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.case import CaseFile
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.spoken import LANGUAGES
from chalicelib.services import casework
from chalicelib.services.casework import Cases, Portfolios

LONGEST_NOTE = 4_000
LONGEST_TAG = 40


def add(
    case_id: str,
    text: str,
    *,
    key: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    Write a note into the case's timeline; a correction is another note.

    Args:
        key: Names this request; a second one with the same key changes nothing.

    Raises:
        BadField: Empty or longer than 4,000 characters.
    """
    text = casework.text(text, "text", longest=LONGEST_NOTE)
    note_id = derived_id("not", case_id, key)
    return casework.change(
        case_id,
        lambda draft, *_: draft.note(text, note_id=note_id),
        actor=actor,
        cases=cases,
        portfolios=portfolios,
        now=now,
    )


def set_tags(
    case_id: str,
    tags: Iterable[str],
    *,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    Replace the case's tags. Safe to repeat.

    Raises:
        BadField: More than twenty, or one longer than 40 characters.
    """
    wanted = list(tags)
    if any(len(tag) > LONGEST_TAG for tag in wanted):
        raise BadField(field="tags", reason="too_long", most=LONGEST_TAG)

    def do(draft: Draft, *_: object) -> None:
        draft.set_tags(wanted)

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def set_language(
    case_id: str,
    language: str,
    *,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    Note in which language the debtor wants to be written to. Safe to repeat.

    Args:
        language: Empty: the one they write in themselves, else the portfolio's.

    Raises:
        BadField: None that texts are written in.
    """
    if language and language not in LANGUAGES:
        raise BadField(field="language", reason="not_one_of", choices=list(LANGUAGES))

    def do(draft: Draft, *_: object) -> None:
        draft.set_language(language or None)

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)
