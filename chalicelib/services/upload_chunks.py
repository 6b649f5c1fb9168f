"""One chunk of an upload's rows: read, compare, write, and account for every single row."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain import ids
from chalicelib.domain.case import CaseChange
from chalicelib.domain.draft import Draft, local_day
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.upload import Upload, UploadMode
from chalicelib.intake.cells import as_text
from chalicelib.intake.reader import RowReader
from chalicelib.intake.rows import AnyRow, BalanceRow, DebtRow, PaymentRow, Reason, Rejected
from chalicelib.services import upload_closing, upload_debts, upload_money, upload_suppressed
from chalicelib.services.upload_cases import Context, elsewhere, glance, placed
from chalicelib.services.upload_commit import Job
from chalicelib.services.upload_debts import CREATED, UNCHANGED, DebtGroup
from chalicelib.services.upload_moves import written_round
from chalicelib.services.upload_ports import Files, Pass
from chalicelib.services.upload_rejects import encode_rejects, rejects_key, warnings_key
from chalicelib.services.upload_sort import Cells, ChunkRow, SortKeys, chunk_key, decode_chunk


@dataclass(slots=True)
class Outcomes:
    """What became of every row of a chunk."""

    cells: Mapping[int, Cells]
    counts: dict[str, int] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    warned: list[Rejected] = field(default_factory=list)  # of rows that were loaded, without cells

    def count(self, outcome: str, amount_minor: int) -> None:
        self.counts[outcome] = self.counts.get(outcome, 0) + 1
        self.counts["amount_minor"] = self.counts.get("amount_minor", 0) + amount_minor

    def reject(self, row_number: int, reason: Reason) -> None:
        self.rejected.append(
            Rejected(row_number=row_number, cells=tuple(self.cells[row_number]), reasons=(reason,))
        )

    def warn(self, row_number: int, reasons: tuple[Reason, ...]) -> None:
        if reasons:
            self.warned.append(Rejected(row_number=row_number, cells=(), reasons=reasons))

    def settle(self, row_number: int, outcome: str | Reason, amount_minor: int) -> None:
        if isinstance(outcome, Reason):
            self.reject(row_number, outcome)
        else:
            self.count(outcome, amount_minor)

    def tally(self) -> dict[str, int]:
        sums = {"rejected": len(self.rejected), "rows": len(self.cells), "warned": len(self.warned)}
        return self.counts | sums


def rows_of(upload: Upload, unit: int, files: Files) -> Sequence[ChunkRow]:
    """
    Read a chunk's rows.

    Raises:
        FileNotFoundError: The object is gone: a defect, or an upload past its keeping time.
    """
    key = chunk_key(upload.upload_id, written_round(upload), unit)
    body = files.read(key)
    if body is None:
        raise FileNotFoundError(key)
    return decode_chunk(body)


def reader(upload: Upload, portfolio: Portfolio) -> RowReader:
    assert upload.mapping is not None  # noqa: S101 - chunks are cut under a mapping
    assert upload.inspection is not None  # noqa: S101 - likewise
    return RowReader(
        upload.mapping,
        upload.inspection,
        country=portfolio.country,
        currency=portfolio.currency,
        mode=upload.mode.value,
    )


def work(context: Context, unit: int, *, files: Files) -> dict[str, int]:
    """
    Check or apply one chunk.

    Safe to repeat, also after dying half-way: what this upload has already written is
    recognised and counted as it was then.

    Returns:
        The chunk's tally: created + updated + unchanged + rejected = rows.

    Raises:
        CaseMoved: Others kept changing a case of this chunk; to be tried again later.
    """
    with _uncollected():
        return _work(context, unit, files=files)


@contextmanager
def _uncollected() -> Iterator[None]:
    """
    Leave the rows of a chunk to reference counting.

    They become some hundred thousand objects that live until the chunk is done and hold no
    cycles; the collector would walk through all of them time and again, a fifth of the work.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _work(context: Context, unit: int, *, files: Files) -> dict[str, int]:
    rows = rows_of(context.upload, unit, files)
    read = reader(context.upload, context.portfolio)
    outcomes = Outcomes(cells={one.number: one.cells for one in rows})
    debts: list[DebtRow] = []
    money: list[BalanceRow | PaymentRow] = []
    today = local_day(context.now, context.portfolio.time_zone)
    parsed = [(one, read.read(one.number, one.cells)) for one in rows]
    erased = upload_suppressed.sieve(
        ((one.cells, row) for one, row in parsed), read, find=context.suppressed
    )
    for one, raw in parsed:
        row = raw if isinstance(raw, Rejected) else erased.stripped(raw)
        outcomes.warn(one.number, upload_suppressed.warned(row))
        if isinstance(row, Rejected):
            outcomes.rejected.append(row)
        elif one.repeats is not None:
            outcomes.reject(one.number, upload_debts.repeated("row.duplicate", one.repeats))
        elif _books_to_come(row, today):
            reason = Reason(field="charged_off_on", code="date.in_the_future", details={})
            outcomes.reject(one.number, reason)
        elif isinstance(row, DebtRow):
            debts.append(row)
        else:
            money.append(row)
    if context.upload.mode is UploadMode.DEBTS:
        _debts(context, debts, outcomes)
    else:
        _money(context, money, outcomes)
    if context.step is Pass.APPLY and context.upload.close_absent:
        named = _named(context, money, outcomes.rejected)
        upload_closing.keep_seen(context.upload, unit, named, files=files)
    if outcomes.rejected:
        rejected = map(erased.blanked, outcomes.rejected)
        files.write(rejects_key(context.upload, context.step, unit), encode_rejects(rejected))
    if outcomes.warned:
        files.write(
            warnings_key(context.upload, context.step, unit), encode_rejects(outcomes.warned)
        )
    return outcomes.tally()


