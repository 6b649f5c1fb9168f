"""What is owed, how to pay it, and what somebody says is paid already."""

from decimal import Decimal

from chalicelib.conversation import handing, wording
from chalicelib.conversation.exchange import Exchange
from chalicelib.conversation.facts import Debtor
from chalicelib.conversation.intents import Intent
from chalicelib.conversation.turns import EffectKind, Stage
from chalicelib.domain.money import DECIMALS

MOST_LINES = 5


def balance(x: Exchange, debtor: Debtor) -> None:
    x.move(Stage.MENU)
    if debtor.total_minor <= 0:
        x.say("balance.none", "human", "menu")
        return
    owing = sorted((one for one in debtor.owed if one.owed_minor > 0), key=lambda one: one.due_on)
    lines = [
        wording.text(
            "balance.line",
            x.language,
            product=one.product[: wording.LONGEST_PRODUCT]
            or wording.text("balance.debt", x.language, id=one.external_id),
            amount=x.money(one.owed_minor, debtor.currency),
            date=x.day(one.due_on),
        )
        for one in owing[:MOST_LINES]
    ]
    if len(owing) > MOST_LINES:
        count = str(len(owing) - MOST_LINES)
        lines.append(wording.text("balance.more", x.language, count=count))
    total = x.money(debtor.total_minor, debtor.currency)
    x.say("balance.total", "pay", "promise", "menu", total=total, lines="\n".join(lines))


def pay(x: Exchange, debtor: Debtor) -> None:
    """Give the debtor's own page, else the creditor's line; a person where there is neither."""
    x.move(Stage.MENU)
    if debtor.total_minor <= 0:
        x.say("balance.none", "human", "menu")
        return
    x.do(EffectKind.PAY_LINK, case_id=debtor.case_id)
    if debtor.pay_url:
        x.say("pay.link", "paid", "promise", "menu", link=debtor.pay_url)
    elif x.house.payment_means:
        x.say("pay.means", "paid", "promise", "menu", means=x.house.payment_means)
    elif x.house.contact_line:
        x.say("pay.line", "paid", "promise", "menu", contact=x.house.contact_line)
    else:
        x.say("pay.person")
        handing.over(x, "how_to_pay")


def paid(x: Exchange, debtor: Debtor) -> None:
    """Believe it for some days: messages pause while somebody looks."""
    amount = x.reading.amount if x.reading.intent is Intent.PAID else None
    minor = None
    if amount is not None and amount < Decimal(10) ** 12:
        minor = int(amount.scaleb(DECIMALS[debtor.currency]))
    x.do(
        EffectKind.PAID,
        case_id=debtor.case_id,
        amount_minor=minor,
        on=x.reading.on if x.reading.intent is Intent.PAID else None,
        text="" if x.choice else x.text,
        media=x.talk.media,
        days=x.house.pause_days,
    )
    if x.talk.media:
        x.change(media=())
        x.move(Stage.MENU)
        x.say("paid.thanks", "balance", "human", "menu")
    else:
        x.move(Stage.PROOF)
        x.say("paid.ask", "no_proof", "menu")


def proof(x: Exchange, debtor: Debtor) -> bool:
    """Take a picture or a reference as the proof that was asked; False when it is neither."""
    if x.choice == "no_proof" or x.reading.intent is Intent.NO:
        x.move(Stage.MENU)
        x.say("paid.later", "balance", "human", "menu")
        return True
    reference = x.reading.intent in (Intent.UNKNOWN, Intent.PAID) and any(
        letter.isdigit() for letter in x.text
    )
    if not x.talk.media and (x.choice or not reference):
        return False
    x.do(
        EffectKind.PROOF,
        case_id=debtor.case_id,
        text="" if x.choice else x.text,
        media=x.talk.media,
    )
    x.change(media=())
    x.move(Stage.MENU)
    x.say("paid.proof", "balance", "human", "menu")
    return True


def receipt(x: Exchange, debtor: Debtor) -> bool:
    """Take the answer to "is it a receipt?"; False when it is none."""
    if x.choice == "yes" or x.reading.intent in (Intent.YES, Intent.PAID):
        paid(x, debtor)
        return True
    if x.choice == "no" or x.reading.intent is Intent.NO:
        x.change(media=())
        x.move(Stage.MENU)
        x.say("receipt.no", "human", "menu")
        return True
    return False
