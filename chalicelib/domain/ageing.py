"""How late a debt is: days past due, what is open of each part, and the band it falls in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.case import Debt
from chalicelib.domain.portfolio import Band

DEFAULT_BANDS = (
    Band(code="preventiva", from_dpd=-10, to_dpd=0),
    Band(code="1-7", from_dpd=1, to_dpd=7),
    Band(code="8-30", from_dpd=8, to_dpd=30),
    Band(code="31-60", from_dpd=31, to_dpd=60),
    Band(code="61-90", from_dpd=61, to_dpd=90),
    Band(code="91-120", from_dpd=91, to_dpd=120),
    Band(code="121-180", from_dpd=121, to_dpd=180),
    Band(code="180+", from_dpd=181, to_dpd=None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Days on which treatment stands still: from *starts_on*, up to but not on *ends_on*."""

    starts_on: date
    ends_on: date | None = None  # None = still running


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to be paid by one day: an instalment, or the whole debt (number 0)."""

    number: int
    due_on: date
    amount_minor: int
    open_minor: int


def parts(debt: Debt, outstanding_minor: int, moratory_minor: int = 0) -> tuple[Part, ...]:
    """
    Spread what a debt owes over its instalments: money received covers the oldest first.

    Args:
        outstanding_minor: All the debt owes.
        moratory_minor: How much of it is default interest. It is owed with the oldest open
            instalment and never re-opens one that was paid; else a payment that realises
            interest could make a debt look older.

    Returns:
        Parts by due date; their open amounts add up to *outstanding_minor*, or to 0 when
        that is a credit. Other amounts beyond the instalments are owed with the oldest.
    """
    owed = max(0, outstanding_minor)
    if not debt.instalments:
        return (Part(0, debt.due_on, owed, owed),)
    plan = sorted(debt.instalments, key=lambda part: (part.due_on, part.number))
    moratory = min(owed, max(0, moratory_minor))
    planned = sum(part.amount_minor for part in plan)
    covered = max(0, planned - (owed - moratory))
    extra = max(0, owed - moratory - planned)
    spread = []
    for instalment in plan:
        paid = min(covered, instalment.amount_minor)
        covered -= paid
        open_minor = instalment.amount_minor - paid + extra
        extra = 0
        if open_minor or instalment is plan[-1]:
            open_minor += moratory
            moratory = 0
        amount = instalment.amount_minor
        spread.append(Part(instalment.number, instalment.due_on, amount, open_minor))
    return tuple(spread)


def oldest_due_on(
    debt: Debt, outstanding_minor: int, tolerance_minor: int = 0, moratory_minor: int = 0
) -> date | None:
    """
    Say since when a debt is owing: the due date of its oldest part with something open.

    Returns:
        None when the debt owes no more than *tolerance_minor* in all, or is void. A part
        that owes no more than the tolerance does not count either, unless all are so small.
    """
    if debt.void or outstanding_minor <= tolerance_minor:
        return None
    if not debt.instalments:
        return debt.due_on
    spread = parts(debt, outstanding_minor, moratory_minor)
    above = [part.due_on for part in spread if part.open_minor > tolerance_minor]
    return min(above or [part.due_on for part in spread if part.open_minor > 0])


def days_from_due(due_on: date, today: date) -> int:
    """
    Count days since a due date; negative before it. What bands are read from.

    >>> days_from_due(date(2026, 11, 30), date(2026, 11, 22))
    -8
    """
    return (today - due_on).days


def legal_dpd(due_on: date | None, today: date) -> int:
    """Count days past due as a court would: never paused, never negative."""
    return 0 if due_on is None else max(0, days_from_due(due_on, today))


def treatment_dpd(due_on: date | None, today: date, pauses: Iterable[Pause] = ()) -> int:
    """
    Count days past due for treatment: legal days less the days paused; never negative.

    Args:
        pauses: Holds that stopped treatment. Days paused twice count once.

    >>> hold = Pause(starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 8))
    >>> treatment_dpd(date(2026, 1, 1), date(2026, 1, 11), [hold])
    7
    """
    if due_on is None or today <= due_on:
        return 0
    paused: set[date] = set()
    for pause in pauses:
        day = max(pause.starts_on, due_on)
        end = min(pause.ends_on or today, today)
        while day < end:
            paused.add(day)
            day += timedelta(days=1)
    return (today - due_on).days - len(paused)


def band_of(due_on: date | None, today: date, bands: Sequence[Band]) -> Band | None:
    """Find the band of something owing since *due_on*; None when it owes nothing or fits none."""
    if due_on is None:
        return None
    days = days_from_due(due_on, today)
    for band in bands:
        if (band.from_dpd is None or days >= band.from_dpd) and (
            band.to_dpd is None or days <= band.to_dpd
        ):
            return band
    return None


def due_range(band: Band, today: date) -> tuple[date | None, date | None]:
    """
    Turn a band into the due dates that fall in it today: (oldest, newest), both inclusive.

    >>> due_range(Band(code="8-30", from_dpd=8, to_dpd=30), date(2026, 11, 22))
    (datetime.date(2026, 10, 23), datetime.date(2026, 11, 14))
    """
    oldest = None if band.to_dpd is None else today - timedelta(days=band.to_dpd)
    newest = None if band.from_dpd is None else today - timedelta(days=band.from_dpd)
    return oldest, newest
