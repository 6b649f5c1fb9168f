"""Documents that go out by themselves: put into the outbox, the file along where it can be."""

from datetime import datetime
from typing import Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Attempt, AttemptState, Cause, Channel, Direction
from chalicelib.domain.document import IssuedDocument
from chalicelib.domain.draft import Draft
from chalicelib.domain.ids import derived_id
from chalicelib.services import contacting
from chalicelib.services.contacting import Reach

# Why a message goes that carries a document: the step of its cause names that.
RECEIPT, LETTER = "receipt", "letter"
# Where a document is best had: as a file to keep, then where the debtor is anyway.
CHANNELS = (Channel.EMAIL, Channel.WHATSAPP, Channel.SMS)


class Kept(Protocol):
    def read(self, key: str) -> bytes | None: ...


def send(
    draft: Draft,
    file: CaseFile,
    document: IssuedDocument,
    *,
    why: str,
    template_id: str,
    answers: str = "",
    came_by: str = "",
    first: Channel | None = None,
    now: datetime,
) -> None:
    """
    Put a document's message into the outbox, to the debtor alone; one, however often asked.

    The gate is asked when it goes, as for any other message.

    Args:
        why: ``RECEIPT`` or ``LETTER``.
        answers: What it answers: a checkout, a dispute.
        came_by: The contact point to prefer; ``first``: the channel to prefer.
    """
    known = places(file)
    if not known:
        return
    best = next((one for one in known if one.channel is first), known[0])
    best = next((one for one in known if one.contact_id == came_by), best)
    others = dict.fromkeys(one.channel for one in known if one.channel is not best.channel)
    put(
        draft,
        best,
        why=why,
        of=document.of,
        step=document.document_id,
        answers=answers,
        template_id=template_id,
        contact_id=_named(best, came_by),
        fallback=tuple(others),
        now=now,
    )


def places(file: CaseFile) -> list[Reach]:
    """Where the debtor alone can be written to, best first."""
    return [
        reach
        for channel in CHANNELS
        for reach in contacting.reaches(file, channel)
        if reach.party == "debtor"
    ]


def put(
    draft: Draft,
    place: Reach,
    *,
    why: str,
    of: str,
    template_id: str,
    answers: str,
    contact_id: str,
    fallback: tuple[Channel, ...],
    now: datetime,
    step: str = "",
) -> None:
    """
    Put a message that nobody plans into the outbox, for now.

    Args:
        of: Names what it is about: of one *why* there is one message about it.
        contact_id: Where it goes and nowhere else; empty: the best place when it goes.
    """
    draft.plan(
        Attempt(
            attempt_id=derived_id("att", draft.case_id, why, of),
            channel=place.channel,
            direction=Direction.OUT,
            state=AttemptState.PLANNED,
            cause=Cause(kind=why, step=step, answers=answers, by=draft.actor),
            created_at=now,
            contact_id=contact_id,
            template_id=template_id,
            fallback=fallback,
            not_before=now,
        )
    )


def enclosed(file: CaseFile, attempt: Attempt, files: Kept) -> tuple[tuple[str, str, bytes], ...]:
    """Give the document that goes along with its message: (file name, media type, bytes)."""
    if attempt.cause.kind not in (RECEIPT, LETTER):
        return ()
    document = next((d for d in file.documents if d.document_id == attempt.cause.step), None)
    body = files.read(document.key) if document is not None else None
    if document is None or body is None:
        return ()
    return ((document.filename, "application/pdf", body),)


def _named(reach: Reach, came_by: str) -> str:
    """The point the debtor came by; else the best one is found when it goes."""
    return reach.contact_id if reach.contact_id == came_by else ""
