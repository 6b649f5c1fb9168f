from datetime import date, timedelta

import pytest

from chalicelib.domain.links import Link, opened, sealed

KEY, OTHER = b"k" * 32, b"o" * 32
UNTIL = date(2027, 3, 1)
LINK = Link(purpose="unsubscribe", case_id="cas_1", subject="con_1", channel="email", until=UNTIL)


def read(token, key=KEY, purpose="unsubscribe", today=UNTIL):
    return opened(token, key, purpose=purpose, today=today)


def test_a_link_works_until_its_last_day_for_its_purpose_with_its_key():
    token = sealed(LINK, KEY)

    assert read(token) == LINK
    assert read(token, today=UNTIL + timedelta(days=1)) is None
    assert read(token, purpose="pay") is None
    assert read(token, key=OTHER) is None


def test_no_letter_of_a_link_can_be_changed():
    token = sealed(LINK, KEY)
    swapped = str.maketrans("ABCDabcd0123", "BADCbadc1032")

    for place in range(len(token)):
        changed = token[:place] + token[place].translate(swapped) + token[place + 1 :]
        # The last digit of a part has spare bits: only what reads as the very same may pass.
        assert changed == token or read(changed) in (None, LINK)
        assert read(token[:place]) is None


@pytest.mark.parametrize("token", ["", ".", "a.b", "ñ.ñ", "....", "%00.x", "a" * 5000])
def test_what_is_no_link_is_no_link(token):
    assert read(token) is None


def test_a_link_is_made_of_what_an_address_may_hold():
    assert set(sealed(LINK, KEY)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    )
