"""What a request's text is checked for beside its model."""

import pytest

from chalicelib.domain.errors import BadField
from chalicelib.handlers.models import MOST_INTEGER, parse

VIEW = "saved_views:NewView"


def test_a_number_that_nobody_counts_to_is_named_by_its_path():
    raw = b'{"name": "12345678901234567890", "filters": {"max_minor": %d}}'

    assert parse(VIEW, raw % MOST_INTEGER).filters.max_minor == MOST_INTEGER
    with pytest.raises(BadField) as refused:
        parse(VIEW, raw % (MOST_INTEGER + 1))
    assert refused.value.details == {"field": "filters.max_minor", "reason": "too_large"}
