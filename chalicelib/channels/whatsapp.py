"""WhatsApp by AWS End User Messaging Social (``socialmessaging``): Meta's Cloud API inside."""

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol

from chalicelib.channels.refusals import told
from chalicelib.channels.sms import origination
from chalicelib.domain.contact import NotSent, Outgoing, Receipt

PROVIDER = "whatsapp"
META_API = "v23.0"
# Meta's limits, in characters or pieces.
TEXT = 4096
TEXT_WITH_BUTTONS = 1024
BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE = 10, 24
PARAMETER = 1024
LANGUAGES = {"es": "es", "pt": "pt_BR", "en": "en"}
LIST_LABEL = {"es": "Ver opciones", "pt": "Ver opções", "en": "See options"}
REASONS = {
    "131047": "window_closed",
    "131026": "invalid_recipient",
    "131050": "opted_out",
    "132001": "template_missing",
    "132015": "template_missing",
    "132016": "template_missing",
}


class Shelf(Protocol):
    """A bucket from which the service fetches a file to send."""

    def write(self, key: str, body: bytes, *, content_type: str = ...) -> None: ...


class WhatsAppSender:
    """
    Args:
        client: A ``socialmessaging`` client without retries.
        numbers: Phone number id (``phone-number-id-...``) by country, ``*`` for others.
        shelf, bucket: Where files wait to be fetched, and its name.
    """

    def __init__(
        self, client: Any, *, numbers: Mapping[str, str], shelf: Shelf, bucket: str
    ) -> None:
        self._client, self._numbers = client, numbers
        self._shelf, self._bucket = shelf, bucket

    def send(self, message: Outgoing) -> Receipt:
        """
        Send *message*: its approved template if it names one, else free text or choices.

        Raises:
            NotSent: It surely did not go.
        """
        number = message.sender or origination(self._numbers, message.country)
        media_id = self._upload(message, number) if message.files else ""
        body = json.dumps(payload(message, media_id=media_id), ensure_ascii=False)
        with told(REASONS):
            answer = self._client.send_whatsapp_message(
                originationPhoneNumberId=number, message=body.encode(), metaApiVersion=META_API
            )
        return Receipt(provider=PROVIDER, provider_id=answer["messageId"])

    def _upload(self, message: Outgoing, number: str) -> str:
        """Hand the first file to Meta; a message carries one."""
        name, media_type, body = message.files[0]
        key = f"whatsapp/{message.message_id}/{name}"
        self._shelf.write(key, body, content_type=media_type)
        with told(REASONS):
            answer = self._client.post_whatsapp_message_media(
                originationPhoneNumberId=number,
                sourceS3File={"bucketName": self._bucket, "key": key},
            )
        return str(answer["mediaId"])


def payload(message: Outgoing, *, media_id: str = "") -> dict[str, Any]:
    """
    Write *message* as the Cloud API reads it.

    Args:
        media_id: Meta's id of the file to go along.

    Raises:
        NotSent: ``rejected``: longer than Meta takes, or more choices.
    """
    whole: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.content.to,
        # Given back with every status, so that an event finds its attempt without a look-up.
        "biz_opaque_callback_data": message.reference,
    }
    if message.template_name:
        return whole | {"type": "template", "template": _template(message, media_id)}
    content = message.content
    if media_id:
        document = {"id": media_id, "filename": message.files[0][0], "caption": content.text[:1024]}
        return whole | {"type": "document", "document": document}
    if content.buttons:
        choices = _choices(content.text, content.buttons, content.language)
        return whole | {"type": "interactive", "interactive": choices}
    if not content.text.strip() or len(content.text) > TEXT:
        raise NotSent("rejected")
    return whole | {"type": "text", "text": {"body": content.text, "preview_url": False}}


def _template(message: Outgoing, media_id: str) -> dict[str, Any]:
    components: list[dict[str, Any]] = []
    if media_id:
        document = {"id": media_id, "filename": message.files[0][0]}
        components.append(
            {"type": "header", "parameters": [{"type": "document", "document": document}]}
        )
    if message.template_values:
        values = [{"type": "text", "text": _value(v)} for v in message.template_values]
        components.append({"type": "body", "parameters": values})
    components += [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": code}],
        }
        for index, (code, _) in enumerate(message.content.buttons)
    ]
    language = LANGUAGES.get(message.content.language, message.content.language)
    return {
        "name": message.template_name,
        "language": {"code": language},
        "components": components,
    }


def _value(value: str) -> str:
    """Meta refuses a value that is empty or holds new lines, tabs or more than four spaces."""
    return re.sub(r"\s+", " ", value).strip()[:PARAMETER] or "-"


def _choices(text: str, buttons: tuple[tuple[str, str], ...], language: str) -> dict[str, Any]:
    if not text.strip() or len(text) > TEXT_WITH_BUTTONS or len(buttons) > ROWS:
        raise NotSent("rejected")
    if len(buttons) <= BUTTONS and all(len(title) <= BUTTON_TITLE for _, title in buttons):
        action: dict[str, Any] = {
            "buttons": [
                {"type": "reply", "reply": {"id": code, "title": title}} for code, title in buttons
            ]
        }
        return {"type": "button", "body": {"text": text}, "action": action}
    rows = [{"id": code, "title": _cut(title, ROW_TITLE)} for code, title in buttons]
    action = {"button": LIST_LABEL.get(language, LIST_LABEL["es"]), "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": text}, "action": action}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
