"""Whatever is written in any style comes back to the centavo and to the day."""

from datetime import date, timedelta
from decimal import Decimal

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.mx import rfc

from chalicelib.domain.portfolio import COUNTRIES
from chalicelib.intake.answers import with_answers
from chalicelib.intake.evidence import Column
from chalicelib.intake.marks import exact_sum
from chalicelib.intake.phones import phone_reader
from chalicelib.intake.readings import Place, judge
from chalicelib.intake.tax_ids import tax_id_reader
from chalicelib.intake.values import BadValue, date_converter, money_converter

few = settings(max_examples=60, deadline=None)


def write_amount(minor, decimals, *, decimal, thousands, sign, currency):
    whole, cents = divmod(abs(minor), 10**decimals)
    text = f"{whole:,}".replace(",", thousands)
    if decimals:
        text += f"{decimal}{cents:0{decimals}d}"
    if minor < 0:
        text = {"lead": f"-{text}", "trail": f"{text}-", "parens": f"({text})"}[sign]
    return currency.format(text)


styles = st.tuples(
    st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'"), (".", ""), (",", "")]),
    st.sampled_from(["lead", "trail", "parens"]),
    st.sampled_from(["{}", "{} €", "$ {}", "${}", "MXN {}", "{} MXN", "S/ {}", "R$ {}"]),
)


@few
@given(
    st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=30),
    st.sampled_from([("MX", "MXN", 2), ("CL", "CLP", 0), ("AR", "ARS", 2)]),
    styles,
)
def test_amounts_come_back_to_the_centavo_and_so_does_their_sum(amounts, place, style):
    country, currency, decimals = place
    (decimal, thousands), sign, sign_of_currency = style
    # One value nobody can misread: what a real column has, and what evidence looks for.
    amounts = [*amounts, 123456789]
    texts = [
        write_amount(
            m, decimals, decimal=decimal, thousands=thousands, sign=sign, currency=sign_of_currency
        )
        for m in amounts
    ]
    column = Column()
    column.add(texts)
    verdict = judge(
        0,
        "Importe",
        column,
        Place(country, currency, is_phone=lambda s: False, is_tax_id=lambda s: False),
    )
    reading = with_answers(verdict.kind, verdict.reading, verdict.questions, {})
    convert = money_converter(reading, decimals, rounded=pytest.fail)

    assert verdict.kind == "money"
    assert verdict.questions == []
    assert [convert(text) for text in texts] == amounts
    total, negative, other = exact_sum(column, reading["decimal"])
    assert total == Decimal(sum(amounts)).scaleb(-decimals)
    assert (negative, other) == (sum(m < 0 for m in amounts), 0)


FORMS = {
    "dmy": [
        "{d:02d}/{m:02d}/{y}",
        "{d}-{m}-{y}",
        "{d:02d}.{m:02d}.{s:02d}",
        "{d}/{m}/{y} 09:55:53",
    ],
    "mdy": ["{m}/{d}/{y}", "{m:02d}-{d:02d}-{s:02d}"],
    "any": ["{y}-{m:02d}-{d:02d}", "{d} de {es} de {y}", "{d}-{en}-{s:02d}", "{d:02d}/{pt}/{y}"],
}
ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
EN = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
PT = "jan fev mar abr mai jun jul ago set out nov dez"


@few
@given(
    st.lists(st.dates(date(1980, 1, 1), date(2060, 12, 31)), min_size=1, max_size=30),
    st.sampled_from([(order, form) for order, forms in FORMS.items() for form in forms]),
    st.sampled_from(["MX", "US"]),
)
def test_days_come_back_in_every_style(days, style, country):
    order, form = style
    days = [*days, date(2024, 11, 28)]  # the one that shows which number is the day
    texts = [
        form.format(
            d=day.day, m=day.month, y=day.year, s=day.year % 100,
            es=ES.split()[day.month - 1], en=EN.split()[day.month - 1],
            pt=PT.split()[day.month - 1],
        )
        for day in days
    ]  # fmt: skip
    column = Column()
    column.add(texts)
    verdict = judge(
        0,
        "Fecha",
        column,
        Place(country, "USD", is_phone=lambda s: False, is_tax_id=lambda s: False),
    )
    convert = date_converter(verdict.reading)

    assert (verdict.kind, verdict.questions) == ("date", [])
    assert order in ("any", verdict.reading["order"])
    assert [convert(text) for text in texts] == days


@few
@given(st.lists(st.integers(20_000, 60_000), min_size=1, max_size=20), st.sampled_from(["", ".0"]))
def test_serial_days_of_a_spreadsheet_come_back(serials, tail):
    column = Column()
    column.add([f"{n}{tail}" for n in serials])
    verdict = judge(
        0,
        "Data",
        column,
        Place("ES", "EUR", is_phone=lambda s: False, is_tax_id=lambda s: False),
    )
    convert = date_converter(verdict.reading)

    assert verdict.reading["form"] == "serial"
    assert [convert(f"{n}{tail}") for n in serials] == [
        date(1899, 12, 30) + timedelta(days=n) for n in serials
    ]


@few
@given(st.data(), st.sampled_from(COUNTRIES))
def test_the_quick_way_to_phones_says_what_the_library_says(data, country):
    digits = data.draw(st.text("0123456789", min_size=6, max_size=12))
    read = phone_reader(country)
    try:
        found = read(digits)
    except BadValue:
        return
    number = phonenumbers.parse(found)
    assert phonenumbers.is_valid_number(number)
    direct = phonenumbers.parse(digits, country)
    if phonenumbers.is_valid_number(direct):
        assert found == phonenumbers.format_number(direct, phonenumbers.PhoneNumberFormat.E164)


@few
@given(st.from_regex(r"\A[A-ZÑ&]{3,4}[0-9]{6}[0-9A-Z]{3}\Z"))
def test_the_quick_way_to_rfcs_says_what_the_library_says(number):
    _, kind = tax_id_reader("MX")(number)

    assert (kind == "RFC") == rfc.is_valid(number)
