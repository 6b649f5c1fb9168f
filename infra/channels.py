"""The file that connects channels of a real account (docs/channels.md), as stack parameters."""

import json
from pathlib import Path
from typing import Any

from infra.deploy import DeployFailed

# Key of the file: the parameter, and whether it is a JSON object, a list or a word.
KEYS: dict[str, dict[str, tuple[str, type]]] = {
    "mail": {"from": ("MessagesFrom", str), "identity": ("MailIdentity", str)},
    "sms": {"senders": ("SmsSenders", dict), "arns": ("SmsIdentityArns", list)},
    "voice": {"senders": ("VoiceSenders", dict)},
    "calls": {
        "instance": ("ConnectInstance", str),
        "flow": ("ConnectFlow", str),
        "number": ("ConnectNumber", str),
    },
    "whatsapp": {"numbers": ("WhatsAppNumbers", dict), "arns": ("WhatsAppNumberArns", list)},
}
# Messages a second (of SMS, parts) by key of the file: our name of the channel, and what most new
# accounts may send. As of SES's, End User Messaging's and Meta's quotas; docs/channels.md.
RATES = {"mail": ("email", 14), "sms": ("sms", 10), "whatsapp": ("whatsapp", 80),
         "voice": ("call", 0.33)}  # fmt: skip
# What a function may send as must be named together with what it sends as.
TOGETHER = (
    ("MessagesFrom", "MailIdentity"),
    ("WhatsAppNumbers", "WhatsAppNumberArns"),
    ("ConnectInstance", "ConnectFlow"),
    ("ConnectFlow", "ConnectNumber"),
)


def parameters(path: Path) -> dict[str, str]:
    """
    Read *path*.

    Raises:
        DeployFailed: It is no such file; the message names what is wrong with it.
    """
    try:
        read: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DeployFailed(f"{path}: {error}") from error
    if not isinstance(read, dict):
        raise DeployFailed(f"{path}: not a JSON object")
    given: dict[str, str] = {}
    rates: dict[str, float] = {}
    for channel, parts in read.items():
        if channel not in KEYS or not isinstance(parts, dict):
            raise DeployFailed(f"{path}: {channel!r} is none of {', '.join(KEYS)}")
        for key, value in parts.items():
            if key == "per_second" and channel in RATES:
                if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                    raise DeployFailed(f"{path}: {channel}.per_second is a number above 0")
                rates[RATES[channel][0]] = value
                continue
            name, kind = KEYS[channel].get(key, ("", str))
            if not name or not isinstance(value, kind):
                raise DeployFailed(f"{path}: {channel}.{key} is not understood")
            given[name] = _text(value)
    if rates:
        given["SendRates"] = _text(dict(RATES.values()) | rates)
    for sends, may in TOGETHER:
        if (sends in given) != (may in given):
            raise DeployFailed(f"{path}: {sends} and {may} go together")
    if {"SmsSenders", "VoiceSenders"} & given.keys() and "SmsIdentityArns" not in given:
        raise DeployFailed(f"{path}: sms.arns must list the numbers that senders name")
    return given


def _text(value: str | list[str] | dict[str, Any]) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
