"""A promise to pay: how much, which day, confirmed before it is recorded."""

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal, InvalidOperation

from chalicelib.conversation import handing
from chalicelib.conversation.dates import find
from chalicelib.conversation.exchange import Exchange
from chalicelib.conversation.facts import Debtor
from chalicelib.conversation.intents import Intent
from chalicelib.conversation.turns import EffectKind, Stage
from chalicelib.domain.money import DECIMALS

FRIDAY = 5
# "999999999999999999999" is no offer.
LARGEST = Decimal(10) ** 12
ASKING = (Stage.AMOUNT, Stage.DAY, Stage.CONFIRM)


def begin(x: Exchange, debtor: Debtor) -> None:
    """Start a promise with whatever the message named already."""
    if debtor.total_minor <= 0:
        x.move(Stage.MENU)
        x.say("balance.none", "human", "menu")
        return
    if debtor.broken >= x.house.broken_promises:
        x.say("promise.person")
        handing.over(x, "promises_broken")
        return
    take(x, debtor)
    ask(x, debtor)


def take(x: Exchange, debtor: Debtor) -> None:
    """Keep the amount and the day that the message names."""
    minor = _amount(x, debtor)
    if minor is not None:
        x.change(amount_minor=minor)
    if x.reading.on is not None:
        x.change(due_on=x.reading.on)


def answered(x: Exchange, debtor: Debtor) -> bool:
    """
    Take a message as the answer to what a promise still lacks.

    Returns:
        False where it was no answer; nothing has been said then.
    """
    stage, before = x.talk.stage, x.talk
    if stage is Stage.CONFIRM and (x.choice == "yes" or x.reading.intent is Intent.YES):
        _confirm(x, debtor)
        return True
    if stage is Stage.CONFIRM and (x.choice == "no" or x.reading.intent is Intent.NO):
        drop(x)
        x.move(Stage.MENU)
        x.say("promise.dropped", "balance", "promise", "human")
        return True
    if stage is Stage.CONFIRM and x.choice == "change":
        drop(x)
        ask(x, debtor)
        return True
    if x.choice in ("all", "half"):
        share = Decimal(1) if x.choice == "all" else Decimal("0.5")
        x.change(amount_minor=_share(share, debtor))
    elif x.choice.startswith("on:"):
        x.change(due_on=date.fromisoformat(x.choice[3:]))
    elif x.reading.intent in (Intent.PROMISE, Intent.PAY, Intent.UNKNOWN):
        bare = _bare_day(x) if stage is Stage.DAY else None
        if bare is not None:
            x.change(due_on=bare)
        else:
            take(x, debtor)
    if x.talk is before:
        return False
    x.change(misses=0)
    ask(x, debtor)
    return True


def ask(x: Exchange, debtor: Debtor) -> None:
    """Ask for what is missing or may not be, else for the confirmation."""
    minor, on = x.talk.amount_minor, x.talk.due_on
    latest = x.house.today + timedelta(days=x.house.promise_days)
    total = x.money(debtor.total_minor, debtor.currency)
    if minor is not None and minor > debtor.total_minor:
        minor = debtor.total_minor
        x.change(amount_minor=minor)
        x.say("promise.more", total=total)
    if minor is not None and minor < min(10 ** DECIMALS[debtor.currency], debtor.total_minor):
        x.change(amount_minor=None)
        x.move(Stage.AMOUNT)
        x.say("promise.small", "all", "half")
    elif minor is None:
        x.move(Stage.AMOUNT)
        x.say("promise.amount", "all", "half", total=total)
    elif on is None or on < x.house.today or on > latest:
        _ask_day(x, x.money(minor, debtor.currency), on, latest)
    else:
        x.move(Stage.CONFIRM)
        values = {"amount": x.money(minor, debtor.currency), "date": x.day(on)}
        titles = {"yes": x._title("confirm")}
        options = ("yes", "change", "no")
        if debtor.promised_minor is not None and debtor.promised_on is not None:
            values["old_amount"] = x.money(debtor.promised_minor, debtor.currency)
            values["old_date"] = x.day(debtor.promised_on)
            x.say("promise.confirm.replaces", *options, titles=titles, **values)
        else:
            x.say("promise.confirm", *options, titles=titles, **values)


def again(x: Exchange, debtor: Debtor) -> None:
    """Ask once more, in other words, after an answer that was none."""
    if x.talk.stage is Stage.AMOUNT:
        x.say("promise.amount.unclear", "all", "half", "human")
    elif x.talk.stage is Stage.DAY:
        days = _days(x)
        x.say("promise.day.unclear", *days, titles=days)
    else:
        ask(x, debtor)


def drop(x: Exchange) -> None:
    """Forget a promise in the making."""
    x.change(amount_minor=None, due_on=None)


def _ask_day(x: Exchange, amount: str, on: date | None, latest: date) -> None:
    x.move(Stage.DAY)
    x.change(due_on=None)
    days = _days(x)
    if on is None:
        x.say("promise.day", *days, titles=days, amount=amount)
    elif on < x.house.today:
        x.say("promise.day.past", *days, titles=days)
    else:
        offered = dict(list(days.items())[:2])
        x.say("promise.day.far", *offered, "human", titles=offered, latest=x.day(latest))


def _confirm(x: Exchange, debtor: Debtor) -> None:
    minor, on = x.talk.amount_minor, x.talk.due_on
    latest = x.house.today + timedelta(days=x.house.promise_days)
    # What was asked yesterday may have gone by, or been paid, before the answer.
    if minor is None or on is None or not x.house.today <= on <= latest:
        ask(x, debtor)
        return
    if minor > debtor.total_minor:
        ask(x, debtor) if debtor.total_minor > 0 else begin(x, debtor)
        return
    x.do(EffectKind.PROMISE, case_id=debtor.case_id, amount_minor=minor, on=on)
    x.say(
        "promise.done",
        "pay",
        "menu",
        amount=x.money(minor, debtor.currency),
        date=x.day(on),
    )
    drop(x)
    x.move(Stage.MENU)


def _amount(x: Exchange, debtor: Debtor) -> int | None:
    if x.reading.share is not None:
        return _share(x.reading.share, debtor)
    if x.reading.amount is None or x.reading.amount > LARGEST:
        return None
    try:
        return int(x.reading.amount.scaleb(DECIMALS[debtor.currency]))
    except InvalidOperation:
        return None


def _share(share: Decimal, debtor: Debtor) -> int:
    return int((debtor.total_minor * share).to_integral_value(rounding=ROUND_CEILING))


def _bare_day(x: Exchange) -> date | None:
    """A number alone, where the day was asked: the day of the month."""
    number = x.folded.strip(" .,")
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= 31:
        return None
    asked = {"es": "el dia", "pt": "no dia", "en": "on the"}[x.language.value]
    found = find(f"{asked} {number}", x.language, x.house.today)
    return found.on if found else None


def _days(x: Exchange) -> dict[str, str]:
    """Days to choose from: tomorrow, the next Friday, the next pay day."""
    today = x.house.today
    friday = today + timedelta(days=(FRIDAY - today.isoweekday()) % 7 or 7)
    middle = today.replace(day=15)
    month_end = (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    pay_day = middle if today < middle else month_end
    latest = today + timedelta(days=x.house.promise_days)
    days = sorted({today + timedelta(days=1), friday, pay_day})
    return {f"on:{on.isoformat()}": x.short_day(on) for on in days if today < on <= latest}
