"""What a message that goes out carries: its language, its papers, its template, its address."""

import hashlib
from datetime import timedelta

import pytest

from chalicelib.channels.letter import LetterSender
from chalicelib.domain.case import Address, ContactKind
from chalicelib.domain.contact import AttemptState, Channel, Content, Direction
from tests.builders import an_attempt
from tests.dispatch_world import NOON, World
from tests.unit.channels.conftest import MemoryShelf


@pytest.fixture
def world():
    return World()


def test_a_formal_notice_by_email_carries_the_account_statement(world):
    world.plan(channel=Channel.EMAIL, template_id="notice_formal")

    assert world.deliver() == "sent"

    (message,) = world.provider.got
    ((name, media_type, body),) = message.files
    assert (name, media_type) == ("estado-de-cuenta-2026-11-24.pdf", "application/pdf")
    assert body.startswith(b"%PDF-")
    assert world.attempt().content.attachments == (name,)


def test_a_debtor_is_written_to_in_the_language_they_wrote_in(world):
    said = an_attempt(
        "att_in",
        state=AttemptState.RECEIVED,
        direction=Direction.IN,
        content=Content(to="+525512345678", text="how much do I owe?", language="en"),
    )
    world.do(lambda d: d.receive(said))
    world.plan()

    assert world.deliver() == "sent"
    assert world.attempt().content.language == "en"


def test_what_a_person_noted_of_the_language_counts_before_what_was_written(world):
    world.do(lambda d: d.set_language("pt"))
    world.plan()

    assert world.deliver() == "sent"

    content = world.attempt().content
    assert (content.language, content.text.startswith("La Esquina: ")) == ("pt", True)
    assert "venceu" in content.text


def test_the_statement_is_kept_as_it_went_before_it_goes(world):
    world.plan(channel=Channel.EMAIL, template_id="notice_formal")
    kept = {}

    def keep(key, body, media_type):
        assert world.provider.got == [], "first kept, then sent"
        kept[key] = (media_type, body)

    assert world.deliver(keep=keep) == "sent"

    ((name, _, body),) = world.provider.got[0].files
    digest = hashlib.sha256(body).hexdigest()
    assert kept == {f"sent/{world.case_id}/att_1/{digest}.pdf": ("application/pdf", body)}
    (sealed,) = [e.facts["files"] for e in world.file.events if e.kind == "attempt.reserved"]
    assert sealed == [{"name": name, "sha256": digest}]


def test_what_cannot_be_kept_does_not_go_yet(world):
    world.plan(channel=Channel.EMAIL, template_id="notice_formal")

    def no_bucket(*_):
        raise OSError

    assert world.deliver(keep=no_bucket) == "retried"
    assert (world.provider.got, len(world.problems)) == ([], 1)
    assert world.deliver(now=NOON + timedelta(hours=1)) == "sent"


def test_a_whatsapp_answer_window_needs_no_approved_template(world):
    phone = next(c for c in world.file.contacts if c.kind is ContactKind.PHONE).contact_id
    world.plan(channel=Channel.WHATSAPP)
    heard = an_attempt(
        "in", channel=Channel.WHATSAPP, contact_id=phone, created_at=NOON - timedelta(hours=2),
        state=AttemptState.RECEIVED, direction=Direction.IN, not_before=None,
    )  # fmt: skip

    world.deliver()
    assert world.provider.got[-1].template_name == world.attempt().template_id

    other = World()
    other.do(lambda d: d.receive(heard))
    other.plan(channel=Channel.WHATSAPP)
    other.deliver()
    assert (other.provider.got[-1].template_name, other.provider.got[-1].template_values) == (
        "", (),
    )  # fmt: skip


def test_a_letter_is_addressed_so_that_the_post_finds_it():
    world, shelf = World(), MemoryShelf()
    world.do(
        lambda d: d.put_address(
            Address(address_id="", lines="Av. Juárez 20", city="Puebla", postal_code="72000")
        )
    )
    world.plan(channel=Channel.LETTER)
    printer = LetterSender(shelf, now=lambda: NOON, zone=lambda _: "UTC")
    world.provider.send = lambda message: (
        world.provider.got.append(message) or printer.send(message)
    )

    assert world.deliver() == "sent"

    (letter,) = world.provider.got
    assert letter.content.to.splitlines() == ["José Pérez Ñandú", "Av. Juárez 20", "72000 Puebla"]
    assert letter.sender.splitlines()[0] == world.portfolio.creditor
    (pages,) = [key for key in shelf.objects if key.endswith(".pdf")]
    assert pages == f"letters/{world.portfolio.portfolio_id}/2026-11-24/att_1.pdf"
