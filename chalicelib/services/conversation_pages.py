"""How conversations are laid out for pages: plain JSON-safe structures, as the API answers them."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.case import CaseHead, CaseStatus, ContactKind
from chalicelib.domain.contact import Attempt, Channel, Direction
from chalicelib.domain.conversation import (
    STORED,
    Conversation,
    Desk,
    Message,
    page_conversation_id,
)
from chalicelib.domain.errors import ConversationNotFound
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import instant
from chalicelib.messages import ready
from chalicelib.services import casework
from chalicelib.services.access import STAFF, need_portfolio
from chalicelib.services.conversation_ports import Means
from chalicelib.services.conversation_seen import (
    SHARED,
    cases_of,
    files_of,
    refusal,
    seen_by,
    talk_of,
)

MESSAGES_ON_PAGE = 50
MOST_BESIDE = 20
CHANNELS = (Channel.WHATSAPP, Channel.SMS)

Names = Callable[[set[str]], Mapping[str, str]]


def listed(
    portfolio_id: str,
    *,
    known: bool,
    desk: str | None,
    since: str | None,
    cursor: str | None,
    limit: int,
    actor: Actor,
    means: Means,
    people: Names,
) -> dict[str, Any]:
    """
    List conversations, what moved last first; with *since*, only what moved after that mark.

    Asking again with the mark costs one small query while nothing happens.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    found, following, mark = means.conversations.page(
        "" if portfolio_id == SHARED else portfolio_id,
        known=known,
        limit=limit,
        cursor=cursor,
        since=since,
        desk=desk,
    )
    heads = means.cases.heads({case_id for one in found for case_id in cases_of(one)})
    who = people({one.taken_by for one in found if one.taken_by})
    items = [_line(one, heads, who) for one in found]
    return {"items": items, "cursor": following, "mark": mark}


def opened(
    conversation_id: str,
    *,
    after: int,
    before: int | None,
    actor: Actor,
    means: Means,
    people: Names,
    now: datetime,
) -> dict[str, Any]:
    """
    Open a conversation: whose it is, its messages, what may be done.

    Args:
        after: Only messages with a higher number, for who has seen the others.
        before: The page of messages before one.
    """
    one = seen_by(conversation_id, actor, means)
    messages = means.conversations.messages(
        conversation_id, after=after, before=before, limit=MESSAGES_ON_PAGE
    )
    files = files_of(one, means)
    attempts = {a.attempt_id: a for file in files.values() for a in file.attempts}
    portfolio = means.portfolios.get(one.portfolio_id) if one.portfolio_id else None
    heads = {case_id: file.head for case_id, file in files.items()}
    talk = talk_of(one)
    who = people({m.by for m in messages} | {one.taken_by})
    why, next_at = refusal(one, files, actor=actor, means=means, now=now)
    ends = None if one.on_page else one.window_ends()
    return {
        "conversation": _line(one, heads, who),
        "cases": [_case(head) for head in heads.values() if head.status is not CaseStatus.VOID],
        "identified": talk.case_id if talk else "",
        "portfolio": {"id": one.portfolio_id, "name": portfolio.name if portfolio else ""},
        "messages": [
            *(_message(m, attempts.get(m.attempt_id), who) for m in messages),
            *_beside(one, messages, attempts, whole=after == 0 and before is None),
        ],
        "more": bool(messages) and messages[0].seq > 1 and not after,
        "window_ends_at": instant(ends) if ends else None,
        "can": {
            "take": one.desk is not Desk.PERSON or one.taken_by != actor.actor_id,
            "hand_back": one.desk in (Desk.PERSON, Desk.WAITING),
            "reply": not why,
            "attach": not one.known,
            "erase": actor.role is Role.ADMIN,
        },
        "why_not": why,
        "next_allowed_at": instant(next_at) if next_at else None,
        "templates": list(ready.families()) if why == "window_closed" and heads else [],
    }


def of_case(case_id: str, *, actor: Actor, means: Means, people: Names) -> dict[str, Any]:
    """List the conversations with a case's numbers and on its page, newest first."""
    file, _ = casework.opened(case_id, actor=actor, cases=means.cases, portfolios=means.portfolios)
    phones = [point.value for point in file.contacts if point.kind is ContactKind.PHONE]
    found = [
        one
        for channel in CHANNELS
        for phone in phones
        for one in means.conversations.of_phone(channel, phone)
        if one.portfolio_id == file.head.portfolio_id
    ]
    on_page = means.conversations.find(page_conversation_id(file.head.portfolio_id, case_id))
    found += [on_page] if on_page else []
    found.sort(key=lambda one: one.moved_at, reverse=True)
    who = people({one.taken_by for one in found if one.taken_by})
    return {
        "items": [_line(one, {case_id: file.head}, who) for one in found],
        "cursor": None,
        "mark": "",
    }


