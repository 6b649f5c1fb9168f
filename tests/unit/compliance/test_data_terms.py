"""The law's terms as they are written down: whole, dated, and honest about what was checked."""

from datetime import date

import pytest

from chalicelib.compliance import data_terms
from chalicelib.compliance.data_terms import Checked, Unit
from chalicelib.domain.data_request import RequestKind
from chalicelib.domain.portfolio import COUNTRIES

TODAY = date(2026, 11, 23)


def test_every_country_of_the_product_has_its_terms():
    assert set(COUNTRIES) <= set(data_terms.countries())


@pytest.mark.parametrize("country", data_terms.countries())
@pytest.mark.parametrize("on", [TODAY, date(2026, 12, 1), date(2028, 1, 1)])
def test_a_term_without_an_article_is_the_agencys_own(country, on):
    for kind in RequestKind:
        term = data_terms.term_of(country, kind, on)
        assert 0 < term.days <= 31
        assert term.own or (term.article and term.law)


@pytest.mark.parametrize(
    ("country", "kind", "days", "unit"),
    [
        ("MX", RequestKind.ERASURE, 20, Unit.BUSINESS),
        ("CO", RequestKind.ACCESS, 10, Unit.BUSINESS),
        ("CO", RequestKind.ERASURE, 15, Unit.BUSINESS),
        ("AR", RequestKind.ACCESS, 10, Unit.CALENDAR),
        ("AR", RequestKind.RECTIFICATION, 5, Unit.BUSINESS),
        ("PE", RequestKind.ACCESS, 20, Unit.BUSINESS),
        ("PE", RequestKind.ERASURE, 10, Unit.BUSINESS),
        ("BR", RequestKind.ACCESS, 15, Unit.CALENDAR),
        ("EC", RequestKind.RECTIFICATION, 15, Unit.CALENDAR),
        ("UY", RequestKind.ERASURE, 5, Unit.BUSINESS),
        ("ES", RequestKind.ERASURE, 1, Unit.MONTH),
    ],
)
def test_the_terms_that_are_known(country, kind, days, unit):
    term = data_terms.term_of(country, kind, TODAY)

    assert (term.days, term.unit) == (days, unit)
    assert term.checked is not Checked.NO


def test_chiles_new_law_holds_from_its_day_on():
    before = data_terms.term_of("CL", RequestKind.ACCESS, date(2026, 11, 30))
    after = data_terms.term_of("CL", RequestKind.ACCESS, date(2026, 12, 1))

    assert (before.days, before.unit) == (2, Unit.BUSINESS)
    assert (after.days, after.unit, after.extend_days) == (30, Unit.CALENDAR, 30)
    assert RequestKind.PORTABILITY not in data_terms.rights_of("CL", date(2026, 11, 30))
    assert RequestKind.PORTABILITY in data_terms.rights_of("CL", date(2026, 12, 1))


def test_a_country_that_nobody_wrote_down_gets_the_agencys_own():
    term = data_terms.term_of("ZZ", RequestKind.ACCESS, TODAY)

    assert (term.own, term.days, term.law) == (True, 10, "")
    assert data_terms.keeps_of("ZZ", TODAY).article == ""
    assert RequestKind.ERASURE in data_terms.rights_of("ZZ", TODAY)
