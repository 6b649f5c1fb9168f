"""Where an address is, as far as anybody can say."""

from dataclasses import dataclass

from chalicelib.domain.case import PointQuality
from chalicelib.geo.point import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A point found for an address, and how well it stands for the door."""

    point: Point
    quality: PointQuality
