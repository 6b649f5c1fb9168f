"""Where a case lies in the cases table: keys of its rows and of the indexes."""

import hashlib
from datetime import datetime
from typing import Any

from chalicelib.domain import ids, names
from chalicelib.domain.agreements import Agreement, AgreementState
from chalicelib.domain.assignment import Assignment
from chalicelib.domain.calls import CALL
from chalicelib.domain.case import (
    ON_THE_MAP,
    Address,
    CaseHead,
    CaseStatus,
    Debt,
    PromiseState,
    PromiseToPay,
)
from chalicelib.domain.charge_off import undecided
from chalicelib.domain.checkout import Checkout, CheckoutState
from chalicelib.domain.contact import Attempt, AttemptState, Direction
from chalicelib.domain.credit import person_of
from chalicelib.domain.creditor_paper import CreditorPaper
from chalicelib.domain.dispute import Dispute
from chalicelib.domain.document import IssuedDocument
from chalicelib.domain.ledger import Entry
from chalicelib.domain.received import Received, ReceivedStanding
from chalicelib.domain.reported import Reported, ReportedState
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.domain.visit import Standing, Visit
from chalicelib.store.attributes import instant_text
from chalicelib.store.map_keys import place_keys

LIST_SHARDS = 8
HEAD = "HEAD"
NEVER = "0000-00-00"  # sorts before every date
NO_DUE_DATE = "9999-12-31"  # sorts after every date: cases that owe nothing come last
_BALANCE_ZERO = 10**18  # moves negative balances above zero, so that text sorts like numbers


def case_pk(case_id: str) -> str:
    return f"CASE#{case_id}"


def did_pk(portfolio_id: str, person_id: str) -> str:
    """What a person did in a portfolio, in order of time."""
    return f"P#{portfolio_id}#DID#{person_id}"


def did_keys(portfolio_id: str, person_id: str, at: datetime) -> dict[str, str]:
    return {"near_pk": did_pk(portfolio_id, person_id), "near_sk": instant_text(at)}


def credit_pk(portfolio_id: str, person_id: str) -> str:
    """Payments that are put down to a person, by the day they count for."""
    return f"P#{portfolio_id}#CREDIT#{person_id}"


def entry_keys(portfolio_id: str, case_id: str, entry: Entry) -> dict[str, str]:
    keys = {"sk": f"ENTRY#{entry.entry_id}"}
    if entry.credited:
        keys["near_pk"] = credit_pk(portfolio_id, entry.credited)
        keys["near_sk"] = f"{entry.effective_on.isoformat()}#{case_id}#{entry.entry_id}"
    return keys


def touched_pk(portfolio_id: str, shard: int) -> str:
    """Cases that owe, those first that nobody turned to for the longest."""
    return f"P#{portfolio_id}#T{shard}"


def case_of(item: dict[str, Any]) -> str:
    return str(item["pk"]["S"][5:])


def event_sk(seq: int) -> str:
    return f"EVENT#{seq:010d}"


def payment_pk(portfolio_id: str, source: str, reference: str) -> str:
    # Hashed: a reference may be of any length and may hold what should not be in a key.
    return f"PAY#{portfolio_id}#{ids.derived_id('key', source, reference)}"


def list_shard(case_id: str) -> int:
    """Which of the eight list partitions a case is in; even, and the same for ever."""
    return hashlib.sha256(case_id.encode()).digest()[0] % LIST_SHARDS


def list_pk(portfolio_id: str, shard: int) -> str:
    return f"P#{portfolio_id}#{shard}"


def lookup_pk(portfolio_id: str, kind: str, value: str) -> str:
    """*kind* is ``TAX``, ``DEBT``, ``PHONE``, ``EMAIL`` or ``N`` (three letters of a name)."""
    return f"P#{portfolio_id}#{kind}#{value}"[:1024]


def balance_text(minor: int) -> str:
    """
    Write an amount so that text sorts as numbers do.

    >>> sorted([balance_text(5), balance_text(-7), balance_text(40)])[0] == balance_text(-7)
    True
    """
    return f"{minor + _BALANCE_ZERO:019d}"


