"""What a real account would publish: SES, SMS, voice and WhatsApp events, word for word."""

import json
import uuid
from datetime import datetime
from typing import Any

Message = dict[str, Any]
Told = tuple[str, dict[str, Any]]  # topic (``mail``, ``sms``, ``whatsapp``) and its message

WHATSAPP_NUMBER = "525500000000"
PHONE_NUMBER_ID = "100000000000001"
WABA = "200000000000002"
SMS_KINDS = {"sent": "TEXT_SUCCESSFUL", "delivered": "TEXT_DELIVERED", "failed": "TEXT_UNREACHABLE",
             "bounced": "TEXT_INVALID", "opted_out": "TEXT_BLOCKED"}  # fmt: skip
VOICE_KINDS = {"sent": "VOICE_INITIATED", "delivered": "VOICE_ANSWERED", "read": "VOICE_COMPLETED",
               "failed": "VOICE_NO_ANSWER", "bounced": "VOICE_FAILED"}  # fmt: skip
MAIL_KINDS = {"sent": "Send", "delivered": "Delivery", "read": "Open", "clicked": "Click",
              "bounced": "Bounce", "failed": "Bounce", "complained": "Complaint"}  # fmt: skip
WHATSAPP_ERRORS = {"failed": (131000, "Something went wrong"),
                   "bounced": (131026, "Message undeliverable"),
                   "opted_out": (131050, "Recipient opted out")}  # fmt: skip


def became(message: Message, kind: str, at: datetime) -> Told | None:
    """Say what the provider tells when *kind* happens to a message; None when it tells nothing."""
    match message["channel"]:
        case "email":
            return ("mail", _mail(message, kind, at)) if kind in MAIL_KINDS else None
        case "sms":
            return ("sms", _receipt(message, SMS_KINDS[kind], at)) if kind in SMS_KINDS else None
        case "call":
            receipt = VOICE_KINDS.get(kind)
            return ("sms", _receipt(message, receipt, at)) if receipt else None
        case "whatsapp":
            return "whatsapp", _whatsapp({"statuses": [_status(message, kind, at)]}, at)
    return None


def written(answer: Message, at: datetime) -> Told:
    """Say what the provider tells when the debtor writes."""
    if answer["channel"] == "sms":
        return "sms", {
            "originationNumber": answer["who"],
            "destinationNumber": answer["ours"],
            "messageKeyword": "KEYWORD_525500000000",
            "messageBody": answer["text"],
            "inboundMessageId": answer["id"],
            "previousPublishedMessageId": answer.get("quoted", ""),
        }
    who = answer["who"].removeprefix("+")
    message: dict[str, Any] = {
        "from": who,
        "id": answer["id"],
        "timestamp": str(int(at.timestamp())),
    }
    if answer.get("quoted"):
        message["context"] = {"from": WHATSAPP_NUMBER, "id": answer["quoted"]}
    contact = {"profile": {"name": answer.get("name") or "Simulador"}, "wa_id": who}
    return "whatsapp", _whatsapp({"contacts": [contact], "messages": [message | _body(answer)]}, at)


def _body(answer: Message) -> dict[str, Any]:
    if answer.get("media"):
        media_type = answer["media"]["type"]
        kind = "image" if media_type.startswith("image/") else "document"
        image = {"id": answer["media"]["id"], "mime_type": media_type, "sha256": "c2ltdWxhZG9y"}
        return {"type": kind, kind: image | ({"caption": answer["text"]} if answer["text"] else {})}
    if answer.get("choice"):
        reply = {"id": answer["choice"], "title": answer["text"]}
        if answer.get("from_template"):
            return {"type": "button", "button": {"payload": reply["id"], "text": reply["title"]}}
        kind = "list_reply" if answer.get("from_list") else "button_reply"
        return {"type": "interactive", "interactive": {"type": kind, kind: reply}}
    return {"type": "text", "text": {"body": answer["text"]}}


def _status(message: Message, kind: str, at: datetime) -> dict[str, Any]:
    status: dict[str, Any] = {
        "id": f"wamid.{message['id']}",
        "status": "failed" if kind in WHATSAPP_ERRORS else kind,
        "timestamp": str(int(at.timestamp())),
        "recipient_id": message["who"].removeprefix("+"),
        "biz_opaque_callback_data": message.get("reference", ""),
    }
    if kind in WHATSAPP_ERRORS:
        code, title = WHATSAPP_ERRORS[kind]
        status["errors"] = [{"code": code, "title": title, "message": title}]
    return status


def _whatsapp(value: dict[str, Any], at: datetime) -> dict[str, Any]:
    """AWS passes on Meta's entry as a string inside its own message."""
    metadata = {"display_phone_number": WHATSAPP_NUMBER, "phone_number_id": PHONE_NUMBER_ID}
    value = {"messaging_product": "whatsapp", "metadata": metadata} | value
    entry = {"id": WABA, "changes": [{"value": value, "field": "messages"}]}
    arn = "arn:aws:social-messaging:us-east-1:000000000000"
    return {
        "context": {
            "MetaWabaIds": [{"wabaId": WABA, "arn": f"{arn}:waba/local"}],
            "MetaPhoneNumberIds": [
                {"metaPhoneNumberId": PHONE_NUMBER_ID, "arn": f"{arn}:phone-number-id/local"}
            ],
        },
        "whatsAppWebhookEntry": json.dumps(entry, ensure_ascii=False),
        "aws_account_id": "000000000000",
        "message_timestamp": at.isoformat(),
        "messageId": str(uuid.uuid4()),
    }


def _receipt(message: Message, name: str, at: datetime) -> dict[str, Any]:
    opted_out = {"messageStatusDescription": "Destination phone number is opted out"}
    return {
        "eventType": name,
        "eventVersion": "1.0",
        "eventTimestamp": int(at.timestamp() * 1000),
        "isFinal": True,
        "originationPhoneNumber": message["ours"],
        "destinationPhoneNumber": message["who"],
        "messageId": message["id"],
        "messageStatus": name.partition("_")[2],
        "context": {"reference": message.get("reference", "")},
    } | (opted_out if name == "TEXT_BLOCKED" else {})


def _mail(message: Message, kind: str, at: datetime) -> dict[str, Any]:
    name, stamp = MAIL_KINDS[kind], at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    about: dict[str, Any] = {"timestamp": stamp}
    if name == "Bounce":
        permanent = kind == "bounced"
        about |= {
            "bounceType": "Permanent" if permanent else "Transient",
            "bounceSubType": "General" if permanent else "MailboxFull",
        }
    mail = {
        "timestamp": stamp,
        "messageId": message["id"],
        "source": message["ours"],
        "destination": [message["who"]],
        "tags": {one: [value] for one, value in message.get("tags", {}).items()},
    }
    member = "open" if name == "Open" else name.lower()
    return {"eventType": name, "mail": mail, member: about}
