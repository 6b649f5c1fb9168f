"""
Cash in agents' hands: what the phone is told, what is handed in, counted, voided and settled.

The maker is never the checker: nobody counts, voids or settles cash they took themselves, and an
agent does none of these. What is missing is the agent's matter; the debtor's ledger is touched
only where a receipt is voided.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.cash import (
    MOST_NUMBERS,
    Deposit,
    DepositState,
    Hand,
    Move,
    MoveKind,
    Receipt,
    ReceiptState,
    holes,
    is_number,
    limit_of,
    series_of,
    warns,
)
from chalicelib.domain.device import Device
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    AlreadyRecorded,
    BadField,
    CashOwn,
    DepositCounted,
    DepositNotFound,
    DepositTaken,
    DeviceNotFound,
    PortfolioNotFound,
    ReceiptNotFound,
    ReceiptVoid,
)
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework, cash_rules
from chalicelib.services.access import MANAGERS, STAFF, need, need_portfolio
from chalicelib.services.casework import Cases, Portfolios
from chalicelib.services.sessions import person_of
from chalicelib.services.visit_review import Names, midnight

FOLDER = "cash"
SLIP_TYPE = "image/jpeg"
SLIP_FORM_S = 3600
LINK_S = 300
LONGEST_REASON = 500
MOST_DEPOSITS = 20  # of the last ones, on a phone
MOST_AHEAD = timedelta(minutes=10)
EARLIEST = timedelta(days=60)


class CashBook(Protocol):
    """What agents hold and why (``store.cash``)."""

    def receipt(self, key: str) -> Receipt | None: ...
    def receipts(self, series: str) -> list[Receipt]: ...
    def add_void(self, receipt: Receipt, move: Move) -> bool: ...
    def series(self, portfolio_id: str) -> list[tuple[str, str, str]]: ...
    def hand(self, portfolio_id: str, person_id: str) -> Hand: ...
    def hands(self, portfolio_id: str) -> list[Hand]: ...
    def moves(
        self,
        portfolio_id: str,
        *,
        since: datetime | None = ...,
        until: datetime | None = ...,
        where: Callable[[Move], bool] = ...,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> tuple[list[Move], str | None]: ...
    def settled(self, portfolio_id: str, move_id: str) -> bool: ...
    def settle(self, move: Move) -> bool: ...
    def deposit(self, portfolio_id: str, deposit_id: str) -> Deposit | None: ...
    def deposits(self, portfolio_id: str) -> list[Deposit]: ...
    def declare(self, deposit: Deposit, move: Move) -> bool: ...
    def count(self, deposit: Deposit, move: Move) -> bool: ...


class AllPortfolios(Portfolios, Protocol):
    def all(self) -> Iterable[Portfolio]: ...


class Devices(Protocol):
    def get(self, device_id: str, person_id: str) -> Device | None: ...


class Heads(Protocol):
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


class Files(Protocol):
    def post_form(
        self, key: str, *, max_bytes: int, expires_s: int, min_bytes: int, content_type: str
    ) -> dict[str, Any]: ...
    def view(self, key: str, *, expires_s: int) -> str: ...


# The phone


def on_phone(
    device_id: str,
    *,
    actor: Actor,
    devices: Devices,
    book: CashBook,
    portfolios: AllPortfolios,
    now: datetime,
) -> dict[str, Any]:
    """
    Tell a phone what its user holds, and which of its receipts have come.

    Raises:
        DeviceNotFound: Not a phone of theirs that is in use.
    """
    need(actor, *STAFF)
    person_id = person_of(actor)
    _device(device_id, person_id, devices)
    series = series_of(device_id, person_id)
    numbers = {_place(one.number) for one in book.receipts(series)}
    hands, deposits = [], []
    for portfolio in _seen(actor, portfolios):
        if not cash_rules.allowed(portfolio):
            continue
        hand = book.hand(portfolio.portfolio_id, person_id)
        hands.append(_hand(hand, portfolio))
        own = (d for d in book.deposits(portfolio.portfolio_id) if d.person_id == person_id)
        deposits += [_deposit(one) for one in own]
    deposits.sort(key=lambda one: str(one["declared_at"]), reverse=True)
    return {
        "as_of": to_plain(now),
        "series": series,
        "last": max(numbers, default=0),
        "missing": list(holes(numbers)),
        "hands": hands,
        "deposits": deposits[:MOST_DEPOSITS],
    }


def void_unposted(
    number: str,
    *,
    device_id: str,
    case_id: str,
    visit_id: str,
    amount_minor: int,
    at: datetime,
    reason: str,
    actor: Actor,
    devices: Devices,
    book: CashBook,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Receipt:
    """
    Account for a number whose receipt the agent tore up before the visit was over. Safe to repeat.

    It never became money: the debt stands, no hand moves, the number is no hole. One that came
    with its visit already stands as it is; only a supervisor takes it back then.

    Raises:
        BadField: No reason, or a number of another series.
        DeviceNotFound: Not a phone of theirs that is in use.
    """
    file, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    person_id = person_of(actor)
    _device(device_id, person_id, devices)
    if not is_number(number) or number.partition("-")[0] != series_of(device_id, person_id):
        raise BadField(field="number", reason="foreign")
    reason = casework.text(reason, "reason", longest=LONGEST_REASON)
    void = Receipt(
        number=number,
        portfolio_id=portfolio.portfolio_id,
        person_id=person_id,
        device_id=device_id,
        case_id=file.head.case_id,
        visit_id=visit_id,
        amount_minor=amount_minor,
        currency=portfolio.currency,
        at=min(at, now),
        received_at=now,
        state=ReceiptState.VOID,
        voided_at=now,
        by=actor.actor_id,
        reason=reason,
    )
    line = _line(
        MoveKind.VOID, portfolio, person_id, void.number, by=actor, at=void.at, receipt=number,
        case_id=void.case_id, visit_id=visit_id, reason=reason,
    )  # fmt: skip
    if book.add_void(void, line):
        return void
    return book.receipt(number) or void


def declare(
    deposit_id: str,
    *,
    portfolio_id: str,
    amount_minor: int,
    at: datetime,
    way: str,
    reference: str,
    note: str,
    slip: tuple[str, int] | None,
    actor: Actor,
    book: CashBook,
    portfolios: Portfolios,
    files: Files,
    now: datetime,
) -> tuple[dict[str, Any], bool]:
    """
    Note what an agent says was handed in; it stays in the hand until it is counted.

    Safe to repeat: the same again gives the form for the slip again.

    Args:
        slip: Digest (hex) and length of its picture; None without one.

    Returns:
        The deposit with the form to send the slip with, and whether this made it.

    Raises:
        DepositTaken: Another one has this id.
        BadField: Not positive, in the future, or long ago.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    portfolio = _portfolio(portfolio_id, portfolios)
    person_id = person_of(actor)
    if amount_minor <= 0:
        raise BadField(field="amount_minor", reason="not_positive")
    if not now - EARLIEST <= at <= now + MOST_AHEAD:
        raise BadField(field="at", reason="in_the_future" if at > now else "too_old")
    key = f"{FOLDER}/{portfolio_id}/{deposit_id}.jpg" if slip else ""
    deposit = Deposit(
        deposit_id=deposit_id,
        portfolio_id=portfolio_id,
        person_id=person_id,
        amount_minor=amount_minor,
        currency=portfolio.currency,
        at=at,
        declared_at=now,
        way=way,
        reference=reference.strip(),
        note=note.strip(),
        slip=key,
        slip_sha256=slip[0] if slip else "",
    )
    line = _line(
        MoveKind.DEPOSIT, portfolio, person_id, deposit_id, by=actor, at=now,
        declared_minor=amount_minor, deposit_id=deposit_id,
    )  # fmt: skip
    new = book.declare(deposit, line)
    known = deposit if new else book.deposit(portfolio_id, deposit_id)
    said = ("person_id", "amount_minor", "at", "slip_sha256")
    if known is None or any(getattr(known, name) != getattr(deposit, name) for name in said):
        raise DepositTaken(deposit_id=deposit_id)
    form = None
    if slip and known.state is DepositState.DECLARED:
        form = files.post_form(
            key, min_bytes=slip[1], max_bytes=slip[1], content_type=SLIP_TYPE, expires_s=SLIP_FORM_S
        )
    return {"deposit": _deposit(known), "have": not slip, "post": form}, new