def file_received(
    conversation_id: str, seq: int, number: int, *, actor: Actor, means: Means
) -> str:
    """
    Give the key of a file that came with a message.

    Raises:
        ConversationNotFound: No such conversation, message or file, or it was not fetched.
    """
    seen_by(conversation_id, actor, means)
    said = means.conversations.messages(conversation_id, before=seq + 1, limit=1)
    media = said[0].media if said and said[0].seq == seq else ()
    if not 0 <= number < len(media) or not media[number][1].startswith(STORED):
        raise ConversationNotFound(conversation_id=conversation_id)
    return media[number][1]


def _line(
    one: Conversation, heads: Mapping[str, CaseHead], who: Mapping[str, str]
) -> dict[str, Any]:
    known = [heads[case_id] for case_id in cases_of(one) if case_id in heads]
    ends = None if one.on_page else one.window_ends()
    return {
        "conversation_id": one.conversation_id,
        "portfolio_id": one.portfolio_id,
        "channel": one.place,
        "phone": "" if one.on_page else one.phone,
        "name": one.name,
        "case": _case(known[0]) if known else None,
        "cases": len(known),
        "desk": one.desk.value,
        "reason": one.reason,
        "taken_by": {"id": one.taken_by, "name": who.get(one.taken_by, "")}
        if one.taken_by
        else None,
        "unread": one.unread,
        "preview": one.preview,
        "preview_by": one.preview_by.partition(":")[0],
        "last_in_at": instant(one.last_in_at) if one.last_in_at else None,
        "moved_at": instant(one.moved_at),
        "window_ends_at": instant(ends) if ends else None,
        "messages": one.seq,
    }


def _case(head: CaseHead) -> dict[str, Any]:
    return {
        "case_id": head.case_id,
        "name": head.name,
        "status": head.status.value,
        "balance": {"minor": head.balance_minor, "currency": head.currency},
    }


def _beside(
    one: Conversation, messages: list[Message], attempts: Mapping[str, Attempt], *, whole: bool
) -> list[dict[str, Any]]:
    """
    Lay out what went to the number besides the conversation: what the debtor may be answering.

    Only what falls between the messages shown, or a while before the first of all.
    """
    shown = {message.attempt_id for message in messages}
    first = messages[0] if messages else None
    since = first.at if first and first.seq > 1 else datetime.min.replace(tzinfo=UTC)
    until = datetime.max.replace(tzinfo=UTC) if whole or not messages else messages[-1].at
    if not messages:
        since = one.moved_at
    found = [
        attempt
        for attempt in attempts.values()
        if attempt.direction is Direction.OUT
        and attempt.channel is one.channel
        and attempt.content is not None
        and attempt.content.to == one.phone
        and attempt.cause.kind != "reply"
        and attempt.sent_at is not None
        and attempt.attempt_id not in shown
        and since <= attempt.sent_at <= until
    ]
    found.sort(key=lambda attempt: attempt.sent_at or attempt.created_at)
    return [_went(attempt) for attempt in found[-MOST_BESIDE:]]


def _went(attempt: Attempt) -> dict[str, Any]:
    content = attempt.content
    digest = hashlib.sha256(attempt.attempt_id.encode()).digest()
    return {
        # Below zero: it has no number of its own here, and always the same one.
        "seq": -1 - (int.from_bytes(digest[:4], "big") >> 1),
        "at": instant(attempt.sent_at or attempt.created_at),
        "by": {"kind": "system", "name": ""},
        "kind": "text",
        "text": content.text if content else "",
        "buttons": [title for _, title in content.buttons] if content else [],
        "media": [],
        "intent": "",
        "state": attempt.state.value,
        "problem": attempt.problem,
    }


def _message(one: Message, attempt: Attempt | None, who: Mapping[str, str]) -> dict[str, Any]:
    # A template's words are known once it was rendered; what the provider told is there, too.
    content = attempt.content if attempt and attempt.direction is Direction.OUT else None
    return {
        "seq": one.seq,
        "at": instant(one.at),
        "by": {"kind": one.by.partition(":")[0], "name": who.get(one.by, "")},
        "kind": one.kind,
        "text": content.text if content and one.kind == "template" else one.text,
        "buttons": [title for _, title in one.buttons],
        "media": [{"type": kind, "stored": key.startswith(STORED)} for kind, key in one.media],
        "intent": one.intent if one.by == "debtor" else "",
        "state": attempt.state.value if attempt else one.state,
        "problem": attempt.problem if attempt else one.problem,
    }
