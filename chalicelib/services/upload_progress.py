"""How far an upload is, in rows, rates and figures: what its page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.upload import Figures, Upload, UploadState
from chalicelib.services.upload_moves import RUNNING, written_round
from chalicelib.services.upload_ports import Pass, sweep_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an upload is; rates and times only while something runs."""

    rows_total: int | None
    rows_read: int
    rows_done: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    rows_per_s: float | None
    seconds_left: float | None


def progress(
    upload: Upload, tallies: Mapping[str, Mapping[str, int]], *, now: datetime
) -> Progress:
    """
    Work out how far an upload is from its sums.

    The rate is that of the pass now running, from its start; time left is what remains of
    this pass at that rate.
    """
    if upload.state is UploadState.UNDOING:
        step, round_ = Pass(upload.extra["pass"]), int(upload.extra["round"])
    else:
        step = Pass.APPLY if upload.started_at else Pass.CHECK
        round_ = written_round(upload)
    # A list of uploads is read without their sums; what is over has its figures on the upload.
    over = {UploadState.READY: upload.checked, UploadState.DONE: upload.applied}.get(upload.state)
    done = over or figures(tallies.get(sweep_name(step, round_), {}))
    total = upload.extra.get("rows")
    rate = left = None
    if upload.state in RUNNING:
        seconds = (now - datetime.fromisoformat(upload.extra["pass_started_at"])).total_seconds()
        if seconds > 0 and done.rows:
            rate = done.rows / seconds
            left = (total - done.rows) / rate if total is not None else None
    elif upload.state is UploadState.DONE and upload.started_at and upload.finished_at:
        seconds = (upload.finished_at - upload.started_at).total_seconds()
        rate = done.rows / seconds if seconds > 0 else None
    return Progress(
        rows_total=total,
        rows_read=upload.rows_read,
        rows_done=done.rows,
        created=done.created,
        updated=done.updated,
        unchanged=done.unchanged,
        rejected=done.rejected,
        rows_per_s=rate,
        seconds_left=left,
    )


def figures(tally: Mapping[str, int]) -> Figures:
    return Figures(**{name: int(tally.get(name, 0)) for name in Figures.__dataclass_fields__})


def shown_figures(upload: Upload, tallies: Mapping[str, Mapping[str, int]]) -> Figures | None:
    """Give what was written: the final figures, or of one that was cancelled what it got to."""
    if upload.applied is not None or upload.started_at is None:
        return upload.applied
    tally = tallies.get(sweep_name(Pass.APPLY, written_round(upload)))
    return figures(tally) if tally else None
