"""What our adapters hand to the laptop's providers comes back as what our parsers read."""

import json
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest
from botocore.config import Config

from chalicelib.channels import notifications
from chalicelib.channels.mail import MailSender
from chalicelib.channels.sms import SmsSender
from chalicelib.channels.voice import VoiceSender
from chalicelib.channels.whatsapp import WhatsAppSender
from chalicelib.domain.contact import Channel, NotSent
from chalicelib.messages import ready
from chalicelib.messages.render import render
from chalicelib.messages.sample import sample
from local.providers.mailbox import Mailbox
from local.providers.network import Network
from local.providers.server import Providers
from tests.builders import TODAY, a_portfolio
from tests.unit.channels.conftest import MemoryShelf, a_message

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


class Wires(Network):
    """A network whose topics and buckets are lists, and whose clock stands."""

    def __init__(self, mailbox, config):
        super().__init__(None, mailbox, config)
        self.published, self.stored = [], {}
        self._cloud = self

    def now(self):
        return NOW

    def client(self, _):
        return self

    def publish(self, *, TopicArn, Message):  # noqa: N803 (boto3's names)
        self.published.append((TopicArn, Message))

    def put_object(self, *, Bucket, Key, Body, ContentType):  # noqa: N803
        self.stored[Bucket, Key] = Body

    def deliver(self, message):
        """At once, in the caller's thread."""
        from local.providers import sending

        for kind in sending.fate(message):
            self.tell(message, kind)

    def heard(self):
        """Everything published so far, as our own parsers read it."""
        found = [notifications.parse(body, received_at=NOW) for _, body in self.published]
        self.published.clear()
        return [e for told in found for e in (*told.events, *told.inbound, *told.aside)]


@pytest.fixture
def provider(tmp_path):
    config = tmp_path / "providers.json"
    topics = {name: f"arn:{name}" for name in ("mail", "sms", "whatsapp")}
    config.write_text(json.dumps({"topics": topics}))
    mailbox = Mailbox(tmp_path / "messages.jsonl")
    network = Wires(mailbox, config)
    server = Providers(0, mailbox, network)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield server
    server.shutdown()
    server.server_close()


def client(provider, service):
    return boto3.client(
        service,
        endpoint_url=provider.url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": 1}),
    )


def sender(provider, channel):
    everyone = {"*": "+525500000000"}
    match channel:
        case Channel.EMAIL:
            return MailSender(client(provider, "sesv2"), sender="c@esquina.example")
        case Channel.SMS:
            return SmsSender(client(provider, "pinpoint-sms-voice-v2"), senders=everyone)
        case Channel.CALL:
            return VoiceSender(client(provider, "pinpoint-sms-voice-v2"), senders=everyone)
    return WhatsAppSender(
        client(provider, "socialmessaging"),
        numbers={"*": "phone-number-id-local"},
        shelf=MemoryShelf(),
        bucket="b",
    )


def post(provider, what, **body):
    request = urllib.request.Request(f"{provider.url}/simulador/{what}", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def shown(provider):
    with urllib.request.urlopen(f"{provider.url}/simulador/messages.json?since=0") as answer:
        return json.load(answer)["messages"]


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.CALL, Channel.WHATSAPP])
def test_what_is_sent_is_shown_and_told_of(provider, channel):
    to = "rosa@correo.example" if channel is Channel.EMAIL else "+525512345678"

    receipt = sender(provider, channel).send(a_message(channel, to=to, subject="Su cuota"))

    told = provider.network.heard()
    assert [(e.kind, e.reference) for e in told] == [
        ("sent", "cas_1:att_1"), ("delivered", "cas_1:att_1"),
    ]  # fmt: skip
    assert {e.provider for e in told} == {receipt.provider}
    (message,) = shown(provider)
    assert (message["channel"], message["who"], message["state"]) == (
        channel.value, to, "delivered",
    )  # fmt: skip


@pytest.mark.parametrize(("channel", "to", "kinds"), [
    (Channel.SMS, "+525512340000", ["sent", "bounced"]),
    (Channel.WHATSAPP, "+525512340000", ["sent", "bounced"]),
    (Channel.SMS, "+525512340001", ["sent", "failed"]),
    (Channel.SMS, "+525512340002", ["sent", "opted_out"]),
    (Channel.EMAIL, "bounce@simulator.example", ["sent", "bounced"]),
    (Channel.EMAIL, "complaint@simulator.example", ["sent", "delivered", "complained"]),
])  # fmt: skip
def test_some_numbers_and_addresses_have_a_fate(provider, channel, to, kinds):
    sender(provider, channel).send(a_message(channel, to=to))

    assert [e.kind for e in provider.network.heard()] == kinds


