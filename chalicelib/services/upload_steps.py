"""What happens between the passes of an upload: sending units out, adding up, moving on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.upload import Figures, Upload, UploadMode, UploadState
from chalicelib.services import casework, upload_moves, upload_progress, upload_rejects
from chalicelib.services.upload_ports import (
    Files,
    Pass,
    Queue,
    Tally,
    Uploads,
    step_message,
    sweep_name,
    unit_message,
)

MESSAGES_AT_ONCE = 500
RESERVE_S = 20.0

# In which states a pass runs; a message that meets another state comes too late.
STATES = {
    Pass.CHECK: (UploadState.CHECKING,),
    Pass.APPLY: (UploadState.APPLYING,),
    Pass.CLOSE: (UploadState.APPLYING,),
    Pass.PROPOSE: (UploadState.APPLYING, UploadState.DONE),
    Pass.UNDO_CHECK: (UploadState.UNDOING,),
    Pass.UNDO: (UploadState.UNDOING,),
}
# What an undo may find in its way, in the words of a unit's tally.
BUILT = ("payments", "notes", "promises", "uploads", "changes")


class FiguresDoNotAddUp(RuntimeError):
    """A pass ended with other rows than the file has: a defect, never the user's doing."""


def runs(upload: Upload | None, step: Pass, round_: int) -> bool:
    """Say whether a message for *step* of round *round_* is still wanted."""
    return upload is not None and upload.extra["round"] == round_ and upload.state in STATES[step]


def units(upload: Upload, step: Pass) -> int:
    """Count the units of a pass: chunks, pages of cases to close, or both to undo both."""
    parts = upload.chunks or 0
    closing = int(upload.extra.get("close_units") or 0)
    if step is Pass.CLOSE:
        return closing
    return parts + closing if step in (Pass.UNDO, Pass.UNDO_CHECK) else parts


def dispatch(
    portfolio_id: str,
    upload_id: str,
    *,
    step: Pass,
    round_: int,
    first: int,
    uploads: Uploads,
    cases: casework.ListedCases,
    steps: Queue,
    work: Queue,
    time_left_s: Callable[[], float],
) -> None:
    """
    Send a pass's units to the workers, from unit *first* on.

    Safe to repeat: a unit that is recorded already is only looked at.
    """
    upload = uploads.get(portfolio_id, upload_id)
    if upload is None or not runs(upload, step, round_):
        return
    count = units(upload, step)
    if count == 0:
        steps.send([finish_message(upload, step)])
    fresh = step in (Pass.CHECK, Pass.APPLY) and _fresh(upload, uploads, cases)
    for start in range(first, count, MESSAGES_AT_ONCE):
        if time_left_s() < RESERVE_S:
            steps.send([upload_moves.dispatch_message(upload, step, first=start)])
            return
        batch = range(start, min(start + MESSAGES_AT_ONCE, count))
        work.send(unit_message(upload, step, unit, fresh=fresh) for unit in batch)


def _fresh(upload: Upload, uploads: Uploads, cases: casework.ListedCases) -> bool:
    """
    Say whether nothing but this upload writes to a portfolio that has no cases yet.

    Then no debt of the file can be another case's, which spares a look-up for each.
    """
    others, _ = uploads.page(upload.portfolio_id, limit=20, cursor=None)
    applying = any(
        other.state is UploadState.APPLYING and other.upload_id != upload.upload_id
        for other in others
    )
    return not applying and not cases.list(upload.portfolio_id, limit=1).items


def finish_message(upload: Upload, step: Pass) -> dict[str, object]:
    return step_message("finish", upload, round=upload.extra["round"], **{"pass": step.value})


def record(
    upload: Upload, step: Pass, unit: int, tally: Tally, *, uploads: Uploads, steps: Queue
) -> None:
    """Add a finished unit to the sums, once, and ask for the end if it was the last."""
    name = sweep_name(step, upload.extra["round"])
    uploads.record_unit(upload.upload_id, name, unit, {"units": 1, **tally})
    end_if_complete(upload, step, uploads=uploads, steps=steps)


def end_if_complete(upload: Upload, step: Pass, *, uploads: Uploads, steps: Queue) -> None:
    """
    Ask for the end of a pass when all its units are in.

    Every worker looks after recording its own unit, so the last one sees them all; should it
    die right there, its message comes again and looks again.
    """
    name = sweep_name(step, upload.extra["round"])
    if uploads.tallies(upload.upload_id).get(name, {}).get("units", 0) >= units(upload, step):
        steps.send([finish_message(upload, step)])


