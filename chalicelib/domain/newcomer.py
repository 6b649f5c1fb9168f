"""
The case of a debtor that a file brings: what a draft of it would become, made at one go.

A draft holds all that can ever be done to a case. Most of a portfolio's first file is cases to
which nothing was done yet, and making a draft of each was a quarter of what such a file cost.
What is made here is to the letter what ``Draft`` makes: a test holds the two together over all that
rows may say (``tests/unit/services/test_upload_newcomers.py``).
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain import ageing, counters, timeline
from chalicelib.domain.case import (
    Address,
    CaseChange,
    CaseHead,
    CaseStatus,
    ContactKind,
    ContactPoint,
    Debt,
)
from chalicelib.domain.counters import NO_DATE
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_debtor import address_id, contact_id
from chalicelib.domain.ids import case_id as case_id_of
from chalicelib.domain.ids import entry_id
from chalicelib.domain.ledger import Entry, EntryKind
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.quick import quick, replaced
from chalicelib.domain.timeline import ChainHead


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """
    Who a file says a debtor is.

    Args:
        contacts: Their own phones (E.164) and e-mails (lower case).
        address: With an empty ``address_id``; it gives the case its city.
    """

    debtor_key: str
    name: str
    tax_id: str
    contacts: Iterable[tuple[ContactKind, str]]
    address: Address | None


def change(
    who: Newcomer,
    debts: Sequence[Debt],
    portfolio: Portfolio,
    *,
    source: str,
    upload_id: str,
    actor: str,
    now: datetime,
    salt: Callable[[int], bytes] = os.urandom,
) -> CaseChange:
    """
    Give what is to be committed: the case, its debts and what they charge, in one event.

    Args:
        debts: One at least, each once, none void, with more than nothing stated of each.
    """
    pid = portfolio.portfolio_id
    case_id = case_id_of(pid, who.debtor_key)
    entries = tuple(
        _charge(pid, debt, source=source, reference=upload_id, actor=actor, now=now)
        for debt in debts
    )
    personal = {"name": who.name}
    if who.tax_id:
        personal["tax_id"] = who.tax_id
    charged = [{"debt_id": one.debt_id, "amount_minor": one.amount_minor} for one in entries]
    event = timeline.append(
        ChainHead(),
        "case.created",
        at=now,
        actor=actor,
        facts={"upload_id": upload_id, "debts": charged},
        personal=personal,
        salt=salt,
    )
    buckets: dict[str, int] = {}
    numbers: dict[str, int] = {}
    tolerance_minor = portfolio.policies.tolerance_minor
    oldest: date | None = None
    for debt, entry in zip(debts, entries, strict=True):
        due_on = ageing.oldest_due_on(debt, entry.amount_minor, tolerance_minor)
        key = NO_DATE if due_on is None else due_on.isoformat()
        buckets[key] = buckets.get(key, 0) + entry.amount_minor
        numbers[key] = numbers.get(key, 0) + 1
        if due_on is not None and (oldest is None or due_on < oldest):
            oldest = due_on
    head = CaseHead(
        case_id=case_id,
        portfolio_id=pid,
        currency=portfolio.currency,
        debtor_key=who.debtor_key,
        name=who.name,
        tax_id=who.tax_id,
        status=CaseStatus.SETTLED if oldest is None else CaseStatus.OPEN,
        balance_minor=sum(buckets.values()),
        oldest_due_on=oldest,
        due_buckets=buckets,
        due_debts=numbers,
        city=who.address.city if who.address else "",
        tags=(),
        debts=len(debts),
        version=1,
        chain=timeline.head_after(event),
        created_at=now,
        updated_at=now,
        created_by_upload=upload_id,
        agenda_on=None if oldest is None else local_day(now, portfolio.time_zone),
    )
    return CaseChange(
        before=None,
        after=head,
        debts=tuple(debts),
        contacts=_points(case_id, who.contacts, source),
        addresses=_places(case_id, who.address),
        entries=entries,
        events=(event,),
        counters=counters.contribution(head),  # who was not there counted for nothing
    )


def _charge(
    portfolio_id: str, debt: Debt, *, source: str, reference: str, actor: str, now: datetime
) -> Entry:
    principal, interest = debt.stated_principal_minor, debt.stated_interest_minor
    fees = debt.stated_fees_minor
    return Entry(
        entry_id=entry_id(portfolio_id, source, reference, debt.debt_id),
        debt_id=debt.debt_id,
        kind=EntryKind.CHARGE,
        amount_minor=principal + interest + fees,
        principal_minor=principal,
        interest_minor=interest,
        fees_minor=fees,
        effective_on=debt.charged_on,
        recorded_at=now,
        source=source,
        reference=reference,
        actor=actor,
    )


def _points(
    case_id: str, contacts: Iterable[tuple[ContactKind, str]], source: str
) -> tuple[ContactPoint, ...]:
    return tuple(
        ContactPoint(
            contact_id=contact_id(case_id, kind, value), kind=kind, value=value, source=source
        )
        for kind, value in dict.fromkeys(contacts)
    )


def _places(case_id: str, address: Address | None) -> tuple[Address, ...]:
    if address is None:
        return ()
    return (replaced(address, address_id=address_id(case_id, address)),)
