"""Points as they arrive, in batches: judged, kept as one row, and the newest put on the map."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.tracking import (
    LATEST,
    MOST_ACCURACY_M,
    MOST_AHEAD,
    Fix,
    Presence,
    Refusal,
    Shift,
)
from chalicelib.geo import movement
from chalicelib.geo.motion import Timed
from chalicelib.services.shifts import TRIES, Tracking

# Said while at work by a phone that does not know where it is: it is not silent.
UNFIXED = (Refusal.NO_FIX, Refusal.POOR_ACCURACY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    Args:
        refused: (index in the batch as it came, why).
    """

    accepted: int
    refused: tuple[tuple[int, Refusal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """
    What a batch tells of now.

    Args:
        fixes: The good points, oldest first.
        unfixed: The phone was heard at work, and did not know where it is.
    """

    fixes: Sequence[Fix]
    device_id: str
    at_case: str | None
    unfixed: bool
    arrived_at: datetime


def record(
    fixes: Sequence[Fix],
    *,
    person_id: str,
    device_id: str,
    tracking: Tracking,
    now: datetime,
    at_case: str | None = None,
) -> Outcome:
    """
    Keep a batch of points: any order, up to ``LATEST`` old, repeated or not.

    Three requests whatever its size: one read, the batch, the newest position - and no write
    for what is refused, so that nothing of an agent's free time is stored. Safe to repeat: the
    same batch is the same row.

    Args:
        at_case: The visit he is at, as his phone says.
    """
    presence = tracking.presence(person_id)
    if presence is None or presence.shift is None:
        return Outcome(accepted=0, refused=tuple((i, Refusal.OFF_SHIFT) for i in range(len(fixes))))
    shifts: Sequence[Shift] = (presence.shift,)
    if not all(presence.shift.holds(fix.at) for fix in fixes):
        shifts = tracking.shifts(person_id)
    kept, refused = _judged(fixes, shifts, now)
    if kept:
        tracking.add_points(person_id, kept, device_id=device_id, received_at=now)
    unfixed = any(why in UNFIXED and presence.shift.holds(fixes[i].at) for i, why in refused)
    if kept or unfixed:
        news = News(
            fixes=kept, device_id=device_id, at_case=at_case, unfixed=unfixed, arrived_at=now
        )
        _put_on_the_map(presence, news, tracking)
    return Outcome(accepted=len(kept), refused=tuple(refused))


def _judged(
    fixes: Sequence[Fix], shifts: Sequence[Shift], now: datetime
) -> tuple[list[Fix], list[tuple[int, Refusal]]]:
    """Part the good points, oldest first, from the others."""
    kept: list[Fix] = []
    refused: list[tuple[int, Refusal]] = []
    seen: set[datetime] = set()
    oldest, newest = now - LATEST, now + MOST_AHEAD
    for index in sorted(range(len(fixes)), key=lambda i: fixes[i].at):
        fix = fixes[index]
        why: Refusal | None = None
        if not (-90 <= fix.lat <= 90 and -180 <= fix.lng <= 180) or fix.lat == fix.lng == 0:
            why = Refusal.NO_FIX
        elif fix.at > newest:
            why = Refusal.FUTURE
        elif fix.at < oldest:
            why = Refusal.TOO_OLD
        elif fix.accuracy_m is not None and fix.accuracy_m > MOST_ACCURACY_M:
            why = Refusal.POOR_ACCURACY
        elif fix.at in seen:
            why = Refusal.DUPLICATE
        elif not any(shift.holds(fix.at) for shift in shifts):
            why = Refusal.OFF_SHIFT
        if why is None:
            seen.add(fix.at)
            kept.append(fix)
        else:
            refused.append((index, why))
    return kept, sorted(refused)


def _put_on_the_map(presence: Presence, news: News, tracking: Tracking) -> None:
    """Write where he is now, if that is news; another batch that arrives meanwhile is no harm."""
    for _ in range(TRIES):
        after = _moved(presence, news)
        if after is None:
            return
        if (after.device_id, after.device_on) != (presence.device_id, presence.device_on):
            tracking.note_device(
                news.device_id, after.device_on, presence.person_id, now=news.arrived_at
            )
        if tracking.save(after):
            return
        found = tracking.presence(presence.person_id)
        if found is None:
            return
        presence = found


def _moved(presence: Presence, news: News) -> Presence | None:
    """Say what is known of him after the batch; None when it tells nothing new of now."""
    shift, now = presence.shift, news.arrived_at
    if shift is None or not shift.is_open(now):
        return None
    newer = [
        fix
        for fix in news.fixes
        if shift.holds(fix.at) and (presence.fix is None or fix.at > presence.fix.at)
    ]
    if not newer and not news.unfixed:
        return None
    state = presence.movement
    for fix in newer:
        state = movement.follow(state, Timed(fix.at, fix.point))
    last = newer[-1] if newer else presence.fix
    since = presence.visit_at if news.at_case == presence.case_id else None
    return replace(
        presence,
        fix=last,
        movement=state,
        heard_at=now,
        unfixed_at=now if news.unfixed and not newer else None,
        device_id=news.device_id,
        device_on=now.date().isoformat(),
        case_id=news.at_case,
        visit_at=(since or (last.at if last else now)) if news.at_case else None,
    )
