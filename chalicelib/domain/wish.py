"""When a debtor wants to be contacted: within what the law allows, never beyond it."""

from dataclasses import dataclass
from enum import StrEnum


class DayKind(StrEnum):
    """Days as laws count them."""

    MON_FRI = "mon_fri"
    SAT = "sat"
    SUN = "sun"

    @classmethod
    def of(cls, weekday: int) -> "DayKind":
        """
        Give the kind of a day, 0 = Monday to 6 = Sunday.

        >>> DayKind.of(4).value, DayKind.of(5).value, DayKind.of(6).value
        ('mon_fri', 'sat', 'sun')
        """
        return {5: cls.SAT, 6: cls.SUN}.get(weekday, cls.MON_FRI)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactWish:
    """
    Hours and days a debtor asked for. By its form it cannot open an hour: it only cuts.

    Args:
        opens_at, closes_at: The debtor's local clock, ``HH:MM``; empty leaves what the law allows.
        not_on: Days without contact.
    """

    opens_at: str = ""
    closes_at: str = ""
    not_on: tuple[DayKind, ...] = ()

    @property
    def anything(self) -> bool:
        return bool(self.opens_at or self.closes_at or self.not_on)