def _books_to_come(row: AnyRow, today: date) -> bool:
    """Whether it is charged off on a day that is still to come."""
    booked = None if isinstance(row, PaymentRow) else row.booked
    return booked is not None and booked.on is not None and booked.on > today


def _named(
    context: Context, rows: Iterable[BalanceRow | PaymentRow], rejected: Iterable[Rejected]
) -> set[str]:
    """Collect the debts that rows name, by the cells' own text where a row was rejected."""
    assert context.upload.mapping is not None  # noqa: S101 - chunks are cut under a mapping
    texts = {row.external_id for row in rows}
    for index, name in context.upload.mapping["columns"].items():
        if name == "debt_id":
            texts |= {as_text(r.cells[int(index)]) for r in rejected if int(index) < len(r.cells)}
    return {ids.debt_id(context.portfolio.portfolio_id, text) for text in texts if text}


# Debts


def _debts(context: Context, rows: list[DebtRow], outcomes: Outcomes) -> None:
    groups, refused = upload_debts.group(rows, context.portfolio.portfolio_id)
    if any(row.instalment for row in rows):
        groups, halves = upload_debts.incomplete(groups, _broken(context, rows, outcomes))
        refused += halves
        groups, mixed = upload_debts.in_part(groups)
        refused += mixed
    for row, reason in refused:
        outcomes.reject(row.row_number, reason)
    by_case: dict[str, list[DebtGroup]] = {}
    for debt in groups:
        by_case.setdefault(debt.case_id, []).append(debt)
    seen = glance(
        context.cases, {case: [d.debt_id for d in debts] for case, debts in by_case.items()}
    )
    refused_debts = elsewhere(context, by_case, seen)
    jobs: dict[str, list[Job]] = {}
    new: dict[str, list[DebtGroup]] = {}
    for case_id, debts in by_case.items():
        head, stored = seen.get(case_id, (None, {}))
        for debt in debts:
            outcome = refused_debts.get(debt.debt_id) or upload_debts.known_outcome(
                debt, stored.get(debt.debt_id), context.upload.upload_id
            )
            if outcome is None and head is None and context.step is Pass.CHECK:
                outcome = CREATED
            if outcome is not None:
                _done(outcomes, debt)(outcome)
            else:
                jobs.setdefault(head.case_id if head else case_id, []).append(
                    _debt_job(context, outcomes, debt)
                )
                if head is None:
                    new.setdefault(case_id, []).append(debt)
    context.runner().run(jobs, absent={case: _whole(context, new[case]) for case in new})


