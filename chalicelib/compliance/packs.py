"""
Rule packs: the law of contact of one country as versioned data.

The files in ``packs/`` keep, beside every rule, its article, its sources (``sources.json``)
and how sure we are. Each rule has two layers: ``law`` is what a source says, ``strict`` is what
the engine enforces; strict never allows what law forbids (a test compares them).
"""

import functools
import json
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from importlib import resources
from typing import Any

from chalicelib.domain.contact import Channel


class Layer(StrEnum):
    """LAW: what a source says. STRICT: what is enforced."""

    LAW = "law"
    STRICT = "strict"


class UnknownPack(LookupError):
    """There is no pack for the country; the caller applies ``strictest``."""


# Half-open [start, end) in the debtor's local time; an end of 24:00 is written as time.max.
Window = tuple[time, time]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """
    Open windows by kind of day; an empty tuple is a closed day.

    Args:
        holiday: None = a holiday is as its weekday.
    """

    mon_fri: tuple[Window, ...]
    sat: tuple[Window, ...]
    sun: tuple[Window, ...]
    holiday: tuple[Window, ...] | None


ALWAYS = Hours(
    mon_fri=((time.min, time.max),),
    sat=((time.min, time.max),),
    sun=((time.min, time.max),),
    holiday=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRule:
    """
    One channel's rule in one layer.

    Args:
        exception_products: Products for which a banned channel is open all the same, if the
            debtor authorised it expressly.
    """

    allowed: bool
    hours: Hours
    article: str
    confidence: str
    sources: tuple[str, ...]
    note: str
    exception_products: tuple[str, ...] = ()


class CapKind(StrEnum):
    """
    COUNT: contacts on the listed channels in the period stay below ``max``.
    COUNT_PER_CHANNEL: the same, counting only the channel asked for.
    DISTINCT_CHANNELS: this contact and those of the period use at most ``max`` channels.
    MIN_GAP_DAYS: local days since the last listed contact.
    AFTER_CONVERSATION: local days since the last conversation by telephone.
    """

    COUNT = "count"
    COUNT_PER_CHANNEL = "count_per_channel"
    DISTINCT_CHANNELS = "distinct_channels"
    MIN_GAP_DAYS = "min_gap_days"
    AFTER_CONVERSATION = "after_conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """
    How often.

    Args:
        period: ``local_day``, ``iso_week`` or ``rolling_7d`` (local date difference below 7);
            for the two gap kinds the number of days.
        two_way_only: Count only contacts that were answered.
    """

    cap_id: str
    kind: CapKind
    channels: frozenset[Channel]
    max: int
    period: str | int
    two_way_only: bool
    reason_code: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayCalendar:
    code: str
    categories: tuple[str, ...]
    by_subdivision: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A country's rules in one layer, for one subdivision and regime."""

    country: str
    version: str
    valid_from: date
    layer: Layer
    default_time_zone: str | None
    rules: dict[Channel, ChannelRule]
    caps: tuple[Cap, ...]
    refused_recipients: dict[str, str]
    allowed_recipients: frozenset[str]
    recipients_article: str
    workplace: str  # always | never | if_employer_forbids
    workplace_article: str
    authorisation_required: bool
    authorisation_article: str
    hidden_caller_id_forbidden: bool
    holidays: HolidayCalendar
    opt_out_article: str

    @property
    def reference(self) -> str:
        """The text kept with every decision: which rules, of which version."""
        return f"{self.country}/{self.version}@{self.valid_from.isoformat()}/{self.layer}"


def countries() -> tuple[str, ...]:
    """The countries that have a pack, as ISO 3166 alpha-2 codes."""
    folder = resources.files(__package__) / "packs"
    return tuple(
        sorted(
            entry.name.removesuffix(".json").upper()
            for entry in folder.iterdir()
            if entry.name.endswith(".json") and len(entry.name) == len("xx.json")
        )
    )


@functools.cache
def document(country: str) -> dict[str, Any]:
    """
    Read a country's pack as it is written, with quotes, sources and open points.

    Raises:
        UnknownPack: There is none.
    """
    file = resources.files(__package__) / "packs" / f"{country.lower()}.json"
    if len(country) != 2 or not file.is_file():
        raise UnknownPack(country)
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


@functools.cache
def identification(country: str) -> tuple[str, ...]:
    """What a country wants a message to state of its sender; nothing where there is no pack."""
    try:
        return tuple(document(country)["identification"]["fields"])
    except UnknownPack:
        return ()


@functools.cache
def sources() -> dict[str, dict[str, str]]:
    """Every source that a pack names, by its id: title, address, kind."""
    file = resources.files(__package__) / "packs" / "sources.json"
    read: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return read


@functools.cache
def load(
    country: str, *, subdivision: str = "", regime: str = "", layer: Layer = Layer.STRICT
) -> Pack:
    """
    Give the rules in force for a debtor of *country*.

    Args:
        subdivision: ISO 3166-2 part after the dash (``SP``), or empty when it is not known.
        regime: Such as ``commercial`` for a Mexican shop; unknown ones fall to the country's.

    Raises:
        UnknownPack: No pack for the country.
    """
    raw = document(country)
    part = raw["subdivisions"].get(subdivision, {"rules": [], "caps": []})
    special = raw["regimes"].get(regime, {"rules": []})
    rules: dict[Channel, ChannelRule] = {}
    for group in (*raw["rules"], *special["rules"], *part["rules"]):
        for channel in group["channels"]:
            rules[Channel(channel)] = _rule(group, layer)
    return Pack(
        country=raw["country"],
        version=raw["version"],
        valid_from=date.fromisoformat(raw["valid_from"]),
        layer=layer,
        default_time_zone=raw["default_time_zone"],
        rules=rules,
        caps=tuple(cap for entry in (*raw["caps"], *part["caps"]) if (cap := _cap(entry, layer))),
        refused_recipients=raw["recipients"]["refused"],
        allowed_recipients=frozenset(raw["recipients"]["allowed"]),
        recipients_article=raw["recipients"]["article"],
        workplace=raw["workplace"]["forbidden"],
        workplace_article=raw["workplace"]["article"],
        authorisation_required=raw["channel_authorisation"]["required"],
        authorisation_article=raw["channel_authorisation"]["article"],
        hidden_caller_id_forbidden=raw["hidden_caller_id_forbidden"],
        holidays=HolidayCalendar(
            code=raw["holidays"]["code"],
            categories=tuple(raw["holidays"]["categories"]),
            by_subdivision=raw["holidays"]["by_subdivision"],
        ),
        opt_out_article=raw["opt_out"]["duty"],
    )


def forbidden_questions(country: str) -> dict[str, str]:
    """
    Give the articles that forbid asking about something, by topic (``forms.topics``).

    For a country without a pack, those of all countries.
    """
    known = countries()
    found: dict[str, str] = {}
    for code in (country,) if country in known else known:
        found |= document(code).get("forbidden_questions", {})
    return found


def cash_barred(country: str, *, by_agency: bool) -> str:
    """
    Give the article that keeps cash from being taken at the door; empty where nothing does.

    For a country without a pack nobody may: nothing is known of it.

    Args:
        by_agency: Somebody else collects for the creditor.
    """
    if country not in countries():
        return "unknown country"
    rule = document(country).get("cash", {})
    return str(rule["article"]) if by_agency and rule.get("agency_barred") else ""


def _rule(group: dict[str, Any], layer: Layer) -> ChannelRule:
    body = group[layer]
    return ChannelRule(
        allowed=body["allowed"],
        hours=ALWAYS if body["windows"] is None else _hours(body["windows"]),
        article=group["article"],
        confidence=group["confidence"],
        sources=tuple(group["sources"]),
        note=group["note"],
        exception_products=tuple(group.get("exception", {}).get("products", ())),
    )


def _hours(raw: dict[str, Any]) -> Hours:
    return Hours(
        mon_fri=_windows(raw["mon_fri"]),
        sat=_windows(raw["sat"]),
        sun=_windows(raw["sun"]),
        holiday=None if raw["holiday"] == "same_as_weekday" else _windows(raw["holiday"]),
    )


def _windows(raw: list[list[str]]) -> tuple[Window, ...]:
    return tuple((time.fromisoformat(start), _end(end)) for start, end in raw)


def _end(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


def _cap(raw: dict[str, Any], layer: Layer) -> Cap | None:
    period = raw[f"period_{layer}"]
    if period is None:
        return None
    return Cap(
        cap_id=raw["id"],
        kind=CapKind(raw["kind"]),
        channels=frozenset(Channel(channel) for channel in raw["channels"]),
        max=raw["max"] or 0,
        period=period,
        two_way_only=raw[f"counts_{layer}"] == "two_way_contacts",
        reason_code=raw["reason_code"],
        article=raw["article"],
    )
