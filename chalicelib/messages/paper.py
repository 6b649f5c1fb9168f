"""What printed pages share: paper by country, and text that the PDF's own fonts can draw."""

import unicodedata

# ISO 216 is law in most of Latin America, but the paper in the printers of these is Letter.
LETTER_COUNTRIES = frozenset({"MX", "CO", "CL", "CR", "PA", "US", "BO"})


def paper_of(country: str) -> str:
    """
    Name the paper that a country's printers hold.

    >>> paper_of("MX"), paper_of("BR")
    ('Letter', 'A4')
    """
    return "Letter" if country in LETTER_COUNTRIES else "A4"


def latin(text: str) -> str:
    """
    Write *text* with what the PDF's own fonts have: Windows-1252.

    >>> latin("₡12 Łódź")
    'CRC 12  ódz'
    """
    return "".join(_drawable(c) for c in text.replace("₲", "Gs. ").replace("₡", "CRC "))


def _drawable(character: str) -> str:
    if _encodes(character):
        return character
    decomposed = unicodedata.normalize("NFKD", character)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare if bare and _encodes(bare) else " "


def _encodes(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
