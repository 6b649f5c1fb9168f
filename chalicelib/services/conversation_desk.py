"""What people do with conversations: take over, answer, hand back, say whose one is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.conversation.dialogue import handed_back, taken_over
from chalicelib.domain.case import CaseFile, ContactKind, ContactPoint
from chalicelib.domain.contact import Attempt, AttemptState, Cause, Content, Direction
from chalicelib.domain.conversation import PAGE, Conversation, Desk, Message
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    BadField,
    ConversationMoved,
    ReplyNotSent,
)
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import instant, to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import ready
from chalicelib.services import casework, suppression
from chalicelib.services import conversation_facts as facts
from chalicelib.services.conversation_ports import Means
from chalicelib.services.conversation_seen import (
    files_of,
    home_of,
    portfolio_of,
    refusal,
    seen_by,
    talk_of,
)
from chalicelib.services.conversation_sending import later, send, shown

ATTEMPTS = 10
LONGEST = 1000
PARTIES = ("debtor", "codebtor", "guarantor", "family", "reference", "other")


def read(conversation_id: str, *, actor: Actor, means: Means, now: datetime) -> None:
    """Note that somebody looked. Safe to repeat."""

    def do(one: Conversation) -> Conversation:
        return replace(one, unread=0) if one.unread else one

    # Looking moves nothing: the list stays as it is for everybody.
    changed(conversation_id, do, actor=actor, means=means, now=now, moves=False)


def take(conversation_id: str, *, actor: Actor, means: Means, now: datetime) -> None:
    """Take a conversation over from the bot, or from somebody else. Safe to repeat."""
    changed(
        conversation_id,
        lambda one: _taken(one, actor, now),
        actor=actor,
        means=means,
        now=now,
    )


def give_back(conversation_id: str, *, actor: Actor, means: Means, now: datetime) -> None:
    """Let the bot answer again. Safe to repeat."""

    def do(one: Conversation) -> Conversation:
        talk = talk_of(one)
        if one.desk not in (Desk.PERSON, Desk.WAITING):
            return one
        return replace(
            one,
            desk=Desk.BOT,
            taken_by="",
            reason="",
            talk=to_plain(handed_back(talk, now)) if talk else one.talk,
        )

    changed(conversation_id, do, actor=actor, means=means, now=now)


def attach(
    conversation_id: str,
    case_id: str,
    party: str,
    *,
    actor: Actor,
    means: Means,
    now: datetime,
) -> None:
    """
    Say which case an unknown sender belongs to: the number becomes a contact point of it.

    The bot still asks for the second fact before it tells anything. Safe to repeat.

    Raises:
        BadField: The party is none, or the case is of another portfolio.
        CaseNotFound: None that the actor may see.
        PhoneSuppressed: Its person had the number erased: they are answered, and no case gets it.
    """
    if party not in PARTIES:
        raise BadField(field="party", reason="not_one_of")
    one = seen_by(conversation_id, actor, means)

    def put(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        if one.portfolio_id not in ("", file.head.portfolio_id):
            raise BadField(field="case_id", reason="other_portfolio")
        if facts.point_of(file, one.phone) is None:
            phone = {"phone": (ContactKind.PHONE.value, one.phone)}
            suppression.refuse(file.head.portfolio_id, phone, known=means.suppressed)
            draft.put_contact(ContactKind.PHONE, one.phone, party=party, source=one.channel.value)

    file, _ = casework.change(
        case_id, put, actor=actor, cases=means.cases, portfolios=means.portfolios, now=now
    )

    def do(found: Conversation) -> Conversation:
        return replace(found, attached=case_id, portfolio_id=file.head.portfolio_id)

    changed(conversation_id, do, actor=actor, means=means, now=now)


def reply(
    conversation_id: str,
    text: str,
    *,
    key: str,
    actor: Actor,
    means: Means,
    now: datetime,
) -> None:
    """
    Answer in free words, inside the window that the sender's own message opened.

    Whoever answers has taken the conversation over.

    Args:
        key: Names this request; a second one with the same key sends nothing.

    Raises:
        ReplyNotSent: The window is closed, somebody else has the conversation, the rules or the
            provider say no.
    """
    text = casework.text(text, "text", longest=LONGEST)
    one = seen_by(conversation_id, actor, means)
    files = files_of(one, means)
    why, next_at = refusal(one, files, actor=actor, means=means, now=now)
    if not why and one.on_page:
        _answer_on_page(one, text, key=key, actor=actor, means=means, now=now)
        return
    if why:
        raise ReplyNotSent(reason=why, next_allowed_at=instant(next_at) if next_at else None)
    message = Message(seq=0, at=now, by=actor.actor_id, text=text, state="reserved")
    file = home_of(one, files)
    if file is not None:
        attempt = _answer(one, file.head.case_id, text, key=key, actor=actor, means=means, now=now)
        if attempt is None:
            return
        message = replace(message, case_id=file.head.case_id, attempt_id=attempt)
    saved, message = _say(conversation_id, message, actor=actor, means=means, now=now)
    at = portfolio_of(saved, means) or _like(saved, means)
    done = send(saved, message, portfolio=at, means=means, now=now)
    if done.state == "failed":
        raise ReplyNotSent(reason=done.problem, next_allowed_at=None)


def _answer_on_page(
    one: Conversation, text: str, *, key: str, actor: Actor, means: Means, now: datetime
) -> None:
    """Put an answer where the debtor will look; it is on the case's timeline."""
    message_id = derived_id("msg", one.conversation_id, "answer", key)

    def note(draft: Draft, *_: object) -> None:
        draft.chatted("answered", text, conversation_id=one.conversation_id, message_id=message_id)

    (case_id,) = one.case_ids
    casework.change(
        case_id, note, actor=actor, cases=means.cases, portfolios=means.portfolios, now=now
    )
    said = (PAGE, message_id)
    if means.conversations.heard(*said) is None:
        message = Message(
            seq=0, at=now, by=actor.actor_id, text=text, case_id=case_id, state="sent"
        )
        _say(one.conversation_id, message, actor=actor, means=means, now=now, once=said)


