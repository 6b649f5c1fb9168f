"""Texts of messages: in use, changed, tried and tested."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import TemplateNotFound
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import contact as contact_types
    from chalicelib.domain import sms
    from chalicelib.messages import engine, lint, ready, variables
    from chalicelib.messages import template as template_types
    from chalicelib.services import templates

bp = Blueprint(__name__)

BASE = "/portfolios/{portfolio_id}/templates"
ONE = f"{BASE}/{{template_id}}/{{channel}}/{{language}}"
LANGUAGE = web.Query(
    name="language",
    about="Language of the texts; Spanish if none.",
    choices=lambda: template_types.LANGUAGES,
)


@web.route(bp, "GET /template-variables", answer="templates:Offered", query=(LANGUAGE,))
def offered(call: web.Call) -> dict[str, Any]:
    """List what a text may say and hold, for an editor to offer."""
    language = call.query.get("language", "es")
    meanings = variables.about(language)
    return {
        "variables": [
            {
                "name": each.name,
                "group": each.group,
                "kind": each.kind,
                "always": each.always,
                "about": meanings[each.name],
                "fields": list(variables.DEBT_FIELDS) if each.kind is variables.Kind.LIST else [],
                "filters": [name for name, kind in variables.FILTERS.items() if kind is each.kind],
            }
            for each in variables.VARIABLES.values()
        ],
        "families": list(ready.families()),
        "channels": list(template_types.CHANNELS),
        "stages": list(template_types.Stage),
        "buttons": _buttons(tuple(ready.titles(language).items())),
    }


@web.route(bp, f"GET {BASE}", answer="templates:Lines", query=(LANGUAGE,))
def listed(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List the texts in use in a language, the portfolio's own and the built-in ones."""
    found = templates.listed(
        portfolio_id,
        language=call.query.get("language", "es"),
        actor=call.actor,
        templates=wiring.templates(),
    )
    names = _names({each.own.saved_by for each in found if each.own})
    return {"items": [_line(each, names) for each in found], "cursor": None}


@web.route(bp, f"GET {ONE}", answer="templates:Whole")
def get(
    call: web.Call, portfolio_id: str, template_id: str, channel: str, language: str
) -> dict[str, Any]:
    """Show a text with its versions."""
    return _whole(call, portfolio_id, template_id, channel, language)


