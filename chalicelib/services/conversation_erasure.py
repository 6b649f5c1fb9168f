"""
Erasing what was said in a conversation, when a person asks for their data to be deleted.

Words go: messages, names, pictures, the quotes of them on the case, the timeline's personal values.
What they led to stays, for it is the account and what the law has kept of it: promises, payments,
disputes, the refusal of a channel, that somebody wrote or was written to and when. So do reminders:
they show what the debtor was told. The number itself is a contact point of the case; a stranger's
conversation goes whole.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from chalicelib.conversation.turns import Stage, Talk
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Attempt, Direction
from chalicelib.domain.conversation import STORED, Conversation, Message
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_erasing import Forgotten
from chalicelib.domain.errors import CaseNotFound, ConversationMoved
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services import conversation_facts as facts
from chalicelib.services.access import need
from chalicelib.services.conversation_desk import ATTEMPTS, changed
from chalicelib.services.conversation_ports import Means
from chalicelib.services.conversation_seen import cases_of, seen_by, talk_of
from chalicelib.services.conversation_sending import later

ERASED = "erased"  # the kind of a message whose words are gone
LONGEST_REASON = 200
PAGE = 100
# Rows of one change, see ``Draft.items``; one more message may bring some beyond.
MOST_ROWS = 60
_KEPT_STAGES = frozenset({Stage.STOPPED, Stage.WAITING, Stage.PERSON})


class Files(Protocol):
    def erase(self, key: str) -> None:
        """Take an object away for good, with every version of it. Safe to repeat."""
        ...


def erase(
    conversation_id: str,
    *,
    reason: str,
    actor: Actor,
    means: Means,
    files: Files,
    now: datetime,
) -> None:
    """
    Erase what was said in a conversation so far. Safe to repeat; what broke off is ended so.

    The conversation itself is emptied last, for by it all else is found.

    Args:
        reason: Who asked for it, and how; kept on the timeline of each case.

    Raises:
        NotAllowed: Only an admin may: nobody can take it back.
        ConversationNotFound: None that the actor sees.
        BadField: There is no reason, or it is too long.
    """
    need(actor, Role.ADMIN)
    reason = casework.text(reason, "reason", longest=LONGEST_REASON)
    one = seen_by(conversation_id, actor, means)
    said = list(_said(conversation_id, means))
    for case_id in dict.fromkeys([*cases_of(one), *(m.case_id for m in said if m.case_id)]):
        try:
            _forget(case_id, one, said, reason, actor=actor, means=means, now=now)
        except CaseNotFound:
            continue
    for key in {key for message in said for _, key in message.media if key.startswith(STORED)}:
        files.erase(key)
    if not one.known:
        means.conversations.forget(one)
        return
    means.conversations.settle(conversation_id, *(_empty(message) for message in said))
    changed(conversation_id, _nameless, actor=actor, means=means, now=now)


def forget_person(
    one: Conversation, case_ids: Collection[str], *, means: Means, files: Files, now: datetime
) -> None:
    """
    Take a person's cases out of a conversation, whole where it is nobody else's. Safe to repeat.

    Where others of the same number have it, too, theirs stays: what was said of the person's cases
    goes. The cases' own rows are not touched.

    Args:
        case_ids: All cases of the person.
    """
    for _ in range(ATTEMPTS):
        others = [case_id for case_id in cases_of(one) if case_id not in case_ids]
        said = list(_said(one.conversation_id, means))
        mine = [m for m in said if not others or not m.case_id or m.case_id in case_ids]
        for key in {key for message in mine for _, key in message.media if key.startswith(STORED)}:
            files.erase(key)
        if not others:
            means.conversations.forget(one)
            return
        means.conversations.settle(one.conversation_id, *(_empty(message) for message in mine))
        talk = talk_of(one)
        theirs = talk is None or talk.case_id not in case_ids
        left = replace(
            one if theirs else _nameless(one),
            name="",
            preview="",
            preview_by="",
            case_ids=tuple(case_id for case_id in one.case_ids if case_id not in case_ids),
            attached="" if one.attached in case_ids else one.attached,
            moved_at=later(one, now),
        )
        try:
            means.conversations.save(left, before=one, now=now)
        except ConversationMoved:
            found = means.conversations.find(one.conversation_id)
            if found is None:
                return
            one = found
        else:
            return
    raise ConversationMoved(conversation_id=one.conversation_id)


def _forget(
    case_id: str,
    one: Conversation,
    said: list[Message],
    reason: str,
    *,
    actor: Actor,
    means: Means,
    now: datetime,
) -> None:
    more = True

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        nonlocal more
        what = _of_case(file, one, said)
        more = draft.erase_said(what, reason=reason, most_items=MOST_ROWS)

    while more:
        casework.change(
            case_id, do, actor=actor, cases=means.cases, portfolios=means.portfolios, now=now
        )


def _of_case(file: CaseFile, one: Conversation, said: list[Message]) -> Forgotten:
    """What of a case belongs to a conversation: one message may be on several cases."""
    case_id = file.head.case_id
    named = {m.attempt_id for m in said if m.case_id == case_id and m.attempt_id}
    mine = [a for a in file.attempts if a.attempt_id in named or _between(a, one)]
    # What follows from a message is named after it, see ``conversation_effects``.
    led_to = [(a.provider, a.provider_id) for a in mine if a.direction is Direction.IN]
    if one.on_page:  # there it is named after the form that was sent
        forms = [m.provider_id for m in said if m.provider_id]
        return Forgotten(
            conversation_id=one.conversation_id,
            attempts=(),
            holds={derived_id("hol", case_id, form) for form in forms},
            notes={derived_id("not", case_id, form) for form in forms},
            reports={derived_id("rep", case_id, form) for form in forms},
        )
    point = facts.point_of(file, one.phone)
    return Forgotten(
        conversation_id=one.conversation_id,
        attempts=[a.attempt_id for a in mine],
        holds={derived_id("hol", case_id, *of) for of in led_to},
        notes={derived_id("not", case_id, *of) for of in led_to},
        reports={derived_id("rep", case_id, *of) for of in led_to},
        files={key for message in said for _, key in message.media if key.startswith(STORED)},
        source=one.channel.value,
        contact_id=point.contact_id if point else "",
    )


def _between(attempt: Attempt, one: Conversation) -> bool:
    content, cause = attempt.content, attempt.cause
    return (
        content is not None
        and attempt.channel is one.channel
        and content.to == one.phone
        and (attempt.direction is Direction.IN or cause.kind == "reply" or cause.by == "business")
    )


def _said(conversation_id: str, means: Means) -> Iterator[Message]:
    """All messages, the newest first."""
    before = None
    while found := means.conversations.messages(conversation_id, before=before, limit=PAGE):
        yield from reversed(found)
        before = found[0].seq


def _empty(message: Message) -> Message:
    return Message(
        seq=message.seq,
        at=message.at,
        by=message.by,
        kind=ERASED,
        case_id=message.case_id,
        attempt_id=message.attempt_id,
        provider_id=message.provider_id,
        state=message.state,
    )


def _nameless(one: Conversation) -> Conversation:
    """The conversation without what was said; who answers it stays."""
    talk = talk_of(one)
    if talk is not None:
        talk = Talk(
            language=talk.language,
            stage=talk.stage if talk.stage in _KEPT_STAGES else Stage.START,
            guesses=talk.guesses,
            locked_until=talk.locked_until,
            since=talk.since,
        )
    return replace(
        one, name="", preview="", preview_by="", unread=0, talk=to_plain(talk) if talk else {}
    )
