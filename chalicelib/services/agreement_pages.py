"""How agreements are laid out for pages: JSON-safe structures, as the API answers them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain import agreements
from chalicelib.domain.agreement import Simulation
from chalicelib.domain.agreement_policy import AgreementLimits, Approver
from chalicelib.domain.agreements import WAITING, Agreement, AgreementState, ShareStanding
from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import instant, to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.access import MANAGERS
from chalicelib.services.agreement_offers import Option

Names = Callable[[set[str]], Mapping[str, str]]
Money = dict[str, Any]


def of_case(
    file: CaseFile,
    portfolio: Portfolio,
    *,
    actor: Actor,
    who: Mapping[str, str],
    now: datetime,
) -> list[dict[str, Any]]:
    """Lay out the agreements of a case, the newest first."""
    return [
        one_of(known, file, portfolio, actor=actor, who=who, now=now)
        for known in reversed(file.agreements)
    ]


def one_of(
    known: Agreement,
    file: CaseFile,
    portfolio: Portfolio,
    *,
    actor: Actor,
    who: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    """Lay out one: its terms, each payment with what is paid of it, what the actor may do."""

    def money(minor: int) -> Money:
        return {"minor": minor, "currency": portfolio.currency}

    def person(key: str) -> dict[str, str] | None:
        return {"id": key, "name": who.get(key, "")} if key else None

    tolerance = portfolio.policies.tolerance_minor
    stands = agreements.standing(known, file.entries, tolerance_minor=tolerance)
    today = local_day(now, portfolio.time_zone)
    late = {share.number for share in agreements.late(known, stands, today)}

    def state(one: ShareStanding) -> str:
        if one.paid_on is not None:
            return "paid"
        if one.share.number in late:
            return "missed"
        return "late" if one.share.due_on < today else "open"

    lapsed = known.state in WAITING and known.until < now
    return {
        "agreement_id": known.agreement_id,
        "kind": known.kind.value,
        "state": "expired" if lapsed else known.state.value,
        "made_at": instant(known.made_at),
        "made_by": person(known.made_by),
        "until": instant(known.until),
        "channel": known.channel,
        "reason": known.reason,
        "breaches": [to_plain(one) for one in known.breaches],
        "approver": known.approver.value,
        "decided_by": person(known.decided_by),
        "signed_at": instant(known.signed_at) if known.signed_at else None,
        "signed_by": person(known.signed_by),
        "proof": known.proof.kind.value if known.proof else None,
        "ended_at": instant(known.ended_at) if known.ended_at else None,
        "frequency": known.frequency.value,
        "earned": known.earned.value,
        "missed": known.missed,
        "grace_days": known.grace_days,
        "to_pay": money(known.to_pay_minor),
        "saved": money(known.saved_minor),
        "paid": money(min(stands.paid_minor, known.to_pay_minor)),
        "capitalised": money(known.capital_minor),
        "debts": list(known.debt_ids),
        "replaces": known.replaces,
        "document_id": known.document_id,
        "letter_id": known.letter_id,
        "shares": [
            {
                "number": one.share.number,
                "due_on": one.share.due_on.isoformat(),
                "amount": money(one.share.amount_minor),
                "paid": money(one.paid_minor),
                "paid_on": one.paid_on.isoformat() if one.paid_on else None,
                "state": state(one),
            }
            for one in stands.shares
        ],
        "can": _can(known, actor, lapsed=lapsed),
    }


def simulated(found: Simulation, portfolio: Portfolio) -> dict[str, Any]:
    """Lay out a simulation, with the counter-offer it may have."""

    def money(minor: int) -> Money:
        return {"minor": minor, "currency": portfolio.currency}

    def parts(balance: Any) -> dict[str, Money]:
        return {
            "principal": money(balance.principal_minor),
            "interest": money(balance.interest_minor),
            "fees": money(balance.fees_minor),
            "total": money(balance.total_minor),
        }

    return {
        "offer": to_plain(found.offer),
        "owed": parts(found.owed),
        "discount": parts(found.discount),
        "to_pay": money(found.to_pay_minor),
        "shares": [
            {
                "number": share.number,
                "due_on": share.due_on.isoformat(),
                "amount": money(share.amount_minor),
            }
            for share in found.shares
        ],
        "breaches": [to_plain(one) for one in found.breaches],
        "counter": simulated(found.counter, portfolio) if found.counter else None,
        "extension": found.extension,
    }


def offered(
    limits: AgreementLimits,
    options: tuple[Option, ...],
    found: Simulation | None,
    portfolio: Portfolio,
) -> dict[str, Any]:
    """Lay out what may be offered: the limits, the options side by side, the one asked for."""
    return {
        "limits": to_plain(limits),
        "options": [
            {"kind": one.kind.value, **simulated(one.simulation, portfolio)} for one in options
        ],
        "simulation": simulated(found, portfolio) if found else None,
    }


def _can(known: Agreement, actor: Actor, *, lapsed: bool) -> dict[str, bool]:
    manages = actor.role in MANAGERS
    own = known.made_by == actor.actor_id
    approves = manages and (known.approver is Approver.SUPERVISOR or actor.role is Role.ADMIN)
    waits = known.state in WAITING and not lapsed
    return {
        "accept": known.state is AgreementState.PROPOSED and not lapsed,
        "decide": known.state is AgreementState.PENDING and not lapsed and approves and not own,
        "cancel": (waits and (own or manages))
        or (known.state is AgreementState.ACTIVE and manages),
    }
