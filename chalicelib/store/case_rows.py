"""How a case lies in the cases table: keys, index keys, and the operations of a change."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from chalicelib.domain import ids, names
from chalicelib.domain.assignment import Assignment
from chalicelib.domain.case import (
    ON_THE_MAP,
    Address,
    CaseChange,
    CaseFile,
    CaseHead,
    CaseLine,
    CaseStatus,
    ContactPoint,
    Debt,
    PromiseState,
    PromiseToPay,
)
from chalicelib.domain.contact import Attempt, AttemptState, Consent, Direction, Hold
from chalicelib.domain.ledger import Entry, EntryKind, in_order
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.domain.timeline import Event
from chalicelib.domain.visit import Mark, Standing, Visit
from chalicelib.store.attributes import instant_text
from chalicelib.store.map_keys import place_keys
from chalicelib.store.shape import Shape
from chalicelib.store.table import (
    AddressRow,
    AssignmentRow,
    AttemptRow,
    ConsentRow,
    ContactRow,
    DebtRow,
    EntryRow,
    EventRow,
    HeadRow,
    HoldRow,
    PromiseRow,
    TaskRow,
    VisitRow,
)

LIST_SHARDS = 8
HEAD = "HEAD"
NO_DUE_DATE = "9999-12-31"  # sorts after every date: cases that owe nothing come last
_BALANCE_ZERO = 10**18  # moves negative balances above zero, so that text sorts like numbers

head_shape = Shape(HeadRow, CaseHead, key="case_id")
line_shape = Shape(HeadRow, CaseLine, key="case_id")
debt_shape = Shape(DebtRow, Debt, key="debt_id")
contact_shape = Shape(ContactRow, ContactPoint, key="contact_id", renamed={"kind": "contact_kind"})
address_shape = Shape(AddressRow, Address, key="address_id")
entry_shape = Shape(EntryRow, Entry, key="entry_id", renamed={"kind": "entry_kind"})
promise_shape = Shape(PromiseRow, PromiseToPay, key="promise_id")
attempt_shape = Shape(AttemptRow, Attempt, key="attempt_id")
consent_shape = Shape(ConsentRow, Consent, key="consent_id")
hold_shape = Shape(HoldRow, Hold, key="hold_id")
task_shape = Shape(TaskRow, Task, key="task_id", renamed={"kind": "task_kind"})
assignment_shape = Shape(AssignmentRow, Assignment, key="assignment_id")
visit_shape = Shape(VisitRow, Visit, key="visit_id")
event_shape = Shape(EventRow, Event, key="seq", renamed={"kind": "event_kind"})


# Keys


def case_pk(case_id: str) -> str:
    return f"CASE#{case_id}"


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
    if attempt.state in TRAYS and attempt.direction is Direction.OUT:
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
    if promise.state is PromiseState.OPEN:
        keys["agenda_pk"] = visits_pk(portfolio_id)
        keys["agenda_sk"] = f"{promise.due_on.isoformat()}#{case_id}#{promise.promise_id}"
    return keys


def task_keys(portfolio_id: str, case_id: str, task: Task) -> dict[str, str]:
    keys = {"pk": case_pk(case_id), "sk": f"TASK#{task.task_id}"}
    if task.kind is TaskKind.VISIT and task.state is TaskState.OPEN:
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


def visit_keys(portfolio_id: str, case_id: str, visit: Visit) -> dict[str, str]:
    """Give the keys of a visit: its own, and those of its tray, where the newest come first."""
    at = instant_text(visit.at)
    return {
        "pk": case_pk(case_id),
        "sk": f"VISIT#{visit.visit_id}",
        "lookup_pk": standing_pk(portfolio_id, visit.standing),
        "lookup_sk": f"{at}#{visit.visit_id}#{visit.person_id}",
    }


def mark_pk(family: str, value: str) -> str:
    # Hashed: a place or a picture's digest is not to be read off a key.
    return f"MARK#{family}#{ids.derived_id('key', value)}"


def _mark_item(mark: Mark) -> dict[str, Any]:
    return {
        "pk": {"S": mark_pk(mark.family, mark.value)},
        "sk": {"S": mark.of},
        "kind": {"S": "mark"},
    }


# Operations


def operations(table: str, change: CaseChange) -> list[dict[str, Any]]:
    """
    Give what a change writes to the cases table; the head comes first.

    Every change writes the head on condition that nobody did meanwhile, so the rows of the
    case need no condition of their own. Payments add a row that no other may be in place of.
    """
    head = change.after
    pk = case_pk(head.case_id)
    pid = head.portfolio_id
    head_put: dict[str, Any] = {
        "TableName": table,
        "Item": head_shape.item(head, **head_keys(head)),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    if change.before is not None:
        head_put["ConditionExpression"] = "version = :v"
        head_put["ExpressionAttributeValues"] = {":v": {"N": str(change.before.version)}}

    items: list[dict[str, Any]] = []
    for debt in change.debts:
        keys = {"pk": pk, "sk": f"DEBT#{debt.debt_id}"}
        if not debt.void:
            keys["lookup_pk"] = lookup_pk(pid, "DEBT", debt.external_id)
            keys["lookup_sk"] = head.case_id
        items.append(debt_shape.item(debt, **keys))
    for point in change.contacts:
        items.append(
            contact_shape.item(
                point,
                pk=pk,
                sk=f"CONTACT#{point.contact_id}",
                lookup_pk=lookup_pk(pid, point.kind.value.upper(), point.value),
                lookup_sk=head.case_id,
            )
        )
    items += [
        address_shape.item(address, **address_keys(head, address)) for address in change.addresses
    ]
    items += [
        entry_shape.item(entry, pk=pk, sk=f"ENTRY#{entry.entry_id}") for entry in change.entries
    ]
    items += [
        promise_shape.item(promise, **promise_keys(pid, head.case_id, promise))
        for promise in change.promises
    ]
    items += [
        attempt_shape.item(attempt, **attempt_keys(pid, head.case_id, attempt))
        for attempt in change.attempts
    ]
    items += [
        consent_shape.item(consent, pk=pk, sk=f"CONSENT#{consent.consent_id}")
        for consent in change.consents
    ]
    items += [hold_shape.item(hold, pk=pk, sk=f"HOLD#{hold.hold_id}") for hold in change.holds]
    items += [task_shape.item(task, **task_keys(pid, head.case_id, task)) for task in change.tasks]
    items += [
        assignment_shape.item(one, **assignment_keys(head.case_id, one))
        for one in change.assignments
    ]
    items += [visit_shape.item(v, **visit_keys(pid, head.case_id, v)) for v in change.visits]
    items += [_mark_item(mark) for mark in change.marks]
    items += [event_shape.item(event, pk=pk, sk=event_sk(event.seq)) for event in change.events]

    now, then = _tokens(head), _tokens(change.before)
    items += [_name_item(pid, head.case_id, token) for token in now if token not in then]
    gone = [f"NAME#{token}" for token in then if token not in now]
    gone += [f"CONTACT#{key}" for key in change.removed_contacts]
    gone += [f"ADDR#{key}" for key in change.removed_addresses]

    return [
        {"Put": head_put},
        *({"Put": {"TableName": table, "Item": item}} for item in items),
        *(
            {"Delete": {"TableName": table, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}}
            for sk in gone
        ),
        *(_payment_put(table, head, key, content) for key, content in payments(change).items()),
    ]


def payments(change: CaseChange) -> dict[str, str]:
    """Give the key of each payment a change posts, with a digest of what it says."""
    if not change.entries:
        return {}
    sums: dict[tuple[str, str], tuple[int, str]] = {}
    for entry in change.entries:
        if entry.kind is EntryKind.PAYMENT:
            key = (entry.source, entry.reference)
            before, _ = sums.get(key, (0, ""))
            sums[key] = (before - entry.amount_minor, entry.effective_on.isoformat())
    return {
        payment_pk(change.after.portfolio_id, source, reference): ids.derived_id(
            "pay", change.after.case_id, str(minor), day
        )
        for (source, reference), (minor, day) in sums.items()
    }


def _payment_put(table: str, head: CaseHead, key: str, content: str) -> dict[str, Any]:
    return {
        "Put": {
            "TableName": table,
            "Item": {
                "pk": {"S": key},
                "sk": {"S": "-"},
                "kind": {"S": "payment"},
                "case_id": {"S": head.case_id},
                "content": {"S": content},
            },
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _tokens(head: CaseHead | None) -> tuple[str, ...]:
    if head is None or head.status is CaseStatus.VOID:
        return ()
    return names.tokens(head.name)


def _name_item(portfolio_id: str, case_id: str, token: str) -> dict[str, Any]:
    return {
        "pk": {"S": case_pk(case_id)},
        "sk": {"S": f"NAME#{token}"},
        "kind": {"S": "name"},
        "lookup_pk": {"S": lookup_pk(portfolio_id, "N", token[:3])},
        "lookup_sk": {"S": f"{token}#{case_id}"},
    }


# Reading


def head_of(item: dict[str, Any]) -> CaseHead:
    # The agenda's day is kept once, in the key of its index.
    day = item["agenda_sk"]["S"][:10] if "agenda_sk" in item else ""
    head: CaseHead = head_shape.read(
        item, case_id=case_of(item), agenda_on=date.fromisoformat(day) if day else None
    )
    return head


def line_of(item: dict[str, Any]) -> CaseLine:
    line: CaseLine = line_shape.read(item, case_id=case_of(item))
    return line


def attempt_of(item: dict[str, Any]) -> Attempt:
    attempt: Attempt = attempt_shape.read(item, attempt_id=item["sk"]["S"][8:])
    return attempt


def visit_of(item: dict[str, Any]) -> Visit:
    visit: Visit = visit_shape.read(item, visit_id=item["sk"]["S"][6:])
    return visit


def debt_of(item: dict[str, Any]) -> Debt:
    debt: Debt = debt_shape.read(item, debt_id=item["sk"]["S"][5:])
    return debt


def event_of(item: dict[str, Any]) -> Event:
    event: Event = event_shape.read(item, seq=int(item["sk"]["S"][6:]))
    return event


_PARTS = {
    "CONTACT": contact_shape,
    "ADDR": address_shape,
    "ENTRY": entry_shape,
    "PROMISE": promise_shape,
    "ATTEMPT": attempt_shape,
    "CONSENT": consent_shape,
    "HOLD": hold_shape,
    "TASK": task_shape,
    "ASSIGN": assignment_shape,
    "VISIT": visit_shape,
}


def file_of(items: Iterable[dict[str, Any]]) -> CaseFile | None:
    """Put together a case from all its items; None when there is no head among them."""
    head: CaseHead | None = None
    debts: list[Debt] = []
    events: list[Event] = []
    parts: dict[str, list[Any]] = {name: [] for name in _PARTS}
    for item in items:
        family, _, key = item["sk"]["S"].partition("#")
        if family == HEAD:
            head = head_of(item)
        elif family == "DEBT":
            debts.append(debt_of(item))
        elif family == "EVENT":
            events.append(event_of(item))
        elif family in parts:
            shape = _PARTS[family]
            parts[family].append(shape.read(item, **{shape.key: key}))
    if head is None:
        return None
    return CaseFile(
        head=head,
        debts=tuple(sorted(debts, key=lambda debt: (debt.due_on, debt.debt_id))),
        contacts=tuple(parts["CONTACT"]),
        addresses=tuple(parts["ADDR"]),
        entries=in_order(parts["ENTRY"]),
        promises=tuple(sorted(parts["PROMISE"], key=lambda p: (p.made_at, p.promise_id))),
        attempts=tuple(sorted(parts["ATTEMPT"], key=lambda a: (a.created_at, a.attempt_id))),
        consents=tuple(parts["CONSENT"]),
        holds=tuple(sorted(parts["HOLD"], key=lambda h: (h.placed_at, h.hold_id))),
        tasks=tuple(sorted(parts["TASK"], key=lambda t: (t.created_at, t.task_id))),
        assignments=tuple(sorted(parts["ASSIGN"], key=lambda a: (a.created_at, a.assignment_id))),
        visits=tuple(sorted(parts["VISIT"], key=lambda v: (v.at, v.visit_id))),
        events=tuple(events),
    )
