"""One unit of one pass, whatever the pass: wanted still? done before? then do it and record it."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from chalicelib.domain.errors import PortfolioNotFound
from chalicelib.services import (
    merges,
    upload_cases,
    upload_chunks,
    upload_closing,
    upload_steps,
    upload_suppressed,
    upload_undo,
)
from chalicelib.services.access import Portfolios
from chalicelib.services.upload_cases import Context
from chalicelib.services.upload_ports import Files, Pass, Queue, Uploads, sweep_name


class Cases(upload_cases.Cases, upload_closing.ListedCases, merges.Cases, Protocol):
    """All that the passes together ask of the cases."""


def run(
    portfolio_id: str,
    upload_id: str,
    *,
    step: Pass,
    round_: int,
    unit: int,
    fresh: bool,
    portfolios: Portfolios,
    uploads: Uploads,
    proposals: merges.Merges,
    cases: Cases,
    files: Files,
    steps: Queue,
    now: datetime,
    time_left_s: Callable[[], float],
    suppressed: upload_suppressed.Find = upload_suppressed.nobody,
) -> None:
    """
    Do a unit and add its figures to the sums, once.

    Safe to repeat at any point: a unit recorded before is not done again, and one that died
    before it was recorded is redone to the same figures.

    Args:
        suppressed: Gives what of some values was erased at a person's request.

    Raises:
        OutOfTime, CaseMoved: To be delivered again; every delivery gets further.
    """
    upload = uploads.get(portfolio_id, upload_id)
    if upload is None or not upload_steps.runs(upload, step, round_):
        return
    if uploads.unit_recorded(upload_id, sweep_name(step, round_), unit):
        upload_steps.end_if_complete(upload, step, uploads=uploads, steps=steps)
        return
    portfolio = portfolios.get(portfolio_id)
    if portfolio is None:
        raise PortfolioNotFound(portfolio_id=portfolio_id)
    context = Context(
        upload=upload,
        portfolio=portfolio,
        cases=cases,
        step=step,
        now=now,
        fresh=fresh,
        time_left_s=time_left_s,
        suppressed=suppressed,
    )
    if step in (Pass.CHECK, Pass.APPLY):
        tally = upload_chunks.work(context, unit, files=files)
    elif step is Pass.CLOSE:
        tally = upload_closing.close(
            upload, unit, portfolio=portfolio, cases=cases, files=files, now=now
        )
    elif step is Pass.PROPOSE:
        tally = merges.propose(context, unit, proposals=proposals, cases=cases, files=files)
    elif step is Pass.UNDO_CHECK:
        tally = upload_undo.check(context, unit, files=files)
    else:
        actor = upload.extra.get("undone_by", context.actor)
        tally = upload_undo.undo(context, unit, actor=actor, files=files)
    upload_steps.record(upload, step, unit, tally, uploads=uploads, steps=steps)
