"""
A debts file of any size: the same seed gives the same bytes, memory does not grow with rows.

Everything costly is drawn once into pools whose size is a power of two; a row is bits of one
mixed number used as indexes into them, so that a million rows take seconds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from local.generator import names, tax_ids
from local.generator.countries import COUNTRIES, Country
from local.generator.streets import streets

POOL = 4_096
AMOUNTS = 16_384
STEMS = 8_192
BLOCK = 2_000  # rows joined into one text
MASK = (1 << 64) - 1
ODD = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio: its multiples spread evenly
DEBTS_EACH = (1, 1, 2, 1, 3, 1, 1, 2)  # debts of one debtor after another
DEFECTS = 5
# Days past due and how many of a hundred debts lie there: the shape of a real portfolio.
AGES = (
    (-10, 0, 22), (1, 7, 14), (8, 30, 20), (31, 60, 14), (61, 90, 9), (91, 120, 7),
    (121, 180, 7), (181, 540, 7),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """
    Args:
        rows: Data rows below the header.
        seed: Same seed, same file.
        country: Key of ``COUNTRIES``.
        today: Day that due dates are relative to.
        bad_every: One row in so many is wrong and must be rejected; 0 = none. So a file has
            exactly ``rows // bad_every`` rows to reject.
    """

    rows: int
    seed: int
    country: str
    today: date
    bad_every: int = 0


def header(country: Country) -> str:
    return (
        f"Clave cliente,Nombre,{country.tax_id_header},Teléfono,Correo,Dirección,Ciudad,Estado,"
        "C.P.,Latitud,Longitud,Folio,Producto,Fecha emisión,Fecha vencimiento,Capital,Intereses,"
        "Comisiones,Saldo total\n"
    )


def blocks(request: Request) -> Iterator[str]:
    """Yield the file piece by piece: the header, then ``BLOCK`` rows at a time."""
    country = COUNTRIES[request.country]
    yield header(country)
    block: list[str] = []
    for row in _rows(request, country):
        block.append(row)
        if len(block) == BLOCK:
            yield "".join(block)
            block.clear()
    yield "".join(block)


def _mix(value: int) -> int:
    """Spread a counter over 64 bits (the finaliser of SplitMix64)."""
    value = (value * ODD) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def _rows(request: Request, country: Country) -> Iterator[str]:
    chance = Random(request.seed)  # noqa: S311 - invented data, not secrets
    given = names.pool(names.given_names(country.code), chance, POOL)
    family = names.pool(names.surnames(country.code), chance, POOL)
    given_mail = [names.plain(name).lower().replace(" ", ".") for name in given]
    family_mail = [names.plain(name).lower().replace(" ", "") for name in family]
    ages = _ages(request.today, chance)
    amounts = _amounts(country, chance)
    products = chance.choices(
        ("Crédito personal", "Tarjeta", "Crédito de nómina", "Motocicleta"), (5, 3, 2, 1), k=16
    )
    places = streets(country.code)
    tax_id = _tax_ids(country, chance)
    rows, salt, bad_every = request.rows, _mix(request.seed), request.bad_every
    row = debtor = 0
    while row < rows:
        bits = _mix(debtor ^ salt)
        place = places[bits % len(places)]
        part = (bits >> 8 & 0xFFFF) / 0xFFFF
        span = place.last_number - place.first_number
        number = place.first_number + int(span * part)
        side = 1 if number % 2 == 0 else -1
        lat = place.lat1 + (place.lat2 - place.lat1) * part + side * place.side_lat
        lng = place.lng1 + (place.lng2 - place.lng1) * part + side * place.side_lng
        first, second = bits >> 24 & 4095, bits >> 36 & 4095
        who = (
            f"C{debtor:08d},{given[first]} {family[second]} {family[bits >> 48 & 4095]},"
            f"{tax_id(debtor)},"
        )
        phone = country.phone.format((debtor * 7919 + 13) % country.phones)
        rest = (
            f"{given_mail[first]}.{family_mail[second]}{debtor}@example.com,"
            f'"{place.name} {number}, {place.district}",{place.city},{place.region},'
            f"{place.postal_code},{lat:.6f},{lng:.6f},"
        )
        for debt in range(DEBTS_EACH[debtor & 7]):
            if row == rows:
                return
            row += 1
            bits = (bits * ODD) & MASK
            issued, due = ages[bits >> 40 & 4095]
            values = amounts[bits >> 20 & 16383]
            folio = f"F{debtor:08d}-{debt + 1}"
            if bad_every and row % bad_every == 0:
                yield _spoiled(row // bad_every, (who, phone, rest, folio, issued, due, values))
            else:
                yield (
                    f"{who}{phone},{rest}{folio},{products[bits >> 52 & 15]},"
                    f"{issued},{due},{values}\n"
                )
        debtor += 1


def _spoiled(turn: int, parts: tuple[str, ...]) -> str:
    """One row that no honest reader may accept; the defects take turns."""
    who, phone, rest, folio, issued, due, values = parts
    match turn % DEFECTS:
        case 0:
            due = "31/02/2026"
        case 1:
            values = ",,,"
        case 2:
            folio = ""
        case 3:
            values = "0,0,0,0"
        case _:
            due = "pendiente"
    return f"{who}{phone},{rest}{folio},Tarjeta,{issued},{due},{values}\n"


def _amounts(country: Country, chance: Random) -> list[str]:
    """Ready cells "principal,interest,fees,sum of the three", log-normal about the typical debt."""
    unit = 10**country.decimals
    money = f"{{:d}}.{{:0{country.decimals}d}}" if country.decimals else "{:d}"
    texts = []
    for _ in range(AMOUNTS):
        principal = int(country.typical_minor * chance.lognormvariate(0, 0.8)) + unit
        interest = principal * chance.randrange(256) // 1024
        fees = chance.randrange(4) * 25 * unit
        cells = (principal, interest, fees, principal + interest + fees)
        texts.append(",".join(money.format(*divmod(cell, unit)) for cell in cells))
    return texts


def _ages(today: date, chance: Random) -> list[tuple[str, str]]:
    """Pairs of issue and due date as ``dd/mm/yyyy``, spread over the ageing bands."""
    pairs = []
    for first, last, _ in chance.choices(AGES, [weight for _, _, weight in AGES], k=POOL):
        due = today - timedelta(days=chance.randint(first, last))
        issued = due - timedelta(days=chance.choice((30, 60, 90, 180, 360)))
        pairs.append((f"{issued:%d/%m/%Y}", f"{due:%d/%m/%Y}"))
    return pairs


def _tax_ids(country: Country, chance: Random) -> Callable[[int], str]:
    """Make the function that gives a debtor's tax id; Mexico's from pools of weighed parts."""
    if country.code != "MX":
        numbered = tax_ids.NUMBERED[country.code]
        return lambda debtor: numbered(debtor * 31 + 7)
    surnames = [names.plain(name) for name in names.surnames("MX")[0]]
    given = [names.plain(name) for name in names.given_names("MX")[0]]
    stems: list[tuple[str, int]] = []
    marks: list[tuple[str, int]] = []
    known: set[str] = set()
    while len(stems) < STEMS:
        letters = tax_ids.rfc_stem(
            chance.choice(given), chance.choice(surnames), chance.choice(surnames)
        )
        born = date(1952, 1, 1) + timedelta(days=chance.randrange(19_000))
        text = f"{letters}{born:%y%m%d}"
        if text in known:
            continue
        known.add(text)
        stems.append((text, tax_ids.rfc_sum(text, 0)))
    for first in tax_ids.HOMOCLAVE_ALPHABET:
        for second in tax_ids.HOMOCLAVE_ALPHABET:
            marks.append((first + second, tax_ids.rfc_sum(first + second, 10)))
    checks = [tax_ids.rfc_check(total) for total in range(11)]
    kinds = len(marks)

    def rfc(debtor: int) -> str:
        stem, weight = stems[debtor % STEMS]
        mark, more = marks[(debtor // STEMS + weight * 31) % kinds]
        return f"{stem}{mark}{checks[(weight + more) % 11]}"

    return rfc
