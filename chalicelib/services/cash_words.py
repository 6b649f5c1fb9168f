"""
What debtors say afterwards of cash that an agent took without their code: asked, heard, listed.

The agent's phone may have had no signal, so that nobody confirmed the receipt at the door. When it
comes, the debtor is written to at a contact the agent did not bring, and says on their page that
it is right, that it was another amount, or that nothing was paid. Nothing of that moves the ledger:
who paid keeps full credit, and what was denied is for a supervisor, who may also call.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile, CaseHead, ContactPoint
from chalicelib.domain.cash import SOURCE, Receipt, ReceiptState, Word, Words
from chalicelib.domain.contact import Channel
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_cash import CASH
from chalicelib.domain.draft_contact import UNUSABLE
from chalicelib.domain.errors import BadField, CaseNotFound, CashOwn, ReceiptNotFound
from chalicelib.domain.ledger import EntryKind, reversals
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework, contacting, papers_out
from chalicelib.services.access import MANAGERS, Portfolios, need, open_portfolio
from chalicelib.services.casework import Cases, OpenCases
from chalicelib.services.cash_book import named
from chalicelib.services.self_service import Desk
from chalicelib.services.sessions import person_of

TEMPLATE = "cash_receipt"
LASTS = timedelta(days=30)  # as long as the debtor is asked, from when the receipt came
CHANNELS = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
PAGE, CALL = "page", "call"
CONFIRMS, DENIES, UNREACHED = "confirms", "denies", "unreached"
LONGEST_WORDS = 500
AT_THE_DOOR = "visit"
MOST_MERGES = 20


class Receipts(Protocol):
    def receipt(self, key: str) -> Receipt | None: ...


class Book(Receipts, Protocol):
    """Receipts by what debtors say of them (``store.cash``)."""

    def said(
        self,
        portfolio_id: str,
        word: Word,
        *,
        person_id: str = ...,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> tuple[list[Receipt], str | None]: ...
    def words(self, portfolio_id: str) -> list[Words]: ...


class Heads(Protocol):
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


Names = Callable[[set[str]], Mapping[str, str]]


# When a receipt comes


def ask(draft: Draft, file: CaseFile, receipt: Receipt, *, now: datetime) -> None:
    """
    Put the question into the outbox, if nobody confirmed at the door; one a receipt.

    It goes where the debtor is known to be, never to a number the agent brought from a visit: who
    made up a payment would confirm it there. Whether and when it goes the gate says.

    Args:
        file: The case as it was before the visit.
    """
    if receipt.word is not Word.OPEN or not receipt.reference:
        return
    brought = {one.contact_id for one in file.contacts if _brought(one)}
    places = [
        reach
        for channel in CHANNELS
        for reach in contacting.reaches(file, channel)
        if reach.party == "debtor"
        and reach.contact_id not in brought
        and reach.quality not in UNUSABLE
    ]
    if not places:
        return
    first, ids = places[0], {one.contact_id for one in places}
    others = dict.fromkeys(
        one.channel
        for one in places
        if one.channel is not first.channel
        and all(each.contact_id in ids for each in contacting.reaches(file, one.channel))
    )
    papers_out.put(
        draft,
        first,
        why=CASH,
        of=receipt.key,
        template_id=TEMPLATE,
        answers=receipt.key,
        contact_id=first.contact_id,
        fallback=tuple(others),
        now=now,
    )


# The debtor's page


def of_case(file: CaseFile, *, book: Receipts, now: datetime) -> list[Receipt]:
    """Give the receipts the debtor is asked about, the newest first; answered ones among them."""
    undone = reversals(file.entries)
    keys = {
        entry.reference: None
        for entry in file.entries
        if entry.source == SOURCE
        and entry.kind is EntryKind.PAYMENT
        and entry.entry_id not in undone
        and now - entry.recorded_at < LASTS
    }
    found = [one for key in keys if (one := book.receipt(key)) is not None and _asked(one, now)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def answer(
    desk: Desk,
    key: str,
    *,
    said_minor: int | None,
    words: str = "",
    proved: bool,
    book: Receipts,
) -> Receipt:
    """
    Hear the debtor about a receipt; the last word counts. Safe to repeat.

    Args:
        said_minor: What was paid, 0 for nothing; None: just what the receipt says.
        proved: Whether they came by a message to a contact of theirs: to confirm asks for that,
            to deny does not.

    Raises:
        ReceiptNotFound: None they are asked about (any more).
        BadField: More than can be, or confirmed by who cannot.
    """
    if said_minor is not None and said_minor < 0:
        raise BadField(field="amount", reason="not_positive")

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        asked = next(
            (one for one in of_case(file, book=book, now=desk.now) if one.key == key), None
        )
        if asked is None:
            raise ReceiptNotFound(number=key)
        if said_minor in (None, asked.amount_minor) and not proved:
            raise BadField(field="do", reason="needs_message")
        draft.answer_cash(
            asked, how=PAGE, said_minor=said_minor, words=words.strip()[:LONGEST_WORDS]
        )

    desk.change(do)
    heard = book.receipt(key)
    if heard is None:
        raise ReceiptNotFound(number=key)
    return heard


def may_confirm(file: CaseFile, contact_id: str, proof: str) -> bool:
    """
    Say whether somebody on the page proved to read the debtor's messages.

    By the link of one, or by a code that was sent; a tax id and the end of a phone the agent may
    know as well.
    """
    if proof == "code":
        return True
    return any(one.contact_id == contact_id and not _brought(one) for one in file.contacts)


# The panel


def listed(
    portfolio_id: str,
    word: Word,
    *,
    person_id: str,
    cursor: str | None,
    limit: int,
    actor: Actor,
    book: Book,
    cases: Heads,
    portfolios: Portfolios,
    people: Names,
    now: datetime,
) -> dict[str, Any]:
    """
    Page through receipts of which debtors say one thing, the oldest first, with how many there are.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    page, more = book.said(portfolio_id, word, person_id=person_id, cursor=cursor, limit=limit)
    counted = book.words(portfolio_id)
    ids = {one.person_id for one in page} | {one.person_id for one in counted}
    who = people({f"user:{each}" for each in ids})
    heads = cases.heads({one.case_id for one in page})
    me = person_of(actor)
    return {
        "items": [
            to_plain(one)
            | {
                "key": one.key,
                "word": one.word.value,
                "person": named(one.person_id, who),
                "name": heads[one.case_id].name if one.case_id in heads else "",
                "age_days": max(0, (now - one.received_at).days),
                "can": {"call": one.person_id != me, "void": one.person_id != me},
            }
            for one in page
        ],
        "counts": {each.value: sum(getattr(one, each.value) for one in counted) for each in Word},
        "people": [
            {"person": named(one.person_id, who)}
            | {each.value: getattr(one, each.value) for each in Word}
            for one in sorted(counted, key=lambda one: (-one.denied, -one.open))
            if one.open or one.denied or one.confirmed
        ],
        "cursor": more,
    }


