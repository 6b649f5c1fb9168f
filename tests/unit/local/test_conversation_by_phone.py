"""
A debtor with a phone, the laptop's WhatsApp, and the bot: everything between them in its own words.

The bot's answers go out by the real adapter, the phone shows them, the debtor taps or writes, and
what the provider publishes is read by the real parser.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contact import Channel, ChannelEvent, ConsentState, HoldReason, Inbound
from chalicelib.services import channel_events, conversations
from tests.builders import NOW, TODAY
from tests.conversation_fakes import ANA
from tests.unit.local.test_providers import post, sender, shown
from tests.unit.local.test_providers import provider as provider  # noqa: PLC0414 (a fixture)
from tests.unit.services.chat import World

OURS = "+525500000000"


class Phone:
    """The debtor's phone, and the product at the other end."""

    def __init__(self, provider, channel=Channel.WHATSAPP):
        self.world, self._provider, self._channel = World(), provider, channel
        self.case_id = self.world.debtor()
        adapter = sender(provider, channel)
        self.world.means = replace(
            self.world.means,
            sender=lambda _: adapter,
            reached=lambda said: (self.world.portfolio,) if said.recipient == OURS else (),
        )
        self._read = 0

    @property
    def file(self):
        return self.world.cases.open(self.case_id)

    def writes(self, text, **values):
        """Write or tap; gives what the phone shows in answer."""
        before = len(shown(self._provider))
        post(self._provider, "answers", channel=self._channel.value, who=ANA, text=text, **values)
        self.hears()
        return [m for m in shown(self._provider)[before:] if m["direction"] == "out"]

    def hears(self):
        """Let the product hear whatever was published."""
        while told := self._provider.network.heard():
            for one in told:
                if isinstance(one, Inbound):
                    conversations.receive(one, means=self.world.means, now=NOW)
                elif isinstance(one, ChannelEvent):
                    channel_events.apply(
                        one, cases=self.world.cases, portfolios=self.world.means.portfolios, now=NOW
                    )


@pytest.fixture
def phone(provider):
    return Phone(provider)


def test_a_debtor_learns_what_is_owed_and_promises_to_pay(phone):
    (asked,) = phone.writes("Hola, ¿cuánto debo?")
    assert "RFC" in asked["text"]
    assert "1,000" not in asked["text"]
    (told,) = phone.writes("1GR8")
    assert "$1,000.00" in told["text"]

    (confirm,) = phone.writes("pago 300 el viernes")
    assert "$300.00" in confirm["text"]
    (done,) = phone.writes("Sí, confirmo", choice="yes")

    assert "Anotado" in done["text"]
    (promise,) = phone.file.promises
    assert (promise.amount_minor, promise.due_on) == (30_000, TODAY + timedelta(days=5))


def test_what_became_of_the_answers_is_on_the_case(phone):
    phone.writes("hola")

    (answer,) = [one for one in phone.file.attempts if one.direction.value == "out"]
    assert answer.state.value == "delivered"
    assert answer.delivered_at is not None


def test_a_receipt_by_photo_pauses_and_is_kept(phone):
    phone.writes("ya pagué", photo="data:image/png;base64,iVBORw0KGgo=")
    phone.writes("1GR8")

    (hold,) = phone.file.holds
    assert hold.reason is HoldReason.REPORTED_PAYMENT
    assert any(one.content.attachments for one in phone.file.attempts)


def test_one_tap_ends_it(phone):
    phone.writes("hola")
    (bye,) = phone.writes("No más mensajes", choice="stop")

    assert "ya no te escribirá" in bye["text"]
    (consent,) = phone.file.consents
    assert consent.state is ConsentState.REFUSED
    assert phone.writes("ok") == []


def test_by_sms_the_choices_are_numbers(provider):
    phone = Phone(provider, Channel.SMS)

    (asked,) = phone.writes("hola")
    assert "\n1. Hablar con alguien" in asked["text"]
    (handed,) = phone.writes("1")

    assert "una persona" in handed["text"]
