"""SOS: an agent asks for help; supervisors see it on the panel and are written to at once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.contact import Channel, Content, NotSent, Outgoing
from chalicelib.domain.errors import AlarmMoved, AlarmNotFound, BadField, TrackingBusy
from chalicelib.domain.people import Actor, Person, Role
from chalicelib.domain.tracking import Alarm, AlarmState, Presence
from chalicelib.services.access import MANAGERS, need, shares
from chalicelib.services.sessions import person_of
from chalicelib.services.shifts import TRIES

# Who is written to one by one while the phone waits for the answer.
MOST_TOLD = 20
PAGE = 200
# A telephone may have been without signal for hours: that is still an alarm.
LATEST = timedelta(days=2)
PROBLEM_UNKNOWN = "unknown"


class Alarms(Protocol):
    """Alarms and the map's row of an agent (``store.tracking``)."""

    def presence(self, person_id: str) -> Presence | None: ...
    def save(self, presence: Presence) -> bool: ...
    def add_alarm(self, alarm: Alarm) -> bool: ...
    def alarm(self, alarm_id: str) -> Alarm | None: ...
    def alarms(self) -> list[Alarm]: ...
    def save_alarm(self, alarm: Alarm) -> Alarm | None: ...


class People(Protocol):
    def page(self, *, limit: int, cursor: str | None) -> tuple[list[Person], str | None]: ...


class Sender(Protocol):
    def send(self, message: Outgoing) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    How people are told.

    Args:
        sender: The adapter of a channel.
        words: (subject, text) in a language, for a map link and an alarm.
        country: Where an agent works: SMS go out by its numbers.
        panel_url: Where the map is.
        problem: Takes note of a message that did not go; never says to whom.
    """

    sender: Callable[[Channel], Sender]
    words: Callable[[str, Alarm], tuple[str, str]]
    country: Callable[[tuple[str, ...]], str]
    problem: Callable[[str, str], None]


def call_for_help(
    alarm_id: str,
    at: datetime,
    place: tuple[float, float] | None,
    *,
    accuracy_m: float | None,
    person: Person,
    tracking: Alarms,
    people: People,
    means: Means,
    now: datetime,
) -> tuple[Alarm, bool]:
    """
    Keep the alarm, put it on the map, write to the supervisors - in this order.

    On shift or off. Safe to repeat: the alarm is kept once; people are told again only where
    the first request was cut off before it had told them.

    Returns:
        The alarm, and whether it is new.

    Raises:
        BadField: The moment cannot be.
    """
    if at < now - LATEST:
        raise BadField(field="at", reason="too_old")
    alarm = Alarm(
        alarm_id=alarm_id,
        person_id=person.person_id,
        name=person.name,
        team=person.team,
        portfolios=person.portfolios,
        at=min(at, now),
        received_at=now,
        lat=place[0] if place else None,
        lng=place[1] if place else None,
        accuracy_m=accuracy_m,
    )
    new = tracking.add_alarm(alarm)
    if not new:
        known = tracking.alarm(alarm_id)
        if known is None or known.person_id != person.person_id:
            raise AlarmNotFound(alarm_id=alarm_id)
        if known.told is not None or known.state is not AlarmState.OPEN:
            return known, False
        alarm = known
    _mark(person, alarm_id, tracking, now)
    told = _tell(alarm, people, means)
    return tracking.save_alarm(replace(alarm, told=told)) or alarm, new


def seen(*, actor: Actor, tracking: Alarms) -> list[Alarm]:
    """List the alarms of one's agents, those that wait for somebody first, then by recency."""
    need(actor, *MANAGERS)
    order = {AlarmState.OPEN: 0, AlarmState.TAKEN: 1, AlarmState.CLOSED: 2}
    mine = [one for one in tracking.alarms() if shares(actor, one.portfolios)]
    return sorted(mine, key=lambda one: order[one.state])


