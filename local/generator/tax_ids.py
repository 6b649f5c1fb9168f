"""
Invented tax ids with right check digits.

Where a country has a range that nobody holds yet, they are taken from it (Chile's RUT above
40 million, Colombia's cédulas from 1,900 million); elsewhere the homoclave is random, not the
one that the tax office would compute from the name.
"""

from collections.abc import Callable
from random import Random

RFC_ALPHABET = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
HOMOCLAVE_ALPHABET = "123456789ABCDEFGHIJKLMNPQRSTUV"  # its second letter may also be W to Z
RFC_LENGTH_WITHOUT_CHECK = 12
# Words that the tax office breaks by turning their last letter into X (Anexo IV of its rules).
UNWANTED = frozenset(
    (  # noqa: SIM905 - reads better as words
        "BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COJA COJE COJI COJO CULO FETO GUEY JOTO KACA "
        "KACO KAGA KAGO KOGE KOJO KAKA KULO MAME MAMO MEAR MEAS MEON MION MOCO MULA PEDA PEDO PENE "
        "PUTA PUTO QULO RATA RUIN"
    ).split()
)


def rfc_sum(text: str, start: int) -> int:
    """Weighted sum of part of an RFC that begins at position ``start`` of the twelve."""
    return sum(
        RFC_ALPHABET.index(letter) * (13 - position) for position, letter in enumerate(text, start)
    )


def rfc_check(total: int) -> str:
    """The last letter of an RFC whose first twelve weigh ``total``."""
    return RFC_ALPHABET[(11 - total) % 11]


def rfc(stem: str, day: str, homoclave: str) -> str:
    """
    Put together an RFC (Mexico).

    Args:
        stem: Four letters of a person, three of a company.
        day: Birth or founding, ``yymmdd``.
        homoclave: Two of ``HOMOCLAVE_ALPHABET``.

    >>> rfc("GODE", "561231", "GR")
    'GODE561231GR8'
    """
    body = f"{stem}{day}{homoclave}".rjust(RFC_LENGTH_WITHOUT_CHECK)
    return f"{body.strip()}{rfc_check(rfc_sum(body, 0))}"


def rfc_stem(given: str, paternal: str, maternal: str) -> str:
    """
    The four letters of a person's RFC from plain upper-case names; particles do not count.

    >>> rfc_stem("EMMA", "GOMEZ", "DIAZ"), rfc_stem("OSCAR", "PEREZ", "DURAN")
    ('GODE', 'PEDX')
    """
    paternal, maternal = (name.rpartition(" ")[2] for name in (paternal, maternal))
    vowel = next((letter for letter in paternal[1:] if letter in "AEIOU"), "X")
    stem = f"{paternal[0]}{vowel}{maternal[0]}{given[0]}"
    return f"{stem[:3]}X" if stem in UNWANTED else stem


def rut(body: int) -> str:
    """
    Chile's RUT with its check digit.

    >>> rut(40_123_456)
    '40123456-K'
    """
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(str(body))))
    return f"{body}-{'0123456789K'[-total % 11]}"


def nit(body: int) -> str:
    """
    Colombia's NIT of a company with its check digit.

    >>> nit(213_123_432)
    '213123432-1'
    """
    weights = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)
    total = sum(
        int(digit) * weight for digit, weight in zip(reversed(str(body)), weights, strict=False)
    )
    return f"{body}-{'01987654321'[total % 11]}"


def cpf(body: int) -> str:
    """
    Brazil's CPF with its two check digits.

    >>> cpf(390_533_447)
    '39053344705'
    """
    digits = [int(digit) for digit in f"{body:09d}"]
    for _ in range(2):
        top = len(digits) + 1
        total = sum(digit * (top - place) for place, digit in enumerate(digits))
        digits.append(-total % 11 % 10)
    return "".join(map(str, digits))


def of_person(country: str, number: int, chance: Random, names: tuple[str, str, str]) -> str:
    """
    Invent one person's tax id.

    Args:
        number: The person's own, from 0: makes the id theirs alone where ids are numbers.
        names: Given, paternal, maternal; plain upper case.

    Raises:
        KeyError: for a country whose ids we cannot invent.
    """
    if country == "MX":
        given, paternal, maternal = names
        year, month, day = (
            chance.randint(1952, 2004), chance.randint(1, 12), chance.randint(1, 28)
        )  # fmt: skip
        mark = "".join(chance.choices(HOMOCLAVE_ALPHABET, k=2))
        stem = rfc_stem(given, paternal, maternal)
        return rfc(stem, f"{year % 100:02d}{month:02d}{day:02d}", mark)
    return NUMBERED[country](number)


NUMBERED: dict[str, Callable[[int], str]] = {
    "CL": lambda number: rut(40_000_000 + number % 9_000_000),
    "CO": lambda number: str(1_900_000_000 + number % 90_000_000),
    "BR": lambda number: cpf(100_000_000 + number * 7 % 890_000_000),
}
