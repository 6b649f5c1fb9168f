"""How somebody works in the field: hours, where the day begins and ends, how much, what skills."""

import re
from dataclasses import dataclass
from datetime import date

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MOST_VISITS = 60
MOST_SKILLS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentProfile:
    """
    Args:
        weekdays: On which he works, Monday = 0.
        opens, closes: His hours, ``HH:MM`` of the portfolio's clock, ways included.
        start, end: Where the day begins and ends, (lat, lng); no *end* = where it began,
            no *start* = at the first visit.
        visits_max: Visits a day.
        visit_minutes: How long one takes him.
        skills: What he can that a visit may want, such as a language or a kind of debt.
        portfolios: Of his own, those he visits for; empty = all of them.
        version: 0 = never said: these are the defaults.
    """

    person_id: str
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    opens: str = "09:00"
    closes: str = "18:00"
    start: tuple[float, float] | None = None
    end: tuple[float, float] | None = None
    visits_max: int = 25
    visit_minutes: int = 10
    skills: tuple[str, ...] = ()
    portfolios: tuple[str, ...] = ()
    state: str = "live"
    version: int = 0

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays

    @property
    def opens_s(self) -> int:
        """Seconds after midnight."""
        return _seconds(self.opens)

    @property
    def closes_s(self) -> int:
        return _seconds(self.closes)


def faults(profile: AgentProfile) -> list[tuple[str, str]]:
    """
    Say what makes no sense of a profile, by field and reason.

    >>> faults(AgentProfile(person_id="p", opens="18:00", closes="09:00"))
    [('closes', 'too_small')]
    """
    found = [
        (name, "bad_format")
        for name in ("opens", "closes")
        if not CLOCK.fullmatch(getattr(profile, name))
    ]
    if not found and profile.closes_s <= profile.opens_s:
        found.append(("closes", "too_small"))
    if len(set(profile.weekdays)) != len(profile.weekdays):
        found.append(("weekdays", "repeated"))
    if any(day not in range(7) for day in profile.weekdays):
        found.append(("weekdays", "out_of_range"))
    for name in ("start", "end"):
        point = getattr(profile, name)
        if point and not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
            found.append((name, "out_of_range"))
    if not 1 <= profile.visits_max <= MOST_VISITS:
        found.append(("visits_max", "out_of_range"))
    if not 1 <= profile.visit_minutes <= 240:
        found.append(("visit_minutes", "out_of_range"))
    if len(profile.skills) > MOST_SKILLS or any(not 0 < len(s) <= 40 for s in profile.skills):
        found.append(("skills", "out_of_range"))
    return found


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60
