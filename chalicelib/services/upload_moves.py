"""How an upload moves on: the change of state, and the message that carries it further."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.upload import Upload, UploadState
from chalicelib.services.upload_ports import Pass, Queue, Uploads, step_message

RUNNING = (UploadState.CHECKING, UploadState.APPLYING, UploadState.UNDOING)


def read_again(
    upload: Upload, other: dict[str, Any], *, uploads: Uploads, steps: Queue, now: datetime
) -> Upload:
    """Go back to reading, on another sheet or header: its columns are other columns."""
    stored = uploads.save(
        replace(
            upload,
            state=UploadState.READING,
            inspection=None,
            mapping=None,
            checked=None,
            updated_at=now,
            extra=upload.extra | other,
        )
    )
    push(stored, steps=steps)
    return stored


def begin_check(
    upload: Upload, mapping: dict[str, Any], *, uploads: Uploads, steps: Queue, now: datetime
) -> Upload:
    """Move an upload whose mapping is settled to its review, a new round."""
    stored = uploads.save(
        replace(
            upload,
            state=UploadState.CHECKING,
            mapping=mapping,
            checked=None,
            chunks=None,
            rows_read=0,
            rejects_key=None,
            updated_at=now,
            extra=upload.extra
            | {
                "round": upload.extra["round"] + 1,
                "pass": Pass.CHECK.value,
                "pass_started_at": now.isoformat(),
            },
        )
    )
    push(stored, steps=steps)
    return stored


def begin_apply(upload: Upload, *, uploads: Uploads, steps: Queue, now: datetime) -> Upload:
    stored = uploads.save(
        replace(
            upload,
            state=UploadState.APPLYING,
            updated_at=now,
            started_at=now,
            extra=upload.extra | {"pass": Pass.APPLY.value, "pass_started_at": now.isoformat()},
        )
    )
    push(stored, steps=steps)
    return stored


def push(upload: Upload, *, steps: Queue) -> None:
    """
    Send the message that carries a moving upload on.

    State is saved before its message is sent, so a crash in between leaves an upload that
    nothing moves; whoever repeats the call pushes it again. Messages are safe to repeat.
    """
    if upload.state is UploadState.READING:
        steps.send([step_message("read", upload)])
    elif upload.state is UploadState.CHECKING and upload.chunks is None:
        steps.send([step_message("split", upload, round=upload.extra["round"])])
    elif upload.extra.get("pass") == Pass.CLOSE and "close_units" not in upload.extra:
        step = step_message("survey", upload, round=upload.extra["round"], cursor=None, found=0)
        steps.send([step])
    elif upload.state in RUNNING:
        steps.send([dispatch_message(upload, Pass(upload.extra["pass"]))])


def dispatch_message(upload: Upload, step: Pass, *, first: int = 0) -> dict[str, Any]:
    """Make the message that sends a pass's units to the workers, from unit *first* on."""
    return step_message(
        "dispatch", upload, round=upload.extra["round"], first=first, **{"pass": step.value}
    )


def written_round(upload: Upload) -> int:
    """Return the round whose chunks were checked and applied (undoing starts rounds of its own)."""
    return int(upload.extra.get("undo_of", upload.extra["round"]))
