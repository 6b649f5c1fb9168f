"""
Whether a receipt is right: what anybody who holds one is told, and how the debtor confirms it.

A receipt's QR is signed by the phone that gave it, so that it can be checked from the first moment,
before anything of it has come. The answer names no debtor and no debt.
"""

from datetime import UTC, datetime
from typing import Any, Protocol

from chalicelib.domain.cash import Receipt, ReceiptState, is_number, series_of
from chalicelib.domain.device import Device
from chalicelib.domain.errors import ReceiptNotFound, TooManyAttempts
from chalicelib.domain.one_time_code import OneTimeCode
from chalicelib.domain.people import Actor, Person
from chalicelib.domain.plain import to_plain
from chalicelib.domain.visit import Cash
from chalicelib.services import casework, one_time_codes
from chalicelib.services.access import Portfolios
from chalicelib.visits import signature as signing

PURPOSE = "cash"
MOST_ASKED, ASKED_WITHIN_S = 20, 60


class Devices(Protocol):
    def of(self, device_id: str) -> list[Device]: ...


class Receipts(Protocol):
    def receipt(self, key: str) -> Receipt | None: ...


class Turns(Protocol):
    def take(self, name: str, *, most: int, within_s: int, now: datetime) -> bool: ...


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...


class Queue(Protocol):
    def send(self, messages: list[dict[str, Any]]) -> object: ...


def shown(
    token: str,
    *,
    asker: str,
    devices: Devices,
    book: Receipts,
    people: People,
    portfolios: Portfolios,
    turns: Turns,
    now: datetime,
) -> dict[str, Any]:
    """
    Say what a receipt's QR stands for, to anybody who holds it.

    Args:
        token: ``<number>.<minor units>.<currency>.<second>.<device>.<signature>``.
        asker: Whoever asks, as far as it can be told: an address.

    Returns:
        ``state``: ``credited`` to the account, ``void``, ``waiting`` for the phone's signal, or
        ``other`` when what came under the number is not what the paper says.

    Raises:
        TooManyAttempts: *asker* has tried too many.
        ReceiptNotFound: No phone of ours signed it; nothing tells why.
    """
    turn = f"receipt#{asker}"
    if not turns.take(turn, most=MOST_ASKED, within_s=ASKED_WITHIN_S, now=now):
        raise TooManyAttempts(retry_after_s=ASKED_WITHIN_S)
    said, _, signed = token.rpartition(".")
    said, _, device_id = said.rpartition(".")
    parts = said.split(".")
    if len(parts) != 4 or not is_number(parts[0]) or not (parts[1] + parts[3]).isdecimal():
        raise ReceiptNotFound
    number, minor, currency, second = parts
    giver = next(
        (
            one
            for one in devices.of(device_id)
            if series_of(device_id, one.person_id) == number.partition("-")[0]
            and signing.is_signed(said.encode(), signed, x=one.x, y=one.y)
        ),
        None,
    )
    if giver is None:
        raise ReceiptNotFound
    known = book.receipt(number)
    same = known is not None and (known.amount_minor, known.currency) == (int(minor), currency)
    state = "waiting"
    if known is not None:
        state = "void" if known.state is ReceiptState.VOID else "credited" if same else "other"
    portfolio = portfolios.get(known.portfolio_id) if known else None
    person = people.get(giver.person_id)
    return {
        "number": number,
        "amount": {"minor": int(minor), "currency": currency},
        "at": to_plain(datetime.fromtimestamp(min(int(second), 2**40), UTC)),
        "state": state,
        "taken_by": person.name if person else "",
        "creditor": (portfolio.identification.creditor or portfolio.creditor) if portfolio else "",
        "agency": portfolio.identification.agency if portfolio else "",
    }


def ask_code(
    case_id: str,
    number: str,
    *,
    amount_minor: int,
    actor: Actor,
    portfolios: Portfolios,
    queue: Queue,
    means: one_time_codes.Means,
    now: datetime,
) -> str:
    """
    Have a code sent to the debtor, who confirms with it what was paid; gives its id.

    Raises:
        CaseNotFound: None that the actor may see.
        TooManyAttempts: Too many were asked for.
    """
    casework.opened(case_id, actor=actor, cases=means.cases, portfolios=portfolios)
    code = one_time_codes.ask(
        case_id, PURPOSE, number, by=actor.actor_id, means=means, now=now, amount_minor=amount_minor
    )
    queue.send([{"code_id": code.code_id}])
    return code.code_id


def try_code(
    case_id: str,
    number: str,
    code_id: str,
    given: str,
    *,
    actor: Actor,
    portfolios: Portfolios,
    means: one_time_codes.Means,
    now: datetime,
) -> None:
    """
    Take the code the debtor read out; reception finds it proved then, however late that is.

    Raises:
        CodeNotValid: It is not the one; nothing tells why.
    """
    casework.opened(case_id, actor=actor, cases=means.cases, portfolios=portfolios)
    if proved(case_id, code_id, number, None, codes=means.codes):
        return  # the same again
    one_time_codes.check(
        code_id, given, case_id=case_id, purpose=PURPOSE, subject=number, means=means, now=now
    )


def taken_proved(case_id: str, cash: Cash, *, codes: one_time_codes.Codes) -> bool:
    """Say whether the debtor confirmed what a report says was taken."""
    return proved(case_id, cash.code_id, cash.number, cash.amount_minor, codes=codes)


def proved(
    case_id: str,
    code_id: str,
    number: str,
    amount_minor: int | None,
    *,
    codes: one_time_codes.Codes,
) -> bool:
    """Say whether a code was read back for just this receipt, and (if given) this amount."""
    code: OneTimeCode | None = codes.get(code_id) if code_id else None
    return (
        code is not None
        and code.used_at is not None
        and (code.case_id, code.purpose, code.subject) == (case_id, PURPOSE, number)
        and amount_minor in (None, code.amount_minor)
    )
