"""The chat on the page: how a message is shown, and what the bot is told of who writes."""

from dataclasses import dataclass

from chalicelib.conversation.facts import Debtor, Owed
from chalicelib.domain.case import CaseFile, PromiseState
from chalicelib.domain.conversation import Message
from chalicelib.selfpay.account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """
    Args:
        person: Whether one of us wrote it, not the bot.
    """

    mine: bool
    text: str
    person: bool = False

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")


def shown(message: Message) -> Said:
    return Said(
        mine=message.by == "debtor", text=message.text, person=message.by.startswith("user:")
    )


def debtor(file: CaseFile, account: Account, *, pay_url: str) -> Debtor:
    """Tell the bot what the page tells: the same figures."""
    promise = account.promise
    return Debtor(
        case_id=file.head.case_id,
        contact_id="",
        tax_id=file.head.tax_id,
        currency=file.head.currency,
        total_minor=0 if account.settled else account.total.minor,
        owed=tuple(
            Owed(
                product=one.product,
                external_id=one.reference,
                due_on=one.due_on,
                owed_minor=one.split.total.minor,
            )
            for one in account.debts
        ),
        promised_minor=promise.amount_minor if promise else None,
        promised_on=promise.due_on if promise else None,
        broken=sum(one.state is PromiseState.BROKEN for one in file.promises),
        pay_url=pay_url,
    )
