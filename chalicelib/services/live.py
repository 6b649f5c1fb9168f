"""Agents on the supervisor's map: who is where now, and why somebody is not heard."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.domain.tracking import SILENT_AFTER, VISIT_LASTS, AgentState, Presence
from chalicelib.services.access import MANAGERS, need, shares
from chalicelib.services.shifts import Tracking

# Index rows may be seen a moment late: each question goes back a little over the one before.
OVERLAP = timedelta(seconds=4)
# A shift that runs out by itself writes nothing; so everything is told again once in a while.
WHOLE_EVERY = timedelta(minutes=5)
LOW_BATTERY = 0.05
OFFLINE_WORDS = frozenset({"offline", "none", "no"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """
    One agent as the map shows him.

    Args:
        why: Short code of the reason for the state.
        since: When the state began, where that is known.
    """

    presence: Presence
    state: AgentState
    why: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """
    Args:
        mark: To ask with next time.
        whole: These are all; whoever is not among them is gone.
    """

    sights: list[Sight]
    mark: str
    whole: bool


def changed(
    mark: str | None, *, team: str | None, actor: Actor, tracking: Tracking, now: datetime
) -> Delta:
    """
    Give what has changed since *mark*: positions, and who has fallen silent meanwhile.

    A question costs two index queries a shard and the rows that changed, however many agents
    there are (docs/scale.md). Positions are shown to those who share a portfolio with the agent.

    Raises:
        BadField: The mark is none of ours.
    """
    need(actor, *MANAGERS)
    whole_at, since = _marks(mark)
    whole = whole_at is None or since is None or now - whole_at >= WHOLE_EVERY or since > now
    if whole or since is None:
        found = tracking.heard(since=None)
        whole_at = now
    else:
        back = since - OVERLAP
        found = tracking.heard(since=back)
        # Whoever was last heard in this stretch has become silent since the last question.
        found += tracking.heard(since=back - SILENT_AFTER, until=now - SILENT_AFTER)
    sights = {
        one.person_id: sight(one, now)
        for one in found
        if shares(actor, one.portfolios) and (team is None or one.team == team)
    }
    return Delta(
        sights=sorted(sights.values(), key=lambda one: one.presence.name),
        mark=f"{_ms(whole_at)}.{_ms(now)}" if whole_at else "",
        whole=whole,
    )


def sight(presence: Presence, now: datetime) -> Sight:
    """Say in which state somebody is, and why."""
    state, why, since = _state(presence, now)
    return Sight(presence=presence, state=state, why=why, since=since)


def _state(  # noqa: PLR0911 - a table: one line an answer
    presence: Presence, now: datetime
) -> tuple[AgentState, str, datetime | None]:
    shift, fix = presence.shift, presence.fix
    if shift is None:
        return AgentState.OFF, "no_shift", None
    if not shift.is_open(now):
        why = "clocked_out" if shift.ended_at else "shift_too_long"
        return AgentState.OFF, why, shift.end(now)
    lost = presence.unfixed_at is not None and now - presence.unfixed_at <= SILENT_AFTER
    if fix is None:
        why = "no_fix" if lost else "no_position_yet"
        return AgentState.SILENT, why, shift.started_at
    if now - fix.at > SILENT_AFTER:
        return AgentState.SILENT, _silence(presence, lost, now), fix.at
    at_case = presence.visit_at is not None and now - presence.visit_at <= VISIT_LASTS
    if presence.case_id and at_case:
        return AgentState.VISITING, "at_case", presence.visit_at
    moves = presence.movement
    if moves is not None and moves.moving:
        return AgentState.MOVING, "moves", moves.since
    return AgentState.STOPPED, "stays", moves.since if moves else fix.at


def _silence(presence: Presence, lost: bool, now: datetime) -> str:
    """What explains it best, the surest first."""
    fix = presence.fix
    if lost:
        return "no_fix"
    if presence.heard_at is not None and now - presence.heard_at <= SILENT_AFTER:
        return "late_points"
    if fix is not None and fix.battery is not None and fix.battery <= LOW_BATTERY:
        return "battery"
    if fix is not None and (fix.network or "").lower() in OFFLINE_WORDS:
        return "no_signal"
    return "during_visit" if presence.case_id else "not_heard"


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _marks(mark: str | None) -> tuple[datetime | None, datetime | None]:
    if not mark:
        return None, None
    try:
        whole, since = (int(part) / 1000 for part in mark.split("."))
        return datetime.fromtimestamp(whole, UTC), datetime.fromtimestamp(since, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadField(field="since", reason="foreign") from error
