"""Photos and PDFs from the debtor's page: by a form to the bucket, looked at, kept without EXIF."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3

from chalicelib import wiring
from chalicelib.domain.dispute import Side
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.reported import ReportedState
from chalicelib.domain.scan import Scan, ScanState
from chalicelib.services import debtor_files, payment_reports
from tests.selfpay.conftest import TAX_ID
from tests.selfpay.visitor import Page, Visitor

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
EXIF = b"\xff\xe1\x00\x14Exif\0\0where and when"[:22]
SCAN = b"\xff\xda\x00\x04\x00\x00pixels\xff\xd9"
PHOTO = b"\xff\xd8" + EXIF + SCAN
BARE = b"\xff\xd8" + SCAN


@pytest.fixture
def inside(world, visitor) -> Visitor:
    visitor.enter(world.link())
    return visitor


def reported(world, inside: Visitor) -> str:
    yesterday = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
    page = inside.send(
        inside.get("/pagar/ya-pague"), amount="250", day=yesterday, reference="AB-12"
    )
    assert page.path == "/pagar/listo/ya-pague"
    (one,) = world.file.reported
    assert f'href="/pagar/archivo/{one.reported_id}"' in page.text
    return str(one.reported_id)


def sent(page: Page, body: bytes, name: str = "foto.jpg") -> str:
    """Send a file by the page's form, as a browser does; gives where it is led to."""
    form = re.search(r'action="([^"]+)" enctype="multipart/form-data"', page.text)
    assert form
    fields: list[Any] = [
        (unescape(field), unescape(value))
        for field, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
        if not field.startswith("_")
    ]
    got = urllib3.request(
        "POST", unescape(form[1]), fields=[*fields, ("file", (name, body))], redirect=False
    )
    assert got.status == 303
    there = urlsplit(got.headers["location"])
    return f"{there.path}?{there.query}"


def test_a_photo_of_a_receipt_is_kept_without_what_the_camera_adds(world, inside):
    target = reported(world, inside)
    page = inside.get(f"/pagar/archivo/{target}")
    assert "hasta 10 MB" in page.text
    back = sent(page, PHOTO)

    assert inside.get(back).path == "/pagar/listo/archivo"
    assert inside.get(back).path == "/pagar/listo/archivo"  # loaded again

    (one,) = world.file.reported
    (kept,) = one.evidence
    assert (kept.side, kept.media_type) == (Side.DEBTOR, "image/jpeg")
    assert wiring.evidence_files().read(kept.key) == BARE
    assert kept.key.startswith(f"reports/{world.case_id}/")
    shown = inside.get("/pagar/ya-pague").text
    assert kept.name in shown
    assert "Una persona lo está buscando" in shown


def test_a_file_goes_beside_a_dispute_as_the_debtors(world, inside):
    page = inside.send(inside.get("/pagar/aclarar"), kind="already_paid", words="Ya la pagué")
    (dispute,) = world.file.disputes
    assert f'href="/pagar/archivo/{dispute.dispute_id}"' in page.text

    form = inside.get(f"/pagar/archivo/{dispute.dispute_id}")
    assert inside.get(sent(form, PDF, "recibo.pdf")).path == "/pagar/listo/archivo"

    (kept,) = world.file.disputes[0].evidence
    assert (kept.side, kept.media_type, kept.shown) == (Side.DEBTOR, "application/pdf", True)
    assert kept.name in inside.get("/pagar/aclarar").text


