"""Having a kept report sent by e-mail: when, of which days, to whom; what was sent."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.contact import ChannelEvent
from chalicelib.domain.due_times import Days, Every, Rhythm, next_due
from chalicelib.domain.errors import (
    BadField,
    ReportNamesPeople,
    ReportScheduleMoved,
    ReportScheduleNotFound,
    TooManySchedules,
)
from chalicelib.domain.links import opened
from chalicelib.domain.people import Actor
from chalicelib.domain.report_schedule import (
    EVERYTHING,
    MOST_OUTSIDE,
    MOST_RECIPIENTS,
    MOST_SCHEDULES,
    ReportSchedule,
    ScheduleState,
)
from chalicelib.domain.saved_report import SavedReport
from chalicelib.services import report_mail, saved_reports, shared_reports
from chalicelib.services.access import MANAGERS, managed, open_portfolio
from chalicelib.services.audit import audited
from chalicelib.services.report_ports import (
    ADDRESS,
    PURPOSE,
    Means,
    Queue,
    Stops,
    address_key,
    stop,
    take_up,
)
from chalicelib.services.report_recipients import may_read
from chalicelib.services.report_schedule_pages import mailing, schedules

SHOWN = 20  # times that it was sent
ID = "rsc_"
UNWANTED = frozenset({"bounced", "complained"})


def listed(portfolio_id: str, report_id: str, *, actor: Actor, means: Means) -> dict[str, Any]:
    """
    List the schedules of a report, or of all reports of a portfolio.

    Args:
        report_id: Empty: of all.

    Raises:
        PortfolioNotFound, NotAllowed: Not the actor's to see.
    """
    open_portfolio(actor, portfolio_id, means.sharing.portfolios, *MANAGERS)
    found = [one for one in _all(portfolio_id, means) if report_id in ("", one.report_id)]
    return {
        "items": schedules(found, actor, means),
        "most_recipients": MOST_RECIPIENTS,
        "most_outside": MOST_OUTSIDE,
    }


def make(
    portfolio_id: str,
    schedule_id: str,
    told: Mapping[str, Any],
    *,
    actor: Actor,
    means: Means,
    now: datetime,
) -> dict[str, Any]:
    """
    Have a report sent, under an id that the request was given: the same request makes it once.

    Raises:
        ReportNotFound: There is no such report.
        BadField: Nobody gets it, too many do, or somebody who does not manage the portfolio.
        ReportNamesPeople: It tells of persons: that goes to nobody outside.
        TooManySchedules: The portfolio has as many as it can.
    """
    portfolio = open_portfolio(actor, portfolio_id, means.sharing.portfolios, *MANAGERS)
    found = means.schedules.get(portfolio_id, schedule_id)
    if found is not None:
        return schedules([found], actor, means)[0]
    others = _all(portfolio_id, means)
    if len(others) >= MOST_SCHEDULES:
        raise TooManySchedules(most=MOST_SCHEDULES)
    kept = saved_reports.existing(portfolio_id, told["report_id"], actor, means.sharing.kept)
    checked = _checked(told, kept, (), others, means)
    made = ReportSchedule(
        schedule_id=schedule_id,
        portfolio_id=portfolio_id,
        report_id=kept.report_id,
        next_at=next_due(checked["rhythm"], now, portfolio.time_zone),
        created_by=actor.actor_id,
        created_at=now,
        updated_by=actor.actor_id,
        updated_at=now,
        **checked,
    )
    # The audit goes first, here and below: a crash between the two tells of what is not there.
    means.schedules.audit(_event("report_schedule.made", made, actor, now))
    if not means.schedules.add(made):
        raise ReportScheduleMoved
    return schedules([made], actor, means)[0]


def change(
    portfolio_id: str,
    schedule_id: str,
    told: Mapping[str, Any],
    version: int,
    *,
    actor: Actor,
    means: Means,
    now: datetime,
) -> dict[str, Any]:
    """
    Write over the version that was read; pause it or have it go on. It is due anew from now on.

    Raises:
        ReportScheduleNotFound: There is none.
        ReportScheduleMoved: Somebody else changed it, or it has just been sent.
        As ``make``.
    """
    portfolio = open_portfolio(actor, portfolio_id, means.sharing.portfolios, *MANAGERS)
    before = _existing(portfolio_id, schedule_id, actor, means)
    if before.version != version:
        raise ReportScheduleMoved(version=before.version)
    others = [one for one in _all(portfolio_id, means) if one.schedule_id != schedule_id]
    kept = saved_reports.existing(portfolio_id, before.report_id, actor, means.sharing.kept)
    checked = _checked(told, kept, before.people, others, means)
    after = replace(
        before,
        updated_by=actor.actor_id,
        updated_at=now,
        next_at=next_due(checked["rhythm"], now, portfolio.time_zone),
        **checked,
    )
    means.schedules.audit(_event("report_schedule.changed", after, actor, now))
    stored = means.schedules.save(after)
    if stored is None:
        raise ReportScheduleMoved
    return schedules([stored], actor, means)[0]


def remove(
    portfolio_id: str, schedule_id: str, *, actor: Actor, means: Means, now: datetime
) -> None:
    """
    Have it sent no more. What was sent stays in the audit.

    Raises:
        ReportScheduleNotFound: There is none.
        ReportScheduleMoved: It moved at this moment.
    """
    found = _existing(portfolio_id, schedule_id, actor, means)
    means.schedules.audit(_event("report_schedule.removed", found, actor, now))
    if not means.schedules.remove(found):
        raise ReportScheduleMoved


def mailings(
    portfolio_id: str, schedule_id: str, *, actor: Actor, means: Means, now: datetime
) -> dict[str, Any]:
    """
    List the last times that it was due or asked for: to whom it went, and what was wrong.

    Raises:
        ReportScheduleNotFound: There is none.
    """
    schedule = _existing(portfolio_id, schedule_id, actor, means)
    found = means.mailings.newest(portfolio_id, schedule_id, limit=SHOWN)
    ids = {one.to for mailing in found for one in mailing.letters if not one.outside}
    known = {person_id: one.name for person_id, one in means.people.several(ids).items()}
    return {"items": [mailing(one, schedule, known, now) for one in found]}


def send_now(
    portfolio_id: str,
    schedule_id: str,
    *,
    actor: Actor,
    means: Means,
    work: Queue,
    now: datetime,
) -> dict[str, Any]:
    """
    Have it sent to oneself now, of the days that it would tell today as far as they are there.

    Asked again within the minute it is the same one.

    Raises:
        ReportScheduleNotFound: There is none.
    """
    schedule = _existing(portfolio_id, schedule_id, actor, means)
    portfolio = open_portfolio(actor, portfolio_id, means.sharing.portfolios, *MANAGERS)
    minute = now.replace(second=0, microsecond=0)
    made = report_mail.mailing_of(
        schedule, portfolio, minute, until=minute, asked_by=actor.actor_id
    )
    if not means.mailings.add(made):
        made = means.mailings.get(portfolio_id, made.key) or made
    work.send(
        [
            {
                "step": report_mail.STEP,
                "portfolio_id": portfolio_id,
                "schedule_id": schedule_id,
                "key": made.key,
            }
        ]
    )
    return mailing(made, schedule, {actor.person_id: actor.name}, now)


def stop_mine(portfolio_id: str, schedule_id: str, *, actor: Actor, means: Means) -> None:
    """
    Have it sent to oneself no more, whoever put one there. Safe to repeat.

    Raises:
        ReportScheduleNotFound: There is none.
    """
    _existing(portfolio_id, schedule_id, actor, means)
    stop(portfolio_id, actor.person_id, schedule_id, means.stops)


def take_up_mine(portfolio_id: str, schedule_id: str, *, actor: Actor, means: Means) -> None:
    """
    Have it sent to oneself again. Safe to repeat.

    Raises:
        ReportScheduleNotFound: There is none.
    """
    _existing(portfolio_id, schedule_id, actor, means)
    take_up(portfolio_id, actor.person_id, schedule_id, means.stops)


def is_stop_link(token: str, *, key: bytes, now: datetime) -> bool:
    """Whether a token is of a link that ends a report by e-mail, and still works."""
    return opened(token, key, purpose=PURPOSE, today=now.date()) is not None


def stop_by_link(token: str, *, key: bytes, stops: Stops, now: datetime) -> None:
    """
    End a report by e-mail for whom a link was sent to: of a person this schedule, of an address
    outside every report of the portfolio. Safe to repeat; any other link does nothing.
    """
    link = opened(token, key, purpose=PURPOSE, today=now.date())
    if link is None:
        return
    schedule_id, _, recipient = link.subject.partition(":")
    _stop(link.case_id, recipient, schedule_id, stops)


def is_letter(event: ChannelEvent) -> bool:
    """Whether a provider's news is of a report's e-mail."""
    return event.reference.partition(":")[2].startswith(ID)


def heard(event: ChannelEvent, *, stops: Stops) -> None:
    """
    Take a provider's news of a report's e-mail: to a mailbox that is not there, or that calls it
    spam, no more goes. Safe to repeat.
    """
    portfolio_id, _, rest = event.reference.partition(":")
    schedule_id, _, recipient = rest.partition(".")
    if event.kind in UNWANTED:
        _stop(portfolio_id, recipient, schedule_id, stops)


# Private


def _stop(portfolio_id: str, recipient: str, schedule_id: str, stops: Stops) -> None:
    outside = recipient.startswith(ADDRESS)
    stop(portfolio_id, recipient, EVERYTHING if outside else schedule_id, stops)


def _all(portfolio_id: str, means: Means) -> list[ReportSchedule]:
    found, _ = means.schedules.page(portfolio_id, limit=MOST_SCHEDULES * 2, cursor=None)
    return found


def _existing(portfolio_id: str, schedule_id: str, actor: Actor, means: Means) -> ReportSchedule:
    missing = ReportScheduleNotFound(schedule_id=schedule_id)
    return managed(means.schedules.get, portfolio_id, schedule_id, actor=actor, missing=missing)


def _checked(
    told: Mapping[str, Any],
    kept: SavedReport,
    already: Iterable[str],
    others: Iterable[ReportSchedule],
    means: Means,
) -> dict[str, Any]:
    """Who was chosen *already* may have lost access since: they get nothing, and may stay."""
    people = tuple(dict.fromkeys(told["people"]))
    outside = tuple(dict.fromkeys(one.strip().lower() for one in told["outside"]))
    if not people and not outside:
        raise BadField(field="people", reason="missing")
    if len(people) + len(outside) > MOST_RECIPIENTS:
        raise BadField(field="people", reason="too_many", most=MOST_RECIPIENTS)
    known = means.people.several(set(people) - set(already))
    for at, person_id in enumerate(people):
        if person_id not in already and not may_read(known.get(person_id), kept.portfolio_id):
            raise BadField(field=f"people.{at}", reason="unknown")
    if outside and told["state"] == ScheduleState.ACTIVE and shared_reports.names_people(kept):
        raise ReportNamesPeople
    everybody = {address for one in others for address in one.outside} | set(outside)
    if len(everybody) > MOST_OUTSIDE:
        raise BadField(field="outside", reason="too_many", most=MOST_OUTSIDE)
    return {
        "rhythm": Rhythm(
            every=Every(told["every"]),
            hour=told["hour"],
            weekday=told["weekday"],
            month_day=told["month_day"],
        ),
        "days": Days(told["days"]),
        "file": told["file"],
        "compare": told["compare"],
        "people": people,
        "outside": outside,
        "state": ScheduleState(told["state"]),
    }


def _event(kind: str, one: ReportSchedule, actor: Actor, now: datetime) -> Any:
    facts = {
        "schedule": one.schedule_id,
        "report": one.report_id,
        "every": one.rhythm.every.value,
        "hour": one.rhythm.hour,
        "days": one.days.value,
        "file": one.file,
        "state": one.state.value,
        "people": list(one.people),
        "outside": [address_key(one.portfolio_id, address) for address in one.outside],
    }
    return audited(kind, f"portfolio:{one.portfolio_id}", actor, now, facts)
