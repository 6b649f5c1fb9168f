"""
Taking a debtor's word that they paid, wherever it was said: on their page or in its chat, to the
bot, at the door, on the phone.

Messages pause, a person is asked to look, and it is in the tray where that person says what they
found. The pause is the portfolio's, and not again and again: see ``holds.may_pause``.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Cause, HoldReason
from chalicelib.domain.dispute import Evidence, Side
from chalicelib.domain.draft import Draft
from chalicelib.domain.holds import may_pause
from chalicelib.domain.ids import derived_id
from chalicelib.domain.reported import (
    MOST_FILES,
    MOST_WORDS,
    Reported,
    ReportedSource,
    ReportedState,
)
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.domain.visit import Photo, Visit
from chalicelib.services.evidence_files import EXTENSIONS, JPEG

WHAT = "reported_payment"
MOST_REFERENCE = 80
_TYPES = {extension: media_type for media_type, extension in EXTENSIONS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """
    What was said of a payment.

    Args:
        key: Names what was said; said under it again, it changes nothing.
        cause: Of the task: by what it came.
        amount_minor, paid_on: None where that was not said, or makes no sense.
        note: How the pause is explained to people; the words where it is left out.
        days: How long messages pause; the portfolio's own where it is left out.
    """

    key: tuple[str, ...]
    source: ReportedSource
    cause: Cause
    at: datetime
    by: str
    amount_minor: int | None = None
    paid_on: date | None = None
    reference: str = ""
    words: str = ""
    note: str = ""
    days: int = 0
    evidence: tuple[Evidence, ...] = ()

    @property
    def telling_id(self) -> str:
        return derived_id("rep", *self.key)


def take(draft: Draft, file: CaseFile, telling: Telling) -> str:
    """
    Put what was said into the tray, with its pause and its task. Safe to repeat.

    What may be a payment that is looked for already is put to that one, wherever it was told:
    one pause while it lasts, one task, one line of the tray.

    Returns:
        The id of the reported payment.
    """
    one = _reported(telling, draft.today)
    known = draft.told_of(one.reported_id)
    if known is not None:
        return known.reported_id
    known = draft.looked_for(one)
    hold_id, task_id = "", ""
    if known is None or not _paused(file, known.hold_id, draft.today):
        hold_id = _pause(draft, file, telling)
    if known is None:
        task_id = _ask(draft, telling)
    draft.report_payment(replace(one, hold_id=hold_id, task_id=task_id))
    return known.reported_id if known is not None else one.reported_id


def received(key: str, telling: str, number: int, *, at: datetime, by: str) -> Evidence:
    """
    A picture or document that came by a message, as evidence beside what was told.

    Its bytes are as they came; neither their length nor their digest is known here.
    """
    extension = key.rsplit(".", 1)[-1].lower()
    return Evidence(
        evidence_id=derived_id("evi", telling, key),
        side=Side.DEBTOR,
        name=f"{at:%Y-%m-%d}-{number + 1}.{extension}" if "." in key else f"{at:%Y-%m-%d}",
        media_type=_TYPES.get(extension, "application/octet-stream"),
        size_bytes=0,
        sha256="",
        key=key,
        at=at,
        by=by,
    )


def show(draft: Draft, visit: Visit, photo: Photo, *, key: str, now: datetime) -> None:
    """Put the photo of a receipt, taken at the door, beside the payment told there. Repeatable."""
    said = visit.report.payment_report
    told = draft.told_of(derived_id("rep", visit.visit_id))
    if told is None or said is None or said.photo_id != photo.photo_id:
        return
    evidence = Evidence(
        evidence_id=derived_id("evi", visit.visit_id, photo.photo_id),
        side=Side.DEBTOR,
        name=f"{photo.taken_at:%Y-%m-%d}.jpg",
        media_type=JPEG,
        size_bytes=photo.bytes,
        sha256=photo.sha256,
        key=key,
        at=now,
        by=f"user:{visit.person_id}",
    )
    if len(told.evidence) < MOST_FILES:
        draft.add_reported_file(told.reported_id, evidence)


# Private


def _reported(telling: Telling, today: date) -> Reported:
    amount, paid_on = telling.amount_minor, telling.paid_on
    return Reported(
        reported_id=telling.telling_id,
        state=ReportedState.WAITING,
        amount_minor=amount if amount is not None and amount > 0 else None,
        paid_on=paid_on if paid_on is not None and paid_on <= today else None,
        source=telling.source.value,
        at=telling.at,
        by=telling.by,
        reference=telling.reference.strip()[:MOST_REFERENCE],
        words=telling.words.strip()[:MOST_WORDS],
        evidence=telling.evidence,
    )


def _paused(file: CaseFile, hold_id: str, today: date) -> bool:
    return any(one.hold_id == hold_id and one.active_on(today) for one in file.holds)


def _pause(draft: Draft, file: CaseFile, telling: Telling) -> str:
    """Pause messages as long as the portfolio's policy says; the hold's id, empty for none."""
    note = (telling.note or telling.words).strip()[:MOST_WORDS]
    if not may_pause(file.holds, telling.at):
        if note:
            draft.note(note, note_id=derived_id("not", *telling.key))
        return ""
    hold_id = derived_id("hol", *telling.key)
    days = telling.days or draft.portfolio.policies.promises.pause_days
    until = draft.today + timedelta(days=days)
    draft.hold(hold_id, HoldReason.REPORTED_PAYMENT, until=until, note=note)
    return hold_id


def _ask(draft: Draft, telling: Telling) -> str:
    """Ask people to look at it today."""
    task_id = derived_id("tsk", *telling.key, WHAT)
    draft.ask(
        Task(
            task_id=task_id,
            kind=TaskKind.REVIEW,
            state=TaskState.OPEN,
            cause=replace(telling.cause, step=WHAT),
            due_on=draft.today,
            created_at=telling.at,
        )
    )
    return task_id
