"""
Which hours are good to reach a debtor: by when he was reached himself, else people like him.

What a portfolio knows was made at night (``services.hours_made``); asking costs no query. Hours
are the debtor's own where one clock is known of him, else the portfolio's. Those of a zone were
counted by the portfolio's clock, and are read by it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from chalicelib.bi import places
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel
from chalicelib.domain.days import local_day
from chalicelib.domain.good_hours import BEST, Basis, GoodHours, Group
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.priority import Standing
from chalicelib.services import contacting
from chalicelib.services.best_hours import own_hours

# What a portfolio knows of its hours, by its id; None where nothing was made yet.
Known = Callable[[str], GoodHours | None]


def nothing_known(_: str) -> GoodHours | None:
    """What who keeps no hours says of every portfolio."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """
    What is known of one debtor's hours.

    Args:
        zone: Whose clock they are read by.
        own: Hours of the day, from and to before, where his own contacts tell.
        group: Else those of people like him.
    """

    basis: Basis
    zone: ZoneInfo
    own: tuple[int, int] | None = None
    group: Group | None = None

    def rating(self, at: datetime) -> int:
        """Give what a moment is worth, 0 to 10."""
        there = at.astimezone(self.zone)
        if self.own is not None:
            return BEST if self.own[0] <= there.hour < self.own[1] else 0
        return self.group.rating(there.isoweekday(), there.hour) if self.group else 0


def of_case(
    file: CaseFile,
    portfolio: Portfolio,
    channel: Channel,
    *,
    segment: str,
    known: GoodHours | None,
    now: datetime,
) -> Told | None:
    """
    Say which hours are good on a channel, and from whose contacts that is known.

    Args:
        segment: The case's, by its id; empty when it is in none.

    Returns:
        None where too little is known of anybody.
    """
    clock = _clock(file, portfolio, channel, now)
    own = own_hours(file, clock.key)
    if own is not None:
        return Told(basis=Basis.OWN, zone=clock, own=own)
    if known is None or known.stale(local_day(now, portfolio.time_zone)):
        return None
    zone = str(places.row(file, segment)["district"])
    found = known.of(channel.value, zone=zone, segment=segment)
    if found is None:
        return None
    basis, group = found
    read_by = clock if basis is Basis.PORTFOLIO else ZoneInfo(portfolio.time_zone)
    return Told(basis=basis, zone=read_by, group=group)


def of_day(told: Told | None, day: date, time_zone: str) -> str:
    """
    Write down a day's ratings by the hours of a zone's clock, as digits, A is 10.

    Returns:
        24 of them; empty where nothing is known, or no hour of the day is any better.
    """
    if told is None:
        return ""
    zone = ZoneInfo(time_zone)
    moments = (datetime.combine(day, time(hour), zone).astimezone(UTC) for hour in range(24))
    rated = [told.rating(at) for at in moments]
    return "".join(f"{one:X}" for one in rated) if any(rated) else ""


def at_this_hour(
    standing: Standing,
    file: CaseFile,
    portfolio: Portfolio,
    *,
    segment: str,
    known: GoodHours | None,
    now: datetime,
) -> Standing:
    """Say of a case also how good the hour is to reach its debtor, where that is known."""
    told = of_case(file, portfolio, Channel.CALL, segment=segment, known=known, now=now)
    if told is None:
        return standing
    return replace(standing, good_hour=10 * told.rating(now), hour_basis=told.basis.value)


def _clock(file: CaseFile, portfolio: Portfolio, channel: Channel, now: datetime) -> ZoneInfo:
    """The debtor's clock, where all places that he may be in show the same time now."""
    names = {
        name
        for reach in contacting.reaches(file, channel)
        for name in contacting.time_zones(file, portfolio, reach)
    }
    own = ZoneInfo(portfolio.time_zone)
    zones = [ZoneInfo(name) for name in sorted(names)]
    offsets = {now.astimezone(zone).utcoffset() for zone in zones}
    if len(offsets) != 1 or offsets == {now.astimezone(own).utcoffset()}:
        return own
    return zones[0]
