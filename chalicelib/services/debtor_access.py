"""
The debtor's door: links are made, opened and revoked; a second fact lets somebody in.

Whoever knocks learns nothing before that: a wrong fact, an unknown creditor and a tax id that no
case has are answered alike, and after the same work. The phone that a link was sent to is no
second fact for it, nor is it sent the code, unless nothing else is known of the debtor: a phone
may be shared, and whoever holds it knows its number.
"""

import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain import debtor_link, debtor_session
from chalicelib.domain.case import CaseFile, CaseHead, CaseStatus, ContactKind, ContactPoint
from chalicelib.domain.debtor_link import DebtorLink
from chalicelib.domain.debtor_session import DebtorSession, Knock
from chalicelib.domain.draft_contact import UNUSABLE
from chalicelib.domain.errors import CaseNotFound, CodeNotValid, TooManyAttempts
from chalicelib.domain.ids import derived_id
from chalicelib.domain.links_of_case import LinksOfCase
from chalicelib.domain.names import folded
from chalicelib.domain.portfolio import Portfolio
from chalicelib.intake.tax_ids import compact
from chalicelib.services import one_time_codes
from chalicelib.services.access import Portfolios

LAST = 4  # how many of the last letters are asked for
HOUR_S, DAY_S, MONTH_S = 3600, 86_400, 30 * 86_400
# (most wrong answers, within): whoever has the link, whoever asks for the debtor, one address.
OF_A_LINK = (5, HOUR_S)
OF_A_DEBTOR = ((10, DAY_S), (30, MONTH_S))
# Thousands of phones share one address of a mobile network.
OF_AN_ADDRESS = (100, HOUR_S)
MOST_CREDITORS = 5
MOST_CASES = 3
_NOBODY = "cas_" + "0" * 26  # looked up where nothing was found, so that it takes as long


class Store(Protocol):
    def session(self, session_id: str) -> DebtorSession | None: ...
    def keep_session(self, session: DebtorSession) -> None: ...
    def end_session(self, session_id: str) -> None: ...
    def knock(self, knock_id: str) -> Knock | None: ...
    def keep_knock(self, knock: Knock) -> None: ...
    def links(self, case_id: str) -> LinksOfCase: ...


class Turns(Protocol):
    def take(self, name: str, *, most: int, within_s: int, now: datetime) -> bool:
        """Count one more, and say whether it is within the limit."""
        ...

    def give_back(self, name: str, *, within_s: int, now: datetime) -> None:
        """Count one less: it was no try after all."""
        ...


class Cases(Protocol):
    def open(self, case_id: str) -> CaseFile: ...
    def heads(self, case_ids: Sequence[str]) -> dict[str, CaseHead]: ...
    def find(
        self, portfolio_id: str, kind: str, value: str, *, limit: int = 50
    ) -> Sequence[CaseHead]: ...
    def timeline(self, case_id: str, *, limit: int = 50) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the door is kept with."""

    store: Store
    turns: Turns
    cases: Cases
    portfolios: Portfolios
    living: Callable[[], Sequence[Portfolio]]
    key: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody who has to give a second fact; ``portfolio`` is known by a link only."""

    case_ids: tuple[str, ...]
    portfolio: Portfolio | None = None
    link: DebtorLink | None = None
    typed: str = ""


def by_link(token: str, *, door: Door, now: datetime) -> Asked | None:
    """Open a link as far as it goes without a second fact; None when it does not work."""
    link = debtor_link.read(token, door.key())
    if link is None or not door.store.links(link.case_id).works(link, now):
        return None
    head = _living_head(link.case_id, door.cases)
    portfolio = door.portfolios.get(head.portfolio_id) if head else None
    if head is None or portfolio is None or portfolio.archived:
        return None
    return Asked(case_ids=(head.case_id,), portfolio=portfolio, link=link)


def by_typing(creditor: str, tax_id: str, *, door: Door, cookie: str, now: datetime) -> None:
    """Note who knocks without a link; nothing tells whether there is such a debtor."""
    asked, typed = folded(creditor[:120]), tax_id[:40].strip().upper()
    values = dict.fromkeys((compact(typed), typed))  # as files write it, and as it is
    named = [one for one in door.living() if asked and asked in _names(one)][:MOST_CREDITORS]
    found: list[str] = []
    for portfolio_id in [one.portfolio_id for one in named] or ["prt_none"]:
        for value in values:
            found += [head.case_id for head in door.cases.find(portfolio_id, "tax", value)]
    if not found:
        door.cases.heads([_NOBODY])
    knock = Knock(
        knock_id=debtor_session.id_of(cookie),
        expires_at=now + debtor_session.KNOCK_LASTS,
        typed=derived_id("typ", compact(typed)),
        case_ids=tuple(dict.fromkeys(found))[:MOST_CASES],
    )
    door.store.keep_knock(knock)


