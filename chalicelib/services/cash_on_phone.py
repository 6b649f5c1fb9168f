"""
Cash on an agent's phone: what they hold, a receipt torn up, a deposit declared.

The maker is never the checker: nothing here counts, voids or settles (see ``cash_desk``).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.cash import (
    Deposit,
    DepositState,
    MoveKind,
    Receipt,
    ReceiptState,
    holes,
    is_number,
    series_of,
)
from chalicelib.domain.device import Device
from chalicelib.domain.errors import (
    BadField,
    DepositTaken,
    DeviceNotFound,
)
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework, cash_rules
from chalicelib.services.access import (
    STAFF,
    Portfolios,
    need,
    open_portfolio,
)
from chalicelib.services.casework import Cases
from chalicelib.services.cash_book import (
    LONGEST_REASON,
    CashBook,
    deposit_plain,
    hand_plain,
    line,
    place,
)
from chalicelib.services.sessions import person_of

FOLDER = "cash"
SLIP_TYPE = "image/jpeg"
SLIP_FORM_S = 3600
MOST_DEPOSITS = 20  # of the last ones, on a phone
MOST_AHEAD = timedelta(minutes=10)
EARLIEST = timedelta(days=60)


class AllPortfolios(Portfolios, Protocol):
    def all(self) -> Iterable[Portfolio]: ...


class Devices(Protocol):
    def get(self, device_id: str, person_id: str) -> Device | None: ...


class Files(Protocol):
    def post_form(
        self, key: str, *, max_bytes: int, expires_s: int, min_bytes: int, content_type: str
    ) -> dict[str, Any]: ...


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
    numbers = {place(one.number) for one in book.receipts(series)}
    hands, deposits = [], []
    for portfolio in _seen(actor, portfolios):
        if not cash_rules.allowed(portfolio):
            continue
        hand = book.hand(portfolio.portfolio_id, person_id)
        hands.append(hand_plain(hand, portfolio))
        own = (d for d in book.deposits(portfolio.portfolio_id) if d.person_id == person_id)
        deposits += [deposit_plain(one) for one in own]
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
    move = line(
        MoveKind.VOID, portfolio, person_id, void.number, by=actor, at=void.at, receipt=number,
        case_id=void.case_id, visit_id=visit_id, reason=reason,
    )  # fmt: skip
    if book.add_void(void, move):
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
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
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
    move = line(
        MoveKind.DEPOSIT, portfolio, person_id, deposit_id, by=actor, at=now,
        declared_minor=amount_minor, deposit_id=deposit_id,
    )  # fmt: skip
    new = book.declare(deposit, move)
    known = deposit if new else book.deposit(portfolio_id, deposit_id)
    said = ("person_id", "amount_minor", "at", "slip_sha256")
    if known is None or any(getattr(known, name) != getattr(deposit, name) for name in said):
        raise DepositTaken(deposit_id=deposit_id)
    form = None
    if slip and known.state is DepositState.DECLARED:
        form = files.post_form(
            key, min_bytes=slip[1], max_bytes=slip[1], content_type=SLIP_TYPE, expires_s=SLIP_FORM_S
        )
    return {"deposit": deposit_plain(known), "have": not slip, "post": form}, new


# Private


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
