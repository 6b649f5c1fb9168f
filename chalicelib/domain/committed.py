"""A case as it is once a change is committed, without reading it again."""

from collections.abc import Iterable
from typing import Any

from chalicelib.domain.case import CaseChange, CaseFile


def after(file: CaseFile | None, change: CaseChange) -> CaseFile:
    """Give the case as it is once *change* is committed, without reading it again."""

    def put(old: Iterable[Any], new: Iterable[Any], key: str, gone: Iterable[str] = ()) -> Any:
        rows = {getattr(row, key): row for row in (*old, *new)}
        return tuple(row for name, row in rows.items() if name not in set(gone))

    return CaseFile(
        head=change.after,
        debts=put(file.debts if file else (), change.debts, "debt_id"),
        contacts=put(
            file.contacts if file else (), change.contacts, "contact_id", change.removed_contacts
        ),
        addresses=put(
            file.addresses if file else (), change.addresses, "address_id", change.removed_addresses
        ),
        entries=(*(file.entries if file else ()), *change.entries),
        promises=put(file.promises if file else (), change.promises, "promise_id"),
        attempts=put(file.attempts if file else (), change.attempts, "attempt_id"),
        consents=put(file.consents if file else (), change.consents, "consent_id"),
        holds=put(file.holds if file else (), change.holds, "hold_id"),
        tasks=put(file.tasks if file else (), change.tasks, "task_id"),
        assignments=put(file.assignments if file else (), change.assignments, "assignment_id"),
        visits=put(file.visits if file else (), change.visits, "visit_id"),
        documents=put(file.documents if file else (), change.documents, "document_id"),
        disputes=put(file.disputes if file else (), change.disputes, "dispute_id"),
        agreements=put(file.agreements if file else (), change.agreements, "agreement_id"),
        checkouts=put(file.checkouts if file else (), change.checkouts, "checkout_id"),
        received=put(file.received if file else (), change.received, "received_id"),
        events=(*put(file.events if file else (), change.erased, "seq"), *change.events),
        reported=put(file.reported if file else (), change.reported, "reported_id"),
        papers=put(file.papers if file else (), change.papers, "paper_id"),
    )