def typed_by(cookie: str, *, door: Door, now: datetime) -> Asked | None:
    """Give what somebody typed before; None when nobody did, or too long ago."""
    knock = door.store.knock(debtor_session.id_of(cookie))
    if knock is None or knock.expires_at <= now or not knock.typed:
        return None
    return Asked(case_ids=knock.case_ids, typed=knock.typed)


def answer(
    asked: Asked, given: str, *, door: Door, address: str, cookie: str, now: datetime
) -> DebtorSession | None:
    """
    Look at a second fact; gives the session of whoever is let in, None when it is wrong.

    Args:
        address: Whoever asks, as far as it can be told.
        cookie: The new one, under which the session is kept from now on.

    Raises:
        TooManyAttempts: Too many wrong ones, whatever this one is.
    """
    tries = _tries(asked, address)
    _count(tries, door.turns, now)
    files = [file for one in asked.case_ids if (file := _opened(one, door.cases)) is not None]
    if not files:
        _opened(_NOBODY, door.cases)
        door.cases.timeline(_NOBODY, limit=1)
    said = _plain(given[:40])
    fitting = [(file, proof) for file in files if (proof := _fits(file, asked, said))]
    if not fitting:
        return None
    _give_back(tries, door.turns, now)
    file, proof = min(
        fitting, key=lambda one: (one[0].head.balance_minor <= 0, one[0].head.case_id)
    )
    return admitted(file, proof, asked=asked, door=door, cookie=cookie, now=now)


def admitted(
    file: CaseFile, proof: str, *, asked: Asked, door: Door, cookie: str, now: datetime
) -> DebtorSession:
    """Let somebody in who gave a proof."""
    points = (
        one.contact_id for one in file.contacts if asked.link and asked.link.is_of(one.contact_id)
    )
    session = DebtorSession(
        session_id=debtor_session.id_of(cookie),
        case_id=file.head.case_id,
        portfolio_id=file.head.portfolio_id,
        began_at=now,
        expires_at=debtor_session.until(now, now),
        proof=proof,
        contact_id=next(points, ""),
        link_id=asked.link.link_id if asked.link else "",
        language=file.head.language or "",
    )
    door.store.keep_session(session)
    return session


def ask_code(
    asked: Asked,
    *,
    door: Door,
    codes: one_time_codes.Means,
    send: Callable[[dict[str, str]], None],
    cookie: str,
    token: str,
    now: datetime,
) -> None:
    """
    Let a one-time code be sent to the debtor, if there is one; nothing tells whether there is.

    It is good for this browser only.

    Args:
        send: Has it sent by somebody else, so that the answer takes as long in any case.

    Raises:
        TooManyAttempts: Too many were asked for.
    """
    knock_id = debtor_session.id_of(cookie)
    case_id = asked.case_ids[0] if asked.case_ids else ""
    code = one_time_codes.ask(
        case_id,
        "door",
        knock_id,
        by="system",
        means=codes,
        now=now,
        apart_from=_not_to(asked, door.cases),
        counted_as=case_id or asked.typed,
    )
    door.store.keep_knock(
        Knock(
            knock_id=knock_id,
            expires_at=now + debtor_session.KNOCK_LASTS,
            token=token,
            typed=asked.typed,
            case_ids=asked.case_ids,
            code_id=code.code_id,
        )
    )
    send({"code_id": code.code_id})


def answer_code(
    given: str,
    *,
    door: Door,
    codes: one_time_codes.Means,
    knocked: str,
    address: str,
    cookie: str,
    now: datetime,
) -> DebtorSession | None:
    """
    Look at a one-time code that was read back; None when it is wrong.

    Args:
        knocked: The cookie under which it was asked for.
        cookie: The new one.

    Raises:
        TooManyAttempts: Too many wrong answers.
    """
    knock = door.store.knock(debtor_session.id_of(knocked))
    if knock is None or knock.expires_at <= now or not knock.code_id:
        return None
    asked = by_link(knock.token, door=door, now=now) if knock.token else None
    if asked is None and not knock.typed:
        return None  # the link was revoked meanwhile
    asked = asked or Asked(case_ids=knock.case_ids, typed=knock.typed)
    tries = _tries(asked, address)
    _count(tries, door.turns, now)
    case_id = asked.case_ids[0] if asked.case_ids else ""
    try:
        one_time_codes.check(
            knock.code_id,
            given,
            case_id=case_id,
            purpose="door",
            subject=knock.knock_id,
            means=codes,
            now=now,
        )
    except CodeNotValid:
        return None
    _give_back(tries, door.turns, now)
    file = door.cases.open(case_id)
    return admitted(file, "code", asked=asked, door=door, cookie=cookie, now=now)