def settle(
    alarm_id: str,
    state: AlarmState,
    note: str,
    *,
    actor: Actor,
    tracking: Alarms,
    now: datetime,
) -> Alarm:
    """
    Take an alarm, so that everybody knows who sees to it, or close it. Safe to repeat.

    Raises:
        AlarmNotFound: None such, or of nobody of one's portfolios.
        AlarmMoved: Somebody else has taken or closed it.
    """
    need(actor, *MANAGERS)
    me = person_of(actor)
    for _ in range(TRIES):
        alarm = tracking.alarm(alarm_id)
        if alarm is None or not shares(actor, alarm.portfolios):
            raise AlarmNotFound(alarm_id=alarm_id)
        if alarm.state is state and me in {alarm.taken_by, alarm.closed_by}:
            return alarm
        if alarm.state is AlarmState.CLOSED or (alarm.state is state):
            raise AlarmMoved(state=alarm.state.value)
        if state is AlarmState.TAKEN:
            after = replace(alarm, state=state, taken_by=me, taken_at=now)
        else:
            after = replace(alarm, state=state, closed_by=me, closed_at=now, note=note)
        saved = tracking.save_alarm(after)
        if saved is not None:
            if state is AlarmState.CLOSED:
                _unmark(saved, tracking)
            return saved
    raise TrackingBusy


def _mark(person: Person, alarm_id: str, tracking: Alarms, now: datetime) -> None:
    for _ in range(TRIES):
        presence = tracking.presence(person.person_id) or Presence(
            person_id=person.person_id,
            name=person.name,
            team=person.team,
            portfolios=person.portfolios,
        )
        if tracking.save(replace(presence, alarm_id=alarm_id, heard_at=now)):
            return
    # The alarm itself is kept and listed; the map's row is moved by points all the time.


def _unmark(alarm: Alarm, tracking: Alarms) -> None:
    for _ in range(TRIES):
        presence = tracking.presence(alarm.person_id)
        if presence is None or presence.alarm_id != alarm.alarm_id:
            return
        after = replace(presence, alarm_id=None, heard_at=alarm.closed_at or presence.heard_at)
        if tracking.save(after):
            return


def _tell(alarm: Alarm, people: People, means: Means) -> int:
    """Write to everybody who should know; says how many messages went."""
    told = 0
    country = means.country(alarm.portfolios)
    for person in supervisors_of(alarm, _everybody(people)):
        subject, text = means.words(person.language, alarm)
        ways = [(Channel.SMS, person.phone)] if person.phone else []
        for channel, to in [*ways, (Channel.EMAIL, person.email)]:
            content = Content(to=to, text=text, subject=subject, language=person.language)
            outgoing = Outgoing(
                message_id=alarm.alarm_id,
                reference=f"alarm:{alarm.alarm_id}",
                portfolio_id="",
                channel=channel,
                content=content,
                country=country,
            )
            try:
                means.sender(channel).send(outgoing)
                told += 1
            except NotSent as refused:
                means.problem(channel.value, refused.code)
            # Whatever fails with one must not keep the others from hearing of it.
            except Exception:
                means.problem(channel.value, PROBLEM_UNKNOWN)
    return told


def supervisors_of(alarm: Alarm, people: Iterable[Person]) -> list[Person]:
    """
    Say who is told: supervisors of the agent's team among those who share a portfolio; without
    any, all who share one; without any, the admins.
    """
    managers = [one for one in people if one.role in MANAGERS and not one.disabled]
    sharing = [
        one
        for one in managers
        if one.role is Role.SUPERVISOR and set(one.portfolios) & set(alarm.portfolios)
    ]
    team = [one for one in sharing if alarm.team and one.team == alarm.team]
    admins = [one for one in managers if one.role is Role.ADMIN]
    return (team or sharing or admins)[:MOST_TOLD]


def _everybody(people: People) -> Iterator[Person]:
    cursor: str | None = None
    while True:
        some, cursor = people.page(limit=PAGE, cursor=cursor)
        yield from some
        if cursor is None:
            return
