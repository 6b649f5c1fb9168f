"""Stores that live in memory. ``tests/contract`` proves that they keep what DynamoDB keeps."""

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import names
from chalicelib.domain.agreements import Agreement, AgreementState
from chalicelib.domain.case import (
    CaseChange,
    CaseFile,
    CaseHead,
    CaseStatus,
    CounterMoves,
    Debt,
)
from chalicelib.domain.case_list import CaseFilter, CaseLine
from chalicelib.domain.charge_off import undecided
from chalicelib.domain.document import IssuedDocument
from chalicelib.domain.draft import after
from chalicelib.domain.errors import AlreadyRecorded, BadField, CaseMoved, CaseNotFound, DomainError
from chalicelib.domain.ledger import EntryKind, in_order
from chalicelib.domain.timeline import Event
from chalicelib.domain.visit import Mark, Standing, Visit
from chalicelib.store.case_keys import list_shard
from chalicelib.store.case_lists import Page
from tests.agenda_fakes import MemoryAgenda
from tests.cash_fakes import MemoryCash
from tests.effort_fakes import MemoryEffort
from tests.field_fakes import MemoryField
from tests.money_fakes import MemoryMoney
from tests.owner_fakes import MemoryOwners
from tests.task_fakes import MemoryTasks

Payment = tuple[str, str, str]


