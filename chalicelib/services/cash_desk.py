"""
The desk of a portfolio's cash: who holds what, and what was counted, voided and settled.

The maker is never the checker: nobody counts, voids or settles cash they took themselves, and an
agent does none of these. What is missing is the agent's matter; the debtor's ledger is touched
only where a receipt is voided.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.cash import (
    Deposit,
    DepositState,
    Hand,
    MoveKind,
    Receipt,
    ReceiptState,
    holes,
    limit_of,
)
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    AlreadyRecorded,
    BadField,
    CashOwn,
    DepositCounted,
    DepositNotFound,
    ReceiptNotFound,
    ReceiptVoid,
)
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.scan import ScanState, Wanted
from chalicelib.services import casework, cash_rules, scans
from chalicelib.services.access import (
    MANAGERS,
    Portfolios,
    known_portfolio,
    need,
    need_portfolio,
    open_portfolio,
)
from chalicelib.services.casework import Cases
from chalicelib.services.cash_book import (
    LONGEST_REASON,
    CashBook,
    deposit_plain,
    hand_plain,
    line,
    named,
    place,
)
from chalicelib.services.sessions import person_of
from chalicelib.services.visit_review import Names, midnight

LINK_S = 300


class Heads(Protocol):
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


def overview(
    portfolio_id: str,
    *,
    actor: Actor,
    book: CashBook,
    portfolios: Portfolios,
    files: scans.Gives,
    people: Names,
) -> dict[str, Any]:
    """
    Lay out a portfolio's cash: who holds what, what waits to be counted, what was found.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    hands = [one for one in book.hands(portfolio_id) if one != _empty(one)]
    deposits = book.deposits(portfolio_id)
    who = people(
        {f"user:{one.person_id}" for one in hands}
        | {f"user:{one.person_id}" for one in deposits}
        | {one.counted_by for one in deposits if one.counted_by}
    )
    me = person_of(actor)
    shown = sorted(deposits, key=lambda one: (one.state.value != "declared", one.declared_at))
    slips = [one for one in deposits if one.slip]
    wanted = [Wanted(one.slip, f"{one.deposit_id}.jpg", inline=True) for one in slips]
    given = scans.shown(wanted, files, expires_s=LINK_S)
    ways = {one.deposit_id: way for one, way in zip(slips, given, strict=True)}
    none = {"url": None, "scan": ScanState.OFF.value}
    return {
        "portfolio": {
            "portfolio_id": portfolio_id,
            "name": portfolio.name,
            "currency": portfolio.currency,
            "country": portfolio.country,
            "time_zone": portfolio.time_zone,
        },
        "allowed": cash_rules.allowed(portfolio),
        "barred_by": cash_rules.barred_by(portfolio),
        "limit_minor": limit_of(portfolio),
        "hands": [
            hand_plain(one, portfolio)
            | {"person": named(one.person_id, who), "can": {"settle": one.person_id != me}}
            for one in sorted(hands, key=lambda one: -one.answers_for_minor)
        ],
        "deposits": [
            deposit_plain(one)
            | {
                "person": named(one.person_id, who),
                "counted_by": who.get(one.counted_by, "") if one.counted_by else None,
                "slip_url": ways.get(one.deposit_id, none)["url"],
                "slip_scan": ways.get(one.deposit_id, none)["scan"],
                "can": {"count": one.state is DepositState.DECLARED and one.person_id != me},
            }
            for one in shown
        ],
    }


def history(
    portfolio_id: str,
    *,
    person_id: str,
    kind: MoveKind | None,
    first: date | None,
    last: date | None,
    cursor: str | None,
    limit: int,
    actor: Actor,
    book: CashBook,
    cases: Heads,
    portfolios: Portfolios,
    people: Names,
) -> dict[str, Any]:
    """Page through the book of a portfolio's cash, the last line first; days both within."""
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    lines, more = book.moves(
        portfolio_id,
        since=midnight(first, portfolio),
        until=midnight(last + timedelta(days=1), portfolio) if last else None,
        where=lambda one: person_id in ("", one.person_id) and kind in (None, one.kind),
        cursor=cursor,
        limit=limit,
    )
    who = people({f"user:{one.person_id}" for one in lines} | {one.by for one in lines})
    heads = cases.heads({one.case_id for one in lines if one.case_id})
    return {
        "items": [
            to_plain(one)
            | {
                "person": named(one.person_id, who),
                "by": who.get(one.by, one.by),
                "name": heads[one.case_id].name if one.case_id in heads else "",
            }
            for one in lines
        ],
        "cursor": more,
    }