@web.route(bp, f"PUT {ONE}", body="templates:Save", answer="templates:Whole")
def save(
    call: web.Call, portfolio_id: str, template_id: str, channel: str, language: str
) -> dict[str, Any]:
    """Save a text as the portfolio's own; the next message uses it."""
    kind = _channel(template_id, channel, language)
    templates.save(
        portfolio_id,
        _text(call.body, template_id, kind, language),
        version=call.body.version,
        note=call.body.note,
        actor=call.actor,
        templates=wiring.templates(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )
    return _whole(call, portfolio_id, template_id, channel, language)


@web.route(bp, f"POST {ONE}/withdrawal", body="templates:Withdraw", status=204)
def withdraw(
    call: web.Call, portfolio_id: str, template_id: str, channel: str, language: str
) -> None:
    """Go back to the built-in text; the versions stay on record."""
    templates.withdraw(
        portfolio_id,
        template_id,
        _channel(template_id, channel, language),
        language,
        version=call.body.version,
        actor=call.actor,
        templates=wiring.templates(),
        now=call.now,
    )


@web.route(bp, f"POST {BASE}/preview", body="templates:PreviewOf", answer="templates:Preview")
def preview(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Write a text, saved or not, for a case or an invented debtor, and check it."""
    asked = call.body
    text = _text(asked, asked.template_id, contact_types.Channel(asked.channel), asked.language)
    made = templates.preview(
        portfolio_id,
        text,
        case_id=asked.case_id,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        cases=wiring.cases(),
        now=call.now,
        pay_to=wiring.pay_to(portfolio_id),
    )
    sent = made.rendered
    counted = None
    if sent is not None and text.channel is contact_types.Channel.SMS:
        counted = to_plain(sms.length(sent.text)) | {"outside": sms.outside(sent.text)}
    return {
        "text": sent.text if sent else None,
        "subject": sent.subject if sent else "",
        "html": sent.html if sent else "",
        "buttons": _buttons(text.buttons),
        "sms": counted,
        "approvable": _approvable(text),
        "findings": [to_plain(each) for each in made.findings],
        "ok": lint.ok(made.findings),
    }


@web.route(bp, f"POST {BASE}/test", body="templates:TestTo", answer="templates:Sent")
def test(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Send a text about an invented debtor to a phone or e-mail of one's own."""
    asked = call.body
    channel = contact_types.Channel(asked.channel)
    receipt = templates.send_test(
        portfolio_id,
        _text(asked, asked.template_id, channel, asked.language),
        to=asked.to,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        sender=wiring.sender(channel),
        now=call.now,
    )
    return {
        "provider": receipt.provider,
        "provider_id": receipt.provider_id,
        "units": receipt.units,
    }


def _channel(template_id: str, channel: str, language: str) -> contact_types.Channel:
    if channel not in template_types.CHANNELS or language not in template_types.LANGUAGES:
        raise TemplateNotFound(template_id=template_id, channel=channel, language=language)
    return contact_types.Channel(channel)


def _text(
    body: Any, template_id: str, channel: contact_types.Channel, language: str
) -> template_types.Template:
    return template_types.Template(
        template_id=template_id,
        channel=channel,
        language=language,
        stage=template_types.Stage(body.stage),
        subject=body.subject,
        body=body.body.replace("\r\n", "\n"),
        buttons=tuple((each.code, each.title) for each in body.buttons),
        approved_name=body.approved_name,
        attach_statement=body.attach_statement,
    )


def _approvable(text: template_types.Template) -> str:
    if text.channel is not contact_types.Channel.WHATSAPP:
        return ""
    try:
        engine.parse(text.body)
    except template_types.BadTemplate:
        return ""
    return engine.approvable(text.body)


def _whole(
    call: web.Call, portfolio_id: str, template_id: str, channel: str, language: str
) -> dict[str, Any]:
    kind = _channel(template_id, channel, language)
    store = wiring.templates()
    shown = templates.shown(
        portfolio_id, template_id, kind, language, actor=call.actor, templates=store
    )
    versions = templates.history(
        portfolio_id, template_id, kind, language, actor=call.actor, templates=store
    )
    names = _names({each.saved_by for each in versions})
    built_in = ready.texts().get((template_id, kind, language))
    return _line(shown, names) | {
        "body": shown.template.body,
        "buttons": _buttons(shown.template.buttons),
        "approved_name": shown.template.approved_name,
        "attach_statement": shown.template.attach_statement,
        "own_version": shown.own.version if shown.own else 0,
        "built_in_body": built_in.body if built_in else None,
        "built_in_subject": built_in.subject if built_in else None,
        "versions": [
            {
                "version": each.version,
                "saved_at": each.saved_at,
                "saved_by": names.get(each.saved_by),
                "note": each.note,
                "active": each.active,
                "subject": each.template.subject,
                "body": each.template.body,
            }
            for each in versions
        ],
    }


def _line(shown: templates.Shown, names: dict[str, str]) -> dict[str, Any]:
    text, own = shown.template, shown.own
    mine = own if own and own.active else None
    return {
        "template_id": text.template_id,
        "channel": text.channel,
        "language": text.language,
        "stage": text.stage,
        "subject": text.subject,
        "version": mine.version if mine else 0,
        "built_in": mine is None,
        "saved_at": mine.saved_at if mine else None,
        "saved_by": names.get(mine.saved_by) if mine else None,
    }


def _buttons(buttons: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"code": code, "title": title} for code, title in buttons]


def _names(actor_ids: set[str]) -> dict[str, str]:
    return wiring.actor_names(actor_ids) if actor_ids else {}
