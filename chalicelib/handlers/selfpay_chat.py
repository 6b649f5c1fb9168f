"""The chat on the debtor's page: the bot that answers on WhatsApp, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.contact import Channel, Inbound
from chalicelib.domain.errors import BadField
from chalicelib.handlers.debtor_web import DebtorCall, debtor_page
from chalicelib.handlers.selfpay import Look, desk, look, show
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.conversation import dialogue, turns
    from chalicelib.domain import dispute
    from chalicelib.selfpay import forms, talking
    from chalicelib.services import conversation_facts, disputes, self_service

if TYPE_CHECKING:
    from chalice.app import Response

    from chalicelib.conversation.turns import Effect, Turn
    from chalicelib.selfpay.talking import Chat

PAGE = "page"
OPENING = "menu"  # what the bot answers to with what it can do


@debtor_page("GET /pagar/chat")
def begin(call: DebtorCall) -> Response:
    seen = look(call)
    chat = talking.begun(call.case_id, call.language, call.now)
    turn = _turn(call, seen, chat, OPENING, "")
    return _page(call, seen, chat.heard("", turn.talk, turn.replies), turn)


@debtor_page("POST /pagar/chat")
def go_on(call: DebtorCall) -> Response:
    """
    Answer a message, and do what follows from it; ids come from the form's key, so the same
    form sent again does nothing twice.
    """
    seen = look(call)
    chat = talking.opened(
        call.form.get("talk", ""),
        wiring.link_key(),
        whose=call.inside.session_id,
        case_id=call.case_id,
        now=call.now,
    ) or talking.begun(call.case_id, call.language, call.now)
    words, choice = call.form.get("words", "").strip(), call.form.get("choice", "")[:40]
    turn = _turn(call, seen, chat, words, choice)
    for effect in turn.effects:
        _follow(call, effect)
    if not turn.replies and words:  # a person was asked for; the bot leaves them to it
        self_service.wants_person(desk(call), words=words)
    title = call.form.get(f"title_{choice}", "")[:40] if choice else ""
    return _page(call, look(call), chat.heard(words or title, turn.talk, turn.replies), turn)


def _turn(call: DebtorCall, seen: Look, chat: Chat, words: str, choice: str) -> Turn:
    said = Inbound(
        provider=PAGE,
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
        chat.talk,
        said,
        house=conversation_facts.house(place, call.now),
        debtors=[talking.debtor(seen.file, seen.account, pay_url=pay_url)],
        now=call.now,
    )


def _follow(call: DebtorCall, effect: Effect) -> None:
    """Do what the bot promised, as the page's own forms do it."""
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
            self_service.says_paid(desk(call), words=effect.text)
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


def _page(call: DebtorCall, seen: Look, chat: Chat, turn: Turn) -> Response:
    options = [one for reply in turn.replies for one in reply.buttons]
    return show(
        call,
        seen,
        "chat",
        step="chat",
        form=forms.EMPTY,
        messages=chat.said,
        options=options,
        waits=not turn.replies,
        talk=talking.sealed(chat, wiring.link_key(), whose=call.inside.session_id),
    )
