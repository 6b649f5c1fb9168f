"""The calls of AWS that hand a message over, as the product makes them; what is kept of each."""

import base64
import email
import email.policy
import json
import re
import uuid
from email.message import EmailMessage
from typing import Any

from chalicelib.domain.contact import Channel
from chalicelib.messages import engine, ready

Message = dict[str, Any]
Json = dict[str, Any]

# Numbers and addresses with a fate of their own, so that any of it can be tried.
REFUSED_AT_ONCE = "0009"
FATES = {"0000": "bounced", "0001": "failed", "0002": "opted_out"}
MAIL_FATES = {"bounce": "bounced", "complaint": "complained", "ooto": "delivered"}


class Refused(Exception):
    """What AWS would refuse: an error's name, its reason and the HTTP status."""

    def __init__(self, name: str, reason: str = "", status: int = 400) -> None:
        super().__init__(name)
        self.name, self.reason, self.status = name, reason, status


def call(path: str, target: str, body: Json) -> tuple[Message | None, Json]:
    """
    Answer a call.

    Returns:
        The message to keep, if it was one, and the answer.

    Raises:
        Refused: As AWS would.
        LookupError: No such call here.
    """
    match path, target.rpartition(".")[2]:
        case "/v2/email/outbound-emails", _:
            message = _mail(body)
            return message, {"MessageId": message["id"]}
        case "/v1/whatsapp/send", _:
            message = _whatsapp(body)
            return message, {"messageId": message["id"]}
        case "/v1/whatsapp/media", _:
            return None, {"mediaId": uuid.uuid4().hex}
        case "/", "SendTextMessage":
            message = _phone("sms", body)
            return message, {"MessageId": message["id"]}
        case "/", "SendVoiceMessage":
            message = _phone("call", body) | {"voice": body.get("VoiceId", "")}
            return message, {"MessageId": message["id"]}
    raise LookupError(path)


def fate(message: Message) -> list[str]:
    """Say what becomes of a message, in order: what a network would tell of it."""
    who = message["who"]
    if message["channel"] == "email":
        local, _, domain = who.partition("@")
        special = MAIL_FATES.get(local.partition("+")[0]) if "simulator" in domain else None
        if special == "complained":
            return ["sent", "delivered", special]
        return ["sent", special or "delivered"]
    special = FATES.get(who[-4:])
    return ["sent", special] if special else ["sent", "delivered"]


def _phone(channel: str, body: Json) -> Message:
    who = str(body.get("DestinationPhoneNumber", ""))
    if not re.fullmatch(r"\+?[1-9][0-9]{6,14}", who) or who.endswith(REFUSED_AT_ONCE):
        raise Refused("ValidationException", "CANNOT_PARSE")
    return {
        "id": str(uuid.uuid4()),
        "channel": channel,
        "direction": "out",
        "who": who if who.startswith("+") else f"+{who}",
        "ours": body.get("OriginationIdentity", ""),
        "text": body.get("MessageBody", ""),
        "reference": body.get("Context", {}).get("reference", ""),
    }


def _whatsapp(body: Json) -> Message:
    inner = json.loads(base64.b64decode(body["message"]))
    who = str(inner.get("to", ""))
    if inner.get("messaging_product") != "whatsapp" or not who:
        raise Refused("InvalidParametersException")
    if who.endswith(REFUSED_AT_ONCE):
        raise Refused("ValidationException")
    return {
        "id": str(uuid.uuid4()),
        "channel": "whatsapp",
        "direction": "out",
        "who": who if who.startswith("+") else f"+{who}",
        "ours": body["originationPhoneNumberId"],
        "reference": inner.get("biz_opaque_callback_data", ""),
    } | _said(inner)


def _said(inner: Json) -> Json:
    match inner.get("type"):
        case "text":
            return {"text": inner["text"]["body"]}
        case "interactive":
            box = inner["interactive"]
            action = box["action"]
            buttons = [
                {"code": b["reply"]["id"], "title": b["reply"]["title"]}
                for b in action.get("buttons", [])
            ]
            rows = [
                {"code": row["id"], "title": row["title"]}
                for section in action.get("sections", [])
                for row in section["rows"]
            ]
            return {"text": box["body"]["text"], "buttons": buttons or rows, "list": bool(rows)}
        case "template":
            return _template(inner["template"])
        case "document":
            document = inner["document"]
            return {"text": document.get("caption", ""), "files": [document.get("filename", "")]}
    raise Refused("InvalidParametersException")


def _template(template: Json) -> Json:
    parts = template.get("components", [])
    values = [p["text"] for part in parts if part["type"] == "body" for p in part["parameters"]]
    buttons = [
        {"code": part["parameters"][0]["payload"], "title": part["parameters"][0]["payload"]}
        for part in parts
        if part["type"] == "button"
    ]
    language = template["language"]["code"]
    # The stand-in knows the texts that come with the product as approved; of others, the values.
    known = ready.texts().get((template["name"], Channel.WHATSAPP, language[:2]))
    titles = dict(known.buttons) if known else {}
    for button in buttons:
        button["title"] = titles.get(button["code"], button["title"])
    return {
        "text": engine.filled(known.body, values) if known else "\n".join(values),
        "template": f"{template['name']} ({language})",
        "buttons": buttons,
    }


def _mail(body: Json) -> Message:
    raw = base64.b64decode(body["Content"]["Raw"]["Data"])
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    if not isinstance(mail, EmailMessage):
        raise Refused("BadRequestException")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return {
        "id": f"{uuid.uuid4()}",
        "channel": "email",
        "direction": "out",
        "who": body["Destination"]["ToAddresses"][0].lower(),
        "ours": body.get("FromEmailAddress", ""),
        "subject": str(mail["Subject"] or ""),
        "text": plain.get_content() if plain else "",
        "html": html.get_content() if html else "",
        "files": [part.get_filename() or "" for part in mail.iter_attachments()],
        "unsubscribe": str(mail["List-Unsubscribe"] or "").strip("<>"),
        "tags": {tag["Name"]: tag["Value"] for tag in body.get("EmailTags", [])},
        "reference": ":".join(tag["Value"] for tag in body.get("EmailTags", [])),
    }
