"""The one table of what a template may say of a case: names and kinds; meanings are in i18n."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum

from chalicelib.i18n import wording


class Kind(StrEnum):
    """TEXT as it is, MONEY and DATE in the debtor's way of writing, NUMBER, LINK, LIST to loop."""

    TEXT = "text"
    MONEY = "money"
    DATE = "date"
    NUMBER = "number"
    LINK = "link"
    LIST = "list"


class Group(StrEnum):
    """What the editor lists together, in this order."""

    DEBTOR = "debtor"
    AMOUNTS = "amounts"
    DATES = "dates"
    DEBTS = "debts"
    PROMISE = "promise"
    PAYMENT = "payment"
    INSTALMENT = "instalment"
    OFFER = "offer"
    SENDER = "sender"
    LEGAL = "legal"
    LINKS = "links"


@dataclass(frozen=True, slots=True)
class Variable:
    """
    Args:
        always: Whether every case has it; one that is not always there needs an ``{% if %}``,
            unless the text is only sent when it is (a promise's confirmation).
    """

    name: str
    group: Group
    kind: Kind
    _: KW_ONLY
    always: bool = True


VARIABLES: Mapping[str, Variable] = {
    variable.name: variable
    for variable in (
        Variable("first_name", Group.DEBTOR, Kind.TEXT),
        Variable("full_name", Group.DEBTOR, Kind.TEXT),
        Variable("total", Group.AMOUNTS, Kind.MONEY),
        Variable("overdue", Group.AMOUNTS, Kind.MONEY),
        Variable("due_amount", Group.AMOUNTS, Kind.MONEY),
        Variable("principal", Group.AMOUNTS, Kind.MONEY),
        Variable("interest", Group.AMOUNTS, Kind.MONEY),
        Variable("moratory", Group.AMOUNTS, Kind.MONEY),
        Variable("fees", Group.AMOUNTS, Kind.MONEY),
        Variable("today", Group.DATES, Kind.DATE),
        Variable("due_on", Group.DATES, Kind.DATE, always=False),
        Variable("days_late", Group.DATES, Kind.NUMBER),
        Variable("days_left", Group.DATES, Kind.NUMBER),
        Variable("reference", Group.DEBTS, Kind.TEXT, always=False),
        Variable("product", Group.DEBTS, Kind.TEXT, always=False),
        Variable("debts_count", Group.DEBTS, Kind.NUMBER),
        Variable("debts", Group.DEBTS, Kind.LIST),
        Variable("promise_amount", Group.PROMISE, Kind.MONEY, always=False),
        Variable("promise_on", Group.PROMISE, Kind.DATE, always=False),
        Variable("payment_amount", Group.PAYMENT, Kind.MONEY, always=False),
        Variable("paid_on", Group.PAYMENT, Kind.DATE, always=False),
        Variable("payment_reference", Group.PAYMENT, Kind.TEXT, always=False),
        Variable("instalment_number", Group.INSTALMENT, Kind.NUMBER, always=False),
        Variable("instalment_count", Group.INSTALMENT, Kind.NUMBER, always=False),
        Variable("instalment_amount", Group.INSTALMENT, Kind.MONEY, always=False),
        Variable("instalment_on", Group.INSTALMENT, Kind.DATE, always=False),
        Variable("offer_amount", Group.OFFER, Kind.MONEY, always=False),
        Variable("offer_saving", Group.OFFER, Kind.MONEY, always=False),
        Variable("offer_until", Group.OFFER, Kind.DATE, always=False),
        Variable("brand", Group.SENDER, Kind.TEXT),
        Variable("agent", Group.SENDER, Kind.TEXT),
        Variable("phone", Group.SENDER, Kind.TEXT, always=False),
        Variable("email", Group.SENDER, Kind.TEXT, always=False),
        Variable("creditor", Group.LEGAL, Kind.TEXT),
        Variable("agency", Group.LEGAL, Kind.TEXT),
        Variable("identification", Group.LEGAL, Kind.TEXT),
        Variable("complaints", Group.LEGAL, Kind.TEXT, always=False),
        Variable("how_to_pay", Group.LINKS, Kind.TEXT),
        Variable("payment_means", Group.LEGAL, Kind.TEXT, always=False),
        Variable("bank", Group.LINKS, Kind.TEXT, always=False),
        Variable("beneficiary", Group.LINKS, Kind.TEXT, always=False),
        Variable("clabe", Group.LINKS, Kind.TEXT, always=False),
        Variable("cash_where", Group.LINKS, Kind.TEXT, always=False),
        Variable("cash_reference", Group.LINKS, Kind.TEXT, always=False),
        Variable("link", Group.LINKS, Kind.LINK, always=False),
        Variable("unsubscribe_link", Group.LINKS, Kind.LINK, always=False),
    )
}

# Numbers that are made for a case when a text first says them.
NUMBERS = frozenset({"bank", "beneficiary", "clabe", "cash_where", "cash_reference"})
# What each debt of the list ``debts`` has.
DEBT_FIELDS: Mapping[str, Kind] = {
    "reference": Kind.TEXT,
    "product": Kind.TEXT,
    "due_on": Kind.DATE,
    "days_late": Kind.NUMBER,
    "total": Kind.MONEY,
    "principal": Kind.MONEY,
    "interest": Kind.MONEY,
    "moratory": Kind.MONEY,
    "fees": Kind.MONEY,
}
# How a variable may be written differently, ``{{ due_on | weekday }}``, and what that is for.
FILTERS: Mapping[str, Kind] = {"weekday": Kind.DATE, "short": Kind.DATE, "upper": Kind.TEXT}


def about(language: str) -> Mapping[str, str]:
    """What each variable is, in a language (``i18n/variables.<language>.json``)."""
    return wording.of("variables", language)
