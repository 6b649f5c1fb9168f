"""Texts of messages, in the stand-in API: shapes only; the check and the preview are played."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

TEXTS = Path(__file__).resolve().parents[2] / "chalicelib" / "i18n"
CHANNELS = ("whatsapp", "sms", "email", "letter", "call")
FAMILIES = {
    "reminder_before_due": "preventive",
    "reminder_friendly": "friendly",
    "reminder_firm": "firm",
    "notice_formal": "formal",
    "payment_thanks": "service",
}
BODY = (
    "Hola, {{ first_name }}. Su pago de **{{ due_amount }}** con {{ brand }} está pendiente.\n\n"
    "{{ identification }}\n\nPara pagar: {{ how_to_pay }}\n\nGracias."
)
SHOWN = {
    "{{ first_name }}": "María",
    "{{ due_amount }}": "$1,840.00",
    "{{ brand }}": "Financiera Jacaranda",
    "{{ total }}": "$1,840.00",
    "{{ identification }}": "Escribe Financiera Jacaranda.",
    "{{ how_to_pay }}": "https://pago.example.com/c/8Kq2Lr",
}
HTML = (
    '<!doctype html><html><body style="background:#f2f4f5"><table style="max-width:600px"><tbody>'
    '<tr><td style="padding:32px;background:#ffffff;color:#1b2226"><p>{text}</p>'
    '<p><a href="https://pago.example.com/c/8Kq2Lr" style="padding:14px 28px;'
    'background:#1f5f5b;color:#ffffff">Ver mi cuenta y pagar</a></p></td></tr></tbody></table>'
    '<script>document.title = "broken in"</script><img src="https://x.test/a.png"></body></html>'
)
KINDS = {"debts": "list", "due_on": "date", "total": "money", "due_amount": "money"}
BUTTONS = [
    {"code": "pay", "title": "Pagar"},
    {"code": "promise", "title": "Decir cuándo pago"},
    {"code": "human", "title": "Hablar con alguien"},
]


@cache
def abouts(language: str) -> dict[str, str]:
    read: dict[str, str] = json.loads((TEXTS / f"variables.{language}.json").read_text("utf-8"))
    return read


def texts_of(api: FakeApi) -> dict[str, dict[str, Any]]:
    """The portfolio's own texts by key; kept on the server's state."""
    kept: dict[str, dict[str, Any]] = api.__dict__.setdefault("templates", {})
    return kept


def line(api: FakeApi, family: str, channel: str, language: str) -> dict[str, Any]:
    own = texts_of(api).get(f"{family}.{channel}.{language}")
    versions = own["versions"] if own else []
    active = bool(versions) and versions[0]["active"]
    return {
        "template_id": family,
        "channel": channel,
        "language": language,
        "stage": own["stage"] if active and own else FAMILIES.get(family, "friendly"),
        "subject": "Su pago con {{ brand }}" if channel in ("email", "letter") else "",
        "version": versions[0]["version"] if active else 0,
        "built_in": not active,
        "saved_at": versions[0]["saved_at"] if active else None,
        "saved_by": "Ana Torres" if active else None,
    }


@route("GET", "/template-variables")
def offered(_api: FakeApi, call: Call) -> Answer:
    about = abouts(call.query.get("language", "es"))
    variables = [
        {
            "name": name,
            "group": "debts" if name == "debts" else "amounts",
            "kind": KINDS.get(name, "text"),
            "always": name not in ("promise_on", "link"),
            "about": meaning,
            "fields": ["reference", "total"] if name == "debts" else [],
            "filters": ["weekday", "short"] if name == "due_on" else [],
        }
        for name, meaning in about.items()
    ]
    stages = ["preventive", "due", "friendly", "firm", "formal", "offer", "service"]
    return Answer(
        200,
        {
            "variables": variables,
            "families": list(FAMILIES),
            "channels": list(CHANNELS),
            "stages": stages,
            "buttons": BUTTONS,
        },
    )


@route("GET", "/portfolios/{id}/templates")
def listed(api: FakeApi, call: Call) -> Answer:
    language = call.query.get("language", "es")
    items = [line(api, family, channel, language) for family in FAMILIES for channel in CHANNELS]
    return Answer(200, {"items": items, "cursor": None})


@route("GET", "/portfolios/{id}/templates/{family}/{channel}/{language}")
def get(api: FakeApi, call: Call) -> Answer:
    _, family, channel, language = call.parts
    own = texts_of(api).get(f"{family}.{channel}.{language}")
    if own is None and family not in FAMILIES:
        return problem(404, "template.not_found")
    shown = line(api, family, channel, language)
    text = own if own and not shown["built_in"] else None
    return Answer(
        200,
        shown
        | {
            "body": text["body"] if text else BODY,
            "buttons": text["buttons"] if text else BUTTONS[: 3 if channel == "whatsapp" else 0],
            "approved_name": family if channel == "whatsapp" else "",
            "attach_statement": False,
            "own_version": own["versions"][0]["version"] if own else 0,
            "built_in_body": BODY if family in FAMILIES else None,
            "built_in_subject": "" if family in FAMILIES else None,
            "versions": own["versions"] if own else [],
        },
    )


@route("PUT", "/portfolios/{id}/templates/{family}/{channel}/{language}")
def save(api: FakeApi, call: Call) -> Answer:
    _, family, channel, language = call.parts
    key = f"{family}.{channel}.{language}"
    own = texts_of(api).get(key, {"versions": []})
    there = own["versions"][0]["version"] if own["versions"] else 0
    if call.body["version"] != there:
        return problem(409, "template.moved", version=there)
    kept = {
        "version": there + 1,
        "saved_at": "2026-11-22T18:00:00Z",
        "saved_by": "Ana Torres",
        "note": call.body["note"],
        "active": True,
        "subject": call.body["subject"],
        "body": call.body["body"],
    }
    texts_of(api)[key] = call.body | {"versions": [kept, *own["versions"]]}
    return get(api, call)


@route("POST", "/portfolios/{id}/templates/{family}/{channel}/{language}/withdrawal")
def withdraw(api: FakeApi, call: Call) -> Answer:
    _, family, channel, language = call.parts
    versions = texts_of(api)[f"{family}.{channel}.{language}"]["versions"]
    versions.insert(0, versions[0] | {"version": versions[0]["version"] + 1, "active": False})
    return Answer(204)


@route("POST", "/portfolios/{id}/templates/preview")
def preview(_api: FakeApi, call: Call) -> Answer:
    body, channel = call.body["body"], call.body["channel"]
    findings = []
    if "embargo" in body:
        number = next(n for n, each in enumerate(body.split("\n"), 1) if "embargo" in each)
        facts = {"word": "embargo", "source": "US 15 USC 1692e"}
        findings.append(finding("error", "word_threat", "body", number, facts))
    if "identification" not in body:
        lacking = {"lacking": ["creditor_name"]}
        findings.append(finding("error", "not_identified", "body", 0, lacking))
    if channel == "whatsapp" and not call.body["approved_name"]:
        findings.append(finding("warning", "not_approved", "approved_name", 0, {}))
    text = body
    for name, value in SHOWN.items():
        text = text.replace(name, value)
    if call.body["case_id"]:
        text = text.replace("María", "Ofelia")
    if channel == "call":
        text = f"<speak><p>{text}</p></speak>"
    if channel != "email":
        text = text.replace("**", "*")
    count = {"encoding": "gsm7", "units": len(text), "segments": 1 + len(text) // 160}
    return Answer(
        200,
        {
            "text": text,
            "subject": call.body["subject"],
            "html": HTML.replace("{text}", text) if channel == "email" else "",
            "buttons": call.body["buttons"],
            "sms": count | {"left": 12, "outside": ""} if channel == "sms" else None,
            "approvable": body.replace("**", "*") if channel == "whatsapp" else "",
            "findings": findings,
            "ok": all(each["level"] != "error" for each in findings),
        },
    )


@route("POST", "/portfolios/{id}/templates/test")
def test(_api: FakeApi, call: Call) -> Answer:
    if call.body["to"].endswith("0000"):
        return problem(409, "template.not_sent", reason="sender_missing")
    return Answer(200, {"provider": "fake", "provider_id": "m-1", "units": 1})


def finding(level: str, code: str, where: str, at: int, facts: dict[str, Any]) -> dict[str, Any]:
    return {"level": level, "code": code, "where": where, "line": at, "facts": facts}
