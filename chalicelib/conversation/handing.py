"""Handing a conversation to a person."""

from chalicelib.conversation import wording
from chalicelib.conversation.exchange import Exchange
from chalicelib.conversation.turns import EffectKind, Stage


def over(x: Exchange, reason: str) -> None:
    """
    Let a person go on; the bot is quiet until they hand it back.

    Args:
        reason: ``asked``, ``promises_broken``, ``how_to_pay``, ``identity``...
    """
    case_id = x.talk.case_id if x.debtor else ""
    x.do(EffectKind.HAND_OVER, case_id=case_id, reason=reason)
    x.change(wanted="", words="", amount_minor=None, due_on=None)
    x.move(Stage.WAITING)
    if x.house.office_open:
        x.say("human.open", contact=x.contact())
    else:
        hours = wording.office(x.house.office, x.language)
        x.say("human.closed", hours=hours, contact=x.contact())
