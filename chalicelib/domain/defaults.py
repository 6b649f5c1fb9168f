"""What a new portfolio starts from in each country; everything here can be changed in it."""

from dataclasses import dataclass

from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.errors import BadField
from chalicelib.domain.portfolio import COUNTRIES, DisputePolicy, MoratoryInterest, Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """
    Args:
        code: ISO 3166 alpha-2.
        currencies: ISO 4217; the first is the usual one.
        time_zones: IANA names; the first is where most people live.
        languages: ``es``, ``en``, ``pt``; the debtors' usual one first.
        tax_ids: Kinds of tax or personal id read in files, most specific first.
        day_count: Days in the year that contracts there usually reckon interest with.
        tolerance_minor: A small coin's worth in the first currency, not worth chasing.
        retention_years: How long files are usually kept after a case ends.
        answer_days: Working days a dispute is to be answered in. Ours, and never more than we know
            the country's law to give; a portfolio may want it sooner.
    """

    code: str
    currencies: tuple[str, ...]
    time_zones: tuple[str, ...]
    languages: tuple[str, ...]
    tax_ids: tuple[str, ...]
    day_count: int
    tolerance_minor: int
    retention_years: int = 5
    answer_days: int = 10


_BRAZIL = ("Sao_Paulo", "Manaus", "Cuiaba", "Fortaleza", "Recife", "Belem", "Rio_Branco", "Noronha")
_MEXICO = (
    "Mexico_City",
    "Monterrey",
    "Merida",
    "Cancun",
    "Chihuahua",
    "Ciudad_Juarez",
    "Hermosillo",
    "Mazatlan",
    "Tijuana",
)
_US = ("New_York", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage")

_ALL = (
    Country(
        code="MX",
        currencies=("MXN", "USD"),
        time_zones=tuple(f"America/{city}" for city in _MEXICO),
        languages=("es", "en"),
        tax_ids=("rfc", "curp"),
        day_count=360,
        tolerance_minor=1_000,
        retention_years=10,
    ),
    Country(
        code="CO",
        currencies=("COP", "USD"),
        time_zones=("America/Bogota",),
        languages=("es",),
        tax_ids=("nit", "cc"),
        day_count=365,
        tolerance_minor=200_000,
        retention_years=10,
        answer_days=15,
    ),
    Country(
        code="CL",
        currencies=("CLP", "CLF", "USD"),
        time_zones=("America/Santiago", "America/Punta_Arenas", "Pacific/Easter"),
        languages=("es",),
        tax_ids=("rut",),
        day_count=360,
        tolerance_minor=500,
    ),
    Country(
        code="PE",
        currencies=("PEN", "USD"),
        time_zones=("America/Lima",),
        languages=("es",),
        tax_ids=("ruc", "dni"),
        day_count=360,
        tolerance_minor=200,
        retention_years=10,
        answer_days=15,
    ),
    Country(
        code="AR",
        currencies=("ARS", "USD"),
        time_zones=("America/Argentina/Buenos_Aires",),
        languages=("es",),
        tax_ids=("cuit", "dni"),
        day_count=365,
        tolerance_minor=50_000,
        retention_years=10,
    ),
    Country(
        code="BR",
        currencies=("BRL", "USD"),
        time_zones=tuple(f"America/{city}" for city in _BRAZIL),
        languages=("pt",),
        tax_ids=("cpf", "cnpj"),
        day_count=365,
        tolerance_minor=200,
        answer_days=5,
    ),
    Country(
        code="EC",
        currencies=("USD",),
        time_zones=("America/Guayaquil", "Pacific/Galapagos"),
        languages=("es",),
        tax_ids=("ruc", "ci"),
        day_count=360,
        tolerance_minor=50,
        retention_years=7,
    ),
    Country(
        code="PA",
        currencies=("USD", "PAB"),
        time_zones=("America/Panama",),
        languages=("es", "en"),
        tax_ids=("ruc", "cedula"),
        day_count=360,
        tolerance_minor=50,
    ),
    Country(
        code="PY",
        currencies=("PYG", "USD"),
        time_zones=("America/Asuncion",),
        languages=("es",),
        tax_ids=("ruc", "ci"),
        day_count=365,
        tolerance_minor=3_000,
    ),
    Country(
        code="UY",
        currencies=("UYU", "USD"),
        time_zones=("America/Montevideo",),
        languages=("es",),
        tax_ids=("rut", "ci"),
        day_count=365,
        tolerance_minor=2_000,
    ),
    Country(
        code="BO",
        currencies=("BOB", "USD"),
        time_zones=("America/La_Paz",),
        languages=("es",),
        tax_ids=("nit", "ci"),
        day_count=360,
        tolerance_minor=300,
    ),
    Country(
        code="CR",
        currencies=("CRC", "USD"),
        time_zones=("America/Costa_Rica",),
        languages=("es",),
        tax_ids=("cpj", "cpf", "cr"),
        day_count=360,
        tolerance_minor=25_000,
    ),
    Country(
        code="US",
        currencies=("USD",),
        time_zones=(*(f"America/{city}" for city in _US), "Pacific/Honolulu"),
        languages=("en", "es"),
        tax_ids=("ssn", "ein"),
        day_count=365,
        tolerance_minor=50,
        retention_years=7,
    ),
    Country(
        code="ES",
        currencies=("EUR",),
        time_zones=("Europe/Madrid", "Atlantic/Canary"),
        languages=("es", "en"),
        tax_ids=("nif", "nie", "cif"),
        day_count=365,
        tolerance_minor=50,
        retention_years=6,
        answer_days=15,
    ),
)

BY_CODE = {country.code: country for country in _ALL}


def country(code: str) -> Country:
    """
    Look a country up.

    Raises:
        BadField: Portfolios cannot be in *code*; the ones they can be in are ``COUNTRIES``.
    """
    if code not in COUNTRIES:
        raise BadField(field="country", reason="unknown")
    return BY_CODE[code]


def policies(code: str) -> Policies:
    """
    Give the policies a portfolio of the country starts with.

    Moratory interest is off until the creditor states the contract's rate: what nobody
    agreed to is not charged. When switched on it is simple, on overdue principal only, with
    the country's usual day count. Cash is off, and fees, interest and principal are paid in
    that order.

    >>> policies("CL").moratory
    MoratoryInterest(annual_rate_ppm=0, day_count=360, grace_days=0, cap_ppm=None)
    """
    chosen = country(code)
    return Policies(
        bands=DEFAULT_BANDS,
        moratory=MoratoryInterest(day_count=chosen.day_count),
        tolerance_minor=chosen.tolerance_minor,
        retention_years=chosen.retention_years,
        disputes=DisputePolicy(answer_days=chosen.answer_days),
    )
