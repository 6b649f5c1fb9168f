"""One message understood: what it wants, how much, by when."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chalicelib.conversation import amounts, dates, intents
from chalicelib.conversation.folding import fold
from chalicelib.conversation.intents import Intent
from chalicelib.conversation.words import Language

# A debtor's message is short; a pasted novel is cut before any pattern sees it.
LONGEST = 1000
# Elsewhere a number is not a sum somebody offers: "how much is left to pay it all?"
ABOUT_MONEY = frozenset({Intent.PROMISE, Intent.PAY, Intent.PAID, Intent.DISPUTE, Intent.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    Args:
        amount: Whole units of the currency, as named; None when none was.
        share: Part of what is owed ("half", "all of it"); None when a sum or nothing was named.
        on: The day named; None when none was.
    """

    intent: Intent
    amount: Decimal | None = None
    share: Decimal | None = None
    on: date | None = None


def understand(text: str, language: Language, today: date) -> Reading:
    """
    Read a debtor's message.

    Args:
        today: The day it is where the debtor is.
    """
    folded = fold(text[:LONGEST])
    paid = intents.says(folded, Intent.PAID, language)
    found = dates.find(folded, language, today, past=paid)
    rest = folded if found is None else _without(folded, found.span)
    sum_ = amounts.find(rest, language)
    intent = _intent(folded, language, paid=paid, found=found, sum_=sum_, today=today)
    if intent not in ABOUT_MONEY:
        sum_ = None
    return Reading(
        intent=intent,
        amount=sum_.value if sum_ else None,
        share=sum_.share if sum_ else None,
        on=found.on if found else None,
    )


def _intent(  # noqa: PLR0911 - the order of the answers is the rule
    folded: str,
    language: Language,
    *,
    paid: bool,
    found: dates.FoundDate | None,
    sum_: amounts.FoundAmount | None,
    today: date,
) -> Intent:
    """What refuses, complains or asks for help goes before what pays; a date decides the rest."""

    def says(intent: Intent) -> bool:
        return intents.says(folded, intent, language)

    for intent in (Intent.STOP, Intent.DISPUTE):
        if says(intent):
            return intent
    if says(Intent.HUMAN) and not (paid and sum_):
        return Intent.HUMAN
    if paid:
        return Intent.PAID
    ahead = found is not None and found.on >= today
    if ahead and (intents.offers_payment(folded, language) or _bare(folded, found, sum_)):
        return Intent.PROMISE
    order = (Intent.CANNOT_PAY, Intent.BALANCE, Intent.PAY, Intent.YES, Intent.NO)
    for intent in (*order, Intent.GREETING, Intent.THANKS):
        if says(intent):
            return intent
    if ahead or (sum_ is not None and intents.offers_payment(folded, language)):
        return Intent.PROMISE
    return Intent.UNKNOWN


def _bare(folded: str, found: dates.FoundDate | None, sum_: amounts.FoundAmount | None) -> bool:
    """A date and little else answers "when will you pay?"."""
    rest = folded if found is None else _without(folded, found.span)
    return len(rest.split()) <= (4 if sum_ else 2)


def _without(folded: str, span: tuple[int, int]) -> str:
    return " ".join((folded[: span[0]] + " " + folded[span[1] :]).split())
