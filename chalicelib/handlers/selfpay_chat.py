"""The chat on the debtor's page: the bot that answers on WhatsApp, or a person of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.contact import Channel, Inbound
from chalicelib.domain.errors import BadField
from chalicelib.handlers.debtor_call import DebtorCall
from chalicelib.handlers.debtor_web import debtor_page
from chalicelib.handlers.selfpay import Look, desk, look, show
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.conversation import dialogue, turns
    from chalicelib.domain import conversation, dispute
    from chalicelib.selfpay import forms, talking
    from chalicelib.services import conversation_facts, disputes, page_chats, self_service

if TYPE_CHECKING:
    from chalice.app import Response

    from chalicelib.conversation.turns import Effect, Talk, Turn
    from chalicelib.domain.conversation import Conversation

OPENING = "menu"  # what the bot answers to with what it can do


@debtor_page("GET /pagar/chat")
def begin(call: DebtorCall) -> Response:
    return _page(call, look(call))


@debtor_page("POST /pagar/chat")
def go_on(call: DebtorCall) -> Response:
    """
    Take a message, and do what follows from it; ids come from the form's key, so the same
    form sent again does nothing twice.
    """
    seen = look(call)
    words, choice = call.form.get("words", "").strip(), call.form.get("choice", "")[:40]
    title = call.form.get(f"title_{choice}", "")[:40] if choice else ""
    if words or title:
        page_chats.hear(
            words or title,
            case_id=call.case_id,
            portfolio=seen.portfolio,
            language=call.language,
            key=call.key,
            decide=lambda talk: _turn(call, seen, talk, words, choice),
            follow=lambda turn, before: _follow(call, turn, before, words),
            conversations=wiring.conversations(),
            now=call.now,
        )
    return _page(call, look(call))


def _turn(call: DebtorCall, seen: Look, talk: Talk, words: str, choice: str) -> Turn:
    said = Inbound(
        provider=conversation.PAGE,
        provider_id=call.form_key,
        channel=Channel.WHATSAPP,  # how long its answers may be; it goes nowhere
        sender=call.case_id,
        recipient=call.portfolio_id,
        at=call.now,
        text=words,
        choice=choice,
    )
    place = conversation_facts.Place(portfolio=seen.portfolio, like=seen.portfolio)
    pay_url = f"{settings().site_url}/pagar/pago" if "pago" in seen.tools["steps"] else ""
    return dialogue.step(
        talk,
        said,
        house=conversation_facts.house(place, call.now),
        debtors=[talking.debtor(seen.file, seen.account, pay_url=pay_url)],
        now=call.now,
    )


def _follow(call: DebtorCall, turn: Turn, before: Conversation | None, words: str) -> None:
    """Do what the bot promised; what it leaves to people reaches them."""
    for effect in turn.effects:
        _do(call, effect)
    if turn.replies or not words:
        return
    if before is not None and before.desk is conversation.Desk.PERSON:
        self_service.says_to_person(desk(call), words=words, conversation_id=before.conversation_id)
    else:  # a person was asked for
        self_service.wants_person(desk(call), words=words)


def _do(call: DebtorCall, effect: Effect) -> None:
    """As the page's own forms do it."""
    kinds = turns.EffectKind
    match effect.kind:
        case kinds.PROMISE if effect.amount_minor and effect.on:
            owed = look(call).account.total.minor
            amount = min(effect.amount_minor, owed)
            try:
                self_service.promise(
                    desk(call), amount_minor=amount, due_on=effect.on, owed_minor=owed
                )
            except BadField:
                self_service.wants_person(desk(call), words=effect.text)
        case kinds.PAID | kinds.PROOF:
            self_service.says_paid(
                desk(call),
                words=effect.text,
                amount_minor=effect.amount_minor,
                paid_on=effect.on,
            )
        case kinds.CANNOT_PAY:
            self_service.cannot_pay(desk(call), wish="", words=effect.text)
        case kinds.DISPUTE | kinds.DETAIL:
            _dispute(call, effect)
        case kinds.HAND_OVER:
            self_service.wants_person(desk(call), words=effect.text)
        case kinds.OPT_OUT:
            every = tuple(Channel)
            self_service.choose(desk(call), allowed=(), shown=every, language="")


def _dispute(call: DebtorCall, effect: Effect) -> None:
    live = [one for one in look(call).file.disputes if one.state in dispute.LIVE]
    kind = disputes.kind_of(effect.reason or "other")
    if effect.kind is turns.EffectKind.DETAIL and live:
        kind = max(live, key=lambda one: one.opened_at).kind
    disputes.open(
        call.case_id,
        disputes.Claim(kind=kind, source=self_service.SELF_PAY, text=effect.text),
        key=call.key,
        by=call.actor.actor_id,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )


def _page(call: DebtorCall, seen: Look) -> Response:
    chat = page_chats.opened(
        call.portfolio_id, call.case_id, conversations=wiring.conversations(), now=call.now
    )
    said, options = [talking.shown(one) for one in chat.messages], chat.options
    if not said:
        talk = page_chats.talk_of(chat, call.case_id, call.language, call.now)
        replies = _turn(call, seen, talk, OPENING, "").replies
        said = [talking.Said(mine=False, text=one.text) for one in replies]
        options = tuple(button for one in replies for button in one.buttons)
    return show(
        call,
        seen,
        "chat",
        step="chat",
        form=forms.EMPTY,
        messages=said,
        options=options,
        waits=chat.with_person,
    )