def series(
    portfolio_id: str, *, actor: Actor, book: CashBook, portfolios: Portfolios, people: Names
) -> dict[str, Any]:
    """
    List the series of receipts of a portfolio, with the numbers that have not come.

    A number that is missing may still be on a phone without signal: the day on which the next
    one was given says since when. Receipts of other portfolios are counted, not shown.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    known_portfolio(portfolio_id, portfolios)
    known = book.series(portfolio_id)
    who = people({f"user:{person_id}" for _, person_id, _ in known})
    me = person_of(actor)
    return {
        "items": [
            _series(name, device_id, book.receipts(name), portfolio_id, me)
            | {"person": named(person_id, who)}
            for name, person_id, device_id in known
        ]
    }


def count(
    deposit_id: str,
    *,
    portfolio_id: str,
    counted_minor: int,
    reason: str,
    actor: Actor,
    book: CashBook,
    portfolios: Portfolios,
    now: datetime,
) -> Deposit:
    """
    Say what a deposit really held. Safe to repeat.

    It leaves the hand as it was declared; what is missing the agent owes from then on.

    Raises:
        CashOwn: By who declared it.
        DepositNotFound, DepositCounted: None such, or somebody found something else.
        BadField: Negative, or a difference without a reason.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    deposit = book.deposit(portfolio_id, deposit_id)
    if deposit is None:
        raise DepositNotFound(deposit_id=deposit_id)
    _not_own(deposit.person_id, actor)
    if counted_minor < 0:
        raise BadField(field="counted_minor", reason="negative")
    if deposit.state is DepositState.DECLARED:
        if counted_minor != deposit.amount_minor:
            reason = casework.text(reason, "reason", longest=LONGEST_REASON)
        counted = replace(
            deposit,
            state=DepositState.COUNTED,
            counted_minor=counted_minor,
            counted_at=now,
            counted_by=actor.actor_id,
            reason=reason.strip()[:LONGEST_REASON],
            version=deposit.version + 1,
        )
        move = line(
            MoveKind.COUNT, portfolio, deposit.person_id, deposit_id, by=actor, at=now,
            held_minor=-deposit.amount_minor, declared_minor=-deposit.amount_minor,
            owed_minor=counted.difference_minor, deposit_id=deposit_id, reason=counted.reason,
        )  # fmt: skip
        if book.count(counted, move):
            return counted
        deposit = book.deposit(portfolio_id, deposit_id) or deposit
    if deposit.counted_minor != counted_minor:
        raise DepositCounted(deposit_id=deposit_id)
    return deposit


def void(
    key: str,
    *,
    reason: str,
    actor: Actor,
    book: CashBook,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Receipt:
    """
    Take a receipt back: the debt rises again, and the money leaves the agent's hand.

    Args:
        key: Its number, or its key where the number was used twice.

    Raises:
        ReceiptNotFound: None of a portfolio of the actor's.
        ReceiptVoid: It was taken back before.
        CashOwn: By who gave it.
        CaseVoid: Its case was merged away; correct the other one by an adjustment.
    """
    need(actor, *MANAGERS)
    receipt = book.receipt(key)
    if receipt is None or not actor.sees(receipt.portfolio_id):
        raise ReceiptNotFound(number=key)
    _not_own(receipt.person_id, actor)
    reason = casework.text(reason, "reason", longest=LONGEST_REASON)

    def do(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        standing = book.receipt(key)
        if standing is None:
            raise ReceiptNotFound(number=key)
        draft.void_cash(standing, reason=reason)

    try:
        casework.change(
            receipt.case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now
        )
    except AlreadyRecorded:  # somebody else took it back between our reading and writing
        raise ReceiptVoid(number=key) from None
    return book.receipt(key) or receipt


def settle(
    portfolio_id: str,
    person_id: str,
    *,
    amount_minor: int,
    reason: str,
    key: str,
    actor: Actor,
    book: CashBook,
    portfolios: Portfolios,
    now: datetime,
) -> Hand:
    """
    Close a difference, or part of it: the agent made good what was missing, or was given back.

    Args:
        amount_minor: As the difference is signed, and no more than it.
        key: Names this request; a second one with the same key changes nothing.

    Raises:
        CashOwn: By the agent.
        BadField: Nothing, more than the difference, or no reason.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    _not_own(person_id, actor)
    reason = casework.text(reason, "reason", longest=LONGEST_REASON)
    move = line(
        MoveKind.SETTLEMENT, portfolio, person_id, key, by=actor, at=now,
        owed_minor=-amount_minor, reason=reason,
    )  # fmt: skip
    hand = book.hand(portfolio_id, person_id)
    if book.settled(portfolio_id, move.move_id):
        return hand
    owed = hand.owed_minor
    if amount_minor == 0 or (amount_minor > 0) is not (owed > 0) or abs(amount_minor) > abs(owed):
        raise BadField(field="amount_minor", reason="not_the_difference")
    book.settle(move)
    return book.hand(portfolio_id, person_id)


# Private


def _series(
    name: str, device_id: str, receipts: list[Receipt], portfolio_id: str, me: str
) -> dict[str, Any]:
    numbers = [place(one.number) for one in receipts]
    since = {place(one.number): one.at for one in receipts}
    missing = []
    for number in holes(numbers):
        later = min(n for n in since if n > number)
        missing.append({"number": f"{name}-{number:06d}", "since": to_plain(since[later])})
    ours = [one for one in receipts if one.portfolio_id == portfolio_id]
    return {
        "series": name,
        "device_id": device_id,
        "last": max(numbers, default=0),
        "missing": missing,
        "elsewhere": len(receipts) - len(ours),
        "receipts": [
            to_plain(one) | {"key": one.key, "can": {"void": _may_void(one, me)}}
            for one in reversed(ours)
        ],
    }


def _may_void(receipt: Receipt, me: str) -> bool:
    return receipt.state is ReceiptState.ISSUED and receipt.person_id != me


def _not_own(person_id: str, actor: Actor) -> None:
    if person_id == person_of(actor):
        raise CashOwn


def _empty(hand: Hand) -> Hand:
    return Hand(portfolio_id=hand.portfolio_id, person_id=hand.person_id)
