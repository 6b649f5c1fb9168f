"""How a case is laid out for a page: plain JSON-safe structures, as the API answers them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.domain import ageing, calls, charge_off, holds, reliability
from chalicelib.domain.book import Book
from chalicelib.domain.case import CaseFile, CaseHead, CaseStatus, Debt
from chalicelib.domain.case_list import CaseLine
from chalicelib.domain.dispute import Dispute
from chalicelib.domain.draft import local_day
from chalicelib.domain.ledger import Entry, reversals
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.recoveries import recoveries
from chalicelib.domain.reliability import Reliability
from chalicelib.domain.spoken import language_of
from chalicelib.domain.timeline import Event
from chalicelib.prediction import forecast
from chalicelib.services import agreement_pages, forecast_pages, ledger, task_pages, visits_of_case
from chalicelib.services.access import MANAGERS
from chalicelib.visits.radius import radius_of

EVENTS_ON_PAGE = 50
WORTH_A_VISIT = (CaseStatus.OPEN, CaseStatus.PROMISED)

Names = Callable[[set[str]], Mapping[str, str]]  # actor ids to display names, as known


def page_of(
    file: CaseFile,
    portfolio: Portfolio,
    *,
    actor: Actor,
    now: datetime,
    people: Names = lambda _: {},
) -> dict[str, Any]:
    """
    Lay out a case that is open already, as after a change.

    ``balance`` is what the ledger holds; ``moratory`` what accrued beside it until today;
    ``total_due`` both.
    """
    today = local_day(now, portfolio.time_zone)
    book = Book(
        portfolio.portfolio_id,
        portfolio.policies,
        file.debts,
        file.entries,
        actor=actor.actor_id,
        now=now,
    )
    accrued = {d.debt_id: 0 if d.void else book.accrued(d.debt_id, today) for d in file.debts}
    head, money = file.head, _money(file.head.currency)
    interest = sum(accrued.values())
    newest = list(reversed(file.events))
    shown = newest[:EVENTS_ON_PAGE]
    actors = {actor for event in file.events for actor in actors_of(event)}
    actors |= {f"user:{one.person_id}" for one in file.assignments}
    actors |= {f"user:{one.person_id}" for one in file.visits}
    actors |= {one.asked_by for debt in file.debts for one in debt.charge_offs}
    actors |= {f"user:{one.owner}" for one in file.disputes if one.owner}
    actors |= task_pages.actors(file.tasks)
    actors |= {f"user:{head.owner}"} if head.owner else set()
    who, called = people(actors), calls.labels(portfolio.policies.calls)
    undone, recovered = reversals(file.entries), recoveries(file.debts, file.entries)
    foretold = forecast_pages.of_debts(file, portfolio, today)
    return {
        "case": line(head, portfolio, today)
        | {
            "owner": owner_of(head.owner, who),
            "legal_dpd": ageing.legal_dpd(head.oldest_due_on, today),
            "treatment_dpd": ageing.treatment_dpd(
                head.oldest_due_on, today, holds.pauses(file.holds, portfolio.time_zone)
            ),
            "total_due": money(head.balance_minor + interest),
            "interest_accrued": money(interest),
            "debtor_key": head.debtor_key,
            "erased": head.erased,
            "created_at": _instant(head.created_at),
            "merged_into": head.merged_into,
            "charged_off": head.charged_off,
            "charged_off_balance": money(head.charged_off_minor),
            "language": head.language or "",
            "wish": None if head.wish is None else to_plain(head.wish),
            "written_in": language_of(file, portfolio),
            "version": head.version,
        },
        "portfolio": {
            "id": portfolio.portfolio_id,
            "name": portfolio.name,
            "country": portfolio.country,
            "currency": portfolio.currency,
            "time_zone": portfolio.time_zone,
            "bands": [
                {"code": band.code, "from_dpd": band.from_dpd, "to_dpd": band.to_dpd}
                for band in portfolio.policies.bands
            ],
        },
        "debts": [
            _debt(debt, book, accrued[debt.debt_id], portfolio, today)
            | {
                "charge_off": _charge_off(debt, portfolio, who),
                "forecast": foretold.get(debt.debt_id),
            }
            for debt in file.debts
        ],
        "forecast": forecast_pages.of_case(file, portfolio, today),
        "no_forecast": forecast.silence(file, portfolio.forecast, today),
        "contacts": [
            {
                "contact_id": point.contact_id,
                "kind": point.kind.value,
                "value": point.value,
                "party": point.party,
                "quality": point.quality,
                "detail": point.detail,
                "source": point.source,
            }
            for point in file.contacts
        ],
        "addresses": [
            {
                "address_id": address.address_id,
                "lines": address.lines,
                "city": address.city,
                "region": address.region,
                "postal_code": address.postal_code,
                "country": address.country,
                "lat": address.lat,
                "lng": address.lng,
                "cell": address.cell,
                "quality": address.quality.value,
                "radius_m": radius_of(address, portfolio),
                "source": address.source,
            }
            for address in file.addresses
        ],
        "entries": [
            _entry(entry, undone, who, money, recovered=entry.entry_id in recovered)
            for entry in reversed(file.entries)
        ],
        "promises": [
            {
                "promise_id": promise.promise_id,
                "amount": money(promise.amount_minor),
                "due_on": promise.due_on.isoformat(),
                "state": promise.state.value,
                "made_at": _instant(promise.made_at),
                "made_by": {"id": promise.made_by, "name": who.get(promise.made_by, "")},
                "channel": promise.channel,
                "last_day": promise.last_day.isoformat(),
                "paid": money(promise.paid_minor),
                "series_id": promise.series_id,
            }
            for promise in reversed(file.promises)
        ],
        "reliability": reliability_of(reliability.of(file.promises), money),
        "tasks": [task_pages.shown(task, who) for task in reversed(file.tasks)],
        "visits_planned": [
            {
                "assignment_id": one.assignment_id,
                "address_id": one.address_id,
                "person": {"id": one.person_id, "name": who.get(f"user:{one.person_id}", "")},
                "day": one.day.isoformat(),
                "state": one.state.value,
                "why": one.why.value,
                "withdrawn": one.withdrawn or None,
            }
            for one in reversed(file.assignments)
        ],
        "visits": visits_of_case.of_case(file, portfolio, actor=actor, who=who),
        "agreements": agreement_pages.of_case(file, portfolio, actor=actor, who=who, now=now),
        "disputes": [_dispute(one, who, today) for one in reversed(file.disputes)],
        "notes": [told(event, who, called) for event in newest if event.kind == "note.added"],
        "timeline": {
            "items": [told(event, who, called) for event in shown],
            "cursor": str(shown[-1].seq) if len(newest) > len(shown) else None,
        },
        "chain": {"seq": head.chain.seq, "hash": head.chain.hash},
        "can": _can(head, portfolio, actor),
    }


def line(case: CaseLine | CaseHead, portfolio: Portfolio, today: date) -> dict[str, Any]:
    """Lay out what a list shows of a case; ``dpd`` is legal days past due."""
    band = ageing.band_of(case.oldest_due_on, today, portfolio.policies.bands)
    return {
        "case_id": case.case_id,
        "portfolio_id": case.portfolio_id,
        "name": case.name,
        "tax_id": case.tax_id,
        "status": case.status.value,
        "balance": _money(case.currency)(case.balance_minor),
        "oldest_due_on": _day(case.oldest_due_on),
        "dpd": ageing.legal_dpd(case.oldest_due_on, today),
        "band": band.code if band else None,
        "city": case.city,
        "tags": list(case.tags),
        "debts": case.debts,
        "last_payment_on": _day(case.last_payment_on),
        "updated_at": _instant(case.updated_at),
    }


def owner_of(person_id: str, who: Mapping[str, str]) -> dict[str, str] | None:
    """Name who answers for a case; None where nobody does."""
    return {"id": person_id, "name": who.get(f"user:{person_id}", "")} if person_id else None


def _money(currency: str) -> Callable[[int], dict[str, Any]]:
    return lambda minor: {"minor": minor, "currency": currency}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _debt(
    debt: Debt,
    book: Book,
    accrued: int,
    portfolio: Portfolio,
    today: date,
) -> dict[str, Any]:
    money = _money(portfolio.currency)
    owed = book.balance(debt.debt_id)
    due_on = book.oldest_due_on(debt.debt_id)
    band = ageing.band_of(due_on, today, portfolio.policies.bands)
    spread = ageing.parts(debt, owed.total_minor, book.moratory_open(debt.debt_id))
    return {
        "debt_id": debt.debt_id,
        "external_id": debt.external_id,
        "product": debt.product,
        "issued_on": _day(debt.issued_on),
        "due_on": debt.due_on.isoformat(),
        "dpd": ageing.legal_dpd(due_on, today),
        "band": band.code if band else None,
        "balance": money(owed.total_minor),
        "principal": money(owed.principal_minor),
        "interest": money(owed.interest_minor),
        "fees": money(owed.fees_minor),
        "moratory": money(accrued),
        "total_due": money(owed.total_minor + accrued),
        "instalments": [
            {
                "number": part.number,
                "due_on": part.due_on.isoformat(),
                "amount": money(part.amount_minor),
                "open": money(part.open_minor),
            }
            for part in spread
            if debt.instalments
        ],
        "documents": list(debt.documents),
        "void": debt.void,
    }


def _charge_off(debt: Debt, portfolio: Portfolio, who: Mapping[str, str]) -> dict[str, Any] | None:
    """The charge-off that is in force or waits; None where there is none."""
    one = charge_off.in_force(debt.charge_offs) or charge_off.undecided(debt.charge_offs)
    if one is None:
        return None
    return {
        "charge_off_id": one.charge_off_id,
        "state": one.state.value,
        "reason": one.reason.value,
        "on": one.on.isoformat(),
        "amount": _money(portfolio.currency)(one.amount_minor),
        "note": one.return_note or one.note,
        "asked_by": {"id": one.asked_by, "name": who.get(one.asked_by, "")},
        "from_file": bool(one.upload_id),
        "in_force": one.state in charge_off.IN_FORCE,
        "interest_stops": one.interest_stops,
    }


def _entry(
    entry: Entry,
    undone: Mapping[str, str],
    who: Mapping[str, str],
    money: Callable[[int], dict[str, Any]],
    *,
    recovered: bool,
) -> dict[str, Any]:
    return {
        "entry_id": entry.entry_id,
        "debt_id": entry.debt_id,
        "kind": entry.kind.value,
        "amount": money(entry.amount_minor),
        "principal": money(entry.principal_minor),
        "interest": money(entry.interest_minor),
        "fees": money(entry.fees_minor),
        "effective_on": entry.effective_on.isoformat(),
        "recorded_at": _instant(entry.recorded_at),
        "source": entry.source,
        "reference": entry.reference,
        "actor": {"id": entry.actor, "name": who.get(entry.actor, "")},
        "reverses": entry.reverses,
        "reversed_by": undone.get(entry.entry_id),
        "reason": entry.reason,
        "recovered": recovered,
    }


def reliability_of(known: Reliability, money: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """Lay out what became of promises, with the size of the sample beside the score."""
    return {
        "matured": known.matured,
        "kept": known.kept,
        "partial": known.partial,
        "broken": known.broken,
        "promised": money(known.promised_minor),
        "kept_amount": money(known.kept_minor),
        "score": known.score,
    }


def _dispute(dispute: Dispute, who: Mapping[str, str], today: date) -> dict[str, Any]:
    owner = f"user:{dispute.owner}"
    return {
        "dispute_id": dispute.dispute_id,
        "kind": dispute.kind.value,
        "state": dispute.state.value,
        "source": dispute.source,
        "debts": list(dispute.debt_ids),
        "opened_at": _instant(dispute.opened_at),
        "due_on": dispute.due_on.isoformat(),
        "late": dispute.late_on(today),
        "owner": {"id": dispute.owner, "name": who.get(owner, "")} if dispute.owner else None,
        "ended_at": _instant(dispute.ended_at) if dispute.ended_at else None,
    }


def actors_of(event: Event) -> tuple[str, ...]:
    """Who did it, and who brought what they could not send themselves."""
    return tuple(one for one in (event.actor, str(event.facts.get("brought_by", ""))) if one)


def event_item(event: Event, who: Mapping[str, str]) -> dict[str, Any]:
    names = [who.get(one, "") for one in actors_of(event)]
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": _instant(event.at),
        "actor": {"id": event.actor, "name": " · ".join(one for one in names if one)},
        "facts": event.facts,
        "personal": event.personal,
        "hash": event.hash,
    }


def told(
    event: Event, who: Mapping[str, str], called: Mapping[str, dict[str, str]]
) -> dict[str, Any]:
    """
    Lay out an event as a case's page tells it.

    Args:
        called: What results of calls are called, by code and language (``calls.labels``).
    """
    facts = event.facts
    if facts.get("cause") == calls.CALL:
        code = facts.get("disposition", "")
    else:  # one that was not made after all is an attempt that failed
        code = facts["problem"] if facts.get("problem") == calls.NOT_MADE else ""
    return event_item(event, who) | {"result": called.get(str(code))}


def _can(head: CaseHead, portfolio: Portfolio, actor: Actor) -> dict[str, bool]:
    alive = head.status is not CaseStatus.VOID
    adjusts = alive and ledger.may_adjust(actor, portfolio)
    return {
        "pay": alive and ledger.may_post_payment(actor, portfolio),
        "adjust": adjusts,
        "waive": adjusts,
        "reverse": adjusts and actor.role in MANAGERS,
        "note": alive,
        "tag": alive,
        "promise": alive,
        "agree": head.status not in (CaseStatus.VOID, CaseStatus.SETTLED),
        "dispute": alive,
        "charge_off": alive and head.status is not CaseStatus.SETTLED,
        "visit": head.status in WORTH_A_VISIT and actor.role in MANAGERS,
        "see_requests": actor.role in MANAGERS,
    }
