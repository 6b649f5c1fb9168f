"""What an admin adds to the law for one portfolio: only ever tighter."""

from dataclasses import dataclass, field
from datetime import date, time

from chalicelib.compliance.packs import Cap, Window
from chalicelib.domain.contact import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Tightening:
    """
    Extra limits on top of a pack. By its form it cannot loosen: days are only closed, hours are
    only cut, caps are only added.

    Args:
        closed_days: Local dates without any contact.
        opens_at, closes_at: Local clock between which contact may happen at all.
        caps: Further caps, each checked beside the law's.
    """

    closed_days: frozenset[date] = field(default_factory=frozenset)
    closed_channels: frozenset[Channel] = field(default_factory=frozenset)
    opens_at: time = time.min
    closes_at: time = time.max
    caps: tuple[Cap, ...] = ()

    def narrowed(self, windows: tuple[Window, ...]) -> tuple[Window, ...]:
        """
        Cut *windows* to the own hours.

        >>> Tightening(opens_at=time(9), closes_at=time(18)).narrowed(((time(7), time(22)),))
        ((datetime.time(9, 0), datetime.time(18, 0)),)
        """
        cut = ((max(s, self.opens_at), min(e, self.closes_at)) for s, e in windows)
        return tuple((start, end) for start, end in cut if start < end)
