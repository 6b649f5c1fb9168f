"""Amazon SES' events (configuration set to SNS) as what became of a message. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.channels.mail import PROVIDER
from chalicelib.channels.parsed import Parsed, aside
from chalicelib.domain.contact import ChannelEvent

Json = Mapping[str, Any]
# Event type of SES: our kind, and the member that tells when.
KINDS = {
    "Send": ("sent", "mail"),
    "Delivery": ("delivered", "delivery"),
    "Open": ("read", "open"),
    "Click": ("clicked", "click"),
    "Complaint": ("complained", "complaint"),
    "Subscription": ("opted_out", "subscription"),
    "Reject": ("failed", "mail"),
    "Rendering Failure": ("failed", "mail"),
    "Bounce": ("failed", "bounce"),
}


def parse(event: Json) -> Parsed:
    """Read one event; a delay is left aside, for it decides nothing."""
    name = str(event.get("eventType") or event.get("notificationType") or "")
    mail = event.get("mail")
    if name not in KINDS or not isinstance(mail, Mapping):
        return aside(f"mail.{name}"[:60] if isinstance(mail, Mapping) else "malformed")
    kind, member = KINDS[name]
    about = event.get(member)
    about = about if isinstance(about, Mapping) else {}
    code = ""
    if name == "Bounce":
        kind, code = _bounce(about)
    elif name in ("Reject", "Rendering Failure"):
        code = "rejected"
    try:
        at = datetime.fromisoformat(str(about.get("timestamp") or mail.get("timestamp")))
    except ValueError:
        return aside("malformed")
    if at.tzinfo is None:
        return aside("malformed")
    found = ChannelEvent(
        provider=PROVIDER,
        provider_id=str(mail.get("messageId") or ""),
        kind=kind,
        at=at,
        reference=_reference(mail),
        code=code,
    )
    return Parsed(events=(found,))


def _bounce(bounce: Json) -> tuple[str, str]:
    """A permanent bounce condemns the address; a full mailbox only failed this message."""
    if bounce.get("bounceType") == "Permanent":
        return "bounced", "invalid_recipient"
    return "failed", f"mail.{str(bounce.get('bounceSubType') or 'undetermined').lower()}"[:60]


def _reference(mail: Json) -> str:
    tags = mail.get("tags")
    tags = tags if isinstance(tags, Mapping) else {}
    parts = [tags.get(name) for name in ("case", "attempt")]
    if not all(isinstance(part, list) and part for part in parts):
        return ""
    return ":".join(str(part[0]) for part in parts if part)
