import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.channels import notifications, whatsapp_updates
from chalicelib.channels.parsed import Parsed
from chalicelib.domain.contact import Channel
from tests.shared import SHARED, needs_shared

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
# Recorded updates of which nothing reaches a case, and why.
ASIDE = {
    "account_update": "account_update.",
    "template_category_update": "template_category.marketing",
    "message_template_status_update": "template_status.approved",
    "message_template_quality_update": "template_quality.yellow",
    "user_preferences": "preference.",
}


def read(body, **values) -> Parsed:
    return notifications.parse(json.dumps(body), received_at=NOW, **values)


def recorded(name):
    lines = (SHARED / "data/webhooks" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@needs_shared
def test_every_recorded_whatsapp_update_is_read_or_left_aside_for_a_reason():
    wrong = []
    updates = recorded("whatsapp_cloud_api.jsonl")
    for update in updates:
        found, expected = read(update["payload"]), update["expected"]
        match expected["kind"]:
            case "message":
                said = found.inbound
                right = len(said) == 1 and said[0].provider_id == expected["wamid"]
                right = right and said[0].sender == f"+{expected['from']}"
                right = right and (expected["text"] is None or said[0].text == expected["text"])
            case "status":
                told = found.events
                right = len(told) == 1 and told[0].kind == expected["status"]
                right = right and told[0].provider_id == expected["wamid"]
            case "smb_message_echoes":  # of one the numbers are placeholders
                right = [s.extras["kind"] for s in found.inbound] == ["echo"] or [
                    a.reason for a in found.aside
                ] == ["unreadable_number"]
            case kind:
                right = len(found.aside) == 1 and found.aside[0].reason.startswith(ASIDE[kind])
        if not right:
            wrong.append(update["id"])

    assert len(updates) == 50
    assert wrong == []


@needs_shared
def test_what_aws_wraps_is_read_like_what_meta_sends():
    text, status = [
        notifications.parse_lambda_event(event["lambda_event"], received_at=NOW)
        for event in recorded("aws_eum_social.jsonl")
    ]

    (said,) = text.inbound
    assert (said.sender, said.recipient, said.text, said.name) == (
        "+14255550150", "+12065550100", "Hi", "Diego",
    )  # fmt: skip
    assert said.extras["number_id"] == "phone-number-id-976c72a700aac43eaf573ae050example"
    assert [(e.kind, e.provider_id[-7:]) for e in status.events] == [("sent", "example")]


def a_status(**values):
    status = {"id": "wamid.1", "timestamp": "1763834400", "recipient_id": "5215512345678"} | values
    change = {"field": "messages", "value": {"statuses": [status]}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


@pytest.mark.parametrize(("number", "kind", "code"), [
    (131026, "bounced", "invalid_recipient"),
    (131047, "failed", "window_closed"),
    (131050, "opted_out", "opted_out"),
    (132001, "failed", "template_missing"),
    (130472, "failed", "whatsapp.130472"),
])  # fmt: skip
def test_metas_errors_say_what_to_do_next(number, kind, code):
    (event,) = read(a_status(status="failed", errors=[{"code": number}])).events

    assert (event.kind, event.code) == (kind, code)


def test_the_reference_comes_back():
    (event,) = read(a_status(status="read", biz_opaque_callback_data="cas_1:att_1")).events

    assert (event.reference, event.at) == ("cas_1:att_1", datetime.fromtimestamp(1763834400, UTC))


def an_update(message, **value):
    base = {"metadata": {"display_phone_number": "525500000000", "phone_number_id": "9"}}
    change = {"field": "messages", "value": base | value | {"messages": [message]}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


def test_a_stop_set_in_whatsapp_itself_stops_us():
    value = {
        "user_preferences": [
            {
                "wa_id": "5215512345678",
                "value": "stop",
                "category": "marketing_messages",
                "timestamp": 1763834400,
            }
        ]
    }
    change = {"field": "user_preferences", "value": value}

    (said,) = read(
        {"object": "whatsapp_business_account", "entry": [{"changes": [change]}]}
    ).inbound  # fmt: skip

    assert (said.sender, said.choice) == ("+525512345678", "stop")


def test_a_photo_comes_with_what_fetches_it():
    (said,) = read(
        an_update({"from": "5215512345678", "id": "wamid.2", "timestamp": "1763834400",
                   "type": "image", "image": {"id": "77", "mime_type": "image/jpeg",
                                              "caption": "Ya pagué"}})
    ).inbound  # fmt: skip

    assert (said.text, said.media, said.recipient) == (
        "Ya pagué", (("image/jpeg", "77"),), "+525500000000",
    )  # fmt: skip


SES = {
    "mail": {
        "timestamp": "2026-11-22T18:00:00.000Z",
        "messageId": "ses-1",
        "tags": {"case": ["cas_1"], "attempt": ["att_1"], "ses:caller-identity": ["role"]},
    }
}


@pytest.mark.parametrize(("event", "kind", "code"), [
    ({"eventType": "Send"}, "sent", ""),
    ({"eventType": "Delivery", "delivery": {"timestamp": "2026-11-22T18:00:05Z"}}, "delivered", ""),
    ({"eventType": "Open", "open": {"timestamp": "2026-11-22T18:00:05Z"}}, "read", ""),
    ({"eventType": "Click", "click": {"timestamp": "2026-11-22T18:00:05Z"}}, "clicked", ""),
    ({"eventType": "Complaint", "complaint": {"timestamp": "2026-11-22T18:00:05Z"}},
     "complained", ""),
    ({"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType": "General",
      "timestamp": "2026-11-22T18:00:05Z"}}, "bounced", "invalid_recipient"),
    ({"eventType": "Bounce", "bounce": {"bounceType": "Transient", "bounceSubType": "MailboxFull",
      "timestamp": "2026-11-22T18:00:05Z"}}, "failed", "mail.mailboxfull"),
    ({"eventType": "Reject", "reject": {"reason": "Bad content"}}, "failed", "rejected"),
])  # fmt: skip
def test_ses_tells_what_became_of_a_mail(event, kind, code):
    (told,) = read(SES | event).events

    assert (told.kind, told.code, told.reference) == (kind, code, "cas_1:att_1")
    assert (told.provider, told.provider_id) == ("ses", "ses-1")


def test_a_delay_decides_nothing():
    assert [a.reason for a in read(SES | {"eventType": "DeliveryDelay"}).aside] == [
        "mail.DeliveryDelay"
    ]


SMS = {
    "eventType": "TEXT_DELIVERED",
    "eventTimestamp": 1763834400123,
    "messageId": "sms-1",
    "context": {"reference": "cas_1:att_1"},
}


@pytest.mark.parametrize(("name", "kind", "code", "provider"), [
    ("TEXT_SUCCESSFUL", "sent", "", "aws-sms"),
    ("TEXT_DELIVERED", "delivered", "", "aws-sms"),
    ("TEXT_INVALID", "bounced", "invalid_recipient", "aws-sms"),
    ("TEXT_CARRIER_BLOCKED", "failed", "blocked", "aws-sms"),
    ("VOICE_ANSWERED", "delivered", "", "aws-voice"),
    ("VOICE_NO_ANSWER", "failed", "unanswered", "aws-voice"),
])  # fmt: skip
def test_a_carriers_receipt_says_the_same_by_sns_and_by_eventbridge(name, kind, code, provider):
    receipt = SMS | {"eventType": name}
    by_eventbridge = {"detail-type": "Text Message Delivery Status Updated", "detail": receipt}

    (told,) = read(receipt).events

    assert (told.kind, told.code, told.provider) == (kind, code, provider)
    assert (told.provider_id, told.reference) == ("sms-1", "cas_1:att_1")
    assert read(by_eventbridge).events == (told,)


@pytest.mark.parametrize("name", ["TEXT_PENDING", "TEXT_QUEUED", "TEXT_UNKNOWN", "VOICE_RINGING"])
def test_what_is_under_way_or_unknown_decides_nothing(name):
    assert read(SMS | {"eventType": name}).events == ()


def test_an_opted_out_number_is_not_called_a_failure():
    blocked = {"eventType": "TEXT_BLOCKED", "messageStatusDescription": "Phone number is opted out"}

    assert [e.kind for e in read(SMS | blocked).events] == ["opted_out"]


def test_an_sms_comes_in_under_snss_time():
    body = {
        "originationNumber": "+525512345678", "destinationNumber": "+525500000000",
        "messageKeyword": "KEYWORD_X", "messageBody": "BAJA", "inboundMessageId": "in-1",
        "previousPublishedMessageId": "sms-1",
    }  # fmt: skip
    envelope = {
        "Type": "Notification", "TopicArn": "arn:aws:sns:us-east-1:1:t",
        "Timestamp": "2026-11-22T17:59:00.000Z", "Message": json.dumps(body),
    }  # fmt: skip

    (said,) = read(envelope).inbound

    assert (said.channel, said.sender, said.recipient) == (
        Channel.SMS, "+525512345678", "+525500000000",
    )  # fmt: skip
    assert (said.text, said.provider_id, said.quoted_id) == ("BAJA", "in-1", "sms-1")
    assert said.at == datetime(2026, 11, 22, 17, 59, tzinfo=UTC)


@pytest.mark.parametrize("body", [
    "", "[]", "null", "{}", '{"mail": 1}', '{"whatsAppWebhookEntry": "{"}',
    '{"inboundMessageId": "1"}', '{"object": "whatsapp_business_account", "entry": [{}]}',
    '{"eventType": "TEXT_DELIVERED", "eventTimestamp": "x", "messageId": "1"}',
    '{"object": "page", "entry": []}',
])  # fmt: skip
def test_nonsense_is_left_aside_and_comes_once(body):
    found = notifications.parse(body, received_at=NOW)

    assert (found.events, found.inbound, len(found.aside)) == ((), (), 1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["field", "value", "messages", "statuses", "id", "type", "timestamp"]),
        json_values,
    ),
    json_values,
)
def test_no_update_however_broken_raises(change, value):
    whatsapp_updates.parse_entry({"changes": [change | {"field": "messages", "value": {
        "messages": value, "statuses": value, "contacts": value, "metadata": value}}]})  # fmt: skip
    whatsapp_updates.parse_entry({"changes": [change]})
