"""Where an invented agent is, second by second: along streets, from door to door. Pure."""

import math
from collections import deque
from dataclasses import dataclass
from random import Random

from local.generator.streets import METRES_PER_DEGREE, Street, door, streets

WALKING_MS = 1.3
RIDING_MS = 6.5
# From so far away on one takes the motorbike.
RIDES_FROM_M = 350.0
STAYS_S = (120, 420)
NEAREST = 6
ERROR_M = 4.0


@dataclass(frozen=True, slots=True)
class Place:
    lat: float
    lng: float
    is_door: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """
    What the phone would say.

    Args:
        at_door: He stands at a debtor's door.
    """

    lat: float
    lng: float
    accuracy_m: float
    speed_ms: float
    heading: float
    at_door: bool

    @property
    def activity(self) -> str:
        if self.speed_ms < 0.5:
            return "still"
        return "walking" if self.speed_ms < 3 else "in_vehicle"


class Walker:
    """
    One agent's way.

    Args:
        seed: The same seed takes the same way.
        country: Whose streets.
    """

    def __init__(self, seed: int, country: str = "MX") -> None:
        self._chance = Random(seed)  # noqa: S311 (a demo)
        self._streets = streets(country)
        first = self._chance.choice(self._streets)
        self._street = first
        part = self._chance.random()
        self._lat = first.lat1 + (first.lat2 - first.lat1) * part
        self._lng = first.lng1 + (first.lng2 - first.lng1) * part
        self._ahead: deque[Place] = deque()
        self._stays_s = 0.0
        self._at_door = False
        self._speed_ms = 0.0
        self._heading = 0.0

    def after(self, seconds: float) -> Seen:
        """Let time go by, and look where he is."""
        left_s = seconds
        self._speed_ms = 0.0
        while left_s > 0:
            if self._stays_s > 0:
                stayed_s = min(self._stays_s, left_s)
                self._stays_s -= stayed_s
                left_s -= stayed_s
                continue
            self._at_door = False
            left_s = self._go(left_s)
        return Seen(
            lat=self._lat + self._chance.gauss(0, ERROR_M / 2) / METRES_PER_DEGREE,
            lng=self._lng + self._chance.gauss(0, ERROR_M / 2) / METRES_PER_DEGREE,
            accuracy_m=round(self._chance.uniform(4, 25), 1),
            speed_ms=round(self._speed_ms, 1),
            heading=round(self._heading, 0),
            at_door=self._at_door,
        )

    def _go(self, seconds: float) -> float:
        """Go towards the next place for so long; gives the time that was left over."""
        if not self._ahead:
            self._plan()
        to = self._ahead[0]
        north = (to.lat - self._lat) * METRES_PER_DEGREE
        shrink = math.cos(math.radians(self._lat))
        east = (to.lng - self._lng) * METRES_PER_DEGREE * shrink
        way_m = math.hypot(north, east)
        self._speed_ms = RIDING_MS if way_m > RIDES_FROM_M else WALKING_MS
        self._heading = math.degrees(math.atan2(east, north)) % 360
        needs_s = way_m / self._speed_ms
        if needs_s > seconds:
            self._lat += (to.lat - self._lat) * seconds / needs_s
            self._lng += (to.lng - self._lng) * seconds / needs_s
            return 0.0
        self._lat, self._lng = to.lat, to.lng
        self._ahead.popleft()
        if to.is_door:
            self._stays_s = self._chance.uniform(*STAYS_S)
            self._at_door = True
            self._speed_ms = 0.0
        return seconds - needs_s

    def _plan(self) -> None:
        """Take one of the nearest streets: in at its nearer end, to a door, out at the other."""
        others = [one for one in self._streets if one is not self._street]
        others.sort(key=self._away)
        street = self._street = self._chance.choice(others[:NEAREST])
        ends = [Place(street.lat1, street.lng1), Place(street.lat2, street.lng2)]
        if self._distance(ends[1]) < self._distance(ends[0]):
            ends.reverse()
        low, high = sorted((street.first_number, street.last_number))
        house = door(street, self._chance.randint(low, high))
        self._ahead += [ends[0], Place(house.lat, house.lng, is_door=True), ends[1]]

    def _away(self, street: Street) -> float:
        return min(
            self._distance(Place(street.lat1, street.lng1)),
            self._distance(Place(street.lat2, street.lng2)),
        )

    def _distance(self, place: Place) -> float:
        shrink = math.cos(math.radians(self._lat))
        return math.hypot(place.lat - self._lat, (place.lng - self._lng) * shrink)
