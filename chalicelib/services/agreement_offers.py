"""
What may be agreed for a case: limits, simulations, the few offers worth showing side by side.

Pure: a case and its portfolio in, simulations out. Pages, the bot and the agent's dialog all ask
here, so that nobody is offered what another would be refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain import ageing, agreement
from chalicelib.domain.agreement import Breach, Offer, Simulation, spread
from chalicelib.domain.agreement_policy import AgreementLimits, rule_for
from chalicelib.domain.agreements import (
    Agreement,
    AgreementKind,
    AgreementState,
    Covered,
    in_force,
)
from chalicelib.domain.book import Book
from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_agreed import netted
from chalicelib.domain.errors import BadField
from chalicelib.domain.ledger import Balance
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.working_days import next_working_day

SHORT_PLAN = 3  # instalments of the middle offer
MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One offer to look at; its simulation has no breaches unless it was asked for so."""

    kind: AgreementKind
    simulation: Simulation

    @property
    def offer(self) -> Offer:
        return self.simulation.offer


def limits_of(file: CaseFile, portfolio: Portfolio, *, now: datetime) -> AgreementLimits:
    """The limits of a case, by its band, what it owes and the products of its debts."""
    rule, policies = rule_of(file, portfolio, now=now), portfolio.policies
    return policies.agreements if rule is None else policies.agreement_rules[rule].limits


def rule_of(file: CaseFile, portfolio: Portfolio, *, now: datetime) -> int | None:
    """Which of the portfolio's rules a case falls under, counted from 0; None for none."""
    today = local_day(now, portfolio.time_zone)
    policies = portfolio.policies
    band = ageing.band_of(file.head.oldest_due_on, today, policies.bands)
    owed = owed_of(file, portfolio, now=now)
    return rule_for(
        policies.agreement_rules,
        band=band.code if band else "",
        owed_minor=sum(one.total_minor for one in owed.values()),
        products={debt.product for debt in file.debts if debt.debt_id in owed},
    )


def owed_of(
    file: CaseFile, portfolio: Portfolio, *, now: datetime, debt_ids: Sequence[str] = ()
) -> dict[str, Balance]:
    """
    What each debt owes today, interest until then included; those that owe nothing are left out.

    Args:
        debt_ids: Only these; empty = all.
    """
    today = local_day(now, portfolio.time_zone)
    book = Book(
        portfolio.portfolio_id, portfolio.policies, file.debts, file.entries, actor="", now=now
    )
    found = {}
    for debt in file.debts:
        if debt.void or (debt_ids and debt.debt_id not in debt_ids):
            continue
        held = book.balance(debt.debt_id)
        due = book.accrued(debt.debt_id, today)
        owed = netted(Balance(held.principal_minor, held.interest_minor + due, held.fees_minor))
        if owed.total_minor > 0:
            found[debt.debt_id] = owed
    return found


def simulate(
    file: CaseFile,
    portfolio: Portfolio,
    offer: Offer,
    *,
    kind: AgreementKind = AgreementKind.PLAN,
    debt_ids: Sequence[str] = (),
    now: datetime,
) -> Simulation:
    """
    Work an offer out for a case and hold it to the limits; see ``agreement.simulate``.

    Args:
        debt_ids: The debts it is about; empty = all that owe.

    Raises:
        BadField: Nothing is owed, or the offer makes no sense whatever the limits; or it makes
            principal of interest where that is not offered, whoever would approve it.
    """
    today = local_day(now, portfolio.time_zone)
    owed = _total(owed_of(file, portfolio, now=now, debt_ids=debt_ids))
    limits = limits_of(file, portfolio, now=now)
    if offer.capitalise and not (limits.capitalise and kind is AgreementKind.RESTRUCTURE):
        raise BadField(field="capitalise", reason="not_offered")
    if kind is AgreementKind.EXTENSION:
        limits = _as_extension(limits)
        offer = Offer(
            instalments=1,
            down_payment_minor=0,
            first_on=offer.first_on or today + timedelta(days=limits.first_within_days),
            affordable_minor=offer.affordable_minor,
        )
    found = agreement.simulate(
        owed, offer, limits, today=today, roll=lambda day: working_day(portfolio, day)
    )
    more = tuple(_beyond(file, kind, limits))
    return replace(found, breaches=(*found.breaches, *more)) if more else found


def options(
    file: CaseFile,
    portfolio: Portfolio,
    *,
    affordable_minor: int | None = None,
    now: datetime,
) -> tuple[Option, ...]:
    """
    Give up to three offers to compare, all within the limits, the shortest first.

    All at once with the most that may be forgiven; a short plan with half of that, for who pays
    sooner pays less; the longest plan with nothing forgiven. Who says
    what they can pay each time gets the shortest plan they can keep, and more time where no
    plan is.
    """
    limits = limits_of(file, portfolio, now=now)
    if in_force(file.agreements) is not None or not owed_of(file, portfolio, now=now):
        return ()
    at_once = Offer(
        instalments=0,
        discount_principal_ppm=limits.max_discount_principal_ppm,
        discount_interest_ppm=limits.max_discount_interest_ppm,
        discount_fees_ppm=limits.max_discount_fees_ppm,
    )
    frequency = limits.frequencies[-1] if limits.frequencies else Offer(instalments=1).frequency
    lengths = sorted({min(SHORT_PLAN, limits.max_instalments), limits.max_instalments})
    wanted = [(AgreementKind.SETTLEMENT, at_once)]
    for length in lengths:
        short = length <= SHORT_PLAN < limits.max_instalments
        plan = Offer(
            instalments=length,
            frequency=frequency,
            discount_principal_ppm=limits.max_discount_principal_ppm // 2 if short else 0,
            discount_interest_ppm=limits.max_discount_interest_ppm // 2 if short else 0,
            discount_fees_ppm=limits.max_discount_fees_ppm // 2 if short else 0,
            affordable_minor=affordable_minor,
        )
        wanted.append((AgreementKind.PLAN, plan))
    found: list[Option] = []
    extend = False
    for kind, offer in wanted:
        simulated = simulate(file, portfolio, offer, kind=kind, now=now)
        within = simulated.counter if simulated.breaches else simulated
        extend |= simulated.extension
        if within is not None and within.shares not in [one.simulation.shares for one in found]:
            found.append(Option(kind=kind, simulation=within))
    if extend and limits.extension_days:
        later = simulate(
            file,
            portfolio,
            Offer(instalments=1),
            kind=AgreementKind.EXTENSION,
            now=now,
        )
        found = [*found[:2], Option(kind=AgreementKind.EXTENSION, simulation=later)]
    return tuple(found[:3])


