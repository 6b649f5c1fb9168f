"""Receipts of SMS and voice messages, and SMS that come in (AWS End User Messaging). Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.channels import sms, voice
from chalicelib.channels.parsed import Parsed, aside
from chalicelib.domain.contact import Channel, ChannelEvent, Inbound

Json = Mapping[str, Any]
# What the service calls it: our kind and code. What it does not know (UNKNOWN, after 72 hours)
# and what is only under way decides nothing.
KINDS = {
    "TEXT_SUCCESSFUL": ("sent", ""),
    "TEXT_DELIVERED": ("delivered", ""),
    "TEXT_INVALID": ("bounced", "invalid_recipient"),
    "TEXT_INVALID_MESSAGE": ("failed", "rejected"),
    "TEXT_UNREACHABLE": ("failed", "unreachable"),
    "TEXT_CARRIER_UNREACHABLE": ("failed", "unreachable"),
    "TEXT_BLOCKED": ("failed", "blocked"),
    "TEXT_CARRIER_BLOCKED": ("failed", "blocked"),
    "TEXT_PROTECT_BLOCKED": ("failed", "blocked"),
    "TEXT_SPAM": ("failed", "blocked"),
    "TEXT_TTL_EXPIRED": ("failed", "expired"),
    "VOICE_INITIATED": ("sent", ""),
    "VOICE_ANSWERED": ("delivered", ""),
    "VOICE_COMPLETED": ("read", ""),
    "VOICE_BUSY": ("failed", "busy"),
    "VOICE_NO_ANSWER": ("failed", "unanswered"),
    "VOICE_FAILED": ("failed", "unreachable"),
    "VOICE_TTL_EXPIRED": ("failed", "expired"),
}


def parse(event: Json) -> Parsed:
    """Read a receipt, as an SNS event destination or EventBridge gives it."""
    name = str(event.get("eventType") or "")
    if name not in KINDS:
        return aside(f"sms.{name.lower()}"[:60])
    kind, code = KINDS[name]
    if name == "TEXT_BLOCKED" and "opted out" in str(event.get("messageStatusDescription")).lower():
        kind, code = "opted_out", "opted_out"
    at = _moment(event.get("eventTimestamp"))
    if at is None or not event.get("messageId"):
        return aside("malformed")
    context = event.get("context")
    found = ChannelEvent(
        provider=voice.PROVIDER if name.startswith("VOICE_") else sms.PROVIDER,
        provider_id=str(event["messageId"]),
        kind=kind,
        at=at,
        reference=str(context.get("reference") or "") if isinstance(context, Mapping) else "",
        code=code,
    )
    return Parsed(events=(found,))


def parse_inbound(message: Json, *, at: datetime) -> Parsed:
    """
    Read an SMS that somebody wrote to one of our numbers.

    Args:
        at: When it was passed on: the message itself does not tell.
    """
    sender, number = str(message.get("originationNumber") or ""), str(message["inboundMessageId"])
    if not sender.startswith("+") or not number:
        return aside("unreadable_number")
    said = Inbound(
        provider=sms.PROVIDER,
        provider_id=number,
        channel=Channel.SMS,
        sender=sender,
        recipient=str(message.get("destinationNumber") or ""),
        at=at,
        text=str(message.get("messageBody") or "")[: sms.LONGEST],
        quoted_id=str(message.get("previousPublishedMessageId") or ""),
        extras={"kind": "text"},
    )
    return Parsed(inbound=(said,))


def _moment(raw: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(raw)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
