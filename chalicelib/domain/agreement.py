"""
Payment agreements (convenios): what may be offered for a debt, and what it comes to.

An offer is simulated exactly, in minor units: the discount of each component, the down payment,
the instalments with their days. What goes beyond the portfolio's limits is refused by name, with
the nearest offer that is allowed; no plan is proposed that the debtor says they cannot keep.
"""

import calendar
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.domain.agreement_policy import AgreementLimits, Frequency
from chalicelib.domain.errors import BadField
from chalicelib.domain.ledger import Balance

MILLION = 1_000_000
MID_MONTH = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """
    What somebody asks for or proposes.

    Args:
        down_payment_minor: Paid at once; None = the least that is allowed.
        instalments: How many follow; 0 = all is paid at once.
        first_on: Due date of the first instalment; None = one period after the agreement.
        discount_principal_ppm, discount_interest_ppm, discount_fees_ppm: Share forgiven of each
            component, in parts per million.
        affordable_minor: The most the debtor says they can pay each time; None = not asked.
        capitalise: What interest and fees are to be paid become principal (new terms only).
    """

    instalments: int
    frequency: Frequency = Frequency.MONTHLY
    down_payment_minor: int | None = None
    first_on: date | None = None
    discount_principal_ppm: int = 0
    discount_interest_ppm: int = 0
    discount_fees_ppm: int = 0
    affordable_minor: int | None = None
    capitalise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One payment of an agreement; number 0 is the down payment."""

    number: int
    due_on: date
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """
    Where an offer goes beyond a limit.

    Args:
        field: Of ``Offer``.
        reason: ``too_small``, ``too_large``, ``share_too_small``, ``not_one_of`` or
            ``not_affordable``.
        limit: What is allowed: an amount, a number or parts per million, as the field is; 0
            where it is a choice.
    """

    field: str
    reason: str
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """
    What an offer comes to.

    Args:
        owed, discount: By component; ``to_pay_minor`` is their difference.
        shares: The payments in order; their sum is ``to_pay_minor``.
        breaches: Where it goes beyond the limits; without any it may be agreed on the spot.
        counter: The nearest offer within the limits; None when there are no breaches, or when
            no plan would do and an extension of time is the honest answer (``extension``).
    """

    offer: Offer
    owed: Balance
    discount: Balance
    to_pay_minor: int
    shares: tuple[Share, ...]
    breaches: tuple[Breach, ...] = ()
    counter: "Simulation | None" = None
    extension: bool = False

    @property
    def saved_minor(self) -> int:
        return self.discount.total_minor


def simulate(
    owed: Balance,
    offer: Offer,
    limits: AgreementLimits,
    *,
    today: date,
    roll: Callable[[date], date] = lambda day: day,
) -> Simulation:
    """
    Work an offer out, hold it to the limits, and find the nearest one that is allowed.

    Args:
        owed: What is owed today, by component; all of it not negative.
        roll: Moves a day that is no business day; by default none moves.

    Raises:
        BadField: Nothing is owed, or the offer makes no sense whatever the limits.
    """
    _sensible(owed, offer, today)
    found = _worked_out(owed, offer, limits, today, roll)
    breaches = tuple(_breaches(found, limits, today))
    if not breaches:
        return found
    counter = _nearest(owed, offer, limits, today, roll)
    return replace(found, breaches=breaches, counter=counter, extension=counter is None)


def due_days(
    first_on: date, number: int, frequency: Frequency, roll: Callable[[date], date]
) -> tuple[date, ...]:
    """
    Give the due dates of *number* instalments; a day that rolls does not move those after it.

    >>> due_days(date(2027, 1, 31), 3, Frequency.MONTHLY, lambda day: day)[1:]
    (datetime.date(2027, 2, 28), datetime.date(2027, 3, 31))
    """
    days = []
    day = first_on
    for step in range(number):
        days.append(roll(day))
        if frequency is Frequency.WEEKLY:
            day = first_on + timedelta(days=7 * (step + 1))
        elif frequency is Frequency.FORTNIGHTLY:
            day = _next_half_month(day)
        else:
            day = _months_on(first_on, step + 1)
    return tuple(days)


def spread(total_minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """
    Divide an amount by weights, to the last unit; no part is more than its weight is of all.

    >>> spread(10, [1, 1, 1])
    (3, 3, 4)
    """
    whole = sum(weights)
    parts, given, seen = [], 0, 0
    for weight in weights:
        seen += weight
        upto = total_minor * seen // whole if whole else 0
        parts.append(upto - given)
        given = upto
    return tuple(parts)


# Private


def _sensible(owed: Balance, offer: Offer, today: date) -> None:
    if min(owed.principal_minor, owed.interest_minor, owed.fees_minor) < 0:
        raise BadField(field="owed", reason="too_small")
    if owed.total_minor <= 0:
        raise BadField(field="owed", reason="nothing_owed")
    if offer.instalments < 0:
        raise BadField(field="instalments", reason="too_small")
    if offer.down_payment_minor is not None and offer.down_payment_minor < 0:
        raise BadField(field="down_payment_minor", reason="too_small")
    if offer.first_on is not None and offer.first_on < today:
        raise BadField(field="first_on", reason="in_the_past")
    for name in ("discount_principal_ppm", "discount_interest_ppm", "discount_fees_ppm"):
        if not 0 <= getattr(offer, name) <= MILLION:
            raise BadField(field=name, reason="out_of_range", least=0, most=MILLION)


def _worked_out(
    owed: Balance,
    offer: Offer,
    limits: AgreementLimits,
    today: date,
    roll: Callable[[date], date],
) -> Simulation:
    discount = Balance(
        owed.principal_minor * offer.discount_principal_ppm // MILLION,
        owed.interest_minor * offer.discount_interest_ppm // MILLION,
        owed.fees_minor * offer.discount_fees_ppm // MILLION,
    )
    to_pay = owed.total_minor - discount.total_minor
    least = -(-to_pay * limits.min_down_payment_ppm // MILLION)
    down = least if offer.down_payment_minor is None else min(offer.down_payment_minor, to_pay)
    number = offer.instalments
    if number == 0:
        down = to_pay
    rest = to_pay - down
    number = min(number, rest)  # nobody pays an instalment of nothing
    shares = [Share(number=0, due_on=today, amount_minor=down)] if down else []
    if number:
        first_on = offer.first_on or _first_day(today, offer.frequency)
        # The first ones are equal and the last one is what is left: never more than the others.
        each = -(-rest // number)
        amounts = [min(each, max(rest - each * n, 0)) for n in range(number)]
        days = due_days(first_on, number, offer.frequency, roll)
        shares += [
            Share(number=n + 1, due_on=day, amount_minor=amount)
            for n, (day, amount) in enumerate(zip(days, amounts, strict=True))
            if amount
        ]
    return Simulation(
        offer=offer, owed=owed, discount=discount, to_pay_minor=to_pay, shares=tuple(shares)
    )


def _breaches(found: Simulation, limits: AgreementLimits, today: date) -> Iterator[Breach]:
    offer = found.offer
    if offer.instalments > limits.max_instalments:
        yield Breach(field="instalments", reason="too_large", limit=limits.max_instalments)
    least = -(-found.to_pay_minor * limits.min_down_payment_ppm // MILLION)
    down = sum(share.amount_minor for share in found.shares if share.number == 0)
    if down < least:
        yield Breach(field="down_payment_minor", reason="too_small", limit=least)
    for name in ("discount_principal_ppm", "discount_interest_ppm", "discount_fees_ppm"):
        most = getattr(limits, f"max_{name}")
        if getattr(offer, name) > most:
            yield Breach(field=name, reason="too_large", limit=most)
    if _too_far(offer, limits, today):
        yield Breach(field="first_on", reason="too_large", limit=limits.first_within_days)
    if offer.instalments and offer.frequency not in limits.frequencies:
        yield Breach(field="frequency", reason="not_one_of", limit=0)
    if _smallest(found) < limits.min_share_minor:
        yield Breach(field="instalments", reason="share_too_small", limit=limits.min_share_minor)
    if offer.affordable_minor is not None and any(
        share.amount_minor > offer.affordable_minor for share in found.shares if share.number
    ):
        yield Breach(
            field="affordable_minor", reason="not_affordable", limit=offer.affordable_minor
        )


def _nearest(
    owed: Balance,
    offer: Offer,
    limits: AgreementLimits,
    today: date,
    roll: Callable[[date], date],
) -> Simulation | None:
    """
    Cut the offer to the limits; lengthen it until it can be paid, or shorten it until its
    payments are worth taking; None when nothing helps.
    """
    cut = replace(
        offer,
        instalments=min(offer.instalments, limits.max_instalments),
        discount_principal_ppm=min(offer.discount_principal_ppm, limits.max_discount_principal_ppm),
        discount_interest_ppm=min(offer.discount_interest_ppm, limits.max_discount_interest_ppm),
        discount_fees_ppm=min(offer.discount_fees_ppm, limits.max_discount_fees_ppm),
        first_on=None if _too_far(offer, limits, today) else offer.first_on,
        frequency=(
            offer.frequency
            if offer.frequency in limits.frequencies
            else next(iter(limits.frequencies), offer.frequency)
        ),
    )
    whole = _worked_out(owed, cut, limits, today, roll)
    least = -(-whole.to_pay_minor * limits.min_down_payment_ppm // MILLION)
    if cut.down_payment_minor is not None and cut.down_payment_minor < least:
        cut = replace(cut, down_payment_minor=least)
    longer = range(cut.instalments, limits.max_instalments + 1)
    shorter = range(cut.instalments - 1, 0, -1)
    for number in (*longer, *shorter):
        found = _worked_out(owed, replace(cut, instalments=number), limits, today, roll)
        if not any(_breaches(found, limits, today)):
            return found
    return None


def _too_far(offer: Offer, limits: AgreementLimits, today: date) -> bool:
    last = today + timedelta(days=limits.first_within_days)
    return bool(offer.instalments) and offer.first_on is not None and offer.first_on > last


def _smallest(found: Simulation) -> int:
    """The least of the payments that are alike; what is left for the last one is what it is."""
    alike = [share.amount_minor for share in found.shares if share.number]
    return max(alike, default=found.to_pay_minor)


def _first_day(today: date, frequency: Frequency) -> date:
    if frequency is Frequency.WEEKLY:
        return today + timedelta(days=7)
    if frequency is Frequency.FORTNIGHTLY:
        return _next_half_month(today)
    return _months_on(today, 1)


def _next_half_month(day: date) -> date:
    """The 15th or the last of a month, whichever comes first after *day*."""
    last = calendar.monthrange(day.year, day.month)[1]
    if day.day < MID_MONTH:
        return day.replace(day=MID_MONTH)
    if day.day < last:
        return day.replace(day=last)
    return _months_on(day.replace(day=1), 1).replace(day=MID_MONTH)


def _months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(
        year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1])
    )
