"""Debts that a balance file no longer names: settled as paid, when that was asked for."""

import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain.case import CaseFile, Debt
from chalicelib.domain.case_list import CaseFilter
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import CaseMoved, DomainError
from chalicelib.domain.ledger import Balance, balances
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.upload import Upload
from chalicelib.services import casework, upload_moves
from chalicelib.services.upload_commit import MOST_ITEMS, MOST_TRIES, Cases
from chalicelib.services.upload_debts import SOURCE
from chalicelib.services.upload_moves import written_round
from chalicelib.services.upload_ports import Files, Pass, Queue, Uploads, step_message
from chalicelib.services.upload_steps import runs

CASES_PER_UNIT = 200
RESERVE_S = 30.0


class ListedCases(Cases, casework.ListedCases, Protocol): ...


def survey(
    portfolio_id: str,
    upload_id: str,
    *,
    round_: int,
    cursor: str | None,
    found: int,
    uploads: Uploads,
    cases: ListedCases,
    files: Files,
    steps: Queue,
    time_left_s: Callable[[], float],
) -> None:
    """
    Walk the portfolio's cases that owe something and put them up as units of the closing.

    Safe to repeat: units are found anew under the same keys.

    Args:
        cursor, found: Where the walk stopped when its time ran out, and its units so far.
    """
    upload = uploads.get(portfolio_id, upload_id)
    if upload is None or not runs(upload, Pass.CLOSE, round_):
        return
    owing = CaseFilter(min_minor=1)
    while True:
        page = cases.list(
            portfolio_id, sort="balance", where=owing, cursor=cursor, limit=CASES_PER_UNIT
        )
        if page.items:
            ids = [line.case_id for line in page.items]
            files.write(_key(upload, "owing", found), json.dumps(ids).encode())
            found += 1
        cursor = page.cursor
        if cursor is None:
            break
        if time_left_s() < RESERVE_S:
            steps.send([step_message("survey", upload, round=round_, cursor=cursor, found=found)])
            return
    stored = uploads.save(replace(upload, extra=upload.extra | {"close_units": found}))
    upload_moves.push(stored, steps=steps)


def keep_seen(upload: Upload, unit: int, debt_ids: Iterable[str], *, files: Files) -> None:
    """
    Note which debts a chunk named, for the closing that follows.

    Rejected rows count as naming theirs: a debt whose row could not be read is not absent.
    """
    files.write(_key(upload, "seen", unit), json.dumps(sorted(debt_ids)).encode())


def close(
    upload: Upload,
    unit: int,
    *,
    portfolio: Portfolio,
    cases: ListedCases,
    files: Files,
    now: datetime,
) -> dict[str, int]:
    """
    Settle every debt of a unit's cases that owes something and that no chunk named.

    Safe to repeat, also after dying half-way: what this upload settled is counted again and
    not settled again.

    Returns:
        ``closed``: debts settled.
    """
    ids = json.loads(files.read(_key(upload, "owing", unit)) or b"[]")
    opened = cases.open_many(ids)
    own = {debt.debt_id for file in opened.values() for debt in file.debts}
    seen: set[str] = set()  # of this unit's debts only: the file may name millions
    for chunk in range(upload.chunks or 0):
        seen |= own.intersection(json.loads(files.read(_key(upload, "seen", chunk)) or b"[]"))
    closed: list[tuple[str, str]] = []
    for file in opened.values():
        closed += _close_case(file, upload, seen, portfolio=portfolio, cases=cases, now=now)
    files.write(_key(upload, "closed", unit), json.dumps(closed).encode())
    return {"closed": len(closed)}


def closed(upload: Upload, unit: int, files: Files) -> list[tuple[str, str]]:
    """Return what ``close`` settled: pairs of case and debt id."""
    body = files.read(_key(upload, "closed", unit))
    return [(case_id, debt_id) for case_id, debt_id in json.loads(body or b"[]")]


def _close_case(
    file: CaseFile,
    upload: Upload,
    seen: set[str],
    *,
    portfolio: Portfolio,
    cases: ListedCases,
    now: datetime,
) -> list[tuple[str, str]]:
    case_id = file.head.case_id
    for _ in range(MOST_TRIES):
        done, absent = _absent(file, upload, seen)
        draft = Draft(file, portfolio, actor=f"upload:{upload.upload_id}", now=now)
        refusal = _settle(draft, absent, upload, cases)
        if refusal is None:
            return [(case_id, debt.debt_id) for debt in (*done, *absent)]
        if not isinstance(refusal, CaseMoved):
            raise refusal
        file = cases.open_many([case_id])[case_id]
    raise CaseMoved(case_id=case_id)


def _settle(
    draft: Draft, absent: Iterable[Debt], upload: Upload, cases: ListedCases
) -> DomainError | None:
    """Settle debts of one case in as many changes as it takes; say what stopped it."""
    left = deque(absent)
    while left:
        while left and draft.items < MOST_ITEMS:
            key = left.popleft().debt_id
            draft.settle_debt(key, source=SOURCE, reference=f"{upload.upload_id}:{key}")
        change = draft.change()
        refusal = cases.commit_many([change])[0] if change else None
        if refusal is not None:
            return refusal
        if change is not None:
            draft.go_on(change)
    return None


def _absent(file: CaseFile, upload: Upload, seen: set[str]) -> tuple[list[Debt], list[Debt]]:
    """Part a case's debts into those this upload settled before and those it has yet to."""
    owed = balances(file.entries)
    ours = {entry.reference for entry in file.entries if entry.source == SOURCE}
    # A debt that an agreement opened was never the creditor's: no file of theirs holds it.
    seen = seen | {one.new_debt_id for one in file.agreements}
    done, absent = [], []
    for debt in file.debts:
        if f"{upload.upload_id}:{debt.debt_id}" in ours:
            done.append(debt)
        elif not debt.void and debt.debt_id not in seen and _owes(owed, debt):
            absent.append(debt)
    return done, absent


def _owes(owed: dict[str, Balance], debt: Debt) -> bool:
    return debt.debt_id in owed and owed[debt.debt_id].total_minor > 0


def _key(upload: Upload, what: str, unit: int) -> str:
    return f"chunks/{upload.upload_id}/{written_round(upload)}/{what}-{unit}.json"
