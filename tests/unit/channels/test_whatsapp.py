import json
from datetime import UTC, datetime

import pytest
from botocore.stub import ANY

from chalicelib.channels.whatsapp import WhatsAppSender, payload
from chalicelib.channels.whatsapp_media import WhatsAppMedia
from chalicelib.domain.contact import Channel, Inbound, NotSent
from tests.unit.channels.conftest import a_message

NUMBERS = {"*": "phone-number-id-1"}
THREE = (("owe", "¿Cuánto debo?"), ("pay", "Pagar"), ("human", "Una persona"))


def a_chat(**values):
    return a_message(Channel.WHATSAPP, **values)


def test_a_text_carries_its_reference(stubbed, shelf):
    client, stub = stubbed("socialmessaging")
    sent = {}
    stub.add_response("send_whatsapp_message", {"messageId": "wa-1"}, {
        "originationPhoneNumberId": "phone-number-id-1", "message": ANY, "metaApiVersion": "v23.0",
    })  # fmt: skip
    client.meta.events.register(
        "provide-client-params.*.SendWhatsAppMessage", lambda params, **_: sent.update(params)
    )

    sender = WhatsAppSender(client, numbers=NUMBERS, shelf=shelf, bucket="exports")
    receipt = sender.send(a_chat(text="Hola"))

    assert (receipt.provider, receipt.provider_id) == ("whatsapp", "wa-1")
    assert json.loads(sent["message"]) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+525512345678",
        "biz_opaque_callback_data": "cas_1:att_1",
        "type": "text",
        "text": {"body": "Hola", "preview_url": False},
    }


def test_a_template_gets_its_values_in_order_and_its_buttons_their_codes():
    body = payload(
        a_chat(
            template_name="recordatorio_amable",
            template_values=("Rosa", "$ 1,200.00\n(mil\tdoscientos)", ""),
            language="pt",
            buttons=THREE[:2],
        )
    )

    assert body["template"] == {
        "name": "recordatorio_amable",
        "language": {"code": "pt_BR"},
        "components": [
            {"type": "body", "parameters": [
                {"type": "text", "text": "Rosa"},
                {"type": "text", "text": "$ 1,200.00 (mil doscientos)"},
                {"type": "text", "text": "-"},
            ]},
            {"type": "button", "sub_type": "quick_reply", "index": "0",
             "parameters": [{"type": "payload", "payload": "owe"}]},
            {"type": "button", "sub_type": "quick_reply", "index": "1",
             "parameters": [{"type": "payload", "payload": "pay"}]},
        ],
    }  # fmt: skip


def test_up_to_three_choices_are_buttons():
    body = payload(a_chat(text="¿Qué desea?", buttons=THREE))["interactive"]

    assert body["type"] == "button"
    assert [b["reply"]["id"] for b in body["action"]["buttons"]] == ["owe", "pay", "human"]


@pytest.mark.parametrize("buttons", [
    tuple((f"c{n}", f"Opción {n}") for n in range(10)),
    (("a", "Quiero hablar con una persona ya"),),
])  # fmt: skip
def test_more_or_longer_choices_are_a_list(buttons):
    body = payload(a_chat(text="¿Qué desea?", buttons=buttons))["interactive"]

    rows = body["action"]["sections"][0]["rows"]
    assert (body["type"], body["action"]["button"]) == ("list", "Ver opciones")
    assert [row["id"] for row in rows] == [code for code, _ in buttons]
    assert all(len(row["title"]) <= 24 for row in rows)


@pytest.mark.parametrize("change", [
    {"text": ""}, {"text": "x" * 4097}, {"text": "x" * 1025, "buttons": THREE},
    {"text": "¿?", "buttons": tuple((str(n), str(n)) for n in range(11))},
])  # fmt: skip
def test_what_meta_would_refuse_is_not_tried(change):
    with pytest.raises(NotSent) as refusal:
        payload(a_chat(**change))

    assert refusal.value.code == "rejected"