def head_keys(head: CaseHead) -> dict[str, str]:
    """
    Give the keys of a head: its own, and those that put it into lists and the lookup.

    A void case has its own only: it is found by id and by nothing else.
    """
    keys = {"pk": case_pk(head.case_id), "sk": HEAD}
    if head.status is CaseStatus.VOID:
        return keys
    due_on = NO_DUE_DATE if head.oldest_due_on is None else head.oldest_due_on.isoformat()
    keys["list_pk"] = list_pk(head.portfolio_id, list_shard(head.case_id))
    keys["due_sk"] = f"{due_on}#{head.case_id}"
    keys["balance_sk"] = f"{balance_text(head.balance_minor)}#{head.case_id}"
    keys["name_sk"] = f"{names.folded(head.name)[:200]}#{head.case_id}"
    if head.agenda_on is not None:
        keys["agenda_pk"] = keys["list_pk"]
        keys["agenda_sk"] = f"{head.agenda_on.isoformat()}#{head.case_id}"
    if head.status is not CaseStatus.SETTLED:
        keys["near_pk"] = touched_pk(head.portfolio_id, list_shard(head.case_id))
        touched_on = head.touched_on.isoformat() if head.touched_on else NEVER
        # The end of the id tells cases of one day apart; the whole of it is in the row's key.
        keys["near_sk"] = f"{touched_on}#{due_on}#{head.case_id[-8:]}"
    if head.tax_id:
        keys["lookup_pk"] = lookup_pk(head.portfolio_id, "TAX", head.tax_id)
        keys["lookup_sk"] = head.case_id
    return keys


def outbox_pk(shard: int) -> str:
    """Messages that wait for their moment, of all portfolios."""
    return f"OUT#{shard}"


def outbox_sk(at: datetime, case_id: str, attempt_id: str) -> str:
    return f"{instant_text(at)}#{case_id}#{attempt_id}"


def message_pk(provider: str, provider_id: str) -> str:
    return f"MSG#{provider}#{provider_id}"[:1024]


# States of an attempt that people look for: it waits, hangs, or did not arrive.
TRAYS = frozenset(
    {AttemptState.PLANNED, AttemptState.RESERVED, AttemptState.FAILED, AttemptState.DENIED}
)


def tray_pk(portfolio_id: str, state: AttemptState, shard: int) -> str:
    return f"P#{portfolio_id}#TRAY#{state.value}#{shard}"


def attempt_keys(portfolio_id: str, case_id: str, attempt: Attempt) -> dict[str, str]:
    """
    Give the keys of an attempt: its own, while it waits those of the outbox, while it waits,
    hangs or has failed those of its tray, and once a provider has it the key its events are
    found by.
    """
    keys = {"pk": case_pk(case_id), "sk": f"ATTEMPT#{attempt.attempt_id}"}
    if attempt.state is AttemptState.PLANNED:
        keys["agenda_pk"] = outbox_pk(list_shard(case_id))
        at = attempt.not_before or attempt.created_at
        keys["agenda_sk"] = outbox_sk(at, case_id, attempt.attempt_id)
    if attempt.direction is Direction.OUT and (person := person_of(attempt.cause.by)):
        keys |= did_keys(portfolio_id, person, attempt.created_at)
    call = attempt.cause.kind == CALL  # no message: whoever makes it sees to it
    if attempt.state in TRAYS and attempt.direction is Direction.OUT and not call:
        keys["lookup_pk"] = tray_pk(portfolio_id, attempt.state, list_shard(case_id))
        keys["lookup_sk"] = outbox_sk(tray_moment(attempt), case_id, attempt.attempt_id)
    elif attempt.provider_id:
        keys["lookup_pk"] = message_pk(attempt.provider, attempt.provider_id)
        keys["lookup_sk"] = case_id
    return keys


def tray_moment(attempt: Attempt) -> datetime:
    """When it may go, was taken to be handed over, or came to its end."""
    if attempt.state is AttemptState.PLANNED:
        return attempt.not_before or attempt.created_at
    reserved_at = attempt.ruling.at if attempt.ruling else None
    return attempt.ended_at or reserved_at or attempt.created_at


def address_keys(head: CaseHead, address: Address) -> dict[str, str]:
    """Its own, and those that find it by place while the case owes."""
    keys = {"pk": case_pk(head.case_id), "sk": f"ADDR#{address.address_id}"}
    if address.lat is not None and address.lng is not None and head.status in ON_THE_MAP:
        keys |= place_keys(head.portfolio_id, head.case_id, address)
    return keys


def visits_pk(portfolio_id: str) -> str:
    """What asks for a visit on a day: promises that fall due, tasks of strategies."""
    return f"P#{portfolio_id}#VISITS"


