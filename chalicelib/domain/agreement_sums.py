"""
What became of agreements, for the figures: offered, accepted, kept, broken, by day.

Kept is measured on payments that have matured: those completed in time, and those whose grace is
over. The others say nothing yet. An agreement keeps the verdict on each (``Judged``), as a
promise keeps its own, so that the figures need neither the ledger nor a timer.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.domain.agreements import (
    Agreement,
    AgreementStanding,
    AgreementState,
    Judged,
    late,
    standing,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry

_ENDS = {
    AgreementState.COMPLETED: "agreements_completed",
    AgreementState.DEFAULTED: "agreements_broken",
}


def judged(
    known: Agreement,
    now: AgreementStanding,
    entries: Sequence[Entry],
    today: date,
    *,
    held_until: date | None = None,
) -> tuple[Judged, ...]:
    """
    Say what became of the payments of an agreement by today.

    One that was late stays so however it is paid afterwards, unless the news of a payment made
    in time comes late. While collection is stopped nothing becomes late.

    Args:
        now: How it stands by *entries*, the ledger of its case.
    """
    before = {one.number: one for one in known.judged if not one.kept}
    missed = {share.number for share in late(known, now, today, held_until=held_until, by_day=True)}
    found = []
    for n, one in enumerate(now.shares):
        number, lapsed = one.share.number, before.get(one.share.number)
        on = lapsed.on if lapsed else known.may_be_late_until(one.share, held_until)
        in_time = one.paid_on is not None and one.paid_on <= on
        if (lapsed or number in missed) and not in_time:
            paid = standing(known, entries, until=on).shares[n].paid_minor
            found.append(Judged(number=number, on=on, kept=False, paid_minor=paid))
        elif one.paid_on is not None:
            paid = one.share.amount_minor
            found.append(Judged(number=number, on=one.paid_on, kept=True, paid_minor=paid))
    return tuple(found)


def by_day(known: Iterable[Agreement], time_zone: str) -> dict[str, dict[str, int]]:
    """
    Sum agreements offered, signed, completed and broken, by the portfolio's day on which they
    were; their payments by the day on which each matured.

    One that waits for a second person, or was refused by one, was offered to nobody.

    Returns:
        ``{"2026-11-22": {"agreements_offered": 1, "agreements": 1, "agreed_minor": 90000},
        "2026-12-22": {"shares_matured": 1, "shares_minor": 30000, "shares_kept": 1,
        "shares_kept_minor": 30000}}``.
    """
    days: dict[str, dict[str, int]] = {}

    def add(day: date, **figures: int) -> None:
        row = days.setdefault(day.isoformat(), {})
        for name, value in figures.items():
            row[name] = row.get(name, 0) + value

    for one in known:
        offered_at = one.made_at if not one.breaches else one.decided_at
        unheard = one.state in (AgreementState.PENDING, AgreementState.REJECTED)
        if offered_at is not None and not unheard:
            add(local_day(offered_at, time_zone), agreements_offered=1)
        if one.signed_at is not None:
            signed_on = local_day(one.signed_at, time_zone)
            add(signed_on, agreements=1, agreed_minor=one.to_pay_minor)
        if one.state in _ENDS and one.ended_at is not None:
            add(local_day(one.ended_at, time_zone), **{_ENDS[one.state]: 1})
        amounts = {share.number: share.amount_minor for share in one.shares}
        for share in one.judged:
            add(
                share.on,
                shares_matured=1,
                shares_minor=amounts[share.number],
                shares_kept=int(share.kept),
                shares_kept_minor=share.paid_minor,
            )
    return days
