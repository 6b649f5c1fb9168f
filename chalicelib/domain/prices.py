"""What a message costs, by channel and country: data with its source and day (prices.json)."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

from chalicelib.domain import sms
from chalicelib.domain.contact import Channel

OTHERS = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """
    Args:
        micros: Millionths of ``currency`` per unit.
        unit: ``message``, ``segment``, ``second``, ``page``.
        basis: ``list`` (published by the provider) or ``estimate`` (ours).
        as_of: The day the figure was looked up, ISO.
    """

    micros: int
    currency: str
    unit: str
    basis: str
    source: str
    as_of: str


def price(channel: Channel, country: str) -> Price:
    """
    Look up what a unit costs; in a country that is not named, as much as in the dearest.

    >>> price(Channel.WHATSAPP, "BR").micros, price(Channel.SMS, "XX").micros
    (6800, 90000)
    """
    table = _table()
    listed = table["channels"][channel.value]
    countries = listed["countries"]
    return Price(
        micros=countries.get(country, countries[OTHERS]),
        currency=table["currency"],
        unit=listed["unit"],
        basis=listed["basis"],
        source=listed["source"],
        as_of=listed["as_of"],
    )


def cost(
    channel: Channel, country: str, units: int = 1, own: Mapping[str, int] = MappingProxyType({})
) -> tuple[int, str]:
    """
    Reckon what so many units cost: (millionths, currency).

    Args:
        own: What a unit costs a portfolio by its own contract, by channel; the list for the rest.

    >>> cost(Channel.SMS, "MX", 3), cost(Channel.SMS, "MX", 3, {"sms": 5000})
    ((60000, 'USD'), (15000, 'USD'))
    """
    found = price(channel, country)
    return own.get(channel.value, found.micros) * units, found.currency


def currency() -> str:
    """The currency all prices are in."""
    return str(_table()["currency"])


def units(channel: Channel, text: str) -> int:
    """
    Say how many units a text will take on a channel, as its adapter will count them.

    A letter's pages are known only once it is laid out: about 2,800 characters fit on one.

    >>> units(Channel.SMS, "á" * 71), units(Channel.EMAIL, "x" * 5000)
    (2, 1)
    """
    match channel:
        case Channel.SMS:
            return sms.length(text.strip()).segments
        case Channel.CALL:
            return max(1, -(-len(text) // SPOKEN_A_SECOND))
        case Channel.LETTER:
            return max(1, -(-len(text) // PRINTED_A_PAGE))
    return 1


SPOKEN_A_SECOND = 14  # characters, by Polly's Spanish voices at 95 % of their pace
PRINTED_A_PAGE = 2_800


@functools.cache
def _table() -> dict[str, Any]:
    raw = resources.files("chalicelib.domain").joinpath("prices.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(raw)
    return read
