"""What the plan's triggers call: the clock, and one message of its queue at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.handlers import jobs
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import contact, notice
    from chalicelib.services import (
        agreement_papers,
        approval_notices,
        bulk_work,
        call_notices,
        dry_runs,
        erasure_work,
        notice_sending,
        photo_sweep,
        plan_agenda,
        planning,
        ranking,
        report_mail,
    )

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.notice import Notice
    from chalicelib.domain.people import Person
    from chalicelib.domain.portfolio import Portfolio


def start() -> None:
    """Have every portfolio's agenda read."""
    number = plan_agenda.start(portfolios=wiring.portfolios(), work=wiring.plan_jobs())
    wiring.plan_jobs().send([{"step": "letters", "portfolio_id": ""}])
    photo_sweep.start(wiring.plan_jobs())
    reports = report_mail.start(
        schedules=wiring.report_schedules(), work=wiring.plan_jobs(), now=wiring.now()
    )
    approval_notices.start(
        people=wiring.people(),
        portfolios=wiring.portfolios(),
        work=wiring.plan_jobs(),
        now=wiring.now(),
    )
    jobs.log.info("plan started", extra={"portfolios": number, "reports": reports})


def work(event: Any) -> dict[str, Any]:
    """Read an agenda, look at cases, or put a whole portfolio on today's agenda."""
    return jobs.each(event, _work, wiring.plan_jobs)


def _work(message: dict[str, Any], context: Any) -> None:
    portfolio_id = message["portfolio_id"]
    match message["step"]:
        case "due":
            plan_agenda.read_agenda(
                portfolio_id,
                message["shard"],
                cursor=message["cursor"],
                portfolios=wiring.portfolios(),
                cases=wiring.cases(),
                work=wiring.plan_jobs(),
                now=wiring.now(),
                time_left_s=jobs.seconds_left(context),
            )
        case "cases":
            done = planning.plan_cases(
                portfolio_id,
                message["case_ids"],
                portfolios=wiring.portfolios(),
                strategies=wiring.strategies(),
                cases=wiring.cases(),
                allowances=wiring.allowances(),
                enrolments=wiring.enrolments(),
                bids=wiring.bids(),
                awarded=message.get("awarded", False),
                tell=_rank,
                now=wiring.now(),
            )
            jobs.log.info("planned", extra={"portfolio_id": portfolio_id, "done": done})
        case "award":
            plan_agenda.award(
                portfolio_id,
                portfolios=wiring.portfolios(),
                strategies=wiring.strategies(),
                cases=wiring.cases(),
                allowances=wiring.allowances(),
                bids=wiring.bids(),
                work=wiring.plan_jobs(),
                now=wiring.now(),
            )
        case "fill":
            ranking.fill(
                portfolio_id,
                portfolios=wiring.portfolios(),
                cases=wiring.cases(),
                turns=wiring.call_turns(),
                work=wiring.plan_jobs(),
                now=wiring.now(),
            )
        case "rank":
            ranking.rank_cases(
                portfolio_id,
                message["case_ids"],
                portfolios=wiring.portfolios(),
                playbooks=wiring.strategies(),
                cases=wiring.cases(),
                turns=wiring.call_turns(),
                enrolments=wiring.enrolments(),
                usual=wiring.usual_balance,
                hours=wiring.good_hours,
                now=wiring.now(),
            )
        case "dry_run":
            dry_runs.work_on(
                portfolio_id,
                message["dry_run_id"],
                message["part"],
                portfolios=wiring.portfolios(),
                strategies=wiring.strategies(),
                cases=wiring.cases(),
                dry_runs=wiring.dry_runs(),
                files=wiring.export_files(),
                work=wiring.plan_jobs(),
                hours=wiring.hours_of,
                now=wiring.now(),
                time_left_s=jobs.seconds_left(context),
            )
        case "bulk":
            _bulk(message, context)
        case "report" | "erase":
            _one(message, context)
        case "notices" | "approvals":
            _told(message)
        case "letters":
            done_letters = agreement_papers.issue_letters(
                cases=wiring.cases(),
                portfolios=wiring.portfolios(),
                means=wiring.issuing(),
                now=wiring.now(),
            )
            jobs.log.info("letters issued", extra={"letters": done_letters})
        case "photos":
            seen = photo_sweep.look(
                message["shard"],
                cursor=message["cursor"],
                cases=wiring.cases(),
                portfolios=wiring.portfolios(),
                files=wiring.evidence_files(),
                work=wiring.plan_jobs(),
                now=wiring.now(),
                time_left_s=jobs.seconds_left(context),
            )
            jobs.log.info("photos looked for", extra=seen)
        case "review":
            plan_agenda.review(
                portfolio_id,
                date.fromisoformat(message["day"]),
                shard=message["shard"],
                cursor=message.get("cursor"),
                cases=wiring.cases(),
                work=wiring.plan_jobs(),
                time_left_s=jobs.seconds_left(context),
            )