@pytest.mark.parametrize(("channel", "code"), [
    (Channel.SMS, "invalid_recipient"), (Channel.WHATSAPP, "rejected"),
])  # fmt: skip
def test_some_are_refused_at_once(provider, channel, code):
    with pytest.raises(NotSent) as refusal:
        sender(provider, channel).send(a_message(channel, to="+525512340009"))

    assert refusal.value.code == code
    assert shown(provider) == []


def test_an_answer_by_button_and_by_words_comes_in(provider):
    buttons = (("pay", "Pagar"), ("stop", "Baja"))
    sender(provider, Channel.WHATSAPP).send(a_message(Channel.WHATSAPP, buttons=buttons))
    (message,) = shown(provider)
    provider.network.heard()

    post(provider, "answers", channel="whatsapp", who="+525512345678", text="Pagar", choice="pay",
         quoted=f"wamid.{message['id']}")  # fmt: skip
    post(provider, "answers", channel="sms", who="+525512345678", text="BAJA")

    tapped, said = provider.network.heard()
    assert (tapped.channel, tapped.choice, tapped.sender) == (
        Channel.WHATSAPP, "pay", "+525512345678",
    )  # fmt: skip
    assert tapped.quoted_id == f"wamid.{message['id']}"
    assert (said.channel, said.text, said.recipient) == (Channel.SMS, "BAJA", "+525500000000")
    assert [m["direction"] for m in shown(provider)] == ["out", "in", "in"]


def test_a_photo_can_be_fetched_into_a_bucket(provider):
    post(provider, "answers", channel="whatsapp", who="+525512345678", text="Ya pagué",
         photo="data:image/png;base64,iVBORw0KGgo=")  # fmt: skip
    (said,) = provider.network.heard()
    ((media_type, media_id),) = said.media

    answer = client(provider, "socialmessaging").get_whatsapp_message_media(
        mediaId=media_id,
        originationPhoneNumberId="phone-number-id-local",
        destinationS3File={"bucketName": "evidence", "key": "inbound/x/"},
    )

    assert (media_type, answer["mimeType"], answer["fileSize"]) == ("image/png", "image/png", 8)
    assert provider.network.stored == {
        ("evidence", f"inbound/x/{media_id}.png"): b"\x89PNG\r\n\x1a\n"
    }


def test_what_happens_to_a_message_can_be_chosen(provider):
    sender(provider, Channel.SMS).send(a_message())
    (message,) = shown(provider)
    provider.network.heard()

    post(provider, "events", id=message["id"], kind="bounced")

    assert [(e.kind, e.code) for e in provider.network.heard()] == [
        ("bounced", "invalid_recipient")
    ]
    assert shown(provider)[0]["state"] == "bounced"


def test_free_text_outside_the_window_is_marked(provider):
    send = sender(provider, Channel.WHATSAPP).send
    send(a_message(Channel.WHATSAPP))
    post(provider, "answers", channel="whatsapp", who="+525512345678", text="Hola")
    send(a_message(Channel.WHATSAPP))
    send(a_message(Channel.WHATSAPP, to="+525599999999", template_name="aviso"))

    ours = [m for m in shown(provider) if m["direction"] == "out"]

    assert [m.get("outside_window") for m in ours] == [True, False, None]


def test_an_approved_text_is_shown_as_the_debtor_would_read_it(provider):
    text = ready.texts()["reminder_firm", Channel.WHATSAPP, "es"]
    written = render(text, sample(a_portfolio(), language="es", today=TODAY))
    outgoing = a_message(
        Channel.WHATSAPP,
        template_name=written.template_name,
        template_values=written.template_values,
    )
    sender(provider, Channel.WHATSAPP).send(
        replace(outgoing, content=replace(outgoing.content, buttons=written.buttons))
    )

    (message,) = shown(provider)

    assert message["text"] == written.text
    assert [button["title"] for button in message["buttons"]] == [
        title for _, title in written.buttons
    ]


def test_a_restart_shows_what_was_there(tmp_path):
    first = Mailbox(tmp_path / "m.jsonl")
    first.put(
        {"id": "1", "channel": "sms", "direction": "out", "who": "+5", "at": "a", "text": "x"}
    )
    first.put({"id": "1", "state": "delivered"})

    again, _ = Mailbox(tmp_path / "m.jsonl").since(0)

    assert [(m["text"], m["state"]) for m in again] == [("x", "delivered")]


@pytest.mark.parametrize("path", ["/simulador/", "/simulador/simulator.js"])
def test_the_pages_are_there_and_nothing_else_is(provider, path):
    with urllib.request.urlopen(provider.url + path) as page:
        assert page.status == 200
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{provider.url}/simulador/../server.py")
