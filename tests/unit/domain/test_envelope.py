import pytest

from chalicelib.domain.case import Address
from chalicelib.domain.envelope import lines


def at(text, **values):
    return Address(address_id="a", lines=text, **values)


@pytest.mark.parametrize(("country", "town"), [
    ("MX", "72000 Puebla"), ("ES", "72000 Puebla"), ("AR", "Puebla 72000"), ("BR", "Puebla 72000"),
])  # fmt: skip
def test_the_town_stands_as_the_country_writes_it(country, town):
    address = at("Av. Juárez 20", city="Puebla", postal_code="72000")

    assert lines("Rosa", address, posted_in=country) == ("Rosa", "Av. Juárez 20", town)


def test_a_long_street_is_broken_at_its_commas():
    street = "Av. Insurgentes Sur 1457, Torre B, piso 12, oficina 1203, Col. Insurgentes Mixcoac"

    written = lines("Rosa", at(street, city="CDMX"), posted_in="MX")

    assert written == (
        "Rosa",
        "Av. Insurgentes Sur 1457, Torre B, piso 12",
        "oficina 1203, Col. Insurgentes Mixcoac",
        "CDMX",
    )


def test_a_region_of_the_towns_name_and_what_is_unknown_are_left_out():
    assert lines("Rosa", at("Calle 1", city="Puebla", region="Puebla"), posted_in="MX") == (
        "Rosa", "Calle 1", "Puebla",
    )  # fmt: skip
    assert lines("Rosa", at("Calle 1"), posted_in="MX") == ("Rosa", "Calle 1")


def test_another_country_is_named():
    written = lines("Rosa", at("Calle 1", city="Lima", country="PE"), posted_in="MX")

    assert written[-1] == "PE"
