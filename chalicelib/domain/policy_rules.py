"""What a portfolio must be to make sense, beyond the types of its fields."""

import re
from collections.abc import Iterator
from dataclasses import fields

from chalicelib.domain import defaults
from chalicelib.domain.agreement_policy import AgreementLimits
from chalicelib.domain.calls import faults as call_faults
from chalicelib.domain.commission import faults as commission_faults
from chalicelib.domain.errors import BadField
from chalicelib.domain.field import faults as field_faults
from chalicelib.domain.portfolio import (
    Band,
    Branding,
    Component,
    ContactLimits,
    OfficeDay,
    Policies,
    Portfolio,
)
from chalicelib.domain.priority import MOST_WEIGHT, Factor, QueuePolicy

MILLION = 1_000_000
MAX_ANNUAL_RATE_PPM = 10 * MILLION  # 1,000 % a year; higher is a slip of the decimal point
MAX_BANDS = 20
MAX_GRACE_DAYS = 365
MAX_RETENTION_YEARS = 30
GEOFENCE_RADIUS_M = (20, 2_000)  # below 20 m no phone is sure; above 2 km it proves nothing
MAX_MINOR = 10**15
BAND_CODE = re.compile(r"[^\s#/]{1,20}")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
CAP_PERIODS = ("local_day", "iso_week", "rolling_7d")
MAX_CLOSED_DAYS = 400
MAX_RULES = 30
# Where law forbids interest on interest, or allows it on facts that no ledger here holds; see
# docs/adr/0025-capitalising.md, which says of each country what was found.
NO_CAPITALISING = frozenset({"BR", "CO", "EC"})
COLOUR = re.compile(r"#[0-9a-f]{6}")


def check(portfolio: Portfolio) -> None:
    """
    Raises:
        BadField: The first thing that makes no sense, by dotted path.
    """
    for field, reason in _faults(portfolio):
        raise BadField(field=field, reason=reason)


def _faults(portfolio: Portfolio) -> Iterator[tuple[str, str]]:
    country = defaults.country(portfolio.country)
    if portfolio.currency not in country.currencies:
        yield "currency", "not_one_of"
    if portfolio.time_zone not in country.time_zones:
        yield "time_zone", "not_one_of"
    if portfolio.language not in ("es", "en", "pt"):
        yield "language", "not_one_of"
    yield from _branding_faults(portfolio.branding, portfolio.portfolio_id)
    yield from _policy_faults(portfolio.policies)
    if portfolio.country in NO_CAPITALISING:
        rules = portfolio.policies.agreement_rules
        if portfolio.policies.agreements.capitalise:
            yield "policies.agreements.capitalise", "not_offered"
        for index, rule in enumerate(rules):
            if rule.limits.capitalise:
                yield f"policies.agreement_rules.{index}.limits.capitalise", "not_offered"


def _branding_faults(branding: Branding, portfolio_id: str) -> Iterator[tuple[str, str]]:
    if not branding.display_name.strip():
        yield "branding.display_name", "missing"
    if not COLOUR.fullmatch(branding.colour):
        yield "branding.colour", "bad_format"
    if branding.logo_key is not None and not branding.logo_key.startswith(f"media/{portfolio_id}/"):
        yield "branding.logo_key", "not_one_of"


