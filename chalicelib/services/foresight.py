"""
What the plan would do to a case by a day, if nothing else happens: nothing is written.

The days are lived through one after the other, each with what the days before brought, by the
very functions that plan and decide for real.
"""

import functools
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Attempt, AttemptState, Channel, Ruling
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import after
from chalicelib.domain.offer import Offer
from chalicelib.services import contacting, sending_hours
from chalicelib.services.plan_limits import Looked, Plays, Price
from chalicelib.services.planning import look
from chalicelib.services.sending_hours import Hours, no_hours

# A case on which more days than this are due before the one asked for is shown as it then is.
MOST_DAYS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """
    What one case would get on the day.

    Args:
        outcome: ``goes``, ``waits`` (planned, but not on that day), ``denied`` (never, on any
            of its channels), ``asks`` (people are asked for work), ``nothing``.
        channel: Of the message; for ``asks`` the kind of work.
        at: When it goes, or may go next, UTC.
        code, article: The contact decision where it does not go at once, of the last channel
            tried; for ``nothing`` why, as of ``strategies.model.Why``.
        cost_micros: Reckoned; see ``plan_limits.usual_price``.
    """

    case_id: str
    name: str
    outcome: str
    segment: str = ""
    strategy: str = ""
    arm: str = ""
    step: str = ""
    channel: str = ""
    template_id: str = ""
    offer: Offer | None = None
    at: datetime | None = None
    code: str = ""
    article: str = ""
    cost_micros: int = 0
    balance_minor: int = 0


def foresee(
    file: CaseFile,
    plays: Plays,
    day: date,
    *,
    now: datetime,
    price: Price | None = None,
    hours: Hours = no_hours,
) -> tuple[Line, ...]:
    """
    Say what a case would get on *day*, today or later, of the portfolio's calendar.

    Messages of days before are taken to have been sent when the contact decision first let
    them, or at the best hour of that day. Quotas and the budget are not asked: they hold for
    all cases together.
    """
    portfolio = plays.portfolio
    today = local_day(now, portfolio.time_zone)
    looked: Looked | None = None
    coming = today
    for _ in range(MOST_DAYS):
        last = coming >= day
        moment = now if coming == today else _midnight(min(coming, day), portfolio.time_zone)
        file = _sent_until(file, moment)
        looked = look(file, plays, now=moment)
        file = _planned(file, looked, plays, moment, hours)
        if last:
            break
        following = looked.look_again_on
        coming = day if following is None else min(day, max(following, coming + timedelta(1)))
    assert looked is not None  # noqa: S101 - the first day is always lived
    lines = _lines(file, looked, plays, day, price or plays.price)
    return lines or (_nothing(file, looked),)


# Private


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time(0, 5), ZoneInfo(time_zone)).astimezone(UTC)


def _sent_until(file: CaseFile, moment: datetime) -> CaseFile:
    """Let what waited for a moment before this one be sent at its moment."""
    attempts = tuple(
        replace(one, state=AttemptState.SENT, sent_at=one.not_before)
        if one.state is AttemptState.PLANNED
        and one.not_before is not None
        and one.not_before <= moment
        else one
        for one in file.attempts
    )
    return replace(file, attempts=attempts)


def _planned(
    file: CaseFile, looked: Looked, plays: Plays, moment: datetime, hours: Hours
) -> CaseFile:
    """Give the case with what was planned on it, each message decided on."""
    for message in looked.messages:
        looked.draft.plan(message)
    change = looked.draft.change()
    file = after(file, change) if change else file
    made = {message.attempt_id for message in looked.messages}
    attempts = tuple(
        _decided(one, file, plays, moment, hours) if one.attempt_id in made else one
        for one in file.attempts
    )
    return replace(file, attempts=attempts)


