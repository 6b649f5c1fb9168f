"""What the server makes of a visit's report: its own verdict, and how far to trust it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.days import local_day
from chalicelib.domain.ids import derived_id
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.visit import (
    Fix,
    Judgement,
    Mark,
    Report,
    Sign,
    Trusted,
)
from chalicelib.geo.motion import Timed
from chalicelib.geo.point import Point
from chalicelib.visits import trust
from chalicelib.visits.radius import radius_of
from chalicelib.visits.trust import Ping
from chalicelib.visits.verdict import Arrival, Reason, Verdict, judge

# What of the trail is read around a visit.
TRAIL_BEFORE = timedelta(hours=1)
TRAIL_AFTER = timedelta(minutes=5)


class Trails(Protocol):
    """Where an agent's phone was."""

    def around(self, person_id: str, since: datetime, until: datetime) -> Sequence[Ping]:
        """Give a person's points between two moments."""
        ...


class Marks(Protocol):
    """What earlier visits left to be found by (``visit.Mark``)."""

    def marked(self, family: str, value: str, *, most: int = 10) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """
    When a visit was, by the server's clock.

    Args:
        offset: The phone's clock less the server's, as it was measured.
        ahead: How far the visit's end lay in the future when its report came.
    """

    started_at: datetime
    ended_at: datetime
    offset: timedelta
    ahead: timedelta

    def of(self, at: datetime) -> datetime:
        """Put an instant of the phone right."""
        return at - self.offset


def moment_of(report: Report, received_at: datetime) -> Moment:
    """Say when a visit was; it never ended after its report was here."""
    offset = timedelta(milliseconds=report.clock_offset_ms)
    said = report.finished_at - offset
    ended_at = min(said, received_at)
    return Moment(
        started_at=min(report.started_at - offset, ended_at),
        ended_at=ended_at,
        offset=offset,
        ahead=said - ended_at,
    )


def best_fix(report: Report) -> Fix | None:
    """The most accurate position of the visit; the earlier one of two alike."""
    return min(report.fixes, key=lambda fix: fix.accuracy_m, default=None)


def judged(
    report: Report,
    address: Address | None,
    portfolio: Portfolio,
    moment: Moment,
    trail: Sequence[Ping],
) -> Judgement:
    """
    Judge anew, from what was measured, whether it was at the address.

    The stay is measured on the trail and the visit's own fixes, not taken from the phone.
    """
    fix = best_fix(report)
    if fix is None:
        return Judgement(verdict=Verdict.UNSURE.value, reasons=(Reason.NO_FIX.value,))
    target, quality = _target(address)
    radius = radius_of(address, portfolio)
    stay: float | None = None
    if target is not None:
        own = [_ping(one, moment) for one in report.fixes]
        seen = [one for one in (*own, *trail) if one.accuracy_m <= trust.ACCURACY_MAX_M]
        timed = sorted((Timed(one.at, one.point) for one in seen), key=lambda one: one.at)
        stay = trust.stay_s(timed, target, radius, moment.ended_at)
    met = report.met is not None and report.met.who != "nobody"
    arrival = Arrival(
        point=Point(fix.lat, fix.lng),
        accuracy_m=fix.accuracy_m,
        age_s=max(0.0, (report.started_at - fix.at).total_seconds()),
        stay_s=stay,
        somebody_met=met,
    )
    found = judge(arrival, target, quality, radius_m=radius)
    return Judgement(
        verdict=found.verdict.value,
        distance_m=None if found.distance_m is None else round(found.distance_m, 1),
        radius_m=round(found.radius_m, 1),
        reasons=tuple(reason.value for reason in found.reasons),
    )


def trusted(
    visit_id: str,
    person_id: str,
    report: Report,
    *,
    portfolio: Portfolio,
    moment: Moment,
    trail: Sequence[Ping],
    received_at: datetime,
    tracked: bool,
    marks: Marks,
) -> Trusted:
    """Weigh what speaks against a report; without a fix there is little to weigh."""
    fix = best_fix(report)
    here = marks_of(visit_id, person_id, report, portfolio, moment)
    seen = {
        mark.family: marks.marked(mark.family, mark.value) | {mark.of}
        for mark in here
        if mark.family in ("spot", "device")
    }
    reused = any(
        marks.marked("photo", mark.value, most=2) - {visit_id}
        for mark in here
        if mark.family == "photo"
    )
    weighed = trust.score(
        trust.Report(
            at=moment.of(fix.at) if fix else moment.ended_at,
            received_at=received_at,
            point=Point(fix.lat, fix.lng) if fix else Point(0.0, 0.0),
            accuracy_m=fix.accuracy_m if fix else 0.0,
            clock_skew=max(moment.offset, moment.ahead, key=abs),
            mock=any(one.mock for one in report.fixes),
            doors_at_spot=len(seen.get("spot", ())),
            photo_seen=reused,
            people_on_device=len(seen.get("device", ())),
            trail=trail if fix else (),
            tracked=tracked,
        )
    )
    return Trusted(
        score=weighed.score,
        signs=tuple(
            Sign(sign=one.sign.value, weight=one.weight, figure=one.figure)
            for one in weighed.against
        ),
    )


def marks_of(
    visit_id: str, person_id: str, report: Report, portfolio: Portfolio, moment: Moment
) -> tuple[Mark, ...]:
    """What this visit leaves for later ones to be held against."""
    day = local_day(moment.ended_at, portfolio.time_zone).isoformat()
    device = Mark(family="device", value=f"{report.device_id}#{day}", of=person_id)
    return tuple(dict.fromkeys((device, *places_of(visit_id, report))))


def places_of(visit_id: str, report: Report) -> Iterator[Mark]:
    """Give those of its marks that tell of its place and its pictures."""
    fix = best_fix(report)
    if fix is not None:
        door = report.address_id or derived_id("adr", report.case_id)
        yield Mark(family="spot", value=f"{fix.lat:.5f},{fix.lng:.5f}", of=door)
    for one in report.photos:
        yield Mark(family="photo", value=one.sha256, of=visit_id)


def _target(address: Address | None) -> tuple[Point | None, PointQuality]:
    if address is None or address.lat is None or address.lng is None:
        return None, PointQuality.NONE
    return Point(address.lat, address.lng), address.quality


def _ping(fix: Fix, moment: Moment) -> Ping:
    return Ping(at=moment.of(fix.at), point=Point(fix.lat, fix.lng), accuracy_m=fix.accuracy_m)
