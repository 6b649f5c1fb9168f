"""The chat on the page: the bot of WhatsApp, who need not ask who it is, and what follows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib import wiring
from chalicelib.domain import timeline
from chalicelib.domain.contact import ConsentState, HoldReason
from chalicelib.domain.errors import ReplyNotSent
from chalicelib.domain.people import Actor, Role
from chalicelib.services import conversation_desk as desk
from chalicelib.services import conversation_pages as pages
from chalicelib.services.conversation_erasure import erase
from tests.selfpay.conftest import Visitor


@pytest.fixture
def inside(world, visitor) -> Visitor:
    visitor.enter(world.link())
    return visitor


def says(visitor, page, words="", **form):
    return visitor.send(page, words=words, **form)


def test_it_knows_the_debtor_and_says_what_is_owed(inside):
    page = inside.get("/pagar/chat")
    assert 'value="balance"' in page.text
    page = says(inside, page, "¿cuánto debo?")
    assert "Hoy debes $1,000.00" in page.text
    assert "confirma quién eres" not in page.text


def test_a_promise_made_in_it_is_on_the_case_once(world, inside):
    page = says(inside, inside.get("/pagar/chat"), "pago 500 mañana")
    assert "¿Lo confirmas?" in page.text
    sent = {"choice": "yes", "title_yes": "Sí"}
    for _ in range(2):
        done = inside.send(page, **sent)
        assert done.status == 200
    assert [(one.amount_minor, one.channel) for one in world.file.promises] == [
        (50_000, "self_pay")
    ]


def test_what_is_said_in_it_reaches_people(world, inside):
    says(inside, inside.get("/pagar/chat"), "ya pagué ayer")
    assert [one.reason for one in world.file.holds] == [HoldReason.REPORTED_PAYMENT]
    told = inside.get("/pagar/ya-pague").text
    assert "Usted dijo que ya pagó" in told
    assert "Nos lo dijo en el chat" in told
    assert "Una persona lo está buscando" in told
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


def test_what_was_said_is_there_when_the_debtor_comes_back(world, inside):
    says(inside, inside.get("/pagar/chat"), "¿cuánto debo?")
    again = Visitor(world.served)
    again.enter(world.link())
    page = again.get("/pagar/chat").text
    assert "¿cuánto debo?" in page
    assert "Hoy debes $1,000.00" in page


def test_nobody_sees_anothers_chat(world, inside):
    says(inside, inside.get("/pagar/chat"), "soy el de la casa azul")
    stranger = Visitor(world.served)
    stranger.enter(world.link(world.another_case("D-77")))
    assert "casa azul" not in stranger.get("/pagar/chat").text


class Staff:
    """A supervisor before the portfolio's conversations, as the API lets them."""

    actor = Actor(actor_id="user:ana", role=Role.SUPERVISOR, portfolios=("*",), name="Ana")

    def __init__(self, world):
        self.world = world

    def list(self):
        return pages.listed(
            self.world.portfolio.portfolio_id, known=True, desk=None, since=None, cursor=None,
            limit=10, actor=self.actor, means=wiring.conversing(), people=lambda ids: {},
        )["items"]  # fmt: skip

    def does(self, do, talk, *args, **more):
        return do(
            talk, *args, actor=self.actor, means=wiring.conversing(), now=datetime.now(UTC), **more
        )

    def opened(self, key):
        return self.does(pages.opened, key, after=0, before=None, people=lambda ids: {})


def test_people_see_the_chat_take_it_over_answer_and_hand_it_back(world, inside):
    staff = Staff(world)
    says(inside, inside.get("/pagar/chat"), "¿cuánto debo?")
    (line,) = staff.list()
    key = line["conversation_id"]
    assert (line["channel"], line["phone"], line["desk"], line["unread"]) == ("page", "", "bot", 1)
    assert line["case"]["case_id"] == world.case_id
    said = [(m["by"]["kind"], m["state"]) for m in staff.opened(key)["messages"]]
    assert said == [("debtor", ""), ("bot", "sent")]

    page = says(inside, inside.get("/pagar/chat"), "quiero hablar con una persona")
    assert "La respuesta aparece aquí" in page.text
    assert [one["desk"] for one in staff.list()] == ["waiting"]
    staff.does(desk.take, key)
    for _ in range(2):
        staff.does(desk.reply, key, "Soy Ana, ¿le sirve pagar el viernes?", key="k1")

    page = inside.get("/pagar/chat")
    assert page.text.count("Soy Ana, ¿le sirve pagar el viernes?") == 1
    assert "una persona:" in page.text
    page = says(inside, page, "sí, el viernes está bien")
    assert staff.opened(key)["messages"][-1]["text"] == "sí, el viernes está bien"
    assert world.provider.got == []
    told = [e.personal for e in world.file.events if e.kind in ("chat.answered", "chat.said")]
    assert [one["text"] for one in told] == [
        "Soy Ana, ¿le sirve pagar el viernes?", "sí, el viernes está bien",
    ]  # fmt: skip

    staff.does(desk.give_back, key)
    assert "Hoy debes $1,000.00" in says(inside, page, "¿cuánto debo?").text


def test_what_another_has_taken_is_not_answered_over_them(world, inside):
    staff = Staff(world)
    says(inside, inside.get("/pagar/chat"), "hola")
    (line,) = staff.list()
    staff.does(desk.take, line["conversation_id"])
    eva = Actor(actor_id="user:eva", role=Role.AGENT, portfolios=("*",), name="Eva")
    with pytest.raises(ReplyNotSent):
        desk.reply(
            line["conversation_id"], "hola", key="k", actor=eva, means=wiring.conversing(),
            now=datetime.now(UTC),
        )  # fmt: skip


def test_what_was_said_on_the_page_is_erased_on_request(world, inside):
    staff = Staff(world)
    says(inside, inside.get("/pagar/chat"), "ya pagué, fue Raúl")
    says(inside, inside.get("/pagar/chat"), "quiero hablar con una persona")
    says(inside, inside.get("/pagar/chat"), "dígale a Raúl")
    (line,) = staff.list()
    staff.does(desk.take, line["conversation_id"])
    says(inside, inside.get("/pagar/chat"), "Raúl vive conmigo")
    staff.does(desk.reply, line["conversation_id"], "Gracias, Raúl", key="k")
    assert "Raúl" in repr(world.file)

    staff.actor = replace(staff.actor, role=Role.ADMIN)
    staff.does(erase, line["conversation_id"], reason="Solicitud 12", files=None)

    assert "Raúl" not in repr(world.file)
    assert "Raúl" not in inside.get("/pagar/chat").text
    assert timeline.verify(world.file.events, world.file.head.chain).ok