def _policy_faults(policies: Policies) -> Iterator[tuple[str, str]]:
    yield from _band_faults(policies.bands)
    yield from _contact_faults(policies.contact)
    yield from _office_faults(policies.office)
    for path, reason in field_faults(policies.field):
        yield f"policies.field.{path}", reason
    for path, reason in call_faults(policies.calls):
        yield f"policies.calls.{path}", reason
    for path, reason in commission_faults(policies.commission):
        yield f"policies.commission.{path}", reason
    if sorted(policies.allocation_order) != sorted(Component):
        yield "policies.allocation_order", "not_a_permutation"
    if policies.moratory.day_count not in (360, 365):
        yield "policies.moratory.day_count", "not_one_of"
    yield from _agreement_faults(policies)
    roles = policies.role_limits
    ranges = {
        "moratory.annual_rate_ppm": (policies.moratory.annual_rate_ppm, 0, MAX_ANNUAL_RATE_PPM),
        "moratory.grace_days": (policies.moratory.grace_days, 0, MAX_GRACE_DAYS),
        "moratory.cap_ppm": (policies.moratory.cap_ppm, 0, MAX_ANNUAL_RATE_PPM),
        "tolerance_minor": (policies.tolerance_minor, 0, MAX_MINOR),
        "geofence_radius_m": (policies.geofence_radius_m, *GEOFENCE_RADIUS_M),
        "promises.most_days": (policies.promises.most_days, 1, 90),
        "promises.broken_before_person": (policies.promises.broken_before_person, 1, 20),
        "promises.pause_days": (policies.promises.pause_days, 1, 30),
        "promises.most_together": (policies.promises.most_together, 1, 12),
        "promises.tolerance_days": (policies.promises.tolerance_days, 0, 10),
        "promises.kept_percent": (policies.promises.kept_percent, 50, 100),
        "promises.partial_percent": (
            policies.promises.partial_percent,
            1,
            policies.promises.kept_percent,
        ),
        "disputes.answer_days": (policies.disputes.answer_days, 1, 60),
        "role_limits.agent_payment_minor": (roles.agent_payment_minor, 0, MAX_MINOR),
        "role_limits.agent_adjustment_minor": (roles.agent_adjustment_minor, 0, MAX_MINOR),
        "charge_off.after_days": (policies.charge_off.after_days, 1, 3650),
        "role_limits.supervisor_adjustment_minor": (
            roles.supervisor_adjustment_minor,
            0,
            MAX_MINOR,
        ),
        "cash.hand_limit_minor": (policies.cash.hand_limit_minor, 0, MAX_MINOR),
        **{
            f"costs.{one.name}": (getattr(policies.costs, one.name), 0, MAX_MINOR)
            for one in fields(policies.costs)
        },
        "retention_years": (policies.retention_years, 1, MAX_RETENTION_YEARS),
        "queue.least_percent": (policies.queue.least_percent, 0, 50),
        "queue.hold_minutes": (policies.queue.hold_minutes, 5, 240),
        "queue.fill": (policies.queue.fill, 0, 5_000),
    }
    yield from _part_faults(policies.queue)
    for code, weight in policies.queue.weights.items():
        if code not in set(Factor):
            yield f"policies.queue.weights.{code}", "not_one_of"
        ranges[f"queue.weights.{code}"] = (weight, 0, MOST_WEIGHT)
    for field, (value, least, most) in ranges.items():
        if value is None:
            continue
        if value < least:
            yield f"policies.{field}", "too_small"
        if value > most:
            yield f"policies.{field}", "too_large"


def _part_faults(queue: QueuePolicy) -> Iterator[tuple[str, str]]:
    path = "policies.queue.segment_parts"
    if len(queue.segment_parts) > MAX_RULES:
        yield path, "too_long"
    if len({one.segment for one in queue.segment_parts}) < len(queue.segment_parts):
        yield path, "repeated"
    for index, one in enumerate(queue.segment_parts):
        if not 0 <= one.percent <= 100:
            yield f"{path}.{index}.percent", "too_small" if one.percent < 0 else "too_large"
    if sum(one.percent for one in queue.segment_parts) > 100:
        yield path, "over_hundred"


def _agreement_faults(policies: Policies) -> Iterator[tuple[str, str]]:
    yield from _limit_faults("policies.agreements", policies.agreements)
    codes = {band.code for band in policies.bands}
    if len(policies.agreement_rules) > MAX_RULES:
        yield "policies.agreement_rules", "too_long"
    for index, rule in enumerate(policies.agreement_rules):
        path = f"policies.agreement_rules.{index}"
        if not rule.name.strip():
            yield f"{path}.name", "missing"
        if set(rule.bands) - codes:
            yield f"{path}.bands", "not_one_of"
        least, most = rule.min_minor, rule.max_minor
        if least is not None and most is not None and most < least:
            yield f"{path}.max_minor", "too_small"
        yield from _limit_faults(f"{path}.limits", rule.limits)


