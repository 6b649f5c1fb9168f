"""The account and what a debtor tells on it, through the real app: figures, forms, redirects."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib import wiring
from chalicelib.domain.case import PromiseState
from chalicelib.domain.contact import AttemptState, Channel, ConsentState, HoldReason
from chalicelib.domain.days import local_day
from chalicelib.domain.dispute import DisputeKind, DisputeState
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.wish import DayKind
from chalicelib.services import contacting, dispute_desk, papers_out, suppression
from tests.builders import a_portfolio
from tests.selfpay.conftest import MAIL, PHONE, Visitor


@pytest.fixture
def inside(world, visitor) -> Visitor:
    visitor.enter(world.link())
    return visitor


def day(days: int) -> str:
    """Of the portfolio's calendar, which is a day behind UTC in the evening."""
    today = local_day(datetime.now(UTC), a_portfolio().time_zone)
    return (today + timedelta(days=days)).isoformat()


def test_the_account_says_what_is_owed_and_leads_to_why(world, inside):
    page = inside.get("/pagar/cuenta")
    debt = world.file.debts[0]

    assert page.status == 200
    assert "Hola, José" in page.text
    assert "$1,000.00" in page.text
    assert world.portfolio.creditor in page.text

    why = inside.get(f"/pagar/deuda/{debt.debt_id}")
    assert "Cómo se llegó a esta cantidad" in why.text
    assert debt.external_id in why.text


STEPS = (
    "cuenta", "derechos", "quien", "promesa", "ya-pague", "aclarar", "no-puedo", "mis-datos",
    "solicitud", "contacto", "documentos",
)  # fmt: skip


def test_every_page_is_there_in_every_language(inside):
    for language in ("es", "en", "pt"):
        inside.get(f"/pagar/idioma/{language}")
        for step in STEPS:
            page = inside.get(f"/pagar/{step}")
            assert page.status == 200, step
            assert f'<html lang="{language}">' in page.text
            assert page.text.count("<h1") == 1


def test_another_debtors_things_are_not_found(world, inside):
    other = world.another_case()
    from chalicelib import wiring

    theirs = wiring.cases().open(other).debts[0]
    assert inside.get(f"/pagar/deuda/{theirs.debt_id}").status == 404
    assert inside.get("/pagar/documentos/doc_1").status == 404


def test_a_promise_is_noted_once_whatever_the_browser_does(world, inside):
    form = inside.get("/pagar/promesa")
    sent = {"amount": "1,000.00", "day": day(3)}

    first = inside.send(form, **sent)
    again = inside.send(form, **sent)

    assert first.path == again.path == "/pagar/listo/promesa"
    assert "$1,000.00" in first.text
    promises = world.file.promises
    assert [(one.amount_minor, one.state, one.channel) for one in promises] == [
        (100_000, PromiseState.OPEN, "self_pay")
    ]
    assert "Anotamos que pagará" in inside.get("/pagar/cuenta").text


def test_what_cannot_be_promised_is_said_beside_its_field(world, inside):
    for amount, days, said in (
        ("nada", 3, "No entendimos la cantidad"),
        ("1.000,01", 3, "Es más de lo que debe"),
        ("500", -1, "Ese día ya pasó"),
        ("500", 200, "Ese día está muy lejos"),
    ):
        page = inside.send(inside.get("/pagar/promesa"), amount=amount, day=day(days))
        assert page.status == 422
        assert said in page.text
        assert 'role="alert"' in page.text
        assert f'value="{amount}"' in page.text
    assert world.file.promises == ()


def test_a_reported_payment_pauses_reminders_and_asks_a_person(world, inside):
    form = inside.get("/pagar/ya-pague")
    sent = {"amount": "250", "day": day(-1), "reference": "AB-12"}

    assert inside.send(form, **sent).path == "/pagar/listo/ya-pague"
    inside.send(form, **sent)

    file = world.file
    assert [hold.reason for hold in file.holds] == [HoldReason.REPORTED_PAYMENT]
    assert "AB-12" in file.holds[0].note
    assert [task.cause.step for task in file.tasks] == ["reported_payment"]
    assert "Estamos buscando el pago" in inside.get("/pagar/cuenta").text


def test_a_dispute_stops_collection_at_once(world, inside):
    debt = world.file.debts[0]
    form = inside.get(f"/pagar/aclarar/{debt.debt_id}")
    page = inside.send(form, "/pagar/aclarar", kind="not_mine", words="No la conozco")

    assert page.path == "/pagar/listo/aclarar"
    assert "Le respondemos a más tardar" in page.text
    file = world.file
    assert [one.kind for one in file.disputes] == [DisputeKind.NOT_MINE]
    assert file.disputes[0].opened_by == f"debtor:{world.case_id}"
    assert "revisando su aclaración" in inside.get("/pagar/cuenta").text
    again = inside.get("/pagar/aclarar").text
    assert "No la conozco" in again
    assert "Le respondemos a más tardar el" in again


