"""What app.py's triggers call: one function each, over one message or one event."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import (
        exports,
        geocoding,
        scans,
        upload_closing,
        upload_ports,
        upload_reading,
        upload_steps,
        upload_units,
        visit_photos,
        visit_results,
    )
    from chalicelib.store import queues
    from chalicelib.store import scans as scan_rows

log = logging.getLogger("recobro")
# What of a queued message may be logged.
IDS = (
    "step", "pass", "upload_id", "unit", "case_id", "attempt_id", "visit_id", "code_id", "job_id",
)  # fmt: skip


def read_upload(event: Any) -> None:
    """Take note of a file that reached the bucket; reading it is the steps' work."""
    upload_reading.arrived(
        event.detail["object"]["key"],
        uploads=wiring.uploads(),
        steps=wiring.upload_steps(),
        now=wiring.now(),
    )


def note_evidence(event: Any) -> None:
    """Hold a visit's photo, which reached the bucket, against what was reported of it."""
    visit_photos.arrived(
        event.detail["object"]["key"],
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        files=wiring.evidence_files(),
        now=wiring.now(),
    )


def note_scan(event: Any) -> None:
    """Keep what a scanner said of a file; an account has more buckets than ours."""
    known = settings()
    heard = scan_rows.heard(event.detail, wiring.now())
    if heard is not None and heard[0] in (known.uploads_bucket, known.evidence_bucket):
        scans.note(
            heard[1],
            scans=wiring.scans(),
            cases=wiring.cases(),
            portfolios=wiring.portfolios(),
        )


def step_upload(event: Any) -> dict[str, Any]:
    """Read, split, dispatch or finish an upload, or locate its addresses."""
    return each(event, _step, wiring.upload_steps)


def load_chunk(event: Any) -> dict[str, Any]:
    """Do one unit of one pass: check, apply, close, look for doubles, or undo."""
    return each(event, _unit, wiring.upload_chunks)


def write_export(event: Any) -> dict[str, Any]:
    """Write a list of cases to the exports bucket."""
    return each(event, _export, wiring.export_jobs)


def collect_messages(event: Any) -> None:
    """Put every message whose moment has come on the queue, and order what people are told."""
    # With templates and law: only where they are needed.
    from chalicelib.services import dispatch, person_notices

    dispatch.collect(
        outbox=wiring.cases(),
        queue=wiring.messages(),
        now=wiring.now(),
        time_left_s=seconds_left(event.context),
    )
    person_notices.start(boxes=wiring.notice_boxes(), work=wiring.plan_jobs(), now=wiring.now())


def send_message(event: Any) -> dict[str, Any]:
    """Take messages to debtors through the gate and out."""
    return each(event, _message, wiring.messages)


def each(
    event: Any, work: Callable[[dict[str, Any], Any], None], queue: Callable[[], queues.Queue]
) -> dict[str, Any]:
    """
    Work through a batch; whatever fails is told by id and comes again, the rest does not.

    Args:
        queue: Gives the queue that the batch came from.

    Returns:
        SQS's partial batch response.
    """
    return queues.each(
        event.to_dict()["Records"],
        lambda record: work(json.loads(record["body"]), event.context),
        queue=queue,
        what="message",
        ids=_ids,
    )


def _ids(record: dict[str, Any]) -> dict[str, Any]:
    message = json.loads(record["body"])
    return {"ids": {name: message.get(name) for name in IDS}}


def seconds_left(context: Any) -> Callable[[], float]:
    return lambda: float(context.get_remaining_time_in_millis()) / 1000


