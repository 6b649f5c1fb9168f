"""
The cases that both languages judge: here, and on the phone by ``core/visits/verdict.js``.

    python -m tests.unit.visits.cases      write cases/verdict.json anew
"""

import json
import random
from pathlib import Path
from typing import Any

from chalicelib.domain.case import PointQuality
from chalicelib.geo.point import Point
from chalicelib.visits.verdict import Arrival, judge

FILE = Path(__file__).parent / "cases" / "verdict.json"
A_METRE = 1 / 111_195.1  # of latitude, in degrees
INVENTED = 200


def cases() -> list[dict[str, Any]]:
    """Doors all over Latin America, and arrivals from on the spot to the next town."""
    chance = random.Random(20261122)  # noqa: S311 - the same cases every time
    return [judged(_invent(chance)) for _ in range(INVENTED)]


def _invent(chance: random.Random) -> dict[str, Any]:
    door = (round(chance.uniform(-54, 32), 6), round(chance.uniform(-117, -35), 6))
    reach = chance.choice((5, 60, 100, 200, 1000, 3000)) * chance.random() * A_METRE
    place = (door[0] + reach * chance.choice((-1, 1)), door[1] + reach * chance.choice((-1, 0, 1)))
    return {
        "target": chance.choice(({"lat": door[0], "lng": door[1]},) * 9 + (None,)),
        "point": {"lat": round(place[0], 7), "lng": round(place[1], 7)},
        "accuracy_m": round(chance.choice((5, 20, 100, 400)) * (0.5 + chance.random()), 1),
        "age_s": chance.choice((0, 3.5, 30, 30.1, 900)),
        "stay_s": chance.choice((None, 0, 119, 120, 179, 180, 2400)),
        "somebody_met": chance.random() < 0.5,
        "quality": chance.choice(("rooftop", "rooftop", "street", "town", "none")),
        "radius_m": chance.choice((None, None, None, 50, 150)),
    }


def judged(case: dict[str, Any]) -> dict[str, Any]:
    """The case with what Python makes of it."""
    target = case["target"]
    arrival = Arrival(
        point=Point(**case["point"]),
        accuracy_m=case["accuracy_m"],
        age_s=case["age_s"],
        stay_s=case["stay_s"],
        somebody_met=case["somebody_met"],
    )
    found = judge(
        arrival,
        None if target is None else Point(**target),
        PointQuality(case["quality"]),
        radius_m=case["radius_m"],
    )
    verdict = {
        "verdict": found.verdict.value,
        "distance_m": found.distance_m,
        "radius_m": found.radius_m,
        "reasons": [reason.value for reason in found.reasons],
    }
    return case | {"judged": verdict}


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    lines = ",\n ".join(json.dumps(case, sort_keys=True) for case in cases())
    FILE.write_text(f"[\n {lines}\n]\n")
