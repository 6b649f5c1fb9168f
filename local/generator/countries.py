"""What a generated file needs to know of a country."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """
    Args:
        decimals: Of the currency.
        typical_minor: Median debt in minor units.
        phone: Format of a mobile from a number below ``phones``; the range is one the
            country's numbering plan hardly hands out. Beyond ``phones`` debtors they repeat.
    """

    code: str
    currency: str
    decimals: int
    typical_minor: int
    phone: str
    phones: int
    tax_id_header: str


COUNTRIES = {
    country.code: country
    for country in (
        Country("MX", "MXN", 2, 850_000, "550{:07d}", 10_000_000, "RFC"),
        Country("CL", "CLP", 0, 420_000, "+5691{:07d}", 300_000, "RUT"),
        Country("CO", "COP", 2, 180_000_000, "3000{:06d}", 1_000_000, "Cédula"),
        Country("BR", "BRL", 2, 240_000, "1190{:07d}", 10_000_000, "CPF"),
    )
}