def _step(message: dict[str, Any], context: Any) -> None:
    portfolio_id, upload_id = message["portfolio_id"], message["upload_id"]
    match message["step"]:
        case "read":
            upload_reading.read(
                portfolio_id,
                upload_id,
                portfolios=wiring.portfolios(),
                uploads=wiring.uploads(),
                files=wiring.upload_files(),
                steps=wiring.upload_steps(),
                now=wiring.now(),
            )
        case "split":
            upload_reading.split(
                portfolio_id,
                upload_id,
                round_=message["round"],
                uploads=wiring.uploads(),
                files=wiring.upload_files(),
                steps=wiring.upload_steps(),
                now=wiring.now,
                time_left_s=seconds_left(context),
                resume=message.get("resume"),
            )
        case "dispatch":
            upload_steps.dispatch(
                portfolio_id,
                upload_id,
                step=upload_ports.Pass(message["pass"]),
                round_=message["round"],
                first=message["first"],
                uploads=wiring.uploads(),
                cases=wiring.cases(),
                steps=wiring.upload_steps(),
                work=wiring.upload_chunks(),
                time_left_s=seconds_left(context),
            )
        case "survey":
            upload_closing.survey(
                portfolio_id,
                upload_id,
                round_=message["round"],
                cursor=message["cursor"],
                found=message["found"],
                uploads=wiring.uploads(),
                cases=wiring.cases(),
                files=wiring.upload_files(),
                steps=wiring.upload_steps(),
                time_left_s=seconds_left(context),
            )
        case "finish":
            upload_steps.finish(
                portfolio_id,
                upload_id,
                step=upload_ports.Pass(message["pass"]),
                round_=message["round"],
                uploads=wiring.uploads(),
                files=wiring.upload_files(),
                steps=wiring.upload_steps(),
                now=wiring.now(),
                locates=wiring.geocoder() is not None,
            )
        case "locate":
            _locate(message)


def _locate(message: dict[str, Any]) -> None:
    geocoder = wiring.geocoder()
    if geocoder is None:  # switched off since the message was sent
        return
    geocoding.locate_chunk(
        message["portfolio_id"],
        message["upload_id"],
        message["unit"],
        portfolios=wiring.portfolios(),
        uploads=wiring.uploads(),
        cases=wiring.cases(),
        files=wiring.upload_files(),
        geocoder=geocoder,
        now=wiring.now(),
    )


def _code(message: dict[str, Any]) -> None:
    from chalicelib.services import one_time_codes

    def problem(error: Exception) -> None:
        log.error(
            "code handed over, outcome unknown",
            extra={"ids": {"code_id": message["code_id"]}, "error": type(error).__name__},
        )

    one_time_codes.send(message["code_id"], means=wiring.coding(problem), now=wiring.now())


def _message(message: dict[str, Any], _: Any) -> None:
    if "visit_id" in message:
        _visit_result(message)
        return
    if "code_id" in message:
        _code(message)
        return
    from chalicelib.services import dispatch

    case_id, attempt_id = message["case_id"], message["attempt_id"]

    def problem(error: Exception) -> None:
        # It may have gone: it stays reserved, and a provider's news or a person settles it.
        log.error(
            "message handed over, outcome unknown",
            extra={"ids": {"attempt_id": attempt_id}, "error": type(error).__name__},
        )

    outcome = dispatch.deliver(
        case_id,
        attempt_id,
        means=wiring.dispatching(problem),
        now=wiring.now(),
        turn=datetime.fromisoformat(message["turn"]) if "turn" in message else None,
    )
    log.info("message", extra={"ids": {"attempt_id": attempt_id}, "outcome": outcome})


def _visit_result(message: dict[str, Any]) -> None:
    case_id, visit_id = message["case_id"], message["visit_id"]

    def problem(code: str) -> None:
        log.error("result not sent", extra={"ids": {"visit_id": visit_id}, "code": code})

    sent = visit_results.tell(
        case_id, visit_id, means=wiring.telling_results(problem), now=wiring.now()
    )
    log.info("visit result", extra={"ids": {"visit_id": visit_id}, "sent": sent})


def _unit(message: dict[str, Any], context: Any) -> None:
    portfolio_id = message["portfolio_id"]
    upload_units.run(
        portfolio_id,
        message["upload_id"],
        step=upload_ports.Pass(message["pass"]),
        round_=message["round"],
        unit=message["unit"],
        fresh=message["fresh"],
        portfolios=wiring.portfolios(),
        uploads=wiring.uploads(),
        proposals=wiring.merges(),
        cases=wiring.cases(),
        files=wiring.upload_files(),
        steps=wiring.upload_steps(),
        now=wiring.now(),
        time_left_s=seconds_left(context),
        suppressed=functools.partial(wiring.suppressed, portfolio_id),
    )


def _export(message: dict[str, Any], context: Any) -> None:
    exports.write(
        message["portfolio_id"],
        message["export_id"],
        portfolios=wiring.portfolios(),
        exports=wiring.exports(),
        cases=wiring.cases(),
        files=wiring.export_files(),
        jobs=wiring.export_jobs(),
        engine=wiring.figures(),
        now=wiring.now(),
        time_left_s=seconds_left(context),
        read_phone=wiring.read_phone,
    )
