"""
Whose work a payment is put down to: one written rule, read when it is posted and kept with it.

In this order:

1. Who took it in the hand, at a visit.
2. Who agreed a promise that the payment falls within: made by that day, its last day not over.
   Of several the one that ends first.
3. Who made the agreement that runs.
4. Who last spoke with the debtor, by telephone or at the door, in the thirty days before.

Nobody, when none of these is a person: what a message, the bot or the debtor's own page brought
in is the machine's. The entry keeps the answer, so that what comes to be known later - a visit
that a phone brings in after days - gives nobody what another was told is theirs.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from chalicelib.domain.agreements import Agreement, AgreementState
from chalicelib.domain.calls import OUTCOMES, Reached
from chalicelib.domain.case import GIVEN_UP, PromiseToPay
from chalicelib.domain.contact import Attempt
from chalicelib.domain.days import local_day
from chalicelib.domain.field import OBLIGED
from chalicelib.domain.people import PERSON
from chalicelib.domain.visit import Visit

REMEMBERED = timedelta(days=30)


def person_of(actor: str) -> str:
    """
    Give the id of the person that an actor is; empty for machines.

    >>> person_of("user:ana"), person_of("system")
    ('ana', '')
    """
    return actor.removeprefix(PERSON) if actor.startswith(PERSON) else ""


def credited_to(
    on: date,
    *,
    promises: Iterable[PromiseToPay] = (),
    agreements: Iterable[Agreement] = (),
    attempts: Iterable[Attempt] = (),
    visits: Iterable[Visit] = (),
    time_zone: str,
) -> str:
    """
    Say whose a payment of a day is, by the rule above; empty = nobody's.

    Args:
        on: The day it counts for, of the portfolio's calendar.
    """
    promised = [
        (one.last_day, one.promise_id, person_of(one.made_by))
        for one in promises
        if one.state not in GIVEN_UP
        and person_of(one.made_by)
        and local_day(one.made_at, time_zone) <= on <= one.last_day
    ]
    if promised:
        return min(promised)[2]
    agreed = [
        (one.made_at, person_of(one.made_by))
        for one in agreements
        if one.state is AgreementState.ACTIVE and person_of(one.made_by)
    ]
    if agreed:
        return max(agreed)[1]
    spoken = [
        (at, person)
        for at, person in _spoken(attempts, visits)
        if timedelta(0) <= on - local_day(at, time_zone) <= REMEMBERED
    ]
    return max(spoken)[1] if spoken else ""


def met_obliged(visit: Visit) -> bool:
    """Whether a visit that counts met the debtor, or who owes beside them."""
    return visit.counts and visit.report.met is not None and visit.report.met.who in OBLIGED


def _spoken(attempts: Iterable[Attempt], visits: Iterable[Visit]) -> Iterator[tuple[datetime, str]]:
    for attempt in attempts:
        person = person_of(attempt.cause.by)
        if person and attempt.outcome == OUTCOMES[Reached.HOLDER]:
            yield attempt.created_at, person
    for visit in visits:
        if met_obliged(visit):
            yield visit.at, visit.person_id
