"""
Moratory interest: simple, on overdue principal, computed from dates and the ledger.

No clock writes it. It becomes an INTEREST entry when a payment, a waiver or a reversal
touches the debt; between touches it is computed here. Because the whole accrual is replayed
each time and rounded once, what is realised plus what is not is always the same figure,
however many payments cut the period, and a back-dated payment or a reversal changes it just
as if it had been known from the start.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from chalicelib.domain.case import Debt
from chalicelib.domain.charge_off import pauses
from chalicelib.domain.ledger import Balance, Entry, EntryKind
from chalicelib.domain.portfolio import MoratoryInterest

PPM = 1_000_000
_STATED = (EntryKind.CHARGE, EntryKind.ADJUSTMENT)


def accrued(debt: Debt, entries: Iterable[Entry], policy: MoratoryInterest, on: date) -> int:
    """
    Give the interest accrued by the end of *on* and not yet in the ledger, in minor units.

    Negative when more was realised than is now known to be due (a payment was recorded
    late); the next touch corrects it.

    Args:
        entries: The case's ledger or the debt's; those of other debts are ignored.
    """
    own = [entry for entry in entries if entry.debt_id == debt.debt_id]
    if not policy.annual_rate_ppm and not any(entry.kind is EntryKind.INTEREST for entry in own):
        return 0
    return total(debt, own, policy, on) - realised(own, on)


def total(debt: Debt, own: Sequence[Entry], policy: MoratoryInterest, on: date) -> int:
    """
    Give all interest that accrued up to the end of *on*, realised or not, in minor units.

    Simple interest: ``overdue principal x days x rate / (day count)``, summed over the
    stretches in which the overdue principal stood still, rounded half up once, then capped.
    The day of a payment still accrues on what was owed before it; the due date plus the
    grace days is the last day that accrues nothing. What is charged off accrues nothing from that
    day to the one it is taken back, unless the portfolio has it otherwise.

    Args:
        own: The debt's entries.
    """
    if debt.void or not policy.annual_rate_ppm:
        return 0
    stated = _stated_principal(own)
    grace = timedelta(days=policy.grace_days)
    plan = _principal_by_due_date(debt, stated)
    starts = [(due_on + grace, minor) for due_on, minor in plan]
    moves = sorted((entry.effective_on, entry.principal_minor) for entry in own)
    days = {day for day, _ in starts} | {day for day, _ in moves}
    stopped = pauses(debt.charge_offs)
    days |= {day for pause in stopped for day in pause if day is not None}
    bounds = sorted(day for day in days if starts[0][0] <= day < on)
    numerator = 0
    for begin, end in pairwise([*bounds, on]):
        if any(since <= begin and (until is None or begin < until) for since, until in stopped):
            continue
        owed = sum(minor for day, minor in moves if day <= begin)
        not_yet = sum(minor for day, minor in starts if day > begin)
        numerator += max(0, owed - not_yet) * (end - begin).days
    divisor = PPM * policy.day_count
    interest = (2 * numerator * policy.annual_rate_ppm + divisor) // (2 * divisor)
    if policy.cap_ppm is not None:
        interest = min(interest, stated * policy.cap_ppm // PPM)
    return max(0, interest)


def realised(own: Sequence[Entry], on: date | None = None) -> int:
    """Sum the interest already in the ledger (of entries effective by *on*, when given)."""
    kinds = {entry.entry_id: entry.kind for entry in own}
    return sum(
        entry.amount_minor
        for entry in own
        if kinds.get(entry.reverses or entry.entry_id) is EntryKind.INTEREST
        and (on is None or entry.effective_on <= on)
    )


def realised_until(own: Iterable[Entry]) -> date | None:
    """Give the last day whose interest is in the ledger."""
    return max((e.effective_on for e in own if e.kind is EntryKind.INTEREST), default=None)


def split(balance: Balance, interest_minor: int) -> tuple[int, int]:
    """
    Say where an INTEREST entry goes: (principal, interest) parts, in minor units.

    A correction downwards takes back interest still owed; what was already paid of it is
    credited to principal, since that is what the money should have paid.

    >>> split(Balance(1000, 30, 0), -50)
    (-20, -30)
    """
    if interest_minor >= 0:
        return 0, interest_minor
    from_interest = -min(-interest_minor, max(0, balance.interest_minor))
    return interest_minor - from_interest, from_interest


def _stated_principal(own: Sequence[Entry]) -> int:
    """Principal the creditor says was lent: charges and corrections, without payments."""
    kinds = {entry.entry_id: entry.kind for entry in own}
    return sum(
        entry.principal_minor
        for entry in own
        if kinds.get(entry.reverses or entry.entry_id) in _STATED
    )


def _principal_by_due_date(debt: Debt, stated_minor: int) -> list[tuple[date, int]]:
    """Share the principal over the instalments by their amounts, to the cent, oldest first."""
    plan = sorted((part.due_on, part.amount_minor) for part in debt.instalments)
    planned = sum(minor for _, minor in plan)
    if planned <= 0:
        return [(debt.due_on, stated_minor)]
    shares, given, seen = [], 0, 0
    for due_on, minor in plan:
        seen += minor
        upto = stated_minor * seen // planned
        shares.append((due_on, upto - given))
        given = upto
    return shares
