"""Cash given without a code at the door: the debtor says afterwards whether it is right."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.cash import Receipt, Word, series_of
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.days import local_day
from chalicelib.services import cash_words
from tests.builders import change_of, reopened
from tests.selfpay.conftest import PHONE, SMALL, TAX_ID
from tests.selfpay.visitor import Visitor
from tests.selfpay.walking import AXE, faults

DEVICE = "dev_0000000001"


def a_receipt(world, number=1, amount_minor=20_000, **values) -> Receipt:
    """A receipt that came without a code, with the question that goes out for it."""
    now = datetime.now(UTC)
    file = world.file
    person = world.portfolio.portfolio_id[4:]  # a series of their own: the tests share tables
    draft = reopened(file, world.portfolio, now)
    receipt = Receipt(
        number=f"{series_of(DEVICE, person)}-{number:06d}",
        portfolio_id=world.portfolio.portfolio_id,
        person_id=person,
        device_id=DEVICE,
        case_id=world.case_id,
        visit_id=f"vis_{number:010d}",
        amount_minor=amount_minor,
        currency="MXN",
        at=now - timedelta(hours=3),
        received_at=now,
        **values,
    )
    today = local_day(receipt.at, world.portfolio.time_zone)
    given = draft.take_cash(receipt, paid_on=today)
    cash_words.ask(draft, file, given, now=now)
    wiring.cases().commit(change_of(draft))
    return given


def kept(receipt: Receipt) -> Receipt:
    found = wiring.cash().receipt(receipt.key)
    assert found is not None
    return found


@pytest.fixture
def inside(world, visitor) -> Visitor:
    """Somebody who came by the link of a message to the debtor's telephone."""
    visitor.enter(world.link(contact_id=world.contact(PHONE)))
    return visitor


def test_the_question_goes_out_and_its_page_takes_the_answer(world, inside):
    receipt = a_receipt(world)
    (message,) = [one for one in world.file.attempts if one.cause.kind == "cash"]
    assert message.contact_id == world.contact(PHONE)

    account = inside.get("/pagar/cuenta")
    assert "Nos informaron que pagó $200.00 en efectivo" in account.text
    page = inside.get("/pagar/efectivo")
    assert receipt.number in page.text
    done = inside.send(page, f"/pagar/efectivo/{receipt.key}", do="yes")

    assert done.path == "/pagar/listo/efectivo"
    assert (kept(receipt).word, kept(receipt).confirmed) == (Word.CONFIRMED, "page")
    assert "¿Pagó en efectivo?" not in inside.get("/pagar/cuenta").text
    assert "Usted dijo que es correcto" in inside.get("/pagar/efectivo").text
    (message,) = [one for one in world.file.attempts if one.cause.kind == "cash"]
    assert message.state is AttemptState.WITHDRAWN
    assert world.file.head.balance_minor == 80_000


@pytest.mark.parametrize(
    ("form", "said"), [({"do": "none"}, 0), ({"do": "other", "amount": "150"}, 15_000)]
)
def test_what_is_denied_is_kept_and_may_be_changed(world, inside, form, said):
    receipt = a_receipt(world)
    page = inside.get("/pagar/efectivo")
    inside.send(page, f"/pagar/efectivo/{receipt.key}", words="<b>menos</b>", **form)
    assert kept(receipt).said_minor == said

    shown = inside.get("/pagar/efectivo").text
    assert "Una persona lo revisa" in shown
    again = inside.get(f"/pagar/efectivo/{receipt.key}")
    inside.send(again, again.path, do="yes")
    assert kept(receipt).word is Word.CONFIRMED


@pytest.mark.parametrize(
    ("form", "said"),
    [({}, "Elija una opción"), ({"do": "other", "amount": "?"}, "No entendimos la cantidad")],
)
def test_what_cannot_be_read_is_asked_again(world, inside, form, said):
    receipt = a_receipt(world)
    page = inside.send(inside.get("/pagar/efectivo"), f"/pagar/efectivo/{receipt.key}", **form)
    assert page.status == 422
    assert said in page.text
    assert kept(receipt).word is Word.OPEN


def test_who_only_knows_a_tax_id_may_deny_but_not_confirm(world, visitor):
    receipt = a_receipt(world)
    visitor.enter(world.link())  # of no message
    page = visitor.get("/pagar/efectivo")
    assert 'value="yes"' not in page.text

    refused = visitor.send(page, f"/pagar/efectivo/{receipt.key}", do="yes")
    assert refused.status == 422
    assert "entre con el enlace del mensaje" in refused.text
    assert kept(receipt).word is Word.OPEN
    visitor.send(refused, f"/pagar/efectivo/{receipt.key}", do="none")
    assert kept(receipt).word is Word.DENIED


def test_anothers_receipt_is_not_there(world, inside):
    case_id = world.another_case(tax_id="OTRO800101AB3")
    theirs = a_receipt(replace(world, case_id=case_id))

    assert inside.get(f"/pagar/efectivo/{theirs.key}").status == 404
    page = inside.get("/pagar/efectivo")
    assert theirs.number not in page.text
    form = inside.get("/pagar/no-puedo")
    assert inside.send(form, f"/pagar/efectivo/{theirs.key}", do="none").status == 404
    assert kept(theirs).word is Word.OPEN


@pytest.mark.browser
def test_on_a_small_phone_with_scripts_and_without(world, phone):
    first, second = a_receipt(world), a_receipt(world, 2, 5_000)
    phone.goto(world.link(contact_id=world.contact(PHONE)))
    phone.get_by_label("Últimos 4").fill(TAX_ID[-4:])
    phone.get_by_role("button", name="Entrar").click()
    phone.get_by_role("link", name="Decir si es correcto").click()
    phone.locator(f'a[href="/pagar/efectivo/{first.key}"]').click()
    phone.get_by_label("Sí, pagué $200.00").check()
    assert phone.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    phone.get_by_role("button", name="Enviar").click()
    phone.get_by_text("Anotamos lo que dijo de su pago en efectivo.").wait_for()

    phone.goto("/pagar/efectivo")
    phone.get_by_label("Pagué otra cantidad").check()
    phone.get_by_label("¿Cuánto pagó?").fill("30")
    phone.get_by_role("button", name="Enviar").click()
    phone.get_by_text("Anotamos lo que dijo de su pago en efectivo.").wait_for()

    assert kept(first).word is Word.CONFIRMED
    assert kept(second).said_minor == 3_000


@pytest.mark.browser
def test_axe_finds_nothing_on_it(world, chrome) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in frontend")
    receipt = a_receipt(world)
    a_receipt(world, 2, 5_000)
    for scheme in ("light", "dark"):
        made = chrome.new_context(
            base_url=world.served.url, locale="es-MX", viewport=SMALL, color_scheme=scheme
        )
        page = made.new_page()
        page.goto(world.link(contact_id=world.contact(PHONE)))
        page.get_by_label("Últimos 4").fill(TAX_ID[-4:])
        page.get_by_role("button", name="Entrar").click()
        page.wait_for_url("**/pagar/cuenta")
        for path in ("cuenta", "efectivo", f"efectivo/{receipt.key}"):
            page.goto(f"/pagar/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
            assert faults(page) == [], path
        made.close()
