"""What an invented model told of the debts of files: the same of the same file, and by chance."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.foretold import MODEL, Telling, ToldOfDebt
from tests.facts_by_hand import ZONE
from tests.year_contacts import at

MODEL_ID = "2026-01-31-invented"


def tellings(file: CaseFile, first: date, last: date) -> Iterator[Telling]:
    """Once a month, on a day of its own, of every debt that was there; of some cases nothing."""
    month = first.replace(day=1)
    while month <= last:
        drawn = _drawn(f"{file.head.case_id} {month}")
        day = month + timedelta(days=drawn % 28)
        if first <= day <= last and (debts := tuple(_debts(file, day, known=drawn % 9 > 0))):
            yield Telling(
                case_id=file.head.case_id,
                on=day,
                at=at(day, 9),
                model="first",
                model_id=MODEL_ID,
                basis=MODEL if drawn % 9 else "too_few_paid",
                percent=drawn % 101 if drawn % 9 else None,
                test_id="",
                arm="",
                debts=debts,
            )
        month = (month + timedelta(days=31)).replace(day=1)


@dataclass
class Told:
    """What was told of some files, as an export reads it: made anew whenever it is read."""

    files: Callable[[], Iterable[CaseFile]]

    def told_in(self, portfolio_id: str, first: date, last: date) -> list[str]:
        return [f"{portfolio_id}#{part}" for part in range(2)]

    def tellings(self, part: str, first: date, last: date) -> Iterator[Telling]:
        for file in self.files():
            if _drawn(file.head.case_id) % 2 == int(part[-1]):
                yield from tellings(file, first, last)


def _debts(file: CaseFile, day: date, *, known: bool) -> Iterator[ToldOfDebt]:
    for debt in file.debts:
        own = [one for one in file.entries if one.debt_id == debt.debt_id]
        if own and min(local_day(one.recorded_at, ZONE) for one in own) <= day:
            percent = _drawn(f"{debt.debt_id} {day}") % 101 if known else None
            late = (day - debt.due_on).days
            yield ToldOfDebt(debt_id=debt.debt_id, late_days=late, percent=percent)


def _drawn(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")
