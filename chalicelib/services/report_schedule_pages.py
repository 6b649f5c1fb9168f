"""Schedules of reports, and what was sent, as they are answered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.people import PERSON, Actor, Person
from chalicelib.domain.report_schedule import (
    GONE,
    Letter,
    LetterState,
    Mailing,
    MailingState,
    ReportSchedule,
    ScheduleState,
)
from chalicelib.services.report_ports import Means, address_key, wants
from chalicelib.services.report_recipients import may_read

CHANGED, INTERRUPTED = "report_mail.changed", "report_mail.interrupted"


def schedules(found: Sequence[ReportSchedule], actor: Actor, means: Means) -> list[dict[str, Any]]:
    """Lay out schedules."""
    people = means.people.several({person for one in found for person in one.people})
    names = means.sharing.people({one.updated_by for one in found})
    return [_one(one, people, names, actor, means) for one in found]


def mailing(
    one: Mailing, schedule: ReportSchedule, names: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """
    Lay out a time that a schedule was due or asked for.

    What is due by what is no more - the schedule was changed, paused - nobody goes on with: it
    never went, or, where a worker died over it, it went to those it had gone to.
    """
    state, problem, letters = one.state, one.problem, one.letters
    if not one.asked_by and (
        one.due_at != schedule.next_at or schedule.state is not ScheduleState.ACTIVE
    ):
        if state is MailingState.WAITING:
            state, problem = MailingState.FAILED, CHANGED
        elif state is MailingState.SENDING and (one.lease_until is None or one.lease_until <= now):
            letters = tuple(_left(letter) for letter in letters)
            gone = any(letter.state in GONE for letter in letters)
            state = MailingState.SENT if gone else MailingState.FAILED
            problem = INTERRUPTED
    return {
        "key": one.key,
        "due_at": one.due_at,
        "asked_by": {"id": one.asked_by, "name": names.get(one.asked_by.removeprefix(PERSON), "")}
        if one.asked_by
        else None,
        "from": one.first,
        "to": one.last,
        "asked_from": one.asked_first,
        "asked_to": one.asked_last,
        "days": one.days,
        "days_there": one.days_there,
        "state": state.value,
        "problem": problem,
        "until": one.until,
        "ended_at": one.ended_at,
        "letters": [_letter(letter, names) for letter in letters],
    }


# Private


def _one(
    one: ReportSchedule,
    people: Mapping[str, Person],
    names: Mapping[str, str],
    actor: Actor,
    means: Means,
) -> dict[str, Any]:
    def stopped(recipient: str) -> bool:
        return not wants(one.portfolio_id, one.schedule_id, recipient, means.stops)

    return {
        "schedule_id": one.schedule_id,
        "report_id": one.report_id,
        "every": one.rhythm.every.value,
        "weekday": one.rhythm.weekday,
        "month_day": one.rhythm.month_day,
        "hour": one.rhythm.hour,
        "days": one.days.value,
        "file": one.file,
        "compare": one.compare,
        "people": [
            {
                "id": person,
                "name": people[person].name if person in people else "",
                "reads": may_read(people.get(person), one.portfolio_id),
                "stopped": stopped(person),
            }
            for person in one.people
        ],
        "outside": [
            {"address": address, "stopped": stopped(address_key(one.portfolio_id, address))}
            for address in one.outside
        ],
        "mine": actor.person_id in one.people,
        "state": one.state.value,
        "next_at": one.next_at if one.state is ScheduleState.ACTIVE else None,
        "updated_by": {"id": one.updated_by, "name": names.get(one.updated_by, "")},
        "updated_at": one.updated_at,
        "version": one.version,
    }


def _left(one: Letter) -> Letter:
    """What became of a letter whose worker died, and that nobody goes on with."""
    if one.state is LetterState.WAITING:
        return replace(one, state=LetterState.REFUSED, code=INTERRUPTED)
    return replace(one, state=LetterState.UNKNOWN) if one.state is LetterState.HANDING else one


def _letter(one: Letter, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "to": one.to if one.outside else names.get(one.to, one.to),
        "outside": one.outside,
        "state": one.state.value,
        "code": one.code,
    }
