"""What an admin adds to the law for one portfolio, and a debtor for themself: only tighter."""

from dataclasses import dataclass, field
from datetime import date, time

from chalicelib.compliance.packs import Cap, Window
from chalicelib.domain.contact import Channel
from chalicelib.domain.wish import ContactWish, DayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Tightening:
    """
    Extra limits on top of a pack. By its form it cannot loosen: days are only closed, hours are
    only cut, caps are only added.

    Args:
        closed_days: Local dates without any contact.
        opens_at, closes_at: Local clock between which contact may happen at all.
        caps: Further caps, each checked beside the law's.
        wish: Hours and days the debtor asked for.
    """

    closed_days: frozenset[date] = field(default_factory=frozenset)
    closed_channels: frozenset[Channel] = field(default_factory=frozenset)
    opens_at: time = time.min
    closes_at: time = time.max
    caps: tuple[Cap, ...] = ()
    wish: ContactWish | None = None

    def narrowed(self, windows: tuple[Window, ...]) -> tuple[Window, ...]:
        """
        Cut *windows* to the own hours.

        >>> Tightening(opens_at=time(9), closes_at=time(18)).narrowed(((time(7), time(22)),))
        ((datetime.time(9, 0), datetime.time(18, 0)),)
        """
        cut = ((max(s, self.opens_at), min(e, self.closes_at)) for s, e in windows)
        return tuple((start, end) for start, end in cut if start < end)

    def wished(self, day: date, windows: tuple[Window, ...]) -> tuple[Window, ...]:
        """
        Cut the *windows* of a day to the hours the debtor asked for.

        >>> own = Tightening(wish=ContactWish(opens_at="10:00", not_on=(DayKind.SUN,)))
        >>> own.wished(date(2026, 11, 23), ((time(7), time(22)),))
        ((datetime.time(10, 0), datetime.time(22, 0)),)
        >>> own.wished(date(2026, 11, 22), ((time(7), time(22)),))
        ()
        """
        wish = self.wish
        if wish is None:
            return windows
        if DayKind.of(day.weekday()) in wish.not_on:
            return ()
        opens = time.fromisoformat(wish.opens_at) if wish.opens_at else time.min
        closes = time.fromisoformat(wish.closes_at) if wish.closes_at else time.max
        cut = ((max(s, opens), min(e, closes)) for s, e in windows)
        return tuple((start, end) for start, end in cut if start < end)
