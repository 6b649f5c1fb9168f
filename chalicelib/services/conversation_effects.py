"""What a message does to a case: the attempt it is, and what follows from it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.conversation.turns import Effect, EffectKind, Reply, Turn
from chalicelib.domain.case import CaseFile, ContactKind
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    ConsentState,
    Content,
    Direction,
    HoldReason,
    Inbound,
    Ruling,
)
from chalicelib.domain.conversation import STORED
from chalicelib.domain.draft import Draft
from chalicelib.domain.ids import derived_id
from chalicelib.domain.reported import ReportedSource
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.services import disputes, payment_tellings
from chalicelib.services.conversation_facts import numbered, point_of
from chalicelib.services.suppression import Known, nowhere
from chalicelib.services.working_days import grace_on as last_day_of

ATTORNEY = "attorney"


def attempt_id(case_id: str, said: Inbound, part: str) -> str:
    """Name what a message led to, so that the same message leads to it once."""
    return derived_id("att", case_id, said.provider, said.provider_id, part)


def received(file: CaseFile, said: Inbound, intent: str, language: str) -> Attempt:
    """The message as an attempt of the case; one that a person of ours wrote counts as theirs."""
    point = point_of(file, said.sender)
    ours = said.extras.get("kind") == "echo"
    return Attempt(
        attempt_id=attempt_id(file.head.case_id, said, "in"),
        channel=said.channel,
        direction=Direction.OUT if ours else Direction.IN,
        state=AttemptState.DONE if ours else AttemptState.RECEIVED,
        cause=Cause(kind="manual" if ours else "reply", by="business" if ours else "debtor"),
        created_at=said.at,
        contact_id=point.contact_id if point else "",
        party=point.party if point else "debtor",
        content=Content(
            to=said.sender,
            text=said.text,
            language=language,
            attachments=tuple(key for _, key in said.media),
            buttons=((said.choice, said.text),) if said.choice else (),
        ),
        outcome=intent,
        provider=said.provider,
        provider_id=said.provider_id,
    )


def answered(
    file: CaseFile, said: Inbound, number: int, reply: Reply, *, state: int,
    turn: Turn, ruling: Ruling,
    now: datetime,
) -> Attempt:  # fmt: skip
    """
    An answer as an attempt of the case, its place taken or denied.

    Args:
        state: The version of the conversation it was decided from. With the case's own it is
            part of the id: what was decided from other facts is another answer.
    """
    point = point_of(file, said.sender)
    case_id = file.head.case_id
    return Attempt(
        attempt_id=attempt_id(case_id, said, f"reply {number} {state} {file.head.version}"),
        channel=said.channel,
        direction=Direction.OUT,
        state=AttemptState.RESERVED if ruling.allowed else AttemptState.DENIED,
        cause=Cause(kind="reply", step=reply.code, answers=attempt_id(case_id, said, "in")),
        created_at=now + timedelta(microseconds=number),  # they are shown in this order
        contact_id=point.contact_id if point else "",
        party=point.party if point else "debtor",
        ruling=ruling,
        content=Content(
            to=said.sender,
            text=numbered(reply.text, reply.buttons, said.channel),
            language=turn.talk.language.value,
            buttons=reply.buttons,
        ),
        problem="" if ruling.allowed else ruling.reason_code,
    )


def apply(
    draft: Draft,
    file: CaseFile,
    effects: Iterable[Effect],
    said: Inbound,
    *,
    suppressed: Known = nowhere,
) -> None:
    """
    Do to a case what follows for it. Safe to repeat with the same message.

    Args:
        suppressed: What people had erased: a new number that is told is not kept then, for who
            writes from the old one need not be its owner any more.
    """
    for effect in effects:
        if effect.case_id in ("", file.head.case_id):
            _apply(draft, file, effect, said, suppressed)


def touched(effects: Iterable[Effect], case_ids: Sequence[str]) -> set[str]:
    """The cases that something follows for."""
    silent = (EffectKind.HAND_OVER, EffectKind.PAY_LINK, EffectKind.DETAIL)
    found: set[str] = set()
    for effect in effects:
        if effect.kind not in silent:
            found |= {effect.case_id} if effect.case_id else set(case_ids)
    return found


def _apply(draft: Draft, file: CaseFile, effect: Effect, said: Inbound, suppressed: Known) -> None:
    case_id, point = file.head.case_id, point_of(file, said.sender)
    match effect.kind:
        case EffectKind.IDENTIFIED if point is not None and point.quality == "unverified":
            draft.mark_contact(point.contact_id, quality="valid")
        case EffectKind.PROMISE if effect.amount_minor and effect.on:
            promise_id = derived_id("pro", case_id, said.provider, said.provider_id)
            if all(one.promise_id != promise_id for one in file.promises):
                draft.promise(
                    promise_id,
                    effect.amount_minor,
                    effect.on,
                    channel=said.channel.value,
                    grace_on=last_day_of(draft.portfolio, effect.on),
                )
        case EffectKind.PAID | EffectKind.PROOF:
            payment_tellings.take(draft, file, _telling(case_id, effect, said))
        case EffectKind.DISPUTE:
            _dispute(draft, file, effect, said)
        case EffectKind.OPT_OUT | EffectKind.OPT_IN if point is not None:
            given = effect.kind is EffectKind.OPT_IN
            draft.consent(
                ConsentState.GIVEN if given else ConsentState.REFUSED,
                contact_id=point.contact_id,
                channel=said.channel,
                source=said.channel.value,
                words=effect.text,
            )
        case EffectKind.WRONG_PERSON if point is not None:
            draft.mark_contact(point.contact_id, quality="wrong_person")
        case EffectKind.NUMBER_CHANGED if point is not None:
            phone = (ContactKind.PHONE.value, effect.text)
            if not suppressed(file.head.portfolio_id, [phone]):
                draft.put_contact(
                    ContactKind.PHONE, effect.text, party=point.party, source=said.channel.value
                )
            draft.mark_contact(point.contact_id, quality="invalid")


def _telling(case_id: str, effect: Effect, said: Inbound) -> payment_tellings.Telling:
    """
    What was said of a payment, or sent as its proof.

    A proof says neither amount nor day: it is put to the payment that is being looked for.
    """
    key = (case_id, said.provider, said.provider_id)
    telling = payment_tellings.Telling(
        key=key,
        source=ReportedSource(said.channel.value),
        cause=Cause(kind="reply"),
        at=said.at,
        by=f"debtor:{case_id}",
        amount_minor=effect.amount_minor,
        paid_on=effect.on,
        words=effect.text,
        days=effect.days,
    )
    stored = [one for one in effect.media if one.startswith(STORED)]
    return replace(
        telling,
        evidence=tuple(
            payment_tellings.received(one, telling.telling_id, number, at=said.at, by=telling.by)
            for number, one in enumerate(stored)
        ),
    )


def _dispute(draft: Draft, file: CaseFile, effect: Effect, said: Inbound) -> None:
    if effect.reason == ATTORNEY:
        reason = HoldReason.ATTORNEY
        if not any(one.reason is reason and one.active_on(draft.today) for one in file.holds):
            hold_id = derived_id("hol", file.head.case_id, said.provider, said.provider_id)
            draft.hold(hold_id, reason, note=effect.text)
            _review(draft, file, said, ATTORNEY)
        return
    claim = disputes.Claim(
        kind=disputes.kind_of(effect.reason), source=said.channel.value, text=effect.text
    )
    known = {one.dispute_id for one in file.disputes}
    key = f"{said.provider}:{said.provider_id}"
    if disputes.open_in(draft, claim, key=key, now=said.at) not in known:
        _review(draft, file, said, effect.reason or "dispute")


def _review(draft: Draft, file: CaseFile, said: Inbound, what: str) -> None:
    """Ask people to look at it today."""
    draft.ask(
        Task(
            task_id=derived_id("tsk", file.head.case_id, said.provider, said.provider_id),
            kind=TaskKind.REVIEW,
            state=TaskState.OPEN,
            cause=Cause(kind="reply", step=what),
            due_on=draft.today,
            created_at=said.at,
        )
    )
