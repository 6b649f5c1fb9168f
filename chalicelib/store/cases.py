"""Cases in DynamoDB: opened by one query, changed by one transaction, found by what is known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

from chalicelib.domain import ids
from chalicelib.domain.case import CaseChange, CaseFile, CaseHead, CaseStatus, Debt
from chalicelib.domain.case_list import CaseFilter, CaseLine
from chalicelib.domain.errors import CaseMoved, CaseNotFound, DomainError
from chalicelib.domain.timeline import Event
from chalicelib.store import counters as counter_rows
from chalicelib.store.case_keys import HEAD, case_of, case_pk, event_sk, lookup_pk, payment_pk
from chalicelib.store.case_lists import CaseLists, Page
from chalicelib.store.case_owners import CaseOwners
from chalicelib.store.case_rows import debt_of, event_of, file_of, head_of, operations
from chalicelib.store.packs import Pack
from chalicelib.store.wire import TRANSACTION_LIMIT, TransactionCancelled, Wire

# A case that others change while it is read is read again, this often.
MOST_READINGS = 4

_A = TypeVar("_A")
_B = TypeVar("_B")

Outcome = DomainError | None


class CaseStore(CaseOwners):
    """
    The cases of all portfolios.

    Reads of a case are consistent; lists and look-ups go through indexes and may lag behind
    a write by a moment.

    Args:
        threads: How many requests the many-at-once methods have under way.
        left_open: Told the ids of cases whose change was written and left a page open at a
            provider for what is paid by now (``Checkout.left_open``).
        unspent: Told the changes that were written and ended messages which budgets granted,
            each once.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        cases: str,
        work: str,
        threads: int = 4,
        left_open: Callable[[Sequence[str]], None] = lambda _: None,
        unspent: Callable[[Sequence[CaseChange]], None] = lambda _: None,
    ) -> None:
        super().__init__(wire, cases)
        self._work = work
        self._threads = threads
        self._left_open = left_open
        self._unspent = unspent
        self._lists = CaseLists(wire, cases)

    # Opening

    def open(self, case_id: str) -> CaseFile:
        """
        Read everything of a case.

        Raises:
            CaseNotFound: No such case.
            CaseMoved: Others kept changing it while it was read.
        """
        head = self.heads([case_id]).get(case_id)
        if head is None:
            raise CaseNotFound(case_id=case_id)
        file = self._at_one_moment(head)
        if file is None:
            raise CaseMoved(case_id=case_id)
        return file

    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]:
        """
        Read several cases; those that do not exist are left out.

        Raises:
            CaseMoved: Others kept changing one of them while it was read.
        """
        heads = self.heads(dict.fromkeys(case_ids))
        files = self._each(self._at_one_moment, heads.values())
        for head, file in zip(heads.values(), files, strict=True):
            if file is None:
                raise CaseMoved(case_id=head.case_id)
        return {file.head.case_id: file for file in files if file is not None}

    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]:
        """Read several heads, a hundred a request; those that do not exist are left out."""
        items = self._wire.get_many(self._cases, ((case_pk(key), HEAD) for key in case_ids))
        return {case_of(item): head_of(item) for item in items}

    def debts(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Debt]:
        """Read debts by (case id, debt id), a hundred a request; absent ones are left out."""
        items = self._wire.get_many(
            self._cases, ((case_pk(case_id), f"DEBT#{debt_id}") for case_id, debt_id in keys)
        )
        return {(case_of(item), debt.debt_id): debt for item in items for debt in [debt_of(item)]}

    def timeline(
        self, case_id: str, *, cursor: str | None = None, kind: str = "", limit: int = 50
    ) -> Page[Event]:
        """
        Page through a case's events, newest first.

        Args:
            kind: Only events of this kind, or of this family when it ends in a dot
                (``payment.``).
            cursor: The ``seq`` the last page ended with.
        """
        newest = event_sk(int(cursor) - 1) if cursor and cursor.isdigit() else "EVENT#~"
        kept: list[Event] = []
        for item in self._wire.query(
            {
                "TableName": self._cases,
                "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
                "ExpressionAttributeValues": {
                    ":pk": {"S": case_pk(case_id)},
                    ":low": {"S": event_sk(0)},
                    ":high": {"S": newest},
                },
                "ScanIndexForward": False,
                "Limit": max(limit + 1, 200 if kind else 0),
            }
        ):
            event = event_of(item)
            if (
                kind
                and event.kind != kind
                and not (kind[-1] == "." and event.kind.startswith(kind))
            ):
                continue
            if len(kept) == limit:
                return Page(tuple(kept), str(kept[-1].seq))
            kept.append(event)
        return Page(tuple(kept))

    # Finding

    def find(
        self, portfolio_id: str, kind: str, value: str, *, limit: int = 50
    ) -> Sequence[CaseHead]:
        """
        Find the cases that have something exactly.

        Args:
            kind: ``tax``, ``debt`` (external id), ``phone`` (E.164), ``email`` (lower case) or
                ``debtor`` (the creditor's id of the debtor).

        Returns:
            Heads of cases that are not void, in no particular order.
        """
        if kind == "debtor":
            found = [ids.case_id(portfolio_id, value)]
        else:
            found = list(self._looked_up(portfolio_id, kind, value, limit))
        heads = self.heads(found).values()
        return [head for head in heads if head.status is not CaseStatus.VOID]

    def cases_of_debts(self, portfolio_id: str, external_ids: Iterable[str]) -> dict[str, str]:
        """Find the case id of each debt that is known by the creditor's id and not void."""
        wanted = list(dict.fromkeys(external_ids))
        found = self._each(
            lambda value: next(iter(self._looked_up(portfolio_id, "debt", value, 1)), None), wanted
        )
        return {
            value: case_id
            for value, case_id in zip(wanted, found, strict=True)
            if case_id is not None
        }

    def case_of_payment(self, portfolio_id: str, source: str, reference: str) -> str | None:
        """Say which case has the payment with this key; None when there is none."""
        key = payment_pk(portfolio_id, source, reference)
        items = self._wire.get_many(self._cases, [(key, "-")])
        return str(items[0]["case_id"]["S"]) if items else None

    def list(
        self,
        portfolio_id: str,
        *,
        sort: str = "due",
        where: CaseFilter | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CaseLine]:
        """Page through a portfolio's cases; see ``CaseLists.list``."""
        return self._lists.list(portfolio_id, sort=sort, where=where, cursor=cursor, limit=limit)

    def by_name(
        self, portfolio_id: str, words: str, *, cursor: str | None = None, limit: int = 50
    ) -> Page[tuple[str, str]]:
        """Page through the cases whose debtor's name has a word; see ``CaseLists``."""
        return self._lists.by_name(portfolio_id, words, cursor=cursor, limit=limit)

    # Changing

    def commit(self, *changes: CaseChange) -> None:
        """
        Write a change, or several that belong together, whole or not at all.

        Safe to repeat: a change that was written is refused the second time.

        Raises:
            CaseMoved: Somebody changed a case (or made the new one) meanwhile; details:
                ``case_id``. Open it again and retry.
            AlreadyRecorded: A payment's (source, reference) exists; details: ``case_id`` that
                has it, ``same`` (the same case, amount and day).
            ValueError: More than a transaction holds (see ``Draft.items``).
        """
        pack = Pack(self._cases, self._work, changes[0].after.portfolio_id)
        for change in changes:
            if not pack.takes(change):
                raise ValueError("the change is larger than a transaction may be")
        refused = self._write(pack, counter_rows.any_shard())
        for outcome in refused.values():
            raise outcome

    def commit_many(self, changes: Sequence[CaseChange]) -> Sequence[Outcome]:
        """
        Write many independent changes, as many to a transaction as it holds.

        Each change is still all or nothing; one that is refused does not keep others back.
        Safe to repeat.

        Args:
            changes: Of one portfolio, no two of the same case.

        Returns:
            For each change, in order: None when written, else the refusal (as of ``commit``).
        """
        outcomes: list[Outcome] = [None] * len(changes)
        numbers = {change.after.case_id: number for number, change in enumerate(changes)}
        if len(numbers) != len(changes):
            raise ValueError("two changes of one case cannot be written at once")
        start = counter_rows.any_shard()
        packs = enumerate(self._packed(changes))

        def write(numbered: tuple[int, Pack]) -> None:
            number, pack = numbered
            for case_id, outcome in self._write_most(pack, start + number).items():
                outcomes[numbers[case_id]] = outcome

        # Some packs at a time: a pack is large, and memory is not to grow with the changes.
        while wave := tuple(islice(packs, 4 * self._threads)):
            self._each(write, wave)
        return outcomes

    def mark_seen(self, keys: Iterable[tuple[str, str]], upload_id: str) -> None:
        """
        Note on debts, by (case id, debt id), that a file held them unchanged.

        Does not touch the case's version: it says nothing about the case. Safe to repeat.
        """
        wanted = list(keys)
        updates = [
            {
                "Update": {
                    "TableName": self._cases,
                    "Key": {"pk": {"S": case_pk(case_id)}, "sk": {"S": f"DEBT#{debt_id}"}},
                    "UpdateExpression": "SET seen_upload_id = :u",
                    "ConditionExpression": "attribute_exists(pk)",
                    "ExpressionAttributeValues": {":u": {"S": upload_id}},
                }
            }
            for case_id, debt_id in wanted
        ]
        packs = [
            updates[start : start + TRANSACTION_LIMIT]
            for start in range(0, len(updates), TRANSACTION_LIMIT)
        ]
        self._each(self._wire.transact, packs)

    # Private

    def _at_one_moment(self, head: CaseHead) -> CaseFile | None:
        """
        Read a case as it stood at one moment; None when it kept being changed.

        A query gives items in the order of their keys, most of them before the head, and a
        large case takes several pages: a change committed in between would put its head over
        what was read before it, and the next change, made from that, would pass the head's
        condition. So the head is read before and after the rest, and both must be one version.
        What a query may still show too early, a transaction half visible, is under the
        older head then, and whoever changes that is refused.

        Args:
            head: As it was read before.
        """
        for _ in range(MOST_READINGS):
            file = file_of(self._items(head.case_id))
            if file is None:  # cases are never deleted
                return None
            if file.head.version == head.version:
                return file
            head = file.head
        return None

    def _items(self, case_id: str) -> Iterator[dict[str, Any]]:
        return self._wire.query(
            {
                "TableName": self._cases,
                "KeyConditionExpression": "pk = :pk",
                "ExpressionAttributeValues": {":pk": {"S": case_pk(case_id)}},
                "ConsistentRead": True,
            }
        )

    def _looked_up(self, portfolio_id: str, kind: str, value: str, limit: int) -> Iterator[str]:
        found: set[str] = set()
        for item in self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "lookup",
                "KeyConditionExpression": "lookup_pk = :pk",
                "ExpressionAttributeValues": {
                    ":pk": {"S": lookup_pk(portfolio_id, kind.upper(), value)}
                },
                "Limit": limit,
            }
        ):
            case_id = case_of(item)
            if case_id not in found:
                found.add(case_id)
                yield case_id
            if len(found) == limit:
                return

    def _packed(self, changes: Iterable[CaseChange]) -> Iterator[Pack]:
        pack: Pack | None = None
        for change in changes:
            puts = operations(self._cases, change)
            if pack is not None and pack.takes(change, puts):
                continue
            if pack is not None:
                yield pack
            pack = Pack(self._cases, self._work, change.after.portfolio_id)
            if not pack.takes(change, puts):
                raise ValueError("the change is larger than a transaction may be")
        if pack is not None:
            yield pack

    def _write_most(self, pack: Pack, shard: int) -> dict[str, DomainError]:
        refused: dict[str, DomainError] = {}
        while pack.changes:
            failed = self._write(pack, shard)
            if not failed:
                break
            refused |= failed
            rest = [c for c in pack.changes if c.after.case_id not in failed]
            pack = Pack(self._cases, self._work, pack.portfolio_id)
            for change in rest:
                pack.takes(change)
        return refused

    def _write(self, pack: Pack, shard: int) -> dict[str, DomainError]:
        """Write a pack; give what was refused by case id, or write all when nothing was."""
        try:
            self._wire.transact(pack.operations(shard % counter_rows.SHARDS))
        except TransactionCancelled as cancelled:
            refused = pack.refused(cancelled)
            if not refused:
                raise
            return refused
        stale = [
            change.after.case_id
            for change in pack.changes
            if any(checkout.left_open for checkout in change.checkouts)
        ]
        if stale:
            self._left_open(stale)
        if unspent := [change for change in pack.changes if change.unspent]:
            self._unspent(unspent)
        return {}

    def _each(self, do: Callable[[_A], _B], inputs: Iterable[_A]) -> Sequence[_B]:
        inputs = tuple(inputs)
        if len(inputs) < 2 or self._threads < 2:
            return [do(one) for one in inputs]
        with ThreadPoolExecutor(max_workers=min(self._threads, len(inputs))) as pool:
            return tuple(pool.map(do, inputs))
