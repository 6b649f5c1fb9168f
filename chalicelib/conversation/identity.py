"""Who writes: the phone is one fact, this asks for the other before anything is told."""

import hmac
import re
from datetime import timedelta

from chalicelib.conversation import wording
from chalicelib.conversation.exchange import STRANGERS_MENU, Exchange
from chalicelib.conversation.facts import Debtor
from chalicelib.conversation.folding import fold
from chalicelib.conversation.turns import EffectKind, Stage

MOST_GUESSES = 3
LOCKED_FOR = timedelta(hours=24)
LEAST = 4
# Longer than an id and a few words around it: somebody is telling something, not answering.
MOST_WORDS = 8


def ask(x: Exchange, *, wanted: str = "") -> None:
    """Ask for the second fact; whether the number is known at all is not to be told from it."""
    code = "identify.again" if x.talk.stage is Stage.IDENTIFY else "identify.ask"
    x.move(Stage.IDENTIFY)
    if wanted:
        x.change(wanted=wanted, words="" if x.choice else x.text)
    x.say(code, *STRANGERS_MENU, id_name=wording.tax_id_name(x.house.country, x.language))


def guess(text: str) -> str:
    """
    Give the id that a message may be an answer with; empty when it is none.

    All that has a digit counts as one guess: nobody tries several in one message.

    >>> guess("es 4321"), guess("RFC: GODE561231GR8"), guess("0001 0002"), guess("hola")
    ('4321', 'GODE561231GR8', '00010002', '')
    """
    words = re.findall(r"\w+", fold(text.replace("_", " ")).replace("-", "").replace(".", ""))
    if len(words) > MOST_WORDS:
        return ""
    found = "".join(word for word in words if re.search(r"\d", word)).upper()
    return found if len(found) >= LEAST else ""


def locked(x: Exchange) -> bool:
    return x.talk.locked_until is not None and x.now < x.talk.locked_until


def answer(x: Exchange, given: str) -> bool:
    """
    Look at a second fact; says whether it was right.

    The same words answer a wrong one and one from a number that no case has.
    """
    whole = _plain(x.text)
    right = [one for one in x.debtors if one.may_know and _fits(one, given, whole)]
    if right:
        first = min(right, key=lambda one: min((o.due_on for o in one.owed), default=x.house.today))
        x.change(case_id=first.case_id, identified_at=x.now, guesses=0, locked_until=None)
        x.do(EffectKind.IDENTIFIED, case_id=first.case_id)
        x.move(Stage.MENU)
        return True
    x.change(guesses=x.talk.guesses + 1)
    if x.talk.guesses >= MOST_GUESSES:
        lock(x)
    else:
        id_name = wording.tax_id_name(x.house.country, x.language)
        x.say("identify.wrong", *STRANGERS_MENU, id_name=id_name)
    return False


def lock(x: Exchange) -> None:
    """Look at no more guesses for a day, and let a person look."""
    x.change(
        locked_until=x.now + LOCKED_FOR,
        guesses=0,
        wanted="",
        words="",
        amount_minor=None,
        due_on=None,
    )
    x.move(Stage.WAITING)
    x.do(EffectKind.HAND_OVER, reason="identity")
    x.say("identify.locked", contact=x.contact())


def _fits(one: Debtor, given: str, whole: str) -> bool:
    """Say whether what was given is the end of the tax id, all of it, or a debt's own number."""
    tax_id = _plain(one.tax_id)
    known = [tax_id[-LEAST:], tax_id] if len(tax_id) >= LEAST else []
    known += [number for debt in one.owed if len(number := _plain(debt.external_id)) >= LEAST]
    # Every comparison is made, and in constant time: an answer's delay tells nothing.
    hits = [
        hmac.compare_digest(said.encode(), fact.encode())
        for fact in known
        for said in (given, whole)
    ]
    return any(hits)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text)).upper()
