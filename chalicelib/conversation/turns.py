"""What a conversation is made of: its state, what is answered, and what is to be done."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.conversation.words import Language


class Stage(StrEnum):
    """
    Where a conversation is.

    START nothing asked; IDENTIFY the second fact was asked; MENU identified and free; AMOUNT, DAY
    and CONFIRM the questions of a promise; PROOF a receipt was asked; RECEIPT a picture came and
    may be one; DETAIL a dispute may be told; WAITING for a person; PERSON one has taken over;
    STOPPED the debtor wants no messages.
    """

    START = "start"
    IDENTIFY = "identify"
    MENU = "menu"
    AMOUNT = "amount"
    DAY = "day"
    CONFIRM = "confirm"
    PROOF = "proof"
    RECEIPT = "receipt"
    DETAIL = "detail"
    WAITING = "waiting"
    PERSON = "person"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """
    The state between two messages; JSON-safe by ``domain.plain``.

    Args:
        case_id: The case whose debtor this is; empty until identified.
        identified_at: When the second fact was given; it counts for some hours only.
        guesses: Wrong second facts since the last right one.
        locked_until: No second fact is looked at before.
        wanted, words: What was asked for before identity was known, and the words it was asked in;
            personal.
        amount_minor, due_on: A promise in the making.
        media: Stored keys of pictures that came before it was known what they are.
        options: Codes last offered, in order, so that "2" answers.
        misses: Messages in a row that were not understood.
        since: When the stage was entered; a wait for a person ends by it.
    """

    language: Language
    stage: Stage = Stage.START
    case_id: str = ""
    identified_at: datetime | None = None
    guesses: int = 0
    locked_until: datetime | None = None
    wanted: str = ""
    words: str = ""
    amount_minor: int | None = None
    due_on: date | None = None
    media: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    misses: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """
    One message to answer with.

    Args:
        code: The text's name in ``conversation/texts``.
        buttons: (code, title): up to three are buttons of 20 characters, more are a list's rows
            of 24.
    """

    code: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


class EffectKind(StrEnum):
    """
    What follows from a message. Those without a case are for every case that has the number.

    IDENTIFIED the second fact was right. PROMISE to be recorded. PAID says it is paid: to verify,
    messages pause. PROOF a receipt or reference for that. DISPUTE a hold, by ``reason``. DETAIL
    more about it. OPT_OUT and OPT_IN of this channel. WRONG_PERSON the number is somebody else's.
    HAND_OVER a person is wanted, or needed. PAY_LINK how to pay was asked. CANNOT_PAY says so.
    NUMBER_CHANGED ``text`` is the new number.
    """

    IDENTIFIED = "identified"
    PROMISE = "promise"
    PAID = "paid"
    PROOF = "proof"
    DISPUTE = "dispute"
    DETAIL = "detail"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    WRONG_PERSON = "wrong_person"
    HAND_OVER = "hand_over"
    PAY_LINK = "pay_link"
    CANNOT_PAY = "cannot_pay"
    NUMBER_CHANGED = "number_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """
    Args:
        case_id: Empty: every case that has this number.
        on: The promised day, or the day something was paid.
        reason: A stable code: why a hold, why a person.
        text: The debtor's own words; personal.
        days: How long messages pause.
    """

    kind: EffectKind
    case_id: str = ""
    amount_minor: int | None = None
    on: date | None = None
    reason: str = ""
    text: str = ""
    media: tuple[str, ...] = ()
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one message led to. ``intent``: how it was understood, for people who read along."""

    talk: Talk
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    intent: str = ""