def session_of(cookie: str, *, door: Door, now: datetime) -> DebtorSession | None:
    """Give the session of a cookie, and let it last on; None when there is none (any more)."""
    if not cookie:
        return None
    session = door.store.session(debtor_session.id_of(cookie))
    if session is None or not debtor_session.alive(session, now):
        return None
    if not door.store.links(session.case_id).lets_in(session.began_at, session.link_id):
        door.store.end_session(session.session_id)
        return None
    moved = debtor_session.until(now, session.began_at)
    if moved - session.expires_at > timedelta(minutes=1):
        session = replace(session, expires_at=moved)
        door.store.keep_session(session)
    return session


# Private


def _living_head(case_id: str, cases: Cases) -> CaseHead | None:
    """Follow a case that was merged into another, to where it is now."""
    for _ in range(MOST_CASES):
        head = cases.heads([case_id]).get(case_id)
        if head is None or head.status is not CaseStatus.VOID:
            return head
        if head.merged_into is None:
            return None
        case_id = head.merged_into
    return None


def _opened(case_id: str, cases: Cases) -> CaseFile | None:
    try:
        return cases.open(case_id)
    except CaseNotFound:
        return None


def _tries(asked: Asked, address: str) -> list[tuple[str, tuple[int, int]]]:
    # Who types may lock typing out for a debtor, but not the links that the debtor has.
    who = asked.typed or (asked.case_ids[0] if asked.case_ids else "nobody")
    counted = [(f"debtor-door#{who}", OF_A_DEBTOR[0]), (f"debtor-door#{who}", OF_A_DEBTOR[1])]
    counted.append((f"debtor-link#{asked.link.link_id if asked.link else asked.typed}", OF_A_LINK))
    counted.append((f"debtor-address#{address}", OF_AN_ADDRESS))
    return counted


def _count(tries: Sequence[tuple[str, tuple[int, int]]], turns: Turns, now: datetime) -> None:
    # All are counted, whichever is over: an answer's delay tells nothing.
    over = [
        within_s
        for name, (most, within_s) in tries
        if not turns.take(name, most=most, within_s=within_s, now=now)
    ]
    if over:
        raise TooManyAttempts(retry_after_s=max(over))


def _give_back(tries: Sequence[tuple[str, tuple[int, int]]], turns: Turns, now: datetime) -> None:
    for name, (_, within_s) in tries:
        turns.give_back(name, within_s=within_s, now=now)


def _not_to(asked: Asked, cases: Cases) -> str:
    """The contact point that a code is not to go to: the link's, if anything else is known."""
    file = _opened(asked.case_ids[0], cases) if asked.link and asked.link.point else None
    if file is None or asked.link is None:
        return ""
    link = asked.link
    own = next((one.contact_id for one in file.contacts if link.is_of(one.contact_id)), "")
    others = [one for one in _points(file) if one.contact_id != own]
    return own if others or len(_plain(file.head.tax_id)) >= LAST else ""


def _points(file: CaseFile) -> list[ContactPoint]:
    """The debtor's own contact points, as far as they are known to be right."""
    return [
        one
        for one in file.contacts
        if one.party == "debtor" and one.quality not in UNUSABLE and not one.unproven
    ]


def _fits(file: CaseFile, asked: Asked, said: str) -> str:
    """Say which fact was given; every comparison is made, and in constant time."""
    hits = [
        proof
        for proof, fact in facts_of(file, asked)
        if hmac.compare_digest(said.encode(), fact.encode())
    ]
    return hits[0] if hits else ""


def facts_of(file: CaseFile, asked: Asked) -> list[tuple[str, str]]:
    """
    List what counts as a second fact: (``tax_id`` or ``phone``, the last letters).

    Who typed the tax id has given that; who came by a link sent to a phone knows that phone.
    """
    tax_id = _plain(file.head.tax_id)
    phones = [one for one in _points(file) if one.kind is ContactKind.PHONE]
    known = [("tax_id", tax_id[-LAST:])] if len(tax_id) >= LAST and not asked.typed else []
    others = [one for one in phones if not (asked.link and asked.link.is_of(one.contact_id))]
    usable = others if known or others else phones
    return known + [("phone", _plain(one.value)[-LAST:]) for one in usable]


def _names(portfolio: Portfolio) -> set[str]:
    own = portfolio.identification
    named = (portfolio.branding.display_name, portfolio.creditor, own.creditor, own.agency)
    return {folded(one) for one in named if one}


def _plain(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", folded(text))
