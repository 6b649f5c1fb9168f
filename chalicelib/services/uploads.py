"""What people and creditors' systems do with an upload: start, map, apply, cancel, undo, look."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain import ids
from chalicelib.domain.errors import (
    BadField,
    UploadNotFound,
    UploadNotNow,
    UploadTooLarge,
)
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.scan import Wanted
from chalicelib.domain.upload import Upload, UploadMode, UploadState
from chalicelib.services import scans
from chalicelib.services.access import UPLOADERS, Portfolios, need, open_portfolio
from chalicelib.services.upload_mapping import checked_mapping, other_table
from chalicelib.services.upload_moves import begin_apply, begin_check, push, read_again
from chalicelib.services.upload_ports import Files, Pass, Queue, Uploads

# A form posted by a browser may hold 5 GB; reading is one pass of about 1 GB a minute, and what
# a debt portfolio needs is far below: a million rows are some 150 MB.
MAX_FILE_BYTES = 1024**3
FORM_EXPIRES_S = 3600
LINK_EXPIRES_S = 300
# No worker lives longer than its function's timeout, so after this nothing writes any more.
WORKERS_GONE_S = 70  # load_chunk's timeout in infra/functions.yaml, and a little

CANCELLABLE = (
    UploadState.AWAITING_FILE,
    UploadState.READING,
    UploadState.NEEDS_MAPPING,
    UploadState.CHECKING,
    UploadState.READY,
    UploadState.APPLYING,
)
MAPPABLE = (UploadState.NEEDS_MAPPING, UploadState.READY)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpload:
    """
    What a supervisor or a creditor's system announces.

    Args:
        filename: As the person knows it; kept for show, never trusted as a key.
        close_absent: Settle as paid the debts that a balance file does not name.
        apply_automatically: Go on after the review without waiting for a person.
    """

    filename: str
    size_bytes: int
    mode: UploadMode
    close_absent: bool = False
    apply_automatically: bool = False
    language: str = "es"


def start(
    request: NewUpload,
    *,
    portfolio_id: str,
    actor: Actor,
    portfolios: Portfolios,
    uploads: Uploads,
    files: Files,
    now: datetime,
) -> tuple[Upload, dict[str, Any]]:
    """
    Announce a file and get the form to send it with, straight to the bucket.

    Returns:
        The upload, waiting for its file, and ``{"url", "fields"}``: the form admits this
        object only, up to the announced size.

    Raises:
        UploadTooLarge: More than ``MAX_FILE_BYTES``.
    """
    portfolio(portfolio_id, actor=actor, portfolios=portfolios)
    if request.size_bytes > MAX_FILE_BYTES:
        raise UploadTooLarge(max_bytes=MAX_FILE_BYTES)
    if request.size_bytes <= 0:
        raise BadField(field="size_bytes", reason="too_small")
    if request.close_absent and request.mode is not UploadMode.BALANCES:
        raise BadField(field="close_absent", reason="only_balances")
    upload_id = ids.new_id("upl")
    upload = Upload(
        upload_id=upload_id,
        portfolio_id=portfolio_id,
        mode=request.mode,
        state=UploadState.AWAITING_FILE,
        filename=request.filename,
        size_bytes=request.size_bytes,
        created_by=actor.actor_id,
        created_at=now,
        updated_at=now,
        object_key=f"in/{portfolio_id}/{upload_id}/{_safe_name(request.filename)}",
        close_absent=request.close_absent,
        apply_automatically=request.apply_automatically,
        extra={"created_by_name": actor.name, "language": request.language, "round": 0},
    )
    uploads.add(upload)
    form = files.post_form(
        upload.object_key, max_bytes=request.size_bytes, expires_s=FORM_EXPIRES_S
    )
    return upload, form


def find(portfolio_id: str, upload_id: str, *, actor: Actor, uploads: Uploads) -> Upload:
    """Load an upload the actor may work with; everybody else learns that there is none."""
    need(actor, *UPLOADERS)
    upload = uploads.get(portfolio_id, upload_id) if actor.sees(portfolio_id) else None
    if upload is None:
        raise UploadNotFound(upload_id=upload_id)
    return upload


def portfolio(portfolio_id: str, *, actor: Actor, portfolios: Portfolios) -> Portfolio:
    """Load a portfolio the actor may upload to."""
    return open_portfolio(actor, portfolio_id, portfolios, *UPLOADERS)


def put_mapping(
    portfolio_id: str,
    upload_id: str,
    mapping: dict[str, Any],
    *,
    actor: Actor,
    uploads: Uploads,
    steps: Queue,
    now: datetime,
) -> Upload:
    """
    Say what the columns mean and start the review.

    The mapping is remembered for files of this shape in this portfolio. Putting another one
    on an upload that waits to be applied reviews it again.

    Raises:
        MappingRefused: A column or field that does not exist, or a field given twice.
        MappingIncomplete: What the mode needs is not mapped, or a question has no answer.
    """
    upload = find(portfolio_id, upload_id, actor=actor, uploads=uploads)
    if upload.state not in MAPPABLE or upload.inspection is None:
        raise UploadNotNow(state=upload.state.value, action="map")
    other = other_table(mapping, upload.inspection)
    if other:
        return read_again(upload, other, uploads=uploads, steps=steps, now=now)
    mapping = checked_mapping(mapping, upload.inspection, mode=upload.mode)
    uploads.remember_mapping(portfolio_id, _memory_key(upload), mapping)
    return begin_check(upload, mapping, uploads=uploads, steps=steps, now=now)


def apply(
    portfolio_id: str,
    upload_id: str,
    *,
    actor: Actor,
    uploads: Uploads,
    steps: Queue,
    now: datetime,
) -> Upload:
    """Write what the review showed. Safe to repeat while it runs: it runs once."""
    upload = find(portfolio_id, upload_id, actor=actor, uploads=uploads)
    if upload.state is UploadState.APPLYING:
        push(upload, steps=steps)
        return upload
    if upload.state is not UploadState.READY:
        raise UploadNotNow(state=upload.state.value, action="apply")
    return begin_apply(upload, uploads=uploads, steps=steps, now=now)


def cancel(
    portfolio_id: str, upload_id: str, *, actor: Actor, uploads: Uploads, now: datetime
) -> Upload:
    """
    Stop an upload wherever it is. Workers finish the chunk in hand and take no other.

    What was applied by then stays and is shown; it can be undone.
    """
    upload = find(portfolio_id, upload_id, actor=actor, uploads=uploads)
    if upload.state is UploadState.CANCELLED:
        return upload
    if upload.state not in CANCELLABLE:
        raise UploadNotNow(state=upload.state.value, action="cancel")
    return uploads.save(
        replace(upload, state=UploadState.CANCELLED, updated_at=now, finished_at=now)
    )


def undo(
    portfolio_id: str,
    upload_id: str,
    *,
    actor: Actor,
    uploads: Uploads,
    steps: Queue,
    now: datetime,
) -> Upload:
    """
    Take back what an upload wrote, if nothing has been built on it.

    First every chunk is looked through; when there are payments, notes, promises or later
    uploads on what it wrote, the upload returns to where it was with the problem
    ``upload.built_upon`` naming how many, and nothing has changed.

    Raises:
        UploadNotNow: It was never applied, or workers may still be finishing their last chunk.
    """
    upload = find(portfolio_id, upload_id, actor=actor, uploads=uploads)
    if upload.state is UploadState.UNDOING:
        push(upload, steps=steps)
        return upload
    if upload.state not in (UploadState.DONE, UploadState.CANCELLED) or upload.started_at is None:
        raise UploadNotNow(state=upload.state.value, action="undo")
    gone_at = upload.updated_at + timedelta(seconds=WORKERS_GONE_S)
    if upload.state is UploadState.CANCELLED and now < gone_at:
        raise UploadNotNow(
            state=upload.state.value,
            action="undo",
            retry_after_s=int((gone_at - now).total_seconds()) + 1,
        )
    stored = uploads.save(
        replace(
            upload,
            state=UploadState.UNDOING,
            updated_at=now,
            problem=None,
            extra=upload.extra
            | {
                "round": upload.extra["round"] + 1,
                "undo_of": upload.extra.get("undo_of", upload.extra["round"]),
                "undone_by": actor.actor_id,
                "was": upload.state.value,
                "pass": Pass.UNDO_CHECK.value,
                "pass_started_at": now.isoformat(),
            },
        )
    )
    push(stored, steps=steps)
    return stored


def allowed(upload: Upload) -> dict[str, bool]:
    """Say what may be done with an upload as it stands: the buttons of its page."""
    applied = upload.started_at is not None
    return {
        "map": upload.state in MAPPABLE,
        "apply": upload.state is UploadState.READY,
        "cancel": upload.state in CANCELLABLE,
        "undo": applied and upload.state in (UploadState.DONE, UploadState.CANCELLED),
    }


class Kept(Files, scans.Gives, Protocol):
    """The bucket as it is read from: what came from outside may have been scanned."""


def original_link(upload: Upload, *, files: Kept) -> dict[str, Any]:
    """
    Give the ``url`` of the file as it came, and what a scanner said of it.

    Raises:
        UploadNotFound: The file never came, or its keeping time is over.
        FileInfected: A scanner found malware in it.
    """
    if upload.state is UploadState.AWAITING_FILE or files.size(upload.object_key) is None:
        raise UploadNotFound(upload_id=upload.upload_id)
    wanted = Wanted(upload.object_key, upload.filename)
    return scans.taken(wanted, files, expires_s=LINK_EXPIRES_S)


def rejects_link(upload: Upload, *, files: Files) -> str:
    """
    Raises:
        UploadNotFound: No row was rejected, or the file's keeping time is over.
    """
    key = upload.rejects_key
    if key is None or files.size(key) is None:
        raise UploadNotFound(upload_id=upload.upload_id)
    return files.link(key, filename=key.rsplit("/", 1)[-1], expires_s=LINK_EXPIRES_S)


def template_link(
    mode: str,
    portfolio_id: str,
    *,
    kind: str,
    language: str,
    actor: Actor,
    portfolios: Portfolios,
    files: Files,
) -> str:
    """
    Make a file to start from, in the portfolio's country and the reader's language.

    Args:
        kind: ``xlsx`` or ``csv``.

    Returns:
        A short-lived address of it.
    """
    from chalicelib.intake.templates import template

    owner = portfolio(portfolio_id, actor=actor, portfolios=portfolios)
    body, media_type, name = template(
        mode, country=owner.country, currency=owner.currency, language=language, kind=kind
    )
    key = f"templates/{owner.country}/{owner.currency}/{language}/{name}"
    files.write(key, body, content_type=media_type)
    return files.link(key, filename=name, expires_s=LINK_EXPIRES_S)


def _memory_key(upload: Upload) -> str:
    assert upload.inspection is not None  # noqa: S101 - the caller has looked
    return f"{upload.mode.value}#{upload.inspection['shape']}"


def _safe_name(filename: str) -> str:
    """
    Make the last part of a key from a file's name.

    >>> _safe_name("../Cartera Ñandú (1).csv")
    'Cartera_and_1_.csv'
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", filename.replace("\\\\", "/").rsplit("/", 1)[-1])
    return (name.strip("._") and name[-100:]) or "file"
