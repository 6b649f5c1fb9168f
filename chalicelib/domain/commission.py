"""
What people earn of what is put down to them: rules with the month they hold from, line by line.

A payment earns by how late its debt was when it was credited (``Entry.late_days``); what a month's
goal came to multiplies all of it. A line is rounded by itself, half away from zero, so that the
lines add up to the total, and a reversal takes back exactly what the payment gave.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a portfolio holds the rules, and the ledger is made for a portfolio
    from chalicelib.domain.ledger import Entry

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MILLION, HUNDRED = 1_000_000, 100
MOST_SETS, MOST_ROWS = 60, 20
MOST_PPM, MOST_PERCENT, MOST_REACHED = MILLION, 500, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """``ppm`` of what was collected, of debts up to so many days late; None = however late."""

    up_to_days: int | None
    ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """From ``reached_percent`` of the month's goal on, everything counts ``percent``."""

    reached_percent: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionRules:
    """
    Args:
        from_month: ``yyyy-mm`` of the portfolio's calendar; they hold until others do.
        rates: By lateness, the smallest first; what is later than all of them earns nothing.
        tiers: The lowest first; below all of them everything counts once.
    """

    from_month: str
    rates: tuple[Rate, ...]
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One payment, or what took one back: ``collected_minor`` x ``ppm`` x the month's percent."""

    case_id: str
    entry: "Entry"
    collected_minor: int
    ppm: int
    earned_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """
    Args:
        percent: What the month's goal made of everything; 100 = nothing.
        goal_minor: The person's own goal; None where there is none, and no tier holds.
    """

    rules: CommissionRules
    collected_minor: int
    goal_minor: int | None
    percent: int
    lines: tuple[Line, ...]

    @property
    def earned_minor(self) -> int:
        return sum(one.earned_minor for one in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSum:
    """What payments of one lateness came to; ``up_to_days`` None = however late."""

    up_to_days: int | None
    ppm: int
    payments: int
    collected_minor: int
    earned_minor: int


def rules_of(sets: Iterable[CommissionRules], month: str) -> CommissionRules | None:
    """Give the rules that hold in a month; None where nobody has set any for it."""
    held = [one for one in sets if one.from_month <= month]
    return max(held, key=lambda one: one.from_month) if held else None


def earned(
    rules: CommissionRules, credits: "Sequence[tuple[str, Entry]]", goal_minor: int | None
) -> Earned:
    """
    Say what somebody earned of a month's payments, as ``(case id, entry)`` each.

    >>> earned(CommissionRules(from_month="2026-11", rates=()), (), None).earned_minor
    0
    """
    collected = sum(-entry.amount_minor for _, entry in credits)
    percent = _percent(rules.tiers, collected, goal_minor)
    lines = []
    for case_id, entry in credits:
        ppm = _ppm(rules.rates, entry.late_days or 0)
        share = -entry.amount_minor * ppm * percent
        lines.append(
            Line(
                case_id=case_id,
                entry=entry,
                collected_minor=-entry.amount_minor,
                ppm=ppm,
                earned_minor=_rounded(share, MILLION * HUNDRED),
            )
        )
    return Earned(
        rules=rules,
        collected_minor=collected,
        goal_minor=goal_minor,
        percent=percent,
        lines=tuple(lines),
    )


def by_rate(found: Earned) -> tuple[RateSum, ...]:
    """
    Add up lines by the rate they earn at, in the order of the rates.

    What is later than all of them earns nothing, and comes last.
    """
    rates = list(found.rules.rates)
    if not rates or rates[-1].up_to_days is not None:
        rates.append(Rate(up_to_days=None, ppm=0))
    held: list[list[Line]] = [[] for _ in rates]
    for line in found.lines:
        late = line.entry.late_days or 0
        place = next(
            at for at, one in enumerate(rates) if one.up_to_days is None or late <= one.up_to_days
        )
        held[place].append(line)
    return tuple(
        RateSum(
            up_to_days=rate.up_to_days,
            ppm=rate.ppm,
            payments=len(lines),
            collected_minor=sum(one.collected_minor for one in lines),
            earned_minor=sum(one.earned_minor for one in lines),
        )
        for rate, lines in zip(rates, held, strict=True)
    )


def faults(sets: Sequence[CommissionRules]) -> Iterator[tuple[str, str]]:
    """Say what makes no sense, by path and reason."""
    if len(sets) > MOST_SETS:
        yield "", "too_long"
    months: set[str] = set()
    for index, one in enumerate(sets):
        if not MONTH.fullmatch(one.from_month):
            yield f"{index}.from_month", "bad_format"
        if one.from_month in months:
            yield f"{index}.from_month", "repeated"
        months.add(one.from_month)
        for name, reason in _faults(one):
            yield f"{index}.{name}", reason


def _faults(rules: CommissionRules) -> Iterator[tuple[str, str]]:
    if not rules.rates:
        yield "rates", "missing"
    if max(len(rules.rates), len(rules.tiers)) > MOST_ROWS:
        yield "rates", "too_long"
    before: int | None = None
    for number, rate in enumerate(rules.rates):
        last = number == len(rules.rates) - 1
        if rate.up_to_days is None and not last:
            yield f"rates.{number}.up_to_days", "missing"
        if rate.up_to_days is not None and before is not None and rate.up_to_days <= before:
            yield f"rates.{number}.up_to_days", "too_small"
        before = rate.up_to_days
        if not 0 <= rate.ppm <= MOST_PPM:
            yield f"rates.{number}.ppm", "too_small" if rate.ppm < 0 else "too_large"
    reached = 0
    for number, tier in enumerate(rules.tiers):
        if tier.reached_percent <= reached:
            yield f"tiers.{number}.reached_percent", "too_small"
        if tier.reached_percent > MOST_REACHED:
            yield f"tiers.{number}.reached_percent", "too_large"
        reached = tier.reached_percent
        if not 0 <= tier.percent <= MOST_PERCENT:
            yield f"tiers.{number}.percent", "too_small" if tier.percent < 0 else "too_large"


def _ppm(rates: Sequence[Rate], late_days: int) -> int:
    fits = (one.ppm for one in rates if one.up_to_days is None or late_days <= one.up_to_days)
    return next(fits, 0)


def _percent(tiers: Sequence[Tier], collected: int, goal: int | None) -> int:
    if not goal or collected <= 0:
        return HUNDRED
    held = [one.percent for one in tiers if collected * HUNDRED >= one.reached_percent * goal]
    return held[-1] if held else HUNDRED


def _rounded(share: int, by: int) -> int:
    """Half away from zero: what is taken back is what was given."""
    whole = (2 * abs(share) + by) // (2 * by)
    return whole if share >= 0 else -whole
