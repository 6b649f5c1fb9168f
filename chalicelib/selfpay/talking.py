"""
The chat on the page: what was said so far goes with the form, sealed, and is kept nowhere else.

So a conversation ends with the page it is on; what it led to is on the case.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.conversation.facts import Debtor, Owed
from chalicelib.conversation.turns import Reply, Stage, Talk
from chalicelib.conversation.words import Language
from chalicelib.domain.case import CaseFile, PromiseState
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.selfpay.account import Account

MOST_SAID, LONGEST_SAID = 5, 200  # a field of a form holds 4,000 letters
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    mine: bool
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """
    Args:
        said: The newest few, in order.
    """

    talk: Talk
    said: tuple[Said, ...] = ()

    def heard(self, text: str, talk: Talk, replies: tuple[Reply, ...]) -> "Chat":
        """Go on with a message of the debtor's and what was answered."""
        mine = (Said(mine=True, text=text),) if text else ()
        theirs = tuple(Said(mine=False, text=one.text) for one in replies)
        return Chat(talk=talk, said=(*self.said, *mine, *theirs)[-MOST_SAID:])


def begun(case_id: str, language: str, now: datetime) -> Chat:
    """A conversation with a debtor whose identity the page's session has proven."""
    talk = Talk(language=Language(language), stage=Stage.MENU, case_id=case_id, identified_at=now)
    return Chat(talk=talk)


def sealed(chat: Chat, key: bytes, *, whose: str) -> str:
    """
    Write a conversation for a hidden field of *whose* page.

    Args:
        whose: The session; of another's page it is no good.
    """
    kept = tuple(replace(one, text=one.text[:LONGEST_SAID]) for one in chat.said)
    body = json.dumps(to_plain(replace(chat, said=kept)), ensure_ascii=False).encode()
    return f"{_text(body)}.{_text(_mac(body, key, whose))}"


def opened(token: str, key: bytes, *, whose: str, case_id: str, now: datetime) -> Chat | None:
    """Read a conversation; None where it is not ours, or not of this session."""
    said, _, mac = token.partition(".")
    try:
        body, given = _bytes(said), _bytes(mac)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(given, _mac(body, key, whose)):
        return None
    chat = from_plain(Chat, json.loads(body))
    return replace(chat, talk=replace(chat.talk, case_id=case_id, identified_at=now))


def debtor(file: CaseFile, account: Account, *, pay_url: str) -> Debtor:
    """Tell the bot what the page tells: the same figures."""
    promise = account.promise
    return Debtor(
        case_id=file.head.case_id,
        contact_id="",
        tax_id=file.head.tax_id,
        currency=file.head.currency,
        total_minor=0 if account.settled else account.total.minor,
        owed=tuple(
            Owed(
                product=one.product,
                external_id=one.reference,
                due_on=one.due_on,
                owed_minor=one.split.total.minor,
            )
            for one in account.debts
        ),
        promised_minor=promise.amount_minor if promise else None,
        promised_on=promise.due_on if promise else None,
        broken=sum(one.state is PromiseState.BROKEN for one in file.promises),
        pay_url=pay_url,
    )


def _mac(body: bytes, key: bytes, whose: str) -> bytes:
    said = f"debtor-chat\x1f{whose}\x1f".encode() + body
    return hmac.new(key, said, hashlib.sha256).digest()[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    raw = text.encode("ascii")
    return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