def finish(
    portfolio_id: str,
    upload_id: str,
    *,
    step: Pass,
    round_: int,
    uploads: Uploads,
    files: Files,
    steps: Queue,
    now: datetime,
    locates: bool = False,
) -> None:
    """
    End a pass: add up, write the file of rejected rows, move the upload on.

    Safe to repeat: a pass that has ended before is pushed on to what follows it, no more.

    Args:
        locates: There is a geocoder for addresses that came without a point.

    Raises:
        FiguresDoNotAddUp: created + updated + unchanged + rejected is not the file's rows.
    """
    upload = uploads.get(portfolio_id, upload_id)
    if upload is None or not runs(upload, step, round_):
        if upload is not None and upload.extra["round"] == round_:
            upload_moves.push(upload, steps=steps)
        return
    tally = uploads.tallies(upload_id).get(sweep_name(step, round_), {})
    if step is Pass.CHECK:
        _checked(upload, tally, uploads=uploads, files=files, steps=steps, now=now)
    elif step is Pass.APPLY:
        if locates and upload.mode is UploadMode.DEBTS:  # the other modes bring no address
            steps.send(step_message("locate", upload, unit=n) for n in range(upload.chunks or 0))
        _applied(upload, tally, uploads=uploads, files=files, steps=steps, now=now)
    elif step is Pass.CLOSE:
        applied = replace(upload.applied or Figures(), closed=tally.get("closed", 0))
        _done(replace(upload, applied=applied), uploads=uploads, steps=steps, now=now)
    elif step is Pass.UNDO_CHECK:
        _undo_checked(upload, tally, uploads=uploads, steps=steps, now=now)
    elif step is Pass.UNDO:
        _undone(upload, tally, uploads=uploads, now=now)


def _sums(upload: Upload, tally: Tally) -> Figures:
    sums = upload_progress.figures(tally)
    parts = sums.created + sums.updated + sums.unchanged + sums.rejected
    if not parts == sums.rows == upload.extra["rows"]:
        raise FiguresDoNotAddUp(f"{upload.upload_id}: {parts} of {sums.rows}")
    return sums


def _checked(
    upload: Upload, tally: Tally, *, uploads: Uploads, files: Files, steps: Queue, now: datetime
) -> None:
    sums = _sums(upload, tally)
    key, reasons = upload_rejects.write(upload, Pass.CHECK, uploads=uploads, files=files)
    warnings = upload_rejects.warnings(upload, Pass.CHECK, uploads=uploads, files=files)
    ready = replace(
        upload,
        state=UploadState.READY,
        checked=sums,
        rejects_key=key,
        updated_at=now,
        extra=upload.extra | {"reasons": reasons, "warnings": warnings},
    )
    if upload.apply_automatically:
        upload_moves.begin_apply(ready, uploads=uploads, steps=steps, now=now)
    else:
        uploads.save(ready)


def _applied(
    upload: Upload, tally: Tally, *, uploads: Uploads, files: Files, steps: Queue, now: datetime
) -> None:
    sums = _sums(upload, tally)
    key, reasons = upload_rejects.write(upload, Pass.APPLY, uploads=uploads, files=files)
    warnings = upload_rejects.warnings(upload, Pass.APPLY, uploads=uploads, files=files)
    applied = replace(
        upload,
        applied=sums,
        rejects_key=key,
        updated_at=now,
        extra=upload.extra | {"reasons": reasons, "warnings": warnings},
    )
    if upload.close_absent:
        extra = applied.extra | {"pass": Pass.CLOSE.value, "pass_started_at": now.isoformat()}
        upload_moves.push(uploads.save(replace(applied, extra=extra)), steps=steps)
    else:
        _done(applied, uploads=uploads, steps=steps, now=now)


def _done(upload: Upload, *, uploads: Uploads, steps: Queue, now: datetime) -> None:
    if upload.sha256:
        uploads.remember_applied(
            upload.portfolio_id, f"{upload.mode.value}#{upload.sha256}", upload.upload_id
        )
    # Sent before the state is saved: better proposed twice, which changes nothing, than never.
    steps.send([upload_moves.dispatch_message(upload, Pass.PROPOSE)])
    uploads.save(replace(upload, state=UploadState.DONE, updated_at=now, finished_at=now))


def _undo_checked(
    upload: Upload, tally: Tally, *, uploads: Uploads, steps: Queue, now: datetime
) -> None:
    built = {name: tally[name] for name in BUILT if tally.get(name)}
    if built:
        uploads.save(
            replace(
                upload,
                state=UploadState(upload.extra["was"]),
                problem={"code": "upload.built_upon", "details": built},
                updated_at=now,
            )
        )
        return
    extra = upload.extra | {"pass": Pass.UNDO.value, "pass_started_at": now.isoformat()}
    upload_moves.push(uploads.save(replace(upload, extra=extra, updated_at=now)), steps=steps)


def _undone(upload: Upload, tally: Tally, *, uploads: Uploads, now: datetime) -> None:
    if upload.sha256:
        uploads.forget_applied(
            upload.portfolio_id, f"{upload.mode.value}#{upload.sha256}", upload.upload_id
        )
    undone = {name: tally.get(name, 0) for name in ("debts", "kept", "amount_minor")}
    uploads.save(
        replace(
            upload,
            state=UploadState.UNDONE,
            updated_at=now,
            finished_at=now,
            extra=upload.extra | {"undone": undone},
        )
    )
