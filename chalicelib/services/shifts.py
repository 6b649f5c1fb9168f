"""Clocking in and out: an agent's positions are taken between the two, and never outside."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.errors import BadField, ShiftNotFound, ShiftOverlaps, TrackingBusy
from chalicelib.domain.people import Person
from chalicelib.domain.tracking import LATEST, MOST_AHEAD, Fix, Presence, Shift

TRIES = 5


class Tracking(Protocol):
    """Where agents are and were (``store.tracking``)."""

    kept: timedelta

    def presence(self, person_id: str) -> Presence | None: ...
    def save(self, presence: Presence) -> bool: ...
    def heard(self, *, since: datetime | None, until: datetime | None = None) -> list[Presence]: ...
    def shift(self, person_id: str, shift_id: str) -> Shift | None: ...
    def shifts(self, person_id: str) -> list[Shift]: ...
    def put_shift(self, shift: Shift, presence: Presence | None) -> bool: ...
    def add_points(
        self, person_id: str, fixes: Sequence[Fix], *, device_id: str, received_at: datetime
    ) -> None: ...
    def points(
        self,
        person_id: str,
        *,
        since: datetime,
        until: datetime,
        now: datetime,
        cells: frozenset[str] | None = None,
    ) -> list[Fix]: ...
    def note_device(self, device_id: str, day: str, person_id: str, *, now: datetime) -> None: ...
    def people_on(self, device_id: str, day: str) -> set[str]: ...


def start(
    shift_id: str, started_at: datetime, *, person: Person, tracking: Tracking, now: datetime
) -> tuple[Shift, bool]:
    """
    Clock in. Safe to repeat: the same id is the same shift.

    A phone without signal tells later: a shift that began before another one is taken too, and
    ends at the latest where that one begins.

    Returns:
        The shift, and whether it is new.

    Raises:
        ShiftOverlaps: Another one was open then. One that was forgotten is not, after
            ``LONGEST_SHIFT``.
        BadField: It lies in the future, or longer ago than points are taken.
    """
    if started_at > now + MOST_AHEAD:
        raise BadField(field="started_at", reason="in_the_future")
    if started_at < now - LATEST:
        raise BadField(field="started_at", reason="too_old")
    for _ in range(TRIES):
        presence = tracking.presence(person.person_id) or Presence(person_id=person.person_id)
        known = tracking.shifts(person.person_id)
        same = next((one for one in known if one.shift_id == shift_id), None)
        if same is not None:
            return same, False
        over = next(
            (one for one in known if one.holds(started_at) and one.ended_at != started_at), None
        )
        if over is not None:
            raise ShiftOverlaps(shift_id=over.shift_id)
        later = [one.started_at for one in known if one.started_at > started_at]
        shift = Shift(
            shift_id=shift_id,
            person_id=person.person_id,
            started_at=started_at,
            ended_at=min(later, default=None),
            portfolios=person.portfolios,
            told_at=now,
        )
        if tracking.put_shift(shift, None if later else _begun(presence, person, shift, now)):
            return shift, True
    raise TrackingBusy


def end(
    shift_id: str, ended_at: datetime, *, person_id: str, tracking: Tracking, now: datetime
) -> Shift:
    """
    Clock out; the agent leaves the map. Safe to repeat; an end is never put off afterwards.

    Raises:
        ShiftNotFound: He has none of that id.
        BadField: It would end before it began, or in the future.
    """
    for _ in range(TRIES):
        presence = tracking.presence(person_id)
        shift = tracking.shift(person_id, shift_id)
        if shift is None or presence is None:
            raise ShiftNotFound(shift_id=shift_id)
        if ended_at < shift.started_at:
            raise BadField(field="ended_at", reason="before_start")
        if ended_at > now + MOST_AHEAD:
            raise BadField(field="ended_at", reason="in_the_future")
        over = shift.end(now)
        if over is not None and over <= ended_at:
            return shift
        ended = replace(shift, ended_at=ended_at, told_at=now)
        latest = presence.shift is not None and presence.shift.shift_id == shift_id
        after = _over(presence, ended, now) if latest else None
        if tracking.put_shift(ended, after):
            return ended
    raise TrackingBusy


def current(person_id: str, *, tracking: Tracking, now: datetime) -> Shift | None:
    """Give the open shift, if there is one."""
    presence = tracking.presence(person_id)
    shift = presence.shift if presence else None
    return shift if shift is not None and shift.is_open(now) else None


def _begun(presence: Presence, person: Person, shift: Shift, now: datetime) -> Presence:
    return Presence(
        person_id=person.person_id,
        name=person.name,
        team=person.team,
        portfolios=person.portfolios,
        shift=shift,
        heard_at=now,
        alarm_id=presence.alarm_id,
        version=presence.version,
    )


def _over(presence: Presence, shift: Shift, now: datetime) -> Presence:
    """Forget where he is: outside a shift that is nobody's business."""
    return replace(
        presence,
        shift=shift,
        fix=None,
        movement=None,
        unfixed_at=None,
        case_id=None,
        visit_at=None,
        heard_at=now,
    )