def promise_keys(portfolio_id: str, case_id: str, promise: PromiseToPay) -> dict[str, str]:
    keys = {"pk": case_pk(case_id), "sk": f"PROMISE#{promise.promise_id}"}
    if person := person_of(promise.made_by):
        keys |= did_keys(portfolio_id, person, promise.made_at)
    if promise.state is PromiseState.OPEN:
        keys["agenda_pk"] = visits_pk(portfolio_id)
        keys["agenda_sk"] = f"{promise.due_on.isoformat()}#{case_id}#{promise.promise_id}"
    return keys


def approvals_pk(portfolio_id: str) -> str:
    """Agreements that wait for a second person."""
    return f"P#{portfolio_id}#APPROVALS"


def charge_offs_pk(portfolio_id: str) -> str:
    """Debts of which a charge-off, or taking one back, waits for a second person."""
    return f"P#{portfolio_id}#CHARGEOFFS"


def debt_keys(portfolio_id: str, case_id: str, debt: Debt) -> dict[str, str]:
    """Its own, the creditor's id while it is one of the case, and the tray's while it waits."""
    keys = {"sk": f"DEBT#{debt.debt_id}"}
    if debt.void:
        return keys
    keys["lookup_pk"] = lookup_pk(portfolio_id, "DEBT", debt.external_id)
    keys["lookup_sk"] = case_id
    if debt.charge_offs and (waits := undecided(debt.charge_offs)) is not None:
        keys["agenda_pk"] = charge_offs_pk(portfolio_id)
        keys["agenda_sk"] = outbox_sk(waits.since, case_id, debt.debt_id)
    return keys


LETTERS = "AGREEMENTS#LETTERS"  # completed agreements whose letter is still to be issued


def agreement_keys(portfolio_id: str, case_id: str, agreement: Agreement) -> dict[str, str]:
    """Its own, and those of what is to be done: a second person's word, the last letter."""
    keys = {"pk": case_pk(case_id), "sk": f"AGREEMENT#{agreement.agreement_id}"}
    if agreement.state is AgreementState.PENDING:
        keys["agenda_pk"] = approvals_pk(portfolio_id)
        keys["agenda_sk"] = outbox_sk(agreement.until, case_id, agreement.agreement_id)
    elif agreement.state is AgreementState.COMPLETED and not agreement.letter_id:
        keys["agenda_pk"] = LETTERS
        at = agreement.ended_at or agreement.made_at
        keys["agenda_sk"] = outbox_sk(at, case_id, agreement.agreement_id)
    return keys


def tasks_pk(portfolio_id: str, shard: int) -> str:
    """Open tasks of a portfolio that nobody has taken."""
    return f"P#{portfolio_id}#TASKS#{shard}"


def own_tasks_pk(person_id: str) -> str:
    """A person's open tasks, of all portfolios."""
    return f"TASKS#{person_id}"


def task_keys(portfolio_id: str, case_id: str, task: Task) -> dict[str, str]:
    """Its own, while open those of the list of who is to do it, of a visit those of its day."""
    keys = {"pk": case_pk(case_id), "sk": f"TASK#{task.task_id}"}
    if task.state is not TaskState.OPEN:
        return keys
    keys["lookup_pk"] = (
        own_tasks_pk(task.owner) if task.owner else tasks_pk(portfolio_id, list_shard(case_id))
    )
    keys["lookup_sk"] = f"{task.due_on.isoformat()}#{portfolio_id}#{task.kind.value}#{task.task_id}"
    if task.kind is TaskKind.VISIT:
        keys["agenda_pk"] = visits_pk(portfolio_id)
        keys["agenda_sk"] = f"{task.due_on.isoformat()}#{case_id}#{task.task_id}"
    return keys


def agent_pk(person_id: str) -> str:
    return f"AGENT#{person_id}"


def assignment_keys(case_id: str, assignment: Assignment) -> dict[str, str]:
    """Its own, and those of the person's day: ended ones stay there, for he must be told."""
    return {
        "pk": case_pk(case_id),
        "sk": f"ASSIGN#{assignment.assignment_id}",
        "agenda_pk": agent_pk(assignment.person_id),
        "agenda_sk": f"{assignment.day.isoformat()}#{case_id}#{assignment.assignment_id}",
    }


def standing_pk(portfolio_id: str, standing: Standing) -> str:
    return f"P#{portfolio_id}#VISIT#{standing.value}"


