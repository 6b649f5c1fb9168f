"""
Reading a file of contact cases: who, when, on which channel, and what is expected.

The columns are those of the research's ``cases.csv``: ``country, region, channel, recipient,
local_datetime, debtor_tz, prior_contacts, context, expected, reason_code``. Prior contacts are
``channel[:outcome]@local time`` joined by semicolons; the context is ``key=value`` joined alike.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.compliance import packs
from chalicelib.compliance.decision import Attempt, Question
from chalicelib.domain.contact import Channel

YES = frozenset({"yes", "true", "1", "si", "sí", "sim"})
NO = frozenset({"no", "false", "0", "nao", "não"})
ATTORNEY_KEYS = ("attorney", "has_attorney", "represented_by_attorney", "represented", "lawyer")
KNOWN_KEYS = frozenset(
    {
        *ATTORNEY_KEYS,
        "channel_authorized",
        "channel_authorised",
        "visit_authorized",
        "visit_authorised",
        "opt_out",
        "cease_request",
        "hidden_caller_id",
        "place",
        "employer_forbids",
        "product",
        "creditor",
        "hold",
    }
)


class BadCase(ValueError):
    """A column holds what cannot be read; the message names the column and the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    case_id: str
    question: Question
    expected_allowed: bool
    expected_reason: str


def read(row: dict[str, str]) -> Case:
    """
    Turn one row into a question and the expected answer.

    A case that does not speak of authorisation is about a debtor who gave it: files of this kind
    name only what matters to them.

    Raises:
        BadCase: A column is missing or not understood.
    """
    cells = {key: (value or "").strip() for key, value in row.items() if key}
    zone = _zone(cells)
    context = _context(cells.get("context", ""))
    channel = _channel(cells.get("channel", ""))
    authorised = _flag(context, "channel_authorized", "channel_authorised")
    expected = cells.get("expected", "").casefold()
    if expected not in {"allow", "deny"}:
        raise BadCase(f"expected: {expected!r} is neither allow nor deny")
    return Case(
        case_id=cells.get("case_id", ""),
        expected_allowed=expected == "allow",
        expected_reason=cells.get("reason_code", ""),
        question=Question(
            country=cells.get("country", "").upper(),
            subdivision=cells.get("region", "").upper(),
            regime=context.get("creditor", ""),
            channel=channel,
            moment=_moment("local_datetime", cells.get("local_datetime", ""), zone),
            time_zones=(zone.key,),
            recipient=cells.get("recipient", "") or "debtor",
            history=_history(cells.get("prior_contacts", ""), zone),
            authorised_channels=frozenset() if authorised is False else frozenset(Channel),
            visit_authorised=_flag(context, "visit_authorized", "visit_authorised") is True,
            opted_out=_opted_out(context.get("opt_out", "")),
            cease_requested=_flag(context, "cease_request") is True,
            has_attorney=_flag(context, *ATTORNEY_KEYS) is True,
            on_hold=_flag(context, "hold") is True,
            hidden_caller_id=_flag(context, "hidden_caller_id") is True,
            at_workplace=context.get("place", "") in {"workplace", "work"},
            employer_forbids=_flag(context, "employer_forbids"),
            product=context.get("product", ""),
        ),
    )


def _zone(cells: dict[str, str]) -> ZoneInfo:
    name: str | None = cells.get("debtor_tz", "")
    if not name:
        try:
            name = packs.load(cells.get("country", "").upper()).default_time_zone
        except packs.UnknownPack:
            name = None
    if not name:
        raise BadCase("debtor_tz: missing, and no zone stands for the country")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError) as error:
        raise BadCase(f"debtor_tz: {name!r} is not a time zone") from error


def _moment(column: str, text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadCase(f"{column}: {text!r} is not a date and time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _channel(text: str) -> Channel:
    try:
        return Channel(text.casefold())
    except ValueError as error:
        raise BadCase(f"channel: {text!r} is not one of {', '.join(Channel)}") from error


def _history(text: str, zone: ZoneInfo) -> tuple[Attempt, ...]:
    attempts = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        what, _, when = part.partition("@")
        channel, _, outcome = what.partition(":")
        moment = _moment("prior_contacts", when, zone)
        attempts.append(Attempt(channel=_channel(channel), at=moment, outcome=outcome))
    return tuple(attempts)


def _context(text: str) -> dict[str, str]:
    pairs = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        key, _, value = part.partition("=")
        if key.casefold() not in KNOWN_KEYS:
            raise BadCase(f"context: {key!r} is not understood")
        pairs[key.casefold()] = value.strip()
    return pairs


def _flag(context: dict[str, str], *keys: str) -> bool | None:
    value = next((context[key] for key in keys if key in context), "").casefold()
    if value and value not in YES | NO:
        raise BadCase(f"context: {keys[0]} is neither yes nor no")
    return None if not value else value in YES


def _opted_out(text: str) -> frozenset[Channel]:
    if text.casefold() in YES | {"all"}:
        return frozenset(Channel)
    names = [name for name in text.replace("|", ",").split(",") if name and name not in NO]
    return frozenset(_channel(name.strip()) for name in names)