def _one(message: dict[str, Any], context: Any) -> None:
    if message["step"] == "report":
        _report(message)
    else:
        _erase(message, context)


def _erase(message: dict[str, Any], context: Any) -> None:
    request_id = message["request_id"]
    cases = erasure_work.work(
        message["portfolio_id"],
        request_id,
        means=wiring.erasure_working(),
        now=wiring.now(),
        time_left_s=jobs.seconds_left(context),
    )
    jobs.log.info("data erased", extra={"request_id": request_id, "cases": cases})


def _report(message: dict[str, Any]) -> None:
    ids = {name: message[name] for name in ("portfolio_id", "schedule_id")}

    def problem(error: Exception) -> None:
        jobs.log.error(
            "report handed over, outcome unknown",
            extra={"ids": ids, "error": type(error).__name__},
        )

    outcome = report_mail.work(
        **ids,
        key=message["key"],
        means=wiring.report_mail_means(),
        sender=wiring.sender(contact.Channel.EMAIL),
        problem=problem,
        now=wiring.now(),
    )
    jobs.log.info("report", extra={"ids": ids, "outcome": outcome})


def _told(message: dict[str, Any]) -> None:
    """Send a person what waits for them, or see what some are to be told of a tray."""
    portfolio_id = message["portfolio_id"]
    if message["step"] == "notices":
        _notices(portfolio_id, message["person_id"])
        return
    number = approval_notices.look(
        portfolio_id,
        message["people"],
        means=approval_notices.Means(
            people=wiring.people(), boxes=wiring.notice_boxes(), tray=wiring.approval_means()
        ),
        now=wiring.now(),
    )
    jobs.log.info("approvals", extra={"portfolio_id": portfolio_id, "people": number})


def _notices(portfolio_id: str, person_id: str) -> None:
    ids = {"portfolio_id": portfolio_id, "person_id": person_id}

    def problem(error: Exception) -> None:
        jobs.log.error(
            "notices handed over, outcome unknown",
            extra={"ids": ids, "error": type(error).__name__},
        )

    outcome = notice_sending.work(
        **ids,
        means=notice_sending.Means(
            boxes=wiring.notice_boxes(),
            people=wiring.people(),
            portfolios=wiring.portfolios(),
            names=wiring.actor_names,
            fresh=_fresh,
            sender=wiring.sender(contact.Channel.EMAIL),
            site=settings().site_url,
            problem=problem,
        ),
        now=wiring.now(),
    )
    jobs.log.info("notices", extra={"ids": ids, "outcome": outcome})


def _fresh(one: Notice, person: Person, portfolio: Portfolio) -> Notice | None:
    """A notice as it is now; None where it is over."""
    now = wiring.now()
    if one.kind is notice.NoticeKind.APPROVAL:
        waits = approval_notices.pending(person, portfolio, tray=wiring.approval_means(), now=now)
        return replace(one, pending=waits) if waits else None
    if one.kind is notice.NoticeKind.CALL_BACK:
        stands = call_notices.stands(
            one,
            person.person_id,
            portfolio,
            turns=wiring.call_turns(),
            cases=wiring.cases(),
            now=now,
        )
        return one if stands else None
    return one


def _bulk(message: dict[str, Any], context: Any) -> None:
    portfolio_id, job_id, means = message["portfolio_id"], message["job_id"], wiring.bulk_means()
    time_left_s = jobs.seconds_left(context)
    match message["do"]:
        case "count":
            bulk_work.count(
                portfolio_id, job_id, means=means, now=wiring.now(), time_left_s=time_left_s
            )
        case "send":
            bulk_work.send(
                portfolio_id,
                job_id,
                undo=message["undo"],
                first=message["first"],
                means=means,
                time_left_s=time_left_s,
            )
        case "chunk":
            bulk_work.chunk(
                portfolio_id,
                job_id,
                message["number"],
                undo=message["undo"],
                means=means,
                now=wiring.now(),
            )


def _rank(seen: Sequence[tuple[CaseFile, str]], portfolio: Portfolio) -> None:
    ranking.put(
        seen,
        portfolio,
        turns=wiring.call_turns(),
        enrolments=wiring.enrolments(),
        usual=wiring.usual_balance,
        hours=wiring.good_hours,
        now=wiring.now(),
    )
