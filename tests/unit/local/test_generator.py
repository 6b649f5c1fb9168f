"""The invented portfolios: believable, consistent to the cent, and nobody's."""

import csv
import io
from collections import Counter
from datetime import date, datetime

import phonenumbers
import pytest
from python_calamine import CalamineWorkbook
from stdnum.br import cpf
from stdnum.cl import rut
from stdnum.mx import rfc

from local.generator import bulk, files, portfolio, streets, tax_ids
from local.generator.countries import COUNTRIES

TODAY = date(2026, 11, 22)
BANDS = ((None, 0), (1, 7), (8, 30), (31, 60), (61, 90), (91, 120), (121, 180), (181, None))


@pytest.fixture(scope="module")
def demo():
    return portfolio.both(TODAY, seed=1)


def rows_of(request):
    return list(csv.DictReader(io.StringIO("".join(bulk.blocks(request)))))


def test_the_same_day_and_seed_give_the_same_demo(demo):
    assert portfolio.both(TODAY, seed=1) == demo


def test_another_seed_gives_another_demo(demo):
    assert portfolio.both(TODAY, seed=2) != demo


def test_every_ageing_band_has_debts(demo):
    for each in demo:
        ages = [(TODAY - line.due_on).days for line in each.lines]
        for first, last in BANDS:
            assert any(
                (first is None or age >= first) and (last is None or age <= last) for age in ages
            ), (each.slug, first, last)


def test_the_two_portfolios_have_several_hundred_debts_in_two_currencies(demo):
    debts = {each.settings["currency"]: len({ln.folio for ln in each.lines}) for each in demo}

    assert set(debts) == {"MXN", "USD"}
    assert sum(debts.values()) >= 500


def test_every_tax_id_has_a_right_check_digit(demo):
    for each in demo:
        for line in each.lines:
            assert rfc.is_valid(line.debtor.tax_id, validate_check_digits=True), each.slug


def test_phones_validate_but_lie_in_a_series_that_is_never_assigned(demo):
    """In Mexico no subscriber's number begins with 0 after the area code."""
    for line in (line for each in demo for line in each.lines):
        for phone in line.debtor.phones:
            assert phonenumbers.is_valid_number(phonenumbers.parse(phone, "MX"))
            assert phone.startswith("550")


def test_every_mailbox_is_at_a_reserved_domain(demo):
    for line in (line for each in demo for line in each.lines):
        mail = line.debtor.email
        assert not mail or mail.endswith(("@example.com", ".example")), mail


def test_nobody_pays_more_than_they_owe(demo):
    for each in demo:
        owed = Counter()
        for line in each.lines:
            owed[line.folio] += line.total_minor
        for payment in (*each.facts.payments, *each.facts.payments_today):
            assert payment.amount_minor > 0
            owed[payment.folio] -= payment.amount_minor
        assert min(owed.values()) >= 0


def test_payments_are_dated_in_the_past_and_promises_in_the_future(demo):
    for each in demo:
        assert all(payment.paid_on < TODAY for payment in each.facts.payments)
        assert all(promise.due_on > TODAY for promise in each.facts.promises)
        references = [p.reference for p in (*each.facts.payments, *each.facts.payments_today)]
        assert len(references) == len(set(references))


def test_the_loans_file_says_the_sum_of_its_good_rows(demo):
    file = files.loans(demo[0], TODAY)
    rows = list(csv.reader(io.StringIO(file.content.decode("cp1252")), delimiter=";"))
    balance = files.LOAN_HEADER.index("Saldo total")
    data, totals = rows[4:-1], rows[-1]

    assert rows[3] == list(files.LOAN_HEADER)
    assert len(data) == file.rows
    good = data[: file.rows - file.bad]
    minor = sum(int(row[balance].strip("$ ").replace(",", "").replace(".", "")) for row in good)
    assert minor == file.amount_minor
    assert totals[balance] == f"$ {minor // 100:,}.{minor % 100:02d}"


def test_some_old_loans_were_charged_off_before_the_file_was_sent(demo):
    file = files.loans(demo[0], TODAY)
    rows = list(csv.reader(io.StringIO(file.content.decode("cp1252")), delimiter=";"))[4:-1]
    booked, due, part = (
        files.LOAN_HEADER.index(title)
        for title in ("Fecha de castigo", "Fecha de vencimiento", "No. de pago")
    )
    told = [row for row in rows if row[booked]]

    assert 10 < len(told) < len(rows) // 10
    for row in told:
        on, was_due = (datetime.strptime(row[at], "%d/%m/%Y").date() for at in (booked, due))  # noqa: DTZ007
        assert (on - was_due, row[part]) == (files.BOOKED_AFTER, "")
        assert on <= TODAY


