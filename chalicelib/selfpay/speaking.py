"""How a page writes money, days and counts for one debtor, and whose page it is."""

from typing import Any

from chalicelib.domain.contact import Channel
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import formats
from chalicelib.messages.formats import Amount, locale_of
from chalicelib.messages.naming import clean
from chalicelib.selfpay.pages import Words


def tools(portfolio: Portfolio, language: str, *, steps: frozenset[str]) -> dict[str, Any]:
    """
    Give what every page of a debtor who is in uses, beside its own view.

    Args:
        steps: The steps that can be taken; a page offers no other.
    """
    locale = locale_of(language, portfolio.country)
    own = portfolio.identification
    creditor = clean(own.creditor or portfolio.creditor)
    say = Words(language)

    def money(amount: Amount) -> str:
        return formats.amounts(amount.currency, locale)(amount.minor)

    def counted(code: str, number: int, **values: Any) -> str:
        return say(f"{code}.{'one' if number == 1 else 'other'}", n=number, **values)

    def channels(which: tuple[Channel, ...]) -> str:
        return ", ".join(say(f"channel.{one.value}") for one in which)

    return {
        "brand": clean(portfolio.branding.display_name) or creditor,
        "creditor": creditor,
        "colour": portfolio.branding.colour,
        "logo": portfolio.branding.logo_key or "",
        "contact_line": clean(portfolio.branding.contact_line or own.phone or own.email),
        "steps": steps,
        "money": money,
        "minor": lambda minor: Amount(minor, portfolio.currency),
        "day": lambda on: formats.day(on, locale),
        "short": lambda on: formats.short(on, locale),
        "say": say,
        "said": lambda code, otherwise: say(code) if say.has(code) else otherwise,
        "tn": counted,
        "channels_of": channels,
    }