def test_a_file_is_handed_over_first(stubbed, shelf):
    client, stub = stubbed("socialmessaging")
    stub.add_response("post_whatsapp_message_media", {"mediaId": "99"}, {
        "originationPhoneNumberId": "phone-number-id-1",
        "sourceS3File": {"bucketName": "exports", "key": "whatsapp/att_1/estado.pdf"},
    })  # fmt: skip
    sent = {}
    stub.add_response("send_whatsapp_message", {"messageId": "wa-2"})
    client.meta.events.register(
        "provide-client-params.*.SendWhatsAppMessage", lambda params, **_: sent.update(params)
    )

    WhatsAppSender(client, numbers=NUMBERS, shelf=shelf, bucket="exports").send(
        a_chat(text="Su estado", files=(("estado.pdf", "application/pdf", b"%PDF"),))
    )

    assert shelf.objects == {"whatsapp/att_1/estado.pdf": ("application/pdf", b"%PDF")}
    assert json.loads(sent["message"])["document"] == {
        "id": "99", "filename": "estado.pdf", "caption": "Su estado",
    }  # fmt: skip


@pytest.mark.parametrize(("error", "words", "expected"), [
    ("ThrottledRequestException", "", ("throttled", True)),
    ("ResourceNotFoundException", "", ("sender_missing", False)),
    ("AccessDeniedByMetaException", "", ("sender_missing", False)),
    ("InvalidParametersException", "132001 Template name", ("template_missing", False)),
    ("InvalidParametersException", "131047 re-engagement message", ("window_closed", False)),
    ("ValidationException", "message", ("rejected", False)),
])  # fmt: skip
def test_refusals_have_codes(stubbed, shelf, error, words, expected):
    client, stub = stubbed("socialmessaging")
    stub.add_client_error("send_whatsapp_message", error, words)

    with pytest.raises(NotSent) as refusal:
        WhatsAppSender(client, numbers=NUMBERS, shelf=shelf, bucket="b").send(a_chat())

    assert (refusal.value.code, refusal.value.retry) == expected


def test_metas_own_trouble_leaves_it_open(stubbed, shelf):
    client, stub = stubbed("socialmessaging")
    stub.add_client_error("send_whatsapp_message", "DependencyException", http_status_code=502)

    with pytest.raises(client.exceptions.DependencyException):
        WhatsAppSender(client, numbers=NUMBERS, shelf=shelf, bucket="b").send(a_chat())


def a_photo(**extras):
    return Inbound(
        provider="whatsapp", provider_id="wamid.1", channel=Channel.WHATSAPP,
        sender="+525512345678", recipient="+525500000000", at=datetime(2026, 11, 22, tzinfo=UTC),
        media=(("image/jpeg", "77"),), extras=extras,
    )  # fmt: skip


def test_a_photo_is_kept_as_proof_under_our_own_key(stubbed):
    client, stub = stubbed("socialmessaging")
    s3, listed = stubbed("s3")
    stub.add_response("get_whatsapp_message_media", {"mimeType": "image/jpeg", "fileSize": 3}, {
        "mediaId": "77", "originationPhoneNumberId": "phone-number-id-2",
        "destinationS3File": {"bucketName": "evidence", "key": "inbound/wamid.1/"},
    })  # fmt: skip
    listed.add_response("list_objects_v2", {"Contents": [{"Key": "inbound/wamid.1/77.jpeg"}]}, {
        "Bucket": "evidence", "Prefix": "inbound/wamid.1/77", "MaxKeys": 1,
    })  # fmt: skip

    media = WhatsAppMedia(client, s3, bucket="evidence", number_id="phone-number-id-1")
    said = media.fetched(a_photo(number_id="phone-number-id-2"))

    assert said.media == (("image/jpeg", "inbound/wamid.1/77.jpeg"),)


def test_a_photo_that_meta_no_longer_has_does_not_silence_the_words(stubbed):
    client, stub = stubbed("socialmessaging")
    stub.add_client_error("get_whatsapp_message_media", "ResourceNotFoundException")

    said = WhatsAppMedia(client, None, bucket="evidence", number_id="phone-number-id-1").fetched(
        a_photo()
    )

    assert (said.media, said.extras) == ((), {"media_lost": "1"})