def note_call(
    key: str,
    outcome: str,
    *,
    said_minor: int | None,
    words: str,
    actor: Actor,
    book: Receipts,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Receipt:
    """
    Note what the debtor said of a receipt when a supervisor called. Safe to repeat.

    Args:
        outcome: ``confirms``, ``denies`` (with *said_minor*, 0 for nothing), or ``unreached``.

    Raises:
        ReceiptNotFound: None of a portfolio of the actor's.
        ReceiptVoid: It was taken back.
        CashOwn: By who took the money.
        BadField: Denied, and not what was paid instead.
    """
    need(actor, *MANAGERS)
    known = book.receipt(key)
    if known is None or not actor.sees(known.portfolio_id):
        raise ReceiptNotFound(number=key)
    if known.person_id == person_of(actor):
        raise CashOwn
    if outcome == DENIES and (said_minor is None or said_minor == known.amount_minor):
        raise BadField(field="said_minor", reason="missing" if said_minor is None else "the_same")
    words = words.strip()[:LONGEST_WORDS]

    def do(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        standing = book.receipt(key)
        if standing is None:
            raise ReceiptNotFound(number=key)
        if outcome == UNREACHED:
            draft.note_cash_call(standing, words=words)
        else:
            said = said_minor if outcome == DENIES else None
            draft.answer_cash(standing, how=CALL, said_minor=said, words=words)

    casework.change(
        _living(known.case_id, cases), do,
        actor=actor, cases=cases, portfolios=portfolios, now=now,
    )  # fmt: skip
    return book.receipt(key) or known


# Private


def _brought(point: ContactPoint) -> bool:
    """Whether an agent brought it from a door, or it was told on the page, and nobody checked."""
    return point.unproven or (point.source == AT_THE_DOOR and point.quality != "valid")


def _asked(receipt: Receipt, now: datetime) -> bool:
    return (
        receipt.state is ReceiptState.ISSUED
        and receipt.confirmed != "code"
        and now - receipt.received_at < LASTS
    )


def _living(case_id: str, cases: OpenCases) -> str:
    """Follow a case to the one it was merged into."""
    for _ in range(MOST_MERGES):
        into = cases.open(case_id).head.merged_into
        if into is None:
            return case_id
        case_id = into
    raise CaseNotFound(case_id=case_id)