# The panel


def overview(
    portfolio_id: str,
    *,
    actor: Actor,
    book: CashBook,
    portfolios: Portfolios,
    files: Files,
    people: Names,
) -> dict[str, Any]:
    """
    Lay out a portfolio's cash: who holds what, what waits to be counted, what was found.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = _portfolio(portfolio_id, portfolios)
    hands = [one for one in book.hands(portfolio_id) if one != _empty(one)]
    deposits = book.deposits(portfolio_id)
    who = people(
        {f"user:{one.person_id}" for one in hands}
        | {f"user:{one.person_id}" for one in deposits}
        | {one.counted_by for one in deposits if one.counted_by}
    )
    me = person_of(actor)
    shown = sorted(deposits, key=lambda one: (one.state.value != "declared", one.declared_at))
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
            _hand(one, portfolio)
            | {"person": _named(one.person_id, who), "can": {"settle": one.person_id != me}}
            for one in sorted(hands, key=lambda one: -one.answers_for_minor)
        ],
        "deposits": [
            _deposit(one)
            | {
                "person": _named(one.person_id, who),
                "counted_by": who.get(one.counted_by, "") if one.counted_by else None,
                "slip_url": files.view(one.slip, expires_s=LINK_S) if one.slip else None,
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
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = _portfolio(portfolio_id, portfolios)
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
                "person": _named(one.person_id, who),
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
    _portfolio(portfolio_id, portfolios)
    known = book.series(portfolio_id)
    who = people({f"user:{person_id}" for _, person_id, _ in known})
    me = person_of(actor)
    return {
        "items": [
            _series(name, device_id, book.receipts(name), portfolio_id, me)
            | {"person": _named(person_id, who)}
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
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = _portfolio(portfolio_id, portfolios)
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
        line = _line(
            MoveKind.COUNT, portfolio, deposit.person_id, deposit_id, by=actor, at=now,
            held_minor=-deposit.amount_minor, declared_minor=-deposit.amount_minor,
            owed_minor=counted.difference_minor, deposit_id=deposit_id, reason=counted.reason,
        )  # fmt: skip
        if book.count(counted, line):
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
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = _portfolio(portfolio_id, portfolios)
    _not_own(person_id, actor)
    reason = casework.text(reason, "reason", longest=LONGEST_REASON)
    line = _line(
        MoveKind.SETTLEMENT, portfolio, person_id, key, by=actor, at=now,
        owed_minor=-amount_minor, reason=reason,
    )  # fmt: skip
    hand = book.hand(portfolio_id, person_id)
    if book.settled(portfolio_id, line.move_id):
        return hand
    owed = hand.owed_minor
    if amount_minor == 0 or (amount_minor > 0) is not (owed > 0) or abs(amount_minor) > abs(owed):
        raise BadField(field="amount_minor", reason="not_the_difference")
    book.settle(line)
    return book.hand(portfolio_id, person_id)


# Private


def _series(
    name: str, device_id: str, receipts: list[Receipt], portfolio_id: str, me: str
) -> dict[str, Any]:
    numbers = [_place(one.number) for one in receipts]
    since = {_place(one.number): one.at for one in receipts}
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


def _line(
    kind: MoveKind,
    portfolio: Portfolio,
    person_id: str,
    cause: str,
    *,
    by: Actor,
    at: datetime,
    **values: Any,
) -> Move:
    return Move(
        move_id=derived_id("mov", kind.value, cause),
        kind=kind,
        portfolio_id=portfolio.portfolio_id,
        person_id=person_id,
        at=at,
        by=by.actor_id,
        currency=portfolio.currency,
        **values,
    )


def _hand(hand: Hand, portfolio: Portfolio) -> dict[str, Any]:
    limit = limit_of(portfolio)
    return {
        "portfolio_id": hand.portfolio_id,
        "currency": portfolio.currency,
        "held_minor": hand.held_minor,
        "declared_minor": hand.declared_minor,
        "owed_minor": hand.owed_minor,
        "answers_for_minor": hand.answers_for_minor,
        "limit_minor": limit,
        "state": "full"
        if hand.answers_for_minor >= limit
        else "warn"
        if warns(hand.answers_for_minor, limit)
        else "fine",
    }


def _deposit(deposit: Deposit) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(deposit)
    for name in ("slip", "slip_sha256", "counted_by", "person_id", "version"):
        del plain[name]
    return plain | {"difference_minor": deposit.difference_minor, "has_slip": bool(deposit.slip)}


def _device(device_id: str, person_id: str, devices: Devices) -> None:
    known = devices.get(device_id, person_id)
    if known is None or known.revoked_at is not None:
        raise DeviceNotFound(device_id=device_id)


def _seen(actor: Actor, portfolios: AllPortfolios) -> list[Portfolio]:
    if "*" in actor.portfolios:
        found = list(portfolios.all())
    else:
        found = [one for pid in actor.portfolios if (one := portfolios.get(pid)) is not None]
    return [one for one in found if not one.archived]


def _portfolio(portfolio_id: str, portfolios: Portfolios) -> Portfolio:
    found = portfolios.get(portfolio_id)
    if found is None:
        raise PortfolioNotFound
    return found


def _not_own(person_id: str, actor: Actor) -> None:
    if person_id == person_of(actor):
        raise CashOwn


def _empty(hand: Hand) -> Hand:
    return Hand(portfolio_id=hand.portfolio_id, person_id=hand.person_id)


def _named(person_id: str, who: Mapping[str, str]) -> dict[str, str]:
    return {"id": person_id, "name": who.get(f"user:{person_id}", "")}


def _place(number: str) -> int:
    return min(int(number.partition("-")[2]), MOST_NUMBERS)
