"""
The conversation with a debtor: one message in, what to answer and what to do out.

Pure. The rules that hold in every stage: a stop word stops; a wrong number is believed; nothing
of a debt is told before the second fact; what a person has taken over the bot leaves alone.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.conversation import handing, identity, intents, paying, promising
from chalicelib.conversation.exchange import MENU, STRANGERS_MENU, Exchange
from chalicelib.conversation.facts import Debtor, House
from chalicelib.conversation.folding import fold
from chalicelib.conversation.intents import Intent
from chalicelib.conversation.language import detect, likely
from chalicelib.conversation.turns import EffectKind, Stage, Talk, Turn
from chalicelib.conversation.wording import text as wording
from chalicelib.conversation.words import Language
from chalicelib.domain.contact import Inbound

# A person who was asked for and did not come in a day: the bot answers again.
WAIT_LASTS = timedelta(hours=24)
MOST_MISSES = 3
PICTURES = frozenset({"image", "document", "video"})
VOICES = frozenset({"audio", "voice"})
# Told to people who read along, answered by nobody.
SILENT = frozenset({"reaction", "edit", "revoke", "system"})
UNREADABLE = frozenset({"location", "contacts", "unsupported", "order", "flow"})
CODES = frozenset(
    {*MENU, *STRANGERS_MENU, "menu", "yes", "no", "change", "all", "half", "no_proof"}
)
_WANTED = {
    Intent.BALANCE: "balance",
    Intent.PAY: "pay",
    Intent.PROMISE: "promise",
    Intent.PAID: "paid",
    Intent.CANNOT_PAY: "cannot_pay",
}
_REASONS = ("deceased", "wrong_person", "fraud", "attorney", "amount")


def step(
    talk: Talk, said: Inbound, *, house: House, debtors: Sequence[Debtor], now: datetime
) -> Turn:
    """
    Take one message.

    Args:
        debtors: Every case of the portfolio that has the sender's number; none for a stranger.
        said: ``extras["kind"]`` tells what is no text: ``image``, ``audio``, ``sticker``...

    Returns:
        The new state, the answers in order, and what is to be done.
    """
    x = Exchange(talk, said, house=house, debtors=debtors, now=now)
    if x.kind == "echo":
        _ours(x)
        return x.turn()
    x.change(language=detect(x.text, talk.language))
    x.choice = _choice(x)
    x.read("" if x.choice else x.text)
    if x.reading.intent is Intent.UNKNOWN:
        _try_others(x)
    x.intent = x.choice.partition(":")[0] or x.reading.intent.value
    if _stops(x):
        _stop(x)
    elif x.kind in SILENT:
        x.intent = x.kind
        if x.kind == "system" and said.extras.get("new_number"):
            x.do(EffectKind.NUMBER_CHANGED, text=said.extras["new_number"])
    else:
        _answer(x)
    return x.turn()


def _try_others(x: Exchange) -> None:
    """What means nothing in the language so far may mean something in another it fits."""
    before = x.language
    for other in likely(x.text, before):
        x.change(language=other)
        x.read(x.text)
        if x.reading.intent is not Intent.UNKNOWN:
            return
    if x.language is not before:
        x.change(language=before)
        x.read(x.text)


def taken_over(talk: Talk, now: datetime) -> Talk:
    """The state once a person answers."""
    return replace(talk, stage=Stage.PERSON, since=now, amount_minor=None, due_on=None)


def handed_back(talk: Talk, now: datetime) -> Talk:
    """The state once the person gives the conversation back to the bot."""
    return replace(talk, stage=Stage.MENU if talk.case_id else Stage.START, since=now, misses=0)


def _ours(x: Exchange) -> None:
    """Somebody of ours wrote from the business app: the bot leaves them to it for a day."""
    x.intent = "echo"
    x.change(amount_minor=None, due_on=None)
    if x.talk.stage is not Stage.PERSON:
        x.change(stage=Stage.WAITING, since=x.now)


def _answer(x: Exchange) -> None:
    stage = x.talk.stage
    if intents.is_start(x.folded):
        x.do(EffectKind.OPT_IN)
        x.move(Stage.MENU if x.debtor else Stage.START)
        x.say("start.done")
        return
    if stage is Stage.PERSON or (stage is Stage.WAITING and _still_waits(x)):
        return
    if stage is Stage.STOPPED and _mere_politeness(x):
        return
    if x.debtor is None and (x.talk.case_id or stage not in (Stage.START, Stage.IDENTIFY)):
        x.change(case_id="", identified_at=None)
        x.move(Stage.START)
    elif x.debtor is not None and stage in (Stage.WAITING, Stage.STOPPED):
        x.move(Stage.MENU)
    disputes = x.choice in ("not_me", "dispute") or x.reading.intent is Intent.DISPUTE
    if disputes or x.says("attorney"):
        _dispute(x)
    elif x.choice == "human" or x.reading.intent is Intent.HUMAN:
        handing.over(x, "asked")
    elif x.reading.intent is Intent.THANKS and not x.said.media:
        x.say("thanks.reply")
    elif x.debtor is None:
        _stranger(x)
    else:
        _known(x, x.debtor)


def _stranger(x: Exchange) -> None:
    """Somebody not identified (yet): nothing is told but how to be."""
    if x.kind in PICTURES:
        x.change(media=(*x.talk.media, *(key for _, key in x.said.media))[-5:])
    if x.kind in VOICES:
        x.say("media.audio")
        return
    if identity.locked(x):
        x.do(EffectKind.HAND_OVER, reason="identity")
        x.move(Stage.WAITING)
        x.say("identify.locked", contact=x.contact())
        return
    wanted = x.choice if x.choice in _WANTED.values() else _WANTED.get(x.reading.intent, "")
    given = "" if x.choice or x.kind in PICTURES else identity.guess(x.text)
    asks = wanted in ("balance", "pay", "paid", "cannot_pay") and not x.text.strip().isdigit()
    if given and not asks and x.talk.stage is Stage.IDENTIFY:
        if identity.answer(x, given):
            _go_on(x)
        return
    if x.kind in PICTURES and not wanted:
        wanted = "paid"
    if x.talk.stage is Stage.IDENTIFY and not wanted and x.choice != "menu":
        x.change(misses=x.talk.misses + 1)
        if x.talk.misses >= MOST_MISSES:
            x.change(misses=0)
            x.say("menu.lost", *STRANGERS_MENU)
            return
    identity.ask(x, wanted=wanted)


def _go_on(x: Exchange) -> None:
    """Identified: answer what was asked before."""
    debtor, wanted = x.debtor, x.talk.wanted
    x.read(x.talk.words)
    x.change(wanted="", words="", misses=0)
    if debtor is None or not wanted:
        x.say("menu.first", *MENU)
    else:
        _do(x, debtor, wanted)


def _known(x: Exchange, debtor: Debtor) -> None:
    if x.kind in PICTURES:
        _picture(x, debtor)
    elif x.kind in VOICES or x.kind in UNREADABLE:
        x.say("media.audio" if x.kind in VOICES else "media.other", "menu")
    elif x.choice == "menu" or intents.is_menu(x.folded):
        _menu(x)
    elif x.kind != "sticker" and not _answered(x, debtor):
        _asked(x, debtor)


def _answered(x: Exchange, debtor: Debtor) -> bool:
    """Take the message as the answer to what was asked last; False when it is none."""
    stage = x.talk.stage
    # Said in the middle of a promise, these are no answers to it.
    leaves = x.reading.intent in (Intent.PAID, Intent.CANNOT_PAY) or x.choice in MENU
    if stage in promising.ASKING:
        return not leaves and promising.answered(x, debtor)
    if stage is Stage.PROOF:
        return paying.proof(x, debtor)
    return stage is Stage.RECEIPT and paying.receipt(x, debtor)


def _asked(x: Exchange, debtor: Debtor) -> None:
    wanted = x.choice if x.choice in MENU else _WANTED.get(x.reading.intent, "")
    if x.talk.stage is Stage.DETAIL and not wanted and not x.choice and x.folded:
        x.do(EffectKind.DETAIL, case_id=debtor.case_id, text=x.text)
        x.move(Stage.MENU)
        x.say("dispute.detail", "human", "menu")
    elif wanted:
        _do(x, debtor, wanted)
    elif x.reading.intent in (Intent.GREETING, Intent.YES, Intent.NO):
        _menu(x)
    else:
        _missed(x, debtor)


def _do(x: Exchange, debtor: Debtor, wanted: str) -> None:
    promising.drop(x)
    x.change(misses=0)
    if wanted == "balance":
        paying.balance(x, debtor)
    elif wanted == "pay":
        paying.pay(x, debtor)
    elif wanted == "promise":
        promising.begin(x, debtor)
    elif wanted == "paid":
        paying.paid(x, debtor)
    elif wanted == "cannot_pay":
        x.do(
            EffectKind.CANNOT_PAY,
            case_id=debtor.case_id,
            reason="illness" if x.says("illness") else "no_money",
            text=x.text,
        )
        x.move(Stage.MENU)
        x.say("cannot.options", "promise", "human", "menu")
    else:
        _menu(x)


def _picture(x: Exchange, debtor: Debtor) -> None:
    keys = tuple(key for _, key in x.said.media)
    if x.talk.stage is Stage.DETAIL:
        x.do(EffectKind.DETAIL, case_id=debtor.case_id, text=x.text, media=keys)
        x.say("dispute.detail", "human", "menu")
        return
    x.change(media=(*x.talk.media, *keys)[-5:])
    if x.talk.stage is Stage.PROOF:
        paying.proof(x, debtor)
    elif x.reading.intent is Intent.PAID:
        paying.paid(x, debtor)
    else:
        promising.drop(x)
        x.move(Stage.RECEIPT)
        x.say("receipt.ask", "yes", "no")


def _dispute(x: Exchange) -> None:
    debtor = x.debtor
    reason = next((one for one in _REASONS if x.says(one)), "not_mine")
    if x.choice == "not_me":
        reason = "wrong_person"
    x.change(wanted="", words="", amount_minor=None, due_on=None)
    if debtor is None and reason == "wrong_person":
        x.do(EffectKind.WRONG_PERSON, text=x.text)
        x.move(Stage.STOPPED)
        x.say("wrong_person.done")
        return
    case_id = debtor.case_id if debtor else ""
    x.do(EffectKind.DISPUTE, case_id=case_id, reason=reason, text=x.text)
    if reason == "deceased":
        x.do(EffectKind.HAND_OVER, case_id=case_id, reason=reason)
        x.move(Stage.WAITING)
        x.say("dispute.deceased")
    elif debtor is None:
        x.say("dispute.neutral", *STRANGERS_MENU)
    else:
        x.move(Stage.DETAIL)
        x.say("dispute.done", "human", "menu")


def _menu(x: Exchange) -> None:
    promising.drop(x)
    x.change(misses=0)
    x.move(Stage.MENU)
    x.say("menu.again", *MENU)


def _missed(x: Exchange, debtor: Debtor) -> None:
    x.change(misses=x.talk.misses + 1)
    if x.talk.misses >= MOST_MISSES:
        x.change(misses=0)
        x.say("menu.lost", "human", "menu")
    elif x.talk.stage in promising.ASKING:
        promising.again(x, debtor)
    else:
        x.say("menu.unknown", *MENU)


def _stops(x: Exchange) -> bool:
    return x.choice == "stop" or any(
        intents.says(x.folded, Intent.STOP, language) for language in Language
    )


def _stop(x: Exchange) -> None:
    x.intent = Intent.STOP.value
    x.change(wanted="", words="", amount_minor=None, due_on=None, media=())
    x.do(EffectKind.OPT_OUT, text="" if x.choice else x.text)
    if x.talk.stage is not Stage.PERSON:
        x.move(Stage.STOPPED)
    if x.kind != "preference":  # set in WhatsApp itself, which told them so
        x.say("stop.done")


def _still_waits(x: Exchange) -> bool:
    """Nobody talks over a person who is about to answer, unless the menu is asked for."""
    if x.choice in CODES or intents.is_menu(x.folded):
        return x.choice == "human"
    return x.talk.since is not None and x.now - x.talk.since < WAIT_LASTS


def _mere_politeness(x: Exchange) -> bool:
    return not x.choice and (
        not x.folded or x.reading.intent in (Intent.THANKS, Intent.YES, Intent.NO)
    )


def _choice(x: Exchange) -> str:
    """The option taken: tapped, or its number or its words written."""
    if x.said.choice in CODES or x.said.choice in x.talk.options:
        return x.said.choice
    offered = x.talk.options
    if re.fullmatch(r"[1-9]", x.folded) and int(x.folded) <= len(offered):
        return offered[int(x.folded) - 1]
    for option in offered:
        if not option.startswith("on:") and x.folded and x.folded in _titles(option):
            return option
    signs = {"👍": "yes", "✅": "yes", "👌": "yes", "👎": "no", "❌": "no"}
    found = {code for sign, code in signs.items() if sign in x.text}
    if not x.folded and len(found) == 1 and "yes" in offered:
        return found.pop()
    return ""


def _titles(option: str) -> set[str]:
    return {fold(wording(f"option.{option}", language)) for language in Language}
