"""What a list of cases is asked by is one thing, wherever it is asked."""

from datetime import timedelta

import pytest

from chalicelib.domain.case import CaseStatus
from chalicelib.domain.errors import BadField
from chalicelib.handlers.cases import FILTERS
from chalicelib.handlers.models.case_filters import CaseFilters
from chalicelib.services import case_filters
from tests.builders import NOW, TODAY, a_portfolio


def test_list_export_bulk_job_and_view_are_asked_by_the_same_names():
    listed = {query.name for query in FILTERS}
    assert listed == set(CaseFilters.model_fields) == set(case_filters.NAMES)


def test_what_is_left_empty_or_is_no_filter_is_not_kept():
    given = {"q": "", "city": "León", "status": "held", "min_minor": 0, "action": "tag"}
    kept = case_filters.checked(given, a_portfolio(), now=NOW)

    assert kept == {"city": "León", "status": "held", "min_minor": 0}
    where = case_filters.where(kept, a_portfolio(), now=NOW)
    assert (where.city, where.status, where.min_minor) == ("León", CaseStatus.HELD, 0)


def test_who_was_left_alone_comes_the_longest_waiting_first_unless_asked_otherwise():
    assert case_filters.sort_of({}) == "due"
    assert case_filters.sort_of({"untouched_days": 7}) == "touched"
    assert case_filters.sort_of({"untouched_days": 7, "sort": "-balance"}) == "-balance"
    where = case_filters.where({"untouched_days": 7, "band": "8-30"}, a_portfolio(), now=NOW)
    assert where.untouched_before == TODAY - timedelta(days=6)  # a week ago is long enough
    assert where.due_to is not None


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"sort": "colour"}, "sort"),
        ({"status": "lost"}, "status"),
        ({"band": "no-such"}, "band"),
        ({"q": "¿?"}, "q"),
        ({"untouched_days": 0}, "untouched_days"),
        ({"untouched_days": 366}, "untouched_days"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_field(filters, field):
    with pytest.raises(BadField) as refused:
        case_filters.checked(filters, a_portfolio(), now=NOW)
    assert refused.value.details["field"] == field