class MemoryCases(MemoryAgenda, MemoryMoney, MemoryField, MemoryEffort, MemoryTasks, MemoryOwners):
    """What ``store.cases.CaseStore`` promises, in dictionaries."""

    def __init__(self) -> None:
        self.files: dict[str, CaseFile] = {}
        self.moves: dict[str, list[CounterMoves]] = {}
        self._payments: dict[Payment, tuple[str, int, str]] = {}
        self._leases: dict[tuple[str, str], datetime] = {}
        self._lock = threading.RLock()
        self._marks: set[Mark] = set()
        self.cash = MemoryCash()
        self.unspent: Callable[[Sequence[CaseChange]], None] = lambda _: None

    # Opening

    def open(self, case_id: str) -> CaseFile:
        if case_id not in self.files:
            raise CaseNotFound(case_id=case_id)
        return self.files[case_id]

    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]:
        return {key: self.files[key] for key in case_ids if key in self.files}

    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]:
        return {key: file.head for key, file in self.open_many(case_ids).items()}

    def debts(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Debt]:
        wanted = set(keys)
        return {
            (case_id, debt.debt_id): debt
            for case_id, file in self.files.items()
            for debt in file.debts
            if (case_id, debt.debt_id) in wanted
        }

    def timeline(
        self, case_id: str, *, cursor: str | None = None, kind: str = "", limit: int = 50
    ) -> Page[Event]:
        before = int(cursor) if cursor else 10**10
        file = self.files.get(case_id)
        found = [
            event
            for event in reversed(file.events if file else ())
            if event.seq < before
            and (
                not kind
                or event.kind == kind
                or (kind.endswith(".") and event.kind.startswith(kind))
            )
        ]
        return Page(tuple(found[:limit]), str(found[limit - 1].seq) if len(found) > limit else None)

    # Agreements

    def approvals(self, portfolio_id: str, *, limit: int = 100) -> Sequence[tuple[str, str]]:
        return self._agreements(
            lambda file, one: (
                file.head.portfolio_id == portfolio_id and one.state is AgreementState.PENDING
            ),
            limit,
        )

    def charge_offs(self, portfolio_id: str, *, limit: int = 100) -> Sequence[tuple[str, str]]:
        found = [
            (waits.since, file.head.case_id, debt.debt_id)
            for file in self._alive(portfolio_id)
            for debt in file.debts
            if not debt.void and (waits := undecided(debt.charge_offs)) is not None
        ]
        return [(case_id, debt_id) for _, case_id, debt_id in sorted(found)[:limit]]

    def letters_due(self, *, limit: int = 100) -> Sequence[tuple[str, str]]:
        return self._agreements(
            lambda _, one: one.state is AgreementState.COMPLETED and not one.letter_id, limit
        )

    def _agreements(
        self, wanted: Callable[[CaseFile, Agreement], bool], limit: int
    ) -> Sequence[tuple[str, str]]:
        found = [
            (one.ended_at or one.until, file.head.case_id, one.agreement_id)
            for file in self.files.values()
            for one in file.agreements
            if wanted(file, one)
        ]
        return [(case_id, key) for _, case_id, key in sorted(found)[:limit]]

    # Finding

    def find(
        self, portfolio_id: str, kind: str, value: str, *, limit: int = 50
    ) -> Sequence[CaseHead]:
        return [
            file.head
            for file in self._alive(portfolio_id)
            if (kind == "debtor" and file.head.debtor_key == value)
            or (kind == "tax" and value and file.head.tax_id == value)
            or (kind == "debt" and any(d.external_id == value and not d.void for d in file.debts))
            or (
                kind in ("phone", "email")
                and any(c.kind == kind and c.value == value for c in file.contacts)
            )
        ][:limit]

    def cases_of_debts(self, portfolio_id: str, external_ids: Iterable[str]) -> dict[str, str]:
        found = {value: self.find(portfolio_id, "debt", value) for value in external_ids}
        return {value: heads[0].case_id for value, heads in found.items() if heads}

    def case_of_payment(self, portfolio_id: str, source: str, reference: str) -> str | None:
        held = self._payments.get((portfolio_id, source, reference))
        return held[0] if held else None

    def list(
        self,
        portfolio_id: str,
        *,
        sort: str = "due",
        where: CaseFilter | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CaseLine]:
        keys = {
            "due": lambda h: (h.oldest_due_on.isoformat() if h.oldest_due_on else "9", h.case_id),
            "balance": lambda h: (h.balance_minor, h.case_id),
            "name": lambda h: (names.folded(h.name) + "#", h.case_id),
            "touched": lambda h: (
                h.touched_on.isoformat() if h.touched_on else "",
                h.oldest_due_on.isoformat() if h.oldest_due_on else "9",
                h.case_id,
            ),
        }
        key = keys.get(sort.removeprefix("-"))
        if key is None:
            raise BadField(field="sort", reason="unknown")
        if cursor and not cursor.startswith(f"{sort}|"):
            raise BadField(field="cursor", reason="foreign")
        heads = [file.head for file in self._alive(portfolio_id)]
        heads = sorted(heads, key=key, reverse=sort.startswith("-"))
        heads = [head for head in heads if (where or CaseFilter()).holds(head)]
        if key is keys["touched"]:  # an index of cases that owe
            heads = [head for head in heads if head.status is not CaseStatus.SETTLED]
        ids_in_order = [head.case_id for head in heads]
        start = ids_in_order.index(cursor.partition("|")[2]) + 1 if cursor else 0
        kept = heads[start : start + limit]
        more = len(heads) > start + limit
        return Page(
            tuple(line_of(head) for head in kept), f"{sort}|{kept[-1].case_id}" if more else None
        )

    def by_name(
        self, portfolio_id: str, words: str, *, cursor: str | None = None, limit: int = 50
    ) -> Page[tuple[str, str]]:
        typed = names.tokens(words)
        if not typed:
            raise BadField(field="q", reason="too_short")
        token = max(typed, key=len)
        found = sorted(
            f"{word}#{file.head.case_id}"
            for file in self._alive(portfolio_id)
            for word in names.tokens(file.head.name)
            if word.startswith(token) and word[:3] == token[:3]
        )
        found = [key for key in found if not cursor or key > cursor]
        kept = found[:limit]
        more = len(found) > limit
        hits = tuple((key.partition("#")[0], key.partition("#")[2]) for key in kept)
        return Page(hits, kept[-1] if more else None)

    # Changing

    def commit(self, *changes: CaseChange) -> None:
        with self._lock:
            for change in changes:
                self._check(change)
            for change in changes:
                self._write(change)
        if unspent := [change for change in changes if change.unspent]:
            self.unspent(unspent)

    def commit_many(self, changes: Sequence[CaseChange]) -> Sequence[DomainError | None]:
        if len({change.after.case_id for change in changes}) != len(changes):
            raise ValueError("two changes of one case cannot be written at once")
        outcomes: list[DomainError | None] = []
        for change in changes:
            try:
                self.commit(change)
                outcomes.append(None)
            except DomainError as refused:
                outcomes.append(refused)
        return outcomes

    def mark_seen(self, keys: Iterable[tuple[str, str]], upload_id: str) -> None:

        wanted = set(keys)
        for case_id, file in self.files.items():
            seen = tuple(
                replace(debt, seen_upload_id=upload_id)
                if (case_id, debt.debt_id) in wanted
                else debt
                for debt in file.debts
            )
            self.files[case_id] = replace(file, debts=seen)

    # Documents

    def of_code(self, code: str) -> tuple[str, IssuedDocument] | None:
        return next(
            (
                (file.head.portfolio_id, one)
                for file in self.files.values()
                for one in file.documents
                if one.code == code
            ),
            None,
        )

    # Visits

    def visit(self, case_id: str, visit_id: str) -> Visit | None:
        file = self.files.get(case_id)
        return next((v for v in file.visits if v.visit_id == visit_id), None) if file else None

    def marked(self, family: str, value: str, *, most: int = 10) -> frozenset[str]:
        found = {m.of for m in self._marks if (m.family, m.value) == (family, value)}
        return frozenset(sorted(found)[:most])

    def visits(
        self,
        portfolio_id: str,
        standings: Collection[Standing],
        *,
        person_id: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Visit]]:
        found = sorted(
            (f"{visit.at.isoformat()}#{visit.visit_id}", case_id, visit)
            for case_id, file in self.files.items()
            for visit in file.visits
            if file.head.portfolio_id == portfolio_id
            and visit.standing in standings
            and person_id in ("", visit.person_id)
            and (since is None or visit.at >= since)
            and (until is None or visit.at < until)
        )
        found = [one for one in reversed(found) if not cursor or one[0] < cursor]
        more = len(found) > limit
        kept = tuple((case_id, visit) for _, case_id, visit in found[:limit])
        return Page(kept, found[limit - 1][0] if more else None)

    def visits_without_photos(
        self, shard: int, until: datetime, *, cursor: str | None = None, limit: int = 200
    ) -> Page[tuple[str, str]]:
        found = sorted(
            (f"{visit.received_at.isoformat()}#{case_id}#{visit.visit_id}", case_id, visit.visit_id)
            for case_id, file in self.files.items()
            for visit in file.visits
            if visit.looked_for and visit.received_at <= until and list_shard(case_id) == shard
        )
        left = [one for one in found if not cursor or one[0] > cursor]
        kept = tuple((case_id, visit_id) for _, case_id, visit_id in left[:limit])
        return Page(kept, left[limit - 1][0] if len(left) > limit else None)

    # Private

    def _check(self, change: CaseChange) -> None:
        case_id = change.after.case_id
        for key, content in _payments(change).items():
            held = self._payments.get(key)
            if held is not None:
                raise AlreadyRecorded(key=str(key), case_id=held[0], same=held == content)
        held_version = self.files[case_id].head.version if case_id in self.files else None
        if held_version != (change.before.version if change.before else None):
            raise CaseMoved(case_id=case_id)
        self.cash.check(change.cash)

    def _write(self, change: CaseChange) -> None:

        case_id = change.after.case_id
        self.cash.write(change.cash)
        self._marks = (self._marks | set(change.marks)) - set(change.removed_marks)
        file = after(self.files.get(case_id), change)
        self.files[case_id] = replace(
            file,
            debts=tuple(sorted(file.debts, key=lambda debt: (debt.due_on, debt.debt_id))),
            contacts=tuple(sorted(file.contacts, key=lambda point: point.contact_id)),
            addresses=tuple(sorted(file.addresses, key=lambda address: address.address_id)),
            promises=tuple(
                sorted(file.promises, key=lambda p: (p.made_at, p.due_on, p.promise_id))
            ),
            attempts=tuple(sorted(file.attempts, key=lambda a: (a.created_at, a.attempt_id))),
            consents=tuple(sorted(file.consents, key=lambda c: c.consent_id)),
            holds=tuple(sorted(file.holds, key=lambda h: (h.placed_at, h.hold_id))),
            tasks=tuple(sorted(file.tasks, key=lambda t: (t.created_at, t.task_id))),
            assignments=tuple(
                sorted(file.assignments, key=lambda a: (a.created_at, a.assignment_id))
            ),
            entries=in_order(file.entries),
        )
        self._payments |= _payments(change)
        for attempt in change.attempts:
            self._leases.pop((case_id, attempt.attempt_id), None)
        if change.counters:
            self.moves.setdefault(change.after.portfolio_id, []).append(change.counters)


def _payments(change: CaseChange) -> dict[Payment, tuple[str, int, str]]:
    found: dict[Payment, tuple[str, int, str]] = {}
    for entry in change.entries:
        if entry.kind is EntryKind.PAYMENT:
            key = (change.after.portfolio_id, entry.source, entry.reference)
            paid = found.get(key, ("", 0, ""))[1] - entry.amount_minor
            found[key] = (change.after.case_id, paid, entry.effective_on.isoformat())
    return found


def line_of(head: CaseHead) -> CaseLine:
    from dataclasses import fields

    return CaseLine(**{field.name: getattr(head, field.name) for field in fields(CaseLine)})
