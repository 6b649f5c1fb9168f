"""Where an invented agent is, second by second: along streets, from door to door. Pure."""

import math
from collections import deque
from collections.abc import Sequence
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
    """``door``: what is to be visited there; empty on the way."""

    lat: float
    lng: float
    door: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """
    What the phone would say.

    Args:
        door: The door he stands at; empty on the way.
    """

    lat: float
    lng: float
    accuracy_m: float
    speed_ms: float
    heading: float
    door: str

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
        doors: Places to visit; without any, some house of each street.
    """

    def __init__(self, seed: int, country: str = "MX", doors: Sequence[Place] = ()) -> None:
        self._chance = Random(seed)  # noqa: S311 (a demo)
        self._streets = streets(country)
        first = self._chance.choice(self._streets)
        self._street = first
        part = self._chance.random()
        self._lat = first.lat1 + (first.lat2 - first.lat1) * part
        self._lng = first.lng1 + (first.lng2 - first.lng1) * part
        self._ahead: deque[Place] = deque()
        self._stays_s = 0.0
        self._door = ""
        self._doors = list(doors)
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
            self._door = ""
            left_s = self._go(left_s)
        return Seen(
            lat=self._lat + self._chance.gauss(0, ERROR_M / 2) / METRES_PER_DEGREE,
            lng=self._lng + self._chance.gauss(0, ERROR_M / 2) / METRES_PER_DEGREE,
            accuracy_m=round(self._chance.uniform(4, 25), 1),
            speed_ms=round(self._speed_ms, 1),
            heading=round(self._heading, 0),
            door=self._door,
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
        if to.door:
            self._stays_s = self._chance.uniform(*STAYS_S)
            self._door = to.door
            self._speed_ms = 0.0
        return seconds - needs_s

    def _plan(self) -> None:
        """Choose what is near: into its street at the nearer end, to the door, out at the other."""
        if self._doors:
            self._doors.sort(key=self._distance)
            goal = self._doors.pop(self._chance.randrange(min(NEAREST, len(self._doors))))
            street = min(self._streets, key=lambda one: _off(one, goal))
        else:
            others = [one for one in self._streets if one is not self._street]
            others.sort(key=self._away)
            street = self._chance.choice(others[:NEAREST])
            low, high = sorted((street.first_number, street.last_number))
            house = door(street, self._chance.randint(low, high))
            goal = Place(house.lat, house.lng, door="?")
        self._street = street
        ends = [Place(street.lat1, street.lng1), Place(street.lat2, street.lng2)]
        if self._distance(ends[1]) < self._distance(ends[0]):
            ends.reverse()
        self._ahead += [ends[0], goal, ends[1]]

    def _away(self, street: Street) -> float:
        return min(
            self._distance(Place(street.lat1, street.lng1)),
            self._distance(Place(street.lat2, street.lng2)),
        )

    def _distance(self, place: Place) -> float:
        shrink = math.cos(math.radians(self._lat))
        return math.hypot(place.lat - self._lat, (place.lng - self._lng) * shrink)


def _off(street: Street, place: Place) -> float:
    """How far a place is from a street, as the way by it is longer than the street itself."""
    return (
        math.hypot(place.lat - street.lat1, place.lng - street.lng1)
        + math.hypot(place.lat - street.lat2, place.lng - street.lng2)
        - math.hypot(street.lat2 - street.lat1, street.lng2 - street.lng1)
    )
