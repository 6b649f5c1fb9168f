"""
WhatsApp's updates (Meta's Cloud API webhooks) as events and messages.

The same entries come wrapped by AWS End User Messaging Social (``notifications``) and, in
recorded files, as Meta sends them. Pure; nothing raises for what somebody else wrote.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from chalicelib.channels.parsed import Parsed, aside
from chalicelib.channels.whatsapp import PROVIDER
from chalicelib.domain.contact import Channel, ChannelEvent, Inbound

Json = Mapping[str, Any]

MEDIA = frozenset({"image", "video", "audio", "document", "sticker"})
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read"}
# Meta's error codes that mean more than "it failed"; others are kept as ``whatsapp.<code>``.
ERRORS = {
    131026: "invalid_recipient",
    131021: "invalid_recipient",
    131047: "window_closed",
    470: "window_closed",
    131050: "opted_out",
    132001: "template_missing",
    132007: "template_missing",
    132015: "template_missing",
    132016: "template_missing",
    130429: "throttled",
    131048: "throttled",
    131056: "throttled",
    131016: "unavailable",
    131000: "unavailable",
}
# A number that is not on WhatsApp stays so: nothing more is to be sent there.
GONE = frozenset({131026})
LONGEST = 4096


class Said(NamedTuple):
    """What a message says, by its type."""

    kind: str = "text"
    text: str = ""
    choice: str = ""
    media: tuple[tuple[str, str], ...] = ()
    more: Mapping[str, str] = {}


NOTABLE = frozenset(
    {
        "account_deleted",
        "account_restriction",
        "account_violation",
        "disabled_update",
        "account_offboarded",
        "partner_removed",
        "partner_app_uninstalled",
    }
)


def parse(update: Json) -> Parsed:
    """Read a whole update as Meta sends it: ``{"object": ..., "entry": [...]}``."""
    if update.get("object") != "whatsapp_business_account":
        return aside("malformed")
    return sum((parse_entry(entry) for entry in _list(update, "entry")), Parsed())


def parse_entry(entry: Json, *, number_id: str = "") -> Parsed:
    """
    Read one entry of an update.

    Args:
        number_id: AWS' id of our number, where AWS names it.
    """
    changes = _list(entry, "changes")
    if not changes:
        return aside("malformed")
    return sum((_change(change, number_id) for change in changes), Parsed())


def phone(raw: object) -> str:
    """
    Write a WhatsApp id as an E.164 number; empty when it is none.

    WhatsApp keeps the mobile digit that Mexico gave up in 2019, and leaves out the ninth
    digit of Brazil's older accounts.

    >>> phone("5215512345678"), phone("551187654321"), phone("5491123456789")
    ('+525512345678', '+5511987654321', '+5491123456789')
    >>> phone("<WHATSAPP_USER_PHONE_NUMBER>")
    ''
    """
    digits = str(raw or "").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15):
        return ""
    if digits.startswith("521") and len(digits) == 13:
        digits = f"52{digits[3:]}"
    if digits.startswith("55") and len(digits) == 12 and digits[4] in "6789":
        digits = f"{digits[:4]}9{digits[4:]}"
    return f"+{digits}"


def _change(change: Json, number_id: str) -> Parsed:
    field, value = str(change.get("field", "")), change.get("value")
    if not isinstance(value, Mapping):
        return aside("malformed")
    reader = READERS.get(field)
    return reader(value, number_id) if reader else aside(f"unknown.{field}"[:60])


def _messages(value: Json, number_id: str) -> Parsed:
    found = Parsed()
    for status in _list(value, "statuses"):
        found += _status(status)
    for message in _list(value, "messages"):
        found += _message(message, value, number_id, sender=message.get("from"))
    return found if found != Parsed() else aside("empty")


def _echoes(value: Json, number_id: str) -> Parsed:
    """What our own people wrote from the business app: shown in the conversation."""
    found = Parsed()
    for message in _list(value, "message_echoes"):
        found += _message(message, value, number_id, sender=message.get("to"), echo=True)
    return found if found != Parsed() else aside("empty")


def _status(status: Json) -> Parsed:
    at = _moment(status.get("timestamp"))
    name, wamid = str(status.get("status", "")), str(status.get("id") or "")
    if at is None or not wamid:
        return aside("malformed")
    errors = _list(status, "errors")
    code, kind = "", STATUSES.get(name, "")
    if name == "failed":
        number = errors[0].get("code") if errors else None
        code = ERRORS.get(number, f"whatsapp.{number}") if isinstance(number, int) else "rejected"
        kind = "bounced" if number in GONE else "opted_out" if code == "opted_out" else "failed"
    if not kind:
        return aside(f"status.{name}"[:60])
    event = ChannelEvent(
        provider=PROVIDER,
        provider_id=wamid,
        kind=kind,
        at=at,
        reference=str(status.get("biz_opaque_callback_data") or ""),
        code=code,
    )
    return Parsed(events=(event,))


def _message(
    message: Json, value: Json, number_id: str, *, sender: object, echo: bool = False
) -> Parsed:
    who, at = phone(sender), _moment(message.get("timestamp"))
    wamid, kind = str(message.get("id") or ""), str(message.get("type", ""))
    if not who:
        return aside("unreadable_number")
    if at is None or not wamid:
        return aside("malformed")
    metadata = _map(value, "metadata")
    said = _said(kind, message)
    contacts = _list(value, "contacts")
    ours = phone(metadata.get("display_phone_number"))
    extras = {"kind": "echo" if echo else said.kind, **said.more}
    inbound = Inbound(
        provider=PROVIDER,
        provider_id=wamid,
        channel=Channel.WHATSAPP,
        sender=who,
        recipient=ours,
        at=at,
        text=said.text[:LONGEST],
        choice="" if echo else said.choice[:256],
        media=() if echo else said.media,
        quoted_id=str(_map(message, "context").get("id") or ""),
        name=str(_map(contacts[0], "profile").get("name") or "")[:100] if contacts else "",
        extras=extras
        | {"phone_number_id": str(metadata.get("phone_number_id") or "")}
        | ({"number_id": number_id} if number_id else {}),
    )
    return Parsed(inbound=(inbound,))


def _said(kind: str, message: Json) -> Said:
    """Give what a message of *kind* says."""
    body = _map(message, kind)
    if kind in MEDIA:
        return _media(kind, body)
    return BODIES[kind](body) if kind in BODIES else Said(kind="unsupported")


def _media(kind: str, body: Json) -> Said:
    media_type = str(body.get("mime_type") or "application/octet-stream").partition(";")[0].strip()
    return Said(
        kind="voice" if kind == "audio" and body.get("voice") is True else kind,
        text=str(body.get("caption") or ""),
        media=((media_type, str(body.get("id") or "")),),
        more={"filename": str(body["filename"])[:200]} if body.get("filename") else {},
    )


def _interactive(body: Json) -> Said:
    kind = str(body.get("type", ""))
    reply = _map(body, kind)
    if kind in ("button_reply", "list_reply"):
        return Said(
            kind=kind, text=str(reply.get("title") or ""), choice=str(reply.get("id") or "")
        )
    if kind == "nfm_reply":
        form = str(reply.get("response_json") or "")[:LONGEST]
        return Said(kind="flow", text=str(reply.get("body") or ""), more={"form": form})
    return Said(kind="unsupported")


def _location(body: Json) -> Said:
    names = ("latitude", "longitude", "name", "address")
    return Said(
        kind="location",
        text=str(body.get("name") or ""),
        more={name: str(body[name])[:200] for name in names if name in body},
    )


def _edit(body: Json) -> Said:
    inner = _map(body, "message")
    text = _said(str(inner.get("type", "")), inner).text if inner.get("type") != "edit" else ""
    return Said(kind="edit", text=text, more={"edits": str(body.get("original_message_id") or "")})


def _system(body: Json) -> Said:
    moved = body.get("type") == "user_changed_number"
    new = phone(body.get("wa_id") or body.get("new_wa_id")) if moved else ""
    return Said(kind="system", more={"new_number": new} if new else {})


BODIES: dict[str, Callable[[Json], Said]] = {
    "text": lambda body: Said(text=str(body.get("body") or "")),
    "button": lambda body: Said(
        kind="button", text=str(body.get("text") or ""), choice=str(body.get("payload") or "")
    ),
    "interactive": _interactive,
    "location": _location,
    "reaction": lambda body: Said(
        kind="reaction",
        text=str(body.get("emoji") or ""),
        more={"reacts_to": str(body.get("message_id") or "")},
    ),
    "edit": _edit,
    "revoke": lambda body: Said(
        kind="revoke", more={"revokes": str(body.get("original_message_id") or "")}
    ),
    "system": _system,
    "contacts": lambda _: Said(kind="contacts"),
    "order": lambda _: Said(kind="order"),
}


def _preferences(value: Json, number_id: str) -> Parsed:
    """
    What somebody set in WhatsApp itself. STOP stops us; that marketing may come again is no
    word on being collected from, so it opens nothing.
    """
    found = Parsed()
    metadata = _map(value, "metadata")
    for preference in _list(value, "user_preferences"):
        wish = str(preference.get("value", ""))
        who, at = phone(preference.get("wa_id")), _moment(preference.get("timestamp"))
        if wish != "stop":
            found += aside(f"preference.{wish}"[:60])
        elif not who or at is None:
            found += aside("malformed")
        else:
            said = Inbound(
                provider=PROVIDER,
                provider_id=f"preference:{who}:{int(at.timestamp())}",
                channel=Channel.WHATSAPP,
                sender=who,
                recipient=phone(metadata.get("display_phone_number")),
                at=at,
                choice="stop",
                extras={"kind": "preference"} | ({"number_id": number_id} if number_id else {}),
            )
            found += Parsed(inbound=(said,))
    return found if found != Parsed() else aside("empty")


def _account(value: Json, _: str) -> Parsed:
    event = str(value.get("event", "")).lower()
    return aside(f"account_update.{event}"[:80], notable=event in NOTABLE)


def _template(what: str, was: str) -> Callable[[Json, str], Parsed]:
    def read(value: Json, _: str) -> Parsed:
        name = str(value.get("message_template_name") or "")[:512]
        return aside(f"{what}.{str(value.get(was, '')).lower()}"[:80], notable=True, subject=name)

    return read


READERS: dict[str, Callable[[Json, str], Parsed]] = {
    "messages": _messages,
    "smb_message_echoes": _echoes,
    "user_preferences": _preferences,
    "account_update": _account,
    "template_category_update": _template("template_category", "new_category"),
    "message_template_status_update": _template("template_status", "event"),
    "message_template_quality_update": _template("template_quality", "new_quality_score"),
}


def entries(raw: str) -> Iterator[Json]:
    """Read the entry that AWS passes on as a string of JSON; it may hold one or several."""
    read = json.loads(raw)
    for entry in read if isinstance(read, list) else [read]:
        if isinstance(entry, Mapping):
            yield entry


def _moment(raw: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(raw)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _list(of: Json, name: str) -> list[Json]:
    found = of.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _map(of: Json, name: str) -> Json:
    found = of.get(name)
    return found if isinstance(found, Mapping) else {}
