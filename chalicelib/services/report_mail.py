"""
Sending a report that is due: when its days are there, once, to whoever may have it.

Every quarter of an hour what is due is looked for. A time that it is due is a row that is added
once, so of two workers one has it; the schedule goes on to its next time when that row says that
it is over, so what a worker left behind is found again. Before each e-mail is handed over it is
written down that it will be: a crash in between costs that one e-mail (told as ``unknown``) and
never sends two. The others of the same time are sent by whoever goes on.

Days that are not in the lake are waited for until the day on which it was due is over, in the
portfolio's time zone. Then it goes with the days that are there, and says so; with none of them it
failed, which the page tells. Of several times that were missed, as after an outage, only the last
is sent.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.days import local_day
from chalicelib.domain.due_times import days_of, next_due, waits_until
from chalicelib.domain.errors import DayMissing, FigureNotTold, ReportNamesPeople, ReportTooFew
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import PERSON, Actor, Role
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.report_schedule import (
    GONE,
    LEASE,
    OPENS_FOR_DAYS,
    Letter,
    LetterState,
    Mailing,
    MailingState,
    ReportSchedule,
    ScheduleState,
)
from chalicelib.domain.saved_report import ReportState
from chalicelib.domain.shared_report import SharedReport
from chalicelib.services import (
    lake_runs,
    report_files,
    report_letters,
    report_recipients,
    report_tables,
)
from chalicelib.services import shared_reports as sharing
from chalicelib.services.audit import audited
from chalicelib.services.report_ports import Means, Queue, Schedules, Sender
from chalicelib.services.report_sending import (
    Goods,
    LeaseLost,
    Problem,
    Sending,
    hand_over,
    stored,
)
from chalicelib.services.saved_reports import report_from

STEP = "report"
MOST_AT_ONCE = 1_000
CLOCK = Actor(actor_id="system", role=Role.SERVICE, portfolios=("*",))

# Why it waits or failed, where no other refusal says so.
NOT_YET, MISSED, NOBODY = "report_mail.not_yet", "report_mail.missed", "report_mail.nobody"


def start(*, schedules: Schedules, work: Queue, now: datetime) -> int:
    """Order what is due; says how many. Safe to repeat at any time."""
    due = schedules.due(now, limit=MOST_AT_ONCE)
    work.send(
        {"step": STEP, "portfolio_id": portfolio_id, "schedule_id": schedule_id, "key": ""}
        for portfolio_id, schedule_id, _ in due
    )
    return len(due)


def work(
    portfolio_id: str,
    schedule_id: str,
    key: str,
    *,
    means: Means,
    sender: Sender,
    problem: Problem,
    now: datetime,
) -> str:
    """
    Send what a schedule is due with; safe to repeat.

    Args:
        key: Of a mailing that somebody asked for; empty for the one that is due.

    Returns:
        What came of it: a state of a mailing; ``stale`` where there was nothing to do; ``busy``
        where another worker does it.

    Raises:
        ToComeAgain: Not everybody has got it yet.
    """
    schedule = means.schedules.get(portfolio_id, schedule_id)
    portfolio = means.sharing.portfolios.get(portfolio_id)
    if schedule is None or portfolio is None or not (key or _is_due(schedule, now)):
        return "stale"
    kept = means.sharing.kept.get(portfolio_id, schedule.report_id)
    if kept is None or kept.state is ReportState.DELETED:
        means.schedules.remove(schedule)
        return "stale"
    if portfolio.archived:
        _pause(schedule, means, now)
        return "stale"
    made = means.mailings.get(portfolio_id, key) if key else _due(schedule, portfolio, means)
    if made is None:
        return "stale"
    sending = Sending(
        schedule=schedule,
        portfolio=portfolio,
        kept=kept,
        means=means,
        sender=sender,
        problem=problem,
        now=now,
    )
    try:
        done = made if made.over else _worked(made, sending)
    except LeaseLost:
        return "busy"
    if done.over and not key:
        _advance(schedule, portfolio, means)
    return done.state.value


def mailing_of(
    schedule: ReportSchedule,
    portfolio: Portfolio,
    at: datetime,
    *,
    until: datetime,
    asked_by: str = "",
) -> Mailing:
    """Make the row of a time that it is due, or is asked for, at a moment."""
    first, last = days_of(schedule.days, local_day(at, portfolio.time_zone))
    return Mailing(
        key=f"{schedule.schedule_id}#{at:%Y-%m-%dT%H:%MZ}#{asked_by}",
        portfolio_id=schedule.portfolio_id,
        schedule_id=schedule.schedule_id,
        due_at=at,
        until=until,
        first=first,
        last=last,
        asked_first=first,
        asked_last=last,
        asked_by=asked_by,
    )


# Private


def _is_due(schedule: ReportSchedule, now: datetime) -> bool:
    return schedule.state is ScheduleState.ACTIVE and schedule.next_at <= now


def _due(schedule: ReportSchedule, portfolio: Portfolio, means: Means) -> Mailing | None:
    at = schedule.next_at
    made = mailing_of(schedule, portfolio, at, until=waits_until(at, portfolio.time_zone))
    found = means.mailings.get(made.portfolio_id, made.key)
    if found is None and means.mailings.add(made):
        return made
    return found or means.mailings.get(made.portfolio_id, made.key)


def _pause(schedule: ReportSchedule, means: Means, now: datetime) -> None:
    paused = replace(schedule, state=ScheduleState.PAUSED, updated_at=now)
    means.schedules.save(replace(paused, updated_by=CLOCK.actor_id))


def _advance(schedule: ReportSchedule, portfolio: Portfolio, means: Means) -> None:
    """Put it on its next time; who changed it meanwhile has done that already."""
    next_at = next_due(schedule.rhythm, schedule.next_at, portfolio.time_zone)
    means.schedules.save(replace(schedule, next_at=next_at))


def _worked(found: Mailing, sending: Sending) -> Mailing:
    now, means = sending.now, sending.means
    if found.lease_until is not None and now < found.lease_until:
        raise LeaseLost  # another worker is at it
    if found.state is MailingState.WAITING:
        if _missed(found, sending):
            return _ended(found, sending, MISSED)
        if not _ready(found, means):
            if now < found.until:
                return _waits(found, NOT_YET, means)
            found = _shortened(found, means)
            if found.last < found.first:
                return _ended(found, sending, DayMissing.code)
    taken = stored(replace(found, lease_until=now + LEASE), means)
    try:
        return _told(taken, sending)
    except (DayMissing, FigureNotTold) as refused:
        if now < taken.until:
            return _waits(taken, refused.code, means)
        return _ended(taken, sending, refused.code)


def _missed(found: Mailing, sending: Sending) -> bool:
    """Whether it is due again already."""
    zone = sending.portfolio.time_zone
    later = next_due(sending.schedule.rhythm, found.due_at, zone)
    return not found.asked_by and later <= sending.now


def _ready(found: Mailing, means: Means) -> bool:
    run = means.runs.get(found.portfolio_id, lake_runs.KEY)
    return run is not None and run.done_day is not None and found.asked_last <= run.done_day


def _shortened(found: Mailing, means: Means) -> Mailing:
    run = means.runs.get(found.portfolio_id, lake_runs.KEY)
    there = run.done_day if run else None
    last = there or found.asked_first - timedelta(days=1)
    return replace(found, last=min(found.asked_last, last))


def _waits(found: Mailing, code: str, means: Means) -> Mailing:
    if found.problem == code and found.lease_until is None:
        return found
    return stored(replace(found, problem=code, lease_until=None), means)


def _told(found: Mailing, sending: Sending) -> Mailing:
    try:
        told, then = _asked(found, sending)
    except DayMissing as missing:
        found = _later(found, missing)
        told, then = _asked(found, sending)
    # Of the days that were asked for, with those that lack at either end.
    days = (found.asked_last - found.asked_first).days + 1
    found = replace(found, days=days, days_there=told["days_there"], problem="")
    shared, refused = _outside(found, sending)
    found = _listed(found, shared, refused, sending)
    files: dict[str, report_letters.File] = {}

    def file(language: str) -> report_letters.File:
        if language not in files:
            files[language] = _file(found, told, then, language, sending)
        return files[language]

    return _ended(hand_over(found, Goods(file=file, shared=shared), sending), sending)


def _asked(found: Mailing, sending: Sending) -> tuple[dict[str, Any], dict[str, Any] | None]:
    return report_files.asked(
        report_from(sending.kept),
        sending.portfolio,
        found.first,
        found.last,
        compare=sending.schedule.compare,
        engine=sending.means.sharing.engine,
        people=sending.means.sharing.people,
    )


def _later(found: Mailing, missing: DayMissing) -> Mailing:
    """
    Begin where the lake begins: days before it never come.

    Raises:
        DayMissing: It lacks another day, which may come.
    """
    begins, day = missing.details["first"], date.fromisoformat(missing.details["day"])
    if begins is None or day >= (known := date.fromisoformat(begins)) or known >= found.last:
        raise missing
    # How things stood is read for the day before, too.
    return replace(found, first=max(found.first, known + timedelta(days=1)))


def _outside(found: Mailing, sending: Sending) -> tuple[SharedReport | None, str]:
    """Fix what goes to addresses outside; or the code of why nothing does."""
    schedule = sending.schedule
    if found.asked_by or not schedule.outside:
        return None, ""
    try:
        shared = sharing.fix(
            sending.kept,
            sending.portfolio,
            found.first,
            found.last,
            link_id=derived_id("shr", found.portfolio_id, found.key),
            days=OPENS_FOR_DAYS,
            made_by=replace(CLOCK, actor_id=schedule.updated_by),
            means=sending.means.sharing,
            now=sending.now,
        )
    except (ReportNamesPeople, ReportTooFew) as refused:
        return None, refused.code
    return shared, ""


def _listed(found: Mailing, shared: SharedReport | None, refused: str, sending: Sending) -> Mailing:
    """Say to whom it goes, as things are now; of one gone on with, what became of each so far."""
    if found.letters:
        letters = tuple(
            replace(one, state=LetterState.UNKNOWN) if one.state is LetterState.HANDING else one
            for one in found.letters
        )
    elif found.asked_by:
        letters = (Letter(to=found.asked_by.removeprefix(PERSON)),)
    else:
        letters = report_recipients.letters(
            sending.schedule, sending.portfolio, refused, means=sending.means, now=sending.now
        )
    listed = replace(
        found,
        state=MailingState.SENDING,
        letters=letters,
        link_id=shared.link_id if shared else "",
    )
    return stored(listed, sending.means)


def _file(
    found: Mailing,
    told: Mapping[str, Any],
    then: Mapping[str, Any] | None,
    language: str,
    sending: Sending,
) -> report_letters.File:
    kind, portfolio = sending.schedule.file, sending.portfolio
    table = report_tables.table(
        report_from(sending.kept),
        told,
        then,
        name=sending.kept.name,
        portfolio=portfolio,
        language=language,
    )
    return report_letters.File(
        name=f"{found.first}_{found.last}.{kind}",
        media_type=report_files.TYPES[kind],
        body=report_files.rendered(table, kind, language=language, country=portfolio.country),
    )


def _ended(found: Mailing, sending: Sending, problem: str = "") -> Mailing:
    """Write that it is over, and into the audit; who still waited got nothing because of it."""
    letters = tuple(
        replace(one, state=LetterState.REFUSED, code=problem)
        if one.state is LetterState.WAITING
        else one
        for one in found.letters
    )
    gone = sum(one.state in GONE for one in letters)
    over = replace(
        found,
        state=MailingState.SENT if gone else MailingState.FAILED,
        letters=letters,
        problem=problem or ("" if gone else NOBODY),
        lease_until=None,
        ended_at=sending.now,
    )
    facts = {
        "schedule": over.schedule_id,
        "report": sending.schedule.report_id,
        "from": over.first.isoformat(),
        "to": over.last.isoformat(),
        "sent": gone,
        "recipients": len(letters),
        "problem": over.problem,
    }
    kind = "report_schedule.sent" if gone else "report_schedule.failed"
    by = replace(CLOCK, actor_id=over.asked_by or CLOCK.actor_id)
    # The audit goes first: a crash between the two has it told twice, never not at all.
    sending.means.schedules.audit(
        audited(kind, f"portfolio:{over.portfolio_id}", by, sending.now, facts)
    )
    return stored(over, sending.means)