def drawn_up(
    file: CaseFile,
    portfolio: Portfolio,
    simulation: Simulation,
    *,
    agreement_id: str,
    kind: AgreementKind,
    debt_ids: Sequence[str] = (),
    channel: str = "",
    reason: str = "",
    by: str,
    now: datetime,
) -> Agreement:
    """Make the agreement of a simulation: what each debt owes and is forgiven, to the cent."""
    limits = limits_of(file, portfolio, now=now)
    owed = owed_of(file, portfolio, now=now, debt_ids=debt_ids)
    less = simulation.discount
    principal = spread(less.principal_minor, [one.principal_minor for one in owed.values()])
    interest = spread(less.interest_minor, [one.interest_minor for one in owed.values()])
    fees = spread(less.fees_minor, [one.fees_minor for one in owed.values()])
    moratory = _moratory(file, portfolio, now)
    pending = bool(simulation.breaches)
    today = local_day(now, portfolio.time_zone)
    last_day = today + timedelta(days=max(0, limits.valid_days - 1))
    current = in_force(file.agreements)
    renewed = kind in (AgreementKind.RESTRUCTURE, AgreementKind.REFINANCE) and current is not None
    return Agreement(
        agreement_id=agreement_id,
        kind=kind,
        state=AgreementState.PENDING if pending else AgreementState.PROPOSED,
        covered=tuple(
            Covered(
                debt_id=debt_id,
                principal_minor=one.principal_minor,
                interest_minor=one.interest_minor,
                fees_minor=one.fees_minor,
                less_principal_minor=principal[n],
                less_interest_minor=interest[n],
                less_fees_minor=fees[n],
                moratory_minor=min(moratory[debt_id], one.interest_minor),
            )
            for n, (debt_id, one) in enumerate(owed.items())
        ),
        shares=simulation.shares,
        frequency=simulation.offer.frequency,
        earned=limits.earned,
        missed=limits.missed,
        grace_days=limits.grace_days,
        made_at=now,
        made_by=by,
        until=(
            now + timedelta(hours=limits.approval_hours) if pending else valid_until(now, last_day)
        ),
        channel=channel,
        breaches=simulation.breaches,
        approver=limits.approver,
        reason=reason,
        replaces=current.agreement_id if renewed and current else "",
        capitalised=simulation.offer.capitalise,
        restructured=restructures(file) + (kind is AgreementKind.RESTRUCTURE),
    )


def valid_until(now: datetime, last_day: date) -> datetime:
    """The end of an offer's last day, as far from now as whole days make it."""
    return now + timedelta(days=max(1, (last_day - now.date()).days + 1))


def restructures(file: CaseFile) -> int:
    """How often agreements of a case were given new terms already."""
    return sum(
        one.kind is AgreementKind.RESTRUCTURE and one.signed_at is not None
        for one in file.agreements
    )


def working_day(portfolio: Portfolio, day: date) -> date:
    """The day itself, or the first working day after it where it is none."""
    return next_working_day(portfolio, day - timedelta(days=1))


# Private


def _moratory(file: CaseFile, portfolio: Portfolio, now: datetime) -> dict[str, int]:
    """How much default interest each debt owes, in the ledger and beside it."""
    today = local_day(now, portfolio.time_zone)
    book = Book(
        portfolio.portfolio_id, portfolio.policies, file.debts, file.entries, actor="", now=now
    )
    return {
        debt.debt_id: max(0, book.moratory_open(debt.debt_id) + book.accrued(debt.debt_id, today))
        for debt in file.debts
        if not debt.void
    }


def _total(owed: dict[str, Balance]) -> Balance:
    return Balance(
        sum(one.principal_minor for one in owed.values()),
        sum(one.interest_minor for one in owed.values()),
        sum(one.fees_minor for one in owed.values()),
    )


def _as_extension(limits: AgreementLimits) -> AgreementLimits:
    if not limits.extension_days:
        raise BadField(field="kind", reason="not_offered")
    return replace(
        limits,
        min_down_payment_ppm=0,
        max_instalments=1,
        min_share_minor=0,
        first_within_days=limits.extension_days,
        frequencies=(Offer(instalments=1).frequency,),
    )


def _beyond(file: CaseFile, kind: AgreementKind, limits: AgreementLimits) -> Sequence[Breach]:
    """What a kind asks for beside its figures: new terms once too often, a new debt at all."""
    if kind is AgreementKind.REFINANCE:
        return (Breach(field="kind", reason="not_one_of", limit=0),)
    if kind is AgreementKind.RESTRUCTURE and restructures(file) >= limits.restructures:
        return (Breach(field="kind", reason="too_large", limit=limits.restructures),)
    return ()