def test_what_a_scanner_said_of_a_file_is_beside_it(world, inside, monkeypatch):
    monkeypatch.setattr(wiring.evidence_files(), "_scans", wiring.scans())
    target = reported(world, inside)
    inside.get(sent(inside.get(f"/pagar/archivo/{target}"), PDF, "recibo.pdf"))
    (kept,) = world.file.reported[0].evidence

    waiting = inside.get("/pagar/ya-pague").text
    assert f">{kept.name}</a>" in waiting
    assert "Todavía no revisamos si trae virus." in waiting

    wiring.scans().note(Scan(key=kept.key, state=ScanState.INFECTED, at=datetime.now(UTC)))

    refused = inside.get("/pagar/ya-pague").text
    assert f">{kept.name}</a>" not in refused
    assert kept.name in refused
    assert "se encontró un virus en él" in refused


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "No llegó ningún archivo"),
        (b"MZ\x90\x00 a program", "no es una foto ni un PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no es una foto ni un PDF"),
        (b"\xff\xd8\xff\xe1\xff\xff cut short", "no es una foto ni un PDF"),
        (PDF + b"." * debtor_files.MOST_BYTES, "puede pesar hasta 10 MB"),
    ],
)
def test_what_cannot_be_kept_comes_back_in_words(world, inside, body, said):
    target = reported(world, inside)

    page = inside.get(sent(inside.get(f"/pagar/archivo/{target}"), body))

    assert page.path == f"/pagar/archivo/{target}"
    assert page.status == 422
    assert said in page.text
    assert 'role="alert"' in page.text
    (one,) = world.file.reported
    assert (one.state, one.evidence, one.reference) == (ReportedState.WAITING, (), "AB-12")
    # And a good one may follow.
    assert inside.get(sent(page, PDF)).path == "/pagar/listo/archivo"


def test_it_is_said_in_the_debtors_language(world, inside):
    target = reported(world, inside)
    for language, said in (("en", "no photo and no PDF"), ("pt", "não é uma foto nem um PDF")):
        inside.get(f"/pagar/idioma/{language}")
        assert said in inside.get(sent(inside.get(f"/pagar/archivo/{target}"), b"x")).text


def test_nobody_puts_a_file_to_anothers_case(world, inside):
    target = reported(world, inside)
    form = inside.get(f"/pagar/archivo/{target}")
    back = sent(form, PDF)
    other = Visitor(world.served)
    other.enter(world.link(world.another_case()))

    assert other.get(f"/pagar/archivo/{target}").status == 404
    assert other.get(back).status == 404
    assert inside.get(f"/pagar/recibido/{target}~../../other").status == 404
    assert world.file.reported[0].evidence == ()


def test_the_form_takes_one_key_and_nothing_else(world, inside):
    target = reported(world, inside)
    page = inside.get(f"/pagar/archivo/{target}")
    policy = page.headers["content-security-policy"]
    bucket = urlsplit(world.cloud.client("s3").meta.endpoint_url)
    assert f"form-action 'self' {bucket.scheme}://{bucket.netloc}" in policy
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))
    assert fields["key"].startswith(f"debtors/{world.case_id}/{target}/")
    assert fields["success_action_redirect"].startswith(f"{world.served.url}/pagar/recibido/")


def test_what_was_found_is_told_on_the_page(world, inside):
    target = reported(world, inside)
    boss = Actor(actor_id="user:ana", role=Role.ADMIN, portfolios=("*",))
    payment_reports.settle(
        world.portfolio.portfolio_id,
        world.case_id,
        target,
        found=False,
        answer="<b>El banco no lo tiene</b>",
        actor=boss,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=datetime.now(UTC),
    )

    page = inside.get("/pagar/ya-pague").text
    assert "No lo encontramos" in page
    assert "&lt;b&gt;El banco no lo tiene" in page
    assert "No encontramos el pago que nos avisó" in inside.get("/pagar/cuenta").text
    file = world.file
    assert [hold.lifted_at is not None for hold in file.holds] == [True]
    assert [task.state.value for task in file.tasks] == ["done"]


@pytest.mark.browser
def test_a_phone_sends_a_photo_to_the_bucket_and_comes_back(world, phone):
    """With scripts and without: the form's policy holds on the way there and back."""
    phone.goto(world.link())
    phone.get_by_label("Últimos 4").fill(TAX_ID[-4:])
    phone.get_by_role("button", name="Entrar").click()
    phone.goto("/pagar/aclarar")
    phone.get_by_label("El monto está mal").check()
    phone.get_by_role("button", name="Enviar").click()
    phone.get_by_role("link", name="Agregar una foto o PDF").click()
    phone.get_by_label("Foto o PDF").set_input_files(
        {"name": "nota.txt", "mimeType": "text/plain", "buffer": b"a note"}
    )
    phone.get_by_role("button", name="Enviar").click()
    phone.get_by_text("no es una foto ni un PDF").first.wait_for()
    phone.get_by_label("Foto o PDF").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}
    )
    phone.get_by_role("button", name="Enviar").click()
    phone.get_by_role("heading", name="Recibimos su archivo").wait_for()

    (kept,) = world.file.disputes[0].evidence
    assert wiring.evidence_files().read(kept.key) == BARE
