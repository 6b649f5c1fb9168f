import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.channels.sms import SmsSender
from chalicelib.channels.voice import VoiceSender, ssml
from chalicelib.domain.contact import Channel, NotSent
from tests.unit.channels.conftest import a_message

SERVICE = "pinpoint-sms-voice-v2"
SENDERS = {"MX": "+525500000000", "*": "pool-1"}


def test_an_sms_goes_from_the_countrys_number_and_counts_its_segments(stubbed):
    client, stub = stubbed(SERVICE)
    stub.add_response(
        "send_text_message",
        {"MessageId": "sms-1"},
        {
            "DestinationPhoneNumber": "+525512345678",
            "OriginationIdentity": "+525500000000",
            "MessageBody": "á" * 71,
            "MessageType": "TRANSACTIONAL",
            "Context": {"reference": "cas_1:att_1"},
            "ConfigurationSetName": "recobro-sms",
        },
    )

    sender = SmsSender(client, senders=SENDERS, configuration_set="recobro-sms")
    receipt = sender.send(a_message(text="á" * 71))

    assert (receipt.provider, receipt.provider_id, receipt.units) == ("aws-sms", "sms-1", 2)


def test_other_countries_share_a_pool_and_a_portfolio_may_have_its_own(stubbed):
    client, stub = stubbed(SERVICE)
    for identity in ("pool-1", "ESQUINA"):
        stub.add_response("send_text_message", {"MessageId": "m"}, {
            "DestinationPhoneNumber": "+525512345678", "OriginationIdentity": identity,
            "MessageBody": "Su cuota vence manana", "MessageType": "TRANSACTIONAL",
            "Context": {"reference": "cas_1:att_1"},
        })  # fmt: skip

    SmsSender(client, senders=SENDERS).send(a_message(country="CO"))
    SmsSender(client, senders=SENDERS).send(a_message(sender="ESQUINA"))

    stub.assert_no_pending_responses()


@pytest.mark.parametrize(("error", "answer", "code", "retry"), [
    ("ThrottlingException", {}, "throttled", True),
    ("ServiceQuotaExceededException", {"Reason": "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"},
     "throttled", True),
    ("ConflictException", {"Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}, "opted_out", False),
    ("ValidationException", {"Reason": "INVALID_PARAMETER",
     "Fields": [{"Name": "DestinationPhoneNumber", "Message": "bad"}]}, "invalid_recipient", False),
    ("ValidationException", {"Reason": "SENDER_ID_NOT_REGISTERED"}, "sender_missing", False),
    ("ValidationException", {"Reason": "PRICE_OVER_THRESHOLD"}, "rejected", False),
    ("ResourceNotFoundException", {}, "sender_missing", False),
])  # fmt: skip
def test_refusals_have_codes(stubbed, error, answer, code, retry):
    client, stub = stubbed(SERVICE)
    stub.add_client_error(
        "send_text_message", service_error_code=error, modeled_fields=answer or None
    )

    with pytest.raises(NotSent) as refusal:
        SmsSender(client, senders=SENDERS).send(a_message())

    assert (refusal.value.code, refusal.value.retry) == (code, retry)


def test_a_provider_out_of_reach_may_be_tried_again():
    class Away:
        def send_text_message(self, **_):
            raise EndpointConnectionError(endpoint_url="https://sms-voice.example")

    with pytest.raises(NotSent) as refusal:
        SmsSender(Away(), senders=SENDERS).send(a_message())

    assert (refusal.value.code, refusal.value.retry) == ("unavailable", True)


@pytest.mark.parametrize(("change", "senders", "code"), [
    ({"text": " "}, SENDERS, "rejected"),
    ({"text": "x" * 1601}, SENDERS, "rejected"),
    ({"country": "CO"}, {"MX": "+52"}, "sender_missing"),
])  # fmt: skip
def test_what_cannot_go_is_not_tried(change, senders, code):
    with pytest.raises(NotSent) as refusal:
        SmsSender(None, senders=senders).send(a_message(**change))

    assert refusal.value.code == code


def test_a_voice_message_is_read_in_the_debtors_language(stubbed):
    client, stub = stubbed(SERVICE)
    stub.add_response("send_voice_message", {"MessageId": "call-1"}, {
        "DestinationPhoneNumber": "+525512345678", "OriginationIdentity": "+525500000000",
        "MessageBody": '<speak><prosody rate="95%"><p><s>Hola.</s></p></prosody></speak>',
        "MessageBodyTextType": "SSML", "VoiceId": "MIA", "Context": {"reference": "cas_1:att_1"},
    })  # fmt: skip

    receipt = VoiceSender(client, senders=SENDERS).send(a_message(Channel.CALL, text="Hola."))

    assert (receipt.provider, receipt.provider_id, receipt.units) == ("aws-voice", "call-1", 1)


def test_speech_is_well_formed_whatever_was_written():
    from xml.etree import ElementTree

    text = 'Ropa & Hogar <Sur> dice: "pague".\n\nFolio 0012345. Adiós'
    spoken = ElementTree.fromstring(ssml(text))  # noqa: S314 (our own)

    assert [p.tag for p in spoken.iter("p")] == ["p", "p"]
    assert "".join(spoken.itertext()) == 'Ropa & Hogar <Sur> dice: "pague".Folio 0012345.Adiós'
    assert [d.text for d in spoken.iter("say-as")] == ["0012345"]


def test_a_text_that_is_speech_already_is_read_as_it_is():
    marked = '<speak><p>Hola.</p><break time="1s"/></speak>'

    assert ssml(marked) == marked


def test_amounts_are_not_read_digit_by_digit():
    assert "say-as" not in ssml("Debe $12345.00, o sea 12,345 pesos.")