def _limit_faults(path: str, limits: AgreementLimits) -> Iterator[tuple[str, str]]:
    if not limits.frequencies:
        yield f"{path}.frequencies", "missing"
    ranges = {
        "min_down_payment_ppm": (0, MILLION),
        "max_instalments": (1, 120),
        "max_discount_principal_ppm": (0, MILLION),
        "max_discount_interest_ppm": (0, MILLION),
        "max_discount_fees_ppm": (0, MILLION),
        "min_share_minor": (0, MAX_MINOR),
        "first_within_days": (1, 180),
        "valid_days": (1, 90),
        "missed": (1, 12),
        "grace_days": (0, 60),
        "extension_days": (0, 180),
        "restructures": (0, 10),
        "approval_hours": (1, 720),
    }
    for name, (least, most) in ranges.items():
        value = getattr(limits, name)
        if not least <= value <= most:
            yield f"{path}.{name}", "too_small" if value < least else "too_large"


def _contact_faults(limits: ContactLimits) -> Iterator[tuple[str, str]]:
    for name in ("opens_at", "closes_at"):
        if (clock := getattr(limits, name)) and not CLOCK.fullmatch(clock):
            yield f"policies.contact.{name}", "bad_format"
    if limits.opens_at and limits.closes_at and limits.opens_at >= limits.closes_at:
        yield "policies.contact.closes_at", "too_small"
    if len(limits.closed_days) > MAX_CLOSED_DAYS:
        yield "policies.contact.closed_days", "too_long"
    for index, cap in enumerate(limits.caps):
        if cap.period not in CAP_PERIODS:
            yield f"policies.contact.caps.{index}.period", "not_one_of"
        if cap.most < 1:
            yield f"policies.contact.caps.{index}.most", "too_small"
        if not cap.channels:
            yield f"policies.contact.caps.{index}.channels", "missing"


def _office_faults(office: tuple[OfficeDay, ...]) -> Iterator[tuple[str, str]]:
    """Somebody answers on some day of the week, and each day opens before it closes."""
    if not office:
        yield "policies.office", "missing"
    seen: set[int] = set()
    for index, day in enumerate(office):
        path = f"policies.office.{index}"
        if not 1 <= day.weekday <= 7:
            yield f"{path}.weekday", "not_one_of"
        if day.weekday in seen:
            yield f"{path}.weekday", "repeated"
        seen.add(day.weekday)
        for name in ("opens_at", "closes_at"):
            if not CLOCK.fullmatch(getattr(day, name)):
                yield f"{path}.{name}", "bad_format"
        if day.opens_at >= day.closes_at:
            yield f"{path}.closes_at", "too_small"


def _band_faults(bands: tuple[Band, ...]) -> Iterator[tuple[str, str]]:
    """Bands follow each other day by day; the last one is open-ended, so no debt falls out."""
    if not 1 <= len(bands) <= MAX_BANDS:
        yield "policies.bands", "too_short" if not bands else "too_long"
        return
    seen: set[str] = set()
    for index, band in enumerate(bands):
        path = f"policies.bands.{index}"
        if not BAND_CODE.fullmatch(band.code):
            yield f"{path}.code", "bad_format"
        if band.code in seen:
            yield f"{path}.code", "repeated"
        seen.add(band.code)
        if index:
            ends = bands[index - 1].to_dpd
            if ends is None or band.from_dpd != ends + 1:
                yield f"{path}.from_dpd", "not_contiguous"
        if band.to_dpd is not None and band.from_dpd is not None and band.to_dpd < band.from_dpd:
            yield f"{path}.to_dpd", "too_small"
    if bands[-1].to_dpd is not None:
        yield f"policies.bands.{len(bands) - 1}.to_dpd", "not_open_ended"
