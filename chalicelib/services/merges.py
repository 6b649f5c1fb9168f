"""One debtor under several spellings: proposed, merged by a person, told by both timelines."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain import ids, names
from chalicelib.domain.case import CaseChange, CaseFile, CaseHead, CaseStatus
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    CaseNotFound,
    MergeNotFound,
    MergeRefused,
    PortfolioNotFound,
)
from chalicelib.domain.merge import Merge, MergeState
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.upload import UploadMode
from chalicelib.intake.rows import DebtRow, Rejected
from chalicelib.intake.similar import name_likeness
from chalicelib.services import suppression, upload_cases, upload_chunks, upload_suppressed
from chalicelib.services.access import MANAGERS, Portfolios, need_portfolio
from chalicelib.services.upload_ports import Files

# A phone that a hundred debtors share is the creditor's own, and says nothing of any of them.
MOST_CANDIDATES = 20
MOST_PROPOSALS = 25  # a page: both cases of each are read whole
LEAST_SCORE = 60
# rapidfuzz's ratio of the folded, sorted words: a letter or two of difference is above 90.
LEAST_LIKENESS = 80.0
NAME_WEIGHT = 0.62


class Merges(Protocol):
    def add(self, merge: Merge) -> bool:
        """Keep a proposal; False when the pair is known already, however it was decided."""
        ...

    def get(self, portfolio_id: str, merge_id: str) -> Merge | None: ...

    def save(self, merge: Merge) -> Merge:
        """
        Write over the version it was read at.

        Raises:
            MergeRefused: Somebody decided it meanwhile (``moved``).
        """
        ...

    def proposed(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[Merge], str | None]: ...


class Ids(Protocol):
    """A page of (word, case id)."""

    @property
    def items(self) -> Sequence[tuple[str, str]]: ...


class Cases(Protocol):
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...

    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...

    def find(
        self, portfolio_id: str, kind: str, value: str, *, limit: int = ...
    ) -> Sequence[CaseHead]:
        """Find living cases that have something exactly: ``tax``, ``phone`` or ``email``."""
        ...

    def by_name(self, portfolio_id: str, words: str, *, limit: int = ...) -> Ids:
        """Find (word, case id) of names that have the longest word of *words*."""
        ...

    def commit(self, *changes: CaseChange) -> None:
        """
        Commit changes of several cases in one transaction.

        Raises:
            CaseMoved: One of them has moved; none is written.
        """
        ...


def propose(
    context: upload_cases.Context, unit: int, *, proposals: Merges, cases: Cases, files: Files
) -> dict[str, int]:
    """
    Look for debtors who were there before among those that a chunk of a debts file created.

    Candidates come from the index only: cases with the same tax id, phone, e-mail or name
    words; what counts is how alike the two are then. Safe to repeat.

    Returns:
        ``proposed``: new proposals.
    """
    if context.upload.mode is not UploadMode.DEBTS:
        return {}
    read = upload_chunks.reader(context.upload, context.portfolio)
    chunk = upload_chunks.rows_of(context.upload, unit, files)
    debtors: dict[str, DebtRow] = {}
    parsed = [(one.cells, read.read(one.number, one.cells)) for one in chunk]
    erased = upload_suppressed.sieve(parsed, read, find=context.suppressed)
    for _, raw in parsed:
        row = raw if isinstance(raw, Rejected) else erased.stripped(raw)
        if not isinstance(row, Rejected):
            assert isinstance(row, DebtRow)  # noqa: S101 - of a debts file
            debtors.setdefault(ids.case_id(context.upload.portfolio_id, row.debtor_key), row)
    created = {
        case_id: head
        for case_id, head in cases.heads(debtors).items()
        if head.created_by_upload == context.upload.upload_id and head.status is not CaseStatus.VOID
    }
    found = 0
    for case_id, head in created.items():
        found += _propose_for(
            head, debtors[case_id], proposals=proposals, cases=cases, now=context.now
        )
    return {"proposed": found}


def _propose_for(
    head: CaseHead, row: DebtRow, *, proposals: Merges, cases: Cases, now: datetime
) -> int:
    others, shared = _candidates(head, row, cases)
    found = 0
    for other in others.values():
        score, reasons = _alike(head, other, shared.get(other.case_id, set()))
        if score < LEAST_SCORE:
            continue
        older, newer = sorted((head, other), key=lambda h: (h.created_at, h.case_id))
        found += proposals.add(
            Merge(
                merge_id=merge_id(older.case_id, newer.case_id),
                portfolio_id=head.portfolio_id,
                case_ids=(older.case_id, newer.case_id),
                state=MergeState.PROPOSED,
                score=score,
                reasons=reasons,
                created_at=now,
                updated_at=now,
            )
        )
    return found


def _candidates(
    head: CaseHead, row: DebtRow, cases: Cases
) -> tuple[dict[str, CaseHead], dict[str, set[str]]]:
    """
    Find other cases that share something findable; what too many share says nothing.

    Returns:
        Their heads, and what each shares besides the name.
    """
    pid = head.portfolio_id
    keys = [("tax", head.tax_id)] if head.tax_id else []
    keys += [("phone", phone) for phone in row.phones]
    keys += [("email", email) for email in row.emails]
    others: dict[str, CaseHead] = {}
    shared: dict[str, set[str]] = {}
    for kind, value in keys:
        heads = cases.find(pid, kind, value, limit=MOST_CANDIDATES)
        if len(heads) < MOST_CANDIDATES:
            for other in heads:
                others[other.case_id] = other
                shared.setdefault(other.case_id, set()).add(kind)
    if names.tokens(head.name):
        named = cases.by_name(pid, head.name, limit=MOST_CANDIDATES).items
        others |= cases.heads(key for _, key in named if key not in others)
    others.pop(head.case_id, None)
    living = {k: v for k, v in others.items() if v.status is not CaseStatus.VOID}
    return living, shared


def merge_id(one: str, other: str) -> str:
    return ids.derived_id("mrg", *sorted((one, other)))


def proposals(
    portfolio_id: str,
    *,
    actor: Actor,
    merges: Merges,
    cases: Cases,
    limit: int,
    cursor: str | None,
) -> tuple[list[tuple[Merge, tuple[CaseFile, CaseFile]]], str | None]:
    """
    List what waits for a decision, with both cases whole; pairs gone void drop out.

    Whoever decides has to see what the two share, so a page is short: at most
    ``MOST_PROPOSALS``.
    """
    _may_decide(portfolio_id, actor)
    asked = min(limit, MOST_PROPOSALS)
    found, following = merges.proposed(portfolio_id, limit=asked, cursor=cursor)
    files = cases.open_many({case_id for merge in found for case_id in merge.case_ids})
    shown = []
    for merge in found:
        pair = [files[case_id] for case_id in merge.case_ids if case_id in files]
        if len(pair) == 2 and all(file.head.status is not CaseStatus.VOID for file in pair):
            shown.append((merge, (pair[0], pair[1])))
    return shown, following


def dismiss(
    portfolio_id: str, merge_id: str, *, actor: Actor, merges: Merges, now: datetime
) -> Merge:
    """Say that the two are not one; the pair is not proposed again. Safe to repeat."""
    merge = _find(portfolio_id, merge_id, actor=actor, merges=merges)
    if merge.state is MergeState.DISMISSED:
        return merge
    if merge.state is MergeState.MERGED:
        raise MergeRefused(reason="merged")
    return merges.save(
        replace(merge, state=MergeState.DISMISSED, decided_by=actor.actor_id, updated_at=now)
    )


def merge(
    portfolio_id: str,
    *,
    into: str,
    from_: str,
    actor: Actor,
    portfolios: Portfolios,
    merges: Merges,
    cases: Cases,
    suppressed: suppression.Known = suppression.nowhere,
    now: datetime,
) -> Merge:
    """
    Make two cases one: debts, contacts and addresses of *from_* go to *into*.

    Both timelines tell; the portfolio's sums stand still. Safe to repeat.

    Args:
        suppressed: What people had erased: it goes to no further case.

    Raises:
        DataSuppressed: *from_* has something of a household that another of its members had
            erased.
        MergeRefused: ``same_case``, ``void`` (one of them is), ``portfolio``; ``erased``: its
            person had it erased, and would be named again.
        CaseMoved: Somebody changed one of them meanwhile.
    """
    portfolio = _may_decide(portfolio_id, actor, portfolios)
    if into == from_:
        raise MergeRefused(reason="same_case")
    files = [_open(case_id, portfolio_id, cases) for case_id in (from_, into)]
    key = merge_id(into, from_)
    known = merges.get(portfolio_id, key)
    if files[0].head.merged_into == into and known and known.state is MergeState.MERGED:
        return known
    if any(file.head.status is CaseStatus.VOID for file in files):
        raise MergeRefused(reason="void")
    if any(file.head.erased and not file.head.name for file in files):
        raise MergeRefused(reason="erased")
    _refuse_erased(files[0], files[1], suppressed)
    gone, kept = (Draft(file, portfolio, actor=actor.actor_id, now=now) for file in files)
    gone.hand_over(kept, reference=_reference(key, files[0]))
    cases.commit(*_both(gone, kept))
    if known is None:
        known = Merge(
            merge_id=key,
            portfolio_id=portfolio_id,
            case_ids=(into, from_),
            state=MergeState.PROPOSED,
            score=0,
            reasons=("by_hand",),
            created_at=now,
            updated_at=now,
        )
        if not merges.add(known):
            known = merges.get(portfolio_id, key) or known
    decided = replace(
        known,
        case_ids=(into, from_),
        state=MergeState.MERGED,
        decided_by=actor.actor_id,
        updated_at=now,
    )
    return merges.save(decided)


def undo(
    portfolio_id: str,
    merge_id: str,
    *,
    actor: Actor,
    portfolios: Portfolios,
    merges: Merges,
    cases: Cases,
    now: datetime,
) -> Merge:
    """
    Part two cases again; the debts come back as they stand now. Safe to repeat.

    Raises:
        MergeRefused: ``not_merged``.
        CaseMoved: Somebody changed one of them meanwhile.
    """
    portfolio = _may_decide(portfolio_id, actor, portfolios)
    merge = _find(portfolio_id, merge_id, actor=actor, merges=merges)
    if merge.state is MergeState.UNDONE:
        return merge
    if merge.state is not MergeState.MERGED:
        raise MergeRefused(reason="not_merged")
    kept_file, gone_file = (_open(case_id, portfolio_id, cases) for case_id in merge.case_ids)
    if gone_file.head.merged_into == kept_file.head.case_id:
        kept = Draft(kept_file, portfolio, actor=actor.actor_id, now=now)
        gone = Draft(gone_file, portfolio, actor=actor.actor_id, now=now)
        gone.take_back(kept, reference=_reference(merge_id, gone_file, last=True))
        cases.commit(*_both(gone, kept))
    return merges.save(
        replace(merge, state=MergeState.UNDONE, decided_by=actor.actor_id, updated_at=now)
    )


def _refuse_erased(gone: CaseFile, kept: CaseFile, known: suppression.Known) -> None:
    there = {one.value for one in kept.contacts}
    moves = {
        f"contacts.{one.contact_id}": (one.kind.value, one.value)
        for one in gone.contacts
        if one.value not in there
    }
    suppression.refuse(gone.head.portfolio_id, moves, known=known)


def _reference(key: str, gone: CaseFile, *, last: bool = False) -> str:
    """
    Name one merging of a pair: the same two may be merged, parted and merged again.

    Args:
        last: The merging that is in force, rather than the next one.
    """
    before = sum(
        event.kind == "case.merged" and str(event.facts.get("merge_id", "")).startswith(key)
        for event in gone.events
    )
    return f"{key}.{before if last else before + 1}"


def _both(gone: Draft, kept: Draft) -> tuple[CaseChange, ...]:
    return tuple(change for change in (gone.change(), kept.change()) if change is not None)


def _find(portfolio_id: str, merge_id: str, *, actor: Actor, merges: Merges) -> Merge:
    _may_decide(portfolio_id, actor)
    merge = merges.get(portfolio_id, merge_id)
    if merge is None:
        raise MergeNotFound(merge_id=merge_id)
    return merge


def _may_decide(portfolio_id: str, actor: Actor, portfolios: Portfolios | None = None) -> Portfolio:
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = portfolios.get(portfolio_id) if portfolios else None
    if portfolios and portfolio is None:
        raise PortfolioNotFound
    return portfolio  # type: ignore[return-value]  # only those who give portfolios use it


def _open(case_id: str, portfolio_id: str, cases: Cases) -> CaseFile:
    file = cases.open_many([case_id]).get(case_id)
    if file is None or file.head.portfolio_id != portfolio_id:
        raise CaseNotFound(case_id=case_id)
    return file


def _alike(one: CaseHead, other: CaseHead, shared: set[str]) -> tuple[int, tuple[str, ...]]:
    """
    Score how much two cases look like one debtor's, 0 to 100, and why.

    Args:
        shared: ``tax``, ``phone``, ``email``: what the index found them both under.
    """
    if one.tax_id and other.tax_id and one.tax_id != other.tax_id:
        return 0, ()  # two people of one household share all but this
    score = 70 if "tax" in shared else 0
    score += 30 * len(shared & {"phone", "email"})
    reasons = sorted("tax_id" if kind == "tax" else kind for kind in shared)
    likeness = name_likeness(one.name, other.name)
    if likeness >= LEAST_LIKENESS:
        score += round(likeness * NAME_WEIGHT)
        reasons.append("name")
    return min(score, 100), tuple(reasons)
