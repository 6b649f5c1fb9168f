"""
Was the agent at the door: distance, accuracy, age of the fix and stay, against the address.

``verified``: the fix itself is within the radius, good, fresh, and the stay long enough.
``outside``: even with its whole error the fix is beyond the radius. ``unsure``: anything else; it
is recorded like the others, and a person looks at it. Nothing is blocked: a wrong address is a
finding too.
"""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.case import PointQuality
from chalicelib.geo.distance import metres_between
from chalicelib.geo.point import Point

# A verdict's radius follows how well the point stands for the door.
RADIUS_M = {PointQuality.ROOFTOP: 100.0, PointQuality.STREET: 200.0, PointQuality.TOWN: 1000.0}
ACCURACY_MAX_M = 100.0
AGE_MAX_S = 30.0
STAY_S = 120.0
STAY_WITH_SOMEBODY_S = 180.0


class Verdict(StrEnum):
    VERIFIED = "verified"
    UNSURE = "unsure"
    OUTSIDE = "outside"


class Reason(StrEnum):
    """Why a verdict is not ``verified``."""

    FAR = "far"
    MAYBE_INSIDE = "maybe_inside"
    POOR_ACCURACY = "poor_accuracy"
    OLD_FIX = "old_fix"
    SHORT_STAY = "short_stay"
    ROUGH_POINT = "rough_point"
    NO_POINT = "no_point"
    NO_FIX = "no_fix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """
    What the phone says of being there.

    Args:
        accuracy_m: Radius in which the fix lies at 68 %, as phones give it.
        age_s: Time between the fix and the report.
        stay_s: Time within the radius, until the report; None where nothing tells.
        somebody_met: Then a visit takes longer.
    """

    point: Point
    accuracy_m: float
    age_s: float
    stay_s: float | None
    somebody_met: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """
    Args:
        distance_m: From the fix to the address; None without a point.
    """

    verdict: Verdict
    distance_m: float | None
    radius_m: float
    reasons: tuple[Reason, ...]


def judge(
    arrival: Arrival,
    target: Point | None,
    quality: PointQuality,
    *,
    radius_m: float | None = None,
) -> Judged:
    """
    Judge an arrival at an address.

    Args:
        target: None = the address has no point yet.
        radius_m: Of the portfolio, or learned (``learned.Proposal``); None = by *quality*.
    """
    if target is None or quality is PointQuality.NONE:
        return Judged(
            verdict=Verdict.UNSURE, distance_m=None, radius_m=0.0, reasons=(Reason.NO_POINT,)
        )
    radius = RADIUS_M[quality] if radius_m is None else radius_m
    distance = metres_between(arrival.point, target)
    if distance - arrival.accuracy_m > radius:
        return Judged(
            verdict=Verdict.OUTSIDE, distance_m=distance, radius_m=radius, reasons=(Reason.FAR,)
        )
    reasons = tuple(
        reason for reason, holds in _doubts(arrival, distance, radius, quality) if holds
    )
    verdict = Verdict.UNSURE if reasons else Verdict.VERIFIED
    return Judged(verdict=verdict, distance_m=distance, radius_m=radius, reasons=reasons)


def _doubts(
    arrival: Arrival, distance: float, radius: float, quality: PointQuality
) -> tuple[tuple[Reason, bool], ...]:
    wanted = STAY_WITH_SOMEBODY_S if arrival.somebody_met else STAY_S
    return (
        (Reason.MAYBE_INSIDE, distance > radius),
        (Reason.POOR_ACCURACY, arrival.accuracy_m > ACCURACY_MAX_M),
        (Reason.OLD_FIX, arrival.age_s > AGE_MAX_S),
        (Reason.SHORT_STAY, arrival.stay_s is None or arrival.stay_s < wanted),
        (Reason.ROUGH_POINT, quality is PointQuality.TOWN),
    )
