"""The messages the stack has sent, as pages: no mail leaves the laptop."""

import email
import email.policy
import json
import re
import urllib.request
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any

CSS = b"""
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
article { border: 1px solid #8886; border-radius: .5rem; padding: 0 1rem; margin: 1rem 0 }
pre { white-space: pre-wrap; font: inherit } small { opacity: .7 }
"""


def page(path: str, cloud: str) -> tuple[str, bytes] | None:
    """
    Answer a path under ``/_local``.

    Args:
        cloud: The emulator, as host:port.

    Returns:
        (content type, body), or None when there is no such page.
    """
    if path == "/_local/style.css":
        return "text/css; charset=utf-8", CSS
    if path == "/_local/messages.json":
        return "application/json", json.dumps(messages(cloud)).encode()
    if path in ("/_local", "/_local/"):
        return "text/html; charset=utf-8", _html(messages(cloud)).encode()
    return None


def messages(cloud: str) -> list[dict[str, str]]:
    """What was sent, newest first: channel, to, subject, at, text."""
    found = [_mail(m) for m in _flat(_ask(cloud, "/_ministack/ses/messages"))]
    found += [_sms(m) for m in _flat(_ask(cloud, "/_ministack/sns/sms-messages"))]
    return sorted(found, key=lambda message: message["at"], reverse=True)


def _ask(cloud: str, path: str) -> Any:
    with urllib.request.urlopen(f"http://{cloud}{path}", timeout=10) as answer:
        return json.load(answer)


def _flat(found: Any) -> list[dict[str, Any]]:
    """The emulator groups messages by account or by phone; take them as one list."""
    if isinstance(found, list):
        return [m for m in found if isinstance(m, dict)]
    if isinstance(found, dict):
        return [m for value in found.values() for m in _flat(value)]
    return []


def _mail(raw: dict[str, Any]) -> dict[str, str]:
    text = raw.get("BodyText") or raw.get("BodyHtml") or ""
    subject = str(raw.get("Subject") or "")
    if raw.get("RawData") and not text:
        parsed = email.message_from_string(str(raw["RawData"]), policy=email.policy.default)
        subject = subject or str(parsed["subject"] or "")
        body = parsed.get_body(("plain", "html"))
        text = body.get_content() if body else ""
    return {
        "channel": "e-mail",
        "to": ", ".join(raw.get("To") or []),
        "subject": subject,
        "at": _moment(raw.get("Timestamp")),
        "text": _without_tags(str(text)),
    }


def _sms(raw: dict[str, Any]) -> dict[str, str]:
    return {
        "channel": "SMS",
        "to": str(raw.get("PhoneNumber") or ""),
        "subject": "",
        "at": _moment(raw.get("Timestamp")),
        "text": str(raw.get("Message") or ""),
    }


def _moment(raw: Any) -> str:
    if isinstance(raw, int | float):
        return datetime.fromtimestamp(raw, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(raw or "")


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(br|/p|/div)[^>]*>", "\n", text)))


def _html(found: list[dict[str, str]]) -> str:
    body = (
        "".join(
            f"<article><p><small>{escape(m['channel'])} · {escape(m['at'])}</small><br>"
            f"<b>{escape(m['subject'])}</b><br>{escape(m['to'])}</p><pre>{escape(m['text'])}</pre></article>"
            for m in found
        )
        or "<p>Nada todavía: invita a una persona o pide una contraseña nueva.</p>"
    )
    return (
        '<!doctype html><html lang="es"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Mensajes enviados</title>'
        f'<link rel="stylesheet" href="/_local/style.css"><h1>Mensajes enviados</h1>{body}</html>'
    )
