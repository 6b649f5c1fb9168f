"""What a debtor allows or refuses, and what was found out of a contact point."""

from datetime import datetime
from typing import Any

from chalicelib.domain import links
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel, ConsentState
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_contact import ANY
from chalicelib.domain.errors import CaseMoved, CaseNotFound, ContactNotFound, LinkExpired
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import ATTEMPTS, Cases

MAX_WORDS = 500
UNSUBSCRIBE = "unsubscribe"


def say(
    case_id: str,
    *,
    state: ConsentState,
    contact_id: str,
    channel: Channel | None,
    source: str,
    words: str,
    actor: Actor,
    **stores: Any,
) -> tuple[CaseFile, Portfolio]:
    """
    Record what the debtor said of a contact point or address and a channel.

    A refusal counts at once: what waits to go there is taken back with it.

    Args:
        contact_id: ``*`` for all of them; *channel* None for all of them.

    Raises:
        ContactNotFound: Neither a contact point nor an address of this case.
    """

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        known = {point.contact_id for point in file.contacts}
        known |= {address.address_id for address in file.addresses}
        if contact_id != ANY and contact_id not in known:
            raise ContactNotFound(contact_id=contact_id)
        draft.consent(
            state,
            contact_id=contact_id,
            channel=channel,
            source=source,
            words=words.strip()[:MAX_WORDS],
        )

    return casework.change(case_id, do, actor=actor, **stores)


def found_out(
    case_id: str, contact_id: str, *, quality: str, party: str, actor: Actor, **stores: Any
) -> tuple[CaseFile, Portfolio]:
    """
    Record that a contact point is right, wrong, or somebody else's. Empty leaves as it is.

    Raises:
        ContactNotFound: Not of this case.
    """

    def do(draft: Draft, *_: object) -> None:
        draft.mark_contact(contact_id, quality=quality, party=party)

    return casework.change(case_id, do, actor=actor, **stores)


def check_link(token: str, *, key: bytes, now: datetime) -> links.Link:
    """
    Open a link that refuses further messages.

    Raises:
        LinkExpired: It is not ours, or its time is over; told apart by nothing.
    """
    link = links.opened(token, key, purpose=UNSUBSCRIBE, today=now.date())
    if link is None:
        raise LinkExpired
    return link


def unsubscribe(
    token: str, *, key: bytes, cases: Cases, portfolios: Portfolios, now: datetime
) -> None:
    """
    Refuse further messages at the point and channel a link was sent to. Safe to repeat.

    Raises:
        LinkExpired: It is not ours, its time is over, or its case is gone.
    """
    link = check_link(token, key=key, now=now)
    for _ in range(ATTEMPTS):
        try:
            file = cases.open(link.case_id)
        except CaseNotFound:
            raise LinkExpired from None
        if file.head.merged_into is not None:
            file = cases.open(file.head.merged_into)
        portfolio = portfolios.get(file.head.portfolio_id)
        if portfolio is None:
            raise LinkExpired
        draft = Draft(file, portfolio, actor="debtor", now=now)
        draft.consent(
            ConsentState.REFUSED,
            contact_id=link.subject,
            channel=Channel(link.channel),
            source="unsubscribe_link",
        )
        change = draft.change()
        if change is None:
            return
        try:
            cases.commit(change)
        except CaseMoved:
            continue
        return
    raise CaseMoved(case_id=link.case_id)
