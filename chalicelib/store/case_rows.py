"""The rows of a case in the cases table: the operations of a change, and cases read from them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from orjson import Fragment

from chalicelib.domain import ids, names
from chalicelib.domain.agreements import Agreement
from chalicelib.domain.assignment import Assignment
from chalicelib.domain.case import (
    Address,
    CaseChange,
    CaseFile,
    CaseHead,
    CaseStatus,
    ContactPoint,
    Debt,
    PromiseToPay,
)
from chalicelib.domain.case_list import CaseLine
from chalicelib.domain.checkout import Checkout
from chalicelib.domain.contact import Attempt, Consent, Hold
from chalicelib.domain.creditor_paper import CreditorPaper
from chalicelib.domain.dispute import Dispute
from chalicelib.domain.document import IssuedDocument
from chalicelib.domain.ledger import Entry, EntryKind, in_order
from chalicelib.domain.received import Received
from chalicelib.domain.reported import Reported
from chalicelib.domain.task import Task
from chalicelib.domain.timeline import Event
from chalicelib.domain.visit import Mark, Visit
from chalicelib.store.case_keys import (
    HEAD,
    address_keys,
    agreement_keys,
    assignment_keys,
    attempt_keys,
    case_of,
    case_pk,
    checkout_keys,
    debt_keys,
    dispute_keys,
    document_keys,
    entry_keys,
    event_sk,
    head_keys,
    lookup_pk,
    mark_pk,
    paper_keys,
    payment_pk,
    promise_keys,
    received_keys,
    reported_keys,
    task_keys,
    visit_keys,
)
from chalicelib.store.rows_of_debts import (
    AddressRow,
    CheckoutRow,
    ContactRow,
    DebtRow,
    EntryRow,
    EventRow,
    HeadRow,
    ReceivedRow,
    ReportedRow,
)
from chalicelib.store.rows_of_work import (
    AgreementRow,
    AssignmentRow,
    AttemptRow,
    ConsentRow,
    DisputeRow,
    DocumentRow,
    HoldRow,
    PaperRow,
    PromiseRow,
    TaskRow,
    VisitRow,
)
from chalicelib.store.shape import Operation, Shape, begun, quoted

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
document_shape = Shape(
    DocumentRow, IssuedDocument, key="document_id", renamed={"kind": "document_kind"}
)
dispute_shape = Shape(DisputeRow, Dispute, key="dispute_id", renamed={"kind": "dispute_kind"})
agreement_shape = Shape(
    AgreementRow, Agreement, key="agreement_id", renamed={"kind": "agreement_kind"}
)
checkout_shape = Shape(CheckoutRow, Checkout, key="checkout_id")
received_shape = Shape(ReceivedRow, Received, key="received_id")
reported_shape = Shape(ReportedRow, Reported, key="reported_id")
paper_shape = Shape(PaperRow, CreditorPaper, key="paper_id", renamed={"kind": "paper_kind"})
event_shape = Shape(EventRow, Event, key="seq", renamed={"kind": "event_kind"})


# Operations


def _mark_key(mark: Mark) -> dict[str, Any]:
    return {"pk": {"S": mark_pk(mark.family, mark.value)}, "sk": {"S": mark.of}}


def _mark_item(mark: Mark) -> dict[str, Any]:
    return _mark_key(mark) | {"kind": {"S": "mark"}}


def operations(table: str, change: CaseChange) -> list[Operation]:
    """
    Give what a change writes to the cases table; the head comes first.

    Every change writes the head on condition that nobody did meanwhile, so the rows of the
    case need no condition of their own. Payments add a row that no other may be in place of.
    """
    head, pk = change.after, case_pk(change.after.case_id)
    start = f'{{"Put":{{"TableName":{quoted(table)},"Item":{begun(pk)}'
    condition = '"attribute_not_exists(pk)"'
    if change.before is not None:
        version = f'{{":v":{{"N":"{change.before.version}"}}}}'
        condition = f'"version = :v","ExpressionAttributeValues":{version}'
    end = f'}},"ConditionExpression":{condition}}}}}'

    now, then = _tokens(head), _tokens(change.before)
    gone = [f"NAME#{token}" for token in then if token not in now]
    gone += [f"CONTACT#{key}" for key in change.removed_contacts]
    gone += [f"ADDR#{key}" for key in change.removed_addresses]

    return [
        Fragment(head_shape.text(start, head, head_keys(head), end)),
        *map(Fragment, _puts(start, change)),
        *(Fragment(_name_put(start, head, token)) for token in now if token not in then),
        *({"Put": {"TableName": table, "Item": _mark_item(mark)}} for mark in change.marks),
        *(
            {"Delete": {"TableName": table, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}}
            for sk in gone
        ),
        *(
            {"Delete": {"TableName": table, "Key": _mark_key(mark)}}
            for mark in change.removed_marks
        ),
        *(_payment_put(table, head, key, content) for key, content in payments(change).items()),
    ]


_END = "}}}"  # of an item, its put and the operation


def _puts(start: str, change: CaseChange) -> Iterator[str]:
    """Write the puts of a change beside its head as JSON; *start* is what they all begin with."""
    head = change.after
    pid, case_id = head.portfolio_id, head.case_id
    for debt in change.debts:
        yield debt_shape.text(start, debt, debt_keys(pid, case_id, debt), _END)
    for point in change.contacts:
        keys = {
            "sk": f"CONTACT#{point.contact_id}",
            "lookup_pk": lookup_pk(pid, point.kind.value.upper(), point.value),
            "lookup_sk": case_id,
        }
        yield contact_shape.text(start, point, keys, _END)
    for address in change.addresses:
        yield address_shape.text(start, address, address_keys(head, address), _END)
    for entry in change.entries:
        yield entry_shape.text(start, entry, entry_keys(pid, case_id, entry), _END)
    for event in (*change.erased, *change.events):
        yield event_shape.text(start, event, {"sk": event_sk(event.seq)}, _END)
    for consent in change.consents:
        yield consent_shape.text(start, consent, {"sk": f"CONSENT#{consent.consent_id}"}, _END)
    for hold in change.holds:
        yield hold_shape.text(start, hold, {"sk": f"HOLD#{hold.hold_id}"}, _END)
    for assignment in change.assignments:
        yield assignment_shape.text(start, assignment, assignment_keys(case_id, assignment), _END)
    for name, shape, keys_of in _FILED:
        for one in getattr(change, name):
            yield shape.text(start, one, keys_of(pid, case_id, one), _END)


# What lies in lists of the portfolio beside its case: field of a change, shape, keys.
_FILED: tuple[tuple[str, Shape, Callable[[str, str, Any], dict[str, str]]], ...] = (
    ("promises", promise_shape, promise_keys),
    ("attempts", attempt_shape, attempt_keys),
    ("tasks", task_shape, task_keys),
    ("visits", visit_shape, visit_keys),
    ("documents", document_shape, document_keys),
    ("disputes", dispute_shape, dispute_keys),
    ("checkouts", checkout_shape, checkout_keys),
    ("received", received_shape, received_keys),
    ("reported", reported_shape, reported_keys),
    ("agreements", agreement_shape, agreement_keys),
    ("papers", paper_shape, paper_keys),
)


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


def _name_put(start: str, head: CaseHead, token: str) -> str:
    key = quoted(lookup_pk(head.portfolio_id, "N", token[:3]))
    # A word of a name is capital letters and digits, a case's id small ones: nothing to escape.
    return (
        f'{start},"sk":{{"S":"NAME#{token}"}},"kind":{{"S":"name"}},"lookup_pk":{{"S":{key}}},'
        f'"lookup_sk":{{"S":"{token}#{head.case_id}"}}{_END}'
    )


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


def document_of(item: dict[str, Any]) -> IssuedDocument:
    document: IssuedDocument = document_shape.read(item, document_id=item["sk"]["S"][4:])
    return document


def dispute_of(item: dict[str, Any]) -> Dispute:
    dispute: Dispute = dispute_shape.read(item, dispute_id=item["sk"]["S"][8:])
    return dispute


def checkout_of(item: dict[str, Any]) -> Checkout:
    checkout: Checkout = checkout_shape.read(item, checkout_id=item["sk"]["S"][9:])
    return checkout


def received_of(item: dict[str, Any]) -> Received:
    received: Received = received_shape.read(item, received_id=item["sk"]["S"][9:])
    return received


def reported_of(item: dict[str, Any]) -> Reported:
    reported: Reported = reported_shape.read(item, reported_id=item["sk"]["S"][9:])
    return reported


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
    "DOC": document_shape,
    "DISPUTE": dispute_shape,
    "AGREEMENT": agreement_shape,
    "CHECKOUT": checkout_shape,
    "RECEIVED": received_shape,
    "REPORTED": reported_shape,
    "PAPER": paper_shape,
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
        promises=tuple(sorted(parts["PROMISE"], key=lambda p: (p.made_at, p.due_on, p.promise_id))),
        attempts=tuple(sorted(parts["ATTEMPT"], key=lambda a: (a.created_at, a.attempt_id))),
        consents=tuple(parts["CONSENT"]),
        holds=tuple(sorted(parts["HOLD"], key=lambda h: (h.placed_at, h.hold_id))),
        tasks=tuple(sorted(parts["TASK"], key=lambda t: (t.created_at, t.task_id))),
        assignments=tuple(sorted(parts["ASSIGN"], key=lambda a: (a.created_at, a.assignment_id))),
        visits=tuple(sorted(parts["VISIT"], key=lambda v: (v.at, v.visit_id))),
        checkouts=tuple(sorted(parts["CHECKOUT"], key=lambda c: (c.started_at, c.checkout_id))),
        received=tuple(sorted(parts["RECEIVED"], key=lambda r: (r.at, r.received_id))),
        reported=tuple(sorted(parts["REPORTED"], key=lambda r: (r.at, r.reported_id))),
        papers=tuple(sorted(parts["PAPER"], key=lambda p: (p.at, p.paper_id))),
        documents=tuple(sorted(parts["DOC"], key=lambda d: (d.issued_at, d.document_id))),
        disputes=tuple(sorted(parts["DISPUTE"], key=lambda d: (d.opened_at, d.dispute_id))),
        agreements=tuple(sorted(parts["AGREEMENT"], key=lambda a: (a.made_at, a.agreement_id))),
        events=tuple(events),
    )
