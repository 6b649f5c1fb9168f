"""How an address is written on an envelope."""

import re

from chalicelib.domain.case import Address

LONGEST_LINE = 45  # what the window of a DL envelope shows at a size that machines read
# Where the town is written before its code; elsewhere the code comes first.
TOWN_FIRST = frozenset({"AR", "BR", "CO", "PE", "EC", "PY", "UY", "BO", "PA", "CR", "US"})


def lines(name: str, address: Address, *, posted_in: str) -> tuple[str, ...]:
    """
    Write the lines of an address from the name downwards; none is empty.

    Args:
        posted_in: Country of the sender; another country is named in the last line.

    >>> lines("Rosa Núñez", Address(address_id="a", lines="Av. Juárez 20, Centro",
    ...       city="Puebla", region="Puebla", postal_code="72000"), posted_in="MX")
    ('Rosa Núñez', 'Av. Juárez 20, Centro', '72000 Puebla')
    """
    country = address.country or posted_in
    town = (address.city, address.postal_code)
    whole = " ".join(part for part in (town if country in TOWN_FIRST else town[::-1]) if part)
    region = address.region if address.region and address.region != address.city else ""
    written = [name, *_street(address.lines), whole, region]
    if country != posted_in:
        written.append(country)
    kept = [" ".join(line.split()) for line in written]
    return tuple(line for line in kept if line)


def _street(text: str) -> list[str]:
    """Break a long street line at its commas, so that none leaves the window."""
    broken: list[str] = []
    for line in re.split(r"[\r\n]+", text.strip()):
        current = ""
        for part in (piece.strip() for piece in line.split(",")):
            longer = f"{current}, {part}" if current else part
            if current and len(longer) > LONGEST_LINE:
                broken.append(current)
                longer = part
            current = longer
        broken.append(current)
    return broken
