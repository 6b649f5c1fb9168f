"""Taking an upload back: what was built on it, and undoing it case by case."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chalicelib.domain import ids
from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import CaseMoved, DomainError
from chalicelib.domain.ledger import Entry, EntryKind, reversals
from chalicelib.domain.timeline import Event
from chalicelib.intake.rows import PaymentRow, Rejected
from chalicelib.services import upload_closing
from chalicelib.services.upload_cases import Context, cases_of_rows
from chalicelib.services.upload_chunks import reader, rows_of
from chalicelib.services.upload_commit import MOST_ITEMS, MOST_TRIES, need_time
from chalicelib.services.upload_ports import Files

# What an event of somebody else after ours counts as; everything else is a change.
CASES_AT_ONCE = 50
KINDS = {"payment": "payments", "note": "notes", "promise": "promises"}


@dataclass(slots=True)
class Touched:
    """What one unit of an upload wrote: the cases, and in them its debts or payments."""

    case_ids: set[str] = field(default_factory=set)
    debt_ids: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)


def check(context: Context, unit: int, *, files: Files) -> dict[str, int]:
    """Count what others built on a unit's cases since the upload touched them."""
    touched = _touched(context, unit, files)
    built: dict[str, int] = {}
    for file in _files(context, touched.case_ids):
        for name, count in built_upon(file, context.upload.upload_id).items():
            built[name] = built.get(name, 0) + count
    return built


def built_upon(file: CaseFile, upload_id: str) -> dict[str, int]:
    """
    Count what others did to a case since an upload first touched it.

    Returns:
        ``payments``, ``notes``, ``promises``, ``uploads`` (files, not rows) and ``changes``;
        nothing when the upload never touched the case. Uploads that were undone do not count.
    """
    ours = f"upload:{upload_id}"
    first = next((event.seq for event in file.events if event.actor == ours), None)
    if first is None:
        return {}
    undone = {
        f"upload:{event.facts['upload_id']}"
        for event in file.events
        if event.kind == "upload.undone"
    }
    later = [
        event
        for event in file.events
        if event.seq > first
        and event.actor != ours
        and event.actor not in undone
        and event.kind != "upload.undone"
    ]
    counts: dict[str, int] = {}
    for event in later:
        if not event.actor.startswith("upload:"):
            name = KINDS.get(event.kind.partition(".")[0], "changes")
            counts[name] = counts.get(name, 0) + 1
    files_later = {event.actor for event in later if event.actor.startswith("upload:")}
    return counts | ({"uploads": len(files_later)} if files_later else {})


def undo(context: Context, unit: int, *, actor: str, files: Files) -> dict[str, int]:
    """
    Take back what a unit wrote.

    A case on which something was built since the check is left as it is and counted as
    kept. Safe to repeat.

    Args:
        actor: Who asked for it; the timelines tell.

    Returns:
        ``debts``: debts or payments taken back, ``amount_minor``: what their entries came to,
        ``kept``: cases left alone.
    """
    touched = _touched(context, unit, files)
    tally = {"debts": 0, "amount_minor": 0, "kept": 0}
    for case_id in sorted(touched.case_ids):
        for attempt in range(MOST_TRIES):
            file = context.cases.open_many([case_id]).get(case_id)
            if file is None or not _touched_by(file, context.upload.upload_id):
                break
            begun = _begun(file, context.upload.upload_id)
            if not begun and built_upon(file, context.upload.upload_id):
                tally["kept"] += 1
                break
            refusal = _undo_case(context, file, actor)
            if refusal is None:
                _count(file, touched, context.upload.upload_id, tally)
                break
            if not isinstance(refusal, CaseMoved) or attempt == MOST_TRIES - 1:
                raise refusal
    return tally


def _begun(file: CaseFile, upload_id: str) -> bool:
    """Say whether part of the undoing is written: half an undoing would be neither."""
    return any(
        event.kind == "upload.undone" and event.facts["upload_id"] == upload_id
        for event in file.events
    )


def _undo_case(context: Context, file: CaseFile, actor: str) -> DomainError | None:
    """Take an upload back in one case, in as many changes as it takes; say what stopped it."""
    if file.head.status is CaseStatus.VOID:
        return None
    draft = Draft(file, context.portfolio, actor=actor, now=context.now)
    while True:
        need_time(context.time_left_s)
        take_back(draft, context.upload.upload_id)
        change = draft.change()
        if change is None:
            return None
        refusal = context.cases.commit_many([change])[0]
        if refusal is not None:
            return refusal
        draft.go_on(change)


def take_back(draft: Draft, upload_id: str) -> None:
    """
    Undo an upload in one case: its payments by reversal, its debts as ``undo_upload`` does.

    Does as much as one change holds; nothing when all is undone.
    """
    entries = draft.entries()
    undone = reversals(entries)
    posted = {e.entry_id for e in entries if e.kind is EntryKind.PAYMENT}
    for payment in _payments(draft.events, upload_id):
        left = [key for key in payment.facts["entries"] if key not in undone]
        target = next((key for key in left if key in posted), None)
        if target is not None and draft.items < MOST_ITEMS:
            draft.reverse(target, reason="", source="undo")
    draft.undo_upload(upload_id, most_items=MOST_ITEMS)


def _payments(events: Iterable[Event], upload_id: str) -> list[Event]:
    actor = f"upload:{upload_id}"
    return [e for e in events if e.kind == "payment.posted" and e.actor == actor]


def _touched_by(file: CaseFile, upload_id: str) -> bool:
    """Say whether an upload did anything, be it without an entry of the ledger."""
    return any(event.actor == f"upload:{upload_id}" for event in file.events)


def _ours(file: CaseFile, upload_id: str) -> list[Entry]:
    return [entry for entry in file.entries if entry.actor == f"upload:{upload_id}"]


def _count(file: CaseFile, touched: Touched, upload_id: str, tally: dict[str, int]) -> None:
    own = [
        entry
        for entry in _ours(file, upload_id)
        if entry.debt_id in touched.debt_ids or entry.reference in touched.references
    ]
    keys = {
        entry.reference if entry.reference in touched.references else entry.debt_id for entry in own
    }
    tally["debts"] += len(keys)
    tally["amount_minor"] += sum(entry.amount_minor for entry in own)


def _files(context: Context, case_ids: Iterable[str]) -> Iterable[CaseFile]:
    ordered = sorted(case_ids)
    for start in range(0, len(ordered), CASES_AT_ONCE):
        yield from context.cases.open_many(ordered[start : start + CASES_AT_ONCE]).values()


def _touched(context: Context, unit: int, files: Files) -> Touched:
    upload = context.upload
    if unit >= (upload.chunks or 0):
        pairs = upload_closing.closed(upload, unit - (upload.chunks or 0), files)
        return Touched({case for case, _ in pairs}, {debt for _, debt in pairs})
    read = reader(upload, context.portfolio)
    good = []
    for one in rows_of(upload, unit, files):
        row = read.read(one.number, one.cells)
        if not isinstance(row, Rejected):
            good.append(row)
    touched = Touched()
    for case_id, row in cases_of_rows(context, good):
        touched.case_ids.add(case_id)
        if isinstance(row, PaymentRow):
            touched.references.add(row.reference)
        elif row.external_id:
            touched.debt_ids.add(ids.debt_id(upload.portfolio_id, row.external_id))
    return touched
