"""
The door for everything providers send: SNS, SQS and EventBridge envelopes, told apart by shape.

Pure. What is not understood is left aside with a reason; nothing raises for what came from
outside, for a notification that fails comes again and again.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.channels import mail_events, sms_events, whatsapp_updates
from chalicelib.channels.parsed import Parsed, aside

Json = Mapping[str, Any]


def parse(body: str, *, received_at: datetime) -> Parsed:
    """
    Read one notification.

    Args:
        body: JSON as it lay in the queue, with SNS' envelope or without.
        received_at: Stands for when an SMS was written, which its notification does not say.
    """
    try:
        read = json.loads(body)
    except ValueError:
        return aside("malformed")
    if not isinstance(read, Mapping):
        return aside("malformed")
    if isinstance(read.get("Message"), str) and "TopicArn" in read:
        return parse(read["Message"], received_at=_published(read) or received_at)
    if isinstance(read.get("detail"), Mapping) and "detail-type" in read:
        read = read["detail"]
    return _told(read, received_at)


def parse_lambda_event(event: Json, *, received_at: datetime) -> Parsed:
    """Read the event of a function that is subscribed to an SNS topic itself."""
    found = Parsed()
    records = event.get("Records")
    for record in records if isinstance(records, list) else []:
        sns = record.get("Sns") if isinstance(record, Mapping) else None
        if isinstance(sns, Mapping):
            found += parse(json.dumps(dict(sns)), received_at=received_at)
    return found if found != Parsed() else aside("malformed")


def _told(read: Json, received_at: datetime) -> Parsed:
    if isinstance(read.get("whatsAppWebhookEntry"), str):
        return _whatsapp(read)
    if "inboundMessageId" in read:
        return sms_events.parse_inbound(read, at=received_at)
    if "mail" in read:
        return mail_events.parse(read)
    if str(read.get("eventType", "")).startswith(("TEXT_", "VOICE_", "MEDIA_")):
        return sms_events.parse(read)
    if read.get("object") == "whatsapp_business_account":
        return whatsapp_updates.parse(read)
    return aside("unknown")


def _whatsapp(read: Json) -> Parsed:
    try:
        entries = list(whatsapp_updates.entries(read["whatsAppWebhookEntry"]))
    except ValueError:
        return aside("malformed")
    if not entries:
        return aside("malformed")
    number_id = _number_id(read)
    return sum((whatsapp_updates.parse_entry(e, number_id=number_id) for e in entries), Parsed())


def _number_id(read: Json) -> str:
    """AWS' id of the number that was written to: what its API takes to answer from it."""
    context = read.get("context")
    numbers = context.get("MetaPhoneNumberIds") if isinstance(context, Mapping) else None
    if not isinstance(numbers, list) or len(numbers) != 1 or not isinstance(numbers[0], Mapping):
        return ""
    _, _, number = str(numbers[0].get("arn", "")).rpartition("phone-number-id/")
    return f"phone-number-id-{number}" if number else ""


def _published(envelope: Json) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(envelope.get("Timestamp")))
    except ValueError:
        return None
    return at if at.tzinfo else None
