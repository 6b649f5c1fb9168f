import json
from datetime import UTC, datetime

import pytest

from chalicelib.channels import letter_pdf
from chalicelib.channels.letter import LetterSender
from chalicelib.domain.contact import Channel, NotSent
from tests.unit.channels.conftest import a_message

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
TO = "María José Núñez\nCalle Ñandú 45\n06700 Ciudad de México"


def a_letter(**values):
    base = {
        "to": TO,
        "subject": "Aviso de saldo",
        "text": "Estimada María:\n\nVea https://r.example/p.",
    }
    return a_message(Channel.LETTER, **base | values)


def test_the_letter_and_its_line_wait_for_the_batch(shelf):
    message = a_letter(files=(("estado.pdf", "application/pdf", b"%PDF"),))

    receipt = LetterSender(shelf, now=lambda: NOW, zone=lambda _: "UTC").send(message)

    stem = "letters/prt_1/2026-11-22/att_1"
    assert (receipt.provider, receipt.provider_id, receipt.units) == ("print", f"{stem}.pdf", 1)
    assert shelf.objects[f"{stem}.pdf"][1].startswith(b"%PDF-")
    assert json.loads(shelf.objects[f"{stem}.json"][1]) == {
        "attempt_id": "att_1", "reference": "cas_1:att_1", "to": TO.splitlines(), "country": "MX",
        "pages": 1, "letter": f"{stem}.pdf", "enclosures": [f"{stem}-1-estado.pdf"],
    }  # fmt: skip


def test_a_redo_prints_nothing_twice(shelf):
    sender = LetterSender(shelf, now=lambda: NOW, zone=lambda _: "UTC")
    sender.send(a_letter())
    first = dict(shelf.objects)

    sender.send(a_letter())

    assert shelf.objects == first


@pytest.mark.parametrize("to", ["", "María José Núñez"])
def test_without_an_address_there_is_no_letter(shelf, to):
    with pytest.raises(NotSent) as refusal:
        LetterSender(shelf, now=lambda: NOW, zone=lambda _: "UTC").send(a_letter(to=to))

    assert (refusal.value.code, shelf.objects) == ("invalid_recipient", {})


def test_long_letters_take_the_pages_they_need():
    _, pages = letter_pdf.render(a_letter(text="Una línea larga. " * 600), made_at=NOW)

    assert pages >= 2


@pytest.mark.parametrize(("country", "size"), [("MX", b"612.00 792.00"), ("AR", b"595.28 841.89")])
def test_the_paper_is_the_countrys(country, size):
    body, _ = letter_pdf.render(a_letter(country=country), made_at=NOW)

    assert size in body


@pytest.mark.parametrize("text", ["₲ 500.000 — “vencido”", "Zażółć 名前 🙂", "Ñandú € 5"])
def test_any_text_can_be_printed(text):
    body, pages = letter_pdf.render(a_letter(text=text, subject=text), made_at=NOW)

    assert (body[:5], pages) == (b"%PDF-", 1)


def test_every_line_of_a_long_address_stays_in_the_window():
    plan = letter_pdf.A4
    lines = 9

    assert plan.address_top + lines * min(5.0, plan.address_height / lines) <= 90.001
    body, _ = letter_pdf.render(
        a_letter(country="AR", to="\n".join(["Línea"] * lines)), made_at=NOW
    )
    assert body


def test_the_qr_is_the_last_link():
    assert letter_pdf._link("a https://a.example/x, b https://b.example/y?z=1.") == (
        "https://b.example/y?z=1"
    )


def test_letters_of_an_evening_are_of_the_portfolios_day(shelf):
    """Eight in the evening in Mexico is tomorrow in UTC."""
    evening = datetime(2026, 11, 24, 2, tzinfo=UTC)
    sender = LetterSender(shelf, now=lambda: evening, zone=lambda _: "America/Mexico_City")
    receipt = sender.send(a_letter())

    assert "/2026-11-23/" in receipt.provider_id
