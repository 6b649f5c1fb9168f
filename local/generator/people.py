"""Invented debtors: people and small shops, each with a real street's door."""

from dataclasses import dataclass, replace
from random import Random

from local.generator import names, tax_ids
from local.generator.countries import COUNTRIES
from local.generator.streets import Door, door, streets


@dataclass(frozen=True, slots=True)
class Debtor:
    """
    Args:
        key: The creditor's own number of the client.
        phones: National format, as a creditor's file has them; the first is a mobile.
        email: At example.com, or empty: a fifth of a real file's clients have none.
    """

    key: str
    name: str
    tax_id: str
    phones: tuple[str, ...]
    email: str
    door: Door
    tags: tuple[str, ...] = ()


def people(count: int, country: str, chance: Random) -> list[Debtor]:
    """Invent ``count`` natural persons."""
    given = names.pool(names.given_names(country), chance, count)
    paternal = names.pool(names.surnames(country), chance, count)
    maternal = names.pool(names.surnames(country), chance, count)
    made: list[Debtor] = []
    for number, parts in enumerate(zip(given, paternal, maternal, strict=True)):
        bare = tuple(names.plain(part) for part in parts)
        mail = f"{bare[0].split()[0]}.{bare[1]}{number % 97}@example.com".lower().replace(" ", "")
        made.append(
            Debtor(
                key=f"{10_450 + number * 3}",
                name=" ".join(parts),
                tax_id=tax_ids.of_person(country, number, chance, (bare[0], bare[1], bare[2])),
                phones=_phones(country, number, chance),
                email=mail if chance.random() < 0.8 else "",
                door=_door(country, chance),
                tags=("aval",) if chance.random() < 0.06 else (),
            )
        )
    return made


def shops(count: int, chance: Random) -> list[Debtor]:
    """Invent ``count`` small companies of Mexico City, with a company's RFC."""
    made: list[Debtor] = []
    called: set[str] = set()
    while len(made) < count:
        name = f"{chance.choice(names.TRADES)} {chance.choice(names.TRADE_NAMES)}"
        if name in called:
            continue
        called.add(name)
        number = len(made)
        bare = names.plain(name).replace(" ", "")
        stem = f"{bare[0]}{bare[-2]}{bare[-1]}"
        day = f"{chance.randint(0, 22):02d}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
        mark = "".join(chance.choices(tax_ids.HOMOCLAVE_ALPHABET, k=2))
        made.append(
            Debtor(
                key=f"M-{2_001 + number}",
                name=f"{name} {chance.choice(('SA de CV', 'S de RL de CV', 'SAPI de CV'))}",
                tax_id=tax_ids.rfc(stem, day, mark),
                phones=_phones("MX", 500_000 + number, chance),
                email=f"pagos@{bare.lower()}.example",
                door=_door("MX", chance),
            )
        )
    return made


def second_spelling(debtor: Debtor, number: int) -> Debtor:
    """The same person as another clerk keyed them: surnames first, capitals, another number."""
    given, paternal, maternal = debtor.name.rsplit(" ", 2)
    return replace(
        debtor,
        key=f"{90_000 + number}",
        name=names.plain(f"{paternal} {maternal} {given}"),
        email="",
    )


def _phones(country: str, number: int, chance: Random) -> tuple[str, ...]:
    land = COUNTRIES[country]
    mobile = land.phone.format((number * 7_919 + 101) % land.phones)
    if chance.random() < 0.25:
        return mobile, land.phone.format((number * 7_919 + 104_729) % land.phones)
    return (mobile,)


def _door(country: str, chance: Random) -> Door:
    street = chance.choice(streets(country))
    return door(street, chance.randint(street.first_number, street.last_number))