def _answer(
    one: Conversation,
    case_id: str,
    text: str,
    *,
    key: str,
    actor: Actor,
    means: Means,
    now: datetime,
) -> str | None:
    """Record the answer with its case; None when a request with this key already did."""
    attempt_id = derived_id("att", case_id, "answer", key)
    new = False

    def record(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        nonlocal new
        point = _point(file, one.phone)
        ruling = means.gate(
            file, portfolio, contact_id=point.contact_id, channel=one.channel, now=now
        )
        new = draft.record(
            Attempt(
                attempt_id=attempt_id,
                channel=one.channel,
                direction=Direction.OUT,
                state=AttemptState.RESERVED,
                cause=Cause(kind="reply", by=actor.actor_id),
                created_at=now,
                contact_id=point.contact_id,
                party=point.party,
                ruling=ruling,
                content=Content(
                    to=one.phone, text=text, language=str(one.talk.get("language") or "es")
                ),
            )
        )

    casework.change(
        case_id, record, actor=actor, cases=means.cases, portfolios=means.portfolios, now=now
    )
    return attempt_id if new else None


def send_template(
    conversation_id: str,
    template_id: str,
    *,
    key: str,
    actor: Actor,
    means: Means,
    now: datetime,
) -> None:
    """
    Put an approved template in the outbox, for when the window is closed.

    It goes as soon as the rules allow it, like any other message.

    Raises:
        BadField: No such template.
        ReplyNotSent: The number is of no case (``no_case``).
    """
    if template_id not in ready.families():
        raise BadField(field="template_id", reason="not_one_of")
    one = seen_by(conversation_id, actor, means)
    home = home_of(one, files_of(one, means))
    if home is None:
        raise ReplyNotSent(reason="no_case", next_allowed_at=None)
    case_id = home.head.case_id
    attempt_id = derived_id("att", case_id, "template", key)
    new = False

    def plan(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        nonlocal new
        point = _point(file, one.phone)
        new = draft.plan(
            Attempt(
                attempt_id=attempt_id,
                channel=one.channel,
                direction=Direction.OUT,
                state=AttemptState.PLANNED,
                cause=Cause(kind="manual", by=actor.actor_id),
                created_at=now,
                contact_id=point.contact_id,
                party=point.party,
                template_id=template_id,
                not_before=now,
            )
        )

    casework.change(
        case_id, plan, actor=actor, cases=means.cases, portfolios=means.portfolios, now=now
    )
    if new:
        message = Message(
            seq=0,
            at=now,
            by=actor.actor_id,
            kind="template",
            text=template_id,
            case_id=case_id,
            attempt_id=attempt_id,
            state="planned",
        )
        _say(conversation_id, message, actor=actor, means=means, now=now)


# Private


def changed(
    conversation_id: str,
    do: Callable[[Conversation], Conversation],
    *,
    actor: Actor,
    means: Means,
    now: datetime,
    message: Message | None = None,
    moves: bool = True,
    once: tuple[str, str] | None = None,
) -> tuple[Conversation, Message | None]:
    """
    Change a conversation as it then is, and put a message at its end.

    Args:
        once: What names the message, taken once only; see ``Conversations.save``.
    """
    for left in reversed(range(ATTEMPTS)):
        one = seen_by(conversation_id, actor, means)
        moved = do(one)
        if moved == one and message is None:
            return one, None
        said = None
        if message is not None:
            said = replace(message, seq=one.seq + 1)
            moved = shown(replace(moved, seq=said.seq), said)
        if moves:
            moved = replace(moved, moved_at=later(one, now))
        try:
            saved = means.conversations.save(
                moved, *([said] if said else []), before=one, heard=once, now=now
            )
        except ConversationMoved:
            if not left:
                raise
        else:
            return saved, said
    raise AssertionError("unreachable: the last attempt returns or raises")


def _say(
    conversation_id: str,
    message: Message,
    *,
    actor: Actor,
    means: Means,
    now: datetime,
    once: tuple[str, str] | None = None,
) -> tuple[Conversation, Message]:
    saved, said = changed(
        conversation_id,
        lambda one: _taken(one, actor, now),
        actor=actor,
        means=means,
        now=now,
        message=message,
        once=once,
    )
    assert said is not None  # noqa: S101 - one was given
    return saved, said


def _taken(one: Conversation, actor: Actor, now: datetime) -> Conversation:
    if one.desk is Desk.PERSON and one.taken_by == actor.actor_id:
        return one
    talk = talk_of(one)
    return replace(
        one,
        desk=Desk.PERSON,
        taken_by=actor.actor_id,
        unread=0,
        talk=to_plain(taken_over(talk, now)) if talk else one.talk,
    )


def _point(file: CaseFile, phone: str) -> ContactPoint:
    point = facts.point_of(file, phone)
    if point is None:  # it was removed meanwhile
        raise ReplyNotSent(reason="no_case", next_allowed_at=None)
    return point


def _like(one: Conversation, means: Means) -> Portfolio:
    """One that answers at the number, for its country's way of sending."""
    reached = means.answering(one)
    if not reached:
        raise ReplyNotSent(reason="sender_missing", next_allowed_at=None)
    return reached[0]