def _whole(context: Context, debts: Sequence[DebtGroup]) -> Callable[[], CaseChange | None]:
    return lambda: upload_debts.newcomer(
        debts, context.portfolio, context.upload, actor=context.actor, now=context.now
    )


def _broken(context: Context, rows: list[DebtRow], outcomes: Outcomes) -> set[str]:
    """Name the debts of which some row was rejected, told by the raw cells of their ids."""
    assert context.upload.mapping is not None  # noqa: S101 - chunks are cut under a mapping
    keys = SortKeys(context.upload.mapping, mode=context.upload.mode.value)
    lost = {keys.of(rejected.cells) for rejected in outcomes.rejected}
    return {
        ids.debt_id(context.portfolio.portfolio_id, row.external_id)
        for row in rows
        if keys.of(outcomes.cells[row.row_number]) in lost
    }


def _debt_job(context: Context, outcomes: Outcomes, debt: DebtGroup) -> Job:
    def do(draft: Draft) -> str | Reason:
        outcome = upload_debts.known_outcome(
            debt, draft.debt(debt.debt_id), context.upload.upload_id
        )
        if outcome is not None:
            return outcome
        return upload_debts.put(draft, debt, context.upload)

    return Job(
        start=lambda: upload_debts.new_case(
            debt, context.portfolio, context.upload, actor=context.actor, now=context.now
        ),
        do=do,
        done=_done(outcomes, debt),
    )


def _done(outcomes: Outcomes, debt: DebtGroup) -> Callable[[str | Reason], None]:
    def done(outcome: str | Reason) -> None:
        for row in debt.rows:
            outcomes.settle(row.row_number, outcome, row.amount_minor)
        for row in debt.copies:
            copied = outcome if isinstance(outcome, Reason) else UNCHANGED
            outcomes.settle(row.row_number, copied, 0)

    return done


# Balances and payments


def _money(context: Context, rows: Sequence[BalanceRow | PaymentRow], outcomes: Outcomes) -> None:
    found, refused = placed(context, rows)
    for row, reason in refused:
        outcomes.reject(row.row_number, reason)
    jobs: dict[str, list[Job]] = {}
    first: dict[tuple[str, ...], BalanceRow | PaymentRow] = {}
    for case_id, row in found:
        same = first.setdefault(_key(case_id, row), row)
        if same is not row:
            _settle_copy(outcomes, same, row)
            continue
        jobs.setdefault(case_id, []).append(_money_job(context, outcomes, row))
    context.runner().run(jobs)


def _key(case_id: str, row: BalanceRow | PaymentRow) -> tuple[str, ...]:
    """What may be there only once in a file: a debt's balance, a payment's reference."""
    if isinstance(row, PaymentRow):
        return ("payment", row.reference)
    return ("balance", case_id, row.external_id)


def _settle_copy(
    outcomes: Outcomes, first: BalanceRow | PaymentRow, row: BalanceRow | PaymentRow
) -> None:
    if _amount(first) != _amount(row) or first.external_id != row.external_id:
        code = "row.duplicate"
    elif isinstance(row, PaymentRow) and not row.reference_given:
        code = "row.identical"  # it may well be a second payment: a person looks
    else:
        outcomes.count(UNCHANGED, 0)
        return
    outcomes.reject(row.row_number, upload_debts.repeated(code, first.row_number))


def _amount(row: BalanceRow | PaymentRow) -> int:
    return row.amount_minor if isinstance(row, PaymentRow) else row.balance_minor


def _money_job(context: Context, outcomes: Outcomes, row: BalanceRow | PaymentRow) -> Job:
    def do(draft: Draft) -> str | Reason:
        if isinstance(row, BalanceRow):
            debt = upload_money.find_debt(draft, row.external_id)
            if isinstance(debt, Reason):
                return debt
            return upload_money.put_balance(
                draft, debt, row, upload=context.upload, portfolio=context.portfolio
            )
        if row.paid_on > local_day(context.now, context.portfolio.time_zone):
            return Reason(field="paid_on", code="date.in_the_future", details={})
        return upload_money.put_payment(draft, row, upload_id=context.upload.upload_id)

    return Job(
        start=None,
        do=do,
        done=lambda outcome: outcomes.settle(row.row_number, outcome, _amount(row)),
    )
