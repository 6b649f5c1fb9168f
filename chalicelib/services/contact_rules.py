"""What applies to contact in a portfolio: the country's pack, by article, and its own limits."""

from datetime import date, datetime
from typing import Any

from chalicelib.compliance import packs
from chalicelib.compliance.calendars import holidays_of
from chalicelib.compliance.packs import Layer, Pack
from chalicelib.domain.days import local_day
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import portfolios as portfolio_use
from chalicelib.services.portfolios import Portfolios

COMING = 12  # closed days shown


def page(
    portfolio_id: str, *, actor: Actor, portfolios: Portfolios, now: datetime
) -> dict[str, Any]:
    """
    Lay out the rules in force as data that a page puts into words.

    Where the country has no pack, ``rules`` is null: the strictest of all packs decides.

    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    portfolio = portfolio_use.get(portfolio_id, actor=actor, portfolios=portfolios)
    today = local_day(now, portfolio.time_zone)
    return {
        "portfolio_id": portfolio.portfolio_id,
        "version": portfolio.version,
        "country": portfolio.country,
        "limits": to_plain(portfolio.policies.contact),
        "rules": _rules(portfolio, today),
        "can": {"tighten": actor.role is Role.ADMIN},
    }


def _rules(portfolio: Portfolio, today: date) -> dict[str, Any] | None:
    regime = portfolio.policies.contact.regime
    try:
        document = packs.document(portfolio.country)
        pack = packs.load(portfolio.country, regime=regime, layer=Layer.STRICT)
    except packs.UnknownPack:
        return None
    channels = [_channel(name, rule) for name, rule in pack.rules.items()]
    caps = [_cap(raw) for raw in document["caps"] if raw["period_strict"] is not None]
    named = {source for one in (*channels, *caps) for source in one["sources"]} | set(
        document["recipients"].get("sources", ())
    )
    return {
        "reference": pack.reference,
        "version": pack.version,
        "valid_from": pack.valid_from.isoformat(),
        "confidence": document["confidence"],
        "regimes": [
            {"code": code, "name": raw["name"]} for code, raw in document["regimes"].items()
        ],
        "subdivisions": list(document["subdivisions"]),
        "channels": channels,
        "caps": caps,
        "refused_recipients": pack.refused_recipients,
        "recipients_article": pack.recipients_article,
        "workplace": pack.workplace,
        "workplace_article": pack.workplace_article,
        "authorisation_required": pack.authorisation_required,
        "authorisation_article": pack.authorisation_article,
        "hidden_caller_id_forbidden": pack.hidden_caller_id_forbidden,
        "holidays": _holidays(pack, today),
        "sources": _sources(named),
    }


def _channel(name: str, rule: packs.ChannelRule) -> dict[str, Any]:
    hours = rule.hours
    return {
        "channel": str(name),
        "allowed": rule.allowed,
        "exception_products": list(rule.exception_products),
        "mon_fri": _windows(hours.mon_fri),
        "sat": _windows(hours.sat),
        "sun": _windows(hours.sun),
        "holiday": None if hours.holiday is None else _windows(hours.holiday),
        "article": rule.article,
        "confidence": rule.confidence,
        "sources": list(rule.sources),
    }


def _windows(windows: tuple[packs.Window, ...]) -> list[list[str]]:
    """``[["07:00", "22:00"]]``; the end of a day is ``24:00``."""
    return [
        [f"{start:%H:%M}", "24:00" if end == end.max else f"{end:%H:%M}"] for start, end in windows
    ]


def _cap(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "cap_id": raw["id"],
        "kind": raw["kind"],
        "channels": raw["channels"],
        "most": raw["max"] or 0,
        "period": str(raw["period_strict"]),
        "two_way_only": raw["counts_strict"] == "two_way_contacts",
        "article": raw["article"],
        "confidence": raw["confidence"],
        "sources": list(raw["sources"]),
    }


def _holidays(pack: Pack, today: date) -> list[str]:
    """The next closed days of the whole country; a state's own come on top."""
    if all(rule.hours.holiday is None for rule in pack.rules.values()):
        return []
    days = {
        day
        for year in (today.year, today.year + 1)
        for day in holidays_of(pack.holidays, "", year)
        if day >= today
    }
    return [day.isoformat() for day in sorted(days)[:COMING]]


def _sources(named: set[str]) -> list[dict[str, str]]:
    known = packs.sources()
    return [
        {"source_id": key, "title": known[key]["title"], "address": known[key]["address"]}
        for key in sorted(named)
        if key in known
    ]
