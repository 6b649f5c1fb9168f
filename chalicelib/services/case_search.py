"""Which cases somebody asks for: by filters, or by whatever was typed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

from chalicelib.domain import ageing, names
from chalicelib.domain.case import CaseHead, CaseStatus
from chalicelib.domain.case_list import CaseFilter, CaseLine
from chalicelib.domain.errors import BadField
from chalicelib.domain.portfolio import Portfolio

MOST_EXACT = 200
MOST_DAYS = 365  # of which it can be asked that nobody turned to a case
NAME_PAGES = 5  # most pages of the name index that one page of answers reads

ReadPhone = Callable[[str, str], str | None]
"""Turns (text, country) into E.164, or None when it is no phone."""

_T_co = TypeVar("_T_co", covariant=True)


class Page(Protocol[_T_co]):
    @property
    def items(self) -> tuple[_T_co, ...]: ...
    @property
    def cursor(self) -> str | None: ...


class Lists(Protocol):
    def list(
        self,
        portfolio_id: str,
        *,
        sort: str = "due",
        where: CaseFilter | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CaseLine]: ...
    def by_name(
        self, portfolio_id: str, words: str, *, cursor: str | None = None, limit: int = 50
    ) -> Page[tuple[str, str]]: ...
    def find(
        self, portfolio_id: str, kind: str, value: str, *, limit: int = 50
    ) -> Sequence[CaseHead]: ...
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """
    A page of what was asked for.

    Args:
        items: Cases, each with what it was found by (``tax_id``, ``phone``, ``email``, ``debt``,
            ``debtor``, ``name``), or None where nothing was typed.
    """

    items: tuple[tuple[CaseLine | CaseHead, str | None], ...]
    cursor: str | None = None


def search(
    portfolio: Portfolio,
    q: str,
    *,
    where: CaseFilter,
    sort: str = "due",
    cursor: str | None = None,
    limit: int,
    cases: Lists,
    read_phone: ReadPhone,
) -> Found:
    """
    Find a page of a portfolio's cases; from page to page every case comes once.

    Args:
        q: What somebody typed. An e-mail, a phone in any form, a tax id or an external id is
            looked up exactly; anything else is words of the debtor's name, in any order, each
            at least in its beginning. Answers come in the word's order, not in *sort*'s.
        where: Holds for searches too.

    Raises:
        BadField: Unknown sort or cursor, or too little typed.
    """
    typed = q.strip()
    if not typed:
        page = cases.list(
            portfolio.portfolio_id, sort=sort, where=where, cursor=cursor, limit=limit
        )
        return Found(tuple((line, None) for line in page.items), page.cursor)
    exact = _exact(portfolio, typed, cases, read_phone) if cursor is None else []
    if exact:
        return Found(tuple(pair for pair in exact if where.holds(pair[0]))[:MOST_EXACT])
    heads, cursor = _named(portfolio.portfolio_id, typed, where, cases, cursor=cursor, limit=limit)
    return Found(tuple((head, "name") for head in heads), cursor)


def with_band(where: CaseFilter, code: str, portfolio: Portfolio, today: date) -> CaseFilter:
    """
    Narrow a filter to one of the portfolio's bands: a range of due dates.

    Raises:
        BadField: No such band.
    """
    if not code:
        return where
    band = next((band for band in portfolio.policies.bands if band.code == code), None)
    if band is None:
        raise BadField(field="band", reason="unknown")
    oldest, newest = ageing.due_range(band, today)
    return replace(where, due_from=oldest, due_to=newest)


def untouched_for(where: CaseFilter, days: int | None, today: date) -> CaseFilter:
    """
    Narrow a filter to cases that owe and whose debtor nobody turned to for *days*.

    Raises:
        BadField: *days* is out of range; see ``MOST_DAYS``.
    """
    if days is None:
        return where
    if not 1 <= days <= MOST_DAYS:
        reason = "too_small" if days < 1 else "too_large"
        raise BadField(field="untouched_days", reason=reason)
    return replace(where, untouched_before=today - timedelta(days=days - 1))


def _exact(
    portfolio: Portfolio,
    typed: str,
    cases: Lists,
    read_phone: ReadPhone,
) -> list[tuple[CaseHead, str]]:
    """Look up everything that *typed* may be an exact value of; each case once."""
    asked: list[tuple[str, str]] = []
    if "@" in typed:
        asked.append(("email", typed.lower()))
    elif any(mark.isdigit() for mark in typed):
        phone = read_phone(typed, portfolio.country)
        if phone:
            asked.append(("phone", phone))
        compact = "".join(mark for mark in typed.upper() if mark.isalnum())
        asked += [("tax", compact), ("tax", typed), ("debt", typed), ("debtor", typed)]
    elif " " not in typed:
        asked += [("debt", typed), ("debtor", typed)]
    found: dict[str, tuple[CaseHead, str]] = {}
    matched = {"tax": "tax_id"}
    for kind, value in dict.fromkeys(asked):
        for head in cases.find(portfolio.portfolio_id, kind, value):
            found.setdefault(head.case_id, (head, matched.get(kind, kind)))
    return list(found.values())


def _named(
    portfolio_id: str,
    q: str,
    where: CaseFilter,
    cases: Lists,
    *,
    cursor: str | None,
    limit: int,
) -> tuple[list[CaseHead], str | None]:
    words = names.tokens(q)
    sought = max(words, key=len, default="")
    kept: list[CaseHead] = []
    for _ in range(NAME_PAGES):
        found = cases.by_name(portfolio_id, q, cursor=cursor, limit=limit - len(kept))
        heads = cases.heads(dict.fromkeys(case_id for _, case_id in found.items))
        kept += [
            heads[case_id]
            for word, case_id in found.items
            if case_id in heads
            and _answers(heads[case_id], words)
            and word == _first(heads[case_id], sought)
            and where.holds(heads[case_id])
        ]
        cursor = found.cursor
        if cursor is None or len(kept) >= limit:
            break
    return kept, cursor


def _first(head: CaseHead, sought: str) -> str:
    """Give the word of a name by which it comes up first; by the others it is passed over."""
    return min((word for word in names.tokens(head.name) if word.startswith(sought)), default="")


def _answers(head: CaseHead, words: tuple[str, ...]) -> bool:
    own = names.tokens(head.name)
    return head.status is not CaseStatus.VOID and all(
        any(token.startswith(word) for token in own) for word in words
    )
