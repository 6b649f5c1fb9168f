"""One name under several spellings is one; two people are two."""

import pytest

from chalicelib.intake.similar import name_likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José Peña Lara", "PENA LARA JOSE"),
        ("Créditos del Norte, S.A. de C.V.", "CREDITOS DEL NORTE SA DE CV"),
        ("Inversiones Rey SAS", "Inversiones Rey, S.A.S."),
        ("WAL-MAR associates", "WAL-MAR corporation"),
    ],
)
def test_spellings_of_one_name_are_alike(one, other):
    assert name_likeness(one, other) == name_likeness(other, one) == 100


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana Ruiz Soto", "Hugo Peña Lara"), ("Ana Ruiz Soto", ""), ("", "")],
)
def test_other_names_are_not(one, other):
    assert name_likeness(one, other) < 60
