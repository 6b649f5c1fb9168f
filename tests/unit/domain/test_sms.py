import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.sms import Encoding, length, plain


@pytest.mark.parametrize(("text", "encoding", "segments"), [
    ("x" * 160, Encoding.GSM7, 1),
    ("x" * 161, Encoding.GSM7, 2),
    ("x" * 306, Encoding.GSM7, 2),
    ("x" * 307, Encoding.GSM7, 3),
    ("€" * 80, Encoding.GSM7, 1),
    ("€" * 81, Encoding.GSM7, 2),
    ("x" * 152 + "€" + "x" * 152, Encoding.GSM7, 3),  # the euro moves whole into the second
    ("ñéüà¿¡Ñ", Encoding.GSM7, 1),
    ("á" * 70, Encoding.UCS2, 1),
    ("á" * 71, Encoding.UCS2, 2),
    ("🙂" * 35, Encoding.UCS2, 1),
    ("🙂" * 36, Encoding.UCS2, 2),
    ("🙂" * 67, Encoding.UCS2, 3),  # 33 fit into 67 places, none is cut in two
    ("", Encoding.GSM7, 1),
])  # fmt: skip
def test_segments_are_counted_as_they_are_billed(text, encoding, segments):
    found = length(text)

    assert (found.encoding, found.segments) == (encoding, segments)


def test_plain_text_costs_a_third():
    text = "Estimada Sofía, su próxima cuota de $1,200.00 vence el día 5 de diciembre. " * 2

    assert (length(text).segments, length(plain(text)).segments) == (3, 1)


def test_what_has_no_plain_form_is_kept():
    assert plain("Hola 🙂 你") == "Hola 🙂 你"


@given(st.text(max_size=400))
def test_plain_never_costs_more_and_is_plain_already(text):
    short = plain(text)

    assert length(short).segments <= length(text).segments
    assert plain(short) == short
