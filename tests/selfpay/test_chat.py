"""The chat on the page: the bot of WhatsApp, who need not ask who it is, and what follows."""

import re

import pytest

from chalicelib.domain.contact import ConsentState, HoldReason
from tests.selfpay.conftest import Visitor


@pytest.fixture
def inside(world, visitor) -> Visitor:
    visitor.enter(world.link())
    return visitor


def talk(page) -> str:
    return re.search(r'name="talk" value="([^"]+)"', page.text)[1]


def says(visitor, page, words="", **form):
    return visitor.send(page, words=words, talk=talk(page), **form)


def test_it_knows_the_debtor_and_says_what_is_owed(inside):
    page = inside.get("/pagar/chat")
    assert 'value="balance"' in page.text
    page = says(inside, page, "¿cuánto debo?")
    assert "Hoy debes $1,000.00" in page.text
    assert "confirma quién eres" not in page.text


def test_a_promise_made_in_it_is_on_the_case_once(world, inside):
    page = says(inside, inside.get("/pagar/chat"), "pago 500 mañana")
    assert "¿Lo confirmas?" in page.text
    sent = {"talk": talk(page), "choice": "yes", "title_yes": "Sí"}
    for _ in range(2):
        done = inside.send(page, **sent)
        assert done.status == 200
    assert [(one.amount_minor, one.channel) for one in world.file.promises] == [
        (50_000, "self_pay")
    ]


def test_what_is_said_in_it_reaches_people(world, inside):
    says(inside, inside.get("/pagar/chat"), "ya pagué ayer")
    assert [one.reason for one in world.file.holds] == [HoldReason.REPORTED_PAYMENT]
    page = says(inside, inside.get("/pagar/chat"), "quiero hablar con una persona")
    page = says(inside, page, "es por mi contrato <b>")
    assert "Una persona va a leer su mensaje" in page.text
    assert "&lt;b&gt;" in page.text
    steps = [task.cause.step for task in world.file.tasks]
    assert steps == ["reported_payment", "wants_person", "wants_person"]
    notes = [event.personal["text"] for event in world.file.events if event.kind == "note.added"]
    assert notes == ["es por mi contrato <b>"]


def test_stop_stops_and_no_means_no(world, inside):
    says(inside, inside.get("/pagar/chat"), "stop")
    assert {one.state for one in world.file.consents} == {ConsentState.REFUSED}
    says(inside, inside.get("/pagar/chat"), "esta deuda no es mía")
    assert len(world.file.disputes) == 1


def test_a_conversation_of_another_page_begins_anew(world, inside):
    page = says(inside, inside.get("/pagar/chat"), "pago 500 mañana")
    stranger = Visitor(world.served)
    stranger.enter(world.link())
    theirs = stranger.get("/pagar/chat")
    for token in (talk(page), "x.y", "", "ñ"):
        answer = stranger.send(theirs, talk=token, choice="yes")
        assert answer.status == 200
        theirs = stranger.get("/pagar/chat")
    assert world.file.promises == ()
