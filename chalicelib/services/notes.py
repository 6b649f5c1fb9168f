"""Notes and tags on a case, whom a note mentions, and how its debtor is written to."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Cause
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField, NotOfPortfolio
from chalicelib.domain.ids import derived_id
from chalicelib.domain.notice import NoticeKind
from chalicelib.domain.people import Actor, Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.spoken import LANGUAGES
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.services import casework, person_notices, tasks
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases
from chalicelib.services.tasks import People

LONGEST_NOTE = 4_000
LONGEST_TAG = 40
MOST_MENTIONED = 20
MENTION = "mention"


def add(
    case_id: str,
    text: str,
    *,
    key: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
    mentions: Iterable[str] = (),
    people: People | None = None,
    boxes: person_notices.Boxes | None = None,
) -> tuple[CaseFile, Portfolio]:
    """
    Write a note into the case's timeline; a correction is another note.

    Whom it mentions finds that among their tasks of today: where, by whom, and not a word of
    the note, which is read on the case alone.

    Args:
        key: Names this request; a second one with the same key changes nothing.
        mentions: Ids of people; needs *people*.
        boxes: Where they are told by e-mail, who want that.

    Raises:
        BadField: Empty, longer than 4,000 characters, or more than twenty people.
        NotOfPortfolio: Somebody of them may not see the case; nothing is written then.
    """
    text = casework.text(text, "text", longest=LONGEST_NOTE)
    named = [one for one in dict.fromkeys(mentions) if one != actor.person_id]
    if len(named) > MOST_MENTIONED:
        raise BadField(field="mentions", reason="too_long", most=MOST_MENTIONED)
    note_id = derived_id("not", case_id, key)
    told: dict[str, Person] = {}

    def do(draft: Draft, _: CaseFile, portfolio: Portfolio) -> None:
        draft.note(text, note_id=note_id)
        for person_id in named:
            person = None if people is None else tasks.worker(person_id, portfolio, people)
            if person is None:
                raise NotOfPortfolio(person_id=person_id)
            task_id = derived_id("tsk", note_id, person_id)
            told[task_id] = person
            draft.ask(
                Task(
                    task_id=task_id,
                    kind=TaskKind.MENTION,
                    state=TaskState.OPEN,
                    cause=Cause(kind=MENTION, by=actor.actor_id, answers=note_id),
                    due_on=draft.today,
                    created_at=now,
                    owner=person_id,
                )
            )

    file, portfolio = casework.change(
        case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now
    )
    if boxes is not None:
        for task_id, person in told.items():
            person_notices.tell(
                person,
                NoticeKind.MENTION,
                ref=task_id,
                case_id=case_id,
                by=actor.actor_id,
                portfolio=portfolio,
                boxes=boxes,
                now=now,
            )
    return file, portfolio


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