def test_the_invoices_are_a_workbook_with_real_dates(demo):
    file = files.invoices(demo[1], TODAY)
    sheet = CalamineWorkbook.from_object(io.BytesIO(file.content)).get_sheet_by_index(0)
    rows = [row for row in sheet.to_python() if any(row)]

    assert rows[1] == list(files.INVOICE_HEADER)
    data = rows[2:-1]
    assert len(data) == file.rows
    assert all(isinstance(row[files.INVOICE_HEADER.index("Vence")], date) for row in data)
    assert round(sum(row[-1] for row in data) * 100) == file.amount_minor


def test_a_door_lies_at_the_kerb_of_its_street():
    for country in COUNTRIES:
        for street in streets.streets(country):
            even, odd = (street.first_number // 2 * 2 + 2, street.first_number // 2 * 2 + 3)
            a, b = streets.door(street, even), streets.door(street, odd)
            assert abs(a.lat - b.lat) < 0.001
            assert abs(a.lng - b.lng) < 0.002
            assert (a.lat, a.lng) != (b.lat, b.lng)


def test_mexico_city_has_a_few_dozen_streets_all_inside_it():
    known = streets.streets("MX")

    assert len(known) >= 36
    for street in known:
        for lat, lng in ((street.lat1, street.lng1), (street.lat2, street.lng2)):
            assert 19.2 < lat < 19.6
            assert -99.35 < lng < -98.95


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_bulk_file_has_exactly_the_rows_asked_for(country):
    rows = rows_of(bulk.Request(rows=5_003, seed=7, country=country, today=TODAY))

    assert len(rows) == 5_003
    assert len({row["Folio"] for row in rows}) == 5_003
    for row in rows:
        cents = [int(row[key].replace(".", "")) for key in ("Capital", "Intereses", "Comisiones")]
        assert sum(cents) == int(row["Saldo total"].replace(".", ""))


def test_a_bulk_file_depends_on_its_seed_alone():
    asked = bulk.Request(rows=3_000, seed=7, country="MX", today=TODAY)

    assert list(bulk.blocks(asked)) == list(bulk.blocks(asked))
    assert rows_of(asked) != rows_of(bulk.Request(rows=3_000, seed=8, country="MX", today=TODAY))


def test_bulk_tax_ids_and_phones_are_valid():
    checks = {"MX": lambda text: rfc.is_valid(text, validate_check_digits=True)}
    checks |= {"CL": rut.is_valid, "BR": cpf.is_valid}
    for code, valid in checks.items():
        country = COUNTRIES[code]
        for row in rows_of(bulk.Request(rows=2_000, seed=3, country=code, today=TODAY)):
            assert valid(row[country.tax_id_header]), row[country.tax_id_header]
            assert phonenumbers.is_valid_number(phonenumbers.parse(row["Teléfono"], code))


def test_one_debtor_keeps_name_and_tax_id_over_several_debts():
    people = {}
    for row in rows_of(bulk.Request(rows=4_000, seed=5, country="MX", today=TODAY)):
        who = (row["Nombre"], row["RFC"], row["Teléfono"])
        assert people.setdefault(row["Clave cliente"], who) == who
    assert len(people) < 4_000


def test_bad_rows_come_at_the_asked_rate():
    """Each defect leaves the row without a real due date, an amount or the debt's id."""
    asked = bulk.Request(rows=1_000, seed=7, country="MX", today=TODAY, bad_every=50)
    bad = [
        number
        for number, row in enumerate(rows_of(asked), 1)
        if not row["Folio"]
        or row["Saldo total"] in ("", "0")
        or row["Fecha vencimiento"] in ("31/02/2026", "pendiente")
    ]

    assert bad == list(range(50, 1_001, 50))


def test_the_stream_is_cut_into_blocks_of_bounded_size():
    asked = bulk.Request(rows=20_000, seed=7, country="MX", today=TODAY)

    assert max(block.count("\n") for block in bulk.blocks(asked)) == bulk.BLOCK


def test_an_unwanted_word_is_broken_in_a_tax_id():
    assert tax_ids.rfc_stem("OSCAR", "PEREZ", "DURAN") == "PEDX"
