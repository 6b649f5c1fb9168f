"""Moving or standing: one state machine fed with fixes in order of time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.geo.distance import metres_between
from chalicelib.geo.point import Point


@dataclass(frozen=True, slots=True)
class Timed:
    """A place at a time (aware)."""

    at: datetime
    point: Point


class Change(StrEnum):
    MOVING = "moving"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionRules:
    """
    Args:
        distance_m: How far away somebody has to be to have moved.
        duration_s: How long near one place makes a stop.
        gap_s: A silence longer than this, over which the distance was covered faster than
            ``distance_m / duration_s``, is a trip of its own; None = silences do not matter.
    """

    distance_m: float = 500.0
    duration_s: float = 300.0
    gap_s: float | None = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionState:
    """
    Args:
        anchor: Where the present state began.
        recent: Fixes of the last ``duration_s`` and the one before, oldest first.
    """

    moving: bool = False
    anchor: Point | None = None
    recent: tuple[Timed, ...] = ()


def follow(
    state: MotionState, fix: Timed, rules: MotionRules
) -> tuple[MotionState, tuple[Change, ...]]:
    """
    Take the next fix into *state*; give the new state and what changed, in order.

    Standing turns into moving when the fix is ``distance_m`` from where the stop began. Moving
    turns into standing when nothing recent is that far away and ``duration_s`` have passed.
    """
    known = replace(state, recent=(*_kept(state.recent, fix, rules), fix))
    if not state.recent:
        return replace(known, anchor=state.anchor or fix.point), ()
    if _is_trip_in_silence(state.recent[-1], fix, rules):
        began = (Change.STOPPED,) if state.moving else ()
        arrived = replace(known, moving=False, anchor=fix.point, recent=(fix,))
        return arrived, (*began, Change.MOVING, Change.STOPPED)
    if state.moving:
        far = any(metres_between(old.point, fix.point) >= rules.distance_m for old in state.recent)
        waited_s = (fix.at - state.recent[0].at).total_seconds()
        if far or waited_s < rules.duration_s:
            return known, ()
        return replace(known, moving=False, anchor=fix.point), (Change.STOPPED,)
    if metres_between(state.anchor or fix.point, fix.point) >= rules.distance_m:
        return replace(known, moving=True, anchor=fix.point), (Change.MOVING,)
    return known, ()


def follow_all(
    state: MotionState, fixes: Iterable[Timed], rules: MotionRules
) -> tuple[MotionState, tuple[Change, ...]]:
    """Take several fixes, oldest first."""
    changes: tuple[Change, ...] = ()
    for fix in fixes:
        state, more = follow(state, fix, rules)
        changes += more
    return state, changes


def _is_trip_in_silence(last: Timed, fix: Timed, rules: MotionRules) -> bool:
    gap_s = (fix.at - last.at).total_seconds()
    if rules.gap_s is None or gap_s <= rules.gap_s:
        return False
    away_m = metres_between(last.point, fix.point)
    return away_m >= rules.distance_m and away_m / gap_s > rules.distance_m / rules.duration_s


def _kept(recent: tuple[Timed, ...], fix: Timed, rules: MotionRules) -> tuple[Timed, ...]:
    """Drop what is older than the window, but keep one fix beyond it to measure the wait."""
    young = [o for o in recent if (fix.at - o.at).total_seconds() < rules.duration_s]
    return (*recent[: len(recent) - len(young)][-1:], *young)
