"""Segments are counted as carriers count them (3GPP TS 23.038)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.messages import sms


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),  # the escape would be split
        ("á", "UCS-2", 1, 1),
        ("á" * 70, "UCS-2", 70, 1),
        ("á" * 71, "UCS-2", 71, 2),
        ("á" * 134, "UCS-2", 134, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("á" * 66 + "😀" + "á" * 66, "UCS-2", 134, 3),  # the pair would be split
    ],
)
def test_segments(text: str, encoding: str, units: int, segments: int) -> None:
    counted = sms.length(text)

    assert (counted.encoding, counted.units, counted.segments) == (encoding, units, segments)


def test_it_names_what_makes_a_message_expensive() -> None:
    assert sms.length("día, añõ día").outside == "íõ"


@given(st.text(max_size=300))
def test_what_the_small_alphabet_has_stays_as_it_is(text: str) -> None:
    written = sms.small(text)

    assert sms.small(written) == written
    if sms.length(text).encoding == "GSM-7":
        assert written == text


@given(st.text(alphabet="áéíóúÁÉÍÓÚüñÑãõçâêôà¿¡ABCabc 123$", max_size=300))
def test_our_languages_fit_the_small_alphabet(text: str) -> None:
    assert sms.length(sms.small(text)).encoding == "GSM-7"