def _decided(
    attempt: Attempt, file: CaseFile, plays: Plays, moment: datetime, hours: Hours
) -> Attempt:
    """Take a message through the gate as the dispatch would: its channel, then the others."""
    ruling = Ruling(at=moment, allowed=False, reason_code="NO_CONTACT")
    for channel in (attempt.channel, *attempt.fallback):
        found = _ruling(attempt, channel, file, plays, moment)
        if found is None:
            continue
        ruling = found
        at = moment if ruling.allowed else ruling.next_allowed_at
        if at is not None:
            on = replace(attempt, channel=channel)
            better = sending_hours.better(
                file,
                plays.portfolio,
                on,
                at,
                allowed=functools.partial(_allowed, on, file, plays),
                hours=hours,
            )
            return replace(on, not_before=better[0] if better else at, ruling=ruling)
    return replace(attempt, state=AttemptState.DENIED, ruling=ruling, ended_at=moment)


def _allowed(attempt: Attempt, file: CaseFile, plays: Plays, moment: datetime) -> bool:
    ruling = _ruling(attempt, attempt.channel, file, plays, moment)
    return ruling is not None and ruling.allowed


def _ruling(
    attempt: Attempt, channel: Channel, file: CaseFile, plays: Plays, moment: datetime
) -> Ruling | None:
    rulings = [
        contacting.rule(file, plays.portfolio, reach, now=moment, leaving_out=attempt.attempt_id)
        for reach in contacting.reaches(file, channel)
    ]
    allowed = [one for one in rulings if one.allowed]
    waiting = [one for one in rulings if one.next_allowed_at is not None]
    if allowed:
        return allowed[0]
    if waiting:
        return min(waiting, key=lambda one: one.next_allowed_at or one.at)
    return rulings[0] if rulings else None


def _lines(
    file: CaseFile, looked: Looked, plays: Plays, day: date, price: Price
) -> tuple[Line, ...]:
    zone = plays.portfolio.time_zone
    base = _nothing(file, looked)
    offers = {
        step.code: step.offer
        for strategy in plays.strategies
        if strategy.reference == looked.evaluation.strategy
        for step in strategy.steps
    }
    found = []
    for one in file.attempts:
        outcome = _outcome(one, day, zone)
        if not outcome:
            continue
        ruling = one.ruling
        clear = ruling is None or ruling.allowed
        found.append(
            replace(
                base,
                outcome=outcome,
                strategy=one.cause.strategy,
                arm=one.cause.variant,
                step=one.cause.step,
                channel=one.channel.value,
                template_id=one.template_id,
                offer=offers.get(one.cause.step),
                at=one.not_before if outcome != "denied" else None,
                code="" if clear or ruling is None else ruling.reason_code,
                article="" if clear or ruling is None else ruling.article,
                cost_micros=(
                    price(one.channel, plays.portfolio.country) if outcome == "goes" else 0
                ),
            )
        )
    found += [
        replace(
            base,
            outcome="asks",
            strategy=task.cause.strategy,
            arm=task.cause.variant,
            step=task.cause.step,
            channel=task.kind.value,
            code="",
        )
        for task in file.tasks
        if task.due_on == day and task not in looked.file.tasks
    ]
    return tuple(found)


def _outcome(attempt: Attempt, day: date, zone: str) -> str:
    """What becomes of an attempt on the day; empty when it is not of that day."""
    if attempt.cause.kind != "strategy":
        return ""
    if attempt.state is AttemptState.DENIED and attempt.ended_at is not None:
        return "denied" if local_day(attempt.ended_at, zone) == day else ""
    at = attempt.not_before
    if attempt.state not in (AttemptState.PLANNED, AttemptState.SENT) or at is None:
        return ""
    when = local_day(at, zone)
    if when == day:
        return "goes"
    return "waits" if when > day and local_day(attempt.created_at, zone) <= day else ""


def _nothing(file: CaseFile, looked: Looked) -> Line:
    why = looked.evaluation.why
    # The last step that was looked at says most: the ladder stops there.
    code = why[-1].code if why else "nothing_due"
    return Line(
        case_id=file.head.case_id,
        name=file.head.name,
        outcome="nothing",
        segment=looked.segment.segment_id if looked.segment else "",
        strategy=looked.evaluation.strategy,
        arm=looked.evaluation.arm,
        code=code,
        balance_minor=file.head.balance_minor,
    )
