"""What is read of the world outside: where an address is, what a phone number is."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.clients import aws

with lazily():
    from chalicelib.store import geocoder as geocoders


@functools.cache
def geocoder() -> geocoders.AmazonLocationGeocoder | None:
    """The geocoder that the stack was given, if any."""
    if settings().geocoder == "amazon":
        return geocoders.AmazonLocationGeocoder(aws("geo-places"))
    return None


def read_phone(text: str, country: str) -> str | None:
    """Read *text* as a phone of *country*; None when it is none."""
    from chalicelib.intake.phones import phone_reader  # large, and few requests need it
    from chalicelib.intake.values import BadValue

    try:
        return phone_reader(country)(text)
    except BadValue:
        return None
