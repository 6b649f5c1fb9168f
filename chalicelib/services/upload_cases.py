"""Which cases the rows of a chunk speak of: glances at what is stored, following merges."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain import ids
from chalicelib.domain.case import CaseHead, Debt
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.upload import Upload
from chalicelib.intake.rows import AnyRow, BalanceRow, DebtRow, PaymentRow, Reason
from chalicelib.services import upload_suppressed
from chalicelib.services.upload_commit import Cases as CommitCases
from chalicelib.services.upload_commit import Runner
from chalicelib.services.upload_debts import DebtGroup
from chalicelib.services.upload_ports import Pass

MOST_MERGES = 5


class Cases(CommitCases, Protocol):
    def cases_of_debts(self, portfolio_id: str, external_ids: Iterable[str]) -> dict[str, str]:
        """Find the case of each debt that is known by the creditor's id and not void."""
        ...

    def case_of_payment(self, portfolio_id: str, source: str, reference: str) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """
    What stays the same for all rows of a chunk.

    Args:
        suppressed: Gives what of some values was erased at a person's request.
    """

    upload: Upload
    portfolio: Portfolio
    cases: Cases
    step: Pass
    now: datetime
    fresh: bool = False  # the portfolio had no cases when the pass began
    time_left_s: Callable[[], float] = lambda: math.inf
    suppressed: upload_suppressed.Find = upload_suppressed.nobody

    @property
    def actor(self) -> str:
        return f"upload:{self.upload.upload_id}"

    def runner(self) -> Runner:
        return Runner(
            self.cases,
            self.portfolio,
            actor=self.actor,
            now=self.now,
            writes=self.step is Pass.APPLY,
            time_left_s=self.time_left_s,
        )


def cases_of_rows(context: Context, rows: Sequence[AnyRow]) -> Iterator[tuple[str, AnyRow]]:
    """Name the cases that rows were written to: the debtor's own, and where it was merged."""
    debts = [row for row in rows if isinstance(row, DebtRow)]
    money = [row for row in rows if not isinstance(row, DebtRow)]
    pid = context.portfolio.portfolio_id
    own = {row.debtor_key: ids.case_id(pid, row.debtor_key) for row in debts}
    seen = glance(context.cases, {case_id: [] for case_id in own.values()})
    for row in debts:
        case_id = own[row.debtor_key]
        yield case_id, row
        if case_id in seen and seen[case_id][0].case_id != case_id:
            yield seen[case_id][0].case_id, row
    yield from placed(context, money)[0]


def placed(
    context: Context, rows: Sequence[BalanceRow | PaymentRow]
) -> tuple[list[tuple[str, BalanceRow | PaymentRow]], list[tuple[AnyRow, Reason]]]:
    """
    Find the case of every row: by its debtor where the file tells, else by the debt.

    Returns:
        Rows with their cases, and rows that lead nowhere or to several.
    """
    pid = context.portfolio.portfolio_id
    by_key = {row.debtor_key: ids.case_id(pid, row.debtor_key) for row in rows if row.debtor_key}
    wanted: dict[str, list[str]] = {case_id: [] for case_id in by_key.values()}
    for row in rows:
        if row.debtor_key and row.external_id:
            wanted[by_key[row.debtor_key]].append(ids.debt_id(pid, row.external_id))
    seen = glance(context.cases, wanted)
    placed: list[tuple[str, BalanceRow | PaymentRow]] = []
    refused: list[tuple[AnyRow, Reason]] = []
    lost: list[BalanceRow | PaymentRow] = []
    for row in rows:
        head, debts = seen.get(by_key.get(row.debtor_key, ""), (None, {}))
        if head is not None and (not row.external_id or ids.debt_id(pid, row.external_id) in debts):
            placed.append((head.case_id, row))
        else:
            lost.append(row)
    holding = context.cases.cases_of_debts(
        pid, {row.external_id for row in lost if row.external_id}
    )
    for row in lost:
        found = holding.get(row.external_id)
        if found is not None:
            placed.append((found, row))
        else:
            field_ = "debt_id" if row.external_id else "debtor_id"
            code = f"{field_.removesuffix('_id')}.unknown"
            refused.append((row, Reason(field=field_, code=code, details={})))
    return placed, refused


def elsewhere(
    context: Context,
    by_case: Mapping[str, Sequence[DebtGroup]],
    seen: Mapping[str, tuple[CaseHead, Mapping[str, Debt]]],
) -> dict[str, Reason]:
    """
    Find new debts whose id another debtor's case already holds: the debt must not count twice.

    A debt that changes hands, or a debtor spelt otherwise in a file without debtor ids, is
    for a person to settle.
    """
    if context.fresh:
        return {}
    new = [
        (case_id, debt)
        for case_id, debts in by_case.items()
        for debt in debts
        if debt.rows[0].external_id_given
        and (case_id not in seen or debt.debt_id not in seen[case_id][1])
    ]
    holding = context.cases.cases_of_debts(
        context.portfolio.portfolio_id, [debt.rows[0].external_id for _, debt in new]
    )
    reason = Reason(field="debt_id", code="debt.other_debtor", details={})
    found = {}
    for case_id, debt in new:
        holder = holding.get(debt.rows[0].external_id)
        own = seen[case_id][0].case_id if case_id in seen else case_id
        if holder is not None and holder != own:
            found[debt.debt_id] = reason
    return found


def glance(
    cases: Cases, wanted: dict[str, list[str]]
) -> dict[str, tuple[CaseHead, dict[str, Debt]]]:
    """Look at cases and debts, following those that were merged to where they went."""
    seen = _look(cases, wanted)
    asked = {case_id: case_id for case_id in seen}
    for _ in range(MOST_MERGES):
        moved = {
            case_id: seen[case_id][0].merged_into
            for case_id in asked
            if seen[case_id][0].merged_into
        }
        if not moved:
            break
        targets: dict[str, list[str]] = {}
        for case_id, target in moved.items():
            targets.setdefault(str(target), []).extend(wanted[case_id])
        found = _look(cases, targets)
        for case_id, target in moved.items():
            seen[case_id] = found[str(target)]
    return seen


def _look(
    cases: Cases, wanted: Mapping[str, Sequence[str]]
) -> dict[str, tuple[CaseHead, dict[str, Debt]]]:
    heads = cases.heads(wanted)
    debts = cases.debts((case_id, debt_id) for case_id in heads for debt_id in wanted[case_id])
    seen: dict[str, tuple[CaseHead, dict[str, Debt]]] = {
        case_id: (head, {}) for case_id, head in heads.items()
    }
    for (case_id, debt_id), debt in debts.items():
        seen[case_id][1][debt_id] = debt
    return seen
