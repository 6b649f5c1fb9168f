"""Amounts as people type them, with every mark that a country uses."""

import pytest

from chalicelib.selfpay import typed


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1.500,50", 150_050),
        ("1,500.50", 150_050),
        ("1500.5", 150_050),
        ("$1,500", 150_000),
        ("1.500", 150_000),
        ("R$ 1.234.567,89", 123_456_789),
        ("1500 pesos", 150_000),
        ("1 500", 150_000),
        ("12,5", 1_250),
        ("12345678", 1_234_567_800),
        ("0", None),
        ("", None),
        ("-500", None),
        ("no sé", None),
        ("500<script>", 50_000),
    ],
)
def test_an_amount_is_read_as_it_is_written(text: str, minor: int | None) -> None:
    assert typed.amount_minor(text, "MXN", language="es") == minor


def test_all_and_half_are_of_what_is_owed() -> None:
    read = [
        typed.amount_minor(text, "MXN", language="es", owed_minor=1_001)
        for text in ("todo", "la mitad")
    ]
    assert read == [1_001, 500]


def test_a_currency_without_cents_takes_none() -> None:
    assert typed.amount_minor("1.500", "CLP", language="es") == 1_500
    assert typed.amount_minor("1500,50", "CLP", language="es") is None
