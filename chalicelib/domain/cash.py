"""
Cash taken at the door: numbered receipts, what each agent holds, deposits and their count.

The debtor's side is the ledger; this is the agent's side. The two move in one commit, so that
what a debtor paid is owed no more by the debtor, and is held by the agent, at the same moment.
Whatever goes missing after that is the agent's matter and never the debtor's.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.portfolio import Portfolio

SOURCE = "cash"  # of the ledger's entries
# Without I, L, O and U, which are misread or make words.
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SERIES_LENGTH = 8
NUMBER = re.compile(rf"([{_DIGITS}]{{{_SERIES_LENGTH}}})-(\d{{6}})")
WARN_PERCENT = 80
MOST_NUMBERS = 999_999

# What an agent may hold where the portfolio does not say: some 500 US dollars, minor units.
_USUAL_LIMIT = {
    "MXN": 1_000_000, "COP": 200_000_000, "CLP": 500_000, "PEN": 200_000, "ARS": 50_000_000,
    "BRL": 300_000, "UYU": 2_000_000, "PYG": 4_000_000, "BOB": 350_000, "CRC": 25_000_000,
    "CLF": 120_000,
}  # fmt: skip
_OTHER_LIMIT = 50_000


class ReceiptState(StrEnum):
    """VOID: somebody took it back, with a reason; the debt stands as if it had never been."""

    ISSUED = "issued"
    VOID = "void"


class Word(StrEnum):
    """What the debtor says of a receipt: OPEN while nothing; DENIED: none of it, or not so much."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DENIED = "denied"


class MoveKind(StrEnum):
    """
    RECEIPT raises what is held, VOID takes it back. DEPOSIT is what the agent says was handed
    in; COUNT what somebody else found. SETTLEMENT is what was agreed about a difference.
    """

    RECEIPT = "receipt"
    VOID = "void"
    DEPOSIT = "deposit"
    COUNT = "count"
    SETTLEMENT = "settlement"


class DepositState(StrEnum):
    DECLARED = "declared"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """
    A provisional receipt, as the phone numbered it.

    Args:
        number: ``<series>-<six digits>``; the series is the phone's and its user's.
        at: When the money changed hands, by the server's clock.
        reference: The ledger's own; empty where nothing was posted.
        confirmed: How the debtor did: ``code`` at the door, ``page`` or ``call`` afterwards; empty
            while nobody has.
        said_minor: What the debtor says was paid where that is not the receipt's amount, 0 for
            nothing; None while nothing was denied.
        said_at: When the debtor was heard afterwards, ``page`` or ``call``.
        doubts: Why a person has to look at it: ``repeated``, ``was_void``, ``over_limit``,
            ``more_than_owed``, ``not_allowed``, ``not_posted``, ``code_wrong``.
        by: Who voided it, an actor as on the timeline.
        twin_of: The visit whose receipt bore the number first, where it is a repeated one.
    """

    number: str
    portfolio_id: str
    person_id: str
    device_id: str
    case_id: str
    visit_id: str
    amount_minor: int
    currency: str
    at: datetime
    received_at: datetime
    state: ReceiptState = ReceiptState.ISSUED
    reference: str = ""
    confirmed: str = ""
    doubts: tuple[str, ...] = ()
    voided_at: datetime | None = None
    by: str = ""
    reason: str = ""
    twin_of: str = ""
    said_minor: int | None = None
    said_at: datetime | None = None

    @property
    def series(self) -> str:
        return self.number.partition("-")[0]

    @property
    def word(self) -> Word:
        if self.said_minor is not None:
            return Word.DENIED
        return Word.CONFIRMED if self.confirmed else Word.OPEN

    @property
    def key(self) -> str:
        """What no other receipt has: its number, or with its visit when that was taken."""
        return f"{self.number}!{self.visit_id}" if self.twin_of else self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """
    One line of an agent's cash book; signed.

    Args:
        move_id: Made from what caused it, so that a repeat meets itself.
        held_minor: What it adds to what is in the agent's hands.
        declared_minor: To what of that is said to be handed in, and is not counted yet.
        owed_minor: To what the agent owes, or is owed when negative, by differences.
        by: An actor as on the timeline.
    """

    move_id: str
    kind: MoveKind
    portfolio_id: str
    person_id: str
    at: datetime
    by: str
    currency: str
    held_minor: int = 0
    declared_minor: int = 0
    owed_minor: int = 0
    receipt: str = ""
    case_id: str = ""
    visit_id: str = ""
    deposit_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """
    A receipt as it is written with a case.

    Args:
        move: Its line in the book; None where no money moves.
        before: The receipt as it stood; None when its number was free.
    """

    receipt: Receipt
    move: Move | None
    before: Receipt | None = None

    @property
    def new(self) -> bool:
        return self.before is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How many receipts of one agent stand that the debtor said nothing of, confirmed, denied."""

    person_id: str
    open: int = 0
    confirmed: int = 0
    denied: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What one agent holds of a portfolio's money: the sum of the moves, in minor units."""

    portfolio_id: str
    person_id: str
    held_minor: int = 0
    declared_minor: int = 0
    owed_minor: int = 0

    @property
    def answers_for_minor(self) -> int:
        """What the limit is held against: what is not counted yet, and what was found missing."""
        return self.held_minor + max(0, self.owed_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """
    What an agent says was handed in, and what was found.

    Args:
        way: ``bank`` or ``office``.
        slip: Key of the slip's picture in the bucket of evidence; empty without one.
        counted_by: An actor as on the timeline; never who declared it.
    """

    deposit_id: str
    portfolio_id: str
    person_id: str
    amount_minor: int
    currency: str
    at: datetime
    declared_at: datetime
    way: str
    state: DepositState = DepositState.DECLARED
    reference: str = ""
    note: str = ""
    slip: str = ""
    slip_sha256: str = ""
    counted_minor: int | None = None
    counted_at: datetime | None = None
    counted_by: str = ""
    reason: str = ""
    version: int = 1

    @property
    def difference_minor(self) -> int:
        """What is missing; negative when there was more than declared. 0 until it is counted."""
        return 0 if self.counted_minor is None else self.amount_minor - self.counted_minor


def series_of(device_id: str, person_id: str) -> str:
    """
    Name the series of one person's receipts on one phone; the phone reckons it the same way.

    >>> series_of("dev_0000000001", "ana")
    'NZXC53SV'
    """
    raw = hashlib.sha256(f"{device_id}\n{person_id}".encode()).digest()[:5]
    number = int.from_bytes(raw, "big")
    return "".join(_DIGITS[number >> shift & 31] for shift in range(35, -1, -5))


def is_number(text: str) -> bool:
    found = NUMBER.fullmatch(text)
    return found is not None and int(found[2]) > 0


def holes(numbers: Iterable[int]) -> tuple[int, ...]:
    """
    Say which numbers of a series have not come, below the highest that has.

    >>> holes([5, 1, 2])
    (3, 4)
    """
    known = set(numbers)
    return tuple(n for n in range(1, max(known, default=0)) if n not in known)


def limit_of(portfolio: Portfolio) -> int:
    """What an agent may hold of a portfolio's money, in its minor units."""
    own = portfolio.policies.cash.hand_limit_minor
    return _USUAL_LIMIT.get(portfolio.currency, _OTHER_LIMIT) if own is None else own


def warns(answers_for_minor: int, limit_minor: int) -> bool:
    """
    Say whether so much in the hand is close to the limit.

    >>> warns(799, 1_000), warns(800, 1_000)
    (False, True)
    """
    return answers_for_minor * 100 >= limit_minor * WARN_PERCENT