def test_the_answer_to_a_dispute_is_there_to_read(world, inside):
    inside.send(inside.get("/pagar/aclarar"), kind="wrong_amount", words="<b>Debo menos</b>")
    [dispute] = world.file.disputes
    dispute_desk.resolve(
        world.case_id,
        dispute.dispute_id,
        verdict=DisputeState.REJECTED,
        reason="El contrato dice otra cosa.",
        means=wiring.issuing(),
        actor=Actor(actor_id="user:ana", role=Role.ADMIN, portfolios=("*",)),
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=datetime.now(UTC),
    )

    page = inside.get("/pagar/aclarar").text

    assert "no la podemos aceptar" in page
    assert "Nuestra respuesta: El contrato dice otra cosa." in page
    assert "Descargar la carta (PDF)" in page
    assert "&lt;b&gt;Debo menos" in page
    # The letter is on its way by itself, and asks the gate like any other message.
    file = world.file
    (waiting,) = [one for one in file.attempts if one.cause.kind == "letter"]
    assert (waiting.state, waiting.channel) == (AttemptState.PLANNED, Channel.EMAIL)
    assert waiting.cause.answers == dispute.dispute_id
    (carried,) = papers_out.enclosed(file, waiting, wiring.evidence_files())
    assert carried[2].startswith(b"%PDF")


def test_nobody_is_written_to_of_a_death_that_was_accepted(world, inside):
    inside.send(inside.get("/pagar/aclarar"), kind="deceased")
    dispute_desk.resolve(
        world.case_id,
        world.file.disputes[0].dispute_id,
        verdict=DisputeState.ACCEPTED,
        reason="Lamentamos su pérdida.",
        means=wiring.issuing(),
        actor=Actor(actor_id="user:ana", role=Role.ADMIN, portfolios=("*",)),
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=datetime.now(UTC),
    )

    assert [one for one in world.file.attempts if one.cause.kind == "letter"] == []
    assert "Descargar la carta (PDF)" in inside.get("/pagar/aclarar").text


def test_who_cannot_pay_is_heard_by_a_person(world, inside):
    inside.send(inside.get("/pagar/no-puedo"), reason="less", words="<b>poco</b>")
    file = world.file
    assert [task.cause.step for task in file.tasks] == ["cannot_pay"]
    notes = [event.personal for event in file.events if event.kind == "note.added"]
    assert notes == [{"text": "Pagos más pequeños · <b>poco</b>"}]


def test_contacts_are_corrected_and_never_shown_whole(world, inside):
    form = inside.get("/pagar/mis-datos")
    assert PHONE not in form.text
    assert MAIL not in form.text
    assert f"•••• {PHONE[-4:]}" in form.text

    inside.send(form, do="add", phone="(55) 8765 4321", email="Nuevo@Correo.MX")
    old = next(one for one in world.file.contacts if one.value == PHONE)
    page = inside.get("/pagar/mis-datos")
    inside.send(page, do="wrong", contact=old.contact_id)

    known = {one.value: one.quality for one in world.file.contacts}
    assert known["+525587654321"] == "unverified"
    assert "nuevo@correo.mx" in known
    assert known[PHONE] == "wrong_person"


def test_who_had_a_number_erased_can_give_it_again(world, inside):
    pid, means = world.portfolio.portfolio_id, wiring.suppression_means()
    number, mail = ("phone", "+525587654321"), ("email", "nuevo@correo.mx")
    suppression.suppress(
        pid, [number, mail], request_id="drq_1", now=datetime.now(UTC), means=means
    )

    inside.send(inside.get("/pagar/mis-datos"), do="add", phone="(55) 8765 4321")

    assert number[1] in {one.value for one in world.file.contacts}
    assert suppression.found(pid, [number, mail], means=means) == {mail}


def test_a_channel_that_is_taken_off_is_refused_and_can_come_back(world, inside):
    form = inside.get("/pagar/contacto")
    inside.send(form, channel_whatsapp="1", channel_email="1", language="en")
    file = world.file
    refused = {one.channel for one in file.consents if one.state is ConsentState.REFUSED}
    assert refused == {Channel.SMS, Channel.CALL}
    assert file.head.language == "en"

    sent = {f"channel_{one}": "1" for one in ("whatsapp", "email", "sms", "call")}
    inside.send(inside.get("/pagar/contacto"), **sent, language="es")
    assert {one.state for one in world.file.consents} == {ConsentState.GIVEN}


def test_hours_are_asked_for_inside_the_laws_and_count_at_once(world, inside):
    form = inside.get("/pagar/contacto")
    sent = {f"channel_{one}": "1" for one in ("whatsapp", "email", "sms", "call")}
    sent |= {"day_mon_fri": "1", "closes_at": re.findall(r">(\d\d:\d\d)</option>", form.text)[-1]}

    never = inside.send(form, **sent | {"opens_at": "12:00", "closes_at": "12:00"})
    assert never.status == 422
    assert "no podríamos escribirle nunca" in never.text
    assert world.file.head.wish is None

    done = inside.send(never, **sent, opens_at="12:00")
    assert done.path == "/pagar/listo/contacto"
    wish = world.file.head.wish
    assert wish is not None
    assert (wish.opens_at, wish.closes_at) == ("12:00", "")
    assert "Pidió que le contactemos de 12:00" in inside.get("/pagar/contacto").text
    file = world.file
    place = contacting.reaches(file, Channel.SMS)[0]
    zone = ZoneInfo("America/Mexico_City")
    for hour, allowed in ((11, False), (13, True)):
        now = datetime(2026, 12, 9, hour, tzinfo=zone)  # a Wednesday
        assert contacting.rule(file, world.portfolio, place, now=now).allowed is allowed

    everything = {"opens_at": re.findall(r">(\d\d:\d\d)</option>", form.text)[0]}
    everything |= {f"day_{day.value}": "1" for day in DayKind}
    inside.send(inside.get("/pagar/contacto"), **sent | everything)
    assert world.file.head.wish is None


def test_the_statement_is_a_pdf(inside):
    status, _, headers = inside._once("GET", "/pagar/documentos/estado", None, {})
    assert status == 303
    assert ".pdf" in headers["location"]
