"""
What a rule pack must look like; a malformed one is refused before it ships.

Used by tests and by whoever edits a pack, never on a request: pydantic takes a tenth of a
second to import.
"""

from collections.abc import Sequence
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chalicelib.compliance.packs import CapKind
from chalicelib.domain.contact import Channel

Confidence = Literal["high", "medium", "low"]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Text = Annotated[str, Field(min_length=1)]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        raise ValueError(f"{name} is not a time zone") from error
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Windows(Part):
    mon_fri: list[tuple[Clock, Clock]]
    sat: list[tuple[Clock, Clock]]
    sun: list[tuple[Clock, Clock]]
    holiday: list[tuple[Clock, Clock]] | Literal["same_as_weekday"]

    @model_validator(mode="after")
    def _in_order(self) -> "Windows":
        for windows in (self.mon_fri, self.sat, self.sun, self.holiday):
            if isinstance(windows, str):
                continue
            flat = [clock for window in windows for clock in window]
            if any(a >= b for a, b in pairwise(flat)):
                raise ValueError("windows must be in order and must not touch or overlap")
        return self

    def open_at(self, day: str, clock: time) -> bool:
        """Say whether *day* (``mon_fri``, ``sat``, ``sun``, ``holiday``) is open at *clock*."""
        windows = getattr(self, day)
        if windows == "same_as_weekday":
            windows = self.mon_fri
        text = clock.strftime("%H:%M")
        return any(start <= text < end for start, end in windows)


class LayerRule(Part):
    allowed: bool
    windows: Windows | None


class Exemption(Part):
    products: list[Text] = Field(min_length=1)
    needs_authorisation: Literal[True]


class Rule(Part):
    channels: list[Channel] = Field(min_length=1)
    law: LayerRule
    strict: LayerRule
    article: Text
    basis: Text
    confidence: Confidence
    sources: list[str]
    note: str
    exception: Exemption | None = None

    @model_validator(mode="after")
    def _strict_is_not_looser(self) -> "Rule":
        if self.strict.allowed and not self.law.allowed:
            raise ValueError("strict allows a channel that the law bans")
        if self.law.windows and self.strict.windows is None:
            raise ValueError("strict is open all day where the law has hours")
        if self.law.windows and self.strict.windows:
            # Half-hours show every window of every law in force.
            for half_hour in range(48):
                clock = time(half_hour // 2, 30 * (half_hour % 2))
                for day in ("mon_fri", "sat", "sun", "holiday"):
                    if self.strict.windows.open_at(day, clock) and not self.law.windows.open_at(
                        day, clock
                    ):
                        raise ValueError(f"strict is open at {clock} on {day}, the law is not")
        return self


class CapRule(Part):
    id: Text
    kind: CapKind
    channels: list[Channel] = Field(min_length=1)
    max: int | None
    period_law: Literal["local_day", "iso_week", "rolling_7d"] | int | None
    period_strict: Literal["local_day", "iso_week", "rolling_7d"] | int
    counts_law: Literal["attempts", "two_way_contacts"]
    counts_strict: Literal["attempts", "two_way_contacts"]
    reason_code: Text
    article: Text
    confidence: Confidence
    sources: list[str]
    note: str

    @model_validator(mode="after")
    def _complete(self) -> "CapRule":
        gap = self.kind in (CapKind.MIN_GAP_DAYS, CapKind.AFTER_CONVERSATION)
        if gap != isinstance(self.period_strict, int):
            raise ValueError("gaps count days; the other kinds name a period")
        if not gap and (self.max is None or self.max < 1):
            raise ValueError("max must be 1 or more")
        return self


class Subdivision(Part):
    name: Text
    confidence: Confidence
    rules: list[Rule]
    caps: list[CapRule]


class Regime(Part):
    name: Text
    rules: list[Rule]


class Holidays(Part):
    code: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    categories: list[Text] = Field(min_length=1)
    by_subdivision: bool
    note: str


class Recipients(Part):
    refused: dict[Text, Text]
    allowed: list[Text] = Field(min_length=1)
    article: Text
    confidence: Confidence
    sources: list[str]


class CashRule(Part):
    """``agency_barred``: an agency must not take the money itself; only the creditor may."""

    agency_barred: bool
    article: Text
    confidence: Confidence


class PackFile(Part):
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    version: Text
    valid_from: date
    name: Text
    status: Text
    confidence: Confidence
    scope: Text
    default_time_zone: Zone | None  # None = no zone stands for the country
    time_zones: list[Zone] = Field(min_length=1)
    holidays: Holidays
    rules: list[Rule]
    regimes: dict[str, Regime]
    subdivisions: dict[str, Subdivision]
    caps: list[CapRule]
    recipients: Recipients
    workplace: dict[str, Any]
    channel_authorisation: dict[str, Any]
    hidden_caller_id_forbidden: bool
    identification: dict[str, Any]
    opt_out: dict[str, Any]
    forbidden_questions: dict[Text, Text] = Field(default_factory=dict)  # topic: article
    cash: CashRule | None = None  # None = nothing was found that bars it
    other_bans: list[str]
    data_protection: dict[str, Any]
    penalties: dict[str, Any]
    two_channels_same_week: str
    frequency_note: str
    counting: dict[str, str]
    quotes: list[dict[str, Any]]
    open_points: list[str]

    @model_validator(mode="after")
    def _every_channel_once(self) -> "PackFile":
        named = [channel for rule in self.rules for channel in rule.channels]
        if sorted(named) != sorted(Channel):
            raise ValueError("every channel needs exactly one rule")
        if self.default_time_zone not in (None, *self.time_zones):
            raise ValueError("the default time zone must be one of the country's")
        return self


def check(document: dict[str, Any], *, sources: set[str]) -> PackFile:
    """
    Validate a pack.

    Args:
        sources: The ids that ``sources.json`` has; every source named must be one of them.

    Raises:
        ValueError: With the path of what is wrong.
    """
    pack = PackFile.model_validate(document)
    parts: list[Sequence[Rule | CapRule]] = [
        pack.rules,
        pack.caps,
        *(r.rules for r in pack.regimes.values()),
    ]
    for subdivision in pack.subdivisions.values():
        parts += [subdivision.rules, subdivision.caps]
    named = {source for part in parts for rule in part for source in rule.sources}
    unknown = (named | set(pack.recipients.sources)) - sources
    if unknown:
        raise ValueError(f"unknown sources: {', '.join(sorted(unknown))}")
    return pack
