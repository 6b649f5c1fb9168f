"""Cash in memory: what ``store.cash`` promises."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.cash import Deposit, Hand, Move, Receipt, ReceiptState, Word, Words, Written
from chalicelib.domain.errors import AlreadyRecorded


class MemoryCash:
    def __init__(self) -> None:
        self.kept: dict[str, Receipt] = {}
        self.book: dict[str, Move] = {}
        self._deposits: dict[tuple[str, str], Deposit] = {}
        self._hands: dict[tuple[str, str], Hand] = {}

    # Beside a case

    def check(self, written: Iterable[Written]) -> None:
        for one in written:
            known = self.kept.get(one.receipt.key)
            standing = known is not None and known.state is ReceiptState.ISSUED
            if (known is not None) if one.new else not standing:
                raise AlreadyRecorded(
                    key=one.receipt.key,
                    case_id=None,
                    same=known is not None and known.visit_id == one.receipt.visit_id,
                )

    def write(self, written: Iterable[Written]) -> None:
        for one in written:
            self.kept[one.receipt.key] = one.receipt
            if one.move is not None:
                self._note(one.move)

    # Alone

    def receipt(self, key: str) -> Receipt | None:
        return self.kept.get(key)

    def receipts(self, series: str) -> list[Receipt]:
        return [self.kept[key] for key in sorted(self.kept) if key.startswith(f"{series}-")]

    def add_void(self, receipt: Receipt, move: Move) -> bool:
        if receipt.key in self.kept:
            return False
        self.kept[receipt.key] = receipt
        self._note(move)
        return True

    def said(
        self,
        portfolio_id: str,
        word: Word,
        *,
        person_id: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> tuple[list[Receipt], str | None]:
        found = [
            one
            for one in self._standing(portfolio_id)
            if one.word is word and person_id in ("", one.person_id)
        ]
        found.sort(key=lambda one: (one.at, one.key))
        keys = [one.key for one in found]
        start = keys.index(cursor) + 1 if cursor else 0
        kept = found[start : start + limit]
        return kept, kept[-1].key if len(found) > start + limit else None

    def words(self, portfolio_id: str) -> list[Words]:
        counted: dict[str, dict[str, int]] = {}
        for one in self._standing(portfolio_id):
            row = counted.setdefault(one.person_id, {})
            row[one.word.value] = row.get(one.word.value, 0) + 1
        return [Words(person_id=key, **counted[key]) for key in sorted(counted)]

    def series(self, portfolio_id: str) -> list[tuple[str, str, str]]:
        found = {
            (one.series, one.person_id, one.device_id)
            for one in self.kept.values()
            if one.portfolio_id == portfolio_id
        }
        return sorted(found)

    def hand(self, portfolio_id: str, person_id: str) -> Hand:
        empty = Hand(portfolio_id=portfolio_id, person_id=person_id)
        return self._hands.get((portfolio_id, person_id), empty)

    def hands(self, portfolio_id: str) -> list[Hand]:
        return [self._hands[key] for key in sorted(self._hands) if key[0] == portfolio_id]

    def moves(
        self,
        portfolio_id: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        where: Callable[[Move], bool] = lambda _: True,
        cursor: str | None = None,
        limit: int = 50,
    ) -> tuple[list[Move], str | None]:
        found = [
            one
            for one in self.book.values()
            if one.portfolio_id == portfolio_id
            and (since is None or one.at >= since)
            and (until is None or one.at < until)
            and where(one)
        ]
        found.sort(key=lambda one: (one.at, one.move_id), reverse=True)
        ids = [one.move_id for one in found]
        start = ids.index(cursor) + 1 if cursor else 0
        kept = found[start : start + limit]
        more = len(found) > start + limit
        return kept, kept[-1].move_id if more else None

    def settled(self, portfolio_id: str, move_id: str) -> bool:
        known = self.book.get(move_id)
        return known is not None and known.portfolio_id == portfolio_id

    def settle(self, move: Move) -> bool:
        if move.move_id in self.book:
            return False
        self._note(move)
        return True

    def deposit(self, portfolio_id: str, deposit_id: str) -> Deposit | None:
        return self._deposits.get((portfolio_id, deposit_id))

    def deposits(self, portfolio_id: str) -> list[Deposit]:
        found = [one for (owner, _), one in self._deposits.items() if owner == portfolio_id]
        return sorted(found, key=lambda one: one.declared_at)

    def declare(self, deposit: Deposit, move: Move) -> bool:
        key = (deposit.portfolio_id, deposit.deposit_id)
        if key in self._deposits:
            return False
        self._deposits[key] = deposit
        self._note(move)
        return True

    def count(self, deposit: Deposit, move: Move) -> bool:
        key = (deposit.portfolio_id, deposit.deposit_id)
        if self._deposits[key].version != deposit.version - 1:
            return False
        self._deposits[key] = deposit
        self._note(move)
        return True

    def _standing(self, portfolio_id: str) -> list[Receipt]:
        return [
            one
            for one in self.kept.values()
            if one.portfolio_id == portfolio_id and one.state is ReceiptState.ISSUED
        ]

    def _note(self, move: Move) -> None:
        self.book[move.move_id] = move
        hand = self.hand(move.portfolio_id, move.person_id)
        moved = replace(
            hand,
            held_minor=hand.held_minor + move.held_minor,
            declared_minor=hand.declared_minor + move.declared_minor,
            owed_minor=hand.owed_minor + move.owed_minor,
        )
        if moved != hand:
            self._hands[move.portfolio_id, move.person_id] = moved