def photos_pk(shard: int) -> str:
    return f"PHOTOS#{shard}"


def visit_keys(portfolio_id: str, case_id: str, visit: Visit) -> dict[str, str]:
    """
    Give the keys of a visit: its own, and those of its tray, where the newest come first.

    While its photos are looked for, those of the agenda, where the longest waiting come first.
    """
    at = instant_text(visit.at)
    keys = {
        "pk": case_pk(case_id),
        "sk": f"VISIT#{visit.visit_id}",
        "lookup_pk": standing_pk(portfolio_id, visit.standing),
        "lookup_sk": f"{at}#{visit.visit_id}#{visit.person_id}",
    } | did_keys(portfolio_id, visit.person_id, visit.at)
    if visit.looked_for:
        keys["agenda_pk"] = photos_pk(list_shard(case_id))
        keys["agenda_sk"] = f"{instant_text(visit.received_at)}#{case_id}#{visit.visit_id}"
    return keys


def code_pk(code: str) -> str:
    return f"DOCUMENT#{code}"


def document_keys(portfolio_id: str, case_id: str, document: IssuedDocument) -> dict[str, str]:
    """Its own, and that by which whoever holds it finds it; whose it is goes along."""
    return {
        "pk": case_pk(case_id),
        "sk": f"DOC#{document.document_id}",
        "lookup_pk": code_pk(document.code),
        "lookup_sk": case_id,
        "portfolio_id": portfolio_id,
    }


def disputes_pk(portfolio_id: str, *, live: bool) -> str:
    return f"P#{portfolio_id}#DISPUTE#{'live' if live else 'ended'}"


def dispute_keys(portfolio_id: str, case_id: str, dispute: Dispute) -> dict[str, str]:
    """Its own, and those of the queue: by the day to answer, once it ended by when it did."""
    ended_at = dispute.ended_at
    at = instant_text(ended_at) if ended_at else dispute.due_on.isoformat()
    return {
        "pk": case_pk(case_id),
        "sk": f"DISPUTE#{dispute.dispute_id}",
        "lookup_pk": disputes_pk(portfolio_id, live=dispute.live),
        "lookup_sk": f"{at}#{dispute.dispute_id}#{dispute.owner}",
    }


def checkouts_pk(portfolio_id: str, state: CheckoutState) -> str:
    return f"P#{portfolio_id}#CHECKOUT#{state.value}"


def checkout_keys(portfolio_id: str, case_id: str, checkout: Checkout) -> dict[str, str]:
    """Its own, and those of the portfolio's list of what debtors set out to pay."""
    return {
        "pk": case_pk(case_id),
        "sk": f"CHECKOUT#{checkout.checkout_id}",
        "lookup_pk": checkouts_pk(portfolio_id, checkout.state),
        "lookup_sk": f"{instant_text(checkout.started_at)}#{checkout.checkout_id}",
    }


def received_pk(portfolio_id: str, standing: ReceivedStanding) -> str:
    return f"P#{portfolio_id}#RECEIVED#{standing.value}"


def received_keys(portfolio_id: str, case_id: str, received: Received) -> dict[str, str]:
    """Its own, and those of the portfolio's list of payments."""
    return {
        "pk": case_pk(case_id),
        "sk": f"RECEIVED#{received.received_id}",
        "lookup_pk": received_pk(portfolio_id, received.standing),
        "lookup_sk": f"{instant_text(received.at)}#{received.received_id}",
    }


def reported_pk(portfolio_id: str, state: ReportedState) -> str:
    return f"P#{portfolio_id}#REPORTED#{state.value}"


def reported_keys(portfolio_id: str, case_id: str, reported: Reported) -> dict[str, str]:
    """Its own, and those of the portfolio's tray of what debtors say they paid."""
    return {
        "pk": case_pk(case_id),
        "sk": f"REPORTED#{reported.reported_id}",
        "lookup_pk": reported_pk(portfolio_id, reported.state),
        "lookup_sk": f"{instant_text(reported.at)}#{reported.reported_id}",
    }


def paper_keys(portfolio_id: str, case_id: str, paper: CreditorPaper) -> dict[str, str]:  # noqa: ARG001 (in no list but its case's)
    return {"pk": case_pk(case_id), "sk": f"PAPER#{paper.paper_id}"}


def mark_pk(family: str, value: str) -> str:
    # Hashed: a place or a picture's digest is not to be read off a key.
    return f"MARK#{family}#{ids.derived_id('key', value)}"
