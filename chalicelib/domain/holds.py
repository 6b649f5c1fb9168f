"""What the holds of a case do to its days: treatment stands still, the law's count does not."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta

from chalicelib.domain.ageing import Pause
from chalicelib.domain.contact import Hold, HoldReason
from chalicelib.domain.days import local_day

PAUSES, PAUSES_WITHIN = 3, timedelta(days=30)


def pauses(holds: Iterable[Hold], time_zone: str, debt_id: str = "") -> tuple[Pause, ...]:
    """
    Give the days on which treatment stood still, for ``ageing.treatment_dpd``.

    A hold pauses its last day too; one that was lifted pauses up to the day of that, which
    counts again.

    Args:
        debt_id: Whose treatment: holds of other debts alone do not pause it.
    """
    return tuple(
        Pause(starts_on=hold.since, ends_on=_end(hold, time_zone))
        for hold in holds
        if not hold.debt_ids or debt_id in hold.debt_ids
    )


def active(holds: Iterable[Hold], day: date) -> tuple[Hold, ...]:
    """The holds that stop contact on *day*."""
    return tuple(hold for hold in holds if hold.active_on(day))


def stopping(
    holds: Iterable[Hold], day: date, owing: Callable[[], Collection[str]]
) -> tuple[Hold, ...]:
    """
    The holds that stop contact about the whole case on *day*.

    Those on all of it; and those on single debts once together they leave nothing to ask for.

    Args:
        owing: Gives the ids of the debts that owe; only asked where single debts are held.
    """
    live = active(holds, day)
    whole = tuple(hold for hold in live if not hold.debt_ids)
    parts = tuple(hold for hold in live if hold.debt_ids)
    if parts and set(owing()) <= held_debts(parts, day):
        return (*whole, *parts)
    return whole


def held_debts(holds: Iterable[Hold], day: date) -> frozenset[str]:
    """The single debts whose collection is stopped on *day*."""
    return frozenset(debt_id for hold in active(holds, day) for debt_id in hold.debt_ids)


def may_pause(holds: Iterable[Hold], at: datetime) -> bool:
    """
    Say whether another "I already paid" pauses contact.

    Who says so again and again is written to again: the word pauses so often only.
    """
    reported = [one for one in holds if one.reason is HoldReason.REPORTED_PAYMENT]
    recent = [one for one in reported if one.placed_at > at - PAUSES_WITHIN]
    return len(recent) < PAUSES


def _end(hold: Hold, time_zone: str) -> date | None:
    ends = []
    if hold.until is not None:
        ends.append(hold.until + timedelta(days=1))
    if hold.lifted_at is not None:
        ends.append(local_day(hold.lifted_at, time_zone))
    return min(ends, default=None)
