"""
A message from somebody: who it is, what it does to their case, and what is answered.

What follows for a case is committed first, under ids made from the provider's own; then the
conversation with the answers, and that the message was taken; only then the answers go. A
message that comes twice finds that mark, and one that broke off before it is simply done again.
After it nothing is sent twice: an answer that was under way stays "reserved" for a person to see.
Two workers with one message may each have committed answers; those of the one whose conversation
was not saved were never handed over, and are given up by whoever finds them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.conversation.dialogue import step
from chalicelib.conversation.turns import EffectKind, Stage, Talk, Turn
from chalicelib.conversation.words import Language
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Inbound,
    Ruling,
)
from chalicelib.domain.conversation import (
    YEAR_DAYS,
    Conversation,
    Desk,
    Message,
    conversation_id,
)
from chalicelib.domain.draft import Draft, after
from chalicelib.domain.errors import CaseMoved, ConversationMoved
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import conversation_effects as effects
from chalicelib.services import conversation_facts as facts
from chalicelib.services.conversation_ports import Means
from chalicelib.services.conversation_sending import later, send, shown

ATTEMPTS = 10
ACTOR = "system"
# Recorded where people read along, but nobody is called for them.
QUIET_KINDS = frozenset({"reaction", "edit", "revoke", "system", "echo"})
# The sender did not write these; they open no window.
NOT_THEIRS = frozenset({"echo", "system"})
_DESKS = {Stage.WAITING: Desk.WAITING, Stage.PERSON: Desk.PERSON, Stage.STOPPED: Desk.QUIET}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """
    What became of a message.

    Args:
        outcome: ``answered``, ``kept`` (no answer), ``repeated`` or ``nobodys`` (not a number
            of ours).
    """

    outcome: str
    conversation: Conversation | None = None
    turn: Turn | None = None


def receive(said: Inbound, *, means: Means, now: datetime) -> Heard:
    """
    Take a message from anybody. Safe to repeat.

    Raises:
        ConversationMoved, CaseMoved: They kept moving; the message may be given again.
    """
    for left in reversed(range(ATTEMPTS)):
        answers = means.conversations.heard(said.provider, said.provider_id)
        try:
            if answers is None:
                return _take(said, means=means, now=now)
            _give_up(said, answers, means=means, now=now)
            return Heard(outcome="repeated")
        except (CaseMoved, ConversationMoved):
            if not left:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """
    One message on its way through.

    Args:
        home: The case the conversation is about: the identified one, or the only one.
        state: The version of the conversation that the turn was decided from.
    """

    said: Inbound
    turn: Turn
    at: facts.Place
    files: tuple[CaseFile, ...]
    home: CaseFile | None
    state: int
    means: Means
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded:
    """
    What was written with the cases.

    Args:
        ruling: What the gate said of the answers; None where nobody is collected from: somebody
            wrote, and is answered.
        attempts: The answers, in order, where one case is meant.
    """

    ruling: Ruling | None = None
    attempts: tuple[Attempt, ...] = ()

    @property
    def denied(self) -> str:
        return "" if self.ruling is None or self.ruling.allowed else self.ruling.reason_code


def _take(said: Inbound, *, means: Means, now: datetime) -> Heard:
    at = facts.place(said, means)
    if at is None:
        return Heard(outcome="nobodys")
    portfolio_id = at.portfolio.portfolio_id if at.portfolio else ""
    before = next((one for one in at.earlier if one.portfolio_id == portfolio_id), None)
    key = conversation_id(portfolio_id, said.channel, said.sender)
    files = at.files
    turn = step(
        _talk(before, at),
        said,
        house=facts.house(at, now),
        debtors=[facts.debtor(f, at.portfolio, said.sender, now, means) for f in files]
        if at.portfolio
        else [],
        now=now,
    )
    work = _Work(
        said=said,
        turn=turn,
        at=at,
        files=files,
        home=_home(turn.talk, files),
        state=before.version if before else 0,
        means=means,
        now=now,
    )
    if before and (means.conversations.find(before.conversation_id) or before) != before:
        # Two messages at once: what is decided from a state that has moved is not written.
        raise ConversationMoved(conversation_id=before.conversation_id)
    recorded = _record(work, at.portfolio) if at.portfolio and files else _Recorded()
    conversation = _moved(work, before, key, recorded)
    messages = _messages(work, conversation.seq, recorded)
    conversation = shown(replace(conversation, seq=messages[-1].seq), *messages)
    saved = means.conversations.save(
        conversation, *messages, before=before, heard=(said.provider, said.provider_id), now=now
    )
    going = [one for one in messages if one.state == "reserved"]
    for message in going:
        send(saved, message, portfolio=at.portfolio or at.like, means=means, now=now)
    answers = tuple(one.attempt_id for one in recorded.attempts)
    if any(_lost(file, said, answers) for file in files):
        _give_up(said, answers, means=means, now=now)
    return Heard(outcome="answered" if going else "kept", conversation=saved, turn=turn)


def _talk(before: Conversation | None, at: facts.Place) -> Talk:
    if before and before.talk:
        return from_plain(Talk, before.talk)
    return Talk(language=Language(at.like.language))


def _home(talk: Talk, files: Sequence[CaseFile]) -> CaseFile | None:
    known = next((file for file in files if file.head.case_id == talk.case_id), None)
    return known or (files[0] if len(files) == 1 else None)


def _record(work: _Work, portfolio: Portfolio) -> _Recorded:
    """Commit what follows for each case, and ask the gate for the answers."""
    said, turn = work.said, work.turn
    concerned = effects.touched(turn.effects, [file.head.case_id for file in work.files])
    home_id = work.home.head.case_id if work.home else ""
    recorded = _Recorded()
    for number, file in enumerate(work.files):
        asks = file.head.case_id == home_id or (not home_id and number == 0)
        draft = Draft(file, portfolio, actor=ACTOR, now=work.now)
        draft.receive(effects.received(file, said, turn.intent, turn.talk.language.value))
        heard = _as_it_is(file, draft)
        effects.apply(draft, file, turn.effects, said, suppressed=work.means.suppressed)
        if asks and turn.replies:
            ruling = _ruling(work, portfolio, heard, _as_it_is(file, draft))
            recorded = _Recorded(ruling=ruling)
        if file.head.case_id == home_id:
            recorded = replace(recorded, attempts=_answers(work, file, recorded.ruling))
            for attempt in recorded.attempts:
                draft.record(attempt)
        elif file.head.case_id not in concerned:
            continue
        change = draft.change()
        if change is not None:
            work.means.cases.commit(change)
    return recorded


def _lost(file: CaseFile, said: Inbound, answers: tuple[str, ...]) -> list[str]:
    """
    The answers to a message that were committed with a case but never handed over: decided
    from a state of the conversation, or of the case, that another worker changed first.

    Args:
        answers: The attempts that do answer it.
    """
    heard = effects.attempt_id(file.head.case_id, said, "in")
    return [
        one.attempt_id
        for one in file.attempts
        if one.cause.answers == heard
        and one.state is AttemptState.RESERVED
        and one.attempt_id not in answers
    ]


def _give_up(said: Inbound, answers: tuple[str, ...], *, means: Means, now: datetime) -> None:
    """
    Free what the lost answers to a message hold. Only after the conversation was saved.

    A case that moves is read again here: whoever was answered is not taken for a repetition.
    """
    for left in reversed(range(ATTEMPTS)):
        try:
            _free(said, answers, means=means, now=now)
        except CaseMoved:
            if not left:
                raise
        else:
            return


def _free(said: Inbound, answers: tuple[str, ...], *, means: Means, now: datetime) -> None:
    at = facts.place(said, means)
    if at is None or at.portfolio is None:
        return
    for file in at.files:
        draft = Draft(file, at.portfolio, actor=ACTOR, now=now)
        for attempt_id in _lost(file, said, answers):
            draft.failed(attempt_id, "superseded")
        change = draft.change()
        if change is not None:
            means.cases.commit(change)


def _as_it_is(file: CaseFile, draft: Draft) -> CaseFile:
    change = draft.change()
    return after(file, change) if change else file


def _ruling(work: _Work, portfolio: Portfolio, heard: CaseFile, done: CaseFile) -> Ruling | None:
    """
    Ask whether the answers may go, as the case was when the message came or as it is now.

    Who says "wrong number" is still thanked, and who takes a stop back is told so.
    """
    point = facts.point_of(heard, work.said.sender)
    if point is None:
        return None
    rulings = (
        work.means.gate(
            file,
            portfolio,
            contact_id=point.contact_id,
            channel=work.said.channel,
            now=work.now,
        )
        for file in (heard, done)
    )
    first = next(rulings)
    return first if first.allowed else next(rulings)


def _answers(work: _Work, file: CaseFile, ruling: Ruling | None) -> tuple[Attempt, ...]:
    ruling = ruling or Ruling(at=work.now, allowed=True, reason_code="OK", rules="answer")
    return tuple(
        effects.answered(
            file,
            work.said,
            number,
            reply,
            state=work.state,
            turn=work.turn,
            ruling=ruling,
            now=work.now,
        )
        for number, reply in enumerate(work.turn.replies)
    )


def _moved(work: _Work, before: Conversation | None, key: str, recorded: _Recorded) -> Conversation:
    said, turn, now = work.said, work.turn, work.now
    base = before or Conversation(
        conversation_id=key,
        portfolio_id=work.at.portfolio.portfolio_id if work.at.portfolio else "",
        channel=said.channel,
        phone=said.sender,
        recipient=said.recipient,
        created_at=now,
        moved_at=now,
    )
    desk, reason = _desk(work, base, recorded)
    kind = said.extras.get("kind", "text")
    return replace(
        base,
        recipient=said.recipient,
        sender_id=said.extras.get("number_id", base.sender_id),
        name=said.name or base.name,
        kept_days=work.at.like.policies.retention_years * YEAR_DAYS,
        case_ids=tuple(file.head.case_id for file in work.files),
        talk=to_plain(turn.talk),
        desk=desk,
        reason=reason,
        unread=base.unread + (kind not in QUIET_KINDS),
        last_in_at=base.last_in_at if kind in NOT_THEIRS else now,
        moved_at=later(base, now) if before else now,
    )


def _desk(work: _Work, base: Conversation, recorded: _Recorded) -> tuple[Desk, str]:
    """Say who answers next, and why a person should look."""
    desk, reason = asked_for(work.turn, base.reason)
    if recorded.denied and desk is not Desk.QUIET:
        return Desk.WAITING, "not_allowed"
    return desk, reason


def asked_for(turn: Turn, before: str) -> tuple[Desk, str]:
    """
    Say who answers after a turn, and why a person should look.

    Args:
        before: Why one should have until now.
    """
    happened = {effect.kind: effect.reason for effect in turn.effects}
    desk = _DESKS.get(turn.talk.stage, Desk.BOT)
    if EffectKind.HAND_OVER in happened:
        return desk, happened[EffectKind.HAND_OVER]
    if EffectKind.PAID in happened:
        return desk, "reported_payment"
    if EffectKind.DISPUTE in happened:
        return desk, "dispute"
    return desk, before


def _messages(work: _Work, seq: int, recorded: _Recorded) -> list[Message]:
    said, turn = work.said, work.turn
    case_id = work.home.head.case_id if work.home else ""
    messages = [
        Message(
            seq=seq + 1,
            at=said.at,
            by="business" if said.extras.get("kind") == "echo" else "debtor",
            text=said.text,
            kind=said.extras.get("kind", "text"),
            media=said.media,
            provider_id=said.provider_id,
            intent=turn.intent,
            case_id=case_id,
            attempt_id=effects.attempt_id(case_id, said, "in") if case_id else "",
        )
    ]
    attempts = recorded.attempts
    for number, reply in enumerate(turn.replies):
        messages.append(
            Message(
                seq=seq + 2 + number,
                at=work.now,
                by="bot",
                text=facts.numbered(reply.text, reply.buttons, said.channel),
                buttons=reply.buttons,
                case_id=case_id if attempts else "",
                attempt_id=attempts[number].attempt_id if attempts else "",
                state="denied" if recorded.denied else "reserved",
                problem=recorded.denied,
            )
        )
    return messages
