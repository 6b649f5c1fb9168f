"""What lists made elsewhere say of a case: its name in previews, words about it, names sought."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from chalicelib.domain.bulk import BulkJob
from chalicelib.domain.case import CaseFile
from chalicelib.domain.correction import Correction
from chalicelib.domain.dry_run import DryRun
from chalicelib.domain.export import Export
from chalicelib.domain.names import folded
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.saved_view import SavedView

PAGE = 100
TRIES = 8
T = TypeVar("T")


class Kept(Protocol[T]):
    """Documents of a portfolio, under a version each."""

    def get(self, portfolio_id: str, key: str) -> T | None: ...
    def save(self, document: T) -> T | None: ...
    def page(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[T], str | None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    jobs: Kept[BulkJob]
    dry_runs: Kept[DryRun]
    exports: Kept[Export]
    views: Kept[SavedView]
    corrections: Kept[Correction]


def forget(file: CaseFile, portfolio: Portfolio, *, means: Means) -> None:
    """Take a case's name, and words about it, out of what lists keep. Safe to repeat."""
    pid, case_id = portfolio.portfolio_id, file.head.case_id
    known = _known(file)

    def nameless(lines: tuple[Mapping[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        return tuple(
            {**line, "name": ""} if line.get("case_id") == case_id else dict(line) for line in lines
        )

    def of_job(one: BulkJob) -> BulkJob:
        alone = one.picked == (case_id,) and "note" in one.terms
        terms = {**one.terms, "note": ""} if alone else one.terms
        return replace(
            one,
            sample=replace(one.sample, lines=nameless(one.sample.lines)),
            filters=_unsought(one.filters, known),
            terms=terms,
        )

    def of_run(one: DryRun) -> DryRun:
        return replace(one, lines=nameless(one.lines))

    def of_correction(one: Correction) -> Correction:
        return replace(one, reason="", answer="") if one.case_id == case_id else one

    _each(means.jobs, pid, "job_id", of_job)
    _each(means.dry_runs, pid, "dry_run_id", of_run)
    _each(means.corrections, pid, "correction_id", of_correction)
    _each(
        means.exports, pid, "export_id", lambda x: replace(x, filters=_unsought(x.filters, known))
    )
    _each(
        means.views,
        pid,
        "view_id",
        lambda x: replace(
            x,
            filters=_unsought(x.filters, known),
            name="" if folded(x.name) in known else x.name,
        ),
    )


# Private


def _known(file: CaseFile) -> frozenset[str]:
    """What somebody may have typed to find the person, folded."""
    head = file.head
    said = [head.name, head.tax_id, head.debtor_key, *(point.value for point in file.contacts)]
    return frozenset(text for one in said if (text := folded(one)))


def _unsought(filters: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    sought = folded(str(filters.get("q") or ""))
    return {**filters, "q": ""} if sought and sought in known else dict(filters)


def _each(kept: Kept[T], portfolio_id: str, key: str, bare: Callable[[T], T]) -> None:
    for one in list(_all(kept, portfolio_id)):
        current: T | None = one
        for _ in range(TRIES):
            if current is None or bare(current) == current:
                break
            if kept.save(bare(current)) is not None:
                break
            current = kept.get(portfolio_id, getattr(one, key))
        else:
            raise RuntimeError("a list kept moving")


def _all(kept: Kept[T], portfolio_id: str) -> Iterator[T]:
    cursor = None
    while True:
        found, cursor = kept.page(portfolio_id, limit=PAGE, cursor=cursor)
        yield from found
        if cursor is None:
            return
